/*
 * An office's working calendar: which weekdays rest, which days are holidays, which resting days are worked by decision
 * of the government. Pure functions over days since 1970-01-01 (text/date.h makes civil dates of them); the data is
 * lent by the profile. Between two offices each counts in its own.
 *
 * Years for which nobody has entered holidays yet still count, with weekends only: calendar_covers() says so, and
 * whoever shows a date to a person passes that on.
 *
 *     if (calendar_reason(cal, day, &holiday) == CALENDAR_HOLIDAY)
 *             puts(names_in(&holiday->name, lang));
 */
#ifndef SULH_OFFICE_CALENDAR_H
#define SULH_OFFICE_CALENDAR_H

#include "office/names.h"

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Days that the program counts with: 0001-01-01 to 9999-12-31, what ISO 8601 writes with four digits. */
#define CALENDAR_FIRST INT64_C(-719162)
#define CALENDAR_LAST INT64_C(2932896)

struct holiday {
	int64_t day;     /* since 1970-01-01 */
	const char *key; /* "novruz" */
	struct names name;
	bool confirmed; /* false: expected, such as a date that waits for the moon */
	const char *source;
};

/* A feast on the same date each year: what a year not yet entered begins with. */
struct fixed_feast {
	const char *key;
	struct names name;
	int month, day;
	int64_t days; /* in a row */
	int from_year, to_year;
	bool confirmed;
	const char *source;
};

struct calendar {
	const char *zone;              /* IANA name, "Asia/Baku" */
	unsigned weekend;              /* bit n: ISO weekday n (1 Monday .. 7 Sunday) rests */
	const struct holiday *holiday; /* sorted by day; a day may stand twice (two feasts) */
	size_t holidays;
	const int64_t *workday; /* sorted: days worked although they would rest */
	size_t workdays;
	int64_t covers_from, covers_to; /* days for which holidays were entered, both included */
	const struct fixed_feast *fixed;
	size_t fixed_feasts;
};

enum calendar_reason { CALENDAR_WORKING, CALENDAR_WEEKEND, CALENDAR_HOLIDAY, CALENDAR_REASON_MAX };

const char *calendar_reason_slug(enum calendar_reason); /* "weekend": for JSON */
/* Why a day rests. A holiday on a weekend is a holiday; the first of two feasts is told. `ret_holiday` may be NULL and
 * is written only for CALENDAR_HOLIDAY. */
enum calendar_reason calendar_reason(const struct calendar *, int64_t day, const struct holiday **ret_holiday);
bool calendar_is_working(const struct calendar *, int64_t day);
bool calendar_covers(const struct calendar *, int64_t day);

/*
 * The n-th working day after `day` (before it for n < 0), `day` itself not counted; n = 0 gives `day`.
 * ERR_INVALID when that leaves the days above or the calendar never works.
 */
enum err calendar_add_working(const struct calendar *, int64_t day, int64_t n, int64_t *ret_day) MUST_CHECK;
/* `day` itself when it is worked, else the next one that is. */
enum err calendar_next_working(const struct calendar *, int64_t day, int64_t *ret_day) MUST_CHECK;
/* Working days in (after, to]; negative when `to` lies before `after`. Both are cut to the days above. */
int64_t calendar_count_working(const struct calendar *, int64_t after, int64_t to);

#endif
