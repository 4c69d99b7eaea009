/*
 * Forms of many plain fields, made from the table that reads them: templates/layout/fields.html shows what stands here,
 * so that a field is written once. A form that was refused comes back filled through the same door (case_pages.c).
 *
 *     const struct form_fields form = { .lang = lang, .fields = fields, .n = ARRAY_LEN(fields), .form = &stored,
 *                                       .options = options, .hints = hints };
 *     json_put(view, "person_form", form_fields_json(&form));
 */
#ifndef SULH_CASEWORK_FORM_FIELDS_H
#define SULH_CASEWORK_FORM_FIELDS_H

#include "http/http.h"

/* Adds [{code, label}] for a field that is chosen from a list to `list`; false: it is typed. */
typedef bool form_options(const void *arg, enum lang, const char *field, json_t *list);

struct form_hint {
	const char *field, *words; /* message key */
};

struct form_fields {
	enum lang lang;
	const struct field *fields;
	size_t n;
	const void *form;   /* the struct that the fields fill, with what stands in them now; NULL: empty */
	const char *act;    /* which form it is ("open" of case_acts.h) */
	int64_t row;        /* of which row, 0 none */
	const char *prefix; /* before each id, so that two forms of one page do not share any; "" or NULL none */
	form_options *options;
	const void *arg;
	const struct form_hint *hints; /* ended by field NULL; may be NULL */
	const char *const
	    *needed; /* fields that a rule asks for, though not FIELD_REQUIRED; ended by NULL; may be NULL */
};

/* {act_form, act_row, open, fields[{field_id, field_name, field_label, …}]} */
json_t *form_fields_json(const struct form_fields *);

/* In the view of a page that is shown again: finds the form `act` of that row, opens it, and puts in what was typed and
 * what is wrong with it. */
void form_fields_again(const struct request *, json_t *view, const char *act, int64_t row, const struct faults *);

#endif
