/* Loads and saves referrals, and holds the door through which they change. */
#include "cooperation/referral_db.h"

#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "referral.sql.h"

#include <stdlib.h>
#include <string.h>

/* --- loading ------------------------------------------------------------------------------------------------------ */

static enum pending_state pending_parse(const char *key)
{
	return !strcmp(key, "applied") ? PENDING_APPLIED : !strcmp(key, "void") ? PENDING_VOID : PENDING_WAITING;
}

static enum err load_pending(struct db_tx *tx, struct referral *r)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct referral_view *v = &r->view;
	enum err e = db_query(tx, &sql_referral_pending, DB_ARGS(db_text(r->uid)), &rows);
	while (!e && db_next(rows)) {
		struct referral_pending p = { .message = db_col_int(rows, 0),
			.state = pending_parse(db_col_text(rows, 3)),
			.signed_out = !strcmp(db_col_text(rows, 2), "signed") };
		if (!message_type_parse(db_col_text(rows, 1), &p.type) || v->pending_count == REFERRAL_PENDING_MAX)
			return ERR_STORE;
		v->pending[v->pending_count++] = p;
	}
	return e ? e : db_rows_error(rows);
}

static enum err parse(struct arena *arena, const char *text, json_t **ret_json)
{
	json_t *json = NULL;
	if (json_parse(text, strlen(text), MESSAGE_BODY_LIMIT, &json, NULL))
		return ERR_STORE;
	*ret_json = json_owned(arena, json);
	return OK;
}

static enum err read_row(const struct db_rows *rows, struct arena *arena, struct referral *r)
{
	r->id = db_col_int(rows, 0);
	r->uid = arena_strdup(arena, db_col_text(rows, 1));
	r->view.self = strcmp(db_col_text(rows, 2), "home") ? SIDE_LEAD : SIDE_HOME;
	r->partner_id = db_col_int(rows, 3);
	r->agreement = arena_strdup(arena, db_col_text(rows, 4));
	r->casefile_id = db_col_int(rows, 5);
	r->partner_number = arena_strdup(arena, db_col_text(rows, 6));
	if (!referral_state_parse(db_col_text(rows, 7), &r->view.shown) ||
	    !referral_state_parse(db_col_text(rows, 8), &r->view.settled))
		return ERR_STORE;
	enum err e = parse(arena, db_col_text(rows, 9), &r->packet);
	if (!e)
		e = parse(arena, db_col_text(rows, 10), &r->supplement);
	if (!e)
		e = parse(arena, db_col_text(rows, 11), &r->story);
	r->result = arena_strdup(arena, db_col_text(rows, 12));
	r->due_at = db_col_int(rows, 13);
	r->created_at = db_col_int(rows, 14);
	r->changed_at = db_col_int(rows, 15);
	r->version = db_col_int(rows, 16);
	return e;
}

enum err referral_load(struct db_tx *tx, struct arena *arena, int64_t id, struct referral *ret_referral)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct referral r = { 0 };
	enum err e = db_query(tx, &sql_referral_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	e = read_row(rows, arena, &r);
	if (!e)
		e = load_pending(tx, &r);
	if (!e)
		*ret_referral = r;
	return e;
}

enum err referral_find(struct db_tx *tx, struct arena *arena, const char *uid, struct referral *ret_referral)
{
	int64_t id;
	enum err e = db_get_int(tx, &sql_referral_id_by_uid, DB_ARGS(db_text(uid)), &id);
	return e ? e : referral_load(tx, arena, id, ret_referral);
}

#define OF_CASE_MAX 64

enum err referral_each(struct db_tx *tx, struct arena *arena, int64_t casefile_id,
    enum err (*visit)(struct referral *, void *arg), void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t id[OF_CASE_MAX];
	size_t n = 0;
	/* Collected first: a visit may change what is being read. */
	enum err e = db_query(tx, &sql_referral_ids_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && n < OF_CASE_MAX && db_next(rows))
		id[n++] = db_col_int(rows, 0);
	if (!e)
		e = db_rows_error(rows);
	for (size_t i = 0; !e && i < n; i++) {
		struct referral r;
		e = referral_load(tx, arena, id[i], &r);
		if (!e)
			e = visit(&r, arg);
	}
	return e;
}

enum err referral_object(const struct office *office, struct db_tx *tx, struct arena *arena, const struct referral *r,
    struct object *ret_object)
{
	struct casefile c;
	if (!r->casefile_id) {
		*ret_object = (struct object) { .has_referral = true };
		return OK;
	}
	enum err e = casefile_load(office, tx, arena, r->casefile_id, &c);
	if (!e)
		*ret_object = casefile_object(&c);
	return e;
}

enum err referral_fresh(const struct referral *r, int64_t seen, struct fault *fault)
{
	if (!seen || seen == r->version)
		return OK;
	return fault_set(fault, ERR_CONFLICT, "version",
	    N_("The referral changed while you had it open, here or at the partner. Nothing of yours was saved; look "
	       "at it "
	       "again."),
	    NULL);
}

/* --- saving ------------------------------------------------------------------------------------------------------- */

static char *text_of(struct arena *arena, const json_t *json)
{
	char *text CLEANUP(free_ptr) = json_canonical_text(json);
	return text ? arena_strdup(arena, text) : NULL;
}

enum err referral_insert(const struct casefile_act *act, struct referral *r, const struct partner *partner)
{
	const char *packet = text_of(act->arena, r->packet);
	if (!packet)
		return ERR_INTERNAL;
	r->version = 1;
	r->created_at = r->changed_at = act->now;
	return db_get_int(act->tx, &sql_referral_insert,
	    DB_ARGS(db_text(r->uid), db_text(referral_is_home(r) ? "home" : "lead"), db_int(partner->id),
		db_text(r->agreement), db_int_or_null(r->casefile_id), db_text(r->partner_number),
		db_text(referral_state_name(r->view.shown)), db_text(packet), db_int_or_null(r->due_at),
		db_int(act->now)),
	    &r->id);
}

/* A move of ours that the partner confirmed by its ack, or that will be refused, is remembered with its message. */
static enum err save_pending(const struct casefile_act *act, const struct referral *r)
{
	static const char *const keys[] = {
		[PENDING_WAITING] = "", [PENDING_APPLIED] = "applied", [PENDING_VOID] = "void"
	};
	enum err e = OK;
	for (size_t i = 0; !e && i < r->view.pending_count; i++) {
		const struct referral_pending *p = &r->view.pending[i];
		if (p->message && p->state != PENDING_WAITING)
			e = db_run(
			    act->tx, &sql_referral_set_pending, DB_ARGS(db_int(p->message), db_text(keys[p->state])));
	}
	return e;
}

static enum err save(const struct casefile_act *act, struct referral *r, int raise)
{
	const char *packet = text_of(act->arena, r->packet), *supplement = text_of(act->arena, r->supplement),
		   *story = text_of(act->arena, r->story);
	int64_t changed;
	if (!packet || !supplement || !story)
		return ERR_INTERNAL;
	enum err e = db_run_count(act->tx, &sql_referral_save,
	    DB_ARGS(db_int(r->id), db_int(r->version), db_int_or_null(r->casefile_id), db_text(r->partner_number),
		db_text(referral_state_name(r->view.shown)), db_text(referral_state_name(r->view.settled)),
		db_text(packet), db_text(supplement), db_text(story), db_text(r->result), db_int_or_null(r->due_at),
		db_int(act->now), db_int(raise)),
	    &changed);
	if (!e && changed == 0)
		return ERR_CONFLICT;
	if (e)
		return e;
	r->version += raise;
	return save_pending(act, r);
}

enum err referral_save(const struct casefile_act *act, struct referral *r)
{
	return save(act, r, 1);
}

enum err referral_save_quietly(const struct casefile_act *act, struct referral *r)
{
	return save(act, r, 0);
}

enum err referral_journal(const struct casefile_act *act, const struct referral *r, const char *name, json_t *payload)
{
	char object[64];
	json_t *all = payload ? payload : json_object();
	json_put_str(all, "state", referral_state_name(r->view.shown));
	json_put_str(all, "thread", r->uid);
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "referral", r->id), all);
}

static enum err drop_one(const struct casefile_act *act, const struct referral *r, int64_t message)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum message_type type;
	enum err e = db_query(act->tx, &sql_referral_message_type, DB_ARGS(db_int(message)), &rows);
	if (e)
		return e;
	if (!db_next(rows) || !message_type_parse(db_col_text(rows, 0), &type))
		return ERR_STORE;
	e = db_run(act->tx, &sql_referral_drop_message, DB_ARGS(db_int(message), db_int(act->now)));
	if (e)
		return e;
	json_t *data = json_object();
	json_put(data, "message", words_in_all(message_rule(type)->label));
	return referral_event(act, r, "referral_dropped", data);
}

enum err referral_drop(const struct casefile_act *act, const struct referral *r, const struct referral_dropped *dropped)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < dropped->count; i++)
		e = drop_one(act, r, dropped->message[i]);
	return e;
}

enum err referral_note_add(
    const struct casefile_act *act, const struct referral *r, const char *direction, const json_t *body)
{
	return db_run(act->tx, &sql_referral_note_insert,
	    DB_ARGS(db_int(r->id), db_text(direction), db_text(json_str_or(body, "language", "")),
		db_text(json_str_or(body, "text", "")), db_text(act->actor->name), db_int(act->now)));
}

/* --- the door ----------------------------------------------------------------------------------------------------- */

static enum err queue(const struct casefile_act *act, const struct referral *r, enum message_type type, json_t *body,
    const char *id, char ret_id[UUID_TEXT])
{
	const struct outgoing out = { .partner_id = r->partner_id,
		.thread = r->uid,
		.agreement = r->agreement,
		.clause = MESSAGE_REFERRAL_CLAUSE,
		.type = type,
		.body = json_incref(body),
		.id = id };
	return outbox_put(act, &out, ret_id);
}

static enum err journal_act(const struct casefile_act *act, const struct referral *r, enum message_type type,
    enum referral_state from, const json_t *body, const char *id)
{
	char digest[SHA256_HEX], *text CLEANUP(free_ptr) = json_canonical_text(body);
	if (!text)
		return ERR_INTERNAL;
	sha256_hex(digest, text, strlen(text));
	json_t *payload = json_object();
	json_put_str(payload, "message", id);
	json_put_str(payload, "from", referral_state_name(from));
	json_put_str(payload, "sha256", digest);
	return referral_journal(act, r, message_rule(type)->name, payload);
}

static enum err too_many(enum err e, struct fault *fault)
{
	if (e != ERR_THROTTLED)
		return e;
	return fault_set(fault, ERR_CONFLICT, NULL,
	    N_("Too many messages of this referral wait for the partner. Try again when it answers."), NULL);
}

enum err referral_act(const struct casefile_act *act, struct referral *r, enum message_type type, json_t *body_stolen,
    const char *id, struct fault *fault)
{
	json_t *body CLEANUP(json_decrefp) = body_stolen;
	enum referral_state from = r->view.shown;
	char sent_id[UUID_TEXT];
	/* Our own body is held against the table that the partner will hold it against: what is too long is said here.
	 */
	enum err e = message_check_own_body(type, body, fault);
	if (!e && message_rule(type)->needs_agreement)
		e = referral_allowed(act, r, body, fault);
	if (!e)
		e = referral_record(&r->view, type, fault);
	if (!e)
		e = too_many(queue(act, r, type, body, id, sent_id), fault);
	if (!e)
		e = referral_recorded(act, r, type, body);
	if (!e)
		e = message_rule(type)->moves ? referral_save(act, r) : referral_save_quietly(act, r);
	return e ? e : journal_act(act, r, type, from, body, sent_id);
}
