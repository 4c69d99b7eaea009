/* Walks the journal from its first entry: order, commitments, chain, and our own signatures over it. */
#include "base/id.h"
#include "base/progress.h"
#include "base/util.h"
#include "crypto/envelope.h"
#include "crypto/hashchain.h"
#include "journal.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct checkpoint {
	int64_t seq;
	uint8_t hash[SHA256_SIZE];
};

struct walk {
	const struct public_keys *keys;
	struct progress *progress;
	struct fault *fault;
	int64_t seq; /* last one walked */
	uint8_t hash[SHA256_SIZE];
	struct checkpoint *checkpoints;
	size_t count, next;
	bool more;
};

static enum err fault_at(struct walk *walk, int64_t seq, const char *key)
{
	char where[64];
	return fault_set(walk->fault, ERR_UNTRUSTED, journal_object(where, "journal", seq), key, NULL);
}

static enum err read_checkpoint(struct walk *walk, int64_t seq, const char *jws, struct checkpoint *ret)
{
	json_t *header = NULL, *body = NULL;
	char *payload CLEANUP(free_ptr) = NULL;
	size_t len;
	if (!jws || jws_verify(walk->keys, "sulh-checkpoint+jws", jws, &header, &payload, &len, NULL))
		return fault_at(walk, seq, N_("The signature of the checkpoint is not ours."));
	json_decref(header);
	if (json_parse(payload, len, JSON_TEXT_LIMIT, &body, NULL))
		return fault_at(walk, seq, N_("The checkpoint cannot be read."));
	const char *hash = json_str_or(body, "hash", "");
	bool right = json_int_or(body, "seq", -1) == seq && hex_decode(ret->hash, SHA256_SIZE, hash);
	ret->seq = seq;
	json_decref(body);
	return right ? OK : fault_at(walk, seq, N_("The checkpoint speaks of another entry."));
}

static enum err load_checkpoints(struct db_tx *tx, void *arg)
{
	struct walk *walk = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_checkpoint_all, DB_NO_ARGS, &rows);
	walk->count = 0;
	while (!e && db_next(rows)) {
		struct checkpoint *grown = realloc(walk->checkpoints, (walk->count + 1) * sizeof(*grown));
		if (!grown)
			return ERR_MEMORY;
		walk->checkpoints = grown;
		e = read_checkpoint(walk, db_col_int(rows, 0), db_col_text(rows, 1), &grown[walk->count]);
		if (!e)
			walk->count++;
	}
	return e ? e : db_rows_error(rows);
}

/* The commitment stays where content was erased; that it was meant to go is what a later entry says. */
static enum err check_erased(struct walk *walk, struct db_tx *tx, int64_t seq)
{
	char object[64];
	int64_t told = 0;
	enum err e = db_get_int(
	    tx, &sql_journal_erasures, DB_ARGS(db_text(journal_object(object, "journal", seq)), db_int(seq)), &told);
	if (e)
		return e;
	return told ? OK
		    : fault_at(walk, seq, N_("The entry's content is gone, and no later entry says who erased it."));
}

static enum err check_payload(
    struct walk *walk, struct db_tx *tx, const struct db_rows *rows, const struct chain_entry *entry)
{
	size_t salt_len;
	const void *salt = db_col_blob(rows, 5, &salt_len);
	const char *payload = db_col_text(rows, 6);
	uint8_t commitment[SHA256_SIZE];
	if (!salt && !payload)
		return check_erased(walk, tx, entry->seq);
	if (!salt || !payload || salt_len != SALT_SIZE)
		return fault_at(walk, entry->seq, N_("The entry is half erased."));
	chain_commit(commitment, salt, payload, strlen(payload));
	if (!bytes_equal(commitment, entry->commitment, SHA256_SIZE))
		return fault_at(walk, entry->seq, N_("The entry's content was changed."));
	return OK;
}

static enum err check_checkpoint(struct walk *walk)
{
	if (walk->next >= walk->count || walk->checkpoints[walk->next].seq != walk->seq)
		return OK;
	if (!bytes_equal(walk->checkpoints[walk->next].hash, walk->hash, SHA256_SIZE))
		return fault_at(walk, walk->seq, N_("The chain here is not the one that was signed."));
	walk->next++;
	return OK;
}

static enum err check_entry(struct walk *walk, struct db_tx *tx, const struct db_rows *rows)
{
	struct chain_entry entry = { .seq = db_col_int(rows, 0),
		.at = db_col_int(rows, 1),
		.actor = db_col_text(rows, 2),
		.act = db_col_text(rows, 3),
		.object = db_col_text(rows, 4) };
	size_t commitment_len, hash_len;
	const void *commitment = db_col_blob(rows, 7, &commitment_len);
	if (entry.seq != walk->seq + 1)
		return fault_at(walk, walk->seq + 1, N_("An entry is missing."));
	if (commitment_len != SHA256_SIZE || !entry.actor || !entry.act || !entry.object)
		return fault_at(walk, entry.seq, N_("The entry is damaged."));
	memcpy(entry.commitment, commitment, SHA256_SIZE);
	enum err e = check_payload(walk, tx, rows, &entry);
	if (e)
		return e;
	uint8_t hash[SHA256_SIZE];
	chain_next(hash, walk->hash, &entry);
	const void *stored = db_col_blob(rows, 8, &hash_len);
	if (hash_len != SHA256_SIZE || !bytes_equal(hash, stored, SHA256_SIZE))
		return fault_at(walk, entry.seq, N_("The chain is broken: this entry or one before it was changed."));
	walk->seq = entry.seq;
	memcpy(walk->hash, hash, SHA256_SIZE);
	return check_checkpoint(walk);
}

static enum err walk_page(struct db_tx *tx, void *arg)
{
	struct walk *walk = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_journal_page, DB_ARGS(db_int(walk->seq)), &rows);
	int64_t before = walk->seq;
	while (!e && db_next(rows))
		e = check_entry(walk, tx, rows);
	if (!e)
		e = db_rows_error(rows);
	progress_step(walk->progress, walk->seq - before);
	walk->more = walk->seq != before;
	return e;
}

static enum err count_entries(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_journal_count, DB_NO_ARGS, arg);
}

enum err journal_verify(struct db *db, const struct public_keys *keys, struct progress *progress, struct fault *fault)
{
	struct walk walk = { .keys = keys, .progress = progress, .fault = fault, .more = true };
	int64_t total = 0;
	enum err e = db_read(db, count_entries, &total);
	if (e)
		return e;
	progress_begin(progress, N_("Journal"), total);
	e = db_read(db, load_checkpoints, &walk);
	while (!e && walk.more)
		e = db_read(db, walk_page, &walk);
	if (!e && walk.next < walk.count)
		e = fault_at(&walk, walk.checkpoints[walk.next].seq,
		    N_("Entries that were signed are missing at the end of the journal."));
	/* How old an entry without a signature is proves nothing: a server that was killed leaves some. But the first
	 * was signed when the office was made. */
	if (!e && !walk.count)
		e = fault_at(&walk, walk.seq, N_("No signature over the journal is there: they were taken out."));
	free(walk.checkpoints);
	progress_end(progress);
	return e;
}
