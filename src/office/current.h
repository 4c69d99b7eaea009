/*
 * The office as it is now: the profile's files with what was entered since laid over them (tables code_version,
 * limit_version, calendar_change). Held in memory, the same for everybody who asks in one moment, and made anew when
 * the generation in the database says that somebody changed something, in this process or in another one.
 *
 *     const struct clock_rule *rule = office_clock(office, "pk.decide", day);
 *     puts(code_name(office, "subjects", c.subject, lang, day_of_case));
 *
 * All that is returned is lent. It stays readable for CURRENT_KEPT_MS after it was replaced, which is longer than any
 * request or work takes; do not keep it beyond those. Threads may ask at once, also inside a transaction.
 */
#ifndef SULH_OFFICE_CURRENT_H
#define SULH_OFFICE_CURRENT_H

#include "office/calendar.h"
#include "office/clock.h"
#include "office/code_list.h"
#include "office/office.h"

#define CURRENT_KEPT_MS (60 * 60 * 1000)

/* The calendar with holidays as entered, confirmed and removed. */
const struct calendar *office_calendar(const struct office *);
/* The version of a limit that was in force on that day; NULL when there is no such limit. */
const struct clock_rule *office_clock(const struct office *, const char *key, int64_t day);
/* Every version of every limit, sorted by key, then valid_from; see clock_rule_at. */
const struct clock_rule *office_clocks(const struct office *, size_t *ret_count);
/* The one that starts and ends with these events and is in force on that day; NULL when there is none. */
const struct clock_rule *office_clock_between(const struct office *, const char *starts, const char *ends, int64_t day);
/* NULL when the profile has no such list. */
const struct code_list *office_list(const struct office *, const char *key);
const struct code_list *office_lists(const struct office *, size_t *ret_count);
/* The entry's name as it was on that day (days since 1970-01-01), in that language; the key itself when it is unknown,
 * "" for NULL. Never NULL. */
const char *code_name(const struct office *, const char *list, const char *key, enum lang, int64_t at_day);
/* The civil day in the office's zone. */
int64_t office_day(const struct office *, int64_t ms);

/* Takes over what was changed in the database: after an own change, and once a second (job office.look) for what other
 * processes did. Never inside a transaction. */
enum err office_refresh(struct office *) MUST_CHECK;
/* In the transaction of every change. */
enum err office_changed(struct db_tx *) MUST_CHECK;

/* Who stands behind an actor's tag: the officer's name for "staff:3", the tag itself for programs and the command line.
 */
const char *tag_name(struct db_tx *, struct arena *, const char *tag);

struct current;
enum err current_open(struct office *) MUST_CHECK; /* office_open calls it */
void current_close(struct office *);

/* Names as they are kept: {"az": …}. */
json_t *names_to_json(const struct names *);
struct names names_from_json(struct arena *, const json_t *object);

#endif
