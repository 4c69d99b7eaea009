/* The tab "time" of a case: its clocks with what they lived through, the ladder's steps, and its tasks. */
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/case_acts.h"
#include "casework/case_clock.h"
#include "casework/case_view.h"
#include "casework/ladder_job.h"
#include "casework/task.h"
#include "text/date.h"

#include <string.h>

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct time_form {
	int64_t version;
	const char *reason, *words;
	int64_t amount;
	const char *kind, *task, *executors, *controller, *due;
	bool document_needed;
};

static enum err load_clock(const struct casefile_act *act, const struct casefile *c, int64_t n, int64_t seen_version,
    struct case_clock *ret_clock, struct fault *fault)
{
	enum err e = casefile_check_seen(c, seen_version, fault);
	if (!e)
		e = case_clock_load(act, n, ret_clock);
	/* A clock of another case is none of this one's, whatever the address says. */
	return !e && ret_clock->casefile_id != c->id ? ERR_NOT_FOUND : e;
}

/* Whoever had the page open before sees that it is an old one. */
static enum err raise_version(const struct casefile_act *act, struct casefile *c, enum err so_far)
{
	if (!so_far)
		so_far = db_run(act->tx, &sql_casefile_raise, DB_ARGS(db_int(c->id), db_int(c->version)));
	if (!so_far)
		c->version++;
	return so_far;
}

static enum err do_pause(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct time_form *form = arg;
	struct case_clock k;
	enum err e = load_clock(act, c, n, form->version, &k, fault);
	return raise_version(act, c, e ? e : case_clock_pause(act, &k, form->reason, form->words, fault));
}

static enum err do_resume(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct time_form *form = arg;
	struct case_clock k;
	enum err e = load_clock(act, c, n, form->version, &k, fault);
	return raise_version(act, c, e ? e : case_clock_resume(act, &k, fault));
}

/* The person gets a letter about more time that the office takes, in the profile's words. */
static enum err write_extension(
    const struct casefile_act *act, const struct casefile *c, const struct case_clock *k, const char *reason)
{
	const struct profile *profile = act->office->profile;
	const char *zone = profile->calendar.zone;
	enum lang lang = case_person_lang(act, c);
	json_t *values = json_owned(act->arena, json_object());
	json_put_str(values, "number", c->number);
	json_put_str(values, "name", c->person_name);
	json_put_str(values, "office", names_in(&profile->name, lang));
	json_put_str(values, "date", date_long(act->arena, lang, zone, c->received_at));
	json_put_str(values, "due", date_long(act->arena, lang, zone, k->due_at));
	json_put_str(values, "reason", reason);
	const char *letter = letter_text(act->arena, profile, lang, "extension_notice", values);
	return *letter ? text_add(act, c->id, "to_person", lang, letter) : OK;
}

static enum err do_extend(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct time_form *form = arg;
	struct case_clock k;
	enum err e = load_clock(act, c, n, form->version, &k, fault);
	if (!e)
		e = case_clock_extend(act, &k, form->amount, form->words, fault);
	e = raise_version(act, c, e);
	return e || !case_clock_is_ours(&k.rule) ? e : write_extension(act, c, &k, form->words);
}

static enum err do_agency_first(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return agency_first_send(act, c, ((const struct time_form *)arg)->version, fault);
}

static enum err do_agency_first_end(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return agency_first_end(act, c, ((const struct time_form *)arg)->version, fault);
}

static enum err do_task(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct time_form *form = arg;
	struct task_new new = {
		.casefile_id = c->id, .kind = form->kind, .words = form->task, .document_needed = form->document_needed
	};
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	if (!e)
		e = task_people(act, form->executors, new.executor, &new.executors, fault);
	if (!e)
		e = task_person(act, "controller", form->controller, &new.controller, fault);
	if (!e)
		e = task_due(act, form->due, &new.due_at);
	return e ? e : task_give(act, &new, ret_id, fault);
}

#define F(member_, type_, max_, flags_, label_) FIELD(struct time_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))

static const struct field pause_fields[] = {
	VERSION,
	F(reason, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Why it stands still")),
	F(words, FIELD_LINES, 1000, 0, N_("In words")),
};
static const struct field version_fields[] = { VERSION };
static const struct field extend_fields[] = {
	VERSION,
	F(amount, FIELD_INT, CLOCK_AMOUNT_MAX, FIELD_REQUIRED, N_("By how much")),
	F(words, FIELD_LINES, 1000, FIELD_REQUIRED, N_("Why more time is needed")),
};
static const struct field task_fields[] = {
	VERSION,
	FIELD_OF(struct time_form, kind, task_kinds, FIELD_REQUIRED, N_("Kind of task")),
	F(task, FIELD_LINES, TASK_WORDS_MAX, FIELD_REQUIRED, N_("What is to be done")),
	F(executors, FIELD_TEXT, 400, FIELD_REQUIRED, N_("Who does it")),
	F(controller, FIELD_TEXT, 60, 0, N_("Who looks after it")),
	F(due, FIELD_DATE, 0, 0, N_("By when")),
	F(document_needed, FIELD_BOOL, 0, 0, N_("It is closed with a document")),
};
#define FORM(fields_) DESK_FORM(struct time_form, fields_)

static const struct desk_act acts[] = {
	{ "pause-clock", "pause", "clocks", "time", ACT_CLOCK_CHANGE, FORM(pause_fields), do_pause },
	{ "resume-clock", "resume", "clocks", "time", ACT_CLOCK_CHANGE, FORM(version_fields), do_resume },
	{ "extend-clock", "extend", "clocks", "time", ACT_CLOCK_CHANGE, FORM(extend_fields), do_extend },
	{ "agency-first", "agency_first", "clocks", "time", ACT_CASE_REGISTER, FORM(version_fields), do_agency_first },
	{ "agency-first-end", "agency_first", "clocks", "time", ACT_CASE_REGISTER, FORM(version_fields),
	    do_agency_first_end },
	/* Whoever may read the case, and may give tasks at all. */
	{ "tasks", "task", "tasks", "time", ACT_CASE_READ, FORM(task_fields), do_task },
};
const struct desk_act_table time_acts = { acts, ARRAY_LEN(acts) };

/* --- what happened ----------------------------------------------------------------------------------------------- */

static const struct event_kind kinds[] = {
	{ "clock_paused", N_("Our time limit “{rule}” stands still: {pause}. {words}"),
	    N_("Time limit “{rule}” stands still: {pause}. {words}") },
	{ "clock_resumed", N_("Our time limit “{rule}” runs again and ends on {due_at}."),
	    N_("Time limit “{rule}” runs again, due {due_at}.") },
	{ "clock_extended", N_("We need more time. Our time limit “{rule}” now ends on {due_at}. {words}"),
	    N_("Time limit “{rule}” extended, due {due_at}: {words}") },
	{ "clock_lengthened", N_("The time limit “{rule}” was extended and now ends on {due_at}. {words}"),
	    N_("Time limit “{rule}” extended, due {due_at}: {words}") },
	{ "clock_moved", N_("The calendar of public holidays changed. Our time limit “{rule}” now ends on {due_at}."),
	    N_("The calendar changed: time limit “{rule}” moved from {before_at} to {due_at}.") },
	{ "sent_to_agency", N_("We gave your complaint to {body} first, so that it can settle it itself."),
	    N_("Given to {body} first.") },
	{ "escalated", N_("{body} did not settle your complaint. We have taken it over."),
	    N_("Not settled by {body}: come to the office, the time limit begins.") },
	{ "ladder_step", NULL, N_("{step} (“{rule}”, {due_at})") },
	{ "task_given", NULL, N_("Task given: {words}") },
	{ "task_done", NULL, N_("Task done: {words}") },
	{ "task_withdrawn", NULL, N_("Task withdrawn: {words}") },
};
const struct event_table time_events = { kinds, ARRAY_LEN(kinds) };

/* --- the tab ----------------------------------------------------------------------------------------------------- */

static void put_clock_rights(const struct case_viewing *v, const struct case_clock *k, json_t *one)
{
	bool may_change = json_bool_or(json_object_get(v->view, "can"), "clock_change", false);
	const char *unit =
	    k->known ? clock_amount_text(v->act->arena, v->lang, k->rule.extend_amount, k->rule.unit) : NULL;
	json_put_bool(one, "can_pause", may_change && case_clock_may_pause(k, NULL) == OK);
	json_put_bool(one, "can_resume", may_change && case_clock_may_resume(k, NULL) == OK);
	json_put_bool(one, "can_extend", may_change && case_clock_may_extend(k, 1, NULL) == OK);
	json_put_str(one, "extend_at_most", unit);
}

static json_t *reasons_json(const struct case_viewing *v)
{
	const struct codes *reasons = &v->act->office->profile->pause_reasons;
	json_t *list = json_array();
	for (size_t i = 0; i < reasons->count; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", reasons->at[i].key);
		json_put_str(one, "reason_label", names_in(&reasons->at[i].name, v->lang));
		json_add(list, one);
	}
	return list;
}

static void put_can(const struct case_viewing *v)
{
	const struct object object = casefile_object(v->c);
	const struct profile *profile = v->act->office->profile;
	bool open = v->c->state->phase != PHASE_CLOSED;
	json_t *can = json_object();
	json_put_bool(can, "clock_change", open && may(v->act->actor, ACT_CLOCK_CHANGE, &object, NULL) == OK);
	json_put_bool(can, "give_task",
	    open && v->act->actor->kind == ACTOR_STAFF && may(v->act->actor, ACT_TASK_WORK, NULL, NULL) == OK);
	bool registers = may(v->act->actor, ACT_CASE_REGISTER, &object, NULL) == OK;
	json_put_bool(can, "agency_first", registers && agency_first_possible(profile, v->c->state));
	json_put_bool(
	    can, "agency_first_end", registers && profile_move(profile, v->c->state, "agency_first_ended") != NULL);
	json_put(v->view, "can", can);
}

static enum err fill(const struct case_viewing *v)
{
	struct case_clock *clocks;
	json_t *list = json_array(), *tasks;
	size_t n;
	put_can(v);
	enum err e = case_clock_load_all(v->act, v->c->id, &clocks, &n);
	for (size_t i = 0; !e && i < n; i++) {
		json_add(list, case_clock_json(v->act, v->lang, &clocks[i]));
		put_clock_rights(v, &clocks[i], json_array_get(list, i));
	}
	if (!e)
		e = ladder_put_steps(v->act, v->lang, clocks, n, list);
	view_put_list(v->view, "clocks", list);
	if (!e)
		e = task_of_case(v->act, v->lang, v->c->id, &tasks);
	if (e)
		return e;
	view_put_list(v->view, "tasks", tasks);
	json_put(v->view, "pause_reasons", reasons_json(v));
	json_put(v->view, "task_kinds", task_kinds_json(v->lang));
	return OK;
}

const struct case_tab time_tab = { "time", N_("Time and tasks"), ACT_CASE_READ, "case/time", fill };

static const struct route routes[] = {
	DESK_ACT("clocks/{n}/pause-clock", "Let a time limit stand still, with a reason."),
	DESK_ACT("clocks/{n}/resume-clock", "Let a time limit run again."),
	DESK_ACT("clocks/{n}/extend-clock", "Extend a time limit, with a reason the person reads."),
	DESK_ACT("agency-first", "Give a complaint to the body complained of first."),
	DESK_ACT("agency-first-end", "Take over a complaint that the body did not settle."),
	{ METHOD_POST, "/desk/cases/{id}/tasks", case_act, WHO_STAFF, 0, 0, "Give a task on a case." },
};
const struct route_table time_routes = { routes, ARRAY_LEN(routes) };
