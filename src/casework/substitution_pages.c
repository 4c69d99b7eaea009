/* Substitution as a page and for programs: who stands in for whom, and in whose name an officer works now. */
#include "office/substitution.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_work.h"
#include "casework/notice.h"
#include "casework/task.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- rows -------------------------------------------------------------------------------------------------------- */

static const struct role *role_of(const struct profile *profile, const char *key)
{
	for (size_t i = 0; i < profile->roles; i++)
		if (!strcmp(profile->role[i].key, key))
			return &profile->role[i];
	return NULL;
}

/* "Head of unit, Baku regional centre": the post of an acting head. */
static const char *post_name(
    const struct profile *profile, struct arena *arena, enum lang lang, const struct substitution *s)
{
	const struct role *role = role_of(profile, s->role);
	const struct unit *unit = *s->unit ? profile_unit(profile, s->unit) : NULL;
	const char *name = role ? names_in(&role->name, lang) : s->role;
	return unit ? arena_printf(arena, "%s, %s", name, names_in(&unit->name, lang)) : name;
}

static bool may_end(const struct casefile_act *act, const struct substitution *s)
{
	const struct object object = { .unit = s->acting ? s->unit : s->absent_unit };
	return (s->absent && s->absent == act->actor->id) || may(act->actor, ACT_SUBSTITUTE, &object, NULL) == OK;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct substitution *s)
{
	const char *zone = act->office->profile->calendar.zone;
	bool over = s->ended_at || s->to_at <= act->now;
	json_t *row = json_object();
	json_put_int(row, "id", s->id);
	json_put_bool(row, "acting", s->acting);
	json_put_str(row, "absent", s->absent ? s->absent_name : NULL);
	json_put_str(row, "deputy", s->deputy_name);
	json_put_str(row, "post", s->acting ? post_name(act->office->profile, act->arena, lang, s) : NULL);
	json_put_bool(row, "all_rights", s->all_rights);
	json_put_str(row, "from", date_long(act->arena, lang, zone, s->from_at));
	json_put_str(row, "until", date_long(act->arena, lang, zone, s->to_at - 1));
	json_put_str(row, "note", *s->note ? s->note : NULL);
	json_put_str(row, "made_by", s->made_by);
	view_put_moment(act, lang, row, "ended", s->ended_at);
	json_put_bool(row, "now", substitution_holds(s, act->now));
	json_put_bool(row, "over", over);
	json_put_bool(row, "to_come", !over && s->from_at > act->now);
	json_put_bool(row, "can_end", !over && may_end(act, s));
	return row;
}

static json_t *rows_json(const struct casefile_act *act, enum lang lang, const struct substitution_list *list, size_t n)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(rows, row_json(act, lang, &list->at[i]));
	return rows;
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static void put_choices(const struct casefile_act *act, enum lang lang, json_t *view)
{
	const struct profile *profile = act->office->profile;
	json_t *posts = json_array(), *units = json_array();
	for (size_t i = 0; i < profile->roles; i++) {
		json_t *one = json_object();
		if (!profile->role[i].rights.scope[ACT_CASE_DECIDE]) {
			json_decref(one);
			continue;
		}
		json_put_str(one, "code", profile->role[i].key);
		json_put_str(one, "post_label", names_in(&profile->role[i].name, lang));
		json_add(posts, one);
	}
	for (size_t i = 0; i < profile->units; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->unit[i].key);
		json_put_str(one, "unit_label", names_in(&profile->unit[i].name, lang));
		json_add(units, one);
	}
	json_put(view, "posts", posts);
	json_put(view, "units", units);
}

static enum err put_all(
    const struct casefile_act *act, struct request *rq, struct substitution_list *list, json_t *view)
{
	const char *after = request_query(rq, "after");
	enum err e = substitution_before(act->tx, act->arena, after ? strtoll(after, NULL, 10) : INT64_MAX, list);
	if (e)
		return e;
	size_t n = list->count > 50 ? 50 : list->count;
	view_put_list(view, "rows", rows_json(act, rq->lang, list, n));
	if (list->count > 50)
		json_put_int(view, "page_after", list->at[49].id);
	return OK;
}

static enum err fill(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	struct substitution_list *list = arena_alloc(act->arena, sizeof(*list));
	bool rules = may_somewhere(act->actor, ACT_SUBSTITUTE);
	enum err e = substitution_of_deputy(act->tx, act->arena, act->actor->id, act->now, list);
	if (e)
		return e;
	view_put_list(view, "mine", rows_json(act, rq->lang, list, list->count));
	e = substitution_of_absent(act->tx, act->arena, act->actor->id, act->now, list);
	if (e)
		return e;
	view_put_list(view, "of_me", rows_json(act, rq->lang, list, list->count));
	if (rules)
		e = put_all(act, rq, list, view);
	json_put_bool(view, "rules", rules);
	json_put_bool(view, "in_other_name", act->actor->stands_for != 0 || act->actor->acts_for != 0);
	put_choices(act, rq->lang, view);
	return e;
}

static const struct desk_page page = { "desk/substitutions", N_("Substitution"), fill };

static enum err page_show(struct request *rq, struct reply *rp)
{
	return desk_page_show(rq, rp, &page);
}

/* --- entering one ------------------------------------------------------------------------------------------------ */

struct substitution_form {
	const char *kind, *absent, *deputy, *post, *unit, *rights, *from, *to, *note;
};
#define F(member_, type_, max_, flags_, label_) FIELD(struct substitution_form, member_, type_, max_, flags_, label_)

static const char *const kinds[] = { "absence", "acting", NULL };
static const char *const rights[] = { "cases", "all", NULL };
static const struct field fields[] = {
	FIELD_OF(struct substitution_form, kind, kinds, FIELD_REQUIRED, N_("Kind")),
	F(absent, FIELD_TEXT, 60, 0, N_("Who is away")),
	F(deputy, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Who stands in")),
	F(post, FIELD_TEXT, 60, 0, N_("Post")),
	F(unit, FIELD_TEXT, 60, 0, N_("Unit")),
	FIELD_OF(struct substitution_form, rights, rights, FIELD_REQUIRED, N_("Rights")),
	F(from, FIELD_DATE, 0, FIELD_REQUIRED, N_("First day")),
	F(to, FIELD_DATE, 0, FIELD_REQUIRED, N_("Last day")),
	F(note, FIELD_LINES, 1000, 0, N_("Note")),
};

static enum err read_days(const struct casefile_act *act, const struct substitution_form *form, struct substitution *s)
{
	const char *zone = act->office->profile->calendar.zone;
	struct civil from, to;
	enum err e = civil_parse(form->from, &from);
	if (!e)
		e = civil_parse(form->to, &to);
	if (e)
		return e;
	s->from_at = zone_day_start(zone, from);
	s->to_at = zone_day_start(zone, civil_from_days(civil_days(to) + 1));
	return OK;
}

static enum err read_post(
    const struct casefile_act *act, const struct substitution_form *form, struct substitution *s, struct fault *fault)
{
	const struct role *role = role_of(act->office->profile, form->post);
	if (!s->acting)
		return OK;
	if (!role || !role->rights.scope[ACT_CASE_DECIDE])
		return fault_set(fault, ERR_INVALID, "post", N_("Choose the post from the list."), NULL);
	if (*form->unit && !profile_unit(act->office->profile, form->unit))
		return fault_set(fault, ERR_INVALID, "unit", N_("Choose the unit from the list."), NULL);
	if (!*form->unit && !(role->rights.scope[ACT_CASE_DECIDE] & SCOPE_ANY))
		return fault_set(fault, ERR_INVALID, "unit", N_("Say of which unit."), NULL);
	s->role = form->post;
	s->unit = role->rights.scope[ACT_CASE_DECIDE] & SCOPE_ANY ? "" : form->unit;
	return OK;
}

/* One's own absence everybody may enter; another's, and a post, whoever has the right there. */
static enum err may_enter(const struct casefile_act *act, const struct substitution *s, struct fault *fault)
{
	struct staff absent = { 0 };
	bool own =
	    !s->acting && s->absent == act->actor->id && act->actor->kind == ACTOR_STAFF && !act->actor->stands_for;
	enum err e = s->absent ? staff_load(act->tx, s->absent, &absent) : OK;
	const struct object object = { .unit = s->acting ? s->unit : absent.unit };
	if (e && e != ERR_NOT_FOUND)
		return e;
	return own ? OK : may(act->actor, ACT_SUBSTITUTE, &object, fault);
}

static enum err tell(
    const struct casefile_act *act, int64_t staff_id, const char *kind, const char *name, const struct substitution *s)
{
	if (!staff_id || staff_id == act->actor->id)
		return OK;
	json_t *data = json_object();
	json_put_str(data, "name", name);
	json_put_int(data, "from_at", s->from_at);
	json_put_int(data, "until_at", s->to_at - 1);
	if (s->acting)
		json_put_str(
		    data, "post", post_name(act->office->profile, act->arena, act->office->profile->language, s));
	const struct notice_new notice = { staff_id, kind, 0, 0, data };
	return notice_add(act, &notice);
}

static enum err tell_both(const struct casefile_act *act, const struct substitution *s)
{
	struct staff deputy, absent;
	enum err e = staff_load(act->tx, s->deputy, &deputy);
	if (!e && s->absent)
		e = staff_load(act->tx, s->absent, &absent);
	if (!e)
		e = tell(act, s->deputy, s->acting ? "substitution_acting" : "substitution_given",
		    s->absent ? absent.name : "", s);
	return e || !s->absent ? e : tell(act, s->absent, "substitution_of_me", deputy.name, s);
}

static enum err add(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	const struct substitution_form *form = arg;
	struct substitution s = { .acting = !strcmp(form->kind, "acting"),
		.role = "",
		.unit = "",
		.all_rights = !strcmp(form->rights, "all"),
		.note = form->note };
	enum err e = task_person(act, "absent", form->absent, &s.absent, fault);
	if (!e)
		e = task_person(act, "deputy", form->deputy, &s.deputy, fault);
	if (!e)
		e = read_days(act, form, &s);
	if (!e)
		e = read_post(act, form, &s, fault);
	if (!e && s.acting)
		s.all_rights = true; /* a post without its rights would be none */
	if (!e)
		e = may_enter(act, &s, fault);
	if (!e)
		e = substitution_add(act->office, act->tx, act->arena, act->actor, act->now, &s, ret_id, fault);
	return e ? e : tell_both(act, &s);
}

static enum err add_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_COMPLAIN, &page, fields, ARRAY_LEN(fields),
		sizeof(struct substitution_form), add, "/desk/substitutions" };
	return desk_deed_do(rq, rp, &deed);
}

static enum err end(
    const struct casefile_act *act, struct request *rq, const void *form, int64_t *ret_id, struct fault *fault)
{
	struct substitution s;
	enum err e = substitution_load(act->tx, act->arena, request_param_int(rq, "id"), &s);
	if (!e && !may_end(act, &s))
		e = fault_set(fault, ERR_DENIED, NULL,
		    N_("Your role does not allow this, or the case is not assigned to you."), NULL);
	if (!e)
		e = substitution_end(act->tx, act->actor, act->now, &s, fault);
	if (!e)
		e = tell(act, s.deputy, "substitution_ended", s.absent ? s.absent_name : "", &s);
	return e ? e : tell(act, s.absent, "substitution_ended", s.deputy_name, &s);
}

static enum err end_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_COMPLAIN, &page, NULL, 0, 0, end, "/desk/substitutions" };
	return desk_deed_do(rq, rp, &deed);
}

/* --- in whose name ----------------------------------------------------------------------------------------------- */

struct name_form {
	int64_t substitution; /* 0: the own */
};
static const struct field name_fields[] = {
	FIELD(struct name_form, substitution, FIELD_INT, 0, 0, N_("In whose name")),
};

static enum err act_for(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	const struct name_form *form = arg;
	struct substitution s = { 0 };
	enum err e = form->substitution ? substitution_load(act->tx, act->arena, form->substitution, &s) : OK;
	if (e == ERR_NOT_FOUND || (!e && form->substitution && s.deputy != act->actor->id))
		return fault_set(fault, ERR_DENIED, "substitution", N_("You do not stand in for this person."), NULL);
	if (!e && form->substitution && !substitution_holds(&s, act->now))
		return fault_set(
		    fault, ERR_CONFLICT, "substitution", N_("This substitution has not begun yet or has ended."), NULL);
	return e ? e : session_act_for(act->tx, act->actor, act->now, form->substitution);
}

static enum err act_for_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_COMPLAIN, &page, name_fields, ARRAY_LEN(name_fields),
		sizeof(struct name_form), act_for, "/desk/substitutions" };
	return desk_deed_do(rq, rp, &deed);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/substitutions", page_show, WHO_STAFF, 0, 0, "Who stands in for whom." },
	{ METHOD_POST, "/desk/substitutions", add_post, WHO_STAFF, 0, 0, "Enter a substitution." },
	{ METHOD_POST, "/desk/substitutions/{id}/end", end_post, WHO_STAFF, 0, 0, "End a substitution." },
	{ METHOD_POST, "/desk/act-for", act_for_post, WHO_STAFF, 0, 0, "Choose in whose name to work." },
	{ METHOD_GET, "/api/v1/substitutions", page_show, WHO_PROGRAM, 0, 0, "Who stands in for whom." },
	{ METHOD_POST, "/api/v1/substitutions", add_post, WHO_PROGRAM, 0, 0, "Enter a substitution." },
	{ METHOD_POST, "/api/v1/substitutions/{id}/end", end_post, WHO_PROGRAM, 0, 0, "End a substitution." },
};
const struct route_table substitution_routes = { routes, ARRAY_LEN(routes) };
