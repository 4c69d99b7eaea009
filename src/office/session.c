/* Who asks: staff by password and cookie, persons by number and code, programs by bearer token. */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "office/office.h"
#include "staff.sql.h"
#include "substitution.sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOKEN_BYTES 24
#define STAFF_SESSION_MS (12 * HOUR_MS)
#define PERSON_SESSION_MS (2 * HOUR_MS)
#define PERSON_IDLE_MS (30 * MINUTE_MS) /* a borrowed phone */
#define TOUCH_MS MINUTE_MS              /* a click within a minute of the last one writes nothing */

static const struct login_source *others; /* NULL: only officers */

void office_login_plug(const struct login_source *source)
{
	others = source;
}

const struct login_source *office_login_plugged(void)
{
	return others;
}

struct session_work {
	char id[SHA256_HEX];
	const char *kind;
	int64_t subject, now, expires;
	const char *actor, *act, *object;
};

static enum err open_session(struct db_tx *tx, void *arg)
{
	const struct session_work *work = arg;
	enum err e = db_run(tx, &sql_session_insert,
	    DB_ARGS(db_text(work->id), db_text(work->kind), db_int(work->subject), db_int(work->now),
		db_int(work->expires)));
	if (!e && others && !strcmp(work->kind, others->kind))
		e = others->came(tx, work->subject, work->now);
	return e ? e : journal_write(tx, work->now, work->actor, work->act, work->object, NULL);
}

/* The cookie holds the secret, the database its digest: who reads the database cannot log in. */
static enum err begin(
    struct request *rq, struct reply *rp, const char *cookie, struct session_work *work, int64_t length)
{
	uint8_t secret[TOKEN_BYTES];
	char text[64];
	random_bytes(secret, sizeof(secret));
	base64url_encode(text, secret, sizeof(secret));
	sha256_hex(work->id, text, strlen(text));
	work->now = rq->now;
	work->expires = rq->now + length;
	enum err e = db_write(office_of(rq)->db, open_session, work);
	if (!e)
		reply_cookie(rp, cookie, text, 0);
	return e;
}

struct login_work {
	const char *login;
	int64_t id;
	const char *kind; /* "staff", or that of others */
	bool active;
	char hash[PASSWORD_HASH_TEXT];
};

static enum err find_login(struct db_tx *tx, void *arg)
{
	struct login_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_staff_by_login, DB_ARGS(db_text(work->login)), &rows);
	work->kind = "staff";
	if (e)
		return e;
	if (!db_next(rows)) {
		e = db_rows_error(rows);
		if (!e && others)
			e = others->find(tx, work->login, &work->id, &work->active, work->hash);
		if (!e && work->id)
			work->kind = others->kind;
		return e;
	}
	work->id = db_col_int(rows, 0);
	work->active = db_col_int(rows, 5);
	copy_text(work->hash, sizeof(work->hash), db_col_text(rows, 6));
	return OK;
}

struct failed_work {
	const char *object;
	int64_t now;
};

static enum err write_failed(struct db_tx *tx, void *arg)
{
	const struct failed_work *work = arg;
	return journal_write(tx, work->now, "nobody", "staff.login_failed", work->object, NULL);
}

static enum err refuse_login(struct request *rq, const struct login_work *work, struct fault *fault)
{
	struct office *office = office_of(rq);
	char object[64];
	throttle_fail(office->throttle, "login", work->login, rq->now);
	throttle_fail_address(office->throttle, "login-ip", rq->ip, rq->now);
	/* staff:0 where nobody has the name: a durable write takes as long as all the rest, and would tell (trap 17).
	 */
	struct failed_work failed = { journal_object(object, work->kind, work->id), rq->now };
	if (db_write(office->db, write_failed, &failed))
		return ERR_STORE;
	/* One sentence for an unknown name, a wrong password and a closed account. */
	return fault_set(fault, ERR_INVALID, "login", N_("The login name or the password is not right."), NULL);
}

enum err session_login(
    struct request *rq, struct reply *rp, const char *login, const char *password, struct fault *fault)
{
	struct office *office = office_of(rq);
	struct login_work work = { .login = login };
	enum err e = throttle_ask(office->throttle, "login", login, rq->now, fault);
	if (!e)
		e = throttle_ask_address(office->throttle, "login-ip", rq->ip, rq->now, fault);
	if (!e)
		e = db_read(office->db, find_login, &work);
	if (e)
		return e;
	/* An unknown name costs the same Argon2id as a known one (trap 17). */
	bool right = password_verify(work.id && *work.hash ? work.hash : NULL, password);
	if (!right || !work.active)
		return refuse_login(rq, &work, fault);
	throttle_clear(office->throttle, "login", login);
	char object[64], act[40];
	journal_object(object, work.kind, work.id);
	snprintf(act, sizeof(act), "%s.login", work.kind);
	struct session_work session = {
		.kind = work.kind, .subject = work.id, .actor = object, .act = act, .object = object
	};
	return begin(rq, rp, SESSION_COOKIE, &session, STAFF_SESSION_MS);
}

enum err session_open_person(struct request *rq, struct reply *rp, int64_t casefile_id)
{
	char actor[64], object[64];
	snprintf(actor, sizeof(actor), "person:%" PRId64, casefile_id);
	journal_object(object, "casefile", casefile_id);
	struct session_work session = {
		.kind = "person", .subject = casefile_id, .actor = actor, .act = "casefile.follow", .object = object
	};
	return begin(rq, rp, PERSON_COOKIE, &session, PERSON_SESSION_MS);
}

static enum err close_session(struct db_tx *tx, void *arg)
{
	const struct request *rq = arg;
	const struct actor *actor = actor_of(rq);
	char object[64];
	const char *kind = actor->kind == ACTOR_STAFF    ? "staff"
			   : actor->kind == ACTOR_AGENCY ? others->kind
							 : "casefile";
	char act[40];
	snprintf(act, sizeof(act), "%s.%s", kind, actor->kind == ACTOR_PERSON ? "leave" : "logout");
	enum err e = db_run(tx, &sql_session_delete, DB_ARGS(db_text(actor->session)));
	return e ? e : journal_write(tx, rq->now, actor->tag, act, journal_object(object, kind, actor->id), NULL);
}

enum err session_act_for(struct db_tx *tx, const struct actor *actor, int64_t now, int64_t substitution_id)
{
	char object[64];
	if (!actor->session)
		return ERR_DENIED;
	enum err e =
	    db_run(tx, &sql_session_act_for, DB_ARGS(db_text(actor->session), db_int_or_null(substitution_id)));
	return e ? e
		 : journal_write(tx, now, actor->tag, substitution_id ? "staff.act_for" : "staff.act_own",
		       journal_object(object, "substitution", substitution_id), NULL);
}

enum err session_end(struct request *rq, struct reply *rp)
{
	const struct actor *actor = actor_of(rq);
	if (!actor || !actor->session)
		return OK;
	reply_cookie(rp, actor->kind == ACTOR_PERSON ? PERSON_COOKIE : SESSION_COOKIE, "", -1);
	return db_write(office_of(rq)->db, close_session, rq);
}

/* --- the authenticator ------------------------------------------------------------------------------------------- */

struct find_work {
	struct request *rq;
	char id[SHA256_HEX];
	struct actor *actor; /* out; NULL when there is no such session */
	int64_t seen_at;
};

/* A role that the profile lost gives nothing; the others hold. */
static void give_rights(struct request *rq, struct actor *actor, const char *roles)
{
	char known[256];
	struct rights *rights = arena_alloc(rq->arena, sizeof(*rights));
	roles_format(office_of(rq)->profile, roles, known);
	if (*known && rights_of(office_of(rq)->profile, known, rights, NULL) == OK)
		actor->rights = rights;
	actor->roles = arena_strdup(rq->arena, known);
}

/* "Leyla for Kamran": the language is the office's, for the chronology keeps it. */
static void take_name(struct request *rq, struct actor *actor, const char *in_name_of)
{
	actor->in_name_of = in_name_of;
	actor->own_name = actor->name;
	actor->name = text_format(rq->arena, office_of(rq)->profile->language, N_("{name} for {other}"), "name",
	    actor->name, "other", in_name_of, NULL);
}

static void take_unit(struct request *rq, struct actor *actor, const char *unit)
{
	actor->unit = unit;
	actor->units = profile_units_within(office_of(rq)->profile, rq->arena, unit);
}

/* An acting head has the post's rights in its unit beside the own. */
static void take_post(struct request *rq, struct actor *actor, const char *role, const char *unit)
{
	const struct profile *profile = office_of(rq)->profile;
	const char *name = role;
	for (size_t i = 0; i < profile->roles; i++)
		if (!strcmp(profile->role[i].key, role))
			name = names_in(&profile->role[i].name, profile->language);
	give_rights(rq, actor, arena_printf(rq->arena, "%s %s", actor->roles, role));
	if (*unit)
		take_unit(rq, actor, arena_strdup(rq->arena, unit));
	take_name(rq, actor, arena_strdup(rq->arena, name));
}

/* The join found the substitution only if it holds at this moment: one that ended, ended here too, with this request.
 */
static void take_substitution(struct request *rq, struct actor *actor, const struct db_rows *rows)
{
	const char *role = db_col_text(rows, 10);
	bool person = db_col_int(rows, 9) != 0;
	if (!db_col_int(rows, 8) || (person && !db_col_int(rows, 16)))
		return;
	actor->acts_for = db_col_int(rows, 8);
	actor->stands_for = db_col_int(rows, 9);
	if (person && !*role) {
		if (!strcmp(db_col_text(rows, 12), "all")) {
			give_rights(rq, actor, arena_printf(rq->arena, "%s %s", actor->roles, db_col_text(rows, 14)));
			take_unit(rq, actor, arena_strdup(rq->arena, db_col_text(rows, 15)));
		}
		take_name(rq, actor, arena_strdup(rq->arena, db_col_text(rows, 13)));
	} else
		take_post(rq, actor, role, db_col_text(rows, 11));
	if (person)
		actor->tag = arena_printf(rq->arena, "staff:%" PRId64 "/%" PRId64, actor->id, actor->stands_for);
}

static enum err find_staff_session(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	struct request *rq = work->rq;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_session_staff, DB_ARGS(db_text(work->id), db_int(rq->now)), &rows);
	work->actor = NULL;
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	work->seen_at = db_col_int(rows, 0);
	int64_t idle = office_of(rq)->config.session_minutes * MINUTE_MS;
	bool active = db_col_int(rows, 5);
	if (!active || rq->now >= db_col_int(rows, 1) || rq->now >= work->seen_at + idle)
		return OK;
	struct actor *actor = arena_alloc(rq->arena, sizeof(*actor));
	actor->kind = ACTOR_STAFF;
	actor->id = db_col_int(rows, 2);
	actor->name = arena_strdup(rq->arena, db_col_text(rows, 3));
	give_rights(rq, actor, db_col_text(rows, 4));
	actor->unit = arena_strdup(rq->arena, db_col_text(rows, 7));
	actor->units = profile_units_within(office_of(rq)->profile, rq->arena, actor->unit);
	actor->tag = arena_printf(rq->arena, "staff:%" PRId64, actor->id);
	actor->session = arena_strdup(rq->arena, work->id);
	take_substitution(rq, actor, rows);
	work->actor = actor;
	return OK;
}

static enum err find_other_session(struct db_tx *tx, struct find_work *work)
{
	struct request *rq = work->rq;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct actor *actor = NULL;
	enum err e = db_query(tx, &sql_session_by_id, DB_ARGS(db_text(work->id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	work->seen_at = db_col_int(rows, 2);
	int64_t idle = office_of(rq)->config.session_minutes * MINUTE_MS;
	if (strcmp(db_col_text(rows, 0), others->kind) != 0 || rq->now >= db_col_int(rows, 3) ||
	    rq->now >= work->seen_at + idle)
		return OK;
	e = others->actor(tx, rq->arena, db_col_int(rows, 1), &actor);
	if (!e && actor)
		actor->session = arena_strdup(rq->arena, work->id);
	work->actor = actor;
	return e;
}

/* Officers and focal persons have one door and one cookie; which of them a page is for, its route says. */
static enum err find_desk_session(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	unsigned who = work->rq->route->who ? work->rq->route->who : WHO_STAFF | WHO_AGENCY;
	work->actor = NULL;
	enum err e = who & WHO_STAFF ? find_staff_session(tx, work) : OK;
	if (!e && !work->actor && (who & WHO_AGENCY) && others)
		e = find_other_session(tx, work);
	return e;
}

static enum err find_person_session(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	struct request *rq = work->rq;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_session_by_id, DB_ARGS(db_text(work->id)), &rows);
	work->actor = NULL;
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	work->seen_at = db_col_int(rows, 2);
	if (strcmp(db_col_text(rows, 0), "person") || rq->now >= db_col_int(rows, 3) ||
	    rq->now >= work->seen_at + PERSON_IDLE_MS)
		return OK;
	struct actor *actor = arena_alloc(rq->arena, sizeof(*actor));
	actor->kind = ACTOR_PERSON;
	actor->id = db_col_int(rows, 1);
	actor->name = "";
	actor->tag = arena_printf(rq->arena, "person:%" PRId64, actor->id);
	actor->session = arena_strdup(rq->arena, work->id);
	work->actor = actor;
	return OK;
}

static enum err touch(struct db_tx *tx, void *arg)
{
	const struct find_work *work = arg;
	return db_run(tx, &sql_session_touch, DB_ARGS(db_text(work->id), db_int(work->rq->now)));
}

static enum err by_cookie(struct request *rq, const char *name, db_work *find)
{
	const char *cookie = request_cookie(rq, name);
	if (!cookie || !*cookie)
		return OK;
	struct find_work work = { .rq = rq };
	sha256_hex(work.id, cookie, strlen(cookie));
	enum err e = db_read(office_of(rq)->db, find, &work);
	if (!e && work.actor && rq->now - work.seen_at > TOUCH_MS)
		e = db_write(office_of(rq)->db, touch, &work);
	if (!e)
		rq->actor = work.actor;
	return e;
}

static enum err find_token(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	struct request *rq = work->rq;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_token_by_hash, DB_ARGS(db_text(work->id)), &rows);
	work->actor = NULL;
	if (e)
		return e;
	if (!db_next(rows)) {
		e = db_rows_error(rows);
		return e || !others ? e : others->token(tx, rq->arena, work->id, &work->actor);
	}
	struct actor *actor = arena_alloc(rq->arena, sizeof(*actor));
	actor->kind = ACTOR_PROGRAM;
	actor->id = db_col_int(rows, 0);
	actor->name = arena_strdup(rq->arena, db_col_text(rows, 1));
	actor->tag = arena_printf(rq->arena, "program:%" PRId64, actor->id);
	give_rights(rq, actor, db_col_text(rows, 2));
	work->actor = actor;
	return OK;
}

/* A program never authenticates by cookie: a browser could be made to send one. */
static enum err by_bearer(struct request *rq)
{
	const char *header = request_header(rq, "Authorization");
	if (!header)
		return OK;
	struct find_work work = { .rq = rq };
	if (!strncasecmp(header, "Bearer ", 7)) {
		sha256_hex(work.id, header + 7, strlen(header + 7));
		enum err e = db_read(office_of(rq)->db, find_token, &work);
		if (e)
			return e;
	}
	rq->actor = work.actor;
	return work.actor ? OK : ERR_LOGIN;
}

enum err office_authenticate(struct request *rq)
{
	static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
	unsigned who = rq->route->who;
	enum err e = OK;
	rq->actor = NULL;
	if (rq->api) {
		e = by_bearer(rq);
	} else if (who & WHO_PERSON) {
		rq->login_path = "/track";
		e = by_cookie(rq, PERSON_COOKIE, find_person_session);
	} else
		e = by_cookie(rq, SESSION_COOKIE, find_desk_session);
	if (e)
		return e;
	if (!rq->actor)
		rq->actor = (void *)(uintptr_t)&nobody;
	enum actor_kind kind = actor_of(rq)->kind;
	if (who && kind == ACTOR_NOBODY)
		return ERR_LOGIN;
	/* A body's program at an officer's door, or an officer's at a body's. */
	return who && (kind == ACTOR_AGENCY) != !!(who & WHO_AGENCY) && !(who & WHO_STAFF) ? ERR_DENIED : OK;
}

/* --- tokens of programs ------------------------------------------------------------------------------------------ */

struct token_work {
	const char *label;
	char hash[SHA256_HEX], roles[256];
	int64_t id, now, changed;
};

static enum err insert_token(struct db_tx *tx, void *arg)
{
	struct token_work *work = arg;
	char object[64];
	enum err e = db_get_int(tx, &sql_token_insert,
	    DB_ARGS(db_text(work->hash), db_text(work->label), db_text(work->roles), db_int(work->now)), &work->id);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "label", work->label);
	json_put_str(payload, "roles", work->roles);
	return journal_write(
	    tx, work->now, "system", "token.add", journal_object(object, "program", work->id), payload);
}

enum err token_add(
    struct office *office, const char *label, const char *roles, int64_t *ret_id, char **ret_token, struct fault *fault)
{
	struct token_work work = { .label = label, .now = now_ms() };
	struct rights rights;
	uint8_t secret[TOKEN_BYTES];
	char text[64];
	if (!*label || utf8_length(label) > 100)
		return fault_set(
		    fault, ERR_INVALID, "label", N_("Give the token a label of at most 100 characters."), NULL);
	enum err e = rights_of(office->profile, roles, &rights, fault);
	if (e)
		return e;
	random_bytes(secret, sizeof(secret));
	base64url_encode(text, secret, sizeof(secret));
	sha256_hex(work.hash, text, strlen(text));
	roles_format(office->profile, roles, work.roles);
	e = db_write(office->db, insert_token, &work);
	if (e)
		return e;
	char *token = strdup(text);
	if (!token)
		return ERR_MEMORY;
	*ret_id = work.id;
	*ret_token = token;
	return OK;
}

enum err token_all(struct db_tx *tx, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_token_all, DB_NO_ARGS, &rows);
	json_t *list = json_array();
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "label", db_col_text(rows, 1));
		json_put_str(one, "roles", db_col_text(rows, 2));
		json_put_int(one, "created_at", db_col_int(rows, 3));
		if (db_col_int(rows, 4))
			json_put_int(one, "revoked_at", db_col_int(rows, 4));
		json_add(list, one);
	}
	if (!e)
		e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}

static enum err revoke(struct db_tx *tx, void *arg)
{
	struct token_work *work = arg;
	char object[64];
	enum err e = db_run_count(tx, &sql_token_revoke, DB_ARGS(db_int(work->id), db_int(work->now)), &work->changed);
	if (e || work->changed == 0)
		return e ? e : ERR_NOT_FOUND;
	return journal_write(
	    tx, work->now, "system", "token.revoke", journal_object(object, "program", work->id), NULL);
}

enum err token_revoke(struct office *office, int64_t id, struct fault *fault)
{
	struct token_work work = { .id = id, .now = now_ms() };
	enum err e = db_write(office->db, revoke, &work);
	if (e == ERR_NOT_FOUND)
		return fault_set(fault, e, "id", N_("There is no such token, or it was revoked before."), NULL);
	return e;
}
