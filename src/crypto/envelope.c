/* JWS and JWE in compact form: our own checks first, then the library's cryptography. */
#include "crypto/envelope.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/keys_inner.h"

#include <stdlib.h>
#include <string.h>

#define SIGN_ALG "EdDSA"
#define SEAL_ALG "ECDH-ES"
#define SEAL_ENC "A256GCM"
#define SIGNATURE_SIZE 64
#define GCM_IV_SIZE 12
#define GCM_TAG_SIZE 16

enum { JWS_HEADER, JWS_PAYLOAD, JWS_SIGNATURE, JWS_PARTS };
enum { JWE_HEADER, JWE_KEY, JWE_IV, JWE_CIPHERTEXT, JWE_TAG, JWE_PARTS };

/* Members that change how a token is read or which key it is checked with: never from a stranger (RFC 8725 section 3).
 */
static const char *const refused_members[] = { "crit", "zip", "b64", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256" };

static const char *const own_members[] = { "alg", "typ", "kid" };

struct part {
	const char *text; /* lent, not terminated */
	size_t len;
};

static void json_done(json_t **json)
{
	json_decref(*json);
}

static void jws_done(jws_t **jws)
{
	r_jws_free(*jws);
}

static void jwe_done(jwe_t **jwe)
{
	r_jwe_free(*jwe);
}

/* The library takes its key arguments without const, and copies them before use. */
static jwk_t *lend(const jwk_t *jwk)
{
	return (jwk_t *)(uintptr_t)jwk;
}

/* Form */

static enum err broken(struct fault *fault)
{
	return fault_set(fault, ERR_INVALID, NULL, N_("The message is not a token in the agreed form."), NULL);
}

static bool split(const char *text, size_t len, struct part *parts, size_t count)
{
	const char *end = text + len;

	for (size_t i = 0; i < count; i++) {
		const char *dot = memchr(text, '.', (size_t)(end - text));
		bool last = i + 1 == count;

		if (last != !dot)
			return false;
		parts[i].text = text;
		parts[i].len = (size_t)((last ? end : dot) - text);
		text = last ? end : dot + 1;
	}
	return true;
}

/* Zero-terminated for the caller's convenience; free() it. */
static enum err decode(const struct part *part, char **ret_data, size_t *ret_len)
{
	size_t room = part->len / 4 * 3 + 3;
	CLEANUP(free_ptr) char *data = malloc(room + 1);
	size_t len = 0;

	if (!data)
		return ERR_MEMORY;
	if (base64url_decode(part->text, part->len, data, room, &len))
		return ERR_INVALID;
	data[len] = '\0';
	*ret_data = take(&data);
	*ret_len = len;
	return OK;
}

/* The library's decoder is lax (padding, the other alphabet): without this, one message would have many texts. */
static bool is_base64url(const struct part *part, size_t least, size_t most)
{
	CLEANUP(free_ptr) char *data = NULL;
	size_t len = 0;

	return decode(part, &data, &len) == OK && len >= least && len <= most;
}

static enum err header_parse(const struct part *part, json_t **ret_header, struct fault *fault)
{
	CLEANUP(free_ptr) char *text = NULL;
	CLEANUP(json_done) json_t *header = NULL;
	size_t len = 0;

	if (part->len > ENVELOPE_HEADER_LIMIT / 3 * 4)
		return fault_set(fault, ERR_TOO_LARGE, NULL, N_("The header of the message is too large."), NULL);
	if (decode(part, &text, &len) || json_parse(text, len, ENVELOPE_HEADER_LIMIT, &header, NULL) ||
	    !json_is_object(header))
		return broken(fault);
	*ret_header = take(&header);
	return OK;
}

static enum err limit_check(size_t len, struct fault *fault)
{
	if (len > ENVELOPE_LIMIT)
		return fault_set(
		    fault, ERR_TOO_LARGE, NULL, N_("The message is larger than the limit of 2 MiB."), NULL);
	return OK;
}

/* Allow-list */

static enum err member_check(const json_t *header, const char *member, const char *expected, struct fault *fault)
{
	const char *value = json_str(header, member);

	if (value && strcmp(value, expected) == 0)
		return OK;
	return fault_set(fault, ERR_UNTRUSTED, member, N_("The header member {member} must be {expected}."), "member",
	    member, "expected", expected, NULL);
}

static enum err member_refused(const char *member, struct fault *fault)
{
	return fault_set(
	    fault, ERR_UNTRUSTED, member, N_("The header member {member} is not accepted."), "member", member, NULL);
}

static enum err kid_check(const json_t *header, const char *id, struct fault *fault)
{
	const char *kid = json_str(header, "kid");

	if (kid && strcmp(kid, id) == 0)
		return OK;
	return fault_set(fault, ERR_UNTRUSTED, "kid",
	    N_("The message uses another key than the agreed one, {expected}."), "expected", id, NULL);
}

static enum err jws_header_check(const json_t *header, const char *typ, struct fault *fault)
{
	enum err e;

	for (size_t i = 0; i < ARRAY_LEN(refused_members); i++)
		if (json_object_get(header, refused_members[i]))
			return member_refused(refused_members[i], fault);
	e = member_check(header, "alg", SIGN_ALG, fault);
	if (!e)
		e = member_check(header, "typ", typ, fault);
	if (!e && strlen(json_str_or(header, "kid", "")) != KEY_ID_TEXT - 1)
		e = fault_set(fault, ERR_UNTRUSTED, "kid", N_("The message does not name its signing key."), NULL);
	return e;
}

/*
 * The ephemeral key decides the shared secret. Its size matters doubly: the library decodes `x` into a buffer of fixed
 * size before it looks at the length.
 */
static enum err epk_check(const json_t *epk, struct fault *fault)
{
	const char *x = json_str(epk, "x");
	uint8_t point[KEY_SIZE];
	size_t len = 0;

	if (json_object_size(epk) != 3 || strcmp(json_str_or(epk, "kty", ""), "OKP") != 0 ||
	    strcmp(json_str_or(epk, "crv", ""), "X25519") != 0 || !x ||
	    base64url_decode(x, strlen(x), point, sizeof(point), &len) || len != sizeof(point) || x25519_is_weak(point))
		return fault_set(fault, ERR_UNTRUSTED, "epk",
		    N_("The ephemeral key of the message is not a sound X25519 key."), NULL);
	return OK;
}

static enum err jwe_header_check(const json_t *header, const char *seal_id, struct fault *fault)
{
	static const char *const allowed[] = { "alg", "enc", "kid", "cty", "epk" };
	const char *member;
	json_t *value;
	enum err e;

	json_object_foreach((json_t *)(uintptr_t)header, member, value)
	{
		size_t i = 0;

		while (i < ARRAY_LEN(allowed) && strcmp(allowed[i], member) != 0)
			i++;
		if (i == ARRAY_LEN(allowed))
			return fault_set(fault, ERR_UNTRUSTED, "header",
			    N_("The header member {member} is not accepted."), "member", member, NULL);
	}
	e = member_check(header, "alg", SEAL_ALG, fault);
	if (!e)
		e = member_check(header, "enc", SEAL_ENC, fault);
	if (!e)
		e = member_check(header, "cty", ENVELOPE_CTY, fault);
	if (!e)
		e = kid_check(header, seal_id, fault);
	if (!e)
		e = epk_check(json_object_get(header, "epk"), fault);
	return e;
}

/* Signing */

static enum err signed_header(const struct keys *keys, const char *typ, const json_t *extra, json_t **ret_header)
{
	CLEANUP(json_done) json_t *header = json_object();

	for (size_t i = 0; i < ARRAY_LEN(refused_members); i++)
		if (json_object_get(extra, refused_members[i]))
			return ERR_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(own_members); i++)
		if (json_object_get(extra, own_members[i]))
			return ERR_INVALID;
	json_put_str(header, "alg", SIGN_ALG);
	json_put_str(header, "typ", typ);
	json_put_str(header, "kid", keys->public->sign_id);
	if (extra && json_object_update(header, (json_t *)(uintptr_t)extra))
		return ERR_INVALID;
	*ret_header = take(&header);
	return OK;
}

enum err jws_sign(
    const struct keys *keys, const char *typ, const json_t *extra, const void *payload, size_t len, char **ret_jws)
{
	CLEANUP(json_done) json_t *header = NULL;
	CLEANUP(jws_done) jws_t *jws = NULL;
	CLEANUP(free_ptr) char *text = NULL;
	enum err e;

	if (len == 0)
		return ERR_INVALID;
	e = limit_check(len, NULL);
	if (!e)
		e = signed_header(keys, typ, extra, &header);
	if (e)
		return e;
	if (r_jws_init(&jws) != RHN_OK || r_jws_set_full_header_json_t(jws, header) != RHN_OK ||
	    r_jws_set_payload(jws, payload, len) != RHN_OK)
		return ERR_MEMORY;
	text = r_jws_serialize(jws, lend(keys->sign_jwk), R_FLAG_IGNORE_REMOTE);
	if (!text)
		return ERR_INTERNAL;
	e = limit_check(strlen(text), NULL);
	if (!e)
		*ret_jws = take(&text);
	return e;
}

/* Form and allow-list of a JWS whose parts the caller wants too. */
static enum err jws_read(
    const char *jws, const char *typ, struct part parts[JWS_PARTS], json_t **ret_header, struct fault *fault)
{
	CLEANUP(json_done) json_t *header = NULL;
	size_t len = strnlen(jws, ENVELOPE_LIMIT + 1);
	enum err e = limit_check(len, fault);

	if (e)
		return e;
	if (!split(jws, len, parts, JWS_PARTS))
		return broken(fault);
	e = header_parse(&parts[JWS_HEADER], &header, fault);
	if (!e)
		e = jws_header_check(header, typ, fault);
	if (e)
		return e;
	if (!is_base64url(&parts[JWS_SIGNATURE], SIGNATURE_SIZE, SIGNATURE_SIZE))
		return broken(fault);
	*ret_header = take(&header);
	return OK;
}

enum err jws_peek(const char *jws, const char *typ, json_t **ret_header, struct fault *fault)
{
	CLEANUP(json_done) json_t *header = NULL;
	struct part parts[JWS_PARTS];
	enum err e = jws_read(jws, typ, parts, &header, fault);

	if (e)
		return e;
	if (!is_base64url(&parts[JWS_PAYLOAD], 1, ENVELOPE_LIMIT))
		return broken(fault);
	*ret_header = take(&header);
	return OK;
}

static enum err signature_check(const struct public_keys *keys, const char *text, struct fault *fault)
{
	CLEANUP(jws_done) jws_t *jws = NULL;

	if (r_jws_init(&jws) != RHN_OK)
		return ERR_MEMORY;
	/* R_PARSE_NONE: keys inside the token or behind an address in it are not even read. */
	if (r_jws_advanced_compact_parse(jws, text, R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) != RHN_OK ||
	    r_jws_get_alg(jws) != R_JWA_ALG_EDDSA ||
	    r_jws_verify_signature(jws, lend(keys->sign_jwk), R_FLAG_IGNORE_REMOTE) != RHN_OK)
		return fault_set(
		    fault, ERR_UNTRUSTED, "signature", N_("The signature of the message is not right."), NULL);
	return OK;
}

enum err jws_verify(const struct public_keys *keys, const char *typ, const char *jws, json_t **ret_header,
    char **ret_payload, size_t *ret_len, struct fault *fault)
{
	CLEANUP(json_done) json_t *header = NULL;
	CLEANUP(free_ptr) char *payload = NULL;
	struct part parts[JWS_PARTS];
	size_t len = 0;
	enum err e = jws_read(jws, typ, parts, &header, fault);

	if (!e)
		e = kid_check(header, keys->sign_id, fault);
	if (e)
		return e;
	e = decode(&parts[JWS_PAYLOAD], &payload, &len);
	if (e || len == 0)
		return e == ERR_MEMORY ? e : broken(fault);
	e = signature_check(keys, jws, fault);
	if (e)
		return e;
	*ret_header = take(&header);
	*ret_payload = take(&payload);
	*ret_len = len;
	return OK;
}

/* Sealing */

enum err jwe_seal(const struct public_keys *keys, const char *jws, char **ret_jwe)
{
	CLEANUP(json_done) json_t *header = json_object();
	CLEANUP(jwe_done) jwe_t *jwe = NULL;
	CLEANUP(free_ptr) char *text = NULL;
	size_t len = strnlen(jws, ENVELOPE_LIMIT + 1);
	enum err e = limit_check(len, NULL);

	if (e || len == 0)
		return e ? e : ERR_INVALID;
	json_put_str(header, "alg", SEAL_ALG);
	json_put_str(header, "enc", SEAL_ENC);
	json_put_str(header, "kid", keys->seal_id);
	json_put_str(header, "cty", ENVELOPE_CTY);
	if (r_jwe_init(&jwe) != RHN_OK || r_jwe_set_full_header_json_t(jwe, header) != RHN_OK ||
	    r_jwe_set_payload(jwe, (const unsigned char *)jws, len) != RHN_OK)
		return ERR_MEMORY;
	text = r_jwe_serialize(jwe, lend(keys->seal_jwk), R_FLAG_IGNORE_REMOTE);
	if (!text)
		return ERR_INTERNAL;
	e = limit_check(strlen(text), NULL);
	if (!e)
		*ret_jwe = take(&text);
	return e;
}

static enum err jwe_form_check(const struct part parts[JWE_PARTS], struct fault *fault)
{
	/* ECDH-ES agrees on the key directly: there is no encrypted key (RFC 7518 section 4.6). */
	if (parts[JWE_KEY].len != 0 || !is_base64url(&parts[JWE_IV], GCM_IV_SIZE, GCM_IV_SIZE) ||
	    !is_base64url(&parts[JWE_CIPHERTEXT], 1, ENVELOPE_LIMIT) ||
	    !is_base64url(&parts[JWE_TAG], GCM_TAG_SIZE, GCM_TAG_SIZE))
		return broken(fault);
	return OK;
}

static enum err decrypt(const struct keys *keys, const char *text, size_t len, char **ret_jws, struct fault *fault)
{
	CLEANUP(jwe_done) jwe_t *jwe = NULL;
	const unsigned char *payload;
	size_t payload_len = 0;
	char *jws;

	if (r_jwe_init(&jwe) != RHN_OK)
		return ERR_MEMORY;
	if (r_jwe_advanced_compact_parsen(jwe, text, len, R_PARSE_NONE, R_FLAG_IGNORE_REMOTE) != RHN_OK ||
	    r_jwe_get_alg(jwe) != R_JWA_ALG_ECDH_ES || r_jwe_get_enc(jwe) != R_JWA_ENC_A256GCM ||
	    r_jwe_decrypt(jwe, lend(keys->seal_jwk), R_FLAG_IGNORE_REMOTE) != RHN_OK)
		return fault_set(fault, ERR_UNTRUSTED, "seal",
		    N_("The sealed message cannot be opened: it was changed, or sealed "
		       "for somebody else."),
		    NULL);
	payload = r_jwe_get_payload(jwe, &payload_len);
	if (!payload || memchr(payload, '\0', payload_len))
		return broken(fault);
	jws = strndup((const char *)payload, payload_len);
	if (!jws)
		return ERR_MEMORY;
	*ret_jws = jws;
	return OK;
}

enum err jwe_open(const struct keys *keys, const char *jwe, size_t len, char **ret_jws, struct fault *fault)
{
	CLEANUP(json_done) json_t *header = NULL;
	struct part parts[JWE_PARTS];
	enum err e = limit_check(len, fault);

	if (e)
		return e;
	if (!split(jwe, len, parts, JWE_PARTS))
		return broken(fault);
	e = header_parse(&parts[JWE_HEADER], &header, fault);
	if (!e)
		e = jwe_header_check(header, keys->public->seal_id, fault);
	if (!e)
		e = jwe_form_check(parts, fault);
	if (!e)
		e = decrypt(keys, jwe, len, ret_jws, fault);
	return e;
}
