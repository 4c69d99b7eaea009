/*
 * Entering a new version of a legal limit, from a day on. Cases keep the version under which their clock began.
 */
#ifndef SULH_OFFICE_LIMIT_CHANGE_H
#define SULH_OFFICE_LIMIT_CHANGE_H

#include "office/clock.h"
#include "office/office.h"

struct limit_change {
	const struct clock_rule
	    *version;           /* key, amount, unit, rolls, warnings, extensions, valid_from, source, confirmed */
	const char *decided_by; /* in words: "Parliament", "the Ombudsman, order 12" */
	int64_t seen;           /* id of the latest version that the officer saw; 0 none; -1 does not look */
};

/* Checks the rule (clock_rule_may_begin), writes version and journal, takes it over in this process. */
enum err limit_enter(
    struct office *, const struct actor *, int64_t now, const struct limit_change *, struct fault *) MUST_CHECK;
/* [{serial, valid_from (day), decided_by, at, by}] of what was entered for one limit. */
enum err limit_history(struct office *, const char *key, json_t **ret_list) MUST_CHECK;

#endif
