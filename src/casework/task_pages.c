/* Tasks as pages and for programs. */
#include "base/util.h"
#include "casework/desk_work.h"
#include "casework/task.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum err may_work(const struct casefile_act *act, struct fault *fault)
{
	return may(act->actor, ACT_TASK_WORK, NULL, fault);
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

static enum err read_ask(struct request *rq, struct task_ask *ask, struct fault *fault)
{
	const char *of = request_query(rq, "of"), *after = request_query(rq, "after"),
		   *ended = request_query(rq, "ended");
	*ask = (struct task_ask) {
		.part = of && *of ? of : "do", .ended = ended && !strcmp(ended, "1"), .staff_id = desk_self(rq)
	};
	if (strcmp(ask->part, "do") && strcmp(ask->part, "gave") && strcmp(ask->part, "control"))
		return fault_set(fault, ERR_INVALID, "of", N_("There is no list of this name."), NULL);
	if (!after)
		return OK;
	ask->keyed = true;
	if (!desk_key(after, &ask->key_at, &ask->key_id))
		return fault_set(fault, ERR_INVALID, "after", N_("This page of the list does not exist."), NULL);
	return OK;
}

static enum err fill_list(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	struct task_ask ask;
	enum err e = may_work(act, fault);
	if (!e)
		e = read_ask(rq, &ask, fault);
	if (!e)
		e = task_list(act, rq->lang, &ask, view);
	json_put(view, "task_kinds", task_kinds_json(rq->lang));
	json_put_bool(view, "bulk", !e && !ask.ended && strcmp(ask.part, "control") != 0);
	json_put_bool(view, "bulk_do", !e && !strcmp(ask.part, "do"));
	json_put_bool(view, "bulk_gave", !e && !strcmp(ask.part, "gave"));
	return e;
}

static const struct desk_page list_page = { "task/list", N_("Tasks"), fill_list };

static enum err list_show(struct request *rq, struct reply *rp)
{
	return desk_page_show(rq, rp, &list_page);
}

/* --- one task ---------------------------------------------------------------------------------------------------- */

static enum err fill_task(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	struct task t;
	enum err e = may_work(act, fault);
	if (!e)
		e = task_load(act, request_param_int(rq, "id"), &t);
	if (!e)
		e = task_may_read(act, &t, fault);
	return e ? e : task_view(act, rq->lang, &t, view);
}

static const struct desk_page task_page = { "task/show", N_("Task"), fill_task };

static enum err task_show(struct request *rq, struct reply *rp)
{
	char object[64];
	enum err e = desk_page_show(rq, rp, &task_page);
	if (!e && rp->status < 300)
		journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "task.read",
		    journal_object(object, "task", request_param_int(rq, "id")));
	return e;
}

/* --- giving one on no case --------------------------------------------------------------------------------------- */

struct task_form {
	const char *kind, *task, *executors, *controller, *due, *assigner;
	bool document_needed;
};
#define F(member_, type_, max_, flags_, label_) FIELD(struct task_form, member_, type_, max_, flags_, label_)

static const struct field task_fields[] = {
	FIELD_OF(struct task_form, kind, task_kinds, FIELD_REQUIRED, N_("Kind of task")),
	F(task, FIELD_LINES, TASK_WORDS_MAX, FIELD_REQUIRED, N_("What is to be done")),
	F(executors, FIELD_TEXT, 400, FIELD_REQUIRED, N_("Who does it")),
	F(controller, FIELD_TEXT, 60, 0, N_("Who looks after it")), F(due, FIELD_DATE, 0, 0, N_("By when")),
	F(document_needed, FIELD_BOOL, 0, 0, N_("It is closed with a document")),
	F(assigner, FIELD_TEXT, 60, 0, N_("Who gives it")), /* of programs only: an officer gives in the own name */
};

static enum err give(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	const struct task_form *form = arg;
	struct task_new new = { .kind = form->kind, .words = form->task };
	enum err e = may_work(act, fault);
	if (!e)
		e = task_people(act, form->executors, new.executor, &new.executors, fault);
	if (!e)
		e = task_person(act, "controller", form->controller, &new.controller, fault);
	if (!e && rq->api)
		e = task_person(act, "assigner", form->assigner, &new.assigner, fault);
	if (!e && rq->api && !new.assigner)
		e = fault_set(fault, ERR_INVALID, "assigner", N_("Say who gives the task."), NULL);
	if (!e)
		e = task_due(act, form->due, &new.due_at);
	if (!e && form->document_needed)
		e = fault_set(fault, ERR_INVALID, "document_needed",
		    N_("Only a task on a case can be closed with a document."), NULL);
	return e ? e : task_give(act, &new, ret_id, fault);
}

static enum err give_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &list_page, task_fields, ARRAY_LEN(task_fields),
		sizeof(struct task_form), give, "/desk/tasks/{id}" };
	return desk_deed_do(rq, rp, &deed);
}

/* --- moving one -------------------------------------------------------------------------------------------------- */

struct step_form {
	int64_t version, document_id;
	const char *words, *opinion, *executors, *due;
};
#define S(member_, type_, max_, flags_, label_) FIELD(struct step_form, member_, type_, max_, flags_, label_)

static const struct field step_fields[] = {
	S(version, FIELD_INT, 0, 0, N_("Version of the task")),
	S(words, FIELD_LINES, TASK_WORDS_MAX, 0, N_("In words")),
	S(opinion, FIELD_TEXT, 60, 0, N_("Result")),
	S(document_id, FIELD_INT, 0, 0, N_("Document")),
	S(executors, FIELD_TEXT, 400, 0, N_("Who does it")),
	S(due, FIELD_DATE, 0, 0, N_("By when")),
};

static enum err move_of(const struct request *rq, enum task_move *ret_move)
{
	char key[32];
	/* "/desk/tasks/{id}/send-back": the move's key with the address' hyphen. */
	copy_text(key, sizeof(key), strrchr(rq->route->path, '/') + 1);
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_';
	return task_move_parse(key, ret_move) ? OK : ERR_INTERNAL;
}

static enum err step(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	const struct step_form *form = arg;
	struct task_step s = { .version = form->version,
		.words = form->words,
		.opinion = form->opinion,
		.document_id = form->document_id };
	enum task_move move;
	struct task t;
	enum err e = may_work(act, fault);
	if (!e)
		e = move_of(rq, &move);
	if (!e)
		e = task_load(act, request_param_int(rq, "id"), &t);
	if (!e)
		e = task_may_read(act, &t, fault);
	if (!e)
		e = task_people(act, form->executors, s.executor, &s.executors, fault);
	if (!e)
		e = task_due(act, form->due, &s.due_at);
	return e ? e : task_step(act, &t, move, &s, fault);
}

static enum err step_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &task_page, step_fields, ARRAY_LEN(step_fields),
		sizeof(struct step_form), step, "/desk/tasks/{id}" };
	return desk_deed_do(rq, rp, &deed);
}

/* --- several at once --------------------------------------------------------------------------------------------- */

#define BULK_MAX 50 /* as many as a page of the list shows */

struct bulk_form {
	const char *ids, *what, *words, *executors;
};
#define B(member_, type_, max_, flags_, label_) FIELD(struct bulk_form, member_, type_, max_, flags_, label_)

static const char *const bulk_moves[] = { "do", "withdraw", "pass_on", NULL };
static const struct field bulk_fields[] = {
	B(ids, FIELD_TEXT, 1000, FIELD_REQUIRED, N_("Tasks")),
	FIELD_OF(struct bulk_form, what, bulk_moves, FIELD_REQUIRED, N_("What to do with them")),
	B(words, FIELD_LINES, TASK_WORDS_MAX, 0, N_("In words")),
	B(executors, FIELD_TEXT, 400, 0, N_("Who does it")),
};

/* A page sends all ids it shows and a tick for those that are meant; a program only those. */
static size_t chosen_ids(struct request *rq, const char *ids, int64_t out[BULK_MAX])
{
	char *list = arena_strdup(rq->arena, ids), *state = NULL;
	size_t n = 0;
	for (char *word = strtok_r(list, " ,", &state); word && n < BULK_MAX; word = strtok_r(NULL, " ,", &state)) {
		char tick[32];
		long long id = 0;
		snprintf(tick, sizeof(tick), "t%.20s", word);
		if (sscanf(word, "%lld", &id) == 1 && id > 0 && (rq->api || request_form(rq, tick)))
			out[n++] = id;
	}
	return n;
}

/* All of them or none: what one of them does not allow is said with its words. */
static enum err bulk(
    const struct casefile_act *act, struct request *rq, const void *arg, int64_t *ret_id, struct fault *fault)
{
	const struct bulk_form *form = arg;
	struct task_step s = { .words = form->words };
	int64_t ids[BULK_MAX];
	enum task_move move;
	enum err e = may_work(act, fault);
	size_t n = chosen_ids(rq, form->ids, ids);
	if (!e && !n)
		e = fault_set(fault, ERR_INVALID, "ids", N_("Choose at least one task."), NULL);
	if (!e && !task_move_parse(form->what, &move))
		e = ERR_INTERNAL;
	if (!e)
		e = task_people(act, form->executors, s.executor, &s.executors, fault);
	if (!e && move == TASK_PASS_ON && !s.executors)
		e = fault_set(fault, ERR_INVALID, "executors", N_("Say who is to do it."), NULL);
	for (size_t i = 0; !e && i < n; i++) {
		struct task t;
		e = task_load(act, ids[i], &t);
		if (!e)
			e = task_may_read(act, &t, fault);
		s.opinion = e ? "" : task_opinion_at(t.kind, 0)->key;
		if (!e)
			e = task_step(act, &t, move, &s, fault);
	}
	return e;
}

static enum err bulk_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &list_page, bulk_fields, ARRAY_LEN(bulk_fields),
		sizeof(struct bulk_form), bulk, "/desk/tasks" };
	return desk_deed_do(rq, rp, &deed);
}

#define STEP(path_, help_)                                                                                             \
	{                                                                                                              \
		METHOD_POST, "/desk/tasks/{id}/" path_, step_post, WHO_STAFF, 0, 0, help_                              \
	}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/tasks", list_show, WHO_STAFF, 0, 0, "Tasks to do, given, looked after." },
	{ METHOD_POST, "/desk/tasks", give_post, WHO_STAFF, 0, 0, "Give a task that belongs to no case." },
	{ METHOD_GET, "/api/v1/tasks", list_show, WHO_PROGRAM, 0, 0, "Tasks to do, given, looked after." },
	{ METHOD_POST, "/api/v1/tasks", give_post, WHO_PROGRAM, 0, 0, "Give a task that belongs to no case." },
	{ METHOD_GET, "/api/v1/tasks/{id}", task_show, WHO_PROGRAM, 0, 0, "One task with its history." },
	{ METHOD_POST, "/desk/tasks/bulk", bulk_post, WHO_STAFF, 0, 0, "Do, withdraw or pass on several tasks." },
	{ METHOD_GET, "/desk/tasks/{id}", task_show, WHO_STAFF, 0, 0, "One task with its history." },
	STEP("ask", "Ask for instructions."),
	STEP("instruct", "Give instructions."),
	STEP("do", "Close a task with its result."),
	STEP("send-back", "Do not accept how a task was done."),
	STEP("withdraw", "Withdraw a task."),
	STEP("pass-on", "Let others do a task, or until another day."),
};
const struct route_table task_routes = { routes, ARRAY_LEN(routes) };
