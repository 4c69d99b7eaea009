/*
 * A complaint being written: what was typed and which files were sent, between the form and "send". Known to nobody but
 * the browser whose cookie names it; sent or a day old, its words are gone and so are files that nothing else needs.
 *
 *     enum err e = draft_load(tx, arena, id, &draft);    ERR_NOT_FOUND: none, or swept
 */
#ifndef SULH_CASEWORK_DRAFT_H
#define SULH_CASEWORK_DRAFT_H

#include "casework/casefile.h"

#define DRAFT_COOKIE "sulh_draft"
#define DRAFT_LIFE_MS (24 * 3600 * INT64_C(1000))
#define DRAFT_SHOW_S 3600 /* number and code can be looked at again for so long after sending */

struct draft {       /* texts live in the arena given to draft_load */
	char id[65]; /* SHA-256 of the cookie, in hex */
	int64_t created_at;
	int64_t casefile_id;        /* 0 until sent */
	bool ready;                 /* passed all rules: may be checked and sent */
	json_t *values;             /* as complaint_values made them; the arena's */
	struct document_new *files; /* origin 'person' */
	size_t file_count;
};

/* The id that belongs to a cookie. */
void draft_id(char out[65], const char *cookie);
enum err draft_load(struct db_tx *, struct arena *, const char *id, struct draft *ret_draft) MUST_CHECK;

struct draft_change {
	const char *id;
	int64_t now;
	bool ready;
	const json_t *values;
	const char *const *removed; /* digests of files to leave out */
	size_t removed_count;
	const struct document_new *added; /* their blobs are stored before */
	size_t added_count;
};
/* Makes or changes it; ERR_CONFLICT when it was sent already or the bytes of an added file have gone. */
enum err draft_save(struct db_tx *, const struct draft_change *) MUST_CHECK;
/* Filed: the words go, the files belong to the case. */
enum err draft_set_sent(struct db_tx *, const char *id, int64_t casefile_id) MUST_CHECK;
/* Removes what is older than DRAFT_LIFE_MS, in small committed pieces. */
enum err draft_sweep(struct office *, int64_t now) MUST_CHECK;

#endif
