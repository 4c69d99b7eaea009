/*
 * A database of its own for each test: a file in a fresh directory, or a schema in the server that SULH_TEST_PG names
 * (postgresql://…). Without SULH_TEST_PG the PostgreSQL tests fail: they are never skipped.
 */
#ifndef SULH_TESTS_DB_FIXTURE_H
#define SULH_TESTS_DB_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/db.h"

struct fixture {
	struct db *db;  /* opened and migrated with 001-contract */
	char url[512];  /* to open it again */
	char place[64]; /* directory, or schema and application name */
	enum db_engine engine;
};

int setup_sqlite(void **state);
int setup_postgresql(void **state);
int teardown(void **state);

void fixture_reopen(struct fixture *);
/* Runs one text outside of the tables' schema (CREATE SCHEMA …) on the server. */
enum err fixture_admin(const char *text);

/* One statement as a whole transaction. */
enum err write_one(struct db *, const struct db_sql *, const struct db_value *args, size_t n);
int64_t read_int(struct db *, const struct db_sql *, const struct db_value *args, size_t n);

/* cmocka's assertions jump away, which must not happen inside a work: its transaction and, on SQLite, its thread are
 * the database's. A work says so and returns an error instead, which the test then sees. */
#define NEED(condition)                                                                                                \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			print_error("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                            \
			return ERR_INTERNAL;                                                                           \
		}                                                                                                      \
	} while (0)

#define ASSERT_OK(expression) assert_int_equal((expression), OK)

#endif
