/*
 * Time limits that an agreement between institutions sets on a case, beside those of the law. Their lengths come from
 * the agreement; their names and events are the same for every agreement and stand here, so that a clock can be
 * explained in any language long after the agreement ended: its row keeps key, length and source.
 *
 *     struct clock_rule rule;
 *     if (agreed_clock_rule("agreement.accept", 7, CLOCK_CALENDAR_DAY, "Memorandum …, article 7", &rule))
 *             e = case_clock_start(act, casefile_id, &rule);
 */
#ifndef SULH_CASEWORK_AGREED_CLOCK_H
#define SULH_CASEWORK_AGREED_CLOCK_H

#include "base/json.h"
#include "office/clock.h"

/* The rule of that key with this length; `source` is lent. False when there is no such limit. */
bool agreed_clock_rule(
    const char *key, int64_t amount, enum clock_unit unit, const char *source, struct clock_rule *ret_rule);
/* The same from what clock_explain_json kept; texts are lent by `explanation`. */
bool agreed_clock_read(const char *key, const json_t *explanation, struct clock_rule *ret_rule);
/* Message key of the limit's name; NULL when there is no such limit. */
const char *agreed_clock_name(const char *key);

#endif
