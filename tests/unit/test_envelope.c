/*
 * Envelopes: what two offices exchange goes through; everything that a liar can put together is refused for its own
 * reason. The liar here has the right keys and correct cryptography, made without the code under test, so that only our
 * checks stand in his way (libjose once took RS512 for a key restricted to RS256).
 */
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/envelope.h"
#include "crypto/keys_inner.h"

#include <gnutls/crypto.h>
#include <pthread.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TYP "sulh-message+jws"
/* RFC 8037 appendix A.1 and A.3; the X25519 key is Alice's of RFC 7748 section 6.1. */
#define SIGN_ID "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
#define OWN_KEYS                                                                                                       \
	"{\"version\":1,\"sign\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":"                                          \
	"\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"},"      \
	"\"seal\""                                                                                                     \
	":{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo\",\"d\":"            \
	"\"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo\"},\"secret\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}"

static struct keys *own, *other;
static const struct public_keys *public;
static char seal_id[KEY_ID_TEXT];

static int keys_make(void **state)
{
	json_t *json = NULL;

	crypto_init();
	assert_int_equal(json_parse(OWN_KEYS, strlen(OWN_KEYS), 4096, &json, NULL), OK);
	assert_int_equal(keys_from_json(json, "test", &own, NULL), OK);
	json_wipe(json);
	assert_int_equal(keys_generate(&other), OK);
	public = keys_public(own);
	copy_text(seal_id, sizeof(seal_id), public_keys_seal_id(public));
	return 0;
}

static int keys_drop(void **state)
{
	keys_free(own);
	keys_free(other);
	return 0;
}

/* --- forging ------------------------------------------------------------------------------------------------------ */

static char *text_base64url(const void *data, size_t len)
{
	char *out = malloc(base64url_size(len));

	base64url_encode(out, data, len);
	return out;
}

static char *joined(const char *const *parts, size_t count)
{
	struct buf b = BUF_INIT(16 * 1024 * 1024);

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(buf_puts(&b, i ? "." : ""), OK);
		assert_int_equal(buf_puts(&b, parts[i]), OK);
	}
	return buf_take(&b);
}

/* A JWS with any header text and any payload, rightly signed with `keys`. */
static char *jws_forge(const struct keys *keys, const char *header, const char *payload)
{
	CLEANUP(free_ptr) char *h = text_base64url(header, strlen(header));
	CLEANUP(free_ptr) char *p = text_base64url(payload, strlen(payload));
	CLEANUP(free_ptr) char *input = joined((const char *[]) { h, p }, 2);
	CLEANUP(free_ptr) char *s = NULL;
	uint8_t public_key[32], secret_key[64], signature[64];

	crypto_sign_seed_keypair(public_key, secret_key, keys->sign);
	crypto_sign_detached(signature, NULL, (const uint8_t *)input, strlen(input), secret_key);
	s = text_base64url(signature, sizeof(signature));
	return joined((const char *[]) { input, s }, 2);
}

/* RFC 7518 section 4.6 from its text: Concat KDF with SHA-256, one round, empty party info. */
static void agree(uint8_t key[32], const uint8_t ephemeral[32], const char *alg_id)
{
	uint8_t info[128] = { 0, 0, 0, 1 };
	size_t len = 4;

	assert_int_equal(crypto_scalarmult(info + len, ephemeral, public->seal), 0);
	len += 32;
	info[len + 3] = (uint8_t)strlen(alg_id);
	memcpy(info + len + 4, alg_id, strlen(alg_id));
	len += 4 + strlen(alg_id) + 8;
	info[len + 2] = 1; /* 256 bits */
	sha256(key, info, len + 4);
}

/* A JWE with any header text (%s: the ephemeral x) around any text, rightly sealed for `own`. */
static char *jwe_forge(const char *header_format, const char *text, size_t len)
{
	uint8_t ephemeral[32] = { 1, 2, 3 }, point[32], key[32], iv[12] = { 9 };
	size_t sealed_len = len + 16;
	CLEANUP(free_ptr) uint8_t *sealed = malloc(sealed_len);
	gnutls_aead_cipher_hd_t cipher;
	gnutls_datum_t datum = { key, sizeof(key) };
	char x[44], header[16384];

	crypto_scalarmult_base(point, ephemeral);
	base64url_encode(x, point, sizeof(point));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(header, sizeof(header), header_format, x);
#pragma GCC diagnostic pop
	agree(key, ephemeral, "A256GCM");
	CLEANUP(free_ptr) char *h = text_base64url(header, strlen(header));
	assert_int_equal(gnutls_aead_cipher_init(&cipher, GNUTLS_CIPHER_AES_256_GCM, &datum), 0);
	assert_int_equal(
	    gnutls_aead_cipher_encrypt(cipher, iv, sizeof(iv), h, strlen(h), 16, text, len, sealed, &sealed_len), 0);
	gnutls_aead_cipher_deinit(cipher);
	CLEANUP(free_ptr) char *i = text_base64url(iv, sizeof(iv));
	CLEANUP(free_ptr) char *c = text_base64url(sealed, len);
	CLEANUP(free_ptr) char *t = text_base64url(sealed + len, 16);
	return joined((const char *[]) { h, "", i, c, t }, 5);
}

/* A JWE that the library itself makes with other algorithms for the right key: it would open it as well. */
static char *jwe_library(jwa_alg alg, jwa_enc enc, const char *zip)
{
	jwe_t *jwe;
	char *text;

	r_jwe_init(&jwe);
	r_jwe_set_alg(jwe, alg);
	r_jwe_set_enc(jwe, enc);
	r_jwe_set_header_str_value(jwe, "kid", seal_id);
	r_jwe_set_header_str_value(jwe, "cty", ENVELOPE_CTY);
	if (zip)
		r_jwe_set_header_str_value(jwe, "zip", zip);
	r_jwe_set_payload(jwe, (const unsigned char *)"a.b.c", 5);
	text = r_jwe_serialize(jwe, public->seal_jwk, R_FLAG_IGNORE_REMOTE);
	r_jwe_free(jwe);
	assert_non_null(text);
	return text;
}

/* --- what must go through ----------------------------------------------------------------------------------------- */

static void test_roundtrip(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 4096, 100000 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		CLEANUP(free_ptr) char *payload = malloc(sizes[i] + 1);
		CLEANUP(free_ptr) char *jws = NULL;
		CLEANUP(free_ptr) char *jwe = NULL;
		CLEANUP(free_ptr) char *opened = NULL;
		CLEANUP(free_ptr) char *body = NULL;
		json_t *header = json_object(), *got = NULL;
		struct fault fault = { 0 };
		size_t len = 0;

		random_bytes(payload, sizes[i]);
		json_put_str(header, "aud", "az-commissioner");
		json_put_int(header, "seq", 12);
		assert_int_equal(jws_sign(own, TYP, header, payload, sizes[i], &jws), OK);
		json_decref(header);
		assert_int_equal(jwe_seal(keys_public(other), jws, &jwe), OK);
		assert_null(strstr(jwe, jws));
		assert_int_equal(jwe_open(other, jwe, strlen(jwe), &opened, &fault), OK);
		assert_string_equal(opened, jws);
		assert_int_equal(jws_peek(opened, TYP, &got, &fault), OK);
		assert_string_equal(json_str(got, "aud"), "az-commissioner");
		json_decref(got);
		assert_int_equal(jws_verify(public, TYP, opened, &got, &body, &len, &fault), OK);
		assert_string_equal(json_str(got, "kid"), SIGN_ID);
		assert_int_equal(json_int_or(got, "seq", 0), 12);
		json_decref(got);
		assert_int_equal(len, sizes[i]);
		assert_memory_equal(body, payload, len);
		assert_int_equal(body[len], '\0');
	}
}

/* RFC 8037 appendix A.4 fixes the signer used for the comparison; ours must give the same bytes (Ed25519 is
 * repeatable). */
static void test_signature_vector(void **state)
{
	static const char input[] = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
	static const char signature[] =
	    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
	static const char header[] = "{\"alg\":\"EdDSA\",\"typ\":\"" TYP "\",\"kid\":\"" SIGN_ID "\"}";
	CLEANUP(free_ptr) char *rfc = jws_forge(own, "{\"alg\":\"EdDSA\"}", "Example of Ed25519 signing");
	CLEANUP(free_ptr) char *expected = jws_forge(own, header, "Example of Ed25519 signing");
	CLEANUP(free_ptr) char *jws = NULL;

	assert_memory_equal(rfc, input, strlen(input));
	assert_string_equal(rfc + strlen(input) + 1, signature);
	assert_int_equal(jws_sign(own, TYP, NULL, "Example of Ed25519 signing", 26, &jws), OK);
	assert_string_equal(jws, expected);
}

static void test_sign_refuses(void **state)
{
	static const char *const members[] = { "alg", "typ", "kid", "crit", "zip", "b64", "jwk", "jku", "x5u", "x5c",
		"x5t", "x5t#S256" };
	char *big = malloc(ENVELOPE_LIMIT + 1), *jws = NULL, *jwe = NULL;

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		json_t *header = json_object();

		json_put_str(header, members[i], "EdDSA");
		assert_int_equal(jws_sign(own, TYP, header, "x", 1, &jws), ERR_INVALID);
		json_decref(header);
	}
	memset(big, 'x', ENVELOPE_LIMIT + 1);
	assert_int_equal(jws_sign(own, TYP, NULL, "", 0, &jws), ERR_INVALID);
	assert_int_equal(jws_sign(own, TYP, NULL, big, ENVELOPE_LIMIT + 1, &jws), ERR_TOO_LARGE);
	assert_int_equal(jws_sign(own, TYP, NULL, big, ENVELOPE_LIMIT - 100, &jws), ERR_TOO_LARGE);
	assert_null(jws);
	big[ENVELOPE_LIMIT - 100] = '\0';
	assert_int_equal(jwe_seal(public, big, &jwe), ERR_TOO_LARGE);
	assert_int_equal(jwe_seal(public, "", &jwe), ERR_INVALID);
	assert_null(jwe);
	free(big);
}

/* --- what must not: signed tokens --------------------------------------------------------------------------------- */

struct header_row {
	const char *what;
	const char *header;
	enum err expected;
	const char *field; /* where the fault points: refused for this reason and no other */
};

#define JWS(alg, typ, kid, more) "{\"alg\":" alg ",\"typ\":" typ ",\"kid\":" kid more "}"
#define GOOD_JWS(more) JWS("\"EdDSA\"", "\"" TYP "\"", "\"" SIGN_ID "\"", more)
#define WITH_ALG(alg) JWS(alg, "\"" TYP "\"", "\"" SIGN_ID "\"", "")
#define JWK_RFC "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"

static const struct header_row jws_rows[] = {
	{ "good", GOOD_JWS(""), OK, NULL },
	{ "good with more", GOOD_JWS(",\"aud\":\"x\",\"n\":1"), OK, NULL },
	{ "alg none", WITH_ALG("\"none\""), ERR_UNTRUSTED, "alg" },
	{ "alg None", WITH_ALG("\"None\""), ERR_UNTRUSTED, "alg" },
	{ "alg HS256", WITH_ALG("\"HS256\""), ERR_UNTRUSTED, "alg" },
	{ "alg RS256", WITH_ALG("\"RS256\""), ERR_UNTRUSTED, "alg" },
	{ "alg RS512", WITH_ALG("\"RS512\""), ERR_UNTRUSTED, "alg" },
	{ "alg ES256", WITH_ALG("\"ES256\""), ERR_UNTRUSTED, "alg" },
	{ "alg Ed25519", WITH_ALG("\"Ed25519\""), ERR_UNTRUSTED, "alg" },
	{ "alg in small letters", WITH_ALG("\"eddsa\""), ERR_UNTRUSTED, "alg" },
	{ "alg list", WITH_ALG("[\"EdDSA\"]"), ERR_UNTRUSTED, "alg" },
	{ "no alg", "{\"typ\":\"" TYP "\",\"kid\":\"" SIGN_ID "\"}", ERR_UNTRUSTED, "alg" },
	{ "typ of a receipt", JWS("\"EdDSA\"", "\"sulh-receipt+jws\"", "\"" SIGN_ID "\"", ""), ERR_UNTRUSTED, "typ" },
	{ "typ null", JWS("\"EdDSA\"", "null", "\"" SIGN_ID "\"", ""), ERR_UNTRUSTED, "typ" },
	{ "no typ", "{\"alg\":\"EdDSA\",\"kid\":\"" SIGN_ID "\"}", ERR_UNTRUSTED, "typ" },
	{ "kid of another key", JWS("\"EdDSA\"", "\"" TYP "\"", "\"AAAK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k\"", ""),
	    ERR_UNTRUSTED, "kid" },
	{ "kid cut", JWS("\"EdDSA\"", "\"" TYP "\"", "\"kPrK\"", ""), ERR_UNTRUSTED, "kid" },
	{ "no kid", "{\"alg\":\"EdDSA\",\"typ\":\"" TYP "\"}", ERR_UNTRUSTED, "kid" },
	{ "crit", GOOD_JWS(",\"crit\":[\"aud\"],\"aud\":\"x\""), ERR_UNTRUSTED, "crit" },
	{ "empty crit", GOOD_JWS(",\"crit\":[]"), ERR_UNTRUSTED, "crit" },
	{ "zip", GOOD_JWS(",\"zip\":\"DEF\""), ERR_UNTRUSTED, "zip" },
	{ "b64", GOOD_JWS(",\"b64\":true"), ERR_UNTRUSTED, "b64" },
	{ "jwk, the right one", GOOD_JWS(",\"jwk\":" JWK_RFC), ERR_UNTRUSTED, "jwk" },
	{ "jku", GOOD_JWS(",\"jku\":\"http://127.0.0.1/\""), ERR_UNTRUSTED, "jku" },
	{ "x5u", GOOD_JWS(",\"x5u\":\"http://127.0.0.1/\""), ERR_UNTRUSTED, "x5u" },
	{ "x5c", GOOD_JWS(",\"x5c\":[\"AAAA\"]"), ERR_UNTRUSTED, "x5c" },
	{ "x5t", GOOD_JWS(",\"x5t\":\"AAAA\""), ERR_UNTRUSTED, "x5t" },
	{ "x5t#S256", GOOD_JWS(",\"x5t#S256\":\"AAAA\""), ERR_UNTRUSTED, "x5t#S256" },
	{ "alg twice", GOOD_JWS(",\"alg\":\"EdDSA\""), ERR_INVALID, "" },
	{ "a list", "[\"EdDSA\"]", ERR_INVALID, "" },
	{ "no JSON", "EdDSA", ERR_INVALID, "" },
	{ "no UTF-8", GOOD_JWS(",\"aud\":\"\xff\""), ERR_INVALID, "" },
	{ "empty", "", ERR_INVALID, "" },
};

static enum err verify(const char *jws, struct fault *fault)
{
	json_t *header = NULL;
	char *payload = NULL;
	size_t len = 0;
	enum err e = jws_verify(public, TYP, jws, &header, &payload, &len, fault);

	/* Written on success only. */
	assert_int_equal(!header, !!e);
	assert_int_equal(!payload, !!e);
	json_decref(header);
	free(payload);
	return e;
}

static enum err peek(const char *jws, struct fault *fault)
{
	json_t *header = NULL;
	enum err e = jws_peek(jws, TYP, &header, fault);

	assert_int_equal(!header, !!e);
	json_decref(header);
	return e;
}

static void test_jws_headers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(jws_rows); i++) {
		const struct header_row *row = &jws_rows[i];
		CLEANUP(free_ptr) char *jws = jws_forge(own, row->header, "{}");
		struct fault fault = { 0 };
		enum err e = verify(jws, &fault);

		if (e != row->expected || (row->field && strcmp(fault.field, row->field) != 0))
			fail_msg("%s: %d %s", row->what, e, fault.field);
		/* Peeking refuses the same, except that it knows no partner yet. */
		if (!row->field || strcmp(row->what, "kid of another key") == 0)
			assert_int_equal(peek(jws, &fault), OK);
		else
			assert_int_equal(peek(jws, &fault), row->expected);
	}
}

static void test_jws_wrong_signer(void **state)
{
	/* The liar signs with his own key under our partner's name. */
	CLEANUP(free_ptr) char *jws = jws_forge(other, GOOD_JWS(""), "{}");
	struct fault fault = { 0 };

	assert_int_equal(verify(jws, &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "signature");
}

/* Every character of a token replaced: never accepted. */
static void test_jws_every_character(void **state)
{
	CLEANUP(free_ptr) char *jws = jws_forge(own, GOOD_JWS(""), "{\"a\":1}");
	struct fault fault = { 0 };

	for (size_t i = 0; jws[i]; i++) {
		char was = jws[i];

		jws[i] = was == 'A' ? 'B' : 'A';
		if (verify(jws, &fault) == OK)
			fail_msg("character %zu", i);
		jws[i] = was;
	}
	assert_int_equal(verify(jws, &fault), OK);
}

static void test_jws_cut(void **state)
{
	CLEANUP(free_ptr) char *jws = jws_forge(own, GOOD_JWS(""), "{\"a\":1}");
	struct fault fault = { 0 };

	for (size_t i = strlen(jws); i-- > 0;) {
		jws[i] = '\0';
		if (verify(jws, &fault) == OK || peek(jws, &fault) == OK)
			fail_msg("cut to %zu", i);
	}
}

/* One message has one text: what a lax decoder would let through. `%s` are header, payload and signature. */
static void test_jws_form(void **state)
{
	static const struct {
		const char *format;
		enum err expected;
	} rows[] = {
		{ "%s.%s.%s", OK },
		{ "%s.%s.%s.", ERR_INVALID },
		{ ".%s.%s.%s", ERR_INVALID },
		{ "%s..%s.%s", ERR_INVALID },
		{ "%s.%s.%s=", ERR_INVALID },
		{ "%s.%s.%s==", ERR_INVALID },
		{ "%s.%s=.%s", ERR_INVALID },
		{ "%s=.%s.%s", ERR_INVALID },
		{ "%s.%s.%s\n", ERR_INVALID },
		{ "%s.%s.%s ", ERR_INVALID },
		{ " %s.%s.%s", ERR_INVALID },
		{ "%s.%sAA.%s", ERR_INVALID },
		{ "%s.%s.%sAA", ERR_INVALID },
		{ "%s.%s.%s.trailing", ERR_INVALID },
		{ "%s.%s.%s~", ERR_INVALID },
	};
	CLEANUP(free_ptr) char *jws = jws_forge(own, GOOD_JWS(""), "{\"a\":12}");
	char *payload = strchr(jws, '.') + 1, *signature = strchr(payload, '.') + 1, text[2048];
	struct fault fault = { 0 };

	payload[-1] = signature[-1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), rows[i].format, jws, payload, signature);
#pragma GCC diagnostic pop
		if (verify(text, &fault) != rows[i].expected || peek(text, &fault) != rows[i].expected)
			fail_msg("%s", rows[i].format);
	}
	/* Stray bits: {"a":12} leaves two bits of its last character free, and they must be zero. */
	snprintf(text, sizeof(text), "%s.%s.%s", jws, payload, signature);
	assert_int_equal(verify(text, &fault), OK);
	text[strlen(jws) + strlen(payload)]++;
	assert_int_equal(verify(text, &fault), ERR_INVALID);
	/* No payload, no signature. */
	snprintf(text, sizeof(text), "%s..%s", jws, signature);
	assert_int_equal(verify(text, &fault), ERR_INVALID);
	snprintf(text, sizeof(text), "%s.%s.", jws, payload);
	assert_int_equal(verify(text, &fault), ERR_INVALID);
	assert_int_equal(verify("", &fault), ERR_INVALID);
	assert_int_equal(verify("..", &fault), ERR_INVALID);
}

static void test_jws_huge(void **state)
{
	char *big = malloc(ENVELOPE_LIMIT + 2), *header = malloc(20000);
	CLEANUP(free_ptr) char *jws = NULL;
	struct fault fault = { 0 };

	memset(big, 'A', ENVELOPE_LIMIT + 1);
	big[ENVELOPE_LIMIT + 1] = '\0';
	assert_int_equal(verify(big, &fault), ERR_TOO_LARGE);
	big[ENVELOPE_LIMIT] = '\0';
	assert_int_equal(verify(big, &fault), ERR_INVALID);
	snprintf(header, 20000, GOOD_JWS(",\"aud\":\"%.*s\""), ENVELOPE_HEADER_LIMIT, big);
	jws = jws_forge(own, header, "{}");
	assert_int_equal(verify(jws, &fault), ERR_TOO_LARGE);
	free(header);
	free(big);
}

/* --- what must not: sealed tokens --------------------------------------------------------------------------------- */

/* In these formats, %1$s is the ephemeral x. */
#define EPK "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"%1$s\"}"
#define SEAL_ID "SEAL-ID-SEAL-ID-SEAL-ID-SEAL-ID-SEAL-ID-SEA" /* replaced by the key's id */
#define JWE(alg, enc, kid, cty, epk, more)                                                                             \
	"{\"alg\":" alg ",\"enc\":" enc ",\"kid\":\"" kid "\",\"cty\":" cty ",\"epk\":" epk more "}"
#define GOOD_JWE(more) JWE("\"ECDH-ES\"", "\"A256GCM\"", SEAL_ID, "\"JOSE\"", EPK, more)
#define WITH_EPK(epk) JWE("\"ECDH-ES\"", "\"A256GCM\"", SEAL_ID, "\"JOSE\"", epk, "")
#define OKP_X(x) "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" x "\"}"
#define AS64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct header_row jwe_rows[] = {
	{ "good", GOOD_JWE(""), OK, NULL },
	{ "alg with key wrap", JWE("\"ECDH-ES+A256KW\"", "\"A256GCM\"", SEAL_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED,
	    "alg" },
	{ "alg dir", JWE("\"dir\"", "\"A256GCM\"", SEAL_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED, "alg" },
	{ "alg null", JWE("null", "\"A256GCM\"", SEAL_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED, "alg" },
	{ "enc CBC", JWE("\"ECDH-ES\"", "\"A128CBC-HS256\"", SEAL_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED, "enc" },
	{ "enc A128GCM", JWE("\"ECDH-ES\"", "\"A128GCM\"", SEAL_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED, "enc" },
	{ "kid of the signing key", JWE("\"ECDH-ES\"", "\"A256GCM\"", SIGN_ID, "\"JOSE\"", EPK, ""), ERR_UNTRUSTED,
	    "kid" },
	{ "kid empty", JWE("\"ECDH-ES\"", "\"A256GCM\"", "", "\"JOSE\"", EPK, ""), ERR_UNTRUSTED, "kid" },
	{ "cty JWT", JWE("\"ECDH-ES\"", "\"A256GCM\"", SEAL_ID, "\"JWT\"", EPK, ""), ERR_UNTRUSTED, "cty" },
	{ "zip", GOOD_JWE(",\"zip\":\"DEF\""), ERR_UNTRUSTED, "header" },
	{ "crit", GOOD_JWE(",\"crit\":[\"x\"],\"x\":1"), ERR_UNTRUSTED, "header" },
	{ "apu", GOOD_JWE(",\"apu\":\"\""), ERR_UNTRUSTED, "header" },
	{ "apv", GOOD_JWE(",\"apv\":\"\""), ERR_UNTRUSTED, "header" },
	{ "jwk", GOOD_JWE(",\"jwk\":" JWK_RFC), ERR_UNTRUSTED, "header" },
	{ "jku", GOOD_JWE(",\"jku\":\"http://127.0.0.1/\""), ERR_UNTRUSTED, "header" },
	{ "x5u", GOOD_JWE(",\"x5u\":\"http://127.0.0.1/\""), ERR_UNTRUSTED, "header" },
	{ "typ", GOOD_JWE(",\"typ\":\"JOSE\""), ERR_UNTRUSTED, "header" },
	{ "kid twice", GOOD_JWE(",\"kid\":\"x\""), ERR_INVALID, "" },
	{ "epk missing", "{\"alg\":\"ECDH-ES\",\"enc\":\"A256GCM\",\"kid\":\"" SEAL_ID "\",\"cty\":\"JOSE\"}",
	    ERR_UNTRUSTED, "epk" },
	{ "epk text", WITH_EPK("\"%1$s\""), ERR_UNTRUSTED, "epk" },
	{ "epk of another curve", WITH_EPK("{\"kty\":\"OKP\",\"crv\":\"X448\",\"x\":\"%1$s\"}"), ERR_UNTRUSTED, "epk" },
	{ "epk EC", WITH_EPK("{\"kty\":\"EC\",\"crv\":\"X25519\",\"x\":\"%1$s\"}"), ERR_UNTRUSTED, "epk" },
	{ "epk with d", WITH_EPK("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"%1$s\",\"d\":\"%1$s\"}"), ERR_UNTRUSTED,
	    "epk" },
	{ "epk with x5u", WITH_EPK("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"%1$s\",\"x5u\":\"http://127.0.0.1\"}"),
	    ERR_UNTRUSTED, "epk" },
	{ "epk padded", WITH_EPK(OKP_X("%1$s=")), ERR_UNTRUSTED, "epk" },
	{ "epk long: 1.1.11 would write past its buffer", WITH_EPK(OKP_X("%1$s" AS64 AS64 AS64 AS64)), ERR_UNTRUSTED,
	    "epk" },
	{ "epk short", WITH_EPK(OKP_X("AAAA")), ERR_UNTRUSTED, "epk" },
	{ "epk zero", WITH_EPK(OKP_X("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), ERR_UNTRUSTED, "epk" },
	{ "epk one", WITH_EPK(OKP_X("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), ERR_UNTRUSTED, "epk" },
	{ "epk of order 8", WITH_EPK(OKP_X("4Ot6fDtBuK4WVuP68Z_EatoJjeucMrH9hmIFFl9JuAA")), ERR_UNTRUSTED, "epk" },
	{ "a list", "[]", ERR_INVALID, "" },
	{ "empty", "", ERR_INVALID, "" },
};

static enum err open_as(const struct keys *keys, const char *jwe, size_t len, struct fault *fault)
{
	char *jws = NULL;
	enum err e = jwe_open(keys, jwe, len, &jws, fault);

	assert_int_equal(!jws, !!e);
	free(jws);
	return e;
}

static enum err open_text(const char *jwe, struct fault *fault)
{
	return open_as(own, jwe, strlen(jwe), fault);
}

static char *with_seal_id(const char *format)
{
	char *text = strdup(format), *at = strstr(text, SEAL_ID);

	if (at)
		memcpy(at, seal_id, KEY_ID_TEXT - 1);
	return text;
}

static char *jwe_good(void)
{
	CLEANUP(free_ptr) char *format = with_seal_id(GOOD_JWE(""));

	return jwe_forge(format, "a.b.c", 5);
}

static void test_jwe_headers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(jwe_rows); i++) {
		const struct header_row *row = &jwe_rows[i];
		CLEANUP(free_ptr) char *format = with_seal_id(row->header);
		CLEANUP(free_ptr) char *jwe = jwe_forge(format, "a.b.c", 5);
		struct fault fault = { 0 };
		enum err e = open_text(jwe, &fault);

		if (e != row->expected || (row->field && strcmp(fault.field, row->field) != 0))
			fail_msg("%s: %d %s", row->what, e, fault.field);
	}
}

/* Tokens that the library makes, and opens, for the very same key. */
static void test_jwe_library_choices(void **state)
{
	static const struct {
		jwa_alg alg;
		jwa_enc enc;
		const char *zip, *field;
	} rows[] = {
		{ R_JWA_ALG_ECDH_ES, R_JWA_ENC_A256GCM, NULL, NULL },
		{ R_JWA_ALG_ECDH_ES, R_JWA_ENC_A128CBC, NULL, "enc" },
		{ R_JWA_ALG_ECDH_ES, R_JWA_ENC_A128GCM, NULL, "enc" },
		{ R_JWA_ALG_ECDH_ES_A256KW, R_JWA_ENC_A256GCM, NULL, "alg" },
		{ R_JWA_ALG_ECDH_ES, R_JWA_ENC_A256GCM, "DEF", "header" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		CLEANUP(free_ptr) char *jwe = jwe_library(rows[i].alg, rows[i].enc, rows[i].zip);
		struct fault fault = { 0 };

		assert_int_equal(open_text(jwe, &fault), rows[i].field ? ERR_UNTRUSTED : OK);
		assert_string_equal(fault.field, rows[i].field ? rows[i].field : "");
	}
}

static void test_jwe_wrong_receiver(void **state)
{
	CLEANUP(free_ptr) char *jwe = NULL;
	struct fault fault = { 0 };

	assert_int_equal(jwe_seal(public, "a.b.c", &jwe), OK);
	assert_int_equal(open_as(other, jwe, strlen(jwe), &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "kid");
	assert_int_equal(open_text(jwe, &fault), OK);
}

/* What comes out is a C string: a zero byte inside would hide what stands behind it from every later check. */
static void test_jwe_zero_byte(void **state)
{
	CLEANUP(free_ptr) char *format = with_seal_id(GOOD_JWE(""));
	CLEANUP(free_ptr) char *jwe = jwe_forge(format, "a.b.c\0d", 7);
	struct fault fault = { 0 };

	assert_int_equal(open_text(jwe, &fault), ERR_INVALID);
}

static void test_jwe_every_character(void **state)
{
	CLEANUP(free_ptr) char *jwe = jwe_good();
	struct fault fault = { 0 };

	for (size_t i = 0; jwe[i]; i++) {
		char was = jwe[i];

		jwe[i] = was == 'A' ? 'B' : 'A';
		if (open_text(jwe, &fault) == OK)
			fail_msg("character %zu", i);
		jwe[i] = was;
	}
	assert_int_equal(open_text(jwe, &fault), OK);
}

static void test_jwe_cut(void **state)
{
	CLEANUP(free_ptr) char *jwe = jwe_good();
	struct fault fault = { 0 };
	size_t len = strlen(jwe);

	for (size_t i = 0; i < len; i++)
		if (open_as(own, jwe, i, &fault) == OK)
			fail_msg("cut to %zu", i);
	/* A zero byte counts as a character: its length, not its terminator, ends a token. */
	assert_int_equal(open_as(own, jwe, len, &fault), OK);
	assert_int_equal(open_as(own, jwe, len + 1, &fault), ERR_INVALID);
}

static void test_jwe_form(void **state)
{
	static const struct {
		const char *format;
		enum err expected;
	} rows[] = {
		{ "%s..%s.%s.%s", OK },
		{ "%s.AAAA.%s.%s.%s", ERR_INVALID },
		{ "%s..%s.%s.%s=", ERR_INVALID },
		{ "%s..%s.%s=.%s", ERR_INVALID },
		{ "%s..%s=.%s.%s", ERR_INVALID },
		{ "%s=..%s.%s.%s", ERR_INVALID },
		{ "%s..%s.%s.%s.", ERR_INVALID },
		{ "%s..%s.%s.%s.AAAA", ERR_INVALID },
		{ "%s..%s.%s.%s\n", ERR_INVALID },
		{ "%s..%sAAAA.%s.%s", ERR_INVALID },
		{ "%s..%s.%s.%sAA", ERR_INVALID },
		{ "%s.%s.%s.%s", ERR_INVALID },
	};
	CLEANUP(free_ptr) char *jwe = jwe_good();
	char *part[5], text[4096];
	struct fault fault = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		part[i] = strsep(&(char *) { i ? part[i - 1] + strlen(part[i - 1]) + 1 : jwe }, ".");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), rows[i].format, part[0], part[2], part[3], part[4]);
#pragma GCC diagnostic pop
		if (open_text(text, &fault) != rows[i].expected)
			fail_msg("%s", rows[i].format);
	}
	snprintf(text, sizeof(text), "%s..%s..%s", part[0], part[2], part[4]);
	assert_int_equal(open_text(text, &fault), ERR_INVALID);
	assert_int_equal(open_text("....", &fault), ERR_INVALID);
	assert_int_equal(open_text("", &fault), ERR_INVALID);
}

static void test_jwe_huge(void **state)
{
	char *big = malloc(ENVELOPE_LIMIT + 1);
	struct fault fault = { 0 };

	memset(big, 'A', ENVELOPE_LIMIT + 1);
	assert_int_equal(open_as(own, big, ENVELOPE_LIMIT + 1, &fault), ERR_TOO_LARGE);
	assert_int_equal(open_as(own, big, ENVELOPE_LIMIT, &fault), ERR_INVALID);
	memset(big, '.', ENVELOPE_LIMIT);
	assert_int_equal(open_as(own, big, ENVELOPE_LIMIT, &fault), ERR_INVALID);
	free(big);
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

static void *exchange_thread(void *ok)
{
	for (int i = 0; i < 50; i++) {
		CLEANUP(free_ptr) char *jws = NULL;
		CLEANUP(free_ptr) char *jwe = NULL;
		CLEANUP(free_ptr) char *opened = NULL;
		CLEANUP(free_ptr) char *payload = NULL;
		json_t *header = NULL;
		size_t len = 0;

		if (jws_sign(own, TYP, NULL, "{}", 2, &jws) || jwe_seal(public, jws, &jwe) ||
		    jwe_open(own, jwe, strlen(jwe), &opened, NULL) ||
		    jws_verify(public, TYP, opened, &header, &payload, &len, NULL))
			return NULL;
		json_decref(header);
	}
	return ok;
}

static void test_threads_share_keys(void **state)
{
	pthread_t thread[4];
	void *result;

	for (size_t i = 0; i < ARRAY_LEN(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, exchange_thread, thread), 0);
	for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
		pthread_join(thread[i], &result);
		assert_non_null(result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roundtrip),
		cmocka_unit_test(test_signature_vector),
		cmocka_unit_test(test_sign_refuses),
		cmocka_unit_test(test_jws_headers),
		cmocka_unit_test(test_jws_wrong_signer),
		cmocka_unit_test(test_jws_every_character),
		cmocka_unit_test(test_jws_cut),
		cmocka_unit_test(test_jws_form),
		cmocka_unit_test(test_jws_huge),
		cmocka_unit_test(test_jwe_headers),
		cmocka_unit_test(test_jwe_library_choices),
		cmocka_unit_test(test_jwe_wrong_receiver),
		cmocka_unit_test(test_jwe_zero_byte),
		cmocka_unit_test(test_jwe_every_character),
		cmocka_unit_test(test_jwe_cut),
		cmocka_unit_test(test_jwe_form),
		cmocka_unit_test(test_jwe_huge),
		cmocka_unit_test(test_threads_share_keys),
	};

	return cmocka_run_group_tests_name("envelope", tests, keys_make, keys_drop);
}
