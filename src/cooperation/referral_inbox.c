/* What arrives on a referral, and what becomes of our own messages when their answer comes. */
#include "base/util.h"
#include "cooperation/agreement_db.h"
#include "cooperation/consent.h"
#include "cooperation/referral_db.h"
#include "cooperation/transfer.h"
#include "referral.sql.h"

#include <string.h>

/* --- what the sender knew ----------------------------------------------------------------------------------------- */

/* `acked` counts our messages in their order, refused ones left out: which of them had the sender applied? */
static enum err find_seen(const struct casefile_act *act, const struct exchange_message *m, struct referral_seen *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t place = 0, receipted = 0, last_move = 0;
	enum err e = db_query(act->tx, &sql_referral_sent_types, DB_ARGS(db_text(m->thread)), &rows);
	while (!e && db_next(rows)) {
		enum message_type type;
		if (!message_type_parse(db_col_text(rows, 0), &type))
			return ERR_STORE;
		place++;
		receipted += !strcmp(db_col_text(rows, 1), "receipted");
		if (message_rule(type)->moves)
			last_move = place;
	}
	if (!e)
		e = db_rows_error(rows);
	/* At most one is signed and unanswered, and it comes right behind the receipted ones. */
	*ret = (struct referral_seen) { .head = m->ours_pending > 0 && m->acked > receipted,
		.moves = m->acked >= last_move };
	return e;
}

/* --- checks that need the payload (docs/exchange.md section 7, 12 and 15) ------------------------------------------
 */

static enum err check_clause(const struct casefile_act *act, const struct referral *r, const struct exchange_message *m,
    enum refusal *ret_refusal, struct fault *fault)
{
	const char *categories[CATEGORIES_MAX + 1], *clause;
	struct agreement_row row;
	enum err e = agreement_load_uid(act->tx, act->arena, m->agreement, &row);
	if (e)
		return e == ERR_NOT_FOUND ? ERR_STORE : e; /* the gate has let it pass */
	*ret_refusal = REFUSAL_CLAUSE;
	e = agreement_body_categories(m->body, categories, fault);
	const struct agreement_request request = { .kind = "referral",
		.home = referral_is_home(r) ? row.us : !row.us,
		.nationality = json_str_or(r->packet, "nationality", ""),
		.residence = json_str_or(r->packet, "residence", ""),
		.subject = json_str_or(r->packet, "subject", ""),
		.categories = categories };
	return e ? e : agreement_allows(row.document, &request, &clause, fault);
}

static enum err check_content(const struct casefile_act *act, const struct referral *r,
    const struct exchange_message *m, enum refusal *ret_refusal, struct fault *fault)
{
	if (strcmp(m->clause, MESSAGE_REFERRAL_CLAUSE)) {
		*ret_refusal = REFUSAL_CLAUSE;
		return fault_set(
		    fault, ERR_DENIED, "cls", N_("The message does not name the clause that allows it."), NULL);
	}
	if (m->type != MESSAGE_REFERRAL_OFFER && m->type != MESSAGE_REFERRAL_ANSWER)
		return OK;
	enum err e = check_clause(act, r, m, ret_refusal, fault);
	if (e)
		return e;
	*ret_refusal = REFUSAL_CONSENT;
	e = consent_check_statement(m->body, act->office->uid, m->agreement, act->now, fault);
	if (!e)
		*ret_refusal = REFUSAL_MOVE;
	return e;
}

static enum err expect_files(
    const struct casefile_act *act, const struct referral *r, const struct exchange_message *m, struct fault *fault)
{
	json_t *file;
	size_t i;
	enum err e = OK;
	json_array_foreach(message_files(m->body), i, file)
	{
		if (!e)
			e = transfer_expect(act, r->id, m->partner_id, m->id, file, fault);
	}
	return e;
}

/* --- an offer ----------------------------------------------------------------------------------------------------- */

static json_t *packet_of(const json_t *body)
{
	static const char *const members[] = { "number", "subject", "nationality", "residence", "authority", "language",
		"person_language", "courtesy", "fields" };
	json_t *packet = json_object(), *consents = json_array();
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		json_t *member = json_object_get(body, members[i]);
		if (member)
			json_put(packet, members[i], json_deep_copy(member));
	}
	json_add(consents, json_deep_copy(json_object_get(body, "consent")));
	json_put(packet, "consents", consents);
	json_put(packet, "files", json_array()); /* what arrives is a transfer, then a document */
	return packet;
}

static enum err apply_offer(
    const struct casefile_act *act, const struct exchange_message *m, enum refusal *ret_refusal, struct fault *fault)
{
	struct partner partner;
	struct referral_dropped dropped;
	struct referral r = { .uid = m->thread,
		.agreement = m->agreement,
		.partner_id = m->partner_id,
		.partner_number = json_str_or(m->body, "number", ""),
		.result = "",
		.packet = json_owned(act->arena, packet_of(m->body)),
		.supplement = json_owned(act->arena, json_object()),
		.story = json_owned(act->arena, json_object()) };
	r.view.self = SIDE_LEAD;
	r.view.settled = r.view.shown = REFERRAL_READY; /* section 14: what the lead has before the offer */
	enum err e = check_content(act, &r, m, ret_refusal, fault);
	if (!e)
		e = referral_receive(
		    &r.view, m->type, (struct referral_seen) { true, true }, ret_refusal, &dropped, fault);
	if (!e)
		e = partner_load(act->tx, act->arena, m->partner_id, &partner);
	if (!e)
		e = referral_accept_by(act, m->agreement, m->applied_at, &r.due_at);
	if (!e)
		e = referral_insert(act, &r, &partner);
	if (!e)
		e = expect_files(act, &r, m, fault);
	return e ? e : referral_journal(act, &r, "referral.received", NULL);
}

/* --- everything after it ------------------------------------------------------------------------------------------ */

static enum err journal_applied(
    const struct casefile_act *act, const struct referral *r, const struct exchange_message *m)
{
	json_t *payload = json_object();
	json_put_str(payload, "message", m->id);
	json_put_str(payload, "type", message_rule(m->type)->name);
	return referral_journal(act, r, "referral.applied", payload);
}

static enum err apply_next(
    const struct casefile_act *act, const struct exchange_message *m, enum refusal *ret_refusal, struct fault *fault)
{
	struct referral r;
	struct referral_seen seen;
	struct referral_dropped dropped = { .count = 0 };
	enum err e = referral_find(act->tx, act->arena, m->thread, &r);
	if (e == ERR_NOT_FOUND) /* a note in an agreement's thread, or a thread whose offer was refused */
		return fault_set(fault, ERR_CONFLICT, NULL, N_("There is no referral in this thread."), NULL);
	if (!e)
		e = check_content(act, &r, m, ret_refusal, fault);
	if (!e)
		e = find_seen(act, m, &seen);
	if (!e)
		e = referral_receive(&r.view, m->type, seen, ret_refusal, &dropped, fault);
	if (!e)
		e = referral_drop(act, &r, &dropped);
	if (!e)
		e = referral_received(act, &r, m);
	if (!e)
		e = expect_files(act, &r, m, fault);
	if (!e)
		e = message_rule(m->type)->moves ? referral_save(act, &r) : referral_save_quietly(act, &r);
	return e ? e : journal_applied(act, &r, m);
}

/* --- the answer to ours ------------------------------------------------------------------------------------------- */

/* The outbox has marked the message as answered already, so it is put back in front of those that still wait. */
static enum err put_back(const struct casefile_act *act, const struct exchange_message *m, struct referral_view *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct referral_pending first = { .message = m->position, .type = m->type, .signed_out = true };
	enum err e = db_query(act->tx, &sql_referral_answered_one, DB_ARGS(db_int(m->position)), &rows);
	if (e)
		return e;
	if (!db_next(rows) || v->pending_count == REFERRAL_PENDING_MAX)
		return ERR_STORE;
	const char *state = db_col_text(rows, 0);
	first.state = !strcmp(state, "applied") ? PENDING_APPLIED
		      : !strcmp(state, "void")  ? PENDING_VOID
						: PENDING_WAITING;
	memmove(&v->pending[1], &v->pending[0], v->pending_count * sizeof(v->pending[0]));
	v->pending[0] = first;
	v->pending_count++;
	return OK;
}

static enum err tell_refused(
    const struct casefile_act *act, const struct referral *r, const struct exchange_message *m, const json_t *refusal)
{
	enum refusal code;
	json_t *data = json_object();
	bool known = refusal_parse(json_str_or(refusal, "code", ""), &code);
	json_put(data, "message", words_in_all(message_rule(m->type)->label));
	json_put(data, "words",
	    known ? words_in_all(refusal_info(code)->sentence) : json_string(json_str_or(refusal, "text", "")));
	return referral_event(act, r, "referral_undelivered", data);
}

/* A promise was broken: the state stays, and people are told (docs/exchange.md section 14, rule 2). */
static enum err tell_broken(const struct casefile_act *act, struct referral *r, const struct fault *fault)
{
	json_t *data = json_object();
	json_put(data, "words", words_in_all(fault->key));
	enum err e = referral_event(act, r, "referral_undelivered", data);
	return e ? e : referral_save(act, r);
}

static enum err answered(const struct casefile_act *act, const struct exchange_message *m, const json_t *refusal)
{
	struct referral r;
	struct referral_dropped dropped = { .count = 0 };
	struct fault fault = { 0 };
	enum err e = referral_find(act->tx, act->arena, m->thread, &r);
	if (e == ERR_NOT_FOUND) /* a note between two offices about their agreement */
		return OK;
	if (!e)
		e = put_back(act, m, &r.view);
	if (e)
		return e;
	struct referral before = r;
	e = referral_answered(&r.view, refusal == NULL, &dropped, &fault);
	if (e == ERR_UNTRUSTED) {
		memmove(&before.view.pending[0], &before.view.pending[1],
		    --before.view.pending_count * sizeof(before.view.pending[0]));
		return tell_broken(act, &before, &fault);
	}
	if (!e)
		e = referral_drop(act, &r, &dropped);
	/* What we take back ourselves because it crossed is told by what crossed it. */
	if (!e)
		e = refusal ? tell_refused(act, &r, m, refusal) : referral_receipted(act, &r, m->type, m->applied_at);
	if (e)
		return e;
	return refusal ? referral_save(act, &r) : referral_save_quietly(act, &r);
}

const struct message_handler referral_handlers[] = {
	{ MESSAGE_REFERRAL_OFFER, apply_offer, answered },
	{ MESSAGE_REFERRAL_ACCEPT, apply_next, answered },
	{ MESSAGE_REFERRAL_REFUSE, apply_next, answered },
	{ MESSAGE_REFERRAL_ASK, apply_next, answered },
	{ MESSAGE_REFERRAL_ANSWER, apply_next, answered },
	{ MESSAGE_REFERRAL_PROGRESS, apply_next, answered },
	{ MESSAGE_REFERRAL_OUTCOME, apply_next, answered },
	{ MESSAGE_REFERRAL_OUTCOME_ACCEPT, apply_next, answered },
	{ MESSAGE_REFERRAL_OUTCOME_DISPUTE, apply_next, answered },
	{ MESSAGE_REFERRAL_CLOSE, apply_next, answered },
	{ MESSAGE_REFERRAL_CLOSE_CONFIRM, apply_next, answered },
	{ MESSAGE_REFERRAL_WITHDRAW, apply_next, answered },
	{ MESSAGE_NOTE, apply_next, answered },
};
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
