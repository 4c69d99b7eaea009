/*
 * Hashes, message authentication, passwords and sealed chunks: libsodium behind our own names.
 */
#ifndef SULH_CRYPTO_CRYPTO_H
#define SULH_CRYPTO_CRYPTO_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX 65

void crypto_init(void); /* once per process, before threads; ends the process when libsodium cannot start */

struct sha256 {
	uint64_t opaque[16]; /* large enough for libsodium's state; checked at compile time */
};
void sha256_begin(struct sha256 *);
void sha256_add(struct sha256 *, const void *data, size_t len);
void sha256_end(struct sha256 *, uint8_t out[SHA256_SIZE]);
void sha256(uint8_t out[SHA256_SIZE], const void *data, size_t len);
void sha256_hex(char out[SHA256_HEX], const void *data, size_t len);
void hmac_sha256(uint8_t out[SHA256_SIZE], const uint8_t key[32], const void *data, size_t len);
bool bytes_equal(const void *a, const void *b, size_t len); /* constant time */
void bytes_wipe(void *, size_t len);

/* Argon2id, 64 MiB, 2 passes (libsodium "interactive"), in a bounded number of threads at once (2): others wait. */
#define PASSWORD_HASH_TEXT 128
#define PASSWORD_MIN 12  /* characters */
#define PASSWORD_MAX 128 /* bytes */
enum err password_hash(char out[PASSWORD_HASH_TEXT], const char *password) MUST_CHECK;
/* `hash` NULL: verifies against a fixed dummy, so that an unknown login takes as long as a known one; false. */
bool password_verify(const char *hash, const char *password);

/*
 * A chunk of a file on its way to a partner: XChaCha20-Poly1305 (IETF), nonce = 16 zero bytes || index (8 bytes, big
 * endian), additional data = "sulh-file-v1" || file id (16 bytes) || index (8) || last (1). Each file has a key of its
 * own, so the nonce never repeats. `out` needs len + CHUNK_TAG bytes.
 */
#define CHUNK_KEY 32
#define CHUNK_TAG 16
void chunk_seal(uint8_t *out, const uint8_t key[CHUNK_KEY], const uint8_t file_id[16], uint64_t index, bool last,
    const void *plain, size_t len);
enum err chunk_open(uint8_t *out, const uint8_t key[CHUNK_KEY], const uint8_t file_id[16], uint64_t index, bool last,
    const void *sealed, size_t sealed_len) MUST_CHECK;

#endif
