/*
 * What may happen to a decision afterwards (requirement 21, R-06): reopening on a ground, review by the office itself
 * through somebody who was not involved before, appeal to somebody outside with a stay of the order, withdrawal by the
 * person. The grounds, the outcomes and the limits are the profile's (review.json, clocks.json).
 *
 *     asked ──name the reviewer──→ with a reviewer ──decide──→ decided
 *       └──────────────── withdraw ──────┴──────────────────→ withdrawn
 *
 * The case goes its way beside it: open_review, review_decided, appeal_filed, appeal_decided of the profile's states.
 * The day of the first decision is kept whatever follows.
 */
#ifndef SULH_CASEWORK_REVIEW_H
#define SULH_CASEWORK_REVIEW_H

#include "casework/casefile.h"
#include "office/profile_flow.h"

/* The facts of the case that filing depends on. */
struct review_case {
	bool decided;        /* a finding was issued, or it was closed */
	int64_t decided_at;  /* ms; when the limit for filing began */
	bool open;           /* a review or an appeal is under way */
	int64_t file_due_at; /* ms; CLOCK_OPEN: there is no limit */
};

/* May it be asked for now? `ret_late`: past the limit, so that it needs to be let in with a reason (`condoned`). */
enum err review_may_file(const struct review_way *, const struct review_case *, int64_t now, bool condoned,
    bool *ret_late, struct fault *) MUST_CHECK;

/* How somebody took part before. */
struct involved {
	int64_t staff;
	enum involvement how;
};
/* Is this officer kept from reviewing? ERR_CONFLICT names why. */
enum err review_may_take(const struct review_rules *, const struct involved *, size_t n, int64_t staff,
    const char *name, struct fault *) MUST_CHECK;
const char *involvement_words(enum involvement); /* message key: "registered it" */

/* What a review is and where it stands; texts live in the arena given to review_load. */
struct review {
	int64_t id, casefile_id, filed_at, decided_at, reviewer, due_at, stay_until, stay_ended_at, original_at;
	const char *way, *by, *ground, *words, *late_reason, *reviewer_name, *outcome, *outcome_words, *state;
	bool late;
};
bool review_is_open(const struct review *);
/* The outcome must be one of the way's; a review by the office needs its reviewer, who alone decides it. */
enum err review_may_decide(const struct review_way *, const struct review *, const struct actor *, const char *outcome,
    struct fault *) MUST_CHECK;

/* --- with the database: casework/review_db.c --- */

struct review_new {
	const char *way, *ground, *words, *late_reason;
	const char *by;   /* 'person', 'body' */
	int64_t filed_at; /* ms; 0: now */
	int64_t version;
};
enum err review_file(const struct casefile_act *, struct casefile *, const struct review_new *, int64_t *ret_id,
    struct fault *) MUST_CHECK;
/* Does somebody with these roles work on cases at all? */
bool review_role_fits(const struct profile *, const char *roles);
enum err review_name_reviewer(
    const struct casefile_act *, struct casefile *, int64_t review_id, int64_t staff_id, struct fault *) MUST_CHECK;
enum err review_decide(const struct casefile_act *, struct casefile *, int64_t review_id, const char *outcome,
    const char *words, int64_t version, struct fault *) MUST_CHECK;
enum err review_withdraw(
    const struct casefile_act *, struct casefile *, int64_t review_id, const char *reason, struct fault *) MUST_CHECK;
enum err review_reopen(const struct casefile_act *, struct casefile *, const char *ground, const char *words,
    int64_t version, struct fault *) MUST_CHECK;
/* Was it said before? */
enum err review_withdrawal_said(const struct casefile_act *, int64_t casefile_id, bool *ret_said) MUST_CHECK;
/* The person takes the complaint back: told to the office, which closes it. */
enum err review_withdrawal(
    const struct casefile_act *, struct casefile *, const char *ground, const char *words, struct fault *) MUST_CHECK;

enum err involved_load(const struct casefile_act *, const struct casefile *, const struct involved **ret_involved,
    size_t *ret_n) MUST_CHECK;
/* Since when the limit for filing runs, and until when, for one way. */
enum err review_case_load(const struct casefile_act *, const struct casefile *, const struct review_way *,
    struct review_case *ret_case) MUST_CHECK;
/* All of a case, oldest first; the array lives in the act's arena. */
enum err review_load_all(
    const struct casefile_act *, int64_t casefile_id, struct review **ret_reviews, size_t *ret_n) MUST_CHECK;
/* Ends stays whose time has passed; a job. */
enum err review_end_stays(struct office *, int64_t now) MUST_CHECK;

#endif
