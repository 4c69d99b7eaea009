/* The key file and its mode, thumbprints against RFC 8037, and key sets that must be refused. */
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/keys_inner.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* RFC 8037 appendix A.1 and A.3; X25519: RFC 7748 section 6.1, Alice. */
#define SIGN_D "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
#define SIGN_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define SIGN_ID "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define SEAL_D "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"
#define SEAL_X "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
#define SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define SIGN_JWK "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" SIGN_X "\",\"d\":\"" SIGN_D "\"}"
#define SEAL_JWK "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" SEAL_X "\",\"d\":\"" SEAL_D "\"}"
#define KEY_FILE(version, sign, seal, secret)                                                                          \
	"{\"version\":" version ",\"sign\":" sign ",\"seal\":" seal ",\"secret\":\"" secret "\"}"
#define GOOD_FILE KEY_FILE("1", SIGN_JWK, SEAL_JWK, SECRET)

static char folder[] = "/tmp/sulh-test-keys-XXXXXX";

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static const char *file_write(const char *name, const char *text, mode_t mode)
{
	const char *path = path_of(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

static int folder_make(void **state)
{
	crypto_init();
	return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
	static const char *const names[] = { "keys.json", "good", "open", "form", "big" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(path_of(names[i]));
	return rmdir(folder);
}

static void test_save_and_load(void **state)
{
	const char *path = path_of("keys.json");
	struct keys *keys, *loaded;
	uint8_t a[32], b[32];
	struct fault fault;
	struct stat st;
	mode_t old = umask(0);

	assert_int_equal(keys_generate(&keys), OK);
	assert_int_equal(keys_save(keys, path, &fault), OK);
	umask(old);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(keys_load(path, &loaded, &fault), OK);
	assert_string_equal(public_keys_sign_id(keys_public(keys)), public_keys_sign_id(keys_public(loaded)));
	assert_string_equal(public_keys_seal_id(keys_public(keys)), public_keys_seal_id(keys_public(loaded)));
	keys_derive(keys, "label", "data", 4, a);
	keys_derive(loaded, "label", "data", 4, b);
	assert_memory_equal(a, b, 32);
	assert_int_equal(keys_save(loaded, path, &fault), ERR_CONFLICT);
	assert_int_equal(keys_save(loaded, "/nowhere/at/all/keys.json", &fault), ERR_STORE);
	keys_free(keys);
	keys_free(loaded);
	keys_free(NULL);
}

static void test_two_offices_differ(void **state)
{
	struct keys *a, *b;

	assert_int_equal(keys_generate(&a), OK);
	assert_int_equal(keys_generate(&b), OK);
	assert_string_not_equal(public_keys_sign_id(keys_public(a)), public_keys_sign_id(keys_public(b)));
	assert_string_not_equal(public_keys_seal_id(keys_public(a)), public_keys_seal_id(keys_public(b)));
	assert_memory_not_equal(a->secret, b->secret, 32);
	keys_free(a);
	keys_free(b);
}

static void test_mode_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0660, 0610, 0602, 0777 };
	char text[512];
	struct keys *keys = NULL;
	struct fault fault;

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const char *path = file_write("open", GOOD_FILE, modes[i]);

		assert_int_equal(keys_load(path, &keys, &fault), ERR_INVALID);
		assert_null(keys);
		fault_english(&fault, text, sizeof(text));
		assert_non_null(strstr(text, path));
		assert_non_null(strstr(text, "chmod 600"));
	}
	assert_int_equal(keys_load(file_write("open", GOOD_FILE, 0400), &keys, &fault), OK);
	keys_free(keys);
}

static void test_file_form_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"not json",
		"[]",
		"{}",
		KEY_FILE("2", SIGN_JWK, SEAL_JWK, SECRET),
		KEY_FILE("\"1\"", SIGN_JWK, SEAL_JWK, SECRET),
		KEY_FILE("1", SEAL_JWK, SIGN_JWK, SECRET),
		KEY_FILE("1", SIGN_JWK, "null", SECRET),
		KEY_FILE("1", SIGN_JWK, SEAL_JWK, "AAEC"),
		KEY_FILE("1", SIGN_JWK, SEAL_JWK, SECRET "="),
		/* A public key that is not the private key's. */
		KEY_FILE("1", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" SEAL_X "\",\"d\":\"" SIGN_D "\"}",
		    SEAL_JWK, SECRET),
		KEY_FILE("1", SIGN_JWK,
		    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" SIGN_X "\",\"d\":\"" SEAL_D "\"}", SECRET),
		GOOD_FILE "x",
	};
	struct keys *keys = NULL;
	struct fault fault;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (keys_load(file_write("form", rows[i], 0600), &keys, &fault) != ERR_INVALID || keys)
			fail_msg("row %zu", i);
		assert_non_null(fault.key);
	}
	assert_int_equal(keys_load(path_of("missing"), &keys, &fault), ERR_NOT_FOUND);
	assert_int_equal(keys_load(folder, &keys, &fault), ERR_INVALID);
	assert_int_equal(keys_load(file_write("form", GOOD_FILE, 0600), &keys, &fault), OK);
	keys_free(keys);
}

static void test_file_size_refused(void **state)
{
	char *text = malloc(20001);
	struct keys *keys = NULL;
	struct fault fault;

	memset(text, ' ', 20000);
	memcpy(text, GOOD_FILE, strlen(GOOD_FILE));
	text[20000] = '\0';
	assert_int_equal(keys_load(file_write("big", text, 0600), &keys, &fault), ERR_INVALID);
	text[16000] = '\0';
	assert_int_equal(keys_load(file_write("big", text, 0600), &keys, &fault), OK);
	keys_free(keys);
	free(text);
}

static struct keys *rfc_keys(void)
{
	struct keys *keys = NULL;
	json_t *json = NULL;

	assert_int_equal(json_parse(GOOD_FILE, strlen(GOOD_FILE), 4096, &json, NULL), OK);
	assert_int_equal(keys_from_json(json, "rfc", &keys, NULL), OK);
	json_wipe(json);
	return keys;
}

/* RFC 8037 appendix A.3, and a second computation of RFC 7638 for the X25519 key. */
static void test_thumbprints(void **state)
{
	static const char json[] = "{\"crv\":\"X25519\",\"kty\":\"OKP\",\"x\":\"" SEAL_X "\"}";
	struct keys *keys = rfc_keys();
	uint8_t digest[SHA256_SIZE];
	char id[KEY_ID_TEXT];

	assert_string_equal(public_keys_sign_id(keys_public(keys)), SIGN_ID);
	sha256(digest, json, sizeof(json) - 1);
	base64url_encode(id, digest, sizeof(digest));
	assert_string_equal(public_keys_seal_id(keys_public(keys)), id);
	keys_free(keys);
}

static void test_fingerprint(void **state)
{
	struct keys *keys = rfc_keys();
	char text[FINGERPRINT_TEXT], ids[128], expected[8];
	uint8_t digest[SHA256_SIZE];

	public_keys_fingerprint(keys_public(keys), text);
	assert_int_equal(strlen(text), 12 * 5 + 11);
	snprintf(ids, sizeof(ids), SIGN_ID "%s", public_keys_seal_id(keys_public(keys)));
	sha256(digest, ids, strlen(ids));
	for (size_t i = 0; i < 12; i++) {
		snprintf(expected, sizeof(expected), "%05d", digest[2 * i] * 256 + digest[2 * i + 1]);
		assert_memory_equal(text + 6 * i, expected, 5);
		assert_int_equal(text[6 * i + 5], i == 11 ? '\0' : ' ');
	}
	keys_free(keys);
}

/* HMAC-SHA256 of label || 0 || data; the label's end matters. */
static void test_derive(void **state)
{
	struct keys *keys = rfc_keys();
	uint8_t a[32], b[32];

	keys_derive(keys, "csrf", "session", 7, a);
	hmac_sha256(b, keys->secret, "csrf\0session", 12);
	assert_memory_equal(a, b, 32);
	keys_derive(keys, "csrfs", "ession", 6, b);
	assert_memory_not_equal(a, b, 32);
	keys_free(keys);
}

static void test_public_roundtrip(void **state)
{
	struct keys *keys = rfc_keys();
	json_t *json = public_keys_json(keys_public(keys));
	struct public_keys *parsed = NULL;
	char *text = json_compact_text(json);
	struct fault fault;

	assert_null(strstr(text, "\"d\""));
	assert_null(strstr(text, SIGN_D));
	assert_non_null(strstr(text, "\"use\":\"sig\""));
	assert_non_null(strstr(text, "\"use\":\"enc\""));
	assert_int_equal(public_keys_parse(json, &parsed, &fault), OK);
	assert_string_equal(public_keys_sign_id(parsed), SIGN_ID);
	assert_string_equal(public_keys_seal_id(parsed), public_keys_seal_id(keys_public(keys)));
	public_keys_free(parsed);
	public_keys_free(NULL);
	free(text);
	json_decref(json);
	keys_free(keys);
}

#define OKP(crv, x, use, more) "{\"kty\":\"OKP\",\"crv\":\"" crv "\",\"x\":\"" x "\",\"use\":\"" use "\"" more "}"
#define SIG OKP("Ed25519", SIGN_X, "sig", "")
#define ENC OKP("X25519", SEAL_X, "enc", "")
#define SET(list) "{\"keys\":[" list "]}"
#define ZERO_X "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ONE_X "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
/* A point of order 8 on Curve25519 (RFC 7748 section 7, contributory behaviour). */
#define ORDER_8 "4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA"
#define ALL_FF "__________________________________________8"

static void test_key_sets(void **state)
{
	static const struct {
		const char *what, *json;
		enum err expected;
	} rows[] = {
		{ "two good keys", SET(SIG "," ENC), OK },
		{ "the other order", SET(ENC "," SIG), OK },
		{ "right kid and alg",
		    SET(OKP("Ed25519", SIGN_X, "sig", ",\"alg\":\"EdDSA\",\"kid\":\"" SIGN_ID "\"") "," ENC), OK },
		{ "unknown kinds besides", SET("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"},7," SIG "," ENC), OK },
		{ "no set", "[]", ERR_INVALID },
		{ "no list", "{\"keys\":{}}", ERR_INVALID },
		{ "empty", SET(""), ERR_INVALID },
		{ "no sealing key", SET(SIG), ERR_INVALID },
		{ "no signing key", SET(ENC), ERR_INVALID },
		{ "two signing keys", SET(SIG "," SIG "," ENC), ERR_INVALID },
		{ "uses exchanged", SET(OKP("Ed25519", SIGN_X, "enc", "") "," OKP("X25519", SEAL_X, "sig", "")),
		    ERR_INVALID },
		{ "no use", SET("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" SIGN_X "\"}," ENC), ERR_INVALID },
		{ "wrong alg", SET(OKP("Ed25519", SIGN_X, "sig", ",\"alg\":\"RS256\"") "," ENC), ERR_INVALID },
		{ "alg no text", SET(OKP("Ed25519", SIGN_X, "sig", ",\"alg\":1") "," ENC), ERR_INVALID },
		{ "wrong kid", SET(OKP("Ed25519", SIGN_X, "sig", ",\"kid\":\"mine\"") "," ENC), ERR_INVALID },
		{ "private key", SET(OKP("Ed25519", SIGN_X, "sig", ",\"d\":\"" SIGN_D "\"") "," ENC), ERR_INVALID },
		{ "short x", SET(OKP("Ed25519", "11qYAYKx", "sig", "") "," ENC), ERR_INVALID },
		{ "long x", SET(OKP("Ed25519", SIGN_X SIGN_X, "sig", "") "," ENC), ERR_INVALID },
		{ "padding", SET(OKP("Ed25519", SIGN_X "=", "sig", "") "," ENC), ERR_INVALID },
		{ "Ed25519 of order 1", SET(OKP("Ed25519", ONE_X, "sig", "") "," ENC), ERR_INVALID },
		{ "Ed25519 of order 4", SET(OKP("Ed25519", ZERO_X, "sig", "") "," ENC), ERR_INVALID },
		{ "Ed25519 not canonical", SET(OKP("Ed25519", ALL_FF, "sig", "") "," ENC), ERR_INVALID },
		{ "X25519 zero", SET(SIG "," OKP("X25519", ZERO_X, "enc", "")), ERR_INVALID },
		{ "X25519 one", SET(SIG "," OKP("X25519", ONE_X, "enc", "")), ERR_INVALID },
		{ "X25519 of order 8", SET(SIG "," OKP("X25519", ORDER_8, "enc", "")), ERR_INVALID },
		{ "too many", SET("0,0,0,0,0,0,0,0,0,0,0,0,0,0,0," SIG "," ENC), ERR_INVALID },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct public_keys *parsed = NULL;
		struct fault fault = { 0 };
		json_t *json = NULL;

		assert_int_equal(json_parse(rows[i].json, strlen(rows[i].json), 8192, &json, NULL), OK);
		if (public_keys_parse(json, &parsed, &fault) != rows[i].expected || !parsed != !!rows[i].expected)
			fail_msg("%s", rows[i].what);
		assert_int_equal(!fault.key, !rows[i].expected);
		public_keys_free(parsed);
		json_decref(json);
	}
}

/* The list of weak points against the curve itself: multiplied by a clamped scalar, each gives zero, its neighbour does
 * not.
 */
static void test_weak_points(void **state)
{
	static const char *const weak[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	static const uint8_t scalar[KEY_SIZE] = { 8, 1, 2, 3 };
	uint8_t point[KEY_SIZE], shared[KEY_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(weak); i++) {
		assert_true(hex_decode(point, KEY_SIZE, weak[i]));
		assert_int_not_equal(crypto_scalarmult(shared, scalar, point), 0);
		assert_true(x25519_is_weak(point));
		point[31] |= 0x80;
		assert_true(x25519_is_weak(point));
		point[1] ^= 4;
		assert_int_equal(crypto_scalarmult(shared, scalar, point), 0);
		assert_false(x25519_is_weak(point));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_save_and_load),
		cmocka_unit_test(test_two_offices_differ),
		cmocka_unit_test(test_mode_refused),
		cmocka_unit_test(test_file_form_refused),
		cmocka_unit_test(test_file_size_refused),
		cmocka_unit_test(test_thumbprints),
		cmocka_unit_test(test_fingerprint),
		cmocka_unit_test(test_derive),
		cmocka_unit_test(test_public_roundtrip),
		cmocka_unit_test(test_key_sets),
		cmocka_unit_test(test_weak_points),
	};

	return cmocka_run_group_tests_name("keys", tests, folder_make, folder_remove);
}
