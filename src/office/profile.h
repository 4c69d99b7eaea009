/*
 * Who this institution is, as data: a folder of plain JSON files (profiles/README.md describes them) loaded once at
 * start into structs that everybody borrows. Nothing of an institution is written in C: a third office is a third
 * folder. All strings and arrays belong to the profile and live until profile_free().
 *
 *     err = profile_load("office/profile", &profile, &fault);
 *     const struct clock_rule *rule = profile_clock(profile, "pk.decide", today);
 *     puts(names_in(&profile->name, lang));
 *
 * What is here is what an office begins with. What it changed since about lists, limits and holidays is laid over it by
 * office/current.h: ask there for a calendar, a limit or the name of a code.
 */
#ifndef SULH_OFFICE_PROFILE_H
#define SULH_OFFICE_PROFILE_H

#include "office/access.h"
#include "office/calendar.h"
#include "office/clock.h"
#include "office/code_list.h"
#include "office/ladder.h"
#include "office/names.h"
#include "office/profile_flow.h"

#include "base/arena.h"
#include "base/err.h"

/* One row of a plain code list. */
struct code {
	const char *key; /* "sub_judice"; small letters, digits, '_', '.', '-' */
	struct names name;
};

struct codes {
	const struct code *at;
	size_t count;
};

struct membership {
	const char *association; /* "aoa" */
	struct names name;
	struct names office; /* "Vice President"; all NULL for a plain member */
	int64_t since;       /* day since 1970-01-01; CALENDAR_FIRST unknown */
	const char *source;
};

struct contact {
	struct names address, hours;
	const char *phone, *helpline, *email, *web; /* NULL when not published */
	const char *source;
};

/* A heading with its paragraphs or list items on the public page. */
struct public_text {
	const char *key; /* "what_we_do", "who_can_complain", "not_for_us", "free" */
	struct names title;
	const struct names *item;
	size_t items;
};

/* Whether a body may be complained of in a time: a law gives it to an office, another takes it away. */
enum mandate_may { MANDATE_YES, MANDATE_NO, MANDATE_LISTED, MANDATE_MAX };

struct mandate {
	enum mandate_may may;
	int64_t since, until;      /* days, both included; CALENDAR_FIRST and CALENDAR_LAST where open */
	const char *const *matter; /* for MANDATE_LISTED: keys of subjects */
	size_t matters;
	const char *not_ours; /* closing reason to propose where one may not; NULL for none */
	const char *source;   /* law or decision; "" not said */
};

/* A body as the profile lists it, and as the registry keeps it (casework/registry.h), which adds what is known only
 * there. */
struct body {
	const char *key; /* "nadra" */
	struct names name;
	const char *kind;              /* key in body_kinds */
	const char *country;           /* ISO 3166-1 alpha-2 */
	const char *parent;            /* key of the superior institution; "" none */
	const char *region;            /* where in the country, in words; "" everywhere */
	const struct mandate *mandate; /* in order; the last one that covers a day speaks for it */
	size_t mandates;
	bool in_mandate;      /* today: something may be complained of */
	const char *not_ours; /* closing reason to propose when out of mandate; NULL when in it */
	bool synthetic;       /* invented for demonstration */
	const char *note;     /* for staff, English; may be NULL */

	/* The registry's own; 0 and "" in a profile. */
	int64_t id, version;
	int64_t since, until; /* days of its existence, both included */
	const char *register_no, *web;
	const char *merged_into; /* key of the body that it became; "" itself */
	const char *fold;        /* every name it has or had, folded for the search */
	const char *former;      /* names it had, one a line */
};

struct subject {
	const char *key;
	struct names name;
	const char *un_theme;   /* English, as the Universal Human Rights Index words it */
	const char *sdg_target; /* "8.8"; NULL where none fits */
};

enum declaration_kind {
	DECLARATION_STATEMENT, /* must be affirmed */
	DECLARATION_QUESTION,  /* yes or no; `flag` is the answer that calls for a look */
	DECLARATION_CONSENT,   /* agreement to the use of data; must be given */
	DECLARATION_KIND_MAX
};

struct declaration {
	const char *key;
	struct names text;
	enum declaration_kind kind;
	const char *flag;       /* "yes" or "no" for questions, else NULL */
	const char *if_flagged; /* closing reason that the registrar is reminded of; NULL for none */
	const char *source;
};

struct closing {
	const char *key;
	struct names name;   /* short, for lists */
	struct names text;   /* sentence to the person */
	struct names next;   /* where to go next */
	bool handled;        /* false: not admitted */
	bool needs_finding;  /* closes on the merits: only after a finding was issued */
	bool needs_transfer; /* "go elsewhere": only with a tracked transfer, or a recorded reason why there is none */
};

/* What an answer may be proposed from; the officer answers all the same. */
enum screening_hint {
	SCREENING_HINT_NONE,
	SCREENING_HINT_MANDATE,     /* the body's entry: in the mandate, or outside with this question's reason */
	SCREENING_HINT_DECLARATION, /* what the person declared */
	SCREENING_HINT_IN_TIME,     /* day of the matter, day of receipt and the limit `clock` */
	SCREENING_HINT_ANONYMOUS,
	SCREENING_HINT_REPEAT, /* earlier complaints of the same person */
	SCREENING_HINT_MAX
};

#define CLASS_BIT(i) (1u << (i))

/* A test of admissibility, put to the officer in words. */
struct screening_question {
	const char *key;
	struct names text, help;
	bool wanted;         /* the answer that lets the complaint pass is "yes" */
	const char *closing; /* reason proposed when it does not pass */
	bool override;       /* discretion may let it pass all the same */
	enum screening_hint hint;
	const char *declaration; /* NULL, or which one the hint looks at */
	const char *clock;       /* NULL, or the limit of SCREENING_HINT_IN_TIME */
	unsigned classes;        /* CLASS_BIT of each profile_case_class[] that is asked this */
	const char *source;
	bool confirmed;
};

/* 'complaint', 'petition', 'consultation', 'own_initiative'; ended by NULL. */
extern const char *const profile_case_class[];

/* Who deals with what is not ours: another ombudsman, a court, a regulator, at home or abroad. */
struct other_office {
	const char *key;
	struct names name, takes;
	const char *country;             /* ISO 3166-1 alpha-2 */
	const char *kind;                /* "ombudsman", "court" … */
	const char *const *body;         /* keys of bodies.json that are theirs, ended by NULL */
	const char *const *reason;       /* closing reasons that lead to them, ended by NULL */
	const char *web, *phone, *email; /* NULL when not published */
	const char *source;
	bool confirmed;
};

struct letter {
	const char *key;            /* "acknowledgement" */
	struct names subject, body; /* with {number}, {name}, {date} … : PROFILE_LETTER_FIELDS */
};

/* Where a case stands in its life; what the program's own rules ask about. */
enum phase { PHASE_INTAKE, PHASE_INQUIRY, PHASE_DECISION, PHASE_FOLLOW_UP, PHASE_CLOSED, PHASE_MAX };

const char *phase_key(enum phase); /* "follow_up" */

struct state {
	const char *key; /* "with_agency": as stored */
	struct names name;
	struct names person; /* the sentence that the person reads */
	const char *tone; /* colour class of docs/design-system.md: "new", "info", "active", "waiting", "closed" … */
	enum phase phase;
};

/* An arrow between states: one row of states.json. A move may stand in several rows, from different states. */
struct move {
	const char *key; /* "register" */
	struct names name;
	const struct state *const *from;
	size_t froms;
	const struct state *to;
	bool manual; /* offered to officers as it is; others happen through an act of their own */
	bool reason; /* a manual move that needs one */
	bool told;   /* a manual move of which the person reads, with the officer's words */
};

struct role {
	const char *key;
	struct names name;
	struct rights rights;
};

struct unit {
	const char *key;
	struct names name;
	const char *kind;         /* "head_office", "department", "regional_office" */
	const char *region;       /* what it is responsible for; NULL: no region */
	const struct unit *above; /* NULL at the top */
	const char *source;       /* NULL where none is needed */
	bool confirmed;
};

/* A register with its own numbers: of one mandate, or of all. */
struct numbering {
	const char *key; /* "npm" */
	struct names name;
	const char *pattern; /* office/number.h */
};

/* The {fields} that letters may use. */
extern const char *const profile_letter_field[]; /* ended by NULL */

struct profile {
	struct arena *arena;
	const char *key; /* "pk-wafaqi-mohtasib" */
	struct names name, short_name, holder_title;
	const char *country; /* ISO 3166-1 alpha-2 */
	struct names country_name, kind_name;
	const char *kind; /* "federal_ombudsman" */
	struct names legal_base;
	const char *legal_source;
	enum lang language; /* the office's own */
	enum lang languages[LANG_MAX];
	size_t languages_count;
	const char *emblem;                /* asset path */
	const char *colour;                /* style class: "office-green" */
	const char *number;                /* pattern of the first register, office/number.h */
	const struct numbering *numbering; /* the first is the default; never empty */
	size_t numberings;
	struct contact contact;
	const struct membership *membership;
	size_t memberships;
	const struct public_text *text;
	size_t texts;

	struct calendar calendar;
	struct codes events;            /* what clocks start and end with */
	const struct clock_rule *clock; /* sorted by key, then valid_from */
	size_t clocks;
	const struct ladder_step *ladder; /* beside "soon" and "late", which every clock has */
	size_t ladder_steps;
	const struct declaration *declaration;
	size_t declarations;
	struct codes body_kinds;
	const struct body *body;
	size_t bodies;
	int64_t contact_days; /* a body's contact is asked to be confirmed again after so many days */
	const struct subject *subject;
	size_t subjects;
	const struct closing *closing;
	size_t closings;
	struct codes referral_refusals, referral_outcomes, pause_reasons, assistance, data_categories, persons_covered;
	const struct letter *letter;
	size_t letters;
	const struct state *state; /* the first is where a complaint begins */
	size_t states;
	const struct move *move;
	size_t moves;
	const struct role *role;
	size_t roles;
	const struct unit *unit; /* those above come first */
	size_t units;
	const struct code_list *list; /* every code list, also those made of the rows above */
	size_t lists;
	struct code_entry *subject_entry, *closing_entry; /* the same rows as entries, in the file's order */
	const struct screening_question *question;        /* in the order they are asked */
	size_t questions;
	const struct other_office *other;
	size_t others;
	const struct assignment_rules *assignment; /* who gets a case */
	const struct review_rules *review;         /* what may happen to a decided one */
};

/* The first mistake, in words: fault->field is "bodies.json:41: /bodies/3/name/ur". Free with profile_free(). */
enum err profile_load(const char *dir, struct profile **ret_profile, struct fault *) MUST_CHECK;
void profile_free(struct profile *);

/* All mistakes of a folder, the first `room` of them; `ret_count` is how many there are in all. OK when there is none.
 */
enum err profile_check(const char *dir, struct fault *faults, size_t room, size_t *ret_count) MUST_CHECK;

/* By key; NULL when there is none. */
const struct body *profile_body(const struct profile *, const char *key);
const struct subject *profile_subject(const struct profile *, const char *key);
const struct declaration *profile_declaration(const struct profile *, const char *key);
const struct closing *profile_closing(const struct profile *, const char *key);
const struct screening_question *profile_question(const struct profile *, const char *key);
const struct other_office *profile_other(const struct profile *, const char *key);
const struct letter *profile_letter(const struct profile *, const char *key);
const struct public_text *profile_text(const struct profile *, const char *key);
const struct state *profile_state(const struct profile *, const char *key);
/* The row by which that move leads on from `from`; NULL when it does not. */
const struct move *profile_move(const struct profile *, const struct state *from, const char *key);
/* Is there such a move at all? */
bool profile_has_move(const struct profile *, const char *key);
const struct role *profile_role(const struct profile *, const char *key);
const struct unit *profile_unit(const struct profile *, const char *key);
bool unit_within(const struct unit *, const struct unit *above); /* itself included */
/* A unit and all below it, ended by NULL; NULL when there is none of that key. Lives in the arena. */
const char *const *profile_units_within(const struct profile *, struct arena *, const char *key);
const struct code_list *profile_list(const struct profile *, const char *key);
const struct code *codes_find(const struct codes *, const char *key);
/* The rule of that key that was valid on that day: a case keeps the one it began under. */
const struct clock_rule *profile_clock(const struct profile *, const char *key, int64_t day);
bool profile_speaks(const struct profile *, enum lang);

/* The profiles embedded in the program, as names ("az-commissioner"); the array lives in the arena. */
size_t profile_names(struct arena *, const char *const **ret_names);
/* Writes an embedded profile's files into `dir`, which is made when missing. A file that is there already is
 * ERR_CONFLICT: an office's own edits are never overwritten. */
enum err profile_install(const char *name, const char *dir, struct fault *) MUST_CHECK;
/* An office made by an earlier version lacks the files that came later: they are written from the embedded profile of
 * the same key. Nothing that is there is touched; a profile of one's own is left alone, and profile_load says what
 * lacks. */
enum err profile_complete(const char *dir, struct fault *) MUST_CHECK;

#endif
