/* Mediation: the rules, and one function for each act inside the compartment. */
#include "casework/mediation.h"

#include "base/util.h"
#include "crypto/crypto.h"
#include "mediation.sql.h"
#include "text/date.h"

#include <string.h>

const char *const mediation_endings[] = { "failed", "withdrawn", NULL };
const char *const mediation_kinds[] = { "session", "note", NULL };

/* --- rules ------------------------------------------------------------------------------------------------------- */

enum err mediation_may_start(
    enum phase phase, bool running, int64_t mediator, int64_t assigned_to, const char *team, struct fault *fault)
{
	enum err e = inquiry_may_begin(phase, fault);
	if (e)
		return e;
	if (running)
		return fault_set(fault, ERR_CONFLICT, "state", N_("A mediation is running already."), NULL);
	if (mediator == assigned_to || ids_hold(team, mediator))
		return fault_set(fault, ERR_INVALID, "mediator_id",
		    N_("Who works on the case cannot be its mediator: what is said in mediation stays there."), NULL);
	return OK;
}

enum err mediation_may(const struct mediation *m, enum mediation_step step, struct fault *fault)
{
	if (strcmp(m->state, "open"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("This mediation has ended."), NULL);
	if (step == MEDIATION_ISSUE && !*m->settlement)
		return fault_set(fault, ERR_CONFLICT, "state", N_("Write the settlement first."), NULL);
	return OK;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err mediation_load(struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct mediation *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_mediation_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct mediation) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.version = db_col_int(rows, 2),
		.mediator = db_col_int(rows, 3),
		.started_at = db_col_int(rows, 4),
		.ended_at = db_col_int(rows, 5),
		.state = arena_strdup(arena, db_col_text(rows, 6)),
		.settlement = arena_strdup(arena, db_col_text(rows, 7)) };
	return OK;
}

struct object mediation_object(const struct mediation *m, const struct casefile *c)
{
	return (struct object) { .casefile_id = c->id, .assigned_to = m->mediator, .conflicts = c->conflicts };
}

static enum err load_for(const struct casefile_act *act, const struct casefile *c, enum mediation_step step,
    struct mediation *ret, struct fault *fault)
{
	enum err e = mediation_load(act->tx, act->arena, c->id, ret);
	return e ? e : mediation_may(ret, step, fault);
}

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "mediation_version",
	    N_("The mediation was changed while you had it open. Nothing of yours was saved; look at it again."), NULL);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static enum err find_mediator(const struct casefile_act *act, int64_t id, struct staff *ret, struct fault *fault)
{
	struct rights rights;
	enum err e = staff_load(act->tx, id, ret);
	if (e == ERR_NOT_FOUND || (!e && !ret->active))
		return fault_set(fault, ERR_INVALID, "mediator_id", N_("Choose a person who works here."), NULL);
	if (!e)
		e = rights_of(act->office->profile, ret->roles, &rights, NULL);
	if (!e && !rights.scope[ACT_CASE_MEDIATE])
		return fault_set(fault, ERR_INVALID, "mediator_id", N_("Choose somebody who may mediate."), NULL);
	return e;
}

enum err mediation_start(const struct casefile_act *act, struct casefile *c, int64_t mediator, int64_t seen_version,
    int64_t *ret_id, struct fault *fault)
{
	struct mediation before;
	struct staff staff;
	enum err e = mediation_load(act->tx, act->arena, c->id, &before);
	bool running = !e && !strcmp(before.state, "open");
	if (e && e != ERR_NOT_FOUND)
		return e;
	e = mediation_may_start(c->state->phase, running, mediator, c->assigned_to, c->team, fault);
	if (!e)
		e = find_mediator(act, mediator, &staff, fault);
	if (!e)
		e = db_get_int(
		    act->tx, &sql_mediation_insert, DB_ARGS(db_int(c->id), db_int(mediator), db_int(act->now)), ret_id);
	if (!e)
		e = inquiry_journal(act, c->id, "mediation.start", "mediation", *ret_id, "open", NULL);
	if (!e) /* they read the case; it never reads them */
		e = casefile_add_member(act, c, mediator, "mediator", fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return casefile_move_if(act, c, "start_mediation", "mediation_started", seen_version, data, fault);
}

enum err mediation_write(
    const struct casefile_act *act, const struct casefile *c, const struct mediation_words *new, struct fault *fault)
{
	struct mediation m;
	struct civil day;
	char digest[SHA256_HEX];
	int64_t changed;
	enum err e = load_for(act, c, MEDIATION_WRITE, &m, fault);
	if (!e && !strcmp(new->kind, "session") && civil_parse(new->held_on, &day))
		e = fault_set(fault, ERR_INVALID, "held_on", N_("Write a day of the calendar."), NULL);
	if (e)
		return e;
	sha256_hex(digest, new->words, strlen(new->words));
	e = db_run_count(act->tx, &sql_mediation_touch, DB_ARGS(db_int(m.id), db_int(m.version)), &changed);
	if (!e)
		e = db_run(act->tx, &sql_mediation_entry_insert,
		    DB_ARGS(db_int(m.id), db_text(new->kind), db_text(strcmp(new->kind, "session") ? "" : new->held_on),
			db_text(new->words), db_text(digest), db_text(act->actor->tag), db_text(act->actor->name),
			db_int(act->now)));
	/* The journal is read by auditors: it says that something was written, and by the digest what, to who has it.
	 */
	return e ? e : inquiry_journal(act, c->id, "mediation.write", "mediation", m.id, NULL, new->words);
}

enum err mediation_draft(
    const struct casefile_act *act, const struct casefile *c, const char *settlement, int64_t seen, struct fault *fault)
{
	struct mediation m;
	int64_t changed = 0;
	enum err e = load_for(act, c, MEDIATION_DRAFT, &m, fault);
	if (!e && seen && seen != m.version)
		e = stale(fault);
	if (!e)
		e = db_run_count(act->tx, &sql_mediation_set_settlement,
		    DB_ARGS(db_int(m.id), db_int(m.version), db_text(settlement)), &changed);
	return e ? e : inquiry_journal(act, c->id, "mediation.draft", "mediation", m.id, NULL, settlement);
}

static enum err end(const struct casefile_act *act, struct casefile *c, const struct mediation *m, const char *result,
    struct fault *fault)
{
	char digest[SHA256_HEX] = "";
	bool settled = !strcmp(result, "settled");
	int64_t changed;
	if (settled)
		sha256_hex(digest, m->settlement, strlen(m->settlement));
	enum err e = db_run_count(act->tx, &sql_mediation_set_ended,
	    DB_ARGS(db_int(m->id), db_int(m->version), db_text(result), db_int(act->now), db_text(digest)), &changed);
	if (!e)
		e = inquiry_journal(act, c->id, settled ? "mediation.issue" : "mediation.end", "mediation", m->id,
		    result, settled ? m->settlement : NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "mediation", result);
	return casefile_move_if(act, c, "end_mediation", "mediation_ended", 0, data, fault);
}

enum err mediation_issue(const struct casefile_act *act, struct casefile *c, int64_t seen, struct fault *fault)
{
	struct mediation m;
	enum err e = load_for(act, c, MEDIATION_ISSUE, &m, fault);
	if (!e && seen && seen != m.version)
		e = stale(fault);
	return e ? e : end(act, c, &m, "settled", fault);
}

enum err mediation_end(const struct casefile_act *act, struct casefile *c, const char *result, struct fault *fault)
{
	struct mediation m;
	enum err e = load_for(act, c, MEDIATION_END, &m, fault);
	return e ? e : end(act, c, &m, result, fault);
}
