/*
 * Findings: what the office holds to have happened, and for each pair of body and right whether that was wrong. Drafted
 * in versions, sent to the sides for comments, issued by who may sign; from then on it does not change, and its digest
 * stands in the journal.
 *
 *     draft ⇄ circulated (revise back)      draft, circulated ─issue→ issued      draft, circulated ─drop→ dropped
 */
#ifndef SULH_CASEWORK_FINDING_H
#define SULH_CASEWORK_FINDING_H

#include "casework/inquiry.h"
#include "casework/issue.h"

extern const char *const finding_positions[]; /* of who comments: 'agrees', 'partly', 'disagrees', NULL */

enum finding_step { FINDING_REVISE, FINDING_CIRCULATE, FINDING_COMMENT, FINDING_ISSUE, FINDING_DROP, FINDING_STEP_MAX };

struct finding { /* texts live in the arena given to finding_load */
	int64_t id, casefile_id, version, issued_at;
	const char *state;
};

/* Results by pair, in the order of the case's issues; "" for what is not decided yet. */
struct finding_pairs {
	const char *result[ISSUES_MAX], *fault_type[ISSUES_MAX];
};

struct finding_comment {
	int64_t id, finding_id, due_at, answered_at;
	bool closed; /* the draft was revised or dropped before an answer came */
	const char *side, *body_name;
};

/* Where the step leads: the arrows alone. */
enum err finding_next(const char *state, enum finding_step, const char **ret_to, struct fault *) MUST_CHECK;
/* Each pair has a result; a fault that was found has a kind. `n` pairs count. Faults name "result_3", "fault_3". */
enum err finding_complete(const struct finding_pairs *, size_t n, struct fault *) MUST_CHECK;
/* Nobody who was asked is cut off: each has answered, or had until `due_at`. */
enum err finding_heard(const struct finding_comment *, size_t n, int64_t now, struct fault *) MUST_CHECK;
/* At least a day is given, at the office's end of day. */
enum err finding_comment_due(
    const char *zone, const char *date, int64_t now, int64_t *ret_due_at, struct fault *) MUST_CHECK;
enum err finding_may_comment(const struct finding_comment *, const char *state, struct fault *) MUST_CHECK;

enum err finding_load(struct db_tx *, struct arena *, int64_t id, struct finding *ret) MUST_CHECK;
/* Does the case have an issued one? What is closed on the merits needs it. */
enum err finding_issued(struct db_tx *, int64_t casefile_id, bool *ret_issued) MUST_CHECK;

/* What is signed, in the canonical form of RFC 8785, and its digest. `ret_text` is yours. */
enum err finding_canonical(const char *facts, const char *reasons, json_t *results, int64_t version, char **ret_text,
    char ret_digest[65]) MUST_CHECK;
/* Is each issued finding what the journal says was signed? A payload that was erased by law says nothing any more. */
enum err finding_verify(struct db_tx *, struct arena *, int64_t casefile_id, bool *ret_holds) MUST_CHECK;

struct finding_text {
	const char *facts, *reasons;
	struct finding_pairs pairs;
};
enum err finding_draft(const struct casefile_act *, struct casefile *, const struct finding_text *,
    int64_t seen_version, int64_t *ret_id, struct fault *) MUST_CHECK;
/* `seen`: the newest version of the text that the writer saw, 0: not checked. What was asked of the sides ends. */
enum err finding_revise(const struct casefile_act *, struct casefile *, int64_t id, const struct finding_text *,
    int64_t seen, struct fault *) MUST_CHECK;
struct finding_circulation {
	bool to_person, to_bodies;
	const char *due; /* ISO date */
};
enum err finding_circulate(const struct casefile_act *, struct casefile *, int64_t id,
    const struct finding_circulation *, struct fault *) MUST_CHECK;
struct finding_opinion {
	const char *position, *facts_wrong, *words;
};
/* By the person on their page, or by an officer for whoever wrote or said it. */
enum err finding_comment(const struct casefile_act *, struct casefile *, int64_t comment_id,
    const struct finding_opinion *, struct fault *) MUST_CHECK;
enum err finding_issue(const struct casefile_act *, struct casefile *, int64_t id, int64_t seen, int64_t seen_version,
    struct fault *) MUST_CHECK;
enum err finding_drop(
    const struct casefile_act *, struct casefile *, int64_t id, const char *reason, struct fault *) MUST_CHECK;

/* Results are keys of the office's list "findings": these two say that something was wrong. */
bool finding_wrong(const char *result); /* 'violation', 'partly' */

#endif
