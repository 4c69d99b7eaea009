/* Sequence, chain and head of a thread as functions of data. */
#include "cooperation/thread.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void hash_text(char out[HASH_TEXT], const void *data, size_t len)
{
	uint8_t digest[SHA256_SIZE];

	sha256(digest, data, len);
	base64url_encode(out, digest, sizeof(digest));
}

enum err thread_check(const struct thread *t, enum side side, int64_t seq, const char *prev, struct fault *fault)
{
	const struct thread_chain *chain = &t->chain[side];
	char want[24], got[24];

	if (seq != chain->seq + 1) {
		snprintf(want, sizeof(want), "%lld", (long long)chain->seq + 1);
		snprintf(got, sizeof(got), "%lld", (long long)seq);
		return fault_set(fault, ERR_CONFLICT, "seq",
		    N_("Message {expected} is expected in this thread, not {seq}."), "expected", want, "seq", got,
		    NULL);
	}
	if (strcmp(prev, chain->head) != 0)
		return fault_set(
		    fault, ERR_CONFLICT, "prv", N_("The message does not follow the previous one that we hold."), NULL);
	return OK;
}

void thread_add(struct thread *t, enum side side, const char *hash)
{
	assert(strlen(hash) == HASH_TEXT - 1);
	t->chain[side].seq++;
	memcpy(t->chain[side].head, hash, HASH_TEXT);
}

void thread_head(const struct thread *t, char out[HASH_TEXT])
{
	uint8_t heads[SIDE_MAX][SHA256_SIZE] = { { 0 } };
	size_t len;

	for (int side = 0; side < SIDE_MAX; side++) {
		const char *head = t->chain[side].head;

		if (*head && base64url_decode(head, strlen(head), heads[side], SHA256_SIZE, &len) != OK)
			memset(heads[side], 0, SHA256_SIZE);
	}
	hash_text(out, heads, sizeof(heads));
}

enum err thread_ack(
    const char *const *sent, size_t count, int64_t before, const char *ack, int64_t *ret_position, struct fault *fault)
{
	int64_t position = 0;

	for (size_t i = 0; *ack && i < count; i++)
		if (strcmp(sent[i], ack) == 0)
			position = (int64_t)i + 1;
	if (*ack && position == 0)
		return fault_set(
		    fault, ERR_CONFLICT, "ack", N_("The message acknowledges one that we did not send."), NULL);
	if (position < before)
		return fault_set(
		    fault, ERR_CONFLICT, "ack", N_("The message acknowledges less than an earlier one did."), NULL);
	*ret_position = position;
	return OK;
}

json_t *thread_expected(const struct thread *t, enum side side)
{
	json_t *expected = json_object();

	json_put_int(expected, "seq", t->chain[side].seq + 1);
	json_put_str(expected, "prv", t->chain[side].head);
	return expected;
}
