/* The door, with messages that a partner of our making writes: what is believed, stored, and answered again. */
#include "base/id.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/transfer.h"
#include "crypto/envelope.h"
#include "two_offices.h"

#include <unistd.h>

const struct message_handler referral_handlers[] = { { MESSAGE_NOTE, NULL, NULL } };
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	return OK;
}

static struct two_offices two;

/* Office 0 writes to office 1 with its own keys, without its outbox. */
struct written {
	struct message_header header;
	char *jws, *body;
};

static struct written write_one(enum message_type type, int64_t at)
{
	struct written l = { .header = { .type = type, .seq = 1, .at = at / 1000 } };
	uuid7(l.header.id, at);
	uuid7(l.header.thread, at);
	copy_text(l.header.issuer, sizeof(l.header.issuer), two.at[0].office->uid);
	copy_text(l.header.audience, sizeof(l.header.audience), two.at[1].office->uid);
	return l;
}

static void written_sign(struct written *l, const char *body)
{
	json_t *members = message_header_json(&l->header);
	free(l->jws);
	l->body = strdup(body);
	assert_int_equal(jws_sign(two.at[0].office->keys, TYP_MESSAGE, members, body, strlen(body), &l->jws), OK);
	json_decref(members);
}

static void written_done(struct written *l)
{
	free(l->jws);
	free(l->body);
}

/* What office 1 answers: its status and the signed payload, yours. */
static int deliver(const struct written *l, char **ret_answer, json_t **ret_payload)
{
	char *wire CLEANUP(free_ptr) = NULL, *text CLEANUP(free_ptr) = NULL;
	json_t *header = NULL;
	size_t len;
	int status = 0;
	const struct public_keys *keys = keys_public(two.at[1].office->keys);
	assert_int_equal(jwe_seal(keys, l->jws, &wire), OK);
	assert_int_equal(inbox_receive(two.at[1].office, wire, strlen(wire), now_ms(), &status, ret_answer), OK);
	if (jws_verify(keys, TYP_REFUSAL, *ret_answer, &header, &text, &len, NULL))
		assert_int_equal(jws_verify(keys, TYP_RECEIPT, *ret_answer, &header, &text, &len, NULL), OK);
	json_decref(header);
	assert_int_equal(json_parse(text, len, JSON_TEXT_LIMIT, ret_payload, NULL), OK);
	return status;
}

/* Delivers once and holds code and status against what is wanted ("" for a receipt). */
static char *delivered(const struct written *l, const char *code, int want)
{
	json_t *payload CLEANUP(json_decrefp) = NULL;
	char *answer = NULL;
	int status = deliver(l, &answer, &payload);
	assert_string_equal(json_str_or(payload, "code", ""), code);
	assert_int_equal(status, want);
	return answer;
}

#define NOTE_BODY "{\"language\":\"en\",\"text\":\"We wrote.\"}"

/* Signed days before the receiver's people compared the fingerprints: set aside until then, taken afterwards. */
static void a_message_older_than_the_pairing_is_not_stuck(void **state)
{
	struct written l = write_one(MESSAGE_NOTE, now_ms() - 3 * DAY_MS);
	written_sign(&l, NOTE_BODY);
	two_see(&two, 1);
	free(delivered(&l, "sender", 401));
	two_confirm(&two, 1);
	free(delivered(&l, "agreement", 403));
	written_done(&l);
}

static int setup(void **state)
{
	two_open(&two);
	return 0;
}

static int teardown(void **state)
{
	two_close(&two);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_older_than_the_pairing_is_not_stuck),
	};
	return cmocka_run_group_tests_name("inbox", tests, setup, teardown);
}
