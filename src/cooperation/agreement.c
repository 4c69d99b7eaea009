/* The document: its table, the rules between its fields, and its canonical bytes. */
#include "cooperation/agreement.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/agreement_inner.h"
#include "cooperation/message_schema.h"

#include <stdlib.h>
#include <string.h>

#define REQUIRED SCHEMA_REQUIRED

static const char *const persons_kinds[] = { "nationals", "residents", "anyone", NULL };
static const char *const persons_of[] = { "first", "second", "each", NULL };
static const char *const kinds[] = { "referral", "information_request", "query", "notice", "service", "joint_hearing",
	"joint_visit", NULL };
static const char *const categories[] = { "identity", "identity_documents", "contact", "facts", "remedy", "documents",
	"health", "detention", NULL };
static const char *const consents[] = { "explicit", NULL };
static const char *const units[] = { "days", "working_days", "weeks", "months", NULL };

static const struct schema contact[] = {
	{ "name", SCHEMA_LINE, REQUIRED, .max = 200 },
	{ "email", SCHEMA_LINE, REQUIRED, .max = 200 },
	{ "phone", SCHEMA_LINE, .max = 64 },
	{ NULL },
};
static const struct schema party[] = {
	{ "id", SCHEMA_HASH, REQUIRED },
	{ "name", SCHEMA_TEXTS, REQUIRED, .max = 300 },
	{ "country", SCHEMA_COUNTRY, REQUIRED },
	{ "contact", SCHEMA_OBJECT, REQUIRED, .of = contact },
	{ "deputy", SCHEMA_OBJECT, REQUIRED, .of = contact },
	{ NULL },
};
static const struct schema a_party[] = { { "", SCHEMA_OBJECT, .of = party }, { NULL } };
static const struct schema persons[] = {
	{ "kind", SCHEMA_WORD, REQUIRED, .words = persons_kinds },
	{ "of", SCHEMA_WORD, .words = persons_of },
	{ NULL },
};
static const struct schema a_subject[] = { { "", SCHEMA_SUBJECT }, { NULL } };
static const struct schema a_kind[] = { { "", SCHEMA_WORD, .words = kinds }, { NULL } };
static const struct schema a_category[] = { { "", SCHEMA_WORD, .words = categories }, { NULL } };
static const struct schema a_lang[] = { { "", SCHEMA_LANG }, { NULL } };
static const struct schema limit[] = {
	{ "amount", SCHEMA_INT, REQUIRED, .min = 1, .max = 1000 },
	{ "unit", SCHEMA_WORD, REQUIRED, .words = units },
	{ NULL },
};
static const struct schema clocks[] = {
	{ "first_reply", SCHEMA_OBJECT, .of = limit },
	{ "prepare", SCHEMA_OBJECT, .of = limit },
	{ "accept", SCHEMA_OBJECT, .of = limit },
	{ "solve", SCHEMA_OBJECT, .of = limit },
	{ "accept_solution", SCHEMA_OBJECT, .of = limit },
	{ NULL },
};
static const struct schema signatory[] = {
	{ "party", SCHEMA_INT, REQUIRED, .min = 0, .max = 1 },
	{ "name", SCHEMA_LINE, REQUIRED, .max = 200 },
	{ "office", SCHEMA_LINE, REQUIRED, .max = 200 },
	{ NULL },
};
static const struct schema a_signatory[] = { { "", SCHEMA_OBJECT, .of = signatory }, { NULL } };

static const struct schema document[] = {
	{ "uid", SCHEMA_UUID, REQUIRED },
	{ "version", SCHEMA_INT, REQUIRED, .min = 1, .max = 1000 },
	{ "replaces", SCHEMA_UUID },
	{ "title", SCHEMA_TEXTS, REQUIRED, .max = 300 },
	{ "parties", SCHEMA_LIST, REQUIRED, .max = 2, .of = a_party },
	{ "persons", SCHEMA_OBJECT, REQUIRED, .of = persons },
	{ "subjects", SCHEMA_LIST, REQUIRED, .max = 64, .of = a_subject },
	{ "assistance", SCHEMA_LIST, REQUIRED, .max = 16, .of = a_kind },
	{ "data_categories", SCHEMA_LIST, REQUIRED, .max = 16, .of = a_category },
	{ "consent", SCHEMA_WORD, REQUIRED, .words = consents },
	{ "clocks", SCHEMA_OBJECT, REQUIRED, .of = clocks },
	{ "languages", SCHEMA_LIST, REQUIRED, .max = 8, .of = a_lang },
	{ "authentic_language", SCHEMA_LANG, REQUIRED },
	{ "valid_from", SCHEMA_DATE, REQUIRED },
	{ "valid_until", SCHEMA_DATE },
	{ "notice_days", SCHEMA_INT, REQUIRED, .min = 0, .max = 3660 },
	{ "reporting_months", SCHEMA_INT, .min = 1, .max = 24 },
	{ "text", SCHEMA_TEXTS, REQUIRED, .max = 60000 },
	{ "place", SCHEMA_LINE, .max = 200 },
	{ "signatories", SCHEMA_LIST, .max = 4, .of = a_signatory },
	{ NULL },
};

bool list_holds(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
			return true;
	return false;
}

int64_t day_start(const char *iso)
{
	struct civil date;

	return civil_parse(iso, &date) == OK ? civil_days(date) * DAY_MS : AGREEMENT_NEVER;
}

static enum err check_rules(const json_t *doc, struct fault *fault)
{
	const json_t *parties = json_object_get(doc, "parties");
	const char *authentic = json_str(doc, "authentic_language"), *until = json_str(doc, "valid_until");

	if (json_array_size(parties) != 2)
		return fault_set(fault, ERR_INVALID, "/parties", N_("An agreement has two parties."), NULL);
	if (strcmp(json_str(json_array_get(parties, 0), "id"), json_str(json_array_get(parties, 1), "id")) == 0)
		return fault_set(
		    fault, ERR_INVALID, "/parties", N_("The two parties must be different offices."), NULL);
	if (!list_holds(json_object_get(doc, "languages"), authentic))
		return fault_set(fault, ERR_INVALID, "/authentic_language",
		    N_("The authentic language must be one of the languages."), NULL);
	if (!json_object_get(json_object_get(doc, "text"), authentic) ||
	    !json_object_get(json_object_get(doc, "title"), authentic))
		return fault_set(
		    fault, ERR_INVALID, "/text", N_("Title and text are required in the authentic language."), NULL);
	if (until && day_start(until) < day_start(json_str(doc, "valid_from")))
		return fault_set(fault, ERR_INVALID, "/valid_until", N_("The last day lies before the first."), NULL);
	return OK;
}

enum err agreement_from_json(const json_t *json, struct agreement **ret_agreement, struct fault *fault)
{
	struct agreement *a;
	enum err e = schema_check(document, json, fault);
	const char *until;

	if (!e)
		e = check_rules(json, fault);
	if (e)
		return e;
	a = calloc(1, sizeof(*a));
	if (!a)
		return ERR_MEMORY;
	a->json = json_deep_copy(json);
	a->text = json_canonical_text(json);
	if (!a->json || !a->text || strlen(a->text) > AGREEMENT_TEXT_LIMIT) {
		e = !a->json || !a->text
			? ERR_MEMORY
			: fault_set(fault, ERR_TOO_LARGE, "/text", N_("The agreement is too long."), NULL);
		agreement_free(a);
		return e;
	}
	until = json_str(a->json, "valid_until");
	a->valid_from = day_start(json_str(a->json, "valid_from"));
	a->valid_end = until ? day_start(until) + DAY_MS : AGREEMENT_NEVER;
	*ret_agreement = a;
	return OK;
}

enum err agreement_parse(const char *text, size_t len, struct agreement **ret_agreement, struct fault *fault)
{
	struct agreement *a;
	json_t *json;
	enum err e = json_parse(text, len, AGREEMENT_TEXT_LIMIT, &json, fault);

	if (e)
		return e;
	e = agreement_from_json(json, &a, fault);
	json_decref(json);
	if (e)
		return e;
	/* Two texts of the same JSON would be two documents under two signatures. */
	if (strlen(a->text) != len || memcmp(a->text, text, len) != 0) {
		agreement_free(a);
		return fault_set(
		    fault, ERR_INVALID, NULL, N_("The agreement is not in canonical form (RFC 8785)."), NULL);
	}
	*ret_agreement = a;
	return OK;
}

void agreement_free(struct agreement *a)
{
	if (!a)
		return;
	json_decref(a->json);
	free(a->text);
	free(a);
}

const char *agreement_text(const struct agreement *a)
{
	return a->text;
}

const json_t *agreement_json(const struct agreement *a)
{
	return a->json;
}

const char *agreement_uid(const struct agreement *a)
{
	return json_str(a->json, "uid");
}

const char *agreement_party_id(const struct agreement *a, int which)
{
	return json_str(json_array_get(json_object_get(a->json, "parties"), (size_t)which), "id");
}

int agreement_party_of(const struct agreement *a, const char *office_id)
{
	for (int i = 0; i < 2; i++)
		if (strcmp(agreement_party_id(a, i), office_id) == 0)
			return i;
	return -1;
}

const char *agreement_title(const struct agreement *a, const char *lang)
{
	const json_t *title = json_object_get(a->json, "title");

	return json_str_or(title, lang, json_str(title, json_str(a->json, "authentic_language")));
}

/* Requirement 105; SOLVIT's limits. */
static const struct {
	const char *name;
	int amount;
	enum limit_unit unit;
} clock_defaults[LIMIT_MAX] = {
	[LIMIT_FIRST_REPLY] = { "first_reply", 7, LIMIT_DAYS },
	[LIMIT_PREPARE] = { "prepare", 30, LIMIT_DAYS },
	[LIMIT_ACCEPT] = { "accept", 7, LIMIT_DAYS },
	[LIMIT_SOLVE] = { "solve", 10, LIMIT_WEEKS },
	[LIMIT_ACCEPT_SOLUTION] = { "accept_solution", 7, LIMIT_DAYS },
};

const char *agreement_clock_name(enum agreement_limit_key which)
{
	return clock_defaults[which].name;
}

struct agreement_limit agreement_clock(const struct agreement *a, enum agreement_limit_key which)
{
	const json_t *given = json_object_get(json_object_get(a->json, "clocks"), clock_defaults[which].name);
	struct agreement_limit result = { clock_defaults[which].amount, clock_defaults[which].unit, false };

	if (!given)
		return result;
	result.amount = (int)json_int_or(given, "amount", result.amount);
	for (int unit = 0; unit < LIMIT_UNIT_MAX; unit++)
		if (strcmp(units[unit], json_str_or(given, "unit", "")) == 0)
			result.unit = (enum limit_unit)unit;
	result.agreed = true;
	return result;
}
