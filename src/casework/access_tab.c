/* Who can see this case and why, who looked, and what may be opened: the tab "access". */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/opening.h"
#include "casework/tables.h"
#include "office/journal.h"
#include "opening.sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define REASON_MAX 2000

/* --- who can see it, and why ------------------------------------------------------------------------------------- */

/* The officer as may() would see them if they logged in now. */
static bool as_actor(const struct case_viewing *v, const json_t *staff, struct actor *ret_actor)
{
	struct rights *rights = arena_alloc(v->act->arena, sizeof(*rights));
	const struct profile *profile = v->act->office->profile;
	const char *roles = json_str_or(staff, "roles", ""), *unit = json_str_or(staff, "unit", "");
	char known[256];
	roles_format(profile, roles, known);
	if (!*known || rights_of(profile, known, rights, NULL))
		return false;
	*ret_actor = (struct actor) { .kind = ACTOR_STAFF,
		.id = json_int_or(staff, "id", 0),
		.roles = roles,
		.rights = rights,
		.unit = unit,
		.units = profile_units_within(profile, v->act->arena, unit) };
	return true;
}

static json_t *reasons(const struct case_viewing *v, const struct actor *actor, const struct object *object)
{
	static const unsigned bits[] = { SCOPE_MINE, SCOPE_UNIT, SCOPE_INTAKE, SCOPE_REFERRAL, SCOPE_ANY };
	unsigned through = may_through(actor, ACT_CASE_READ, object);
	json_t *list = json_array();
	if (object->assigned_to == actor->id && (through & SCOPE_MINE))
		json_add(list, json_string(text_get(v->lang, N_("leads the case"))));
	else if (ids_hold(object->team, actor->id) && (through & SCOPE_MINE))
		json_add(list, json_string(text_get(v->lang, N_("is in the team of the case"))));
	for (size_t i = 1; i < ARRAY_LEN(bits); i++)
		if (through & bits[i])
			json_add(list, json_string(text_format(v->act->arena, v->lang, N_("the role allows: {scope}"),
					   "scope", text_get(v->lang, scope_label(bits[i])), NULL)));
	if (ids_hold(object->opened_to, actor->id))
		json_add(list, json_string(text_get(v->lang, N_("opened the case with a reason, for a time"))));
	return list;
}

static json_t *reader_json(const struct case_viewing *v, const json_t *staff, const struct object *object)
{
	struct actor actor;
	if (!as_actor(v, staff, &actor) || may(&actor, ACT_CASE_READ, object, NULL))
		return NULL;
	json_t *one = json_object();
	json_put_int(one, "id", actor.id);
	json_put_str(one, "reader_name", json_str_or(staff, "name", ""));
	json_put(one, "reasons", reasons(v, &actor, object));
	json_put_bool(one, "knows", object->withheld && may(&actor, ACT_IDENTITY_READ, object, NULL) == OK);
	return one;
}

/* Also says who may be kept from it: everybody who works here. */
static void put_readers(const struct case_viewing *v, json_t *staff, bool may_keep)
{
	const struct object object = casefile_object(v->c);
	json_t *one, *readers = json_array();
	size_t i;
	json_array_foreach(staff, i, one)
	{
		json_t *reader = reader_json(v, one, &object);
		if (reader)
			json_add(readers, reader);
	}
	view_put_list(v->view, "readers", readers);
	if (may_keep)
		json_put(v->view, "staff", json_incref(staff));
}

/* --- openings, conflicts, traces --------------------------------------------------------------------------------- */

static json_t *opening_json(const struct case_viewing *v, const struct db_rows *rows, bool may_approve)
{
	bool identity = !strcmp(db_col_text(rows, 1), "identity"), decided = !db_col_null(rows, 7),
	     granted = db_col_int(rows, 8) != 0;
	json_t *one = json_object();
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "kind_words",
	    text_get(v->lang, identity ? N_("Withheld identity") : N_("Case opened outside the usual right")));
	json_put_str(one, "who", db_col_text(rows, 3));
	json_put_str(one, "reason_given", db_col_text(rows, 4));
	view_put_moment(v->act, v->lang, one, "asked", db_col_int(rows, 5));
	json_put_str(one, "decided_by", *db_col_text(rows, 6) ? db_col_text(rows, 6) : NULL);
	view_put_moment(v->act, v->lang, one, "until", db_col_int(rows, 9));
	json_put_bool(one, "waiting", !decided);
	json_put_bool(one, "refused", decided && !granted);
	json_put_bool(one, "can_decide", !decided && may_approve && v->act->actor->id != db_col_int(rows, 2));
	return one;
}

static enum err put_openings(const struct case_viewing *v, bool may_approve)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_opening_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows))
		json_add(list, opening_json(v, rows, may_approve));
	view_put_list(v->view, "openings", list);
	return e ? e : db_rows_error(rows);
}

static enum err put_conflicts(const struct case_viewing *v, bool may_keep)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_conflict_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "kept_from", db_col_text(rows, 1));
		json_put_str(one, "reason_given", db_col_text(rows, 2));
		view_put_day(v->act, v->lang, one, "since", db_col_int(rows, 3));
		json_put_bool(one, "can_lift", may_keep);
		json_add(list, one);
	}
	view_put_list(v->view, "conflicts", list);
	return e ? e : db_rows_error(rows);
}

/* "staff:3" and "staff:3/5" are the third of our people; anybody else stays as the journal writes it. */
static const char *name_of(const json_t *staff, const char *tag)
{
	int64_t id = strncmp(tag, "staff:", 6) ? 0 : strtoll(tag + 6, NULL, 10);
	const json_t *one;
	size_t i;
	json_array_foreach(staff, i, one) if (json_int_or(one, "id", 0) == id) return json_str_or(one, "name", tag);
	return NULL;
}

/* The journal's own words: they are the same in every language, as an auditor quotes them. */
static enum err put_traces(const struct case_viewing *v, const json_t *staff)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char object[64];
	json_t *list = json_array();
	enum err e = db_query(
	    v->act->tx, &sql_trace_of_casefile, DB_ARGS(db_text(journal_object(object, "casefile", v->c->id))), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		view_put_moment(v->act, v->lang, one, "when", db_col_int(rows, 0));
		json_put_str(one, "who_tag", db_col_text(rows, 1));
		json_put_str(one, "who_name", name_of(staff, db_col_text(rows, 1)));
		json_put_str(one, "what", db_col_text(rows, 2));
		json_add(list, one);
	}
	view_put_list(v->view, "traces", list);
	return e ? e : db_rows_error(rows);
}

static enum err fill(const struct case_viewing *v)
{
	const struct object object = casefile_object(v->c);
	bool may_approve = may(v->act->actor, ACT_IDENTITY_APPROVE, &object, NULL) == OK,
	     may_keep = may(v->act->actor, ACT_CONFLICT_SET, &object, NULL) == OK;
	json_t *can = json_object();
	json_put_bool(can, "ask_identity",
	    may(v->act->actor, ACT_IDENTITY_OPEN, &object, NULL) == OK &&
		identity_may_ask(v->act->actor, &object, false, NULL) == OK);
	json_put_bool(can, "keep", may_keep);
	json_put_bool(can, "step_back", v->act->actor->kind == ACTOR_STAFF);
	json_put(v->view, "can", can);
	json_t *staff;
	enum err e = staff_list(v->act->tx, NULL, &staff);
	if (e)
		return e;
	put_readers(v, staff, may_keep);
	e = put_openings(v, may_approve);
	if (!e)
		e = put_conflicts(v, may_keep);
	if (!e)
		e = put_traces(v, staff);
	json_decref(staff);
	return e;
}

const struct case_tab access_tab = { "access", N_("Access"), ACT_CASE_READ, "case/access", fill };

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct access_form {
	const char *reason;
	int64_t staff_id;
	const char *decision;
};

static const char *const decisions[] = { "approve", "refuse", NULL };

#define F(member_, type_, max_, flags_, label_) FIELD(struct access_form, member_, type_, max_, flags_, label_)
static const struct field reason_fields[] = {
	F(reason, FIELD_LINES, REASON_MAX, FIELD_REQUIRED, N_("Reason")),
};
static const struct field decide_fields[] = {
	FIELD_OF(struct access_form, decision, decisions, FIELD_REQUIRED, N_("Decision")),
};
static const struct field keep_fields[] = {
	F(staff_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Officer")),
	F(reason, FIELD_LINES, REASON_MAX, FIELD_REQUIRED, N_("Reason")),
};

static enum err do_ask(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct access_form *form = arg;
	return identity_ask(act, c, form->reason, ret_id, fault);
}

static enum err do_decide(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct access_form *form = arg;
	return identity_decide(act, c, n, !strcmp(form->decision, "approve"), fault);
}

static enum err do_keep(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct access_form *form = arg;
	return conflict_set(act, c, form->staff_id, form->reason, fault);
}

/* Whoever may read a case may say that it should be kept from them. */
static enum err do_step_back(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct access_form *form = arg;
	if (act->actor->kind != ACTOR_STAFF)
		return fault_set(fault, ERR_DENIED, NULL, N_("Only a person can do this."), NULL);
	return conflict_set(act, c, act->actor->id, form->reason, fault);
}

static enum err do_lift(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	return conflict_lift(act, c, n, fault);
}

static const struct desk_act acts[] = {
	{ "identity", "identity", "openings", "access", ACT_IDENTITY_OPEN, DESK_FORM(struct access_form, reason_fields),
	    do_ask },
	{ "decide", "decide", "openings", "access", ACT_IDENTITY_APPROVE, DESK_FORM(struct access_form, decide_fields),
	    do_decide },
	{ "conflicts", "keep", "conflicts", "access", ACT_CONFLICT_SET, DESK_FORM(struct access_form, keep_fields),
	    do_keep },
	{ "lift", "lift", "conflicts", "access", ACT_CONFLICT_SET, DESK_NO_FORM, do_lift },
	{ "step-back", "step_back", NULL, "access", ACT_CASE_READ, DESK_FORM(struct access_form, reason_fields),
	    do_step_back },
};
const struct desk_act_table access_acts = { acts, ARRAY_LEN(acts) };

static const struct event_kind kinds[] = {
	{ "glass_broken", NULL, N_("{name} opened this case outside the usual right, with a reason, for a time.") },
	{ "identity_asked", NULL, N_("{name} asked to know who the person is.") },
	{ "identity_opened", NULL, N_("The identity was opened to who asked, for a time.") },
	{ "identity_not_opened", NULL, N_("The identity was not opened.") },
	{ "conflict_set", NULL, N_("The case is kept from {name} because of a conflict of interest.") },
	{ "conflict_lifted", NULL, N_("The case is not kept from {name} any more.") },
	{ "unassigned", NULL, N_("{name} does not lead the case any more.") },
};
const struct event_table access_events = { kinds, ARRAY_LEN(kinds) };
