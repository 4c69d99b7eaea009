/*
 * Due dates against a second computation that shares nothing with the first but the calendar's data: it walks every
 * civil day, one after the other, and asks of each whether it counts. Thousands of random limits in zones with and
 * without daylight saving, over year ends, with pauses that overlap and extensions; the seed is fixed.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "office/clock.h"
#include "text/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define CASES 12000
#define HOLIDAYS 160
#define PAUSES 4

static uint64_t seed = 20261127;

/* xorshift64*: the same numbers everywhere. */
static uint64_t next(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * UINT64_C(2685821657736338717);
}

static int64_t between(int64_t least, int64_t most)
{
	return least + (int64_t)(next() % (uint64_t)(most - least + 1));
}

struct sample {
	struct calendar calendar;
	struct holiday holiday[HOLIDAYS];
	int64_t workday[8];
	struct clock_rule rule;
	struct clock_pause pause[PAUSES];
	struct clock_extension extension[2];
	struct clock_course course;
};

static int by_day(const void *a, const void *b)
{
	const struct holiday *x = a, *y = b;
	return (x->day > y->day) - (x->day < y->day);
}

static int by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static void any_calendar(struct sample *s, int64_t around)
{
	static const char *const zones[] = { "Asia/Baku", "Asia/Karachi", "Europe/Berlin", "America/New_York", "UTC",
		"Australia/Lord_Howe", "Asia/Kathmandu" };
	static const unsigned weekends[] = { 1u << 6 | 1u << 7, 1u << 5, 1u << 5 | 1u << 6, 1u << 7, 0 };
	struct calendar *cal = &s->calendar;
	*cal = (struct calendar) { .zone = zones[between(0, ARRAY_LEN(zones) - 1)],
		.weekend = weekends[between(0, ARRAY_LEN(weekends) - 1)],
		.holiday = s->holiday,
		.workday = s->workday,
		.holidays = (size_t)between(0, HOLIDAYS),
		.workdays = (size_t)between(0, 8),
		.covers_from = around - 400,
		.covers_to = around + 800 };
	for (size_t i = 0; i < cal->holidays; i++)
		s->holiday[i] = (struct holiday) { .day = around + between(-10, 700), .key = "feast" };
	for (size_t i = 0; i < cal->workdays; i++)
		s->workday[i] = around + between(-10, 700);
	qsort(s->holiday, cal->holidays, sizeof(*s->holiday), by_day);
	qsort(s->workday, cal->workdays, sizeof(*s->workday), by_number);
}

static void any_limit(struct sample *s)
{
	static const int64_t usual[] = { 1, 5, 10, 25, 30, 60, 365 };
	s->rule = (struct clock_rule) { .key = "any", .extend_amount = 60, .extend_times = 2, .pausable = true };
	s->rule.unit = (enum clock_unit)between(0, CLOCK_UNIT_MAX - 1);
	s->rule.amount = s->rule.unit == CLOCK_YEAR    ? between(1, 2)
			 : s->rule.unit == CLOCK_MONTH ? between(1, 14)
			 : between(0, 2)               ? usual[between(0, ARRAY_LEN(usual) - 1)]
						       : between(1, 90);
	s->rule.rolls = s->rule.unit != CLOCK_HOUR && between(0, 1);
	s->course = (struct clock_course) { .rule = &s->rule, .calendar = &s->calendar };
}

/* A start between 2019 and 2030, often at the edge of a day or of a year. */
static int64_t any_start(void)
{
	static const char *const edges[] = { "2025-12-31T20:00:00.000Z", "2026-03-29T00:59:59.999Z",
		"2026-10-25T01:00:00.000Z", "2027-12-31T18:59:59.999Z", "2024-02-28T23:30:00.000Z",
		"2026-03-08T07:00:00.000Z" };
	int64_t ms = 0;
	if (between(0, 3))
		return INT64_C(1546300800000) + between(0, 11 * 366) * DAY_MS + between(0, DAY_MS - 1);
	assert_int_equal(rfc3339_parse(edges[between(0, ARRAY_LEN(edges) - 1)], &ms), OK);
	return ms + between(-3, 3);
}

static void any_life(struct sample *s)
{
	s->course.pause = s->pause;
	s->course.extension = s->extension;
	s->course.pauses = between(0, 1) ? (size_t)between(0, PAUSES) : 0;
	s->course.extensions = (size_t)between(0, 2);
	for (size_t i = 0; i < s->course.pauses; i++) {
		s->pause[i].from_ms = s->course.start_ms + between(0, 90 * DAY_MS);
		s->pause[i].to_ms = between(0, 9) ? s->pause[i].from_ms + between(0, 40 * DAY_MS) : CLOCK_OPEN;
		s->pause[i].reason = "";
	}
	for (size_t i = 0; i < s->course.extensions; i++)
		s->extension[i] =
		    (struct clock_extension) { .amount = s->rule.unit == CLOCK_YEAR ? 1 : between(1, 40) };
}

/* --- the second computation: nothing here calls the first one's arithmetic ---------------------------------------- */

/* The civil date at a moment, by the C library's zones. */
static int64_t civil_day(const char *zone, int64_t ms)
{
	time_t seconds = (time_t)(ms >= 0 ? ms / 1000 : (ms - 999) / 1000);
	struct tm tm;
	setenv("TZ", zone, 1);
	tzset();
	localtime_r(&seconds, &tm);
	tm.tm_sec = tm.tm_min = tm.tm_hour = 0;
	tm.tm_isdst = 0;
	return timegm(&tm) / 86400;
}

static bool rests(const struct calendar *cal, int64_t day)
{
	for (size_t i = 0; i < cal->workdays; i++)
		if (cal->workday[i] == day)
			return false;
	for (size_t i = 0; i < cal->holidays; i++)
		if (cal->holiday[i].day == day)
			return true;
	int weekday = (int)((day % 7 + 7 + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
	return cal->weekend & 1u << weekday;
}

struct walk {
	const struct clock_course *course;
	int64_t from[PAUSES], to[PAUSES]; /* days of the pauses */
	bool open;                        /* it came to a pause without end */
};

static bool stands(struct walk *w, int64_t day)
{
	bool still = false;
	for (size_t i = 0; i < w->course->pauses; i++) {
		bool for_ever = w->course->pause[i].to_ms == CLOCK_OPEN;
		if (day < w->from[i] || (!for_ever && day >= w->to[i]))
			continue;
		still = true;
		w->open = w->open || for_ever;
	}
	return still;
}

static int64_t whole(const struct clock_course *course)
{
	int64_t n = course->rule->amount;
	for (size_t i = 0; i < course->extensions; i++)
		n += course->extension[i].amount;
	return n;
}

/* How many days a limit in weeks, months or years has when it starts that day: by walking months one at a time. */
static int64_t days_of(const struct clock_course *course, int64_t start)
{
	int64_t n = whole(course), months = course->rule->unit == CLOCK_YEAR ? 12 * n : n, day = start;
	time_t at = (time_t)start * 86400;
	struct tm tm;
	gmtime_r(&at, &tm);
	int wanted = tm.tm_mday, year = tm.tm_year, month = tm.tm_mon;
	if (course->rule->unit == CLOCK_WEEK)
		return 7 * n;
	if (course->rule->unit != CLOCK_MONTH && course->rule->unit != CLOCK_YEAR)
		return n;
	for (; months > 0; months--) {
		year += month == 11;
		month = (month + 1) % 12;
	}
	/* The last day of that month which is not past the wanted number. */
	for (int d = 1; d <= wanted; d++) {
		struct tm try = { .tm_year = year, .tm_mon = month, .tm_mday = d };
		time_t then = timegm(&try);
		if (try.tm_mon == month)
			day = then / 86400;
	}
	return day - start;
}

/* The day on which it ends; `w->open` when nobody can know. */
static int64_t walk_days(struct walk *w)
{
	const struct clock_course *course = w->course;
	bool working = course->rule->unit == CLOCK_WORKING_DAY;
	int64_t start = civil_day(course->calendar->zone, course->start_ms), day = start, left = days_of(course, start);
	while (left > 0) {
		day++;
		if (stands(w, day)) {
			if (w->open)
				return 0;
			continue;
		}
		left -= !working || !rests(course->calendar, day);
	}
	while (course->rule->rolls && rests(course->calendar, day)) {
		do {
			if (stands(w, day) && w->open)
				return 0;
			day++;
		} while (stands(w, day) && !w->open);
		if (stands(w, day) && w->open)
			return 0;
	}
	return day;
}

/* Hours, minute by minute would be slow: by the sorted edges of the pauses instead. */
static int64_t walk_hours(struct walk *w)
{
	const struct clock_course *course = w->course;
	int64_t t = course->start_ms, left = whole(course) * HOUR_MS;
	for (;;) {
		int64_t edge = CLOCK_OPEN;
		bool still = false;
		for (size_t i = 0; i < course->pauses; i++) {
			const struct clock_pause *p = &course->pause[i];
			if (p->from_ms <= t && t < p->to_ms) {
				still = true;
				w->open = w->open || p->to_ms == CLOCK_OPEN;
			}
			if (p->from_ms > t && p->from_ms < edge)
				edge = p->from_ms;
			if (p->to_ms > t && p->to_ms < edge)
				edge = p->to_ms;
		}
		if (still && w->open)
			return 0;
		if (!still && (edge == CLOCK_OPEN || left <= edge - t))
			return t + left;
		left -= still ? 0 : edge - t;
		t = edge;
	}
}

/* The last instant of a civil day is the one whose next belongs to the next day. */
static void check_day_end(const struct sample *s, int n, int64_t due_ms, int64_t day)
{
	const char *zone = s->calendar.zone;
	if (civil_day(zone, due_ms) != day || civil_day(zone, due_ms + 1) != day + 1)
		fail_msg("case %d: %s, %lld %s, rolls %d: ends on day %lld, not %lld", n, zone,
		    (long long)s->rule.amount, clock_unit_slug(s->rule.unit), s->rule.rolls,
		    (long long)civil_day(zone, due_ms), (long long)day);
}

static void check(const struct sample *s, int n)
{
	struct walk w = { .course = &s->course };
	struct clock_due due;
	for (size_t i = 0; i < s->course.pauses; i++) {
		w.from[i] = civil_day(s->calendar.zone, s->pause[i].from_ms);
		if (s->pause[i].to_ms != CLOCK_OPEN)
			w.to[i] = civil_day(s->calendar.zone, s->pause[i].to_ms);
	}
	assert_int_equal(clock_course_due(&s->course, &due, NULL), OK);
	int64_t expected = s->rule.unit == CLOCK_HOUR ? walk_hours(&w) : walk_days(&w);
	if (w.open != (due.due_ms == CLOCK_OPEN))
		fail_msg("case %d (%s %lld): open %d, due %lld", n, clock_unit_slug(s->rule.unit),
		    (long long)s->rule.amount, w.open, (long long)due.due_ms);
	if (w.open)
		return;
	if (s->rule.unit == CLOCK_HOUR)
		assert_int_equal(due.due_ms, expected);
	else
		check_day_end(s, n, due.due_ms, expected);
}

static void two_computations_agree(void **state)
{
	static struct sample s;
	for (int n = 0; n < CASES; n++) {
		int64_t start = any_start();
		any_calendar(&s, start / DAY_MS);
		any_limit(&s);
		s.course.start_ms = start;
		any_life(&s);
		check(&s, n);
	}
}

/* Laws of any course, whatever the numbers: more never ends earlier. */
static void more_never_ends_earlier(void **state)
{
	static struct sample s;
	for (int n = 0; n < 3000; n++) {
		struct clock_due plain, extended, paused;
		any_calendar(&s, 20500);
		any_limit(&s);
		s.course.start_ms = INT64_C(20500) * DAY_MS + between(0, DAY_MS);
		assert_int_equal(clock_course_due(&s.course, &plain, NULL), OK);
		s.extension[0] = (struct clock_extension) { .amount = 1 };
		s.course.extension = s.extension;
		s.course.extensions = 1;
		assert_int_equal(clock_course_due(&s.course, &extended, NULL), OK);
		assert_true(extended.due_ms >= plain.due_ms);
		s.course.extensions = 0;
		s.pause[0] = (struct clock_pause) { .from_ms = s.course.start_ms + between(0, 20 * DAY_MS) };
		s.pause[0].to_ms = s.pause[0].from_ms + between(0, 30 * DAY_MS);
		s.course.pause = s.pause;
		s.course.pauses = 1;
		assert_int_equal(clock_course_due(&s.course, &paused, NULL), OK);
		assert_true(paused.due_ms >= plain.due_ms);
	}
}

/* The office's own aim is never after the limit, and pauses move it too. */
static void target_comes_before_the_limit(void **state)
{
	static struct sample s;
	for (int n = 0; n < 2000; n++) {
		struct clock_due due;
		any_calendar(&s, 20500);
		any_limit(&s);
		s.course.start_ms = INT64_C(20500) * DAY_MS + between(0, DAY_MS);
		any_life(&s);
		s.rule.target = s.rule.amount > 1 ? between(1, s.rule.amount - 1) : 0;
		assert_int_equal(clock_course_due(&s.course, &due, NULL), OK);
		int64_t target = clock_target(&s.course);
		if (s.rule.target && target != CLOCK_OPEN)
			assert_true(target <= due.due_ms);
		if (!s.rule.target)
			assert_int_equal(target, CLOCK_OPEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_computations_agree),
		cmocka_unit_test(more_never_ends_earlier),
		cmocka_unit_test(target_comes_before_the_limit),
	};
	text_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
