/*
 * Lists of cases for staff: what one may see, filtered, by the day they came or the day a time limit ends, a page at a
 * time by key; and the search, the newest first.
 *
 * How a list costs what it shows: every case stands in small ordered lists (table case_list, kept by triggers), one
 * behind each door through which it may be seen: 'any', 'unit:KEY', 'staff:ID', 'intake', 'referral', each also by
 * state, open, and by due day. A page walks the reader's few lists from its key, merged, and asks may() about each
 * case; what no list answers (channel, language …) is looked at case by case, at most LIST_BUDGET of them: then the
 * page says that more may exist, and goes on from there when told to.
 *
 *     struct list_ask ask;
 *     list_ask_parse(&where, get, source, &ask, &fault);     from an address, or from a list that was kept
 *     e = list_page(&act, lang, &ask, view);
 */
#ifndef SULH_CASEWORK_LIST_H
#define SULH_CASEWORK_LIST_H

#include "casework/casefile.h"
#include "casework/search_query.h"

#define LIST_PAGE 50
#define SEARCH_PAGE 25
#define LIST_BUDGET 2000 /* cases looked at for one page */
#define LIST_DOORS 5     /* at most, for one reader */
#define LIST_NAME 96     /* bytes of a list's name */
#define SEARCH_COUNT_MAX 1000

enum list_sort { LIST_NEWEST, LIST_OLDEST, LIST_DUE, LIST_SORT_MAX };

struct list_ask {          /* texts live in the arena that parsed them; "" and 0 ask nothing */
	const char *of;    /* "mine", "unit", "intake", "referral", "any": one door; "": all that the reader has */
	const char *state; /* a state's key, or "open" */
	const char *phase; /* "inquiry" … */
	const char *body, *subject, *unit, *channel, *country, *lang;
	const char *words;                  /* a search */
	int64_t lead;                       /* staff.id; -1: nobody yet */
	int64_t received_from, received_to; /* moments; `to` is the first that is too late */
	int64_t due_from, due_to;
	const char *received_from_day, *received_to_day, *due_from_day, *due_to_day; /* as typed */
	bool late, today, urgent, withheld, referral;                                /* only such cases */
	enum list_sort sort;
	bool keyed, back; /* from a key, towards the start */
	int64_t key_at, key_id;
	enum act also;       /* a right that is asked for besides reading; 0: none */
	bool news;           /* own cases with news */
	bool free;           /* open, and nobody leads it */
	const char *columns; /* "number person due": which are shown, in this order; "": the usual ones */
};

/* What parsing needs to know. */
struct list_where {
	struct arena *arena;
	const struct profile *profile;
	int64_t now;
};

/* `get` gives the value of a parameter or NULL. ERR_INVALID names the parameter and the rule. */
typedef const char *list_get(const void *source, const char *name);
enum err list_ask_parse(
    const struct list_where *, list_get *, const void *source, struct list_ask *ret_ask, struct fault *) MUST_CHECK;
/* Everything that the reader may see, the newest first; or a search. */
void list_ask_plain(const char *words, struct list_ask *ret_ask);
/* The filter as it stands in an address: "state=open&sort=due", without keys and columns; "" for none. */
char *list_ask_query(struct arena *, const struct list_ask *);
bool list_ask_filters(const struct list_ask *); /* is anything left out? */

/* --- rules, pure (list_plan.c) --- */

/* One case as lists know it. */
struct list_case {
	int64_t id, at, received_at, assigned_to, due_at, closed_at;
	const char *number, *person_name, *body_key, *body_name, *body_country, *subject, *assigned, *due_rule, *lang,
	    *unit, *identity, *channel, *closing, *urgent;
	const struct state *state;
	bool has_referral, in_team, kept; /* the reader is in its team; is kept from it by a conflict */
};
bool list_fits(const struct list_ask *, const struct list_case *, const struct profile *, int64_t now);

/* Does the case lie behind the door that was asked for? Walks of other lists than the door's need it. */
bool list_behind(const struct actor *, const char *of, const struct list_case *);

struct list_doors {
	char door[LIST_DOORS][LIST_NAME];
	size_t n;
};
/* Through which doors this reader sees cases, of those that `of` names. */
void list_doors(const struct actor *, const char *of, struct list_doors *ret_doors);

struct list_plan {
	char list[LIST_DOORS][LIST_NAME]; /* walked together */
	size_t n;
	bool up;             /* the smallest first */
	int64_t from, below; /* from <= at < below */
};
/* `rare` is the shorter list of a body or subject asked for, "" when walking it is no gain. */
void list_plan(const struct list_ask *, const struct list_doors *, const char *rare, const struct profile *,
    int64_t now, struct list_plan *ret_plan);

/* --- reading (list_walk.c) --- */

/* Called for each case that is shown, in order; false ends the walk. The texts last until it returns. */
typedef bool list_take(void *to, const struct list_case *);
struct list_walked {
	int64_t looked_at;        /* cases read */
	bool spent;               /* the budget ended before the list did */
	int64_t last_at, last_id; /* the last case looked at */
};
/* Looks at `budget` cases at most. With words in the ask it walks what the full text found instead of the lists. */
enum err list_walk(const struct casefile_act *, const struct list_ask *, int64_t budget, list_take *, void *to,
    struct list_walked *ret_walked) MUST_CHECK;

/* The search's query for this reader, or "" when nothing is looked for. */
const char *list_match(const struct casefile_act *, const struct list_ask *);
/* A case by its number, alone or behind "number:"; false in *ret_number when none was typed. */
enum err list_by_number(
    const struct casefile_act *, const char *typed, list_take *, void *to, bool *ret_number) MUST_CHECK;

#define LIST_IDS_MAX 20
/* Those of the cases that the reader may read, in no order. */
enum err list_by_ids(const struct casefile_act *, const int64_t *ids, size_t n, list_take *, void *to) MUST_CHECK;

/* --- pages (list_page.c) --- */

/* Adds rows[], has_rows, page_before, page_after (addresses), narrow (more may exist), choices of the filter, chips. */
enum err list_page(const struct casefile_act *, enum lang, const struct list_ask *, json_t *view) MUST_CHECK;
/* The search: the same rows with snippet[], found ("1,000+"), q. */
enum err list_search(const struct casefile_act *, enum lang, const struct list_ask *, json_t *view) MUST_CHECK;
/* One row for people and programs. */
json_t *list_row(const struct casefile_act *, enum lang, const struct list_case *);

/* Columns that a list may show. */
struct list_column {
	const char *key, *label;
};
extern const struct list_column list_columns[];
extern const size_t list_column_count;
extern const char list_usual_columns[];

#endif
