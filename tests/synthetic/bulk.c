/* Takes the triggers of casework away and puts them back, on a connection of its own. */
#include "synthetic/bulk.h"

#include "base/util.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define BUSY_MS 60000

static const char put_aside[] = "CREATE TABLE synthetic_trigger AS SELECT name, sql FROM sqlite_master WHERE type = "
				"'trigger' AND name LIKE 'case%'";

/* The order matters: news before lists, lists before their counts, doors before the full text. */
static const char make_anew[] =
    "DELETE FROM case_news;"
    "INSERT INTO case_news (casefile_id, at) SELECT casefile_id, at FROM (SELECT e.casefile_id, e.at, min(e.id) FROM "
    "casefile c"
    "  JOIN case_event e ON e.casefile_id = c.id WHERE c.phase <> 4 AND c.assigned_to IS NOT NULL AND e.kind <> "
    "'received'"
    "  AND e.actor <> 'staff:' || c.assigned_to AND e.actor NOT LIKE 'staff:%/' || c.assigned_to"
    "  AND e.id > coalesce((SELECT max(l.id) FROM case_event l WHERE l.casefile_id = c.id"
    "    AND (l.actor = 'staff:' || c.assigned_to OR l.actor LIKE 'staff:%/' || c.assigned_to OR l.kind = "
    "'assigned')), 0)"
    "  GROUP BY e.casefile_id);"
    "DELETE FROM case_list;"
    "INSERT INTO case_list (list, at, casefile_id) SELECT list, at, casefile_id FROM case_list_of ORDER BY list, at, "
    "casefile_id;"
    "DELETE FROM case_list_count;"
    "INSERT INTO case_list_count (list, n) SELECT list, count(*) FROM case_list GROUP BY list;"
    "UPDATE case_words SET doors = (SELECT group_concat('@' || door, ' ') FROM case_door d WHERE d.casefile_id = "
    "case_words.casefile_id)"
    "  || coalesce((SELECT group_concat(' @not:' || staff_id, '') FROM case_conflict x"
    "    WHERE x.casefile_id = case_words.casefile_id AND x.lifted_at IS NULL), '');"
    "INSERT INTO case_search (case_search) VALUES ('rebuild');";

static bool sqlite_path(const struct office *office, char *out, size_t size)
{
	const char *url = office->config.database;
	if (strncmp(url, "sqlite:", 7))
		return false;
	snprintf(out, size, "%s%s%s", url[7] == '/' ? "" : office->dir, url[7] == '/' ? "" : "/", url + 7);
	return true;
}

static bool run_each(sqlite3 *db, const char *select)
{
	sqlite3_stmt *stmt = NULL;
	bool ok = sqlite3_prepare_v2(db, select, -1, &stmt, NULL) == SQLITE_OK;
	while (ok && sqlite3_step(stmt) == SQLITE_ROW)
		ok = sqlite3_exec(db, (const char *)sqlite3_column_text(stmt, 0), NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_finalize(stmt);
	return ok;
}

static bool run_text(sqlite3 *db, const char *text)
{
	return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK;
}

/* One transaction of these steps: a text, the statements that a query makes, another text. */
static enum err run_all(struct office *office, const char *text, const char *select, const char *after)
{
	char path[1200];
	sqlite3 *db = NULL;
	if (!sqlite_path(office, path, sizeof(path)))
		return OK;
	bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
		  sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK &&
		  run_text(db, "PRAGMA temp_store=FILE; PRAGMA cache_size=-131072; BEGIN IMMEDIATE") &&
		  run_text(db, text) && run_each(db, select) && run_text(db, after) && run_text(db, "COMMIT");
	if (!ok)
		fprintf(stderr, "synthetic: %s\n", sqlite3_errmsg(db));
	sqlite3_close(db);
	return ok ? OK : ERR_STORE;
}

enum err synthetic_bulk_begin(struct office *office)
{
	return run_all(office, put_aside, "SELECT 'DROP TRIGGER ' || name FROM synthetic_trigger", "");
}

enum err synthetic_bulk_end(struct office *office)
{
	return run_all(office, make_anew, "SELECT sql FROM synthetic_trigger", "DROP TABLE synthetic_trigger");
}
