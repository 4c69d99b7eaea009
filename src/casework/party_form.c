/* The fields of a person, as the tab "people" and the desk's form ask for them. */
#include "base/util.h"
#include "casework/form_fields.h"
#include "casework/party.h"
#include "text/country.h"

#include <string.h>

#define P(member_, type_, max_, flags_, label_)                                                                        \
	{                                                                                                              \
#member_, type_, offsetof(struct party_form, who.member_), max_, flags_, label_, NULL                  \
	}
#define CHOOSE(member_, choices_, flags_, label_)                                                                      \
	{                                                                                                              \
#member_, FIELD_CHOICE, offsetof(struct party_form, who.member_), 0, flags_, label_, choices_          \
	}
#define GROUP(i_, key_, label_)                                                                                        \
	{                                                                                                              \
		"group_" key_, FIELD_BOOL, offsetof(struct party_form, who.group[i_]), 0, 0, label_, NULL              \
	}

const struct field party_fields[PARTY_FIELDS] = {
	FIELD(struct party_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	CHOOSE(role, party_roles, FIELD_REQUIRED, N_("Role")),
	CHOOSE(kind, party_kinds, 0, N_("Kind")),
	P(name, FIELD_TEXT, 160, 0, N_("Name")),
	P(father_name, FIELD_TEXT, 160, 0, N_("Father's name")),
	P(id_no, FIELD_TEXT, 40, 0, N_("Identity or company number")),
	P(passport_no, FIELD_TEXT, 40, 0, N_("Passport number")),
	P(phone, FIELD_TEXT, 60, 0, N_("Telephone")),
	P(email, FIELD_EMAIL, 200, 0, N_("E-mail")),
	P(address, FIELD_LINES, 500, 0, N_("Address")),
	CHOOSE(answer_by, party_answers, 0, N_("How to answer")),
	CHOOSE(authority, party_authorities, 0, N_("Right to act for somebody")),
	P(authority_document, FIELD_TEXT, 200, 0, N_("Paper that shows it")),
	P(authority_until, FIELD_DATE, 0, 0, N_("Valid until")),
	CHOOSE(consent, party_consents, 0, N_("Does the affected person agree?")),
	P(birth_date, FIELD_DATE, 0, 0, N_("Date of birth")),
	CHOOSE(age_band, party_age_bands, 0, N_("Age")),
	CHOOSE(sex, party_sexes, 0, N_("Sex")),
	P(nationality, FIELD_TEXT, 10, 0, N_("Nationality")),
	CHOOSE(language, party_languages, 0, N_("Language spoken best")),
	CHOOSE(disability, party_disabilities, 0, N_("Disability")),
	CHOOSE(detention, party_detentions, 0, N_("Detention")),
	CHOOSE(groups_said, party_groups_said, 0, N_("Vulnerable group")),
	GROUP(0, "child", N_("Child")),
	GROUP(1, "woman", N_("Woman at risk")),
	GROUP(2, "detainee", N_("Detained person")),
	GROUP(3, "disability", N_("Person with a disability")),
	GROUP(4, "older", N_("Older person")),
	GROUP(5, "migrant", N_("Migrant")),
	GROUP(6, "refugee", N_("Refugee or displaced person")),
	GROUP(7, "minority", N_("Member of a minority")),
	GROUP(8, "soldier", N_("Soldier or conscript")),
	GROUP(9, "defender", N_("Journalist or human rights defender")),
	GROUP(10, "poverty", N_("Person in poverty")),
	GROUP(11, "illness", N_("Seriously ill person")),
	FIELD(struct party_form, removed_why, FIELD_LINES, 500, 0, N_("Why this person is removed")),
};

const struct form_hint party_hints[] = {
	{ "answer_by", N_("By post needs an address, by e-mail an e-mail address, by telephone a number.") },
	{ "consent", N_("Ask whenever somebody complains for somebody else.") },
	{ "detention", N_("Where the law says so, a limit of hours begins.") },
	{ "groups_said", N_("Or tick what applies below.") },
	{ NULL, NULL },
};

/* --- what is chosen from ----------------------------------------------------------------------------------------- */

static const struct {
	const char *field, *list;
	const char *const *codes;
	const char *nothing; /* what "" means */
} lists[] = {
	{ "role", "role", party_roles, N_("Choose") },
	{ "kind", "kind", party_kinds, NULL },
	{ "answer_by", "answer_by", party_answers, N_("Not asked") },
	{ "authority", "authority", party_authorities, N_("None") },
	{ "consent", "party_consent", party_consents, N_("Not asked") },
	{ "age_band", "age_band", party_age_bands, N_("Not asked") },
	{ "sex", "sex", party_sexes, N_("Not asked") },
	{ "language", "language", party_languages, N_("Not asked") },
	{ "disability", "disability", party_disabilities, N_("Not asked") },
	{ "detention", "detention", party_detentions, N_("Not asked") },
	{ "groups_said", "group", party_groups_said, N_("Not asked") },
};

static void add(json_t *list, const char *code, const char *words)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "label", words);
	json_put_bool(one, "chosen", false);
	json_add(list, one);
}

static void add_countries(enum lang lang, json_t *list)
{
	size_t n;
	const struct country *all = country_list(lang, &n);
	add(list, "", text_get(lang, N_("Not asked")));
	add(list, "PK", country_name(lang, "PK"));
	add(list, "AZ", country_name(lang, "AZ"));
	add(list, "refused", text_get(lang, N_("Would not say")));
	add(list, "unknown", text_get(lang, N_("Not known")));
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].code, "PK") != 0 && strcmp(all[i].code, "AZ") != 0)
			add(list, all[i].code, all[i].name);
	add(list, COUNTRY_NONE, text_get(lang, N_("None of these")));
}

bool party_options(const void *arg, enum lang lang, const char *field, json_t *list)
{
	static const char other[] = "other_";
	const char *name = strncmp(field, other, sizeof(other) - 1) ? field : field + sizeof(other) - 1;
	if (!strcmp(name, "nationality")) {
		add_countries(lang, list);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (strcmp(lists[i].field, name) != 0)
			continue;
		if (lists[i].nothing)
			add(list, "", text_get(lang, lists[i].nothing));
		for (size_t k = 0; lists[i].codes[k]; k++)
			add(list, lists[i].codes[k], party_words(lang, lists[i].list, lists[i].codes[k]));
		return true;
	}
	return false;
}
