/* Accounts and tokens of bodies: made by officers, opened by a link, found again at every request. */
#include "casework/agency_account.h"

#include "agency_account.sql.h"
#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "text/date.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define SECRET_BYTES 24

/* --- rules ------------------------------------------------------------------------------------------------------- */

static bool login_valid(const char *login)
{
	size_t len = strlen(login);
	for (const char *p = login; *p; p++)
		if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && !strchr("._-", *p))
			return false;
	return len >= 2 && len <= 60;
}

enum err account_check(const struct account_form *form, struct fault *fault)
{
	enum lang lang;
	if (!login_valid(form->login))
		return fault_set(fault, ERR_INVALID, "login",
		    N_("A login name has 2 to 60 small Latin letters, digits, dots or hyphens."), NULL);
	if (!*form->name || utf8_length(form->name) > 150)
		return fault_set(
		    fault, ERR_INVALID, "account_name", N_("Give the person's name, at most 150 characters."), NULL);
	if (!lang_parse(form->lang, &lang))
		return fault_set(fault, ERR_INVALID, "lang", N_("Choose one of the languages az, en, ru, ur."), NULL);
	return OK;
}

/* --- accounts ---------------------------------------------------------------------------------------------------- */

static void draw(char secret[AGENCY_SECRET_TEXT], char hash[SHA256_HEX])
{
	uint8_t bytes[SECRET_BYTES];
	random_bytes(bytes, sizeof(bytes));
	base64url_encode(secret, bytes, sizeof(bytes));
	sha256_hex(hash, secret, strlen(secret));
}

static enum err journal(
    const struct casefile_act *act, const char *name, const char *kind, int64_t id, const char *body_key)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "body", body_key);
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, kind, id), payload);
}

static enum err login_free(const struct casefile_act *act, const char *login, struct fault *fault)
{
	int64_t taken;
	enum err e = db_get_int(act->tx, &sql_account_login_taken, DB_ARGS(db_text(login)), &taken);
	if (e == ERR_NOT_FOUND)
		e = db_get_int(act->tx, &sql_account_by_login, DB_ARGS(db_text(login)), &taken);
	if (e == ERR_NOT_FOUND)
		return OK;
	return e ? e
		 : fault_set(
		       fault, ERR_CONFLICT, "login", N_("The login name “{login}” is taken."), "login", login, NULL);
}

/* Not one that became part of another: the account would stand on a page that nobody opens. */
static enum err require_live(const struct casefile_act *act, const char *key, struct fault *fault)
{
	const struct registry *bodies;
	const struct body *body;
	enum err e = registry_seed(act->tx, act->office, act->now);
	if (!e)
		e = body_require(act, key, &bodies, &body, fault);
	if (!e && *body->merged_into)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("This body has become part of another one. Undo that before you change it."), NULL);
	return e;
}

enum err agency_account_add(const struct casefile_act *act, const char *body_key, const struct account_form *form,
    int64_t *ret_id, char secret[AGENCY_SECRET_TEXT], struct fault *fault)
{
	char hash[SHA256_HEX];
	int64_t id;
	enum err e = require_live(act, body_key, fault);
	if (!e)
		e = account_check(form, fault);
	if (!e)
		e = login_free(act, form->login, fault);
	if (e)
		return e;
	draw(secret, hash);
	e = db_get_int(act->tx, &sql_account_insert,
	    DB_ARGS(db_text(body_key), db_int(form->below), db_text(form->login), db_text(form->name),
		db_text(form->post), db_text(form->lang), db_text(hash), db_int(act->now + AGENCY_LINK_DAYS * DAY_MS),
		db_int(act->now), db_text(act->actor->tag)),
	    &id);
	if (!e)
		e = journal(act, "agency.account_add", "agency", id, body_key);
	if (!e)
		*ret_id = id;
	return e;
}

static enum err gone(struct fault *fault)
{
	return fault_set(fault, ERR_NOT_FOUND, NULL, N_("This account is closed."), NULL);
}

enum err agency_account_link(const struct casefile_act *act, const char *body_key, int64_t id,
    char secret[AGENCY_SECRET_TEXT], struct fault *fault)
{
	char hash[SHA256_HEX];
	int64_t changed = 0;
	draw(secret, hash);
	enum err e = db_run_count(act->tx, &sql_account_set_link,
	    DB_ARGS(db_int(id), db_text(body_key), db_text(hash), db_int(act->now + AGENCY_LINK_DAYS * DAY_MS)),
	    &changed);
	if (!e && !changed)
		return gone(fault);
	if (!e)
		e = db_run(act->tx, &sql_account_end_sessions, DB_ARGS(db_int(id)));
	return e ? e : journal(act, "agency.account_link", "agency", id, body_key);
}

enum err agency_account_close(const struct casefile_act *act, const char *body_key, int64_t id, struct fault *fault)
{
	int64_t changed = 0;
	enum err e = db_run_count(act->tx, &sql_account_close, DB_ARGS(db_int(id), db_text(body_key)), &changed);
	if (!e && !changed)
		return gone(fault);
	if (!e)
		e = db_run(act->tx, &sql_account_end_sessions, DB_ARGS(db_int(id)));
	return e ? e : journal(act, "agency.account_close", "agency", id, body_key);
}

enum err agency_account_list(const struct casefile_act *act, enum lang lang, const char *body_key, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *zone = act->office->profile->calendar.zone;
	enum err e = db_query(act->tx, &sql_account_of_body, DB_ARGS(db_text(body_key)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows)) {
		int64_t seen = db_col_int(rows, 7);
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "account_login", db_col_text(rows, 1));
		json_put_str(one, "person", db_col_text(rows, 2));
		json_put_str(one, "post", db_col_text(rows, 3));
		json_put_bool(one, "below", db_col_int(rows, 4) != 0);
		json_put_bool(one, "active", db_col_int(rows, 5) != 0);
		json_put_bool(one, "waiting", !*db_col_text(rows, 6));
		json_put_str(one, "seen", seen ? date_time_long(act->arena, lang, zone, seen) : NULL);
		json_add(list, one);
	}
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}

/* --- the link ---------------------------------------------------------------------------------------------------- */

enum err agency_link_find(struct db_tx *tx, const char *secret, int64_t now, int64_t *ret_id)
{
	char hash[SHA256_HEX];
	sha256_hex(hash, secret, strlen(secret));
	return db_get_int(tx, &sql_account_by_link, DB_ARGS(db_text(hash), db_int(now)), ret_id);
}

enum err agency_link_use(
    struct db_tx *tx, const char *secret, const char *password_hash, int64_t now, struct fault *fault)
{
	char object[64];
	int64_t id;
	enum err e = agency_link_find(tx, secret, now, &id);
	if (e == ERR_NOT_FOUND)
		return fault_set(fault, ERR_NOT_FOUND, NULL,
		    N_("This link was used before or is too old. Ask the office for a new one."), NULL);
	if (!e)
		e = db_run(tx, &sql_account_set_password, DB_ARGS(db_int(id), db_text(password_hash)));
	if (!e)
		e = db_run(tx, &sql_account_end_sessions, DB_ARGS(db_int(id)));
	return e ? e : journal_write(tx, now, journal_object(object, "agency", id), "agency.password", object, NULL);
}

/* --- tokens ------------------------------------------------------------------------------------------------------ */

enum err agency_token_add(const struct casefile_act *act, const char *body_key, const char *label, bool below,
    int64_t *ret_id, char secret[AGENCY_SECRET_TEXT], struct fault *fault)
{
	char hash[SHA256_HEX];
	int64_t id;
	enum err e = require_live(act, body_key, fault);
	if (!e && (!*label || utf8_length(label) > 100))
		return fault_set(
		    fault, ERR_INVALID, "token_label", N_("Give the token a label of at most 100 characters."), NULL);
	if (e)
		return e;
	draw(secret, hash);
	e = db_get_int(act->tx, &sql_body_token_insert,
	    DB_ARGS(db_text(hash), db_text(body_key), db_int(below), db_text(label), db_int(act->now),
		db_text(act->actor->tag)),
	    &id);
	if (!e)
		e = journal(act, "agency.token_add", "agency_program", id, body_key);
	if (!e)
		*ret_id = id;
	return e;
}

enum err agency_token_revoke(const struct casefile_act *act, const char *body_key, int64_t id, struct fault *fault)
{
	int64_t changed = 0;
	enum err e = db_run_count(
	    act->tx, &sql_body_token_revoke, DB_ARGS(db_int(id), db_text(body_key), db_int(act->now)), &changed);
	if (!e && !changed)
		return fault_set(
		    fault, ERR_NOT_FOUND, "id", N_("There is no such token, or it was revoked before."), NULL);
	return e ? e : journal(act, "agency.token_revoke", "agency_program", id, body_key);
}

enum err agency_token_list(const struct casefile_act *act, enum lang lang, const char *body_key, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *zone = act->office->profile->calendar.zone;
	enum err e = db_query(act->tx, &sql_body_token_of_body, DB_ARGS(db_text(body_key)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows)) {
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "token_name", db_col_text(rows, 1));
		json_put_bool(one, "below", db_col_int(rows, 2) != 0);
		json_put_bool(one, "revoked", !db_col_null(rows, 3));
		json_put_str(one, "created", date_long(act->arena, lang, zone, db_col_int(rows, 4)));
		json_add(list, one);
	}
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
