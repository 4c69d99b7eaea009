/* The registry as a sheet: out for spreadsheets, and back in, all of it or nothing. */
#include "casework/body_acts.h"

#include "base/sheet.h"
#include "base/util.h"
#include "office/journal.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

#define SHEET_LIMIT (8 * 1024 * 1024)
#define ROWS_MAX 500 /* of one import: each is checked against those before it */

enum {
	KEY,
	PARENT,
	KIND,
	COUNTRY,
	REGION,
	NAME_AZ,
	NAME_EN,
	NAME_RU,
	NAME_UR,
	REGISTER_NO,
	WEB,
	SINCE,
	UNTIL,
	REMARK,
	COLUMNS
};

static const char *const columns[COLUMNS] = { "key", "parent", "kind", "country", "region", "name_az", "name_en",
	"name_ru", "name_ur", "register_no", "web", "since", "until", "remark" };

/* --- out --------------------------------------------------------------------------------------------------------- */

static enum err write_body(struct arena *arena, const struct body *b, struct buf *out)
{
	const char *cell[COLUMNS] = { b->key, b->parent, b->kind, b->country, b->region, b->name.in[LANG_AZ],
		b->name.in[LANG_EN], b->name.in[LANG_RU], b->name.in[LANG_UR], b->register_no, b->web,
		body_day_text(arena, b->since), body_day_text(arena, b->until), b->note };
	return sheet_row(out, cell, COLUMNS);
}

static enum err export_show(struct request *rq, struct reply *rp)
{
	const struct registry *bodies;
	struct fault fault = { 0 };
	struct buf out = BUF_INIT(SHEET_LIMIT);
	enum err e = may(actor_of(rq), ACT_OFFICE_READ, NULL, &fault);
	if (e)
		return reply_fault(rp, &fault);
	e = registry_now(office_of(rq), rq->arena, &bodies);
	if (!e)
		e = sheet_begin(&out);
	if (!e)
		e = sheet_row(&out, columns, COLUMNS);
	for (size_t i = 0; !e && i < registry_count(bodies); i++)
		if (!*registry_at(bodies, i)->merged_into)
			e = write_body(rq->arena, registry_at(bodies, i), &out);
	if (!e) {
		reply_header(rp, "Content-Disposition", "attachment; filename=\"bodies.csv\"");
		e = reply_data(rp, 200, "text/csv; charset=utf-8", out.data, out.len);
	}
	buf_done(&out);
	return e;
}

/* --- in ---------------------------------------------------------------------------------------------------------- */

struct import_form {
	const char *sheet;
};
static const struct field import_fields[] = {
	FIELD(struct import_form, sheet, FIELD_LINES, 400000, FIELD_REQUIRED, N_("Rows as the export gives them")),
};

struct import_work {
	struct request *rq;
	const struct sheet_row *rows;
	size_t n;
	int column[COLUMNS]; /* where each stands in the sheet; -1: it has none */
	struct fault fault;
};

static enum err read_head(struct import_work *work)
{
	for (int c = 0; c < COLUMNS; c++) {
		work->column[c] = -1;
		for (size_t i = 0; work->n && i < work->rows[0].cells; i++)
			if (!strcmp(work->rows[0].cell[i], columns[c]))
				work->column[c] = (int)i;
	}
	for (int c = KEY; c <= COUNTRY; c++)
		if (c != PARENT && work->column[c] < 0)
			return fault_set(&work->fault, ERR_INVALID, "sheet",
			    N_("The first row names the columns; {column} is missing."), "column", columns[c], NULL);
	return OK;
}

static const char *cell(const struct import_work *work, const struct sheet_row *row, int column)
{
	int at = work->column[column];
	return at >= 0 && (size_t)at < row->cells && row->cell[at] ? row->cell[at] : "";
}

static void read_row(const struct import_work *work, const struct sheet_row *row, struct body_form *form)
{
	*form = (struct body_form) { .key = cell(work, row, KEY),
		.parent = cell(work, row, PARENT),
		.kind = cell(work, row, KIND),
		.country = cell(work, row, COUNTRY),
		.region = cell(work, row, REGION),
		.register_no = cell(work, row, REGISTER_NO),
		.web = cell(work, row, WEB),
		.since = cell(work, row, SINCE),
		.until = cell(work, row, UNTIL),
		.note = cell(work, row, REMARK) };
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		form->name[lang] = cell(work, row, NAME_AZ + (int)lang);
}

/* The first row that is wrong stops all; its line stands before what is wrong. */
static enum err refuse_row(struct import_work *work, const struct sheet_row *row, enum err e)
{
	struct fault wrong = work->fault;
	char line[24], words[300];
	if (e != ERR_INVALID && e != ERR_CONFLICT && e != ERR_NOT_FOUND)
		return e;
	snprintf(line, sizeof(line), "%zu", row->line);
	const char *sentence = wrong.key ? text_fault(work->rq->arena, work->rq->lang, &wrong) : "";
	copy_text(words, sizeof(words), sentence);
	return fault_set(&work->fault, ERR_INVALID, "sheet", N_("Line {line}, {column}: {words}"), "line", line,
	    "column", wrong.field, "words", words, NULL);
}

static enum err write_rows(struct db_tx *tx, void *arg)
{
	struct import_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->fault = (struct fault) { 0 };
	enum err e = may(act.actor, ACT_OFFICE_CHANGE, NULL, &work->fault);
	if (!e)
		e = registry_seed(tx, act.office, act.now);
	for (size_t i = 1; !e && i < work->n; i++) {
		const struct registry *bodies;
		struct body_form form;
		const char *made;
		read_row(work, &work->rows[i], &form);
		registry_changed(act.office);
		e = registry_in(tx, act.office, rq->arena, &bodies);
		if (!e)
			e = registry_entry(bodies, form.key) ? body_change(&act, form.key, &form, &work->fault)
							     : body_add(&act, &form, &made, &work->fault);
		if (e)
			e = refuse_row(work, &work->rows[i], e);
	}
	return e;
}

static json_t *import_view(const struct request *rq)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Take over bodies from a sheet")));
	return view;
}

static enum err import_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_OFFICE_CHANGE, NULL, &fault))
		return reply_fault(rp, &fault);
	return reply_view(rp, "body/import", import_view(rq));
}

static enum err show_again(struct reply *rp, const struct faults *faults)
{
	return reply_form(rp, rp->rq->api ? NULL : "body/import", rp->rq->api ? NULL : import_view(rp->rq),
	    import_fields, ARRAY_LEN(import_fields), faults);
}

static enum err import_do(struct request *rq, struct reply *rp)
{
	struct import_work work = { .rq = rq };
	struct import_form form;
	struct faults faults = { 0 };
	enum err e = may(actor_of(rq), ACT_OFFICE_CHANGE, NULL, &work.fault);
	if (e)
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, import_fields, ARRAY_LEN(import_fields), &form, &faults))
		return show_again(rp, &faults);
	e = sheet_parse(rq->arena, form.sheet, strlen(form.sheet), &work.rows, &work.n, &work.fault);
	if (e)
		copy_text(work.fault.field, sizeof(work.fault.field), "sheet");
	if (!e && work.n > ROWS_MAX + 1)
		e = fault_set(
		    &work.fault, ERR_INVALID, "sheet", N_("At most {limit} rows at once."), "limit", "500", NULL);
	if (!e)
		e = read_head(&work);
	if (!e)
		e = db_write(office_of(rq)->db, write_rows, &work);
	registry_changed(office_of(rq)); /* also after a failure: what was read meanwhile is not so */
	if (e && work.fault.code && e != ERR_DENIED) {
		faults_add(&faults, &work.fault);
		return show_again(rp, &faults);
	}
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	if (!rq->api)
		return reply_see_other(rp, "/desk/office/bodies");
	json_t *view = json_object();
	json_put_int(view, "taken", work.n ? (int64_t)work.n - 1 : 0);
	return reply_view(rp, NULL, view);
}

/* --- routes ------------------------------------------------------------------------------------------------------ */

static const struct route routes[] = {
	{ METHOD_GET, "/desk/office/bodies/export", export_show, WHO_STAFF, 0, 0, "The registry as a sheet." },
	{ METHOD_GET, "/api/v1/office/bodies/export", export_show, WHO_PROGRAM, 0, 0, "The registry as a sheet." },
	{ METHOD_GET, "/desk/office/bodies/import", import_show, WHO_STAFF, 0, 0, "The form to take a sheet over." },
	{ METHOD_POST, "/desk/office/bodies/import", import_do, WHO_STAFF, 0, 0, "Take bodies over from a sheet." },
	{ METHOD_POST, "/api/v1/office/bodies/import", import_do, WHO_PROGRAM, 0, 0, "Take bodies over from a sheet." },
};
const struct route_table body_csv_routes = { routes, ARRAY_LEN(routes) };
