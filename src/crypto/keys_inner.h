/*
 * What keys.c and envelope.c share and nobody else may see: the key bytes, and the library's key objects, made once so
 * that a message does not pay for them. Nothing here changes after birth, so threads share it without a lock.
 */
#ifndef SULH_CRYPTO_KEYS_INNER_H
#define SULH_CRYPTO_KEYS_INNER_H

#include "crypto/keys.h"

#include <rhonabwy.h>
#include <stdint.h>

#define KEY_SIZE 32 /* Ed25519 and X25519, both halves */

struct public_keys {
	uint8_t sign[KEY_SIZE];
	uint8_t seal[KEY_SIZE];
	char sign_id[KEY_ID_TEXT];
	char seal_id[KEY_ID_TEXT];
	jwk_t *sign_jwk;
	jwk_t *seal_jwk;
};

struct keys {
	uint8_t sign[KEY_SIZE]; /* Ed25519 seed */
	uint8_t seal[KEY_SIZE]; /* X25519 scalar */
	uint8_t secret[KEY_SIZE];
	jwk_t *sign_jwk; /* private */
	jwk_t *seal_jwk;
	struct public_keys *public;
};

/* The content of keys.json, parsed; `name` goes into the fault. */
enum err keys_from_json(const json_t *, const char *name, struct keys **ret_keys, struct fault *) MUST_CHECK;
json_t *keys_to_json(const struct keys *); /* holds secrets: json_wipe it */
void json_wipe(json_t *);                  /* zeroes every string inside, then json_decref; NULL is fine */
/* True when the point would make the shared secret the same for everybody (RFC 7748 section 6.1). */
bool x25519_is_weak(const uint8_t point[KEY_SIZE]);

#endif
