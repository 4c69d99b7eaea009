/*
 * The draft's form: between what people fill in and the document that both sign. The document's own rules are in
 * agreement.h; a rule broken there comes back to the field of the form where it can be mended.
 */
#ifndef SULH_COOPERATION_AGREEMENT_FORM_H
#define SULH_COOPERATION_AGREEMENT_FORM_H

#include "cooperation/agreement_store.h"

#define DRAFT_CONTACTS 4  /* our contact and deputy, theirs */
#define DRAFT_KINDS_MAX 8 /* kinds of assistance, data categories */

struct draft_form {
	int64_t version, partner_id;
	const char *replaces, *persons, *persons_of, *authentic_language, *valid_from, *valid_until, *place;
	const char *title[LANG_MAX], *text[LANG_MAX];
	bool speaks[LANG_MAX], assistance[DRAFT_KINDS_MAX], data[DRAFT_KINDS_MAX], subject_all;
	int64_t amount[LIMIT_MAX], notice_days, reporting_months;
	const char *unit[LIMIT_MAX];
	struct draft_contact {
		const char *name, *email, *phone;
	} contact[DRAFT_CONTACTS];
	struct draft_signatory {
		const char *name, *office;
	} signatory[2]; /* ours, theirs */
};

extern const struct field draft_fields[];
extern const size_t draft_field_count;

/* The document of a filled form, without uid; subjects are read from the request's own fields. We are the first party.
 * Yours. */
json_t *draft_document(struct request *, const struct draft_form *, const struct partner *);
/* What a new draft begins with: a memorandum of mutual assistance for three years. Yours. */
json_t *draft_model(const struct casefile_act *, enum lang, const struct partner *);
/* Adds to `view` what the form's page needs: values, is, subjects, partner. `document` NULL: filled by the request. */
void draft_view(struct request *, const json_t *document, const struct partner *, json_t *view);
/* From the document's JSON pointer to the form's field. */
void draft_fault_field(struct fault *, const char *authentic_language);

#endif
