/*
 * The exchange with partner institutions: a queue out, a door in, files beside. docs/exchange.md is the protocol.
 *
 * Out: a domain function calls outbox_put in its own transaction. The message is signed when every earlier one of its
 * thread was answered (so that a refused one frees its number), stored, then tried with a capped back-off until a
 * signed answer comes. In: inbox_receive verifies, decides and stores, then answers; the same bytes get the same answer
 * for ever. What a message means is a row in a table of message kinds that agreement and referral register.
 */
#ifndef SULH_COOPERATION_EXCHANGE_H
#define SULH_COOPERATION_EXCHANGE_H

#include "casework/casefile.h"
#include "cooperation/message.h"
#include "office/office.h"

struct partner { /* texts in the arena given */
	int64_t id;
	const char *uid, *name_json, *country, *url, *keys_json, *fingerprint, *state;
	int64_t confirmed_at;
};
enum err partner_load(struct db_tx *, struct arena *, int64_t id, struct partner *ret_partner) MUST_CHECK;
enum err partner_find(struct db_tx *, struct arena *, const char *uid, struct partner *ret_partner) MUST_CHECK;
const char *partner_name(struct arena *, const struct partner *, enum lang);
/* Parsed once and cached by fingerprint; lent for ever. */
enum err partner_keys(const struct partner *, const struct public_keys **ret_keys) MUST_CHECK;

/* A message that is being applied, or that was answered. */
struct exchange_message {
	const char *id, *thread, *agreement, *clause;
	enum message_type type;
	enum side side; /* of its writer */
	int64_t seq, partner_id, position;
	const json_t *body;
	const char *jws; /* the signed original (agreement signatures verify against it) */
	int64_t signed_at;
	int64_t
	    applied_at; /* ms: when its receiver applied it, as the receipt tells both sides; 0 when it was refused */
	int64_t acked;  /* how many of our messages in the thread its sender had applied when it signed */
	int64_t ours_pending; /* how many of ours in the thread were signed and not yet answered (0 or 1) */
};

struct message_handler {
	enum message_type type;
	/* In the inbox transaction: decide and apply. What it refuses becomes the refusal `*ret_refusal`, which is
	 * REFUSAL_MOVE unless it says otherwise; everything it wrote is rolled back then. */
	enum err (*apply)(
	    const struct casefile_act *, const struct exchange_message *, enum refusal *ret_refusal, struct fault *);
	/* In the outbox transaction when the partner's signed answer came. `refusal` NULL: receipted. */
	enum err (*answered)(const struct casefile_act *, const struct exchange_message *, const json_t *refusal);
};
extern const struct message_handler agreement_handlers[], referral_handlers[];
extern const size_t agreement_handler_count, referral_handler_count;

struct outgoing {
	int64_t partner_id;
	const char *thread, *agreement, *clause;
	enum message_type type; /* one that opens makes the thread */
	json_t *body;           /* stolen */
	const char *id; /* made before because files are announced under it (transfer_announce); NULL: a fresh one */
};
/* Queues a message; ret_id gets its id (UUIDv7) and may be NULL. Wakes the outbox after the commit. ERR_THROTTLED: as
 * many of the thread wait already as may (the caller has the words for it). */
enum err outbox_put(const struct casefile_act *, const struct outgoing *, char ret_id[UUID_TEXT]) MUST_CHECK;
/* [{id, type, partner, thread, attempts, next_try, error, since}]: what is not delivered, with the reason. */
enum err outbox_waiting(struct db_tx *, struct office *, enum lang, json_t **ret_list) MUST_CHECK;
enum err outbox_run(struct office *, int64_t now); /* the job */

/* The door: any bytes in, status and signed answer out. `ret_answer` NULL with ERR_STORE or ERR_MEMORY: not an answer,
 * the partner tries again. */
enum err inbox_receive(
    struct office *, const void *body, size_t len, int64_t now, int *ret_status, char **ret_answer) MUST_CHECK;

/* Files: announce in a body, push after the receipt, receive by chunk. */
enum err transfer_announce(const struct casefile_act *, int64_t referral_id, int64_t partner_id, const char *message_id,
    const struct document_new *, json_t **ret_announcement) MUST_CHECK;
enum err transfer_expect(const struct casefile_act *, int64_t referral_id, int64_t partner_id, const char *message_id,
    const json_t *announcement, struct fault *) MUST_CHECK;
enum err transfer_run(struct office *, int64_t now); /* the job */

/* Every thread: signatures of both sides, numbers, hashes, receipts. For `sulh verify`. */
enum err exchange_verify(struct office *, struct progress *, struct fault *) MUST_CHECK;

extern const struct route_table exchange_routes;                                   /* /exchange/v1/… */
extern const struct route_table partner_routes, agreement_routes, referral_routes; /* desk and API */
extern const struct job_table cooperation_jobs;
extern const struct db_migration *const cooperation_migrations[];
extern const size_t cooperation_migration_count;
extern const struct casework_plugin cooperation_plugin;

#endif
