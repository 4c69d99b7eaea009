/* Announces, pushes and receives files in sealed chunks. */
#include "cooperation/transfer.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/net.h"
#include "crypto/crypto.h"
#include "office/blob.h"
#include "office/job.h"
#include "office/journal.h"
#include "text/date.h"
#include "transfer.sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RESTARTS_MAX 3
#define STATUS_LIMIT (256 * 1024)
#define TURN_CHUNKS                                                                                                    \
	16 /* pushed before the next file has its turn: a slow partner's must not keep the others waiting              \
	    */

static const char *const state_keys[] = { "waiting", "moving", "complete", "broken" };
static const char *const state_words[] = { N_("waits for the receipt"), N_("on its way"), N_("arrived"),
	N_("did not arrive whole") };

static enum transfer_state state_of(const char *key)
{
	enum transfer_state s = TRANSFER_WAITING;
	while (s < TRANSFER_BROKEN && strcmp(state_keys[s], key))
		s++;
	return s;
}

/* Digests travel as base64url and are stored as hex, as blobs are named. */
static bool hash_to_hex(char out[SHA256_HEX], const char *hash)
{
	uint8_t digest[SHA256_SIZE];
	size_t len;
	if (base64url_decode(hash, strlen(hash), digest, sizeof(digest), &len) || len != sizeof(digest))
		return false;
	hex_encode(out, digest, sizeof(digest));
	return true;
}

static void hex_to_hash(char out[HASH_TEXT], const char *hex)
{
	uint8_t digest[SHA256_SIZE] = { 0 };
	bool right = hex_decode(digest, sizeof(digest), hex);
	(void)right; /* our own blob names are always hex */
	base64url_encode(out, digest, sizeof(digest));
}

/* --- announcing -------------------------------------------------------------------------------------------------- */

enum err transfer_announce(const struct casefile_act *act, int64_t referral_id, int64_t partner_id,
    const char *message_id, const struct document_new *doc, json_t **ret)
{
	uint8_t id_bytes[16], key_bytes[CHUNK_KEY];
	char id[33], key[64], hash[HASH_TEXT];
	int64_t chunks = (doc->size + BLOB_CHUNK - 1) / BLOB_CHUNK;
	random_bytes(id_bytes, sizeof(id_bytes));
	random_bytes(key_bytes, sizeof(key_bytes));
	hex_encode(id, id_bytes, sizeof(id_bytes));
	base64url_encode(key, key_bytes, sizeof(key_bytes));
	hex_to_hash(hash, doc->sha256);
	enum err e = db_run(act->tx, &sql_transfer_insert,
	    DB_ARGS(db_text(id), db_text("out"), db_text(message_id), db_int(referral_id), db_int(partner_id),
		db_text(doc->name), db_text(doc->type), db_int(doc->size), db_text(doc->sha256), db_text(key),
		db_int(chunks), db_text("waiting"), db_int(act->now)));
	if (e)
		return e;
	json_t *file = json_object();
	json_put_str(file, "id", id);
	json_put_str(file, "name", doc->name);
	json_put_str(file, "type", doc->type);
	json_put_int(file, "size", doc->size);
	json_put_str(file, "sha256", hash);
	json_put_str(file, "key", key);
	json_put_int(file, "chunk", BLOB_CHUNK);
	json_put_int(file, "chunks", chunks);
	*ret = file;
	return OK;
}

enum err transfer_expect(const struct casefile_act *act, int64_t referral_id, int64_t partner_id,
    const char *message_id, const json_t *file, struct fault *fault)
{
	char sha256[SHA256_HEX];
	const char *id = json_str_or(file, "id", "");
	int64_t size = json_int_or(file, "size", 0), held = -1;
	if (!hash_to_hex(sha256, json_str_or(file, "sha256", "")))
		return fault_set(fault, ERR_INVALID, "/files/sha256", N_("This is not a digest."), NULL);
	enum err e = blob_size(act->tx, sha256, &held);
	bool have = held >= 0;
	if (!e && have && held != size)
		return fault_set(
		    fault, ERR_INVALID, "/files/size", N_("The file with this digest has another size."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_transfer_insert,
		    DB_ARGS(db_text(id), db_text("in"), db_text(message_id), db_int(referral_id), db_int(partner_id),
			db_text(json_str_or(file, "name", "")), db_text(json_str_or(file, "type", "")), db_int(size),
			db_text(sha256), db_text(json_str_or(file, "key", "")), db_int(json_int_or(file, "chunks", 0)),
			db_text(have ? "complete" : "moving"), db_int(act->now)));
	if (e == ERR_CONFLICT)
		return fault_set(fault, e, "/files/id", N_("A file with this id was announced before."), NULL);
	if (e || !have)
		return e;
	struct transfer t = { .referral_id = referral_id, .partner_id = partner_id, .size = size };
	copy_text(t.name, sizeof(t.name), json_str_or(file, "name", ""));
	copy_text(t.type, sizeof(t.type), json_str_or(file, "type", ""));
	copy_text(t.sha256, sizeof(t.sha256), sha256);
	return referral_file_arrived(act, &t);
}

enum err transfer_release(const struct casefile_act *act, const char *message_id)
{
	int64_t changed;
	enum err e =
	    db_run_count(act->tx, &sql_transfer_release, DB_ARGS(db_text(message_id), db_int(act->now)), &changed);
	if (!e && changed > 0)
		job_wake(act->office, "exchange.files");
	return e;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

struct load_work {
	const char *id, *direction;
	struct transfer t;
};

static enum err load(struct db_tx *tx, void *arg)
{
	struct load_work *work = arg;
	struct transfer *t = &work->t;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_transfer_by_id, DB_ARGS(db_text(work->id), db_text(work->direction)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const char *key = db_col_text(rows, 7);
	size_t len;
	copy_text(t->id, sizeof(t->id), db_col_text(rows, 0));
	t->referral_id = db_col_int(rows, 1);
	t->partner_id = db_col_int(rows, 2);
	copy_text(t->name, sizeof(t->name), db_col_text(rows, 3));
	copy_text(t->type, sizeof(t->type), db_col_text(rows, 4));
	t->size = db_col_int(rows, 5);
	copy_text(t->sha256, sizeof(t->sha256), db_col_text(rows, 6));
	t->chunks = db_col_int(rows, 8);
	t->state = state_of(db_col_text(rows, 9));
	t->started = db_col_int(rows, 10);
	t->attempts = db_col_int(rows, 11);
	copy_text(t->url, sizeof(t->url), db_col_text(rows, 12));
	return base64url_decode(key, strlen(key), t->key, sizeof(t->key), &len) || len != sizeof(t->key) ? ERR_STORE
													 : OK;
}

enum err transfer_load_in(struct db *db, const char *id, struct transfer *ret_transfer)
{
	struct load_work work = { .id = id, .direction = "in" };
	enum err e = db_read(db, load, &work);
	if (!e)
		*ret_transfer = work.t;
	return e;
}

static size_t chunk_size(const struct transfer *t, int64_t index)
{
	int64_t left = t->size - index * BLOB_CHUNK;
	return (size_t)(left < BLOB_CHUNK ? left : BLOB_CHUNK);
}

static void file_id(const struct transfer *t, uint8_t out[16])
{
	if (!hex_decode(out, 16, t->id))
		memset(out, 0, 16); /* an id that is not hex opens no chunk */
}

/* --- receiving --------------------------------------------------------------------------------------------------- */

struct put_work {
	struct office *office;
	struct arena *arena;
	const struct transfer *t;
	int64_t index, now;
	const void *plain;
	size_t len;
};

static enum err become_blob(const struct casefile_act *act, const struct transfer *t)
{
	int64_t held = -1;
	enum err e = blob_size(act->tx, t->sha256, &held);
	bool have = held >= 0;
	if (!e && have && held != t->size)
		return ERR_UNTRUSTED;
	if (!e && !have)
		e = blob_begin(act->tx, t->sha256, t->size, act->now);
	if (!e && !have)
		e = db_run(act->tx, &sql_transfer_to_blob, DB_ARGS(db_text(t->id), db_text(t->sha256)));
	return e || have ? e : blob_finish(act->tx, t->sha256);
}

static enum err finish(const struct casefile_act *act, const struct transfer *t)
{
	enum err e = become_blob(act, t);
	if (!e)
		e = db_run(act->tx, &sql_transfer_chunks_delete, DB_ARGS(db_text(t->id)));
	if (!e)
		e = db_run(act->tx, &sql_transfer_state,
		    DB_ARGS(db_text(t->id), db_text("in"), db_text("complete"), db_text("")));
	return e ? e : referral_file_arrived(act, t);
}

static enum err put_chunk(struct db_tx *tx, void *arg)
{
	struct put_work *work = arg;
	const struct transfer *t = work->t;
	struct partner partner;
	int64_t count;
	enum err e = db_run(tx, &sql_transfer_chunk_insert,
	    DB_ARGS(db_text(t->id), db_int(work->index), db_blob(work->plain, work->len)));
	if (!e)
		e = db_get_int(tx, &sql_transfer_chunk_count, DB_ARGS(db_text(t->id)), &count);
	if (e || count < t->chunks)
		return e;
	e = partner_load(tx, work->arena, t->partner_id, &partner);
	if (e)
		return e;
	const struct actor actor = partner_actor(work->arena, &partner, LANG_EN);
	const struct casefile_act act = { work->office, tx, &actor, work->now, work->arena };
	return finish(&act, t);
}

/* Every chunk opened, yet the whole is not what was announced: all of it again, three times, then people look. */
static enum err start_over(struct db_tx *tx, void *arg)
{
	const struct put_work *work = arg;
	const struct transfer *t = work->t;
	enum err e = db_run(tx, &sql_transfer_chunks_delete, DB_ARGS(db_text(t->id)));
	if (!e)
		e = db_run(tx, &sql_transfer_restart, DB_ARGS(db_text(t->id)));
	if (!e && t->started + 1 >= RESTARTS_MAX)
		e = db_run(tx, &sql_transfer_state,
		    DB_ARGS(db_text(t->id), db_text("in"), db_text("broken"),
			db_text(N_("The file that came is not the one that was announced."))));
	return e;
}

enum err transfer_put(
    struct office *office, const struct transfer *t, int64_t index, const void *sealed, size_t len, int64_t now)
{
	uint8_t id[16];
	if (t->state == TRANSFER_COMPLETE)
		return ERR_CONFLICT;
	if (t->state != TRANSFER_MOVING || index < 0 || index >= t->chunks)
		return ERR_NOT_FOUND;
	if (len != chunk_size(t, index) + CHUNK_TAG)
		return ERR_INVALID;
	uint8_t *plain CLEANUP(free_ptr) = malloc(len);
	if (!plain)
		return ERR_MEMORY;
	file_id(t, id);
	if (chunk_open(plain, t->key, id, (uint64_t)index, index == t->chunks - 1, sealed, len))
		return ERR_INVALID;
	struct arena *arena = arena_new(0);
	struct put_work work = { office, arena, t, index, now, plain, len - CHUNK_TAG };
	enum err e = db_write(office->db, put_chunk, &work);
	if (e == ERR_UNTRUSTED)
		e = db_write(office->db, start_over, &work);
	arena_free(arena);
	return e;
}

struct status_work {
	const struct transfer *t;
	json_t *ranges;
};

static enum err read_status(struct db_tx *tx, void *arg)
{
	struct status_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t from = -1, to = -2;
	enum err e = db_query(tx, &sql_transfer_chunks, DB_ARGS(db_text(work->t->id)), &rows);
	json_array_clear(work->ranges);
	while (!e && db_next(rows)) {
		int64_t n = db_col_int(rows, 0);
		if (n == to + 1) {
			json_array_set_new(
			    json_array_get(work->ranges, json_array_size(work->ranges) - 1), 1, json_integer(n));
		} else {
			from = n;
			json_add(work->ranges, json_pack("[I,I]", (json_int_t)from, (json_int_t)n));
		}
		to = n;
	}
	return e ? e : db_rows_error(rows);
}

enum err transfer_status(struct office *office, const struct transfer *t, json_t **ret_status)
{
	struct status_work work = { .t = t, .ranges = json_array() };
	enum err e = db_read(office->db, read_status, &work);
	if (e) {
		json_decref(work.ranges);
		return e;
	}
	json_t *status = json_object();
	json_put(status, "received", work.ranges);
	json_put_bool(status, "complete", t->state == TRANSFER_COMPLETE);
	/* Bytes that came another way meanwhile are not this file's arrival: it ends with its own last piece. */
	json_put_bool(status, "have", t->state == TRANSFER_COMPLETE);
	*ret_status = status;
	return OK;
}

/* --- pushing ----------------------------------------------------------------------------------------------------- */

struct push {
	struct office *office;
	struct transfer t;
	struct net *net;
	bool *there; /* by index: the partner holds it */
	bool complete, paused;
	struct fault fault;
};

static enum err ask_status(struct push *p)
{
	struct buf answer = BUF_INIT(STATUS_LIMIT);
	json_t *status CLEANUP(json_decrefp) = NULL;
	char url[400];
	int code = 0;
	size_t i;
	const json_t *range;
	snprintf(url, sizeof(url), "%s/exchange/v1/files/%s", p->t.url, p->t.id);
	enum err e = net_send(p->net, &(struct net_request) { "GET", url, NULL, NULL, 0 }, &code, &answer, &p->fault);
	if (!e && code != 200)
		e = fault_set(
		    &p->fault, ERR_UNREACHABLE, NULL, N_("The partner does not expect this file at the moment."), NULL);
	if (!e)
		e = json_parse(answer.data, answer.len, STATUS_LIMIT, &status, &p->fault);
	buf_done(&answer);
	if (e)
		return e;
	p->complete = json_bool_or(status, "complete", false) || json_bool_or(status, "have", false);
	json_array_foreach(json_object_get(status, "received"), i, range)
	{
		json_int_t from = json_integer_value(json_array_get(range, 0)),
			   to = json_integer_value(json_array_get(range, 1));
		for (json_int_t n = from < 0 ? 0 : from; n <= to && n < p->t.chunks; n++)
			p->there[n] = true;
	}
	return OK;
}

static enum err push_chunk(struct push *p, int64_t index, uint8_t *plain, uint8_t *sealed)
{
	struct buf answer = BUF_INIT(STATUS_LIMIT);
	char url[440];
	uint8_t id[16];
	int code = 0;
	size_t len = chunk_size(&p->t, index);
	if (blob_read(p->office->db, p->t.sha256, index * BLOB_CHUNK, plain, len) != (int64_t)len)
		return ERR_STORE;
	file_id(&p->t, id);
	chunk_seal(sealed, p->t.key, id, (uint64_t)index, index == p->t.chunks - 1, plain, len);
	snprintf(url, sizeof(url), "%s/exchange/v1/files/%s/%lld", p->t.url, p->t.id, (long long)index);
	const struct net_request rq = { "PUT", url, "application/octet-stream", sealed, len + CHUNK_TAG };
	enum err e = net_send(p->net, &rq, &code, &answer, &p->fault);
	buf_done(&answer);
	if (!e && code != 204 && code != 409)
		e = fault_set(
		    &p->fault, ERR_UNREACHABLE, NULL, N_("The partner did not take a piece of the file."), NULL);
	return e;
}

/* Some of what is missing; a file that has more goes on in its next turn. */
static enum err push_missing(struct push *p, uint8_t *plain, uint8_t *sealed)
{
	enum err e = OK;
	int pushed = 0;
	for (int64_t i = 0; !e && i < p->t.chunks; i++) {
		if (p->there[i])
			continue;
		p->paused = pushed == TURN_CHUNKS || job_stopping(p->office);
		if (p->paused)
			return OK;
		e = push_chunk(p, i, plain, sealed);
		pushed++;
	}
	return e;
}

static enum err push_turn(struct push *p)
{
	uint8_t *plain CLEANUP(free_ptr) = malloc(BLOB_CHUNK),
		       *sealed CLEANUP(free_ptr) = malloc(BLOB_CHUNK + CHUNK_TAG);
	if (!plain || !sealed)
		return ERR_MEMORY;
	enum err e = ask_status(p);
	if (!e && !p->complete)
		e = push_missing(p, plain, sealed);
	if (e || p->paused)
		return e;
	/* Only the partner's own word ends it: its digest may not have held. */
	if (!p->complete) {
		memset(p->there, 0, (size_t)p->t.chunks);
		e = ask_status(p);
	}
	if (!e && !p->complete)
		e = fault_set(
		    &p->fault, ERR_UNREACHABLE, NULL, N_("The partner has not confirmed the whole file yet."), NULL);
	return e;
}

struct mark_work {
	const struct transfer *t;
	const char *error;
	int64_t next_try;
};

static enum err mark_complete(struct db_tx *tx, void *arg)
{
	const struct mark_work *work = arg;
	return db_run(
	    tx, &sql_transfer_state, DB_ARGS(db_text(work->t->id), db_text("out"), db_text("complete"), db_text("")));
}

static enum err mark_retry(struct db_tx *tx, void *arg)
{
	const struct mark_work *work = arg;
	return db_run(
	    tx, &sql_transfer_retry, DB_ARGS(db_text(work->t->id), db_int(work->next_try), db_text(work->error)));
}

static enum err mark_paused(struct db_tx *tx, void *arg)
{
	const struct mark_work *work = arg;
	return db_run(tx, &sql_transfer_paused, DB_ARGS(db_text(work->t->id), db_int(work->next_try)));
}

static enum err push_file(struct office *office, struct net *net, const char *id)
{
	struct load_work loaded = { .id = id, .direction = "out" };
	enum err e = db_read(office->db, load, &loaded);
	if (e)
		return e;
	struct push p = { .office = office, .t = loaded.t, .net = net };
	p.there = calloc((size_t)p.t.chunks + 1, 1);
	e = p.there ? push_turn(&p) : ERR_MEMORY;
	free(p.there);
	struct mark_work mark = { &p.t, p.fault.key ? p.fault.key : err_sentence(e),
		now_ms() + retry_delay_ms((int)p.t.attempts + 1) };
	if (!e && p.paused)
		mark.next_try = now_ms();
	return db_write(office->db, e ? mark_retry : p.paused ? mark_paused : mark_complete, &mark);
}

struct due_work {
	int64_t now;
	char id[64][33];
	size_t n;
};

static enum err load_due(struct db_tx *tx, void *arg)
{
	struct due_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_transfer_due, DB_ARGS(db_int(work->now)), &rows);
	work->n = 0;
	while (!e && work->n < ARRAY_LEN(work->id) && db_next(rows))
		copy_text(work->id[work->n++], 33, db_col_text(rows, 0));
	return e ? e : db_rows_error(rows);
}

enum err transfer_run(struct office *office, int64_t now)
{
	struct due_work work = { .now = now };
	enum err e = db_read(office->db, load_due, &work);
	struct net *net = e || work.n == 0 ? NULL : net_new();
	/* Each turn ends a file, moves it into the future or brings it forward, so that this ends. */
	while (net && !e && work.n > 0 && !job_stopping(office)) {
		for (size_t i = 0; !e && i < work.n && !job_stopping(office); i++)
			e = push_file(office, net, work.id[i]);
		work.now = now_ms();
		if (!e)
			e = db_read(office->db, load_due, &work);
	}
	net_free(net);
	return e;
}

/* --- erasing ------------------------------------------------------------------------------------------------------ */

struct over_work {
	int64_t now;
	struct over {
		char id[33];
		int64_t referral_id;
	} at[50];
	size_t n;
};

static enum err find_over(struct db_tx *tx, void *arg)
{
	struct over_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_transfer_over, DB_NO_ARGS, &rows);
	for (work->n = 0; !e && work->n < ARRAY_LEN(work->at) && db_next(rows); work->n++) {
		copy_text(work->at[work->n].id, sizeof(work->at->id), db_col_text(rows, 0));
		work->at[work->n].referral_id = db_col_int(rows, 1);
	}
	return e ? e : db_rows_error(rows);
}

static enum err erase_one(struct db_tx *tx, const struct over *over, int64_t now)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "transfer", over->id);
	enum err e = journal_write(
	    tx, now, "system", "transfer.erase", journal_object(object, "referral", over->referral_id), payload);
	if (!e)
		e = db_run(tx, &sql_transfer_chunks_delete, DB_ARGS(db_text(over->id)));
	return e ? e
		 : db_run(tx, &sql_transfer_state,
		       DB_ARGS(db_text(over->id), db_text("in"), db_text("broken"),
			   db_text(
			       N_("The referral ended before the whole file was there. What had come was erased."))));
}

static enum err erase_over(struct db_tx *tx, void *arg)
{
	struct over_work *work = arg;
	enum err e = find_over(tx, work);
	for (size_t i = 0; !e && i < work->n; i++)
		e = erase_one(tx, &work->at[i], work->now);
	return e;
}

enum err transfer_sweep(struct office *office, int64_t now)
{
	struct over_work work = { .now = now };
	enum err e = db_read(office->db, find_over, &work);
	return e || work.n == 0 ? e : db_write(office->db, erase_over, &work);
}

/* --- for pages --------------------------------------------------------------------------------------------------- */

enum err transfer_list(struct db_tx *tx, struct office *office, enum lang lang, int64_t referral_id, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct arena *arena = arena_new(0);
	json_t *list = json_array();
	enum err e = db_query(tx, &sql_transfer_of_referral, DB_ARGS(db_int(referral_id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		enum transfer_state state = state_of(db_col_text(rows, 5));
		int64_t chunks = db_col_int(rows, 6), got = db_col_int(rows, 8);
		json_put_bool(one, "incoming", !strcmp(db_col_text(rows, 1), "in"));
		json_put_str(one, "name", db_col_text(rows, 2));
		json_put_str(one, "size", file_size_text(arena, lang, db_col_int(rows, 4)));
		json_put_str(one, "state", text_get(lang, state_words[state]));
		json_put_bool(one, "complete", state == TRANSFER_COMPLETE);
		json_put_int(one, "percent", state == TRANSFER_COMPLETE ? 100 : chunks ? got * 100 / chunks : 0);
		json_put_str(one, "error", *db_col_text(rows, 7) ? text_get(lang, db_col_text(rows, 7)) : NULL);
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
