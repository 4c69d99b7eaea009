/*
 * Lists of cases for staff: the queue of a state or of an officer, oldest first, and the search, newest first. Pages go
 * by key: however many cases there are, a page reads one row more than it shows. A name is shown only to whoever may
 * read the case, and that is computed from the row and the reader, without another statement.
 *
 *     struct queue_ask ask;
 *     queue_ask_parse(profile, actor, "received", request_query(rq, "after"), request_query(rq, "before"), &ask);
 *     e = queue_list(&act, lang, &ask, view);
 */
#ifndef SULH_CASEWORK_QUEUE_H
#define SULH_CASEWORK_QUEUE_H

#include "casework/casefile.h"

#define QUEUE_PAGE 50

struct queue_ask {
	bool mine; /* assigned to the reader and open; else all in `state` */
	const struct state *state;
	bool back;              /* the page before the key instead of the one after it */
	bool keyed;             /* false: the first page */
	int64_t key_at, key_id; /* received_at and id of the row next to the page */
};

/* From an address: `of` is a state's key or "mine" (NULL: what suits the reader's roles), `after` and `before` are keys
 * as the view's links hold them. ERR_INVALID for anything else. */
enum err queue_ask_parse(const struct profile *, const struct actor *, const char *of, const char *after,
    const char *before, struct queue_ask *ret_ask, struct fault *) MUST_CHECK;

/* Adds rows[], has_rows, tabs[{code, tab_label, case_count, chosen}], newer and older (keys, absent at the ends). */
enum err queue_list(const struct casefile_act *, enum lang, const struct queue_ask *, json_t *view) MUST_CHECK;

/* All words must be there, in the folded form of text_fold; a case number finds its case. Only cases that the reader
 * may read. Adds rows[], has_rows, q, more (there are over QUEUE_PAGE). */
enum err queue_search(const struct casefile_act *, enum lang, const char *words, json_t *view) MUST_CHECK;

/* What somebody typed as a query that FTS5 cannot misread: each folded word quoted. "" when nothing is left. */
char *queue_match(struct arena *, const char *typed);

#endif
