/*
 * JWS and JWE, and nothing that we did not ask for (docs/exchange.md section 4).
 *
 * Signed: compact JWS, alg EdDSA (Ed25519). Sealed: compact JWE around it, alg ECDH-ES (X25519), enc A256GCM. Whatever
 * the library would accept, we compare alg, enc, typ, cty, kid and crit with our own list before any key is touched:
 * libjose once took RS512 for a key restricted to RS256.
 *
 *     e = jws_sign(keys, "sulh-message+jws", header, body, body_len, &jws);     header: extra members, lent
 *     e = jwe_seal(partner_keys, jws, &compact);
 *     ...
 *     e = jwe_open(keys, compact, len, &jws, &fault);
 *     e = jws_peek(jws, "sulh-message+jws", &header, &fault);                    form only, nothing is believed yet
 *     e = jws_verify(partner_keys, "sulh-message+jws", jws, &header, &body, &body_len, &fault);
 */
#ifndef SULH_CRYPTO_ENVELOPE_H
#define SULH_CRYPTO_ENVELOPE_H

#include "base/err.h"
#include "base/json.h"
#include "crypto/keys.h"

#define ENVELOPE_LIMIT (2 * 1024 * 1024) /* bytes of a compact JWE that we look at */

/* All returned strings are yours: free(). ERR_UNTRUSTED for what the checks refuse, ERR_INVALID for broken form. */
enum err jws_sign(const struct keys *, const char *typ, const json_t *header, const void *payload, size_t len,
		  char **ret_jws) MUST_CHECK;
/* Checks the form and our allow-list (alg, typ, no crit, no jwk/jku/x5*) and returns the protected header. */
enum err jws_peek(const char *jws, const char *typ, json_t **ret_header, struct fault *) MUST_CHECK;
/* jws_peek, kid is the partner's signing key, signature is right. The payload is zero-terminated. */
enum err jws_verify(const struct public_keys *, const char *typ, const char *jws, json_t **ret_header,
		    char **ret_payload, size_t *ret_len, struct fault *) MUST_CHECK;
enum err jwe_seal(const struct public_keys *, const char *jws, char **ret_jwe) MUST_CHECK;
enum err jwe_open(const struct keys *, const char *jwe, size_t len, char **ret_jws, struct fault *) MUST_CHECK;

#endif
