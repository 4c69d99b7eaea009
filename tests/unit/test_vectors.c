/* The exchange's test vectors, made by another implementation (tests/data/exchange/make.mjs): read, verified and
 * refused here with the same verdicts. */
#include "base/buf.h"
#include "base/util.h"
#include "cooperation/agreement.h"
#include "cooperation/answer.h"
#include "cooperation/consent.h"
#include "cooperation/message.h"
#include "crypto/crypto.h"
#include "crypto/envelope.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_LIMIT (4 * 1024 * 1024)
#define HEADS_MAX 16

static json_t *keys_json, *agreement_doc, *thread_json;
static struct keys *home, *lead;
static struct agreement *agreement;

static json_t *load(const char *name)
{
	const char *source = getenv("SULH_SOURCE");
	char path[600], piece[8192];
	struct buf text = BUF_INIT(FILE_LIMIT);
	json_t *json = NULL;
	size_t n;

	snprintf(path, sizeof(path), "%s/tests/data/exchange/%s", source ? source : ".", name);
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s cannot be read", path);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		assert_int_equal(buf_add(&text, piece, n), OK);
	fclose(f);
	assert_int_equal(json_parse(text.data, text.len, FILE_LIMIT, &json, NULL), OK);
	buf_done(&text);
	return json;
}

/* Keys are only ever read from a file of their own that nobody else can reach. */
static struct keys *load_keys(const char *who)
{
	char path[] = "/tmp/sulh-vectors-XXXXXX";
	char *text = json_compact_text(json_object_get(json_object_get(keys_json, who), "keys_json"));
	struct keys *keys = NULL;
	int fd = mkostemp(path, O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(keys_load(path, &keys, NULL), OK);
	unlink(path);
	free(text);
	return keys;
}

static int prepare(void **state)
{
	crypto_init();
	keys_json = load("keys.json");
	agreement_doc = load("agreement.json");
	thread_json = load("messages.json");
	home = load_keys("home");
	lead = load_keys("lead");
	const char *text = json_str(agreement_doc, "canonical");
	return agreement_parse(text, strlen(text), &agreement, NULL) != OK;
}

static int clean(void **state)
{
	agreement_free(agreement);
	keys_free(home);
	keys_free(lead);
	json_decref(keys_json);
	json_decref(agreement_doc);
	json_decref(thread_json);
	return 0;
}

static struct keys *keys_of(const char *name)
{
	return strcmp(name, "home") == 0 ? home : lead;
}

/* --- keys and agreement ------------------------------------------------------------------------------------------- */

static void test_keys(void **state)
{
	static const char *const names[] = { "home", "lead" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const json_t *one = json_object_get(keys_json, names[i]);
		const struct public_keys *own = keys_public(keys_of(names[i]));
		struct public_keys *read = NULL;
		char digits[FINGERPRINT_TEXT];

		assert_int_equal(public_keys_parse(json_object_get(one, "jwks"), &read, NULL), OK);
		assert_string_equal(public_keys_sign_id(own), json_str(one, "id"));
		assert_string_equal(public_keys_sign_id(read), json_str(one, "id"));
		assert_string_equal(public_keys_seal_id(read), public_keys_seal_id(own));
		public_keys_fingerprint(read, digits);
		assert_string_equal(digits, json_str(one, "fingerprint"));
		public_keys_free(read);
	}
}

static void test_agreement(void **state)
{
	const char *canonical = json_str(agreement_doc, "canonical");
	char *again = json_canonical_text(json_object_get(agreement_doc, "document"));
	char hash[HASH_TEXT];

	assert_string_equal(again, canonical);
	free(again);
	hash_text(hash, canonical, strlen(canonical));
	assert_string_equal(hash, json_str(agreement_doc, "hash"));
	for (size_t i = 0; i < 2; i++) {
		const char *jws = json_string_value(json_array_get(json_object_get(agreement_doc, "signatures"), i));
		json_t *header = NULL;
		char *payload = NULL;
		size_t len;

		assert_int_equal(
		    jws_verify(keys_public(i == 0 ? home : lead), TYP_AGREEMENT, jws, &header, &payload, &len, NULL),
		    OK);
		assert_string_equal(payload, canonical);
		json_decref(header);
		free(payload);
	}
}

/* --- the receiver's list, in its order ------------------------------------------------------------------------------
 */

struct judged {
	struct message_header header;
	char hash[HASH_TEXT];
	json_t *body;
};

struct scene {
	int64_t now;
	struct thread before;
	const char *known; /* hash of the message known under this id */
	const char *receiver;
};

static enum err read_message(const struct scene *scene, const char *wire, struct judged *j, enum refusal *code,
    char **ret_payload, size_t *ret_len)
{
	struct fault fault = { 0 };
	char *jws = NULL;
	json_t *header = NULL;

	*code = REFUSAL_SIZE;
	enum err e = message_check_size(strlen(wire), &fault);
	if (!e && (e = jwe_open(keys_of(scene->receiver), wire, strlen(wire), &jws, &fault)))
		*code = refusal_of(REFUSAL_KEY, &fault);
	if (!e && (e = jws_peek(jws, TYP_MESSAGE, &header, &fault)))
		*code = refusal_of(REFUSAL_FORM, &fault);
	if (!e && (e = message_header_parse(header, &j->header, &fault)))
		*code = REFUSAL_FORM;
	json_decref(header);
	header = NULL;
	if (!e) {
		const struct public_keys *sender = keys_public(strcmp(scene->receiver, "lead") == 0 ? home : lead);
		bool known = strcmp(j->header.issuer, public_keys_sign_id(sender)) == 0;
		const struct message_partner partner = { known, known,
			strcmp(j->header.kid, public_keys_sign_id(sender)) == 0 ? j->header.kid : NULL, 0, INT64_MAX };
		*code = REFUSAL_SENDER;
		e = message_check_sender(&j->header, &partner, &fault);
		if (!e && (e = jws_verify(sender, TYP_MESSAGE, jws, &header, ret_payload, ret_len, &fault)))
			*code = refusal_of(REFUSAL_SIGNATURE, &fault);
		json_decref(header);
	}
	if (!e)
		hash_text(j->hash, jws, strlen(jws));
	free(jws);
	return e;
}

static enum err check_agreement(const struct scene *scene, const struct judged *j)
{
	const struct agreement_status status = { 0, { true, true }, false, { false, false },
		{ AGREEMENT_NEVER, AGREEMENT_NEVER } };
	struct fault fault = { 0 };

	return message_check_agreement(&j->header, agreement, &status, scene->now, &fault);
}

static enum err check_scope(const struct judged *j)
{
	const char *categories[CATEGORIES_MAX + 1];
	struct fault fault = { 0 };
	const char *clause;
	const struct agreement_request request = { .kind = "referral",
		.home = 0,
		.nationality = json_str(j->body, "nationality"),
		.residence = json_str(j->body, "residence"),
		.subject = json_str(j->body, "subject"),
		.categories = categories };

	enum err e = agreement_body_categories(j->body, categories, &fault);
	return e ? e : agreement_allows(agreement, &request, &clause, &fault);
}

static enum err check_place(const struct scene *scene, const struct judged *j)
{
	enum side side = strcmp(scene->receiver, "lead") == 0 ? SIDE_HOME : SIDE_LEAD;
	bool fresh = !scene->before.chain[SIDE_HOME].seq;
	struct fault fault = { 0 };

	enum err e = message_check_type(&j->header, THREAD_REFERRAL, side, fresh, &fault);
	return e ? e : thread_check(&scene->before, side, j->header.seq, j->header.prev, &fault);
}

/* OK, or the code of the first check that does not hold. */
static enum err judge(const struct scene *scene, const char *wire, struct judged *j, enum refusal *code)
{
	struct fault fault = { 0 };
	char *payload = NULL;
	size_t len = 0;
	bool again = false;

	enum err e = read_message(scene, wire, j, code, &payload, &len);
	if (!e && (e = message_check_audience(
		       &j->header, public_keys_sign_id(keys_public(keys_of(scene->receiver))), &fault)))
		*code = REFUSAL_AUDIENCE;
	if (!e && (e = message_check_duplicate(scene->known, j->hash, &again, &fault)))
		*code = REFUSAL_DUPLICATE;
	if (!e && (e = message_check_age(&j->header, scene->now, &fault)))
		*code = REFUSAL_AGE;
	if (!e && (e = check_agreement(scene, j)))
		*code = REFUSAL_AGREEMENT;
	if (!e && (e = message_check_clause(&j->header, THREAD_REFERRAL, &fault)))
		*code = REFUSAL_CLAUSE;
	if (!e && (e = check_place(scene, j)))
		*code = REFUSAL_SEQUENCE;
	if (!e && (e = message_check_body(j->header.type, payload, len, &j->body, &fault)))
		*code = REFUSAL_SCHEMA;
	if (!e && (e = consent_check_statement(j->body, public_keys_sign_id(keys_public(keys_of(scene->receiver))),
		       j->header.agreement, scene->now, &fault)))
		*code = REFUSAL_CONSENT;
	if (!e && j->header.type == MESSAGE_REFERRAL_OFFER && (e = check_scope(j)))
		*code = REFUSAL_CLAUSE;
	free(payload);
	return e;
}

static struct thread chains(const json_t *before)
{
	static const char *const names[SIDE_MAX] = { "opener", "other" };
	struct thread thread = { 0 };

	for (int side = 0; side < SIDE_MAX; side++) {
		const json_t *chain = json_object_get(before, names[side]);

		thread.chain[side].seq = json_int_or(chain, "seq", 0);
		copy_text(thread.chain[side].head, HASH_TEXT, json_str(chain, "head"));
	}
	return thread;
}

static void test_messages(void **state)
{
	const json_t *list = json_object_get(thread_json, "messages");

	assert_true(json_array_size(list) >= 6);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		struct scene scene = { .now = json_int_or(thread_json, "now", 0),
			.before = chains(json_object_get(one, "before")),
			.receiver = json_str(one, "to") };
		struct judged j = { 0 };
		enum refusal code = REFUSAL_MAX;

		if (judge(&scene, json_str(one, "jwe"), &j, &code))
			fail_msg("message %s is refused with %s", json_str(one, "name"), refusal_info(code)->code);
		assert_string_equal(j.hash, json_str(one, "hash"));
		assert_true(json_equal(j.body, json_object_get(one, "payload")));
		json_decref(j.body);
	}
}

static void test_refused(void **state)
{
	json_t *list = load("refused.json");

	assert_true(json_array_size(list) >= 60);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *wanted = json_str(one, "code");
		struct scene scene = { .now = json_int_or(one, "now", 0),
			.before = chains(json_object_get(one, "before")),
			.known = json_str(one, "known"),
			.receiver = "lead" };
		struct judged j = { 0 };
		enum refusal code = REFUSAL_MAX;
		enum err e = judge(&scene, json_str(one, "wire"), &j, &code);

		if (strcmp(e ? refusal_info(code)->code : "", wanted) != 0)
			fail_msg("%s: wanted “%s”, got “%s”", json_str(one, "why"), wanted,
			    e ? refusal_info(code)->code : "");
		json_decref(j.body);
	}
	json_decref(list);
}

/* --- answers -------------------------------------------------------------------------------------------------------
 */

static const json_t *message_named(const char *name)
{
	const json_t *list = json_object_get(thread_json, "messages");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (strcmp(json_str(json_array_get(list, i), "name"), name) == 0)
			return json_array_get(list, i);
	fail_msg("no message %s", name);
	return NULL;
}

static enum err receipt_holds(const json_t *message, const char *jws)
{
	bool by_home = strcmp(json_str(message, "from"), "home") == 0;
	const struct public_keys *own = keys_public(by_home ? home : lead),
				 *answering = keys_public(by_home ? lead : home);
	struct thread after = chains(json_object_get(message, "before"));
	const char *theirs[] = { after.chain[by_home ? SIDE_LEAD : SIDE_HOME].head };
	struct message_header sent;
	struct receipt_record record = { &sent, json_str(message, "hash"), &after, by_home ? SIDE_HOME : SIDE_LEAD,
		theirs, *theirs[0] ? 1 : 0 };
	struct fault fault = { 0 };
	json_t *header = NULL;
	char *payload = NULL;
	size_t len;
	int64_t at;

	assert_int_equal(message_header_parse(json_object_get(message, "header"), &sent, NULL), OK);
	thread_add(&after, record.side, record.hash);
	enum err e = jws_verify(answering, TYP_RECEIPT, jws, &header, &payload, &len, &fault);
	if (!e)
		e = answer_check_header(
		    header, TYP_RECEIPT, public_keys_sign_id(answering), public_keys_sign_id(own), &fault);
	if (!e)
		e = receipt_check(payload, len, &record, &at, &fault);
	json_decref(header);
	free(payload);
	return e;
}

static void test_receipts(void **state)
{
	json_t *list = load("receipts.json");

	assert_true(json_array_size(list) >= 15);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		bool holds = receipt_holds(message_named(json_str(one, "message")), json_str(one, "jws")) == OK;

		if (holds != json_bool_or(one, "valid", !holds))
			fail_msg("receipt of %s %s: %s", json_str(one, "message"), json_str_or(one, "why", ""),
			    holds ? "taken" : "refused");
	}
	json_decref(list);
}

static void test_refusals(void **state)
{
	json_t *list = load("refusals.json");
	const json_t *offer = message_named("offer");
	const char *wire = json_str(offer, "jwe"), *id = json_str(json_object_get(offer, "header"), "jti");
	char body_hash[HASH_TEXT];

	hash_text(body_hash, wire, strlen(wire));
	assert_true(json_array_size(list) >= REFUSAL_MAX);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		struct refusal_read read;
		json_t *header = NULL;
		char *payload = NULL;
		size_t len;

		assert_int_equal(
		    jws_verify(keys_public(lead), TYP_REFUSAL, json_str(one, "jws"), &header, &payload, &len, NULL),
		    OK);
		bool holds = refusal_check(payload, len, id, json_str(offer, "hash"), body_hash, &read, NULL) == OK;
		if (holds != json_bool_or(one, "valid", !holds))
			fail_msg("refusal %s %s: %s", json_str(one, "code"), json_str_or(one, "why", ""),
			    holds ? "taken" : "not taken");
		if (holds) {
			assert_string_equal(refusal_info(read.refusal)->code, json_str(one, "code"));
			assert_int_equal(refusal_info(read.refusal)->http_status, json_int_or(one, "status", 0));
		}
		json_decref(header);
		free(payload);
	}
	json_decref(list);
}

/* --- files ---------------------------------------------------------------------------------------------------------
 */

static uint8_t *plain_of(const json_t *chunk, size_t *ret_len)
{
	const char *text = json_str(chunk, "plain"), *repeats = json_str(chunk, "plain_repeats");
	size_t len = text ? strlen(text) : (size_t)json_int_or(chunk, "plain_size", 0);
	uint8_t *plain = malloc(len + 1);

	assert_non_null(plain);
	if (text)
		assert_int_equal(base64url_decode(text, strlen(text), plain, len, ret_len), OK);
	for (size_t i = 0; !text && i < len; i++)
		plain[i] = (uint8_t)repeats[i % strlen(repeats)];
	if (!text)
		*ret_len = len;
	return plain;
}

static void unhex(uint8_t *out, const char *hex)
{
	for (size_t i = 0; hex[2 * i]; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
}

static void test_chunks(void **state)
{
	json_t *list = load("files.json");

	assert_int_equal(json_array_size(list), 3);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		const char *key_text = json_str(one, "key"), *sealed_text = json_str(one, "sealed");
		uint8_t key[CHUNK_KEY], id[16];
		size_t len, n;
		uint8_t *plain = plain_of(one, &len);
		uint8_t *sealed = malloc(len + CHUNK_TAG);
		char text[HASH_TEXT];

		assert_int_equal(base64url_decode(key_text, strlen(key_text), key, sizeof(key), &n), OK);
		unhex(id, json_str(one, "id"));
		chunk_seal(sealed, key, id, (uint64_t)json_int_or(one, "index", -1), json_bool_or(one, "last", false),
		    plain, len);
		hash_text(text, sealed, len + CHUNK_TAG);
		if (sealed_text) {
			uint8_t *wanted = malloc(strlen(sealed_text));
			assert_int_equal(
			    base64url_decode(sealed_text, strlen(sealed_text), wanted, strlen(sealed_text), &n), OK);
			assert_int_equal(n, len + CHUNK_TAG);
			assert_memory_equal(sealed, wanted, n);
			free(wanted);
		} else {
			assert_string_equal(text, json_str(one, "sealed_sha256"));
		}
		free(sealed);
		free(plain);
	}
	json_decref(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_receipts),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_chunks),
	};

	return cmocka_run_group_tests_name("vectors", tests, prepare, clean);
}
