/* A complaint's fields, and how they become a draft and an intake. */
#include "casework/complaint.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "office/current.h"
#include "text/country.h"

#include <string.h>

#define C(member, type, max, flags, label) FIELD(struct complaint, member, type, max, flags, label)

/* Choices are filled in by complaint_form_new: they depend on the profile. Limits are those of docs/openapi.json. */
static const struct field fixed[] = {
	C(name, FIELD_TEXT, 160, 0, N_("Your full name")),
	C(father_name, FIELD_TEXT, 160, 0, N_("Your father's name")),
	C(birth_date, FIELD_DATE, 0, 0, N_("Date of birth")),
	C(nationality, FIELD_CHOICE, 0, 0, N_("Nationality")),
	C(passport_no, FIELD_TEXT, 40, 0, N_("Passport number")),
	C(phone, FIELD_TEXT, 60, 0, N_("Telephone")),
	C(email, FIELD_EMAIL, 200, 0, N_("E-mail")),
	C(address, FIELD_LINES, 500, 0, N_("Address")),
	C(body_key, FIELD_CHOICE, 0, 0, N_("Body complained of")),
	C(body_name, FIELD_TEXT, 200, 0, N_("Name of the body complained of")),
	C(body_country, FIELD_CHOICE, 0, 0, N_("Country where it is")),
	C(subject, FIELD_CHOICE, 0, 0, N_("Subject")),
	C(facts, FIELD_LINES, 20000, 0, N_("What happened?")),
	C(remedy, FIELD_LINES, 5000, 0, N_("What would you like to be done?")),
	C(steps_taken, FIELD_LINES, 5000, 0, N_("What have you done about it so far?")),
	C(embassy_not_told, FIELD_BOOL, 0, 0, N_("Do not tell my embassy")),
	C(confidential, FIELD_BOOL, 0, 0, N_("Keep my identity confidential")),
};

static const char *const yes_no[] = { "yes", "no", NULL };

static const char *const *registry_keys(struct arena *arena, const struct registry *bodies)
{
	const char **keys = arena_alloc(arena, (registry_count(bodies) + 1) * sizeof(*keys));
	size_t n = 0;
	for (size_t i = 0; i < registry_count(bodies); i++)
		keys[n++] = registry_at(bodies, i)->key; /* a program may still know one that became part of another */
	return keys;
}

static const char *const *body_keys(struct arena *arena, const struct profile *profile)
{
	const char **keys = arena_alloc(arena, (profile->bodies + 1) * sizeof(*keys));
	for (size_t i = 0; i < profile->bodies; i++)
		keys[i] = profile->body[i].key;
	return keys;
}

/* Those that are offered today. */
static const char *const *subject_keys(struct arena *arena, const struct office *office)
{
	const struct code_choice *choice;
	size_t n = code_choices(arena, office_list(office, "subjects"), office_day(office, now_ms()), NULL, &choice);
	const char **keys = arena_alloc(arena, (n + 1) * sizeof(*keys));
	for (size_t i = 0; i < n; i++)
		keys[i] = choice[i].entry->key;
	return keys;
}

static void set_choices(struct arena *arena, const struct office *office, struct field *field)
{
	if (!strcmp(field->name, "nationality") || !strcmp(field->name, "body_country"))
		field->choices = country_codes();
	else if (!strcmp(field->name, "body_key"))
		field->choices = body_keys(arena, office->profile);
	else if (!strcmp(field->name, "subject"))
		field->choices = subject_keys(arena, office);
}

/* Stands before the words of a fault, so without its full stop (Latin or Urdu). */
static const char *as_label(struct arena *arena, const char *sentence)
{
	static const char urdu_stop[] = "\xdb\x94";
	size_t len = strlen(sentence);
	if (len > 1 && sentence[len - 1] == '.')
		len--;
	else if (len > 2 && !strcmp(sentence + len - 2, urdu_stop))
		len -= 2;
	return arena_strndup(arena, sentence, len);
}

static struct field declaration_field(struct arena *arena, enum lang lang, const struct declaration *d, size_t i)
{
	bool question = d->kind == DECLARATION_QUESTION;
	/* Statements are not FIELD_REQUIRED: intake_check says more about one that is missing. */
	return (struct field) { .name = arena_printf(arena, "declaration_%s", d->key),
		.type = question ? FIELD_CHOICE : FIELD_BOOL,
		.offset = offsetof(struct complaint, answer) + i * sizeof(union answer),
		.label = as_label(arena, names_in(&d->text, lang)), /* in words already: no message has such a key */
		.choices = question ? yes_no : NULL };
}

const struct complaint_form *complaint_form_new(struct arena *arena, enum lang lang, const struct office *office)
{
	const struct profile *profile = office->profile;
	struct complaint_form *form = arena_alloc(arena, sizeof(*form));
	form->office = office;
	form->profile = profile;
	form->first_declaration = ARRAY_LEN(fixed);
	form->n = ARRAY_LEN(fixed) + profile->declarations;
	form->fields = arena_alloc(arena, form->n * sizeof(*form->fields));
	memcpy(form->fields, fixed, sizeof(fixed));
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
		set_choices(arena, office, &form->fields[i]);
	for (size_t i = 0; i < profile->declarations; i++)
		form->fields[form->first_declaration + i] = declaration_field(arena, lang, &profile->declaration[i], i);
	return form;
}

enum err complaint_form_of(struct request *rq, const struct complaint_form **ret_form)
{
	struct office *office = office_of(rq);
	struct complaint_form *form = (void *)(uintptr_t)complaint_form_new(rq->arena, rq->lang, office);
	enum err e = registry_now(office, rq->arena, &form->bodies);
	for (size_t i = 0; !e && i < form->n; i++)
		if (!strcmp(form->fields[i].name, "body_key"))
			form->fields[i].choices = registry_keys(rq->arena, form->bodies);
	if (!e)
		*ret_form = form;
	return e;
}

static const struct body *known_body(const struct complaint_form *form, const char *key)
{
	if (!*key)
		return NULL;
	return form->bodies ? registry_body(form->bodies, key) : profile_body(form->profile, key);
}

static void put(struct complaint *c, const struct field *field, const char *text, bool ticked)
{
	char *at = (char *)c + field->offset;
	if (field->type == FIELD_BOOL)
		*(bool *)at = ticked;
	else
		*(const char **)at = text;
}

static const char *text_of(const struct complaint *c, const struct field *field)
{
	return *(const char *const *)((const char *)c + field->offset);
}

static bool ticked_in(const struct complaint *c, const struct field *field)
{
	return *(const bool *)((const char *)c + field->offset);
}

struct complaint *complaint_new(struct arena *arena, const struct complaint_form *form)
{
	struct complaint *c = arena_alloc(arena, sizeof(*c) + form->profile->declarations * sizeof(union answer));
	for (size_t i = 0; i < form->n; i++)
		put(c, &form->fields[i], "", false);
	return c;
}

json_t *complaint_values(const struct complaint_form *form, const struct complaint *c)
{
	json_t *values = json_object();
	for (size_t i = 0; i < form->n; i++) {
		const struct field *field = &form->fields[i];
		if (field->type == FIELD_BOOL)
			json_put_bool(values, field->name, ticked_in(c, field));
		else
			json_put_str(values, field->name, text_of(c, field));
	}
	return values;
}

void complaint_read(struct arena *arena, const struct complaint_form *form, const json_t *values, struct complaint *c)
{
	for (size_t i = 0; i < form->n; i++) {
		const char *name = form->fields[i].name;
		put(c, &form->fields[i], arena_strdup(arena, json_str_or(values, name, "")),
		    json_bool_or(values, name, false));
	}
}

/* What was ticked as its key, answers to questions as "key=yes" or "key=no": that is how content keeps them. */
static const char *const *declared(struct arena *arena, const struct complaint_form *form, const struct complaint *c)
{
	const struct profile *profile = form->profile;
	const char **list = arena_alloc(arena, (profile->declarations + 1) * sizeof(*list));
	size_t n = 0;
	for (size_t i = 0; i < profile->declarations; i++) {
		const struct declaration *d = &profile->declaration[i];
		if (d->kind != DECLARATION_QUESTION && c->answer[i].ticked)
			list[n++] = d->key;
		else if (d->kind == DECLARATION_QUESTION && *c->answer[i].word)
			list[n++] = arena_printf(arena, "%s=%s", d->key, c->answer[i].word);
	}
	return list;
}

void complaint_intake(struct arena *arena, enum lang lang, const struct complaint_form *form, const struct complaint *c,
    struct intake *ret)
{
	const struct body *body = known_body(form, c->body_key);
	*ret = (struct intake) { .lang = lang,
		.person = { .role = "complainant",
		    .name = c->name,
		    .father_name = c->father_name,
		    .birth_date = c->birth_date,
		    .nationality = c->nationality,
		    .passport_no = c->passport_no,
		    .phone = c->phone,
		    .email = c->email,
		    .address = c->address },
		.body_key = body ? body->key : c->body_key,
		.body_known = body != NULL,
		.body_name = body ? names_in(&body->name, lang) : c->body_name,
		.body_country = body ? body->country : c->body_country,
		.subject = c->subject,
		.facts = c->facts,
		.remedy = c->remedy,
		.steps_taken = c->steps_taken,
		.embassy_not_told = c->embassy_not_told,
		.confidential = c->confidential,
		.declarations = declared(arena, form, c) };
}
