/*
 * What goes beyond the usual right, each with a reason and for a time: a case outside one's scope ("breaking the
 * glass", told to the head at once), a withheld identity (one person asks, another decides), and its opposite, a
 * conflict of interest, which keeps a case from an officer. Requirements 61 and 62, R-42, R-60. The rules are pure.
 *
 *     identity:  [*] ─ask→ waiting ─approve→ granted (until)        waiting ─refuse→ refused
 *     glass:     [*] ─break→ granted (until)
 *     conflict:  [*] ─set→ kept ─lift→ lifted
 */
#ifndef SULH_CASEWORK_OPENING_H
#define SULH_CASEWORK_OPENING_H

#include "casework/casefile.h"

#define GLASS_MS (INT64_C(4) * 3600 * 1000)     /* a case stays open for half a working day */
#define IDENTITY_MS (INT64_C(24) * 3600 * 1000) /* and an identity for a day */

struct opening { /* texts live in the arena given to opening_load */
	int64_t id, casefile_id, staff_id;
	int64_t decided_at; /* 0: waiting; for the glass always set */
	const char *kind;   /* 'glass', 'identity' */
};

/* The second person is another one, and decides once. */
enum err opening_may_decide(const struct opening *, int64_t decider, struct fault *) MUST_CHECK;
/* Nobody opens what is open to them, nor asks for what is not hidden; one question at a time is answered. */
enum err identity_may_ask(const struct actor *, const struct object *, bool waiting, struct fault *) MUST_CHECK;
/* Breaking the glass is for who may not read it: never for whom the case is kept from. */
enum err glass_may_break(const struct actor *, const struct object *, struct fault *) MUST_CHECK;

enum err opening_load(struct db_tx *, struct arena *, int64_t id, struct opening *ret_opening) MUST_CHECK;

enum err glass_break(
    const struct casefile_act *, struct casefile *, const char *reason, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err identity_ask(
    const struct casefile_act *, struct casefile *, const char *reason, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err identity_decide(
    const struct casefile_act *, struct casefile *, int64_t opening_id, bool approve, struct fault *) MUST_CHECK;

/* Keeps the case from an officer; who led it does not lead it any more. */
enum err conflict_set(
    const struct casefile_act *, struct casefile *, int64_t staff_id, const char *reason, struct fault *) MUST_CHECK;
enum err conflict_lift(const struct casefile_act *, struct casefile *, int64_t staff_id, struct fault *) MUST_CHECK;

/* The name under which a person whose identity is withheld stands in lists, exports, letters, search and file names:
 * "Alias-K7M2QX", derived from the complaint's submission, so that it tells nothing and stays the same. */
#define ALIAS_TEXT 24
void identity_alias(const struct office *, const char *submission, char out[ALIAS_TEXT]);

#endif
