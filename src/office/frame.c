/* What stands around every page: the institution, the navigation for this reader, who is logged in. */
#include "base/util.h"
#include "office/office.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A navigation entry shows when its act is allowed to the reader without a particular case. */
static const struct entry {
	/* tally: whose count is shown beside the label, NULL none; "{me}" in it is the officer in whose name one works.
	 */
	const char *label, *url, *tally;
	enum act act;
	enum act or_act; /* 0: no other act opens it */
} desk_entries[] = {
	{ N_("Work desk"), "/desk", NULL, ACT_COMPLAIN },
	{ N_("Cases"), "/desk/cases", NULL, ACT_QUEUE_READ },
	{ N_("New case"), "/desk/new", NULL, ACT_CASE_ENTER },
	{ N_("Transfers"), "/desk/transfers", NULL, ACT_CASE_ENTER },
	{ N_("Identity requests"), "/desk/openings", "opening:waiting", ACT_IDENTITY_APPROVE },
	{ N_("Recommendations"), "/desk/recommendations", NULL, ACT_QUEUE_READ },
	{ N_("Referrals"), "/desk/referrals", NULL, ACT_REFERRAL_READ },
	{ N_("Agreements"), "/desk/agreements", NULL, ACT_AGREEMENT_READ },
	{ N_("Partners"), "/desk/partners", NULL, ACT_PARTNER_READ },
	{ N_("Bodies"), "/desk/office/bodies", NULL, ACT_OFFICE_READ },
	{ N_("Tasks"), "/desk/tasks", "task:do:{me}", ACT_TASK_WORK },
	{ N_("Notices"), "/desk/notices", "notice:{me}", ACT_TASK_WORK },
	{ N_("Substitution"), "/desk/substitutions", NULL, ACT_TASK_WORK, ACT_SUBSTITUTE },
	{ N_("Office"), "/desk/office", NULL, ACT_OFFICE_CHANGE },
	{ N_("Journal"), "/desk/journal", NULL, ACT_JOURNAL_READ },
	{ N_("Safety"), "/desk/safety", NULL, ACT_STAFF_MANAGE },
}, agency_entries[] = {
	{ N_("Requests"), "/agency", NULL, ACT_AGENCY_ANSWER },
	{ N_("Recommendations"), "/agency/recommendations", NULL, ACT_AGENCY_ANSWER },
	{ N_("Password"), "/agency/password", NULL, ACT_AGENCY_ANSWER },
}, public_entries[] = {
	{ N_("Make a complaint"), "/complain", NULL, ACT_COMPLAIN },
	{ N_("Follow your complaint"), "/track", NULL, ACT_COMPLAIN },
};

static bool here(const char *path, const char *url)
{
	size_t len = strlen(url);
	if (!strcmp(url, "/desk")) /* the prefix of all the others */
		return !strcmp(path, url) || !strcmp(path, "/desk/workload");
	if (!strcmp(url, "/desk/cases") && !strcmp(path, "/desk/search"))
		return true;
	if (!strcmp(url, "/desk/office") && !strncmp(path, "/desk/office/bodies", 19)) /* has an entry of its own */
		return false;
	if (!strcmp(url, "/agency"))
		return !strcmp(path, url) || !strncmp(path, "/agency/requests", 16);
	return !strncmp(path, url, len) && (path[len] == '\0' || path[len] == '/');
}

/* One count an entry of the officers' navigation. */
struct counts_work {
	const struct actor *actor;
	int64_t n[ARRAY_LEN(desk_entries)];
};

static void tally_name(char out[64], const char *pattern, const struct actor *actor)
{
	const char *me = strstr(pattern, "{me}");
	if (me)
		snprintf(out, 64, "%.*s%" PRId64, (int)(me - pattern), pattern,
		    actor->stands_for ? actor->stands_for : actor->id);
	else
		copy_text(out, 64, pattern);
}

static enum err read_counts(struct db_tx *tx, void *arg)
{
	struct counts_work *work = arg;
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(desk_entries); i++) {
		char name[64];
		if (!desk_entries[i].tally)
			continue;
		tally_name(name, desk_entries[i].tally, work->actor);
		e = tally_get(tx, name, &work->n[i]);
	}
	return e;
}

static bool opens(const struct actor *actor, enum act act)
{
	return may(actor, act, NULL, NULL) == OK || may_somewhere(actor, act);
}

static json_t *navigation(struct request *rq, const struct entry *entry, size_t n, const int64_t *counts)
{
	json_t *nav = json_array();
	for (size_t i = 0; i < n; i++) {
		if (!opens(actor_of(rq), entry[i].act) && !(entry[i].or_act && opens(actor_of(rq), entry[i].or_act)))
			continue;
		json_t *one = json_object();
		json_put_str(one, "label", text_get(rq->lang, entry[i].label));
		json_put_str(one, "url", entry[i].url);
		json_put_bool(one, "current", here(rq->path, entry[i].url));
		if (counts && counts[i] > 0)
			json_put_str(one, "count", number_text(rq->arena, rq->lang, counts[i]));
		json_add(nav, one);
	}
	return nav;
}

const char *office_first_page(const struct request *rq)
{
	for (size_t i = 0; i < ARRAY_LEN(desk_entries); i++)
		if (!may(actor_of(rq), desk_entries[i].act, NULL, NULL))
			return desk_entries[i].url;
	return "/";
}

static json_t *user_json(struct request *rq, const struct actor *actor)
{
	json_t *user = json_object(), *roles = json_array();
	const struct profile *profile = office_of(rq)->profile;
	for (size_t i = 0; i < profile->roles; i++)
		if (roles_have(actor->roles, profile->role[i].key))
			json_add(roles, json_string(names_in(&profile->role[i].name, rq->lang)));
	json_put_str(user, "name",
	    actor->in_name_of ? text_format(rq->arena, rq->lang, N_("{name} for {other}"), "name", actor->own_name,
				    "other", actor->in_name_of, NULL)
			      : actor->name);
	json_put_str(user, "in_name_of", actor->in_name_of);
	json_put_str(user, "first_page", actor->kind == ACTOR_AGENCY ? "/agency" : office_first_page(rq));
	json_put_bool(user, "cases", !may(actor, ACT_QUEUE_READ, NULL, NULL));
	json_put(user, "roles", roles);
	return user;
}

static json_t *office_json(const struct request *rq)
{
	const struct profile *p = office_of(rq)->profile;
	json_t *office = json_object();
	json_put_str(office, "name", names_in(&p->name, rq->lang));
	json_put_str(office, "short", names_in(&p->short_name, rq->lang));
	json_put_str(office, "country", names_in(&p->country_name, rq->lang));
	json_put_str(office, "emblem", p->emblem);
	json_put_str(office, "colour", p->colour);
	json_put_str(office, "phone", p->contact.phone ? p->contact.phone : p->contact.helpline);
	json_put_str(office, "email", p->contact.email);
	json_put_str(office, "address", names_in(&p->contact.address, rq->lang));
	json_put_str(office, "hours", names_in(&p->contact.hours, rq->lang));
	return office;
}

void office_frame(struct request *rq, json_t *view)
{
	const struct actor *actor = actor_of(rq);
	bool staff = actor && actor->kind == ACTOR_STAFF;
	struct counts_work counts = { .actor = actor };
	json_put(view, "office", office_json(rq));
	json_put_bool(view, "desk", staff);
	json_put_bool(view, "demo", office_of(rq)->config.demonstration);
	if (staff && db_read(office_of(rq)->db, read_counts, &counts) == OK) {
		json_put(view, "user", user_json(rq, actor));
		json_put(view, "nav", navigation(rq, desk_entries, ARRAY_LEN(desk_entries), counts.n));
	} else if (actor && actor->kind == ACTOR_AGENCY && actor->session) {
		json_put(view, "user", user_json(rq, actor));
		json_put(view, "nav", navigation(rq, agency_entries, ARRAY_LEN(agency_entries), NULL));
	} else {
		json_put(view, "nav", navigation(rq, public_entries, ARRAY_LEN(public_entries), NULL));
	}
	if (actor && actor->kind == ACTOR_PERSON)
		json_put_bool(view, "following", true);
}
