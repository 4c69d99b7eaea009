/* Recommendations: the rules by table, due days, the public text, compliance over time and what is counted of it. */
#include "casework/recommendation.h"

#include "../lib/desk.h"
#include "text/date.h"

static void only_what_was_taken_up_ends_in_a_recommendation(void **state)
{
	static const enum err expected[PHASE_MAX] = { [PHASE_INTAKE] = ERR_CONFLICT, [PHASE_CLOSED] = ERR_CONFLICT };
	for (enum phase p = 0; p < PHASE_MAX; p++)
		assert_int_equal(recommendation_may_issue(p, NULL), expected[p]);
}

static void replies_and_assessments_follow_the_diagram(void **state)
{
	static const struct {
		const char *from;
		enum recommendation_act act;
		const char *value, *to; /* NULL: refused */
		enum err expected;
	} rows[] = {
		{ "issued", RECOMMENDATION_REPLY, "accepted", "accepted", OK },
		{ "issued", RECOMMENDATION_REPLY, "partly", "partly", OK },
		{ "issued", RECOMMENDATION_REPLY, "refused", "refused", OK },
		{ "accepted", RECOMMENDATION_REPLY, "refused", "refused", OK },
		{ "partly", RECOMMENDATION_REPLY, "accepted", "accepted", OK },
		{ "refused", RECOMMENDATION_REPLY, "accepted", "accepted", OK },
		{ "defied", RECOMMENDATION_REPLY, "accepted", "accepted", OK },
		{ "defied", RECOMMENDATION_REPLY, "partly", "partly", OK },
		{ "defied", RECOMMENDATION_REPLY, "refused", "defied", OK },
		{ "implemented", RECOMMENDATION_REPLY, "refused", NULL, ERR_CONFLICT },
		{ "issued", RECOMMENDATION_REPLY, "issued", NULL, ERR_INVALID },
		{ "issued", RECOMMENDATION_REPLY, "", NULL, ERR_INVALID },
		{ "issued", RECOMMENDATION_ASSESS, "none", "issued", OK },
		{ "accepted", RECOMMENDATION_ASSESS, "partly", "accepted", OK },
		{ "partly", RECOMMENDATION_ASSESS, "substantially", "partly", OK },
		{ "issued", RECOMMENDATION_ASSESS, "fully", "implemented", OK },
		{ "accepted", RECOMMENDATION_ASSESS, "fully", "implemented", OK },
		{ "partly", RECOMMENDATION_ASSESS, "fully", "implemented", OK },
		{ "refused", RECOMMENDATION_ASSESS, "fully", "implemented", OK },
		{ "defied", RECOMMENDATION_ASSESS, "fully", "implemented", OK },
		{ "implemented", RECOMMENDATION_ASSESS, "none", NULL, ERR_CONFLICT },
		{ "issued", RECOMMENDATION_ASSESS, "nearly", NULL, ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct recommendation r = { .state = rows[i].from, .escalated = "" };
		const char *to = NULL;
		assert_int_equal(recommendation_next(&r, rows[i].act, rows[i].value, &to, NULL), rows[i].expected);
		if (rows[i].to)
			assert_string_equal(to, rows[i].to);
	}
}

static void it_is_taken_higher_only_when_it_is_defied(void **state)
{
	static const struct {
		const char *state;
		int64_t due;
		const char *escalated;
		enum err expected;
	} rows[] = {
		{ "issued", 100, "", ERR_CONFLICT }, /* its last moment */
		{ "issued", 99, "", OK },            /* late */
		{ "accepted", 200, "", ERR_CONFLICT },
		{ "accepted", 99, "", OK }, /* a promise is no payment */
		{ "refused", 200, "", OK },
		{ "defied", 200, "superior", OK },
		{ "defied", 99, "special_report", ERR_CONFLICT },
		{ "implemented", 99, "", ERR_CONFLICT },
	};
	static const struct {
		const char *before, *step;
		enum err expected;
	} steps[] = {
		{ "", "superior", OK },
		{ "", "special_report", OK },
		{ "superior", "head", OK },
		{ "superior", "superior", ERR_CONFLICT },
		{ "head", "superior", ERR_CONFLICT },
		{ "head", "special_report", OK },
		{ "", "president", ERR_INVALID },
		{ "", "", ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct recommendation r = {
			.state = rows[i].state, .due_at = rows[i].due, .escalated = rows[i].escalated
		};
		assert_int_equal(recommendation_may(&r, RECOMMENDATION_ESCALATE, 100, NULL), rows[i].expected);
	}
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(recommendation_may_step(steps[i].before, steps[i].step, NULL), steps[i].expected);
}

static void the_public_text_names_nobody(void **state)
{
	static const char *const names[] = { "Gul Khan", "Sevda Əliyeva" };
	static const struct {
		const char *text;
		enum err expected;
	} rows[] = {
		{ "", OK }, { "Pay wages in the month in which they are earned.", OK },
		{ "Pay Gul Khan what is owed.", ERR_INVALID }, { "Pay KHAN what is owed.", ERR_INVALID },
		{ "Pay gül what is owed.", ERR_INVALID }, { "Выплатить Алиевой? Нет: Алиева.", ERR_INVALID },
		{ "علیئوا کو ادائیگی کریں۔", ERR_INVALID },
		{ "The caravanserai at Khanewal is to be closed.", OK }, /* a part of another word */
	};
	struct arena *arena = arena_new(0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		assert_int_equal(
		    recommendation_public_ok(arena, rows[i].text, names, ARRAY_LEN(names), &fault), rows[i].expected);
		if (rows[i].expected)
			assert_string_equal(fault.field, "public_text");
	}
	arena_free(arena);
}

static void ages_go_in_steps_of_thirty_days(void **state)
{
	static const struct {
		int64_t issued, today;
		int step;
	} rows[] = { { 10, 10, 0 }, { 10, 39, 0 }, { 10, 40, 1 }, { 10, 69, 1 }, { 10, 70, 2 }, { 10, 9, 0 } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(recommendation_age_step(rows[i].issued, rows[i].today), rows[i].step);
}

static void the_day_is_to_come(void **state)
{
	struct desk *desk = *state;
	const char *zone = desk->office->profile->calendar.zone;
	int64_t today = civil_days(zone_date(zone, desk->now)), due_at = 0, by_rule = 0;
	char date[11];
	struct fault fault = { 0 };
	civil_format(date, civil_from_days(today));
	assert_int_equal(recommendation_due(desk->office, date, desk->now, &due_at, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "due");
	assert_int_equal(recommendation_due(desk->office, "2026-02-31", desk->now, &due_at, NULL), ERR_INVALID);
	civil_format(date, civil_from_days(today + 3));
	assert_int_equal(recommendation_due(desk->office, date, desk->now, &due_at, NULL), OK);
	assert_int_equal(
	    due_at, zone_day_start(zone, civil_from_days(today + 4)) - 1); /* the last instant of that day */
	assert_int_equal(recommendation_due(desk->office, "", desk->now, &by_rule, NULL), OK);
	assert_int_equal(civil_days(zone_date(zone, by_rule)), today + 30); /* az.implement: 30 days */
}

/* --- with a database --------------------------------------------------------------------------------------------- */

struct work {
	struct recommendation_new new;
	struct recommendation_assessment assessment;
	int64_t id, running;
	const char *value;
	int64_t due, unanswered, open, done, history;
	struct fault fault;
};

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err issue(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return recommendation_issue(act, c, &w->new, 0, &w->id, &w->fault);
}

static enum err reply(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return recommendation_reply(act, c, w->id, w->value, "We cannot.", &w->fault);
}

static enum err assess(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return recommendation_assess(act, c, w->id, &w->assessment, &w->fault);
}

static enum err remind(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return recommendation_remind(act, c, w->id, "", &w->fault);
}

static enum err escalate(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return recommendation_escalate(act, c, w->id, w->value, "They do not answer.", &w->fault);
}

static enum err add_paper(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct document_new doc = { "slip.pdf", "application/pdf", "00", "staff", 3 };
	return document_add(act, c->id, &doc, &((struct work *)arg)->assessment.document[0]);
}

static enum err count_clocks(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	json_t *list, *one;
	size_t n;
	enum err e = case_clock_list(act, LANG_EN, c->id, &list);
	if (e)
		return e;
	w->running = 0;
	json_array_foreach(list, n, one) if (!strcmp(json_str_or(one, "rule", ""), "az.implement") &&
					     !json_bool_or(one, "stopped", false)) w->running++;
	json_decref(list);
	return OK;
}

#define BOTH(text_)                                                                                                    \
	{                                                                                                              \
		text_, text_                                                                                           \
	}
static const struct db_sql sql_due = { "due",
	BOTH("SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'due' AND whom = ''") };
static const struct db_sql sql_unanswered = { "unanswered",
	BOTH("SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'unanswered'") };
static const struct db_sql sql_open = { "open", BOTH("SELECT coalesce(sum(open), 0) FROM recommendation_body") };
static const struct db_sql sql_done = { "done", BOTH("SELECT coalesce(sum(done), 0) FROM recommendation_body") };
static const struct db_sql sql_history = { "history", BOTH("SELECT count(*) FROM recommendation_assessment") };

static enum err counts(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	enum err e = db_get_int(act->tx, &sql_due, DB_NO_ARGS, &w->due);
	if (!e)
		e = db_get_int(act->tx, &sql_unanswered, DB_NO_ARGS, &w->unanswered);
	if (!e)
		e = db_get_int(act->tx, &sql_open, DB_NO_ARGS, &w->open);
	if (!e)
		e = db_get_int(act->tx, &sql_done, DB_NO_ARGS, &w->done);
	return e ? e : db_get_int(act->tx, &sql_history, DB_NO_ARGS, &w->history);
}

static void counted(struct desk *desk, const struct actor *officer, struct work *w, int64_t due, int64_t unanswered,
    int64_t open, int64_t done)
{
	assert_int_equal(desk_do(desk, officer, 0, counts, w), OK);
	assert_int_equal(w->due, due);
	assert_int_equal(w->unanswered, unanswered);
	assert_int_equal(w->open, open);
	assert_int_equal(w->done, done);
}

static struct work pay(void)
{
	return (struct work) { .new = { "", "State Oil Works", "Pay.", "personal", "Pay wages in time.", "", "" },
		.assessment = { .degree = "partly", .words = "Bank slip." } };
}

static void compliance_is_a_history_and_its_end_ends_the_clock(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works"), other = desk_file(desk, 2, "Another");
	struct work w = pay();
	assert_int_equal(desk_do(desk, &officer, id, issue, &w), ERR_CONFLICT); /* not taken up */
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, issue, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &w), OK);
	assert_int_equal(w.running, 1);
	counted(desk, &officer, &w, 1, 1, 1, 0);
	assert_int_equal(desk_do(desk, &officer, other, assess, &w), ERR_NOT_FOUND);
	w.value = "accepted";
	assert_int_equal(desk_do(desk, &officer, id, reply, &w), OK);
	counted(desk, &officer, &w, 1, 0, 1, 0);
	assert_int_equal(desk_do(desk, &officer, id, assess, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &w), OK);
	assert_int_equal(w.running, 1); /* a part is not all */
	w.assessment.degree = "fully";
	w.assessment.document[0] = 77;
	assert_int_equal(desk_do(desk, &officer, id, assess, &w), ERR_INVALID);
	assert_string_equal(w.fault.field, "document_1");
	assert_int_equal(desk_do(desk, &officer, other, add_paper, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, assess, &w), ERR_INVALID); /* another case's paper */
	assert_int_equal(desk_do(desk, &officer, id, add_paper, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, assess, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, count_clocks, &w), OK);
	assert_int_equal(w.running, 0);
	counted(desk, &officer, &w, 0, 0, 0, 1);
	assert_int_equal(w.history, 2);
	assert_int_equal(desk_do(desk, &officer, id, reply, &w), ERR_CONFLICT);
}

static void a_refusal_is_taken_higher(void **state)
{
	struct desk *desk = *state;
	struct actor head = desk_staff(desk, "head", "commissioner");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = pay();
	w.value = "superior";
	assert_int_equal(desk_do(desk, &head, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &head, id, issue, &w), OK);
	assert_int_equal(desk_do(desk, &head, id, remind, &w), OK);
	assert_int_equal(desk_do(desk, &head, id, escalate, &w), ERR_CONFLICT); /* it has time */
	w.value = "refused";
	assert_int_equal(desk_do(desk, &head, id, reply, &w), OK);
	w.value = "superior";
	assert_int_equal(desk_do(desk, &head, id, escalate, &w), OK);
	assert_int_equal(desk_do(desk, &head, id, escalate, &w), ERR_CONFLICT); /* done */
	w.value = "special_report";
	assert_int_equal(desk_do(desk, &head, id, escalate, &w), OK);
	counted(desk, &head, &w, 1, 0, 1, 0);
}

static void names_of_the_case_are_kept_out(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = pay();
	w.new.public_text = "Person 1 is to be paid.";
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, issue, &w), ERR_INVALID);
	assert_string_equal(w.fault.field, "public_text");
	counted(desk, &officer, &w, 0, 0, 0, 0);
}

int main(void)
{
	text_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_was_taken_up_ends_in_a_recommendation),
		cmocka_unit_test(replies_and_assessments_follow_the_diagram),
		cmocka_unit_test(it_is_taken_higher_only_when_it_is_defied),
		cmocka_unit_test(the_public_text_names_nobody),
		cmocka_unit_test(ages_go_in_steps_of_thirty_days),
		cmocka_unit_test_setup_teardown(the_day_is_to_come, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(
		    compliance_is_a_history_and_its_end_ends_the_clock, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(a_refusal_is_taken_higher, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(names_of_the_case_are_kept_out, desk_set_up, desk_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
