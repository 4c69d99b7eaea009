/* The journal's chain over salted commitments: which bytes are hashed, in which order. */
#include "crypto/hashchain.h"

#include <string.h>

#define COMMITMENT_LABEL "sulh-commitment-v1"
#define JOURNAL_LABEL "sulh-journal-v1"

/* Big endian, so that the hash is the same on every machine. */
static void add_number(struct sha256 *hash, uint64_t n, size_t bytes)
{
	uint8_t text[8];

	for (size_t i = bytes; i-- > 0; n >>= 8)
		text[i] = (uint8_t)n;
	sha256_add(hash, text, bytes);
}

/* The length before each text: otherwise "ab" + "c" and "a" + "bc" would be one entry. */
static void add_text(struct sha256 *hash, const char *text)
{
	size_t len = strlen(text);

	add_number(hash, len, 4);
	sha256_add(hash, text, len);
}

void chain_commit(uint8_t out[SHA256_SIZE], const uint8_t salt[SALT_SIZE], const char *payload, size_t len)
{
	struct sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, COMMITMENT_LABEL, sizeof(COMMITMENT_LABEL) - 1);
	sha256_add(&hash, salt, SALT_SIZE);
	sha256_add(&hash, payload, len);
	sha256_end(&hash, out);
}

void chain_next(uint8_t out[SHA256_SIZE], const uint8_t previous[SHA256_SIZE], const struct chain_entry *entry)
{
	struct sha256 hash;

	sha256_begin(&hash);
	sha256_add(&hash, JOURNAL_LABEL, sizeof(JOURNAL_LABEL) - 1);
	sha256_add(&hash, previous, SHA256_SIZE);
	add_number(&hash, (uint64_t)entry->seq, 8);
	add_number(&hash, (uint64_t)entry->at, 8);
	sha256_add(&hash, entry->commitment, SHA256_SIZE);
	add_text(&hash, entry->actor);
	add_text(&hash, entry->act);
	add_text(&hash, entry->object);
	sha256_end(&hash, out);
}
