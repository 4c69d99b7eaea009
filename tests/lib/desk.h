/*
 * A whole office in a temporary folder with staff and complaints, for unit tests of what needs a database: on SQLite,
 * or, with SULH_DESK_ENGINE=postgresql, in a schema of its own on the server that SULH_TEST_PG names.
 *
 *     struct desk desk;
 *     desk_open(&desk, "az-commissioner");
 *     int64_t id = desk_file(&desk, 1, "State Oil Works");
 *     desk_close(&desk);
 */
#ifndef SULH_TESTS_DESK_H
#define SULH_TESTS_DESK_H

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/casefile.h"
#include "casework/intake.h"
#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct desk {
	char dir[64];
	struct office *office;
	struct arena *arena;
	int64_t now;
};

static inline enum err desk_statement(struct db_tx *tx, void *sql)
{
	return db_run(tx, sql, DB_NO_ARGS);
}

/* A schema's name stands in the address, so that everything the office opens lands in it. */
static inline const char *desk_postgresql(struct desk *desk)
{
	static int serial;
	const char *server = getenv("SULH_TEST_PG"), *engine = getenv("SULH_DESK_ENGINE");
	struct db *db = NULL;
	if (!engine || strcmp(engine, "postgresql"))
		return NULL;
	assert_non_null(server);
	char *schema = arena_printf(desk->arena, "desk_%d_%d", (int)getpid(), ++serial);
	struct db_sql *sql = arena_alloc(desk->arena, sizeof(*sql));
	sql->name = schema;
	sql->text[DB_SQLITE] = sql->text[DB_POSTGRESQL] = arena_printf(desk->arena, "CREATE SCHEMA %s", schema);
	assert_int_equal(db_open(server, NULL, &db, NULL), OK);
	assert_int_equal(db_write(db, desk_statement, sql), OK);
	db_close(db);
	return arena_printf(
	    desk->arena, "%s%coptions=-csearch_path%%3D%s", server, strchr(server, '?') ? '&' : '?', schema);
}

/* With the migrations of rooms above as well. */
static inline void desk_open_with(
    struct desk *desk, const char *profile, const struct db_migration *const *more, size_t more_count)
{
	static struct db_migration list[64];
	struct office_create create = { .dir = desk->dir, .profile = profile, .listen = "127.0.0.1:0" };
	struct fault fault = { 0 };
	size_t n = 0;
	char words[700];
	crypto_init();
	text_init();
	desk->arena = arena_new(0);
	create.database = desk_postgresql(desk);
	strcpy(desk->dir, "/tmp/sulh-desk-XXXXXX");
	assert_non_null(mkdtemp(desk->dir));
	for (size_t i = 0; i < office_migration_count; i++)
		list[n++] = *office_migrations[i];
	for (size_t i = 0; i < casework_migration_count; i++)
		list[n++] = *casework_migrations[i];
	for (size_t i = 0; i < more_count; i++)
		list[n++] = *more[i];
	enum err e = office_create(&create, list, n, &fault);
	if (!e)
		e = office_open(desk->dir, list, n, &desk->office, &fault);
	if (e)
		fail_msg("the office cannot be made: %s %s", fault.field, fault_english(&fault, words, sizeof(words)));
	desk->now = now_ms();
}

static inline void desk_open(struct desk *desk, const char *profile)
{
	desk_open_with(desk, profile, NULL, 0);
}

static inline void desk_close(struct desk *desk)
{
	char command[100];
	office_close(desk->office);
	arena_free(desk->arena);
	snprintf(command, sizeof(command), "rm -rf %s", desk->dir);
	assert_int_equal(system(command), 0);
}

/* For cmocka_unit_test_setup_teardown: *state is a desk of the Commissioner's office with nothing in it. */
static inline int desk_set_up(void **state)
{
	static struct desk desk;
	desk_open(&desk, "az-commissioner");
	*state = &desk;
	return 0;
}

static inline int desk_tear_down(void **state)
{
	desk_close(*state);
	return 0;
}

/* An actor with these roles who need not be in the database. */
static inline struct actor desk_actor(struct desk *desk, int64_t id, const char *roles)
{
	struct rights *rights = arena_alloc(desk->arena, sizeof(*rights));
	assert_int_equal(rights_of(desk->office->profile, roles, rights, NULL), OK);
	return (struct actor) { .kind = ACTOR_STAFF,
		.id = id,
		.roles = roles,
		.rights = rights,
		.name = "",
		.tag = arena_printf(desk->arena, "staff:%lld", (long long)id) };
}

static inline struct actor desk_staff(struct desk *desk, const char *login, const char *roles)
{
	const struct staff_new new = {
		.login = login, .name = login, .lang = "en", .password = "long enough words", .roles = roles
	};
	int64_t id = 0;
	assert_int_equal(staff_add(desk->office, &new, "system", &id, NULL), OK);
	struct actor actor = desk_actor(desk, id, roles);
	actor.name = arena_strdup(desk->arena, login);
	return actor;
}

/* The n-th complaint, received n seconds after the fixture's start; different n, different words and names. */
static inline int64_t desk_file(struct desk *desk, int n, const char *body_name)
{
	static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
	static const char *const declarations[] = { "truth", NULL };
	struct intake in = { .channel = "web",
		.lang = LANG_UR,
		.body_key = "",
		.body_name = body_name,
		.body_country = "AZ",
		.subject = "",
		.remedy = "The wages and the passport.",
		.steps_taken = "",
		.embassy_not_told = true,
		.declarations = declarations };
	struct intake_result result;
	in.submission = arena_printf(desk->arena, "web:%d", n);
	in.facts = arena_printf(desk->arena, "Wages of four months were withheld; the contract has number C%dX.", n);
	in.person = (struct intake_party) { .role = "complainant",
		.father_name = "Karim",
		.birth_date = "1990-05-31",
		.nationality = "PK",
		.passport_no = "AB1234567",
		.phone = "+994501234567",
		.email = "a@example.org",
		.address = "Baku" };
	in.person.name = arena_printf(desk->arena, "Person %d", n);
	assert_int_equal(intake_file(desk->office, &nobody, &in, desk->now + n * 1000, &result, NULL), OK);
	return result.casefile_id;
}

/* Runs work on one case in a transaction of its own, as the given actor. */
struct desk_work {
	struct desk *desk;
	const struct actor *actor;
	int64_t id, now;
	enum err (*run)(const struct casefile_act *, struct casefile *, void *arg);
	void *arg;
};

static inline enum err desk_run_in(struct db_tx *tx, void *arg)
{
	struct desk_work *work = arg;
	const struct casefile_act act = { work->desk->office, tx, work->actor, work->now, work->desk->arena };
	struct casefile c = { 0 };
	enum err e = work->id ? casefile_load(work->desk->office, tx, work->desk->arena, work->id, &c) : OK;
	return e ? e : work->run(&act, &c, work->arg);
}

static inline enum err desk_do(struct desk *desk, const struct actor *actor, int64_t id,
    enum err (*run)(const struct casefile_act *, struct casefile *, void *), void *arg)
{
	struct desk_work work = { desk, actor, id, desk->now + 100000, run, arg };
	return db_write(desk->office->db, desk_run_in, &work);
}

#endif
