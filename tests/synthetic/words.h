/*
 * Invented words for invented cases: sentences that people write to an ombudsman, in four languages, names in three
 * scripts, and a generator of numbers that needs nothing but where it begins. Nothing here is anybody's data.
 *
 *     struct draw d = draw_from(seed, number);
 *     char *facts = words_facts(arena, &d, LANG_UR, draw_lognormal(&d, 900, 0.8));
 */
#ifndef SULH_TESTS_SYNTHETIC_WORDS_H
#define SULH_TESTS_SYNTHETIC_WORDS_H

#include "base/arena.h"
#include "text/text.h"

#include <stddef.h>
#include <stdint.h>

struct draw {
	uint64_t state;
};

struct draw draw_from(uint64_t seed, uint64_t number); /* each number begins a sequence of its own */
uint64_t draw_bits(struct draw *);
size_t draw_below(struct draw *, size_t n);    /* 0 … n-1, all alike */
bool draw_chance(struct draw *, double share); /* true in that share of all draws */
double draw_unit(struct draw *);               /* 0 < x < 1 */
/* 0 … n-1, where the k-th comes 1/k² as often as the first: as complaints fall on bodies (Pakistan, 2nd quarter of
 * 2019: 60, 16, 8, 5 per cent …). */
size_t draw_skewed(struct draw *, size_t n);
double draw_lognormal(struct draw *, double median, double sigma);
double draw_exponential(struct draw *, double mean);

struct words_name {
	const char *full, *father; /* given name and family name; the father's name or patronymic */
};
struct words_name words_name(struct arena *, struct draw *, enum lang);
const char *words_place(struct draw *, enum lang);

/* About `bytes` of sentences. */
char *words_facts(struct arena *, struct draw *, enum lang, double bytes);
char *words_remedy(struct arena *, struct draw *, enum lang);
/* One sentence of an office: 'to_person', 'note', 'question', 'reply', 'measure', or of the person: 'from_person'. */
const char *words_line(struct draw *, enum lang, const char *kind);

#endif
