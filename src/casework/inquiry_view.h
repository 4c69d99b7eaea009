/*
 * The tab of inquiry and decision: each part puts its list and what can be done into the view; the person's page shows
 * what is theirs.
 *
 *     { hearings[], mediations[], findings[], recommendations[], inquiry{can_set, can_mediate, can_draft, can_recommend
 * …} }
 */
#ifndef SULH_CASEWORK_INQUIRY_VIEW_H
#define SULH_CASEWORK_INQUIRY_VIEW_H

#include "casework/case_view.h"
#include "casework/inquiry.h"

/* Who reads: what may they do to this case? Asked once for all parts. */
struct inquiry_reader {
	bool work, decide;
};

enum err hearing_view(const struct case_viewing *, const struct inquiry_reader *) MUST_CHECK;
enum err mediation_view(const struct case_viewing *) MUST_CHECK; /* from outside: that it runs, or how it ended */
enum err finding_view(const struct case_viewing *, const struct inquiry_reader *) MUST_CHECK;
enum err recommendation_view(const struct case_viewing *, const struct inquiry_reader *) MUST_CHECK;

/* For the person: findings that were issued or sent to them, recommendations and how far they were carried out, a
 * settlement. Adds findings[], recommendations[], settlements[], draft (what waits for comments). */
enum err inquiry_person_view(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;

/* The results of a finding as the page shows them: [{n, body_name, right, result_words, result_tone, fault_words …}].
 */
json_t *finding_results_json(const struct case_viewing *, const char *text, int64_t at);
const char *recommendation_tone(const char *state);

/* {key, label, tone} */
json_t *inquiry_state_json(const struct case_viewing *, const char *member, const char *key, const char *tone);
/* The object of `list` whose "id" is this; NULL when there is none. Rows of a second statement find their place by it.
 */
json_t *inquiry_row(json_t *list, int64_t id);
void inquiry_add_to(json_t *row, const char *key, json_t *one_stolen); /* row may be NULL */

#endif
