/*
 * The journal's chain, as a pure function. Entry n's hash covers the entry before it, its public part and a salted
 * commitment to its payload, so that payload and salt can be erased and the chain still holds (design idea 7).
 *
 *     commitment_n = SHA-256("sulh-commitment-v1" || salt || payload)
 *     hash_n       = SHA-256("sulh-journal-v1" || hash_(n-1) || seq (8, big endian) || at (8) || commitment_n
 *                            || len(actor) (4) || actor || len(act) (4) || act || len(object) (4) || object)
 */
#ifndef SULH_CRYPTO_HASHCHAIN_H
#define SULH_CRYPTO_HASHCHAIN_H

#include "crypto/crypto.h"

#define SALT_SIZE 16

struct chain_entry {
	int64_t seq; /* from 1 */
	int64_t at;  /* ms */
	const char *actor, *act, *object;
	uint8_t commitment[SHA256_SIZE];
};

void chain_commit(uint8_t out[SHA256_SIZE], const uint8_t salt[SALT_SIZE], const char *payload, size_t len);
void chain_next(uint8_t out[SHA256_SIZE], const uint8_t previous[SHA256_SIZE], const struct chain_entry *);

#endif
