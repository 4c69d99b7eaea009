/* Working days by weekend, holiday and worked Saturday, inside and outside the years that were entered. */
#include "office/calendar.h"
#include "text/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct holiday holiday[13];
static int64_t workday[1];
static struct calendar cal = {
	.zone = "Asia/Baku", .weekend = 1u << 6 | 1u << 7, .holiday = holiday, .workday = workday
};

static int64_t day(const char *iso)
{
	struct civil date;

	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static int begin(void **state)
{
	(void)state;
	for (size_t i = 0; i < 11; i++)
		holiday[cal.holidays++] = (struct holiday) { .day = day("2026-03-20") + (int64_t)i, .key = "novruz" };
	/* Two feasts on one day: the first is told. */
	holiday[cal.holidays++] = (struct holiday) { .day = day("2026-05-28"), .key = "independence_day" };
	holiday[cal.holidays++] = (struct holiday) { .day = day("2026-05-28"), .key = "qurban" };
	workday[cal.workdays++] = day("2026-04-04");
	cal.covers_from = day("2026-01-01");
	cal.covers_to = day("2026-12-31");
	return 0;
}

static void tells_why_a_day_rests(void **state)
{
	static const struct {
		const char *day;
		enum calendar_reason reason;
		const char *key;
	} rows[] = {
		{ "2026-03-19", CALENDAR_WORKING, NULL },
		{ "2026-03-20", CALENDAR_HOLIDAY, "novruz" },
		{ "2026-03-21", CALENDAR_HOLIDAY, "novruz" }, /* a Saturday too */
		{ "2026-03-30", CALENDAR_HOLIDAY, "novruz" },
		{ "2026-03-31", CALENDAR_WORKING, NULL },
		{ "2026-04-04", CALENDAR_WORKING, NULL }, /* a Saturday that is worked */
		{ "2026-04-05", CALENDAR_WEEKEND, NULL },
		{ "2026-04-11", CALENDAR_WEEKEND, NULL },
		{ "2026-05-28", CALENDAR_HOLIDAY, "independence_day" },
		{ "2030-03-21", CALENDAR_WORKING, NULL }, /* nobody has entered that year */
		{ "0001-01-06", CALENDAR_WEEKEND, NULL },
		{ "9999-12-31", CALENDAR_WORKING, NULL },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct holiday *found = NULL;

		if (calendar_reason(&cal, day(rows[i].day), &found) != rows[i].reason)
			fail_msg("%s", rows[i].day);
		assert_int_equal(calendar_is_working(&cal, day(rows[i].day)), rows[i].reason == CALENDAR_WORKING);
		assert_int_equal(found != NULL, rows[i].key != NULL);
		if (found)
			assert_string_equal(found->key, rows[i].key);
	}
}

static void adds_working_days(void **state)
{
	static const struct {
		const char *from;
		int64_t n;
		const char *to;
	} rows[] = {
		{ "2026-03-19", 0, "2026-03-19" },
		{ "2026-03-21", 0, "2026-03-21" },
		{ "2026-03-19", 1, "2026-03-31" },
		{ "2026-03-31", -1, "2026-03-19" },
		{ "2026-04-03", 1, "2026-04-04" },
		{ "2026-04-03", 2, "2026-04-06" },
		{ "2026-04-06", -1, "2026-04-04" },
		{ "2026-09-04", 1, "2026-09-07" },
		{ "2026-09-05", 1, "2026-09-07" },
		{ "2026-09-06", -1, "2026-09-04" },
		{ "2026-12-31", 1, "2027-01-01" },
		{ "2028-02-28", 1, "2028-02-29" },
		{ "1969-12-31", 1, "1970-01-01" },
	};
	int64_t found;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		assert_int_equal(calendar_add_working(&cal, day(rows[i].from), rows[i].n, &found), OK);
		if (found != day(rows[i].to))
			fail_msg("%s and %lld", rows[i].from, (long long)rows[i].n);
	}
	assert_int_equal(calendar_next_working(&cal, day("2026-03-20"), &found), OK);
	assert_int_equal(found, day("2026-03-31"));
	assert_int_equal(calendar_next_working(&cal, day("2026-03-31"), &found), OK);
	assert_int_equal(found, day("2026-03-31"));
}

static void counts_between(void **state)
{
	(void)state;
	assert_int_equal(calendar_count_working(&cal, day("2026-03-19"), day("2026-03-31")), 1);
	assert_int_equal(calendar_count_working(&cal, day("2026-09-04"), day("2026-09-11")), 5);
	assert_int_equal(calendar_count_working(&cal, day("2026-09-11"), day("2026-09-04")), -5);
	assert_int_equal(calendar_count_working(&cal, day("2026-09-11"), day("2026-09-11")), 0);
}

static void stays_inside_its_days(void **state)
{
	struct calendar never = cal;
	int64_t found = 7;

	(void)state;
	never.weekend = 0xfe;
	assert_int_equal(calendar_add_working(&cal, INT64_MAX, 1, &found), ERR_INVALID);
	assert_int_equal(calendar_add_working(&cal, INT64_MIN, -1, &found), ERR_INVALID);
	assert_int_equal(calendar_add_working(&cal, 0, INT64_MAX, &found), ERR_INVALID);
	assert_int_equal(calendar_add_working(&cal, 0, INT64_MIN, &found), ERR_INVALID);
	assert_int_equal(calendar_add_working(&cal, CALENDAR_LAST, 1, &found), ERR_INVALID);
	assert_int_equal(calendar_add_working(&never, day("2027-01-01"), 1, &found), ERR_INVALID);
	assert_int_equal(calendar_next_working(&never, day("2027-01-01"), &found), ERR_INVALID);
	assert_int_equal(found, 7); /* written only on success */
	assert_int_equal(CALENDAR_FIRST, day("0001-01-01"));
	assert_int_equal(CALENDAR_LAST, day("9999-12-31"));
}

static void says_what_it_covers(void **state)
{
	(void)state;
	assert_true(calendar_covers(&cal, day("2026-01-01")));
	assert_true(calendar_covers(&cal, day("2026-12-31")));
	assert_false(calendar_covers(&cal, day("2025-12-31")));
	assert_false(calendar_covers(&cal, day("2027-01-01")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_why_a_day_rests),
		cmocka_unit_test(adds_working_days),
		cmocka_unit_test(counts_between),
		cmocka_unit_test(stays_inside_its_days),
		cmocka_unit_test(says_what_it_covers),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
