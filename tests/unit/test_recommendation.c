/* Recommendations: the rules by table, due days, and evidence with its event and clock. */
#include "casework/recommendation.h"

#include "../lib/desk.h"
#include "text/date.h"

static void only_what_was_taken_up_ends_in_a_recommendation(void **state)
{
	static const enum err expected[PHASE_MAX] = { [PHASE_INTAKE] = ERR_CONFLICT, [PHASE_CLOSED] = ERR_CONFLICT };
	for (int s = 0; s < PHASE_MAX; s++)
		assert_int_equal(recommendation_may_issue((enum phase)s, NULL), expected[s]);
}

static void answers_follow_the_diagram(void **state)
{
	static const struct {
		const char *from, *to;
		enum err expected;
	} rows[] = {
		{ "issued", "accepted", OK },
		{ "issued", "implemented", OK },
		{ "issued", "refused", OK },
		{ "accepted", "implemented", OK },
		{ "accepted", "refused", OK },
		{ "refused", "accepted", OK },
		{ "refused", "implemented", OK },
		{ "implemented", "accepted", ERR_CONFLICT },
		{ "implemented", "refused", ERR_CONFLICT },
		{ "issued", "issued", ERR_INVALID },
		{ "issued", "", ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct recommendation r = { .state = rows[i].from };
		assert_int_equal(recommendation_may_answer(&r, rows[i].to, NULL), rows[i].expected);
	}
}

static void the_day_is_to_come(void **state)
{
	struct desk *desk = *state;
	const struct profile *p = desk->office->profile;
	const char *zone = p->calendar.zone;
	int64_t today = civil_days(zone_date(zone, desk->now)), due_at = 0, by_rule = 0;
	char date[11];
	struct fault fault = { 0 };
	civil_format(date, civil_from_days(today));
	assert_int_equal(recommendation_due(p, date, desk->now, &due_at, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "due");
	assert_int_equal(recommendation_due(p, "2026-02-31", desk->now, &due_at, NULL), ERR_INVALID);
	civil_format(date, civil_from_days(today + 3));
	assert_int_equal(recommendation_due(p, date, desk->now, &due_at, NULL), OK);
	assert_int_equal(
	    due_at, zone_day_start(zone, civil_from_days(today + 4)) - 1); /* the last instant of that day */
	assert_int_equal(recommendation_due(p, "", desk->now, &by_rule, NULL), OK);
	assert_int_equal(civil_days(zone_date(zone, by_rule)), today + 30); /* az.implement: 30 days */
}

struct issued {
	int64_t id, running;
	const char *due, *answer;
	struct fault fault;
};

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err issue(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct issued *i = arg;
	const struct recommendation_new new = { "State Oil Works", "Pay.", i->due };
	return recommendation_issue(act, c, &new, &i->id, &i->fault);
}

static enum err answer(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct issued *i = arg;
	return recommendation_evidence(act, c, i->id, i->answer, "Bank slip.", &i->fault);
}

static enum err count_clocks(const struct casefile_act *act, struct casefile *c, void *arg)
{
	json_t *list, *one;
	size_t n;
	enum err e = case_clock_list(act, LANG_EN, c->id, &list);
	if (e)
		return e;
	((struct issued *)arg)->running = 0;
	json_array_foreach(list, n, one) if (!strcmp(json_str_or(one, "rule", ""), "az.implement") &&
					     !json_bool_or(one, "stopped", false))((struct issued *)arg)
	    ->running++;
	json_decref(list);
	return OK;
}

static void evidence_ends_the_clock(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	struct issued i = { .due = "", .answer = "accepted" };
	int64_t id = desk_file(desk, 1, "State Oil Works"), other = desk_file(desk, 2, "Another");
	assert_int_equal(desk_do(desk, &officer, id, issue, &i), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, issue, &i), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &i), OK);
	assert_int_equal(i.running, 1);
	assert_int_equal(desk_do(desk, &officer, other, answer, &i), ERR_NOT_FOUND);
	assert_int_equal(desk_do(desk, &officer, id, answer, &i), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &i), OK);
	assert_int_equal(i.running, 1); /* a promise is no payment */
	i.answer = "implemented";
	assert_int_equal(desk_do(desk, &officer, id, answer, &i), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &i), OK);
	assert_int_equal(i.running, 0);
	i.answer = "refused";
	assert_int_equal(desk_do(desk, &officer, id, answer, &i), ERR_CONFLICT);
}

static int open_office(void **state)
{
	static struct desk desk;
	desk_open(&desk, "az-commissioner");
	*state = &desk;
	return 0;
}

static int close_office(void **state)
{
	desk_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_taken_up_ends_in_a_recommendation),
		cmocka_unit_test(answers_follow_the_diagram),
		cmocka_unit_test_setup_teardown(the_day_is_to_come, open_office, close_office),
		cmocka_unit_test_setup_teardown(evidence_ends_the_clock, open_office, close_office),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
