/* Dates in four languages, civil arithmetic, and days in zones whose clocks jump. */
#include "base/clockwork.h"
#include "text/date.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;

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

static int64_t at(const char *rfc3339)
{
	int64_t ms = 0;

	assert_int_equal(rfc3339_parse(rfc3339, &ms), OK);
	return ms;
}

static void writes_dates(void **state)
{
	static const struct {
		enum lang lang;
		const char *zone, *moment, *date, *time;
	} cases[] = {
		{ LANG_AZ, "Asia/Baku", "2026-11-23T09:30:00Z", "23 noyabr 2026", "23 noyabr 2026, 13:30" },
		{ LANG_EN, "Asia/Baku", "2026-11-23T09:30:00Z", "23 November 2026", "23 November 2026, 13:30" },
		{ LANG_RU, "Asia/Baku", "2026-11-23T09:30:00Z", "23 ноября 2026\u202fг.",
		    "23 ноября 2026\u202fг., 13:30" },
		{ LANG_UR, "Asia/Karachi", "2026-11-23T09:30:00Z", "23 نومبر، 2026", "23 نومبر، 2026، 14:30" },
		{ LANG_EN, "Asia/Karachi", "2026-12-31T19:00:00Z", "1 January 2027", "1 January 2027, 00:00" },
		{ LANG_EN, "Asia/Baku", "2026-12-31T19:59:59Z", "31 December 2026", "31 December 2026, 23:59" },
		{ LANG_EN, "Europe/Vienna", "2026-03-29T00:59:00Z", "29 March 2026", "29 March 2026, 01:59" },
		{ LANG_EN, "Europe/Vienna", "2026-03-29T01:00:00Z", "29 March 2026", "29 March 2026, 03:00" },
		{ LANG_EN, "Nowhere/Atall", "2026-03-29T01:00:00Z", "29 March 2026", "29 March 2026, 01:00" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		int64_t ms = at(cases[i].moment);
		assert_string_equal(date_long(arena, cases[i].lang, cases[i].zone, ms), cases[i].date);
		assert_string_equal(date_time_long(arena, cases[i].lang, cases[i].zone, ms), cases[i].time);
	}
}

/* More formatters than a thread keeps, in several threads at once. */
static void *many_formats(void *arg)
{
	static const char *const zones[] = { "Asia/Baku", "Asia/Karachi", "Europe/Vienna", "Europe/Istanbul" };
	struct arena *own = arena_new(0);
	int *wrong = arg;

	for (int i = 0; i < 200; i++) {
		const char *text = date_long(own, (enum lang)(i % LANG_MAX), zones[i / LANG_MAX % 4], 1795430000000);
		*wrong += text[0] != '2' || text[1] != '3';
		*wrong += zone_date(zones[i % 4], 1795430000000).day != 23;
	}
	arena_free(own);
	return NULL;
}

static void threads_do_not_meet(void **state)
{
	pthread_t threads[4];
	int wrong[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, many_formats, &wrong[i]), 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(wrong[i], 0);
	}
}

static void writes_numbers_and_sizes(void **state)
{
	static const struct {
		enum lang lang;
		int64_t n;
		const char *number, *size;
	} cases[] = {
		{ LANG_AZ, 1234567, "1.234.567", "1,2 MB" },
		{ LANG_EN, 1234567, "1,234,567", "1.2 MB" },
		{ LANG_RU, 1234567, "1\u00a0234\u00a0567", "1,2 МБ" },
		{ LANG_UR, 1234567, "1,234,567", "1.2 MB" },
		{ LANG_EN, 0, "0", "0 byte" },
		{ LANG_EN, 999, "999", "999 byte" },
		{ LANG_EN, 1000, "1,000", "1 kB" },
		{ LANG_EN, 999499, "999,499", "999 kB" },
		{ LANG_EN, 999500, "999,500", "1 MB" },
		{ LANG_EN, 20971520, "20,971,520", "21 MB" },
		{ LANG_EN, 999950000, "999,950,000", "1 GB" },
		{ LANG_EN, -5, "-5", "-5 byte" },
		{ LANG_EN, INT64_MIN, "-9,223,372,036,854,775,808", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		assert_string_equal(number_text(arena, cases[i].lang, cases[i].n), cases[i].number);
		if (cases[i].size)
			assert_string_equal(file_size_text(arena, cases[i].lang, cases[i].n), cases[i].size);
	}
}

static void counts_days(void **state)
{
	static const struct {
		struct civil date;
		int64_t days;
		int weekday;
	} cases[] = {
		{ { 1970, 1, 1 }, 0, 4 },
		{ { 1969, 12, 31 }, -1, 3 },
		{ { 2000, 2, 29 }, 11016, 2 },
		{ { 2000, 3, 1 }, 11017, 3 },
		{ { 1900, 3, 1 }, -25508, 4 },
		{ { 2026, 11, 23 }, 20780, 1 },
		{ { 2026, 12, 31 }, 20818, 4 },
		{ { 2027, 1, 1 }, 20819, 5 },
		{ { 1600, 2, 29 }, -135081, 2 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct civil back = civil_from_days(cases[i].days);
		assert_int_equal(civil_days(cases[i].date), cases[i].days);
		assert_memory_equal(&back, &cases[i].date, sizeof(back));
		assert_int_equal(civil_weekday(cases[i].days), cases[i].weekday);
	}
}

/* Every day of eight hundred years is the one after the day before it. */
static void every_day_follows_the_last(void **state)
{
	struct civil before = civil_from_days(-146098);

	(void)state;
	for (int64_t day = -146097; day < 146097; day++) {
		struct civil d = civil_from_days(day);
		assert_true(civil_valid(d));
		assert_int_equal(civil_days(d), day);
		bool next_day = d.day == before.day + 1 && d.month == before.month && d.year == before.year;
		bool next_month = d.day == 1 && d.month == before.month + 1 && d.year == before.year;
		bool next_year = d.day == 1 && d.month == 1 && d.year == before.year + 1;
		struct civil past = { before.year, before.month, before.day + 1 };
		assert_true(next_day || ((next_month || next_year) && !civil_valid(past)));
		before = d;
	}
}

static void parses_dates(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} cases[] = {
		{ "2026-11-23", true },
		{ "2024-02-29", true },
		{ "2000-02-29", true },
		{ "0001-01-01", true },
		{ "9999-12-31", true },
		{ "2023-02-29", false },
		{ "1900-02-29", false },
		{ "2026-13-01", false },
		{ "2026-00-01", false },
		{ "2026-01-00", false },
		{ "2026-04-31", false },
		{ "2026-1-1", false },
		{ "2026-11-23 ", false },
		{ "2026/11/23", false },
		{ "+026-11-23", false },
		{ "", false },
		{ NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct civil d;
		char out[11];
		assert_int_equal(civil_parse(cases[i].text, &d), cases[i].ok ? OK : ERR_INVALID);
		if (!cases[i].ok)
			continue;
		civil_format(out, d);
		assert_string_equal(out, cases[i].text);
	}
}

static void knows_zones(void **state)
{
	(void)state;
	assert_true(zone_valid("Asia/Baku"));
	assert_true(zone_valid("Asia/Karachi"));
	assert_true(zone_valid("Etc/UTC"));
	assert_false(zone_valid("Asia/Nowhere"));
	assert_false(zone_valid("GMT+3"));
	assert_false(zone_valid("Etc/Unknown"));
	assert_false(zone_valid("Asia/Bakı"));
	assert_false(zone_valid(""));
	assert_false(zone_valid(NULL));
	assert_false(zone_valid("Asia/BakuAsia/BakuAsia/BakuAsia/BakuAsia/BakuAsia/BakuAsia/BakuAsia/Baku"));
}

static void days_begin_at_their_first_instant(void **state)
{
	static const struct {
		const char *zone, *date, *start;
	} cases[] = {
		{ "Etc/UTC", "2026-11-23", "2026-11-23T00:00:00Z" },
		{ "Asia/Baku", "2026-11-23", "2026-11-22T20:00:00Z" },
		{ "Asia/Baku", "2026-01-01", "2025-12-31T20:00:00Z" },
		{ "Asia/Baku", "2015-07-01", "2015-06-30T19:00:00Z" }, /* summer time until 2015 */
		{ "Asia/Karachi", "2026-11-23", "2026-11-22T19:00:00Z" },
		{ "Asia/Karachi", "2024-02-29", "2024-02-28T19:00:00Z" },
		{ "Asia/Karachi", "2008-06-01",
		    "2008-05-31T19:00:00Z" }, /* 00:00 does not exist: clocks jump to 01:00 */
		{ "Europe/Vienna", "2026-03-29", "2026-03-28T23:00:00Z" },
		{ "Europe/Vienna", "2026-03-30", "2026-03-29T22:00:00Z" },
		{ "Europe/Vienna", "2026-10-25", "2026-10-24T22:00:00Z" },
		{ "Europe/Vienna", "2026-10-26", "2026-10-25T23:00:00Z" },
		{ "Europe/Istanbul", "2016-03-28", "2016-03-27T21:00:00Z" },
		{ "Europe/Istanbul", "2016-12-01", "2016-11-30T21:00:00Z" }, /* summer time for good */
		{ "Europe/Istanbul", "2015-12-01", "2015-11-30T22:00:00Z" },
		{ "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z" }, /* jump over midnight */
		{ "America/Toronto", "2000-10-29", "2000-10-29T04:00:00Z" },
		{ "America/St_Johns", "2006-10-29",
		    "2006-10-29T02:30:00Z" }, /* 00:01 set back to 23:01: two midnights */
		{ "Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z" }, /* left out */
		{ "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct civil d;
		char start[RFC3339_TEXT], wanted[RFC3339_TEXT];
		assert_int_equal(civil_parse(cases[i].date, &d), OK);
		rfc3339_format(start, zone_day_start(cases[i].zone, d));
		rfc3339_format(wanted, at(cases[i].start));
		if (strcmp(start, wanted) != 0)
			fail_msg("%s %s begins %s, not %s", cases[i].zone, cases[i].date, start, wanted);
	}
}

/* For each day of forty years: its start is on that day and the moment before is not. */
static void starts_and_dates_agree(void **state)
{
	static const char *const zones[] = { "Asia/Baku", "Asia/Karachi", "Europe/Istanbul", "Europe/Vienna",
		"America/Sao_Paulo", "Asia/Tehran", "Asia/Beirut" };

	(void)state;
	for (size_t z = 0; z < LEN(zones); z++) {
		for (int64_t day = 4000; day < 22000; day++) {
			int64_t start = zone_day_start(zones[z], civil_from_days(day));
			assert_int_equal(civil_days(zone_date(zones[z], start)), day);
			assert_int_equal(civil_days(zone_date(zones[z], start - 1)), day - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_dates),
		cmocka_unit_test(threads_do_not_meet),
		cmocka_unit_test(writes_numbers_and_sizes),
		cmocka_unit_test(counts_days),
		cmocka_unit_test(every_day_follows_the_last),
		cmocka_unit_test(parses_dates),
		cmocka_unit_test(knows_zones),
		cmocka_unit_test(days_begin_at_their_first_instant),
		cmocka_unit_test(starts_and_dates_agree),
	};

	return cmocka_run_group_tests_name("date", tests, begin, end);
}
