/*
 * Pages of an officer's own work that are no part of a case: tasks, notices, substitution, recounted clocks. They share
 * one shape: a view made in a transaction of its own, and an act whose refusal shows the page again as it was filled.
 */
#ifndef SULH_CASEWORK_DESK_WORK_H
#define SULH_CASEWORK_DESK_WORK_H

#include "casework/casefile.h"

struct desk_page {
	const char *template, *title; /* message key */
	/* Fills the view of the request; asks may(). */
	enum err (*fill)(const struct casefile_act *, struct request *, json_t *view, struct fault *);
};
struct desk_deed {
	enum act right;               /* asked before its form is looked at; ACT_COMPLAIN: the deed itself asks */
	const struct desk_page *page; /* shown again when it is refused */
	const struct field *fields;
	size_t n, size;
	/* Does it, in one transaction; asks may(). `ret_id`: of what was made, 0 for nothing. */
	enum err (*run)(
	    const struct casefile_act *, struct request *, const void *form, int64_t *ret_id, struct fault *);
	const char *next; /* page to go to afterwards; {id} in it is what was made, else the address' id */
};

enum err desk_page_show(struct request *, struct reply *, const struct desk_page *) MUST_CHECK;
enum err desk_deed_do(struct request *, struct reply *, const struct desk_deed *) MUST_CHECK;

/* Whose own work it is: the officer's, or that of whom one stands in for; for a program the one that ?staff= names. */
int64_t desk_self(const struct request *);
/* "12.34" of an address: moment and id of the row before; false when it is something else. */
bool desk_key(const char *text, int64_t *ret_at, int64_t *ret_id);

#endif
