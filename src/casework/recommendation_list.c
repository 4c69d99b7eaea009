/*
 * The list of recommendations that are not carried out: open or overdue, of all bodies or of one, by their day; above
 * it what is kept counted: how many are open and overdue, by body, and how old the unanswered ones are.
 */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/inquiry_view.h"
#include "casework/recommendation.h"
#include "office/journal.h"
#include "recommendation.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 50
#define NO_DAY INT64_C(4000000) /* later than any due day */

struct list_work {
	struct request *rq;
	const char *whom; /* "" all bodies */
	bool overdue, keyed, back;
	int64_t key_day, key_id;
	json_t *view; /* made afresh by each run */
};

static int64_t today_of(const struct casefile_act *act)
{
	return civil_days(zone_date(act->office->profile->calendar.zone, act->now));
}

/* --- counts ------------------------------------------------------------------------------------------------------ */

static enum err put_counts(const struct casefile_act *act, enum lang lang, const char *whom, json_t *view)
{
	int64_t open, late;
	enum err e = db_get_int(act->tx, &sql_recommendation_open_count, DB_ARGS(db_text(whom)), &open);
	if (!e)
		e = db_get_int(
		    act->tx, &sql_recommendation_due_count, DB_ARGS(db_text(whom), db_int(today_of(act))), &late);
	if (e)
		return e;
	json_put_int(view, "open_n", open);
	json_put_int(view, "overdue_n", late);
	json_put_str(view, "open_count", number_text(act->arena, lang, open));
	json_put_str(view, "overdue_count", number_text(act->arena, lang, late));
	return OK;
}

static enum err put_ages(const struct casefile_act *act, enum lang lang, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(act->tx, &sql_recommendation_ages, DB_ARGS(db_int(today_of(act))), &rows);
	while (!e && db_next(rows)) {
		int64_t step = db_col_int(rows, 0), n = db_col_int(rows, 1);
		json_t *one = json_object();
		if (!n) {
			json_decref(one);
			continue;
		}
		json_put_int(one, "from_days", step * 30);
		json_put_int(one, "cases", n);
		json_put_str(one, "age_words",
		    text_format(act->arena, lang, N_("{from} to {to} days"), "from",
			number_text(act->arena, lang, step * 30), "to", number_text(act->arena, lang, step * 30 + 29),
			NULL));
		json_put_str(one, "age_count", number_text(act->arena, lang, n));
		json_add(list, one);
	}
	view_put_list(view, "ages", list);
	return e ? e : db_rows_error(rows);
}

/* The bodies with the most open ones: what the list can be narrowed to. */
static enum err put_bodies(const struct casefile_act *act, enum lang lang, const char *whom, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(act->tx, &sql_recommendation_bodies, DB_NO_ARGS, &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		const char *key = db_col_text(rows, 0);
		json_put_str(one, "code", key);
		json_put_str(one, "body_label", case_body_label(act, lang, db_col_text(rows, 1), db_col_text(rows, 2)));
		json_put_int(one, "open_n", db_col_int(rows, 3));
		json_put_int(one, "done_n", db_col_int(rows, 4));
		json_put_bool(one, "chosen", !strcmp(key, whom));
		json_add(list, one);
	}
	view_put_list(view, "bodies", list);
	return e ? e : db_rows_error(rows);
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

struct page {
	json_t *rows;
	size_t n;
	bool more;
	int64_t first_day, first_id, last_day, last_id; /* as read */
	int64_t casefile[PAGE];
};

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	const struct profile *profile = act->office->profile;
	const struct case_viewing v = { .act = act, .lang = lang };
	const char *state = db_col_text(rows, 7), *degree = db_col_text(rows, 8);
	json_t *row = json_object();
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "whom", case_body_label(act, lang, db_col_text(rows, 3), db_col_text(rows, 2)));
	json_put_str(row, "kind_words", event_code_words(lang, profile, "rec_kind", db_col_text(rows, 4)));
	json_put_str(row, "public_text", db_col_text(rows, 5));
	view_put_day(act, lang, row, "due", db_col_int(rows, 6));
	json_put(row, "state", inquiry_state_json(&v, "state", state, recommendation_tone(state)));
	json_put_str(row, "degree_words", *degree ? event_code_words(lang, profile, "degree", degree) : NULL);
	json_put_int(row, "reminders", db_col_int(rows, 9));
	json_put_bool(row, "late", act->now > db_col_int(rows, 6));
	return row;
}

static enum err run_list(const struct list_work *work, const struct casefile_act *act, struct db_rows **ret_rows)
{
	int64_t day = work->keyed ? work->key_day : work->back ? NO_DAY : -1, id = work->keyed ? work->key_id : 0;
	int64_t until = work->overdue ? today_of(act) : NO_DAY;
	if (*work->whom)
		return db_query(act->tx, work->back ? &sql_recommendation_whom_before : &sql_recommendation_whom_after,
		    DB_ARGS(db_int(day), db_int(id), db_int(until), db_text(work->whom)), ret_rows);
	return db_query(act->tx, work->back ? &sql_recommendation_list_before : &sql_recommendation_list_after,
	    DB_ARGS(db_int(day), db_int(id), db_int(until)), ret_rows);
}

static enum err read_page(const struct list_work *work, const struct casefile_act *act, struct page *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct page page = { .rows = json_array() };
	enum err e = run_list(work, act, &rows);
	while (!e && db_next(rows)) {
		if (page.n == PAGE) {
			page.more = true;
			break;
		}
		page.last_day = db_col_int(rows, 11);
		page.last_id = db_col_int(rows, 0);
		if (!page.n) {
			page.first_day = page.last_day;
			page.first_id = page.last_id;
		}
		page.casefile[page.n++] = db_col_int(rows, 1);
		json_add(page.rows, row_json(act, work->rq->lang, rows));
	}
	if (!e && !page.more)
		e = db_rows_error(rows);
	*ret = page;
	return e;
}

/* The case of a row, for who may read it; others see the number alone, as in the queue. What is kept from an officer
 * is not in the list at all. */
static enum err put_cases(const struct casefile_act *act, const struct page *page)
{
	for (size_t i = page->n; i > 0; i--) {
		json_t *row = json_array_get(page->rows, i - 1);
		struct casefile c;
		enum err e = casefile_load(act->office, act->tx, act->arena, page->casefile[i - 1], &c);
		if (e)
			return e;
		const struct object object = casefile_object(&c);
		enum err reads = may(act->actor, ACT_CASE_READ, &object, NULL);
		json_put_str(row, "number", c.number);
		json_put_str(row, "link",
		    reads ? NULL : arena_printf(act->arena, "/desk/cases/%" PRId64 "/inquiry#recommendations", c.id));
		if (reads == ERR_NOT_FOUND)
			json_array_remove(page->rows, i - 1);
	}
	return OK;
}

static json_t *reversed(json_t *list)
{
	json_t *other = json_array();
	for (size_t i = json_array_size(list); i > 0; i--)
		json_add(other, json_incref(json_array_get(list, i - 1)));
	json_decref(list);
	return other;
}

static void put_page(const struct list_work *work, struct page *page, json_t *view)
{
	struct arena *arena = work->rq->arena;
	bool back = work->back;
	if (back)
		page->rows = reversed(page->rows);
	if ((back ? page->more : work->keyed) && page->n)
		json_put_str(view, "page_before",
		    arena_printf(arena, "%" PRId64 ".%" PRId64, back ? page->last_day : page->first_day,
			back ? page->last_id : page->first_id));
	if ((back || page->more) && page->n)
		json_put_str(view, "page_after",
		    arena_printf(arena, "%" PRId64 ".%" PRId64, back ? page->first_day : page->last_day,
			back ? page->first_id : page->last_id));
	json_put_bool(view, "has_pages", json_object_get(view, "page_before") || json_object_get(view, "page_after"));
	view_put_list(view, "rows", page->rows);
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct page page;
	work->view = json_owned(rq->arena, json_object());
	enum err e = put_counts(&act, rq->lang, work->whom, work->view);
	if (!e)
		e = put_ages(&act, rq->lang, work->view);
	if (!e)
		e = put_bodies(&act, rq->lang, work->whom, work->view);
	if (!e)
		e = read_page(work, &act, &page);
	if (!e)
		e = put_cases(&act, &page);
	if (e)
		return e;
	put_page(work, &page, work->view);
	json_put_str(work->view, "of", work->overdue ? "overdue" : "open");
	json_put_bool(work->view, "of_overdue", work->overdue);
	json_put_str(work->view, "whom", work->whom);
	return OK;
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static enum err read_key(const char *text, struct list_work *work, struct fault *fault)
{
	char *end;
	long long day = strtoll(text, &end, 10), id = 0;
	bool good = end != text && *end == '.' && day >= -1;
	if (good) {
		const char *second = end + 1;
		id = strtoll(second, &end, 10);
		good = end != second && !*end && id >= 0;
	}
	if (!good)
		return fault_set(fault, ERR_INVALID, work->back ? "before" : "after",
		    N_("This page of the list does not exist."), NULL);
	work->keyed = true;
	work->key_day = day;
	work->key_id = id;
	return OK;
}

static enum err ask_parse(struct request *rq, struct list_work *work, struct fault *fault)
{
	const char *of = request_query(rq, "of"), *whom = request_query(rq, "body");
	const char *after = request_query(rq, "after"), *before = request_query(rq, "before");
	work->overdue = of && !strcmp(of, "overdue");
	if (of && *of && !work->overdue && strcmp(of, "open"))
		return fault_set(fault, ERR_INVALID, "of", N_("There is no list of this name."), NULL);
	work->whom = whom ? text_nfc(rq->arena, whom) : "";
	work->back = !after && before;
	const char *key = after ? after : before;
	return key ? read_key(key, work, fault) : OK;
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
	journal_read_later(
	    office_of(rq)->reads, rq->now, actor_of(rq)->tag, "recommendation.list", "recommendation:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Recommendations")));
	return reply_view(rp, "desk/recommendations", json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/recommendations", list_show, WHO_STAFF, 0, 0,
	    "Recommendations that are not carried out." },
	{ METHOD_GET, "/api/v1/recommendations", list_show, WHO_PROGRAM, 0, 0,
	    "Recommendations that are not carried out." },
};
const struct route_table recommendation_list_routes = { routes, ARRAY_LEN(routes) };
