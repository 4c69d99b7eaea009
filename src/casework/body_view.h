/*
 * The registry of bodies as officers see it: lists, one body with all that hangs on it, the choices of its forms. Asked
 * inside a transaction; the caller has asked may().
 */
#ifndef SULH_CASEWORK_BODY_VIEW_H
#define SULH_CASEWORK_BODY_VIEW_H

#include "casework/body_acts.h"

#define BODIES_PAGE 50

struct bodies_ask {
	const char *q;          /* words, "" all */
	const char *after;      /* key of the last one shown, "" the beginning */
	bool tree;              /* those that stand above others, with what is below them */
	bool stale;             /* contacts to be confirmed again */
	int64_t key_at, key_id; /* stale: goes on after */
};

/* Adds bodies[], has_bodies, q, page_after; or contacts[], has_contacts. */
enum err bodies_view(const struct casefile_act *, enum lang, const struct bodies_ask *, json_t *view) MUST_CHECK;
/* Adds body{…}, above[], below[], mandates[], contacts[], accounts[], tokens[], merges[], and the forms' choices. */
enum err body_view(
    const struct casefile_act *, enum lang, const struct body *, bool may_change, json_t *view) MUST_CHECK;
/* values{…} of the form for a body (NULL: a new one) and its choices. */
enum err body_edit_view(const struct casefile_act *, enum lang, const struct body *, json_t *view) MUST_CHECK;
/* facts[{code, fact_label, source, target, same}], target{…}; without a target only the choice of one. */
enum err body_merge_view(
    const struct casefile_act *, enum lang, const struct body *source, const char *target_key, json_t *view) MUST_CHECK;
/* By its number in the address. */
const struct body *bodies_by_id(const struct registry *, int64_t id);

#endif
