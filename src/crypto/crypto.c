/* Hashes, message authentication, passwords and sealed chunks over libsodium. */
#include "crypto/crypto.h"

#include "base/util.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <rhonabwy.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PASSWORD_THREADS 2
#define CHUNK_LABEL "sulh-file-v1"
#define CHUNK_LABEL_SIZE (sizeof(CHUNK_LABEL) - 1)
#define FILE_ID_SIZE 16
#define CHUNK_AD_SIZE (CHUNK_LABEL_SIZE + FILE_ID_SIZE + 8 + 1)

static_assert(sizeof(struct sha256) >= sizeof(crypto_hash_sha256_state), "struct sha256 is too small");
static_assert(_Alignof(struct sha256) >= _Alignof(crypto_hash_sha256_state), "struct sha256 is not aligned");
static_assert(SHA256_SIZE == crypto_hash_sha256_BYTES, "SHA-256");
static_assert(PASSWORD_HASH_TEXT >= crypto_pwhash_argon2id_STRBYTES, "Argon2id text");
static_assert(CHUNK_KEY == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "XChaCha20-Poly1305 key");
static_assert(CHUNK_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "XChaCha20-Poly1305 tag");

static pthread_once_t started = PTHREAD_ONCE_INIT;
static sem_t password_slots;
static char dummy_hash[PASSWORD_HASH_TEXT];

/*
 * Well formed, same cost, and random instead of computed: no password is known for it, and the start of the program
 * does not pay for an Argon2id run.
 */
static void make_dummy(void)
{
	const int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
	uint8_t bytes[16 + 32];
	char salt[sodium_base64_ENCODED_LEN(16, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
	char digest[sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(salt, sizeof(salt), bytes, 16, variant);
	sodium_bin2base64(digest, sizeof(digest), bytes + 16, 32, variant);
	snprintf(dummy_hash, sizeof(dummy_hash), "$argon2id$v=19$m=%u,t=%u,p=1$%s$%s",
	    (unsigned)(crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE / 1024),
	    (unsigned)crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE, salt, digest);
}

static void start(void)
{
	if (sodium_init() < 0 || r_global_init() != RHN_OK || sem_init(&password_slots, 0, PASSWORD_THREADS) != 0) {
		fputs("sulh: the cryptographic libraries cannot start\n", stderr);
		abort();
	}
	make_dummy();
}

void crypto_init(void)
{
	pthread_once(&started, start);
}

void sha256_begin(struct sha256 *hash)
{
	crypto_hash_sha256_init((crypto_hash_sha256_state *)hash);
}

void sha256_add(struct sha256 *hash, const void *data, size_t len)
{
	crypto_hash_sha256_update((crypto_hash_sha256_state *)hash, data, len);
}

void sha256_end(struct sha256 *hash, uint8_t out[SHA256_SIZE])
{
	crypto_hash_sha256_final((crypto_hash_sha256_state *)hash, out);
}

void sha256(uint8_t out[SHA256_SIZE], const void *data, size_t len)
{
	crypto_hash_sha256(out, data, len);
}

void sha256_hex(char out[SHA256_HEX], const void *data, size_t len)
{
	uint8_t digest[SHA256_SIZE];

	sha256(digest, data, len);
	sodium_bin2hex(out, SHA256_HEX, digest, sizeof(digest));
}

void hmac_sha256(uint8_t out[SHA256_SIZE], const uint8_t key[32], const void *data, size_t len)
{
	crypto_auth_hmacsha256(out, data, len, key);
}

bool bytes_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void bytes_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

/* Each run takes 64 MiB: without a bound, a crowd at the login page would take the machine's memory. */
static void slot_take(void)
{
	while (sem_wait(&password_slots) != 0)
		assert(errno == EINTR);
}

static void slot_give(void)
{
	sem_post(&password_slots);
}

static bool password_fits(const char *password)
{
	size_t len = strnlen(password, PASSWORD_MAX + 1);

	return len <= PASSWORD_MAX && utf8_valid(password, len) && utf8_length(password) >= PASSWORD_MIN;
}

enum err password_hash(char out[PASSWORD_HASH_TEXT], const char *password)
{
	char text[crypto_pwhash_argon2id_STRBYTES];
	int failed;

	if (!password_fits(password))
		return ERR_INVALID;
	slot_take();
	failed = crypto_pwhash_argon2id_str(text, password, strlen(password),
	    crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE, crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE);
	slot_give();
	if (failed)
		return ERR_MEMORY;
	memset(out, 0, PASSWORD_HASH_TEXT);
	memcpy(out, text, sizeof(text));
	return OK;
}

bool password_verify(const char *hash, const char *password)
{
	size_t len = strnlen(password, PASSWORD_MAX + 1);
	const char *against = hash ? hash : dummy_hash;
	bool right;

	/* Depends on what was typed only, so it tells nothing about which logins exist. */
	if (len > PASSWORD_MAX)
		return false;
	slot_take();
	right = crypto_pwhash_argon2id_str_verify(against, password, len) == 0;
	slot_give();
	return hash && right;
}

static void put_be64(uint8_t *out, uint64_t n)
{
	for (int i = 7; i >= 0; i--, n >>= 8)
		out[i] = (uint8_t)n;
}

struct chunk_frame {
	uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	uint8_t ad[CHUNK_AD_SIZE];
};

/* The index orders the chunks, `last` shows a cut file, the file id keeps chunks of two files apart. */
static void frame_fill(struct chunk_frame *f, const uint8_t file_id[FILE_ID_SIZE], uint64_t index, bool last)
{
	uint8_t *p = f->ad;

	memset(f->nonce, 0, sizeof(f->nonce));
	put_be64(f->nonce + sizeof(f->nonce) - 8, index);
	memcpy(p, CHUNK_LABEL, CHUNK_LABEL_SIZE);
	p += CHUNK_LABEL_SIZE;
	memcpy(p, file_id, FILE_ID_SIZE);
	p += FILE_ID_SIZE;
	put_be64(p, index);
	p[8] = last;
}

void chunk_seal(uint8_t *out, const uint8_t key[CHUNK_KEY], const uint8_t file_id[16], uint64_t index, bool last,
    const void *plain, size_t len)
{
	struct chunk_frame f;

	frame_fill(&f, file_id, index, last);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain, len, f.ad, sizeof(f.ad), NULL, f.nonce, key);
}

enum err chunk_open(uint8_t *out, const uint8_t key[CHUNK_KEY], const uint8_t file_id[16], uint64_t index, bool last,
    const void *sealed, size_t sealed_len)
{
	struct chunk_frame f;

	if (sealed_len < CHUNK_TAG)
		return ERR_INVALID;
	frame_fill(&f, file_id, index, last);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		out, NULL, NULL, sealed, sealed_len, f.ad, sizeof(f.ad), f.nonce, key))
		return ERR_UNTRUSTED;
	return OK;
}
