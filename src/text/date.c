/* Dates, times and numbers through ICU, with formatters kept in a pool; civil dates by arithmetic alone. */
#include "text/date.h"

#include "base/util.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/unumberformatter.h>
#include <unicode/ustring.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define ZONE_MAX 64       /* bytes of an IANA name; the longest today has 32 */
#define FORMATTED_MAX 160 /* UTF-16 units of any date or number */
#define KEPT 32           /* formatters and calendars that wait for use */

/* English as the offices in Islamabad and Baku write it: day before month. */
static const char *const locales[LANG_MAX] = {
	[LANG_AZ] = "az", [LANG_EN] = "en_GB", [LANG_RU] = "ru", [LANG_UR] = "ur"
};

enum shape { SHAPE_DATE, SHAPE_TIME, SHAPE_CALENDAR };

/*
 * ICU's formatters and calendars change while they are used, so one is taken out of the pool and given back. There are
 * as many as were ever used at once: a few, while one for each of forty threads would be a quarter of the server's
 * memory.
 */
struct kept {
	char zone[ZONE_MAX];
	enum lang lang;
	enum shape shape;
	void *object; /* UDateFormat or UCalendar, NULL = free slot */
};

static struct {
	pthread_mutex_t lock;
	struct kept kept[KEPT];
	unsigned next; /* who goes when there is no place */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void kept_close(struct kept *k)
{
	if (!k->object)
		return;
	if (k->shape == SHAPE_CALENDAR)
		ucal_close(k->object);
	else
		udat_close(k->object);
	k->object = NULL;
}

static UCalendar *calendar_open(const char *zone)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar zone16[ZONE_MAX];

	u_uastrcpy(zone16, zone);
	UCalendar *c = ucal_open(zone16, -1, "en", UCAL_GREGORIAN, &status);
	if (U_FAILURE(status))
		abort();
	return c;
}

static UDateFormat *format_open(const char *zone, enum lang lang, enum shape shape)
{
	static const UChar time24[] = u"HH:mm";
	UErrorCode status = U_ZERO_ERROR;
	UChar zone16[ZONE_MAX];

	u_uastrcpy(zone16, zone);
	UDateFormat *f = shape == SHAPE_TIME
			     ? udat_open(UDAT_PATTERN, UDAT_PATTERN, locales[lang], zone16, -1, time24, -1, &status)
			     : udat_open(UDAT_NONE, UDAT_LONG, locales[lang], zone16, -1, NULL, 0, &status);
	if (U_FAILURE(status))
		abort();
	return f;
}

/* A zone that nobody knows reads as UTC: the profile's zone was checked with zone_valid when it was loaded. */
static struct kept kept_take(const char *zone, enum lang lang, enum shape shape)
{
	struct kept wanted = { .lang = lang, .shape = shape };

	if (!zone || !copy_text(wanted.zone, sizeof(wanted.zone), zone))
		copy_text(wanted.zone, sizeof(wanted.zone), "Etc/UTC");
	pthread_mutex_lock(&pool.lock);
	for (size_t i = 0; i < KEPT && !wanted.object; i++) {
		struct kept *k = &pool.kept[i];
		if (k->object && k->shape == shape && k->lang == lang && strcmp(k->zone, wanted.zone) == 0)
			wanted.object = take(&k->object);
	}
	pthread_mutex_unlock(&pool.lock);
	if (!wanted.object)
		wanted.object = shape == SHAPE_CALENDAR ? (void *)calendar_open(wanted.zone)
							: (void *)format_open(wanted.zone, lang, shape);
	return wanted;
}

static void kept_give(const struct kept *back)
{
	struct kept *place = NULL, gone = { .object = NULL };

	pthread_mutex_lock(&pool.lock);
	for (size_t i = 0; i < KEPT && !place; i++)
		if (!pool.kept[i].object)
			place = &pool.kept[i];
	if (!place) {
		place = &pool.kept[pool.next++ % KEPT];
		gone = *place;
	}
	*place = *back;
	pthread_mutex_unlock(&pool.lock);
	kept_close(&gone);
}

static char *utf8(struct arena *arena, const UChar *s, int32_t len)
{
	UErrorCode status = U_ZERO_ERROR;
	char *out = arena_alloc(arena, (size_t)len * 3 + 1);

	u_strToUTF8(out, len * 3 + 1, NULL, s, len, &status);
	return out;
}

static char *formatted(struct arena *arena, enum lang lang, const char *zone, enum shape shape, int64_t ms)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar out[FORMATTED_MAX];
	struct kept format = kept_take(zone, lang, shape);
	int32_t len = udat_format(format.object, (UDate)ms, out, FORMATTED_MAX, NULL, &status);

	kept_give(&format);
	return U_FAILURE(status) || len > FORMATTED_MAX ? arena_strdup(arena, "") : utf8(arena, out, len);
}

char *date_long(struct arena *arena, enum lang lang, const char *zone, int64_t ms)
{
	return formatted(arena, lang, zone, SHAPE_DATE, ms);
}

/* Not ICU's own joined form: in Azerbaijani it still has an English "at" in it, and Urdu gets a Latin "PM". */
char *date_time_long(struct arena *arena, enum lang lang, const char *zone, int64_t ms)
{
	return arena_printf(arena, "%s%s%s", formatted(arena, lang, zone, SHAPE_DATE, ms),
	    lang == LANG_UR ? "، " : ", ", formatted(arena, lang, zone, SHAPE_TIME, ms));
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

enum unit { UNIT_NONE, UNIT_BYTE, UNIT_KILOBYTE, UNIT_MEGABYTE, UNIT_GIGABYTE, UNIT_MAX };

static const char *const skeletons[UNIT_MAX] = {
	[UNIT_NONE] = "precision-integer latin",
	[UNIT_BYTE] = "unit/byte unit-width-short precision-integer latin",
	[UNIT_KILOBYTE] = "unit/kilobyte unit-width-short precision-integer latin",
	[UNIT_MEGABYTE] = "unit/megabyte unit-width-short .# latin",
	[UNIT_GIGABYTE] = "unit/gigabyte unit-width-short .# latin",
};

/* Immutable once made, so shared by all threads. */
static UNumberFormatter *formatters[LANG_MAX][UNIT_MAX];
static pthread_once_t formatters_once = PTHREAD_ONCE_INIT;

static void formatters_make(void)
{
	for (int lang = 0; lang < LANG_MAX; lang++) {
		for (int unit = 0; unit < UNIT_MAX; unit++) {
			UErrorCode status = U_ZERO_ERROR;
			UChar skeleton[128];
			u_uastrcpy(skeleton, skeletons[unit]);
			formatters[lang][unit] = unumf_openForSkeletonAndLocale(skeleton, -1, locales[lang], &status);
			if (U_FAILURE(status))
				abort();
		}
	}
}

static char *number_formatted(struct arena *arena, enum lang lang, enum unit unit, bool whole, int64_t n, double part)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar out[FORMATTED_MAX];

	pthread_once(&formatters_once, formatters_make);
	UFormattedNumber *result = unumf_openResult(&status);
	if (whole)
		unumf_formatInt(formatters[lang][unit], n, result, &status);
	else
		unumf_formatDouble(formatters[lang][unit], part, result, &status);
	int32_t len = unumf_resultToString(result, out, FORMATTED_MAX, &status);
	unumf_closeResult(result);
	return U_FAILURE(status) ? arena_strdup(arena, "") : utf8(arena, out, len);
}

char *number_text(struct arena *arena, enum lang lang, int64_t n)
{
	return number_formatted(arena, lang, UNIT_NONE, true, n, 0);
}

/* Powers of 1,000, which is what "kB" and "MB" say (IEC 80000-13). */
char *file_size_text(struct arena *arena, enum lang lang, int64_t bytes)
{
	if (bytes < 1000)
		return number_formatted(arena, lang, UNIT_BYTE, true, bytes, 0);
	if (bytes < 999500)
		return number_formatted(arena, lang, UNIT_KILOBYTE, false, 0, (double)bytes / 1e3);
	if (bytes < 999950000)
		return number_formatted(arena, lang, UNIT_MEGABYTE, false, 0, (double)bytes / 1e6);
	return number_formatted(arena, lang, UNIT_GIGABYTE, false, 0, (double)bytes / 1e9);
}

/* --- civil dates ---------------------------------------------------------------------------------------------------
 */

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool civil_valid(struct civil d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	return d.day <= days[d.month - 1] + (d.month == 2 && leap(d.year));
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Eras of 400 years that begin on 1 March, so that the leap day is the last of its year. */
int64_t civil_days(struct civil d)
{
	int64_t year = d.year - (d.month <= 2);
	int64_t era = floor_div(year, 400), of_era = year - era * 400;
	int64_t of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_from_days(int64_t days)
{
	int64_t era = floor_div(days + 719468, 146097), day = days + 719468 - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t of_year = day - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153; /* 0 = March */

	return (struct civil) {
		.year = (int)(year + era * 400 + (month >= 10)),
		.month = (int)(month < 10 ? month + 3 : month - 9),
		.day = (int)(of_year - (153 * month + 2) / 5 + 1),
	};
}

int civil_weekday(int64_t days)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(days + 3 - floor_div(days + 3, 7) * 7) + 1;
}

static bool digits(const char *s, int n, int *ret_value)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		value = value * 10 + s[i] - '0';
	}
	*ret_value = value;
	return true;
}

enum err civil_parse(const char *iso, struct civil *ret_date)
{
	struct civil d;

	if (!iso || strlen(iso) != 10 || iso[4] != '-' || iso[7] != '-')
		return ERR_INVALID;
	if (!digits(iso, 4, &d.year) || !digits(iso + 5, 2, &d.month) || !digits(iso + 8, 2, &d.day) || !civil_valid(d))
		return ERR_INVALID;
	*ret_date = d;
	return OK;
}

void civil_format(char out[11], struct civil d)
{
	assert(d.year >= 0 && d.year <= 9999 && civil_valid(d));
	snprintf(out, 11, "%04u-%02u-%02u", (unsigned)d.year % 10000, (unsigned)d.month % 100, (unsigned)d.day % 100);
}

/* --- zones ---------------------------------------------------------------------------------------------------------
 */

bool zone_valid(const char *zone)
{
	UErrorCode status = U_ZERO_ERROR;
	UChar zone16[ZONE_MAX], canonical[ZONE_MAX];
	UBool system = false;

	if (!zone || strlen(zone) >= ZONE_MAX)
		return false;
	for (const char *p = zone; *p; p++)
		if ((unsigned char)*p >= 0x80)
			return false;
	u_uastrcpy(zone16, zone);
	ucal_getCanonicalTimeZoneID(zone16, -1, canonical, ZONE_MAX, &system, &status);
	/* ICU also takes "GMT+3", and calls what it does not know Etc/Unknown. */
	return U_SUCCESS(status) && system && strcmp(zone, "Etc/Unknown") != 0;
}

/* What that zone's clocks are ahead of UTC at that moment. */
static int64_t offset_at(UCalendar *c, int64_t ms)
{
	UErrorCode status = U_ZERO_ERROR;

	ucal_setMillis(c, (UDate)ms, &status);
	int64_t offset = ucal_get(c, UCAL_ZONE_OFFSET, &status) + ucal_get(c, UCAL_DST_OFFSET, &status);
	return U_FAILURE(status) ? 0 : offset;
}

struct civil zone_date(const char *zone, int64_t ms)
{
	struct kept calendar = kept_take(zone, LANG_EN, SHAPE_CALENDAR);
	int64_t offset = offset_at(calendar.object, ms);

	kept_give(&calendar);
	return civil_from_days(floor_div(ms + offset, DAY_MS));
}

/* The next moment after `ms`, where the calendar stands, at which the zone's offset changes. */
static int64_t next_change(UCalendar *c)
{
	UErrorCode status = U_ZERO_ERROR;
	UDate change;

	if (!ucal_getTimeZoneTransitionDate(c, UCAL_TZ_TRANSITION_NEXT, &change, &status) || U_FAILURE(status))
		return INT64_MAX;
	return (int64_t)change;
}

/*
 * Walks the stretches of constant offset from a moment when the day has begun nowhere on Earth. Where clocks jump over
 * midnight the day begins with the jump; where they are set back over it, with the first of the two midnights; a day
 * that a zone left out (Apia, 2011-12-30) begins with the one after it.
 */
static int64_t day_start(UCalendar *c, struct civil date)
{
	int64_t midnight = civil_days(date) * DAY_MS, from = midnight - 36 * HOUR_MS;

	for (;;) {
		int64_t local = midnight - offset_at(c, from), until = next_change(c);
		if (local < from)
			return from;
		if (local < until)
			return local;
		from = until;
	}
}

int64_t zone_day_start(const char *zone, struct civil date)
{
	struct kept calendar = kept_take(zone, LANG_EN, SHAPE_CALENDAR);
	int64_t start = day_start(calendar.object, date);

	kept_give(&calendar);
	return start;
}
