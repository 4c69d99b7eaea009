/*
 * Code lists: dated, ordered, hierarchical, in every language, one depending on another. Pure functions over arrays
 * that the profile and the office's own changes lend.
 *
 * An entry lives as versions. A version says how the entry is from its first day on, until the next one begins; none is
 * ever changed or removed, so that a case shows each code as it was on the case's day, also a code that is not offered
 * any more.
 *
 *     const struct code_entry *right = code_at(list, "health", day);       how it was then
 *     size_t n = code_choices(arena, list, today, NULL, &choice);          what is offered now, in its order
 */
#ifndef SULH_OFFICE_CODE_LIST_H
#define SULH_OFFICE_CODE_LIST_H

#include "office/names.h"

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CODE_KEY_MAX 60
#define CODE_POSITION_MAX 100000

/* One version of one entry. */
struct code_entry {
	const char *key;
	struct names name;
	const char *parent;    /* key in the same list; NULL at the top */
	const char *const *of; /* keys of the list that this one depends on; none: goes with all of them */
	size_t ofs;
	int64_t valid_from;     /* first day of this version; CALENDAR_FIRST since ever */
	int64_t valid_to;       /* last day on which it is offered; CALENDAR_LAST without end */
	bool withdrawn;         /* not offered from valid_from on, though still shown where it was used */
	int64_t position;       /* among its siblings, smaller first */
	const char *un_theme;   /* English, own mapping to the Universal Human Rights Index; NULL none */
	const char *sdg_target; /* "8.8", own mapping; NULL none */
	const char *closing;    /* closing reason that goes with it; NULL none */
	int64_t serial;         /* 0: from the profile, else in the order of entering */
};

struct code_list {
	const char *key; /* "faults" */
	struct names name;
	const char *of;                 /* the list it depends on; NULL none */
	const struct code_entry *entry; /* sorted: key, valid_from, serial */
	size_t entries;
};

/* Sorts as the list wants it. */
void code_entries_sort(struct code_entry *, size_t n);
/* Versions laid over a list's own; both arrays are copied into the arena. */
void code_list_changed(struct arena *, const struct code_list *base, const struct code_entry *versions, size_t n,
    struct code_list *ret_list);

/* The entry as it was on that day; before its first version, the first one. NULL when there is no such key. */
const struct code_entry *code_at(const struct code_list *, const char *key, int64_t day);
/* May this version be chosen on that day? */
bool code_offered(const struct code_entry *version, int64_t day);
/* Is the key offered on that day, and does it go with `of` (NULL: whatever that is)? */
bool code_may_choose(const struct code_list *, const char *key, const char *of, int64_t day);
bool code_goes_with(const struct code_entry *, const char *of);

struct code_choice {
	const struct code_entry *entry;
	int depth; /* 0 at the top */
};

/* What is offered on that day for `of` (NULL: all), parents before their children, each in its order. A child whose
 * parent is not offered stands at the top. */
size_t code_choices(
    struct arena *, const struct code_list *, int64_t day, const char *of, const struct code_choice **ret_choices);
/* The same with what is not offered any more at the end of its siblings: for whoever keeps the list. */
size_t code_all(struct arena *, const struct code_list *, int64_t day, const struct code_choice **ret_choices);

/* What a version is held against. */
struct code_context {
	const struct code_list *list, *of; /* `of`: the list that `list` depends on; NULL none */
	const struct code_list *closings;  /* NULL: closing reasons are not looked at */
	const enum lang *languages;        /* the name must be there in these */
	size_t languages_count;
};

/* May this version be entered? Looks at the key's form, the name, parent (there, and no circle), `of`, dates, target
 * and closing reason. */
enum err code_version_check(const struct code_context *, const struct code_entry *version, struct fault *) MUST_CHECK;
/* Do they say the same, apart from when they begin? */
bool code_entry_same(const struct code_entry *, const struct code_entry *);
bool code_target_ok(const char *text); /* "8.8", "16.b": goals 1 to 17, targets by number or letter */
bool code_key_ok(const char *key);
/* Would `parent` as the parent of `key` close a circle on that day? */
bool code_circle(const struct code_list *, const char *key, const char *parent, int64_t day);

#endif
