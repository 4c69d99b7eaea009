/*
 * May this complaint be taken up? The profile puts the tests as questions (admissibility.json); an officer answers each
 * with a reason. Pure rules: what may be proposed from what is known, what the answers together say, what
 * discretion may overrule.
 *
 *     enum screening_verdict verdict = screening_verdict(profile, "complaint", answers, n, &failing);
 */
#ifndef SULH_CASEWORK_ADMISSIBILITY_H
#define SULH_CASEWORK_ADMISSIBILITY_H

#include "office/profile.h"
#include "text/date.h"

/* The last answer to a question. */
struct screening_given {
	const char *question, *answer; /* 'yes', 'no', 'not_applicable' */
	bool overridden;               /* it fails, and was let pass by discretion */
};

extern const char *const screening_answers[]; /* ended by NULL */

enum screening_verdict {
	SCREENING_OPEN,         /* some question has no answer */
	SCREENING_ADMISSIBLE,   /* each is passed, does not apply, or was overruled */
	SCREENING_INADMISSIBLE, /* some answer stands in the way */
};

/* Is a case of this class asked this? An unknown class is asked everything. */
bool screening_asks(const struct screening_question *, const char *case_class);
/* Does the answer stand in the way? */
bool screening_fails(const struct screening_question *, const char *answer);
/* `ret_failing`: the first question that stands in the way, whose reason is proposed; else the first without an answer;
 * NULL when admissible. */
enum screening_verdict screening_verdict(const struct profile *, const char *case_class, const struct screening_given *,
    size_t n, const struct screening_question **ret_failing);

/* May the answer be recorded? An answer that stands in the way, and one that is overruled, need a reason; only a
 * question that stands in the way and allows it is overruled. */
enum err screening_may_answer(const struct screening_question *, const char *answer, const char *reason, bool overrule,
    struct fault *) MUST_CHECK;
/* May a complaint with these answers be taken up? ERR_CONFLICT names what is missing. */
enum err screening_may_admit(const struct profile *, const char *case_class, const struct screening_given *, size_t n,
    struct fault *) MUST_CHECK;

/* What is known when the questions are put. */
struct screening_known {
	const struct body *body;         /* NULL: not one of the list */
	const char *const *declarations; /* as filed: "key", or "key=yes"; ended by NULL; may be NULL */
	bool anonymous;
	bool declared;                  /* the declarations were put to the person: filed on the web or by a program */
	size_t earlier;                 /* complaints of the same person that the reader knows of */
	const struct clock_rule *limit; /* the question's own, NULL none */
	int64_t happened_day, received_day; /* CALENDAR_FIRST: not known */
};

/* `answer`: "yes", "no" or "" (nothing to propose); `words`: a message key that says from what, NULL for nothing. */
struct screening_proposal {
	const char *answer, *words;
};
struct screening_proposal screening_propose(
    const struct screening_question *, const struct calendar *, const struct screening_known *);

/* How well an office fits what is not ours: 0 not at all. By the body's entry, its country, the reason for not taking
 * it up. */
int screening_office_fits(
    const struct other_office *, const struct profile *, const struct body *, const char *country, const char *reason);

#endif
