/*
 * An officer as pages show one, without a statement of its own: names of unit and roles in the reader's language, what
 * the form chooses from, and the report of effective rights (requirement 63).
 */
#ifndef SULH_CASEWORK_STAFF_VIEW_H
#define SULH_CASEWORK_STAFF_VIEW_H

#include "casework/staff_skill.h"
#include "text/text.h"

const char *staff_unit_words(const struct profile *, enum lang, const char *key); /* NULL: no unit */
char *staff_role_words(struct arena *, const struct profile *, enum lang, const char *roles);
/* Puts role_choices, unit_choices, subject_choices, lang_choices, speech_choices, region_choices; returns the view. */
json_t *staff_choices(
    const struct profile *, enum lang, const struct staff *, const struct staff_skills *, json_t *view);
/* [{right, right_label, has_ways, ways[{scope, reach, through}]}], one row for each act that roles may be given. */
json_t *staff_rights_json(const struct profile *, enum lang, const char *roles);

#endif
