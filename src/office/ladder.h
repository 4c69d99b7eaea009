/*
 * What is done about a clock before and after its end, and whom it concerns: the profile's ladder.json
 * after the two steps that every clock has: "soon", as long before the end as the rule warns, and "late", at the end.
 * Pure: when a step is due follows from the clock's end alone, so that a run that was missed loses none.
 *
 *     struct ladder_step step[LADDER_MAX];
 *     size_t n = ladder_of(profile->ladder, profile->ladder_steps, rule, step);
 *     for (size_t i = 0; i < n; i++)
 *             if (now >= ladder_at(&step[i], due_ms)) …
 */
#ifndef SULH_OFFICE_LADDER_H
#define SULH_OFFICE_LADDER_H

#include "office/clock.h"

/* Addressee: the officer who has the case; where nobody has it yet, who registers in its unit. Other addressees are
 * keys of the profile's roles: of a role that reaches as far as a unit, those in the case's unit or the next above it.
 */
#define LADDER_LEAD "lead"

enum ladder_act {
	LADDER_TELL,     /* nothing but the notice */
	LADDER_TRANSFER, /* a complaint that was with the agency first comes to the office */
	LADDER_ACT_MAX
};

struct ladder_step {
	const char *key;           /* "late", "head_after_10_days": told once a clock and end */
	struct names name;         /* none for "soon" and "late": the program has words for them */
	const char *const *clock;  /* rules it is for */
	size_t clocks;             /* 0: every clock of the office */
	int64_t hours;             /* from the clock's end on; negative: before it */
	const char *const *notify; /* LADDER_LEAD or keys of roles */
	size_t notified;
	enum ladder_act act;
};

#define LADDER_MAX 16 /* steps of one clock, the two that every clock has included */
#define LADDER_HOURS_MAX (24 * 366)

/* The steps of one clock, earliest first. `all` is the profile's; at most LADDER_MAX are written. */
size_t ladder_of(
    const struct ladder_step *all, size_t n, const struct clock_rule *, struct ladder_step ret_steps[LADDER_MAX]);
/* When the step is due for a clock that ends then. */
int64_t ladder_at(const struct ladder_step *, int64_t due_ms);
const char *ladder_act_key(enum ladder_act); /* "transfer" */
bool ladder_act_parse(const char *key, enum ladder_act *ret_act);

#endif
