/*
 * A calendar with changes laid over it: what the office entered, confirmed or removed since the profile was written,
 * or what somebody proposes and wants to see first. Pure: the calendar below is not touched.
 *
 *     const struct calendar_change eid = { .kind = CALENDAR_PUT_HOLIDAY, .holiday = { .day = day, .key = "eid", … } };
 *     struct calendar then;
 *     calendar_changed(arena, office_calendar(office), &eid, 1, &then);
 */
#ifndef SULH_OFFICE_CALENDAR_CHANGE_H
#define SULH_OFFICE_CALENDAR_CHANGE_H

#include "office/calendar.h"

#include "base/arena.h"

enum calendar_change_kind {
	CALENDAR_PUT_HOLIDAY,  /* entered, or entered again: confirmed, renamed, another source */
	CALENDAR_DROP_HOLIDAY, /* the feast with this key is not on this day; without a key no feast is */
	CALENDAR_PUT_WORKDAY,  /* worked although it would rest */
	CALENDAR_DROP_WORKDAY,
	CALENDAR_COVER, /* holidays were entered up to this day: fixed feasts are spread so far */
	CALENDAR_CHANGE_MAX
};

/* Of the holiday, only `day` is looked at but for CALENDAR_PUT_HOLIDAY, and `key` for CALENDAR_DROP_HOLIDAY. */
struct calendar_change {
	enum calendar_change_kind kind;
	struct holiday holiday;
};

const char *calendar_change_slug(enum calendar_change_kind); /* "put_holiday" */
bool calendar_change_parse(const char *slug, enum calendar_change_kind *ret_kind);

/* `base` with the changes applied in their order. Days live in the arena; strings stay lent by base and changes. */
void calendar_changed(struct arena *, const struct calendar *base, const struct calendar_change *, size_t n,
    struct calendar *ret_calendar);

#endif
