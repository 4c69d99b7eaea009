/* The journal as an auditor reads it: who did what to which object, and when; never what was written there. */
#include "base/clockwork.h"
#include "base/util.h"
#include "journal.sql.h"
#include "office/journal.h"
#include "office/office.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

#define PAGE 100
#define OBJECT_MAX 60 /* bytes of "casefile:17" */

struct list_work {
	struct request *rq;
	const char *object; /* "" for all */
	int64_t before;     /* entries older than this one */
	json_t *view;
};

static json_t *entry_json(struct request *rq, const struct db_rows *rows)
{
	json_t *one = json_object();
	char iso[RFC3339_TEXT];
	int64_t at = db_col_int(rows, 1);
	rfc3339_format(iso, at);
	json_put_int(one, "seq", db_col_int(rows, 0));
	json_put_str(one, "at", iso);
	json_put_str(one, "when", date_time_long(rq->arena, rq->lang, office_of(rq)->profile->calendar.zone, at));
	json_put_str(one, "who", db_col_text(rows, 2));
	json_put_str(one, "what", db_col_text(rows, 3));
	json_put_str(one, "of_what", db_col_text(rows, 4));
	return one;
}

static enum err read_page(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	int64_t last = 0;
	work->view = json_owned(work->rq->arena, json_object());
	enum err e = *work->object ? db_query(tx, &sql_journal_of_object,
					 DB_ARGS(db_text(work->object), db_int(work->before)), &rows)
				   : db_query(tx, &sql_journal_newest, DB_ARGS(db_int(work->before)), &rows);
	while (!e && json_array_size(list) < PAGE && db_next(rows)) {
		last = db_col_int(rows, 0);
		json_add(list, entry_json(work->rq, rows));
	}
	if (!e && json_array_size(list) == PAGE && db_next(rows))
		json_put_int(work->view, "page_after", last);
	json_put_bool(work->view, "has_entries", json_array_size(list) > 0);
	json_put(work->view, "entries", list);
	return e ? e : db_rows_error(rows);
}

static enum err journal_show(struct request *rq, struct reply *rp)
{
	const char *object = request_query(rq, "object"), *before = request_query(rq, "before");
	struct list_work work = { .rq = rq, .object = object ? object : "", .before = INT64_MAX };
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_JOURNAL_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	if (before && (work.before = strtoll(before, NULL, 10)) <= 0) {
		fault_set(&fault, ERR_INVALID, "before", N_("This page of the list does not exist."), NULL);
		return reply_fault(rp, &fault);
	}
	if (strlen(work.object) > OBJECT_MAX) {
		fault_set(&fault, ERR_INVALID, "object", N_("Write at most {limit} characters."), "limit", "60", NULL);
		return reply_fault(rp, &fault);
	}
	enum err e = db_read(office_of(rq)->db, read_page, &work);
	if (e)
		return e;
	/* Who watches is watched. */
	journal_read_later(
	    office_of(rq)->reads, rq->now, actor_of(rq)->tag, "journal.read", *work.object ? work.object : "journal");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Journal")));
	json_put_str(work.view, "object", work.object);
	return reply_view(rp, "office/journal", json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/journal", journal_show, WHO_STAFF, 0, 0, "Who did what, and when." },
	{ METHOD_GET, "/api/v1/journal", journal_show, WHO_PROGRAM, 0, 0, "Who did what, and when." },
};
const struct route_table journal_routes = { routes, ARRAY_LEN(routes) };
