/* The fields of the desk's form, and how they become an intake. */
#include "casework/desk_entry.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/form_fields.h"
#include "office/current.h"
#include "text/country.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

#define E(member_, type_, max_, flags_, label_) FIELD(struct entry, member_, type_, max_, flags_, label_)

static const char *const langs[] = { "az", "en", "ru", "ur", NULL };
static const char *const other_roles[] = { "affected", "representative", NULL };

static const struct field how_fields[] = {
	FIELD_OF(struct entry, case_class, profile_case_class, FIELD_REQUIRED, N_("Kind of case")),
	FIELD_OF(struct entry, channel, intake_channels, FIELD_REQUIRED, N_("How it came")),
	E(received_on, FIELD_DATE, 0, FIELD_REQUIRED, N_("Received on")),
	E(sent_on, FIELD_DATE, 0, 0, N_("Date on the letter")),
	FIELD_OF(struct entry, lang, langs, FIELD_REQUIRED, N_("Language of the answer")),
	FIELD_OF(struct entry, urgent, intake_urgencies, 0, N_("Urgent")),
};

/* Which fields of a person stand where; the order is the page's. */
static const char *const who_names[] = { "kind", "name", "father_name", "id_no", "passport_no", "phone", "email",
	"address", "answer_by", NULL };
static const char *const about_names[] = { "birth_date", "age_band", "sex", "nationality", "language", "disability",
	"detention", "groups_said", "group_child", "group_woman", "group_detainee", "group_disability", "group_older",
	"group_migrant", "group_refugee", "group_minority", "group_soldier", "group_defender", "group_poverty",
	"group_illness", NULL };
static const char *const other_names[] = { "role", "name", "phone", "address", "authority", "authority_document",
	"authority_until", "consent", "age_band", "detention", NULL };
static const char *const what_names[] = { "body_key", "body_name", "body_country", "subject", "facts", "steps_taken",
	"remedy", NULL };

static const struct field confidential_field = E(confidential, FIELD_BOOL, 0, 0, N_("Keep the identity confidential"));
static const struct field happened_field = E(happened_on, FIELD_DATE, 0, 0, N_("When it happened or became known"));
static const struct field hidden_fields[] = {
	E(submission, FIELD_TEXT, 64, 0, N_("Key of this form")),
	E(step, FIELD_TEXT, 10, 0, N_("Step")),
	E(looked, FIELD_TEXT, 3, 0, N_("Earlier complaints were looked at")),
};

/* --- the table --------------------------------------------------------------------------------------------------- */

static const struct field *named(const struct field *fields, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

static void add_people(
    struct entry_form *form, struct arena *arena, const char *const *names, const char *prefix, size_t offset)
{
	for (size_t i = 0; names[i]; i++) {
		struct field *field = &form->fields[form->n++];
		*field = *named(party_fields, PARTY_FIELDS, names[i]);
		field->offset += offset;
		field->flags = 0;
		if (*prefix)
			field->name = arena_printf(arena, "%s%s", prefix, names[i]);
		if (*prefix && !strcmp(names[i], "role"))
			field->choices = other_roles;
	}
}

static void add_complaint(struct entry_form *form, const struct field *field)
{
	struct field *ours = &form->fields[form->n++];
	*ours = *field;
	ours->offset += offsetof(struct entry, c);
}

#define ENTRY_FIELDS_MAX 80

const struct entry_form *entry_form_new(struct arena *arena, const struct complaint_form *complaint)
{
	const struct profile *profile = complaint->profile;
	struct entry_form *form = arena_alloc(arena, sizeof(*form));
	form->profile = profile;
	form->complaint = complaint;
	form->fields = arena_alloc(arena, (ENTRY_FIELDS_MAX + complaint->n) * sizeof(*form->fields));
	memcpy(form->fields, how_fields, sizeof(how_fields));
	form->n = ARRAY_LEN(how_fields);
	form->first[ENTRY_WHO] = form->n;
	add_people(form, arena, who_names, "", 0);
	form->fields[form->n++] = confidential_field;
	form->first[ENTRY_ABOUT] = form->n;
	add_people(form, arena, about_names, "", 0);
	form->first[ENTRY_OTHER] = form->n;
	add_people(form, arena, other_names, "other_", offsetof(struct entry, other));
	form->first[ENTRY_WHAT] = form->n;
	for (size_t i = 0; what_names[i]; i++)
		add_complaint(form, named(complaint->fields, complaint->n, what_names[i]));
	form->fields[form->n++] = happened_field;
	form->first[ENTRY_DECLARED] = form->n;
	for (size_t i = 0; i < profile->declarations; i++)
		add_complaint(form, &complaint->fields[complaint->first_declaration + i]);
	form->first[ENTRY_PART_MAX] = form->n;
	memcpy(form->fields + form->n, hidden_fields, sizeof(hidden_fields));
	form->n += ARRAY_LEN(hidden_fields);
	return form;
}

struct entry *entry_new(struct arena *arena, const struct entry_form *form, int64_t now)
{
	size_t answers = form->profile->declarations * sizeof(union answer);
	struct entry *entry = arena_alloc(arena, sizeof(*entry) + answers);
	char *today = arena_alloc(arena, 11);
	for (size_t i = 0; i < form->n; i++)
		if (form->fields[i].type != FIELD_BOOL)
			*(const char **)((char *)entry + form->fields[i].offset) = "";
	civil_format(today, zone_date(form->profile->calendar.zone, now));
	entry->case_class = "complaint";
	entry->channel = "desk";
	entry->who.kind = "natural";
	entry->received_on = today;
	entry->lang = lang_code(form->profile->language);
	return entry;
}

/* --- into an intake ---------------------------------------------------------------------------------------------- */

/* Today is now; an earlier day counts as its noon. */
static int64_t moment_of(const struct profile *profile, const char *iso, int64_t now)
{
	struct civil day, today = zone_date(profile->calendar.zone, now);
	if (!*iso || civil_parse(iso, &day) || civil_days(day) == civil_days(today))
		return 0;
	return zone_day_start(profile->calendar.zone, day) + 12 * 3600 * INT64_C(1000);
}

void entry_intake(
    struct arena *arena, const struct entry_form *form, const struct entry *entry, int64_t now, struct intake *ret)
{
	struct intake_party *other = arena_alloc(arena, sizeof(*other));
	enum lang lang = form->profile->language;
	if (!lang_parse(entry->lang, &lang))
		lang = form->profile->language;
	complaint_intake(arena, lang, form->complaint, &entry->c, ret);
	ret->person = entry->who;
	ret->person.role = "complainant";
	*other = entry->other;
	if (*other->name || *other->role)
		ret->another = other;
	ret->channel = entry->channel;
	ret->case_class = entry->case_class;
	ret->sent_on = entry->sent_on;
	ret->happened_on = entry->happened_on;
	ret->urgent = entry->urgent;
	ret->confidential = entry->confidential;
	ret->received_at = moment_of(form->profile, entry->received_on, now);
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static void option(json_t *list, const char *code, const char *words)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "label", words);
	json_put_bool(one, "chosen", false);
	json_add(list, one);
}

static void coded(
    enum lang lang, const struct profile *profile, const char *member, const char *const *codes, json_t *list)
{
	for (size_t i = 0; codes[i]; i++)
		option(list, codes[i], event_code_words(lang, profile, member, codes[i]));
}

static void countries(enum lang lang, json_t *list)
{
	size_t n;
	const struct country *all = country_list(lang, &n);
	option(list, "", text_get(lang, N_("Choose")));
	option(list, "PK", country_name(lang, "PK"));
	option(list, "AZ", country_name(lang, "AZ"));
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].code, "PK") != 0 && strcmp(all[i].code, "AZ") != 0)
			option(list, all[i].code, all[i].name);
	option(list, COUNTRY_NONE, text_get(lang, N_("None of these")));
}

/* What is offered today, whatever the profile began with. */
static void subjects(const struct office *office, enum lang lang, json_t *list)
{
	struct arena *arena = arena_new(0);
	const struct code_choice *choice;
	size_t n = code_choices(arena, office_list(office, "subjects"), office_day(office, now_ms()), NULL, &choice);
	option(list, "", text_get(lang, N_("Choose")));
	for (size_t i = 0; i < n; i++)
		option(list, choice[i].entry->key, names_in(&choice[i].entry->name, lang));
	arena_free(arena);
}

static bool options(const void *arg, enum lang lang, const char *field, json_t *list)
{
	const struct complaint_form *form = arg;
	const struct profile *p = form->profile;
	if (!strcmp(field, "case_class") || !strcmp(field, "channel")) {
		coded(lang, p, field, *field == 'c' && field[1] == 'h' ? intake_channels : profile_case_class, list);
	} else if (!strcmp(field, "urgent")) {
		option(list, "", text_get(lang, N_("Not urgent")));
		coded(lang, p, field, intake_urgencies, list);
	} else if (!strcmp(field, "lang")) {
		for (size_t i = 0; langs[i]; i++)
			option(list, langs[i], lang_name((enum lang)i));
	} else if (!strcmp(field, "body_key")) {
		option(list, "", text_get(lang, N_("Choose")));
		for (size_t i = 0; i < registry_count(form->bodies); i++) {
			const struct body *body = registry_at(form->bodies, i);
			option(list, body->key, names_in(&body->name, lang));
		}
	} else if (!strcmp(field, "subject")) {
		subjects(form->office, lang, list);
	} else if (!strcmp(field, "body_country")) {
		countries(lang, list);
	} else if (!strcmp(field, "other_role")) {
		option(list, "", text_get(lang, N_("Nobody")));
		for (size_t i = 0; other_roles[i]; i++)
			option(list, other_roles[i], party_words(lang, "role", other_roles[i]));
	} else if (!strncmp(field, "declaration_", 12)) {
		option(list, "", text_get(lang, N_("Not asked")));
		option(list, "yes", text_get(lang, N_("Yes")));
		option(list, "no", text_get(lang, N_("No")));
	} else {
		return party_options(NULL, lang, field, list);
	}
	return true;
}

json_t *entry_parts_json(enum lang lang, const struct entry_form *form, const struct entry *entry)
{
	static const struct {
		const char *id, *label;
		bool folded;
	} parts[ENTRY_PART_MAX] = {
		[ENTRY_HOW] = { "how", N_("How it came"), false },
		[ENTRY_WHO] = { "who", N_("Who complains"), false },
		[ENTRY_ABOUT] = { "about", N_("More about the person"), true },
		[ENTRY_OTHER] = { "other", N_("For somebody else"), true },
		[ENTRY_WHAT] = { "what", N_("What it is about"), false },
		[ENTRY_DECLARED] = { "declared", N_("What the person declared"), true },
	};
	static const struct form_hint hints[] = {
		{ "confidential",
		    N_("Lists, letters and search show another name. Two people are needed to open it.") },
		{ "received_on", N_("Limits are counted from this day.") },
		{ "answer_by", N_("By post needs an address, by e-mail an e-mail address, by telephone a number.") },
		{ "detention", N_("Where the law says so, a limit of hours begins.") },
		{ "other_role", N_("The person affected, or who acts for the complainant.") },
		{ NULL, NULL },
	};
	static const char *const asked[] = { "kind", "name", "body_key", "body_name", "facts", NULL };
	json_t *list = json_array();
	for (enum entry_part part = 0; part < ENTRY_PART_MAX; part++) {
		const struct form_fields fields = { .lang = lang,
			.fields = form->fields + form->first[part],
			.n = form->first[part + 1] - form->first[part],
			.form = entry,
			.act = "entry",
			.options = options,
			.arg = form->complaint,
			.hints = hints,
			.needed = asked };
		json_t *one = form_fields_json(&fields);
		json_put_str(one, "part_id", parts[part].id);
		json_put_str(one, "part_label", text_get(lang, parts[part].label));
		json_put_bool(one, "folded", parts[part].folded);
		json_put_int(one, "part_n", (int64_t)part + 1);
		json_add(list, one);
	}
	return list;
}
