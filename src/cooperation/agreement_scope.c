/* What an agreement lets pass, clause by clause; each refusal names the clause and its article. */
#include "cooperation/agreement.h"
#include "cooperation/agreement_inner.h"
#include "cooperation/packet.h"

#include "base/util.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *key;
	int article;
} clauses[] = {
	{ "persons", 2 },
	{ "subjects", 3 },
	{ "assistance", 4 },
	{ "data", 5 },
	{ "consent", 6 },
	{ "clocks", 7 },
	{ "languages", 8 },
	{ "term", 9 },
	{ "suspension", 10 },
	{ "termination", 11 },
};

int agreement_article(const char *clause)
{
	for (size_t i = 0; i < ARRAY_LEN(clauses); i++)
		if (strcmp(clauses[i].key, clause) == 0)
			return clauses[i].article;
	return 0;
}

static enum err missing(struct fault *fault, const char *clause, const char *key, const char *value)
{
	char article[16];

	snprintf(article, sizeof(article), "%d", agreement_article(clause));
	return fault_set(fault, ERR_DENIED, clause, key, "clause", clause, "article", article, "value", value, NULL);
}

enum err agreement_in_force(
    const struct agreement *a, const struct agreement_status *s, int64_t at, struct fault *fault)
{
	switch (agreement_state(a, s, at)) {
	case AGREEMENT_IN_FORCE:
		return OK;
	case AGREEMENT_SUSPENDED:
		return missing(fault, "suspension",
		    N_("The agreement is suspended (clause “{clause}”, article {article}): nothing may be sent under "
		       "it."),
		    "");
	case AGREEMENT_TERMINATED:
		return missing(fault, "termination",
		    N_("The agreement has been terminated (clause “{clause}”, article {article})."), "");
	case AGREEMENT_EXPIRED:
		return missing(fault, "term",
		    N_("The agreement expired on {value} (clause “{clause}”, article {article})."),
		    json_str_or(a->json, "valid_until", ""));
	case AGREEMENT_SIGNED:
		return missing(fault, "term",
		    N_("The agreement enters into force on {value} (clause “{clause}”, article {article})."),
		    json_str(a->json, "valid_from"));
	case AGREEMENT_DECLINED:
		return missing(fault, "term",
		    N_("The agreement was declined and never entered into force (clause “{clause}”, article "
		       "{article})."),
		    "");
	default:
		return missing(fault, "term",
		    N_("The agreement is not signed by both parties (clause “{clause}”, article {article})."), "");
	}
}

static const char *country_of(const struct agreement *a, int party)
{
	return json_str(json_array_get(json_object_get(a->json, "parties"), (size_t)party), "country");
}

/* Whose nationals or residents: those of the named party, or with "each" those of the sending one. */
static enum err allow_person(const struct agreement *a, const struct agreement_request *r, struct fault *fault)
{
	const json_t *persons = json_object_get(a->json, "persons");
	const char *kind = json_str(persons, "kind"), *of = json_str_or(persons, "of", "each");
	int party = strcmp(of, "each") == 0 ? r->home : strcmp(of, "second") == 0;
	bool nationals = strcmp(kind, "nationals") == 0;
	const char *has = nationals ? r->nationality : r->residence, *needs = country_of(a, party);

	if (strcmp(kind, "anyone") == 0 || (has && strcmp(has, needs) == 0))
		return OK;
	if (nationals)
		return missing(fault, "persons",
		    N_("The agreement covers only nationals of {value} (clause “{clause}”, article {article})."),
		    needs);
	return missing(fault, "persons",
	    N_("The agreement covers only residents of {value} (clause “{clause}”, article {article})."), needs);
}

/* "labour" covers "labour.wages" but not "labourers". */
static bool covers_subject(const char *agreed, const char *asked)
{
	size_t len = strlen(agreed);

	return strcmp(agreed, "*") == 0 ||
	       (strncmp(asked, agreed, len) == 0 && (asked[len] == '\0' || asked[len] == '.'));
}

static enum err allow_subject(const struct agreement *a, const char *subject, struct fault *fault)
{
	const json_t *subjects = json_object_get(a->json, "subjects");

	for (size_t i = 0; i < json_array_size(subjects); i++)
		if (covers_subject(json_string_value(json_array_get(subjects, i)), subject))
			return OK;
	return missing(fault, "subjects",
	    N_("The agreement does not cover the subject “{value}” (clause “{clause}”, article {article})."), subject);
}

static enum err allow_data(const struct agreement *a, const char *const *categories, struct fault *fault)
{
	const json_t *agreed = json_object_get(a->json, "data_categories");

	for (; *categories; categories++)
		if (!list_holds(agreed, *categories))
			return missing(fault, "data",
			    N_("The agreement does not allow data of the kind “{value}” (clause “{clause}”, article "
			       "{article})."),
			    *categories);
	return OK;
}

enum err agreement_allows(
    const struct agreement *a, const struct agreement_request *r, const char **ret_clause, struct fault *fault)
{
	enum err e = OK;

	if (!list_holds(json_object_get(a->json, "assistance"), r->kind))
		e = missing(fault, "assistance",
		    N_("The agreement does not provide for “{value}” (clause “{clause}”, article {article})."),
		    r->kind);
	if (!e)
		e = allow_person(a, r, fault);
	if (!e && r->subject)
		e = allow_subject(a, r->subject, fault);
	if (!e && r->categories)
		e = allow_data(a, r->categories, fault);
	if (!e)
		*ret_clause = "assistance";
	return e;
}

static enum err add_category(
    const char *out[CATEGORIES_MAX + 1], size_t *count, const char *category, struct fault *fault)
{
	if (!category)
		return OK;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(out[i], category) == 0)
			return OK;
	if (!packet_category_label(category))
		return fault_set(
		    fault, ERR_INVALID, "category", N_("There is no kind of data “{value}”."), "value", category, NULL);
	out[(*count)++] = category;
	out[*count] = NULL;
	return OK;
}

enum err agreement_body_categories(const json_t *body, const char *out[CATEGORIES_MAX + 1], struct fault *fault)
{
	json_t *fields = json_object_get(body, "fields");
	const json_t *files = json_object_get(body, "files");
	size_t count = 0;
	enum err e = OK;

	out[0] = NULL;
	for (void *it = json_object_iter(fields); it && !e; it = json_object_iter_next(fields, it)) {
		const struct packet_field *field = packet_field_find(json_object_iter_key(it));

		e = field ? add_category(out, &count, field->category, fault)
			  : fault_set(fault, ERR_INVALID, "/fields", N_("This member is not known."), NULL);
	}
	for (size_t i = 0; i < json_array_size(files) && !e; i++)
		e = add_category(
		    out, &count, json_str_or(json_array_get(files, i), "category", PACKET_DOCUMENTS), fault);
	return e;
}

enum err message_check_agreement(const struct message_header *h, const struct agreement *a,
    const struct agreement_status *status, int64_t at, struct fault *fault)
{
	if (strcmp(h->agreement, agreement_uid(a)) != 0 || agreement_party_of(a, h->issuer) < 0 ||
	    agreement_party_of(a, h->audience) < 0)
		return fault_set(fault, ERR_DENIED, "agr",
		    N_("There is no agreement of this number between the two offices."), NULL);
	return agreement_in_force(a, status, at, fault);
}
