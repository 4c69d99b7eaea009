/* Tests of admissibility: what the answers say together, what is proposed, what discretion may do; for both profiles.
 */
#include "../lib/desk.h"
#include "casework/admissibility.h"

static struct desk pk, az;

static int setup(void **state)
{
	desk_open(&pk, "pk-wafaqi-mohtasib");
	desk_open(&az, "az-commissioner");
	return 0;
}

static int teardown(void **state)
{
	desk_close(&pk);
	desk_close(&az);
	return 0;
}

#define GIVEN_MAX 12

/* "in_mandate=yes excluded=no agency_first=no!" ('!': overruled). */
static size_t given(struct arena *arena, const char *text, struct screening_given out[GIVEN_MAX])
{
	char *rest = arena_strdup(arena, text), *word;
	size_t n = 0;
	while ((word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		char *answer = strchr(word, '=');
		size_t len = strlen(answer);
		bool over = answer[len - 1] == '!';
		if (over)
			answer[len - 1] = '\0';
		*answer = '\0';
		out[n++] = (struct screening_given) { word, answer + 1, over };
	}
	return n;
}

#define PK_PASSED "in_mandate=yes excluded=no agency_first=yes court_pending=no court_settled=no in_time=yes repeat=no"
#define AZ_PASSED "in_mandate=yes excluded=no in_time=yes court_pending=no anonymous=no repeat=no"

static const struct {
	bool pakistan;
	const char *case_class, *answers;
	enum screening_verdict verdict;
	const char *at; /* the question in the way, or the first open one */
} verdicts[] = {
	{ true, "complaint", PK_PASSED, SCREENING_ADMISSIBLE, NULL },
	{ true, "complaint", "", SCREENING_OPEN, "in_mandate" },
	{ true, "complaint", "in_mandate=yes excluded=no", SCREENING_OPEN, "agency_first" },
	{ true, "complaint", "in_mandate=no", SCREENING_INADMISSIBLE, "in_mandate" },
	{ true, "complaint", "in_mandate=yes excluded=yes", SCREENING_INADMISSIBLE, "excluded" },
	{ true, "complaint", "repeat=yes", SCREENING_INADMISSIBLE, "repeat" },
	{ true, "complaint",
	    "in_mandate=yes excluded=no agency_first=no! court_pending=no court_settled=no in_time=no! repeat=no",
	    SCREENING_ADMISSIBLE, NULL },
	{ true, "complaint",
	    "in_mandate=yes excluded=not_applicable agency_first=yes court_pending=no court_settled=no in_time=yes "
	    "repeat=no",
	    SCREENING_ADMISSIBLE, NULL },
	{ true, "petition", "in_mandate=yes", SCREENING_ADMISSIBLE, NULL },
	{ true, "petition", "", SCREENING_OPEN, "in_mandate" },
	{ true, "consultation", "", SCREENING_ADMISSIBLE, NULL },
	{ true, "own_initiative", "", SCREENING_ADMISSIBLE, NULL },
	{ true, "something", "in_mandate=yes", SCREENING_OPEN, "excluded" },
	{ false, "complaint", AZ_PASSED, SCREENING_ADMISSIBLE, NULL },
	{ false, "complaint", "in_mandate=yes excluded=no in_time=yes court_pending=yes", SCREENING_INADMISSIBLE,
	    "court_pending" },
	{ false, "complaint", "in_mandate=yes excluded=no in_time=no court_pending=no anonymous=no repeat=no",
	    SCREENING_INADMISSIBLE, "in_time" },
};

static void each_verdict(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct desk *desk = verdicts[i].pakistan ? &pk : &az;
		struct screening_given list[GIVEN_MAX];
		size_t n = given(desk->arena, verdicts[i].answers, list);
		const struct screening_question *at;
		enum screening_verdict verdict =
		    screening_verdict(desk->office->profile, verdicts[i].case_class, list, n, &at);
		if (verdict != verdicts[i].verdict || strcmp(at ? at->key : "-", verdicts[i].at ? verdicts[i].at : "-"))
			fail_msg("row %zu: %d at %s", i, (int)verdict, at ? at->key : "-");
		struct fault fault = { 0 };
		assert_int_equal(
		    screening_may_admit(desk->office->profile, verdicts[i].case_class, list, n, &fault) == OK,
		    verdict == SCREENING_ADMISSIBLE);
		assert_int_equal(fault.key == NULL, verdict == SCREENING_ADMISSIBLE);
	}
}

static const struct {
	const char *question, *answer, *reason;
	bool overrule;
	enum err result;
	const char *field;
} answers[] = {
	{ "in_mandate", "yes", "", false, OK, NULL },
	{ "in_mandate", "maybe", "x", false, ERR_INVALID, "answer" },
	{ "in_mandate", "no", "", false, ERR_INVALID, "reason" }, /* what stands in the way is explained */
	{ "in_mandate", "no", "A bank.", false, OK, NULL },
	{ "in_mandate", "no", "A bank.", true, ERR_CONFLICT, "answer" }, /* no discretion about the mandate */
	{ "court_pending", "yes", "Suit 7.", true, ERR_CONFLICT, "answer" },
	{ "in_time", "no", "He was in hospital.", true, OK, NULL },
	{ "in_time", "no", "", true, ERR_INVALID, "reason" },
	{ "in_time", "yes", "x", true, ERR_CONFLICT, "answer" }, /* nothing to overrule */
	{ "repeat", "not_applicable", "", false, OK, NULL },
};

static void each_answer(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct fault fault = { 0 };
		enum err e = screening_may_answer(profile_question(pk.office->profile, answers[i].question),
		    answers[i].answer, answers[i].reason, answers[i].overrule, &fault);
		if (e != answers[i].result || (e && strcmp(fault.field, answers[i].field)))
			fail_msg("row %zu: %d %s", i, (int)e, fault.field);
	}
}

static int64_t day(const char *iso)
{
	struct civil date;
	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static const struct {
	bool pakistan;
	const char *question, *body, *declaration, *happened, *received, *answer;
	bool anonymous, typed;
	size_t earlier;
} proposals[] = {
	{ true, "in_mandate", "nadra", NULL, NULL, NULL, "yes" },
	{ true, "in_mandate", "banks", NULL, NULL, NULL, "no" },
	{ true, "in_mandate", "courts", NULL, NULL, NULL, "" }, /* that is the next question's reason */
	{ true, "excluded", "courts", NULL, NULL, NULL, "yes" },
	{ true, "excluded", "nadra", NULL, NULL, NULL, "no" },
	{ true, "excluded", NULL, NULL, NULL, NULL, "" },
	{ true, "agency_first", NULL, "agency_approached", NULL, NULL, "yes" },
	{ true, "agency_first", NULL, NULL, NULL, NULL, "", .typed = true },
	{ true, "court_pending", NULL, "no_court_case", NULL, NULL, "no" }, /* affirmed that there is none */
	{ true, "court_settled", NULL, NULL, NULL, NULL, "" },
	{ true, "in_time", NULL, NULL, "2026-08-23", "2026-11-23", "yes" }, /* the last day */
	{ true, "in_time", NULL, NULL, "2026-08-22", "2026-11-23", "no" },
	{ true, "in_time", NULL, NULL, NULL, "2026-11-23", "" },
	{ true, "repeat", NULL, NULL, NULL, NULL, "no" },
	{ true, "repeat", NULL, NULL, NULL, NULL, "", .earlier = 2 },
	{ false, "in_time", NULL, NULL, "2025-11-23", "2026-11-23", "yes" },
	{ false, "in_time", NULL, NULL, "2025-11-22", "2026-11-23", "no" },
	{ false, "in_time", NULL, "within_one_year=no", NULL, "2026-11-23", "no" },
	{ false, "in_time", NULL, "within_one_year=yes", NULL, "2026-11-23", "yes" },
	{ false, "court_pending", NULL, "court_pending=yes", NULL, NULL, "yes" },
	{ false, "court_pending", NULL, "court_pending=no", NULL, NULL, "no" },
	{ false, "anonymous", NULL, NULL, NULL, NULL, "no" },
	{ false, "anonymous", NULL, NULL, NULL, NULL, "", .anonymous = true },
	{ false, "excluded", "judges", NULL, NULL, NULL, "yes" },
};

static void each_proposal(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(proposals); i++) {
		const struct profile *profile = (proposals[i].pakistan ? &pk : &az)->office->profile;
		const struct screening_question *question = profile_question(profile, proposals[i].question);
		const char *const declared[] = { proposals[i].declaration, NULL };
		const struct screening_known known = {
			.body = proposals[i].body ? profile_body(profile, proposals[i].body) : NULL,
			.declarations = declared,
			.declared = !proposals[i].typed,
			.anonymous = proposals[i].anonymous,
			.earlier = proposals[i].earlier,
			.limit = question->clock ? profile_clock(profile, question->clock, day("2026-11-23")) : NULL,
			.happened_day = proposals[i].happened ? day(proposals[i].happened) : CALENDAR_FIRST,
			.received_day = proposals[i].received ? day(proposals[i].received) : CALENDAR_FIRST
		};
		struct screening_proposal proposal = screening_propose(question, &profile->calendar, &known);
		if (strcmp(proposal.answer, proposals[i].answer))
			fail_msg("row %zu: “%s”", i, proposal.answer);
		if (*proposal.answer || proposals[i].typed || proposals[i].earlier || proposals[i].anonymous)
			assert_non_null(proposal.words);
	}
}

/* The best office for a body, its country or a reason. */
static const char *best(const struct profile *profile, const char *body, const char *country, const char *reason)
{
	const char *found = "";
	int most = 0;
	for (size_t i = 0; i < profile->others; i++) {
		int fits = screening_office_fits(
		    &profile->other[i], profile, body ? profile_body(profile, body) : NULL, country, reason);
		if (fits > most) {
			most = fits;
			found = profile->other[i].key;
		}
	}
	return found;
}

static void suggests_the_right_office(void **state)
{
	const struct profile *p = pk.office->profile, *a = az.office->profile;
	assert_string_equal(best(p, "banks", "", "not_our_institution"), "banking");
	assert_string_equal(best(p, "taxes", "", ""), "tax");
	assert_string_equal(best(p, "az_public_body", "", "not_our_institution"), "az_commissioner");
	assert_string_equal(best(p, NULL, "AZ", ""), "az_commissioner");
	assert_string_equal(best(p, NULL, "PK", ""), "");
	assert_string_equal(best(p, NULL, "", "sub_judice"), "courts");
	assert_string_equal(best(a, "judges", "", "not_our_subject"), "courts");
	assert_string_equal(best(a, NULL, "PK", ""), "pk_wafaqi_mohtasib");
	assert_string_equal(best(a, NULL, "TR", ""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict),
		cmocka_unit_test(each_answer),
		cmocka_unit_test(each_proposal),
		cmocka_unit_test(suggests_the_right_office),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
