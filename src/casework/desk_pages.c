/* Lists and the search as pages and for programs, kept lists, and the routes of the staff's side. */
#include "casework/desk_pages.h"

#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/list_choices.h"
#include "casework/saved_list.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *from_address(const void *rq, const char *name)
{
	return request_query(rq, name);
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

struct list_work {
	struct request *rq;
	struct list_ask ask;
	struct saved_list saved;
	int64_t list; /* a kept list, 0 none */
	bool search;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static struct list_where where_of(struct request *rq)
{
	return (struct list_where) { rq->arena, office_of(rq)->profile, rq->now };
}

/* A kept list's filter; the place in it is the address's. */
static const char *from_kept(const void *source, const char *name)
{
	const struct list_work *work = source;
	const struct saved_filter filter = { work->rq->arena, work->saved.filter, work->saved.columns };
	if (!strcmp(name, "after") || !strcmp(name, "before"))
		return request_query(work->rq, name);
	return saved_filter_get(&filter, name);
}

static enum err open_kept(const struct casefile_act *act, struct list_work *work)
{
	const struct list_where where = where_of(work->rq);
	enum err e = saved_list_load(act, work->list, &work->saved);
	if (e == ERR_NOT_FOUND)
		return fault_set(&work->fault, ERR_NOT_FOUND, NULL, N_("There is no such list."), NULL);
	/* A profile may have lost a state that the list names: then the list says so instead of showing something else.
	 */
	return e ? e : list_ask_parse(&where, from_kept, work, &work->ask, &work->fault);
}

static enum err put_kept_lists(const struct casefile_act *act, const struct list_work *work)
{
	json_t *lists;
	enum err e = saved_list_all(act, &lists);
	if (e)
		return e;
	json_put_bool(work->view, "has_kept", json_array_size(lists) > 0);
	json_put(work->view, "kept", lists);
	if (work->list) {
		json_put_int(work->view, "kept_id", work->list);
		json_put_str(work->view, "kept_name", work->saved.name);
		json_put_bool(work->view, "kept_own", work->saved.owner == act->actor->id);
	}
	return OK;
}

static void put_roles(const struct casefile_act *act, enum lang lang, json_t *view)
{
	const struct profile *profile = act->office->profile;
	json_t *roles = json_array();
	for (size_t i = 0; i < profile->roles; i++) {
		json_t *one = json_object();
		if (!roles_have(act->actor->roles, profile->role[i].key)) {
			json_decref(one);
			continue;
		}
		json_put_str(one, "code", profile->role[i].key);
		json_put_str(one, "role_label", names_in(&profile->role[i].name, lang));
		json_add(roles, one);
	}
	json_put(view, "share_roles", roles);
	json_put_bool(view, "share_unit", act->actor->unit && *act->actor->unit);
	json_put_bool(view, "can_keep", act->actor->kind == ACTOR_STAFF);
	json_put_bool(view, "can_export", may_somewhere(act->actor, ACT_EXPORT));
}

/* Ids of the cases shown, for "I have seen these". */
static void put_seen(const struct list_work *work)
{
	const char *ids = "";
	json_t *one;
	size_t i;
	json_array_foreach(json_object_get(work->view, "rows"), i, one) ids =
	    arena_printf(work->rq->arena, "%s%s%" PRId64, ids, *ids ? "," : "", json_int_or(one, "id", 0));
	json_put_str(work->view, "seen_ids", ids);
}

/* Where the links of a page lead: the same question, another place. */
static void put_addresses(const struct list_work *work)
{
	struct arena *arena = work->rq->arena;
	const char *query = list_ask_query(arena, &work->ask);
	const char *base = work->search ? "/desk/search" : "/desk/cases";
	json_put_str(work->view, "filter", query);
	if (work->list)
		json_put_str(work->view, "address", arena_printf(arena, "/desk/cases?list=%" PRId64 "&", work->list));
	else
		json_put_str(work->view, "address", arena_printf(arena, "%s?%s%s", base, query, *query ? "&" : ""));
	json_put_str(
	    work->view, "export_address", arena_printf(arena, "/desk/cases.csv%s%s", *query ? "?" : "", query));
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->view = json_owned(rq->arena, json_object());
	work->fault = (struct fault) { 0 };
	enum err e = work->list ? open_kept(&act, work) : OK;
	if (!e)
		e = work->search ? list_search(&act, rq->lang, &work->ask, work->view)
				 : list_page(&act, rq->lang, &work->ask, work->view);
	if (e || rq->api) /* a program asked for the cases, not for a form */
		return e;
	list_put_choices(&act, rq->lang, &work->ask, work->view);
	put_roles(&act, rq->lang, work->view);
	put_addresses(work);
	if (work->ask.news)
		put_seen(work);
	e = list_put_tabs(&act, rq->lang, &work->ask, work->view);
	return e ? e : put_kept_lists(&act, work);
}

/* Names of people stand in lists too. */
static void journal_list(const struct request *rq, const char *act)
{
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, act, "casefile:list");
}

static enum err answer_list(struct reply *rp, struct list_work *work, const char *template, const char *title)
{
	enum err e = db_read(office_of(work->rq)->db, read_list, work);
	if (e)
		return work->fault.code ? reply_fault(rp, &work->fault) : e;
	if (json_bool_or(work->view, "has_rows", false))
		journal_list(work->rq, work->search ? "casefile.search" : "casefile.list");
	json_put_str(work->view, "title", work->list ? work->saved.name : text_get(work->rq->lang, title));
	return reply_view(rp, template, json_incref(work->view));
}

static enum err cases_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .rq = rq };
	const struct list_where where = where_of(rq);
	const char *list = request_query(rq, "list");
	struct fault fault = { 0 };
	enum err e = may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault);
	if (!e)
		e = list_ask_parse(&where, from_address, rq, &work.ask, &fault);
	if (e)
		return reply_fault(rp, &fault);
	work.list = list ? strtoll(list, NULL, 10) : 0;
	if (list && work.list <= 0)
		return ERR_NOT_FOUND;
	work.search = *work.ask.words != '\0';
	return answer_list(rp, &work, work.search ? "desk/search" : "desk/cases", N_("Cases"));
}

static enum err search_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .rq = rq, .search = true };
	const struct list_where where = where_of(rq);
	struct fault fault = { 0 };
	enum err e = may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault);
	if (!e)
		e = list_ask_parse(&where, from_address, rq, &work.ask, &fault);
	if (e)
		return reply_fault(rp, &fault);
	return answer_list(rp, &work, "desk/search", N_("Search"));
}

/* --- kept lists -------------------------------------------------------------------------------------------------- */

struct keep_form {
	const char *name, *shared, *filter;
};
static const struct field keep_fields[] = {
	FIELD(struct keep_form, name, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Name of the list")),
	FIELD(struct keep_form, shared, FIELD_TEXT, 80, 0, N_("Share with")),
	FIELD(struct keep_form, filter, FIELD_TEXT, 2000, 0, N_("Filter")),
};

struct keep_work {
	struct request *rq;
	struct keep_form form;
	struct list_ask ask;
	int64_t id;
	struct fault fault;
};

static enum err keep_in(struct db_tx *tx, void *arg)
{
	struct keep_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->fault = (struct fault) { 0 };
	return saved_list_keep(&act, work->form.name, work->form.shared, &work->ask, &work->id, &work->fault);
}

/* The columns chosen: one box each, "column_person" …; none is "the usual ones". */
static const char *columns_of(const struct request *rq)
{
	const char *columns = "";
	for (size_t i = 0; i < list_column_count; i++) {
		const char *on = request_form(rq, arena_printf(rq->arena, "column_%s", list_columns[i].key));
		if (on && *on)
			columns = arena_printf(rq->arena, "%s%s%s", columns, *columns ? " " : "", list_columns[i].key);
	}
	return columns;
}

static enum err refuse_keep(struct keep_work *work, struct reply *rp, struct faults *faults)
{
	struct request *rq = work->rq;
	if (rq->api)
		return reply_form(rp, NULL, NULL, keep_fields, ARRAY_LEN(keep_fields), faults);
	struct list_work list = { .rq = rq, .ask = work->ask };
	enum err e = db_read(office_of(rq)->db, read_list, &list);
	if (e)
		return list.fault.code ? reply_fault(rp, &list.fault) : e;
	json_put_str(list.view, "title", text_get(rq->lang, N_("Cases")));
	json_put_bool(list.view, "keeping", true);
	return reply_form(rp, "desk/cases", json_incref(list.view), keep_fields, ARRAY_LEN(keep_fields), faults);
}

static enum err list_keep(struct request *rq, struct reply *rp)
{
	struct keep_work work = { .rq = rq };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	const struct list_where where = where_of(rq);
	if (may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	enum err e = form_parse(rq, keep_fields, ARRAY_LEN(keep_fields), &work.form, &faults);
	const struct saved_filter filter = { rq->arena, work.form.filter ? work.form.filter : "", columns_of(rq) };
	if (list_ask_parse(&where, saved_filter_get, &filter, &work.ask, &fault))
		return reply_fault(rp, &fault);
	if (!e && !(e = db_write(office_of(rq)->db, keep_in, &work))) {
		if (!rq->api)
			return reply_see_other(rp, "/desk/cases?list=%" PRId64, work.id);
		json_t *view = json_object();
		json_put_int(view, "made", work.id);
		return reply_created(rp, arena_printf(rq->arena, "/api/v1/cases?list=%" PRId64, work.id), view);
	}
	if (!faults.n && work.fault.code)
		faults_add(&faults, &work.fault);
	return faults.n ? refuse_keep(&work, rp, &faults) : e;
}

static enum err drop_in(struct db_tx *tx, void *arg)
{
	struct keep_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->fault = (struct fault) { 0 };
	return saved_list_drop(&act, work->id, &work->fault);
}

static enum err list_drop(struct request *rq, struct reply *rp)
{
	struct keep_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = may(actor_of(rq), ACT_QUEUE_READ, NULL, &work.fault);
	if (!e)
		e = db_write(office_of(rq)->db, drop_in, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return rq->api ? reply_view(rp, NULL, json_object()) : reply_see_other(rp, "/desk/cases");
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk", desk_home_show, WHO_STAFF, 0, 0, "The work desk: what is late, due and new." },
	{ METHOD_GET, "/desk/cases", cases_show, WHO_STAFF, 0, 0, "Cases that the reader may see." },
	{ METHOD_GET, "/desk/cases.csv", cases_export, WHO_STAFF, 0, 0, "A list of cases for a spreadsheet." },
	{ METHOD_POST, "/desk/lists", list_keep, WHO_STAFF, 0, 0, "Keep a list." },
	{ METHOD_POST, "/desk/lists/{id}/delete", list_drop, WHO_STAFF, 0, 0, "Delete a kept list." },
	{ METHOD_POST, "/desk/seen", desk_seen, WHO_STAFF, 0, 0, "Say that news of own cases were seen." },
	{ METHOD_GET, "/desk/workload", workload_show, WHO_STAFF, 0, 0, "Open cases and their age, by officer." },
	{ METHOD_GET, "/desk/search", search_show, WHO_STAFF, 0, 0, "Search in cases." },
	{ METHOD_GET, "/desk/cases/{id}", case_show, WHO_STAFF, 0, 0, "One case." },
	{ METHOD_GET, "/desk/cases/{id}/chronology", chronology_show, WHO_STAFF, 0, 0,
	    "Everything that happened in a case." },
	{ METHOD_GET, "/desk/documents/{id}", case_document, WHO_STAFF, 0, 0, "A file of a case." },
	{ METHOD_POST, "/desk/cases/{id}/documents", case_add_documents, WHO_STAFF, ROUTE_UPLOAD, 0,
	    "Add files to a case." },
	{ METHOD_GET, "/api/v1/desk", desk_home_show, WHO_PROGRAM, 0, 0, "The work desk: what is late, due and new." },
	{ METHOD_GET, "/api/v1/cases", cases_show, WHO_PROGRAM, 0, 0, "Cases that the reader may see." },
	{ METHOD_GET, "/api/v1/cases.csv", cases_export, WHO_PROGRAM, 0, 0, "A list of cases for a spreadsheet." },
	{ METHOD_GET, "/api/v1/workload", workload_show, WHO_PROGRAM, 0, 0, "Open cases and their age, by officer." },
	{ METHOD_GET, "/api/v1/search", search_show, WHO_PROGRAM, 0, 0, "Search in cases." },
	{ METHOD_GET, "/api/v1/cases/{id}", case_show, WHO_PROGRAM, 0, 0, "One case." },
	{ METHOD_GET, "/api/v1/cases/{id}/chronology", chronology_show, WHO_PROGRAM, 0, 0,
	    "Everything that happened in a case." },
	DESK_ACT("register", "Register a complaint."),
	DESK_ACT("acknowledge", "Acknowledge the receipt to the person."),
	DESK_ACT("assign", "Assign a case to an officer."),
	DESK_ACT("admit", "Admit a complaint for inquiry."),
	DESK_ACT("messages", "Write to the person."),
	DESK_ACT("notes", "Add an internal note."),
	DESK_ACT("close", "Close a case with a reason."),
};
const struct route_table desk_routes = { routes, ARRAY_LEN(routes) };
