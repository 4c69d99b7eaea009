/* The one door through which an agreement changes: acts of our officers, messages of the partner, and their answers. */
#include "agreement.sql.h"
#include "base/id.h"
#include "base/util.h"
#include "cooperation/agreement_store.h"
#include "cooperation/partner.h"
#include "crypto/envelope.h"
#include "message.sql.h"
#include "office/journal.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

static enum err journal(
    const struct casefile_act *act, int64_t id, const char *name, const struct agreement_row *a, const char *reason)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "uid", a->uid);
	json_put_str(payload, "sha256", a->sha256);
	if (reason && reason[0])
		json_put_str(payload, "reason", reason);
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "agreement", id), payload);
}

/* --- drafts ------------------------------------------------------------------------------------------------------ */

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "version",
	    N_("Somebody else changed this agreement while you had it open. Nothing of yours was saved; look at it "
	       "again."),
	    NULL);
}

static enum err load_draft(
    const struct casefile_act *act, int64_t id, int64_t seen_version, struct agreement_row *a, struct fault *fault)
{
	enum err e = agreement_load(act->tx, act->arena, id, a);
	if (!e && seen_version && seen_version != a->version)
		return stale(fault);
	if (!e && a->arriving.proposer >= 0)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("The agreement was proposed: its text can no longer change. Draft a new one that replaces it."),
		    NULL);
	return e;
}

/* The partner that the document names beside us; only confirmed ones can be signed with. */
static enum err other_party(
    const struct casefile_act *act, const struct agreement *document, struct partner *p, struct fault *fault)
{
	int us = agreement_party_of(document, act->office->uid);
	if (us < 0)
		return fault_set(fault, ERR_INVALID, "/parties", N_("We are not a party to this agreement."), NULL);
	enum err e = partner_find(act->tx, act->arena, agreement_party_id(document, 1 - us), p);
	if (e == ERR_NOT_FOUND || (!e && strcmp(p->state, "confirmed")))
		return fault_set(fault, ERR_INVALID, "/parties",
		    N_("The other party is not a confirmed partner. Compare the fingerprints first."), NULL);
	return e;
}

static enum err journal_draft(const struct casefile_act *act, int64_t id, const struct agreement *document)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "uid", agreement_uid(document));
	return journal_write(
	    act->tx, act->now, act->actor->tag, "agreement.draft", journal_object(object, "agreement", id), payload);
}

static enum err redraft(const struct casefile_act *act, const struct agreement_row *a, const struct agreement *document,
    const struct partner *p, struct fault *fault)
{
	const char *text = agreement_text(document);
	char hash[HASH_TEXT];
	if (p->id != a->partner_id)
		return fault_set(fault, ERR_INVALID, "/parties",
		    N_("A draft stays with its partner. Begin a new one for another."), NULL);
	hash_text(hash, text, strlen(text));
	return db_run(
	    act->tx, &sql_agreement_redraft, DB_ARGS(db_int(a->id), db_text(text), db_text(hash), db_int(act->now)));
}

enum err agreement_draft_save(const struct casefile_act *act, json_t *json, int64_t id, int64_t seen_version,
    int64_t *ret_id, struct fault *fault)
{
	struct agreement_row a = { 0 };
	struct agreement *document;
	struct partner p;
	char uid[UUID_TEXT];
	enum err e = id ? load_draft(act, id, seen_version, &a, fault) : OK;
	if (e)
		return e;
	if (!id)
		uuid7(uid, act->now);
	json_put_str(json, "uid", id ? a.uid : uid);
	e = agreement_from_json(json, &document, fault);
	if (e)
		return e;
	e = other_party(act, document, &p, fault);
	if (!e)
		e = id ? redraft(act, &a, document, &p, fault) : agreement_insert(act, document, p.id, NULL, &id);
	if (!e)
		e = journal_draft(act, id, document);
	agreement_free(document);
	if (!e)
		*ret_id = id;
	return e;
}

enum err agreement_draft_discard(const struct casefile_act *act, int64_t id, int64_t seen_version, struct fault *fault)
{
	struct agreement_row a;
	struct agreement_act_row *list;
	size_t acts;
	enum err e = load_draft(act, id, seen_version, &a, fault);
	if (!e)
		e = agreement_acts(act->tx, act->arena, id, &list, &acts);
	if (!e && acts)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("This draft was sent once and refused: it stays as a record."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_agreement_discard, DB_ARGS(db_int(id)));
	return e ? e : journal(act, id, "agreement.discard", &a, NULL);
}

/* --- the rule for our own acts ----------------------------------------------------------------------------------- */

static enum err conflict(struct fault *fault, const char *key)
{
	return fault_set(fault, ERR_CONFLICT, "state", key, NULL);
}

/* What agreement_move leaves open because it commutes, but what would be a slip of an officer of ours. */
static enum err check_own(const struct agreement_row *a, enum message_type type, int64_t now, struct fault *fault)
{
	const struct agreement_status *s = &a->arriving;
	enum agreement_state state = agreement_state(a->document, s, now);
	if (type == MESSAGE_AGREEMENT_SUSPEND && s->suspended[a->us])
		return conflict(fault, N_("We have suspended this agreement already."));
	if (type == MESSAGE_AGREEMENT_RESUME && !s->suspended[a->us])
		return conflict(
		    fault, N_("We have not suspended this agreement; only the partner can lift its own suspension."));
	if (state == AGREEMENT_TERMINATED || state == AGREEMENT_EXPIRED)
		return conflict(fault, N_("This agreement has ended."));
	if (type == MESSAGE_AGREEMENT_TERMINATE && s->ends[a->us] != AGREEMENT_NEVER)
		return conflict(fault, N_("We have given notice of termination already."));
	return OK;
}

static enum err check_dates(
    const struct agreement_row *a, enum message_type type, const char *effective, int64_t now, struct fault *fault)
{
	char day[11], first[11];
	const char *until = json_str(agreement_json(a->document), "valid_until");
	civil_format(day, civil_from_days(now / DAY_MS));
	if ((type == MESSAGE_AGREEMENT_PROPOSE || type == MESSAGE_AGREEMENT_SIGN) && until && strcmp(until, day) < 0)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("The agreement's last day, {day}, is over: it cannot be signed any more."), "day", until, NULL);
	if (type != MESSAGE_AGREEMENT_TERMINATE || !effective)
		return OK;
	agreement_earliest_end(a, now, first);
	if (strcmp(effective, first) < 0)
		return fault_set(fault, ERR_INVALID, "effective",
		    N_("The notice that was agreed has to be kept: {day} at the earliest (clause “termination”, "
		       "article "
		       "{article}). To stop at once, suspend the agreement."),
		    "day", first, "article", "11", NULL);
	return OK;
}

void agreement_earliest_end(const struct agreement_row *a, int64_t now, char out[11])
{
	int64_t notice = json_int_or(agreement_json(a->document), "notice_days", 0);
	civil_format(out, civil_from_days(now / DAY_MS + notice)); /* days of an agreement are days in UTC */
}

static enum err check_move(
    const struct agreement_row *a, enum message_type type, const char *effective, int64_t now, struct fault *fault)
{
	const struct agreement_act own = { type, a->us, effective, true };
	struct agreement_status next;
	enum err e = agreement_move(&a->arriving, &own, &next, NULL, fault);
	if (!e)
		e = check_own(a, type, now, fault);
	return e ? e : check_dates(a, type, effective, now, fault);
}

bool agreement_can(const struct agreement_row *a, enum message_type type, int64_t now, struct fault *fault)
{
	char day[11];
	agreement_earliest_end(a, now, day);
	return check_move(a, type, type == MESSAGE_AGREEMENT_TERMINATE ? day : NULL, now, fault) == OK;
}

/* --- our own acts ------------------------------------------------------------------------------------------------ */

static enum err check_words(enum message_type type, const struct agreement_words *words, struct fault *fault)
{
	if (type == MESSAGE_AGREEMENT_PROPOSE || type == MESSAGE_AGREEMENT_SIGN)
		return OK;
	if (type == MESSAGE_AGREEMENT_TERMINATE && !words->effective[0])
		return fault_set(fault, ERR_INVALID, "effective", N_("Fill in this field."), NULL);
	if (type != MESSAGE_AGREEMENT_RESUME && !words->reason[0])
		return fault_set(fault, ERR_INVALID, "reason", N_("Fill in this field."), NULL);
	if (words->reason[0] && !words->language[0])
		return fault_set(fault, ERR_INVALID, "language", N_("Choose one of the answers."), NULL);
	return OK;
}

/* Our signature over the canonical bytes, and the message that carries it. */
static enum err sign_document(const struct casefile_act *act, const struct agreement_row *a, json_t *body)
{
	const char *text = agreement_text(a->document);
	char *jws CLEANUP(free_ptr) = NULL;
	enum err e = jws_sign(act->office->keys, TYP_AGREEMENT, NULL, text, strlen(text), &jws);
	if (e)
		return e;
	json_put_str(body, "agreement", jws);
	return db_run(act->tx, &sql_agreement_set_ours, DB_ARGS(db_int(a->id), db_text(jws)));
}

static enum err make_body(const struct casefile_act *act, const struct agreement_row *a, enum message_type type,
    const struct agreement_words *words, json_t *body)
{
	if (type == MESSAGE_AGREEMENT_PROPOSE || type == MESSAGE_AGREEMENT_SIGN)
		return sign_document(act, a, body);
	if (words->reason[0]) {
		json_put_str(body, "reason", words->reason);
		json_put_str(body, "language", words->language);
	}
	if (type == MESSAGE_AGREEMENT_TERMINATE)
		json_put_str(body, "effective", words->effective);
	return OK;
}

struct recorded { /* one act for the table */
	int64_t agreement_id;
	const char *message_id, *state;
	enum message_type type;
	int party;
	struct agreement_words words;
};

static enum err record(const struct casefile_act *act, const struct recorded *r)
{
	enum err e = db_run(act->tx, &sql_agreement_act_insert,
	    DB_ARGS(db_int(r->agreement_id), db_text(r->message_id), db_text(message_rule(r->type)->name),
		db_int(r->party), db_text(r->state), db_int(act->now),
		db_text(act->actor->name ? act->actor->name : ""), db_text(r->words.reason), db_text(r->words.language),
		db_text(r->words.effective)));
	if (!e)
		e = db_run(act->tx, &sql_agreement_raise_version, DB_ARGS(db_int(r->agreement_id)));
	return e ? e : agreement_refold(act, r->agreement_id);
}

static enum err send(const struct casefile_act *act, const struct agreement_row *a, enum message_type type,
    const struct agreement_words *words, char id[UUID_TEXT])
{
	json_t *body = json_object();
	enum err e = make_body(act, a, type, words, body);
	if (e) {
		json_decref(body);
		return e;
	}
	const struct outgoing out = { .partner_id = a->partner_id, .thread = a->uid, .type = type, .body = body };
	return outbox_put(act, &out, id);
}

/* What of a form the act uses: the rest was not said, is not sent, and must not be recorded. */
static struct agreement_words used_words(enum message_type type, const struct agreement_words *given)
{
	struct agreement_words used = { "", "", "" };
	if (!given || type == MESSAGE_AGREEMENT_PROPOSE || type == MESSAGE_AGREEMENT_SIGN)
		return used;
	used.reason = given->reason;
	if (given->reason[0])
		used.language = given->language;
	if (type == MESSAGE_AGREEMENT_TERMINATE)
		used.effective = given->effective;
	return used;
}

enum err agreement_do(const struct casefile_act *act, int64_t id, enum message_type type, int64_t seen_version,
    const struct agreement_words *given, struct fault *fault)
{
	const struct agreement_words words = used_words(type, given);
	bool signs = type == MESSAGE_AGREEMENT_PROPOSE || type == MESSAGE_AGREEMENT_SIGN;
	struct agreement_row a;
	struct partner p;
	char message_id[UUID_TEXT];
	/* A termination without its day is refused below by the name of the field, not by the rule. */
	const char *day = words.effective[0] ? words.effective : "9999-12-31";
	enum err e = agreement_load(act->tx, act->arena, id, &a);
	if (!e && seen_version && seen_version != a.version)
		return stale(fault);
	if (!e)
		e = check_move(&a, type, day, act->now, fault);
	if (!e)
		e = check_words(type, &words, fault);
	if (!e && signs)
		e = other_party(act, a.document, &p, fault);
	if (!e)
		e = send(act, &a, type, &words, message_id);
	if (e == ERR_THROTTLED)
		return fault_set(fault, ERR_CONFLICT, NULL,
		    N_("Too many messages of this agreement wait for the partner. Try again when it answers."), NULL);
	if (!e)
		e = record(act, &(struct recorded) { id, message_id, "waiting", type, a.us, words });
	return e ? e : journal(act, id, message_rule(type)->name, &a, words.reason);
}

/* --- what the partner does --------------------------------------------------------------------------------------- */

/* Unpacks the partner's signature over a document: its own key, our type, no header member beside alg, typ and kid. */
static enum err open_signature(const struct casefile_act *act, const struct exchange_message *m, struct partner *p,
    char **ret_text, size_t *ret_len, struct fault *fault)
{
	const struct public_keys *keys;
	json_t *header CLEANUP(json_decrefp) = NULL;
	enum err e = partner_load(act->tx, act->arena, m->partner_id, p);
	if (!e)
		e = partner_keys(p, &keys);
	if (e)
		return e;
	if (jws_verify(keys, TYP_AGREEMENT, json_str(m->body, "agreement"), &header, ret_text, ret_len, NULL) ||
	    json_object_size(header) != 3)
		return fault_set(
		    fault, ERR_INVALID, "/agreement", N_("The signature under the agreement is not right."), NULL);
	return OK;
}

static enum err check_proposal(const struct casefile_act *act, const struct exchange_message *m,
    const struct partner *p, const struct agreement *document, struct fault *fault)
{
	if (strcmp(agreement_uid(document), m->thread))
		return fault_set(fault, ERR_INVALID, "/agreement",
		    N_("The agreement has another number than the thread in which it was proposed."), NULL);
	if (agreement_party_of(document, p->uid) < 0 || agreement_party_of(document, act->office->uid) < 0)
		return fault_set(fault, ERR_INVALID, "/agreement",
		    N_("The parties of the agreement are not the two offices of the thread."), NULL);
	return OK;
}

static enum err apply_propose(
    const struct casefile_act *act, const struct exchange_message *m, enum refusal *refusal, struct fault *fault)
{
	char *text CLEANUP(free_ptr) = NULL;
	struct agreement *document = NULL;
	struct partner p;
	size_t len;
	int64_t id = 0;
	*refusal = REFUSAL_SCHEMA;
	enum err e = open_signature(act, m, &p, &text, &len, fault);
	if (!e)
		e = agreement_parse(text, len, &document, fault);
	if (!e)
		e = check_proposal(act, m, &p, document, fault);
	if (!e)
		e = agreement_insert(act, document, p.id, json_str(m->body, "agreement"), &id);
	if (!e)
		e = record(act, &(struct recorded) { id, m->id, "settled", m->type, agreement_party_of(document, p.uid),
				    { "", "", "" } });
	agreement_free(document);
	return e;
}

/* Our own signature or resumption that this message names as applied counts from now on, receipt or not. */
static enum err confirm_by_ack(const struct casefile_act *act, const struct exchange_message *m, int64_t id)
{
	int64_t sent, confirmed;
	if (!m->ours_pending)
		return OK;
	enum err e = db_get_int(act->tx, &sql_agreement_sent_count, DB_ARGS(db_text(m->thread)), &sent);
	if (!e && m->acked == sent)
		e = db_run_count(act->tx, &sql_agreement_act_confirmed,
		    DB_ARGS(db_int(id), db_int(act->now), db_text(m->thread)), &confirmed);
	return e;
}

static enum err check_sign(const struct casefile_act *act, const struct exchange_message *m,
    const struct agreement_row *a, enum refusal *refusal, struct fault *fault)
{
	char *text CLEANUP(free_ptr) = NULL;
	struct partner p;
	size_t len;
	enum err e = open_signature(act, m, &p, &text, &len, fault);
	if (!e && (strlen(agreement_text(a->document)) != len || memcmp(agreement_text(a->document), text, len)))
		e = fault_set(fault, ERR_INVALID, "/agreement",
		    N_("What was signed is not the agreement that was proposed."), NULL);
	if (e == ERR_INVALID)
		*refusal = REFUSAL_SCHEMA;
	return e;
}

static enum err apply_act(
    const struct casefile_act *act, const struct exchange_message *m, enum refusal *refusal, struct fault *fault)
{
	struct agreement_row a;
	struct agreement_status next;
	int64_t recorded;
	enum err e = agreement_load_uid(act->tx, act->arena, m->thread, &a);
	if (e == ERR_NOT_FOUND)
		return fault_set(fault, ERR_CONFLICT, NULL, N_("The agreement has not been proposed yet."), NULL);
	if (!e)
		e = confirm_by_ack(act, m, a.id);
	if (!e)
		e = agreement_refold(act, a.id);
	if (!e)
		e = agreement_load(act->tx, act->arena, a.id, &a);
	if (!e)
		e = db_get_int(act->tx, &sql_agreement_recorded_count, DB_ARGS(db_text(m->thread)), &recorded);
	if (e)
		return e;
	const struct agreement_words words = { json_str_or(m->body, "reason", ""), json_str_or(m->body, "language", ""),
		json_str_or(m->body, "effective", "") };
	const struct agreement_act theirs = { m->type, 1 - a.us, words.effective[0] ? words.effective : NULL,
		m->acked == recorded };
	e = agreement_move(&a.status, &theirs, &next, refusal, fault);
	if (!e && m->type == MESSAGE_AGREEMENT_SIGN) {
		e = check_sign(act, m, &a, refusal, fault);
		if (!e)
			e = db_run(act->tx, &sql_agreement_set_theirs,
			    DB_ARGS(db_int(a.id), db_text(json_str(m->body, "agreement"))));
	}
	if (!e)
		e = record(act, &(struct recorded) { a.id, m->id, "settled", m->type, 1 - a.us, words });
	return e;
}

/* --- what the partner answered ----------------------------------------------------------------------------------- */

static enum err undo_refused(
    const struct casefile_act *act, const struct exchange_message *m, const struct agreement_row *a, const char *code)
{
	int64_t changed;
	enum err e = db_run_count(
	    act->tx, &sql_agreement_act_refused, DB_ARGS(db_text(m->id), db_int(act->now), db_text(code)), &changed);
	/* A signature that was refused binds nobody and must not be shown as one. */
	if (!e && changed && (m->type == MESSAGE_AGREEMENT_SIGN || m->type == MESSAGE_AGREEMENT_PROPOSE))
		e = db_run(act->tx, &sql_agreement_set_ours, DB_ARGS(db_int(a->id), db_null()));
	return e;
}

static enum err answered(const struct casefile_act *act, const struct exchange_message *m, const json_t *refusal)
{
	struct agreement_row a;
	enum err e = agreement_load_uid(act->tx, act->arena, m->thread, &a);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_STORE : e;
	e = refusal ? undo_refused(act, m, &a, json_str_or(refusal, "code", ""))
		    : db_run(act->tx, &sql_agreement_act_receipted, DB_ARGS(db_text(m->id), db_int(act->now)));
	return e ? e : agreement_refold(act, a.id);
}

const struct message_handler agreement_handlers[] = {
	{ MESSAGE_AGREEMENT_PROPOSE, apply_propose, answered },
	{ MESSAGE_AGREEMENT_SIGN, apply_act, answered },
	{ MESSAGE_AGREEMENT_DECLINE, apply_act, answered },
	{ MESSAGE_AGREEMENT_SUSPEND, apply_act, answered },
	{ MESSAGE_AGREEMENT_RESUME, apply_act, answered },
	{ MESSAGE_AGREEMENT_TERMINATE, apply_act, answered },
};
const size_t agreement_handler_count = ARRAY_LEN(agreement_handlers);
