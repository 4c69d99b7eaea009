/* A case's states and the one door through which they change. */
#include "casework/casefile.h"

#include "base/util.h"
#include "casefile.sql.h"
#include "casework_migrations.sql.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct db_migration *const casework_migrations[] = { &migration_casework_001_casework,
	&migration_casework_004_bodies };
const size_t casework_migration_count = ARRAY_LEN(casework_migrations);

static const struct {
	const char *key, *label, *tally;
} states[CASE_STATE_MAX] = {
	[CASE_RECEIVED] = { "received", N_("Received"), "casefile:received" },
	[CASE_REGISTERED] = { "registered", N_("Registered"), "casefile:registered" },
	[CASE_ADMITTED] = { "admitted", N_("Admitted"), "casefile:admitted" },
	[CASE_WITH_AGENCY] = { "with_agency", N_("With the body complained of"), "casefile:with_agency" },
	[CASE_CLOSED] = { "closed", N_("Closed"), "casefile:closed" },
};

static const struct {
	enum casefile_state from;
	enum casefile_move move;
	enum casefile_state to;
} arrows[] = {
	{ CASE_RECEIVED, CASE_REGISTER, CASE_REGISTERED },
	{ CASE_REGISTERED, CASE_ADMIT, CASE_ADMITTED },
	{ CASE_ADMITTED, CASE_ASK_AGENCY, CASE_WITH_AGENCY },
	{ CASE_WITH_AGENCY, CASE_AGENCY_REPLIED, CASE_ADMITTED },
	{ CASE_RECEIVED, CASE_CLOSE, CASE_CLOSED },
	{ CASE_REGISTERED, CASE_CLOSE, CASE_CLOSED },
	{ CASE_ADMITTED, CASE_CLOSE, CASE_CLOSED },
	{ CASE_WITH_AGENCY, CASE_CLOSE, CASE_CLOSED },
};

/* What each move is called in the journal and in the chronology. */
static const struct {
	const char *act, *event;
} moves[CASE_MOVE_MAX] = {
	[CASE_REGISTER] = { "casefile.register", "registered" },
	[CASE_ADMIT] = { "casefile.admit", "admitted" },
	[CASE_ASK_AGENCY] = { "casefile.ask_agency", "agency_asked" },
	[CASE_AGENCY_REPLIED] = { "casefile.agency_replied", "agency_replied" },
	[CASE_CLOSE] = { "casefile.close", "closed" },
};

const char *casefile_state_key(enum casefile_state state)
{
	return states[state].key;
}

const char *casefile_state_label(enum casefile_state state)
{
	return states[state].label;
}

bool casefile_state_parse(const char *key, enum casefile_state *ret_state)
{
	for (enum casefile_state s = 0; s < CASE_STATE_MAX; s++) {
		if (!strcmp(states[s].key, key)) {
			*ret_state = s;
			return true;
		}
	}
	return false;
}

enum err casefile_next(
    enum casefile_state from, enum casefile_move move, enum casefile_state *ret_to, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (arrows[i].from == from && arrows[i].move == move) {
			*ret_to = arrows[i].to;
			return OK;
		}
	}
	if (from == CASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state",
	    N_("This step is not possible in the present state of the case. Somebody may have moved it; look at it "
	       "again."),
	    NULL);
}

static void read_texts(struct arena *arena, const struct db_rows *rows, struct casefile *c)
{
	const char **text[] = { &c->number, &c->channel, &c->lang, &c->content, &c->content_sha256, &c->body_key,
		&c->body_name, &c->body_country, &c->subject, &c->person_name, &c->due_rule, &c->closing };
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 7 + (int)i));
}

enum err casefile_load(struct db_tx *tx, struct arena *arena, int64_t id, struct casefile *ret_case)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_casefile_by_id, DB_ARGS(db_int(id)), &rows);
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
		.embassy_not_told = db_col_int(rows, 19),
		.has_referral = db_col_int(rows, 20) };
	const char *state = db_col_text(rows, 6);
	if (!state || !casefile_state_parse(state, &c.state))
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
		.unassigned_state = c->state == CASE_RECEIVED || c->state == CASE_REGISTERED,
		.has_referral = c->has_referral };
}

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "version",
	    N_("Somebody else changed this case while you had it open. Nothing of yours was saved; look at it again."),
	    NULL);
}

static enum err save_state(const struct casefile_act *act, const struct casefile *c, enum casefile_state to,
    const char *closing, struct fault *fault)
{
	int64_t changed;
	bool closed = to == CASE_CLOSED;
	enum err e = db_run_count(act->tx, &sql_casefile_set_state,
	    DB_ARGS(db_int(c->id), db_text(states[to].key), db_int(c->version), db_text(closing),
		db_int_or_null(closed ? act->now : 0)),
	    &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (!e)
		e = tally_add(act->tx, states[c->state].tally, -1);
	return e ? e : tally_add(act->tx, states[to].tally, 1);
}

static enum err journal_move(const struct casefile_act *act, const struct casefile *c, const char *name,
    enum casefile_state to, const char *closing)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "from", states[c->state].key);
	json_put_str(payload, "to", states[to].key);
	if (*closing)
		json_put_str(payload, "closing", closing);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", c->id), payload);
}

static enum err move(const struct casefile_act *act, struct casefile *c, enum casefile_move how, int64_t seen_version,
    const char *closing, json_t *data, struct fault *fault)
{
	enum casefile_state to;
	enum err e = casefile_next(c->state, how, &to, fault);
	if (!e && seen_version && seen_version != c->version)
		e = stale(fault);
	if (!e)
		e = save_state(act, c, to, closing, fault);
	if (!e)
		e = journal_move(act, c, moves[how].act, to, closing);
	if (e) {
		json_decref(data);
		return e;
	}
	c->state = to;
	c->version++;
	return event_add(act, c->id, moves[how].event, data);
}

enum err casefile_move(const struct casefile_act *act, struct casefile *c, enum casefile_move how, int64_t seen_version,
    json_t *data, struct fault *fault)
{
	return move(act, c, how, seen_version, "", data, fault);
}

enum err casefile_assign(const struct casefile_act *act, struct casefile *c, int64_t staff_id, struct fault *fault)
{
	struct staff staff;
	char object[64];
	int64_t changed;
	if (c->state == CASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	enum err e = staff_load(act->tx, staff_id, &staff);
	if (e == ERR_NOT_FOUND || (!e && !staff.active))
		return fault_set(fault, ERR_INVALID, "staff_id", N_("Choose a person who works here."), NULL);
	if (!e)
		e = db_run_count(act->tx, &sql_casefile_set_assigned,
		    DB_ARGS(db_int(c->id), db_int(staff_id), db_int(c->version)), &changed);
	if (!e && changed == 0)
		return stale(fault);
	if (e)
		return e;
	c->assigned_to = staff_id;
	c->version++;
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "staff", staff_id);
	json_put_str(data, "name", staff.name);
	e = journal_write(
	    act->tx, act->now, act->actor->tag, "casefile.assign", journal_object(object, "casefile", c->id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return event_add(act, c->id, "assigned", data);
}

enum err casefile_close(const struct casefile_act *act, struct casefile *c, const char *reason_key, const char *words,
    int64_t seen_version, struct fault *fault)
{
	const struct closing *reason = profile_closing(act->office->profile, reason_key);
	if (!reason)
		return fault_set(
		    fault, ERR_INVALID, "closing", N_("Choose the reason for closing from the list."), NULL);
	json_t *data = json_object();
	json_put_str(data, "closing", reason_key);
	json_put_str(data, "words", words);
	enum err e = move(act, c, CASE_CLOSE, seen_version, reason_key, data, fault);
	if (!e)
		e = db_run(act->tx, &sql_clock_stop_all, DB_ARGS(db_int(c->id), db_int(act->now)));
	return e ? e : db_run(act->tx, &sql_casefile_set_due, DB_ARGS(db_int(c->id)));
}

enum err casefile_mark_referral(struct db_tx *tx, int64_t casefile_id)
{
	return db_run(tx, &sql_casefile_set_referral, DB_ARGS(db_int(casefile_id)));
}
