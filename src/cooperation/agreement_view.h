/*
 * An agreement as people and programs read it: rows of the list, and the whole with its clauses as articles in the
 * reader's language. What a page shows is what the API returns.
 */
#ifndef SULH_COOPERATION_AGREEMENT_VIEW_H
#define SULH_COOPERATION_AGREEMENT_VIEW_H

#include "cooperation/agreement_store.h"

/* {id, uid, link, title, partner, partner_id, state{key, tone, label}, from, until, alert}. Yours. */
enum err agreement_row_view(
    const struct casefile_act *, enum lang, const struct agreement_row *, json_t **ret_view) MUST_CHECK;
/* Adds to `view`: agreement (the same and version, why, waiting), articles, parties, texts, history, document, can. */
enum err agreement_page_view(
    const struct casefile_act *, enum lang, const struct agreement_row *, json_t *view) MUST_CHECK;
/* The signed document for third parties: document, digest, both signatures, both offices' keys. Yours. */
enum err agreement_evidence(
    const struct casefile_act *, const struct agreement_row *, json_t **ret_evidence) MUST_CHECK;

/* Message keys, NULL for an unknown key. */
const char *agreement_assistance_label(const char *kind);
const char *agreement_limit_label(enum agreement_limit_key);
extern const char *const agreement_kinds[]; /* of assistance, ended by NULL */

/* "23 November 2026" of a day of the agreement; NULL for NULL. */
const char *agreement_day(struct arena *, enum lang, const char *iso);
/* {groups: [...]} for the page's fingerprint. Yours. */
json_t *fingerprint_groups(const char *fingerprint);

#endif
