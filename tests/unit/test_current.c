/* What a running office changed about itself counts at once, on both engines, and not for what began before. */
#include "../lib/desk.h"
#include "office/code_change.h"
#include "office/current.h"
#include "office/holiday.h"
#include "office/limit_change.h"
#include "text/date.h"

#include <pthread.h>
#include <stdatomic.h>

static struct desk desk;

static enum err run_one(struct db_tx *tx, void *sql)
{
	enum err e = db_run(tx, sql, DB_NO_ARGS);
	return e ? e : office_changed(tx);
}

/* As another process would: written to the database, and nobody is told. */
static void enter(const char *text)
{
	struct db_sql *sql = arena_alloc(desk.arena, sizeof(*sql));
	sql->name = arena_strndup(desk.arena, text, 20);
	sql->text[DB_SQLITE] = sql->text[DB_POSTGRESQL] = text;
	assert_int_equal(db_write(desk.office->db, run_one, sql), OK);
}

static void begins_with_the_profile(void **state)
{
	(void)state;
	assert_string_equal(code_name(desk.office, "subjects", "health", LANG_EN, 20000), "Health");
	assert_string_equal(code_name(desk.office, "subjects", "nobody", LANG_EN, 20000), "nobody");
	assert_string_equal(code_name(desk.office, "nothing", "health", LANG_EN, 20000), "health");
	assert_string_equal(code_name(desk.office, "subjects", NULL, LANG_EN, 20000), "");
	assert_int_equal(office_clock(desk.office, "pk.decide", 20000)->amount, 60);
	assert_string_equal(
	    office_clock_between(desk.office, "agency_asked", "agency_replied", 20000)->key, "pk.agency_reply");
	assert_null(office_clock_between(desk.office, "agency_asked", "agency_asked", 20000));
}

static void takes_over_what_another_process_entered(void **state)
{
	(void)state;
	enter("INSERT INTO code_version (list, key, valid_from, withdrawn, names, of_keys, position, reason, made_at, "
	      "made_by) VALUES ('subjects', 'health', 21000, 1, '{\"en\":\"Health care\"}', '', 1, '', 1, 'x')");
	enter(
	    "INSERT INTO limit_version (key, valid_from, amount, unit, rolls, warn_hours, extend_amount, extend_times, "
	    "pausable, source, decided_by, confirmed, made_at, made_by) "
	    "VALUES ('pk.decide', 21000, 45, 'calendar_day', 0, 48, 0, 0, 1, 'Act', 'Parliament', 1, 1, 'x')");
	enter(
	    "INSERT INTO limit_version (key, valid_from, amount, unit, rolls, warn_hours, extend_amount, extend_times, "
	    "pausable, source, decided_by, confirmed, made_at, made_by) "
	    "VALUES ('gone.limit', 21000, 45, 'calendar_day', 0, 48, 0, 0, 1, 'Act', 'Parliament', 1, 1, 'x')");
	enter("INSERT INTO calendar_change (kind, day, key, names, confirmed, source, made_at, made_by) "
	      "VALUES ('put_holiday', 21000, 'mourning', '{\"en\":\"Mourning\"}', 1, 'decree', 1, 'x')");
	enter("INSERT INTO calendar_change (kind, day, key, names, confirmed, source, made_at, made_by) "
	      "VALUES ('unheard_of', 21001, '', '{}', 1, 'decree', 1, 'x')");
	assert_int_equal(office_clock(desk.office, "pk.decide", 21000)->amount, 60);
	assert_int_equal(office_refresh(desk.office), OK);
	assert_int_equal(office_clock(desk.office, "pk.decide", 20999)->amount, 60);
	assert_int_equal(office_clock(desk.office, "pk.decide", 21000)->amount, 45);
	assert_string_equal(office_clock(desk.office, "pk.decide", 21000)->starts, "registered");
	assert_string_equal(code_name(desk.office, "subjects", "health", LANG_EN, 20999), "Health");
	assert_string_equal(code_name(desk.office, "subjects", "health", LANG_EN, 21001), "Health care");
	assert_false(code_may_choose(office_list(desk.office, "subjects"), "health", NULL, 21000));
	assert_true(code_may_choose(office_list(desk.office, "subjects"), "health", NULL, 20999));
	assert_int_equal(calendar_reason(office_calendar(desk.office), 21000, NULL), CALENDAR_HOLIDAY);
}

static void nothing_new_keeps_the_same(void **state)
{
	const struct calendar *before = office_calendar(desk.office);
	(void)state;
	assert_int_equal(office_refresh(desk.office), OK);
	assert_ptr_equal(office_calendar(desk.office), before);
}

/* Readers on several threads while the office changes: what they hold stays whole. */
static _Atomic bool stop;

static void *keep_asking(void *arg)
{
	int64_t *sum = arg;
	do { /* also a thread that a busy machine started late */
		const struct code_list *list = office_list(desk.office, "faults");
		for (size_t i = 0; i < list->entries; i++)
			*sum += (int64_t)strlen(names_in(&list->entry[i].name, LANG_UR));
		*sum += (int64_t)office_calendar(desk.office)->holidays;
	} while (!atomic_load(&stop));
	return NULL;
}

static void readers_are_never_disturbed(void **state)
{
	pthread_t thread[3];
	int64_t sum[3] = { 0 };
	(void)state;
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, keep_asking, &sum[i]), 0);
	for (int i = 0; i < 20; i++) {
		enter("INSERT INTO code_version (list, key, valid_from, withdrawn, names, of_keys, position, reason, "
		      "made_at, made_by) VALUES ('faults', 'delay', 21000, 0, '{\"en\":\"Late\"}', '', 1, '', 1, 'x')");
		assert_int_equal(office_refresh(desk.office), OK);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < 3; i++) {
		pthread_join(thread[i], NULL);
		assert_true(sum[i] > 0);
	}
	assert_string_equal(code_name(desk.office, "faults", "delay", LANG_EN, 21000), "Late");
}

/* --- entered by officers ------------------------------------------------------------------------------------------ */

static const struct actor officer = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

static enum err rename_fault(const char *name, int64_t seen, struct fault *fault)
{
	struct code_entry v = *code_at(office_list(desk.office, "faults"), "no_reply", 22000);
	const struct code_change change = { "faults", &v, 1, "clearer", seen };
	v.name.in[LANG_EN] = name;
	v.valid_from = 22000;
	return code_enter(desk.office, &officer, desk.now, &change, fault);
}

/* What an officer enters holds at once, and whoever looked at an older version is told. */
static void an_entry_is_changed_once(void **state)
{
	struct fault fault = { 0 };
	json_t *history = NULL;
	(void)state;
	assert_int_equal(rename_fault("Silence", 0, &fault), OK);
	assert_string_equal(code_name(desk.office, "faults", "no_reply", LANG_EN, 21999), "No reply");
	assert_string_equal(code_name(desk.office, "faults", "no_reply", LANG_EN, 22000), "Silence");
	assert_int_equal(rename_fault("Quiet", 0, &fault), ERR_CONFLICT);
	assert_string_equal(fault.field, "seen");
	assert_int_equal(code_history(desk.office, "faults", "no_reply", &history), OK);
	assert_int_equal(json_array_size(history), 1);
	assert_string_equal(json_str(json_array_get(history, 0), "reason"), "clearer");
	assert_int_equal(rename_fault("Quiet", json_int_or(json_array_get(history, 0), "serial", 0), &fault), OK);
	json_decref(history);
	/* Corrected on the same day: the later one counts, the urdu name was kept. */
	assert_string_equal(code_name(desk.office, "faults", "no_reply", LANG_EN, 22000), "Quiet");
	assert_string_not_equal(code_name(desk.office, "faults", "no_reply", LANG_UR, 22000), "Quiet");
}

static void a_limit_is_changed_from_a_day_on(void **state)
{
	int64_t today = office_day(desk.office, desk.now);
	struct clock_rule v = *office_clock(desk.office, "pk.icr", today);
	struct limit_change change = { &v, "Parliament", 0 };
	struct fault fault = { 0 };
	(void)state;
	v.amount = 21;
	v.valid_from = today;
	assert_int_equal(limit_enter(desk.office, &officer, desk.now, &change, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "valid_from");
	v.valid_from = today + 5;
	change.decided_by = "";
	assert_int_equal(limit_enter(desk.office, &officer, desk.now, &change, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "decided_by");
	change.decided_by = "Parliament";
	assert_int_equal(limit_enter(desk.office, &officer, desk.now, &change, &fault), OK);
	assert_int_equal(limit_enter(desk.office, &officer, desk.now, &change, &fault), ERR_CONFLICT);
	assert_int_equal(office_clock(desk.office, "pk.icr", today + 4)->amount, 30);
	assert_int_equal(office_clock(desk.office, "pk.icr", today + 5)->amount, 21);
}

static void the_rule_of_holidays(void **state)
{
	static const struct holiday named = {
		.day = 21200, .key = "x", .name = { { "x", "x", "x", "x" } }, .source = "s"
	};
	static const struct {
		enum calendar_change_kind kind;
		struct holiday holiday;
		const char *field; /* NULL: taken */
	} rows[] = {
		{ CALENDAR_PUT_HOLIDAY, { .day = 21200, .key = "x", .name = { { "x", "x", "x", "x" } }, .source = "s" },
		    NULL },
		{ CALENDAR_PUT_HOLIDAY, { .day = 21200, .key = "", .source = "s" }, "key" },
		{ CALENDAR_PUT_HOLIDAY,
		    { .day = 21200, .key = "x", .name = { { "x", "x", "x", NULL } }, .source = "s" }, "name_ur" },
		{ CALENDAR_PUT_HOLIDAY, { .day = 21200, .key = "x", .name = { { "x", "x", "x", "x" } }, .source = "" },
		    "source" },
		{ CALENDAR_PUT_HOLIDAY, { .day = 5, .key = "x", .name = { { "x", "x", "x", "x" } }, .source = "s" },
		    "day" },
		{ CALENDAR_DROP_HOLIDAY, { .day = 21200, .key = "nothing" }, "day" },
		{ CALENDAR_PUT_WORKDAY, { .day = 21200, .source = "" }, "source" },
		{ CALENDAR_DROP_WORKDAY, { .day = 21200 }, "day" },
		{ CALENDAR_COVER, { .day = 15000 }, "day" },
		{ CALENDAR_COVER, { .day = 30000 }, NULL },
	};
	const struct calendar_change put = { CALENDAR_PUT_HOLIDAY, named };
	const struct profile *p = desk.office->profile;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct calendar_change change = { rows[i].kind, rows[i].holiday };
		struct fault fault = { 0 };
		enum err e =
		    holiday_may_change(office_calendar(desk.office), &change, p->languages, p->languages_count, &fault);
		if ((e != OK) != (rows[i].field != NULL) || (e && strcmp(fault.field, rows[i].field)))
			fail_msg("row %zu: %d %s", i, e, fault.field);
	}
	assert_int_equal(holiday_enter(desk.office, &officer, desk.now, &put, 1), OK);
	assert_false(calendar_is_working(office_calendar(desk.office), 21200));
}

static int begin(void **state)
{
	(void)state;
	desk_open(&desk, "pk-wafaqi-mohtasib");
	return 0;
}

static int end(void **state)
{
	(void)state;
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_with_the_profile),
		cmocka_unit_test(takes_over_what_another_process_entered),
		cmocka_unit_test(nothing_new_keeps_the_same),
		cmocka_unit_test(readers_are_never_disturbed),
		cmocka_unit_test(an_entry_is_changed_once),
		cmocka_unit_test(a_limit_is_changed_from_a_day_on),
		cmocka_unit_test(the_rule_of_holidays),
	};
	return cmocka_run_group_tests_name("current", tests, begin, end);
}
