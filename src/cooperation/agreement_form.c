/* From the form to the document and back. */
#include "cooperation/agreement_form.h"

#include "base/util.h"
#include "cooperation/agreement_articles.h"
#include "cooperation/agreement_view.h"
#include "cooperation/packet.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define MODEL_YEARS 3
#define MODEL_NOTICE_DAYS 90
#define MODEL_REPORTING_MONTHS 6

static const char *const persons_choices[] = { "nationals", "residents", "anyone", NULL };
static const char *const of_choices[] = { "each", "first", "second", NULL };
static const char *const unit_choices[] = { "days", "working_days", "weeks", "months", NULL };
static const char *const language_choices[] = { "az", "en", "ru", "ur", NULL }; /* enum lang's order */
static const char *const contact_names[DRAFT_CONTACTS] = { "our_contact", "our_deputy", "their_contact",
	"their_deputy" };

/* --- the table --------------------------------------------------------------------------------------------------- */

#define AT(member) offsetof(struct draft_form, member)
#define TITLE(lang_, code_)                                                                                            \
	{                                                                                                              \
		"title_" code_, FIELD_TEXT, AT(title[lang_]), 300, 0, N_("Title"), NULL                                \
	}
#define TEXT(lang_, code_)                                                                                             \
	{                                                                                                              \
		"text_" code_, FIELD_LINES, AT(text[lang_]), 60000, 0, N_("Text"), NULL                                \
	}
#define SPEAKS(lang_, code_)                                                                                           \
	{                                                                                                              \
		"lang_" code_, FIELD_BOOL, AT(speaks[lang_]), 0, 0, N_("Languages"), NULL                              \
	}
#define KIND(n_, key_)                                                                                                 \
	{                                                                                                              \
		"assistance_" key_, FIELD_BOOL, AT(assistance[n_]), 0, 0, N_("Kinds of assistance"), NULL              \
	}
#define DATA(n_, key_)                                                                                                 \
	{                                                                                                              \
		"data_" key_, FIELD_BOOL, AT(data[n_]), 0, 0, N_("Data that may be exchanged"), NULL                   \
	}
#define CLOCK(key_, name_, label_)                                                                                     \
	{ "clock_" name_, FIELD_INT, AT(amount[key_]), 1000, FIELD_REQUIRED, label_, NULL },                           \
	{                                                                                                              \
		"clock_" name_ "_unit", FIELD_CHOICE, AT(unit[key_]), 0, FIELD_REQUIRED, label_, unit_choices          \
	}
#define CONTACT(n_, name_, name_label_, email_label_, phone_label_)                                                    \
	{ name_ "_name", FIELD_TEXT, AT(contact[n_].name), 200, FIELD_REQUIRED, name_label_, NULL },                   \
	    { name_ "_email", FIELD_EMAIL, AT(contact[n_].email), 200, FIELD_REQUIRED, email_label_, NULL },           \
	{                                                                                                              \
		name_ "_phone", FIELD_TEXT, AT(contact[n_].phone), 64, 0, phone_label_, NULL                           \
	}
#define SIGNATORY(n_, name_, name_label_, office_label_)                                                               \
	{ name_ "_name", FIELD_TEXT, AT(signatory[n_].name), 200, 0, name_label_, NULL },                              \
	{                                                                                                              \
		name_ "_office", FIELD_TEXT, AT(signatory[n_].office), 200, 0, office_label_, NULL                     \
	}

const struct field draft_fields[] = {
	FIELD(struct draft_form, version, FIELD_INT, 0, 0, N_("Version")),
	FIELD(struct draft_form, partner_id, FIELD_INT, 0, 0, N_("Partner")),
	FIELD(struct draft_form, replaces, FIELD_TEXT, 36, 0, N_("Replaces")),
	TITLE(LANG_AZ, "az"),
	TITLE(LANG_EN, "en"),
	TITLE(LANG_RU, "ru"),
	TITLE(LANG_UR, "ur"),
	FIELD_OF(struct draft_form, persons, persons_choices, FIELD_REQUIRED, N_("Persons covered")),
	FIELD_OF(struct draft_form, persons_of, of_choices, 0, N_("Of which country")),
	FIELD(struct draft_form, subject_all, FIELD_BOOL, 0, 0, N_("Subjects")),
	KIND(0, "referral"),
	KIND(1, "information_request"),
	KIND(2, "query"),
	KIND(3, "notice"),
	KIND(4, "service"),
	KIND(5, "joint_hearing"),
	KIND(6, "joint_visit"),
	DATA(0, "identity"),
	DATA(1, "identity_documents"),
	DATA(2, "contact"),
	DATA(3, "facts"),
	DATA(4, "remedy"),
	DATA(5, "documents"),
	DATA(6, "health"),
	DATA(7, "detention"),
	CLOCK(LIMIT_FIRST_REPLY, "first_reply", N_("First reply to the person")),
	CLOCK(LIMIT_PREPARE, "prepare", N_("Preparing the referral")),
	CLOCK(LIMIT_ACCEPT, "accept", N_("Accepting or refusing the referral")),
	CLOCK(LIMIT_SOLVE, "solve", N_("Solving the case")),
	CLOCK(LIMIT_ACCEPT_SOLUTION, "accept_solution", N_("Answering the proposed outcome")),
	SPEAKS(LANG_AZ, "az"),
	SPEAKS(LANG_EN, "en"),
	SPEAKS(LANG_RU, "ru"),
	SPEAKS(LANG_UR, "ur"),
	FIELD_OF(struct draft_form, authentic_language, language_choices, FIELD_REQUIRED, N_("Authentic language")),
	FIELD(struct draft_form, valid_from, FIELD_DATE, 0, FIELD_REQUIRED, N_("First day")),
	FIELD(struct draft_form, valid_until, FIELD_DATE, 0, 0, N_("Last day")),
	FIELD(struct draft_form, notice_days, FIELD_INT, 3660, FIELD_REQUIRED, N_("Days of notice")),
	FIELD(struct draft_form, reporting_months, FIELD_INT, 24, 0, N_("Months between tables")),
	CONTACT(0, "our_contact", N_("Our contact officer: name"), N_("Our contact officer: e-mail address"),
	    N_("Our contact officer: telephone")),
	CONTACT(1, "our_deputy", N_("Our deputy: name"), N_("Our deputy: e-mail address"), N_("Our deputy: telephone")),
	CONTACT(2, "their_contact", N_("The partner's contact officer: name"),
	    N_("The partner's contact officer: e-mail address"), N_("The partner's contact officer: telephone")),
	CONTACT(3, "their_deputy", N_("The partner's deputy: name"), N_("The partner's deputy: e-mail address"),
	    N_("The partner's deputy: telephone")),
	SIGNATORY(0, "our_signatory", N_("Who signs for us: name"), N_("Who signs for us: office held")),
	SIGNATORY(
	    1, "their_signatory", N_("Who signs for the partner: name"), N_("Who signs for the partner: office held")),
	FIELD(struct draft_form, place, FIELD_TEXT, 200, 0, N_("Place")),
	TEXT(LANG_AZ, "az"),
	TEXT(LANG_EN, "en"),
	TEXT(LANG_RU, "ru"),
	TEXT(LANG_UR, "ur"),
};
const size_t draft_field_count = ARRAY_LEN(draft_fields);

/* --- to the document --------------------------------------------------------------------------------------------- */

static void put_some(json_t *object, const char *key, const char *text)
{
	if (text && text[0])
		json_put_str(object, key, text);
}

static json_t *texts(const char *const text[LANG_MAX])
{
	json_t *object = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		put_some(object, lang_code(lang), text[lang]);
	return object;
}

static json_t *chosen(const bool *box, const char *const *keys)
{
	json_t *list = json_array();
	for (size_t i = 0; keys[i]; i++)
		if (box[i])
			json_add(list, json_string(keys[i]));
	return list;
}

static bool subject_ticked(const struct request *rq, const char *key)
{
	char name[80];
	snprintf(name, sizeof(name), "subject_%s", key);
	return request_form(rq, name) != NULL;
}

static json_t *subjects(const struct request *rq, bool all)
{
	const struct profile *profile = office_of(rq)->profile;
	json_t *list = json_array();
	if (all)
		json_add(list, json_string("*"));
	for (size_t i = 0; !all && i < profile->subjects; i++)
		if (subject_ticked(rq, profile->subject[i].key))
			json_add(list, json_string(profile->subject[i].key));
	return list;
}

static json_t *contact(const struct draft_contact *c)
{
	json_t *one = json_object();
	json_put_str(one, "name", c->name);
	json_put_str(one, "email", c->email);
	put_some(one, "phone", c->phone);
	return one;
}

static json_t *own_names(const struct profile *profile)
{
	json_t *names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		put_some(names, lang_code(lang), profile->name.in[lang]);
	return names;
}

static json_t *partner_names(const struct partner *p)
{
	json_t *names = NULL;
	return json_parse(p->name_json, strlen(p->name_json), JSON_TEXT_LIMIT, &names, NULL) ? json_object() : names;
}

static json_t *party(const char *id, json_t *names_stolen, const char *country, json_t *contact_, json_t *deputy)
{
	json_t *one = json_object();
	json_put_str(one, "id", id);
	json_put(one, "name", names_stolen);
	json_put_str(one, "country", country);
	json_put(one, "contact", contact_);
	json_put(one, "deputy", deputy);
	return one;
}

static json_t *parties(
    const struct office *office, const struct partner *p, const struct draft_contact c[DRAFT_CONTACTS])
{
	const struct profile *profile = office->profile;
	json_t *list = json_array();
	json_add(list, party(office->uid, own_names(profile), profile->country, contact(&c[0]), contact(&c[1])));
	json_add(list, party(p->uid, partner_names(p), p->country, contact(&c[2]), contact(&c[3])));
	return list;
}

static json_t *limits(const int64_t amount[LIMIT_MAX], const char *const unit[LIMIT_MAX])
{
	json_t *object = json_object();
	for (int key = 0; key < LIMIT_MAX; key++) {
		json_t *one = json_object();
		json_put_int(one, "amount", amount[key]);
		json_put_str(one, "unit", unit[key]);
		json_put(object, agreement_clock_name((enum agreement_limit_key)key), one);
	}
	return object;
}

static void put_signatories(json_t *document, const struct draft_signatory signatory[2])
{
	json_t *list = json_array();
	for (int i = 0; i < 2; i++) {
		if (!signatory[i].name[0] && !signatory[i].office[0])
			continue;
		json_t *one = json_object();
		json_put_int(one, "party", i);
		json_put_str(one, "name", signatory[i].name);
		json_put_str(one, "office", signatory[i].office);
		json_add(list, one);
	}
	if (json_array_size(list))
		json_put(document, "signatories", list);
	else
		json_decref(list);
}

json_t *draft_document(struct request *rq, const struct draft_form *form, const struct partner *p)
{
	json_t *d = json_object(), *persons = json_object();
	json_put_int(d, "version", 1);
	put_some(d, "replaces", form->replaces);
	json_put(d, "title", texts(form->title));
	json_put(d, "parties", parties(office_of(rq), p, form->contact));
	json_put_str(persons, "kind", form->persons);
	if (strcmp(form->persons, "anyone"))
		put_some(persons, "of", form->persons_of);
	json_put(d, "persons", persons);
	json_put(d, "subjects", subjects(rq, form->subject_all));
	json_put(d, "assistance", chosen(form->assistance, agreement_kinds));
	json_put(d, "data_categories", chosen(form->data, packet_categories));
	json_put_str(d, "consent", "explicit");
	json_put(d, "clocks", limits(form->amount, form->unit));
	json_put(d, "languages", chosen(form->speaks, language_choices));
	json_put_str(d, "authentic_language", form->authentic_language);
	json_put_str(d, "valid_from", form->valid_from);
	put_some(d, "valid_until", form->valid_until);
	json_put_int(d, "notice_days", form->notice_days);
	if (form->reporting_months)
		json_put_int(d, "reporting_months", form->reporting_months);
	json_put(d, "text", texts(form->text));
	put_some(d, "place", form->place);
	put_signatories(d, form->signatory);
	return d;
}

/* --- the model --------------------------------------------------------------------------------------------------- */

static json_t *model_titles(const struct casefile_act *act, const struct partner *p)
{
	json_t *object = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		json_put_str(object, lang_code(lang),
		    text_format(act->arena, lang, N_("Memorandum of mutual assistance between {first} and {second}"),
			"first", names_in(&act->office->profile->name, lang), "second",
			partner_name(act->arena, p, lang), NULL));
	return object;
}

static json_t *model_texts(const struct casefile_act *act)
{
	json_t *object = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		json_put_str(object, lang_code(lang), agreement_model_text(act->arena, lang));
	return object;
}

static void put_model_dates(const struct casefile_act *act, json_t *d)
{
	struct civil day = civil_from_days(act->now / DAY_MS);
	char text[11];
	civil_format(text, day);
	json_put_str(d, "valid_from", text);
	day.year += MODEL_YEARS;
	if (!civil_valid(day)) /* 29 February */
		day.day = 28;
	civil_format(text, civil_from_days(civil_days(day) - 1));
	json_put_str(d, "valid_until", text);
	json_put_int(d, "notice_days", MODEL_NOTICE_DAYS);
	json_put_int(d, "reporting_months", MODEL_REPORTING_MONTHS);
}

json_t *draft_model(const struct casefile_act *act, enum lang lang, const struct partner *p)
{
	static const bool kinds[] = { true, true, false, false, false, false, true };
	static const bool data[] = { true, false, true, true, true, true, false, false };
	static const bool speaks[LANG_MAX] = { true, true, true, true };
	static const int64_t amount[LIMIT_MAX] = { 7, 30, 7, 10, 7 };
	static const char *const unit[LIMIT_MAX] = { "days", "days", "days", "weeks", "days" };
	const struct profile *profile = act->office->profile;
	const char *email = profile->contact.email ? profile->contact.email : "";
	const struct draft_contact people[DRAFT_CONTACTS] = { { act->actor->name, email, "" }, { "", email, "" },
		{ "", "", "" }, { "", "", "" } };
	json_t *d = json_object();
	json_put(d, "title", model_titles(act, p));
	json_put(d, "parties", parties(act->office, p, people));
	json_put(d, "persons", json_pack("{s:s, s:s}", "kind", "nationals", "of", "each"));
	json_put(d, "subjects", json_pack("[s]", "*"));
	json_put(d, "assistance", chosen(kinds, agreement_kinds));
	json_put(d, "data_categories", chosen(data, packet_categories));
	json_put(d, "clocks", limits(amount, unit));
	json_put(d, "languages", chosen(speaks, language_choices));
	json_put_str(d, "authentic_language", lang_code(LANG_EN));
	put_model_dates(act, d);
	json_put(d, "text", model_texts(act));
	return d;
}

/* --- to the form ------------------------------------------------------------------------------------------------- */

static void put_texts(json_t *values, const char *prefix, const json_t *by_lang)
{
	char name[40];
	const char *code;
	json_t *text;
	json_object_foreach((json_t *)(uintptr_t)by_lang, code, text)
	{
		snprintf(name, sizeof(name), "%s_%s", prefix, code);
		json_put_str(values, name, json_string_value(text));
	}
}

static void put_boxes(json_t *values, const char *prefix, const json_t *list)
{
	char name[80];
	for (size_t i = 0; i < json_array_size(list); i++) {
		snprintf(name, sizeof(name), "%s_%s", prefix, json_string_value(json_array_get(list, i)));
		json_put_bool(values, name, true);
	}
}

static void choose(json_t *is, const char *field, const char *value)
{
	json_t *one = json_object();
	if (value && value[0])
		json_put_bool(one, value, true);
	json_put(is, field, one);
}

static void put_limits(json_t *values, json_t *is, const json_t *clocks)
{
	char name[80];
	for (int key = 0; key < LIMIT_MAX; key++) {
		const char *clock = agreement_clock_name((enum agreement_limit_key)key);
		const json_t *one = json_object_get(clocks, clock);
		snprintf(name, sizeof(name), "clock_%s", clock);
		if (one)
			json_put_int(values, name, json_int_or(one, "amount", 0));
		snprintf(name, sizeof(name), "clock_%s_unit", clock);
		choose(is, name, json_str_or(one, "unit", ""));
	}
}

static void put_contacts(json_t *values, const json_t *list)
{
	static const char *const members[] = { "name", "email", "phone" };
	char name[80];
	for (size_t i = 0; i < DRAFT_CONTACTS; i++) {
		const json_t *person = json_object_get(json_array_get(list, i / 2), i % 2 ? "deputy" : "contact");
		for (size_t m = 0; m < ARRAY_LEN(members); m++) {
			snprintf(name, sizeof(name), "%s_%s", contact_names[i], members[m]);
			json_put_str(values, name, json_str_or(person, members[m], ""));
		}
	}
}

static void put_signatory_values(json_t *values, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		bool ours = json_int_or(one, "party", 0) == 0;
		json_put_str(
		    values, ours ? "our_signatory_name" : "their_signatory_name", json_str_or(one, "name", ""));
		json_put_str(
		    values, ours ? "our_signatory_office" : "their_signatory_office", json_str_or(one, "office", ""));
	}
}

static void put_values(const json_t *d, json_t *view)
{
	static const char *const plain[] = { "valid_from", "valid_until", "place", "replaces" };
	json_t *values = json_object(), *is = json_object();
	const json_t *persons = json_object_get(d, "persons");
	put_texts(values, "title", json_object_get(d, "title"));
	put_texts(values, "text", json_object_get(d, "text"));
	put_boxes(values, "assistance", json_object_get(d, "assistance"));
	put_boxes(values, "data", json_object_get(d, "data_categories"));
	put_boxes(values, "lang", json_object_get(d, "languages"));
	put_limits(values, is, json_object_get(d, "clocks"));
	put_contacts(values, json_object_get(d, "parties"));
	put_signatory_values(values, json_object_get(d, "signatories"));
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		json_put_str(values, plain[i], json_str_or(d, plain[i], ""));
	json_put_int(values, "notice_days", json_int_or(d, "notice_days", 0));
	if (json_object_get(d, "reporting_months"))
		json_put_int(values, "reporting_months", json_int_or(d, "reporting_months", 0));
	choose(is, "persons", json_str_or(persons, "kind", ""));
	choose(is, "persons_of", json_str_or(persons, "of", "each"));
	choose(is, "authentic_language", json_str_or(d, "authentic_language", ""));
	json_put(view, "values", values);
	json_put(view, "is", is);
}

static bool holds(const json_t *list, const char *key)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!strcmp(json_string_value(json_array_get(list, i)), key))
			return true;
	return false;
}

static void put_subjects(struct request *rq, const json_t *document, json_t *view)
{
	const struct profile *profile = office_of(rq)->profile;
	const json_t *agreed = json_object_get(document, "subjects");
	json_t *list = json_array();
	for (size_t i = 0; i < profile->subjects; i++) {
		const struct subject *subject = &profile->subject[i];
		json_t *one = json_object();
		json_put_str(one, "code", subject->key);
		json_put_str(one, "subject_label", names_in(&subject->name, rq->lang));
		json_put_bool(one, "chosen", document ? holds(agreed, subject->key) : subject_ticked(rq, subject->key));
		json_add(list, one);
	}
	json_put(view, "subjects", list);
	json_put_bool(view, "all_subjects", document ? holds(agreed, "*") : request_form(rq, "subject_all") != NULL);
}

void draft_view(struct request *rq, const json_t *document, const struct partner *p, json_t *view)
{
	json_t *partner = json_object();
	if (document)
		put_values(document, view);
	put_subjects(rq, document, view);
	json_put_int(partner, "id", p->id);
	json_put_str(partner, "partner_name", partner_name(rq->arena, p, rq->lang));
	json_put_str(partner, "country", country_name(rq->lang, p->country));
	json_put(view, "partner", partner);
}

/* --- where a broken rule can be mended --------------------------------------------------------------------------- */

static const struct {
	const char *pointer, *field;
} places[] = {
	{ "/subjects", "subject_all" },
	{ "/assistance", "assistance_referral" },
	{ "/data_categories", "data_identity" },
	{ "/languages", "lang_az" },
	{ "/authentic_language", "authentic_language" },
	{ "/valid_from", "valid_from" },
	{ "/valid_until", "valid_until" },
	{ "/notice_days", "notice_days" },
	{ "/clocks/first_reply", "clock_first_reply" },
	{ "/clocks/prepare", "clock_prepare" },
	{ "/clocks/accept_solution", "clock_accept_solution" },
	{ "/clocks/accept", "clock_accept" },
	{ "/clocks/solve", "clock_solve" },
	{ "/parties/0/contact", "our_contact_name" },
	{ "/parties/0/deputy", "our_deputy_name" },
	{ "/parties/1/contact", "their_contact_name" },
	{ "/parties/1/deputy", "their_deputy_name" },
	{ "/signatories", "our_signatory_name" },
};

void draft_fault_field(struct fault *fault, const char *authentic)
{
	char field[sizeof(fault->field)];
	if (!strncmp(fault->field, "/title", 6) || !strncmp(fault->field, "/text", 5)) {
		bool title = fault->field[2] == 'i';
		snprintf(field, sizeof(field), "%s_%s", title ? "title" : "text", authentic[0] ? authentic : "en");
		copy_text(fault->field, sizeof(fault->field), field);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		if (strncmp(fault->field, places[i].pointer, strlen(places[i].pointer)))
			continue;
		copy_text(fault->field, sizeof(fault->field), places[i].field);
		return;
	}
	fault->field[0] = '\0'; /* nothing on the page to jump to */
}
