/*
 * Bodies complained of: what is asked about one of them. Pure; the bodies themselves are in the registry
 * (casework/registry.h), which also changes them.
 *
 *     const struct mandate *m = body_mandate_on(body, today);
 *     if (!body_open_to(body, today, "detention"))
 *             propose(m ? m->not_ours : NULL);
 */
#ifndef SULH_CASEWORK_BODY_H
#define SULH_CASEWORK_BODY_H

#include "office/access.h"
#include "office/profile.h"

#define BODY_CONTACT_PARTS 3
extern const char *const body_contact_parts[]; /* 'focal', 'head', 'official', NULL */
extern const char *const body_mandate_words[]; /* by enum mandate_may: 'yes', 'no', 'listed', NULL */

/* The rule that speaks for that day (since 1970-01-01): the last one that covers it; NULL when none does. */
const struct mandate *body_mandate_on(const struct body *, int64_t day);
/* May one complain of it on that day about that subject ("" none chosen yet)? A body that has ended may still be
 * complained of: what it did was done. */
bool body_open_to(const struct body *, int64_t day, const char *subject);

/* What two entries are compared by before they become one. */
struct body_fact {
	const char *key, *label;     /* 'name'; message key */
	const char *source, *target; /* as shown side by side; "" unknown */
	bool same;                   /* the same when folded */
};
#define BODY_FACTS_MAX 8
/* Two different facts, both known of both entries. Entries that are already gone, or stand above each other, stay. */
struct body_merging {
	const struct body *source, *target;
	bool related; /* one stands above the other */
	const struct body_fact *fact;
	size_t facts;
};
enum err body_may_merge(const struct body_merging *, const char *fact1, const char *fact2, struct fault *) MUST_CHECK;

#endif
