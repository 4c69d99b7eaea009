/* Words between the office and the person, and notes that stay inside. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/casefile.h"
#include "casework/search.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

enum err text_add_as(const struct casefile_act *act, int64_t casefile_id, const char *kind, const char *event,
    enum lang lang, const char *body)
{
	char digest[SHA256_HEX], object[64];
	int64_t id;
	sha256_hex(digest, body, strlen(body));
	enum err e = db_get_int(act->tx, &sql_text_insert,
	    DB_ARGS(db_int(casefile_id), db_text(kind), db_text(lang_code(lang)), db_text(body), db_text(digest),
		db_text(act->actor->tag), db_text(act->actor->name), db_int(act->now)),
	    &id);
	if (e)
		return e;
	/* The words themselves stay out of the journal: erasing them later must not need it. */
	json_t *payload = json_object();
	json_put_int(payload, "text", id);
	json_put_str(payload, "kind", kind);
	json_put_str(payload, "sha256", digest);
	e = journal_write(act->tx, act->now, act->actor->tag, "casefile.text",
	    journal_object(object, "casefile", casefile_id), payload);
	if (!e)
		e = search_add(act, casefile_id, body);
	return e ? e : event_add(act, casefile_id, event, NULL);
}

enum err text_add(
    const struct casefile_act *act, int64_t casefile_id, const char *kind, enum lang lang, const char *body)
{
	return text_add_as(act, casefile_id, kind, kind, lang, body);
}

static json_t *text_json(struct arena *arena, struct office *office, enum lang reader, const struct db_rows *rows)
{
	json_t *one = json_object();
	char iso[RFC3339_TEXT];
	const char *kind = db_col_text(rows, 1), *lang_key = db_col_text(rows, 2);
	enum lang lang;
	int64_t at = db_col_int(rows, 5);
	rfc3339_format(iso, at);
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "kind", kind);
	json_put_bool(one, "from_person", !strcmp(kind, "from_person"));
	json_put_bool(one, "note", !strcmp(kind, "note"));
	json_put_str(one, "lang", lang_key);
	json_put_str(one, "dir", lang_parse(lang_key, &lang) && lang_rtl(lang) ? "rtl" : "ltr");
	json_put_str(one, "body", db_col_text(rows, 3));
	json_put_str(one, "author_name", db_col_text(rows, 4));
	json_put_str(one, "at", iso);
	json_put_str(one, "when", date_time_long(arena, reader, office->profile->calendar.zone, at));
	return one;
}

enum err text_list(
    struct db_tx *tx, struct office *office, enum lang reader, int64_t casefile_id, bool for_person, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_text_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	struct arena *arena = arena_new(0);
	json_t *list = json_array();
	while (db_next(rows)) {
		if (for_person && !strcmp(db_col_text(rows, 1), "note"))
			continue;
		json_add(list, text_json(arena, office, reader, rows));
	}
	arena_free(arena);
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
