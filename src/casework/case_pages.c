/* One case as a page and for programs: reading it, acting on it, its files. */
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/desk_pages.h"
#include "casework/flow_view.h"
#include "casework/form_fields.h"
#include "casework/tables.h"
#include "casework/upload_rules.h"
#include "office/blob.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

static void journal_read(const struct request *rq, const char *act, const char *kind, int64_t id)
{
	char object[64];
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, act, journal_object(object, kind, id));
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct show_work {
	struct request *rq;
	const struct case_tab *tab; /* NULL: the overview */
	int64_t id;
	json_t *view; /* made afresh by each run */
	struct casefile c;
	struct fault fault;
};

static enum err read_case(struct db_tx *tx, void *arg)
{
	struct show_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->view = json_owned(work->rq->arena, json_object());
	work->fault = (struct fault) { 0 };
	if (work->tab)
		return case_tab_load(&act, work->rq->lang, work->tab, work->id, work->view, &work->c, &work->fault);
	return case_view_load(&act, work->rq->lang, work->id, work->view, &work->c, &work->fault);
}

static enum err load_view(struct show_work *work)
{
	enum err e = db_read(office_of(work->rq)->db, read_case, work);
	if (!e)
		journal_read(work->rq, "casefile.read", "casefile", work->id);
	return e;
}

enum err case_show(struct request *rq, struct reply *rp)
{
	struct show_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = load_view(&work);
	/* Who may open it with a reason is asked for one. */
	if (e == ERR_DENIED && !rq->api && may_somewhere(actor_of(rq), ACT_BREAK_GLASS))
		return reply_see_other(rp, "/desk/break-glass/%" PRId64, work.id);
	if (e && work.fault.code)
		return reply_fault(rp, &work.fault);
	return e ? e : reply_view(rp, "case/show", json_incref(work.view));
}

/* --- acting ------------------------------------------------------------------------------------------------------ */

struct act_work {
	struct request *rq;
	const struct desk_act *act;
	int64_t id, n;
	void *form; /* of act->size bytes */
	struct casefile c;
	int64_t made;
	struct fault fault;
};

static enum err do_act(struct db_tx *tx, void *arg)
{
	struct act_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	return desk_act_do(&act, work->act, work->id, work->form, work->n, &work->c, &work->made, &work->fault);
}

/* For programs: what the case is now, and the id of what was made. */
static enum err answer_program(struct reply *rp, const struct act_work *work)
{
	json_t *view = json_object(), *c = json_object();
	json_put_int(c, "id", work->c.id);
	json_put_str(c, "number", work->c.number);
	json_put_int(c, "version", work->c.version);
	json_put(c, "state", case_state_json(work->rq->lang, work->c.state));
	json_put(view, "case", c);
	if (!work->made)
		return reply_view(rp, NULL, view);
	json_put_int(view, "made", work->made);
	return reply_created(rp, arena_printf(work->rq->arena, "/api/v1/cases/%" PRId64, work->id), view);
}

/* What was chosen in a list stays chosen. */
static void choose_again(
    const struct request *rq, json_t *view, const char *list, const char *member, const char *field)
{
	const char *typed = request_form(rq, field);
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, list), i, one)
	{
		const json_t *code = json_object_get(one, member);
		char id[24];
		snprintf(id, sizeof(id), "%" PRId64, (int64_t)json_integer_value(code));
		if (typed)
			json_put_bool(
			    one, "chosen", !strcmp(json_is_string(code) ? json_string_value(code) : id, typed));
	}
}

/* The step of the profile that was tried: its form stands open again. */
static void mark_move(const struct act_work *work, json_t *view)
{
	const char *move = request_form(work->rq, "move");
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, "moves"), i, one)
	    json_put_bool(one, "again", move && !strcmp(move, json_str_or(one, "code", "")));
}

/* The row whose form it was, wherever in the view it stands: its form stands open as "again.FORM". */
static void mark_row(json_t *lists, const struct act_work *work, int depth)
{
	const char *key;
	json_t *list, *one;
	size_t i;
	json_object_foreach(lists, key, list)
	{
		json_array_foreach(list, i, one)
		{
			if (!json_is_object(one))
				continue;
			if (json_int_or(one, "id", 0) == work->n) {
				json_t *again = json_object();
				json_put_bool(again, work->act->form, true);
				json_put(one, "again", again);
			}
			if (depth > 0)
				mark_row(one, work, depth - 1);
		}
	}
}

/* Selects that stand once for each pair of body and right. */
static void choose_pairs(const struct act_work *work, json_t *view)
{
	static const char *const fields[] = { "result", "fault", "outcome" };
	struct arena *arena = work->rq->arena;
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(view, "pairs"), i, one)
	{
		for (size_t f = 0; f < ARRAY_LEN(fields); f++)
			choose_again(work->rq, one, arena_printf(arena, "%s_choices", fields[f]), "code",
			    arena_printf(arena, "%s_%zu", fields[f], i + 1));
	}
}

static void open_again(const struct act_work *work, json_t *view, const struct faults *faults)
{
	json_t *open = json_object();
	json_put_bool(open, work->act->form, true);
	json_put_int(open, "row", work->n);
	json_put(view, "open", open);
	form_fields_again(work->rq, view, work->act->form, work->n, faults);
	choose_again(work->rq, view, "staff", "id", "staff_id");
	choose_again(work->rq, view, "officers", "id", "officer_id");
	choose_again(work->rq, view, "mediators", "id", "mediator_id");
	choose_again(work->rq, view, "closings", "code", "closing");
	choose_again(work->rq, view, "units", "code", "unit");
	choose_again(work->rq, view, "reviewers", "id", "staff_id");
	mark_move(work, view);
	flow_fill_again(work->rq, view);
	choose_pairs(work, view);
	if (work->n)
		mark_row(view, work, 1);
}

/* --- somebody else was first ------------------------------------------------------------------------------------- */

struct since_work {
	struct request *rq;
	int64_t id, version;
	json_t *list;
};

static enum err read_since(struct db_tx *tx, void *arg)
{
	struct since_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	struct casefile c;
	enum err e = casefile_load(act.office, tx, act.arena, work->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act.actor, ACT_CASE_READ, &object, NULL);
	if (!e)
		e = event_list_since(&act, work->rq->lang, work->id, work->version, &work->list);
	if (!e)
		json_owned(work->rq->arena, work->list);
	return e;
}

static int64_t seen_version(const struct request *rq)
{
	const char *typed = request_form(rq, "version");
	return typed ? strtoll(typed, NULL, 10) : json_int_or(rq->json, "version", 0);
}

/* What happened since the reader opened the page; NULL where they may not read it. */
static json_t *changed_since(struct request *rq, int64_t id)
{
	struct since_work work = { rq, id, seen_version(rq), NULL };
	return db_read(office_of(rq)->db, read_since, &work) ? NULL : work.list;
}

/* The case page again, its form as it was filled. What was refused because the case moved on answers 409. */
static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	struct act_work *work = arg;
	struct show_work show = {
		.rq = work->rq, .tab = work->act->tab ? case_tab_find(work->act->tab) : NULL, .id = work->id
	};
	enum err e = load_view(&show);
	if (e)
		return show.fault.code ? reply_fault(rp, &show.fault) : e;
	open_again(work, show.view, faults);
	json_t *since = strcmp(work->fault.field, "version") ? NULL : changed_since(work->rq, work->id);
	if (since)
		view_put_list(show.view, "changed", json_incref(since));
	e = reply_form(rp, show.tab ? show.tab->template : "case/show", json_incref(show.view), work->act->fields,
	    work->act->n, faults);
	rp->status = err_http_status(why);
	return e;
}

static enum err refuse(struct reply *rp, struct act_work *work, enum err why)
{
	if (work->rq->api && work->fault.code && !strcmp(work->fault.field, "version"))
		return reply_fault_more(rp, &work->fault, "changed", json_incref(changed_since(work->rq, work->id)));
	return reply_refused(rp, &work->fault, why, show_again, work);
}

/* Is the act theirs at all? Whoever may not learns that, and not what is wrong with the form. */
static enum err may_act(struct db_tx *tx, void *arg)
{
	struct act_work *work = arg;
	struct casefile c;
	enum err e = casefile_load(office_of(work->rq), tx, work->rq->arena, work->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	return may(actor_of(work->rq), work->act->right, &object, &work->fault);
}

static enum err refuse_form(struct reply *rp, struct act_work *work, struct faults *faults)
{
	enum err e = db_read(office_of(work->rq)->db, may_act, work);
	if (e)
		return work->fault.code ? reply_fault(rp, &work->fault) : e;
	return work->rq->api ? reply_form(rp, NULL, NULL, work->act->fields, work->act->n, faults)
			     : show_again(rp, work, faults, ERR_INVALID);
}

enum err case_act(struct request *rq, struct reply *rp)
{
	struct act_work work = { .rq = rq,
		.act = desk_act_find(strrchr(rq->route->path, '/') + 1),
		.id = request_param_int(rq, "id"),
		.n = request_param_int(rq, "n") };
	struct faults faults = { 0 };
	if (!work.act)
		return ERR_INTERNAL;
	work.form = arena_alloc(rq->arena, work.act->size + 1);
	if (form_parse(rq, work.act->fields, work.act->n, work.form, &faults))
		return refuse_form(rp, &work, &faults);
	enum err e = db_write(office_of(rq)->db, do_act, &work);
	if (e)
		return refuse(rp, &work, e);
	if (rq->api)
		return answer_program(rp, &work);
	const struct object object = casefile_object(&work.c);
	/* Nowhere to go on, or it left the reader's hands by this very act. */
	if (!work.act->section || may(actor_of(rq), ACT_CASE_READ, &object, NULL))
		return reply_see_other(rp, "/desk");
	return reply_see_other(rp, "/desk/cases/%" PRId64 "%s%s#%s", work.id, work.act->tab ? "/" : "",
	    work.act->tab ? work.act->tab : "", work.act->section);
}

/* --- files ------------------------------------------------------------------------------------------------------- */

struct add_work {
	struct request *rq;
	int64_t id;
	struct document_new *files;
	size_t n;
	struct fault fault;
};

static enum err may_add(struct db_tx *tx, void *arg)
{
	struct add_work *work = arg;
	struct casefile c;
	enum err e = casefile_load(office_of(work->rq), tx, work->rq->arena, work->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	return may(actor_of(work->rq), ACT_CASE_WORK, &object, &work->fault);
}

static enum err add_documents(struct db_tx *tx, void *arg)
{
	struct add_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	enum err e = may_add(tx, work);
	if (!e)
		e = uploads_present(tx, work->files, work->n);
	for (size_t i = 0; !e && i < work->n; i++) {
		int64_t id;
		work->files[i].origin = "staff";
		e = document_add(&act, work->id, &work->files[i], &id);
	}
	return e;
}

enum err case_add_documents(struct request *rq, struct reply *rp)
{
	static const struct desk_act files = { .form = "file" };
	struct add_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct act_work again = { .rq = rq, .act = &files, .id = work.id };
	struct faults faults = { 0 };
	struct fault missing = { 0 };
	char none;
	/* Whoever may not add a file shall not fill the disk either. */
	enum err e = db_read(office_of(rq)->db, may_add, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	/* No fields, but what the server found wrong with the upload itself comes out here. */
	e = form_parse(rq, NULL, 0, &none, &faults);
	work.files = uploads_checked(rq, "file", (size_t)office_of(rq)->config.files_limit, &work.n, &faults);
	if (!work.n && !faults.n) {
		fault_set(&missing, ERR_INVALID, "file", N_("Choose a file."), NULL);
		faults_add(&faults, &missing);
	}
	if (e || faults.n)
		return show_again(rp, &again, &faults, ERR_INVALID);
	e = uploads_store(rq, work.files, work.n);
	if (!e)
		e = db_write(office_of(rq)->db, add_documents, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_see_other(rp, "/desk/cases/%" PRId64 "#documents", work.id);
}

struct download_work {
	struct request *rq;
	int64_t id, size;
	const char *name, *type, *sha256;
	struct fault fault;
};

static enum err find_document(struct db_tx *tx, void *arg)
{
	struct download_work *work = arg;
	struct arena *arena = work->rq->arena;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct casefile c;
	enum err e = db_query(tx, &sql_document_by_id, DB_ARGS(db_int(work->id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	work->name = arena_strdup(arena, db_col_text(rows, 1));
	work->type = arena_strdup(arena, db_col_text(rows, 2));
	work->size = db_col_int(rows, 3);
	work->sha256 = arena_strdup(arena, db_col_text(rows, 4));
	e = casefile_load(office_of(work->rq), tx, arena, db_col_int(rows, 0), &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	return may(actor_of(work->rq), ACT_CASE_READ, &object, &work->fault);
}

enum err case_document(struct request *rq, struct reply *rp)
{
	struct download_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = db_read(office_of(rq)->db, find_document, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read(rq, "document.read", "document", work.id);
	return blob_reply(rp, office_of(rq)->db, work.sha256, work.size, work.type, work.name);
}
