/* Merging two bodies and taking it back, noun by noun. */
#include "casework/body_merge.h"

#include "base/util.h"
#include "body_merge.sql.h"
#include "casework/agency.h"
#include "office/current.h"
#include "registry.sql.h"
#include "text/country.h"
#include "text/date.h"

#include <string.h>

/* Everything that refers to a body by its key. A new noun that does has its row here, and its part in the test. */
static const struct follower {
	const char *noun;
	const struct db_sql *list, *move, *back;
} followers[] = {
	{ "casefile", &sql_merge_list_casefile, &sql_merge_move_casefile, &sql_merge_back_casefile },
	{ "request", &sql_merge_list_request, &sql_merge_move_request, &sql_merge_back_request },
	{ "recommendation", &sql_merge_list_recommendation, &sql_merge_move_recommendation,
	    &sql_merge_back_recommendation },
	{ "issue", &sql_merge_list_issue, &sql_merge_move_issue, &sql_merge_back_issue },
	{ "finding_comment", &sql_merge_list_finding_comment, &sql_merge_move_finding_comment,
	    &sql_merge_back_finding_comment },
	{ "account", &sql_merge_list_account, &sql_merge_move_account, &sql_merge_back_account },
	{ "token", &sql_merge_list_token, &sql_merge_move_token, &sql_merge_back_token },
	{ "contact", &sql_merge_list_contact, &sql_merge_move_contact, &sql_merge_back_contact },
	{ "child", &sql_merge_list_child, &sql_merge_move_child, &sql_merge_back_child },
};

/* --- side by side ------------------------------------------------------------------------------------------------ */

struct reach {
	const char *emails, *phones; /* of its contacts, one after the other */
};

static enum err load_reach(const struct casefile_act *act, const char *key, struct reach *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct reach reach = { "", "" };
	enum err e = db_query(act->tx, &sql_contact_of_body, DB_ARGS(db_text(key)), &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		const char *email = db_col_text(rows, 4), *phone = db_col_text(rows, 5);
		if (*email)
			reach.emails =
			    arena_printf(act->arena, "%s%s%s", reach.emails, *reach.emails ? ", " : "", email);
		if (*phone)
			reach.phones =
			    arena_printf(act->arena, "%s%s%s", reach.phones, *reach.phones ? ", " : "", phone);
	}
	*ret = reach;
	return db_rows_error(rows);
}

static const char *parent_name(const struct registry *bodies, enum lang lang, const struct body *b)
{
	const struct body *parent = registry_body(bodies, b->parent);
	return parent ? names_in(&parent->name, lang) : "";
}

static const char *kind_name(const struct casefile_act *act, enum lang lang, const struct body *b)
{
	return code_name(act->office, "body_kinds", b->kind, lang, office_day(act->office, act->now));
}

enum err body_facts(const struct casefile_act *act, enum lang lang, const struct registry *bodies,
    const struct body *source, const struct body *target, struct body_fact fact[BODY_FACTS_MAX], size_t *ret_count)
{
	struct reach a, b;
	enum err e = load_reach(act, source->key, &a);
	if (!e)
		e = load_reach(act, target->key, &b);
	if (e)
		return e;
	const struct body_fact facts[BODY_FACTS_MAX] = {
		{ "name", N_("Name"), names_in(&source->name, lang), names_in(&target->name, lang) },
		{ "register_no", N_("Number in the state's register"), source->register_no, target->register_no },
		{ "web", N_("Web page"), source->web, target->web },
		{ "email", N_("E-mail of its people"), a.emails, b.emails },
		{ "phone", N_("Telephone of its people"), a.phones, b.phones },
		{ "parent", N_("Superior institution"), parent_name(bodies, lang, source),
		    parent_name(bodies, lang, target) },
		{ "place", N_("Where it is"),
		    arena_printf(act->arena, "%s %s", country_name(lang, source->country), source->region),
		    arena_printf(act->arena, "%s %s", country_name(lang, target->country), target->region) },
		{ "kind", N_("Kind of body"), kind_name(act, lang, source), kind_name(act, lang, target) },
	};
	for (size_t i = 0; i < BODY_FACTS_MAX; i++) {
		fact[i] = facts[i];
		fact[i].same = *facts[i].source &&
			       !strcmp(text_fold(act->arena, facts[i].source), text_fold(act->arena, facts[i].target));
	}
	*ret_count = BODY_FACTS_MAX;
	return OK;
}

/* --- merging ----------------------------------------------------------------------------------------------------- */

static bool related(const struct casefile_act *act, const struct registry *bodies, const char *a, const char *b)
{
	return body_path_within(registry_path(bodies, act->arena, a), b) ||
	       body_path_within(registry_path(bodies, act->arena, b), a);
}

static char *chosen_facts(const struct casefile_act *act, const struct body_merging *m, const struct merge_form *form)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->facts; i++) {
		const struct body_fact *f = &m->fact[i];
		if (strcmp(f->key, form->fact1) != 0 && strcmp(f->key, form->fact2) != 0)
			continue;
		json_t *one = json_object();
		json_put_str(one, "fact", f->key);
		json_put_str(one, "source", f->source);
		json_put_str(one, "target", f->target);
		json_add(list, one);
	}
	char *text CLEANUP(free_ptr) = json_compact_text(list);
	json_decref(list);
	return arena_strdup(act->arena, text);
}

/* The count of open requests goes along. */
static enum err move_tally(const struct casefile_act *act, const char *from, const char *to, int64_t n)
{
	enum err e = n ? tally_add(act->tx, agency_tally(act->arena, from), -n) : OK;
	return e || !n ? e : tally_add(act->tx, agency_tally(act->arena, to), n);
}

static enum err count_recommendations(const struct casefile_act *act, const char *key)
{
	static const struct db_sql *const steps[] = { &sql_merge_forget_days, &sql_merge_count_days,
		&sql_merge_forget_body, &sql_merge_count_body };
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(steps); i++)
		e = db_run(act->tx, steps[i], DB_ARGS(db_text(key)));
	return e;
}

static enum err count_again(const struct casefile_act *act, const char *source, const char *target)
{
	enum err e = count_recommendations(act, source);
	return e ? e : count_recommendations(act, target);
}

static enum err follow(
    const struct casefile_act *act, int64_t merge, const char *source, const char *target, json_t *payload)
{
	int64_t all = 0, n, open;
	enum err e = db_get_int(act->tx, &sql_merge_open_requests, DB_ARGS(db_text(source)), &open);
	for (size_t i = 0; !e && i < ARRAY_LEN(followers); i++) {
		const struct follower *f = &followers[i];
		e = db_run(act->tx, f->list, DB_ARGS(db_int(merge), db_text(source)));
		if (!e)
			e = db_run_count(act->tx, f->move, DB_ARGS(db_text(source), db_text(target)), &n);
		if (!e) {
			json_put_int(payload, f->noun, n);
			all += n;
		}
	}
	if (!e)
		e = move_tally(act, source, target, open);
	if (!e)
		e = count_again(act, source, target);
	return e ? e : db_run(act->tx, &sql_merge_set_moved, DB_ARGS(db_int(merge), db_int(all)));
}

static enum err prepare(const struct casefile_act *act, const char *source, const struct merge_form *form,
    struct body_merging *m, struct fault *fault)
{
	const struct registry *bodies;
	struct body_fact *facts = arena_alloc(act->arena, BODY_FACTS_MAX * sizeof(*facts));
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = body_require(act, source, &bodies, &m->source, fault);
	if (e)
		return e;
	m->target = registry_entry(bodies, form->target);
	if (!m->target)
		return fault_set(fault, ERR_INVALID, "target", N_("Choose a body from the list."), NULL);
	m->related = related(act, bodies, m->source->key, m->target->key);
	m->fact = facts;
	e = body_facts(act, act->office->profile->language, bodies, m->source, m->target, facts, &m->facts);
	if (!e)
		e = body_may_merge(m, form->fact1, form->fact2, fault);
	if (!e && !*form->reason)
		return fault_set(fault, ERR_INVALID, "reason", N_("Give the reason."), NULL);
	return e;
}

enum err body_merge(const struct casefile_act *act, const char *source, const struct merge_form *form, int64_t *ret_id,
    struct fault *fault)
{
	struct body_merging m = { 0 };
	int64_t id;
	enum err e = prepare(act, source, form, &m, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_merge_insert,
		    DB_ARGS(db_text(source), db_text(form->target), db_text(chosen_facts(act, &m, form)),
			db_text(form->reason), db_int(act->now), db_text(act->actor->tag), db_text(act->actor->name)),
		    &id);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_int(payload, "merge", id);
	json_put_str(payload, "into", form->target);
	e = follow(act, id, source, form->target, payload);
	if (!e)
		e = db_run(act->tx, &sql_merge_set_body, DB_ARGS(db_text(source), db_text(form->target)));
	if (e) {
		json_decref(payload);
		return e;
	}
	e = body_journal(act, "body.merge", m.source, payload);
	if (!e)
		e = registry_touch(act->tx, act->office);
	if (!e)
		*ret_id = id;
	return e;
}

/* --- taking it back ---------------------------------------------------------------------------------------------- */

struct merged {
	const char *source, *target;
	bool undone;
};

static enum err load_merge(const struct casefile_act *act, int64_t id, struct merged *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_merge_by_id, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct merged) { .source = arena_strdup(act->arena, db_col_text(rows, 0)),
		.target = arena_strdup(act->arena, db_col_text(rows, 1)),
		.undone = !db_col_null(rows, 3) };
	return OK;
}

/* Somebody may have put what stands above the source under one of the children that would come back to it. */
static enum err check_tree(const struct casefile_act *act, const struct registry *bodies, int64_t id,
    const struct body *source, struct fault *fault)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *above = registry_path(bodies, act->arena, source->parent);
	enum err e = db_query(act->tx, &sql_merge_children, DB_ARGS(db_int(id)), &rows);
	while (!e && db_next(rows))
		if (body_path_within(above, db_col_text(rows, 0)))
			return fault_set(fault, ERR_CONFLICT, "state",
			    N_("The tree of bodies has changed since: this one would stand above itself. Change its "
			       "superior first."),
			    NULL);
	return e ? e : db_rows_error(rows);
}

static enum err check_undo(const struct casefile_act *act, const struct registry *bodies, int64_t id,
    const struct merged *m, struct fault *fault)
{
	const struct body *source = registry_entry(bodies, m->source), *target = registry_entry(bodies, m->target);
	if (m->undone)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This was undone before."), NULL);
	if (!source || !target || strcmp(source->merged_into, m->target) != 0)
		return fault_set(fault, ERR_CONFLICT, "state", N_("These two are not one body any more."), NULL);
	if (*target->merged_into)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("“{name}” has become part of another body since. Undo that first."), "name",
		    names_in(&target->name, act->office->profile->language), NULL);
	return check_tree(act, bodies, id, source, fault);
}

static enum err go_back(const struct casefile_act *act, int64_t id, const struct merged *m, json_t *payload)
{
	int64_t n, open = 0;
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(followers); i++) {
		e = db_run_count(
		    act->tx, followers[i].back, DB_ARGS(db_int(id), db_text(m->source), db_text(m->target)), &n);
		if (!e)
			json_put_int(payload, followers[i].noun, n);
	}
	/* Nothing else can have come to the source meanwhile: its key led to the target. */
	if (!e)
		e = db_get_int(act->tx, &sql_merge_open_requests, DB_ARGS(db_text(m->source)), &open);
	if (!e)
		e = move_tally(act, m->target, m->source, open);
	return e ? e : count_again(act, m->source, m->target);
}

enum err body_merge_undo(const struct casefile_act *act, const char *key, int64_t id, struct fault *fault)
{
	const struct registry *bodies;
	struct merged m = { 0 };
	enum err e = load_merge(act, id, &m);
	if (!e && strcmp(m.source, key) != 0 && strcmp(m.target, key) != 0)
		e = ERR_NOT_FOUND;
	if (!e)
		e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (!e)
		e = check_undo(act, bodies, id, &m, fault);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_int(payload, "merge", id);
	json_put_str(payload, "from", m.target);
	e = go_back(act, id, &m, payload);
	if (!e)
		e = db_run(act->tx, &sql_merge_set_body, DB_ARGS(db_text(m.source), db_text("")));
	if (!e)
		e = db_run(
		    act->tx, &sql_merge_set_undone, DB_ARGS(db_int(id), db_int(act->now), db_text(act->actor->name)));
	if (e) {
		json_decref(payload);
		return e;
	}
	e = body_journal(act, "body.merge_undo", registry_entry(bodies, m.source), payload);
	return e ? e : registry_touch(act->tx, act->office);
}

/* --- what was merged --------------------------------------------------------------------------------------------- */

static const char *name_of(const struct registry *bodies, enum lang lang, const char *key)
{
	const struct body *b = registry_entry(bodies, key);
	return b ? names_in(&b->name, lang) : key;
}

static json_t *merge_json(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const struct db_rows *rows)
{
	const char *zone = act->office->profile->calendar.zone, *facts = db_col_text(rows, 3);
	json_t *one = json_object(), *list = NULL;
	if (json_parse(facts, strlen(facts), JSON_TEXT_LIMIT, &list, NULL))
		list = json_array();
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "source", db_col_text(rows, 1));
	json_put_str(one, "source_name", name_of(bodies, lang, db_col_text(rows, 1)));
	json_put_str(one, "target", db_col_text(rows, 2));
	json_put_str(one, "target_name", name_of(bodies, lang, db_col_text(rows, 2)));
	json_put(one, "facts", list);
	json_put_str(one, "reason", db_col_text(rows, 4));
	json_put_str(one, "moved", number_text(act->arena, lang, db_col_int(rows, 5)));
	json_put_str(one, "when", date_time_long(act->arena, lang, zone, db_col_int(rows, 6)));
	json_put_str(one, "by", db_col_text(rows, 7));
	if (!db_col_null(rows, 8)) {
		json_put_str(one, "undone", date_time_long(act->arena, lang, zone, db_col_int(rows, 8)));
		json_put_str(one, "undone_by", db_col_text(rows, 9));
	}
	return one;
}

enum err body_merge_list(
    const struct casefile_act *act, enum lang lang, const struct registry *bodies, const char *key, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_merge_of_body, DB_ARGS(db_text(key)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, merge_json(act, lang, bodies, rows));
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
