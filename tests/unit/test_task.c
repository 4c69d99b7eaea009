/* Tasks: the arrows by table, a task's life with its lists, counts and notices, and periodic ones made exactly once. */
#include "casework/notice.h"
#include "casework/task.h"
#include "casework/task_series.h"
#include "office/current.h"
#include "text/date.h"

#include "../lib/desk.h"

static void every_arrow_allowed_and_refused(void **state)
{
	static const struct {
		enum task_state from;
		enum task_move move;
		unsigned parts;
		bool late;
		enum err answer;
		enum task_state to;
	} rows[] = {
		{ TASK_OPEN, TASK_DO, TASK_PART_DO, false, OK, TASK_DONE },
		{ TASK_OPEN, TASK_DO, TASK_PART_DO, true, OK, TASK_DONE_LATE },
		{ TASK_WAITING, TASK_DO, TASK_PART_DO, false, OK, TASK_DONE },
		{ TASK_OPEN, TASK_DO, TASK_PART_GAVE, false, ERR_DENIED, 0 },
		{ TASK_OPEN, TASK_DO, 0, false, ERR_DENIED, 0 },
		{ TASK_OPEN, TASK_ASK, TASK_PART_DO, false, OK, TASK_WAITING },
		{ TASK_OPEN, TASK_ASK, TASK_PART_CONTROL, false, ERR_DENIED, 0 },
		{ TASK_WAITING, TASK_ASK, TASK_PART_DO, false, ERR_CONFLICT, 0 },
		{ TASK_WAITING, TASK_INSTRUCT, TASK_PART_GAVE, false, OK, TASK_OPEN },
		{ TASK_WAITING, TASK_INSTRUCT, TASK_PART_CONTROL, false, OK, TASK_OPEN },
		{ TASK_WAITING, TASK_INSTRUCT, TASK_PART_DO, false, ERR_DENIED, 0 },
		{ TASK_OPEN, TASK_INSTRUCT, TASK_PART_GAVE, false, ERR_CONFLICT, 0 },
		{ TASK_DONE, TASK_SEND_BACK, TASK_PART_CONTROL, false, OK, TASK_OPEN },
		{ TASK_DONE_LATE, TASK_SEND_BACK, TASK_PART_GAVE, false, OK, TASK_OPEN },
		{ TASK_DONE, TASK_SEND_BACK, TASK_PART_DO, false, ERR_DENIED, 0 },
		{ TASK_OPEN, TASK_SEND_BACK, TASK_PART_GAVE, false, ERR_CONFLICT, 0 },
		{ TASK_OPEN, TASK_WITHDRAW, TASK_PART_GAVE, false, OK, TASK_WITHDRAWN },
		{ TASK_WAITING, TASK_WITHDRAW, TASK_PART_GAVE, false, OK, TASK_WITHDRAWN },
		{ TASK_OPEN, TASK_WITHDRAW, TASK_PART_CONTROL, false, ERR_DENIED, 0 },
		{ TASK_DONE, TASK_WITHDRAW, TASK_PART_GAVE, false, ERR_CONFLICT, 0 },
		{ TASK_WITHDRAWN, TASK_DO, TASK_PART_DO, false, ERR_CONFLICT, 0 },
		{ TASK_OPEN, TASK_PASS_ON, TASK_PART_GAVE, false, OK, TASK_OPEN },
		{ TASK_WAITING, TASK_PASS_ON, TASK_PART_CONTROL, false, OK, TASK_WAITING },
		{ TASK_OPEN, TASK_PASS_ON, TASK_PART_DO, false, ERR_DENIED, 0 },
		{ TASK_DONE, TASK_PASS_ON, TASK_PART_GAVE, false, ERR_CONFLICT, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct task t = { .state = rows[i].from, .due_at = 100 };
		enum task_state to = TASK_STATE_MAX;
		assert_int_equal(
		    task_next(&t, rows[i].move, rows[i].parts, rows[i].late ? 101 : 100, &to, NULL), rows[i].answer);
		if (rows[i].answer == OK)
			assert_int_equal(to, rows[i].to);
	}
}

static void closing_needs_what_its_kind_needs(void **state)
{
	static const struct {
		const char *kind;
		bool document_needed;
		struct task_closing closing;
		enum err answer;
	} rows[] = {
		{ "execution", false, { "done", "", 0 }, OK },
		{ "execution", false, { "partly", "", 0 }, ERR_INVALID },
		{ "execution", false, { "partly", "The rest in May.", 0 }, OK },
		{ "execution", false, { "signed", "", 0 }, ERR_INVALID },
		{ "execution", true, { "done", "", 0 }, ERR_INVALID },
		{ "execution", true, { "done", "", 7 }, OK },
		{ "approval", false, { "refused", "", 0 }, ERR_INVALID },
		{ "signature", false, { "signed", "", 0 }, OK },
		{ "opinion", false, { "", "", 0 }, ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct task t = { .kind = rows[i].kind, .document_needed = rows[i].document_needed };
		assert_int_equal(task_may_close(&t, &rows[i].closing, NULL), rows[i].answer);
	}
}

/* --- a life ------------------------------------------------------------------------------------------------------ */

struct life {
	struct task_new new;
	struct task t;
	struct task_step step;
	struct task_ask ask;
	enum task_move move;
	int64_t id;
	json_t *view;
	struct fault fault;
};

static enum err give(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct life *l = arg;
	l->new.casefile_id = c->id;
	return task_give(act, &l->new, &l->id, &l->fault);
}

static enum err step(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct life *l = arg;
	enum err e = task_load(act, l->id, &l->t);
	return e ? e : task_step(act, &l->t, l->move, &l->step, &l->fault);
}

static enum err list(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct life *l = arg;
	l->view = json_owned(act->arena, json_object());
	return task_list(act, LANG_EN, &l->ask, l->view);
}

static enum err look(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct life *l = arg;
	l->view = json_owned(act->arena, json_object());
	enum err e = task_load(act, l->id, &l->t);
	if (!e)
		e = task_may_read(act, &l->t, &l->fault);
	return e ? e : task_view(act, LANG_EN, &l->t, l->view);
}

/* Rows of one of an officer's lists; the open ones must be as many as the count beside it says. */
static size_t listed(struct desk *desk, const struct actor *officer, const char *part, bool ended)
{
	struct life l = { .ask = { .part = part, .staff_id = officer->id, .ended = ended } };
	const json_t *tab;
	size_t i;
	assert_int_equal(desk_do(desk, officer, 0, list, &l), OK);
	size_t n = json_array_size(json_object_get(l.view, "rows"));
	json_array_foreach(json_object_get(l.view, "tabs"), i, tab) if (!ended && json_bool_or(tab, "chosen", false))
	    assert_int_equal(json_int_or(tab, "tasks", -1), n);
	return n;
}

static enum err read_notices(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct life *l = arg;
	l->view = json_owned(act->arena, json_object());
	return notice_list(act, LANG_EN, l->id, 0, l->view);
}

static size_t noticed(struct desk *desk, const struct actor *officer)
{
	struct life l = { .id = officer->id };
	assert_int_equal(desk_do(desk, officer, 0, read_notices, &l), OK);
	return json_array_size(json_object_get(l.view, "rows"));
}

static void a_task_lives(void **state)
{
	struct desk desk = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	const struct actor first = desk_staff(&desk, "kamran", "investigator");
	const struct actor second = desk_staff(&desk, "aysel", "investigator");
	const struct actor stranger = desk_staff(&desk, "rauf", "investigator");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	struct life l = { .new = { .kind = "execution",
			      .words = "Ask the witness.",
			      .executor = { first.id, second.id },
			      .executors = 2,
			      .controller = second.id,
			      .due_at = desk.now + DAY_MS },
		.step = { .words = "", .opinion = "" } };
	assert_int_equal(desk_do(&desk, &head, id, give, &l), OK);
	assert_int_equal(listed(&desk, &first, "do", false), 1);
	assert_int_equal(listed(&desk, &second, "do", false), 1);
	assert_int_equal(listed(&desk, &second, "control", false), 1);
	assert_int_equal(listed(&desk, &head, "gave", false), 1);
	assert_int_equal(desk_do(&desk, &stranger, 0, look, &l), ERR_NOT_FOUND);

	l.move = TASK_ASK;
	assert_int_equal(desk_do(&desk, &first, 0, step, &l), ERR_INVALID); /* in words */
	l.step.words = "Which one?";
	assert_int_equal(desk_do(&desk, &first, 0, step, &l), OK);
	l.move = TASK_INSTRUCT;
	assert_int_equal(desk_do(&desk, &first, 0, step, &l), ERR_DENIED);
	assert_int_equal(desk_do(&desk, &second, 0, step, &l), OK);
	/* Others do it: who had it has it no more. */
	l.move = TASK_PASS_ON;
	l.step.executor[0] = stranger.id;
	l.step.executors = 1;
	assert_int_equal(desk_do(&desk, &head, 0, step, &l), OK);
	assert_int_equal(listed(&desk, &first, "do", false), 0);
	assert_int_equal(listed(&desk, &stranger, "do", false), 1);
	/* Late, sent back, and done again. */
	desk.now += 3 * DAY_MS;
	l.move = TASK_DO;
	l.step = (struct task_step) { .words = "", .opinion = "done", .version = l.t.version };
	assert_int_equal(desk_do(&desk, &stranger, 0, step, &l), OK);
	assert_int_equal(l.t.state, TASK_DONE_LATE);
	assert_int_equal(listed(&desk, &stranger, "do", false), 0);
	assert_int_equal(listed(&desk, &stranger, "do", true), 1);
	l.move = TASK_SEND_BACK;
	l.step.words = "The date is missing.";
	assert_int_equal(desk_do(&desk, &second, 0, step, &l), ERR_CONFLICT); /* the version is an old one */
	l.step.version = 0;
	assert_int_equal(desk_do(&desk, &second, 0, step, &l), OK);
	assert_int_equal(listed(&desk, &stranger, "do", false), 1);
	l.move = TASK_WITHDRAW;
	assert_int_equal(desk_do(&desk, &head, 0, step, &l), OK);
	assert_int_equal(listed(&desk, &head, "gave", false), 0);
	assert_int_equal(desk_do(&desk, &head, 0, look, &l), OK);
	assert_int_equal(json_array_size(json_object_get(l.view, "history")), 7);
	desk_close(&desk);
}

/* Reminded a day before and once it has passed, each once, whenever the job comes to it. */
static void deadlines_are_reminded_of_once(void **state)
{
	struct desk desk = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	const struct actor officer = desk_staff(&desk, "kamran", "investigator");
	struct life l = { .new = { .kind = "execution",
			      .words = "Ask the witness.",
			      .executor = { officer.id },
			      .executors = 1,
			      .due_at = desk.now + 5 * DAY_MS } };
	assert_int_equal(desk_do(&desk, &head, 0, give, &l), OK);
	assert_int_equal(noticed(&desk, &officer), 1); /* that it was given */
	assert_int_equal(task_remind_run(desk.office, desk.now + 3 * DAY_MS), OK);
	assert_int_equal(noticed(&desk, &officer), 1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(task_remind_run(desk.office, l.new.due_at - DAY_MS + i), OK);
	assert_int_equal(noticed(&desk, &officer), 2);
	assert_int_equal(noticed(&desk, &head), 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(task_remind_run(desk.office, l.new.due_at + 4 * DAY_MS + i), OK);
	assert_int_equal(noticed(&desk, &officer), 3);
	assert_int_equal(noticed(&desk, &head), 1); /* who gave it hears that it is late */
	desk_close(&desk);
}

/* --- periodic ones ----------------------------------------------------------------------------------------------- */

static int64_t day(const char *iso)
{
	struct civil date;
	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static void days_of_a_series(void **state)
{
	static const struct {
		enum task_period period;
		int64_t every;
		const char *from, *to, *expected[5];
	} rows[] = {
		{ PERIOD_DAY, 1, "2026-12-30", NULL, { "2026-12-30", "2026-12-31", "2027-01-01" } },
		{ PERIOD_DAY, 10, "2026-02-20", NULL, { "2026-02-20", "2026-03-02", "2026-03-12" } },
		{ PERIOD_WEEK, 2, "2026-12-25", NULL, { "2026-12-25", "2027-01-08", "2027-01-22" } },
		{ PERIOD_MONTH, 1, "2026-01-31", NULL,
		    { "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31" } },
		{ PERIOD_MONTH, 3, "2027-11-30", NULL, { "2027-11-30", "2028-02-29", "2028-05-30" } },
		{ PERIOD_YEAR, 1, "2028-02-29", NULL, { "2028-02-29", "2029-02-28", "2030-02-28" } },
		{ PERIOD_DAY, 1, "2026-12-30", "2026-12-31", { "2026-12-30", "2026-12-31", "" } },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct task_series s = { .period = rows[i].period,
			.every = rows[i].every,
			.from_day = day(rows[i].from),
			.to_day = rows[i].to ? day(rows[i].to) : CALENDAR_LAST };
		int64_t before = s.from_day - 1;
		for (size_t n = 0; n < 5 && rows[i].expected[n]; n++) {
			int64_t expected = *rows[i].expected[n] ? day(rows[i].expected[n]) : CALENDAR_LAST + 1;
			assert_int_equal(task_series_nth(&s, (int64_t)n), expected);
			assert_int_equal(task_series_after(&s, before), expected);
			before = expected;
		}
	}
}

static enum err add_series(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct task_series *s = arg;
	return task_series_add(act, s, &s->id, NULL);
}

static void periodic_tasks_are_made_once(void **state)
{
	struct desk desk = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	const struct actor officer = desk_staff(&desk, "kamran", "investigator");
	int64_t today = office_day(desk.office, desk.now + 100000);
	struct task_series s = { .kind = "execution",
		.words = "Look at the late cases.",
		.assigner = head.id,
		.executors = arena_printf(desk.arena, "%d", (int)officer.id),
		.period = PERIOD_DAY,
		.every = 1,
		.from_day = today,
		.to_day = today + 4 };
	assert_int_equal(desk_do(&desk, &head, 0, add_series, &s), OK);
	assert_int_equal(task_series_run(desk.office, desk.now), OK);
	assert_int_equal(task_series_run(desk.office, desk.now), OK);
	assert_int_equal(listed(&desk, &officer, "do", false), 1);
	/* It did not run for three days. */
	assert_int_equal(task_series_run(desk.office, desk.now + 3 * DAY_MS), OK);
	assert_int_equal(listed(&desk, &officer, "do", false), 4);
	assert_int_equal(task_series_run(desk.office, desk.now + 30 * DAY_MS), OK);
	assert_int_equal(task_series_run(desk.office, desk.now + 31 * DAY_MS), OK);
	assert_int_equal(listed(&desk, &officer, "do", false), 5);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow_allowed_and_refused),
		cmocka_unit_test(closing_needs_what_its_kind_needs),
		cmocka_unit_test(a_task_lives),
		cmocka_unit_test(deadlines_are_reminded_of_once),
		cmocka_unit_test(days_of_a_series),
		cmocka_unit_test(periodic_tasks_are_made_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
