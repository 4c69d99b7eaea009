/* Lists of tasks and one task, as pages show them and the API returns them. */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/task.h"
#include "task.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TASK_PAGE 50

static const struct {
	const char *key, *label;
} parts[] = {
	{ "do", N_("For me to do") },
	{ "gave", N_("Given by me") },
	{ "control", N_("Looked after by me") },
};

static const char *tone_of(enum task_state state, bool late)
{
	static const char *const tone[TASK_STATE_MAX] = { [TASK_OPEN] = "active",
		[TASK_WAITING] = "waiting",
		[TASK_DONE] = "done",
		[TASK_DONE_LATE] = "info",
		[TASK_WITHDRAWN] = "closed" };
	return late ? "refused" : tone[state];
}

static json_t *state_json(enum lang lang, enum task_state state, bool late)
{
	json_t *json = json_object();
	json_put_str(json, "key", task_state_key(state));
	json_put_str(json, "label", text_get(lang, late ? N_("Late") : task_state_label(state)));
	json_put_str(json, "tone", tone_of(state, late));
	return json;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	enum task_state state = TASK_OPEN;
	json_t *row = json_object();
	int64_t id = db_col_int(rows, 0), due = db_col_int(rows, 4), casefile_id = db_col_int(rows, 5);
	task_state_parse(db_col_text(rows, 3), &state);
	bool late = due && act->now > due && !task_ended(state);
	json_put_int(row, "id", id);
	json_put_str(row, "link", arena_printf(act->arena, "/desk/tasks/%" PRId64, id));
	json_put_str(row, "kind", db_col_text(rows, 1));
	json_put_str(row, "kind_name", text_get(lang, task_kind_label(db_col_text(rows, 1))));
	json_put_str(row, "words", db_col_text(rows, 2));
	json_put(row, "state", state_json(lang, state, late));
	json_put_bool(row, "late", late);
	json_put_bool(row, "ended", task_ended(state));
	view_put_day(act, lang, row, "due", due);
	if (casefile_id) {
		json_put_str(row, "case_number", db_col_text(rows, 6));
		json_put_int(row, "case_id", casefile_id);
	}
	json_put_str(row, "responsible", db_col_text(rows, 7));
	json_put_str(row, "given_by", db_col_text(rows, 8));
	return row;
}

static enum err put_tabs(const struct casefile_act *act, enum lang lang, const struct task_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char name[ARRAY_LEN(parts)][48];
	int64_t n[ARRAY_LEN(parts)] = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		snprintf(name[i], sizeof(name[i]), "task:%s:%" PRId64, parts[i].key, ask->staff_id);
	enum err e =
	    db_query(act->tx, &sql_task_counts, DB_ARGS(db_text(name[0]), db_text(name[1]), db_text(name[2])), &rows);
	while (!e && db_next(rows))
		for (size_t i = 0; i < ARRAY_LEN(parts); i++)
			if (!strcmp(db_col_text(rows, 0), name[i]))
				n[i] = db_col_int(rows, 1);
	json_t *tabs = json_array();
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		json_t *tab = json_object();
		json_put_str(tab, "code", parts[i].key);
		json_put_str(tab, "tab_label", text_get(lang, parts[i].label));
		json_put_int(tab, "tasks", n[i]);
		json_put_str(tab, "task_count", number_text(act->arena, lang, n[i]));
		json_put_bool(tab, "chosen", !strcmp(ask->part, parts[i].key));
		json_add(tabs, tab);
	}
	json_put(view, "tabs", tabs);
	return e ? e : db_rows_error(rows);
}

/* All ids of the page: which of them are ticked comes with the form. */
static void put_ids(const struct casefile_act *act, const json_t *list, json_t *view)
{
	const char *ids = "";
	const json_t *row;
	size_t i;
	json_array_foreach(list, i, row) ids = arena_printf(act->arena, "%s %" PRId64, ids, json_int_or(row, "id", 0));
	json_put_str(view, "row_ids", ids);
}

enum err task_list(const struct casefile_act *act, enum lang lang, const struct task_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	int64_t at = 0, id = 0;
	bool more = false;
	enum err e = db_query(act->tx, &sql_task_list_after,
	    DB_ARGS(db_int(ask->staff_id), db_text(ask->part), db_int(ask->ended),
		db_int(ask->keyed ? ask->key_at : -1), db_int(ask->keyed ? ask->key_id : 0)),
	    &rows);
	while (!e && db_next(rows)) {
		more = json_array_size(list) == TASK_PAGE;
		if (more)
			break;
		id = db_col_int(rows, 0);
		at = db_col_int(rows, 9);
		json_add(list, row_json(act, lang, rows));
	}
	if (!e && !more)
		e = db_rows_error(rows);
	put_ids(act, list, view);
	view_put_list(view, "rows", list);
	if (more)
		json_put_str(view, "page_after", arena_printf(act->arena, "%" PRId64 ".%" PRId64, at, id));
	json_put_str(view, "of", ask->part);
	json_put_bool(view, "ended", ask->ended);
	return e ? e : put_tabs(act, lang, ask, view);
}

enum err task_of_case(const struct casefile_act *act, enum lang lang, int64_t casefile_id, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_task_list_of_case, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, row_json(act, lang, rows));
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}

json_t *task_kinds_json(enum lang lang)
{
	json_t *list = json_array();
	for (size_t i = 0; task_kinds[i]; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", task_kinds[i]);
		json_put_str(one, "kind_label", text_get(lang, task_kind_label(task_kinds[i])));
		json_put_bool(one, "chosen", i == 0);
		json_add(list, one);
	}
	return list;
}

/* --- one task ---------------------------------------------------------------------------------------------------- */

static enum err put_people(const struct casefile_act *act, const struct task *t, json_t *task)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *doers = json_array();
	enum err e = db_query(act->tx, &sql_task_parts_of, DB_ARGS(db_int(t->id)), &rows);
	while (!e && db_next(rows)) {
		const char *part = db_col_text(rows, 1), *name = db_col_text(rows, 2);
		if (!strcmp(part, "gave"))
			json_put_str(task, "given_by", name);
		else if (!strcmp(part, "control"))
			json_put_str(task, "controller", name);
		else {
			json_t *one = json_object();
			json_put_int(one, "id", db_col_int(rows, 0));
			json_put_str(one, "name", name);
			json_put_bool(one, "responsible", db_col_int(rows, 0) == t->executor[0]);
			json_add(doers, one);
		}
	}
	json_put(task, "executors", doers);
	return e ? e : db_rows_error(rows);
}

static enum err put_history(const struct casefile_act *act, enum lang lang, const struct task *t, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(act->tx, &sql_task_history_of, DB_ARGS(db_int(t->id)), &rows);
	while (!e && db_next(rows)) {
		enum task_move move = TASK_GIVE;
		json_t *one = json_object();
		task_move_parse(db_col_text(rows, 1), &move);
		view_put_moment(act, lang, one, "when", db_col_int(rows, 0));
		json_put_str(one, "move", task_move_key(move));
		json_put_str(one, "text", text_get(lang, task_move_label(move)));
		json_put_str(one, "by", db_col_text(rows, 3));
		json_put_str(one, "words", db_col_text(rows, 4));
		json_add(list, one);
	}
	json_put(view, "history", list);
	return e ? e : db_rows_error(rows);
}

static json_t *opinions_json(enum lang lang, const char *kind)
{
	const struct task_opinion *opinion;
	json_t *list = json_array();
	for (size_t i = 0; (opinion = task_opinion_at(kind, i)); i++) {
		json_t *one = json_object();
		json_put_str(one, "code", opinion->key);
		json_put_str(one, "opinion_label", text_get(lang, opinion->label));
		json_put_bool(one, "needs_words", opinion->words);
		json_add(list, one);
	}
	return list;
}

static void put_can(const struct casefile_act *act, const struct task *t, json_t *view)
{
	json_t *can = json_object();
	unsigned own = task_parts(t, task_self(act->actor));
	for (enum task_move move = TASK_ASK; move < TASK_MOVE_MAX; move++) {
		enum task_state to;
		json_put_bool(can, task_move_key(move), task_next(t, move, own, act->now, &to, NULL) == OK);
	}
	json_put(view, "can", can);
}

static enum err put_case(const struct casefile_act *act, enum lang lang, const struct task *t, json_t *view)
{
	struct casefile c;
	json_t *documents;
	if (!t->casefile_id)
		return OK;
	enum err e = casefile_load(act->office, act->tx, act->arena, t->casefile_id, &c);
	if (e)
		return e;
	json_t *of = json_object();
	const struct object object = casefile_object(&c);
	bool readable = may(act->actor, ACT_CASE_READ, &object, NULL) == OK;
	json_put_int(of, "id", c.id);
	json_put_str(of, "number", c.number);
	json_put_bool(of, "readable", readable);
	json_put(view, "of_case", of);
	if (!readable)
		return OK;
	e = document_list(act->tx, act->office, lang, c.id, &documents);
	if (!e)
		view_put_list(view, "documents", documents);
	return e;
}

enum err task_view(const struct casefile_act *act, enum lang lang, const struct task *t, json_t *view)
{
	const struct task_opinion *opinion = task_opinion_find(t->kind, t->opinion);
	bool late = t->due_at && act->now > t->due_at && !task_ended(t->state);
	json_t *task = json_object();
	json_put_int(task, "id", t->id);
	json_put_int(task, "version", t->version);
	json_put_str(task, "kind", t->kind);
	json_put_str(task, "kind_name", text_get(lang, task_kind_label(t->kind)));
	json_put_str(task, "words", t->words);
	json_put(task, "state", state_json(lang, t->state, late));
	json_put_bool(task, "document_needed", t->document_needed);
	json_put_bool(task, "periodic", t->series_id != 0);
	view_put_day(act, lang, task, "due", t->due_at);
	view_put_moment(act, lang, task, "given", t->created_at);
	view_put_moment(act, lang, task, "ended", t->ended_at);
	json_put_str(task, "opinion", opinion ? text_get(lang, opinion->label) : NULL);
	json_put_str(task, "opinion_words", *t->opinion_words ? t->opinion_words : NULL);
	if (t->document_id)
		json_put_int(task, "document_id", t->document_id);
	enum err e = put_people(act, t, task);
	json_put(view, "task", task);
	json_put(view, "opinions", opinions_json(lang, t->kind));
	put_can(act, t, view);
	if (!e)
		e = put_history(act, lang, t, view);
	return e ? e : put_case(act, lang, t, view);
}
