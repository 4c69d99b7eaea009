/* Versions of codes, written. */
#include "office/code_change.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "current.sql.h"
#include "office/calendar.h"
#include "office/current.h"
#include "office/journal.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

enum err code_context_of(const struct office *office, const char *list, struct code_context *ret_context)
{
	struct code_context c = { .list = office_list(office, list), .closings = office_list(office, "closing") };
	if (!c.list)
		return ERR_NOT_FOUND;
	c.of = office_list(office, c.list->of);
	c.languages = office->profile->languages;
	c.languages_count = office->profile->languages_count;
	*ret_context = c;
	return OK;
}

enum err code_may_begin(int64_t valid_from, int64_t today, struct fault *fault)
{
	if (valid_from >= today)
		return OK;
	return fault_set(fault, ERR_INVALID, "valid_from",
	    N_("A change begins today at the earliest: what was decided before stays as it was."), NULL);
}

struct entering {
	const struct code_change *change;
	const struct actor *actor;
	int64_t now;
	struct arena *arena;
	struct fault *fault;
};

static const char *keys_text(struct arena *arena, const struct code_entry *v)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < v->ofs; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", v->of[i]);
	return text;
}

static enum err insert_version(struct db_tx *tx, const struct entering *in, const struct code_entry *v)
{
	json_t *names = names_to_json(&v->name);
	char *text CLEANUP(free_ptr) = json_canonical_text(names);
	int64_t id;
	json_decref(names);
	if (!text)
		return ERR_MEMORY;
	return db_get_int(tx, &sql_code_version_insert,
	    DB_ARGS(db_text(in->change->list), db_text(v->key), db_int(v->valid_from),
		v->valid_to >= CALENDAR_LAST ? db_null() : db_int(v->valid_to), db_int(v->withdrawn), db_text(text),
		db_text(v->parent), db_text(keys_text(in->arena, v)), db_int(v->position), db_text(v->un_theme),
		db_text(v->sdg_target), db_text(v->closing), db_text(in->change->reason), db_int(in->now),
		db_text(in->actor->tag)),
	    &id);
}

static enum err look_for_others(struct db_tx *tx, const struct entering *in)
{
	const struct code_change *change = in->change;
	int64_t latest = 0;
	if (change->seen == CODE_SEEN_ANY)
		return OK;
	enum err e = db_get_int(
	    tx, &sql_code_version_latest, DB_ARGS(db_text(change->list), db_text(change->version->key)), &latest);
	if (e || latest == change->seen)
		return e;
	return fault_set(in->fault, ERR_CONFLICT, "seen",
	    N_("Somebody else changed this entry in the meantime. Look at the latest version first."), NULL);
}

static enum err write_journal(struct db_tx *tx, const struct entering *in)
{
	json_t *payload = json_object(), *keys = json_array();
	char object[80];
	for (size_t i = 0; i < in->change->versions; i++)
		json_add(keys, json_string(in->change->version[i].key));
	json_put_str(payload, "list", in->change->list);
	json_put(payload, "keys", keys);
	json_put_str(payload, "reason", in->change->reason);
	snprintf(object, sizeof(object), "list:%s", in->change->list);
	return journal_write(tx, in->now, in->actor->tag, "office.list", object, payload);
}

static enum err enter(struct db_tx *tx, void *arg)
{
	const struct entering *in = arg;
	enum err e = look_for_others(tx, in);
	for (size_t i = 0; !e && i < in->change->versions; i++)
		e = insert_version(tx, in, &in->change->version[i]);
	if (!e)
		e = write_journal(tx, in);
	return e ? e : office_changed(tx);
}

enum err code_enter(struct office *office, const struct actor *actor, int64_t now, const struct code_change *change,
    struct fault *fault)
{
	struct entering in = { change, actor, now, arena_new(0), fault };
	enum err e = change->versions ? db_write(office->db, enter, &in) : OK;
	arena_free(in.arena);
	return e ? e : office_refresh(office);
}

struct history {
	const char *list, *key;
	json_t *rows;
	struct arena *arena;
};

static enum err read_history(struct db_tx *tx, void *arg)
{
	struct history *h = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_code_version_of_key, DB_ARGS(db_text(h->list), db_text(h->key)), &rows);
	if (e)
		return e;
	json_array_clear(h->rows);
	while (db_next(rows)) {
		json_t *one = json_object();
		char iso[RFC3339_TEXT];
		rfc3339_format(iso, db_col_int(rows, 2));
		json_put_int(one, "serial", db_col_int(rows, 0));
		json_put_str(one, "reason", db_col_text(rows, 1));
		json_put_str(one, "at", iso);
		json_put_str(one, "by", tag_name(tx, h->arena, db_col_text(rows, 3)));
		json_add(h->rows, one);
	}
	return db_rows_error(rows);
}

enum err code_history(struct office *office, const char *list, const char *key, json_t **ret_list)
{
	struct history h = { list, key, json_array(), arena_new(0) };
	enum err e = db_read(office->db, read_history, &h);
	arena_free(h.arena);
	if (e)
		json_decref(h.rows);
	else
		*ret_list = h.rows;
	return e;
}
