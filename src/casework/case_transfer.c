/* Transfers to other offices: the rule, the one door, and the list. */
#include "casework/case_transfer.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "case_transfer.sql.h"
#include "casework/case_view.h"
#include "office/journal.h"
#include "text/country.h"
#include "text/date.h"

#include <string.h>

#define ANSWER_DAYS 30 /* expected when nobody says otherwise */

const char *const transfer_methods[] = { "post", "email", "hand", "system", NULL };
const char *const transfer_consents[] = { "written", "spoken", "page", NULL };
const char *const transfer_grounds[] = { "person_refused", "none_competent", NULL };

static const struct {
	const char *key, *label, *tone;
} states[TRANSFER_STATE_MAX] = {
	[TRANSFER_PREPARED] = { "prepared", N_("Prepared"), "new" },
	[TRANSFER_CONSENTED] = { "consented", N_("The person agrees"), "info" },
	[TRANSFER_SENT] = { "sent", N_("Sent"), "waiting" },
	[TRANSFER_CONFIRMED] = { "confirmed", N_("Receipt confirmed"), "active" },
	[TRANSFER_ANSWERED] = { "answered", N_("Answered"), "closed" },
	[TRANSFER_REFUSED] = { "refused", N_("Not taken there"), "refused" },
	[TRANSFER_GIVEN_UP] = { "given_up", N_("Given up"), "closed" },
	[TRANSFER_IMPOSSIBLE] = { "impossible", N_("No transfer possible"), "closed" },
};

static const struct {
	enum transfer_state from;
	enum transfer_move move;
	enum transfer_state to;
} arrows[] = {
	{ TRANSFER_PREPARED, TRANSFER_CONSENT, TRANSFER_CONSENTED },
	{ TRANSFER_PREPARED, TRANSFER_GIVE_UP, TRANSFER_GIVEN_UP },
	{ TRANSFER_CONSENTED, TRANSFER_SEND, TRANSFER_SENT },
	{ TRANSFER_CONSENTED, TRANSFER_GIVE_UP, TRANSFER_GIVEN_UP },
	{ TRANSFER_SENT, TRANSFER_CONFIRM, TRANSFER_CONFIRMED },
	{ TRANSFER_SENT, TRANSFER_ANSWER, TRANSFER_ANSWERED },
	{ TRANSFER_SENT, TRANSFER_REFUSE, TRANSFER_REFUSED },
	{ TRANSFER_CONFIRMED, TRANSFER_ANSWER, TRANSFER_ANSWERED },
	{ TRANSFER_CONFIRMED, TRANSFER_REFUSE, TRANSFER_REFUSED },
};

static const char *const move_events[TRANSFER_MOVE_MAX] = {
	[TRANSFER_CONSENT] = "transfer_consented",
	[TRANSFER_SEND] = "transfer_sent",
	[TRANSFER_CONFIRM] = "transfer_confirmed",
	[TRANSFER_ANSWER] = "transfer_answered",
	[TRANSFER_REFUSE] = "transfer_refused",
	[TRANSFER_GIVE_UP] = "transfer_given_up",
};

const char *transfer_state_key(enum transfer_state state)
{
	return states[state].key;
}

const char *transfer_state_label(enum transfer_state state)
{
	return states[state].label;
}

bool transfer_state_parse(const char *key, enum transfer_state *ret_state)
{
	for (enum transfer_state s = 0; s < TRANSFER_STATE_MAX; s++) {
		if (!strcmp(states[s].key, key)) {
			*ret_state = s;
			return true;
		}
	}
	return false;
}

enum err transfer_next(
    enum transfer_state from, enum transfer_move move, enum transfer_state *ret_to, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (arrows[i].from == from && arrows[i].move == move) {
			*ret_to = arrows[i].to;
			return OK;
		}
	}
	if (from == TRANSFER_PREPARED && move == TRANSFER_SEND)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("Nothing is passed on before the person agreed. Record the agreement first."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state",
	    N_("This step is not possible in the present state of the transfer. Look at it again."), NULL);
}

bool transfer_frees(enum transfer_state state)
{
	return state == TRANSFER_SENT || state == TRANSFER_CONFIRMED || state == TRANSFER_ANSWERED ||
	       state == TRANSFER_IMPOSSIBLE;
}

enum err transfer_may_close(const struct closing *reason, bool freed, struct fault *fault)
{
	if (!reason->needs_transfer || freed)
		return OK;
	return fault_set(fault, ERR_CONFLICT, "closing",
	    N_("Nobody is sent away with this reason alone: pass the complaint on to an office that can deal with it, "
	       "or "
	       "record why that is not possible (under “Screening”)."),
	    NULL);
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

struct transfer { /* texts live in the act's arena */
	int64_t id, casefile_id, created_at, consented_at, sent_at, due_at, confirmed_at, ended_at;
	enum transfer_state state;
	const char *office_key, *office_name, *country, *what, *ground, *consent, *method, *their_number, *answer;
};

static bool read_row(struct arena *arena, const struct db_rows *rows, struct transfer *t)
{
	const char **text[] = { &t->office_key, &t->office_name, &t->country, &t->what, NULL, &t->ground, &t->consent,
		&t->method, &t->their_number, &t->answer };
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		if (text[i])
			*text[i] = arena_strdup(arena, db_col_text(rows, 1 + (int)i));
	t->casefile_id = db_col_int(rows, 0);
	t->created_at = db_col_int(rows, 11);
	t->consented_at = db_col_int(rows, 12);
	t->sent_at = db_col_int(rows, 13);
	t->due_at = db_col_int(rows, 14);
	t->confirmed_at = db_col_int(rows, 15);
	t->ended_at = db_col_int(rows, 16);
	t->id = db_col_int(rows, 17);
	return transfer_state_parse(db_col_text(rows, 5), &t->state);
}

static enum err load(const struct casefile_act *act, int64_t casefile_id, int64_t id, struct transfer *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_case_transfer_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows) || db_col_int(rows, 0) != casefile_id)
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	return read_row(act->arena, rows, ret) ? OK : ERR_STORE;
}

static enum err save(const struct casefile_act *act, const struct transfer *t)
{
	return db_run(act->tx, &sql_case_transfer_set,
	    DB_ARGS(db_int(t->id), db_text(states[t->state].key), db_text(t->consent), db_text(t->method),
		db_text(t->their_number), db_text(t->answer), db_int_or_null(t->consented_at),
		db_int_or_null(t->sent_at), db_int_or_null(t->due_at), db_int_or_null(t->confirmed_at),
		db_int_or_null(t->ended_at)));
}

/* --- traces ------------------------------------------------------------------------------------------------------ */

static json_t *office_names(const struct profile *profile, const struct transfer *t)
{
	const struct other_office *office = *t->office_key ? profile_other(profile, t->office_key) : NULL;
	json_t *names;
	if (!office)
		return json_string(t->office_name);
	names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (office->name.in[lang])
			json_put_str(names, lang_code(lang), office->name.in[lang]);
	return names;
}

static enum err leave_traces(const struct casefile_act *act, const struct transfer *t, const char *event)
{
	char object[64];
	json_t *payload = json_object(), *data = json_object();
	json_put_int(payload, "transfer", t->id);
	json_put_str(payload, "state", states[t->state].key);
	json_put_str(payload, "office", t->office_name);
	json_put(data, "office", office_names(act->office->profile, t));
	json_put_str(data, "words", t->answer);
	if (*t->their_number)
		json_put_str(data, "number", t->their_number);
	if (*t->ground)
		json_put_str(data, "ground", t->ground);
	if (t->due_at)
		json_put_int(data, "due_at", t->due_at);
	enum err e = journal_write(
	    act->tx, act->now, act->actor->tag, event, journal_object(object, "casefile", t->casefile_id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return event_add(act, t->casefile_id, event, data);
}

/* --- the doors --------------------------------------------------------------------------------------------------- */

static enum err insert(const struct casefile_act *act, struct transfer *t)
{
	return db_get_int(act->tx, &sql_case_transfer_insert,
	    DB_ARGS(db_int(t->casefile_id), db_text(t->office_key), db_text(t->office_name), db_text(t->country),
		db_text(t->what), db_text(states[t->state].key), db_text(t->ground), db_text(t->answer),
		db_int(t->created_at), db_int_or_null(t->ended_at)),
	    &t->id);
}

enum err transfer_prepare(const struct casefile_act *act, struct casefile *c, const struct transfer_new *new,
    int64_t *ret_id, struct fault *fault)
{
	const struct profile *profile = act->office->profile;
	const struct other_office *office = *new->office_key ? profile_other(profile, new->office_key) : NULL;
	struct transfer t = { .casefile_id = c->id,
		.state = TRANSFER_PREPARED,
		.office_key = new->office_key,
		.office_name = office ? names_in(&office->name, profile->language) : new->office_name,
		.country = office ? office->country : new->country,
		.what = new->what,
		.ground = "",
		.their_number = "",
		.answer = "",
		.created_at = act->now };
	if (*new->office_key && !office)
		return fault_set(fault, ERR_INVALID, "office_key", N_("Choose an office from the list."), NULL);
	if (!*t.office_name)
		return fault_set(
		    fault, ERR_INVALID, "office_name", N_("Choose an office from the list, or write its name."), NULL);
	enum err e = insert(act, &t);
	if (e)
		return e;
	*ret_id = t.id;
	return leave_traces(act, &t, "transfer_prepared");
}

enum err transfer_impossible(const struct casefile_act *act, struct casefile *c, const char *ground, const char *words,
    int64_t *ret_id, struct fault *fault)
{
	struct transfer t = { .casefile_id = c->id,
		.state = TRANSFER_IMPOSSIBLE,
		.office_key = "",
		.office_name = "",
		.country = "",
		.what = "",
		.ground = ground,
		.their_number = "",
		.answer = words,
		.created_at = act->now,
		.ended_at = act->now };
	if (!*words)
		return fault_set(fault, ERR_INVALID, "no_transfer_words", N_("Write the reason."), NULL);
	enum err e = insert(act, &t);
	if (e)
		return e;
	*ret_id = t.id;
	return leave_traces(act, &t, "transfer_impossible");
}

static enum err missing(struct fault *fault, const char *field, const char *words)
{
	return fault_set(fault, ERR_INVALID, field, words, NULL);
}

/* What the step says goes into the row; what it must say is missed here. */
static enum err take_step(const struct casefile_act *act, struct transfer *t, enum transfer_move move,
    const struct transfer_step *step, struct fault *fault)
{
	switch (move) {
	case TRANSFER_CONSENT:
		if (!*step->consent)
			return missing(fault, "consent", N_("Say how the person agreed."));
		t->consent = step->consent;
		t->consented_at = act->now;
		return OK;
	case TRANSFER_SEND:
		if (!*step->method)
			return missing(fault, "method", N_("Say how it was sent."));
		t->method = step->method;
		t->sent_at = act->now;
		t->due_at = step->due_at ? step->due_at : act->now + ANSWER_DAYS * DAY_MS;
		return t->due_at > act->now ? OK : missing(fault, "due", N_("Choose a day in the future."));
	case TRANSFER_CONFIRM:
		if (!*step->their_number)
			return missing(fault, "their_number", N_("Write under what number it has been entered there."));
		t->their_number = step->their_number;
		t->confirmed_at = act->now;
		return OK;
	default:
		if (!*step->words)
			return missing(fault, "transfer_words", N_("Write what they answered, or why."));
		t->answer = step->words;
		t->ended_at = act->now;
		return OK;
	}
}

enum err transfer_move(const struct casefile_act *act, struct casefile *c, int64_t id, enum transfer_move move,
    const struct transfer_step *step, struct fault *fault)
{
	struct transfer t = { 0 };
	enum transfer_state to;
	enum err e = load(act, c->id, id, &t);
	if (!e)
		e = transfer_next(t.state, move, &to, fault);
	if (!e)
		e = take_step(act, &t, move, step, fault);
	if (e)
		return e;
	t.state = to;
	e = save(act, &t);
	return e ? e : leave_traces(act, &t, move_events[move]);
}

enum err transfer_check_closing(
    const struct casefile_act *act, const struct casefile *c, const struct closing *reason, struct fault *fault)
{
	int64_t freeing = 0;
	if (!reason->needs_transfer)
		return OK;
	enum err e = db_get_int(act->tx, &sql_case_transfer_freeing, DB_ARGS(db_int(c->id)), &freeing);
	return e ? e : transfer_may_close(reason, freeing > 0, fault);
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static json_t *state_json(enum lang lang, enum transfer_state state)
{
	json_t *json = json_object();
	json_put_str(json, "key", states[state].key);
	json_put_str(json, "label", text_get(lang, states[state].label));
	json_put_str(json, "tone", states[state].tone);
	return json;
}

/* Which steps are possible now: {"consent": true, …}. */
static json_t *steps_json(enum transfer_state from)
{
	static const char *const names[TRANSFER_MOVE_MAX] = { [TRANSFER_CONSENT] = "consent",
		[TRANSFER_SEND] = "send",
		[TRANSFER_CONFIRM] = "confirm",
		[TRANSFER_ANSWER] = "answer",
		[TRANSFER_REFUSE] = "refuse",
		[TRANSFER_GIVE_UP] = "give_up" };
	json_t *steps = json_object();
	enum transfer_state to;
	for (enum transfer_move move = 0; move < TRANSFER_MOVE_MAX; move++)
		json_put_bool(steps, names[move], transfer_next(from, move, &to, NULL) == OK);
	return steps;
}

static json_t *transfer_json(const struct casefile_act *act, enum lang lang, const struct transfer *t)
{
	const struct profile *profile = act->office->profile;
	const struct other_office *office = *t->office_key ? profile_other(profile, t->office_key) : NULL;
	json_t *json = json_object();
	json_put_int(json, "id", t->id);
	json_put_int(json, "casefile_id", t->casefile_id);
	json_put_str(json, "office_name", office ? names_in(&office->name, lang) : t->office_name);
	json_put_str(json, "country_name", *t->country ? country_name(lang, t->country) : NULL);
	json_put_str(json, "what", t->what);
	json_put(json, "state", state_json(lang, t->state));
	json_put_bool(json, "impossible", t->state == TRANSFER_IMPOSSIBLE);
	json_put_str(json, "ground", *t->ground ? event_code_words(lang, profile, "ground", t->ground) : NULL);
	json_put_str(json, "consent", *t->consent ? event_code_words(lang, profile, "consent", t->consent) : NULL);
	json_put_str(json, "method", *t->method ? event_code_words(lang, profile, "method", t->method) : NULL);
	json_put_str(json, "their_number", *t->their_number ? t->their_number : NULL);
	json_put_str(json, "answer", *t->answer ? t->answer : NULL);
	view_put_day(act, lang, json, "created", t->created_at);
	view_put_day(act, lang, json, "consented", t->consented_at);
	view_put_day(act, lang, json, "sent", t->sent_at);
	view_put_day(act, lang, json, "due", t->due_at);
	view_put_day(act, lang, json, "confirmed", t->confirmed_at);
	view_put_day(act, lang, json, "ended", t->ended_at);
	json_put_bool(json, "late", t->due_at && !t->ended_at && act->now > t->due_at);
	json_put_bool(json, "ended_now", t->ended_at != 0);
	json_put(json, "steps", steps_json(t->state));
	return json;
}

json_t *transfer_row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	struct transfer t = { 0 };
	return read_row(act->arena, rows, &t) ? transfer_json(act, lang, &t) : json_object();
}

enum err case_transfer_list(const struct casefile_act *act, enum lang lang, int64_t casefile_id, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_case_transfer_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	json_t *list = json_array();
	while (db_next(rows))
		json_add(list, transfer_row_json(act, lang, rows));
	e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
