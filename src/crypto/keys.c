/* The office's keys in their file, and public keys as a JWK Set. */
#include "crypto/keys.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "crypto/keys_inner.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_TEXT 44      /* base64url of 32 bytes, with terminator */
#define FILE_LIMIT 16384 /* bytes of keys.json */
#define SET_LIMIT 16     /* keys in a set that we look at */
#define FINGERPRINT_GROUPS 12
#define SIGN_CURVE "Ed25519"
#define SEAL_CURVE "X25519"

static_assert(KEY_ID_TEXT == KEY_TEXT, "a thumbprint is a SHA-256");
static_assert(FINGERPRINT_TEXT >= FINGERPRINT_GROUPS * 6, "room for the groups");

static void *allocate(size_t size)
{
	void *p = calloc(1, size);

	if (!p)
		abort();
	return p;
}

/* Every point of small order, and the two forms past the prime, as https://cr.yp.to/ecdh.html#validate lists them. */
bool x25519_is_weak(const uint8_t point[KEY_SIZE])
{
	static const uint8_t weak[][KEY_SIZE] = {
		{ 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 },
		{ 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 },
		{ 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
		    0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
		{ 0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
		    0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57 },
		{ 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		{ 0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
		{ 0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
	};
	uint8_t masked[KEY_SIZE];

	/* RFC 7748 section 5: the top bit does not count. */
	memcpy(masked, point, KEY_SIZE);
	masked[KEY_SIZE - 1] &= 0x7f;
	for (size_t i = 0; i < ARRAY_LEN(weak); i++)
		if (memcmp(masked, weak[i], KEY_SIZE) == 0)
			return true;
	return false;
}

/* JSON in memory */

void json_wipe(json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	if (json_is_object(json)) {
		json_object_foreach(json, key, value) json_wipe(json_incref(value));
	} else if (json_is_array(json)) {
		json_array_foreach(json, i, value) json_wipe(json_incref(value));
	} else if (json_is_string(json)) {
		sodium_memzero((void *)(uintptr_t)json_string_value(json), json_string_length(json));
	}
	json_decref(json);
}

static void jwk_free(jwk_t *jwk)
{
	if (!jwk)
		return;
	json_wipe(json_incref(jwk));
	r_jwk_free(jwk);
}

static json_t *jwk_json(const char *curve, const uint8_t x[KEY_SIZE], const uint8_t *d)
{
	json_t *jwk = json_object();
	char text[KEY_TEXT];

	json_put_str(jwk, "kty", "OKP");
	json_put_str(jwk, "crv", curve);
	base64url_encode(text, x, KEY_SIZE);
	json_put_str(jwk, "x", text);
	if (d) {
		base64url_encode(text, d, KEY_SIZE);
		json_put_str(jwk, "d", text);
		bytes_wipe(text, sizeof(text));
	}
	return jwk;
}

/* RFC 7638 over the required members of an OKP key (RFC 8037 section 2), in their alphabetical order. */
static void thumbprint(char out[KEY_ID_TEXT], const char *curve, const uint8_t x[KEY_SIZE])
{
	char text[KEY_TEXT];
	char json[128];
	uint8_t digest[SHA256_SIZE];
	int len;

	base64url_encode(text, x, KEY_SIZE);
	len = snprintf(json, sizeof(json), "{\"crv\":\"%s\",\"kty\":\"OKP\",\"x\":\"%s\"}", curve, text);
	sha256(digest, json, (size_t)len);
	base64url_encode(out, digest, sizeof(digest));
}

static enum err jwk_make(const char *curve, const uint8_t x[KEY_SIZE], const uint8_t *d, jwk_t **ret_jwk)
{
	json_t *json = jwk_json(curve, x, d);
	jwk_t *jwk = NULL;
	enum err e = OK;

	if (r_jwk_init(&jwk) != RHN_OK || r_jwk_import_from_json_t(jwk, json) != RHN_OK) {
		jwk_free(jwk);
		e = ERR_INTERNAL;
	} else {
		*ret_jwk = jwk;
	}
	/* The import shares the members with `json`: they are wiped when the key object goes. */
	json_decref(json);
	return e;
}

/* Public keys */

static enum err public_make(const uint8_t sign[KEY_SIZE], const uint8_t seal[KEY_SIZE], struct public_keys **ret_keys)
{
	struct public_keys *p = allocate(sizeof(*p));

	memcpy(p->sign, sign, KEY_SIZE);
	memcpy(p->seal, seal, KEY_SIZE);
	thumbprint(p->sign_id, SIGN_CURVE, sign);
	thumbprint(p->seal_id, SEAL_CURVE, seal);
	if (jwk_make(SIGN_CURVE, sign, NULL, &p->sign_jwk) || jwk_make(SEAL_CURVE, seal, NULL, &p->seal_jwk)) {
		public_keys_free(p);
		return ERR_INTERNAL;
	}
	*ret_keys = p;
	return OK;
}

void public_keys_free(struct public_keys *p)
{
	if (!p)
		return;
	jwk_free(p->sign_jwk);
	jwk_free(p->seal_jwk);
	free(p);
}

const char *public_keys_sign_id(const struct public_keys *p)
{
	return p->sign_id;
}

const char *public_keys_seal_id(const struct public_keys *p)
{
	return p->seal_id;
}

static json_t *public_jwk(
    const char *curve, const uint8_t x[KEY_SIZE], const char *use, const char *alg, const char *id)
{
	json_t *jwk = jwk_json(curve, x, NULL);

	json_put_str(jwk, "use", use);
	json_put_str(jwk, "alg", alg);
	json_put_str(jwk, "kid", id);
	return jwk;
}

json_t *public_keys_json(const struct public_keys *p)
{
	json_t *set = json_object();
	json_t *list = json_array();

	json_add(list, public_jwk(SIGN_CURVE, p->sign, "sig", "EdDSA", p->sign_id));
	json_add(list, public_jwk(SEAL_CURVE, p->seal, "enc", "ECDH-ES", p->seal_id));
	json_put(set, "keys", list);
	return set;
}

void public_keys_fingerprint(const struct public_keys *p, char out[FINGERPRINT_TEXT])
{
	char ids[2 * KEY_ID_TEXT];
	uint8_t digest[SHA256_SIZE];
	int len = snprintf(ids, sizeof(ids), "%s%s", p->sign_id, p->seal_id);

	sha256(digest, ids, (size_t)len);
	for (size_t i = 0; i < FINGERPRINT_GROUPS; i++) {
		unsigned group = (unsigned)digest[2 * i] << 8 | digest[2 * i + 1];

		sprintf(out + 6 * i, "%05u%s", group, i + 1 < FINGERPRINT_GROUPS ? " " : "");
	}
}

/* What one key of a set must be to serve one of our two uses. */
struct use {
	const char *name, *curve, *alg;
	bool (*is_weak)(const uint8_t point[KEY_SIZE]);
};

/* Not on the curve, not in the large subgroup or not canonical: such a key "verifies" signatures nobody made. */
static bool ed25519_is_weak(const uint8_t point[KEY_SIZE])
{
	return !crypto_core_ed25519_is_valid_point(point);
}

static const struct use uses[] = {
	{ "sig", SIGN_CURVE, "EdDSA", ed25519_is_weak },
	{ "enc", SEAL_CURVE, "ECDH-ES", x25519_is_weak },
};

static bool key_bytes(const json_t *jwk, const char *member, uint8_t out[KEY_SIZE])
{
	const char *text = json_str(jwk, member);
	size_t len;

	return text && base64url_decode(text, strlen(text), out, KEY_SIZE, &len) == OK && len == KEY_SIZE;
}

static bool absent_or(const json_t *object, const char *member, const char *expected)
{
	const char *text = json_str(object, member);

	return !json_object_get(object, member) || (text && strcmp(text, expected) == 0);
}

static enum err use_read(const json_t *jwk, const struct use *use, uint8_t out[KEY_SIZE], struct fault *fault)
{
	char id[KEY_ID_TEXT];

	if (json_object_get(jwk, "d"))
		return fault_set(fault, ERR_INVALID, "keys",
		    N_("The key set contains a private key. Ask the partner to replace its keys."), NULL);
	if (strcmp(json_str_or(jwk, "use", ""), use->name) != 0 || !absent_or(jwk, "alg", use->alg))
		return fault_set(fault, ERR_INVALID, "keys", N_("The {curve} key must be marked use={use}, alg={alg}."),
		    "curve", use->curve, "use", use->name, "alg", use->alg, NULL);
	if (!key_bytes(jwk, "x", out) || use->is_weak(out))
		return fault_set(fault, ERR_INVALID, "keys", N_("The {curve} key is not a valid public key."), "curve",
		    use->curve, NULL);
	thumbprint(id, use->curve, out);
	if (!absent_or(jwk, "kid", id))
		return fault_set(fault, ERR_INVALID, "keys",
		    N_("The id of the {curve} key is not its RFC 7638 thumbprint, {id}."), "curve", use->curve, "id",
		    id, NULL);
	return OK;
}

/* Finds the one key of the curve. RFC 7517 section 5: keys of kinds that we do not know are passed over. */
static enum err use_find(const json_t *list, const struct use *use, uint8_t out[KEY_SIZE], struct fault *fault)
{
	const json_t *found = NULL;
	size_t i;
	json_t *jwk;

	json_array_foreach((json_t *)(uintptr_t)list, i, jwk)
	{
		if (strcmp(json_str_or(jwk, "kty", ""), "OKP") != 0 ||
		    strcmp(json_str_or(jwk, "crv", ""), use->curve) != 0)
			continue;
		if (found)
			return fault_set(fault, ERR_INVALID, "keys", N_("The key set has more than one {curve} key."),
			    "curve", use->curve, NULL);
		found = jwk;
	}
	if (!found)
		return fault_set(
		    fault, ERR_INVALID, "keys", N_("The key set has no {curve} key."), "curve", use->curve, NULL);
	return use_read(found, use, out, fault);
}

enum err public_keys_parse(const json_t *jwks, struct public_keys **ret_keys, struct fault *fault)
{
	const json_t *list = json_object_get(jwks, "keys");
	uint8_t key[ARRAY_LEN(uses)][KEY_SIZE];

	if (!json_is_array(list) || json_array_size(list) > SET_LIMIT)
		return fault_set(fault, ERR_INVALID, "keys", N_("This is not a set of public keys (RFC 7517)."), NULL);
	for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
		enum err e = use_find(list, &uses[i], key[i], fault);

		if (e)
			return e;
	}
	return public_make(key[0], key[1], ret_keys);
}

/* Own keys */

/* Computes the public halves and the library's objects from the private bytes. */
static enum err keys_complete(struct keys *keys)
{
	uint8_t sign[KEY_SIZE], seal[KEY_SIZE];
	uint8_t expanded[crypto_sign_SECRETKEYBYTES];

	crypto_sign_seed_keypair(sign, expanded, keys->sign);
	bytes_wipe(expanded, sizeof(expanded));
	crypto_scalarmult_base(seal, keys->seal);
	if (public_make(sign, seal, &keys->public) || jwk_make(SIGN_CURVE, sign, keys->sign, &keys->sign_jwk) ||
	    jwk_make(SEAL_CURVE, seal, keys->seal, &keys->seal_jwk))
		return ERR_INTERNAL;
	return OK;
}

enum err keys_generate(struct keys **ret_keys)
{
	struct keys *keys = allocate(sizeof(*keys));
	enum err e;

	random_bytes(keys->sign, KEY_SIZE);
	random_bytes(keys->seal, KEY_SIZE);
	random_bytes(keys->secret, KEY_SIZE);
	e = keys_complete(keys);
	if (e)
		keys_free(keys);
	else
		*ret_keys = keys;
	return e;
}

void keys_free(struct keys *keys)
{
	if (!keys)
		return;
	jwk_free(keys->sign_jwk);
	jwk_free(keys->seal_jwk);
	public_keys_free(keys->public);
	bytes_wipe(keys, sizeof(*keys));
	free(keys);
}

const struct public_keys *keys_public(const struct keys *keys)
{
	return keys->public;
}

void keys_derive(const struct keys *keys, const char *label, const void *data, size_t len, uint8_t out[32])
{
	crypto_auth_hmacsha256_state state;

	/* The zero byte after the label keeps "a" + "bc" and "ab" + "c" apart. */
	crypto_auth_hmacsha256_init(&state, keys->secret, KEY_SIZE);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)label, strlen(label) + 1);
	crypto_auth_hmacsha256_update(&state, data, len);
	crypto_auth_hmacsha256_final(&state, out);
	bytes_wipe(&state, sizeof(state));
}

/* keys.json */

json_t *keys_to_json(const struct keys *keys)
{
	json_t *json = json_object();
	char secret[KEY_TEXT];

	json_put_int(json, "version", 1);
	json_put(json, "sign", jwk_json(SIGN_CURVE, keys->public->sign, keys->sign));
	json_put(json, "seal", jwk_json(SEAL_CURVE, keys->public->seal, keys->seal));
	base64url_encode(secret, keys->secret, KEY_SIZE);
	json_put_str(json, "secret", secret);
	bytes_wipe(secret, sizeof(secret));
	return json;
}

static bool private_read(const json_t *jwk, const char *curve, uint8_t d[KEY_SIZE], uint8_t x[KEY_SIZE])
{
	return strcmp(json_str_or(jwk, "kty", ""), "OKP") == 0 && strcmp(json_str_or(jwk, "crv", ""), curve) == 0 &&
	       key_bytes(jwk, "d", d) && key_bytes(jwk, "x", x);
}

enum err keys_from_json(const json_t *json, const char *name, struct keys **ret_keys, struct fault *fault)
{
	struct keys *keys = allocate(sizeof(*keys));
	uint8_t sign[KEY_SIZE], seal[KEY_SIZE];
	enum err e;

	if (json_int_or(json, "version", 0) != 1 ||
	    !private_read(json_object_get(json, "sign"), SIGN_CURVE, keys->sign, sign) ||
	    !private_read(json_object_get(json, "seal"), SEAL_CURVE, keys->seal, seal) ||
	    !key_bytes(json, "secret", keys->secret)) {
		keys_free(keys);
		return fault_set(fault, ERR_INVALID, name,
		    N_("The key file {file} is not in the form that sulh writes."), "file", name, NULL);
	}
	e = keys_complete(keys);
	/* A pair that does not belong together would sign what no partner can check. */
	if (!e && (memcmp(sign, keys->public->sign, KEY_SIZE) != 0 || memcmp(seal, keys->public->seal, KEY_SIZE) != 0))
		e = fault_set(fault, ERR_INVALID, name,
		    N_("In the key file {file}, a public key does not belong to its private key."), "file", name, NULL);
	if (e)
		keys_free(keys);
	else
		*ret_keys = keys;
	return e;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum err file_fault(struct fault *fault, enum err e, const char *path, const char *key)
{
	return fault_set(fault, e, path, key, "file", path, "reason", strerror(errno), NULL);
}

/* Opens first and looks at what was opened: the file cannot be exchanged between the look and the reading. */
static enum err open_private(const char *path, int *ret_fd, struct fault *fault)
{
	CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return file_fault(fault, errno == ENOENT ? ERR_NOT_FOUND : ERR_STORE, path,
		    N_("The key file {file} cannot be read: {reason}."));
	if (!S_ISREG(st.st_mode) || st.st_size > FILE_LIMIT)
		return fault_set(fault, ERR_INVALID, path,
		    N_("The key file {file} is not in the form that sulh writes."), "file", path, NULL);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return fault_set(fault, ERR_INVALID, path,
		    N_("Other users can reach the key file {file}. Run: chmod 600 {file}"), "file", path, NULL);
	*ret_fd = fd;
	fd = -1;
	return OK;
}

static bool read_all(int fd, char *out, size_t room, size_t *ret_len)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = read(fd, out + len, room - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*ret_len = len;
	return true;
}

enum err keys_load(const char *path, struct keys **ret_keys, struct fault *fault)
{
	CLEANUP(close_fd) int fd = -1;
	char text[FILE_LIMIT];
	size_t len = 0;
	json_t *json = NULL;
	enum err e = open_private(path, &fd, fault);

	if (e)
		return e;
	if (!read_all(fd, text, sizeof(text), &len))
		e = file_fault(fault, ERR_STORE, path, N_("The key file {file} cannot be read: {reason}."));
	else if (json_parse(text, len, sizeof(text), &json, NULL))
		e = fault_set(fault, ERR_INVALID, path, N_("The key file {file} is not in the form that sulh writes."),
		    "file", path, NULL);
	else
		e = keys_from_json(json, path, ret_keys, fault);
	bytes_wipe(text, sizeof(text));
	json_wipe(json);
	return e;
}

static bool write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return fsync(fd) == 0;
}

/* The name of a new file is on disk only when its directory is. */
static bool sync_directory(const char *path)
{
	char copy[PATH_MAX];
	CLEANUP(close_fd) int fd = -1;

	if (!copy_text(copy, sizeof(copy), path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0;
}

static enum err text_save(const char *path, const char *text, struct fault *fault)
{
	CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 && errno == EEXIST)
		return fault_set(fault, ERR_CONFLICT, path,
		    N_("The key file {file} exists already. Keys are never overwritten."), "file", path, NULL);
	if (fd < 0)
		return file_fault(fault, ERR_STORE, path, N_("The key file {file} cannot be written: {reason}."));
	if (!write_all(fd, text, strlen(text)) || !sync_directory(path)) {
		enum err e = file_fault(fault, ERR_STORE, path, N_("The key file {file} cannot be written: {reason}."));

		unlink(path);
		return e;
	}
	return OK;
}

enum err keys_save(const struct keys *keys, const char *path, struct fault *fault)
{
	json_t *json = keys_to_json(keys);
	char *text = json_compact_text(json);
	enum err e = text ? text_save(path, text, fault) : ERR_MEMORY;

	json_wipe(json);
	if (text)
		bytes_wipe(text, strlen(text));
	free(text);
	return e;
}
