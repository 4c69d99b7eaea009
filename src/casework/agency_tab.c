/* Requests to bodies for officers: the tab of the case, its acts, and what the chronology calls them. */
#include "casework/agency.h"

#include "agency.sql.h"
#include "base/util.h"
#include "casework/agency_portal.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define LETTER_MAX 10000
#define WORDS_MAX 5000
#define BODIES_AT_ONCE 3

/* --- events ------------------------------------------------------------------------------------------------------ */

static const struct event_kind kinds[] = {
	{ "document_agency", NULL, N_("File “{name}” came from the body that was asked.") },
	{ "agency_asked", N_("We asked {body} for a report. It is to answer by {due_at}."),
	    N_("Report asked from {body}, due {due_at}.") },
	{ "agency_reminded", N_("{body} did not answer in time. We reminded it."), N_("{body} reminded.") },
	{ "agency_escalated", N_("{body} still did not answer. We turned to its head."),
	    N_("Escalated to the head of {body}.") },
	{ "agency_replied", N_("{body} answered us."), N_("{body} answered: {position}.") },
	{ "agency_extension_asked", NULL, N_("{body} asks for more time, until {until_at}: {words}") },
	{ "agency_extension_granted", N_("{body} has more time to answer, until {due_at}."),
	    N_("{body} has more time, until {due_at}. {words}") },
	{ "agency_extension_refused", NULL, N_("{body} was refused more time: {words}") },
	{ "agency_withdrawn", N_("We do not wait for the report of {body} any more."),
	    N_("Request to {body} withdrawn: {words}") },
	{ "agency_remedy_offered", N_("{body} offers a solution. Please read it and tell us what you think."),
	    N_("What {body} offers was put before the person.") },
	{ "agency_remedy_answered", N_("You told us what you think of what {body} offers."),
	    N_("What the person says to the offer of {body}: {opinion}. {words}") },
};
const struct event_table agency_events = { kinds, ARRAY_LEN(kinds) };

/* --- forms ------------------------------------------------------------------------------------------------------- */

struct ask_form {
	int64_t version;
	const char *agency_body, *agency_body_2, *agency_body_3, *question, *questions;
	bool tell;
	int64_t send_1, send_2, send_3, send_4, send_5, send_6, send_7, send_8, send_9, send_10, send_11, send_12;
};

#define F(struct_, member_, type_, max_, flags_, label_) FIELD(struct struct_, member_, type_, max_, flags_, label_)
#define VERSION(struct_) F(struct_, version, FIELD_INT, 0, 0, N_("Version of the case"))
#define SEND(n_) F(ask_form, send_##n_, FIELD_INT, 0, 0, N_("Files to send along"))

static const struct field ask_fields[] = {
	VERSION(ask_form),
	F(ask_form, agency_body, FIELD_TEXT, 200, FIELD_REQUIRED, N_("Body to be asked")),
	F(ask_form, agency_body_2, FIELD_TEXT, 200, 0, N_("Another body")),
	F(ask_form, agency_body_3, FIELD_TEXT, 200, 0, N_("Another body")),
	F(ask_form, question, FIELD_LINES, LETTER_MAX, FIELD_REQUIRED, N_("What it is asked")),
	F(ask_form, questions, FIELD_LINES, WORDS_MAX, 0, N_("Questions, one a line")),
	F(ask_form, tell, FIELD_BOOL, 0, 0, N_("Tell the body who complained")),
	SEND(1),
	SEND(2),
	SEND(3),
	SEND(4),
	SEND(5),
	SEND(6),
	SEND(7),
	SEND(8),
	SEND(9),
	SEND(10),
	SEND(11),
	SEND(12),
};

struct reply_form {
	int64_t version;
	const char *position, *reply, *remedy, *remedy_due;
};
static const struct field reply_fields[] = {
	VERSION(reply_form),
	FIELD_OF(struct reply_form, position, agency_positions, FIELD_REQUIRED, N_("Its position")),
	F(reply_form, reply, FIELD_LINES, LETTER_MAX, FIELD_REQUIRED, N_("What it answered")),
	F(reply_form, remedy, FIELD_LINES, WORDS_MAX, 0, N_("What it offers")),
	F(reply_form, remedy_due, FIELD_DATE, 0, 0, N_("By when")),
};

static const char *const decisions[] = { "grant", "refuse", NULL };
struct decide_form {
	const char *decision, *until, *decision_words;
};
static const struct field decide_fields[] = {
	FIELD_OF(struct decide_form, decision, decisions, FIELD_REQUIRED, N_("Decision")),
	F(decide_form, until, FIELD_DATE, 0, 0, N_("Until when")),
	F(decide_form, decision_words, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("Reason")),
};

struct withdraw_form {
	int64_t version;
	const char *why;
};
static const struct field withdraw_fields[] = {
	VERSION(withdraw_form),
	F(withdraw_form, why, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("Reason")),
};

/* --- acts -------------------------------------------------------------------------------------------------------- */

static size_t chosen_files(const struct ask_form *form, int64_t out[AGENCY_DOCUMENTS])
{
	const int64_t all[] = { form->send_1, form->send_2, form->send_3, form->send_4, form->send_5, form->send_6,
		form->send_7, form->send_8, form->send_9, form->send_10, form->send_11, form->send_12 };
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i])
			out[n++] = all[i];
	return n;
}

static enum err do_ask(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct ask_form *form = arg;
	const char *const bodies[BODIES_AT_ONCE] = { form->agency_body, form->agency_body_2, form->agency_body_3 };
	int64_t files[AGENCY_DOCUMENTS];
	struct agency_question question = {
		.question = form->question, .questions = form->questions, .tell = form->tell, .documents = files
	};
	enum err e = casefile_check_seen(c, form->version, fault);
	question.document_count = chosen_files(form, files);
	for (size_t i = 0; !e && i < BODIES_AT_ONCE; i++) {
		int64_t id;
		if (!*bodies[i])
			continue;
		question.body_name = bodies[i];
		e = agency_ask(act, c, &question, 0, &id, fault);
		if (!e && i == 0)
			*ret_id = id;
	}
	return e;
}

static enum err do_remind(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return agency_remind(act, c, n, fault);
}

static enum err do_escalate(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return agency_escalate(act, c, n, fault);
}

static enum err do_reply(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct reply_form *form = arg;
	const struct agency_answer answer = {
		.position = form->position, .reply = form->reply, .remedy = form->remedy, .remedy_due = form->remedy_due
	};
	return agency_record_reply(act, c, n, &answer, form->version, fault);
}

static enum err do_decide(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct decide_form *form = arg;
	return agency_extension_decide(
	    act, c, n, !strcmp(form->decision, "grant"), form->until, form->decision_words, fault);
}

static enum err do_withdraw(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct withdraw_form *form = arg;
	return agency_withdraw(act, c, n, form->why, form->version, fault);
}

static enum err do_offer(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return agency_remedy_offer(act, c, n, fault);
}

static const struct desk_act acts[] = {
	{ "agency-requests", "ask", "agency", "agency", ACT_CASE_WORK, DESK_FORM(struct ask_form, ask_fields), do_ask },
	{ "remind", "agency", "agency", "agency", ACT_CASE_WORK, DESK_NO_FORM, do_remind },
	{ "escalate", "agency", "agency", "agency", ACT_CASE_WORK, DESK_NO_FORM, do_escalate },
	{ "reply", "reply", "agency", "agency", ACT_CASE_WORK, DESK_FORM(struct reply_form, reply_fields), do_reply },
	{ "decide-extension", "decide", "agency", "agency", ACT_CASE_WORK, DESK_FORM(struct decide_form, decide_fields),
	    do_decide },
	{ "withdraw-request", "withdraw", "agency", "agency", ACT_CASE_WORK,
	    DESK_FORM(struct withdraw_form, withdraw_fields), do_withdraw },
	{ "offer-remedy", "agency", "agency", "agency", ACT_CASE_WORK, DESK_NO_FORM, do_offer },
};
const struct desk_act_table agency_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("agency-requests", "Ask one body, or several at once, for a report."),
	DESK_ACT("agency-requests/{n}/remind", "Remind a body."),
	DESK_ACT("agency-requests/{n}/escalate", "Turn to the head of a body."),
	DESK_ACT("agency-requests/{n}/reply", "Record the answer of a body."),
	DESK_ACT("agency-requests/{n}/decide-extension", "Grant or refuse a body more time."),
	DESK_ACT("agency-requests/{n}/withdraw-request", "Withdraw a request to a body."),
	DESK_ACT("agency-requests/{n}/offer-remedy", "Put what a body offers before the person."),
};
const struct route_table agency_desk_routes = { routes, ARRAY_LEN(routes) };

/* --- the tab ----------------------------------------------------------------------------------------------------- */

struct filling {
	const struct case_viewing *v;
	bool may_work;
	json_t *list; /* agency_requests[] */
};

static void put_can(const struct filling *f, const struct agency_request *r, json_t *json)
{
	static const char *const member[AGENCY_STEP_MAX] = { "can_remind", "can_escalate", "can_reply", NULL,
		"can_decide", NULL, "can_withdraw" };
	bool closed = f->v->c->state->phase == PHASE_CLOSED;
	enum agency_state to;
	bool any = false;
	for (enum agency_step step = 0; step < AGENCY_STEP_MAX; step++) {
		bool can = f->may_work && agency_next(r, closed, step, &to, NULL) == OK;
		if (!member[step])
			continue;
		json_put_bool(json, member[step], can);
		any = any || can;
	}
	bool offer = f->may_work && r->state == AGENCY_ANSWERED && *r->remedy && !r->offered_at;
	json_put_bool(json, "can_offer", offer);
	json_put_bool(json, "can_anything", any || offer);
}

static json_t *request_of(const struct filling *f, int64_t id)
{
	json_t *one;
	size_t i;
	json_array_foreach(f->list, i, one) if (json_int_or(one, "id", 0) == id) return one;
	return NULL;
}

static enum err put_requests(struct filling *f)
{
	struct agency_requests list;
	const struct casefile_act *act = f->v->act;
	enum err e = agency_list(act->tx, act->arena, f->v->c->id, &list);
	if (e)
		return e;
	f->list = json_array();
	for (size_t i = 0; i < list.n; i++) {
		const struct agency_request *r = &list.at[i];
		json_t *json = agency_request_json(act, f->v->lang, r);
		json_put_str(json, "whom", case_body_label(act, f->v->lang, r->body_key, r->body_name));
		put_can(f, r, json);
		json_put(json, "extensions", json_array());
		json_put(json, "files", json_array());
		json_add(f->list, json);
	}
	view_put_list(f->v->view, "agency_requests", f->list);
	return OK;
}

static void add_to(json_t *request, const char *key, json_t *one)
{
	char flag[40];
	if (!request) {
		json_decref(one);
		return;
	}
	snprintf(flag, sizeof(flag), "has_%s", key);
	json_put_bool(request, flag, true);
	json_add(json_object_get(request, key), one);
}

static enum err put_extensions(const struct filling *f)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct casefile_act *act = f->v->act;
	enum err e = db_query(act->tx, &sql_agency_extensions_of_casefile, DB_ARGS(db_int(f->v->c->id)), &rows);
	while (!e && db_next(rows))
		add_to(request_of(f, db_col_int(rows, 0)), "extensions", agency_extension_json(act, f->v->lang, rows));
	return e ? e : db_rows_error(rows);
}

static enum err put_files(const struct filling *f)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct casefile_act *act = f->v->act;
	enum err e = db_query(act->tx, &sql_agency_documents_of_casefile, DB_ARGS(db_int(f->v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_str(one, "file_name", db_col_text(rows, 1));
		json_put_str(one, "link", arena_printf(act->arena, "/desk/documents/%" PRId64, db_col_int(rows, 0)));
		json_put_str(one, "size", file_size_text(act->arena, f->v->lang, db_col_int(rows, 3)));
		json_put_bool(one, "from_body", db_col_int(rows, 4) != 0);
		add_to(request_of(f, db_col_int(rows, 5)), "files", one);
	}
	return e ? e : db_rows_error(rows);
}

/* file_1 … file_12: Mustache has no counter, and the boxes' names must not depend on the files. */
static enum err put_choice_of_files(const struct case_viewing *v)
{
	json_t *list, *one;
	size_t i;
	enum err e = document_list(v->act->tx, v->act->office, v->lang, v->c->id, &list);
	if (e)
		return e;
	json_owned(v->act->arena, list);
	json_put_bool(v->view, "has_files", json_array_size(list) > 0);
	json_array_foreach(list, i, one)
	{
		if (i == 12)
			break;
		json_t *file = json_object();
		json_put_int(file, "id", json_int_or(one, "id", 0));
		json_put_str(file, "file_name", json_str_or(one, "name", ""));
		json_put(v->view, arena_printf(v->act->arena, "file_%zu", i + 1), file);
	}
	return OK;
}

/* Names to choose from as one types; a registry that is too long for a page is typed by heart. */
static enum err put_names(const struct case_viewing *v)
{
	const struct registry *bodies;
	json_t *list = json_array();
	enum err e = registry_in(v->act->tx, v->act->office, v->act->arena, &bodies);
	for (size_t i = 0; !e && registry_count(bodies) <= 500 && i < registry_count(bodies); i++) {
		const struct body *b = registry_at(bodies, i);
		if (!*b->merged_into)
			json_add(list, json_string(names_in(&b->name, v->act->office->profile->language)));
	}
	json_put(v->view, "body_names", list);
	json_put_str(v->view, "asked_body",
	    e ? "" : case_body_label(v->act, v->act->office->profile->language, v->c->body_key, v->c->body_name));
	return e;
}

static enum err put_form(const struct case_viewing *v)
{
	int64_t due_at = 0;
	if (agency_due(v->act->office, v->act->now, &due_at, NULL))
		due_at = 0;
	json_put_str(v->view, "letter", case_letter(v, v->act->office->profile->language, "agency_request", due_at));
	view_put_day(v->act, v->lang, v->view, "agency_due", due_at);
	json_put_bool(v->view, "may_tell", !v->c->withheld);
	enum err e = put_choice_of_files(v);
	return e ? e : put_names(v);
}

static enum err fill(const struct case_viewing *v)
{
	const struct object object = casefile_object(v->c);
	struct filling f = { .v = v, .may_work = may(v->act->actor, ACT_CASE_WORK, &object, NULL) == OK };
	bool ask = f.may_work && agency_may_ask(v->act->office->profile, v->c->state, NULL) == OK;
	json_t *can = json_object();
	json_put_bool(can, "ask", ask);
	json_put(v->view, "can", can);
	enum err e = put_requests(&f);
	if (!e)
		e = put_extensions(&f);
	if (!e)
		e = put_files(&f);
	return e || !ask ? e : put_form(v);
}

const struct case_tab agency_tab = { "agency", N_("Reports"), ACT_CASE_READ, "case/agency", fill };
