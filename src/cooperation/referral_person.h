/* What the person does about a referral on the tracking page: decides on consents, says what they think of an outcome.
 */
#ifndef SULH_COOPERATION_REFERRAL_PERSON_H
#define SULH_COOPERATION_REFERRAL_PERSON_H

#include "cooperation/referral_db.h"

/* One point of the outcome, in the order in which it was proposed. */
struct opinion_point {
	bool accept;
	const char *why; /* required when not accepted */
};

/*
 * Keeps the person's answer to the proposed outcome beside it, and as a message to the office in the person's words.
 * The officer decides. `proposal` is the digest of what the person was shown, NULL when no page showed it. ERR_CONFLICT
 * when that is not, or nothing is, proposed now.
 */
enum err referral_opinion(const struct casefile_act *, int64_t casefile_id, int64_t referral_id, enum lang,
    const char *proposal, const struct opinion_point *, size_t n, struct fault *) MUST_CHECK;

/* POST /track/consent/{id} and /track/outcome/{id}. */
handler consent_answer, outcome_answer;

#endif
