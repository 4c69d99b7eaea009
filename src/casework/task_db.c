/* Tasks with a database: giving them and moving them, with history, notices and counts. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/notice.h"
#include "casework/task.h"
#include "office/journal.h"
#include "task.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_DEADLINE INT64_C(253402300799999) /* sorts after every deadline */
#define TITLE_MAX 160                        /* characters of a task that a notice or an event repeats */

int64_t task_self(const struct actor *actor)
{
	if (actor->kind != ACTOR_STAFF)
		return 0;
	return actor->stands_for ? actor->stands_for : actor->id;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

static enum err load_executors(const struct casefile_act *act, struct task *t)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_task_parts_of, DB_ARGS(db_int(t->id)), &rows);
	while (!e && db_next(rows))
		if (!strcmp(db_col_text(rows, 1), "do") && t->executors < TASK_EXECUTORS_MAX)
			t->executor[t->executors++] = db_col_int(rows, 0);
	return e ? e : db_rows_error(rows);
}

static enum err load_row(const struct casefile_act *act, int64_t id, struct task *t)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_task_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*t = (struct task) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.version = db_col_int(rows, 2),
		.assigner = db_col_int(rows, 3),
		.controller = db_col_int(rows, 4),
		.created_at = db_col_int(rows, 5),
		.due_at = db_col_int(rows, 6),
		.ended_at = db_col_int(rows, 7),
		.document_id = db_col_int(rows, 8),
		.series_id = db_col_int(rows, 9),
		.kind = arena_strdup(act->arena, db_col_text(rows, 11)),
		.words = arena_strdup(act->arena, db_col_text(rows, 12)),
		.opinion = arena_strdup(act->arena, db_col_text(rows, 13)),
		.opinion_words = arena_strdup(act->arena, db_col_text(rows, 14)),
		.document_needed = db_col_int(rows, 15) };
	return task_state_parse(db_col_text(rows, 10), &t->state) ? OK : ERR_STORE;
}

enum err task_load(const struct casefile_act *act, int64_t id, struct task *ret_task)
{
	enum err e = load_row(act, id, ret_task);
	return e ? e : load_executors(act, ret_task);
}

enum err task_may_read(const struct casefile_act *act, const struct task *t, struct fault *fault)
{
	struct casefile c;
	bool mine = act->actor->kind == ACTOR_STAFF && task_parts(t, act->actor->id);
	if (mine || task_parts(t, task_self(act->actor)))
		return OK;
	if (!t->casefile_id && act->actor->kind == ACTOR_PROGRAM)
		return OK;
	if (!t->casefile_id)
		return ERR_NOT_FOUND;
	enum err e = casefile_load(act->office, act->tx, act->arena, t->casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	return may(act->actor, ACT_CASE_READ, &object, fault) ? ERR_NOT_FOUND : OK;
}

/* --- what is told ------------------------------------------------------------------------------------------------ */

const char *task_title(struct arena *arena, const char *words)
{
	size_t len = 0;
	for (size_t n = 0; words[len] && words[len] != '\n' && n < TITLE_MAX; n++)
		do
			len++;
		while (((unsigned char)words[len] & 0xc0) == 0x80);
	return words[len] ? arena_printf(arena, "%.*s…", (int)len, words) : words;
}

static enum err tell(const struct casefile_act *act, const struct task *t, int64_t staff_id, const char *kind)
{
	if (!staff_id || staff_id == act->actor->id)
		return OK;
	json_t *data = json_object();
	json_put_str(data, "name", act->actor->name);
	json_put_str(data, "words", task_title(act->arena, t->words));
	const struct notice_new notice = { staff_id, kind, t->casefile_id, t->id, data };
	return notice_add(act, &notice);
}

static enum err tell_executors(const struct casefile_act *act, const struct task *t, const char *kind)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < t->executors; i++)
		e = tell(act, t, t->executor[i], kind);
	return e;
}

/* Whom a move concerns: what who does it did, the others; what they did, who does it. */
static enum err tell_move(const struct casefile_act *act, const struct task *t, enum task_move move)
{
	char kind[32];
	snprintf(kind, sizeof(kind), "task_%s", move == TASK_GIVE ? "given" : task_move_key(move));
	if (move != TASK_ASK && move != TASK_DO)
		return tell_executors(act, t, kind);
	enum err e = tell(act, t, t->assigner, kind);
	return e || t->controller == t->assigner ? e : tell(act, t, t->controller, kind);
}

static enum err journal(const struct casefile_act *act, const struct task *t, enum task_move move)
{
	char object[64], name[32];
	json_t *payload = json_object();
	json_put_str(payload, "state", task_state_key(t->state));
	if (t->casefile_id)
		json_put_int(payload, "casefile", t->casefile_id);
	snprintf(name, sizeof(name), "task.%s", task_move_key(move));
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "task", t->id), payload);
}

/* The case's chronology keeps that a task was given and how it ended, not every word about it. */
static enum err case_event(const struct casefile_act *act, const struct task *t, enum task_move move)
{
	const char *kind = move == TASK_GIVE       ? "task_given"
			   : move == TASK_DO       ? "task_done"
			   : move == TASK_WITHDRAW ? "task_withdrawn"
						   : NULL;
	if (!t->casefile_id || !kind)
		return OK;
	json_t *data = json_object();
	json_put_str(data, "words", task_title(act->arena, t->words));
	if (t->due_at)
		json_put_int(data, "due_at", t->due_at);
	return event_add(act, t->casefile_id, kind, data);
}

static enum err record(const struct casefile_act *act, const struct task *t, enum task_move move, const char *words)
{
	enum err e = db_run(act->tx, &sql_task_history_insert,
	    DB_ARGS(db_int(t->id), db_int(act->now), db_text(task_move_key(move)), db_text(task_state_key(t->state)),
		db_text(act->actor->name), db_text(words)));
	if (!e)
		e = journal(act, t, move);
	if (!e)
		e = case_event(act, t, move);
	return e ? e : tell_move(act, t, move);
}

/* --- parts and counts -------------------------------------------------------------------------------------------- */

static enum err count(const struct casefile_act *act, const char *part, int64_t staff_id, int64_t by)
{
	char tally[48];
	snprintf(tally, sizeof(tally), "task:%s:%" PRId64, part, staff_id);
	return staff_id ? tally_add(act->tx, tally, by) : OK;
}

static enum err count_all(const struct casefile_act *act, const struct task *t, int64_t by)
{
	enum err e = count(act, "gave", t->assigner, by);
	if (!e)
		e = count(act, "control", t->controller, by);
	for (size_t i = 0; !e && i < t->executors; i++)
		e = count(act, "do", t->executor[i], by);
	return e;
}

static enum err put_part(
    const struct casefile_act *act, const struct task *t, const char *part, int64_t staff_id, size_t place)
{
	return db_run(act->tx, &sql_task_part_insert,
	    DB_ARGS(db_int(t->id), db_int(staff_id), db_text(part), db_int((int64_t)place),
		db_int(task_ended(t->state)), db_int(t->due_at ? t->due_at : NO_DEADLINE)));
}

static enum err put_executors(const struct casefile_act *act, const struct task *t)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < t->executors; i++)
		e = put_part(act, t, "do", t->executor[i], i);
	return e;
}

/* --- giving ------------------------------------------------------------------------------------------------------ */

static enum err check_person(const struct casefile_act *act, const char *field, int64_t staff_id, struct fault *fault)
{
	struct staff staff;
	enum err e = staff_load(act->tx, staff_id, &staff);
	if (e == ERR_NOT_FOUND || (!e && !staff.active))
		return fault_set(fault, ERR_INVALID, field, N_("Choose a person who works here."), NULL);
	return e;
}

static enum err check_new(const struct casefile_act *act, const struct task_new *new, struct fault *fault)
{
	enum err e = OK;
	if (!new->executors)
		return fault_set(fault, ERR_INVALID, "executors", N_("Say who is to do it."), NULL);
	for (size_t i = 0; !e && i < new->executors; i++)
		e = check_person(act, "executors", new->executor[i], fault);
	if (!e && new->controller)
		e = check_person(act, "controller", new->controller, fault);
	if (!e && new->due_at &&new->due_at < act->now && !new->series_id)
		e = fault_set(fault, ERR_INVALID, "due", N_("This day is past."), NULL);
	return e;
}

enum err task_give(const struct casefile_act *act, const struct task_new *new, int64_t *ret_id, struct fault *fault)
{
	struct task t = { .casefile_id = new->casefile_id,
		.assigner = new->assigner ? new->assigner : task_self(act->actor),
		.controller = new->controller,
		.due_at = new->due_at,
		.words = new->words,
		.kind = new->kind,
		.executors = new->executors };
	memcpy(t.executor, new->executor, sizeof(t.executor));
	enum err e = check_new(act, new, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_task_insert,
		    DB_ARGS(db_int_or_null(t.casefile_id), db_int_or_null(new->series_id),
			new->series_id ? db_int(new->series_day) : db_null(), db_text(t.kind), db_text(t.words),
			db_int(t.assigner), db_int_or_null(t.controller), db_int(act->now), db_int_or_null(t.due_at),
			db_int(new->document_needed), db_int_or_null(task_remind_at(&t, act->now))),
		    &t.id);
	if (!e)
		e = put_part(act, &t, "gave", t.assigner, 0);
	if (!e && t.controller)
		e = put_part(act, &t, "control", t.controller, 0);
	if (!e)
		e = put_executors(act, &t);
	if (!e)
		e = count_all(act, &t, 1);
	if (!e)
		e = record(act, &t, TASK_GIVE, "");
	if (!e)
		*ret_id = t.id;
	return e;
}

/* --- moving ------------------------------------------------------------------------------------------------------ */

static enum err check_document(
    const struct casefile_act *act, const struct task *t, const struct task_step *step, struct fault *fault)
{
	int64_t casefile_id = 0;
	if (!step->document_id)
		return OK;
	enum err e = db_get_int(act->tx, &sql_task_document_is_of, DB_ARGS(db_int(step->document_id)), &casefile_id);
	if (e == ERR_NOT_FOUND || (!e && (!t->casefile_id || casefile_id != t->casefile_id)))
		return fault_set(
		    fault, ERR_INVALID, "document_id", N_("Choose a document of the task's own case."), NULL);
	return e;
}

static enum err check_step(const struct casefile_act *act, const struct task *t, enum task_move move,
    const struct task_step *step, enum task_state *ret_to, struct fault *fault)
{
	const struct task_closing closing = { step->opinion, step->words, step->document_id };
	enum err e = task_next(t, move, task_parts(t, task_self(act->actor)), act->now, ret_to, fault);
	if (!e && step->version && step->version != t->version)
		e = fault_set(fault, ERR_CONFLICT, "version",
		    N_("Somebody else changed this task while you had it open. Nothing of yours was saved; look at it "
		       "again."),
		    NULL);
	if (!e && move == TASK_DO)
		e = task_may_close(t, &closing, fault);
	if (!e && move == TASK_DO)
		e = check_document(act, t, step, fault);
	for (size_t i = 0; !e && move == TASK_PASS_ON && i < step->executors; i++)
		e = check_person(act, "executors", step->executor[i], fault);
	if (!e && (move == TASK_ASK || move == TASK_INSTRUCT || move == TASK_SEND_BACK) && !*step->words)
		e = fault_set(fault, ERR_INVALID, "words", N_("Say it in words."), NULL);
	return e;
}

static void take_over(struct task *t, enum task_move move, const struct task_step *step, int64_t now)
{
	t->ended_at = task_ended(t->state) ? now : 0;
	if (move == TASK_DO) {
		t->opinion = step->opinion;
		t->opinion_words = step->words;
		t->document_id = step->document_id;
	} else if (move == TASK_SEND_BACK) {
		t->opinion = t->opinion_words = "";
		t->document_id = 0;
	} else if (move == TASK_PASS_ON) {
		t->due_at = step->due_at ? step->due_at : t->due_at;
		if (step->executors) {
			memcpy(t->executor, step->executor, sizeof(t->executor));
			t->executors = step->executors;
		}
	}
}

static enum err save(const struct casefile_act *act, struct task *t, bool others)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_task_save,
	    DB_ARGS(db_int(t->id), db_int(t->version), db_text(task_state_key(t->state)), db_int_or_null(t->due_at),
		db_int_or_null(t->ended_at), db_text(t->opinion), db_text(t->opinion_words),
		db_int_or_null(t->document_id), db_int_or_null(task_remind_at(t, act->now))),
	    &changed);
	if (!e && !changed)
		return ERR_CONFLICT;
	t->version++;
	if (!e && others)
		e = db_run(act->tx, &sql_task_part_drop_doers, DB_ARGS(db_int(t->id)));
	if (!e && others)
		e = put_executors(act, t);
	return e ? e
		 : db_run(act->tx, &sql_task_parts_save,
		       DB_ARGS(
			   db_int(t->id), db_int(task_ended(t->state)), db_int(t->due_at ? t->due_at : NO_DEADLINE)));
}

enum err task_step(const struct casefile_act *act, struct task *t, enum task_move move, const struct task_step *step,
    struct fault *fault)
{
	enum task_state to;
	const struct task before = *t;
	enum err e = check_step(act, t, move, step, &to, fault);
	if (e)
		return e;
	t->state = to;
	take_over(t, move, step, act->now);
	e = save(act, t, move == TASK_PASS_ON && step->executors);
	/* Open tasks are counted: what was counted goes, what now is comes. */
	if (!e && !task_ended(before.state))
		e = count_all(act, &before, -1);
	if (!e && !task_ended(t->state))
		e = count_all(act, t, 1);
	return e ? e : record(act, t, move, step->words);
}

/* --- people ------------------------------------------------------------------------------------------------------ */

static enum err find_person(const struct casefile_act *act, const char *word, int64_t *ret_id)
{
	char *end;
	long long id = strtoll(word, &end, 10);
	if (!*end && id > 0) {
		*ret_id = id;
		return OK;
	}
	return staff_find(act->tx, word, ret_id);
}

enum err task_people(const struct casefile_act *act, const char *logins, int64_t ret_ids[TASK_EXECUTORS_MAX],
    size_t *ret_n, struct fault *fault)
{
	char *list = arena_strdup(act->arena, logins), *state = NULL;
	size_t n = 0;
	for (char *word = strtok_r(list, " ,;\n\t", &state); word; word = strtok_r(NULL, " ,;\n\t", &state)) {
		int64_t id = 0;
		bool again = false;
		enum err e = find_person(act, word, &id);
		if (e == ERR_NOT_FOUND)
			return fault_set(fault, ERR_INVALID, "executors",
			    N_("Nobody here has the login name “{login}”."), "login", word, NULL);
		if (e)
			return e;
		for (size_t i = 0; i < n; i++)
			again = again || ret_ids[i] == id;
		if (again)
			continue;
		if (n == TASK_EXECUTORS_MAX)
			return fault_set(
			    fault, ERR_INVALID, "executors", N_("At most ten people can do one task."), NULL);
		ret_ids[n++] = id;
	}
	*ret_n = n;
	return OK;
}

enum err task_person(
    const struct casefile_act *act, const char *field, const char *login, int64_t *ret_id, struct fault *fault)
{
	int64_t id = 0;
	enum err e = *login ? find_person(act, login, &id) : OK;
	if (e == ERR_NOT_FOUND)
		return fault_set(
		    fault, ERR_INVALID, field, N_("Nobody here has the login name “{login}”."), "login", login, NULL);
	*ret_id = id;
	return e;
}

enum err task_due(const struct casefile_act *act, const char *iso_day, int64_t *ret_due_at)
{
	const char *zone = act->office->profile->calendar.zone;
	struct civil day;
	*ret_due_at = 0;
	if (!*iso_day)
		return OK;
	enum err e = civil_parse(iso_day, &day);
	if (!e)
		*ret_due_at = zone_day_start(zone, civil_from_days(civil_days(day) + 1)) - 1;
	return e;
}
