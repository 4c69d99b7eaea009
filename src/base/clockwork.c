/* Reading the clocks, and RFC 3339 in its UTC form. */
#include "base/clockwork.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t offset_ms;

/* A test starts the program in another moment; read once, because getenv is not safe beside setenv in other threads. */
static void read_offset(void)
{
	const char *text = getenv("SULH_NOW_OFFSET_MS");

	if (text)
		offset_ms = strtoll(text, NULL, 10);
}

int64_t now_ms(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct timespec ts;

	pthread_once(&once, read_offset);
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * SECOND_MS + ts.tv_nsec / 1000000 + offset_ms;
}

int64_t monotonic_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* Days since 1970-01-01 of a proleptic Gregorian date, in years that begin in March so that leap days come last. */
static int64_t days_from_civil(int64_t y, int m, int d)
{
	int64_t era, year_of_era, day_of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int *y, int *m, int *d)
{
	int64_t era, day_of_era, year_of_era, day_of_year, month;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * day_of_year + 2) / 153;
	*d = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	*m = (int)(month < 10 ? month + 3 : month - 9);
	*y = (int)(year_of_era + era * 400 + (*m <= 2));
}

/* Years 0 to 9999: what four digits can say. */
#define MS_MIN INT64_C(-62167219200000)
#define MS_MAX INT64_C(253402300799999)

void rfc3339_format(char out[RFC3339_TEXT], int64_t ms)
{
	int64_t days, rest;
	int y, m, d;
	char text[64];

	if (ms < MS_MIN)
		ms = MS_MIN;
	if (ms > MS_MAX)
		ms = MS_MAX;
	days = (ms >= 0 ? ms : ms - DAY_MS + 1) / DAY_MS;
	rest = ms - days * DAY_MS;
	civil_from_days(days, &y, &m, &d);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, m, d, (int)(rest / HOUR_MS),
	    (int)(rest / MINUTE_MS % 60), (int)(rest / SECOND_MS % 60), (int)(rest % SECOND_MS));
	memcpy(out, text, RFC3339_TEXT - 1);
	out[RFC3339_TEXT - 1] = '\0';
}

/* Reads exactly `n` digits and moves on. */
static bool digits(const char **at, int n, int *ret_value)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		value = value * 10 + **at - '0';
	}
	*ret_value = value;
	return true;
}

static bool mark(const char **at, char small, char big)
{
	if (**at != small && **at != big)
		return false;
	(*at)++;
	return true;
}

static int days_in_month(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
}

static bool parse_date(const char **at, int64_t *ret_days)
{
	int y, m, d;

	if (!digits(at, 4, &y) || !mark(at, '-', '-') || !digits(at, 2, &m) || !mark(at, '-', '-') ||
	    !digits(at, 2, &d))
		return false;
	if (m < 1 || m > 12 || d < 1 || d > days_in_month(y, m))
		return false;
	*ret_days = days_from_civil(y, m, d);
	return true;
}

/* hh:mm:ss with any number of decimals, of which three are kept. Leap seconds are refused: we cannot store them. */
static bool parse_time(const char **at, int64_t *ret_ms)
{
	int h, min, s, ms = 0;

	if (!digits(at, 2, &h) || !mark(at, ':', ':') || !digits(at, 2, &min) || !mark(at, ':', ':') ||
	    !digits(at, 2, &s))
		return false;
	if (h > 23 || min > 59 || s > 59)
		return false;
	if (**at == '.') {
		int digit, scale = 100;

		(*at)++;
		if (**at < '0' || **at > '9')
			return false;
		for (; digits(at, 1, &digit); scale /= 10)
			ms += digit * scale;
	}
	*ret_ms = h * HOUR_MS + min * MINUTE_MS + s * SECOND_MS + ms;
	return true;
}

static bool parse_zone(const char **at, int64_t *ret_ms)
{
	int sign = **at == '-' ? -1 : 1, h, min;

	if (mark(at, 'Z', 'z')) {
		*ret_ms = 0;
		return true;
	}
	if (!mark(at, '+', '-') || !digits(at, 2, &h) || !mark(at, ':', ':') || !digits(at, 2, &min) || h > 23 ||
	    min > 59)
		return false;
	*ret_ms = sign * (h * HOUR_MS + min * MINUTE_MS);
	return true;
}

enum err rfc3339_parse(const char *text, int64_t *ret_ms)
{
	int64_t days, time, zone;

	if (!parse_date(&text, &days) || !mark(&text, 'T', 't') || !parse_time(&text, &time) ||
	    !parse_zone(&text, &zone) || *text)
		return ERR_INVALID;
	*ret_ms = days * DAY_MS + time - zone;
	return OK;
}
