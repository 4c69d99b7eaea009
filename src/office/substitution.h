/*
 * Substitution and acting heads: who works in whose name, from when to when. An officer who is away has one deputy at a
 * time; a head's post that is vacant, or whose head is away, has one acting head. The deputy chooses in whose name to
 * work; what is then done is recorded with both names ("A for B", journal actor 'staff:3/5').
 *
 * The guards (requirement 55, R-43): not oneself, not in the past, no two at once, no chains and so no loops: whoever
 * stands in is not away, whoever is away does not stand in. The rule is pure; the database looks up what touches it.
 */
#ifndef SULH_OFFICE_SUBSTITUTION_H
#define SULH_OFFICE_SUBSTITUTION_H

#include "base/arena.h"
#include "base/json.h"
#include "db/db.h"

#define SUBSTITUTION_DAYS_MAX 366

struct substitution { /* texts live in the arena they were read into */
	int64_t id;
	bool acting;            /* false: for a person who is away */
	int64_t absent;         /* staff.id; 0: the post is vacant */
	int64_t deputy;         /* staff.id */
	const char *role;       /* acting: the post's role; "" otherwise */
	const char *unit;       /* acting: the post's unit; "" the institution */
	bool all_rights;        /* false: the absent person's cases, with the deputy's own rights */
	int64_t from_at, to_at; /* to_at is the first moment after it */
	/* As shown; not looked at by the rule. */
	const char *note, *made_by, *absent_name, *deputy_name, *absent_unit;
	int64_t made_at, ended_at;
};

struct substitution_persons {
	bool absent_active, deputy_active;
	/* Works on cases at all: administrators and auditors stand in for nobody, and nobody for them (two who each may
	 * half of something must not become one who may all of it). */
	bool absent_may_work, deputy_may_work;
};

/* The rule. `others` are all that touch the two persons or the post and have not ended. */
enum err substitution_may(const struct substitution *, const struct substitution_persons *,
    const struct substitution *others, size_t n, int64_t today_start, struct fault *) MUST_CHECK;
/* It holds at that moment. */
bool substitution_holds(const struct substitution *, int64_t now);

struct actor;
struct office;
/* Asks the rule, stores, journals. The caller asked may(). */
enum err substitution_add(struct office *, struct db_tx *, struct arena *, const struct actor *, int64_t now,
    const struct substitution *, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err substitution_load(
    struct db_tx *, struct arena *, int64_t id, struct substitution *ret_substitution) MUST_CHECK;
/* Ends it now, also before it began. ERR_CONFLICT when it has ended. */
enum err substitution_end(
    struct db_tx *, const struct actor *, int64_t now, const struct substitution *, struct fault *) MUST_CHECK;

/* Lists, as db_query reads them: rows of substitution_read. */
struct substitution_list {
	struct substitution at[51];
	size_t count;
};
enum err substitution_of_deputy(
    struct db_tx *, struct arena *, int64_t staff_id, int64_t now, struct substitution_list *ret_list) MUST_CHECK;
enum err substitution_of_absent(
    struct db_tx *, struct arena *, int64_t staff_id, int64_t now, struct substitution_list *ret_list) MUST_CHECK;
/* Who acts in that post at that moment. */
enum err substitution_acting(struct db_tx *, struct arena *, const char *role, const char *unit, int64_t now,
    struct substitution_list *ret_list) MUST_CHECK;
/* The newest with an id before that one; one more than 50 tells that there is another page. */
enum err substitution_before(struct db_tx *, struct arena *, int64_t id, struct substitution_list *ret_list) MUST_CHECK;

#endif
