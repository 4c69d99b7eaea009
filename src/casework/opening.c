/* Openings with a reason, and conflicts of interest: the rules, and one function for each act. */
#include "casework/opening.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "opening.sql.h"

#include <stdio.h>
#include <string.h>

/* --- rules ------------------------------------------------------------------------------------------------------- */

enum err opening_may_decide(const struct opening *opening, int64_t decider, struct fault *fault)
{
	if (strcmp(opening->kind, "identity") != 0 || opening->decided_at)
		return fault_set(fault, ERR_CONFLICT, "opening", N_("This has been decided already."), NULL);
	if (opening->staff_id == decider)
		return fault_set(
		    fault, ERR_DENIED, "opening", N_("Whoever asks does not decide: another person has to."), NULL);
	return OK;
}

enum err identity_may_ask(const struct actor *actor, const struct object *object, bool waiting, struct fault *fault)
{
	if (!object->withheld)
		return fault_set(fault, ERR_CONFLICT, "reason", N_("The identity in this case is not withheld."), NULL);
	if (may(actor, ACT_IDENTITY_READ, object, NULL) == OK)
		return fault_set(fault, ERR_CONFLICT, "reason", N_("You may know this identity now."), NULL);
	if (waiting)
		return fault_set(
		    fault, ERR_CONFLICT, "reason", N_("You have asked already; a second person has to decide."), NULL);
	return OK;
}

enum err glass_may_break(const struct actor *actor, const struct object *object, struct fault *fault)
{
	if (actor->kind != ACTOR_STAFF)
		return fault_set(fault, ERR_DENIED, NULL, N_("Only a person can do this."), NULL);
	if (may(actor, ACT_CASE_READ, object, NULL) == OK)
		return fault_set(fault, ERR_CONFLICT, "reason", N_("You may read this case as it is."), NULL);
	return OK;
}

void identity_alias(const struct office *office, const char *submission, char out[ALIAS_TEXT])
{
	static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
	uint8_t bytes[32];
	char code[7] = "";
	keys_derive(office->keys, "identity-alias", submission, strlen(submission), bytes);
	for (size_t i = 0; i < sizeof(code) - 1; i++)
		code[i] = letters[bytes[i] % (sizeof(letters) - 1)];
	snprintf(out, ALIAS_TEXT, "Alias-%s", code);
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err opening_load(struct db_tx *tx, struct arena *arena, int64_t id, struct opening *ret_opening)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_opening_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret_opening = (struct opening) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.staff_id = db_col_int(rows, 2),
		.decided_at = db_col_int(rows, 3),
		.kind = arena_strdup(arena, db_col_text(rows, 4)) };
	return OK;
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

/* Reasons may name people: the journal keeps them, the chronology does not. */
static enum err journal(
    const struct casefile_act *act, const struct casefile *c, const char *name, int64_t staff_id, const char *reason)
{
	char object[64];
	json_t *payload = json_object();
	if (staff_id)
		json_put_int(payload, "staff", staff_id);
	if (reason)
		json_put_str(payload, "reason", reason);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", c->id), payload);
}

struct asked {
	const char *kind, *event, *journal, *reason;
	int64_t until; /* 0: not granted yet */
};

static enum err insert(
    const struct casefile_act *act, const struct casefile *c, const struct asked *asked, int64_t *ret_id)
{
	bool granted = asked->until != 0;
	enum err e = db_get_int(act->tx, &sql_opening_insert,
	    DB_ARGS(db_int(c->id), db_text(asked->kind), db_int(act->actor->id), db_text(act->actor->name),
		db_text(asked->reason), db_int(act->now), db_int_or_null(granted ? act->now : 0), db_int(granted),
		db_int_or_null(asked->until)),
	    ret_id);
	if (!e)
		e = journal(act, c, asked->journal, act->actor->id, asked->reason);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", act->actor->name);
	return event_add(act, c->id, asked->event, data);
}

enum err glass_break(
    const struct casefile_act *act, struct casefile *c, const char *reason, int64_t *ret_id, struct fault *fault)
{
	const struct object object = casefile_object(c);
	const struct asked asked = { "glass", "glass_broken", "casefile.glass", reason, act->now + GLASS_MS };
	enum err e = glass_may_break(act->actor, &object, fault);
	return e ? e : insert(act, c, &asked, ret_id);
}

enum err identity_ask(
    const struct casefile_act *act, struct casefile *c, const char *reason, int64_t *ret_id, struct fault *fault)
{
	const struct object object = casefile_object(c);
	const struct asked asked = { "identity", "identity_asked", "identity.ask", reason, 0 };
	int64_t waiting = 0;
	enum err e =
	    db_get_int(act->tx, &sql_opening_waiting_of, DB_ARGS(db_int(c->id), db_int(act->actor->id)), &waiting);
	if (!e)
		e = identity_may_ask(act->actor, &object, waiting > 0, fault);
	if (!e)
		e = insert(act, c, &asked, ret_id);
	return e ? e : tally_add(act->tx, "opening:waiting", 1);
}

enum err identity_decide(
    const struct casefile_act *act, struct casefile *c, int64_t opening_id, bool approve, struct fault *fault)
{
	struct opening opening;
	enum err e = opening_load(act->tx, act->arena, opening_id, &opening);
	if (!e && opening.casefile_id != c->id)
		e = ERR_NOT_FOUND;
	if (!e)
		e = opening_may_decide(&opening, act->actor->id, fault);
	if (!e)
		e = db_run(act->tx, &sql_opening_decide,
		    DB_ARGS(db_int(opening_id), db_int_or_null(act->actor->id), db_text(act->actor->name),
			db_int(act->now), db_int(approve), db_int_or_null(approve ? act->now + IDENTITY_MS : 0)));
	if (!e)
		e = tally_add(act->tx, "opening:waiting", -1);
	if (!e)
		e = journal(act, c, approve ? "identity.approve" : "identity.refuse", opening.staff_id, NULL);
	if (e)
		return e;
	return event_add(act, c->id, approve ? "identity_opened" : "identity_not_opened", NULL);
}

/* --- conflicts of interest --------------------------------------------------------------------------------------- */

enum err conflict_set(
    const struct casefile_act *act, struct casefile *c, int64_t staff_id, const char *reason, struct fault *fault)
{
	struct staff staff;
	enum err e = staff_load(act->tx, staff_id, &staff);
	if (e == ERR_NOT_FOUND)
		return fault_set(fault, ERR_INVALID, "staff_id", N_("Choose a person who works here."), NULL);
	if (!e && ids_hold(c->conflicts, staff_id))
		return fault_set(
		    fault, ERR_CONFLICT, "staff_id", N_("The case is kept from this officer already."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_conflict_put,
		    DB_ARGS(
			db_int(c->id), db_int(staff_id), db_text(reason), db_text(act->actor->tag), db_int(act->now)));
	if (!e)
		e = journal(act, c, "casefile.conflict", staff_id, reason);
	if (!e && c->assigned_to == staff_id)
		e = casefile_unassign(act, c, fault);
	if (!e && ids_hold(c->team, staff_id))
		e = casefile_end_member(act, c, staff_id, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return event_add(act, c->id, "conflict_set", data);
}

enum err conflict_lift(const struct casefile_act *act, struct casefile *c, int64_t staff_id, struct fault *fault)
{
	struct staff staff;
	int64_t changed;
	enum err e = db_run_count(
	    act->tx, &sql_conflict_lift, DB_ARGS(db_int(c->id), db_int(staff_id), db_int(act->now)), &changed);
	if (!e && !changed)
		return fault_set(fault, ERR_NOT_FOUND, "staff_id", N_("The case is not kept from this officer."), NULL);
	if (!e)
		e = staff_load(act->tx, staff_id, &staff);
	if (!e)
		e = journal(act, c, "casefile.conflict_lifted", staff_id, NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", staff.name);
	return event_add(act, c->id, "conflict_lifted", data);
}
