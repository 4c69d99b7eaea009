/* What lies within each unit, kept in a table so that lists can choose by it. */
#include "office.sql.h"
#include "office/office.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

struct reach {
	const char *within, *unit;
};

struct keep_work {
	struct reach *reach;
	size_t n;
	bool same;
};

static int by_keys(const void *a, const void *b)
{
	const struct reach *x = a, *y = b;
	int order = strcmp(x->within, y->within);
	return order ? order : strcmp(x->unit, y->unit);
}

static void collect(const struct profile *p, struct keep_work *work)
{
	for (size_t i = 0; i < p->units; i++)
		for (size_t j = 0; j < p->units; j++)
			if (unit_within(&p->unit[j], &p->unit[i]))
				work->reach[work->n++] = (struct reach) { p->unit[i].key, p->unit[j].key };
	qsort(work->reach, work->n, sizeof(*work->reach), by_keys);
}

static enum err compare(struct db_tx *tx, void *arg)
{
	struct keep_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t i = 0;
	enum err e = db_query(tx, &sql_reach_read, DB_NO_ARGS, &rows);
	if (e)
		return e;
	work->same = true;
	for (; db_next(rows); i++)
		work->same = work->same && i < work->n && !strcmp(db_col_text(rows, 0), work->reach[i].within) &&
			     !strcmp(db_col_text(rows, 1), work->reach[i].unit);
	work->same = work->same && i == work->n;
	return db_rows_error(rows);
}

static enum err rewrite(struct db_tx *tx, void *arg)
{
	const struct keep_work *work = arg;
	enum err e = db_run(tx, &sql_reach_clear, DB_NO_ARGS);
	for (size_t i = 0; !e && i < work->n; i++)
		e = db_run(
		    tx, &sql_reach_insert, DB_ARGS(db_text(work->reach[i].within), db_text(work->reach[i].unit)));
	return e;
}

enum err units_keep(struct db *db, const struct profile *profile)
{
	struct keep_work work = { .reach = calloc(profile->units * profile->units + 1, sizeof(struct reach)) };
	if (!work.reach)
		return ERR_MEMORY;
	collect(profile, &work);
	enum err e = db_read(db, compare, &work);
	if (!e && !work.same)
		e = db_write(db, rewrite, &work);
	free(work.reach);
	return e;
}
