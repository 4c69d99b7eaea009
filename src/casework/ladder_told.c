/* Whom a step of the ladder tells. */
#include "base/util.h"
#include "casework/ladder_job.h"
#include "clock.sql.h"
#include "office/substitution.h"

#include <string.h>

static bool is_in(const struct ladder_told *told, int64_t id)
{
	for (size_t i = 0; i < told->count; i++)
		if (told->id[i] == id)
			return true;
	return false;
}

static void add(
    const struct casefile_act *act, const struct casefile *c, struct ladder_told *told, int64_t id, const char *name)
{
	if (!id || is_in(told, id) || ids_hold(c->conflicts, id) || told->count == LADDER_TOLD_MAX)
		return;
	told->id[told->count] = id;
	told->name[told->count++] = arena_strdup(act->arena, name);
}

/* Holders of a role in that unit (NULL: anywhere), and who acts for them. */
static enum err add_role(const struct casefile_act *act, const struct casefile *c, const char *role, const char *unit,
    struct ladder_told *told)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_ladder_staff, DB_NO_ARGS, &rows);
	while (!e && db_next(rows))
		if (roles_have(db_col_text(rows, 2), role) && (!unit || !strcmp(unit, db_col_text(rows, 3))))
			add(act, c, told, db_col_int(rows, 0), db_col_text(rows, 1));
	return e ? e : db_rows_error(rows);
}

static enum err add_acting(const struct casefile_act *act, const struct casefile *c, const char *role, const char *unit,
    struct ladder_told *told)
{
	struct substitution_list *list = arena_alloc(act->arena, sizeof(*list));
	enum err e = substitution_acting(act->tx, act->arena, role, unit, act->now, list);
	for (size_t i = 0; !e && i < list->count; i++)
		add(act, c, told, list->at[i].deputy, list->at[i].deputy_name);
	return e;
}

/* A role that reaches as far as its unit: in the case's unit, or in the nearest above where there is somebody. */
static enum err add_up(
    const struct casefile_act *act, const struct casefile *c, const char *role, struct ladder_told *told)
{
	const struct unit *unit = *c->unit ? profile_unit(act->office->profile, c->unit) : NULL;
	size_t before = told->count;
	enum err e = OK;
	for (; !e && unit && told->count == before; unit = unit->above) {
		e = add_role(act, c, role, unit->key, told);
		if (!e)
			e = add_acting(act, c, role, unit->key, told);
	}
	return e;
}

static const struct role *role_of(const struct profile *profile, const char *key)
{
	for (size_t i = 0; i < profile->roles; i++)
		if (!strcmp(profile->role[i].key, key))
			return &profile->role[i];
	return NULL;
}

static bool reaches(const struct role *role, enum act what, unsigned scopes)
{
	return role->rights.scope[what] & scopes;
}

/* Nobody leads it yet: who registers, in the case's unit if there is one. */
static enum err add_intake(const struct casefile_act *act, const struct casefile *c, struct ladder_told *told)
{
	const struct profile *profile = act->office->profile;
	enum err e = OK;
	for (int anywhere = !*c->unit; !e && anywhere < 2 && !told->count; anywhere++)
		for (size_t i = 0; !e && i < profile->roles; i++)
			if (reaches(&profile->role[i], ACT_CASE_REGISTER, SCOPE_INTAKE | SCOPE_ANY))
				e = add_role(act, c, profile->role[i].key, anywhere ? NULL : c->unit, told);
	return e;
}

/* Whoever may read every case: told where nobody else would be. */
static enum err add_heads(const struct casefile_act *act, const struct casefile *c, struct ladder_told *told)
{
	const struct profile *profile = act->office->profile;
	enum err e = OK;
	for (size_t i = 0; !e && i < profile->roles; i++)
		if (reaches(&profile->role[i], ACT_CASE_READ, SCOPE_ANY))
			e = add_role(act, c, profile->role[i].key, NULL, told);
	return e;
}

/* Who is away does not read notices: the deputy is told as well. */
static enum err add_deputies(
    const struct casefile_act *act, const struct casefile *c, size_t from, struct ladder_told *told)
{
	struct substitution_list *list = arena_alloc(act->arena, sizeof(*list));
	enum err e = OK;
	for (size_t i = from, n = told->count; !e && i < n; i++) {
		e = substitution_of_absent(act->tx, act->arena, told->id[i], act->now, list);
		for (size_t s = 0; !e && s < list->count; s++)
			if (substitution_holds(&list->at[s], act->now))
				add(act, c, told, list->at[s].deputy, list->at[s].deputy_name);
	}
	return e;
}

static enum err add_lead(const struct casefile_act *act, const struct casefile *c, struct ladder_told *told)
{
	struct staff staff;
	if (!c->assigned_to)
		return add_intake(act, c, told);
	enum err e = staff_load(act->tx, c->assigned_to, &staff);
	if (!e && staff.active)
		add(act, c, told, staff.id, staff.name);
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err ladder_addressees(
    const struct casefile_act *act, const struct casefile *c, const char *addressee, struct ladder_told *told)
{
	const struct role *role = role_of(act->office->profile, addressee);
	size_t from = told->count;
	enum err e = OK;
	if (!strcmp(addressee, LADDER_LEAD))
		e = add_lead(act, c, told);
	else if (role && reaches(role, ACT_CASE_READ, SCOPE_ANY)) {
		e = add_role(act, c, addressee, NULL, told);
		if (!e)
			e = add_acting(act, c, addressee, "", told);
	} else if (role)
		e = add_up(act, c, addressee, told);
	if (!e && told->count == from && !from)
		e = add_heads(act, c, told);
	return e ? e : add_deputies(act, c, from, told);
}
