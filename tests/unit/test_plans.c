/*
 * How each engine would run every statement of the rooms office and casework: none reads a table that grows with the
 * cases from end to end. The statements come from the .sql files themselves, so that a new one cannot be forgotten; a
 * table that stays small, and a statement that must read everything, stand here with the reason.
 */
#include "../lib/desk.h"

#include "every_query.h"

/* Read whole without harm: they grow with the office, not with its cases. */
static const struct {
	const char *table, *reason;
} small[] = {
	{ "staff", "who works here" },
	{ "api_token", "programs that may ask" },
	{ "session", "who is logged in; swept each hour" },
	{ "lease", "one row a background work" },
	{ "number_series", "one row a register and year" },
	{ "tally", "one row a state" },
	{ "unit_reach", "units of the institution" },
	{ "schema_migration", "one row a migration" },
	{ "saved_list", "at most fifty of an officer" },
	{ "search_backlog", "one row" },
	{ "case_list_units", "one row" },
	{ "case_list_count", "one row a list" },
	{ "body", "bodies of the registry" },
	{ "body_name", "bodies of the registry" },
	{ "body_contact", "bodies of the registry" },
	{ "body_rule", "bodies of the registry" },
	{ "body_merge", "bodies of the registry" },
	{ "registry_change", "one row" },
	{ "agency_account", "focal persons of bodies" },
	{ "substitution", "who stands in for whom" },
	{ "staff_skill", "what officers know" },
	{ "staff_absence", "who is away" },
	{ "task_series", "tasks that come again" },
	{ "profile_change", "changes of lists and limits" },
	{ "draft", "swept after a day" },
	{ "draft_file", "swept after a day" },
	{ "body_reach", "bodies of the registry" },
	{ "clock_recount", "one row a changed holiday" },
	{ "body_mandate", "bodies of the registry" },
	{ "code_version", "changes of code lists" },
	{ "limit_version", "changes of limits" },
	{ "calendar_change", "changes of holidays" },
	{ "case_door", "a view: its parts are told apart" },
	{ "case_list_of", "a view: its parts are told apart" },
};

/* Statements that read much on purpose. */
static const struct {
	const char *file, *name, *reason; /* name NULL: all of the file */
} allowed[] = {
	{ "casework/casework_verify.sql", NULL, "sulh verify looks at everything" },
	{ "office/journal.sql", NULL, "the end of the chain, and sulh verify" },
	{ "casework/search.sql", "list_units_fill", "only when the tree of units changed, in the background" },
	{ "office/blob.sql", "blob_count", "sulh verify looks at everything" },
};

struct reading {
	size_t query;
	struct desk *desk;
	char found[2000]; /* what is scanned, parted by ", " */
};

static bool is_small(const char *table)
{
	for (size_t i = 0; i < ARRAY_LEN(small); i++)
		if (!strcmp(small[i].table, table))
			return true;
	return false;
}

static bool is_allowed(size_t q)
{
	for (size_t i = 0; i < ARRAY_LEN(allowed); i++)
		if (!strcmp(allowed[i].file, every_query[q].file) &&
		    (!allowed[i].name || !strcmp(allowed[i].name, every_query[q].name)))
			return true;
	return false;
}

static void found(struct reading *r, const char *table, const char *how)
{
	size_t used = strlen(r->found);
	if (!is_small(table))
		snprintf(r->found + used, sizeof(r->found) - used, "%s%s (%s)", used ? ", " : "", table, how);
}

static struct db_sql *statement(struct reading *r, const char *text)
{
	struct db_sql *sql = arena_alloc(r->desk->arena, sizeof(*sql));
	sql->name = every_query[r->query].name;
	sql->text[DB_SQLITE] = sql->text[DB_POSTGRESQL] = text;
	return sql;
}

static size_t placeholders(const char *text)
{
	size_t most = 0;
	for (const char *p = text; (p = strchr(p, '$')); p++) {
		size_t n = strtoul(p + 1, NULL, 10);
		most = n > most ? n : most;
	}
	return most;
}

/* --- SQLite ------------------------------------------------------------------------------------------------------ */

static bool word_char(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* "c" in "FROM casefile c" or "JOIN casefile AS c" is casefile; a name that no table precedes is the table itself, or a
 * part of the statement. */
static const char *table_of(struct reading *r, const char *text, const char *alias)
{
	size_t len = strlen(alias);
	for (const char *p = text; (p = strstr(p, alias)); p++) {
		if ((p > text && word_char(p[-1])) || word_char(p[len]) || p[len] == '.' || p - text < 3 ||
		    p[-1] != ' ')
			continue;
		const char *end = p - 1;
		if (end - text > 3 && !strncmp(end - 3, " AS", 3))
			end -= 3;
		const char *start = end;
		while (start > text && word_char(start[-1]))
			start--;
		if (start < end)
			return arena_strndup(r->desk->arena, start, (size_t)(end - start));
		if (*end == ' ' && end[-1] == ')')
			return ""; /* a subquery: its own parts are told apart */
	}
	return alias;
}

/* Is the table named by the statement? Foreign keys of others' tables are looked up for an INSERT, too, but only while
 * one that was put off is open. */
static bool is_named(const char *text, const char *table)
{
	size_t len = strlen(table);
	for (const char *p = text; (p = strstr(p, table)); p++)
		if ((p == text || !word_char(p[-1])) && !word_char(p[len]))
			return true;
	return strncmp(text, "INSERT", 6) != 0;
}

static bool is_common_table(struct reading *r, const char *text, const char *name)
{
	return strstr(text, arena_printf(r->desk->arena, "WITH %s", name)) ||
	       strstr(text, arena_printf(r->desk->arena, "WITH RECURSIVE %s", name));
}

/* A list may hold all cases: whoever looks for some of them in it gives more of its key than its name. */
static bool walks_a_list(struct reading *r, const char *text, const char *line)
{
	char name[80];
	if (strncmp(line, "SEARCH ", 7) != 0 || !strstr(line, "PRIMARY KEY (list=?)"))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line + 7, " "), line + 7);
	return !strcmp(table_of(r, text, name), "case_list");
}

static void read_sqlite_line(struct reading *r, const char *text, const char *line)
{
	char name[80];
	if (walks_a_list(r, text, line))
		found(r, "case_list", line);
	if (strncmp(line, "SCAN ", 5) != 0 || strstr(line, "VIRTUAL TABLE") || strstr(line, "CONSTANT ROW"))
		return;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(line + 5, " "), line + 5);
	const char *table = table_of(r, text, name);
	bool subquery = !*table || table[0] == '(' || strstr(table, "subquery");
	if (!subquery && is_named(text, table) && !is_common_table(r, text, table))
		found(r, table, line);
}

static enum err read_sqlite(struct db_tx *tx, struct reading *r)
{
	const char *text = every_query[r->query].text[DB_SQLITE];
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct db_value args[100];
	size_t n = placeholders(text);
	for (size_t i = 0; i < n; i++)
		args[i] = db_int(1);
	enum err e =
	    db_query(tx, statement(r, arena_printf(r->desk->arena, "EXPLAIN QUERY PLAN %s", text)), args, n, &rows);
	while (!e && db_next(rows))
		read_sqlite_line(r, text, db_col_text(rows, 3));
	return e;
}

/* --- PostgreSQL -------------------------------------------------------------------------------------------------- */

/* An index of few rows is shorter than it seems to an engine that has seen none: with rows it would be passed by. */
static char partial_indexes[8000];

static enum err learn_indexes(struct db_tx *tx, void *arg)
{
	static const struct db_sql sql = { "partial_indexes",
		{ "SELECT ''",
		    "SELECT DISTINCT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE "
		    "i.indpred IS NOT NULL" } };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql, DB_NO_ARGS, &rows);
	strcpy(partial_indexes, " ");
	while (!e && db_next(rows)) {
		size_t used = strlen(partial_indexes);
		snprintf(partial_indexes + used, sizeof(partial_indexes) - used, "%s ", db_col_text(rows, 0));
	}
	return e;
}

static bool is_partial(struct reading *r, const char *index)
{
	return strstr(partial_indexes, arena_printf(r->desk->arena, " %s ", index));
}

static void read_node(struct reading *r, const json_t *node)
{
	const char *type = json_str_or(node, "Node Type", ""), *table = json_str_or(node, "Relation Name", "");
	const json_t *one;
	size_t i;
	bool index = !strncmp(type, "Index", 5);
	/* With sequential scans switched off, an index read from end to end takes their place. */
	if (*table && (!strcmp(type, "Seq Scan") || (index && !json_object_get(node, "Index Cond") &&
							!is_partial(r, json_str_or(node, "Index Name", "")))))
		found(r, table, type);
	json_array_foreach(json_object_get(node, "Plans"), i, one) read_node(r, one);
}

static enum err run(struct db_tx *tx, struct reading *r, const char *text)
{
	return db_run(tx, statement(r, text), DB_NO_ARGS);
}

static enum err read_postgresql(struct db_tx *tx, struct reading *r)
{
	struct arena *arena = r->desk->arena;
	const char *text = every_query[r->query].text[DB_POSTGRESQL], *nulls = "";
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *plan = NULL;
	for (size_t n = placeholders(text); n; n--)
		nulls = arena_printf(arena, "%s%sNULL", nulls, *nulls ? ", " : "");
	enum err e = run(tx, r, "SET LOCAL enable_seqscan = off");
	if (!e)
		e = run(tx, r, "SET LOCAL plan_cache_mode = force_generic_plan");
	if (!e)
		e = run(tx, r, arena_printf(arena, "PREPARE plan_of_%zu AS %s", r->query, text));
	if (!e)
		e = db_query(tx,
		    statement(r, arena_printf(arena, "EXPLAIN (FORMAT JSON) EXECUTE plan_of_%zu%s%s%s", r->query,
				     *nulls ? "(" : "", nulls, *nulls ? ")" : "")),
		    DB_NO_ARGS, &rows);
	if (e || !db_next(rows))
		return e ? e : ERR_STORE;
	const char *json = db_col_text(rows, 0);
	assert_int_equal(json_parse(json, strlen(json), JSON_TEXT_LIMIT, &plan, NULL), OK);
	read_node(r, json_object_get(json_array_get(plan, 0), "Plan"));
	json_decref(plan);
	return OK;
}

/* --- all --------------------------------------------------------------------------------------------------------- */

static enum err read_plan(struct db_tx *tx, void *arg)
{
	struct reading *r = arg;
	r->found[0] = '\0';
	return db_tx_engine(tx) == DB_SQLITE ? read_sqlite(tx, r) : read_postgresql(tx, r);
}

static void no_statement_reads_a_growing_table_whole(void **state)
{
	struct desk *desk = *state;
	int wrong = 0;
	assert_int_equal(db_read(desk->office->db, learn_indexes, NULL), OK);
	for (size_t q = 0; q < ARRAY_LEN(every_query); q++) {
		struct reading r = { .query = q, .desk = desk };
		char reason[200];
		enum err e = db_write(desk->office->db, read_plan, &r);
		if (e)
			print_error("%s %s: %s\n", every_query[q].file, every_query[q].name,
			    db_last_error(desk->office->db, reason, sizeof(reason)));
		else if (*r.found && !is_allowed(q))
			print_error("%s %s scans %s\n", every_query[q].file, every_query[q].name, r.found);
		wrong += e || (*r.found && !is_allowed(q));
	}
	assert_true(ARRAY_LEN(every_query) > 100);
	assert_int_equal(wrong, 0);
}

/* The reader of plans itself: what must be found is found. */
static void a_scan_is_seen(void **state)
{
	struct reading r = { .query = 0, .desk = *state };
	read_sqlite_line(&r, "SELECT * FROM casefile c WHERE c.state = $1", "SCAN c");
	assert_non_null(strstr(r.found, "casefile"));
	r.found[0] = '\0';
	read_sqlite_line(
	    &r, "SELECT * FROM party AS p JOIN staff s ON s.id = p.id", "SCAN p USING INDEX party_casefile");
	assert_non_null(strstr(r.found, "party"));
	r.found[0] = '\0';
	read_sqlite_line(&r, "SELECT * FROM staff", "SCAN staff");
	read_sqlite_line(&r, "SELECT * FROM casefile c", "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)");
	read_sqlite_line(&r, "SELECT 1 FROM (SELECT id FROM casefile WHERE id > 3) AS w", "SCAN w");
	assert_string_equal(r.found, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_is_seen),
		cmocka_unit_test(no_statement_reads_a_growing_table_whole),
	};
	return cmocka_run_group_tests(tests, desk_set_up, desk_tear_down);
}
