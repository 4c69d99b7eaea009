/* The journal's chain: the documented bytes, and a change anywhere changes the hash. */
#include "base/id.h"
#include "base/util.h"
#include "crypto/hashchain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t salt[SALT_SIZE] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const uint8_t previous[SHA256_SIZE] = { 0xaa };

static struct chain_entry entry_make(void)
{
	struct chain_entry entry = {
		.seq = 258, .at = INT64_C(1763890200123), .actor = "staff:7", .act = "case.open", .object = "case:12"
	};

	chain_commit(entry.commitment, salt, "{\"a\":1}", 7);
	return entry;
}

/* Written out byte by byte from the header's formula, not with the code under test. */
static void test_documented_bytes(void **state)
{
	static const char payload[] = "sulh-commitment-v1"
				      "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10"
				      "{\"a\":1}";
	static const char numbers[] = "\0\0\0\0\0\0\1\2"
				      "\x00\x00\x01\x9a\xb0\x0c\x7e\x3b";
	static const char texts[] = "\0\0\0\7staff:7\0\0\0\11case.open\0\0\0\7case:12";
	struct chain_entry entry = entry_make();
	uint8_t expected[SHA256_SIZE], got[SHA256_SIZE];
	struct sha256 hash;

	sha256(expected, payload, sizeof(payload) - 1);
	assert_memory_equal(entry.commitment, expected, SHA256_SIZE);
	sha256_begin(&hash);
	sha256_add(&hash, "sulh-journal-v1", 15);
	sha256_add(&hash, previous, SHA256_SIZE);
	sha256_add(&hash, numbers, sizeof(numbers) - 1);
	sha256_add(&hash, expected, SHA256_SIZE);
	sha256_add(&hash, texts, sizeof(texts) - 1);
	sha256_end(&hash, expected);
	chain_next(got, previous, &entry);
	assert_memory_equal(got, expected, SHA256_SIZE);
}

static void test_every_part_counts(void **state)
{
	struct chain_entry changed[] = { entry_make(), entry_make(), entry_make(), entry_make(), entry_make(),
		entry_make(), entry_make() };
	struct chain_entry entry = entry_make();
	uint8_t other[SHA256_SIZE] = { 0xab };
	uint8_t base[SHA256_SIZE], got[SHA256_SIZE];

	changed[0].seq++;
	changed[1].at--;
	changed[2].actor = "staff:8";
	changed[3].act = "case.opem";
	changed[4].object = "case:1";
	changed[5].commitment[31] ^= 1;
	/* The same letters, cut elsewhere. */
	changed[6].actor = "staff:7c";
	changed[6].act = "ase.open";
	chain_next(base, previous, &entry);
	for (size_t i = 0; i < ARRAY_LEN(changed); i++) {
		chain_next(got, previous, &changed[i]);
		assert_memory_not_equal(got, base, SHA256_SIZE);
	}
	chain_next(got, other, &entry);
	assert_memory_not_equal(got, base, SHA256_SIZE);
	chain_next(got, previous, &entry);
	assert_memory_equal(got, base, SHA256_SIZE);
}

static void test_commitment(void **state)
{
	uint8_t other_salt[SALT_SIZE] = { 0 };
	uint8_t base[SHA256_SIZE], got[SHA256_SIZE];

	chain_commit(base, salt, "text", 4);
	chain_commit(got, other_salt, "text", 4);
	assert_memory_not_equal(got, base, SHA256_SIZE);
	chain_commit(got, salt, "tex", 3);
	assert_memory_not_equal(got, base, SHA256_SIZE);
	chain_commit(got, salt, "text", 4);
	assert_memory_equal(got, base, SHA256_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documented_bytes),
		cmocka_unit_test(test_every_part_counts),
		cmocka_unit_test(test_commitment),
	};

	crypto_init();
	return cmocka_run_group_tests_name("hashchain", tests, NULL, NULL);
}
