/* The queue out: signs what is next in its thread, sends it, believes only a signed answer, tries for ever. */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "cooperation/agreement_db.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/net.h"
#include "cooperation/referral.h"
#include "crypto/envelope.h"
#include "message.sql.h"
#include "office/journal.h"
#include "text/date.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENDERS 8     /* threads that send at once: enough to share commits, few enough for a small machine */
#define BATCH_MAX 512 /* heads of threads looked up at once */
#define SILENT_MAX 64
#define ANSWER_LIMIT (64 * 1024)

static const struct actor outbox_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

/* --- putting in -------------------------------------------------------------------------------------------------- */

static enum err prepare_thread(struct db_tx *tx, const struct outgoing *out, struct thread_row *t)
{
	const struct message_rule *rule = message_rule(out->type);
	enum err e = thread_load(tx, out->thread, t);
	if (e || t->exists)
		return e;
	if (!rule->opens)
		return ERR_INTERNAL;
	t->partner_id = out->partner_id;
	t->opener = true;
	t->kind = rule->threads & (1 << THREAD_AGREEMENT) ? THREAD_AGREEMENT : THREAD_REFERRAL;
	if (t->kind == THREAD_REFERRAL)
		copy_text(t->agreement, sizeof(t->agreement), out->agreement);
	return thread_create(tx, t);
}

static enum err queue_message(const struct casefile_act *act, const struct outgoing *out, const char *id)
{
	struct thread_row t;
	int64_t ahead;
	char *body CLEANUP(free_ptr) = json_canonical_text(out->body);
	struct fault fault = { 0 };
	/* What we would have to be refused for is a mistake of ours: it never leaves. */
	if (!body || message_check_own_body(out->type, out->body, &fault))
		return ERR_INTERNAL;
	enum err e = prepare_thread(act->tx, out, &t);
	if (!e)
		e = db_get_int(act->tx, &sql_message_queued_ahead, DB_ARGS(db_text(out->thread)), &ahead);
	if (!e && ahead >= (out->type == MESSAGE_REFERRAL_WITHDRAW ? REFERRAL_PENDING_MAX : REFERRAL_QUEUE_MAX))
		return ERR_THROTTLED;
	if (!e)
		e = db_run(act->tx, &sql_message_queue,
		    DB_ARGS(db_text(id), db_int(out->partner_id), db_text(out->thread),
			db_text(message_rule(out->type)->name), db_text(body),
			db_text(out->agreement ? out->agreement : ""), db_text(out->clause ? out->clause : ""),
			db_int(act->now)));
	/* What the agreement holds back before it is looked at now, not in a quarter of an hour: see hold_back. */
	if (!e && out->type == MESSAGE_REFERRAL_WITHDRAW)
		e = db_run(act->tx, &sql_message_wake_thread, DB_ARGS(db_text(out->thread), db_int(act->now)));
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "message", id);
	json_put_str(payload, "type", message_rule(out->type)->name);
	char object[64];
	snprintf(object, sizeof(object), "thread:%s", out->thread);
	return journal_write(act->tx, act->now, act->actor->tag, "exchange.queue", object, payload);
}

enum err outbox_put(const struct casefile_act *act, const struct outgoing *out, char ret_id[UUID_TEXT])
{
	char id[UUID_TEXT];
	if (out->id)
		copy_text(id, sizeof(id), out->id);
	else
		uuid7(id, act->now);
	enum err e = queue_message(act, out, id);
	json_decref(out->body);
	if (e)
		return e;
	if (ret_id)
		memcpy(ret_id, id, sizeof(id));
	/* The job sees it as soon as this transaction is on disk; a turn too early finds nothing and comes again soon.
	 */
	job_wake(act->office, "exchange.outbox");
	return OK;
}

/* --- one message on its way -------------------------------------------------------------------------------------- */

struct sending {
	struct office *office;
	struct arena *arena;
	int64_t position, now;
	/* as loaded */
	const char *id, *body, *agreement, *clause, *raw, *hash;
	enum message_type type;
	int64_t seq, created_at, attempts, partner_id;
	bool waiting; /* still 'queued' or 'signed' */
	struct thread_row thread;
	struct partner partner;
	const struct public_keys *keys;
	const char **theirs; /* hashes of their messages that we have applied in this thread */
	size_t theirs_count;
	/* what came back */
	char *answer_jws;
	struct answer answer;
	const char *error;
	int64_t next_try;
};

static void read_thread(const struct db_rows *rows, struct sending *s)
{
	struct thread_row *t = &s->thread;
	t->exists = true;
	t->partner_id = s->partner_id;
	t->kind = strcmp(db_col_text(rows, 13), "agreement") ? THREAD_REFERRAL : THREAD_AGREEMENT;
	t->opener = db_col_int(rows, 14);
	copy_text(t->uid, sizeof(t->uid), db_col_text(rows, 2));
	struct thread_chain *ours = &t->chains.chain[thread_our_side(t)],
			    *theirs = &t->chains.chain[side_opposite(thread_our_side(t))];
	ours->seq = db_col_int(rows, 15);
	copy_text(ours->head, sizeof(ours->head), db_col_text(rows, 16));
	theirs->seq = db_col_int(rows, 17);
	copy_text(theirs->head, sizeof(theirs->head), db_col_text(rows, 18));
	t->acked = db_col_int(rows, 19);
}

static enum err load(struct db_tx *tx, struct sending *s)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_message_out, DB_ARGS(db_int(s->position)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const char *state = db_col_text(rows, 10);
	s->id = arena_strdup(s->arena, db_col_text(rows, 0));
	s->partner_id = db_col_int(rows, 1);
	s->seq = db_col_int(rows, 3);
	s->body = arena_strdup(s->arena, db_col_text(rows, 5));
	s->agreement = arena_strdup(s->arena, db_col_text(rows, 6));
	s->clause = arena_strdup(s->arena, db_col_text(rows, 7));
	s->raw = arena_strdup(s->arena, db_col_text(rows, 8));
	s->hash = arena_strdup(s->arena, db_col_text(rows, 9));
	s->created_at = db_col_int(rows, 11);
	s->attempts = db_col_int(rows, 12);
	s->waiting = !strcmp(state, "queued") || !strcmp(state, "signed");
	if (!message_type_parse(db_col_text(rows, 4), &s->type))
		return ERR_STORE;
	read_thread(rows, s);
	return partner_load(tx, s->arena, s->partner_id, &s->partner);
}

static enum err sign(struct sending *s)
{
	const struct thread_chain *ours = &s->thread.chains.chain[thread_our_side(&s->thread)],
				  *theirs = &s->thread.chains.chain[side_opposite(thread_our_side(&s->thread))];
	struct message_header header = { .type = s->type, .seq = ours->seq + 1, .at = s->now / 1000 };
	char *raw CLEANUP(free_ptr) = NULL, hash[HASH_TEXT];
	copy_text(header.id, sizeof(header.id), s->id);
	copy_text(header.thread, sizeof(header.thread), s->thread.uid);
	copy_text(header.prev, sizeof(header.prev), ours->head);
	copy_text(header.ack, sizeof(header.ack), theirs->head);
	copy_text(header.issuer, sizeof(header.issuer), s->office->uid);
	copy_text(header.audience, sizeof(header.audience), s->partner.uid);
	copy_text(header.agreement, sizeof(header.agreement), s->agreement);
	copy_text(header.clause, sizeof(header.clause), s->clause);
	json_t *members = message_header_json(&header);
	enum err e = jws_sign(s->office->keys, TYP_MESSAGE, members, s->body, strlen(s->body), &raw);
	json_decref(members);
	if (e)
		return e;
	hash_text(hash, raw, strlen(raw));
	s->seq = header.seq;
	s->raw = arena_strdup(s->arena, raw);
	s->hash = arena_strdup(s->arena, hash);
	return OK;
}

/* --- why a try failed: a message key, or {key, args} where the sentence has values ------------------------------- */

static const char *error_pack(struct arena *arena, const struct fault *fault)
{
	if (!fault->args)
		return fault->key;
	json_t *packed = json_object(), *args = json_object();
	json_put_str(packed, "key", fault->key);
	for (size_t i = 0; i < fault->args; i++)
		json_put_str(args, fault->arg[i].name, fault->arg[i].value);
	json_put(packed, "args", args);
	char *text CLEANUP(free_ptr) = json_compact_text(packed);
	json_decref(packed);
	return arena_strdup(arena, text);
}

static const char *error_words(struct arena *arena, enum lang lang, const char *error)
{
	struct fault fault = { .code = ERR_CONFLICT };
	json_t *packed = NULL;
	const char *name;
	json_t *value;
	if (error[0] != '{' || json_parse(error, strlen(error), JSON_TEXT_LIMIT, &packed, NULL))
		return error[0] ? text_get(lang, error) : "";
	json_owned(arena, packed);
	fault.key = json_str_or(packed, "key", "");
	json_object_foreach(json_object_get(packed, "args"), name, value)
	{
		if (fault.args == FAULT_ARGS_MAX || !json_is_string(value))
			continue;
		fault.arg[fault.args].name = name;
		copy_text(fault.arg[fault.args].value, sizeof(fault.arg[0].value), json_string_value(value));
		fault.args++;
	}
	return text_fault(arena, lang, &fault);
}

/*
 * A message that is not signed yet waits while its agreement is not in force for what we send: nothing leaves under it.
 * One that a withdrawal stands behind will never be wanted again, and must not hold the withdrawal up.
 */
static enum err hold_back(struct db_tx *tx, struct sending *s, bool *ret_held)
{
	struct fault fault = { 0 };
	int64_t dropped;
	*ret_held = false;
	if (s->thread.kind != THREAD_REFERRAL || !message_rule(s->type)->needs_agreement)
		return OK;
	enum err e = agreement_gate_out(tx, s->agreement, s->partner_id, s->now, &fault);
	if (!e || e == ERR_STORE || e == ERR_MEMORY)
		return e;
	*ret_held = true;
	s->waiting = false;
	const char *error = error_pack(s->arena, &fault);
	e = db_run_count(
	    tx, &sql_message_drop_before_withdrawal, DB_ARGS(db_int(s->position), db_text(error)), &dropped);
	if (!e && !dropped)
		e = db_run(tx, &sql_message_failed,
		    DB_ARGS(db_int(s->position), db_int(s->now + RETRY_MOST_MS), db_text(error)));
	return e;
}

/* Reads what is to be sent; signs it when it is not signed yet, and stores that before the first try: a crash after
 * sending must find the same bytes. */
static enum err make_ready(struct db_tx *tx, void *arg)
{
	struct sending *s = arg;
	bool held;
	enum err e = load(tx, s);
	if (e || !s->waiting || s->raw)
		return e;
	e = hold_back(tx, s, &held);
	if (e || held)
		return e;
	e = sign(s);
	return e ? e
		 : db_run(tx, &sql_message_sign,
		       DB_ARGS(db_int(s->position), db_int(s->seq), db_text(s->raw), db_text(s->hash)));
}

static enum err read_only(struct db_tx *tx, void *arg)
{
	return load(tx, arg);
}

/* What a receipt may tell as the partner's own head: any message of theirs that we have applied by now. */
static enum err read_theirs(struct db_tx *tx, void *arg)
{
	struct sending *s = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t room = 16;
	enum err e = db_query(tx, &sql_message_applied_hashes, DB_ARGS(db_text(s->thread.uid)), &rows);
	s->theirs = arena_alloc(s->arena, room * sizeof(*s->theirs));
	s->theirs_count = 0;
	while (!e && db_next(rows)) {
		if (s->theirs_count == room) {
			const char **grown = arena_alloc(s->arena, 2 * room * sizeof(*grown));
			memcpy(grown, s->theirs, room * sizeof(*grown));
			s->theirs = grown;
			room *= 2;
		}
		s->theirs[s->theirs_count++] = arena_strdup(s->arena, db_col_text(rows, 0));
	}
	return e ? e : db_rows_error(rows);
}

static enum err read_answer(struct sending *s, const char *jwe, const char *jws, struct fault *fault)
{
	char body_hash[HASH_TEXT];
	enum err e = db_read(s->office->db, read_theirs, s);
	if (e)
		return e;
	hash_text(body_hash, jwe, strlen(jwe));
	const struct sent sent = { s->office->uid, s->partner.uid, s->id, s->hash, body_hash, s->seq, &s->thread,
		s->theirs, s->theirs_count };
	e = answer_read(s->keys, &sent, jws, &s->answer, fault);
	if (!e)
		s->answer_jws = arena_strdup(s->arena, jws);
	return e;
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

static enum err after_receipt(const struct casefile_act *act, struct sending *s)
{
	enum err e =
	    db_run(act->tx, &sql_thread_out, DB_ARGS(db_text(s->thread.uid), db_int(s->seq), db_text(s->hash)));
	if (!e)
		e = transfer_release(act, s->id);
	if (!e) /* the partner is there: all that waits for it is due */
		e = db_run(act->tx, &sql_message_wake_partner, DB_ARGS(db_int(s->partner_id), db_int(act->now)));
	return e;
}

/* When the partner says that it applied the message; the receipt was checked when it was read. */
static int64_t applied_at(const struct sending *s)
{
	int64_t at;
	if (!s->answer.receipt || rfc3339_parse(json_str_or(s->answer.payload, "at", ""), &at))
		return 0;
	return at;
}

static enum err tell_handler(const struct casefile_act *act, const struct sending *s)
{
	const struct message_handler *does = handler_of(s->type);
	json_t *body CLEANUP(json_decrefp) = NULL;
	if (!does || !does->answered)
		return OK;
	enum err e = json_parse(s->body, strlen(s->body), MESSAGE_BODY_LIMIT, &body, NULL);
	if (e)
		return ERR_STORE;
	const struct exchange_message m = { .id = s->id,
		.thread = s->thread.uid,
		.agreement = s->agreement,
		.clause = s->clause,
		.type = s->type,
		.side = thread_our_side(&s->thread),
		.seq = s->seq,
		.partner_id = s->partner_id,
		.position = s->position,
		.body = body,
		.jws = s->raw,
		.applied_at = applied_at(s) };
	return does->answered(act, &m, s->answer.receipt ? NULL : s->answer.payload);
}

static enum err apply_answer(struct db_tx *tx, void *arg)
{
	struct sending *s = arg;
	const struct casefile_act act = { s->office, tx, &outbox_actor, s->now, s->arena };
	int64_t changed;
	char object[64];
	const char *code = s->answer.receipt ? "" : refusal_info(s->answer.refusal)->code;
	enum err e = db_run_count(tx, &sql_message_answered,
	    DB_ARGS(db_int(s->position), db_text(s->answer.receipt ? "receipted" : "refused"), db_text(s->answer_jws),
		db_int(s->now), db_text(code)),
	    &changed);
	if (e || changed == 0) /* another process took the same answer */
		return e;
	if (s->answer.receipt)
		e = after_receipt(&act, s);
	if (!e)
		e = tell_handler(&act, s);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "message", s->id);
	json_put_str(payload, "refusal", code);
	snprintf(object, sizeof(object), "thread:%s", s->thread.uid);
	return journal_write(tx, s->now, "system", "exchange.answered", object, payload);
}

static enum err note_failure(struct db_tx *tx, void *arg)
{
	const struct sending *s = arg;
	return db_run(tx, &sql_message_failed, DB_ARGS(db_int(s->position), db_int(s->next_try), db_text(s->error)));
}

/* Sends the bytes; OK only when a believable answer is in s->answer. */
static enum err exchange(struct sending *s, struct net *net)
{
	struct buf answer = BUF_INIT(ANSWER_LIMIT);
	char url[400], *jwe CLEANUP(free_ptr) = NULL;
	struct fault fault = { 0 };
	int status = 0;
	enum err e = partner_keys(&s->partner, &s->keys);
	if (!e)
		e = jwe_seal(s->keys, s->raw, &jwe);
	if (e)
		return e;
	snprintf(url, sizeof(url), "%s/exchange/v1/messages", s->partner.url);
	e = net_send(
	    net, &(struct net_request) { "POST", url, "application/jose", jwe, strlen(jwe) }, &status, &answer, &fault);
	if (!e) {
		e = read_answer(s, jwe, answer.data ? answer.data : "", &fault);
		if (e && status >= 500)
			fault.key = N_("The partner's server cannot answer at the moment.");
	}
	s->error = e ? (fault.key ? error_pack(s->arena, &fault) : err_sentence(e)) : "";
	buf_done(&answer);
	return e;
}

static void try_later(struct sending *s, const char *error, int64_t delay)
{
	uint16_t vary;
	random_bytes(&vary, sizeof(vary));
	s->error = error;
	/* Spread by up to a quarter, so that a partner that comes back is not met by everybody at once. */
	s->next_try = s->now + delay - delay / 4 + (int64_t)vary * (delay / 2) / 65536;
	if (db_write(s->office->db, note_failure, s))
		log_line(LOG_ERROR, "exchange: a failed try could not be noted; it will be repeated");
}

struct batch {
	struct office *office;
	int64_t now;
	int64_t position[BATCH_MAX];
	size_t n;
	atomic_size_t next;
	atomic_llong
	    silent[SILENT_MAX]; /* partners that did not answer: the rest of theirs waits without being tried */
};

static bool is_silent(const struct batch *batch, int64_t partner_id)
{
	for (size_t i = 0; i < SILENT_MAX; i++)
		if (atomic_load(&batch->silent[i]) == partner_id)
			return true;
	return false;
}

static void note_silent(struct batch *batch, int64_t partner_id)
{
	for (size_t i = 0; i < SILENT_MAX; i++) {
		long long none = 0;
		if (atomic_compare_exchange_strong(&batch->silent[i], &none, partner_id) || none == partner_id)
			return;
	}
}

/* Each try of a silent partner may take half a minute, which messages for others would wait. */
static enum err exchange_if_heard(struct batch *batch, struct sending *s, struct net *net)
{
	if (is_silent(batch, s->partner_id)) {
		s->error = N_("The partner's server cannot answer at the moment.");
		return ERR_UNREACHABLE;
	}
	enum err e = exchange(s, net);
	if (e == ERR_UNREACHABLE)
		note_silent(batch, s->partner_id);
	return e;
}

static void send_one(struct batch *batch, struct net *net, int64_t position)
{
	struct office *office = batch->office;
	struct sending s = { .office = office, .arena = arena_new(0), .position = position, .now = now_ms() };
	enum err e = db_read(office->db, read_only, &s);
	if (!e && s.waiting && !s.raw)
		e = db_write(office->db, make_ready, &s);
	if (!e && s.waiting) {
		e = strcmp(s.partner.state, "confirmed") ? ERR_DENIED : exchange_if_heard(batch, &s, net);
		if (e == ERR_DENIED)
			try_later(&s, N_("The partner is not confirmed."), RETRY_MOST_MS);
		else if (e)
			try_later(&s, s.error, retry_delay_ms((int)s.attempts + 1));
		else if (!s.answer.receipt && !s.answer.final) /* it stays first in its thread: section 8 */
			try_later(&s, refusal_info(s.answer.refusal)->sentence, RETRY_MOST_MS);
		else if ((e = db_write(office->db, apply_answer, &s)))
			log_line(LOG_ERROR, "exchange: an answer could not be stored (%s); the message is sent again",
			    err_slug(e));
	}
	json_decref(s.answer.payload);
	arena_free(s.arena);
}

/* --- the job ----------------------------------------------------------------------------------------------------- */

static enum err load_due(struct db_tx *tx, void *arg)
{
	struct batch *batch = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_message_due, DB_ARGS(db_int(batch->now)), &rows);
	batch->n = 0;
	while (!e && batch->n < BATCH_MAX && db_next(rows))
		batch->position[batch->n++] = db_col_int(rows, 0);
	return e ? e : db_rows_error(rows);
}

static void *send_some(void *arg)
{
	struct batch *batch = arg;
	struct net *net = net_new();
	size_t i;
	while (net && !job_stopping(batch->office) && (i = atomic_fetch_add(&batch->next, 1)) < batch->n)
		send_one(batch, net, batch->position[i]);
	net_free(net);
	return NULL;
}

static void send_batch(struct batch *batch)
{
	pthread_t thread[SENDERS];
	size_t started = 0, wanted = batch->n < SENDERS ? batch->n : SENDERS;
	atomic_store(&batch->next, 0);
	while (started + 1 < wanted && pthread_create(&thread[started], NULL, send_some, batch) == 0)
		started++;
	send_some(batch); /* this thread takes its part */
	for (size_t i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
}

enum err outbox_run(struct office *office, int64_t now)
{
	struct batch *batch = calloc(1, sizeof(*batch));
	enum err e = batch ? OK : ERR_MEMORY;
	if (batch)
		batch->office = office;
	/* Each failed try moves its message into the future, so this ends. */
	while (!e && !job_stopping(office)) {
		batch->now = now_ms();
		e = db_read(office->db, load_due, batch);
		if (e || batch->n == 0)
			break;
		send_batch(batch);
	}
	free(batch);
	return e;
}

/* --- what is not delivered --------------------------------------------------------------------------------------- */

enum err outbox_waiting(struct db_tx *tx, struct office *office, enum lang lang, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct arena *arena = arena_new(0);
	json_t *list = json_array();
	enum err e = db_query(tx, &sql_message_waiting, DB_NO_ARGS, &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		enum message_type type;
		const char *zone = office->profile->calendar.zone;
		bool known = message_type_parse(db_col_text(rows, 1), &type);
		json_put_str(one, "id", db_col_text(rows, 0));
		json_put_str(one, "type", known ? text_get(lang, message_rule(type)->label) : db_col_text(rows, 1));
		json_put_int(one, "attempts", db_col_int(rows, 3));
		json_put_str(one, "next_try", date_time_long(arena, lang, zone, db_col_int(rows, 4)));
		json_put_str(one, "error", error_words(arena, lang, db_col_text(rows, 5)));
		json_put_str(one, "since", date_time_long(arena, lang, zone, db_col_int(rows, 6)));
		json_put_int(one, "partner_id", db_col_int(rows, 7));
		json_put_int(one, "casefile_id", db_col_int(rows, 8));
		json_add(list, one);
	}
	arena_free(arena);
	if (!e)
		e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
