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

/* Byte for byte, with the status of its code. */
static void refused_for_ever(struct written *w, const char *code, int status)
{
	written_sign(w, NOTE_BODY);
	char *first CLEANUP(free_ptr) = delivered(w, code, status);
	sleep(1); /* a refusal made anew would tell another second */
	char *again CLEANUP(free_ptr) = delivered(w, code, status);
	assert_string_equal(first, again);
}

static void final_refusals_are_the_same_for_ever(void **state)
{
	struct written old = write_one(MESSAGE_NOTE, now_ms() - 61 * DAY_MS), other = write_one(MESSAGE_NOTE, now_ms());
	copy_text(other.header.audience, sizeof(other.header.audience), two.at[0].office->uid);
	refused_for_ever(&old, "age", 422);
	refused_for_ever(&other, "audience", 422);
	/* With other bytes it is a duplicate when it is for us, and for somebody else when it is not. */
	struct written changed = other, ours = other;
	changed.jws = ours.jws = NULL;
	changed.header.seq = 2;
	written_sign(&changed, NOTE_BODY);
	free(delivered(&changed, "audience", 422));
	copy_text(ours.header.audience, sizeof(ours.header.audience), two.at[1].office->uid);
	written_sign(&ours, NOTE_BODY);
	free(delivered(&ours, "duplicate", 409));
	free(delivered(&other, "audience", 422));
	struct progress progress;
	struct fault fault = { 0 };
	assert_int_equal(exchange_verify(two.at[1].office, &progress, &fault), OK);
	written_done(&old);
	written_done(&other);
	written_done(&changed);
	written_done(&ours);
}

#define UID "0193561a-0000-7000-8000-000000000001"

/* A clause in an agreement's thread, or an agreement: neither is looked at there, so neither may stand there. */
static void an_agreements_thread_names_no_clause(void **state)
{
	struct written w = write_one(MESSAGE_AGREEMENT_PROPOSE, now_ms());
	copy_text(w.header.clause, sizeof(w.header.clause), "assistance");
	written_sign(&w, "{\"agreement\":\"x\"}");
	free(delivered(&w, "clause", 403));
	written_done(&w);
	w = write_one(MESSAGE_AGREEMENT_PROPOSE, now_ms());
	copy_text(w.header.agreement, sizeof(w.header.agreement), UID);
	written_sign(&w, "{\"agreement\":\"x\"}");
	free(delivered(&w, "clause", 403));
	written_done(&w);
	w = write_one(MESSAGE_REFERRAL_WITHDRAW, now_ms());
	copy_text(w.header.agreement, sizeof(w.header.agreement), UID);
	written_sign(&w, "{\"ground\":\"other\"}");
	free(delivered(&w, "clause", 403));
	written_done(&w);
}

static enum err block_in(struct db_tx *tx, void *arg)
{
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[1].office, tx, &two_head, now_ms(), arena };
	enum err e = partner_block(&act, two.at[1].partner, NULL);
	arena_free(arena);
	return e;
}

/* Thousands of refused bodies are a line a second, and the next line tells how many. */
static void a_flood_is_a_line_a_second(void **state)
{
	struct written w = write_one(MESSAGE_NOTE, now_ms());
	char out[8192];
	FILE *f = tmpfile();
	int kept = dup(STDERR_FILENO), lines = 0;
	written_sign(&w, NOTE_BODY);
	assert_int_equal(db_write(two.at[1].office->db, block_in, NULL), OK);
	sleep(1);
	log_set_level(LOG_WARNING);
	dup2(fileno(f), STDERR_FILENO);
	for (int i = 0; i < 20; i++)
		free(delivered(&w, "sender", 401));
	sleep(1);
	free(delivered(&w, "sender", 401));
	dup2(kept, STDERR_FILENO);
	close(kept);
	log_set_level(LOG_ERROR);
	rewind(f);
	out[fread(out, 1, sizeof(out) - 1, f)] = '\0';
	fclose(f);
	for (const char *p = out; *p; p++)
		lines += *p == '\n';
	assert_in_range(lines, 2, 3);
	assert_non_null(strstr(out, "set aside (sender), and "));
	written_done(&w);
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
		cmocka_unit_test(final_refusals_are_the_same_for_ever),
		cmocka_unit_test(an_agreements_thread_names_no_clause),
		cmocka_unit_test(a_flood_is_a_line_a_second),
	};
	return cmocka_run_group_tests_name("inbox", tests, setup, teardown);
}
