/*
 * Who gets a case, and what may happen to one that was decided: assignment.json and review.json of a profile as structs
 * that the profile owns. The rules over them are casework's (assignment.h, review.h); here they are only read and
 * checked.
 */
#ifndef SULH_OFFICE_PROFILE_FLOW_H
#define SULH_OFFICE_PROFILE_FLOW_H

#include "office/names.h"

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct codes;

/* The first row whose conditions all hold names the unit. */
struct unit_rule {
	const char *subject; /* key in subjects.json; NULL: any */
	const char *region;  /* key of a region as in units.json; NULL: any */
	bool abroad;         /* true: only for a body in another country */
	const char *unit;
};

struct assignment_rules {
	const struct unit_rule *unit;
	size_t units;
	const char *const *role; /* keys of the roles that may lead a case */
	size_t roles;
	int64_t subject, language, region, load; /* points, 0..100; `load` for somebody with nothing against one at the
						    average */
	int64_t ceiling;                         /* open cases from which on nobody is proposed any more; 0 none */
	bool language_needed;                    /* who does not speak the person's language is not proposed */
	bool separation;                         /* who admitted a complaint does not investigate it alone */
};

/* How somebody took part in a case before: what may keep them from reviewing it. */
enum involvement {
	INVOLVED_REGISTERED,
	INVOLVED_ADMITTED,
	INVOLVED_LED,
	INVOLVED_MEMBER,
	INVOLVED_SIGNED,
	INVOLVED_CLOSED,
	INVOLVED_WORKED, /* wrote, asked, noted */
	INVOLVED_MAX
};
extern const char *const involvement_keys[INVOLVED_MAX + 1]; /* "registered" …, ended by NULL */

struct review_outcome {
	const char *key;
	struct names name;
	bool changes; /* the decision does not stand as it was */
};

/* One way to have a decision looked at again: by the office itself, or by somebody outside. */
struct review_way {
	const char *key;                                    /* "review", "president" */
	struct names name;                                  /* "Review by the Mohtasib" */
	struct names next;                                  /* to the person: what happens after it is asked for */
	bool outside;                                       /* decided elsewhere: we only record it */
	bool person;                                        /* the person may ask for it on their own page */
	const char *file_clock, *decide_clock, *stay_clock; /* keys in clocks.json; NULL: no such limit */
	const char *stay_pause; /* pause reason while the order is stayed; NULL: its clocks run on */
	bool condonable;        /* a late one may be let in, with a reason */
	const struct codes *grounds;
	const struct review_outcome *outcome;
	size_t outcomes;
	const char *source;
	bool confirmed;
};

struct review_rules {
	const struct review_way *way;
	size_t ways;
	const struct codes *reopen_grounds, *withdrawal_grounds;
	const char *withdrawal_closing; /* key in closing.json */
	unsigned excludes;              /* bits 1u << INVOLVED_…: who may not review */
};

const struct review_way *review_way_find(const struct review_rules *, const char *key); /* NULL: none */
const struct review_outcome *review_outcome_find(const struct review_way *, const char *key);

#endif
