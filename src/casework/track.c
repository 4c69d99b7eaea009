/* Following a complaint: number and code lead to one case, and its person sees it in plain words. */
#include "base/id.h"
#include "base/util.h"
#include "casefile.sql.h"
#include "casework/agency_portal.h"
#include "casework/inquiry_view.h"
#include "casework/intake.h"
#include "casework/public.h"
#include "casework/registry.h"
#include "crypto/crypto.h"
#include "office/current.h"
#include "office/journal.h"
#include "office/numbering.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

/* --- number and code --------------------------------------------------------------------------------------------- */

struct find_work {
	const char *number;
	int64_t id;
	char hash[SHA256_HEX];
};

static enum err find(struct db_tx *tx, void *arg)
{
	struct find_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_casefile_code, DB_ARGS(db_text(work->number)), &rows);
	work->id = 0;
	work->hash[0] = '\0';
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	work->id = db_col_int(rows, 0);
	copy_text(work->hash, sizeof(work->hash), db_col_text(rows, 1));
	return OK;
}

/* The number as the office writes it; what cannot be one still goes the whole way, so that it costs the same. */
static const char *canonical(struct request *rq, const char *typed)
{
	char number[NUMBER_TEXT];
	if (!numbering_read(office_of(rq)->profile, typed, number, NULL))
		return "-";
	return arena_strdup(rq->arena, number);
}

/* Wrong codes count by number and by where they come from: who guesses slows himself, never the person whose number it
 * is. What is no number counts by itself, so that a town behind one address shares no count of misprints. */
static const char *throttle_key(struct request *rq, const char *number, const char *typed)
{
	char network[NETWORK_TEXT];
	return arena_printf(
	    rq->arena, "%s/%s", strcmp(number, "-") ? number : typed, throttle_network(rq->ip, network));
}

/* Compares digests, never codes, and always one: a dummy where there is no such case or nobody may follow it. */
static bool right_code(const struct office *office, const struct find_work *work, const char *typed)
{
	char code[CODE_TEXT], given[SHA256_HEX], kept[SHA256_HEX];
	bool readable = code_normalise(code, typed);
	intake_code_hash(office, readable ? code : "-", given);
	memset(kept, '0', sizeof(kept));
	bool known = strlen(work->hash) == sizeof(kept) - 1;
	if (known)
		memcpy(kept, work->hash, sizeof(kept));
	return bytes_equal(given, kept, sizeof(kept) - 1) && known && readable;
}

enum err track_find(
    struct request *rq, const char *typed_number, const char *typed_code, int64_t *ret_id, struct fault *fault)
{
	struct office *office = office_of(rq);
	struct find_work work = { .number = canonical(rq, typed_number) };
	const char *key = throttle_key(rq, work.number, typed_number);
	enum err e = throttle_ask(office->throttle, "track", key, rq->now, fault);
	if (!e)
		e = throttle_ask_address(office->throttle, "track-ip", rq->ip, rq->now, fault);
	if (!e)
		e = db_read(office->db, find, &work);
	if (e)
		return e;
	if (!right_code(office, &work, typed_code)) {
		throttle_fail(office->throttle, "track", key, rq->now);
		throttle_fail_address(office->throttle, "track-ip", rq->ip, rq->now);
		return fault_set(fault, ERR_INVALID, "number",
		    N_("The number or the code is not right. Look at your receipt or notes."), NULL);
	}
	throttle_clear(office->throttle, "track", key);
	*ret_id = work.id;
	return OK;
}

/* --- what the person sees ---------------------------------------------------------------------------------------- */

struct view_work {
	struct request *rq;
	const struct actor *actor;
	json_t *view;
	struct fault *fault;
};

static json_t *state_json(enum lang lang, const struct state *state)
{
	json_t *one = json_object();
	json_put_str(one, "key", state->key);
	json_put_str(one, "tone", state->tone);
	json_put_str(one, "words", names_in(&state->person, lang));
	json_put_str(one, "label", names_in(&state->name, lang));
	return one;
}

static void put_case(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	const struct profile *profile = act->office->profile;
	const struct body *body = registry_find(act->tx, act->office, act->arena, c->body_key);
	json_put_str(view, "number", c->number);
	json_put(view, "state", state_json(lang, c->state));
	json_put_str(view, "received", date_long(act->arena, lang, profile->calendar.zone, c->received_at));
	json_put_str(view, "body_complained_of", body ? names_in(&body->name, lang) : c->body_name);
	json_put_str(view, "subject",
	    code_name(act->office, "subjects", c->subject, lang, office_day(act->office, c->received_at)));
	json_put_bool(view, "embassy_not_told", c->embassy_not_told);
	json_put_bool(view, "closed", c->state->phase == PHASE_CLOSED);
	if (c->due_rule) /* without an end it stands still */
		json_put(view, "next", case_clock_running(act, lang, c->due_rule, c->due_at, c->received_at));
}

/* The person's own files only: what a body or a partner sent is told in words. */
static json_t *own_files(const json_t *documents)
{
	json_t *list = json_array(), *one;
	size_t i;
	json_array_foreach(documents, i, one) if (json_bool_or(one, "from_person", false)) json_array_append(list, one);
	return list;
}

static enum err put_lists(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	json_t *events = NULL, *texts = NULL, *documents = NULL;
	enum err e = event_list(act, lang, c->id, true, &events);
	if (e)
		return e;
	json_put(view, "events", events);
	e = text_list(act->tx, act->office, lang, c->id, true, &texts);
	if (e)
		return e;
	json_put_bool(view, "has_messages", json_array_size(texts) > 0);
	json_put(view, "messages", texts);
	e = document_list(act->tx, act->office, lang, c->id, &documents);
	if (e)
		return e;
	json_t *own = own_files(documents);
	json_decref(documents);
	json_put_bool(view, "has_documents", json_array_size(own) > 0);
	json_put(view, "documents", own);
	return OK;
}

static enum err load_view(struct db_tx *tx, void *arg)
{
	struct view_work *work = arg;
	struct request *rq = work->rq;
	const struct casework_plugin *plugin = casework_plugged();
	const struct casefile_act act = { office_of(rq), tx, work->actor, rq->now, rq->arena };
	struct casefile c;
	enum err e = casefile_load(office_of(rq), tx, rq->arena, work->actor->id, &c);
	if (e)
		return e;
	struct object object = casefile_object(&c);
	e = may(work->actor, ACT_CASE_FOLLOW, &object, work->fault);
	if (e)
		return e;
	work->view = json_owned(rq->arena, json_object());
	put_case(&act, rq->lang, &c, work->view);
	e = put_lists(&act, rq->lang, &c, work->view);
	if (!e)
		e = agency_person_view(&act, rq->lang, &c, work->view);
	if (!e)
		e = track_flow_view(&act, rq->lang, &c, work->view);
	if (!e)
		e = inquiry_person_view(&act, rq->lang, &c, work->view);
	if (!e && plugin && plugin->person_view)
		e = plugin->person_view(&act, rq->lang, &c, work->view);
	return e;
}

enum err track_view(struct request *rq, const struct actor *actor, json_t **ret_view, struct fault *fault)
{
	struct view_work work = { .rq = rq, .actor = actor, .fault = fault };
	char object[64];
	enum err e = db_read(office_of(rq)->db, load_view, &work);
	if (e)
		return e;
	journal_read_later(
	    office_of(rq)->reads, rq->now, actor->tag, "casefile.read", journal_object(object, "casefile", actor->id));
	*ret_view = json_incref(work.view);
	return OK;
}

/* --- the receipt ------------------------------------------------------------------------------------------------- */

struct number_work {
	const struct office *office;
	struct arena *arena;
	int64_t id;
	const char *number;
};

static enum err load_number(struct db_tx *tx, void *arg)
{
	struct number_work *work = arg;
	struct casefile c;
	enum err e = casefile_load(work->office, tx, work->arena, work->id, &c);
	if (!e)
		work->number = c.number;
	return e;
}

enum err track_receipt_reply(struct request *rq, struct reply *rp, int64_t casefile_id)
{
	struct number_work work = { .office = office_of(rq), .arena = rq->arena, .id = casefile_id };
	char *jws CLEANUP(free_ptr) = NULL;
	enum err e = db_read(office_of(rq)->db, load_number, &work);
	if (!e)
		e = receipt_make(office_of(rq), casefile_id, &jws);
	if (e)
		return e;
	/* A number holds capital letters, digits, '-' and '.' only (office/number.h). */
	reply_header(
	    rp, "Content-Disposition", arena_printf(rq->arena, "attachment; filename=\"%s.jws\"", work.number));
	return reply_text(rp, 200, "application/jose", jws);
}
