/* Holds every message ever exchanged against its signature, its place in the chain and its answer (section 15). */
#include "agreement.sql.h"
#include "base/progress.h"
#include "base/util.h"
#include "cooperation/agreement_store.h"
#include "cooperation/answer.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/partner.h"
#include "crypto/envelope.h"
#include "exchange_verify.sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 200

struct stored { /* one row, texts in the arena */
	const char *id, *type, *body, *agreement, *clause, *raw, *hash, *state, *answer, *error;
	int64_t partner_id, seq;
	bool out;
	char ack[HASH_TEXT]; /* from its header */
};

struct checking {
	struct office *office;
	struct db_tx *tx;
	struct arena *arena;
	struct fault *fault;
	const char *uid;
	struct thread_row thread; /* as it stands; its chains are what the walk must arrive at */
	struct thread walked;
	struct partner partner;
	const struct public_keys *partner_keys;
	struct stored *list;
	size_t n;
	const char **hashes[SIDE_MAX]; /* of each side's messages that count, in order */
	size_t hashed[SIDE_MAX];
};

static enum err broken_thread(const struct checking *c, const char *key)
{
	char field[64];
	snprintf(field, sizeof(field), "thread:%s", c->uid);
	return fault_set(c->fault, ERR_UNTRUSTED, field, key, NULL);
}

/* The field has room for one identifier: the thread is found by the message's. */
static enum err broken(const struct checking *c, const struct stored *m, const char *key)
{
	char field[64];
	snprintf(field, sizeof(field), "message:%s", m->id);
	return fault_set(c->fault, ERR_UNTRUSTED, field, key, "thread", c->uid, NULL);
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

static const char *column(const struct checking *c, const struct db_rows *rows, int n)
{
	const char *text = db_col_text(rows, n);
	return arena_strdup(c->arena, text ? text : "");
}

static void read_stored(const struct checking *c, const struct db_rows *rows, struct stored *m)
{
	*m = (struct stored) { .id = column(c, rows, 0),
		.partner_id = db_col_int(rows, 1),
		.out = !strcmp(db_col_text(rows, 2), "out"),
		.seq = db_col_int(rows, 3),
		.type = column(c, rows, 4),
		.body = column(c, rows, 5),
		.agreement = column(c, rows, 6),
		.clause = column(c, rows, 7),
		.raw = column(c, rows, 8),
		.hash = column(c, rows, 9),
		.state = column(c, rows, 10),
		.answer = column(c, rows, 11),
		.error = column(c, rows, 12) };
}

static enum err load_messages(struct checking *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t room = 0;
	enum err e = db_query(c->tx, &sql_verify_messages, DB_ARGS(db_text(c->uid)), &rows);
	while (!e && db_next(rows)) {
		if (c->n == room) {
			struct stored *grown = arena_alloc(c->arena, (room * 2 + 16) * sizeof(*grown));
			if (c->n)
				memcpy(grown, c->list, c->n * sizeof(*grown));
			c->list = grown;
			room = room * 2 + 16;
		}
		read_stored(c, rows, &c->list[c->n++]);
	}
	return e ? e : db_rows_error(rows);
}

static enum side side_of(const struct checking *c, const struct stored *m)
{
	enum side ours = thread_our_side(&c->thread);
	return m->out ? ours : side_opposite(ours);
}

static bool is(const struct stored *m, const char *state)
{
	return strcmp(m->state, state) == 0;
}

/* What a receipt may tell as the other head, and what an `ack` may name. */
static void collect_hashes(struct checking *c)
{
	for (int side = 0; side < SIDE_MAX; side++)
		c->hashes[side] = arena_alloc(c->arena, (c->n + 1) * sizeof(char *));
	for (size_t i = 0; i < c->n; i++) {
		const struct stored *m = &c->list[i];
		enum side side = side_of(c, m);
		if (is(m, "receipted") || is(m, "signed"))
			c->hashes[side][c->hashed[side]++] = m->hash;
	}
}

static enum err load(struct checking *c)
{
	enum err e = thread_load(c->tx, c->uid, &c->thread);
	if (!e && !c->thread.exists)
		return ERR_NOT_FOUND;
	if (!e)
		e = partner_load(c->tx, c->arena, c->thread.partner_id, &c->partner);
	if (!e)
		e = partner_keys(&c->partner, &c->partner_keys);
	if (!e)
		e = load_messages(c);
	if (!e)
		collect_hashes(c);
	return e;
}

/* --- one message ------------------------------------------------------------------------------------------------- */

static const struct public_keys *writer(const struct checking *c, bool ours)
{
	return ours ? keys_public(c->office->keys) : c->partner_keys;
}

static bool header_is_row(const struct checking *c, const struct stored *m, const struct message_header *h)
{
	const char *from = m->out ? c->office->uid : c->partner.uid, *to = m->out ? c->partner.uid : c->office->uid;
	/* What was refused for naming another receiver names one. */
	bool meant = !strcmp(h->audience, to) || (!m->out && !strcmp(m->error, refusal_info(REFUSAL_AUDIENCE)->code));
	return meant && !strcmp(h->id, m->id) && !strcmp(h->thread, c->uid) && h->seq == m->seq &&
	       !strcmp(message_rule(h->type)->name, m->type) && !strcmp(h->agreement, m->agreement) &&
	       !strcmp(h->clause, m->clause) && !strcmp(h->issuer, from) && m->partner_id == c->partner.id;
}

/* Signature, header, digest and body of the stored original. */
static enum err check_original(const struct checking *c, struct stored *m, struct message_header *ret_header)
{
	json_t *json CLEANUP(json_decrefp) = NULL;
	char *payload CLEANUP(free_ptr) = NULL, hash[HASH_TEXT];
	size_t len;
	if (jws_verify(writer(c, m->out), TYP_MESSAGE, m->raw, &json, &payload, &len, NULL))
		return broken(c, m, N_("A message's signature is not right (thread {thread})."));
	hash_text(hash, m->raw, strlen(m->raw));
	if (strcmp(hash, m->hash))
		return broken(c, m, N_("A message's digest is not that of its bytes (thread {thread})."));
	if (message_header_parse(json, ret_header, NULL) || !header_is_row(c, m, ret_header))
		return broken(c, m, N_("A message's row is not what was signed (thread {thread})."));
	if (strlen(m->body) != len || memcmp(m->body, payload, len))
		return broken(c, m, N_("A message's stored content is not what was signed (thread {thread})."));
	copy_text(m->ack, sizeof(m->ack), ret_header->ack);
	return OK;
}

static enum err check_place(const struct checking *c, const struct stored *m, const struct message_header *h)
{
	enum side side = side_of(c, m);
	bool first = c->walked.chain[SIDE_OPENER].seq == 0 && side == SIDE_OPENER;
	if (thread_check(&c->walked, side, h->seq, h->prev, NULL))
		return broken(c, m, N_("The thread's chain is broken at this message (thread {thread})."));
	if (strcmp(c->thread.agreement, h->agreement) || message_check_type(h, c->thread.kind, side, first, NULL))
		return broken(c, m, N_("A message does not belong into its thread (thread {thread})."));
	return OK;
}

/* An answer's payload, when it is signed by whoever received the message and meant for its sender. */
static enum err open_answer(
    const struct checking *c, const struct stored *m, const char *typ, char **ret_payload, size_t *ret_len)
{
	json_t *header CLEANUP(json_decrefp) = NULL;
	const char *from = m->out ? c->partner.uid : c->office->uid, *to = m->out ? c->office->uid : c->partner.uid;
	char *payload = NULL;
	if (jws_verify(writer(c, !m->out), typ, m->answer, &header, &payload, ret_len, NULL) ||
	    answer_check_header(header, typ, from, to, NULL)) {
		free(payload);
		return broken(c, m, N_("A message's receipt or refusal is not signed right (thread {thread})."));
	}
	*ret_payload = payload;
	return OK;
}

static enum err check_receipt(const struct checking *c, const struct stored *m, const struct message_header *h)
{
	enum side side = side_of(c, m), other = side_opposite(side);
	struct thread after = c->walked;
	char *payload CLEANUP(free_ptr) = NULL;
	size_t len;
	int64_t at;
	enum err e = open_answer(c, m, TYP_RECEIPT, &payload, &len);
	if (e)
		return e;
	thread_add(&after, side, m->hash);
	const struct receipt_record record = { h, m->hash, &after, side, c->hashes[other], c->hashed[other] };
	if (receipt_check(payload, len, &record, &at, NULL))
		return broken(c, m, N_("A receipt does not fit its message or the thread (thread {thread})."));
	return OK;
}

static enum err check_refusal(const struct checking *c, const struct stored *m)
{
	struct refusal_read read;
	char *payload CLEANUP(free_ptr) = NULL;
	size_t len;
	enum err e = open_answer(c, m, TYP_REFUSAL, &payload, &len);
	if (e)
		return e;
	if (refusal_check(payload, len, m->id, m->hash, m->hash, &read, NULL) || !refusal_info(read.refusal)->final ||
	    strcmp(refusal_info(read.refusal)->code, m->error))
		return broken(c, m, N_("A refusal does not fit its message (thread {thread})."));
	return OK;
}

/* Another partner that writes into this thread is refused, and its message stands here with the refusal. */
static enum err check_intruder(const struct checking *c, struct stored *m)
{
	struct checking theirs = *c;
	struct message_header header;
	if (m->out || !is(m, "refused"))
		return broken(c, m, N_("A message does not belong into its thread (thread {thread})."));
	enum err e = partner_load(c->tx, c->arena, m->partner_id, &theirs.partner);
	if (!e)
		e = partner_keys(&theirs.partner, &theirs.partner_keys);
	if (!e)
		e = check_original(&theirs, m, &header);
	return e ? e : check_refusal(&theirs, m);
}

static enum err check_message(struct checking *c, struct stored *m)
{
	struct message_header header;
	if (m->partner_id != c->thread.partner_id)
		return check_intruder(c, m);
	if (m->out && (is(m, "queued") || is(m, "dropped"))) {
		if (m->raw[0] || m->hash[0] || m->answer[0] || m->seq)
			return broken(c, m, N_("A message that was never signed has a signature (thread {thread})."));
		return OK;
	}
	enum err e = check_original(c, m, &header);
	/* What a partner was refused may stand anywhere: that may be why. */
	if (!e && (m->out || !is(m, "refused")))
		e = check_place(c, m, &header);
	if (e || (m->out && is(m, "signed")))
		return e;
	if (is(m, "refused"))
		return check_refusal(c, m);
	if (!is(m, "receipted"))
		return broken(c, m, N_("A message is in a state that does not exist (thread {thread})."));
	e = check_receipt(c, m, &header);
	if (!e)
		thread_add(&c->walked, side_of(c, m), m->hash);
	return e;
}

/* --- one thread -------------------------------------------------------------------------------------------------- */

static bool same_chain(const struct thread_chain *a, const struct thread_chain *b)
{
	return a->seq == b->seq && !strcmp(a->head, b->head);
}

static enum err check_acks(const struct checking *c)
{
	enum side ours = thread_our_side(&c->thread);
	int64_t acked = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct stored *m = &c->list[i];
		if (m->out || !is(m, "receipted"))
			continue;
		if (thread_ack(c->hashes[ours], c->hashed[ours], acked, m->ack, &acked, NULL))
			return broken(c, m, N_("A message acknowledges what was never sent (thread {thread})."));
	}
	return acked == c->thread.acked ? OK
					: broken_thread(c, N_("The thread's count of acknowledged messages is wrong."));
}

static enum err check_thread(struct checking *c)
{
	enum err e = load(c);
	for (size_t i = 0; !e && i < c->n; i++)
		e = check_message(c, &c->list[i]);
	if (e)
		return e;
	for (int side = 0; side < SIDE_MAX; side++)
		if (!same_chain(&c->walked.chain[side], &c->thread.chains.chain[side]))
			return broken_thread(c, N_("The thread's end is not where its messages lead."));
	return check_acks(c);
}

struct walk {
	struct office *office;
	struct fault *fault;
	char uid[PAGE][UUID_TEXT];
	size_t n;
	char after[UUID_TEXT];
	int64_t total;
};

static enum err read_uids(struct db_tx *tx, void *arg)
{
	struct walk *walk = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_verify_threads, DB_ARGS(db_text(walk->after)), &rows);
	walk->n = 0;
	while (!e && walk->n < PAGE && db_next(rows))
		copy_text(walk->uid[walk->n++], UUID_TEXT, db_col_text(rows, 0));
	return e ? e : db_rows_error(rows);
}

static enum err check_page(struct db_tx *tx, void *arg)
{
	struct walk *walk = arg;
	struct arena *arena = arena_new(0);
	enum err e = OK;
	for (size_t i = 0; !e && i < walk->n; i++) {
		struct checking c = {
			.office = walk->office, .tx = tx, .arena = arena, .fault = walk->fault, .uid = walk->uid[i]
		};
		e = check_thread(&c);
		arena_reset(arena);
	}
	arena_free(arena);
	return e;
}

/* --- agreements and partners ------------------------------------------------------------------------------------- */

struct standing {
	struct office *office;
	struct db_tx *tx;
	struct arena *arena;
	struct fault *fault;
	enum err err;
};

static enum err broken_agreement(const struct standing *s, const struct agreement_row *a, const char *key)
{
	char field[64];
	snprintf(field, sizeof(field), "agreement:%s", a->uid);
	return fault_set(s->fault, ERR_UNTRUSTED, field, key, NULL);
}

static bool signature_holds(const struct public_keys *keys, const char *jws, const char *text)
{
	json_t *header CLEANUP(json_decrefp) = NULL;
	char *payload CLEANUP(free_ptr) = NULL;
	size_t len;
	return jws_verify(keys, TYP_AGREEMENT, jws, &header, &payload, &len, NULL) == OK && strlen(text) == len &&
	       memcmp(text, payload, len) == 0;
}

static bool signs(const struct agreement_act_row *act, int party)
{
	return act->party == party && !act->refused &&
	       (act->type == MESSAGE_AGREEMENT_PROPOSE || act->type == MESSAGE_AGREEMENT_SIGN);
}

/* A side's signature is there exactly when it has signed and was not refused. */
static enum err check_signatures(
    const struct standing *s, const struct agreement_row *a, const struct agreement_act_row *list, size_t n)
{
	bool has_signed[2] = { false, false };
	const char *text = agreement_text(a->document);
	const struct public_keys *keys = NULL;
	struct partner p;
	enum err e = partner_load(s->tx, s->arena, a->partner_id, &p);
	if (!e)
		e = partner_keys(&p, &keys);
	if (e)
		return e;
	for (size_t i = 0; i < n; i++)
		has_signed[list[i].party == a->us] |= signs(&list[i], list[i].party);
	if (has_signed[true] != (a->ours != NULL) || has_signed[false] != (a->theirs != NULL))
		return broken_agreement(s, a, N_("A signature under the agreement is missing or too many."));
	if ((a->ours && !signature_holds(keys_public(s->office->keys), a->ours, text)) ||
	    (a->theirs && !signature_holds(keys, a->theirs, text)))
		return broken_agreement(s, a, N_("The signature under the agreement is not right."));
	return OK;
}

static bool act_is_message(
    const struct agreement_row *a, const struct agreement_act_row *act, const struct db_rows *rows)
{
	json_t *body CLEANUP(json_decrefp) = NULL;
	const char *text = db_col_text(rows, 3), *state = db_col_text(rows, 2);
	bool ours = act->party == a->us;
	if (strcmp(db_col_text(rows, 0), message_rule(act->type)->name) ||
	    ours != !strcmp(db_col_text(rows, 1), "out") || act->refused != !strcmp(state, "refused") ||
	    json_parse(text, strlen(text), MESSAGE_BODY_LIMIT, &body, NULL))
		return false;
	if ((act->waiting && !strcmp(state, "receipted")) ||
	    strcmp(act->refusal, act->refused ? db_col_text(rows, 4) : ""))
		return false;
	return !strcmp(json_str_or(body, "reason", ""), act->reason) &&
	       !strcmp(json_str_or(body, "language", ""), act->lang) &&
	       !strcmp(json_str_or(body, "effective", ""), act->effective);
}

static enum err check_act(const struct standing *s, const struct agreement_row *a, const struct agreement_act_row *act)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e =
	    db_query(s->tx, &sql_verify_agreement_act, DB_ARGS(db_text(act->message_id), db_text(a->uid)), &rows);
	if (e)
		return e;
	if (!db_next(rows) || !act_is_message(a, act, rows))
		return broken_agreement(s, a, N_("What a party did to the agreement is not what its message says."));
	return OK;
}

static bool same_status(const struct agreement_status *a, const struct agreement_status *b)
{
	json_t *x = agreement_status_json(a), *y = agreement_status_json(b);
	bool same = json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return same;
}

static enum err check_acts(const struct standing *s, const struct agreement_row *a)
{
	struct agreement_act_row *list;
	size_t n;
	int64_t without;
	enum err e = agreement_acts(s->tx, s->arena, a->id, &list, &n);
	for (size_t i = 0; !e && i < n; i++)
		e = check_act(s, a, &list[i]);
	if (!e)
		e = check_signatures(s, a, list, n);
	if (!e)
		e = db_get_int(
		    s->tx, &sql_verify_agreement_messages, DB_ARGS(db_text(a->uid), db_int(a->id)), &without);
	if (e)
		return e;
	const struct agreement_status status = agreement_fold(list, n, false), arriving = agreement_fold(list, n, true);
	if (without || !same_status(&status, &a->status) || !same_status(&arriving, &a->arriving))
		return broken_agreement(s, a, N_("The agreement's state is not what the parties did."));
	return OK;
}

static enum err check_agreement(const struct agreement_row *a, void *arg)
{
	const struct standing *s = arg;
	char hash[HASH_TEXT];
	hash_text(hash, a->text, strlen(a->text));
	if (strcmp(hash, a->sha256) || strcmp(agreement_uid(a->document), a->uid))
		return broken_agreement(s, a, N_("The agreement's text was changed."));
	return check_acts(s, a);
}

static void check_partner(const struct partner *p, void *arg)
{
	struct standing *s = arg;
	json_t *jwks CLEANUP(json_decrefp) = NULL;
	struct public_keys *keys = NULL;
	char fingerprint[FINGERPRINT_TEXT], field[64];
	bool right = false;
	if (s->err)
		return;
	/* Parsed anew: partner_keys would answer from its memory. */
	if (json_parse(p->keys_json, strlen(p->keys_json), JSON_TEXT_LIMIT, &jwks, NULL) == OK &&
	    public_keys_parse(jwks, &keys, NULL) == OK) {
		public_keys_fingerprint(keys, fingerprint);
		right = !strcmp(fingerprint, p->fingerprint) && !strcmp(public_keys_sign_id(keys), p->uid);
		public_keys_free(keys);
	}
	if (right)
		return;
	snprintf(field, sizeof(field), "partner:%" PRId64, p->id);
	s->err = fault_set(s->fault, ERR_UNTRUSTED, field,
	    N_("The partner's keys are not those whose fingerprint was compared."), NULL);
}

static enum err check_standing(struct db_tx *tx, void *arg)
{
	struct standing *s = arg;
	s->tx = tx;
	s->err = OK;
	enum err e = partner_each(tx, s->arena, check_partner, s);
	if (!e)
		e = s->err;
	if (!e)
		e = agreement_each(tx, s->arena, check_agreement, s);
	/* A document that no longer parses was changed too. */
	if (e == ERR_STORE && s->fault && !s->fault->code)
		e = fault_set(s->fault, ERR_UNTRUSTED, "agreement", N_("The agreement's text was changed."), NULL);
	return e;
}

static enum err count_threads(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_verify_thread_count, DB_NO_ARGS, arg);
}

enum err exchange_verify(struct office *office, struct progress *progress, struct fault *fault)
{
	struct walk walk = { .office = office, .fault = fault };
	struct standing standing = { .office = office, .arena = arena_new(0), .fault = fault };
	enum err e = db_read(office->db, check_standing, &standing);
	arena_free(standing.arena);
	if (!e)
		e = db_read(office->db, count_threads, &walk.total);
	if (e)
		return e;
	progress_begin(progress, "Messages between offices", walk.total);
	do {
		e = db_read(office->db, read_uids, &walk);
		if (!e)
			e = db_read(office->db, check_page, &walk);
		if (walk.n)
			copy_text(walk.after, sizeof(walk.after), walk.uid[walk.n - 1]);
		progress_step(progress, (int64_t)walk.n);
	} while (!e && walk.n == PAGE);
	progress_end(progress);
	return e;
}
