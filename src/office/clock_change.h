/*
 * Limits with the versions that the office itself entered, laid over those of the profile. Pure. A case keeps the
 * version of the day on which its clock began: clock_rule_at.
 */
#ifndef SULH_OFFICE_CLOCK_CHANGE_H
#define SULH_OFFICE_CLOCK_CHANGE_H

#include "office/clock.h"

#include "base/arena.h"

/* The version in force on that day: the last one whose valid_from is not after it. NULL when there is none.
 * The array is sorted by key, then valid_from; of two that begin on the same day the later in the array counts. */
const struct clock_rule *clock_rule_at(const struct clock_rule *, size_t n, const char *key, int64_t day);

/* `base` and `versions` (in the order in which they were entered) as one sorted array in the arena. */
const struct clock_rule *clock_rules_changed(struct arena *, const struct clock_rule *base, size_t n,
    const struct clock_rule *versions, size_t m, size_t *ret_count);

/* May this version be entered today? It has a key that is known, begins after today, and says on what it rests. */
enum err clock_rule_may_begin(const struct clock_rule *known, size_t n, const struct clock_rule *version, int64_t today,
    struct fault *) MUST_CHECK;

#endif
