/* Files by content, in chunks, in the database. */
#include "office/blob.h"

#include "base/id.h"
#include "base/progress.h"
#include "base/util.h"
#include "blob.sql.h"
#include "crypto/crypto.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct piece {
	const char *sha256;
	int64_t size, n, now;
	const void *data;
	size_t len;
	bool complete;
};

enum err blob_size(struct db_tx *tx, const char *sha256, int64_t *ret_size)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_blob_find, DB_ARGS(db_text(sha256)), &rows);
	if (e)
		return e;
	*ret_size = db_next(rows) && db_col_int(rows, 1) ? db_col_int(rows, 0) : -1;
	return db_rows_error(rows);
}

enum err blob_exists(struct db_tx *tx, const char *sha256, bool *ret_complete)
{
	int64_t size = -1;
	enum err e = blob_size(tx, sha256, &size);
	if (!e)
		*ret_complete = size >= 0;
	return e;
}

enum err blob_begin(struct db_tx *tx, const char *sha256, int64_t size, int64_t now)
{
	return db_run(tx, &sql_blob_insert, DB_ARGS(db_text(sha256), db_int(size), db_int(now)));
}

enum err blob_put_chunk(struct db_tx *tx, const char *sha256, int64_t n, const void *data, size_t len)
{
	return db_run(tx, &sql_blob_chunk_insert, DB_ARGS(db_text(sha256), db_int(n), db_blob(data, len)));
}

static enum err add_chunk(struct db_tx *tx, struct sha256 *hash, const char *sha256, int64_t n, int64_t *size)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_blob_chunk_read, DB_ARGS(db_text(sha256), db_int(n)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? ERR_STORE : ERR_NOT_FOUND;
	size_t len;
	const void *data = db_col_blob(rows, 0, &len);
	sha256_add(hash, data, len);
	*size += (int64_t)len;
	return OK;
}

/* Hashes the stored chunks; ERR_UNTRUSTED when they are not what the name says. */
static enum err check_content(struct db_tx *tx, const char *sha256, int64_t want)
{
	struct sha256 hash;
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	int64_t size = 0;
	sha256_begin(&hash);
	for (int64_t n = 0; n * BLOB_CHUNK < want; n++) {
		enum err e = add_chunk(tx, &hash, sha256, n, &size);
		if (e)
			return e == ERR_NOT_FOUND ? ERR_UNTRUSTED : e;
	}
	sha256_end(&hash, digest);
	hex_encode(hex, digest, sizeof(digest));
	return size == want && !strcmp(hex, sha256) ? OK : ERR_UNTRUSTED;
}

enum err blob_finish(struct db_tx *tx, const char *sha256)
{
	int64_t size;
	enum err e = db_get_int(tx, &sql_blob_find, DB_ARGS(db_text(sha256)), &size);
	if (!e)
		e = check_content(tx, sha256, size);
	if (!e)
		e = db_run(tx, &sql_blob_complete, DB_ARGS(db_text(sha256)));
	return e;
}

enum err blob_drop(struct db_tx *tx, const char *sha256)
{
	enum err e = db_run(tx, &sql_blob_chunks_delete, DB_ARGS(db_text(sha256)));
	return e ? e : db_run(tx, &sql_blob_drop, DB_ARGS(db_text(sha256)));
}

static enum err begin(struct db_tx *tx, void *arg)
{
	struct piece *piece = arg;
	enum err e = blob_exists(tx, piece->sha256, &piece->complete);
	return e || piece->complete ? e : blob_begin(tx, piece->sha256, piece->size, piece->now);
}

static enum err put(struct db_tx *tx, void *arg)
{
	const struct piece *piece = arg;
	return blob_put_chunk(tx, piece->sha256, piece->n, piece->data, piece->len);
}

static enum err finish(struct db_tx *tx, void *arg)
{
	const struct piece *piece = arg;
	return blob_finish(tx, piece->sha256);
}

static bool read_exactly(int fd, int64_t offset, void *out, size_t len)
{
	size_t got = 0;
	while (got < len) {
		ssize_t n = pread(fd, (char *)out + got, len - got, offset + (int64_t)got);
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

enum err blob_store_fd(struct db *db, int fd, int64_t size, const char *sha256, int64_t now)
{
	struct piece piece = { .sha256 = sha256, .size = size, .now = now };
	enum err e = db_write(db, begin, &piece);
	if (e || piece.complete)
		return e;
	void *chunk CLEANUP(free_ptr) = malloc(BLOB_CHUNK);
	if (!chunk)
		return ERR_MEMORY;
	piece.data = chunk;
	for (; !e && piece.n * BLOB_CHUNK < size; piece.n++) {
		int64_t left = size - piece.n * BLOB_CHUNK;
		piece.len = (size_t)(left < BLOB_CHUNK ? left : BLOB_CHUNK);
		e = read_exactly(fd, piece.n * BLOB_CHUNK, chunk, piece.len) ? db_write(db, put, &piece) : ERR_STORE;
	}
	return e ? e : db_write(db, finish, &piece);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct read_work {
	const char *sha256;
	int64_t offset;
	void *out;
	size_t room;
	int64_t got;
};

static enum err read_chunk(struct db_tx *tx, void *arg)
{
	struct read_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(
	    tx, &sql_blob_chunk_read, DB_ARGS(db_text(work->sha256), db_int(work->offset / BLOB_CHUNK)), &rows);
	work->got = 0;
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	size_t len, from = (size_t)(work->offset % BLOB_CHUNK);
	const char *data = db_col_blob(rows, 0, &len);
	if (from >= len)
		return OK;
	work->got = (int64_t)(len - from < work->room ? len - from : work->room);
	memcpy(work->out, data + from, (size_t)work->got);
	return OK;
}

int64_t blob_read(struct db *db, const char *sha256, int64_t offset, void *out, size_t room)
{
	struct read_work work = { sha256, offset, out, room, 0 };
	return db_read(db, read_chunk, &work) ? -1 : work.got;
}

struct download {
	struct db *db;
	char sha256[SHA256_HEX];
};

static int64_t download_read(void *source, int64_t offset, void *out, size_t room)
{
	const struct download *download = source;
	return blob_read(download->db, download->sha256, offset, out, room);
}

enum err blob_reply(
    struct reply *rp, struct db *db, const char *sha256, int64_t size, const char *type, const char *name)
{
	struct download *download = calloc(1, sizeof(*download));
	if (!download)
		return ERR_MEMORY;
	download->db = db;
	copy_text(download->sha256, sizeof(download->sha256), sha256);
	return reply_stream(rp, type, name, size, download_read, free, download);
}

/* --- upkeep ------------------------------------------------------------------------------------------------------ */

struct sweep_work {
	int64_t before;
};

static enum err sweep(struct db_tx *tx, void *arg)
{
	const struct sweep_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char names[50][SHA256_HEX];
	size_t n = 0;
	enum err e = db_query(tx, &sql_blob_unfinished, DB_ARGS(db_int(work->before)), &rows);
	while (!e && n < ARRAY_LEN(names) && db_next(rows))
		copy_text(names[n++], SHA256_HEX, db_col_text(rows, 0));
	if (!e)
		e = db_rows_error(rows);
	for (size_t i = 0; !e && i < n; i++) {
		e = db_run(tx, &sql_blob_chunks_delete, DB_ARGS(db_text(names[i])));
		if (!e)
			e = db_run(tx, &sql_blob_delete, DB_ARGS(db_text(names[i])));
	}
	return e;
}

enum err blob_sweep(struct db *db, int64_t now)
{
	struct sweep_work work = { now - 24 * 3600 * INT64_C(1000) };
	return db_write(db, sweep, &work);
}

struct verify_work {
	struct progress *progress;
	struct fault *fault;
	char last[SHA256_HEX];
	bool more;
};

static enum err verify_page(struct db_tx *tx, void *arg)
{
	struct verify_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_blob_page, DB_ARGS(db_text(work->last)), &rows);
	work->more = false;
	while (!e && db_next(rows)) {
		work->more = true;
		copy_text(work->last, sizeof(work->last), db_col_text(rows, 0));
		e = check_content(tx, work->last, db_col_int(rows, 1));
		if (e == ERR_UNTRUSTED)
			fault_set(work->fault, e, work->last, N_("A stored file is not what its digest says."), NULL);
		progress_step(work->progress, 1);
	}
	return e ? e : db_rows_error(rows);
}

static enum err count(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_blob_count, DB_NO_ARGS, arg);
}

enum err blob_verify(struct db *db, struct progress *progress, struct fault *fault)
{
	struct verify_work work = { .progress = progress, .fault = fault, .more = true };
	int64_t total = 0;
	enum err e = db_read(db, count, &total);
	progress_begin(progress, "Files", total);
	while (!e && work.more)
		e = db_read(db, verify_page, &work);
	progress_end(progress);
	return e;
}
