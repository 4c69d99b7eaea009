/* Hashes against published vectors, passwords, and chunks that refuse every change. */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* FIPS 180-4 examples. */
static void test_sha256_vectors(void **state)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[SHA256_HEX];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].text);
		uint8_t whole[SHA256_SIZE], pieces[SHA256_SIZE];
		struct sha256 hash;

		sha256_hex(hex, rows[i].text, len);
		assert_string_equal(hex, rows[i].hex);
		sha256(whole, rows[i].text, len);
		sha256_begin(&hash);
		for (size_t j = 0; j < len; j++)
			sha256_add(&hash, rows[i].text + j, 1);
		sha256_end(&hash, pieces);
		assert_memory_equal(whole, pieces, SHA256_SIZE);
	}
}

/* RFC 4231 case 2 with its key filled up to 32 bytes, which HMAC does by itself (RFC 2104 section 2). */
static void test_hmac_vector(void **state)
{
	static const uint8_t key[32] = "Jefe";
	uint8_t mac[SHA256_SIZE];
	char hex[SHA256_HEX];

	hmac_sha256(mac, key, "what do ya want for nothing?", 28);
	hex_encode(hex, mac, sizeof(mac));
	assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void test_compare_and_wipe(void **state)
{
	char a[] = "secret", b[] = "secreT";

	assert_true(bytes_equal(a, "secret", 6));
	assert_false(bytes_equal(a, b, 6));
	bytes_wipe(a, sizeof(a));
	assert_memory_equal(a, "\0\0\0\0\0\0", sizeof(a));
}

static void test_password_roundtrip(void **state)
{
	char hash[PASSWORD_HASH_TEXT], again[PASSWORD_HASH_TEXT];

	assert_int_equal(password_hash(hash, "şəffaf qərar verildi"), OK);
	assert_memory_equal(hash, "$argon2id$v=19$m=65536,t=2,p=1$", 31);
	assert_true(password_verify(hash, "şəffaf qərar verildi"));
	assert_false(password_verify(hash, "şəffaf qərar verildI"));
	assert_false(password_verify(hash, ""));
	assert_int_equal(password_hash(again, "şəffaf qərar verildi"), OK);
	assert_string_not_equal(hash, again);
	assert_false(password_verify("not a hash", "şəffaf qərar verildi"));
}

static void test_password_limits(void **state)
{
	char longest[PASSWORD_MAX + 2];
	char hash[PASSWORD_HASH_TEXT] = "untouched";

	memset(longest, 'x', sizeof(longest));
	longest[PASSWORD_MAX + 1] = '\0';
	assert_int_equal(password_hash(hash, longest), ERR_INVALID);
	assert_int_equal(password_hash(hash, ""), ERR_INVALID);
	assert_int_equal(password_hash(hash, "elevenchars"), ERR_INVALID);
	/* Twelve bytes, but only six characters. */
	assert_int_equal(password_hash(hash, "əəəəəə"), ERR_INVALID);
	assert_int_equal(password_hash(hash, "not\xffutf8 at all"), ERR_INVALID);
	assert_string_equal(hash, "untouched");
	longest[PASSWORD_MAX] = '\0';
	assert_int_equal(password_hash(hash, longest), OK);
	assert_true(password_verify(hash, longest));
	longest[PASSWORD_MAX] = 'x';
	assert_false(password_verify(hash, longest));
}

/* Request Tracker CVE-2021-38562: an unknown login answered sooner than a known one. */
static void test_unknown_login_costs_the_same(void **state)
{
	char hash[PASSWORD_HASH_TEXT];
	int64_t known = INT64_MAX, unknown = INT64_MAX;

	assert_int_equal(password_hash(hash, "correct horse battery"), OK);
	for (int i = 0; i < 3; i++) {
		int64_t t0 = monotonic_us(), t1;

		assert_false(password_verify(hash, "wrong horse battery"));
		t1 = monotonic_us();
		known = t1 - t0 < known ? t1 - t0 : known;
		assert_false(password_verify(NULL, "wrong horse battery"));
		t0 = monotonic_us();
		unknown = t0 - t1 < unknown ? t0 - t1 : unknown;
	}
	/* A factor of three bears a busy machine; an answer without the hash is a thousand times quicker. */
	assert_true(unknown * 3 > known && known * 3 > unknown);
}

static void *verify_thread(void *hash)
{
	return password_verify(hash, "correct horse battery") ? hash : NULL;
}

static void test_password_threads(void **state)
{
	char hash[PASSWORD_HASH_TEXT];
	pthread_t thread[5];
	void *result;

	assert_int_equal(password_hash(hash, "correct horse battery"), OK);
	for (size_t i = 0; i < ARRAY_LEN(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, verify_thread, hash), 0);
	for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
		pthread_join(thread[i], &result);
		assert_ptr_equal(result, hash);
	}
}

static const uint8_t chunk_key[CHUNK_KEY] = { 0x80, 0x81, 0x82 };
static const uint8_t file_id[16] = { 7, 7, 7 };

struct chunk_row {
	const char *what;
	size_t flip; /* bit in the sealed bytes; SIZE_MAX: none */
	size_t cut;  /* bytes missing at the end */
	uint64_t index;
	bool last;
	uint8_t key0, file0;
	enum err expected;
};

static void test_chunk(void **state)
{
	static const struct chunk_row rows[] = {
		{ "as sealed", SIZE_MAX, 0, 3, true, 0x80, 7, OK },
		{ "first bit", 0, 0, 3, true, 0x80, 7, ERR_UNTRUSTED },
		{ "a bit of the tag", 11 * 8, 0, 3, true, 0x80, 7, ERR_UNTRUSTED },
		{ "last bit", 26 * 8 + 7, 0, 3, true, 0x80, 7, ERR_UNTRUSTED },
		{ "another place", SIZE_MAX, 0, 4, true, 0x80, 7, ERR_UNTRUSTED },
		{ "another place, high half", SIZE_MAX, 0, 3 | UINT64_C(1) << 40, true, 0x80, 7, ERR_UNTRUSTED },
		{ "not the last", SIZE_MAX, 0, 3, false, 0x80, 7, ERR_UNTRUSTED },
		{ "another key", SIZE_MAX, 0, 3, true, 0x81, 7, ERR_UNTRUSTED },
		{ "another file", SIZE_MAX, 0, 3, true, 0x80, 8, ERR_UNTRUSTED },
		{ "a byte short", SIZE_MAX, 1, 3, true, 0x80, 7, ERR_UNTRUSTED },
		{ "shorter than a tag", SIZE_MAX, 12, 3, true, 0x80, 7, ERR_INVALID },
		{ "nothing", SIZE_MAX, 27, 3, true, 0x80, 7, ERR_INVALID },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint8_t sealed[11 + CHUNK_TAG], plain[11] = { 0 };
		uint8_t key[CHUNK_KEY], id[16];

		memcpy(key, chunk_key, sizeof(key));
		memcpy(id, file_id, sizeof(id));
		chunk_seal(sealed, key, id, 3, true, "hello world", 11);
		if (rows[i].flip != SIZE_MAX)
			sealed[rows[i].flip / 8] ^= (uint8_t)(1 << rows[i].flip % 8);
		key[0] = rows[i].key0;
		id[0] = rows[i].file0;
		if (chunk_open(plain, key, id, rows[i].index, rows[i].last, sealed, sizeof(sealed) - rows[i].cut) !=
		    rows[i].expected)
			fail_msg("%s", rows[i].what);
		if (rows[i].expected == OK)
			assert_memory_equal(plain, "hello world", 11);
	}
}

/* The header's formula written out: a second implementation depends on each byte of nonce and additional data. */
static void test_chunk_documented_bytes(void **state)
{
	static const uint8_t nonce[24] = { [16] = 1, 2, 3, 4, 5, 6, 7, 8 };
	static const uint8_t ad[] = "sulh-file-v1\7\7\7\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\3\4\5\6\7\10\1";
	uint8_t sealed[11 + CHUNK_TAG], expected[11 + CHUNK_TAG];

	crypto_aead_xchacha20poly1305_ietf_encrypt(
	    expected, NULL, (const uint8_t *)"hello world", 11, ad, sizeof(ad) - 1, NULL, nonce, chunk_key);
	chunk_seal(sealed, chunk_key, file_id, UINT64_C(0x0102030405060708), true, "hello world", 11);
	assert_memory_equal(sealed, expected, sizeof(sealed));
}

/* An empty file is one empty last chunk. */
static void test_chunk_empty(void **state)
{
	uint8_t sealed[CHUNK_TAG], plain[1];

	chunk_seal(sealed, chunk_key, file_id, 0, true, NULL, 0);
	assert_int_equal(chunk_open(plain, chunk_key, file_id, 0, true, sealed, sizeof(sealed)), OK);
	assert_int_equal(chunk_open(plain, chunk_key, file_id, 0, false, sealed, sizeof(sealed)), ERR_UNTRUSTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256_vectors),
		cmocka_unit_test(test_hmac_vector),
		cmocka_unit_test(test_compare_and_wipe),
		cmocka_unit_test(test_password_roundtrip),
		cmocka_unit_test(test_password_limits),
		cmocka_unit_test(test_unknown_login_costs_the_same),
		cmocka_unit_test(test_password_threads),
		cmocka_unit_test(test_chunk),
		cmocka_unit_test(test_chunk_documented_bytes),
		cmocka_unit_test(test_chunk_empty),
	};

	crypto_init();
	return cmocka_run_group_tests_name("crypto", tests, NULL, NULL);
}
