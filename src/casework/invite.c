/* Links by which a colleague sets a first password. */
#include "casework/invite.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "staff_admin.sql.h"

#include <string.h>

enum err invite_make(
    struct db_tx *tx, int64_t staff_id, const char *actor_tag, int64_t now, char ret_token[INVITE_TOKEN])
{
	uint8_t secret[24];
	char hash[SHA256_HEX], object[64];
	random_bytes(secret, sizeof(secret));
	base64url_encode(ret_token, secret, sizeof(secret));
	sha256_hex(hash, ret_token, strlen(ret_token));
	enum err e = db_run(tx, &sql_invite_drop, DB_ARGS(db_int(staff_id)));
	if (!e)
		e = db_run(tx, &sql_invite_insert,
		    DB_ARGS(db_text(hash), db_int(staff_id), db_text(actor_tag), db_int(now),
			db_int(now + INVITE_DAYS * 24 * HOUR_MS)));
	return e ? e
		 : journal_write(tx, now, actor_tag, "staff.invite", journal_object(object, "staff", staff_id), NULL);
}

/* --- the colleague's page ---------------------------------------------------------------------------------------- */

struct invite_form {
	const char *invitation, *password, *again;
};

static const struct field fields[] = {
	FIELD(struct invite_form, invitation, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Link")),
	FIELD(struct invite_form, password, FIELD_TEXT, 128, FIELD_REQUIRED | FIELD_SECRET, N_("Password")),
	FIELD(struct invite_form, again, FIELD_TEXT, 128, FIELD_REQUIRED | FIELD_SECRET, N_("Password once more")),
};

struct invite_work {
	const char *token, *password;
	int64_t now, staff_id;
	char hash[SHA256_HEX], login[64], name[4 * 150 + 1], password_hash[PASSWORD_HASH_TEXT];
	struct fault fault;
};

static enum err gone(struct fault *fault)
{
	return fault_set(fault, ERR_NOT_FOUND, NULL,
	    N_("This link is not good any more. Ask for a new one where you got it."), NULL);
}

static enum err find(struct db_tx *tx, void *arg)
{
	struct invite_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	sha256_hex(work->hash, work->token, strlen(work->token));
	work->fault = (struct fault) { 0 };
	enum err e = db_query(tx, &sql_invite_find, DB_ARGS(db_text(work->hash), db_int(work->now)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : gone(&work->fault);
	work->staff_id = db_col_int(rows, 0);
	copy_text(work->login, sizeof(work->login), db_col_text(rows, 1));
	copy_text(work->name, sizeof(work->name), db_col_text(rows, 2));
	return OK;
}

static enum err use(struct db_tx *tx, void *arg)
{
	struct invite_work *work = arg;
	char tag[64];
	enum err e = find(tx, arg);
	if (!e)
		e = db_run(tx, &sql_invite_use, DB_ARGS(db_text(work->hash), db_int(work->now)));
	return e ? e
		 : staff_write_password(tx, work->staff_id, work->password_hash,
		       journal_object(tag, "staff", work->staff_id), work->now);
}

static json_t *view_of(const struct request *rq, const struct invite_work *work)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Choose your password")));
	json_put_str(view, "invitation", work->token);
	json_put_str(view, "login_name", work->login);
	json_put_str(view, "person_name", work->name);
	return view;
}

static enum err show(struct request *rq, struct reply *rp)
{
	const char *token = request_query(rq, "key");
	struct invite_work work = { .token = token ? token : "", .now = rq->now };
	enum err e = db_read(office_of(rq)->db, find, &work);
	if (e)
		return work.fault.key ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, "office/invite", view_of(rq, &work));
}

static enum err set_password(struct request *rq, struct reply *rp)
{
	struct invite_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	enum err e = form_parse(rq, fields, ARRAY_LEN(fields), &form, &faults);
	struct invite_work work = { .token = form.invitation ? form.invitation : "", .now = rq->now };
	if (!e && staff_check_password(form.password, &fault))
		faults_add(&faults, &fault);
	else if (!e && strcmp(form.password, form.again)) {
		fault_set(&fault, ERR_INVALID, "again", N_("The two passwords differ."), NULL);
		faults_add(&faults, &fault);
	}
	if (faults.n) {
		e = db_read(office_of(rq)->db, find, &work);
		if (e)
			return work.fault.key ? reply_fault(rp, &work.fault) : e;
		return reply_form(rp, "office/invite", view_of(rq, &work), fields, ARRAY_LEN(fields), &faults);
	}
	e = password_hash(work.password_hash, form.password);
	if (!e)
		e = db_write(office_of(rq)->db, use, &work);
	if (e)
		return work.fault.key ? reply_fault(rp, &work.fault) : e;
	return reply_see_other(rp, "/login");
}

static const struct route routes[] = {
	{ METHOD_GET, "/invitation", show, 0, ROUTE_NO_STORE, 0, "Where a new colleague chooses a password." },
	{ METHOD_POST, "/invitation", set_password, 0, ROUTE_NO_STORE, 0, "Choose the first password." },
};
const struct route_table invite_routes = { routes, ARRAY_LEN(routes) };
