/* What safety_check asks, gathered from the machine and the staff; its page, and its words in the log. */
#include "base/log.h"
#include "base/util.h"
#include "office/office.h"
#include "office/safety.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool others_read(const struct office *office, const char *name)
{
	char path[600];
	struct stat st;
	snprintf(path, sizeof(path), "%s/%s", office->dir, name);
	return stat(path, &st) == 0 && (st.st_mode & 077);
}

static bool is_mixed(const struct office *office, const json_t *staff)
{
	struct rights rights;
	return json_bool_or(staff, "active", false) &&
	       rights_of(office->profile, json_str_or(staff, "roles", ""), &rights, NULL) == OK &&
	       rights.scope[ACT_STAFF_MANAGE] && rights.scope[ACT_CASE_READ];
}

enum err safety_look(struct office *office, struct db_tx *tx, struct safety_facts *ret_facts)
{
	json_t *staff = NULL;
	const json_t *one;
	size_t i;
	enum err e = staff_all(tx, &staff);
	if (e)
		return e;
	struct safety_facts facts = { .config = &office->config,
		.clock_moved = getenv("SULH_NOW_OFFSET_MS") != NULL,
		.readable_keys = others_read(office, "keys.json") || others_read(office, "sulh.conf") };
	json_array_foreach(staff, i, one) facts.mixed += is_mixed(office, one);
	json_decref(staff);
	*ret_facts = facts;
	return OK;
}

struct look_work {
	struct office *office;
	struct safety_facts facts;
};

static enum err look(struct db_tx *tx, void *arg)
{
	struct look_work *work = arg;
	return safety_look(work->office, tx, &work->facts);
}

void safety_log(struct office *office)
{
	struct look_work work = { .office = office };
	struct danger danger[SAFETY_MAX];
	if (db_read(office->db, look, &work))
		return; /* a database that does not answer says so elsewhere */
	size_t n = safety_check(&work.facts, danger);
	for (size_t i = 0; i < n; i++)
		log_line(LOG_WARNING, "dangerous: %s: %s", danger[i].setting, text_get(LANG_EN, danger[i].words));
}

static enum err safety_show(struct request *rq, struct reply *rp)
{
	struct look_work work = { .office = office_of(rq) };
	struct danger danger[SAFETY_MAX];
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_STAFF_MANAGE, NULL, &fault))
		return reply_fault(rp, &fault);
	enum err e = db_read(office_of(rq)->db, look, &work);
	if (e)
		return e;
	size_t n = safety_check(&work.facts, danger);
	json_t *view = json_object(), *list = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object();
		json_put_str(one, "setting", danger[i].setting);
		json_put_str(one, "words", text_get(rq->lang, danger[i].words));
		json_add(list, one);
	}
	json_put_str(view, "title", text_get(rq->lang, N_("Safety of the settings")));
	json_put_bool(view, "has_dangers", n > 0);
	json_put(view, "dangers", list);
	return reply_view(rp, "office/safety", view);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/safety", safety_show, WHO_STAFF, 0, 0, "Settings that are allowed and yet dangerous." },
	{ METHOD_GET, "/api/v1/safety", safety_show, WHO_PROGRAM, 0, 0,
	    "Settings that are allowed and yet dangerous." },
};
const struct route_table safety_routes = { routes, ARRAY_LEN(routes) };
