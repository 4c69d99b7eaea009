/* Drafts: kept by the digest of a cookie, gone when sent or a day old. */
#include "casework/draft.h"

#include "base/util.h"
#include "crypto/crypto.h"
#include "draft.sql.h"
#include "office/blob.h"

#include <stdlib.h>
#include <string.h>

#define SWEEP_PIECE 50 /* drafts a transaction: as many as draft_old gives */

void draft_id(char out[SHA256_HEX], const char *cookie)
{
	sha256_hex(out, cookie, strlen(cookie));
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static enum err load_files(struct db_tx *tx, struct arena *arena, struct draft *draft)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_draft_file_list, DB_ARGS(db_text(draft->id)), &rows);
	size_t room = 0;
	while (!e && db_next(rows)) {
		if (draft->file_count == room) {
			struct document_new *more = arena_alloc(arena, (room = room * 2 + 8) * sizeof(*more));
			if (draft->file_count)
				memcpy(more, draft->files, draft->file_count * sizeof(*more));
			draft->files = more;
		}
		draft->files[draft->file_count++] =
		    (struct document_new) { .name = arena_strdup(arena, db_col_text(rows, 0)),
			    .type = arena_strdup(arena, db_col_text(rows, 1)),
			    .size = db_col_int(rows, 2),
			    .sha256 = arena_strdup(arena, db_col_text(rows, 3)),
			    .origin = "person" };
	}
	return e ? e : db_rows_error(rows);
}

static enum err read_data(struct arena *arena, const char *text, struct draft *draft)
{
	json_t *data = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &data, NULL))
		return ERR_STORE;
	json_owned(arena, data);
	draft->ready = json_bool_or(data, "ready", false);
	draft->values = json_object_get(data, "values");
	if (!draft->values)
		draft->values = json_owned(arena, json_object());
	return OK;
}

enum err draft_load(struct db_tx *tx, struct arena *arena, const char *id, struct draft *ret_draft)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct draft draft = { 0 };
	enum err e = db_query(tx, &sql_draft_by_id, DB_ARGS(db_text(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	copy_text(draft.id, sizeof(draft.id), id);
	draft.created_at = db_col_int(rows, 1);
	draft.casefile_id = db_col_int(rows, 2);
	e = read_data(arena, db_col_text(rows, 0), &draft);
	if (!e)
		e = load_files(tx, arena, &draft);
	if (!e)
		*ret_draft = draft;
	return e;
}

/* --- changing ---------------------------------------------------------------------------------------------------- */

/* Takes the file off the draft; its bytes go with it when no case, draft or other room holds the same. */
static enum err drop_file(struct db_tx *tx, const char *id, const char *sha256)
{
	const struct casework_plugin *plugin = casework_plugged();
	int64_t holders, changed;
	bool needed = false;
	enum err e = db_run_count(tx, &sql_draft_file_delete, DB_ARGS(db_text(id), db_text(sha256)), &changed);
	if (e || !changed)
		return e;
	e = db_get_int(tx, &sql_draft_file_holders, DB_ARGS(db_text(sha256)), &holders);
	if (!e && !holders && plugin && plugin->blob_needed)
		e = plugin->blob_needed(tx, sha256, &needed);
	return e || holders || needed ? e : blob_drop(tx, sha256);
}

static enum err add_file(struct db_tx *tx, const char *id, const struct document_new *file)
{
	bool complete = false;
	enum err e = blob_exists(tx, file->sha256, &complete);
	if (!e && !complete)
		e = ERR_CONFLICT; /* the same bytes were just swept with somebody's old draft */
	return e ? e
		 : db_run(tx, &sql_draft_file_insert,
		       DB_ARGS(db_text(id), db_text(file->sha256), db_text(file->name), db_text(file->type),
			   db_int(file->size)));
}

static char *data_text(const struct draft_change *change)
{
	json_t *data = json_object();
	json_put_bool(data, "ready", change->ready);
	json_object_set(data, "values", (json_t *)(uintptr_t)change->values);
	char *text = json_compact_text(data);
	json_decref(data);
	return text;
}

/* Taken off and sent with the same form: it stays. */
static bool sent_again(const struct draft_change *change, const char *sha256)
{
	for (size_t i = 0; i < change->added_count; i++)
		if (!strcmp(change->added[i].sha256, sha256))
			return true;
	return false;
}

enum err draft_save(struct db_tx *tx, const struct draft_change *change)
{
	char *text CLEANUP(free_ptr) = data_text(change);
	int64_t changed;
	if (!text)
		return ERR_MEMORY;
	enum err e = db_run_count(
	    tx, &sql_draft_keep, DB_ARGS(db_text(change->id), db_text(text), db_int(change->now)), &changed);
	if (!e && !changed)
		e = ERR_CONFLICT;
	for (size_t i = 0; !e && i < change->added_count; i++)
		e = add_file(tx, change->id, &change->added[i]);
	for (size_t i = 0; !e && i < change->removed_count; i++)
		if (!sent_again(change, change->removed[i]))
			e = drop_file(tx, change->id, change->removed[i]);
	return e;
}

static enum err list_files(struct db_tx *tx, struct arena *arena, const char *id, struct draft *ret)
{
	copy_text(ret->id, sizeof(ret->id), id);
	return load_files(tx, arena, ret);
}

enum err draft_set_sent(struct db_tx *tx, const char *id, int64_t casefile_id)
{
	struct arena *arena = arena_new(0);
	struct draft draft = { 0 };
	enum err e = db_run(tx, &sql_draft_set_sent, DB_ARGS(db_text(id), db_int(casefile_id)));
	if (!e)
		e = list_files(tx, arena, id, &draft);
	for (size_t i = 0; !e && i < draft.file_count; i++)
		e = drop_file(tx, id, draft.files[i].sha256);
	arena_free(arena);
	return e;
}

/* --- sweeping ---------------------------------------------------------------------------------------------------- */

struct sweep_work {
	int64_t before;
	size_t n;
};

static enum err remove_draft(struct db_tx *tx, struct arena *arena, const char *id)
{
	struct draft draft = { 0 };
	enum err e = list_files(tx, arena, id, &draft);
	for (size_t i = 0; !e && i < draft.file_count; i++)
		e = drop_file(tx, id, draft.files[i].sha256);
	return e ? e : db_run(tx, &sql_draft_delete, DB_ARGS(db_text(id)));
}

static enum err old_ones(struct db_tx *tx, int64_t before, char ids[SWEEP_PIECE][SHA256_HEX], size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(tx, &sql_draft_old, DB_ARGS(db_int(before)), &rows);
	while (!e && n < SWEEP_PIECE && db_next(rows))
		copy_text(ids[n++], SHA256_HEX, db_col_text(rows, 0));
	*ret_n = n;
	return e ? e : db_rows_error(rows);
}

static enum err sweep_piece(struct db_tx *tx, void *arg)
{
	struct sweep_work *work = arg;
	struct arena *arena = arena_new(0);
	char ids[SWEEP_PIECE][SHA256_HEX];
	enum err e = old_ones(tx, work->before, ids, &work->n);
	for (size_t i = 0; !e && i < work->n; i++)
		e = remove_draft(tx, arena, ids[i]);
	arena_free(arena);
	return e;
}

enum err draft_sweep(struct office *office, int64_t now)
{
	struct sweep_work work = { .before = now - DRAFT_LIFE_MS, .n = SWEEP_PIECE };
	enum err e = OK;
	while (!e && work.n == SWEEP_PIECE)
		e = db_write(office->db, sweep_piece, &work);
	return e;
}

static const struct job jobs[] = {
	{ "casework.drafts", 3600 * 1000, draft_sweep, "Removes complaints that were begun a day ago and not sent." },
};
const struct job_table draft_jobs = { jobs, ARRAY_LEN(jobs) };
