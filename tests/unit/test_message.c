/* Header, checks and body tables of a message: each rule accepted once and refused once, with the field named. */
#include "cooperation/message.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define US "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define THEM "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID "0193a1b2-0000-7000-8000-000000000001"
#define NOW INT64_C(1795426200)

static struct message_header header(void)
{
	struct message_header h = { .type = MESSAGE_REFERRAL_ACCEPT, .seq = 1, .at = NOW, .clause = "assistance" };

	copy_text(h.id, sizeof(h.id), ID);
	copy_text(h.thread, sizeof(h.thread), "0193a1b2-0000-7000-8000-000000000002");
	copy_text(h.agreement, sizeof(h.agreement), "0193a1b2-0000-7000-8000-000000000003");
	copy_text(h.issuer, sizeof(h.issuer), THEM);
	copy_text(h.audience, sizeof(h.audience), US);
	copy_text(h.kid, sizeof(h.kid), THEM);
	copy_text(h.ack, sizeof(h.ack), US);
	return h;
}

static json_t *as_signed(const struct message_header *h)
{
	json_t *json = message_header_json(h);

	json_put_str(json, "alg", "EdDSA");
	json_put_str(json, "typ", TYP_MESSAGE);
	json_put_str(json, "kid", h->kid);
	return json;
}

static void header_comes_back(void **state)
{
	struct message_header h = header(), got;
	json_t *json = as_signed(&h);

	memset(&got, 0, sizeof(got));
	assert_int_equal(message_header_parse(json, &got, NULL), OK);
	assert_int_equal(got.type, h.type);
	assert_string_equal(got.id, h.id);
	assert_string_equal(got.ack, h.ack);
	assert_string_equal(got.prev, "");
	assert_string_equal(got.kid, h.kid);
	assert_int_equal(got.at, h.at);
	json_decref(json);
}

static void header_refused(void **state)
{
	static const struct {
		const char *member, *value;
	} rows[] = { { "alg", "\"RS512\"" }, { "typ", "\"sulh-receipt+jws\"" }, { "kid", "\"x\"" }, { "iss", "\"\"" },
		{ "jti", "\"0193A1B2-0000-7000-8000-000000000001\"" },
		{ "jti", "\"0193a1b2-0000-4000-8000-000000000001\"" }, { "thr", "7" }, { "seq", "0" },
		{ "seq", "\"1\"" }, { "seq", "1.5" }, { "prv", "\"abc\"" }, { "ack", "null" },
		{ "mty", "\"referral.steal\"" }, { "agr", "\"-\"" }, { "cls", "\"A B\"" }, { "iat", "-1" },
		{ "exp", "1" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct message_header h = header(), got;
		json_t *json = as_signed(&h);
		struct fault fault = { 0 };
		char field[32];

		snprintf(field, sizeof(field), "/%s", rows[i].member);
		json_put(json, rows[i].member, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(message_header_parse(json, &got, &fault), ERR_INVALID);
		assert_string_equal(fault.field, field);
		json_decref(json);
	}
}

static void sender(void **state)
{
	static const struct {
		struct message_partner partner;
		const char *field;
	} rows[] = {
		{ { true, true, THEM, NOW, INT64_MAX }, "" },
		{ { false, false, NULL, 0, 0 }, "iss" },
		{ { true, false, THEM, 0, INT64_MAX }, "iss" },
		{ { true, true, US, 0, INT64_MAX }, "kid" },
		{ { true, true, NULL, 0, INT64_MAX }, "kid" },
		{ { true, true, THEM, NOW + 1, INT64_MAX }, "kid" },
		{ { true, true, THEM, 0, NOW }, "kid" },
	};
	struct message_header h = header();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };

		assert_int_equal(
		    message_check_sender(&h, &rows[i].partner, &fault), *rows[i].field ? ERR_UNTRUSTED : OK);
		assert_string_equal(fault.field, rows[i].field);
	}
}

static void audience_age_size(void **state)
{
	static const struct {
		int64_t later; /* seconds from signing to now */
		enum err want;
	} ages[] = { { 0, OK }, { -300, OK }, { -301, ERR_UNTRUSTED }, { 60 * 86400, OK },
		{ 60 * 86400 + 1, ERR_UNTRUSTED }, { 30 * 86400, OK } };
	struct message_header h = header();

	assert_int_equal(message_check_audience(&h, US, NULL), OK);
	assert_int_equal(message_check_audience(&h, THEM, NULL), ERR_UNTRUSTED);
	for (size_t i = 0; i < ARRAY_LEN(ages); i++)
		assert_int_equal(message_check_age(&h, (NOW + ages[i].later) * 1000, NULL), ages[i].want);
	assert_int_equal(message_check_size(MESSAGE_WIRE_LIMIT, NULL), OK);
	assert_int_equal(message_check_size(MESSAGE_WIRE_LIMIT + 1, NULL), ERR_TOO_LARGE);
}

static void duplicates(void **state)
{
	bool again = true;

	assert_int_equal(message_check_duplicate(NULL, "a", &again, NULL), OK);
	assert_false(again);
	assert_int_equal(message_check_duplicate("a", "a", &again, NULL), OK);
	assert_true(again);
	assert_int_equal(message_check_duplicate("b", "a", &again, NULL), ERR_CONFLICT);
}

static void types_and_threads(void **state)
{
	struct message_header h = header();

	assert_int_equal(message_check_type(&h, THREAD_REFERRAL, SIDE_LEAD, false, NULL), OK);
	assert_int_equal(message_check_type(&h, THREAD_REFERRAL, SIDE_HOME, false, NULL), ERR_INVALID);
	assert_int_equal(message_check_type(&h, THREAD_AGREEMENT, SIDE_LEAD, false, NULL), ERR_INVALID);
	assert_int_equal(message_check_type(&h, THREAD_REFERRAL, SIDE_LEAD, true, NULL), ERR_INVALID);
	h.type = MESSAGE_REFERRAL_OFFER;
	assert_int_equal(message_check_type(&h, THREAD_REFERRAL, SIDE_HOME, true, NULL), OK);
	assert_int_equal(message_check_type(&h, THREAD_REFERRAL, SIDE_HOME, false, NULL), ERR_INVALID);
	assert_int_equal(message_check_clause(&h, THREAD_REFERRAL, NULL), OK);
	assert_int_equal(message_check_clause(&h, THREAD_AGREEMENT, NULL), ERR_DENIED);
	h.clause[0] = '\0';
	assert_int_equal(message_check_clause(&h, THREAD_REFERRAL, NULL), ERR_DENIED);
	h.agreement[0] = '\0';
	assert_int_equal(message_check_clause(&h, THREAD_AGREEMENT, NULL), OK);
}

#define FILE_JSON(size, chunks, name)                                                                                  \
	"{\"id\":\"00112233445566778899aabbccddeeff\",\"name\":\"" name                                                \
	"\",\"type\":\"application/pdf\",\"size\":" size ",\"sha256\":\"" US "\",\"key\":\"" US                        \
	"\",\"chunk\":262144,\"chunks\":" chunks "}"
#define CONSENT_JSON                                                                                                   \
	"\"consent\":{\"purpose\":\"referral\",\"receiver\":\"" US "\",\"agreement\":\"" ID                            \
	"\",\"fields\":[\"name\"],"                                                                                    \
	"\"text_version\":\"1\",\"language\":\"ur\",\"given_at\":\"2026-11-23T09:30:00.000Z\",\"digest\":\"" US "\"}"
#define OFFER(fields)                                                                                                  \
	"{\"number\":\"WMS-1\",\"subject\":\"labour\",\"authority\":\"X\",\"language\":\"en\",\"fields\":" fields      \
	"," CONSENT_JSON "}"

static void bodies(void **state)
{
	static const struct {
		enum message_type type;
		const char *json, *field; /* "" accepted */
	} rows[] = {
		{ MESSAGE_NOTE, "{\"text\":\"سلام\\nدنیا\",\"language\":\"ur\"}", "" },
		{ MESSAGE_NOTE, "{\"text\":\"\",\"language\":\"ur\"}", "/text" },
		{ MESSAGE_NOTE, "{\"text\":\"a\\u0007\",\"language\":\"ur\"}", "/text" },
		{ MESSAGE_NOTE, "{\"text\":\"a\\u0085\",\"language\":\"ur\"}", "/text" },
		{ MESSAGE_NOTE, "{\"text\":\"a\"}", "/language" },
		{ MESSAGE_NOTE, "{\"text\":\"a\",\"language\":\"ur\",\"cc\":\"x\"}", "/cc" },
		{ MESSAGE_NOTE, "[]", "" /* set below */ },
		{ MESSAGE_REFERRAL_OFFER, OFFER("{\"name\":\"Gul Khan\"}"), "" },
		{ MESSAGE_REFERRAL_OFFER, OFFER("{\"shoe\":\"42\"}"), "/fields/shoe" },
		{ MESSAGE_REFERRAL_OFFER, OFFER("{\"name\":1}"), "/fields/name" },
		{ MESSAGE_REFERRAL_OFFER, OFFER("{}"), "/fields" },
		{ MESSAGE_REFERRAL_ACCEPT, "{\"number\":\"A\\nB\"}", "/number" },
		{ MESSAGE_REFERRAL_REFUSE, "{\"reason\":\"because\",\"text\":\"x\",\"language\":\"en\"}", "/reason" },
		{ MESSAGE_REFERRAL_ANSWER, "{\"text\":\"x\",\"language\":\"en\"}", "" },
		{ MESSAGE_REFERRAL_ANSWER, "{\"text\":\"x\",\"language\":\"en\",\"fields\":{\"name\":\"x\"}}",
		    "/consent" },
		{ MESSAGE_REFERRAL_OUTCOME,
		    "{\"language\":\"en\",\"issues\":[{\"key\":\"passport\",\"text\":\"x\",\"result\":\"resolved\"},"
		    "{\"key\":\"wages\",\"text\":\"x\",\"result\":\"perhaps\"}]}",
		    "/issues/1/result" },
		{ MESSAGE_REFERRAL_OUTCOME, "{\"language\":\"en\",\"issues\":[]}", "/issues" },
		{ MESSAGE_REFERRAL_OUTCOME,
		    "{\"language\":\"en\",\"issues\":[{\"key\":\"a\",\"text\":\"x\",\"result\":\"partly\"}],\"files\":"
		    "[" FILE_JSON("262145", "2", "a.pdf") "]}",
		    "" },
		{ MESSAGE_REFERRAL_OUTCOME,
		    "{\"language\":\"en\",\"issues\":[{\"key\":\"a\",\"text\":\"x\",\"result\":\"partly\"}],\"files\":"
		    "[" FILE_JSON("262145", "1", "a.pdf") "]}",
		    "/files/0" },
		{ MESSAGE_REFERRAL_OUTCOME,
		    "{\"language\":\"en\",\"issues\":[{\"key\":\"a\",\"text\":\"x\",\"result\":\"partly\"}],\"files\":"
		    "[" FILE_JSON("1", "1", "../a") "]}",
		    "/files/0" },
		{ MESSAGE_REFERRAL_OUTCOME,
		    "{\"language\":\"en\",\"issues\":[{\"key\":\"a\",\"text\":\"x\",\"result\":\"partly\"}],\"files\":"
		    "[" FILE_JSON("104857601", "401", "a") "]}",
		    "/files/0/" },
		{ MESSAGE_REFERRAL_WITHDRAW, "{\"ground\":\"person_withdrew\"}", "" },
		{ MESSAGE_REFERRAL_CLOSE_CONFIRM, "{}", "" },
		{ MESSAGE_AGREEMENT_SIGN, "{\"agreement\":\"a.b\"}", "/agreement" },
		{ MESSAGE_AGREEMENT_TERMINATE, "{\"reason\":\"x\",\"language\":\"en\",\"effective\":\"2026-13-01\"}",
		    "/effective" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *body = NULL;
		struct fault fault = { 0 };
		bool list = rows[i].json[0] == '[';
		enum err e = message_check_body(rows[i].type, rows[i].json, strlen(rows[i].json), &body, &fault);

		assert_int_equal(e, *rows[i].field || list ? ERR_INVALID : OK);
		assert_int_equal(strncmp(fault.field, rows[i].field, strlen(rows[i].field)), 0);
		assert_int_equal(body != NULL, e == OK);
		json_decref(body);
	}
}

static void tables_are_whole(void **state)
{
	for (int type = 0; type < MESSAGE_TYPE_MAX; type++) {
		enum message_type got;

		assert_true(message_type_parse(message_rule(type)->name, &got));
		assert_int_equal(got, type);
		assert_non_null(message_rule(type)->body);
	}
	for (int code = 0; code < REFUSAL_MAX; code++) {
		enum refusal got;

		assert_true(refusal_parse(refusal_info(code)->code, &got));
		assert_int_equal(got, code);
		assert_int_equal(refusal_info(code)->final, code > REFUSAL_SIGNATURE);
		assert_in_range(refusal_info(code)->http_status, 400, 422);
	}
}

static void back_off_is_capped(void **state)
{
	assert_int_equal(retry_delay_ms(1), 1000);
	assert_int_equal(retry_delay_ms(2), 2000);
	assert_int_equal(retry_delay_ms(10), 512000);
	assert_int_equal(retry_delay_ms(11), 900000);
	assert_int_equal(retry_delay_ms(1000000), 900000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_comes_back),
		cmocka_unit_test(header_refused),
		cmocka_unit_test(sender),
		cmocka_unit_test(audience_age_size),
		cmocka_unit_test(duplicates),
		cmocka_unit_test(types_and_threads),
		cmocka_unit_test(bodies),
		cmocka_unit_test(tables_are_whole),
		cmocka_unit_test(back_off_is_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
