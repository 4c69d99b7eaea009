/* Recommendations and the evidence of compliance: the rules, and one function for each act. */
#include "casework/recommendation.h"

#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "recommendation.sql.h"
#include "text/date.h"

#include <string.h>

const char *const recommendation_answers[] = { "accepted", "implemented", "refused", NULL };

/* --- rules ------------------------------------------------------------------------------------------------------- */

enum err recommendation_may_issue(enum phase phase, struct fault *fault)
{
	if (phase != PHASE_INTAKE && phase != PHASE_CLOSED)
		return OK;
	if (phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state",
	    N_("A recommendation can be made only after the complaint was admitted."), NULL);
}

enum err recommendation_may_answer(const struct recommendation *r, const char *new_state, struct fault *fault)
{
	bool known = false;
	for (size_t i = 0; recommendation_answers[i]; i++)
		known = known || !strcmp(recommendation_answers[i], new_state);
	if (!known)
		return fault_set(fault, ERR_INVALID, "evidence_state", N_("Choose one of the answers."), NULL);
	if (!strcmp(r->state, "implemented"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("This recommendation has been carried out."), NULL);
	return OK;
}

static const struct clock_rule *carry_out_rule(const struct profile *profile, int64_t today)
{
	for (size_t i = 0; i < profile->clocks; i++) {
		const struct clock_rule *rule = &profile->clock[i];
		if (!strcmp(rule->starts, "recommended") && !strcmp(rule->ends, "implemented") &&
		    profile_clock(profile, rule->key, today) == rule)
			return rule;
	}
	return NULL;
}

enum err recommendation_due(
    const struct profile *profile, const char *date, int64_t now, int64_t *ret_due_at, struct fault *fault)
{
	const char *zone = profile->calendar.zone;
	int64_t today = civil_days(zone_date(zone, now));
	struct civil day;
	if (*date) {
		if (civil_parse(date, &day) || civil_days(day) <= today)
			return fault_set(fault, ERR_INVALID, "due", N_("Choose a day that is still to come."), NULL);
		*ret_due_at = zone_day_start(zone, civil_from_days(civil_days(day) + 1)) - 1;
		return OK;
	}
	const struct clock_rule *rule = carry_out_rule(profile, today);
	struct clock_due due;
	if (!rule)
		return fault_set(fault, ERR_INVALID, "due", N_("Give the day by which it is to be carried out."), NULL);
	enum err e = clock_due(rule, &profile->calendar, now, &due);
	if (!e)
		*ret_due_at = due.due_ms;
	return e;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err recommendation_load(struct db_tx *tx, struct arena *arena, int64_t id, struct recommendation *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_recommendation_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct recommendation) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.issued_at = db_col_int(rows, 2),
		.due_at = db_col_int(rows, 3),
		.evidence_at = db_col_int(rows, 4),
		.addressee = arena_strdup(arena, db_col_text(rows, 5)),
		.measure = arena_strdup(arena, db_col_text(rows, 6)),
		.state = arena_strdup(arena, db_col_text(rows, 7)),
		.evidence = arena_strdup(arena, db_col_text(rows, 8)) };
	return OK;
}

static enum err journal(const struct casefile_act *act, int64_t casefile_id, const char *name, int64_t id,
    const char *state, const char *words)
{
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	sha256_hex(digest, words, strlen(words));
	json_put_int(payload, "recommendation", id);
	json_put_str(payload, "state", state);
	json_put_str(payload, "sha256", digest);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", casefile_id), payload);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static enum err issue_event(
    const struct casefile_act *act, int64_t casefile_id, const struct recommendation_new *new, int64_t due_at)
{
	json_t *data = json_object();
	json_put_str(data, "addressee", new->addressee);
	json_put_str(data, "body", new->addressee);
	json_put_int(data, "due_at", due_at);
	json_put_str(data, "words", new->measure);
	enum err e = event_add(act, casefile_id, "recommendation_issued", data);
	/* A day chosen by hand stands on the recommendation alone: the legal limit's clock would contradict it. */
	return e || *new->due ? e : case_clock_on(act, casefile_id, "recommended");
}

enum err recommendation_issue(const struct casefile_act *act, const struct casefile *c,
    const struct recommendation_new *new, int64_t *ret_id, struct fault *fault)
{
	int64_t due_at, id;
	enum err e = recommendation_may_issue(c->state->phase, fault);
	if (!e)
		e = recommendation_due(act->office->profile, new->due, act->now, &due_at, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_recommendation_insert,
		    DB_ARGS(db_int(c->id), db_text(new->addressee), db_text(new->measure), db_int(act->now),
			db_int(due_at)),
		    &id);
	if (!e)
		e = journal(act, c->id, "recommendation.issue", id, "issued", new->measure);
	if (!e)
		e = issue_event(act, c->id, new, due_at);
	if (!e)
		*ret_id = id;
	return e;
}

enum err recommendation_evidence(const struct casefile_act *act, const struct casefile *c, int64_t id,
    const char *state, const char *words, struct fault *fault)
{
	struct recommendation r;
	enum err e = recommendation_load(act->tx, act->arena, id, &r);
	if (!e && r.casefile_id != c->id)
		e = ERR_NOT_FOUND;
	if (!e)
		e = recommendation_may_answer(&r, state, fault);
	if (!e)
		e = db_run(act->tx, &sql_recommendation_set_state,
		    DB_ARGS(db_int(id), db_text(state), db_text(words), db_int(act->now)));
	if (!e)
		e = journal(act, c->id, "recommendation.evidence", id, state, words);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "addressee", r.addressee);
	json_put_str(data, "body", r.addressee);
	json_put_str(data, "state", state);
	json_put_str(data, "words", words);
	e = event_add(act, c->id, "recommendation_evidence", data);
	return e || strcmp(state, "implemented") ? e : case_clock_on(act, c->id, "implemented");
}
