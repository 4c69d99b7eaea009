/* Writes the journal, gathers reads, signs checkpoints. Verification is in journal_verify.c. */
#include "office/journal.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "crypto/envelope.h"
#include "crypto/hashchain.h"
#include "journal.sql.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *journal_object(char out[64], const char *kind, int64_t id)
{
	snprintf(out, 64, "%s:%" PRId64, kind, id);
	return out;
}

static enum err last_entry(struct db_tx *tx, int64_t *ret_seq, uint8_t ret_hash[SHA256_SIZE])
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_journal_last, DB_NO_ARGS, &rows);
	if (e)
		return e;
	*ret_seq = 0;
	memset(ret_hash, 0, SHA256_SIZE);
	if (!db_next(rows))
		return db_rows_error(rows);
	size_t len;
	const void *hash = db_col_blob(rows, 1, &len);
	if (len != SHA256_SIZE)
		return ERR_STORE;
	*ret_seq = db_col_int(rows, 0);
	memcpy(ret_hash, hash, SHA256_SIZE);
	return OK;
}

static enum err append(struct db_tx *tx, struct chain_entry *entry, const char *payload)
{
	uint8_t previous[SHA256_SIZE], hash[SHA256_SIZE], salt[SALT_SIZE];
	int64_t seq;
	/* The order of the chain is the order of this lock. */
	enum err e = db_lock(tx, JOURNAL_LOCK);
	if (!e)
		e = last_entry(tx, &seq, previous);
	if (e)
		return e;
	entry->seq = seq + 1;
	random_bytes(salt, sizeof(salt));
	chain_commit(entry->commitment, salt, payload, strlen(payload));
	chain_next(hash, previous, entry);
	return db_run(tx, &sql_journal_append,
	    DB_ARGS(db_int(entry->seq), db_int(entry->at), db_text(entry->actor), db_text(entry->act),
		db_text(entry->object), db_blob(salt, sizeof(salt)), db_text(payload),
		db_blob(entry->commitment, SHA256_SIZE), db_blob(hash, SHA256_SIZE)));
}

enum err journal_write(
    struct db_tx *tx, int64_t now, const char *actor, const char *act, const char *object, json_t *payload)
{
	char *text CLEANUP(free_ptr) = payload ? json_canonical_text(payload) : strdup("{}");
	json_decref(payload);
	if (!text)
		return ERR_INTERNAL;
	struct chain_entry entry = { .at = now, .actor = actor, .act = act, .object = object };
	return append(tx, &entry, text);
}

/* --- reads ------------------------------------------------------------------------------------------------------- */

struct read_entry {
	struct read_entry *next;
	int64_t at;
	char actor[48], act[48], object[64];
};

struct journal_reader {
	struct db *db;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct read_entry *first, **last;
	bool stop;
};

static enum err write_reads(struct db_tx *tx, void *arg)
{
	for (const struct read_entry *r = arg; r; r = r->next) {
		struct chain_entry entry = { .at = r->at, .actor = r->actor, .act = r->act, .object = r->object };
		enum err e = append(tx, &entry, "{}");
		if (e)
			return e;
	}
	return OK;
}

static void free_reads(struct read_entry *first)
{
	while (first) {
		struct read_entry *next = first->next;
		free(first);
		first = next;
	}
}

static struct read_entry *take_reads(struct journal_reader *reader, bool *ret_stop)
{
	pthread_mutex_lock(&reader->lock);
	while (!reader->first && !reader->stop)
		pthread_cond_wait(&reader->wake, &reader->lock);
	struct read_entry *first = reader->first;
	reader->first = NULL;
	reader->last = &reader->first;
	*ret_stop = reader->stop;
	pthread_mutex_unlock(&reader->lock);
	return first;
}

static void *write_reads_for_ever(void *arg)
{
	struct journal_reader *reader = arg;
	bool stop = false;
	while (!stop) {
		struct read_entry *first = take_reads(reader, &stop);
		enum err e;
		while (first && (e = db_write(reader->db, write_reads, first))) {
			log_line(LOG_ERROR, "journal: reads of personal data could not be written (%s); trying again",
			    err_slug(e));
			if (stop)
				break;
			nanosleep(&(struct timespec) { .tv_sec = 1 }, NULL);
		}
		free_reads(first);
		if (!stop) /* lets some gather, so that a busy desk costs few commits */
			nanosleep(&(struct timespec) { .tv_nsec = JOURNAL_FLUSH_MS * 1000000L }, NULL);
	}
	return NULL;
}

enum err journal_reader_start(struct db *db, struct journal_reader **ret_reader)
{
	struct journal_reader *reader = calloc(1, sizeof(*reader));
	if (!reader)
		return ERR_MEMORY;
	reader->db = db;
	reader->last = &reader->first;
	pthread_mutex_init(&reader->lock, NULL);
	pthread_cond_init(&reader->wake, NULL);
	if (pthread_create(&reader->thread, NULL, write_reads_for_ever, reader)) {
		free(reader);
		return ERR_MEMORY;
	}
	*ret_reader = reader;
	return OK;
}

void journal_reader_stop(struct journal_reader *reader)
{
	if (!reader)
		return;
	pthread_mutex_lock(&reader->lock);
	reader->stop = true;
	pthread_cond_signal(&reader->wake);
	pthread_mutex_unlock(&reader->lock);
	pthread_join(reader->thread, NULL);
	/* What came between the last take and the stop. */
	if (reader->first && db_write(reader->db, write_reads, reader->first))
		log_line(LOG_ERROR, "journal: the last reads of personal data could not be written");
	free_reads(reader->first);
	pthread_mutex_destroy(&reader->lock);
	pthread_cond_destroy(&reader->wake);
	free(reader);
}

void journal_read_later(
    struct journal_reader *reader, int64_t now, const char *actor, const char *act, const char *object)
{
	struct read_entry *r = calloc(1, sizeof(*r));
	if (!r)
		return;
	r->at = now;
	copy_text(r->actor, sizeof(r->actor), actor);
	copy_text(r->act, sizeof(r->act), act);
	copy_text(r->object, sizeof(r->object), object);
	pthread_mutex_lock(&reader->lock);
	*reader->last = r;
	reader->last = &r->next;
	pthread_cond_signal(&reader->wake);
	pthread_mutex_unlock(&reader->lock);
}

/* --- checkpoints ------------------------------------------------------------------------------------------------- */

struct checkpoint_work {
	const struct keys *keys;
	int64_t now;
};

static enum err last_checkpoint(struct db_tx *tx, int64_t *ret_seq)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_checkpoint_last, DB_NO_ARGS, &rows);
	if (e)
		return e;
	*ret_seq = db_next(rows) ? db_col_int(rows, 0) : 0;
	return db_rows_error(rows);
}

static enum err write_checkpoint(struct db_tx *tx, void *arg)
{
	const struct checkpoint_work *work = arg;
	uint8_t hash[SHA256_SIZE];
	int64_t seq, covered;
	enum err e = db_lock(tx, JOURNAL_LOCK);
	if (!e)
		e = last_entry(tx, &seq, hash);
	if (!e)
		e = last_checkpoint(tx, &covered);
	if (e || seq == covered)
		return e;
	char hex[SHA256_HEX];
	hex_encode(hex, hash, sizeof(hash));
	json_t *body = json_object();
	json_put_int(body, "seq", seq);
	json_put_str(body, "hash", hex);
	json_put_int(body, "at", work->now);
	char *text CLEANUP(free_ptr) = json_canonical_text(body);
	json_decref(body);
	char *jws CLEANUP(free_ptr) = NULL;
	e = jws_sign(work->keys, "sulh-checkpoint+jws", NULL, text, strlen(text), &jws);
	if (e)
		return e;
	return db_run(tx, &sql_checkpoint_add, DB_ARGS(db_int(seq), db_int(work->now), db_text(jws)));
}

enum err journal_checkpoint(struct db *db, const struct keys *keys, int64_t now)
{
	struct checkpoint_work work = { keys, now };
	return db_write(db, write_checkpoint, &work);
}
