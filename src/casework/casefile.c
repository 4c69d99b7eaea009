/* A case's states and the one door through which they change. */
#include "casework/casefile.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/agency.h"
#include "casework/assignment.h"
#include "casework/case_clock.h"
#include "casework/case_transfer.h"
#include "casework/finding.h"
#include "casework/link.h"
#include "casework/notice.h"
#include "casework_migrations.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct db_migration *const casework_migrations[] = {
	&migration_casework_001_casework,
	&migration_casework_002_scope,
	&migration_casework_003_clocks,
	&migration_casework_004_bodies,
	&migration_casework_005_inquiry,
	&migration_casework_006_intake,
	&migration_casework_007_desk,
	&migration_casework_008_flow,
	&migration_casework_010_bodies,
	&migration_casework_011_comments,
};
const size_t casework_migration_count = ARRAY_LEN(casework_migrations);

/* What the chronology calls a move that has an event of its own; any other is "moved". */
static const struct {
	const char *move, *event;
} move_events[] = {
	{ "register", "registered" },
	{ "admit", "admitted" },
	{ "ask_agency", "agency_asked" },
	{ "agency_replied", "agency_replied" },
	{ "close", "closed" },
	{ "reopen", "reopened" },
};

static const char *event_of(const char *move)
{
	for (size_t i = 0; i < ARRAY_LEN(move_events); i++)
		if (!strcmp(move_events[i].move, move))
			return move_events[i].event;
	return "moved";
}

enum err casefile_next(const struct profile *profile, const struct state *from, const char *move,
    const struct state **ret_to, struct fault *fault)
{
	const struct move *arrow = profile_move(profile, from, move);
	if (arrow) {
		*ret_to = arrow->to;
		return OK;
	}
	if (from->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state",
	    N_("This step is not possible in the present state of the case. Somebody may have moved it; look at it "
	       "again."),
	    NULL);
}

static void read_texts(struct arena *arena, const struct db_rows *rows, struct casefile *c)
{
	const char **text[] = { &c->number, &c->channel, &c->lang, &c->content, &c->content_sha256, &c->body_key,
		&c->body_name, &c->body_country, &c->subject, &c->person_name, &c->due_rule, &c->closing, &c->unit,
		&c->team, &c->conflicts, &c->opened_to, &c->knowing };
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 7 + (int)i));
}

enum err casefile_load(
    const struct office *office, struct db_tx *tx, struct arena *arena, int64_t id, struct casefile *ret_case)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_casefile_by_id, DB_ARGS(db_int(id), db_int(now_ms())), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	struct casefile c = { .id = db_col_int(rows, 0),
		.version = db_col_int(rows, 1),
		.received_at = db_col_int(rows, 2),
		.assigned_to = db_col_int(rows, 3),
		.due_at = db_col_int(rows, 4),
		.closed_at = db_col_int(rows, 5),
		.embassy_not_told = db_col_int(rows, 24),
		.has_referral = db_col_int(rows, 25),
		.withheld = db_col_int(rows, 26) };
	const char *state = db_col_text(rows, 6);
	c.state = profile_state(office->profile, state ? state : "");
	if (!c.state)
		return ERR_STORE;
	read_texts(arena, rows, &c);
	*ret_case = c;
	return OK;
}

enum err casefile_find(struct db_tx *tx, const char *number, int64_t *ret_id)
{
	return db_get_int(tx, &sql_casefile_by_number, DB_ARGS(db_text(number)), ret_id);
}

struct object casefile_object(const struct casefile *c)
{
	return (struct object) { .casefile_id = c->id,
		.assigned_to = c->assigned_to,
		.unit = c->unit,
		.team = c->team,
		.conflicts = c->conflicts,
		.opened_to = c->opened_to,
		.knowing = c->knowing,
		.intake = c->state->phase == PHASE_INTAKE,
		.has_referral = c->has_referral,
		.withheld = c->withheld };
}

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "version",
	    N_("Somebody else changed this case while you had it open. Nothing of yours was saved; look at it again."),
	    NULL);
}

enum err casefile_check_seen(const struct casefile *c, int64_t seen_version, struct fault *fault)
{
	return seen_version && seen_version != c->version ? stale(fault) : OK;
}

static enum err count_state(struct db_tx *tx, const struct state *state, int64_t by)
{
	char tally[96];
	snprintf(tally, sizeof(tally), "casefile:%s", state->key);
	return tally_add(tx, tally, by);
}

/* How much lies on somebody's desk: counted, so that nobody counts it when a case is given away. */
static enum err count_lead(struct db_tx *tx, int64_t staff_id, int64_t by)
{
	char tally[64];
	if (!staff_id)
		return OK;
	snprintf(tally, sizeof(tally), "lead:%" PRId64, staff_id);
	return tally_add(tx, tally, by);
}

static enum err save_state(const struct casefile_act *act, const struct casefile *c, const struct state *to,
    const char *closing, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_casefile_set_state,
	    DB_ARGS(db_int(c->id), db_text(to->key), db_int(c->version), db_text(closing),
		db_int_or_null(to->phase == PHASE_CLOSED ? act->now : 0), db_int(to->phase)),
	    &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (!e)
		e = count_state(act->tx, c->state, -1);
	if (!e)
		e = count_state(act->tx, to, 1);
	int64_t opened = (to->phase != PHASE_CLOSED) - (c->state->phase != PHASE_CLOSED);
	return e || !opened ? e : count_lead(act->tx, c->assigned_to, opened);
}

static enum err journal_move(const struct casefile_act *act, const struct casefile *c, const char *move,
    const struct state *to, const char *closing)
{
	char object[64], name[80];
	json_t *payload = json_object();
	json_put_str(payload, "from", c->state->key);
	json_put_str(payload, "to", to->key);
	if (*closing || c->state->phase == PHASE_CLOSED)
		json_put_str(payload, "closing", closing);
	snprintf(name, sizeof(name), "casefile.%s", move);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", c->id), payload);
}

/* The names of both states go into "moved", which has no words of its own. */
static void put_states(json_t *data, const struct state *to)
{
	json_t *names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (to->name.in[lang])
			json_put_str(names, lang_code(lang), to->name.in[lang]);
	json_put(data, "to_state", names);
}

struct step {
	const char *move, *event, *closing;
	int64_t seen_version;
	json_t *data; /* stolen */
};

static enum err move(const struct casefile_act *act, struct casefile *c, const struct step *step, struct fault *fault)
{
	const struct state *to;
	json_t *data = step->data ? step->data : json_object();
	enum err e = casefile_next(act->office->profile, c->state, step->move, &to, fault);
	if (!e)
		e = casefile_check_seen(c, step->seen_version, fault);
	if (!e)
		e = save_state(act, c, to, step->closing, fault);
	if (!e)
		e = journal_move(act, c, step->move, to, step->closing);
	if (e) {
		json_decref(data);
		return e;
	}
	c->state = to;
	c->version++;
	if (!strcmp(step->event, "moved"))
		put_states(data, to);
	return event_add(act, c->id, step->event, data);
}

enum err casefile_move(const struct casefile_act *act, struct casefile *c, const char *how, int64_t seen_version,
    json_t *data, struct fault *fault)
{
	const struct step step = { how, event_of(how), "", seen_version, data };
	enum err e = strcmp(how, "admit") ? OK : assignment_may_admit_it(act, c, fault);
	if (!e)
		return move(act, c, &step, fault);
	json_decref(data);
	return e;
}

static enum err raise_version(const struct casefile_act *act, struct casefile *c, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_casefile_raise, DB_ARGS(db_int(c->id), db_int(c->version)), &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (!e)
		c->version++;
	return e;
}

enum err casefile_move_if(const struct casefile_act *act, struct casefile *c, const char *how, const char *event,
    int64_t seen_version, json_t *data, struct fault *fault)
{
	const struct step step = { how, event, "", seen_version, data };
	if (profile_move(act->office->profile, c->state, how))
		return move(act, c, &step, fault);
	enum err e = casefile_check_seen(c, seen_version, fault);
	if (!e)
		e = raise_version(act, c, fault);
	if (!e)
		return event_add(act, c->id, event, data);
	json_decref(data);
	return e;
}

/* --- whose it is ------------------------------------------------------------------------------------------------- */

static enum err journal_person(
    const struct casefile_act *act, const struct casefile *c, const char *name, int64_t staff_id, const char *part)
{
	char object[64];
	json_t *payload = json_object();
	json_put_int(payload, "staff", staff_id);
	if (part)
		json_put_str(payload, "part", part);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", c->id), payload);
}

/* Somebody who works here, and from whom the case is not kept. */
static enum err load_officer(const struct casefile_act *act, const struct casefile *c, int64_t staff_id,
    struct staff *ret_staff, struct fault *fault)
{
	enum err e = staff_load(act->tx, staff_id, ret_staff);
	if (e == ERR_NOT_FOUND || (!e && !ret_staff->active))
		return fault_set(fault, ERR_INVALID, "staff_id", N_("Choose a person who works here."), NULL);
	if (!e && ids_hold(c->conflicts, staff_id))
		return fault_set(fault, ERR_CONFLICT, "staff_id",
		    N_("This case is kept from that officer because of a conflict of interest."), NULL);
	return e;
}

static enum err save_lead(const struct casefile_act *act, struct casefile *c, int64_t staff_id, struct fault *fault)
{
	int64_t changed;
	enum err e = db_run_count(act->tx, &sql_casefile_set_assigned,
	    DB_ARGS(db_int(c->id), db_int(staff_id), db_int(c->version)), &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (!e)
		e = count_lead(act->tx, c->assigned_to, -1);
	if (!e)
		e = count_lead(act->tx, staff_id, 1);
	if (e)
		return e;
	c->assigned_to = staff_id;
	c->version++;
	return journal_person(act, c, "casefile.assign", staff_id, NULL);
}

/* Whoever did it knows already. */
static enum err tell_officer(
    const struct casefile_act *act, const struct casefile *c, int64_t staff_id, const char *kind, const char *name)
{
	if (act->actor->kind == ACTOR_STAFF && act->actor->id == staff_id)
		return OK;
	json_t *data = json_object();
	json_put_str(data, "number", c->number);
	json_put_str(data, "name", name);
	const struct notice_new notice = { staff_id, kind, c->id, 0, data };
	return notice_add(act, &notice);
}

enum err casefile_assign_for(
    const struct casefile_act *act, struct casefile *c, int64_t staff_id, const char *reason, struct fault *fault)
{
	struct staff staff;
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	int64_t before = c->assigned_to;
	enum err e = load_officer(act, c, staff_id, &staff, fault);
	if (!e)
		e = assignment_check_lead(act, c, staff_id, staff.name, fault);
	if (!e)
		e = save_lead(act, c, staff_id, fault);
	if (!e && !*c->unit && *staff.unit)
		e = casefile_set_unit(act, c, staff.unit, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	json_put_int(data, "staff", staff_id);
	json_put_str(data, "words", reason);
	e = event_add(act, c->id, "assigned", data);
	if (!e)
		e = tell_officer(act, c, staff_id, "case_given", act->actor->name);
	return e || !before || before == staff_id ? e : tell_officer(act, c, before, "case_taken", staff.name);
}

enum err casefile_assign(const struct casefile_act *act, struct casefile *c, int64_t staff_id, struct fault *fault)
{
	return casefile_assign_for(act, c, staff_id, "", fault);
}

enum err casefile_unassign(const struct casefile_act *act, struct casefile *c, struct fault *fault)
{
	struct staff staff;
	int64_t changed;
	if (!c->assigned_to)
		return OK;
	enum err e = staff_load(act->tx, c->assigned_to, &staff);
	if (!e)
		e = db_run_count(act->tx, &sql_casefile_set_assigned,
		    DB_ARGS(db_int(c->id), db_int_or_null(0), db_int(c->version)), &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (!e)
		e = count_lead(act->tx, c->state->phase == PHASE_CLOSED ? 0 : c->assigned_to, -1);
	if (!e)
		e = journal_person(act, c, "casefile.assign", 0, NULL);
	if (e)
		return e;
	c->assigned_to = 0;
	c->version++;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return event_add(act, c->id, "unassigned", data);
}

enum err casefile_set_unit(const struct casefile_act *act, struct casefile *c, const char *unit, struct fault *fault)
{
	char object[64];
	if (*unit && !profile_unit(act->office->profile, unit))
		return fault_set(fault, ERR_INVALID, "unit", N_("There is no unit “{unit}”."), "unit", unit, NULL);
	if (!strcmp(c->unit, unit))
		return OK;
	enum err e = db_run(act->tx, &sql_casefile_set_unit, DB_ARGS(db_int(c->id), db_text(unit)));
	json_t *payload = json_object();
	json_put_str(payload, "unit", unit);
	enum err j = journal_write(
	    act->tx, act->now, act->actor->tag, "casefile.unit", journal_object(object, "casefile", c->id), payload);
	if (e || j)
		return e ? e : j;
	c->unit = arena_strdup(act->arena, unit);
	return OK;
}

enum err casefile_add_member(
    const struct casefile_act *act, struct casefile *c, int64_t staff_id, const char *part, struct fault *fault)
{
	struct staff staff;
	enum err e = load_officer(act, c, staff_id, &staff, fault);
	if (!e)
		e = db_run(act->tx, &sql_member_put,
		    DB_ARGS(db_int(c->id), db_int(staff_id), db_text(part), db_int(act->now)));
	if (!e)
		e = journal_person(act, c, "casefile.member", staff_id, part);
	if (e)
		return e;
	if (!ids_hold(c->team, staff_id))
		c->team = arena_printf(act->arena, "%s%" PRId64 ",", *c->team ? c->team : ",", staff_id);
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return event_add(act, c->id, "member_added", data);
}

enum err casefile_end_member(const struct casefile_act *act, struct casefile *c, int64_t staff_id, struct fault *fault)
{
	struct staff staff;
	if (!ids_hold(c->team, staff_id))
		return fault_set(
		    fault, ERR_NOT_FOUND, "staff_id", N_("This officer is not in the team of the case."), NULL);
	enum err e = staff_load(act->tx, staff_id, &staff);
	if (!e)
		e = db_run(act->tx, &sql_member_end, DB_ARGS(db_int(c->id), db_int(staff_id), db_int(act->now)));
	if (!e)
		e = journal_person(act, c, "casefile.member_ended", staff_id, NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return event_add(act, c->id, "member_ended", data);
}

/* Upheld or not is said by a finding that somebody signed, never by the closing alone. */
static enum err check_decided(
    const struct casefile_act *act, const struct casefile *c, const struct closing *reason, struct fault *fault)
{
	bool issued = true;
	enum err e = reason->needs_finding ? finding_issued(act->tx, c->id, &issued) : OK;
	if (e || issued)
		return e;
	return fault_set(fault, ERR_CONFLICT, "closing",
	    N_("A case is closed with this reason only after a finding was issued."), NULL);
}

enum err casefile_close(const struct casefile_act *act, struct casefile *c, const char *reason_key, const char *words,
    int64_t seen_version, struct fault *fault)
{
	const struct closing *reason = profile_closing(act->office->profile, reason_key);
	if (!reason)
		return fault_set(
		    fault, ERR_INVALID, "closing", N_("Choose the reason for closing from the list."), NULL);
	enum err e = check_decided(act, c, reason, fault);
	if (!e)
		e = transfer_check_closing(act, c, reason, fault);
	if (!e)
		e = link_guard_close(act, c, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "closing", reason_key);
	json_put_str(data, "words", words);
	const struct step step = { "close", "closed", reason_key, seen_version, data };
	e = move(act, c, &step, fault);
	if (!e)
		e = agency_withdraw_all(act, c->id);
	return e ? e : case_clock_stop_all(act, c->id);
}

enum err casefile_mark_referral(struct db_tx *tx, int64_t casefile_id)
{
	return db_run(tx, &sql_casefile_set_referral, DB_ARGS(db_int(casefile_id)));
}
