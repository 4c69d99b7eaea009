/*
 * Who has how much to do, and how old it is: looked at before work is given out. By unit for the reader's unit
 * and those below it, by officer for one unit; figures from kept counts, ages from at most fifty entries of each list.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_pages.h"
#include "casework/list.h"
#include "desk.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CAP 50
#define STAFF_PAGE 50

static const int age_days[] = { 30, 60, 90 };

struct load_work {
	struct request *rq;
	const struct unit *unit; /* whose officers are shown */
	const struct unit *top;  /* the largest that is shown; NULL: none */
	bool bounded;            /* the reader sees no more than that */
	int64_t after;
	json_t *view;
};

static void put_capped(const struct load_work *w, json_t *row, const char *key, int64_t n)
{
	struct arena *arena = w->rq->arena;
	const char *words = number_text(arena, w->rq->lang, n > CAP ? CAP : n);
	json_put_int(row, key, n);
	json_put_str(row, arena_printf(arena, "%s_words", key), n > CAP ? arena_printf(arena, "%s+", words) : words);
}

static void put_figures(const struct load_work *w, const struct db_rows *rows, int first, json_t *row)
{
	static const char *const ages[] = { "fresh", "month", "two_months", "three_months" };
	json_put_int(row, "open", db_col_int(rows, first));
	json_put_str(row, "open_words", number_text(w->rq->arena, w->rq->lang, db_col_int(rows, first)));
	put_capped(w, row, "late", db_col_int(rows, first + 1));
	json_put_bool(row, "grave", db_col_int(rows, first + 1) > 0);
	for (int i = 0; i < 4; i++)
		put_capped(w, row, ages[i], db_col_int(rows, first + 2 + i));
}

static int64_t ago(const struct load_work *w, int days)
{
	return w->rq->now - days * DAY_MS;
}

static enum err put_units(struct load_work *w, struct db_tx *tx)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct profile *profile = office_of(w->rq)->profile;
	const struct unit *top = w->top;
	json_t *units = json_array();
	enum err e = top ? db_query(tx, &sql_workload_units,
			       DB_ARGS(db_text(top->key), db_int(ago(w, age_days[0])), db_int(ago(w, age_days[1])),
				   db_int(ago(w, age_days[2])), db_int(w->rq->now)),
			       &rows)
			 : OK;
	while (!e && rows && db_next(rows)) {
		const struct unit *unit = profile_unit(profile, db_col_text(rows, 0));
		json_t *row = json_object();
		json_put_str(row, "code", db_col_text(rows, 0));
		json_put_str(row, "unit_label", unit ? names_in(&unit->name, w->rq->lang) : db_col_text(rows, 0));
		json_put_bool(row, "chosen", unit && unit == w->unit);
		put_figures(w, rows, 1, row);
		put_capped(w, row, "free", db_col_int(rows, 7));
		json_add(units, row);
	}
	view_put_list(w->view, "units", units);
	return e || !rows ? e : db_rows_error(rows);
}

static enum err put_staff(struct load_work *w, struct db_tx *tx)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *staff = json_array();
	int64_t last = 0;
	enum err e = db_query(tx, &sql_workload_staff,
	    DB_ARGS(db_text(w->unit ? w->unit->key : ""), db_int(w->after), db_int(ago(w, age_days[0])),
		db_int(ago(w, age_days[1])), db_int(ago(w, age_days[2])), db_int(w->rq->now)),
	    &rows);
	while (!e && db_next(rows)) {
		json_t *row = json_object();
		if (json_array_size(staff) == STAFF_PAGE) {
			json_put_str(w->view, "page_after", arena_printf(w->rq->arena, "%" PRId64, last));
			json_decref(row);
			break;
		}
		last = db_col_int(rows, 0);
		json_put_int(row, "id", last);
		json_put_str(row, "officer", db_col_text(rows, 1));
		json_put_str(row, "link", arena_printf(w->rq->arena, "/desk/cases?lead=%" PRId64 "&state=open", last));
		put_figures(w, rows, 2, row);
		json_add(staff, row);
	}
	view_put_list(w->view, "officers", staff);
	return e ? e : db_rows_error(rows);
}

static enum err read_load(struct db_tx *tx, void *arg)
{
	struct load_work *w = arg;
	w->view = json_owned(w->rq->arena, json_object());
	json_put_str(w->view, "title", text_get(w->rq->lang, N_("Workload")));
	json_put_str(w->view, "unit", w->unit ? w->unit->key : "");
	json_put_str(w->view, "unit_name",
	    w->unit ? names_in(&w->unit->name, w->rq->lang) : text_get(w->rq->lang, N_("No unit")));
	enum err e = put_units(w, tx);
	return e ? e : put_staff(w, tx);
}

enum err workload_show(struct request *rq, struct reply *rp)
{
	const struct actor *actor = actor_of(rq);
	const struct profile *profile = office_of(rq)->profile;
	const char *unit = request_query(rq, "unit"), *after = request_query(rq, "after");
	unsigned scope = actor->rights ? actor->rights->scope[ACT_CASE_ASSIGN] : 0;
	struct load_work work = { .rq = rq, .after = after ? strtoll(after, NULL, 10) : 0 };
	struct fault fault = { 0 };
	if (!may_somewhere(actor, ACT_CASE_ASSIGN) && may(actor, ACT_CASE_ASSIGN, NULL, &fault))
		return reply_fault(rp, &fault);
	work.unit = unit ? profile_unit(profile, unit) : actor->unit ? profile_unit(profile, actor->unit) : NULL;
	/* Who gives out work at intake gives it to everybody; a head of a unit to those of the unit. */
	work.bounded = !(scope & (SCOPE_ANY | SCOPE_INTAKE));
	work.top = work.bounded     ? (actor->unit ? profile_unit(profile, actor->unit) : NULL)
		   : profile->units ? &profile->unit[0]
				    : NULL;
	if (unit && (!work.unit || (work.bounded && (!work.top || !unit_within(work.unit, work.top)))))
		return ERR_NOT_FOUND;
	enum err e = db_read(office_of(rq)->db, read_load, &work);
	return e ? e : reply_view(rp, "desk/workload", json_incref(work.view));
}
