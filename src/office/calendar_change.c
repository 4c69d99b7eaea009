/* Changes laid over a calendar: copies of the two sorted arrays with rows put in and taken out. */
#include "office/calendar_change.h"

#include "text/date.h"

#include <string.h>

static const char *const slugs[CALENDAR_CHANGE_MAX] = {
	[CALENDAR_PUT_HOLIDAY] = "put_holiday",
	[CALENDAR_DROP_HOLIDAY] = "drop_holiday",
	[CALENDAR_PUT_WORKDAY] = "put_workday",
	[CALENDAR_DROP_WORKDAY] = "drop_workday",
	[CALENDAR_COVER] = "cover",
};

const char *calendar_change_slug(enum calendar_change_kind kind)
{
	return kind < CALENDAR_CHANGE_MAX ? slugs[kind] : "";
}

bool calendar_change_parse(const char *slug, enum calendar_change_kind *ret_kind)
{
	for (int i = 0; i < CALENDAR_CHANGE_MAX; i++) {
		if (!strcmp(slug, slugs[i])) {
			*ret_kind = (enum calendar_change_kind)i;
			return true;
		}
	}
	return false;
}

/* The arrays while rows go in and out; each has room for all that may be added. */
struct sheet {
	struct holiday *holiday;
	size_t holidays;
	int64_t *workday;
	size_t workdays;
	struct calendar *cal;
};

static size_t holidays_to_come(const struct calendar *base, const struct calendar_change *change, size_t n)
{
	size_t room = base->holidays + n;
	for (size_t i = 0; i < n; i++) {
		if (change[i].kind != CALENDAR_COVER || change[i].holiday.day <= base->covers_to)
			continue;
		/* Every fixed feast once a year. */
		int64_t years = (change[i].holiday.day - base->covers_to) / 365 + 2;
		for (size_t f = 0; f < base->fixed_feasts; f++)
			room += (size_t)(years * base->fixed[f].days);
	}
	return room;
}

static int order(const struct holiday *a, int64_t day, const char *key)
{
	if (a->day != day)
		return a->day < day ? -1 : 1;
	return strcmp(a->key, key);
}

static void put_holiday(struct sheet *s, const struct holiday *h)
{
	size_t at = s->holidays;
	while (at > 0 && order(&s->holiday[at - 1], h->day, h->key) >= 0)
		at--;
	if (at == s->holidays || order(&s->holiday[at], h->day, h->key) != 0) {
		memmove(&s->holiday[at + 1], &s->holiday[at], (s->holidays - at) * sizeof(*h));
		s->holidays++;
	}
	s->holiday[at] = *h;
}

static void drop_holiday(struct sheet *s, int64_t day, const char *key)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->holidays; i++) {
		const struct holiday *h = &s->holiday[i];
		if (h->day != day || (key && *key && strcmp(h->key, key) != 0))
			s->holiday[kept++] = *h;
	}
	s->holidays = kept;
}

static void drop_workday(struct sheet *s, int64_t day)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->workdays; i++)
		if (s->workday[i] != day)
			s->workday[kept++] = s->workday[i];
	s->workdays = kept;
}

static void put_workday(struct sheet *s, int64_t day)
{
	size_t at;
	drop_workday(s, day);
	for (at = s->workdays; at > 0 && s->workday[at - 1] > day; at--)
		s->workday[at] = s->workday[at - 1];
	s->workday[at] = day;
	s->workdays++;
}

static void spread(struct sheet *s, const struct fixed_feast *feast, int64_t from, int64_t to)
{
	int first = civil_from_days(from).year, last = civil_from_days(to).year;
	for (int year = first > feast->from_year ? first : feast->from_year; year <= last && year <= feast->to_year;
	     year++) {
		struct civil date = { year, feast->month, feast->day };
		for (int64_t i = 0; civil_valid(date) && i < feast->days; i++) {
			struct holiday h = { civil_days(date) + i, feast->key, feast->name, feast->confirmed,
				feast->source };
			if (h.day >= from && h.day <= to)
				put_holiday(s, &h);
		}
	}
}

static void cover(struct sheet *s, int64_t to)
{
	int64_t from = s->cal->covers_to + 1;
	if (to < from)
		return;
	for (size_t i = 0; i < s->cal->fixed_feasts; i++)
		spread(s, &s->cal->fixed[i], from, to);
	s->cal->covers_to = to;
}

static void apply(struct sheet *s, const struct calendar_change *change)
{
	switch (change->kind) {
	case CALENDAR_PUT_HOLIDAY:
		put_holiday(s, &change->holiday);
		break;
	case CALENDAR_DROP_HOLIDAY:
		drop_holiday(s, change->holiday.day, change->holiday.key);
		break;
	case CALENDAR_PUT_WORKDAY:
		put_workday(s, change->holiday.day);
		break;
	case CALENDAR_DROP_WORKDAY:
		drop_workday(s, change->holiday.day);
		break;
	case CALENDAR_COVER:
		cover(s, change->holiday.day);
		break;
	default:
		break;
	}
}

void calendar_changed(struct arena *arena, const struct calendar *base, const struct calendar_change *change, size_t n,
    struct calendar *ret_calendar)
{
	struct calendar cal = *base;
	struct sheet s = { .cal = &cal, .holidays = base->holidays, .workdays = base->workdays };
	s.holiday = arena_alloc(arena, (holidays_to_come(base, change, n) + 1) * sizeof(*s.holiday));
	s.workday = arena_alloc(arena, (base->workdays + n + 1) * sizeof(*s.workday));
	if (base->holidays)
		memcpy(s.holiday, base->holiday, base->holidays * sizeof(*s.holiday));
	if (base->workdays)
		memcpy(s.workday, base->workday, base->workdays * sizeof(*s.workday));
	for (size_t i = 0; i < n; i++)
		apply(&s, &change[i]);
	cal.holiday = s.holiday;
	cal.holidays = s.holidays;
	cal.workday = s.workday;
	cal.workdays = s.workdays;
	*ret_calendar = cal;
}
