/* Code lists as files: given out, and taken in after a look at what would change. */
#include "office/data_pages.h"

#include "base/util.h"
#include "office/code_change.h"
#include "office/code_sheet.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define FILE_CHARACTERS 250000
#define FAULTS_SHOWN 200

struct import_form {
	const char *text, *mapping, *reason;
	bool apply;
};

static const struct field fields[] = {
	FIELD(struct import_form, text, FIELD_LINES, FILE_CHARACTERS, 0, N_("File")),
	FIELD(struct import_form, mapping, FIELD_LINES, FILE_CHARACTERS, 0, N_("Mapping")),
	FIELD(struct import_form, reason, FIELD_TEXT, 500, 0, N_("Why")),
	FIELD(struct import_form, apply, FIELD_BOOL, 0, 0, N_("Enter the changes")),
};
#define FIELDS ARRAY_LEN(fields)

static enum err find_list(struct request *rq, bool change, struct code_context *ret_context, struct fault *fault)
{
	enum err e = data_may(rq, change, fault);
	if (!e && code_context_of(office_of(rq), request_param(rq, "list"), ret_context))
		e = fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
	return e;
}

/* --- out --------------------------------------------------------------------------------------------------------- */

static void name_file(struct reply *rp, const char *list, const char *ending)
{
	reply_header(
	    rp, "Content-Disposition", arena_printf(rp->rq->arena, "attachment; filename=\"%s.%s\"", list, ending));
}

enum err list_export(struct request *rq, struct reply *rp)
{
	const char *as = request_query(rq, "as");
	struct code_context c;
	struct fault fault = { 0 };
	struct buf out = BUF_INIT(16 * 1024 * 1024);
	char *text CLEANUP(free_ptr) = NULL;
	if (find_list(rq, false, &c, &fault))
		return reply_fault(rp, &fault);
	enum err e = OK;
	if (as && !strcmp(as, "json")) {
		json_t *sheet = code_sheet_json(rq->arena, c.list, data_today(rq));
		text = json_dumps(sheet, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
		json_decref(sheet);
		e = text ? reply_data(rp, 200, "application/json", text, strlen(text)) : ERR_MEMORY;
		name_file(rp, c.list->key, "json");
		return e;
	}
	e = code_sheet_csv(rq->arena, c.list, data_today(rq), &out);
	if (!e)
		e = reply_data(rp, 200, "text/csv; charset=utf-8", out.data, out.len);
	name_file(rp, c.list->key, "csv");
	buf_done(&out);
	return e;
}

/* --- in ---------------------------------------------------------------------------------------------------------- */

static json_t *import_view(struct request *rq, const struct code_context *c)
{
	json_t *view = json_object(), *list = json_object();
	json_put_str(list, "key", c->list->key);
	json_put_str(list, "list_label", names_in(&c->list->name, rq->lang));
	json_put_str(list, "link", arena_printf(rq->arena, "/desk/office/lists/%s", c->list->key));
	json_put_str(view, "title", text_get(rq->lang, N_("Import a list")));
	json_put(view, "list", list);
	return view;
}

enum err list_import_show(struct request *rq, struct reply *rp)
{
	struct code_context c;
	struct fault fault = { 0 };
	if (find_list(rq, true, &c, &fault))
		return reply_fault(rp, &fault);
	return reply_view(rp, "office/import", import_view(rq, &c));
}

/* A file that was chosen counts before what stands in the field; read whole, it is small. */
static const char *uploaded(struct request *rq, const char *field, const char *typed)
{
	const struct upload *upload;
	size_t n = request_uploads(rq, &upload);
	for (size_t i = 0; i < n; i++) {
		if (strcmp(upload[i].field, field) || upload[i].size == 0 || upload[i].size > FILE_CHARACTERS * 4)
			continue;
		char *text = arena_alloc(rq->arena, (size_t)upload[i].size + 1);
		ssize_t got = pread(upload[i].fd, text, (size_t)upload[i].size, 0);
		if (got != upload[i].size || memchr(text, '\0', (size_t)got))
			return typed;
		return text;
	}
	return typed;
}

static json_t *plan_rows(struct request *rq, const struct code_context *c, const struct code_plan *plan)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < plan->versions; i++) {
		json_t *one = code_entry_json(&plan->version[i]);
		bool known = code_at(c->list, plan->version[i].key, data_today(rq)) != NULL;
		json_put_str(one, "version_label", names_in(&plan->version[i].name, rq->lang));
		json_put_str(one, "effect", text_get(rq->lang, known ? N_("Changed") : N_("New")));
		json_put_str(one, "from", data_day(rq, plan->version[i].valid_from));
		json_add(rows, one);
	}
	return rows;
}

static json_t *plan_faults(struct request *rq, const struct code_plan *plan)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < plan->faults && i < FAULTS_SHOWN; i++) {
		struct fault fault = plan->fault[i].fault;
		json_t *one = json_object();
		json_put_int(one, "line", (int64_t)plan->fault[i].line);
		json_put_str(one, "column", fault.field);
		json_put_str(one, "sentence", text_fault(rq->arena, rq->lang, &fault));
		json_add(rows, one);
	}
	return rows;
}

static void put_plan(struct request *rq, const struct code_context *c, const struct code_plan *plan, json_t *view)
{
	json_put_bool(view, "planned", true);
	json_put_int(view, "added", (int64_t)plan->added);
	json_put_int(view, "changed", (int64_t)plan->changed);
	json_put_int(view, "same", (int64_t)plan->same);
	json_put_bool(view, "has_bad_rows", plan->faults > 0);
	json_put_int(view, "bad", (int64_t)plan->faults);
	json_put(view, "bad_rows", plan_faults(rq, plan));
	json_put_bool(view, "can_enter", plan->faults == 0 && plan->versions > 0);
	json_put(view, "plan", plan_rows(rq, c, plan));
}

static enum err make_plan(struct request *rq, const struct code_context *c, const struct import_form *form,
    struct code_plan *plan, struct fault *fault)
{
	struct code_import in = { .context = *c, .day = data_today(rq) };
	json_t *mapping = NULL;
	enum err e = OK;
	if (!*form->text)
		return fault_set(fault, ERR_INVALID, "text", N_("Choose a file, or put its text here."), NULL);
	if (*form->mapping)
		e = code_mapping_parse(rq->arena, form->mapping, strlen(form->mapping), &mapping, fault);
	if (e) {
		strcpy(fault->field, "mapping");
		return e;
	}
	in.mapping = mapping;
	e = code_import_plan(rq->arena, &in, form->text, strlen(form->text), plan, fault);
	if (e)
		strcpy(fault->field, "text");
	else if (form->apply && !*form->reason)
		e = fault_set(fault, ERR_INVALID, "reason", N_("Say why the list changes."), NULL);
	return e;
}

static enum err show_plan(struct request *rq, struct reply *rp, const struct code_context *c,
    const struct import_form *form, const struct code_plan *plan)
{
	json_t *view = import_view(rq, c), *values = json_object();
	json_put_str(values, "text", form->text);
	json_put_str(values, "mapping", form->mapping);
	json_put_str(values, "reason", form->reason);
	json_put(view, "values", values);
	put_plan(rq, c, plan, view);
	enum err e = reply_view(rp, "office/import", view);
	if (!e && plan->faults)
		rp->status = err_http_status(ERR_INVALID);
	return e;
}

static enum err apply(struct request *rq, struct reply *rp, const struct code_context *c,
    const struct import_form *form, const struct code_plan *plan)
{
	const struct code_change change = { c->list->key, plan->version, plan->versions, form->reason, CODE_SEEN_ANY };
	struct fault fault = { 0 };
	enum err e = code_enter(office_of(rq), actor_of(rq), rq->now, &change, &fault);
	if (e)
		return fault.code ? reply_fault(rp, &fault) : e;
	if (rq->api)
		return show_plan(rq, rp, c, form, plan);
	return reply_see_other(rp, "/desk/office/lists/%s", c->list->key);
}

enum err list_import(struct request *rq, struct reply *rp)
{
	struct import_form form = { 0 };
	struct code_plan plan = { 0 };
	struct faults faults = { 0 };
	struct code_context c;
	struct fault fault = { 0 };
	if (find_list(rq, true, &c, &fault))
		return reply_fault(rp, &fault);
	enum err e = form_parse(rq, fields, FIELDS, &form, &faults);
	form.text = uploaded(rq, "file", form.text);
	form.mapping = uploaded(rq, "mapping_file", form.mapping);
	if (e)
		return reply_form(rp, "office/import", import_view(rq, &c), fields, FIELDS, &faults);
	e = make_plan(rq, &c, &form, &plan, &fault);
	if (e)
		return data_refuse(rp, "office/import", import_view(rq, &c), fields, FIELDS, &faults, &fault, e);
	if (form.apply && plan.faults == 0)
		return apply(rq, rp, &c, &form, &plan);
	return show_plan(rq, rp, &c, &form, &plan);
}
