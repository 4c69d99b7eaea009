/* A case taken apart into pairs of body and right: adding and removing them, until a finding is being drafted. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/issue.h"
#include "casework/registry.h"
#include "issue.sql.h"
#include "office/current.h"
#include "office/journal.h"

#include <string.h>

struct issue_form {
	int64_t version;
	const char *issue_body, *issue_subject;
};

/* --- rules ------------------------------------------------------------------------------------------------------- */

enum err issue_may_change(enum phase phase, struct fault *fault)
{
	if (phase == PHASE_INTAKE || phase == PHASE_INQUIRY)
		return OK;
	return fault_set(
	    fault, ERR_CONFLICT, "state", N_("What a case is about changes only until its finding is drafted."), NULL);
}

enum err issue_may_add(const struct issue_list *list, const char *body_key, const char *body_name, const char *subject,
    struct fault *fault)
{
	if (list->n >= ISSUES_MAX)
		return fault_set(
		    fault, ERR_CONFLICT, "issue_body", N_("A case has at most {limit} points."), "limit", "12", NULL);
	for (size_t i = 0; i < list->n; i++) {
		const struct issue *one = &list->at[i];
		bool same_body = *body_key ? !strcmp(one->body_key, body_key) : !strcmp(one->body_name, body_name);
		if (same_body && !strcmp(one->subject, subject))
			return fault_set(fault, ERR_CONFLICT, "issue_body", N_("This point is there already."), NULL);
	}
	return OK;
}

enum err issue_may_remove(const struct issue_list *list, int64_t id, struct fault *fault)
{
	const struct issue *issue = issue_find(list, id);
	if (!issue)
		return ERR_NOT_FOUND;
	if (list->n == 1)
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("A case is about something: its last point stays."), NULL);
	if (*issue->finding)
		return fault_set(fault, ERR_CONFLICT, "state", N_("There is a finding on this point already."), NULL);
	return OK;
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static enum err begin(const struct casefile_act *act, const struct casefile *c, const struct issue_form *form,
    struct issue_list *list, struct fault *fault)
{
	enum err e = casefile_check_seen(c, form->version, fault);
	if (!e)
		e = issue_may_change(c->state->phase, fault);
	return e ? e : issue_list_keep(act->tx, act->arena, c, list);
}

static enum err leave_traces(const struct casefile_act *act, struct casefile *c, const struct issue *issue,
    const char *event, struct fault *fault)
{
	char object[64], name[40];
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "issue", issue->id);
	json_put_str(payload, "body", *issue->body_key ? issue->body_key : issue->body_name);
	json_put_str(payload, "subject", issue->subject);
	json_put_str(data, "body", issue_body_name(act, act->office->profile->language, issue));
	json_put(data, "subject", issue_code_names(act->office, "subjects", issue->subject, act->now));
	snprintf(name, sizeof(name), "casefile.%s", event);
	enum err e =
	    journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", c->id), payload);
	if (!e)
		return casefile_move_if(act, c, "issues", event, 0, data, fault);
	json_decref(data);
	return e;
}

/* By the registry where the name stands there, else as it was written. */
static struct issue named(
    const struct casefile_act *act, const struct registry *registry, const struct issue_form *form)
{
	const struct body *body = registry_named(registry, act->arena, form->issue_body);
	return (struct issue) { .body_key = body ? body->key : "",
		.body_name = body ? names_in(&body->name, act->office->profile->language) : form->issue_body,
		.subject = form->issue_subject };
}

static enum err do_add(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct issue_form *form = arg;
	const struct registry *registry;
	struct issue_list list;
	if (!issue_code_ok(act->office, "subjects", form->issue_subject, act->now))
		return fault_set(fault, ERR_INVALID, "issue_subject", N_("Choose a subject from the list."), NULL);
	enum err e = begin(act, c, form, &list, fault);
	if (!e)
		e = registry_in(act->tx, act->office, act->arena, &registry);
	if (e)
		return e;
	struct issue issue = named(act, registry, form);
	e = issue_may_add(&list, issue.body_key, issue.body_name, issue.subject, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_issue_insert,
		    DB_ARGS(db_int(c->id), db_text(issue.body_key), db_text(issue.body_name), db_text(issue.subject),
			db_int((int64_t)list.n + 1)),
		    &issue.id);
	if (!e)
		*ret_id = issue.id;
	return e ? e : leave_traces(act, c, &issue, "issue_added", fault);
}

static enum err do_remove(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	struct issue_list list;
	enum err e = begin(act, c, arg, &list, fault);
	if (!e)
		e = issue_may_remove(&list, n, fault);
	if (e)
		return e;
	const struct issue issue = *issue_find(&list, n);
	e = db_run(act->tx, &sql_issue_delete, DB_ARGS(db_int(n), db_int(c->id)));
	return e ? e : leave_traces(act, c, &issue, "issue_removed", fault);
}

/* --- the part of a tab ------------------------------------------------------------------------------------------- */

enum err issue_put_list(const struct case_viewing *v, bool change)
{
	struct issue_list list;
	json_t *rows = json_array();
	enum err e = issue_list(v->act->tx, v->act->arena, v->c, &list);
	if (e)
		return e;
	change = change && issue_may_change(v->c->state->phase, NULL) == OK;
	for (size_t i = 0; i < list.n; i++) {
		json_t *one = json_object();
		json_put_int(one, "id", list.at[i].id);
		json_put_str(one, "body_name", issue_body_name(v->act, v->lang, &list.at[i]));
		json_put_str(
		    one, "subject_name", issue_subject_name(v->act->office, v->lang, &list.at[i], v->c->received_at));
		json_put_str(one, "finding",
		    *list.at[i].finding
			? issue_code_name(v->act->office, "findings", list.at[i].finding, v->lang, v->act->now)
			: NULL);
		json_put_bool(
		    one, "can_remove", change && list.at[i].id && issue_may_remove(&list, list.at[i].id, NULL) == OK);
		json_add(rows, one);
	}
	json_put(v->view, "issues", rows);
	json_put_bool(v->view, "can_add_issue", change && list.n < ISSUES_MAX);
	if (change)
		json_put(v->view, "subject_choices", issue_code_choices(v->act, "subjects", v->lang));
	return OK;
}

#define F(member_, type_, max_, flags_, label_) FIELD(struct issue_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))

static const struct field add_fields[] = {
	VERSION,
	F(issue_body, FIELD_TEXT, 200, FIELD_REQUIRED, N_("Body complained of")),
	F(issue_subject, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Subject")),
};
static const struct field remove_fields[] = { VERSION };

static const struct desk_act acts[] = {
	{ "issues", "issue", "issues", "screening", ACT_CASE_SCREEN, DESK_FORM(struct issue_form, add_fields), do_add },
	{ "remove-issue", "remove_issue", "issues", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct issue_form, remove_fields), do_remove },
};
const struct desk_act_table issue_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("issues", "Add a point: another body or another right."),
	DESK_ACT("issues/{n}/remove-issue", "Remove a point."),
};
const struct route_table issue_routes = { routes, ARRAY_LEN(routes) };

static const struct event_kind kinds[] = {
	{ "issue_added", NULL, N_("Point added: {body}, {subject}.") },
	{ "issue_removed", NULL, N_("Point removed: {body}, {subject}.") },
};
const struct event_table issue_events = { kinds, ARRAY_LEN(kinds) };
