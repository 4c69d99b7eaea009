/* An officer's hearings and inspections that are set: the earliest first, and with them what waits to be recorded. */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/hearing.h"
#include "hearing.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdlib.h>

#define PAGE 50

struct list_work {
	struct request *rq;
	int64_t officer, key_at, key_id;
	bool keyed;
	json_t *view; /* made afresh by each run */
};

/* The case of a row, for who may read it; a case that is kept from the reader is not in the list at all. */
static enum err put_case(const struct casefile_act *act, int64_t casefile_id, json_t *row, bool *ret_kept)
{
	struct casefile c;
	enum err e = casefile_load(act->office, act->tx, act->arena, casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	enum err reads = may(act->actor, ACT_CASE_READ, &object, NULL);
	json_put_str(row, "number", c.number);
	json_put_str(
	    row, "link", reads ? NULL : arena_printf(act->arena, "/desk/cases/%" PRId64 "/inquiry#hearings", c.id));
	*ret_kept = reads == ERR_NOT_FOUND;
	return OK;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	json_t *row = json_object();
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "hearing", db_col_text(rows, 2));
	json_put_str(
	    row, "hearing_words", event_code_words(lang, act->office->profile, "hearing", db_col_text(rows, 2)));
	view_put_moment(act, lang, row, "starts", db_col_int(rows, 3));
	json_put_str(row, "place", db_col_text(rows, 5));
	json_put_str(row, "room", db_col_text(rows, 6));
	json_put_bool(row, "told", db_col_int(rows, 7) != 0);
	json_put_bool(row, "late", act->now > db_col_int(rows, 4));
	return row;
}

struct page {
	json_t *rows;
	int64_t casefile[PAGE], last_at, last_id;
	size_t n;
	bool more;
};

static enum err read_page(const struct list_work *work, const struct casefile_act *act, struct page *page)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_hearing_of_officer,
	    DB_ARGS(db_int(work->officer), db_int(work->keyed ? work->key_at : -1), db_int(work->key_id)), &rows);
	while (!e && db_next(rows)) {
		page->more = page->n == PAGE;
		if (page->more)
			break;
		page->last_at = db_col_int(rows, 3);
		page->last_id = db_col_int(rows, 0);
		page->casefile[page->n++] = db_col_int(rows, 1);
		json_add(page->rows, row_json(act, work->rq->lang, rows));
	}
	return e || page->more ? e : db_rows_error(rows);
}

static enum err put_officers(const struct casefile_act *act, int64_t officer, json_t *view)
{
	json_t *list, *one;
	size_t i;
	enum err e = staff_list(act->tx, NULL, &list);
	if (e)
		return e;
	json_array_foreach(list, i, one) json_put_bool(one, "chosen", json_int_or(one, "id", 0) == officer);
	json_put(view, "officers", list);
	return OK;
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct page page = { .rows = json_array() };
	work->view = json_owned(rq->arena, json_object());
	enum err e = put_officers(&act, work->officer, work->view);
	if (!e)
		e = read_page(work, &act, &page);
	for (size_t i = page.n; !e && i > 0; i--) {
		bool kept;
		e = put_case(&act, page.casefile[i - 1], json_array_get(page.rows, i - 1), &kept);
		if (!e && kept)
			json_array_remove(page.rows, i - 1);
	}
	view_put_list(work->view, "rows", page.rows);
	json_put_int(work->view, "officer", work->officer);
	if (page.more)
		json_put_str(work->view, "page_after",
		    arena_printf(rq->arena, "%" PRId64 ".%" PRId64, page.last_at, page.last_id));
	return e;
}

static enum err ask_parse(struct request *rq, struct list_work *work, struct fault *fault)
{
	const struct actor *actor = actor_of(rq);
	const char *officer = request_query(rq, "officer"), *after = request_query(rq, "after");
	char *end = NULL;
	work->officer = actor->kind == ACTOR_STAFF ? actor->stands_for ? actor->stands_for : actor->id : 0;
	if (officer && *officer) {
		work->officer = strtoll(officer, &end, 10);
		if (*end || work->officer <= 0)
			return fault_set(fault, ERR_INVALID, "officer", N_("Choose a person who works here."), NULL);
	}
	if (!after)
		return OK;
	work->keyed = true;
	work->key_at = strtoll(after, &end, 10);
	if (end != after && *end == '.') {
		const char *second = end + 1;
		work->key_id = strtoll(second, &end, 10);
		if (end != second && !*end && work->key_at >= 0 && work->key_id > 0)
			return OK;
	}
	return fault_set(fault, ERR_INVALID, "after", N_("This page of the list does not exist."), NULL);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .rq = rq };
	struct fault fault = { 0 };
	enum err e = may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault);
	if (!e)
		e = ask_parse(rq, &work, &fault);
	if (e)
		return reply_fault(rp, &fault);
	e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "hearing.list", "hearing:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Hearings and inspections")));
	return reply_view(rp, "desk/hearings", json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/hearings", list_show, WHO_STAFF, 0, 0, "An officer's hearings that are set." },
	{ METHOD_GET, "/api/v1/hearings", list_show, WHO_PROGRAM, 0, 0, "An officer's hearings that are set." },
};
const struct route_table hearing_list_routes = { routes, ARRAY_LEN(routes) };
