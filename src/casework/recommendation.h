/*
 * What the office recommends a body to do, by when, and what the body shows of having done it. The rules are pure; each
 * act loads, asks the rule, saves, journals and writes its event in the caller's transaction.
 *
 *     issued ─→ accepted ─→ implemented        issued, accepted ─→ refused ─→ accepted, implemented
 */
#ifndef SULH_CASEWORK_RECOMMENDATION_H
#define SULH_CASEWORK_RECOMMENDATION_H

#include "casework/casefile.h"

struct recommendation { /* texts live in the arena given to recommendation_load */
	int64_t id, casefile_id, issued_at, due_at;
	int64_t evidence_at; /* 0: nothing yet */
	const char *addressee, *measure;
	const char *state; /* 'issued', 'accepted', 'implemented', 'refused' */
	const char *evidence;
};

extern const char *const recommendation_answers[]; /* 'accepted', 'implemented', 'refused', NULL */

/* Only what was taken up can end in a recommendation. */
enum err recommendation_may_issue(enum phase, struct fault *) MUST_CHECK;
/* Evidence may come after the case was closed; a measure that was carried out is not undone. */
enum err recommendation_may_answer(const struct recommendation *, const char *new_state, struct fault *) MUST_CHECK;
/* Due at the end of `date` (ISO, after today), or, when that is '', by the profile's limit from "recommended" to
 * "implemented". */
enum err recommendation_due(
    const struct profile *, const char *date, int64_t now, int64_t *ret_due_at, struct fault *) MUST_CHECK;

enum err recommendation_load(struct db_tx *, struct arena *, int64_t id, struct recommendation *ret) MUST_CHECK;

struct recommendation_new {
	const char *addressee, *measure;
	const char *due; /* ISO date or '' */
};
enum err recommendation_issue(const struct casefile_act *, const struct casefile *, const struct recommendation_new *,
    int64_t *ret_id, struct fault *) MUST_CHECK;
enum err recommendation_evidence(const struct casefile_act *, const struct casefile *, int64_t id, const char *state,
    const char *words, struct fault *) MUST_CHECK;

#endif
