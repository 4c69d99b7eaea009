/* Who took part in a case before, and so does not review it. */
#include "base/util.h"
#include "casework/review.h"
#include "review.sql.h"

#include <stdlib.h>
#include <string.h>

/* --- who was involved -------------------------------------------------------------------------------------------- */

/* What an event makes of whoever did it; anything else that officers do is work on the case. */
static const struct {
	const char *kind;
	enum involvement how;
} event_parts[] = {
	{ "registered", INVOLVED_REGISTERED },
	{ "acknowledged", INVOLVED_REGISTERED },
	{ "admitted", INVOLVED_ADMITTED },
	{ "closed", INVOLVED_CLOSED },
	{ "finding_issued", INVOLVED_SIGNED },
	{ "recommendation_issued", INVOLVED_SIGNED },
};

/* Giving a case away, or letting a petition in, is no opinion about it. */
static const char *const no_part[] = { "received", "assigned", "unassigned", "unit_given", "member_added",
	"member_ended", "review_asked", "reviewer_named", "review_withdrawn", "appeal_filed", "stay_ended",
	"conflict_set", "conflict_lifted", "withdrawal" };

static enum involvement part_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(event_parts); i++)
		if (!strcmp(event_parts[i].kind, kind))
			return event_parts[i].how;
	for (size_t i = 0; i < ARRAY_LEN(no_part); i++)
		if (!strcmp(no_part[i], kind))
			return INVOLVED_MAX;
	return INVOLVED_WORKED;
}

struct gathered {
	struct involved *at;
	size_t n, room;
	struct arena *arena;
};

static void gather(struct gathered *all, int64_t staff, enum involvement how)
{
	if (!staff)
		return;
	if (all->n == all->room) {
		size_t room = all->room ? 2 * all->room : 32;
		struct involved *more = arena_alloc(all->arena, room * sizeof(*more));
		if (all->n)
			memcpy(more, all->at, all->n * sizeof(*more));
		all->at = more;
		all->room = room;
	}
	all->at[all->n++] = (struct involved) { staff, how };
}

/* 'staff:3/5': 3 worked in the name of 5, so that both were involved. */
static void gather_actor(struct gathered *all, const char *tag, enum involvement how)
{
	char *end;
	gather(all, strtoll(tag + strlen("staff:"), &end, 10), how);
	if (*end == '/')
		gather(all, strtoll(end + 1, NULL, 10), how);
}

static enum err gather_events(const struct casefile_act *act, int64_t casefile_id, struct gathered *all)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_involved_events, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		enum involvement how = part_of(db_col_text(rows, 1));
		if (how != INVOLVED_MAX)
			gather_actor(all, db_col_text(rows, 0), how);
	}
	return e ? e : db_rows_error(rows);
}

static enum err gather_leads(const struct casefile_act *act, int64_t casefile_id, struct gathered *all)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_involved_assigned, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		const char *text = db_col_text(rows, 0);
		json_t *data;
		if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &data, NULL))
			continue;
		gather(all, json_int_or(data, "staff", 0), INVOLVED_LED);
		json_decref(data);
	}
	return e ? e : db_rows_error(rows);
}

static enum err gather_members(const struct casefile_act *act, int64_t casefile_id, struct gathered *all)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_involved_members, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows))
		gather(all, db_col_int(rows, 0), INVOLVED_MEMBER);
	return e ? e : db_rows_error(rows);
}

enum err involved_load(
    const struct casefile_act *act, const struct casefile *c, const struct involved **ret_involved, size_t *ret_n)
{
	struct gathered all = { .arena = act->arena };
	gather(&all, c->assigned_to, INVOLVED_LED);
	enum err e = gather_leads(act, c->id, &all);
	if (!e)
		e = gather_members(act, c->id, &all);
	if (!e)
		e = gather_events(act, c->id, &all);
	if (e)
		return e;
	*ret_involved = all.at;
	*ret_n = all.n;
	return OK;
}

bool review_role_fits(const struct profile *profile, const char *roles)
{
	struct rights rights;
	return rights_of(profile, roles, &rights, NULL) == OK && rights.scope[ACT_CASE_READ] &&
	       rights.scope[ACT_CASE_WORK];
}
