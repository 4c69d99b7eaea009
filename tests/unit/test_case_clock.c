/* Clocks of a case: pauses, extensions, the ladder with missed and killed runs, the agency first. */
#include "casework/case_clock.h"
#include "casework/ladder_job.h"
#include "casework/notice.h"
#include "office/current.h"

#include "../lib/desk.h"

struct lived {
	struct casefile c;
	struct case_clock clock;
	json_t *list;
	const char *rule;
	int64_t amount;
	struct fault fault;
};

static enum err find(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	struct case_clock *clocks;
	size_t n;
	l->c = *c;
	l->clock.id = 0;
	enum err e = case_clock_load_all(act, c->id, &clocks, &n);
	for (size_t i = 0; !e && i < n; i++)
		if (!strcmp(clocks[i].key, l->rule))
			l->clock = clocks[i];
	if (!e)
		e = case_clock_list(act, LANG_EN, c->id, &l->list);
	if (!e)
		json_owned(act->arena, l->list);
	return e;
}

static enum err pause_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	l->fault = (struct fault) { 0 };
	return case_clock_pause(act, &l->clock, "court_case", "Heard on 3 May", &l->fault);
}

static enum err resume(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	return case_clock_resume(act, &l->clock, &l->fault);
}

static enum err extend(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	return case_clock_extend(act, &l->clock, l->amount, "A witness is abroad.", &l->fault);
}

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err do_register(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_move(act, c, "register", 0, NULL, NULL);
}

static enum err assign(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_assign(act, c, *(const int64_t *)arg, NULL);
}

static enum err close_case(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "withdrawn", "", 0, NULL);
}

static void pause_and_extension_move_the_end(void **state)
{
	struct desk desk = { 0 };
	struct lived l = { .rule = "az.examine", .amount = 30 };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	int64_t id = desk_file(&desk, 1, "State Oil Works"), start = desk.now;
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	int64_t due = l.clock.due_at;
	assert_int_equal(l.c.due_at, due);
	assert_true(l.clock.target_at < due && l.clock.target_at > start);
	assert_true(l.clock.remind_at < due);

	desk.now = start + 5 * DAY_MS;
	assert_int_equal(desk_do(&desk, &head, id, pause_it, &l), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_true(l.clock.paused);
	assert_int_equal(l.clock.remind_at, 0);
	assert_int_equal(desk_do(&desk, &head, id, pause_it, &l), ERR_CONFLICT);
	assert_int_equal(l.c.due_at, 0); /* the only open one stands still: the case has no end, but the limit's name */
	assert_string_equal(l.c.due_rule, "az.examine");

	desk.now = start + 15 * DAY_MS;
	assert_int_equal(desk_do(&desk, &head, id, resume, &l), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_false(l.clock.paused);
	assert_int_equal(l.clock.due_at, due + 10 * DAY_MS);
	assert_int_equal(desk_do(&desk, &head, id, resume, &l), ERR_CONFLICT);

	assert_int_equal(desk_do(&desk, &head, id, extend, &l), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_int_equal(l.clock.due_at, due + 40 * DAY_MS);
	assert_int_equal(desk_do(&desk, &head, id, extend, &l), ERR_DENIED); /* once, says the law */
	const json_t *lines = NULL, *one;
	size_t i;
	json_array_foreach(l.list, i, one) if (!strcmp(json_str_or(one, "rule", ""), "az.examine")) lines =
	    json_object_get(one, "lines");
	bool told = false;
	json_array_foreach(lines, i, one) told = told || strstr(json_string_value(one), "Court case: Heard on 3 May");
	assert_true(told);
	desk_close(&desk);
}

static void closing_while_it_stands_still_ends_the_pause(void **state)
{
	struct desk desk = { 0 };
	struct lived l = { .rule = "az.examine" };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_int_equal(desk_do(&desk, &head, id, pause_it, &l), OK);
	desk.now += 90 * DAY_MS;
	assert_int_equal(desk_do(&desk, &head, id, close_case, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_true(l.clock.stopped_at != 0);
	assert_false(l.clock.paused);
	assert_int_equal(l.clock.course.pause[0].to_ms, l.clock.stopped_at);
	assert_true(l.clock.stopped_at <= l.clock.due_at); /* it stood still: that was in time */
	assert_int_equal(l.c.due_at, 0);
	desk_close(&desk);
}

/* A clock keeps the rule it began under, whatever the profile says today. */
static void the_rule_of_the_beginning_stays(void **state)
{
	struct desk desk = { 0 };
	struct lived l = { .rule = "az.examine" };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	size_t n;
	struct clock_rule *rules = (struct clock_rule *)(uintptr_t)office_clocks(desk.office, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rules[i].key, "az.examine")) {
			rules[i].amount = 7;
			rules[i].pausable = false;
		}
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	assert_int_equal(l.clock.rule.amount, 30);
	assert_int_equal(desk_do(&desk, &head, id, pause_it, &l), OK);
	desk_close(&desk);
}

/* --- the ladder -------------------------------------------------------------------------------------------------- */

static enum err read_notices(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	l->list = json_owned(act->arena, json_object());
	return notice_list(act, LANG_EN, l->amount, 0, l->list);
}

/* How many notices that officer has, and that the count beside them says the same. */
static size_t notices_of(struct desk *desk, const struct actor *officer)
{
	struct lived l = { .amount = officer->id };
	assert_int_equal(desk_do(desk, officer, 0, read_notices, &l), OK);
	size_t n = json_array_size(json_object_get(l.list, "rows"));
	assert_int_equal(json_int_or(l.list, "unread", -1), n);
	return n;
}

static void a_missed_run_loses_nothing(void **state)
{
	struct desk desk = { 0 };
	struct lived l = { .rule = "az.examine" };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	const struct actor officer = desk_staff(&desk, "kamran", "investigator");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, assign, (void *)(uintptr_t)&officer.id), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);

	/* The day before the warning nothing is due of this clock. */
	assert_int_equal(ladder_run(desk.office, desk.now + 200000), OK);
	assert_int_equal(notices_of(&desk, &officer), 1); /* that the case was given to them */
	/* Nobody ran it for weeks: before the end, at the end, a day and five days after it. */
	desk.now = l.clock.due_at + 6 * DAY_MS;
	assert_int_equal(ladder_run(desk.office, desk.now), OK);
	size_t told = notices_of(&desk, &officer);
	assert_true(told >= 4); /* given, soon, late, unit_head_after */
	assert_true(notices_of(&desk, &head) >= 1);
	/* Again and again: each step is told once. */
	for (int i = 0; i < 3; i++)
		assert_int_equal(ladder_run(desk.office, desk.now + i), OK);
	assert_int_equal(notices_of(&desk, &officer), told);
	desk_close(&desk);
}

struct killed {
	int64_t clock_id;
	size_t done;
};

/* A run that is killed after it told but before it committed: what a kill does to a transaction. */
static enum err die_in_the_middle(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct killed *k = arg;
	enum err e = ladder_do(act, k->clock_id, &k->done);
	return e ? e : ERR_STORE;
}

static void a_killed_run_is_done_wholly_or_not_at_all(void **state)
{
	struct desk desk = { 0 };
	struct lived l = { .rule = "az.examine" };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	const struct actor officer = desk_staff(&desk, "kamran", "investigator");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, assign, (void *)(uintptr_t)&officer.id), OK);
	assert_int_equal(desk_do(&desk, &head, id, find, &l), OK);
	desk.now = l.clock.due_at + DAY_MS;
	struct killed killed = { .clock_id = l.clock.id };
	for (int i = 0; i < 2; i++) {
		assert_int_equal(desk_do(&desk, &head, 0, die_in_the_middle, &killed), ERR_STORE);
		assert_true(killed.done > 0);
		assert_int_equal(notices_of(&desk, &officer), 1); /* of the assignment */
	}
	assert_int_equal(ladder_run(desk.office, desk.now), OK);
	size_t told = notices_of(&desk, &officer);
	assert_true(told > 1);
	assert_int_equal(ladder_run(desk.office, desk.now), OK);
	assert_int_equal(notices_of(&desk, &officer), told);
	desk_close(&desk);
}

static enum err mark_read(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct lived *l = arg;
	return notice_read(act, l->amount, 0);
}

static void read_notices_are_not_counted(void **state)
{
	struct desk desk = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor registrar = desk_staff(&desk, "nigar", "registrar");
	struct lived l = { .amount = registrar.id };
	desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(
	    ladder_run(desk.office, desk.now + 20 * DAY_MS), OK); /* nobody leads it: the registrar hears */
	assert_true(notices_of(&desk, &registrar) > 0);
	assert_int_equal(desk_do(&desk, &registrar, 0, mark_read, &l), OK);
	assert_int_equal(desk_do(&desk, &registrar, 0, read_notices, &l), OK);
	assert_int_equal(json_int_or(l.list, "unread", -1), 0);
	assert_true(json_array_size(json_object_get(l.list, "rows")) > 0);
	desk_close(&desk);
}

/* --- the agency first (Pakistan: ICR) ---------------------------------------------------------------------------- */

static enum err send_first(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return agency_first_send(act, c, 0, &((struct lived *)arg)->fault);
}

static void after_thirty_days_the_office_takes_over(void **state)
{
	struct desk desk = { 0 };
	struct lived icr = { .rule = "pk.icr" }, decide = { .rule = "pk.decide" };
	desk_open(&desk, "pk-wafaqi-mohtasib");
	const struct actor registrar = desk_staff(&desk, "sana", "registrar");
	int64_t id = desk_file(&desk, 1, "Gas Company");
	assert_int_equal(desk_do(&desk, &registrar, id, send_first, &icr), ERR_CONFLICT); /* not registered yet */
	assert_int_equal(desk_do(&desk, &registrar, id, do_register, NULL), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, send_first, &icr), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, find, &icr), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, find, &decide), OK);
	assert_true(state_is(icr.c.state, "agency_first"));
	assert_true(decide.clock.stopped_at != 0); /* the office's sixty days wait */

	assert_int_equal(ladder_run(desk.office, icr.clock.due_at), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, find, &icr), OK);
	assert_true(state_is(icr.c.state, "agency_first"));
	int64_t moved_at = icr.clock.due_at + 3 * DAY_MS; /* the job did not run for three days */
	for (int i = 0; i < 3; i++)
		assert_int_equal(ladder_run(desk.office, moved_at + i), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, find, &icr), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, find, &decide), OK);
	assert_true(state_is(icr.c.state, "registered"));
	assert_int_equal(icr.clock.stopped_at, moved_at);
	assert_int_equal(decide.clock.stopped_at, 0);
	assert_int_equal(decide.clock.started_at, moved_at);
	assert_true(notices_of(&desk, &registrar) > 0);
	desk_close(&desk);
}

/* Steps of one clock stand in the order of their moments, whatever the order in the profile. */
static void steps_are_sorted_and_for_their_clocks(void **state)
{
	static const char *const of_a[] = { "a" }, *const of_b[] = { "b" };
	static const struct ladder_step all[] = {
		{ .key = "third", .hours = 48, .clock = of_a, .clocks = 1 },
		{ .key = "first", .hours = -240, .clock = of_a, .clocks = 1 },
		{ .key = "other", .hours = 1, .clock = of_b, .clocks = 1 },
		{ .key = "all", .hours = 24 },
	};
	static const struct clock_rule rule = { .key = "a", .warn_hours = 48 };
	static const char *const expected[] = { "first", "soon", "late", "all", "third" };
	struct ladder_step step[LADDER_MAX];
	assert_int_equal(ladder_of(all, ARRAY_LEN(all), &rule, step), ARRAY_LEN(expected));
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_string_equal(step[i].key, expected[i]);
	assert_int_equal(ladder_at(&step[1], 1000 * HOUR_MS), 952 * HOUR_MS);
	assert_int_equal(ladder_at(&step[2], 1000 * HOUR_MS), 1000 * HOUR_MS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_sorted_and_for_their_clocks),
		cmocka_unit_test(pause_and_extension_move_the_end),
		cmocka_unit_test(closing_while_it_stands_still_ends_the_pause),
		cmocka_unit_test(the_rule_of_the_beginning_stays),
		cmocka_unit_test(a_missed_run_loses_nothing),
		cmocka_unit_test(a_killed_run_is_done_wholly_or_not_at_all),
		cmocka_unit_test(read_notices_are_not_counted),
		cmocka_unit_test(after_thirty_days_the_office_takes_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
