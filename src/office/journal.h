/*
 * The journal: what was done and what was read, append-only, chained over salted commitments (crypto/hashchain.h),
 * written in the transaction of what it records.
 *
 *     e = journal_write(tx, now, actor->tag, "casefile.register", "casefile:17", payload);   payload stolen
 *
 * Reads of personal data go through journal_read_later: a page is not held up by a commit; one thread writes what has
 * gathered every JOURNAL_FLUSH_MS at the latest, and office_close waits for it.
 */
#ifndef SULH_OFFICE_JOURNAL_H
#define SULH_OFFICE_JOURNAL_H

#include "base/json.h"
#include "crypto/keys.h"
#include "db/db.h"

#define JOURNAL_FLUSH_MS 50
#define JOURNAL_LOCK 1 /* db_lock number */

/* `payload` (an object, may be NULL) is stolen even on failure. `object` is built with journal_object. */
enum err journal_write(
    struct db_tx *, int64_t now, const char *actor, const char *act, const char *object, json_t *payload) MUST_CHECK;
const char *journal_object(char out[64], const char *kind, int64_t id); /* "casefile:17" */

struct journal_reader; /* the thread that writes reads */
enum err journal_reader_start(struct db *, struct journal_reader **ret_reader) MUST_CHECK;
void journal_reader_stop(struct journal_reader *);
void journal_read_later(struct journal_reader *, int64_t now, const char *actor, const char *act, const char *object);

/* Signs the present end of the chain when it moved since the last checkpoint. */
enum err journal_checkpoint(struct db *, const struct keys *, int64_t now) MUST_CHECK;

/* Walks everything: order, chain, commitments, checkpoints' signatures. The first fault is described in `fault`
 * (field "journal:SEQ"). Content may be missing only where a later entry "journal.erase" names the object
 * "journal:SEQ", and at least one checkpoint is there: office_create signs the first entry. */
struct progress;
enum err journal_verify(struct db *, const struct public_keys *, struct progress *, struct fault *) MUST_CHECK;

#endif
