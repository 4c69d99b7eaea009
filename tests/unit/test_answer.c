/* A receipt or refusal counts only when it belongs to what we sent. */
#include "cooperation/answer.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ID "0193a1b2-0000-7000-8000-000000000001"
#define THREAD "0193a1b2-0000-7000-8000-000000000002"
#define NOW INT64_C(1795426200123)

static char ours[HASH_TEXT], first[HASH_TEXT], second[HASH_TEXT];

static struct message_header sent(void)
{
	struct message_header h = { .seq = 4 };

	copy_text(h.id, sizeof(h.id), ID);
	copy_text(h.thread, sizeof(h.thread), THREAD);
	return h;
}

static int prepare(void **state)
{
	hash_text(ours, "ours", 4);
	hash_text(first, "first", 5);
	hash_text(second, "second", 6);
	return 0;
}

static enum err check(const struct receipt *told, const char *theirs, struct fault *fault)
{
	struct message_header h = sent();
	struct thread own = { 0 };
	const char *const held[] = { first, second };
	struct receipt_record record = { &h, ours, &own, SIDE_OTHER, held, *theirs ? 2 : 0 };
	json_t *json = receipt_json(told);
	char *text = json_compact_text(json);
	int64_t at = 0;
	enum err e;

	own.chain[SIDE_OTHER].seq = 4;
	copy_text(own.chain[SIDE_OTHER].head, HASH_TEXT, ours);
	copy_text(own.chain[SIDE_OPENER].head, HASH_TEXT, theirs);
	e = receipt_check(text, strlen(text), &record, &at, fault);
	if (!e)
		assert_int_equal(at, NOW);
	json_decref(json);
	free(text);
	return e;
}

static struct receipt good(void)
{
	struct receipt r = { .seq = 4, .at = NOW };

	copy_text(r.message, sizeof(r.message), ID);
	copy_text(r.thread, sizeof(r.thread), THREAD);
	copy_text(r.hash, sizeof(r.hash), ours);
	copy_text(r.after.chain[SIDE_OTHER].head, HASH_TEXT, ours);
	return r;
}

static void receipts(void **state)
{
	struct receipt r = good();
	struct fault fault = { 0 };

	assert_int_equal(check(&r, "", NULL), OK);
	copy_text(r.after.chain[SIDE_OPENER].head, HASH_TEXT, first);
	assert_int_equal(check(&r, second, NULL), OK); /* fetched late: tells an older head of theirs */
	assert_int_equal(check(&r, "", &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "/head");
	r = good();
	copy_text(r.after.chain[SIDE_OTHER].head, HASH_TEXT, first);
	assert_int_equal(check(&r, second, &fault), ERR_UNTRUSTED);
	r = good();
	r.seq = 5;
	assert_int_equal(check(&r, "", &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "/seq");
	r = good();
	copy_text(r.hash, HASH_TEXT, first);
	assert_int_equal(check(&r, "", &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "/sha256");
	r = good();
	copy_text(r.message, sizeof(r.message), THREAD);
	assert_int_equal(check(&r, "", &fault), ERR_UNTRUSTED);
	r = good();
	copy_text(r.thread, sizeof(r.thread), ID);
	assert_int_equal(check(&r, "", &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "/thread");
}

static void refusals(void **state)
{
	static const struct {
		enum refusal refusal;
		const char *message, *told;
		enum err want;
	} rows[] = {
		{ REFUSAL_CROSSED, ID, ours, OK },
		{ REFUSAL_CROSSED, ID, first, ERR_UNTRUSTED },
		{ REFUSAL_CROSSED, NULL, ours, ERR_UNTRUSTED },
		{ REFUSAL_MOVE, THREAD, ours, ERR_UNTRUSTED },
		{ REFUSAL_ENVELOPE, NULL, first, OK },
		{ REFUSAL_ENVELOPE, NULL, second, ERR_UNTRUSTED },
		{ REFUSAL_ENVELOPE, NULL, ours, ERR_UNTRUSTED },
		{ REFUSAL_SIGNATURE, ID, first, OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault why = { 0 };
		struct refusal_read read = { 0 };
		json_t *json;
		char *text;

		fault_set(&why, ERR_INVALID, "/x", "Too late by {days} days.", "days", "3", NULL);
		json = refusal_json(rows[i].refusal, rows[i].message, rows[i].told, &why, NULL, NOW);
		text = json_compact_text(json);
		assert_int_equal(refusal_check(text, strlen(text), ID, ours, first, &read, NULL), rows[i].want);
		if (rows[i].want == OK) {
			assert_int_equal(read.refusal, rows[i].refusal);
			assert_string_equal(read.text, "Too late by 3 days.");
			assert_string_equal(read.field, "/x");
		}
		json_decref(json);
		free(text);
	}
}

static void headers(void **state)
{
	json_t *h = answer_header("issuer", "us", NOW), *unknown = answer_header("issuer", "", NOW);

	json_put_str(h, "typ", TYP_RECEIPT);
	assert_int_equal(answer_check_header(h, TYP_RECEIPT, "issuer", "us", NULL), OK);
	assert_int_equal(answer_check_header(h, TYP_REFUSAL, "issuer", "us", NULL), ERR_UNTRUSTED);
	assert_int_equal(answer_check_header(h, TYP_RECEIPT, "other", "us", NULL), ERR_UNTRUSTED);
	assert_int_equal(answer_check_header(h, TYP_RECEIPT, "issuer", "them", NULL), ERR_UNTRUSTED);
	json_put_str(unknown, "typ", TYP_REFUSAL);
	assert_int_equal(answer_check_header(unknown, TYP_REFUSAL, "issuer", "us", NULL), OK);
	json_put_str(unknown, "typ", TYP_RECEIPT);
	assert_int_equal(answer_check_header(unknown, TYP_RECEIPT, "issuer", "us", NULL), ERR_UNTRUSTED);
	json_decref(h);
	json_decref(unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(receipts),
		cmocka_unit_test(refusals),
		cmocka_unit_test(headers),
	};

	return cmocka_run_group_tests(tests, prepare, NULL);
}
