/* What screening.c and screening_tab.c share, and nobody else needs. */
#ifndef SULH_CASEWORK_SCREENING_INNER_H
#define SULH_CASEWORK_SCREENING_INNER_H

#include "casework/intake.h"
#include "casework/screening.h"

struct screening_row {
	struct screening_given given;
	const char *reason, *actor_name;
	int64_t at;
};
/* Every answer ever given, the oldest first; the arena's. */
enum err screening_load(
    struct db_tx *, struct arena *, int64_t casefile_id, struct screening_row **ret_rows, size_t *ret_n) MUST_CHECK;
/* The last one to each question. */
size_t screening_last(struct arena *, const struct screening_row *, size_t n, struct screening_given **ret_given);
enum err screening_may_change(const struct casefile_act *, const struct casefile *, struct fault *) MUST_CHECK;

#define SCREENING_CLASSIFY_FIELDS 5
extern const struct field screening_classify_fields[SCREENING_CLASSIFY_FIELDS];
/* The struct that these fields fill, with what stands in them now; the arena's. */
const void *screening_classify_form(struct arena *, const struct casefile_intake *);

#endif
