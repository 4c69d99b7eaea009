/*
 * Taking a complaint down at the desk: one page for all channels, worked by keyboard alone. What is typed is one
 * struct, read by one table of fields that is made for each request, as some come from the profile.
 */
#ifndef SULH_CASEWORK_DESK_ENTRY_H
#define SULH_CASEWORK_DESK_ENTRY_H

#include "casework/complaint.h"
#include "casework/party.h"

struct entry {
	struct intake_party who;   /* first: party_fields' offsets hold */
	struct intake_party other; /* for whom, or who acts; its name empty: nobody */
	const char *submission, *step, *looked;
	const char *case_class, *channel, *lang, *received_on, *sent_on, *happened_on, *urgent;
	bool confidential;
	struct complaint c; /* last: the answers to the declarations follow it. Body, subject, words are its. */
};

/* Parts of the page, in its order. */
enum entry_part { ENTRY_HOW, ENTRY_WHO, ENTRY_ABOUT, ENTRY_OTHER, ENTRY_WHAT, ENTRY_DECLARED, ENTRY_PART_MAX };

struct entry_form {
	const struct profile *profile;
	const struct complaint_form *complaint;
	struct field *fields;
	size_t n, first[ENTRY_PART_MAX + 1]; /* part p: fields[first[p]] to before fields[first[p + 1]] */
};

/* On the form of a complaint, whose questions the desk asks as well. */
const struct entry_form *entry_form_new(struct arena *, const struct complaint_form *);
/* Empty, but for today's date and the office's language. */
struct entry *entry_new(struct arena *, const struct entry_form *, int64_t now);
/* Lent by the entry and the arena. */
void entry_intake(struct arena *, const struct entry_form *, const struct entry *, int64_t now, struct intake *ret);
/* "parts" [{part_id, part_label, folded, accesskey, form{fields}}] */
json_t *entry_parts_json(enum lang, const struct entry_form *, const struct entry *);

#endif
