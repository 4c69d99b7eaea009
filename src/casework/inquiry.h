/*
 * What the nouns of inquiry and decision share: the step of a case that a profile may or may not draw as an arrow, the
 * journal's entry with a digest instead of words, and the reading of lists that are typed one name a line.
 */
#ifndef SULH_CASEWORK_INQUIRY_H
#define SULH_CASEWORK_INQUIRY_H

#include "casework/casefile.h"

/* Is the case in the hands of an investigator: taken up, not closed? What begins an inquiry needs it. */
enum err inquiry_may_begin(enum phase, struct fault *) MUST_CHECK;
/* What goes on with something begun: everything but a closed case. */
enum err inquiry_may_go_on(enum phase, struct fault *) MUST_CHECK;

/* Journals `act` about the case: {member: id, state, sha256 of `words`}. "" and NULL are left out. */
enum err inquiry_journal(const struct casefile_act *, int64_t casefile_id, const char *act, const char *member,
    int64_t id, const char *state, const char *words) MUST_CHECK;

/* The next line of `*at` that is not empty, trimmed, in the arena; NULL at the end. */
const char *inquiry_line(struct arena *, const char **at);

#endif
