/*
 * Bytes by content: files live in the database in chunks of 256 KiB, named by their SHA-256, so that a backup or a
 * standby is whole and the same file is stored once. Written in several small transactions before the one that refers
 * to it, read piece by piece: constant memory for any size.
 */
#ifndef SULH_OFFICE_BLOB_H
#define SULH_OFFICE_BLOB_H

#include "db/db.h"
#include "http/http.h"

#define BLOB_CHUNK 262144

/* Stores what `fd` holds (pread from 0). Does nothing when the blob is there and complete. */
enum err blob_store_fd(struct db *, int fd, int64_t size, const char *sha256, int64_t now) MUST_CHECK;
/* For bytes that arrive in pieces inside somebody else's transactions (exchange). */
enum err blob_put_chunk(struct db_tx *, const char *sha256, int64_t n, const void *data, size_t len) MUST_CHECK;
enum err blob_begin(struct db_tx *, const char *sha256, int64_t size, int64_t now) MUST_CHECK;
enum err blob_finish(
    struct db_tx *, const char *sha256) MUST_CHECK; /* digest over all chunks; ERR_UNTRUSTED if wrong */
enum err blob_exists(struct db_tx *, const char *sha256, bool *ret_complete) MUST_CHECK;
/* Its bytes when it is whole, -1 otherwise. */
enum err blob_size(struct db_tx *, const char *sha256, int64_t *ret_size) MUST_CHECK;
/* Forgets a blob that the caller knows nothing refers to any more. */
enum err blob_drop(struct db_tx *, const char *sha256) MUST_CHECK;
/* Bytes copied into `out` from offset, 0 at the end, -1 on failure. */
int64_t blob_read(struct db *, const char *sha256, int64_t offset, void *out, size_t room);
/* Answers a request with the file, as a download. */
enum err blob_reply(struct reply *, struct db *, const char *sha256, int64_t size, const char *type, const char *name);
/* Every chunk of every blob against its name. */
struct progress;
enum err blob_verify(struct db *, struct progress *, struct fault *) MUST_CHECK;
/* Background: removes blobs that were begun over a day ago and never finished or referred to. */
enum err blob_sweep(struct db *, int64_t now) MUST_CHECK;

#endif
