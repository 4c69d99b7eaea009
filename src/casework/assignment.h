/*
 * Who should get a case: the unit by the profile's ordered rules, then the officer by what they know, what they speak,
 * where they work and how much lies on their desk (requirement 18, R-64). A proposal with its reason, never a decision:
 * the head of the unit may choose anybody, with a reason of their own.
 *
 *     const struct assignment_need need = { .subject = "labour_wages", .lang = "ur", .unit = "overseas" };
 *     size_t n = assignment_rank(rules, &need, officers, count, ranks);   // ranks[0] is proposed
 */
#ifndef SULH_CASEWORK_ASSIGNMENT_H
#define SULH_CASEWORK_ASSIGNMENT_H

#include "casework/casefile.h"
#include "office/profile_flow.h"

/* What the case asks for. "" or NULL: nothing known. */
struct assignment_need {
	const char *subject, *lang, *region, *unit;
	bool abroad;      /* the body complained of is in another country */
	int64_t admitted; /* staff.id of who admitted it, where admission and inquiry are kept apart; else 0 */
};

/* Lists are keys between commas, ",labour_wages,women,"; "" knows nothing in particular. */
struct officer {
	int64_t id;
	const char *name, *unit;
	const char *subjects, *langs, *regions;
	int64_t open;    /* cases that they lead now */
	bool in_reach;   /* of the unit proposed, or of one below it */
	bool conflicted; /* kept from this case */
	bool away;       /* somebody else works for them now */
};

/* Why somebody stands where they stand. */
struct assignment_rank {
	const struct officer *officer;
	int64_t points;
	bool knows, speaks, near; /* subject, language, region */
	bool in_unit;
	int64_t average; /* open cases of those who were compared */
};

/* The unit of the first rule whose conditions hold; NULL when the profile has none such. */
const char *assignment_unit(const struct assignment_rules *, const struct assignment_need *);

/*
 * The best first; returns how many. Left out: who is kept from the case, is away, is past the ceiling, does not speak
 * the person's language where that is needed, or admitted the complaint where the profile keeps that apart. Those of
 * the unit are compared among themselves; only when none of them is left, the whole office is. Equal points: the
 * smaller desk first, then the older account. `ret` has room for all officers.
 */
size_t assignment_rank(const struct assignment_rules *, const struct assignment_need *, const struct officer *,
    size_t n, struct assignment_rank *ret);

/* May this officer lead that case? ERR_CONFLICT with the reason: kept from it, or admitted it alone. */
enum err assignment_may_lead(
    const struct assignment_rules *, const struct assignment_need *, const struct officer *, struct fault *) MUST_CHECK;

/* May whoever leads the case admit it? Not alone, where the profile keeps both apart. */
enum err assignment_may_admit(
    const struct assignment_rules *, int64_t lead, bool team, int64_t actor, struct fault *) MUST_CHECK;

/* "Leyla: knows labour, speaks Urdu, 12 open cases; unit average 15." */
char *assignment_reason(
    struct arena *, enum lang, const struct profile *, const struct assignment_need *, const struct assignment_rank *);

/* --- with the database: casework/assignment_db.c --- */

enum err assignment_need_load(
    const struct casefile_act *, const struct casefile *, struct assignment_need *ret_need) MUST_CHECK;
/* Everybody who may lead cases by their role, with their skills, their desk and their conflicts in this case. */
enum err officers_load(const struct casefile_act *, const struct casefile *, const char *unit,
    const struct officer **ret_officers, size_t *ret_n) MUST_CHECK;
/* { unit, unit_name, proposals: [{ id, name, unit_name, points, open, average, reason, first }], has_proposals } */
enum err assignment_propose(
    const struct casefile_act *, enum lang, const struct casefile *, json_t **ret_proposal) MUST_CHECK;

/* The rule for one officer and one case, asked by the door through which every lead comes in (casefile_assign). */
enum err assignment_check_lead(const struct casefile_act *, const struct casefile *, int64_t staff_id, const char *name,
    struct fault *) MUST_CHECK;

/* The same for admitting, asked by casefile_move and by the page. */
enum err assignment_may_admit_it(const struct casefile_act *, const struct casefile *, struct fault *) MUST_CHECK;

struct assignment_new {
	int64_t staff_id;   /* 0: only the unit is given */
	const char *unit;   /* key; "" keeps the one it has */
	const char *reason; /* needed where somebody else was proposed */
	int64_t proposed;   /* whom the form proposed; 0: nobody, or a program that asked for no proposal */
	int64_t version;
};
/* Unit first, then the lead, by the rules above; tells the new lead. */
enum err assignment_give(
    const struct casefile_act *, struct casefile *, const struct assignment_new *, struct fault *) MUST_CHECK;

#endif
