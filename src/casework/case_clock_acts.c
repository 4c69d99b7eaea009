/* What officers do to a clock: pause, resume, extend. Each is recorded, and the person is told. */
#include "base/util.h"
#include "casework/case_clock.h"
#include "clock.sql.h"
#include "office/journal.h"

#include <string.h>

/* --- rules ------------------------------------------------------------------------------------------------------- */

static enum err may_change(const struct case_clock *k, struct fault *fault)
{
	if (k->stopped_at)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This time limit has ended already."), NULL);
	if (!k->known)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("The rule of this time limit is not in the institution's profile any more."), NULL);
	return OK;
}

enum err case_clock_may_pause(const struct case_clock *k, struct fault *fault)
{
	enum err e = may_change(k, fault);
	if (e)
		return e;
	if (!k->rule.pausable)
		return fault_set(
		    fault, ERR_DENIED, "reason", N_("The law does not let this time limit stand still."), NULL);
	if (k->paused)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This time limit stands still already."), NULL);
	if (k->course.pauses >= CLOCK_PAUSES_MAX)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This clock was paused too many times."), NULL);
	return OK;
}

enum err case_clock_may_resume(const struct case_clock *k, struct fault *fault)
{
	enum err e = may_change(k, fault);
	if (!e && !k->paused)
		e = fault_set(fault, ERR_CONFLICT, "state", N_("This time limit is running already."), NULL);
	return e;
}

enum err case_clock_may_extend(const struct case_clock *k, int64_t amount, struct fault *fault)
{
	enum err e = may_change(k, fault);
	return e ? e : clock_may_extend(&k->rule, k->course.extensions, amount, fault);
}

bool case_clock_is_ours(const struct clock_rule *rule)
{
	/* What the office itself does at the end of a limit. */
	static const char *const ends[] = { "finding", "decided", "refused", "informed", "first_reply", "review_order",
		"forwarded" };
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (!strcmp(rule->ends, ends[i]))
			return true;
	return false;
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static enum err journal(const struct casefile_act *act, const struct case_clock *k, const char *name, json_t *payload)
{
	char object[64];
	json_put_str(payload, "rule", k->key);
	json_put_int(payload, "clock", k->id);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", k->casefile_id), payload);
}

/* Counts again what the rows now say, and tells it: `payload` and `data` are stolen. */
static enum err finish(const struct casefile_act *act, struct case_clock *k, const char *name, json_t *payload,
    const char *event, json_t *data)
{
	enum err e = case_clock_load(act, k->id, k);
	if (!e)
		e = case_clock_count_again(act, k);
	if (!e)
		e = case_clock_keep_earliest(act, k->casefile_id);
	if (e) {
		json_decref(payload);
		json_decref(data);
		return e;
	}
	if (!k->paused) {
		json_put_int(payload, "due_at", k->due_at);
		json_put_int(data, "due_at", k->due_at);
	}
	json_put_str(data, "rule", k->key);
	e = journal(act, k, name, payload);
	if (!e)
		return event_add(act, k->casefile_id, event, data);
	json_decref(data);
	return e;
}

enum err case_clock_pause(const struct casefile_act *act, struct case_clock *k, const char *reason_key,
    const char *words, struct fault *fault)
{
	enum err e = case_clock_may_pause(k, fault);
	if (!e && !codes_find(&act->office->profile->pause_reasons, reason_key))
		e = fault_set(fault, ERR_INVALID, "reason", N_("Choose the reason from the list."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_clock_pause_begin,
		    DB_ARGS(db_int(k->id), db_int(act->now), db_text(reason_key), db_text(words),
			db_text(act->actor->name)));
	if (e)
		return e;
	json_t *payload = json_object(), *data = json_object();
	json_put_str(payload, "reason", reason_key);
	json_put_str(data, "pause", reason_key);
	json_put_str(data, "words", words);
	return finish(act, k, "clock.pause", payload, "clock_paused", data);
}

enum err case_clock_resume(const struct casefile_act *act, struct case_clock *k, struct fault *fault)
{
	enum err e = case_clock_may_resume(k, fault);
	if (!e)
		e = db_run(
		    act->tx, &sql_clock_pause_end, DB_ARGS(db_int(k->id), db_int(act->now), db_text(act->actor->name)));
	return e ? e : finish(act, k, "clock.resume", json_object(), "clock_resumed", json_object());
}

enum err case_clock_extend(
    const struct casefile_act *act, struct case_clock *k, int64_t amount, const char *reason, struct fault *fault)
{
	enum err e = case_clock_may_extend(k, amount, fault);
	if (!e)
		e = db_run(act->tx, &sql_clock_extension_insert,
		    DB_ARGS(
			db_int(k->id), db_int(act->now), db_int(amount), db_text(reason), db_text(act->actor->name)));
	if (e)
		return e;
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "amount", amount);
	json_put_int(payload, "before", k->due_at);
	json_put_str(data, "words", reason);
	json_put_int(data, "amount", amount);
	return finish(act, k, "clock.extend", payload,
	    case_clock_is_ours(&k->rule) ? "clock_extended" : "clock_lengthened", data);
}
