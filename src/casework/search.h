/*
 * What the search knows of each case: one row of folded words (table case_words), written in the transaction that
 * files, writes or answers something. A withheld identity never stands in it, not even where the person's own words
 * spell the name; notes do, mediation and sealed papers do not.
 *
 *     e = search_put(tx, id, &words);              at filing: the words were folded before the transaction
 *     e = search_add(&act, id, message);           as something is written
 *     e = search_rebuild(&act, id);                when what may be known changed: from what the case holds now
 */
#ifndef SULH_CASEWORK_SEARCH_H
#define SULH_CASEWORK_SEARCH_H

#include "casework/casefile.h"

#define SEARCH_CASE_MAX 262144 /* bytes of folded words a case; what is written later is not found by its words */

struct search_words { /* folded */
	const char *people, *body, *words;
};

/* Names in both forms: as written, and without the vowels that Arabic script leaves out. */
char *search_fold_names(struct arena *, const char *names);
/* What a body may be looked for by: its name as written, and the profile's in each language. Not folded. */
const char *search_body_names(struct arena *, struct office *, const char *body_key, const char *body_name);
/* `words` without those that stand in `names` (both folded): pure. */
char *search_without(struct arena *, const char *words, const char *names);

enum err search_put(struct db_tx *, int64_t casefile_id, const struct search_words *) MUST_CHECK;
enum err search_add(const struct casefile_act *, int64_t casefile_id, const char *text) MUST_CHECK;
enum err search_rebuild(const struct casefile_act *, int64_t casefile_id) MUST_CHECK;

/* Background work: words of cases that were filed before there was this index. */
enum err search_catch_up(struct office *, int64_t now) MUST_CHECK;
/* The same: lists and doors of units after the tree of units changed (list_keep.c). */
enum err lists_follow_units(struct office *, int64_t now) MUST_CHECK;

#endif
