/* What was issued against what the journal recorded when it was. */
#include "base/util.h"
#include "casework/finding.h"
#include "crypto/crypto.h"
#include "finding.sql.h"
#include "office/journal.h"

#include <string.h>

/* The digests that the journal holds for the case's findings: [{finding, sha256}]; payloads that were erased are not in
 * it, and `ret_erased` says so. */
static enum err told(struct db_tx *tx, int64_t casefile_id, json_t *list, bool *ret_erased)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char object[64];
	enum err e = db_query(
	    tx, &sql_finding_journal, DB_ARGS(db_text(journal_object(object, "casefile", casefile_id))), &rows);
	while (!e && db_next(rows)) {
		const char *text = db_col_text(rows, 0);
		json_t *payload = NULL;
		if (text && json_parse(text, strlen(text), JSON_TEXT_LIMIT, &payload, NULL) == OK)
			json_add(list, payload);
		else
			*ret_erased = true;
	}
	return e ? e : db_rows_error(rows);
}

static bool tells(const json_t *list, int64_t id, const char *digest)
{
	const json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_int_or(one, "finding", 0) == id &&
					     !strcmp(json_str_or(one, "sha256", ""), digest)) return true;
	return false;
}

static bool row_holds(const struct db_rows *rows, const json_t *list, bool erased)
{
	char *whole CLEANUP(free_ptr) = NULL;
	char digest[SHA256_HEX];
	const char *text = db_col_text(rows, 5);
	json_t *results = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &results, NULL))
		return false;
	enum err e =
	    finding_canonical(db_col_text(rows, 3), db_col_text(rows, 4), results, db_col_int(rows, 1), &whole, digest);
	json_decref(results);
	return !e && !strcmp(digest, db_col_text(rows, 2)) && (erased || tells(list, db_col_int(rows, 0), digest));
}

enum err finding_verify(struct db_tx *tx, struct arena *arena, int64_t casefile_id, bool *ret_holds)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_owned(arena, json_array());
	bool holds = true, erased = false;
	enum err e = db_query(tx, &sql_finding_sealed, DB_ARGS(db_int(casefile_id)), &rows);
	for (bool first = true; !e && holds && db_next(rows); first = false) {
		if (first)
			e = told(tx, casefile_id, list, &erased);
		holds = e || row_holds(rows, list, erased);
	}
	if (!e && holds)
		e = db_rows_error(rows);
	if (!e)
		*ret_holds = holds;
	return e;
}
