/* Versions of limits, written. */
#include "office/limit_change.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "current.sql.h"
#include "office/clock_change.h"
#include "office/current.h"
#include "office/journal.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

struct entering {
	const struct limit_change *change;
	const struct actor *actor;
	int64_t now;
	struct fault *fault;
};

static enum err look_for_others(struct db_tx *tx, const struct entering *in)
{
	int64_t latest = 0;
	if (in->change->seen < 0)
		return OK;
	enum err e = db_get_int(tx, &sql_limit_version_latest, DB_ARGS(db_text(in->change->version->key)), &latest);
	if (e || latest == in->change->seen)
		return e;
	return fault_set(in->fault, ERR_CONFLICT, "seen",
	    N_("Somebody else changed this limit in the meantime. Look at the latest version first."), NULL);
}

static enum err write_journal(struct db_tx *tx, const struct entering *in)
{
	const struct clock_rule *v = in->change->version;
	json_t *payload = json_object();
	char object[80], day[11];
	civil_format(day, civil_from_days(v->valid_from));
	json_put_str(payload, "key", v->key);
	json_put_int(payload, "amount", v->amount);
	json_put_str(payload, "unit", clock_unit_slug(v->unit));
	json_put_str(payload, "valid_from", day);
	json_put_str(payload, "source", v->source);
	json_put_str(payload, "decided_by", in->change->decided_by);
	snprintf(object, sizeof(object), "limit:%s", v->key);
	return journal_write(tx, in->now, in->actor->tag, "office.limit", object, payload);
}

static enum err enter(struct db_tx *tx, void *arg)
{
	const struct entering *in = arg;
	const struct clock_rule *v = in->change->version;
	int64_t id;
	enum err e = look_for_others(tx, in);
	if (!e)
		e = db_get_int(tx, &sql_limit_version_insert,
		    DB_ARGS(db_text(v->key), db_int(v->valid_from), db_int(v->amount),
			db_text(clock_unit_slug(v->unit)), db_int(v->rolls), db_int(v->warn_hours),
			db_int(v->extend_amount), db_int(v->extend_times), db_int(v->pausable), db_text(v->source),
			db_text(in->change->decided_by), db_int(v->confirmed), db_int(in->now),
			db_text(in->actor->tag)),
		    &id);
	if (!e)
		e = write_journal(tx, in);
	return e ? e : office_changed(tx);
}

enum err limit_enter(struct office *office, const struct actor *actor, int64_t now, const struct limit_change *change,
    struct fault *fault)
{
	struct entering in = { change, actor, now, fault };
	size_t n;
	const struct clock_rule *known = office_clocks(office, &n);
	enum err e = clock_rule_may_begin(known, n, change->version, office_day(office, now), fault);
	if (!e && !*change->decided_by)
		e = fault_set(fault, ERR_INVALID, "decided_by", N_("Say who decided this."), NULL);
	if (!e)
		e = db_write(office->db, enter, &in);
	return e ? e : office_refresh(office);
}

struct history {
	const char *key;
	json_t *rows;
	struct arena *arena;
};

static enum err read_history(struct db_tx *tx, void *arg)
{
	struct history *h = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_limit_version_of_key, DB_ARGS(db_text(h->key)), &rows);
	if (e)
		return e;
	json_array_clear(h->rows);
	while (db_next(rows)) {
		json_t *one = json_object();
		char iso[RFC3339_TEXT];
		rfc3339_format(iso, db_col_int(rows, 3));
		json_put_int(one, "serial", db_col_int(rows, 0));
		json_put_int(one, "valid_from", db_col_int(rows, 1));
		json_put_str(one, "decided_by", db_col_text(rows, 2));
		json_put_str(one, "at", iso);
		json_put_str(one, "by", tag_name(tx, h->arena, db_col_text(rows, 4)));
		json_add(h->rows, one);
	}
	return db_rows_error(rows);
}

enum err limit_history(struct office *office, const char *key, json_t **ret_list)
{
	struct history h = { key, json_array(), arena_new(0) };
	enum err e = db_read(office->db, read_history, &h);
	arena_free(h.arena);
	if (e)
		json_decref(h.rows);
	else
		*ret_list = h.rows;
	return e;
}
