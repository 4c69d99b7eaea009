/*
 * What of lists and search is not kept by the transaction that changes a case: words of cases that were filed before
 * there was this index, and the lists of units when the tree of units changed. Both in the background.
 */
#include "base/util.h"
#include "casework/search.h"
#include "search.sql.h"

#define PIECE 100 /* cases a transaction */

struct following {
	int64_t stale, done, until;
};

static enum err read_state(struct db_tx *tx, struct following *f)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_list_units, DB_NO_ARGS, &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*f = (struct following) { db_col_int(rows, 0), db_col_int(rows, 1), db_col_int(rows, 2) };
	return OK;
}

/* All of it at once: half of a tree's lists would show cases to people who may not see them any more. */
static enum err rewrite_lists(struct db_tx *tx)
{
	enum err e = db_run(tx, &sql_list_units_clear, DB_NO_ARGS);
	if (!e)
		e = db_run(tx, &sql_list_units_fill, DB_NO_ARGS);
	return e ? e : db_run(tx, &sql_list_units_followed, DB_NO_ARGS);
}

static enum err follow(struct db_tx *tx, void *arg)
{
	struct following *f = arg;
	enum err e = read_state(tx, f);
	if (!e && f->stale)
		return rewrite_lists(tx);
	if (e || f->done >= f->until)
		return e;
	for (int64_t id = f->done + 1; !e && id <= f->done + PIECE; id++)
		e = db_run(tx, &sql_list_units_doors, DB_ARGS(db_int(id)));
	return e ? e : db_run(tx, &sql_list_units_done, DB_ARGS(db_int(f->done + PIECE)));
}

enum err lists_follow_units(struct office *office, int64_t now)
{
	struct following f = { .stale = 1 };
	enum err e = OK;
	while (!e && (f.stale || f.done < f.until) && !job_stopping(office))
		e = db_write(office->db, follow, &f);
	return e;
}

static const struct job jobs[] = {
	{ "search.catch_up", 60 * 1000, search_catch_up, "Puts words of older cases into the search.", false },
	{ "lists.units", 60 * 1000, lists_follow_units, "Lets lists follow when the tree of units changed.", false },
};
const struct job_table list_jobs = { jobs, ARRAY_LEN(jobs) };
