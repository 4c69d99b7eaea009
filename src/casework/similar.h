/*
 * Closed cases of the own archive that are most like a case, by the rare words that they share, with how they ended and
 * the words used then (requirement 27). No outside service; only cases that the reader may read.
 *
 * At most SIMILAR_WORDS words are asked for, at most 200 cases each, so that the work does not grow with the archive.
 */
#ifndef SULH_CASEWORK_SIMILAR_H
#define SULH_CASEWORK_SIMILAR_H

#include "casework/list.h"

#define SIMILAR_WORDS 12
#define SIMILAR_SHOWN 10
#define SIMILAR_KNOWN 200 /* a word that so many cases have says nothing about any of them */

/* The words to ask for, the longest first: folded, without numbers and short words. Pure. */
size_t similar_words(struct arena *, const char *folded, const char *ret_word[SIMILAR_WORDS]);

/* One case and how much it is alike: words shared by fewer count more. Pure. */
struct similar {
	int64_t id;
	double weight;
	unsigned words; /* bits: which of the words it has */
};
/* Adds a case that has the word; `known` cases have it. `n` cases so far, room for `room`. */
void similar_add(struct similar *, size_t *n, size_t room, int64_t id, unsigned word, size_t known);
void similar_sort(struct similar *, size_t n);

/* Adds similar[{… list_row, shared[], closing_text, finding_text}], has_similar. */
enum err similar_put(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;

#endif
