/*
 * A server around an office that a unit test has opened (its own port, small limits, English), and browsers that are
 * logged in without a login:
 *
 *     server = serve_office(office, "127.0.0.1:0", dir, tables, table_count);
 *     char *headers = serve_session(office, arena, "staff", id), *csrf = serve_csrf(arena);
 */
#ifndef SULH_TESTS_SERVE_H
#define SULH_TESTS_SERVE_H

#include "base/clockwork.h"
#include "base/id.h"
#include "crypto/crypto.h"
#include "http/http.h"
#include "office/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#define SERVE_SEED "CQkJCQkJCQkJCQkJCQkJCQ" /* of every browser's form token: the cookie sulh_seed */

static const uint8_t serve_secret[32] = { 7 };

static inline struct server *serve_office(
    struct office *office, const char *listen, const char *spool, const struct route_table *tables, size_t table_count)
{
	const struct server_options o = { .listen = listen,
		.workers = 4,
		.upload_limit = 1 << 20,
		.body_limit = 1 << 20,
		.files_limit = 4,
		.spool = spool,
		.secret = serve_secret,
		.default_lang = LANG_EN,
		.tables = tables,
		.table_count = table_count,
		.app = office,
		.authenticate = office_authenticate,
		.frame = office_frame,
		.login_path = "/login" };
	struct server *server = NULL;
	assert_int_equal(server_start(&o, &server, NULL), OK);
	return server;
}

struct serve_session {
	const char *kind, *cookie;
	int64_t subject;
};

static inline enum err serve_add_session(struct db_tx *tx, void *arg)
{
#define SERVE_ADD_SESSION                                                                                              \
	"INSERT INTO session (id, kind, subject, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)"
	static const struct db_sql sql = { "serve_session", { SERVE_ADD_SESSION, SERVE_ADD_SESSION } };
	const struct serve_session *s = arg;
	char id[65];
	int64_t now = now_ms();
	sha256_hex(id, s->cookie, strlen(s->cookie));
	return db_run(
	    tx, &sql, DB_ARGS(db_text(id), db_text(s->kind), db_int(s->subject), db_int(now), db_int(now + 3600000)));
}

/* The request headers of a browser logged in as this member of the staff ("staff") or account of a body ("agency"). */
static inline char *serve_session(struct office *office, struct arena *arena, const char *kind, int64_t subject)
{
	struct serve_session s = { kind, arena_printf(arena, "cookie-%s-%lld", kind, (long long)subject), subject };
	assert_int_equal(db_write(office->db, serve_add_session, &s), OK);
	return arena_printf(arena, "Cookie: " SESSION_COOKIE "=%s; sulh_seed=" SERVE_SEED "\r\n", s.cookie);
}

/* The token that the forms of such a browser carry (http/csrf.c). */
static inline char *serve_csrf(struct arena *arena)
{
	static const char label[] = "csrf" SERVE_SEED;
	uint8_t mac[32];
	char text[64];
	hmac_sha256(mac, serve_secret, label, strlen(label));
	base64url_encode(text, mac, sizeof(mac));
	return arena_strdup(arena, text);
}

#endif
