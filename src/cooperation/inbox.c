/* The door: every check of docs/exchange.md section 7 in its order, then one durable transaction, then the answer. */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "cooperation/exchange_inner.h"
#include "crypto/envelope.h"
#include "message.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct receiving {
	struct office *office;
	struct arena *arena;
	int64_t now;
	char body_hash[HASH_TEXT];
	/* proven by and by */
	char *jws;
	struct message_header header;
	bool header_read, signed_right;
	char hash[HASH_TEXT];
	struct partner partner;
	bool partner_known;
	char *payload; /* of the verified message */
	size_t payload_len;
	/* the verdict */
	enum refusal refusal;
	struct fault fault;
	json_t *expect; /* what a refusal "sequence" tells */
	char *answer;
	int status;
};

static enum err refuse(struct receiving *r, enum refusal refusal)
{
	r->refusal = refusal;
	return ERR_UNTRUSTED;
}

/* --- 1 to 7: who wrote this? ------------------------------------------------------------------------------------- */

static enum err find_partner(struct db_tx *tx, void *arg)
{
	struct receiving *r = arg;
	enum err e = partner_find(tx, r->arena, r->header.issuer, &r->partner);
	r->partner_known = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err check_sender(struct receiving *r)
{
	const struct public_keys *keys = NULL;
	enum err e = db_read(r->office->db, find_partner, r);
	if (e)
		return e;
	if (r->partner_known && partner_keys(&r->partner, &keys))
		return ERR_STORE;
	const struct message_partner known = { .known = r->partner_known,
		.confirmed = r->partner_known && !strcmp(r->partner.state, "confirmed"),
		.sign_id = keys && !strcmp(public_keys_sign_id(keys), r->header.kid) ? r->header.kid : NULL,
		/* Until a partner's keys are renewed there is no earlier key to take these for: what it signed before
		 * we confirmed it waits at its side and must pass. */
		.key_from = 0,
		.key_until = INT64_MAX };
	if (message_check_sender(&r->header, &known, &r->fault))
		return refuse(r, REFUSAL_SENDER);
	json_t *header = NULL;
	if (jws_verify(keys, TYP_MESSAGE, r->jws, &header, &r->payload, &r->payload_len, &r->fault))
		return refuse(r, refusal_of(REFUSAL_SIGNATURE, &r->fault));
	json_decref(header);
	r->signed_right = true;
	return OK;
}

static enum err open_envelope(struct receiving *r, const void *body, size_t len)
{
	json_t *header = NULL;
	if (message_check_size(len, &r->fault))
		return refuse(r, REFUSAL_SIZE);
	if (jwe_open(r->office->keys, body, len, &r->jws, &r->fault))
		return refuse(r, refusal_of(REFUSAL_KEY, &r->fault));
	if (jws_peek(r->jws, TYP_MESSAGE, &header, &r->fault))
		return refuse(r, refusal_of(REFUSAL_FORM, &r->fault));
	enum err e = message_header_parse(header, &r->header, &r->fault);
	json_decref(header);
	if (e)
		return refuse(r, REFUSAL_FORM);
	r->header_read = true;
	hash_text(r->hash, r->jws, strlen(r->jws));
	return check_sender(r);
}

/* --- 8 to 16, in the transaction that stores -----------------------------------------------------------------------
 */

struct known_message {
	const char *hash, *answer; /* hash NULL: none */
	int status;
};

/* A refusal's row keeps its code where an outgoing message keeps why its last try failed. */
static int status_of(const char *state, const char *code)
{
	enum refusal refusal;
	if (!strcmp(state, "receipted"))
		return 200;
	return refusal_parse(code, &refusal) ? refusal_info(refusal)->http_status : 409;
}

static enum err find_known(struct db_tx *tx, struct receiving *r, struct known_message *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_message_known, DB_ARGS(db_int(r->partner.id), db_text(r->header.id)), &rows);
	*ret = (struct known_message) { 0 };
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	ret->hash = arena_strdup(r->arena, db_col_text(rows, 0));
	ret->answer = arena_strdup(r->arena, db_col_text(rows, 2));
	ret->status = status_of(db_col_text(rows, 1), db_col_text(rows, 3));
	return OK;
}

static enum err check_agreement(struct db_tx *tx, struct receiving *r, const struct thread_row *t)
{
	const struct message_rule *rule = message_rule(r->header.type);
	bool referral = t->exists ? t->kind == THREAD_REFERRAL : (rule->threads & (1 << THREAD_REFERRAL)) != 0;
	if (t->exists && strcmp(t->agreement, r->header.agreement)) {
		fault_set(&r->fault, ERR_INVALID, "agr", N_("This thread belongs to another agreement."), NULL);
		return refuse(r, REFUSAL_AGREEMENT);
	}
	if (referral && rule->needs_agreement) {
		enum err e = agreement_gate(tx, r->header.agreement, r->partner.id, r->now, &r->fault);
		if (e)
			return e == ERR_STORE || e == ERR_MEMORY ? e : refuse(r, REFUSAL_AGREEMENT);
	}
	return message_check_clause(&r->header, referral ? THREAD_REFERRAL : THREAD_AGREEMENT, &r->fault)
		   ? refuse(r, REFUSAL_CLAUSE)
		   : OK;
}

static enum err check_ack(
    struct db_tx *tx, struct receiving *r, const struct thread_row *t, int64_t *ret_acked, int64_t *ret_pending)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char **sent = NULL;
	size_t n = 0, room = 0;
	*ret_pending = 0;
	enum err e = db_query(tx, &sql_message_sent_hashes, DB_ARGS(db_text(t->uid)), &rows);
	while (!e && db_next(rows)) {
		if (n == room) {
			const char **more = arena_alloc(r->arena, (room = 2 * room + 16) * sizeof(*more));
			if (n)
				memcpy(more, sent, n * sizeof(*more));
			sent = more;
		}
		sent[n++] = arena_strdup(r->arena, db_col_text(rows, 0));
		*ret_pending += !strcmp(db_col_text(rows, 1), "signed");
	}
	if (!e)
		e = db_rows_error(rows);
	if (e)
		return e;
	return thread_ack(sent, n, t->acked, r->header.ack, ret_acked, &r->fault) ? refuse(r, REFUSAL_SEQUENCE) : OK;
}

static enum err check_thread(struct db_tx *tx, struct receiving *r, struct thread_row *t, struct exchange_message *m)
{
	enum side theirs = t->exists ? side_opposite(thread_our_side(t)) : SIDE_OPENER;
	const struct message_rule *rule = message_rule(r->header.type);
	enum thread_kind kind = t->exists                                 ? t->kind
				: rule->threads & (1 << THREAD_AGREEMENT) ? THREAD_AGREEMENT
									  : THREAD_REFERRAL;
	if (t->exists && t->partner_id != r->partner.id) {
		fault_set(&r->fault, ERR_INVALID, "thr", N_("This thread is not yours."), NULL);
		return refuse(r, REFUSAL_SEQUENCE);
	}
	/* A thread whose first message was refused is still to be opened. */
	bool fresh = !t->exists || (theirs == SIDE_OPENER && t->chains.chain[SIDE_OPENER].seq == 0);
	if (message_check_type(&r->header, kind, theirs, fresh, &r->fault))
		return refuse(r, REFUSAL_SEQUENCE);
	if (thread_check(&t->chains, theirs, r->header.seq, r->header.prev, &r->fault)) {
		r->expect = thread_expected(&t->chains, theirs);
		return refuse(r, REFUSAL_SEQUENCE);
	}
	if (!t->exists) {
		t->partner_id = r->partner.id;
		t->kind = kind;
		copy_text(t->agreement, sizeof(t->agreement), r->header.agreement);
	}
	m->side = theirs;
	return check_ack(tx, r, t, &m->acked, &m->ours_pending);
}

static enum err store_message(struct db_tx *tx, struct receiving *r, const struct thread_row *t, const char *state,
    const char *answer, const char *error)
{
	return db_run(tx, &sql_message_receive,
	    DB_ARGS(db_text(r->header.id), db_int(r->partner.id), db_text(t->uid), db_int(r->header.seq),
		db_text(message_rule(r->header.type)->name), db_textn(r->payload, r->payload_len),
		db_text(r->header.agreement), db_text(r->header.clause), db_text(r->jws), db_text(r->hash),
		db_text(state), db_text(answer), db_int(r->now), db_text(error)));
}

static enum err journal_message(struct db_tx *tx, const struct receiving *r, const char *act, const char *code)
{
	char object[64], actor[64];
	json_t *payload = json_object();
	json_put_str(payload, "message", r->header.id);
	json_put_str(payload, "type", message_rule(r->header.type)->name);
	json_put_str(payload, "sha256", r->hash);
	if (code)
		json_put_str(payload, "refusal", code);
	snprintf(object, sizeof(object), "thread:%s", r->header.thread);
	snprintf(actor, sizeof(actor), "partner:%" PRId64, r->partner.id);
	return journal_write(tx, r->now, actor, act, object, payload);
}

/* The effect of the message, then its place in the chain, then its receipt: all or nothing. */
static enum err apply(struct db_tx *tx, struct receiving *r, struct thread_row *t, struct exchange_message *m)
{
	const struct message_handler *does = handler_of(r->header.type);
	const struct actor actor = partner_actor(r->arena, &r->partner, LANG_EN);
	const struct casefile_act act = { r->office, tx, &actor, r->now, r->arena };
	enum refusal refusal = REFUSAL_MOVE;
	enum err e = t->exists ? OK : thread_create(tx, t);
	if (!e && does && does->apply)
		e = does->apply(&act, m, &refusal, &r->fault);
	if (e == ERR_STORE || e == ERR_MEMORY || e == ERR_INTERNAL)
		return e;
	if (e)
		return refuse(r, refusal);
	thread_add(&t->chains, m->side, r->hash);
	const struct answer_facts facts = { r->header.id, r->hash, r->partner.uid, r->now };
	e = db_run(
	    tx, &sql_thread_in, DB_ARGS(db_text(t->uid), db_int(r->header.seq), db_text(r->hash), db_int(m->acked)));
	if (!e)
		e = answer_receipt(r->office, &facts, t, r->header.seq, &r->answer);
	if (!e)
		e = store_message(tx, r, t, "receipted", r->answer, "");
	if (!e) /* whatever waits for this partner: it is there */
		e = db_run(tx, &sql_message_wake_partner, DB_ARGS(db_int(r->partner.id), db_int(r->now)));
	return e ? e : journal_message(tx, r, "exchange.receive", NULL);
}

static enum err decide_new(struct db_tx *tx, struct receiving *r)
{
	struct thread_row thread;
	struct exchange_message m = { .id = r->header.id,
		.thread = r->header.thread,
		.agreement = r->header.agreement,
		.clause = r->header.clause,
		.type = r->header.type,
		.seq = r->header.seq,
		.partner_id = r->partner.id,
		.jws = r->jws,
		.signed_at = r->header.at * 1000,
		.applied_at = r->now };
	json_t *body CLEANUP(json_decrefp) = NULL;
	if (message_check_age(&r->header, r->now, &r->fault))
		return refuse(r, REFUSAL_AGE);
	enum err e = thread_load(tx, r->header.thread, &thread);
	if (!e)
		e = check_agreement(tx, r, &thread);
	if (!e)
		e = check_thread(tx, r, &thread, &m);
	if (e)
		return e;
	if (message_check_body(r->header.type, r->payload, r->payload_len, &body, &r->fault))
		return refuse(r, REFUSAL_SCHEMA);
	m.body = body;
	return apply(tx, r, &thread, &m);
}

static void reset(struct receiving *r)
{
	free(r->answer);
	r->answer = NULL;
	json_decref(r->expect);
	r->expect = NULL;
	r->fault = (struct fault) { 0 };
	r->refusal = REFUSAL_MAX;
}

/* A partner may have been blocked since its signature was looked at; from the block on nothing of it is applied. */
static enum err check_still_confirmed(struct db_tx *tx, struct receiving *r)
{
	struct partner now;
	enum err e = partner_load(tx, r->arena, r->partner.id, &now);
	if (e || !strcmp(now.state, "confirmed"))
		return e;
	fault_set(
	    &r->fault, ERR_UNTRUSTED, "iss", N_("The keys of the sending office have not been confirmed here."), NULL);
	return refuse(r, REFUSAL_SENDER);
}

static enum err answer_again(struct receiving *r, const struct known_message *known)
{
	free(r->answer);
	r->answer = strdup(known->answer);
	r->status = known->status;
	return r->answer ? OK : ERR_MEMORY;
}

static enum err decide(struct db_tx *tx, void *arg)
{
	struct receiving *r = arg;
	struct known_message known;
	bool again = false;
	reset(r); /* the database may run this more than once */
	enum err e = check_still_confirmed(tx, r);
	if (!e)
		e = find_known(tx, r, &known);
	if (e)
		return e;
	/* The same bytes name the same receiver: what was refused for it comes out of the store like the rest. */
	bool ours = message_check_audience(&r->header, r->office->uid, &r->fault) == OK;
	if (!ours && !(known.hash && !strcmp(known.hash, r->hash)))
		return refuse(r, REFUSAL_AUDIENCE);
	if (message_check_duplicate(known.hash, r->hash, &again, &r->fault))
		return refuse(r, REFUSAL_DUPLICATE);
	if (again)
		return answer_again(r, &known);
	r->status = 200;
	return decide_new(tx, r);
}

/* --- refusals ---------------------------------------------------------------------------------------------------- */

/*
 * A final refusal is stored, so that the same bytes get the same answer for ever (traps 5 and 6). A second id with
 * other bytes is not: the first one's row stands. A copy that was decided beside this one may have been first.
 */
static enum err store_refusal(struct db_tx *tx, void *arg)
{
	struct receiving *r = arg;
	struct thread_row thread;
	struct known_message known;
	const char *code = refusal_info(r->refusal)->code;
	enum err e = find_known(tx, r, &known);
	if (e || known.hash)
		return e || strcmp(known.hash, r->hash) ? e : answer_again(r, &known);
	/* The row names the thread that the message speaks of, whether there is such a one or not: a thread that is
	 * opened later must not make the same bytes legal. */
	e = thread_load(tx, r->header.thread, &thread);
	if (!e)
		e = store_message(tx, r, &thread, "refused", r->answer, code);
	return e ? e : journal_message(tx, r, "exchange.refuse", code);
}

/* Whoever can reach us can make us refuse: one line a second, which tells how many there were since the last. */
static void warn_set_aside(const char *code)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static int64_t next_us, untold;
	int64_t now = monotonic_us(), others = -1;
	pthread_mutex_lock(&lock);
	if (now >= next_us) {
		others = untold;
		untold = 0;
		next_us = now + 1000000;
	} else {
		untold++;
	}
	pthread_mutex_unlock(&lock);
	if (others > 0)
		log_line(
		    LOG_WARNING, "exchange: a message was set aside (%s), and %" PRId64 " before it", code, others);
	else if (others == 0)
		log_line(LOG_WARNING, "exchange: a message was set aside (%s)", code);
}

static enum err answer_with_refusal(struct receiving *r)
{
	const struct refusal_info *info = refusal_info(r->refusal);
	bool final = info->final && r->signed_right;
	const struct answer_facts facts = { r->header_read ? r->header.id : NULL, final ? r->hash : r->body_hash,
		r->partner_known ? r->partner.uid : "", r->now };
	enum err e = answer_refusal(r->office, &facts, r->refusal, &r->fault, take(&r->expect), &r->answer);
	if (e)
		return e;
	r->status = info->http_status;
	if (!final) /* the writer is not proven: nothing is stored, so that strangers cannot fill the disk (trap 9) */
		warn_set_aside(info->code);
	return final && r->refusal != REFUSAL_DUPLICATE ? db_write(r->office->db, store_refusal, r) : OK;
}

static void done(struct receiving *r)
{
	free(r->jws);
	free(r->payload);
	free(r->answer);
	json_decref(r->expect);
	arena_free(r->arena);
}

enum err inbox_receive(
    struct office *office, const void *body, size_t len, int64_t now, int *ret_status, char **ret_answer)
{
	struct receiving r = { .office = office, .arena = arena_new(0), .now = now, .refusal = REFUSAL_MAX };
	hash_text(r.body_hash, body, len);
	enum err e = open_envelope(&r, body, len);
	if (!e)
		e = db_write(office->db, decide, &r);
	if (e && r.refusal != REFUSAL_MAX)
		e = answer_with_refusal(&r);
	if (!e) {
		*ret_status = r.status;
		*ret_answer = take(&r.answer);
		job_wake(office, "exchange.outbox");
	}
	done(&r);
	return e;
}
