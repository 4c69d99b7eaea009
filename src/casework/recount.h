/*
 * What a change of the calendar moves (trap 27): shown before it is made, with each running clock that would end on
 * another day; and counted again afterwards, in small committed pieces that an interruption does not lose.
 *
 * The job looks whether the calendar was changed since the last recount began; a recount knows how far it came
 * (clock_recount.seen_id), moves that far in the transaction of what it counted, and goes on there after a kill.
 */
#ifndef SULH_CASEWORK_RECOUNT_H
#define SULH_CASEWORK_RECOUNT_H

#include "casework/case_clock.h"

#define RECOUNT_PAGE 50

struct recount_ask {
	const struct calendar *then; /* the calendar with the proposed changes */
	int64_t first_day, last_day; /* that they concern */
	int64_t after;               /* last clock.id of the page before; 0 for the first */
};
/* rows[{number, rule_name, before, after, later}] of running clocks whose end would move, and how many of those are not
 * for this reader's eyes ("kept"); page_after while there may be more, with "percent" of the way. */
enum err recount_preview(const struct casefile_act *, enum lang, const struct recount_ask *, json_t *view) MUST_CHECK;

/* Job "casework.recount". */
enum err recount_run(struct office *, int64_t now) MUST_CHECK;
/* One piece of a recount; in the caller's transaction. `ret_done`: nothing is left. */
enum err recount_piece(const struct casefile_act *, int64_t recount_id, bool *ret_done) MUST_CHECK;
/* The newest recounts: when, what was changed by whom, how far, how many ends moved. */
enum err recount_list(const struct casefile_act *, enum lang, json_t **ret_list) MUST_CHECK;

#endif
