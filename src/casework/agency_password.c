/* A focal person's own password: changed by whoever knows the present one; every other session ends with it. */
#include "casework/agency_account.h"

#include "agency_account.sql.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"

#include <string.h>

struct password_form {
	const char *present, *password, *again;
};
static const struct field fields[] = {
	FIELD(struct password_form, present, FIELD_TEXT, PASSWORD_MAX, FIELD_REQUIRED | FIELD_SECRET,
	    N_("Present password")),
	FIELD(struct password_form, password, FIELD_TEXT, PASSWORD_MAX, FIELD_REQUIRED | FIELD_SECRET,
	    N_("New password")),
	FIELD(struct password_form, again, FIELD_TEXT, PASSWORD_MAX, FIELD_REQUIRED | FIELD_SECRET,
	    N_("The same password again")),
};

struct work {
	struct request *rq;
	char now[PASSWORD_HASH_TEXT], then[PASSWORD_HASH_TEXT];
};

static enum err load_present(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_account_password, DB_ARGS(db_int(actor_of(work->rq)->id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	copy_text(work->now, sizeof(work->now), db_col_text(rows, 0));
	return OK;
}

static enum err save(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	const struct actor *actor = actor_of(work->rq);
	enum err e = db_run(tx, &sql_account_set_password, DB_ARGS(db_int(actor->id), db_text(work->then)));
	if (!e)
		e = db_run(tx, &sql_account_end_sessions, DB_ARGS(db_int(actor->id)));
	return e ? e : journal_write(tx, work->rq->now, actor->tag, "agency.password", actor->tag, NULL);
}

static json_t *view_of(const struct request *rq)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Change your password")));
	json_put_str(view, "password_min", arena_printf(rq->arena, "%d", PASSWORD_MIN));
	return view;
}

static enum err password_show(struct request *rq, struct reply *rp)
{
	return reply_view(rp, "agency/password", view_of(rq));
}

static enum err check_present(struct request *rq, struct work *work, const char *present, struct fault *fault)
{
	struct office *office = office_of(rq);
	enum err e = throttle_ask(office->throttle, "agency-password", actor_of(rq)->tag, rq->now, fault);
	if (!e)
		e = db_read(office->db, load_present, work);
	if (e || password_verify(work->now, present))
		return e;
	throttle_fail(office->throttle, "agency-password", actor_of(rq)->tag, rq->now);
	return fault_set(fault, ERR_INVALID, "present", N_("The present password is not right."), NULL);
}

static void check_new(const struct password_form *form, struct faults *faults)
{
	struct fault fault = { 0 };
	if (utf8_length(form->password) < PASSWORD_MIN)
		fault_set(&fault, ERR_INVALID, "password", N_("A password has at least {min} characters."), "min", "12",
		    NULL);
	else if (strcmp(form->password, form->again) != 0)
		fault_set(&fault, ERR_INVALID, "again", N_("The two passwords are not the same."), NULL);
	if (fault.code)
		faults_add(faults, &fault);
}

static enum err password_set(struct request *rq, struct reply *rp)
{
	struct work work = { .rq = rq };
	struct password_form form;
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	if (!form_parse(rq, fields, ARRAY_LEN(fields), &form, &faults))
		check_new(&form, &faults);
	enum err e = faults.n ? OK : check_present(rq, &work, form.present, &fault);
	if (fault.code)
		faults_add(&faults, &fault);
	else if (e)
		return e;
	if (faults.n)
		return reply_form(rp, "agency/password", view_of(rq), fields, ARRAY_LEN(fields), &faults);
	e = password_hash(work.then, form.password);
	if (!e)
		e = db_write(office_of(rq)->db, save, &work);
	return e ? e : reply_see_other(rp, "/login?next=/agency");
}

static const struct route routes[] = {
	{ METHOD_GET, "/agency/password", password_show, WHO_AGENCY, 0, 0, "The form for a new password." },
	{ METHOD_POST, "/agency/password", password_set, WHO_AGENCY, 0, 0, "Change the own password." },
};
const struct route_table agency_password_routes = { routes, ARRAY_LEN(routes) };
