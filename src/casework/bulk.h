/*
 * One act on many cases, chosen in a list: each case in a transaction of its own, with its own right and its own check
 * of the version that was seen, so that one refusal stops nobody else (requirement 19). What was done and what not, and
 * why, is named case by case.
 */
#ifndef SULH_CASEWORK_BULK_H
#define SULH_CASEWORK_BULK_H

#include "casework/casefile.h"

#define BULK_MAX 50 /* cases in one go */

struct bulk_form {
	const char *act; /* "" while it is still to be chosen */
	int64_t staff_id;
	const char *unit, *reason;
	const char *closing, *answer; /* one answer to all */
	const char *note;
	const char *link_kind, *other;
};

struct bulk_case {
	int64_t id, version; /* as seen; 0: not checked */
	char number[64];     /* "" when it may not be named to the actor */
	enum err err;
	struct fault fault;
};

extern const char *const bulk_acts[]; /* 'assign', 'close', 'note', 'link', ended by NULL */

/* Does the act to each; what came out stands in each row's `err` and `fault`. */
void bulk_do(
    struct office *, const struct actor *, int64_t now, const struct bulk_form *, struct bulk_case *, size_t n);

/* What was done and what was not, for the page and for programs; texts in the arena. */
json_t *bulk_result(struct arena *, enum lang, const struct bulk_case *, size_t n);

#endif
