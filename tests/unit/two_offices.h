/*
 * Two whole offices in one process, each with its own directory, keys, database and a server on loopback, for tests of
 * what happens between them. Messages travel over real HTTP, but only when the test says so:
 *
 *     struct two_offices t;
 *     two_open(&t);                  pk-wafaqi-mohtasib is t.at[0], az-commissioner t.at[1]
 *     two_pair(&t);                  both have confirmed the other
 *     ...                            acts inside db_write(t.at[0].office->db, …)
 *     two_exchange(&t);              both outboxes and transfers until nothing moves any more
 *     two_send(&t, 0);               only what office 0 has in its queue: for acts that cross
 *     two_close(&t);
 *
 * Time is the wall clock: what must lie in the past or in the future is said in dates.
 */
#ifndef SULH_TEST_TWO_OFFICES_H
#define SULH_TEST_TWO_OFFICES_H

#include "../lib/serve.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/util.h"
#include "casework/casefile.h"
#include "cooperation/exchange.h"
#include "cooperation/net.h"
#include "cooperation/partner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_office {
	struct office *office;
	struct server *server;
	char dir[128], url[64];
	int64_t partner; /* the other one's id here */
};

struct two_offices {
	struct test_office at[2];
};

static struct rights two_rights; /* filled when the offices are open */
static const struct actor two_head = { .kind = ACTOR_STAFF,
	.rights = &two_rights,
	.id = 1,
	.roles = "commissioner liaison",
	.name = "Head",
	.tag = "staff:1" };

static inline size_t two_migrations(struct db_migration list[32])
{
	size_t n = 0;
	for (size_t i = 0; i < office_migration_count; i++)
		list[n++] = *office_migrations[i];
	for (size_t i = 0; i < casework_migration_count; i++)
		list[n++] = *casework_migrations[i];
	for (size_t i = 0; i < cooperation_migration_count; i++)
		list[n++] = *cooperation_migrations[i];
	return n;
}

/* The server may start before the address is known: the office is told afterwards. */
static inline void two_serve(struct test_office *t)
{
	const struct route_table tables[] = { exchange_routes };
	struct fault fault = { 0 };
	const char *listen = t->url[0] ? t->url + strlen("http://") : "127.0.0.1:0";
	t->server = serve_office(t->office, listen, t->dir, tables, ARRAY_LEN(tables));
	snprintf(t->url, sizeof(t->url), "http://127.0.0.1:%d", server_port(t->server));
	assert_int_equal(config_set(&t->office->config, "public_url", t->url, &fault), OK);
}

static inline void two_open_one(struct test_office *t, const char *profile)
{
	struct db_migration list[32];
	size_t n = two_migrations(list);
	struct fault fault = { 0 };
	char words[400];
	snprintf(t->dir, sizeof(t->dir), "/tmp/sulh-test-XXXXXX");
	assert_non_null(mkdtemp(t->dir));
	const struct office_create create = { .dir = t->dir, .profile = profile, .listen = "127.0.0.1:1" };
	enum err e = office_create(&create, list, n, &fault);
	if (!e)
		e = office_open(t->dir, list, n, &t->office, &fault);
	if (e)
		fail_msg("%s", fault_english(&fault, words, sizeof(words)));
	assert_int_equal(rights_of(t->office->profile, two_head.roles, &two_rights, NULL), OK);
	two_serve(t);
}

static inline void two_open(struct two_offices *t)
{
	memset(t, 0, sizeof(*t));
	text_init();
	net_init();
	log_set_level(LOG_ERROR);
	assert_int_equal(templates_load(NULL, NULL), OK);
	two_open_one(&t->at[0], "pk-wafaqi-mohtasib");
	two_open_one(&t->at[1], "az-commissioner");
}

static inline void two_close(struct two_offices *t)
{
	char command[200];
	for (int i = 0; i < 2; i++) {
		if (t->at[i].server)
			server_stop(t->at[i].server);
		office_close(t->at[i].office);
		snprintf(command, sizeof(command), "rm -rf %s", t->at[i].dir);
		assert_int_equal(system(command), 0);
	}
}

/* A partner that does not answer for a while, and comes back at the same address. */
static inline void two_down(struct two_offices *t, int i)
{
	server_stop(t->at[i].server);
	t->at[i].server = NULL;
}
static inline void two_up(struct two_offices *t, int i)
{
	two_serve(&t->at[i]);
}

struct two_confirm_work {
	struct office *office;
	int64_t id;
	const char *fingerprint;
};

static inline enum err two_confirm_in(struct db_tx *tx, void *arg)
{
	struct two_confirm_work *work = arg;
	struct arena *arena = arena_new(0);
	struct partner p;
	const struct casefile_act act = { work->office, tx, &two_head, now_ms(), arena };
	enum err e = partner_load(tx, arena, work->id, &p);
	if (!e)
		e = partner_confirm(&act, work->id, p.fingerprint, NULL);
	arena_free(arena);
	return e;
}

static inline void two_see(struct two_offices *t, int i)
{
	struct arena *arena = arena_new(0);
	struct fault fault = { 0 };
	const struct casefile_act act = { t->at[i].office, NULL, &two_head, now_ms(), arena };
	assert_int_equal(partner_see(&act, t->at[1 - i].url, &t->at[i].partner, &fault), OK);
	arena_free(arena);
}

static inline void two_confirm(struct two_offices *t, int i)
{
	struct two_confirm_work work = { t->at[i].office, t->at[i].partner, NULL };
	assert_int_equal(db_write(t->at[i].office->db, two_confirm_in, &work), OK);
}

static inline void two_pair(struct two_offices *t)
{
	for (int i = 0; i < 2; i++) {
		two_see(t, i);
		two_confirm(t, i);
	}
}

static inline void two_send(struct two_offices *t, int i)
{
	assert_int_equal(outbox_run(t->at[i].office, now_ms()), OK);
	assert_int_equal(transfer_run(t->at[i].office, now_ms()), OK);
}

/* A message may make the other side write one, and that the first again: three rounds are more than any does. */
static inline void two_exchange(struct two_offices *t)
{
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 2; i++)
			two_send(t, i);
}

#endif
