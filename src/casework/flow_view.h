/* What a case shows of whose it is, how it hangs together with others, and what followed its decision. */
#ifndef SULH_CASEWORK_FLOW_VIEW_H
#define SULH_CASEWORK_FLOW_VIEW_H

#include "casework/case_view.h"
#include "casework/review.h"

#define JOINT_MAX 20 /* letters in one joint closing; more are closed in pieces */

/* [{code, code_label}] */
json_t *flow_codes_json(const struct codes *, enum lang);
/* What may be asked for now and until when: {code, way_label, what_next, until, late, condonable, grounds[] …}. */
json_t *review_way_json(const struct casefile_act *, enum lang, const struct review_way *, const struct review_case *);
/* One review as the page shows it, with what the reader may do to it. */
json_t *review_json(const struct case_viewing *, const struct review *);
/* [{id, words, number, link, state, why, added, by, undone …}], cases kept from the reader left out. */
enum err link_list(const struct case_viewing *, json_t **ret_list) MUST_CHECK;

/* What was chosen and written in a form of these parts that was refused stands in it again. */
void flow_fill_again(const struct request *, json_t *view);

#endif
