/* The document's rules, what both sides may do to it, when it is in force, and what each clause stops. */
#include "cooperation/agreement.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PK "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define AZ "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const char text[] =
    "{'assistance':['referral'],'authentic_language':'en','clocks':{'accept':{'amount':5,'unit':'working_days'}},"
    "'consent':'explicit','data_categories':['identity','facts','documents'],'languages':['en','ur'],'notice_days':90,"
    "'parties':[{'contact':{'email':'a@example.pk','name':'A'},'country':'PK','deputy':{'email':'b@example.pk',"
    "'name':'B'},'id':'" PK "','name':{'en':'Pakistan'}},{'contact':{'email':'c@example.az','name':'C'},'country':'AZ',"
    "'deputy':{'email':'d@example.az','name':'D'},'id':'" AZ "','name':{'en':'Azerbaijan'}}],"
    "'persons':{'kind':'nationals'},'subjects':['labour','detention.conditions'],'text':{'en':'The parties agree.'},"
    "'title':{'en':'Memorandum','ur':'x'},'uid':'0193a1b2-0000-7000-8000-000000000001','valid_from':'2026-01-01',"
    "'valid_until':'2026-12-31','version':1}";

static char *json_text(void)
{
	char *copy = strdup(text);

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	return copy;
}

static struct agreement *load(void)
{
	char *copy = json_text();
	struct agreement *a = NULL;

	assert_int_equal(agreement_parse(copy, strlen(copy), &a, NULL), OK);
	assert_string_equal(agreement_text(a), copy);
	free(copy);
	return a;
}

static int64_t at(const char *time)
{
	int64_t ms = 0;

	assert_int_equal(rfc3339_parse(time, &ms), OK);
	return ms;
}

static void canonical_or_nothing(void **state)
{
	char *copy = json_text(), spaced[2048];
	struct agreement *a = NULL;
	struct fault fault = { 0 };

	snprintf(spaced, sizeof(spaced), "{ %s", copy + 1);
	assert_int_equal(agreement_parse(spaced, strlen(spaced), &a, &fault), ERR_INVALID);
	assert_non_null(strstr(fault.key, "canonical"));
	assert_null(a);
	free(copy);
}

static void document_rules(void **state)
{
	static const struct {
		const char *member, *value, *field;
	} rows[] = {
		{ "valid_until", "\"2025-12-31\"", "/valid_until" },
		{ "valid_from", "\"2026-02-30\"", "/valid_from" },
		{ "authentic_language", "\"az\"", "/authentic_language" },
		{ "parties", "[]", "/parties" },
		{ "consent", "\"implied\"", "/consent" },
		{ "assistance", "[\"espionage\"]", "/assistance/0" },
		{ "subjects", "[]", "/subjects" },
		{ "subjects", "[\"Labour\"]", "/subjects/0" },
		{ "clocks", "{\"accept\":{\"amount\":0,\"unit\":\"days\"}}", "/clocks/accept/amount" },
		{ "clocks", "{\"nap\":{\"amount\":1,\"unit\":\"days\"}}", "/clocks/nap" },
		{ "text", "{\"ur\":\"x\"}", "/text" },
		{ "extra", "1", "/extra" },
		{ "uid", "null", "/uid" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct agreement *good = load(), *a = NULL;
		json_t *json = json_deep_copy(agreement_json(good));
		struct fault fault = { 0 };

		json_put(json, rows[i].member, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(agreement_from_json(json, &a, &fault), ERR_INVALID);
		assert_string_equal(fault.field, rows[i].field);
		assert_null(a);
		json_decref(json);
		agreement_free(good);
	}
}

static const struct agreement_status both = { 0, { true, true }, false, { false, false },
	{ AGREEMENT_NEVER, AGREEMENT_NEVER } };

static void states_by_time(void **state)
{
	struct agreement *a = load();
	struct agreement_status s = both;

	assert_int_equal(agreement_state(a, &s, at("2025-12-31T23:59:59.999Z")), AGREEMENT_SIGNED);
	assert_int_equal(agreement_state(a, &s, at("2026-01-01T00:00:00.000Z")), AGREEMENT_IN_FORCE);
	assert_int_equal(agreement_state(a, &s, at("2026-12-31T23:59:59.999Z")), AGREEMENT_IN_FORCE);
	assert_int_equal(agreement_state(a, &s, at("2027-01-01T00:00:00.000Z")), AGREEMENT_EXPIRED);
	assert_int_equal(agreement_changes_at(a, &s, at("2026-06-01T00:00:00.000Z")), at("2027-01-01T00:00:00.000Z"));
	s.ends[1] = at("2026-07-01T00:00:00.000Z");
	assert_int_equal(agreement_changes_at(a, &s, at("2026-06-01T00:00:00.000Z")), s.ends[1]);
	assert_int_equal(agreement_state(a, &s, at("2026-06-30T23:59:59.999Z")), AGREEMENT_IN_FORCE);
	assert_int_equal(agreement_state(a, &s, s.ends[1]), AGREEMENT_TERMINATED);
	s = both;
	s.has_signed[1] = false;
	assert_int_equal(agreement_state(a, &s, at("2026-06-01T00:00:00.000Z")), AGREEMENT_PROPOSED);
	agreement_free(a);
}

static void stopped_names_its_clause(void **state)
{
	struct agreement *a = load();
	struct agreement_status s[] = { both, both, both, AGREEMENT_STATUS_INIT };
	static const char *const clause[] = { "suspension", "termination", "", "term" };

	s[0].suspended[0] = s[0].suspended[1] = true;
	s[1].ends[0] = 0;
	for (size_t i = 0; i < ARRAY_LEN(s); i++) {
		struct fault fault = { 0 };
		enum err e = agreement_in_force(a, &s[i], at("2026-06-01T00:00:00.000Z"), &fault);

		assert_int_equal(e, *clause[i] ? ERR_DENIED : OK);
		assert_string_equal(fault.field, clause[i]);
	}
	agreement_free(a);
}

static enum err act(struct agreement_status *s, enum message_type type, int party, bool seen, enum refusal *code)
{
	struct agreement_act one = { type, party, type == MESSAGE_AGREEMENT_TERMINATE ? "2026-05-01" : NULL, seen };

	return agreement_move(s, &one, s, code, NULL);
}

static void same_status(const struct agreement_status *a, const struct agreement_status *b)
{
	json_t *one = agreement_status_json(a), *two = agreement_status_json(b);

	assert_true(json_equal(one, two));
	json_decref(one);
	json_decref(two);
}

static void acts(void **state)
{
	struct agreement_status s = AGREEMENT_STATUS_INIT;
	enum refusal code = REFUSAL_MAX;

	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SIGN, 1, true, &code), ERR_CONFLICT);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_PROPOSE, 0, true, &code), OK);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_PROPOSE, 1, true, &code), ERR_CONFLICT);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SIGN, 0, true, &code), ERR_CONFLICT);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SUSPEND, 1, true, &code), ERR_CONFLICT);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SIGN, 1, true, &code), OK);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_DECLINE, 1, true, &code), ERR_CONFLICT);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SUSPEND, 0, true, &code), OK);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_SUSPEND, 1, true, &code), OK);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_RESUME, 0, true, &code), OK);
	assert_true(s.suspended[1] && !s.suspended[0]);
	assert_int_equal(act(&s, MESSAGE_AGREEMENT_TERMINATE, 1, true, &code), OK);
	assert_int_equal(s.ends[1], at("2026-05-01T00:00:00.000Z"));
}

static void a_proposer_that_takes_back_wins(void **state)
{
	struct agreement_status proposer = AGREEMENT_STATUS_INIT, signer = AGREEMENT_STATUS_INIT;
	enum refusal code = REFUSAL_MAX;

	assert_int_equal(act(&proposer, MESSAGE_AGREEMENT_PROPOSE, 0, true, &code), OK);
	signer = proposer;
	assert_int_equal(act(&proposer, MESSAGE_AGREEMENT_DECLINE, 0, true, &code), OK);
	/* The signature, not having seen it, arrives: crossed. The decline arrives there while that one is on its way.
	 */
	assert_int_equal(act(&proposer, MESSAGE_AGREEMENT_SIGN, 1, false, &code), ERR_CONFLICT);
	assert_int_equal(code, REFUSAL_CROSSED);
	assert_int_equal(act(&signer, MESSAGE_AGREEMENT_DECLINE, 0, false, &code), OK);
	same_status(&proposer, &signer);
	assert_int_equal(act(&proposer, MESSAGE_AGREEMENT_SIGN, 1, true, &code), ERR_CONFLICT);
	assert_int_equal(code, REFUSAL_MOVE);
}

/* Own acts in any order give the same status: what crosses needs no decision. */
static void suspension_and_termination_commute(void **state)
{
	static const struct {
		enum message_type type;
		int party;
	} pool[] = { { MESSAGE_AGREEMENT_SUSPEND, 0 }, { MESSAGE_AGREEMENT_SUSPEND, 1 },
		{ MESSAGE_AGREEMENT_RESUME, 0 }, { MESSAGE_AGREEMENT_RESUME, 1 }, { MESSAGE_AGREEMENT_TERMINATE, 0 },
		{ MESSAGE_AGREEMENT_TERMINATE, 1 } };
	enum refusal code;

	for (size_t i = 0; i < ARRAY_LEN(pool); i++)
		for (size_t k = 0; k < ARRAY_LEN(pool); k++) {
			struct agreement_status one = both, two = both;

			if (pool[i].party == pool[k].party)
				continue;
			assert_int_equal(act(&one, pool[i].type, pool[i].party, false, &code), OK);
			assert_int_equal(act(&one, pool[k].type, pool[k].party, false, &code), OK);
			assert_int_equal(act(&two, pool[k].type, pool[k].party, false, &code), OK);
			assert_int_equal(act(&two, pool[i].type, pool[i].party, false, &code), OK);
			same_status(&one, &two);
		}
}

static void refused_acts_are_taken_back(void **state)
{
	static const enum message_type types[] = { MESSAGE_AGREEMENT_SUSPEND, MESSAGE_AGREEMENT_TERMINATE };
	struct agreement_status s = both;
	enum refusal code;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		assert_int_equal(act(&s, types[i], 1, true, &code), OK);
		agreement_undo(&s, &(struct agreement_act) { types[i], 1, NULL, true });
		same_status(&s, &both);
	}
}

static void status_comes_back(void **state)
{
	struct agreement_status s = { 1, { true, false }, true, { false, true }, { 5, AGREEMENT_NEVER } }, got = both;
	json_t *json = agreement_status_json(&s), *broken = json_object();

	assert_int_equal(agreement_status_parse(json, &got), OK);
	assert_int_equal(got.proposer, 1);
	assert_true(got.has_signed[0] && !got.has_signed[1] && got.declined && !got.suspended[0] && got.suspended[1]);
	assert_int_equal(got.ends[0], 5);
	assert_int_equal(got.ends[1], AGREEMENT_NEVER);
	assert_int_equal(agreement_status_parse(broken, &got), ERR_INVALID);
	json_decref(json);
	json_decref(broken);
}

static void each_clause_stops(void **state)
{
	static const char *const plain[] = { "identity", "facts", NULL }, *const health[] = { "facts", "health", NULL };
	static const struct {
		struct agreement_request request;
		const char *clause;
	} rows[] = {
		{ { "referral", 0, "PK", "AZ", "labour", plain }, "" },
		{ { "referral", 0, "PK", "AZ", "labour.wages", plain }, "" },
		{ { "referral", 1, "AZ", "PK", "detention.conditions.heat", NULL }, "" },
		{ { "query", 0, "PK", "AZ", "labour", plain }, "assistance" },
		{ { "referral", 1, "PK", "AZ", "labour", plain }, "persons" },
		{ { "referral", 0, NULL, "AZ", "labour", plain }, "persons" },
		{ { "referral", 0, "PK", "AZ", "labourers", plain }, "subjects" },
		{ { "referral", 0, "PK", "AZ", "detention", plain }, "subjects" },
		{ { "referral", 0, "PK", "AZ", "labour", health }, "data" },
	};
	struct agreement *a = load();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		const char *clause = NULL;
		char words[256];

		assert_int_equal(
		    agreement_allows(a, &rows[i].request, &clause, &fault), *rows[i].clause ? ERR_DENIED : OK);
		assert_string_equal(fault.field, rows[i].clause);
		if (*rows[i].clause)
			assert_non_null(strstr(fault_english(&fault, words, sizeof(words)), "article "));
		else
			assert_string_equal(clause, "assistance");
	}
	agreement_free(a);
}

static void clocks_agreed_and_default(void **state)
{
	struct agreement *a = load();
	struct agreement_limit accept = agreement_clock(a, LIMIT_ACCEPT), solve = agreement_clock(a, LIMIT_SOLVE);

	assert_true(accept.amount == 5 && accept.unit == LIMIT_WORKING_DAYS && accept.agreed);
	assert_true(solve.amount == 10 && solve.unit == LIMIT_WEEKS && !solve.agreed);
	assert_int_equal(agreement_party_of(a, AZ), 1);
	assert_int_equal(agreement_party_of(a, "nobody"), -1);
	assert_string_equal(agreement_title(a, "ru"), "Memorandum");
	agreement_free(a);
}

static void categories_of_a_body(void **state)
{
	const char *got[CATEGORIES_MAX + 1];
	json_t *body = json_pack("{s:{s:s,s:s,s:s},s:[{s:s},{s:s,s:s}]}", "fields", "name", "x", "sex", "x",
	    "embassy_not_informed", "yes", "files", "id", "1", "id", "2", "category", "health");

	assert_int_equal(agreement_body_categories(body, got, NULL), OK);
	assert_string_equal(got[0], "identity");
	assert_string_equal(got[1], "documents");
	assert_string_equal(got[2], "health");
	assert_null(got[3]);
	json_put_str(json_array_get(json_object_get(body, "files"), 0), "category", "gossip");
	assert_int_equal(agreement_body_categories(body, got, NULL), ERR_INVALID);
	json_decref(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_or_nothing),
		cmocka_unit_test(document_rules),
		cmocka_unit_test(states_by_time),
		cmocka_unit_test(stopped_names_its_clause),
		cmocka_unit_test(acts),
		cmocka_unit_test(a_proposer_that_takes_back_wins),
		cmocka_unit_test(suspension_and_termination_commute),
		cmocka_unit_test(refused_acts_are_taken_back),
		cmocka_unit_test(status_comes_back),
		cmocka_unit_test(each_clause_stops),
		cmocka_unit_test(clocks_agreed_and_default),
		cmocka_unit_test(categories_of_a_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
