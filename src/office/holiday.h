/*
 * Entering, confirming and removing days of the office's calendar. What a change moves is shown before it is made by
 * whoever keeps the clocks (casework), over calendar_changed(office_calendar(office), …).
 */
#ifndef SULH_OFFICE_HOLIDAY_H
#define SULH_OFFICE_HOLIDAY_H

#include "office/calendar_change.h"
#include "office/office.h"

#define HOLIDAY_DAYS_MAX 30 /* in one entry */

/* Rule: is this a change that the calendar can take? A day in the years 2000 to 2200, a feast with a name and a source,
 * something there to remove. */
enum err holiday_may_change(const struct calendar *, const struct calendar_change *, const enum lang *languages,
    size_t languages_count, struct fault *) MUST_CHECK;
/* The form of the holidays' page, checked; for whoever shows what it would move. Asks for the right first. When it was
 * refused, the answer is given and `ret_answered` true. */
enum err holiday_read_form(struct request *, struct reply *, struct calendar_change ret_change[HOLIDAY_DAYS_MAX],
    size_t *ret_n, bool *ret_answered) MUST_CHECK;
/* Writes the changes (checked already) and the journal, takes them over in this process. */
enum err holiday_enter(
    struct office *, const struct actor *, int64_t now, const struct calendar_change *, size_t n) MUST_CHECK;

#endif
