/*
 * What staff do to a case: one table of acts, each with its form, the right it needs and the function that does it. The
 * page and the API come in through the same row; which one is found by the last part of the address.
 */
#ifndef SULH_CASEWORK_CASE_ACTS_H
#define SULH_CASEWORK_CASE_ACTS_H

#include "casework/casefile.h"

/* What the forms say; each act's fields fill some of it. Absent texts are "". */
struct act_form {
	int64_t version; /* of the case as the reader saw it; 0: not checked (programs) */
	int64_t staff_id;
	const char *letter, *message, *note;
	const char *agency_body, *question, *position, *reply, *remedy;
	const char *addressee, *measure, *due, *evidence_state, *evidence;
	const char *closing, *closing_words;
};

struct desk_act {
	const char *key;     /* last part of the address: "agency-requests" */
	const char *form;    /* which form stands open again when something is to be corrected */
	const char *section; /* where the page goes on afterwards */
	enum act right;
	const struct field *fields;
	size_t n;
	/* `n` is the request or recommendation named in the address, 0 for none. `ret_id`: what was made, if anything.
	 */
	enum err (*run)(const struct casefile_act *, struct casefile *, const struct act_form *, int64_t n,
	    int64_t *ret_id, struct fault *);
};

const struct desk_act *desk_act_find(const char *key); /* NULL when there is none */

/* Loads the case, asks may(), runs the act: the work of one transaction. */
enum err desk_act_do(const struct casefile_act *, const struct desk_act *, int64_t casefile_id, const struct act_form *,
    int64_t n, struct casefile *ret_case, int64_t *ret_id, struct fault *) MUST_CHECK;

#endif
