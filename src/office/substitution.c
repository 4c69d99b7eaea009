/* Substitution: the guards, and what is stored. */
#include "office/substitution.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "office/journal.h"
#include "office/office.h"
#include "substitution.sql.h"
#include "text/date.h"

#include <string.h>

/* --- the rule ---------------------------------------------------------------------------------------------------- */

bool substitution_holds(const struct substitution *s, int64_t now)
{
	return !s->ended_at && s->from_at <= now && now < s->to_at;
}

static bool overlap(const struct substitution *a, const struct substitution *b)
{
	return a->from_at < b->to_at && b->from_at < a->to_at;
}

static enum err check_time(const struct substitution *s, int64_t today_start, struct fault *fault)
{
	if (s->from_at < today_start)
		return fault_set(fault, ERR_INVALID, "from", N_("A substitution cannot begin in the past."), NULL);
	if (s->to_at <= s->from_at)
		return fault_set(fault, ERR_INVALID, "to", N_("The last day is before the first."), NULL);
	if (s->to_at - s->from_at > SUBSTITUTION_DAYS_MAX * DAY_MS + DAY_MS)
		return fault_set(fault, ERR_INVALID, "to", N_("A substitution lasts at most a year."), NULL);
	return OK;
}

static enum err check_persons(const struct substitution *s, const struct substitution_persons *p, struct fault *fault)
{
	if (!s->acting && (!s->absent || !p->absent_active))
		return fault_set(fault, ERR_INVALID, "absent", N_("Choose a person who works here."), NULL);
	if (!p->deputy_active)
		return fault_set(fault, ERR_INVALID, "deputy", N_("Choose a person who works here."), NULL);
	if (s->absent == s->deputy)
		return fault_set(fault, ERR_INVALID, "deputy", N_("Nobody stands in for themselves."), NULL);
	if (!p->deputy_may_work)
		return fault_set(fault, ERR_INVALID, "deputy",
		    N_("This person's role does not work on cases and cannot stand in for anybody."), NULL);
	if (s->absent && !p->absent_may_work)
		return fault_set(fault, ERR_INVALID, "absent",
		    N_("This person's role does not work on cases; nobody can stand in for it."), NULL);
	return OK;
}

/* What another substitution of the same time forbids; NULL when nothing. */
static const char *against(const struct substitution *s, const struct substitution *other)
{
	if (s->acting && other->acting && !strcmp(s->role, other->role) && !strcmp(s->unit, other->unit))
		return N_("Somebody acts in this post at that time already.");
	if (s->absent && other->absent == s->absent)
		return N_("Somebody stands in for this person at that time already.");
	if (other->absent && other->absent == s->deputy)
		return other->deputy == s->absent ? N_("These two would stand in for each other.")
						  : N_("The deputy is away at that time and has a deputy as well.");
	if (s->absent && other->deputy == s->absent)
		return N_("The person who is away stands in for somebody else at that time.");
	return NULL;
}

enum err substitution_may(const struct substitution *s, const struct substitution_persons *persons,
    const struct substitution *others, size_t n, int64_t today_start, struct fault *fault)
{
	enum err e = check_persons(s, persons, fault);
	if (!e)
		e = check_time(s, today_start, fault);
	for (size_t i = 0; !e && i < n; i++) {
		const char *why = overlap(s, &others[i]) ? against(s, &others[i]) : NULL;
		if (why)
			e = fault_set(fault, ERR_CONFLICT, "deputy", why, NULL);
	}
	return e;
}

/* --- stored ------------------------------------------------------------------------------------------------------ */

static void read_row(struct arena *arena, const struct db_rows *rows, bool names, struct substitution *s)
{
	*s = (struct substitution) { .id = db_col_int(rows, 0),
		.acting = !strcmp(db_col_text(rows, 1), "acting"),
		.absent = db_col_int(rows, 2),
		.deputy = db_col_int(rows, 3),
		.role = arena_strdup(arena, db_col_text(rows, 4)),
		.unit = arena_strdup(arena, db_col_text(rows, 5)),
		.all_rights = !strcmp(db_col_text(rows, 6), "all"),
		.from_at = db_col_int(rows, 7),
		.to_at = db_col_int(rows, 8) };
	if (!names)
		return;
	s->note = arena_strdup(arena, db_col_text(rows, 9));
	s->made_at = db_col_int(rows, 10);
	s->made_by = arena_strdup(arena, db_col_text(rows, 11));
	s->ended_at = db_col_int(rows, 12);
	s->absent_name = arena_strdup(arena, db_col_text(rows, 13));
	s->deputy_name = arena_strdup(arena, db_col_text(rows, 14));
	s->absent_unit = arena_strdup(arena, db_col_text(rows, 15));
}

/* Far more than the guards let be at once for two persons and a post. */
#define NEAR_MAX 200

static enum err read_near(struct db_tx *tx, struct arena *arena, const struct substitution *s, int64_t now,
    struct substitution *others, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(tx, &sql_substitution_near,
	    DB_ARGS(db_int(s->absent ? s->absent : s->deputy), db_int(s->deputy), db_int(now), db_text(s->role),
		db_text(s->unit)),
	    &rows);
	while (!e && n < NEAR_MAX && db_next(rows))
		read_row(arena, rows, false, &others[n++]);
	*ret_n = n;
	return e || n == NEAR_MAX ? e : db_rows_error(rows);
}

static bool works_on_cases(const struct office *office, const struct staff *staff)
{
	struct rights rights;
	return rights_of(office->profile, staff->roles, &rights, NULL) == OK && rights.scope[ACT_CASE_READ];
}

static enum err load_persons(
    struct office *office, struct db_tx *tx, const struct substitution *s, struct substitution_persons *ret)
{
	struct staff staff;
	enum err e = OK;
	*ret = (struct substitution_persons) { 0 };
	if (s->absent) {
		e = staff_load(tx, s->absent, &staff);
		ret->absent_active = !e && staff.active;
		ret->absent_may_work = !e && works_on_cases(office, &staff);
	}
	if (!e || e == ERR_NOT_FOUND)
		e = staff_load(tx, s->deputy, &staff);
	if (e)
		return e == ERR_NOT_FOUND ? OK : e;
	ret->deputy_active = staff.active;
	ret->deputy_may_work = works_on_cases(office, &staff);
	return OK;
}

static enum err journal(struct db_tx *tx, const struct actor *actor, int64_t now, const char *name,
    const struct substitution *s, int64_t id)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "kind", s->acting ? "acting" : "absence");
	if (s->absent)
		json_put_int(payload, "absent", s->absent);
	json_put_int(payload, "deputy", s->deputy);
	json_put_str(payload, "rights", s->all_rights ? "all" : "cases");
	json_put_int(payload, "from", s->from_at);
	json_put_int(payload, "to", s->to_at);
	return journal_write(tx, now, actor->tag, name, journal_object(object, "substitution", id), payload);
}

enum err substitution_add(struct office *office, struct db_tx *tx, struct arena *arena, const struct actor *actor,
    int64_t now, const struct substitution *s, int64_t *ret_id, struct fault *fault)
{
	struct substitution *others = arena_alloc(arena, NEAR_MAX * sizeof(*others));
	struct substitution_persons persons;
	const char *zone = office->profile->calendar.zone;
	size_t n;
	int64_t id;
	enum err e = load_persons(office, tx, s, &persons);
	if (!e)
		e = read_near(tx, arena, s, now, others, &n);
	if (!e)
		e = substitution_may(s, &persons, others, n, zone_day_start(zone, zone_date(zone, now)), fault);
	if (!e)
		e = db_get_int(tx, &sql_substitution_insert,
		    DB_ARGS(db_text(s->acting ? "acting" : "absence"), db_int_or_null(s->absent), db_int(s->deputy),
			db_text(s->role), db_text(s->unit), db_text(s->all_rights ? "all" : "cases"),
			db_int(s->from_at), db_int(s->to_at), db_text(s->note), db_int(now), db_text(actor->name)),
		    &id);
	if (!e)
		e = journal(tx, actor, now, "substitution.add", s, id);
	if (!e)
		*ret_id = id;
	return e;
}

enum err substitution_load(struct db_tx *tx, struct arena *arena, int64_t id, struct substitution *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_substitution_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	read_row(arena, rows, true, ret);
	return OK;
}

enum err substitution_end(
    struct db_tx *tx, const struct actor *actor, int64_t now, const struct substitution *s, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(tx, &sql_substitution_end, DB_ARGS(db_int(s->id), db_int(now)), &changed);
	if (!e && changed == 0)
		return fault_set(fault, ERR_CONFLICT, NULL, N_("This substitution has ended already."), NULL);
	return e ? e : journal(tx, actor, now, "substitution.end", s, s->id);
}

static enum err read_list(struct arena *arena, enum err asked, struct db_rows *rows, struct substitution_list *ret)
{
	ret->count = 0;
	if (asked)
		return asked;
	while (ret->count < ARRAY_LEN(ret->at) && db_next(rows))
		read_row(arena, rows, true, &ret->at[ret->count++]);
	return ret->count == ARRAY_LEN(ret->at) ? OK : db_rows_error(rows);
}

enum err substitution_of_deputy(
    struct db_tx *tx, struct arena *arena, int64_t staff_id, int64_t now, struct substitution_list *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_substitution_for_deputy, DB_ARGS(db_int(staff_id), db_int(now)), &rows);
	return read_list(arena, e, rows, ret);
}

enum err substitution_of_absent(
    struct db_tx *tx, struct arena *arena, int64_t staff_id, int64_t now, struct substitution_list *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_substitution_of_absent, DB_ARGS(db_int(staff_id), db_int(now)), &rows);
	return read_list(arena, e, rows, ret);
}

enum err substitution_acting(struct db_tx *tx, struct arena *arena, const char *role, const char *unit, int64_t now,
    struct substitution_list *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_substitution_acting, DB_ARGS(db_text(role), db_text(unit), db_int(now)), &rows);
	return read_list(arena, e, rows, ret);
}

enum err substitution_before(struct db_tx *tx, struct arena *arena, int64_t id, struct substitution_list *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_substitution_before, DB_ARGS(db_int(id)), &rows);
	return read_list(arena, e, rows, ret);
}
