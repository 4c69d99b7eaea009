/*
 * Entering versions into the office's code lists: checked, journalled and counted for everybody in one transaction.
 */
#ifndef SULH_OFFICE_CODE_CHANGE_H
#define SULH_OFFICE_CODE_CHANGE_H

#include "office/code_list.h"
#include "office/office.h"

#define CODE_SEEN_ANY (-1)

struct code_change {
	const char *list;
	const struct code_entry *version;
	size_t versions;
	const char *reason; /* in words; may be "" */
	/* Serial of the entry's latest version that the officer saw (0: the profile's, or none), for a change of one
	 * entry: another one since then is ERR_CONFLICT. CODE_SEEN_ANY does not look. */
	int64_t seen;
};

/* What a version of this list is held against today; ERR_NOT_FOUND when there is no such list. */
enum err code_context_of(const struct office *, const char *list, struct code_context *ret_context) MUST_CHECK;
/* Rule: a version begins today at the earliest, so that what was decided before stays as it was. */
enum err code_may_begin(int64_t valid_from, int64_t today, struct fault *) MUST_CHECK;
/* The versions are checked already (code_version_check). Takes them over in this process before it returns. */
enum err code_enter(
    struct office *, const struct actor *, int64_t now, const struct code_change *, struct fault *) MUST_CHECK;
/* [{serial, reason, at, by}] of one entry, in the order of entering. */
enum err code_history(struct office *, const char *list, const char *key, json_t **ret_list) MUST_CHECK;

#endif
