/* Files on a case: which, from whom, and where their bytes are. */
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/casefile.h"
#include "office/journal.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

enum err document_add(
    const struct casefile_act *act, int64_t casefile_id, const struct document_new *doc, int64_t *ret_id)
{
	char object[64], kind[32];
	enum err e = db_get_int(act->tx, &sql_document_insert,
	    DB_ARGS(db_int(casefile_id), db_text(doc->name), db_text(doc->type), db_int(doc->size),
		db_text(doc->sha256), db_text(doc->origin), db_text(act->actor->tag), db_int(act->now)),
	    ret_id);
	if (e)
		return e;
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "document", *ret_id);
	json_put_str(payload, "sha256", doc->sha256);
	json_put_int(payload, "size", doc->size);
	json_put_str(data, "name", doc->name);
	snprintf(kind, sizeof(kind), "document_%s", doc->origin);
	e = journal_write(act->tx, act->now, act->actor->tag, "casefile.document",
	    journal_object(object, "casefile", casefile_id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return event_add(act, casefile_id, kind, data);
}

static json_t *document_json(struct arena *arena, struct office *office, enum lang lang, const struct db_rows *rows)
{
	json_t *one = json_object();
	const char *origin = db_col_text(rows, 5);
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "name", db_col_text(rows, 1));
	json_put_str(one, "type", db_col_text(rows, 2));
	json_put_int(one, "bytes", db_col_int(rows, 3));
	json_put_str(one, "size", file_size_text(arena, lang, db_col_int(rows, 3)));
	json_put_str(one, "sha256", db_col_text(rows, 4));
	json_put_str(one, "origin", origin);
	json_put_bool(one, "from_person", !strcmp(origin, "person"));
	json_put_bool(one, "from_partner", !strcmp(origin, "partner"));
	json_put_bool(one, "from_agency", !strcmp(origin, "agency"));
	json_put_str(one, "added", date_long(arena, lang, office->profile->calendar.zone, db_col_int(rows, 6)));
	return one;
}

enum err document_list(struct db_tx *tx, struct office *office, enum lang lang, int64_t casefile_id, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_document_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	struct arena *arena = arena_new(0);
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, document_json(arena, office, lang, rows));
	arena_free(arena);
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
