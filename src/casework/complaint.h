/*
 * The form of a complaint: its fields as a table (the declarations come from the office's profile, so the table is made
 * for each request), what was typed as a struct, and the way from there into a draft's JSON and into intake.
 *
 *     const struct complaint_form *form = complaint_form_new(rq->arena, rq->lang, office);
 *     struct complaint *c = complaint_new(rq->arena, form);
 *     form_parse(rq, form->fields, form->n, c, &faults);
 */
#ifndef SULH_CASEWORK_COMPLAINT_H
#define SULH_CASEWORK_COMPLAINT_H

#include "casework/draft.h"
#include "casework/intake.h"
#include "casework/registry.h"

union answer {
	const char *word; /* to a question: "yes", "no" or "" */
	bool ticked;      /* statements and consents */
};

struct complaint {
	const char *name, *father_name, *birth_date, *nationality, *passport_no, *phone, *email, *address;
	const char *body_key, *body_name, *body_country, *subject;
	const char *facts, *remedy, *steps_taken;
	bool embassy_not_told, confidential;
	union answer answer[]; /* one for each declaration of the profile, in its order */
};

struct complaint_form {
	const struct office *office;
	const struct profile *profile;
	const struct registry *bodies; /* to choose from; NULL: those of the profile */
	struct field *fields;
	size_t n, first_declaration; /* fields[first_declaration + i] asks profile->declaration[i] */
};

const struct complaint_form *complaint_form_new(struct arena *, enum lang, const struct office *);
/* The same for a reader, with the bodies of the registry. ERR_STORE when it cannot be read. */
enum err complaint_form_of(struct request *, const struct complaint_form **ret_form) MUST_CHECK;
struct complaint *complaint_new(struct arena *, const struct complaint_form *);    /* all texts "" */
json_t *complaint_values(const struct complaint_form *, const struct complaint *); /* yours */
void complaint_read(struct arena *, const struct complaint_form *, const json_t *values, struct complaint *);
/* Texts are lent by the complaint, the list of declarations by the arena. `lang`: that of the form. */
void complaint_intake(
    struct arena *, enum lang, const struct complaint_form *, const struct complaint *, struct intake *ret);

/* --- views: complaint_view.c --- */
/* Members that the form page needs beside "values": the lists to choose from and the declarations. `faults` may be
 * NULL. */
void complaint_form_view(
    struct request *, const struct complaint_form *, const json_t *values, const struct faults *, json_t *view);
/* [{label, value, url}] of all that was answered. */
json_t *complaint_summary(struct request *, const struct complaint_form *, const struct complaint *);
/* [{sha256, name, size}] */
json_t *complaint_files(struct request *, const struct document_new *, size_t n);

#endif
