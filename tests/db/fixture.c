/* Sets up and takes down the databases of the contract suite. */
#include "fixture.h"

#include "base/util.h"
#include "contract.sql.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct one {
	const struct db_sql *sql;
	const struct db_value *args;
	size_t n;
	int64_t value;
};

static enum err run_it(struct db_tx *tx, void *arg)
{
	struct one *one = arg;
	return db_run(tx, one->sql, one->args, one->n);
}

static enum err get_it(struct db_tx *tx, void *arg)
{
	struct one *one = arg;
	return db_get_int(tx, one->sql, one->args, one->n, &one->value);
}

enum err write_one(struct db *db, const struct db_sql *sql, const struct db_value *args, size_t n)
{
	struct one one = { .sql = sql, .args = args, .n = n };
	return db_write(db, run_it, &one);
}

int64_t read_int(struct db *db, const struct db_sql *sql, const struct db_value *args, size_t n)
{
	struct one one = { .sql = sql, .args = args, .n = n };
	ASSERT_OK(db_read(db, get_it, &one));
	return one.value;
}

enum err fixture_admin(const char *text)
{
	struct db_sql sql = { "admin", { text, text } };
	struct db *db = NULL;
	enum err e = db_open(getenv("SULH_TEST_PG"), &(struct db_options) { .readers = 1 }, &db, NULL);
	if (!e)
		e = write_one(db, &sql, DB_NO_ARGS);
	db_close(db);
	return e;
}

static int start(struct fixture *f, void **state)
{
	struct fault fault = { 0 };
	const struct db_migration list[] = { migration_db_001_contract };
	char text[512];
	enum err e = db_open(f->url, NULL, &f->db, &fault);
	if (!e)
		e = db_migrate(f->db, list, ARRAY_LEN(list), &fault);
	if (e)
		print_error("%s\n", fault_english(&fault, text, sizeof(text)));
	*state = f;
	return e ? -1 : 0;
}

int setup_sqlite(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	f->engine = DB_SQLITE;
	copy_text(f->place, sizeof(f->place), "/tmp/sulh-contract-XXXXXX");
	if (!mkdtemp(f->place))
		return -1;
	snprintf(f->url, sizeof(f->url), "sqlite:%s/office.db", f->place);
	return start(f, state);
}

int setup_postgresql(void **state)
{
	static atomic_int serial;
	const char *server = getenv("SULH_TEST_PG");
	if (!server) {
		print_error("SULH_TEST_PG names no PostgreSQL server: run the tests through tests/run\n");
		return -1;
	}
	struct fixture *f = calloc(1, sizeof(*f));
	char text[128];
	f->engine = DB_POSTGRESQL;
	snprintf(f->place, sizeof(f->place), "contract_%d_%d", (int)getpid(), ++serial);
	snprintf(f->url, sizeof(f->url), "%s%coptions=-csearch_path%%3D%s&application_name=%s", server,
	    strchr(server, '?') ? '&' : '?', f->place, f->place);
	snprintf(text, sizeof(text), "CREATE SCHEMA %s", f->place);
	*state = f;
	return fixture_admin(text) ? -1 : start(f, state);
}

int teardown(void **state)
{
	struct fixture *f = *state;
	char text[128];
	if (!f)
		return 0;
	db_close(f->db);
	if (f->engine == DB_SQLITE) {
		snprintf(text, sizeof(text), "rm -r '%s'", f->place);
		if (system(text))
			return -1;
	} else {
		snprintf(text, sizeof(text), "DROP SCHEMA %s CASCADE", f->place);
		if (fixture_admin(text))
			return -1;
	}
	free(f);
	return 0;
}

void fixture_reopen(struct fixture *f)
{
	db_close(f->db);
	f->db = NULL;
	ASSERT_OK(db_open(f->url, NULL, &f->db, NULL));
}
