/* Reports asked from bodies complained of: the rules, and one function for each act. */
#include "casework/agency.h"

#include "agency.sql.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

const char *const agency_positions[] = { "accepts", "partly", "denies", NULL };

/* --- rules ------------------------------------------------------------------------------------------------------- */

enum err agency_may(const struct agency_request *request, enum phase phase, enum agency_step step, struct fault *fault)
{
	if (request->replied_at)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This body has answered already."), NULL);
	if (phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	if (step != AGENCY_ESCALATE)
		return OK;
	if (!request->reminded_at)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("Remind the body first; its head is turned to only when the reminder did not help."), NULL);
	if (request->escalated_at)
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("The head of this body has been turned to already."), NULL);
	return OK;
}

static const struct clock_rule *reply_rule(const struct profile *profile, int64_t today)
{
	for (size_t i = 0; i < profile->clocks; i++) {
		const struct clock_rule *rule = &profile->clock[i];
		if (!strcmp(rule->starts, "agency_asked") && !strcmp(rule->ends, "agency_replied") &&
		    profile_clock(profile, rule->key, today) == rule)
			return rule;
	}
	return NULL;
}

enum err agency_due(const struct profile *profile, int64_t now, int64_t *ret_due_at, struct fault *fault)
{
	const struct clock_rule *rule = reply_rule(profile, civil_days(zone_date(profile->calendar.zone, now)));
	struct clock_due due;
	if (!rule)
		return fault_set(fault, ERR_INVALID, "agency_body",
		    N_("The institution's profile has no time limit for a body's report."), NULL);
	enum err e = clock_due(rule, &profile->calendar, now, &due);
	if (!e)
		*ret_due_at = due.due_ms;
	return e;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err agency_load(struct db_tx *tx, struct arena *arena, int64_t id, struct agency_request *ret_request)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_agency_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret_request = (struct agency_request) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.asked_at = db_col_int(rows, 2),
		.due_at = db_col_int(rows, 3),
		.reminded_at = db_col_int(rows, 4),
		.escalated_at = db_col_int(rows, 5),
		.replied_at = db_col_int(rows, 6),
		.body_name = arena_strdup(arena, db_col_text(rows, 7)),
		.question = arena_strdup(arena, db_col_text(rows, 8)),
		.position = arena_strdup(arena, db_col_text(rows, 9)),
		.reply = arena_strdup(arena, db_col_text(rows, 10)),
		.remedy = arena_strdup(arena, db_col_text(rows, 11)) };
	return OK;
}

/* A request of another case is none of this one's, whatever the address says. */
static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id, enum agency_step step,
    struct agency_request *ret, struct fault *fault)
{
	enum err e = agency_load(act->tx, act->arena, id, ret);
	if (!e && ret->casefile_id != c->id)
		e = ERR_NOT_FOUND;
	return e ? e : agency_may(ret, c->state->phase, step, fault);
}

static enum err journal(
    const struct casefile_act *act, int64_t casefile_id, const char *name, int64_t request_id, const char *words)
{
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	json_put_int(payload, "request", request_id);
	if (words) {
		sha256_hex(digest, words, strlen(words));
		json_put_str(payload, "sha256", digest);
	}
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", casefile_id), payload);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

enum err agency_ask(const struct casefile_act *act, struct casefile *c, const struct agency_question *q,
    int64_t seen_version, int64_t *ret_id, struct fault *fault)
{
	int64_t due_at, id;
	enum err e = agency_due(act->office->profile, act->now, &due_at, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "body", q->body_name);
	json_put_int(data, "due_at", due_at);
	json_put_str(data, "words", q->question);
	e = casefile_move(act, c, "ask_agency", seen_version, data, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_agency_insert,
		    DB_ARGS(
			db_int(c->id), db_text(q->body_name), db_text(q->question), db_int(act->now), db_int(due_at)),
		    &id);
	if (!e)
		e = journal(act, c->id, "agency.ask", id, q->question);
	if (!e)
		*ret_id = id;
	return e;
}

enum err agency_remind(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct fault *fault)
{
	struct agency_request request;
	enum err e = load_for(act, c, request_id, AGENCY_REMIND, &request, fault);
	if (!e)
		e = db_run(act->tx, &sql_agency_set_reminded, DB_ARGS(db_int(request_id), db_int(act->now)));
	if (!e)
		e = journal(act, c->id, "agency.remind", request_id, NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "body", request.body_name);
	return event_add(act, c->id, "agency_reminded", data);
}

enum err agency_escalate(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct fault *fault)
{
	struct agency_request request;
	enum err e = load_for(act, c, request_id, AGENCY_ESCALATE, &request, fault);
	if (!e)
		e = db_run(act->tx, &sql_agency_set_escalated, DB_ARGS(db_int(request_id), db_int(act->now)));
	if (!e)
		e = journal(act, c->id, "agency.escalate", request_id, NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "body", request.body_name);
	return event_add(act, c->id, "agency_escalated", data);
}

enum err agency_record_reply(const struct casefile_act *act, struct casefile *c, int64_t request_id,
    const struct agency_answer *answer, int64_t seen_version, struct fault *fault)
{
	struct agency_request request;
	enum err e = load_for(act, c, request_id, AGENCY_REPLY, &request, fault);
	if (e)
		return e;
	const char *words =
	    *answer->remedy ? arena_printf(act->arena, "%s\n\n%s", answer->reply, answer->remedy) : answer->reply;
	json_t *data = json_object();
	json_put_str(data, "body", request.body_name);
	json_put_str(data, "position", answer->position);
	json_put_str(data, "words", words);
	e = casefile_move(act, c, "agency_replied", seen_version, data, fault);
	if (!e)
		e = db_run(act->tx, &sql_agency_set_reply,
		    DB_ARGS(db_int(request_id), db_int(act->now), db_text(answer->position), db_text(answer->reply),
			db_text(answer->remedy)));
	return e ? e : journal(act, c->id, "agency.reply", request_id, words);
}
