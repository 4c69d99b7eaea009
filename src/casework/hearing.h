/*
 * Hearings in the wide sense of the regulations: an oral hearing, a spot inspection, an examination of records. The
 * rules are pure; each act loads, asks the rule, saves, journals and writes its event in the caller's transaction.
 *
 *     set ─hold→ held ─sign→ minuted
 *      └──adjourn→ adjourned, cancel→ cancelled
 *
 * Minutes are written in versions while it is held and not yet signed.
 */
#ifndef SULH_CASEWORK_HEARING_H
#define SULH_CASEWORK_HEARING_H

#include "casework/inquiry.h"

extern const char *const hearing_kinds[]; /* 'oral', 'inspection', 'records', NULL */

enum hearing_step { HEARING_HOLD, HEARING_ADJOURN, HEARING_CANCEL, HEARING_MINUTES, HEARING_SIGN, HEARING_STEP_MAX };

struct hearing { /* texts live in the arena given to hearing_load */
	int64_t id, casefile_id, starts_at, ends_at, officer;
	bool told;       /* the person is invited */
	int64_t minutes; /* newest version of the minutes, 0 none */
	const char *kind, *state, *place, *room, *purpose;
};

#define HEARING_GUESTS_MAX 12
#define HEARING_LENGTH_MAX 1440 /* minutes: the clash check looks back one day */

/* Where the step leads. Held is what has begun; signed is what has minutes; people sign, not programs. */
enum err hearing_next(const struct hearing *, enum hearing_step, int64_t now, enum actor_kind, const char **ret_to,
    struct fault *) MUST_CHECK;
/*
 * The moments of a civil day, a time "14:30" and a length in minutes. An oral hearing is set for today or later; an
 * inspection and an examination may be entered afterwards too. Faults name "day", "time" or "length".
 */
struct hearing_window {
	const char *kind, *day, *time;
	int64_t length;
};
enum err hearing_times(const char *zone, const struct hearing_window *, int64_t now, int64_t *ret_starts,
    int64_t *ret_ends, struct fault *) MUST_CHECK;

enum err hearing_load(struct db_tx *, struct arena *, int64_t id, struct hearing *ret) MUST_CHECK;

struct hearing_new {
	struct hearing_window when;
	const char *place, *room, *purpose;
	int64_t officer;
	bool invite_person;
	const char *bodies, *others; /* one name a line */
	const char *notice;          /* letter to the person, "" none */
};
/* The officer and the room must be free. */
enum err hearing_set(const struct casefile_act *, struct casefile *, const struct hearing_new *, int64_t seen_version,
    int64_t *ret_id, struct fault *) MUST_CHECK;
/* came[i]: whether the i-th guest, in order, was there. */
enum err hearing_hold(const struct casefile_act *, struct casefile *, int64_t id, const bool came[HEARING_GUESTS_MAX],
    int64_t seen_version, struct fault *) MUST_CHECK;
/* `next` with an empty day: no new date yet. Else a hearing like this one is set for it. */
enum err hearing_adjourn(const struct casefile_act *, struct casefile *, int64_t id, const char *reason,
    const struct hearing_window *next, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err hearing_cancel(
    const struct casefile_act *, struct casefile *, int64_t id, const char *reason, struct fault *) MUST_CHECK;
/* `version`: the one that this is to be (the newest that the writer saw, and one), 0: not checked. */
enum err hearing_minutes(const struct casefile_act *, struct casefile *, int64_t id, const char *body, int64_t version,
    struct fault *) MUST_CHECK;
enum err hearing_sign(const struct casefile_act *, struct casefile *, int64_t id, struct fault *) MUST_CHECK;

#endif
