/* The doors every office has: logging in and out, health, and the API's own description. */
#include "base/asset.h"
#include "base/util.h"
#include "crypto/envelope.h"
#include "office/blob.h"
#include "office/current.h"
#include "office/job.h"
#include "office/journal.h"
#include "office/office.h"
#include "staff.sql.h"

#include <stdlib.h>
#include <string.h>

struct login_form {
	const char *login, *password, *next;
};

static const struct field login_fields[] = {
	FIELD(struct login_form, login, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Login name")),
	FIELD(struct login_form, password, FIELD_TEXT, 128, FIELD_REQUIRED | FIELD_SECRET, N_("Password")),
	FIELD(struct login_form, next, FIELD_TEXT, 300, 0, N_("Page to return to")),
};

/* Only a path of our own: "//host" and "/\host" would leave the site. */
static const char *safe_next(const char *next)
{
	return next && next[0] == '/' && next[1] != '/' && next[1] != '\\' ? next : "/desk";
}

static json_t *login_view(struct request *rq, const char *next)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Staff login")));
	json_put_str(view, "next", safe_next(next));
	return view;
}

static enum err login_show(struct request *rq, struct reply *rp)
{
	if (actor_of(rq)->kind == ACTOR_STAFF)
		return reply_see_other(rp, "/desk");
	if (actor_of(rq)->kind == ACTOR_AGENCY)
		return reply_see_other(rp, "%s", office_login_plugged()->home);
	return reply_view(rp, "login", login_view(rq, request_query(rq, "next")));
}

static enum err login_try(struct request *rq, struct reply *rp)
{
	struct login_form form;
	struct faults faults = { 0 };
	if (!form_parse(rq, login_fields, ARRAY_LEN(login_fields), &form, &faults)) {
		struct fault fault = { 0 };
		enum err e = session_login(rq, rp, form.login, form.password, &fault);
		if (!e)
			return reply_see_other(rp, "%s", safe_next(form.next));
		if (e != ERR_INVALID && e != ERR_THROTTLED)
			return e;
		faults_add(&faults, &fault);
	}
	enum err e = reply_form(
	    rp, "login", login_view(rq, request_form(rq, "next")), login_fields, ARRAY_LEN(login_fields), &faults);
	if (faults.n && faults.v[faults.n - 1].code == ERR_THROTTLED)
		rp->status = err_http_status(ERR_THROTTLED);
	return e;
}

static enum err logout(struct request *rq, struct reply *rp)
{
	enum err e = session_end(rq, rp);
	return e ? e : reply_see_other(rp, "/");
}

static enum err accessibility(struct request *rq, struct reply *rp)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Accessibility of these pages")));
	return reply_view(rp, "accessibility", view);
}

static enum err probe(struct db_tx *tx, void *arg)
{
	int64_t n;
	return tally_get(tx, "casefile:received", &n);
}

/* Red when the database cannot be read or the signing key cannot sign (trap 26). */
static enum err health(struct request *rq, struct reply *rp)
{
	struct office *office = office_of(rq);
	char *jws CLEANUP(free_ptr) = NULL;
	bool database = db_read(office->db, probe, NULL) == OK;
	bool key = jws_sign(office->keys, "sulh-health+jws", NULL, "ok", 2, &jws) == OK;
	json_t *view = json_object();
	json_put_str(view, "database", database ? "ok" : "failed");
	json_put_str(view, "signing_key", key ? "ok" : "failed");
	json_put_str(view, "version", SULH_VERSION);
	char *text CLEANUP(free_ptr) = json_compact_text(view);
	json_decref(view);
	return reply_text(rp, database && key ? 200 : 503, "application/json", text);
}

static enum err openapi(struct request *rq, struct reply *rp)
{
	const struct asset *asset = asset_find("docs/openapi.json");
	if (!asset)
		return ERR_NOT_FOUND;
	return reply_data(rp, 200, "application/json", asset->data, asset->size);
}

static const struct route routes[] = {
	{ METHOD_GET, "/login", login_show, 0, 0, 0, "Login form for staff." },
	{ METHOD_POST, "/login", login_try, 0, 0, 0, "Log in with name and password." },
	{ METHOD_POST, "/logout", logout, WHO_STAFF | WHO_AGENCY, 0, 0, "End the session." },
	{ METHOD_GET, "/accessibility", accessibility, 0, 0, 0, "How accessible these pages are, and whom to tell." },
	{ METHOD_GET, "/health", health, 0, 0, 0, "Whether database and signing key work." },
	{ METHOD_GET, "/api/v1/openapi.json", openapi, 0, 0, 0, "This description." },
};
const struct route_table office_routes = { routes, ARRAY_LEN(routes) };

/* --- background work --------------------------------------------------------------------------------------------- */

static enum err delete_sessions(struct db_tx *tx, void *arg)
{
	return db_run(tx, &sql_session_sweep, DB_ARGS(db_int(*(int64_t *)arg)));
}

static enum err sweep(struct office *office, int64_t now)
{
	enum err e = db_write(office->db, delete_sessions, &now);
	return e ? e : blob_sweep(office->db, now);
}

static enum err checkpoint(struct office *office, int64_t now)
{
	return journal_checkpoint(office->db, office->keys, now);
}

static enum err look(struct office *office, int64_t now)
{
	(void)now;
	return office_refresh(office);
}

static const struct job jobs[] = {
	{ "office.look", 1000, look, "Takes over what another process changed in lists, limits and holidays.", true },
	{ "office.checkpoint", 60 * 1000, checkpoint, "Signs the end of the journal." },
	{ "office.sweep", 3600 * 1000, sweep, "Removes ended sessions and unfinished uploads." },
};
const struct job_table office_jobs = { jobs, ARRAY_LEN(jobs) };
