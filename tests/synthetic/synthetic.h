/*
 * Invented complaints and invented cases, for the tests and the bench. Everything follows from a seed and the number of
 * the case: lengths are lognormal, bodies are skewed, a case begins on its day within the span and goes as far as its
 * steps take it by `now`, so that states and clocks spread as in an office at work. It goes through the functions of
 * the nouns, many cases in one transaction: journal, tallies, clocks and search are what they would be.
 *
 *     struct synthetic_staff staff;
 *     synthetic_hire(office, 20, &staff, &fault);
 *     const struct synthetic s = { .seed = 1, .count = 10000, .now = now_ms(), .staff = &staff };
 *     synthetic_fill(office, &s, &progress, &fault);
 */
#ifndef SULH_TESTS_SYNTHETIC_H
#define SULH_TESTS_SYNTHETIC_H

#include "casework/intake.h"

#define SYNTHETIC_PASSWORD "a password of nobody"
#define SYNTHETIC_STAFF_MAX 600

/* Rules of intake_check are met. `number` makes it; the same number, the same complaint. */
struct intake synthetic_complaint(struct arena *, const struct profile *, uint64_t seed, uint64_t number);
/* The same as a program sends it to POST /api/v1/complaints; free() it. */
char *synthetic_json(struct arena *, const struct profile *, uint64_t seed, uint64_t number);

/* Logins "head", "registrar1" …, "officer1" …, all with SYNTHETIC_PASSWORD; officers sit in the profile's units. */
struct synthetic_staff {
	int64_t head;
	int64_t registrar[8], officer[SYNTHETIC_STAFF_MAX];
	size_t registrars, officers;
};
enum err synthetic_hire(struct office *, size_t officers, struct synthetic_staff *ret_staff, struct fault *) MUST_CHECK;

struct synthetic {
	uint64_t seed;
	int64_t first, count; /* numbers first … first+count-1 */
	int64_t now;          /* the last complaint comes in about now */
	int64_t span_ms;      /* over which they came in; 0: a year and a half */
	const struct synthetic_staff *staff;
};

struct progress;
enum err synthetic_fill(struct office *, const struct synthetic *, struct progress *, struct fault *) MUST_CHECK;

#endif
