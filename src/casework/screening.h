/*
 * Screening a complaint: the tests of admissibility as officers answered them, discretion, the kind and urgency of the
 * case, what is missing, and where a complaint that is not ours goes. The rules stand in casework/admissibility.h.
 *
 *     e = screening_check_admit(act, c, fault);    before a case is taken up
 */
#ifndef SULH_CASEWORK_SCREENING_H
#define SULH_CASEWORK_SCREENING_H

#include "casework/admissibility.h"
#include "casework/casefile.h"

#define SCREENING_QUESTIONS 12 /* that a page puts; a profile has fewer */

/* What the desk noted beside the complaint; the arena's. */
struct casefile_intake {
	const char *case_class, *sent_on, *happened_on, *urgent;
	int64_t entered_at;
};
enum err casefile_intake_load(
    struct db_tx *, struct arena *, int64_t casefile_id, struct casefile_intake *ret) MUST_CHECK;

struct screening_answer {
	const char *question, *answer, *reason;
	bool overridden;
};
/* Records one answer, with its journal entry and event. */
enum err screening_record(
    const struct casefile_act *, struct casefile *, const struct screening_answer *, struct fault *) MUST_CHECK;
/* ERR_CONFLICT while a question has no answer or an answer stands in the way. */
enum err screening_check_admit(const struct casefile_act *, const struct casefile *, struct fault *) MUST_CHECK;

extern const struct event_table screening_events;
extern const struct desk_act_table screening_acts;
extern const struct route_table screening_routes;
extern const struct case_tab screening_tab;

#endif
