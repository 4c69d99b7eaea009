/*
 * Dates as people read them, in the office's time zone, through ICU; and civil-date arithmetic for calendars.
 */
#ifndef SULH_TEXT_DATE_H
#define SULH_TEXT_DATE_H

#include "text/text.h"

/* "23 noyabr 2026", "23 November 2026, 13:30". `zone` is an IANA name ("Asia/Baku"). */
char *date_long(struct arena *, enum lang, const char *zone, int64_t ms);
char *date_time_long(struct arena *, enum lang, const char *zone, int64_t ms);
char *number_text(struct arena *, enum lang, int64_t n);
char *file_size_text(struct arena *, enum lang, int64_t bytes);

/* A civil date, proleptic Gregorian. */
struct civil {
	int year, month, day; /* month 1..12, day 1..31 */
};
bool civil_valid(struct civil);
int64_t civil_days(struct civil); /* days since 1970-01-01 */
struct civil civil_from_days(int64_t days);
int civil_weekday(int64_t days);                                          /* 1 Monday .. 7 Sunday (ISO 8601) */
enum err civil_parse(const char *iso, struct civil *ret_date) MUST_CHECK; /* YYYY-MM-DD */
void civil_format(char out[11], struct civil);
bool zone_valid(const char *zone);
/* The civil date at that moment in that zone; and the moment at which that civil date starts there (daylight saving
 * safe: the first instant of the day). */
struct civil zone_date(const char *zone, int64_t ms);
int64_t zone_day_start(const char *zone, struct civil);

#endif
