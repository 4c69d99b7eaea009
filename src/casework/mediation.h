/*
 * Mediation: a compartment of its own on a case. Only the mediator named there opens it; the officer who inquires never
 * does, so that what is said there cannot become evidence. Outside it says that it began, that it ended and how; the
 * settlement becomes readable for the case and the person when the mediator issues it.
 *
 *     open ─issue→ settled          open ─end(failed, withdrawn)→ failed, withdrawn
 */
#ifndef SULH_CASEWORK_MEDIATION_H
#define SULH_CASEWORK_MEDIATION_H

#include "casework/inquiry.h"

extern const char *const mediation_endings[]; /* 'failed', 'withdrawn', NULL */
extern const char *const mediation_kinds[];   /* 'session', 'note', NULL */

enum mediation_step { MEDIATION_WRITE, MEDIATION_DRAFT, MEDIATION_ISSUE, MEDIATION_END, MEDIATION_STEP_MAX };

struct mediation { /* texts live in the arena given to mediation_load */
	int64_t id, casefile_id, version, mediator, started_at, ended_at;
	const char *state, *settlement;
};

/* The mediator is not the officer of the case, nor one who works on it. */
enum err mediation_may_start(
    enum phase, bool running, int64_t mediator, int64_t assigned_to, const char *team, struct fault *) MUST_CHECK;
/* Everything inside happens while it is open; issuing needs a settlement. */
enum err mediation_may(const struct mediation *, enum mediation_step, struct fault *) MUST_CHECK;

/* The newest of the case; ERR_NOT_FOUND when there was none. */
enum err mediation_load(struct db_tx *, struct arena *, int64_t casefile_id, struct mediation *ret) MUST_CHECK;

/* For may(ACT_CASE_MEDIATE): "mine" is the mediator's, not that of the officer who leads the case. */
struct object mediation_object(const struct mediation *, const struct casefile *);

enum err mediation_start(const struct casefile_act *, struct casefile *, int64_t mediator, int64_t seen_version,
    int64_t *ret_id, struct fault *) MUST_CHECK;
/* `held_on`: ISO date of a session, "" for a note. */
struct mediation_words {
	const char *kind, *held_on, *words;
};
enum err mediation_write(
    const struct casefile_act *, const struct casefile *, const struct mediation_words *, struct fault *) MUST_CHECK;
/* `seen`: the mediation's version that the writer saw, 0: not checked. Drafts are seen by the mediator alone. */
enum err mediation_draft(const struct casefile_act *, const struct casefile *, const char *settlement, int64_t seen,
    struct fault *) MUST_CHECK;
enum err mediation_issue(const struct casefile_act *, struct casefile *, int64_t seen, struct fault *) MUST_CHECK;
enum err mediation_end(const struct casefile_act *, struct casefile *, const char *result, struct fault *) MUST_CHECK;

#endif
