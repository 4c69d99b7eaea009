/* Working days: weekends by mask, holidays and worked weekends by binary search. */
#include "office/calendar.h"

#include "text/date.h"

static const char *const reason_slug[CALENDAR_REASON_MAX] = {
	[CALENDAR_WORKING] = "working",
	[CALENDAR_WEEKEND] = "weekend",
	[CALENDAR_HOLIDAY] = "holiday",
};

const char *calendar_reason_slug(enum calendar_reason reason)
{
	return reason < CALENDAR_REASON_MAX ? reason_slug[reason] : "";
}

static const struct holiday *find_holiday(const struct calendar *cal, int64_t day)
{
	size_t low = 0, high = cal->holidays;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cal->holiday[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cal->holidays && cal->holiday[low].day == day ? &cal->holiday[low] : NULL;
}

static bool is_workday(const struct calendar *cal, int64_t day)
{
	size_t low = 0, high = cal->workdays;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (cal->workday[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low < cal->workdays && cal->workday[low] == day;
}

enum calendar_reason calendar_reason(const struct calendar *cal, int64_t day, const struct holiday **ret_holiday)
{
	const struct holiday *holiday;

	if (is_workday(cal, day))
		return CALENDAR_WORKING;
	holiday = find_holiday(cal, day);
	if (holiday) {
		if (ret_holiday)
			*ret_holiday = holiday;
		return CALENDAR_HOLIDAY;
	}
	return cal->weekend >> civil_weekday(day) & 1 ? CALENDAR_WEEKEND : CALENDAR_WORKING;
}

bool calendar_is_working(const struct calendar *cal, int64_t day)
{
	return calendar_reason(cal, day, NULL) == CALENDAR_WORKING;
}

bool calendar_covers(const struct calendar *cal, int64_t day)
{
	return day >= cal->covers_from && day <= cal->covers_to;
}

static bool in_range(int64_t day)
{
	return day >= CALENDAR_FIRST && day <= CALENDAR_LAST;
}

enum err calendar_add_working(const struct calendar *cal, int64_t day, int64_t n, int64_t *ret_day)
{
	const int64_t step = n < 0 ? -1 : 1;

	if (!in_range(day))
		return ERR_INVALID;
	/* One at a time: the range above bounds the walk, and holidays need no second way of counting. */
	while (n != 0) {
		day += step;
		if (!in_range(day))
			return ERR_INVALID;
		if (calendar_is_working(cal, day))
			n -= step;
	}
	*ret_day = day;
	return OK;
}

enum err calendar_next_working(const struct calendar *cal, int64_t day, int64_t *ret_day)
{
	if (!in_range(day))
		return ERR_INVALID;
	for (; in_range(day); day++) {
		if (calendar_is_working(cal, day)) {
			*ret_day = day;
			return OK;
		}
	}
	return ERR_INVALID;
}

static int64_t cut(int64_t day)
{
	if (day < CALENDAR_FIRST)
		return CALENDAR_FIRST;
	return day > CALENDAR_LAST ? CALENDAR_LAST : day;
}

int64_t calendar_count_working(const struct calendar *cal, int64_t after, int64_t to)
{
	int64_t count = 0;

	after = cut(after);
	to = cut(to);
	if (to < after)
		return -calendar_count_working(cal, to, after);
	for (int64_t day = after + 1; day <= to; day++)
		count += calendar_is_working(cal, day);
	return count;
}
