/*
 * A case as an officer sees it: one JSON that the page shows and the API returns. Reading is asked for here, and what
 * the reader may do now stands in "can", so that the page offers nothing that would be refused.
 *
 *     { case{id number version state{key label tone} …}, person{…}, body{…}, facts, remedy, steps_taken,
 * declarations[], documents[], clocks[], events[], messages[], notes[], agency_requests[], recommendations[], can{…},
 *       staff[] | closings[] | letter | question (what the forms begin with) }
 */
#ifndef SULH_CASEWORK_CASE_VIEW_H
#define SULH_CASEWORK_CASE_VIEW_H

#include "casework/casefile.h"

/* ERR_NOT_FOUND, or ERR_DENIED by may(). Fills `view` (an object) and the case itself. */
enum err case_view_load(const struct casefile_act *, enum lang, int64_t casefile_id, json_t *view,
    struct casefile *ret_case, struct fault *) MUST_CHECK;

/* What a part of the view is made with and put into. */
struct case_viewing {
	const struct casefile_act *act;
	enum lang lang;
	const struct casefile *c;
	json_t *view;
};

/*
 * A tab: a page of its own under the case's address, filled by one noun. Its template begins with
 * {{> layout/top}}{{> case/head}} and ends with {{> case/foot}}{{> layout/bottom}}; the view holds case, tabs, title
 * and what `fill` puts in. Who may not `right` does not see it.
 */
struct case_tab {
	const char *key, *label; /* of the address; message key */
	enum act right;
	const char *template;
	enum err (*fill)(const struct case_viewing *);
};
/* Reads and fills it: ERR_NOT_FOUND, or ERR_DENIED by may(). */
enum err case_tab_load(const struct casefile_act *, enum lang, const struct case_tab *, int64_t casefile_id,
    json_t *view, struct casefile *ret_case, struct fault *) MUST_CHECK;
/* tabs[{link, tab_label, chosen}] that the reader may see; `chosen` NULL for the overview. */
void case_put_tabs(const struct case_viewing *, const char *chosen);
/* What stands in the head of every page of a case: id, number, version, state, person_name …, and the clock
 * that ends first as "clock". */
json_t *case_head_json(const struct case_viewing *);

/* {key, label, tone}: tone is the colour class of docs/design-system.md. */
json_t *case_state_json(enum lang, const struct state *);
/* The body complained of in the reader's language: the registry's name for a known one, else as it was written. */
const char *case_body_label(const struct casefile_act *, enum lang, const char *body_key, const char *body_name);
/* A letter of the profile about this case, its fields filled; `due_at` 0 for none. */
char *case_letter(const struct case_viewing *, enum lang, const char *letter_key, int64_t due_at);

/* "key": in words in the office's zone, with the time or the day alone; "key_at": RFC 3339. Nothing for 0. */
void view_put_moment(const struct casefile_act *, enum lang, json_t *object, const char *key, int64_t at);
void view_put_day(const struct casefile_act *, enum lang, json_t *object, const char *key, int64_t at);
/* "key": the list, "has_key": whether there is anything in it. Steals the list. */
void view_put_list(json_t *view, const char *key, json_t *list_stolen);

/* A letter of the profile with its {fields} filled from the members of `values`; "" when the profile has none such. */
char *letter_text(struct arena *, const struct profile *, enum lang, const char *letter_key, const json_t *values);

#endif
