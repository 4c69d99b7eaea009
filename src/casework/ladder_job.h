/*
 * The escalation ladder at work: what is due before and after the ends of clocks is told and done, each step once.
 *
 * A clock's row says when its next step is due (clock.remind_at). A run takes those in pieces; each clock is one
 * transaction that writes the step's row, the notices, the move and when the next step is due. So a run that was missed
 * for days does all of it at the next one, and one that was killed did a clock's steps wholly or not at all.
 */
#ifndef SULH_CASEWORK_LADDER_JOB_H
#define SULH_CASEWORK_LADDER_JOB_H

#include "casework/case_clock.h"

/* Job "casework.ladder". */
enum err ladder_run(struct office *, int64_t now) MUST_CHECK;
/* The steps of one clock that are due; in the caller's transaction. `ret_done`: how many were done now. */
enum err ladder_do(const struct casefile_act *, int64_t clock_id, size_t *ret_done) MUST_CHECK;

/* Who is told, by an addressee of the profile's ladder: each once, those from whom the case is kept left out, and
 * beside whoever is away the deputy. */
#define LADDER_TOLD_MAX 60
struct ladder_told {
	int64_t id[LADDER_TOLD_MAX];
	const char *name[LADDER_TOLD_MAX];
	size_t count;
};
enum err ladder_addressees(
    const struct casefile_act *, const struct casefile *, const char *addressee, struct ladder_told *) MUST_CHECK;

/* A complaint goes to the body complained of first (Pakistan: ICR, 30 days), where the profile has that state; and it
 * comes to the office when the body did not settle it. The office's own limits begin when it comes. */
enum err agency_first_send(
    const struct casefile_act *, struct casefile *, int64_t seen_version, struct fault *) MUST_CHECK;
enum err agency_first_end(
    const struct casefile_act *, struct casefile *, int64_t seen_version, struct fault *) MUST_CHECK;
bool agency_first_possible(const struct profile *, const struct state *);

/* "What was done and what comes next": steps of each clock of the case for its page. */
enum err ladder_put_steps(
    const struct casefile_act *, enum lang, const struct case_clock *, size_t n, json_t *clocks) MUST_CHECK;

#endif
