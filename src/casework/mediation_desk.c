/* Mediation at the desk: the forms and acts of the compartment, its tab, and what the chronology says of it. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/mediation.h"
#include "mediation.sql.h"
#include "office/journal.h"

#include <string.h>

struct mediation_form {
	int64_t version, mediator_id, mediation_version;
	const char *entry_kind, *held_on, *words, *settlement, *ending;
};

/*
 * The rights of a desk act are asked of the case, where "mine" is everybody's who works on it. Inside the compartment
 * it is the mediator's alone, so each act asks once more, of the mediation.
 */
static enum err inside(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	struct mediation m;
	enum err e = mediation_load(act->tx, act->arena, c->id, &m);
	if (e)
		return e;
	const struct object object = mediation_object(&m, c);
	return may(act->actor, ACT_CASE_MEDIATE, &object, fault);
}

static enum err do_start(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct mediation_form *form = in;
	return mediation_start(act, c, form->mediator_id, form->version, ret_id, fault);
}

static enum err do_write(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct mediation_form *form = in;
	const struct mediation_words new = { form->entry_kind, form->held_on, form->words };
	enum err e = inside(act, c, fault);
	return e ? e : mediation_write(act, c, &new, fault);
}

static enum err do_draft(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct mediation_form *form = in;
	enum err e = inside(act, c, fault);
	return e ? e : mediation_draft(act, c, form->settlement, form->mediation_version, fault);
}

static enum err do_issue(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct mediation_form *form = in;
	enum err e = inside(act, c, fault);
	return e ? e : mediation_issue(act, c, form->mediation_version, fault);
}

static enum err do_end(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct mediation_form *form = in;
	enum err e = inside(act, c, fault);
	return e ? e : mediation_end(act, c, form->ending, fault);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct mediation_form, member_, type_, max_, flags_, label_)
#define SEEN F(mediation_version, FIELD_INT, 0, 0, N_("Version of the mediation"))

static const struct field start_fields[] = {
	F(version, FIELD_INT, 0, 0, N_("Version of the case")),
	F(mediator_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Mediator")),
};
static const struct field write_fields[] = {
	FIELD_OF(struct mediation_form, entry_kind, mediation_kinds, FIELD_REQUIRED, N_("What is written")),
	F(held_on, FIELD_DATE, 0, 0, N_("Day of the session")),
	F(words, FIELD_LINES, 20000, FIELD_REQUIRED, N_("Words")),
};
static const struct field draft_fields[] = { SEEN,
	F(settlement, FIELD_LINES, 20000, FIELD_REQUIRED, N_("Settlement")) };
static const struct field issue_fields[] = { SEEN };
static const struct field end_fields[] = { FIELD_OF(
    struct mediation_form, ending, mediation_endings, FIELD_REQUIRED, N_("How it ended")) };

#define FORM(fields_) DESK_FORM(struct mediation_form, fields_)

static const struct desk_act acts[] = {
	{ "mediation", "mediation", "mediation", "inquiry", ACT_CASE_WORK, FORM(start_fields), do_start },
	{ "entries", "entry", "entries", "mediation", ACT_CASE_MEDIATE, FORM(write_fields), do_write },
	{ "settlement", "settlement", "settlement", "mediation", ACT_CASE_MEDIATE, FORM(draft_fields), do_draft },
	{ "issue-settlement", "issue", "settlement", "mediation", ACT_CASE_MEDIATE, FORM(issue_fields), do_issue },
	{ "end-mediation", "end", "settlement", "mediation", ACT_CASE_MEDIATE, FORM(end_fields), do_end },
};
const struct desk_act_table mediation_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("mediation", "Begin a mediation and name its mediator."),
	DESK_ACT("mediation/entries", "Write a session or a note of the mediation."),
	DESK_ACT("mediation/settlement", "Keep the draft of a settlement."),
	DESK_ACT("mediation/issue-settlement", "Issue the settlement: mediation ends settled."),
	DESK_ACT("mediation/end-mediation", "End a mediation without a settlement."),
};
const struct route_table mediation_routes = { routes, ARRAY_LEN(routes) };

/* --- the tab ----------------------------------------------------------------------------------------------------- */

static enum err put_entries(const struct case_viewing *v, int64_t mediation_id)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_mediation_entries, DB_ARGS(db_int(mediation_id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		const char *kind = db_col_text(rows, 0), *held_on = db_col_text(rows, 1);
		json_put_str(one, "entry", kind);
		json_put_bool(one, "session", !strcmp(kind, "session"));
		json_put_str(one, "held_on", held_on);
		json_put_str(one, "body", db_col_text(rows, 2));
		json_put_str(one, "author_name", db_col_text(rows, 3));
		view_put_moment(v->act, v->lang, one, "written", db_col_int(rows, 4));
		json_add(list, one);
	}
	view_put_list(v->view, "entries", list);
	return e ? e : db_rows_error(rows);
}

/* The tab's right is asked of the case, this of the mediation: who may mediate elsewhere learns nothing here, not even
 * whether there is something. */
static enum err fill(const struct case_viewing *v)
{
	struct mediation m;
	char name[64];
	enum err e = mediation_load(v->act->tx, v->act->arena, v->c->id, &m);
	if (e)
		return e == ERR_NOT_FOUND ? OK : e;
	const struct object object = mediation_object(&m, v->c);
	if (may(v->act->actor, ACT_CASE_MEDIATE, &object, NULL))
		return OK;
	json_t *json = json_object();
	json_put_int(json, "id", m.id);
	json_put_int(json, "version", m.version);
	json_put_bool(json, "runs", !strcmp(m.state, "open"));
	json_put_str(json, "result", event_code_words(v->lang, v->act->office->profile, "mediation", m.state));
	json_put_str(json, "settlement", m.settlement);
	json_put_bool(json, "can_issue", mediation_may(&m, MEDIATION_ISSUE, NULL) == OK);
	view_put_day(v->act, v->lang, json, "started", m.started_at);
	view_put_day(v->act, v->lang, json, "ended", m.ended_at);
	json_put(v->view, "mediation", json);
	journal_read_later(v->act->office->reads, v->act->now, v->act->actor->tag, "mediation.read",
	    journal_object(name, "casefile", v->c->id));
	return put_entries(v, m.id);
}

const struct case_tab mediation_tab = { "mediation", N_("Mediation"), ACT_CASE_MEDIATE, "case/mediation", fill };

/* --- in the chronology ------------------------------------------------------------------------------------------- */

static const struct event_kind kinds[] = {
	{ "mediation_started", N_("A mediator helps you and the body to find a settlement: {name}."),
	    N_("Mediation began; mediator: {name}.") },
	{ "mediation_ended", N_("The mediation has ended: {mediation}."), N_("Mediation ended: {mediation}.") },
};
const struct event_table mediation_events = { kinds, ARRAY_LEN(kinds) };
