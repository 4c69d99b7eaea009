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

/* {key, label, tone}: tone is the colour class of docs/design-system.md. */
json_t *case_state_json(enum lang, enum casefile_state);
/* The body complained of in the reader's language: the profile's name for a known one, else as it was written. */
const char *case_body_name(const struct profile *, enum lang, const char *body_key, const char *body_name);

/* "key": in words in the office's zone, with the time or the day alone; "key_at": RFC 3339. Nothing for 0. */
void view_put_moment(const struct casefile_act *, enum lang, json_t *object, const char *key, int64_t at);
void view_put_day(const struct casefile_act *, enum lang, json_t *object, const char *key, int64_t at);
/* "key": the list, "has_key": whether there is anything in it. Steals the list. */
void view_put_list(json_t *view, const char *key, json_t *list_stolen);

/* A letter of the profile with its {fields} filled from the members of `values`; "" when the profile has none such. */
char *letter_text(struct arena *, const struct profile *, enum lang, const char *letter_key, const json_t *values);

#endif
