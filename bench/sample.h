/*
 * Invented complaints for measuring: the same number always makes the same complaint, about 1.5 kB of Urdu or English
 * whose words are as unevenly frequent as in real text, so that the full-text index does real work.
 *
 *     struct arena *arena = arena_new(0);
 *     struct intake in = sample_complaint(arena, office->profile, 17);
 */
#ifndef SULH_BENCH_SAMPLE_H
#define SULH_BENCH_SAMPLE_H

#include "casework/intake.h"

struct intake sample_complaint(struct arena *, const struct profile *, uint64_t number);
/* The same as the JSON that POST /api/v1/complaints takes; free() it. */
char *sample_json(struct arena *, const struct profile *, uint64_t number);

#endif
