/*
 * What officers do to a referral: one table of acts, each with its form, the function that does it, and whether it is
 * home's or the lead's. Page and API come in through the same row, found by the last part of the address.
 */
#ifndef SULH_COOPERATION_REFERRAL_ACTS_H
#define SULH_COOPERATION_REFERRAL_ACTS_H

#include "cooperation/referral_db.h"

#define REFERRAL_ISSUES_MAX 5 /* that one form holds; a message may carry more (docs/exchange.md section 12) */

/* Lists of docs/exchange.md section 10, ended by NULL. */
extern const char *const referral_refuse_reasons[],
    *const referral_withdraw_grounds[], *const referral_issue_results[], *const referral_close_results[];

/* What the forms say; each act's fields fill some of it. Absent texts are "". */
struct referral_form {
	int64_t version; /* of the referral as the reader saw it; 0: not checked (programs) */
	const char *language, *text, *subject, *residence, *authority;
	const char *reason, *ground, *question, *due, *step, *result;
	const char *then; /* of the packet: "consent" asks the person in the same act */
	const char *issue_text[REFERRAL_ISSUES_MAX], *issue_result[REFERRAL_ISSUES_MAX];
	struct request *rq; /* for boxes and rows whose names depend on the case */
};

struct referral_doing {
	const char *key;     /* last part of the address: "outcome-accept" */
	const char *section; /* of the page, where it goes on afterwards and where its form stands */
	const struct field *fields;
	size_t n;
	enum err (*run)(const struct casefile_act *, struct referral *, const struct referral_form *, struct fault *);
};

const struct referral_doing *referral_doing_find(const char *key); /* NULL: none */

/* Loads the referral, asks may(ACT_REFERRAL_WORK) and the version, runs the act: the work of one transaction. */
enum err referral_do(const struct casefile_act *, const struct referral_doing *, int64_t referral_id,
    const struct referral_form *, struct referral *ret_referral, struct fault *) MUST_CHECK;

#endif
