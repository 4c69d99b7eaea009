/*
 * What the office recommends a body to do, by when, what the body says to it, and how far it was carried out: one
 * addressee and one measure each. The rules are pure; each act loads, asks the rule, saves, journals and writes its
 * event in the caller's transaction.
 *
 *     issued ─reply→ accepted, partly, refused (and back, a body may change its mind)
 *     issued, accepted, partly, refused, defied ─assess(fully)→ implemented
 *     refused, or past its day ─escalate→ defied ─reply→ accepted, partly
 *
 * Each assessment of compliance stays as it was made: by whom, when, on what evidence.
 */
#ifndef SULH_CASEWORK_RECOMMENDATION_H
#define SULH_CASEWORK_RECOMMENDATION_H

#include "casework/inquiry.h"

struct recommendation { /* texts live in the arena given to recommendation_load */
	int64_t id, casefile_id, issued_at, due_at, issued_day, due_day, reminded_at;
	const char *body_key, *addressee, *whom, *kind, *measure, *public_text;
	const char *state;     /* 'issued', 'accepted', 'partly', 'refused', 'defied', 'implemented' */
	const char *degree;    /* last assessment, "" none */
	const char *escalated; /* highest step, "" none */
};

extern const char *const recommendation_kinds[];   /* 'personal', 'systemic', 'legislative', NULL */
extern const char *const recommendation_replies[]; /* 'accepted', 'partly', 'refused', NULL */
extern const char *const recommendation_degrees[]; /* 'none', 'partly', 'substantially', 'fully', NULL */
extern const char *const recommendation_steps[];   /* of escalation, each after the one before: 'superior', 'head',
						      'special_report', NULL */

enum recommendation_act {
	RECOMMENDATION_REPLY,
	RECOMMENDATION_ASSESS,
	RECOMMENDATION_REMIND,
	RECOMMENDATION_ESCALATE,
	RECOMMENDATION_ACT_MAX
};

/* Only what was taken up can end in a recommendation. */
enum err recommendation_may_issue(enum phase, struct fault *) MUST_CHECK;
/* What comes afterwards may come after the case was closed; a measure that was carried out is not undone. */
enum err recommendation_may(
    const struct recommendation *, enum recommendation_act, int64_t now, struct fault *) MUST_CHECK;
/* Where it stands after a reply or an assessment of this value; the value must be of the list. */
enum err recommendation_next(const struct recommendation *, enum recommendation_act, const char *value,
    const char **ret_state, struct fault *) MUST_CHECK;
/* Steps go up, one after the other. */
enum err recommendation_may_step(const char *escalated, const char *step, struct fault *) MUST_CHECK;
/* Due at the end of `date` (ISO, after today), or, when that is '', by the profile's limit from "recommended" to
 * "implemented". */
enum err recommendation_due(
    const struct office *, const char *date, int64_t now, int64_t *ret_due_at, struct fault *) MUST_CHECK;
/*
 * The public text names nobody: neither a whole name nor a part of one of at least three letters stands in it as a
 * word, in whatever script and spelling (text_fold). A text without any of the names passes.
 */
enum err recommendation_public_ok(
    struct arena *, const char *public_text, const char *const *names, size_t n, struct fault *) MUST_CHECK;
/* How late an unanswered one is, in steps of 30 days from its issue: 0 for the first 30. */
int recommendation_age_step(int64_t issued_day, int64_t today);

enum err recommendation_load(struct db_tx *, struct arena *, int64_t id, struct recommendation *ret) MUST_CHECK;

struct recommendation_new {
	const char *body_key;            /* "" when only a name is known */
	const char *addressee, *measure; /* the private text */
	const char *kind, *public_text, *ground;
	const char *due; /* ISO date or '' */
};
enum err recommendation_issue(const struct casefile_act *, struct casefile *, const struct recommendation_new *,
    int64_t seen_version, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err recommendation_reply(const struct casefile_act *, const struct casefile *, int64_t id, const char *reply,
    const char *words, struct fault *) MUST_CHECK;

#define RECOMMENDATION_DOCUMENTS_MAX 5
struct recommendation_assessment {
	const char *degree, *words;
	int64_t document[RECOMMENDATION_DOCUMENTS_MAX]; /* of this case; 0 none */
};
enum err recommendation_assess(const struct casefile_act *, struct casefile *, int64_t id,
    const struct recommendation_assessment *, struct fault *) MUST_CHECK;
enum err recommendation_remind(
    const struct casefile_act *, const struct casefile *, int64_t id, const char *words, struct fault *) MUST_CHECK;
enum err recommendation_escalate(const struct casefile_act *, const struct casefile *, int64_t id, const char *step,
    const char *words, struct fault *) MUST_CHECK;

#endif
