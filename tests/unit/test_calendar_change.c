/* A calendar with changes laid over it: each kind, their order, years that are entered later, the one below untouched.
 */
#include "office/calendar_change.h"
#include "text/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int64_t day(const char *iso)
{
	struct civil date;
	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static struct calendar sample(void)
{
	static struct holiday holiday[2];
	static int64_t workday[1];
	static struct fixed_feast fixed[3] = {
		{ .key = "new_year",
		    .month = 1,
		    .day = 1,
		    .days = 2,
		    .from_year = 1,
		    .to_year = 9999,
		    .confirmed = true },
		{ .key = "leap", .month = 2, .day = 29, .days = 1, .from_year = 1, .to_year = 9999, .confirmed = true },
		{ .key = "ended", .month = 5, .day = 5, .days = 1, .from_year = 1, .to_year = 2027, .confirmed = true },
	};
	holiday[0] = (struct holiday) { .day = day("2026-03-20"), .key = "eid", .confirmed = false };
	holiday[1] = (struct holiday) { .day = day("2026-12-25"), .key = "birthday", .confirmed = true };
	workday[0] = day("2026-04-04");
	return (struct calendar) { .zone = "Asia/Baku",
		.weekend = 1u << 6 | 1u << 7,
		.holiday = holiday,
		.holidays = 2,
		.workday = workday,
		.workdays = 1,
		.covers_from = day("2026-01-01"),
		.covers_to = day("2026-12-31"),
		.fixed = fixed,
		.fixed_feasts = 3 };
}

static struct calendar_change change(enum calendar_change_kind kind, const char *iso, const char *key)
{
	return (struct calendar_change) { kind, { .day = day(iso), .key = key, .confirmed = true, .source = "test" } };
}

static void each_kind(void **state)
{
	static const struct {
		enum calendar_change_kind kind;
		const char *day, *key, *look;
		bool working;
	} rows[] = {
		{ CALENDAR_PUT_HOLIDAY, "2026-03-23", "mourning", "2026-03-23", false },
		{ CALENDAR_PUT_HOLIDAY, "2026-04-04", "mourning", "2026-04-04",
		    true }, /* worked by decision all the same */
		{ CALENDAR_DROP_HOLIDAY, "2026-03-20", "eid", "2026-03-20", true },
		{ CALENDAR_DROP_HOLIDAY, "2026-03-20", "", "2026-03-20", true },
		{ CALENDAR_DROP_HOLIDAY, "2026-03-20", "other", "2026-03-20", false },
		{ CALENDAR_PUT_WORKDAY, "2026-03-21", "", "2026-03-21", true },
		{ CALENDAR_DROP_WORKDAY, "2026-04-04", "", "2026-04-04", false },
		{ CALENDAR_COVER, "2028-12-31", "", "2027-01-01", false },
		{ CALENDAR_COVER, "2028-12-31", "", "2027-05-05", false },
		{ CALENDAR_COVER, "2028-12-31", "", "2028-05-05", true },
		{ CALENDAR_COVER, "2028-12-31", "", "2028-02-29", false },
		{ CALENDAR_COVER, "2028-12-31", "", "2029-01-01", true },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct calendar base = sample(), then;
		struct calendar_change one = change(rows[i].kind, rows[i].day, rows[i].key);
		calendar_changed(arena, &base, &one, 1, &then);
		if (calendar_is_working(&then, day(rows[i].look)) != rows[i].working)
			fail_msg("row %zu: %s", i, rows[i].look);
		assert_int_equal(base.holidays, 2);
		assert_false(calendar_is_working(&base, day("2026-03-20")));
	}
}

static void confirming_puts_the_same_feast_again(void **state)
{
	struct calendar base = sample(), then;
	const struct holiday *holiday;
	struct calendar_change one = change(CALENDAR_PUT_HOLIDAY, "2026-03-20", "eid");
	(void)state;
	calendar_changed(arena, &base, &one, 1, &then);
	assert_int_equal(then.holidays, 2);
	assert_int_equal(calendar_reason(&then, day("2026-03-20"), &holiday), CALENDAR_HOLIDAY);
	assert_true(holiday->confirmed);
}

static void the_later_change_counts(void **state)
{
	struct calendar base = sample(), then;
	struct calendar_change both[] = { change(CALENDAR_PUT_HOLIDAY, "2026-06-01", "x"),
		change(CALENDAR_DROP_HOLIDAY, "2026-06-01", "x"), change(CALENDAR_PUT_HOLIDAY, "2026-06-02", "a"),
		change(CALENDAR_PUT_HOLIDAY, "2026-06-02", "b") };
	(void)state;
	calendar_changed(arena, &base, both, 4, &then);
	assert_true(calendar_is_working(&then, day("2026-06-01")));
	assert_false(calendar_is_working(&then, day("2026-06-02")));
	assert_int_equal(then.holidays, 4);
	for (size_t i = 1; i < then.holidays; i++)
		assert_true(then.holiday[i - 1].day <= then.holiday[i].day);
}

static void covering_less_changes_nothing(void **state)
{
	struct calendar base = sample(), then;
	struct calendar_change one = change(CALENDAR_COVER, "2025-12-31", "");
	(void)state;
	calendar_changed(arena, &base, &one, 1, &then);
	assert_int_equal(then.covers_to, base.covers_to);
	assert_int_equal(then.holidays, base.holidays);
}

static void slugs_come_back(void **state)
{
	enum calendar_change_kind kind;
	(void)state;
	for (int i = 0; i < CALENDAR_CHANGE_MAX; i++) {
		assert_true(calendar_change_parse(calendar_change_slug((enum calendar_change_kind)i), &kind));
		assert_int_equal(kind, i);
	}
	assert_false(calendar_change_parse("feast", &kind));
}

static int begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind),
		cmocka_unit_test(confirming_puts_the_same_feast_again),
		cmocka_unit_test(the_later_change_counts),
		cmocka_unit_test(covering_less_changes_nothing),
		cmocka_unit_test(slugs_come_back),
	};
	return cmocka_run_group_tests_name("calendar_change", tests, begin, end);
}
