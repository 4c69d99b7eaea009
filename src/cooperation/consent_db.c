/* Asks for consents, keeps what was shown and decided, and refuses what they do not cover. */
#include "cooperation/consent_db.h"

#include "base/util.h"
#include "consent.sql.h"
#include "cooperation/agreement_db.h"
#include "office/journal.h"

#include <stdlib.h>
#include <string.h>

/* --- loading ------------------------------------------------------------------------------------------------------ */

static enum err parse(struct arena *arena, const char *text, json_t **ret_json)
{
	json_t *json = NULL;
	if (!*text) {
		*ret_json = NULL;
		return OK;
	}
	if (json_parse(text, strlen(text), MESSAGE_BODY_LIMIT, &json, NULL))
		return ERR_STORE;
	*ret_json = json_owned(arena, json);
	return OK;
}

enum err consent_load(struct db_tx *tx, struct arena *arena, int64_t id, struct consent_row *ret_row)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_consent_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	struct consent_row row = { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.referral_id = db_col_int(rows, 2),
		.part = arena_strdup(arena, db_col_text(rows, 3)),
		.digest = arena_strdup(arena, db_col_text(rows, 6)),
		.lang = arena_strdup(arena, db_col_text(rows, 7)),
		.asked_at = db_col_int(rows, 8),
		.state = arena_strdup(arena, db_col_text(rows, 9)),
		.decided_at = db_col_int(rows, 10),
		.withdrawn_at = db_col_int(rows, 11) };
	e = parse(arena, db_col_text(rows, 4), &row.packet);
	if (!e)
		e = parse(arena, db_col_text(rows, 5), &row.shown);
	if (!e)
		*ret_row = row;
	return e;
}

enum err consent_last(
    struct db_tx *tx, struct arena *arena, int64_t referral_id, const char *part, struct consent_row *ret_row)
{
	int64_t id;
	enum err e = db_get_int(tx, &sql_consent_last, DB_ARGS(db_int(referral_id), db_text(part)), &id);
	return e ? e : consent_load(tx, arena, id, ret_row);
}

#define OF_CASE_MAX 200

enum err consent_each(struct db_tx *tx, struct arena *arena, int64_t casefile_id,
    enum err (*visit)(const struct consent_row *, void *arg), void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t id[OF_CASE_MAX];
	size_t n = 0;
	enum err e = db_query(tx, &sql_consent_ids_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && n < OF_CASE_MAX && db_next(rows))
		id[n++] = db_col_int(rows, 0);
	if (!e)
		e = db_rows_error(rows);
	for (size_t i = 0; !e && i < n; i++) {
		struct consent_row row;
		e = consent_load(tx, arena, id[i], &row);
		if (!e)
			e = visit(&row, arg);
	}
	return e;
}

/* --- asking ------------------------------------------------------------------------------------------------------- */

static enum err journal(
    const struct casefile_act *act, const char *name, const struct referral *r, int64_t consent_id, const char *digest)
{
	char object[64];
	json_t *payload = json_object();
	json_put_int(payload, "referral", r->id);
	json_put_str(payload, "digest", digest);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "consent", consent_id), payload);
}

enum err consent_replace(const struct casefile_act *act, const struct referral *r, const char *part)
{
	return db_run(act->tx, &sql_consent_replace, DB_ARGS(db_int(r->id), db_text(part)));
}

enum err consent_ask(const struct casefile_act *act, const struct referral *r, const char *part, const json_t *packet)
{
	char *text CLEANUP(free_ptr) = NULL, digest[HASH_TEXT];
	json_t *kept = json_object();
	struct casefile c;
	int64_t id;
	json_put(kept, "fields", json_incref(json_object_get(packet, "fields")));
	json_put(kept, "files", json_incref(json_object_get(packet, "files")));
	text = json_canonical_text(kept);
	json_decref(kept);
	if (!text)
		return ERR_INTERNAL;
	hash_text(digest, text, strlen(text));
	enum err e = casefile_load(act->office, act->tx, act->arena, r->casefile_id, &c);
	if (!e)
		e = consent_replace(act, r, part);
	if (!e)
		e = db_get_int(act->tx, &sql_consent_insert,
		    DB_ARGS(db_int(r->casefile_id), db_int(r->id), db_text(part), db_text(text), db_text(c.lang),
			db_int(act->now)),
		    &id);
	if (!e)
		e = journal(act, "consent.ask", r, id, digest);
	return e ? e : referral_event(act, r, "consent_asked", NULL);
}

/* --- what is shown ------------------------------------------------------------------------------------------------ */

struct scope_room {
	const char *fields[CONSENT_FIELDS_MAX], *files[CONSENT_FILES_MAX];
};

static void scope_lists(const json_t *packet, struct scope_room *room, struct consent_scope *scope)
{
	const char *key;
	json_t *value, *fields = json_object_get(packet, "fields"), *files = json_object_get(packet, "files");
	size_t i;
	scope->fields = room->fields;
	scope->files = room->files;
	json_object_foreach(fields, key, value) if (scope->field_count < CONSENT_FIELDS_MAX)
	    room->fields[scope->field_count++] = key;
	json_array_foreach(files, i, value) if (scope->file_count < CONSENT_FILES_MAX)
	    room->files[scope->file_count++] = json_str_or(value, "sha256", "");
}

static enum err put_names(const struct casefile_act *act, const struct referral *r, enum lang lang, json_t *paper)
{
	struct partner partner;
	struct agreement_row agreement;
	enum err e = partner_load(act->tx, act->arena, r->partner_id, &partner);
	if (!e)
		e = agreement_load_uid(act->tx, act->arena, r->agreement, &agreement);
	if (e)
		return e;
	json_put_str(paper, "receiver_name", partner_name(act->arena, &partner, lang));
	json_put_str(paper, "agreement_title", agreement_title(agreement.document, lang_code(lang)));
	return OK;
}

enum err consent_paper(const struct casefile_act *act, const struct consent_row *row, const struct referral *r,
    enum lang lang, json_t **ret_paper)
{
	struct partner partner;
	struct scope_room room;
	enum err e = partner_load(act->tx, act->arena, r->partner_id, &partner);
	if (e)
		return e;
	struct consent_scope scope = { .receiver = partner.uid, .agreement = r->agreement, .purpose = CONSENT_PURPOSE };
	scope_lists(row->packet, &room, &scope);
	json_t *paper = consent_shown(&scope, CONSENT_TEXT_VERSION, lang_code(lang)), *names = json_array(), *file;
	size_t i;
	json_array_foreach(json_object_get(row->packet, "files"), i, file)
	    json_add(names, json_string(json_str_or(file, "name", "")));
	json_put(paper, "values", json_incref(json_object_get(row->packet, "fields")));
	json_put(paper, "file_names", names);
	json_put_str(paper, "part", row->part);
	e = put_names(act, r, lang, paper);
	if (e)
		json_decref(paper);
	else
		*ret_paper = paper;
	return e;
}

/* --- requiring ---------------------------------------------------------------------------------------------------- */

static size_t texts(const json_t *list, const char **out, size_t room)
{
	size_t n = json_array_size(list) < room ? json_array_size(list) : room;
	for (size_t i = 0; i < n; i++)
		out[i] = json_string_value(json_array_get(list, i)) ? json_string_value(json_array_get(list, i)) : "";
	return n;
}

/* The consent as the rule wants it, from what the person saw. */
static struct consent of_row(const struct consent_row *row, struct scope_room *room)
{
	struct consent c = { .text_version = json_str_or(row->shown, "text_version", ""),
		.language = row->lang,
		.digest = row->digest,
		.granted_at = !strcmp(row->state, "given") || !strcmp(row->state, "withdrawn") ? row->decided_at : 0,
		.withdrawn_at = row->withdrawn_at };
	c.scope = (struct consent_scope) { .receiver = json_str_or(row->shown, "receiver", ""),
		.agreement = json_str_or(row->shown, "agreement", ""),
		.purpose = json_str_or(row->shown, "purpose", ""),
		.fields = room->fields,
		.files = room->files };
	c.scope.field_count = texts(json_object_get(row->shown, "fields"), room->fields, CONSENT_FIELDS_MAX);
	c.scope.file_count = texts(json_object_get(row->shown, "files"), room->files, CONSENT_FILES_MAX);
	return c;
}

json_t *consent_row_statement(const struct consent_row *row)
{
	struct scope_room room;
	const struct consent c = of_row(row, &room);
	return consent_statement(&c);
}

/* The same keys are not enough: the person agreed to these words. */
static enum err same_values(const struct consent_row *row, const json_t *packet, struct fault *fault)
{
	const json_t *agreed = json_object_get(row->shown, "values");
	json_t *fields = json_object_get(packet, "fields"), *value;
	const char *key;
	json_object_foreach(fields, key, value)
	{
		if (!json_equal(value, json_object_get(agreed, key)))
			return fault_set(fault, ERR_DENIED, key,
			    N_("The field {field} was changed after the person agreed to it."), "field", key, NULL);
	}
	return OK;
}

enum err consent_require(const struct casefile_act *act, const struct referral *r, const char *part,
    const json_t *packet, struct consent_row *ret_row, struct fault *fault)
{
	struct consent_row row = { .state = "", .digest = "", .lang = "" };
	struct scope_room agreed_room, sent_room;
	struct partner partner;
	enum err e = consent_last(act->tx, act->arena, r->id, part, &row);
	if (!e || e == ERR_NOT_FOUND)
		e = partner_load(act->tx, act->arena, r->partner_id, &partner);
	if (e)
		return e;
	struct consent_scope sent = { .receiver = partner.uid, .agreement = r->agreement, .purpose = CONSENT_PURPOSE };
	scope_lists(packet, &sent_room, &sent);
	const struct consent consent = of_row(&row, &agreed_room);
	e = consent_covers(&consent, &sent, act->now, fault);
	if (!e)
		e = same_values(&row, packet, fault);
	if (!e)
		*ret_row = row;
	return e;
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

struct deciding {
	const struct casefile_act *act;
	const struct consent_decision *decision;
	struct consent_row row;
	struct referral r;
	struct fault *fault;
};

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, NULL,
	    N_("The request has changed since you opened this page. Please read it again; nothing was decided."), NULL);
}

static enum err keep_paper(struct deciding *d, const char *state)
{
	char digest[HASH_TEXT], *text CLEANUP(free_ptr) = NULL;
	json_t *paper CLEANUP(json_decrefp) = NULL;
	enum err e = consent_paper(d->act, &d->row, &d->r, d->decision->lang, &paper);
	if (!e)
		e = consent_digest(paper, digest);
	if (e)
		return e;
	if (strcmp(digest, d->decision->digest))
		return stale(d->fault);
	text = json_canonical_text(paper);
	if (!text)
		return ERR_INTERNAL;
	int64_t changed;
	e = db_run_count(d->act->tx, &sql_consent_decide,
	    DB_ARGS(db_int(d->row.id), db_text(state), db_text(text), db_text(digest),
		db_text(lang_code(d->decision->lang)), db_int(d->act->now)),
	    &changed);
	if (!e && changed == 0)
		return stale(d->fault);
	return e ? e
		 : journal(
		       d->act, strcmp(state, "given") ? "consent.refuse" : "consent.give", &d->r, d->row.id, digest);
}

/* The answer's consent moves nothing: the officer sends the answer or does not. */
static enum err step(struct deciding *d, enum referral_step how)
{
	if (strcmp(d->row.part, CONSENT_OFFER))
		return OK;
	enum err e = referral_prepare(d->r.view.shown, how, &d->r.view.shown, d->fault);
	d->r.view.settled = d->r.view.shown;
	return e ? e : referral_save(d->act, &d->r);
}

static enum err decide(struct deciding *d, const char *state, const char *event, enum referral_step how)
{
	if (strcmp(d->row.state, "asked"))
		return stale(d->fault);
	enum err e = keep_paper(d, state);
	if (!e)
		e = step(d, how);
	return e ? e : referral_event(d->act, &d->r, event, NULL);
}

/* What was sent is taken back at once: the partner is told in the same transaction. */
static enum err take_back(struct deciding *d)
{
	if (!referral_state_open(d->r.view.shown))
		return d->r.view.shown == REFERRAL_READY ? step(d, STEP_CONSENT_WITHDRAWN) : OK;
	bool unsent = !strcmp(d->row.part, CONSENT_ANSWER) && json_object_size(d->r.supplement) > 0;
	if (unsent)
		return OK;
	json_t *body = json_object();
	json_put_str(body, "ground", "consent_withdrawn");
	return referral_act(d->act, &d->r, MESSAGE_REFERRAL_WITHDRAW, body, NULL, d->fault);
}

static enum err withdraw(struct deciding *d)
{
	int64_t changed;
	enum err e =
	    db_run_count(d->act->tx, &sql_consent_withdraw, DB_ARGS(db_int(d->row.id), db_int(d->act->now)), &changed);
	if (!e && changed == 0)
		return stale(d->fault);
	if (!e)
		e = journal(d->act, "consent.withdraw", &d->r, d->row.id, d->row.digest);
	if (!e)
		e = referral_event(d->act, &d->r, "consent_withdrawn", NULL);
	return e ? e : take_back(d);
}

enum err consent_decide(const struct casefile_act *act, const struct consent_decision *decision, struct fault *fault)
{
	struct deciding d = { .act = act, .decision = decision, .fault = fault };
	enum err e = consent_load(act->tx, act->arena, decision->consent_id, &d.row);
	if (!e && d.row.casefile_id != decision->casefile_id)
		e = ERR_NOT_FOUND;
	if (!e)
		e = referral_load(act->tx, act->arena, d.row.referral_id, &d.r);
	if (e)
		return e;
	switch (decision->verb) {
	case CONSENT_GIVE:
		return decide(&d, "given", "consent_given", STEP_CONSENT_GIVEN);
	case CONSENT_REFUSE:
		return decide(&d, "refused", "consent_refused", STEP_CONSENT_REFUSED);
	default:
		return withdraw(&d);
	}
}
