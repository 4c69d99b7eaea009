/* What an officer knows, speaks and is responsible for: what the proposal of an assignment goes by. */
#ifndef SULH_CASEWORK_STAFF_SKILL_H
#define SULH_CASEWORK_STAFF_SKILL_H

#include "office/office.h"

/* Each list is keys parted by spaces or commas; replaces what was there. ERR_INVALID names a key that does not exist.
 */
enum err staff_skills_set(struct db_tx *, int64_t now, const char *actor_tag, int64_t staff_id, const struct profile *,
    const char *subjects, const char *langs, const char *regions, struct fault *) MUST_CHECK;
/* The three lists, keys parted by one space, in the arena. */
struct staff_skills {
	const char *subjects, *langs, *regions;
};
enum err staff_skills_load(
    struct db_tx *, struct arena *, int64_t staff_id, struct staff_skills *ret_skills) MUST_CHECK;

#endif
