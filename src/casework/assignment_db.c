/* Who should get a case: the table of officers as the database has it, and the proposal for one case. */
#include "casework/assignment.h"

#include "assignment.sql.h"
#include "base/util.h"
#include "casework/registry.h"
#include "office/current.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROPOSED_MAX 5 /* shown; anybody else may be chosen by name */

/* 'staff:3', or 'staff:3/5' who worked in the name of 5: the hand that did it. */
static int64_t staff_of_tag(const char *tag)
{
	return tag && !strncmp(tag, "staff:", 6) ? strtoll(tag + 6, NULL, 10) : 0;
}

static enum err load_admitted(const struct casefile_act *act, const struct casefile *c, int64_t *ret_staff)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_admitted_by, DB_ARGS(db_int(c->id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	*ret_staff = staff_of_tag(db_col_text(rows, 0));
	return OK;
}

enum err assignment_need_load(
    const struct casefile_act *act, const struct casefile *c, struct assignment_need *ret_need)
{
	const struct profile *profile = act->office->profile;
	const struct unit *unit = profile_unit(profile, c->unit);
	const struct body *body = registry_find(act->tx, act->office, act->arena, c->body_key);
	const char *country = body ? body->country : c->body_country;
	struct assignment_need need = { .subject = c->subject,
		.lang = c->lang,
		.unit = c->unit,
		.region = unit && unit->region ? unit->region : "",
		.abroad = *country && strcmp(country, profile->country) != 0 };
	enum err e = profile->assignment->separation ? load_admitted(act, c, &need.admitted) : OK;
	if (!e)
		*ret_need = need;
	return e;
}

/* --- the table of officers --------------------------------------------------------------------------------------- */

struct officers {
	struct officer *at;
	size_t n, room;
	struct arena *arena;
};

static struct officer *next_officer(struct officers *all)
{
	if (all->n == all->room) {
		size_t room = all->room ? 2 * all->room : 64;
		struct officer *more = arena_alloc(all->arena, room * sizeof(*more));
		if (all->n)
			memcpy(more, all->at, all->n * sizeof(*more));
		all->at = more;
		all->room = room;
	}
	return &all->at[all->n++];
}

static bool leads_cases(const struct assignment_rules *rules, const char *roles)
{
	for (size_t i = 0; i < rules->roles; i++)
		if (roles_have(roles, rules->role[i]))
			return true;
	return false;
}

static enum err load_people(
    const struct casefile_act *act, const struct casefile *c, const char *unit, struct officers *all)
{
	const struct profile *profile = act->office->profile;
	const struct unit *above = unit ? profile_unit(profile, unit) : NULL;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_officer_all, DB_ARGS(db_int(c->id), db_int(act->now)), &rows);
	while (!e && db_next(rows)) {
		if (!leads_cases(profile->assignment, db_col_text(rows, 3)))
			continue;
		struct officer *o = next_officer(all);
		const struct unit *own = profile_unit(profile, db_col_text(rows, 2));
		*o = (struct officer) { .id = db_col_int(rows, 0),
			.name = arena_strdup(act->arena, db_col_text(rows, 1)),
			.unit = own ? own->key : "",
			.subjects = "",
			.langs = arena_printf(act->arena, ",%s,", db_col_text(rows, 4)),
			.regions = own && own->region ? arena_printf(act->arena, ",%s,", own->region) : "",
			.open = db_col_int(rows, 5),
			.conflicted = db_col_int(rows, 6),
			.away = db_col_int(rows, 7),
			.in_reach = above && own && unit_within(own, above) };
	}
	return e ? e : db_rows_error(rows);
}

static void add_skill(struct arena *arena, struct officer *o, const char *kind, const char *key)
{
	const char **list = !strcmp(kind, "subject") ? &o->subjects : !strcmp(kind, "lang") ? &o->langs : &o->regions;
	*list = arena_printf(arena, "%s%s,", **list ? *list : ",", key);
}

/* Both lists come in the order of ids. */
static enum err load_skills(const struct casefile_act *act, struct officers *all)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t at = 0;
	enum err e = db_query(act->tx, &sql_skill_all, DB_NO_ARGS, &rows);
	while (!e && db_next(rows)) {
		int64_t id = db_col_int(rows, 0);
		while (at < all->n && all->at[at].id < id)
			at++;
		if (at < all->n && all->at[at].id == id)
			add_skill(act->arena, &all->at[at], db_col_text(rows, 1), db_col_text(rows, 2));
	}
	return e ? e : db_rows_error(rows);
}

enum err officers_load(const struct casefile_act *act, const struct casefile *c, const char *unit,
    const struct officer **ret_officers, size_t *ret_n)
{
	struct officers all = { .arena = act->arena };
	enum err e = load_people(act, c, unit, &all);
	if (!e)
		e = load_skills(act, &all);
	if (e)
		return e;
	*ret_officers = all.at;
	*ret_n = all.n;
	return OK;
}

/* --- the proposal ------------------------------------------------------------------------------------------------ */

static json_t *rank_json(const struct casefile_act *act, enum lang lang, const struct assignment_need *need,
    const struct assignment_rank *rank, bool first)
{
	const struct profile *profile = act->office->profile;
	const struct unit *unit = profile_unit(profile, rank->officer->unit);
	json_t *one = json_object();
	json_put_int(one, "id", rank->officer->id);
	json_put_str(one, "officer", rank->officer->name);
	json_put_str(one, "unit_name", unit ? names_in(&unit->name, lang) : NULL);
	json_put_int(one, "points", rank->points);
	json_put_int(one, "open_cases", rank->officer->open);
	json_put_int(one, "average", rank->average);
	json_put_str(one, "reason", assignment_reason(act->arena, lang, profile, need, rank));
	json_put_bool(one, "first", first);
	return one;
}

enum err assignment_propose(
    const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t **ret_proposal)
{
	const struct profile *profile = act->office->profile;
	struct assignment_need need;
	const struct officer *officers;
	size_t n;
	enum err e = assignment_need_load(act, c, &need);
	if (e)
		return e;
	const char *key = assignment_unit(profile->assignment, &need);
	const struct unit *unit = key ? profile_unit(profile, key) : NULL;
	e = officers_load(act, c, key, &officers, &n);
	if (e)
		return e;
	struct assignment_rank *ranks = arena_alloc(act->arena, (n + 1) * sizeof(*ranks));
	n = assignment_rank(profile->assignment, &need, officers, n, ranks);
	json_t *proposal = json_object(), *list = json_array();
	for (size_t i = 0; i < n && i < PROPOSED_MAX; i++)
		json_add(list, rank_json(act, lang, &need, &ranks[i], i == 0));
	json_put_str(proposal, "unit", unit ? unit->key : NULL);
	json_put_str(proposal, "unit_name", unit ? names_in(&unit->name, lang) : NULL);
	json_put_int(proposal, "first", n ? ranks[0].officer->id : 0);
	json_put_bool(proposal, "has_proposals", n > 0);
	json_put(proposal, "proposals", list);
	*ret_proposal = proposal;
	return OK;
}

/* --- giving it --------------------------------------------------------------------------------------------------- */

enum err assignment_check_lead(
    const struct casefile_act *act, const struct casefile *c, int64_t staff_id, const char *name, struct fault *fault)
{
	struct assignment_need need;
	enum err e = assignment_need_load(act, c, &need);
	const struct officer officer = { .id = staff_id, .name = name, .conflicted = ids_hold(c->conflicts, staff_id) };
	return e ? e : assignment_may_lead(act->office->profile->assignment, &need, &officer, fault);
}

enum err assignment_may_admit_it(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	return assignment_may_admit(act->office->profile->assignment, c->assigned_to, *c->team != '\0',
	    act->actor->kind == ACTOR_STAFF ? act->actor->id : 0, fault);
}

static enum err give_unit(
    const struct casefile_act *act, struct casefile *c, const char *key, const char *reason, struct fault *fault)
{
	const struct unit *unit = profile_unit(act->office->profile, key);
	if (!*key || !strcmp(key, c->unit))
		return OK;
	enum err e = casefile_set_unit(act, c, key, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put(data, "unit_name", names_to_json(&unit->name));
	json_put_str(data, "words", reason);
	return event_add(act, c->id, "unit_given", data);
}

enum err assignment_give(
    const struct casefile_act *act, struct casefile *c, const struct assignment_new *new, struct fault *fault)
{
	if (!new->staff_id && !*new->unit)
		return fault_set(fault, ERR_INVALID, "staff_id", N_("Choose a unit or an officer."), NULL);
	if (new->staff_id &&new->proposed &&new->proposed != new->staff_id && !*new->reason)
		return fault_set(
		    fault, ERR_INVALID, "reason", N_("Say why somebody else than the one proposed."), NULL);
	enum err e = casefile_check_seen(c, new->version, fault);
	if (!e)
		e = give_unit(act, c, new->unit, new->staff_id ? "" : new->reason, fault);
	return e || !new->staff_id ? e : casefile_assign_for(act, c, new->staff_id, new->reason, fault);
}
