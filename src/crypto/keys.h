/*
 * The office's own keys, and a partner's public ones.
 *
 * Own keys live in `keys.json` (mode 0600, refused when others can read it), outside the database: an Ed25519 key that
 * signs, an X25519 key that opens, and 32 secret bytes from which codes and tokens are derived. Public keys travel as a
 * JWK Set (RFC 7517, RFC 8037); the key id is the RFC 7638 thumbprint.
 */
#ifndef SULH_CRYPTO_KEYS_H
#define SULH_CRYPTO_KEYS_H

#include "base/err.h"
#include "base/json.h"

#define KEY_ID_TEXT 44      /* base64url of SHA-256, with terminator */
#define FINGERPRINT_TEXT 80 /* groups of digits for reading aloud */

struct keys;        /* private; wiped by keys_free */
struct public_keys; /* a partner's or our own */

enum err keys_generate(struct keys **ret_keys) MUST_CHECK;
/* ERR_NOT_FOUND, ERR_STORE (cannot be read) or ERR_INVALID (form, or others than the owner can reach the file). */
enum err keys_load(const char *path, struct keys **ret_keys, struct fault *) MUST_CHECK;
enum err keys_save(
    const struct keys *, const char *path, struct fault *) MUST_CHECK; /* ERR_CONFLICT when the file exists */
void keys_free(struct keys *);
const struct public_keys *keys_public(const struct keys *); /* lent */

/*
 * Exactly one Ed25519 key with use=sig and one X25519 key with use=enc, both sound; keys of other kinds are passed over
 * (RFC 7517 section 5). `kid` and `alg` may be absent, but not wrong. ERR_INVALID with the reason.
 */
enum err public_keys_parse(const json_t *jwks, struct public_keys **ret_keys, struct fault *) MUST_CHECK;
json_t *public_keys_json(const struct public_keys *); /* JWK Set with use=sig and use=enc, yours */
void public_keys_free(struct public_keys *);
const char *public_keys_sign_id(const struct public_keys *); /* kid of the signing key */
const char *public_keys_seal_id(const struct public_keys *);
/*
 * SHA-256 over both thumbprints as 12 groups of 5 digits: what two liaison officers compare on the phone. Hashed is the
 * text, signing key's id before the sealing key's; each group is two bytes of the digest, big endian, in decimal.
 */
void public_keys_fingerprint(const struct public_keys *, char out[FINGERPRINT_TEXT]);

/* HMAC-SHA256 of `label` || 0 || data under the office's secret: CSRF tokens, codes, throttle keys. */
void keys_derive(const struct keys *, const char *label, const void *data, size_t len, uint8_t out[32]);

#endif
