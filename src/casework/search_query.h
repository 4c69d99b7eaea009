/*
 * What somebody typed into a search, as terms, and the terms as a query of either engine's full text. Pure: any bytes
 * give a query that the engine cannot misread, because only folded letters and digits go into it (trap 18).
 *
 *     wages passport        both words           "old passport"   the words one after another
 *     pass*                 words that begin so  -embassy         cases without the word
 *     name:aliyeva          in a person's name   body:railways    in the name of the body complained of
 *     number:WMS-2026-7     the case itself      a number alone finds its case, too
 *
 * The names of the fields may be written in all four languages. docs/search.md tells people.
 */
#ifndef SULH_CASEWORK_SEARCH_QUERY_H
#define SULH_CASEWORK_SEARCH_QUERY_H

#include "base/json.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define SEARCH_TERMS_MAX 12
#define SEARCH_TYPED_MAX 200 /* characters */
#define SEARCH_PREFIX_MIN 3  /* letters: fewer would be half of the dictionary */

enum search_field { SEARCH_EVERYWHERE, SEARCH_PEOPLE, SEARCH_BODY, SEARCH_NUMBER, SEARCH_FIELD_MAX };

struct search_term {
	enum search_field field;
	const char *folded; /* words parted by one space; several are a phrase. A number as it was typed */
	bool prefix;        /* its last word is only a beginning */
	bool without;       /* cases that do not have it */
};

struct search_query {
	struct search_term term[SEARCH_TERMS_MAX];
	size_t n;
	size_t wanted; /* terms that are not `without`; none: nothing is looked for */
	bool cut;      /* more was typed than is looked for */
};

void search_parse(struct arena *, const char *typed, struct search_query *ret_query);
const char *search_number(const struct search_query *); /* what stands behind number:, or NULL */

/* The same question to SQLite's FTS5 or PostgreSQL's tsquery, and through which doors: `doors` and `not` end with NULL
 * and hold keys of our own ("unit:lahore", "staff:3"). "" when nothing is looked for. */
char *search_match(struct arena *, enum db_engine, const struct search_query *, const char *const *doors,
    const char *const *not_doors);

/* A few words of `text` around the first hit: [{part, hit}]. Words that do not stand in `known` (folded, parted by
 * spaces; NULL: all do) are shown as "…": the index never held a withheld name, so neither does the snippet. NULL when
 * nothing of the text was hit. */
json_t *search_snippet(struct arena *, const struct search_query *, const char *text, const char *known);

#endif
