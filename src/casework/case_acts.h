/*
 * What staff do to a case: each noun has one table of acts, each with its form, the right it needs and the function
 * that does it. The page and the API come in through the same row; which one is found by the last part of the address.
 *
 *     static const struct desk_act acts[] = {
 *             { "hearings", "hearing", "hearings", "inquiry", ACT_CASE_WORK, DESK_FORM(struct hearing_form, fields),
 * do_set },
 *     };
 *     const struct desk_act_table hearing_acts = { acts, ARRAY_LEN(acts) };
 *
 * and the routes { METHOD_POST, "/desk/cases/{id}/hearings", case_act, … } with their twin under /api/v1 (DESK_ACT).
 */
#ifndef SULH_CASEWORK_CASE_ACTS_H
#define SULH_CASEWORK_CASE_ACTS_H

#include "casework/casefile.h"

struct desk_act {
	const char *key;  /* last part of the address: "agency-requests"; unique in the room */
	const char *form; /* which form stands open again when something is to be corrected: "open.FORM" in the view */
	const char
	    *section;    /* where the page goes on afterwards; NULL: at the list, for the case may be out of reach */
	const char *tab; /* of the page it belongs to; NULL: the overview */
	enum act right;
	const struct field *fields;
	size_t n, size; /* of fields; of the struct that they fill, zeroed before */
	/* `form` is that struct. `n` is the row named in the address, 0 for none. `ret_id`: what was made, if anything.
	 */
	enum err (*run)(const struct casefile_act *, struct casefile *, const void *form, int64_t n, int64_t *ret_id,
	    struct fault *);
};
struct desk_act_table {
	const struct desk_act *at;
	size_t count;
};
#define DESK_FORM(struct_, fields_) fields_, ARRAY_LEN(fields_), sizeof(struct_)
#define DESK_NO_FORM NULL, 0, 0

/* The two routes of an act, by page and by program. */
#define DESK_ACT(path_, help_)                                                                                         \
	{ METHOD_POST, "/desk/cases/{id}/" path_, case_act, WHO_STAFF, 0, 0, help_ },                                  \
	{                                                                                                              \
		METHOD_POST, "/api/v1/cases/{id}/" path_, case_act, WHO_PROGRAM, 0, 0, help_                           \
	}
handler case_act;

/* Loads the case, asks may(), runs the act: the work of one transaction. */
enum err desk_act_do(const struct casefile_act *, const struct desk_act *, int64_t casefile_id, const void *form,
    int64_t n, struct casefile *ret_case, int64_t *ret_id, struct fault *) MUST_CHECK;

/* The person's language; the office's own where it is not one of ours. */
enum lang case_person_lang(const struct casefile_act *, const struct casefile *);

#endif
