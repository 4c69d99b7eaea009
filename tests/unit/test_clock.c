/* Due dates: the table was computed by a second program, day by day, from the same rules in words. */
#include "base/clockwork.h"
#include "office/clock.h"
#include "text/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))
#define SATURDAY_SUNDAY (1u << 6 | 1u << 7)

static struct calendar az = { .zone = "Asia/Baku", .weekend = SATURDAY_SUNDAY };
static struct calendar pk = { .zone = "Asia/Karachi", .weekend = SATURDAY_SUNDAY };
static struct calendar vienna = { .zone = "Europe/Vienna", .weekend = SATURDAY_SUNDAY };
static struct calendar fri = { .zone = "Asia/Karachi", .weekend = 1u << 5 };
static struct calendar utc = { .zone = "UTC", .weekend = SATURDAY_SUNDAY };
static struct calendar apia = { .zone = "Pacific/Apia", .weekend = SATURDAY_SUNDAY };

struct feast {
	const char *from;
	int days;
	const char *key;
};

static const struct feast az_feast[] = { { "2024-01-01", 2, "new_year" }, { "2024-03-20", 7, "novruz" },
	{ "2024-04-10", 3, "ramazan" }, { "2025-01-01", 3, "new_year" }, { "2025-03-20", 12, "novruz" },
	{ "2026-01-01", 2, "new_year" }, { "2026-01-20", 1, "mourning_day" }, { "2026-03-09", 1, "womens_day" },
	{ "2026-03-20", 11, "novruz" }, { "2026-05-27", 3, "qurban" }, { "2026-12-31", 1, "solidarity_day" },
	{ "2027-01-01", 2, "new_year" } };
static const struct feast pk_feast[] = { { "2025-03-31", 3, "eid_ul_fitr" }, { "2025-12-25", 1, "quaid_day" },
	{ "2026-02-05", 1, "kashmir_day" }, { "2026-03-20", 4, "eid_ul_fitr" }, { "2026-05-01", 1, "labour_day" },
	{ "2026-05-27", 3, "eid_ul_azha" }, { "2026-06-25", 2, "ashura" }, { "2026-08-14", 1, "independence_day" },
	{ "2026-12-25", 1, "quaid_day" } };

static struct holiday az_holiday[100], pk_holiday[100];
static int64_t az_workday[1];
static struct arena *arena;

static int64_t day(const char *iso)
{
	struct civil date;

	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static int64_t at(const char *rfc3339)
{
	int64_t ms = 0;

	assert_int_equal(rfc3339_parse(rfc3339, &ms), OK);
	return ms;
}

static size_t spread(const struct feast *feast, size_t count, struct holiday *holiday)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		for (int d = 0; d < feast[i].days; d++)
			holiday[n++] = (struct holiday) { .day = day(feast[i].from) + d,
				.key = feast[i].key,
				.name = { { [LANG_EN] = feast[i].key } },
				.confirmed = strcmp(feast[i].key, "ashura") != 0 };
	return n;
}

static int begin(void **state)
{
	(void)state;
	text_init();
	arena = arena_new(0);
	az.holidays = spread(az_feast, LEN(az_feast), az_holiday);
	az.holiday = az_holiday;
	az_workday[0] = day("2024-04-06");
	az.workday = az_workday;
	az.workdays = 1;
	az.covers_from = day("2024-01-01");
	az.covers_to = day("2027-12-31");
	pk.holidays = spread(pk_feast, LEN(pk_feast), pk_holiday);
	pk.holiday = pk_holiday;
	pk.covers_from = day("2025-01-01");
	pk.covers_to = day("2026-12-31");
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void check_moment(const char *what, int64_t ms, const char *expected)
{
	char text[RFC3339_TEXT];

	rfc3339_format(text, ms);
	if (ms != at(expected))
		fail_msg("%s: %s, not %s", what, text, expected);
}

/* clang-format off */
static const struct {
	const char *what;
	const struct calendar *calendar;
	const char *start;
	int64_t amount;
	enum clock_unit unit;
	bool rolls;
	const char *due;
} limits[] = {
	{ "ten days", &az, "2026-02-02T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, "2026-02-12T19:59:59.999Z" },
	{ "thirty days", &az, "2026-02-02T08:00:00Z", 30, CLOCK_CALENDAR_DAY, false, "2026-03-04T19:59:59.999Z" },
	{ "sixty days", &pk, "2026-02-02T08:00:00Z", 60, CLOCK_CALENDAR_DAY, false, "2026-04-03T18:59:59.999Z" },
	{ "365 days", &pk, "2026-02-02T08:00:00Z", 365, CLOCK_CALENDAR_DAY, false, "2027-02-02T18:59:59.999Z" },
	{ "365 days over 29 February", &pk, "2027-03-01T08:00:00Z", 365, CLOCK_CALENDAR_DAY, false, "2028-02-29T18:59:59.999Z" },
	{ "25 days", &az, "2026-09-01T08:00:00Z", 25, CLOCK_CALENDAR_DAY, false, "2026-09-26T19:59:59.999Z" },
	{ "one day", &az, "2026-09-01T08:00:00Z", 1, CLOCK_CALENDAR_DAY, false, "2026-09-02T19:59:59.999Z" },
	{ "seven days over the year's end", &pk, "2026-12-28T08:00:00Z", 7, CLOCK_CALENDAR_DAY, false, "2027-01-04T18:59:59.999Z" },
	{ "one day from 31 December", &pk, "2026-12-31T08:00:00Z", 1, CLOCK_CALENDAR_DAY, false, "2027-01-01T18:59:59.999Z" },
	{ "the event at 23:59 in Baku", &az, "2026-02-02T19:59:59.999Z", 10, CLOCK_CALENDAR_DAY, false, "2026-02-12T19:59:59.999Z" },
	{ "an instant later it is the next day", &az, "2026-02-02T20:00:00Z", 10, CLOCK_CALENDAR_DAY, false, "2026-02-13T19:59:59.999Z" },
	{ "the same moment is another day in Karachi", &pk, "2026-02-02T19:30:00Z", 10, CLOCK_CALENDAR_DAY, false, "2026-02-13T18:59:59.999Z" },
	{ "Sunday is left alone without the roll", &az, "2026-09-03T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, "2026-09-13T19:59:59.999Z" },
	{ "Sunday rolls to Monday", &az, "2026-09-03T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2026-09-14T19:59:59.999Z" },
	{ "Saturday rolls to Monday", &az, "2026-09-02T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2026-09-14T19:59:59.999Z" },
	{ "a working day does not roll", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2026-09-11T19:59:59.999Z" },
	{ "rolls over Novruz and Ramazan 2026", &az, "2026-03-10T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2026-03-31T19:59:59.999Z" },
	{ "rolls over twelve days of 2025", &az, "2025-03-10T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2025-04-01T19:59:59.999Z" },
	{ "rolls over Eid 2026 and Pakistan Day", &pk, "2026-03-10T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2026-03-24T18:59:59.999Z" },
	{ "rolls over the New Year", &az, "2026-12-21T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2027-01-04T19:59:59.999Z" },
	{ "does not roll on a Saturday that is worked", &az, "2024-03-27T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, "2024-04-06T19:59:59.999Z" },
	{ "starts on a Saturday", &az, "2026-09-05T08:00:00Z", 5, CLOCK_CALENDAR_DAY, false, "2026-09-10T19:59:59.999Z" },
	{ "five working days in a plain week", &az, "2026-09-07T08:00:00Z", 5, CLOCK_WORKING_DAY, false, "2026-09-14T19:59:59.999Z" },
	{ "five working days from Friday", &az, "2026-09-04T08:00:00Z", 5, CLOCK_WORKING_DAY, false, "2026-09-11T19:59:59.999Z" },
	{ "one working day from Friday", &az, "2026-09-04T08:00:00Z", 1, CLOCK_WORKING_DAY, false, "2026-09-07T19:59:59.999Z" },
	{ "working days from a Saturday", &az, "2026-09-05T08:00:00Z", 1, CLOCK_WORKING_DAY, false, "2026-09-07T19:59:59.999Z" },
	{ "working days from a Sunday", &az, "2026-09-06T08:00:00Z", 1, CLOCK_WORKING_DAY, false, "2026-09-07T19:59:59.999Z" },
	{ "working days from a holiday", &az, "2026-03-21T08:00:00Z", 3, CLOCK_WORKING_DAY, false, "2026-04-02T19:59:59.999Z" },
	{ "working days over Novruz 2026", &az, "2026-03-17T08:00:00Z", 5, CLOCK_WORKING_DAY, false, "2026-04-02T19:59:59.999Z" },
	{ "working days over Novruz 2025", &az, "2025-03-18T08:00:00Z", 5, CLOCK_WORKING_DAY, false, "2025-04-04T19:59:59.999Z" },
	{ "working days with a worked Saturday", &az, "2024-04-04T08:00:00Z", 3, CLOCK_WORKING_DAY, false, "2024-04-08T19:59:59.999Z" },
	{ "working days over Eid 2025", &pk, "2025-03-28T08:00:00Z", 3, CLOCK_WORKING_DAY, false, "2025-04-07T18:59:59.999Z" },
	{ "working days over Eid 2026", &pk, "2026-03-18T08:00:00Z", 5, CLOCK_WORKING_DAY, false, "2026-03-27T18:59:59.999Z" },
	{ "working days over Eid-ul-Azha 2026", &pk, "2026-05-26T08:00:00Z", 1, CLOCK_WORKING_DAY, false, "2026-06-01T18:59:59.999Z" },
	{ "working days over the year's end", &az, "2026-12-29T08:00:00Z", 3, CLOCK_WORKING_DAY, false, "2027-01-05T19:59:59.999Z" },
	{ "working days over 29 February", &utc, "2028-02-25T08:00:00Z", 3, CLOCK_WORKING_DAY, false, "2028-03-01T23:59:59.999Z" },
	{ "working days where only Friday rests", &fri, "2026-09-03T08:00:00Z", 2, CLOCK_WORKING_DAY, false, "2026-09-06T18:59:59.999Z" },
	{ "twenty working days", &utc, "2026-09-01T08:00:00Z", 20, CLOCK_WORKING_DAY, false, "2026-09-29T23:59:59.999Z" },
	{ "250 working days", &az, "2026-01-05T08:00:00Z", 250, CLOCK_WORKING_DAY, false, "2027-01-08T19:59:59.999Z" },
	{ "working days roll nowhere", &az, "2026-03-17T08:00:00Z", 5, CLOCK_WORKING_DAY, true, "2026-04-02T19:59:59.999Z" },
	{ "ten weeks", &az, "2026-09-03T08:00:00Z", 10, CLOCK_WEEK, false, "2026-11-12T19:59:59.999Z" },
	{ "ten weeks over the change of clocks", &vienna, "2026-02-02T08:00:00Z", 10, CLOCK_WEEK, false, "2026-04-13T21:59:59.999Z" },
	{ "a week that rolls", &az, "2026-03-14T08:00:00Z", 1, CLOCK_WEEK, true, "2026-03-31T19:59:59.999Z" },
	{ "a month", &az, "2026-09-15T08:00:00Z", 1, CLOCK_MONTH, false, "2026-10-15T19:59:59.999Z" },
	{ "a month from 31 January", &az, "2026-01-31T08:00:00Z", 1, CLOCK_MONTH, false, "2026-02-28T19:59:59.999Z" },
	{ "a month from 31 January of a leap year", &az, "2028-01-31T08:00:00Z", 1, CLOCK_MONTH, false, "2028-02-29T19:59:59.999Z" },
	{ "a month from 31 March", &pk, "2026-03-31T08:00:00Z", 1, CLOCK_MONTH, false, "2026-04-30T18:59:59.999Z" },
	{ "a month from 28 February is no month's end", &pk, "2026-02-28T08:00:00Z", 1, CLOCK_MONTH, false, "2026-03-28T18:59:59.999Z" },
	{ "two months from 31 December", &az, "2026-12-31T08:00:00Z", 2, CLOCK_MONTH, false, "2027-02-28T19:59:59.999Z" },
	{ "three months over the year's end", &pk, "2026-11-30T08:00:00Z", 3, CLOCK_MONTH, false, "2027-02-28T18:59:59.999Z" },
	{ "twelve months", &pk, "2026-05-31T08:00:00Z", 12, CLOCK_MONTH, false, "2027-05-31T18:59:59.999Z" },
	{ "a month that rolls", &pk, "2026-02-20T08:00:00Z", 1, CLOCK_MONTH, true, "2026-03-24T18:59:59.999Z" },
	{ "a year", &az, "2026-09-15T08:00:00Z", 1, CLOCK_YEAR, false, "2027-09-15T19:59:59.999Z" },
	{ "a year from 29 February", &az, "2028-02-29T08:00:00Z", 1, CLOCK_YEAR, false, "2029-02-28T19:59:59.999Z" },
	{ "four years from 29 February", &az, "2028-02-29T08:00:00Z", 4, CLOCK_YEAR, false, "2032-02-29T19:59:59.999Z" },
	{ "three years", &pk, "2026-02-28T08:00:00Z", 3, CLOCK_YEAR, false, "2029-02-28T18:59:59.999Z" },
	{ "a century's 29 February that is none", &utc, "2096-02-29T08:00:00Z", 4, CLOCK_YEAR, false, "2100-02-28T23:59:59.999Z" },
	{ "24 hours", &az, "2026-02-02T08:00:00Z", 24, CLOCK_HOUR, false, "2026-02-03T08:00:00.000Z" },
	{ "24 hours over the night that loses one, Vienna", &vienna, "2026-03-28T12:00:00Z", 24, CLOCK_HOUR, false, "2026-03-29T12:00:00.000Z" },
	{ "24 hours over the night that gains one, Vienna", &vienna, "2026-10-24T12:00:00Z", 24, CLOCK_HOUR, false, "2026-10-25T12:00:00.000Z" },
	{ "hours run over holidays", &az, "2026-03-20T08:00:00Z", 48, CLOCK_HOUR, false, "2026-03-22T08:00:00.000Z" },
	{ "one hour over the year's end", &pk, "2026-12-31T18:30:00Z", 1, CLOCK_HOUR, false, "2026-12-31T19:30:00.000Z" },
	{ "a day that ends on the day of 23 hours", &vienna, "2026-03-28T12:00:00Z", 1, CLOCK_CALENDAR_DAY, false, "2026-03-29T21:59:59.999Z" },
	{ "a day that ends on the day of 25 hours", &vienna, "2026-10-24T12:00:00Z", 1, CLOCK_CALENDAR_DAY, false, "2026-10-25T22:59:59.999Z" },
	{ "the event in the hour that comes twice", &vienna, "2026-10-25T01:30:00Z", 1, CLOCK_CALENDAR_DAY, false, "2026-10-26T22:59:59.999Z" },
	{ "the day that Samoa left out ends at once", &apia, "2011-12-28T12:00:00Z", 3, CLOCK_CALENDAR_DAY, false, "2011-12-31T09:59:59.999Z" },
	{ "1970", &utc, "1970-01-01T00:00:00Z", 10, CLOCK_CALENDAR_DAY, false, "1970-01-11T23:59:59.999Z" },
	{ "before 1970", &utc, "1969-12-25T00:00:00Z", 10, CLOCK_WORKING_DAY, false, "1970-01-08T23:59:59.999Z" },
	{ "the year 1600", &utc, "1600-02-28T00:00:00Z", 1, CLOCK_CALENDAR_DAY, false, "1600-02-29T23:59:59.999Z" },
	{ "the largest amount", &utc, "2026-01-01T00:00:00Z", 100000, CLOCK_CALENDAR_DAY, false, "2299-10-17T23:59:59.999Z" },
	{ "the largest amount of working days", &utc, "2026-01-01T00:00:00Z", 100000, CLOCK_WORKING_DAY, false, "2409-04-23T23:59:59.999Z" },
};

static const struct {
	const char *what;
	const struct calendar *calendar;
	const char *start;
	int64_t amount;
	enum clock_unit unit;
	bool rolls;
	const char *pause[2][2];
	int64_t extension;
	const char *due;
} courses[] = {
	{ "no pause", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { NULL, NULL } }, 0, "2026-09-11T19:59:59.999Z" },
	{ "a pause of five days", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-03T08:00:00Z", "2026-09-08T08:00:00Z" } }, 0, "2026-09-16T19:59:59.999Z" },
	{ "a pause within a day", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-03T08:00:00Z", "2026-09-03T12:00:00Z" } }, 0, "2026-09-11T19:59:59.999Z" },
	{ "a pause from the first moment", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-01T08:00:00Z", "2026-09-04T08:00:00Z" } }, 0, "2026-09-13T19:59:59.999Z" },
	{ "a pause that spans the due day", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-10T08:00:00Z", "2026-09-20T08:00:00Z" } }, 0, "2026-09-21T19:59:59.999Z" },
	{ "a pause after the due day", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-12T08:00:00Z", "2026-09-20T08:00:00Z" } }, 0, "2026-09-11T19:59:59.999Z" },
	{ "a pause that begins on the due day", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-11T08:00:00Z", "2026-09-14T08:00:00Z" } }, 0, "2026-09-14T19:59:59.999Z" },
	{ "two pauses", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-08T08:00:00Z", "2026-09-09T08:00:00Z" }, { "2026-09-03T08:00:00Z", "2026-09-05T08:00:00Z" } }, 0, "2026-09-14T19:59:59.999Z" },
	{ "two pauses that overlap count once", &az, "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, false, { { "2026-09-03T08:00:00Z", "2026-09-07T08:00:00Z" }, { "2026-09-05T08:00:00Z", "2026-09-09T08:00:00Z" } }, 0, "2026-09-17T19:59:59.999Z" },
	{ "a pause over a weekend, working days", &az, "2026-09-03T08:00:00Z", 3, CLOCK_WORKING_DAY, false, { { "2026-09-04T08:00:00Z", "2026-09-08T08:00:00Z" } }, 0, "2026-09-10T19:59:59.999Z" },
	{ "a pause into which it would roll", &az, "2026-09-02T08:00:00Z", 10, CLOCK_CALENDAR_DAY, true, { { "2026-09-13T08:00:00Z", "2026-09-16T08:00:00Z" } }, 0, "2026-09-16T19:59:59.999Z" },
	{ "a pause in a month", &az, "2026-01-31T08:00:00Z", 1, CLOCK_MONTH, false, { { "2026-02-10T08:00:00Z", "2026-02-15T08:00:00Z" } }, 0, "2026-03-05T19:59:59.999Z" },
	{ "an extension", &az, "2026-02-02T08:00:00Z", 30, CLOCK_CALENDAR_DAY, false, { { NULL, NULL } }, 30, "2026-04-03T19:59:59.999Z" },
	{ "an extension in months keeps the month's end", &az, "2026-01-31T08:00:00Z", 1, CLOCK_MONTH, false, { { NULL, NULL } }, 1, "2026-03-31T19:59:59.999Z" },
	{ "an extension and a pause", &pk, "2026-02-02T08:00:00Z", 15, CLOCK_CALENDAR_DAY, true, { { "2026-02-05T08:00:00Z", "2026-02-08T08:00:00Z" } }, 15, "2026-03-09T18:59:59.999Z" },
};
/* clang-format on */

static void counts_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(limits); i++) {
		const struct clock_rule rule = {
			.amount = limits[i].amount, .unit = limits[i].unit, .rolls = limits[i].rolls
		};
		struct clock_due due;
		int64_t ms;

		assert_int_equal(clock_due(&rule, limits[i].calendar, at(limits[i].start), &due), OK);
		check_moment(limits[i].what, due.due_ms, limits[i].due);
		assert_int_equal(clock_due_in(&rule, limits[i].calendar, at(limits[i].start), &ms), OK);
		assert_true(ms == due.due_ms);
		assert_int_equal(due.rolled, due.due_day != due.last_day);
	}
}

static void counts_pauses_and_extensions(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(courses); i++) {
		const struct clock_rule rule = {
			.amount = courses[i].amount, .unit = courses[i].unit, .rolls = courses[i].rolls
		};
		const struct clock_extension more = { courses[i].extension, "Director", "complex" };
		struct clock_pause pause[2];
		struct clock_course course = { .rule = &rule,
			.calendar = courses[i].calendar,
			.start_ms = at(courses[i].start),
			.pause = pause,
			.extension = &more,
			.extensions = courses[i].extension > 0 };
		struct clock_due due;

		for (; course.pauses < 2 && courses[i].pause[course.pauses][0]; course.pauses++)
			pause[course.pauses] = (struct clock_pause) { at(courses[i].pause[course.pauses][0]),
				at(courses[i].pause[course.pauses][1]), "waiting" };
		assert_int_equal(clock_course_due(&course, &due, NULL), OK);
		check_moment(courses[i].what, due.due_ms, courses[i].due);
	}
}

static void hours_stand_still_exactly(void **state)
{
	const struct clock_rule rule = { .amount = 24, .unit = CLOCK_HOUR };
	/* Out of order and overlapping: 10:00–12:00 and 11:00–13:30 are three hours and a half. */
	const struct clock_pause pause[] = { { at("2026-02-02T11:00:00Z"), at("2026-02-02T13:30:00Z"), "b" },
		{ at("2026-02-02T10:00:00Z"), at("2026-02-02T12:00:00Z"), "a" } };
	const struct clock_course course = {
		.rule = &rule, .calendar = &az, .start_ms = at("2026-02-02T08:00:00Z"), .pause = pause, .pauses = 2
	};
	struct clock_due due;

	(void)state;
	assert_int_equal(clock_course_due(&course, &due, NULL), OK);
	check_moment("hours", due.due_ms, "2026-02-03T11:30:00.000Z");
	assert_int_equal(due.paused_ms, 3 * HOUR_MS + 30 * MINUTE_MS);
}

static void a_lasting_pause_leaves_the_end_open(void **state)
{
	static const struct {
		const char *from;
		int64_t amount;
		enum clock_unit unit;
		int64_t left; /* -1: the pause came too late to matter */
	} rows[] = {
		{ "2026-09-03T08:00:00Z", 10, CLOCK_CALENDAR_DAY, 9 },
		{ "2026-09-01T08:00:00Z", 10, CLOCK_CALENDAR_DAY, 10 },
		{ "2026-09-11T08:00:00Z", 10, CLOCK_CALENDAR_DAY, 1 },
		{ "2026-09-12T08:00:00Z", 10, CLOCK_CALENDAR_DAY, -1 },
		{ "2026-09-07T08:00:00Z", 10, CLOCK_WORKING_DAY, 7 },
		{ "2026-09-01T10:00:00Z", 24, CLOCK_HOUR, 22 * HOUR_MS },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct clock_rule rule = { .amount = rows[i].amount, .unit = rows[i].unit, .warn_hours = 24 };
		const struct clock_pause pause = { at(rows[i].from), CLOCK_OPEN, "waiting" };
		const struct clock_course course = { .rule = &rule,
			.calendar = &az,
			.start_ms = at("2026-09-01T08:00:00Z"),
			.pause = &pause,
			.pauses = 1 };
		struct clock_due due;

		assert_int_equal(clock_course_due(&course, &due, NULL), OK);
		if (rows[i].left < 0) {
			check_moment("late pause", due.due_ms, "2026-09-11T19:59:59.999Z");
			continue;
		}
		assert_true(due.due_ms == CLOCK_OPEN && due.warn_ms == CLOCK_OPEN);
		assert_int_equal(due.left, rows[i].left);
		assert_int_equal(clock_state(&due, at("2036-01-01T00:00:00Z"), CLOCK_OPEN).phase, CLOCK_PAUSED);
	}
}

static void refuses_what_cannot_be_counted(void **state)
{
	static const struct {
		int64_t amount, start;
		enum clock_unit unit;
	} rows[] = {
		{ 0, 0, CLOCK_CALENDAR_DAY }, { -1, 0, CLOCK_CALENDAR_DAY },
		{ CLOCK_AMOUNT_MAX + 1, 0, CLOCK_CALENDAR_DAY }, { INT64_MAX, 0, CLOCK_HOUR },
		{ INT64_MIN, 0, CLOCK_MONTH }, { 1, INT64_MAX, CLOCK_HOUR }, { 1, INT64_MIN, CLOCK_HOUR },
		{ 1, INT64_MAX, CLOCK_CALENDAR_DAY }, { 1, INT64_MIN, CLOCK_YEAR }, { 10000, 0, CLOCK_YEAR },
		{ CLOCK_AMOUNT_MAX, 253399536000000, CLOCK_CALENDAR_DAY }, /* from the year 9999 */
		{ CLOCK_AMOUNT_MAX, 253399536000000, CLOCK_HOUR },
		{ CLOCK_AMOUNT_MAX, 253399536000000, CLOCK_WORKING_DAY },
		{ 1, 253402214400000, CLOCK_CALENDAR_DAY }, /* 9999-12-31 itself */
		{ 1, 253402128000000, CLOCK_CALENDAR_DAY }, /* ends on 9999-12-31, whose end lies in the year 10000 */
	};
	const struct clock_rule rule = { .amount = 5, .unit = CLOCK_CALENDAR_DAY };
	const struct clock_pause backwards = { 2000, 1000, "" };
	const struct clock_course course = { .rule = &rule, .calendar = &utc, .pause = &backwards, .pauses = 1 };
	struct clock_due due = { .due_ms = 42 };
	struct fault fault = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct clock_rule bad = { .amount = rows[i].amount, .unit = rows[i].unit };

		if (clock_due(&bad, &utc, rows[i].start, &due) != ERR_INVALID)
			fail_msg("row %zu was taken", i);
		assert_true(due.due_ms == 42); /* written only on success */
	}
	assert_int_equal(clock_course_due(&course, &due, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "pauses");
}

static void tells_the_state(void **state)
{
	static const struct {
		const char *now, *stopped;
		enum clock_phase phase;
		bool in_time;
		int64_t days;
	} rows[] = {
		{ "2026-09-01T08:00:00Z", NULL, CLOCK_RUNNING, true, 10 },
		{ "2026-09-09T19:59:59.998Z", NULL, CLOCK_RUNNING, true, 2 },
		{ "2026-09-09T19:59:59.999Z", NULL, CLOCK_SOON, true, 2 }, /* 48 hours before the last instant */
		{ "2026-09-11T19:59:59.999Z", NULL, CLOCK_SOON, true, 0 },
		{ "2026-09-11T20:00:00Z", NULL, CLOCK_LATE, false, -1 },
		{ "2026-10-01T08:00:00Z", NULL, CLOCK_LATE, false, -20 },
		{ "2026-10-01T08:00:00Z", "2026-09-11T19:59:59.999Z", CLOCK_STOPPED, true, 0 },
		{ "2026-10-01T08:00:00Z", "2026-09-11T20:00:00Z", CLOCK_STOPPED, false, 0 },
	};
	const struct clock_rule rule = { .amount = 10, .unit = CLOCK_CALENDAR_DAY, .warn_hours = 48 };
	struct clock_due due;

	(void)state;
	assert_int_equal(clock_due(&rule, &az, at("2026-09-01T08:00:00Z"), &due), OK);
	for (size_t i = 0; i < LEN(rows); i++) {
		struct clock_state s =
		    clock_state(&due, at(rows[i].now), rows[i].stopped ? at(rows[i].stopped) : CLOCK_OPEN);

		assert_int_equal(s.phase, rows[i].phase);
		assert_int_equal(s.in_time, rows[i].in_time);
		assert_int_equal(s.remaining_days, rows[i].days);
	}
	assert_int_equal(clock_state(&due, INT64_MAX - 1, CLOCK_OPEN).phase, CLOCK_LATE);
	assert_int_equal(clock_state(&due, INT64_MIN, CLOCK_OPEN).phase, CLOCK_RUNNING);
}

static void extends_as_the_rule_allows(void **state)
{
	const struct clock_rule rule = { .amount = 30, .extend_amount = 30, .extend_times = 1 },
				none = { .amount = 30 };
	struct fault fault;

	(void)state;
	assert_int_equal(clock_may_extend(&rule, 0, 30, &fault), OK);
	assert_int_equal(clock_may_extend(&rule, 0, 31, &fault), ERR_INVALID);
	assert_int_equal(clock_may_extend(&rule, 0, 0, &fault), ERR_INVALID);
	assert_int_equal(clock_may_extend(&rule, 1, 10, &fault), ERR_DENIED);
	assert_int_equal(clock_may_extend(&none, 0, 1, &fault), ERR_DENIED);
}

static const struct clock_rule told = { .key = "x.test",
	.name = { { [LANG_EN] = "Answer" } },
	.amount = 5,
	.unit = CLOCK_WORKING_DAY,
	.starts = "received",
	.ends = "finding",
	.starts_name = { { [LANG_EN] = "complaint received" } },
	.rolls = true,
	.source = "Some law, art. 5" };

static void explains_to_programs(void **state)
{
	const struct clock_course course = { .rule = &told, .calendar = &az, .start_ms = at("2026-03-17T08:00:00Z") };
	struct clock_due due;
	json_t *json, *skipped;

	(void)state;
	assert_int_equal(clock_course_due(&course, &due, NULL), OK);
	json = clock_explain_json(&course, &due);
	assert_string_equal(json_str(json, "first_day"), "2026-03-18");
	assert_string_equal(json_str(json, "due_day"), "2026-04-02");
	assert_string_equal(json_str(json, "due"), "2026-04-02T19:59:59.999Z");
	assert_true(json_is_null(json_object_get(json, "rolled")));
	skipped = json_object_get(json, "skipped");
	assert_int_equal(json_array_size(skipped), 11);
	assert_int_equal(json_int_or(json, "skipped_count", 0), 11);
	assert_string_equal(json_str(json_array_get(skipped, 0), "day"), "2026-03-20");
	assert_string_equal(json_str(json_array_get(skipped, 0), "reason"), "holiday");
	assert_string_equal(json_str(json_array_get(skipped, 0), "holiday"), "novruz");
	assert_true(json_bool_or(json, "covered", false));
	assert_false(json_bool_or(json, "confirmed", true));
	json_decref(json);
}

static void explains_the_roll(void **state)
{
	const struct clock_rule rule = { .key = "x.roll", .amount = 10, .unit = CLOCK_CALENDAR_DAY, .rolls = true };
	const struct clock_course course = { .rule = &rule, .calendar = &pk, .start_ms = at("2026-06-15T08:00:00Z") };
	struct clock_due due;
	json_t *json, *roll;

	(void)state;
	assert_int_equal(clock_course_due(&course, &due, NULL), OK);
	json = clock_explain_json(&course, &due);
	roll = json_object_get(json, "rolled");
	assert_string_equal(json_str(roll, "from"), "2026-06-25");
	assert_string_equal(json_str(roll, "to"), "2026-06-29");
	assert_int_equal(json_array_size(json_object_get(roll, "days")), 4);
	assert_true(json_bool_or(json, "expected", false)); /* Ashura waits for the moon */
	json_decref(json);
}

static void explains_in_words(void **state)
{
	const struct clock_pause pause = { at("2026-03-18T08:00:00Z"), at("2026-03-19T08:00:00Z"),
		"waiting for papers" };
	const struct clock_extension more = { 2, "the director", "two experts" };
	const struct clock_course course = { .rule = &told,
		.calendar = &az,
		.start_ms = at("2026-03-17T08:00:00Z"),
		.pause = &pause,
		.pauses = 1,
		.extension = &more,
		.extensions = 1 };
	static const char *const parts[] = { "complaint received", "18 March 2026", "novruz", "waiting for papers",
		"the director", "Asia/Baku", "Some law, art. 5", "not yet been checked" };
	struct clock_due due;
	char *text;

	(void)state;
	assert_int_equal(clock_course_due(&course, &due, NULL), OK);
	text = clock_explain_text(arena, LANG_EN, &course, &due);
	for (size_t i = 0; i < LEN(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("“%s” is not in: %s", parts[i], text);
	assert_null(strchr(text, '{'));
	assert_null(strstr(clock_explain_text(arena, LANG_RU, &course, &due), ".."));
	for (int lang = 0; lang < LANG_MAX; lang++) {
		text = clock_explain_text(arena, (enum lang)lang, &course, &due);
		if (strchr(text, '{'))
			fail_msg("%s: %s", lang_code((enum lang)lang), text);
	}
}

static void says_when_holidays_are_not_known(void **state)
{
	const struct clock_course course = { .rule = &told, .calendar = &az, .start_ms = at("2029-03-17T08:00:00Z") };
	struct clock_due due;

	(void)state;
	assert_int_equal(clock_course_due(&course, &due, NULL), OK);
	assert_false(due.covered);
	check_moment("weekends only", due.due_ms, "2029-03-23T19:59:59.999Z");
	assert_non_null(strstr(clock_explain_text(arena, LANG_EN, &course, &due), "only weekends"));
}

static void names_units(void **state)
{
	(void)state;
	for (int i = 0; i < CLOCK_UNIT_MAX; i++) {
		enum clock_unit unit = CLOCK_UNIT_MAX;

		assert_true(clock_unit_parse(clock_unit_slug((enum clock_unit)i), &unit));
		assert_int_equal(unit, i);
	}
	assert_false(clock_unit_parse("fortnight", &(enum clock_unit) { CLOCK_HOUR }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_limits),
		cmocka_unit_test(counts_pauses_and_extensions),
		cmocka_unit_test(hours_stand_still_exactly),
		cmocka_unit_test(a_lasting_pause_leaves_the_end_open),
		cmocka_unit_test(refuses_what_cannot_be_counted),
		cmocka_unit_test(tells_the_state),
		cmocka_unit_test(extends_as_the_rule_allows),
		cmocka_unit_test(explains_to_programs),
		cmocka_unit_test(explains_the_roll),
		cmocka_unit_test(explains_in_words),
		cmocka_unit_test(says_when_holidays_are_not_known),
		cmocka_unit_test(names_units),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
