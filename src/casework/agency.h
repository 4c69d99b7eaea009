/*
 * A report asked from the body complained of: asked once at a time, reminded, escalated to the body's head, answered.
 * The rules are pure; each act loads, asks the rule, saves, journals and writes its event in the caller's transaction.
 * What it says stands in the events' data as well: cooperation passes it on to a partner institution from there.
 *
 *     asked ──remind──→ reminded ──escalate──→ escalated
 *       └──────reply──────┴─────────reply─────────┴──→ answered
 */
#ifndef SULH_CASEWORK_AGENCY_H
#define SULH_CASEWORK_AGENCY_H

#include "casework/casefile.h"

struct agency_request { /* texts live in the arena given to agency_load */
	int64_t id, casefile_id, asked_at, due_at;
	int64_t reminded_at, escalated_at, replied_at; /* 0: has not happened */
	const char *body_name, *question;
	const char *position; /* '' while unanswered, else 'accepts', 'partly', 'denies' */
	const char *reply, *remedy;
};

enum agency_step { AGENCY_REMIND, AGENCY_ESCALATE, AGENCY_REPLY, AGENCY_STEP_MAX };
extern const char *const agency_positions[]; /* 'accepts', 'partly', 'denies', NULL */

/* May this be done to the request of a case in that state? A reminder any time while unanswered, as often as needed;
 * the head of the body only after a reminder and once; an answer once. */
enum err agency_may(const struct agency_request *, enum phase, enum agency_step, struct fault *) MUST_CHECK;
/* By when a body asked now has to answer: the profile's limit from "agency_asked" to "agency_replied". */
enum err agency_due(const struct profile *, int64_t now, int64_t *ret_due_at, struct fault *) MUST_CHECK;

enum err agency_load(struct db_tx *, struct arena *, int64_t id, struct agency_request *ret_request) MUST_CHECK;

struct agency_question {
	const char *body_name, *question;
};
enum err agency_ask(const struct casefile_act *, struct casefile *, const struct agency_question *,
    int64_t seen_version, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err agency_remind(
    const struct casefile_act *, const struct casefile *, int64_t request_id, struct fault *) MUST_CHECK;
enum err agency_escalate(
    const struct casefile_act *, const struct casefile *, int64_t request_id, struct fault *) MUST_CHECK;

struct agency_answer {
	const char *position, *reply, *remedy; /* remedy may be '' */
};
enum err agency_record_reply(const struct casefile_act *, struct casefile *, int64_t request_id,
    const struct agency_answer *, int64_t seen_version, struct fault *) MUST_CHECK;

#endif
