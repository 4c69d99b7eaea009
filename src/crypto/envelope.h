/*
 * JWS and JWE, and nothing that we did not ask for (docs/exchange.md section 4).
 *
 * Signed: compact JWS, alg EdDSA (Ed25519). Sealed: compact JWE around it, alg ECDH-ES (X25519), enc A256GCM. Whatever
 * the library would accept, we compare alg, enc, typ, cty, kid and crit with our own list before any key is touched:
 * libjose once took RS512 for a key restricted to RS256.
 *
 * JWS header: {alg, typ, kid, …}: kid is the signer's key id, then the caller's members in their order. A member that
 * would change how the token is read (alg, typ, kid, crit, zip, b64, jwk, jku, x5*) is refused from both sides.
 * JWE header: exactly {alg, enc, kid, cty, epk}: kid is the receiver's sealing key, cty is "JOSE" (RFC 7515 section
 * 4.1.10 with 9.2.1: the content is a compact JOSE token, of whatever typ), epk is {kty, crv, x}. Any other member, so
 * also apu, apv, zip and crit, is refused. Both in strict base64url (no padding, no stray bits).
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

#define ENVELOPE_LIMIT (2 * 1024 * 1024) /* bytes of a compact token that we look at */
#define ENVELOPE_HEADER_LIMIT 8192       /* bytes of a protected header, decoded */
#define ENVELOPE_CTY "JOSE"

/*
 * All returned strings are yours: free(). ERR_UNTRUSTED for what the checks refuse, ERR_INVALID for broken form
 * (jws_sign: for a header member of ours or an empty payload), ERR_TOO_LARGE past the limits.
 */
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
