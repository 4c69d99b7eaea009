/* What the files of the exchange share among themselves: threads as stored, answers, handlers. */
#ifndef SULH_COOPERATION_EXCHANGE_INNER_H
#define SULH_COOPERATION_EXCHANGE_INNER_H

#include "cooperation/exchange.h"

struct thread_row {
	char uid[UUID_TEXT];
	int64_t partner_id;
	enum thread_kind kind;
	bool opener; /* we sent its first message */
	char agreement[UUID_TEXT];
	struct thread chains;
	int64_t acked;
	bool exists;
};

static inline enum side thread_our_side(const struct thread_row *t)
{
	return t->opener ? SIDE_OPENER : SIDE_OTHER;
}

/* A thread that is not there leaves `exists` false and is no error. */
enum err thread_load(struct db_tx *, const char *uid, struct thread_row *ret_thread) MUST_CHECK;
enum err thread_create(struct db_tx *, struct thread_row *) MUST_CHECK;

/* The handler of a type, NULL when none is needed. */
const struct message_handler *handler_of(enum message_type);

/* --- answers (exchange_answer.c) --- */
struct answer_facts {
	const char *msg;      /* jti; NULL when unreadable */
	const char *sha256;   /* of the JWS; in a refusal that is not final, of the HTTP body */
	const char *audience; /* office id, "" unknown */
	int64_t now;
};
enum err answer_receipt(
    struct office *, const struct answer_facts *, const struct thread_row *, int64_t seq, char **ret_jws) MUST_CHECK;
enum err answer_refusal(struct office *, const struct answer_facts *, enum refusal, const struct fault *,
    json_t *expect_stolen, char **ret_jws) MUST_CHECK;

/* What came back for a message of ours: checked, parsed, or not an answer (ERR_UNTRUSTED). */
struct answer {
	bool receipt;
	enum refusal refusal;
	bool final;
	json_t *payload; /* yours */
};
struct sent { /* what we sent, to hold the answer against */
	const char *own_id, *partner_uid, *id, *jws_hash, *body_hash;
	int64_t seq;
	const struct thread_row *thread; /* as it was before this message */
	const char *const *theirs;       /* hashes of the partner's messages that we have applied in it */
	size_t theirs_count;
};
enum err answer_read(const struct public_keys *, const struct sent *, const char *jws, struct answer *ret_answer,
    struct fault *) MUST_CHECK;

/* Transfers of a message that was receipted may move (transfer.c). */
enum err transfer_release(const struct casefile_act *, const char *message_id) MUST_CHECK;

/* Is this agreement known between us and in force now? (agreement_db.c) */
enum err agreement_gate(struct db_tx *, const char *uid, int64_t partner_id, int64_t now, struct fault *) MUST_CHECK;

/* The actor that stands for a partner in cases and journal. */
struct actor partner_actor(struct arena *, const struct partner *, enum lang);

#endif
