/*
 * Files from people: which kinds an office takes, and how they come from a form into the store.
 *
 *     size_t n;
 *     struct document_new *files = uploads_checked(rq, "files", room, &n, &faults);    what may be kept
 *     e = uploads_store(rq, files, n);                                     their bytes, before the row that names them
 */
#ifndef SULH_CASEWORK_UPLOAD_RULES_H
#define SULH_CASEWORK_UPLOAD_RULES_H

#include "casework/casefile.h"

/* By what libmagic found, never by the name: PDF, photographs, plain text, documents, sound and video. Pure. */
bool upload_type_allowed(const char *type);

/* The files of that form field that may be kept, at most `room` of them; the others each add a fault that names them.
 */
struct document_new *uploads_checked(
    struct request *, const char *field, size_t room, size_t *ret_count, struct faults *);
/* Stores the bytes of every checked file. Nothing refers to them yet. */
enum err uploads_store(struct request *, const struct document_new *, size_t n) MUST_CHECK;
/* In the transaction that will refer to them: ERR_CONFLICT when one has gone meanwhile. */
enum err uploads_present(struct db_tx *, const struct document_new *, size_t n) MUST_CHECK;

#endif
