/*
 * Two entries of the registry that are one institution: the one becomes part of the other, and everything that refers
 * to it follows. Which rows followed is kept, so that undoing restores exactly what was: a row that somebody has given
 * to yet another body meanwhile stays there, and what came to the target after the merge stays with the target.
 *
 *     e = body_merge(&act, "state_oil", &form, &merge_id, &fault);
 *     e = body_merge_undo(&act, merge_id, &fault);
 */
#ifndef SULH_CASEWORK_BODY_MERGE_H
#define SULH_CASEWORK_BODY_MERGE_H

#include "casework/body_acts.h"

/* What the two have in common or not, for people to look at: fills `fact`, returns how many (trap: a name alone is no
 * identity, so two of them have to be chosen). */
enum err body_facts(const struct casefile_act *, enum lang, const struct registry *, const struct body *source,
    const struct body *target, struct body_fact fact[BODY_FACTS_MAX], size_t *ret_count) MUST_CHECK;

struct merge_form {
	const char *target, *fact1, *fact2, *reason;
};
enum err body_merge(const struct casefile_act *, const char *source, const struct merge_form *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
/* `key`: of the body on whose page this was asked, source or target; any other is ERR_NOT_FOUND. */
enum err body_merge_undo(const struct casefile_act *, const char *key, int64_t merge_id, struct fault *) MUST_CHECK;
/* [{id, source, source_name, target, target_name, facts[], reason, moved, when, by, undone, undone_by}] */
enum err body_merge_list(
    const struct casefile_act *, enum lang, const struct registry *, const char *key, json_t **ret_list) MUST_CHECK;

#endif
