/* What may happen to a decision afterwards: the rules by table, for both profiles' ways. */
#include "casework/review.h"

#include "../lib/desk.h"

static const struct review_outcome outcomes[] = { { .key = "upheld" }, { .key = "recalled", .changes = true } };
static const struct review_way inside = { .key = "review", .condonable = true, .outcome = outcomes, .outcomes = 2 };
static const struct review_way outside = { .key = "president", .outside = true, .outcome = outcomes, .outcomes = 2 };

static void filing_needs_a_decision_and_its_time(void **state)
{
	static const struct {
		const struct review_way *way;
		struct review_case c;
		bool condoned;
		enum err e;
		bool late;
	} rows[] = {
		{ &inside, { false, 0, false, 100 }, false, ERR_CONFLICT, false },
		{ &inside, { true, 0, false, 100 }, false, OK, false },
		{ &inside, { true, 0, true, 100 }, false, ERR_CONFLICT, false },
		{ &inside, { true, 0, false, 49 }, false, ERR_INVALID, false },
		{ &inside, { true, 0, false, 49 }, true, OK, true },
		{ &inside, { true, 0, false, 50 }, false, OK, false }, /* the last instant is in time */
		{ &inside, { true, 0, false, CLOCK_OPEN }, false, OK, false },
		{ &outside, { true, 0, false, 49 }, true, ERR_CONFLICT, false },
		{ &outside, { true, 0, false, 100 }, false, OK, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool late = false;
		assert_int_equal(
		    review_may_file(rows[i].way, &rows[i].c, 50, rows[i].condoned, &late, NULL), rows[i].e);
		assert_int_equal(late, rows[i].late);
	}
}

static void who_was_involved_does_not_review(void **state)
{
	const struct review_rules rules = { .excludes = 1u << INVOLVED_LED | 1u << INVOLVED_SIGNED };
	const struct involved before[] = { { 3, INVOLVED_LED }, { 4, INVOLVED_REGISTERED }, { 5, INVOLVED_SIGNED } };
	struct fault fault = { 0 };
	char words[300];
	assert_int_equal(review_may_take(&rules, before, 3, 3, "Leyla", &fault), ERR_CONFLICT);
	assert_string_equal(fault_english(&fault, words, sizeof(words)),
	    "staff_id: Leyla led the case before; a review is for somebody who was not involved.");
	assert_int_equal(
	    review_may_take(&rules, before, 3, 4, "Rashid", NULL), OK); /* registering does not count here */
	assert_int_equal(review_may_take(&rules, before, 3, 5, "Head", NULL), ERR_CONFLICT);
	assert_int_equal(review_may_take(&rules, before, 3, 9, "New", NULL), OK);
}

static void only_the_reviewer_decides_and_once(void **state)
{
	const struct actor leyla = { .kind = ACTOR_STAFF, .id = 3 }, other = { .kind = ACTOR_STAFF, .id = 4 };
	struct review r = { .state = "asked", .reviewer_name = "Leyla" };
	assert_int_equal(review_may_decide(&inside, &r, &leyla, "upheld", NULL), ERR_CONFLICT); /* nobody named */
	r.reviewer = 3;
	assert_int_equal(review_may_decide(&inside, &r, &leyla, "upheld", NULL), OK);
	assert_int_equal(review_may_decide(&inside, &r, &other, "upheld", NULL), ERR_DENIED);
	assert_int_equal(review_may_decide(&inside, &r, &leyla, "praised", NULL), ERR_INVALID);
	r.state = "decided";
	assert_int_equal(review_may_decide(&inside, &r, &leyla, "upheld", NULL), ERR_CONFLICT);
	r.state = "asked";
	r.reviewer = 0;
	assert_int_equal(review_may_decide(&outside, &r, &other, "recalled", NULL), OK); /* recorded only */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filing_needs_a_decision_and_its_time),
		cmocka_unit_test(who_was_involved_does_not_review),
		cmocka_unit_test(only_the_reviewer_decides_and_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
