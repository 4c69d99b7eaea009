/*
 * Pairing with another institution: its signed identity is fetched from an address that a person typed, people compare
 * the fingerprint by telephone, and from then on its keys are pinned (docs/exchange.md section 3).
 */
#ifndef SULH_COOPERATION_PARTNER_H
#define SULH_COOPERATION_PARTNER_H

#include "cooperation/exchange.h"

/* Our own identity, signed by ourselves. free() it. */
enum err identity_make(struct office *, int64_t now, char **ret_jws) MUST_CHECK;
/* Fetches and stores the identity at `url` (no slash at its end) as 'seen'. Not inside a transaction: it uses the net.
 */
enum err partner_see(const struct casefile_act *, const char *url, int64_t *ret_id, struct fault *) MUST_CHECK;
/* The same with an identity that came another way (a file on a removable medium). Not inside a transaction either. */
enum err partner_take(
    const struct casefile_act *, const char *url, const char *jws, int64_t *ret_id, struct fault *) MUST_CHECK;
/* A person compared this fingerprint. Inside a transaction. */
enum err partner_confirm(const struct casefile_act *, int64_t id, const char *fingerprint, struct fault *) MUST_CHECK;
enum err partner_block(const struct casefile_act *, int64_t id, struct fault *) MUST_CHECK;
/* The partner is reached at another address from now on, when its identity is there with the keys that we hold: no
 * comparing anew. Other keys are ERR_CONFLICT. Not inside a transaction: it uses the net. */
enum err partner_move(const struct casefile_act *, int64_t id, const char *url, struct fault *) MUST_CHECK;
enum err partner_each(
    struct db_tx *, struct arena *, void (*visit)(const struct partner *, void *arg), void *arg) MUST_CHECK;

#endif
