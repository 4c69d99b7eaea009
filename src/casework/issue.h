/*
 * What a case is about, as pairs of body and right: each pair gets a finding and an outcome of its own. A case that
 * nobody took apart has the one pair that was filed; it becomes a row when something is to be written to it.
 *
 *     struct issue_list list;
 *     err = issue_list(tx, arena, &c, &list);
 */
#ifndef SULH_CASEWORK_ISSUE_H
#define SULH_CASEWORK_ISSUE_H

#include "casework/casefile.h"

struct issue {      /* texts live in the arena */
	int64_t id; /* 0: the pair as it was filed, not yet a row */
	const char *body_key, *body_name, *subject, *complaint_kind;
	const char *finding, *fault_type, *outcome; /* "" until there is one */
};

#define ISSUES_MAX 12 /* pairs of one case */

struct issue_list {
	struct issue at[ISSUES_MAX];
	size_t n; /* at least 1 */
};

/* In order. Without a row: the body and the subject of the case itself. */
enum err issue_list(struct db_tx *, struct arena *, const struct casefile *, struct issue_list *ret_list) MUST_CHECK;
/* The same, in a transaction that writes: the pair that was filed becomes a row. */
enum err issue_list_keep(
    struct db_tx *, struct arena *, const struct casefile *, struct issue_list *ret_list) MUST_CHECK;
const struct issue *issue_find(const struct issue_list *, int64_t id); /* NULL when it is none of these */
enum err issue_set_finding(struct db_tx *, int64_t id, const char *finding, const char *fault_type) MUST_CHECK;

enum err issue_set_outcome(struct db_tx *, int64_t id, const char *outcome) MUST_CHECK;

/* Codes of the office's lists "findings", "faults" and "outcomes", as of a moment. "" passes: not said yet. */
bool issue_code_ok(const struct office *, const char *list, const char *key, int64_t now);
const char *issue_code_name(const struct office *, const char *list, const char *key, enum lang, int64_t at);
/* The same in all languages, for events: {"en": …}. Yours. */
json_t *issue_code_names(const struct office *, const char *list, const char *key, int64_t at);
/* [{code, code_label, inside}] that can be chosen now; `inside`: it stands below the one before. Yours. */
json_t *issue_code_choices(const struct casefile_act *, const char *list, enum lang);

/* "body" and "subject" of a pair in the reader's language. */
const char *issue_body_name(const struct casefile_act *, enum lang, const struct issue *);
const char *issue_subject_name(const struct office *, enum lang, const struct issue *, int64_t at);

#endif
