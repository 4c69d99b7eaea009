/*
 * The work desk: what is late, due today and new, behind each door that the reader has. Figures are kept with the lists
 * (case_list_count) or read by key up to fifty; nothing is counted over cases. Boxes follow rights, not names of roles.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_pages.h"
#include "casework/list_choices.h"
#include "casework/saved_list.h"
#include "desk.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define CAP 50 /* "50+" */

struct desk_view {
	const struct casefile_act *act;
	enum lang lang;
	json_t *boxes;
};

/* --- figures ----------------------------------------------------------------------------------------------------- */

static const char *capped(const struct desk_view *v, int64_t n)
{
	const char *words = number_text(v->act->arena, v->lang, n > CAP ? CAP : n);
	return n > CAP ? arena_printf(v->act->arena, "%s+", words) : words;
}

static json_t *box_of(const char *key, const char *title, const char *link)
{
	json_t *box = json_object();
	json_put_str(box, "box", key);
	json_put_str(box, "box_title", title);
	json_put_str(box, "box_link", link);
	json_put(box, "items", json_array());
	return box;
}

static void add_item(json_t *box, const char *key, const char *label, int64_t n, const char *words, const char *link)
{
	json_t *item = json_object();
	bool grave = n > 0 && !strcmp(key, "late");
	json_put_str(item, "key", key);
	json_put_str(item, "item_label", label);
	json_put_int(item, "cases", n);
	json_put_str(item, "case_count", words);
	json_put_str(item, "item_link", link);
	json_put_bool(item, "grave", grave);
	json_put_bool(item, "none", n == 0);
	json_add(json_object_get(box, "items"), item);
}

static int64_t day_end(const struct casefile_act *act, int64_t days)
{
	const char *zone = act->office->profile->calendar.zone;
	return zone_day_start(zone, civil_from_days(civil_days(zone_date(zone, act->now)) + days));
}

/* Late, due today, due within a week of one door. */
static enum err add_due(const struct desk_view *v, json_t *box, const char *door, const char *of)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct casefile_act *act = v->act;
	const struct actor *actor = act->actor;
	const char *today = arena_printf(act->arena, "/desk/cases?of=%s&today=1", of);
	const struct civil last =
	    civil_from_days(civil_days(zone_date(act->office->profile->calendar.zone, act->now)) + 7);
	enum err e = db_query(act->tx, &sql_list_due,
	    DB_ARGS(db_text(arena_printf(act->arena, "%s/due", door)), db_int(act->now), db_int(day_end(act, 1)),
		db_int(day_end(act, 8)), db_int(actor->kind == ACTOR_STAFF ? actor->id : 0), db_int(actor->stands_for)),
	    &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	int64_t late = db_col_int(rows, 0), due = db_col_int(rows, 1), week = db_col_int(rows, 2);
	add_item(box, "late", text_get(v->lang, N_("Late")), late, capped(v, late),
	    arena_printf(act->arena, "/desk/cases?of=%s&late=1", of));
	add_item(box, "today", text_get(v->lang, N_("Due today")), due, capped(v, due), today);
	add_item(box, "week", text_get(v->lang, N_("Due within a week")), week, capped(v, week),
	    arena_printf(
		act->arena, "/desk/cases?of=%s&sort=due&due_to=%04d-%02d-%02d", of, last.year, last.month, last.day));
	return OK;
}

static enum err add_length(const struct desk_view *v, json_t *box, const char *list, const char *key, const char *label,
    const char *link, bool always)
{
	int64_t n;
	enum err e = list_length_for(v->act, list, &n);
	if (!e && (n || always))
		add_item(box, key, label, n, number_text(v->act->arena, v->lang, n), link);
	return e;
}

/* The door's cases by state, those of the phases asked for, in the profile's order. */
static enum err add_states(const struct desk_view *v, json_t *box, const char *door, const char *of, unsigned phases)
{
	const struct casefile_act *act = v->act;
	const struct profile *profile = act->office->profile;
	enum err e = OK;
	for (size_t i = 0; !e && i < profile->states; i++) {
		const struct state *state = &profile->state[i];
		if (phases & 1u << state->phase)
			e = add_length(v, box, arena_printf(act->arena, "%s/%s", door, state->key), state->key,
			    names_in(&state->name, v->lang),
			    arena_printf(act->arena, "/desk/cases?of=%s&state=%s", of, state->key),
			    i == 0 && !strcmp(door, "intake"));
	}
	return e;
}

/* --- boxes ------------------------------------------------------------------------------------------------------- */

#define OPEN_PHASES (1u << PHASE_INTAKE | 1u << PHASE_INQUIRY | 1u << PHASE_DECISION | 1u << PHASE_FOLLOW_UP)

static unsigned scope_of(const struct actor *actor, enum act act)
{
	return actor->rights ? actor->rights->scope[act] : 0;
}

/* Whoever works in another's name has that one's cases before them, beside the own. */
static enum err put_stand_in(const struct desk_view *v)
{
	const struct casefile_act *act = v->act;
	struct staff staff;
	if (!act->actor->stands_for)
		return OK;
	enum err e = staff_load(act->tx, act->actor->stands_for, &staff);
	if (e)
		return e == ERR_NOT_FOUND ? OK : e;
	const char *link = arena_printf(act->arena, "/desk/cases?lead=%" PRId64 "&state=open", act->actor->stands_for);
	json_t *box = box_of(
	    "stand_in", text_format(act->arena, v->lang, N_("In the name of {name}"), "name", staff.name, NULL), link);
	json_add(v->boxes, box);
	return add_length(v, box, arena_printf(act->arena, "staff:%" PRId64 "/open", act->actor->stands_for), "open",
	    text_get(v->lang, N_("Open cases")), link, true);
}

static enum err put_tasks(const struct desk_view *v)
{
	static const struct {
		const char *tally, *label, *link;
	} part[] = {
		{ "task:do", N_("To be done by me"), "/desk/tasks" },
		{ "task:control", N_("Looked after by me"), "/desk/tasks?of=control" },
		{ "task:gave", N_("Given by me"), "/desk/tasks?of=gave" },
		{ "notice", N_("Notices not read"), "/desk/notices" },
	};
	const struct casefile_act *act = v->act;
	enum err e = OK;
	if (act->actor->kind != ACTOR_STAFF || !may_somewhere(act->actor, ACT_TASK_WORK))
		return OK;
	json_t *box = box_of("tasks", text_get(v->lang, N_("Tasks and notices")), "/desk/tasks");
	json_add(v->boxes, box);
	for (size_t i = 0; !e && i < ARRAY_LEN(part); i++) {
		int64_t n = 0;
		e = tally_get(act->tx, arena_printf(act->arena, "%s:%" PRId64, part[i].tally, act->actor->id), &n);
		if (!e && (n || i == 0))
			add_item(box, part[i].tally, text_get(v->lang, part[i].label), n,
			    number_text(act->arena, v->lang, n), part[i].link);
	}
	return e;
}

static enum err put_mine(const struct desk_view *v)
{
	const struct casefile_act *act = v->act;
	if (act->actor->kind != ACTOR_STAFF || !(scope_of(act->actor, ACT_CASE_WORK) & (SCOPE_MINE | SCOPE_ANY)))
		return OK;
	const char *door = arena_printf(act->arena, "staff:%" PRId64, act->actor->id);
	json_t *box = box_of("mine", text_get(v->lang, N_("My cases")), "/desk/cases?of=mine&state=open");
	json_add(v->boxes, box);
	enum err e = add_length(v, box, arena_printf(act->arena, "%s/new", door), "new",
	    text_get(v->lang, N_("With news")), "/desk/cases?news=1", true);
	if (!e)
		e = add_due(v, box, door, "mine");
	return e ? e : add_states(v, box, door, "mine", OPEN_PHASES);
}

static enum err put_intake(const struct desk_view *v)
{
	if (!(scope_of(v->act->actor, ACT_CASE_REGISTER) & (SCOPE_INTAKE | SCOPE_ANY)))
		return OK;
	json_t *box = box_of("intake", text_get(v->lang, N_("Intake")), "/desk/cases?of=intake&state=open");
	json_add(v->boxes, box);
	enum err e = add_states(v, box, "intake", "intake", 1u << PHASE_INTAKE);
	return e ? e : add_due(v, box, "intake", "intake");
}

/* For whoever gives out work: the whole institution, or the own unit and those below it. */
static enum err put_unit(const struct desk_view *v)
{
	const struct casefile_act *act = v->act;
	unsigned scope = scope_of(act->actor, ACT_CASE_ASSIGN) & scope_of(act->actor, ACT_CASE_READ);
	bool all = scope & SCOPE_ANY, unit = scope & SCOPE_UNIT && act->actor->unit && *act->actor->unit;
	if (!all && !unit)
		return OK;
	const char *of = all ? "any" : "unit";
	const char *door = all ? "any" : arena_printf(act->arena, "unit:%s", act->actor->unit);
	json_t *box = box_of("unit", text_get(v->lang, all ? N_("All cases") : N_("My unit")),
	    arena_printf(act->arena, "/desk/cases?of=%s&state=open", of));
	json_put_str(box, "workload",
	    act->actor->unit && *act->actor->unit ? arena_printf(act->arena, "/desk/workload?unit=%s", act->actor->unit)
						  : "/desk/workload");
	json_add(v->boxes, box);
	enum err e = add_length(v, box, arena_printf(act->arena, "%s/open", door), "open",
	    text_get(v->lang, N_("Open cases")), arena_printf(act->arena, "/desk/cases?of=%s&state=open", of), true);
	if (!e)
		e = add_length(v, box, arena_printf(act->arena, "%s/free", door), "free",
		    text_get(v->lang, N_("To be assigned")),
		    arena_printf(act->arena, "/desk/cases?of=%s&free=1&sort=oldest", of), true);
	if (!e)
		e = add_due(v, box, door, of);
	return e ? e : add_states(v, box, door, of, 1u << PHASE_DECISION | 1u << PHASE_FOLLOW_UP);
}

static enum err put_referrals(const struct desk_view *v)
{
	if (!(scope_of(v->act->actor, ACT_REFERRAL_WORK) & (SCOPE_REFERRAL | SCOPE_ANY)))
		return OK;
	json_t *box = box_of("referral", text_get(v->lang, N_("Referrals")), "/desk/referrals");
	json_add(v->boxes, box);
	enum err e = add_length(v, box, "referral/open", "open", text_get(v->lang, N_("Open cases with a referral")),
	    "/desk/cases?of=referral&state=open", true);
	return e ? e : add_due(v, box, "referral", "referral");
}

static enum err put_kept(const struct casefile_act *act, json_t *view)
{
	json_t *lists;
	enum err e = saved_list_all(act, &lists);
	if (!e)
		view_put_list(view, "kept", lists);
	return e;
}

static enum err fill_home(const struct casefile_act *act, enum lang lang, json_t *view)
{
	static enum err (*const puts[])(
	    const struct desk_view *) = { put_mine, put_stand_in, put_intake, put_unit, put_referrals, put_tasks };
	const struct desk_view v = { act, lang, json_array() };
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(puts) && may_somewhere(act->actor, ACT_QUEUE_READ); i++)
		e = puts[i](&v);
	json_put_bool(view, "can_search", may_somewhere(act->actor, ACT_QUEUE_READ));
	view_put_list(view, "boxes", v.boxes);
	return e ? e : put_kept(act, view);
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

struct home_work {
	struct request *rq;
	json_t *view;
};

static enum err read_home(struct db_tx *tx, void *arg)
{
	struct home_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->view = json_owned(rq->arena, json_object());
	json_put_str(work->view, "title", text_get(rq->lang, N_("Work desk")));
	json_put_str(work->view, "today", date_long(rq->arena, rq->lang, act.office->profile->calendar.zone, rq->now));
	return fill_home(&act, rq->lang, work->view);
}

static const char *from_address(const void *rq, const char *name)
{
	return request_query(rq, name);
}

enum err desk_home_show(struct request *rq, struct reply *rp)
{
	struct home_work work = { .rq = rq };
	struct list_ask ask;
	const struct list_where where = { rq->arena, office_of(rq)->profile, rq->now };
	/* Until now the list of cases stood here; its addresses go on working. */
	if (!rq->api && request_query(rq, "of")) {
		bool good = list_ask_parse(&where, from_address, rq, &ask, NULL) == OK;
		return reply_see_other(rp, "/desk/cases?%s", good ? list_ask_query(rq->arena, &ask) : "");
	}
	enum err e = db_read(office_of(rq)->db, read_home, &work);
	return e ? e : reply_view(rp, "desk/home", json_incref(work.view));
}

/* --- news that were seen ------------------------------------------------------------------------------------------ */

struct seen_work {
	struct request *rq;
	const char *ids;
};

static enum err mark_seen(struct db_tx *tx, void *arg)
{
	const struct seen_work *work = arg;
	const struct actor *actor = actor_of(work->rq);
	enum err e = OK;
	char *end;
	for (const char *p = work->ids; !e && *p; p = *end ? end + 1 : end) {
		int64_t id = strtoll(p, &end, 10);
		if (end == p)
			return OK;
		e = db_run(tx, &sql_news_seen, DB_ARGS(db_int(id), db_int(actor->id), db_int(actor->stands_for)));
	}
	return e;
}

/* Looking at a case changes nothing; saying "seen" does. */
enum err desk_seen(struct request *rq, struct reply *rp)
{
	static const struct field fields[] = { FIELD(
	    struct seen_work, ids, FIELD_TEXT, 1200, FIELD_REQUIRED, N_("Cases")) };
	struct seen_work work = { .rq = rq };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	if (form_parse(rq, fields, ARRAY_LEN(fields), &work, &faults))
		return reply_see_other(rp, "/desk/cases?news=1");
	work.rq = rq;
	enum err e = db_write(office_of(rq)->db, mark_seen, &work);
	return e ? e : reply_see_other(rp, "/desk");
}
