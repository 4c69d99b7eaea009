/* What officers, bodies and the person do to a report that was asked: one function for each act. */
#include "casework/agency.h"

#include "agency.sql.h"
#include "base/util.h"
#include "casework/case_clock.h"
#include "casework/notice.h"
#include "casework/search.h"
#include "clock.sql.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

/* --- loading ----------------------------------------------------------------------------------------------------- */

static enum err read_request(struct arena *arena, const struct db_rows *rows, struct agency_request *r)
{
	int64_t *number[] = { &r->id, &r->casefile_id, &r->version, &r->asked_at, &r->due_at, &r->reminded_at,
		&r->escalated_at, &r->replied_at, &r->withdrawn_at, &r->offered_at, &r->person_at, &r->asked_by };
	const char **text[] = { &r->body_key, &r->body_name, &r->question, &r->questions, &r->position, &r->reply,
		&r->remedy, &r->remedy_due, &r->answered_by, &r->person_answer, &r->person_words, &r->withdrawn_why };
	for (size_t i = 0; i < ARRAY_LEN(number); i++)
		*number[i] = db_col_int(rows, (int)i);
	r->told = db_col_int(rows, 12) != 0;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 14 + (int)i));
	return agency_state_parse(db_col_text(rows, 13), &r->state) ? OK : ERR_STORE;
}

enum err agency_load(struct db_tx *tx, struct arena *arena, int64_t id, struct agency_request *ret_request)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_agency_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	return read_request(arena, rows, ret_request);
}

enum err agency_list(struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct agency_requests *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct agency_requests list = { arena_alloc(arena, 8 * sizeof(*list.at)), 0 };
	size_t room = 8;
	enum err e = db_query(tx, &sql_agency_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		if (list.n == room) {
			struct agency_request *more = arena_alloc(arena, 2 * room * sizeof(*more));
			memcpy(more, list.at, room * sizeof(*more));
			list.at = more;
			room *= 2;
		}
		e = read_request(arena, rows, &list.at[list.n++]);
	}
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		*ret = list;
	return e;
}

/* A request of another case is none of this one's, whatever the address says. */
static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id, enum agency_step step,
    struct agency_request *ret, enum agency_state *ret_to, struct fault *fault)
{
	enum err e = agency_load(act->tx, act->arena, id, ret);
	if (!e && ret->casefile_id != c->id)
		e = ERR_NOT_FOUND;
	return e ? e : agency_next(ret, c->state->phase == PHASE_CLOSED, step, ret_to, fault);
}

static enum err journal(
    const struct casefile_act *act, int64_t casefile_id, const char *name, int64_t request_id, const char *words)
{
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	json_put_int(payload, "request", request_id);
	if (words && *words) {
		sha256_hex(digest, words, strlen(words));
		json_put_str(payload, "sha256", digest);
	}
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", casefile_id), payload);
}

static json_t *data_of(const struct agency_request *r)
{
	json_t *data = json_object();
	json_put_str(data, "body", r->body_name);
	json_put_int(data, "request", r->id);
	return data;
}

enum err agency_notify(
    const struct casefile_act *act, const struct casefile *c, int64_t asked_by, const char *body_name, const char *kind)
{
	int64_t staff_id = c->assigned_to ? c->assigned_to : asked_by;
	if (act->actor->kind != ACTOR_AGENCY || !staff_id)
		return OK;
	json_t *data = json_object();
	json_put_str(data, "number", c->number);
	json_put_str(data, "body", body_name);
	const struct notice_new notice = { .staff_id = staff_id, .kind = kind, .casefile_id = c->id, .data = data };
	return notice_add(act, &notice);
}

static enum err set_state(const struct casefile_act *act, const struct agency_request *r, enum agency_state to)
{
	bool open = agency_state_open(to), was = agency_state_open(r->state);
	enum err e = db_run(act->tx, &sql_agency_set_state,
	    DB_ARGS(db_int(r->id), db_text(agency_state_key(to)), db_int(open), db_int(open ? r->due_at : act->now)));
	if (e || open == was || !*r->body_key)
		return e;
	return tally_add(act->tx, agency_tally(act->arena, r->body_key), open ? 1 : -1);
}

/* --- the case goes with it --------------------------------------------------------------------------------------- */

/* While any body still has to answer, the case stays with them, and so do its limits. */
static enum err go_on(const struct casefile_act *act, struct casefile *c, const char *event, int64_t seen_version,
    json_t *data, struct fault *fault)
{
	int64_t others = 0;
	enum err e = db_get_int(act->tx, &sql_agency_open_of_casefile, DB_ARGS(db_int(c->id)), &others);
	if (!e)
		e = casefile_check_seen(c, seen_version, fault);
	if (e) {
		json_decref(data);
		return e;
	}
	if (!others)
		return casefile_move_if(act, c, "agency_replied", event, 0, data, fault);
	e = event_add(act, c->id, event, data);
	if (!e)
		e = db_run(act->tx, &sql_agency_clock_again, DB_ARGS(db_int(c->id), db_int(act->now)));
	return e ? e : case_clock_keep_earliest(act, c->id);
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

static enum err check_question(
    const struct casefile_act *act, const struct casefile *c, const struct agency_question *q, struct fault *fault)
{
	if (q->tell)
		return c->withheld
			   ? fault_set(fault, ERR_INVALID, "tell",
				 N_("This person's identity is withheld: no body is told who complained."), NULL)
			   : OK;
	if (agency_names_person(act->arena, q->question, c->person_name))
		return fault_set(fault, ERR_INVALID, "question",
		    N_("The letter names the person who complained. Take the name out, or say that the body is to be "
		       "told."),
		    NULL);
	if (agency_names_person(act->arena, q->questions, c->person_name))
		return fault_set(fault, ERR_INVALID, "questions",
		    N_("The questions name the person who complained. Take the name out, or say that the body is to be "
		       "told."),
		    NULL);
	return OK;
}

static enum err send_documents(const struct casefile_act *act, const struct casefile *c, int64_t request_id,
    const struct agency_question *q, struct fault *fault)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < q->document_count; i++) {
		int64_t of = 0;
		if (!q->documents[i])
			continue;
		e = db_get_int(act->tx, &sql_agency_document_case, DB_ARGS(db_int(q->documents[i])), &of);
		if (e == ERR_NOT_FOUND || (!e && of != c->id))
			return fault_set(fault, ERR_INVALID, "documents", N_("Choose files of this case only."), NULL);
		if (!e)
			e = db_run(act->tx, &sql_agency_document_insert,
			    DB_ARGS(db_int(request_id), db_int(q->documents[i]), db_int(0)));
	}
	return e;
}

/* A name of the registry is that body; any other stays a name, and nobody sees the request on a page of their own. */
static enum err whom(
    const struct casefile_act *act, const struct casefile *c, const char *typed, struct agency_request *r)
{
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	if (e)
		return e;
	const struct body *body = registry_entry(bodies, typed);
	if (!body && !strcmp(typed, c->body_name) && *c->body_key)
		body = registry_entry(bodies, c->body_key);
	if (!body)
		body = registry_named(bodies, act->arena, typed);
	body = body ? registry_body(bodies, body->key) : NULL;
	r->body_key = body ? body->key : "";
	r->body_name = body ? names_in(&body->name, act->office->profile->language) : typed;
	return OK;
}

static enum err insert(
    const struct casefile_act *act, const struct casefile *c, const struct agency_question *q, struct agency_request *r)
{
	bool staff = act->actor->kind == ACTOR_STAFF;
	enum err e = db_get_int(act->tx, &sql_agency_insert,
	    DB_ARGS(db_int(c->id), db_text(r->body_name), db_text(q->question), db_int(act->now), db_int(r->due_at),
		db_text(r->body_key), db_text(q->questions), db_int(q->tell),
		db_int_or_null(staff ? act->actor->id : 0)),
	    &r->id);
	if (!e && *r->body_key)
		e = tally_add(act->tx, agency_tally(act->arena, r->body_key), 1);
	return e ? e : search_add(act, c->id, arena_printf(act->arena, "%s %s", q->question, q->questions));
}

enum err agency_ask(const struct casefile_act *act, struct casefile *c, const struct agency_question *asked,
    int64_t seen_version, int64_t *ret_id, struct fault *fault)
{
	struct agency_question whole = *asked;
	const struct agency_question *q = &whole;
	if (!whole.questions)
		whole.questions = "";
	struct agency_request r = { 0 };
	enum err e = agency_may_ask(act->office->profile, c->state, fault);
	if (!e)
		e = agency_due(act->office, act->now, &r.due_at, fault);
	if (!e)
		e = check_question(act, c, q, fault);
	if (!e)
		e = whom(act, c, q->body_name, &r);
	if (!e)
		e = insert(act, c, q, &r);
	if (!e)
		e = send_documents(act, c, r.id, q, fault);
	if (e)
		return e;
	json_t *data = data_of(&r);
	json_put_int(data, "due_at", r.due_at);
	json_put_str(data, "words", q->question);
	e = casefile_move_if(act, c, "ask_agency", "agency_asked", seen_version, data, fault);
	if (!e)
		e = journal(act, c->id, "agency.ask", r.id, q->question);
	if (!e)
		*ret_id = r.id;
	return e;
}

/* --- waiting ----------------------------------------------------------------------------------------------------- */

static enum err press(const struct casefile_act *act, const struct casefile *c, int64_t request_id,
    enum agency_step step, const struct db_sql *mark, const char *name, const char *event, struct fault *fault)
{
	struct agency_request r;
	enum agency_state to;
	enum err e = load_for(act, c, request_id, step, &r, &to, fault);
	if (!e)
		e = db_run(act->tx, mark, DB_ARGS(db_int(request_id), db_int(act->now)));
	if (!e)
		e = set_state(act, &r, to);
	if (!e)
		e = journal(act, c->id, name, request_id, NULL);
	return e ? e : event_add(act, c->id, event, data_of(&r));
}

enum err agency_remind(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct fault *fault)
{
	return press(
	    act, c, request_id, AGENCY_REMIND, &sql_agency_set_reminded, "agency.remind", "agency_reminded", fault);
}

enum err agency_escalate(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct fault *fault)
{
	return press(act, c, request_id, AGENCY_ESCALATE, &sql_agency_set_escalated, "agency.escalate",
	    "agency_escalated", fault);
}

static enum err withdraw(const struct casefile_act *act, const struct agency_request *r, const char *why)
{
	enum err e = db_run(act->tx, &sql_agency_set_withdrawn, DB_ARGS(db_int(r->id), db_int(act->now), db_text(why)));
	if (!e)
		e = set_state(act, r, AGENCY_WITHDRAWN);
	return e ? e : journal(act, r->casefile_id, "agency.withdraw", r->id, why);
}

enum err agency_withdraw(const struct casefile_act *act, struct casefile *c, int64_t request_id, const char *why,
    int64_t seen_version, struct fault *fault)
{
	struct agency_request r;
	enum agency_state to;
	enum err e = load_for(act, c, request_id, AGENCY_WITHDRAW, &r, &to, fault);
	if (!e)
		e = withdraw(act, &r, why);
	if (e)
		return e;
	json_t *data = data_of(&r);
	json_put_str(data, "words", why);
	return go_on(act, c, "agency_withdrawn", seen_version, data, fault);
}

enum err agency_withdraw_all(const struct casefile_act *act, int64_t casefile_id)
{
	struct agency_requests list;
	enum err e = agency_list(act->tx, act->arena, casefile_id, &list);
	for (size_t i = 0; !e && i < list.n; i++)
		if (agency_state_open(list.at[i].state))
			e = withdraw(act, &list.at[i], "");
	return e;
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

static enum err check_answer(const struct casefile_act *act, const struct agency_answer *answer, struct fault *fault)
{
	struct civil day;
	int64_t today = civil_days(zone_date(act->office->profile->calendar.zone, act->now));
	if (!*answer->remedy_due)
		return OK;
	if (!*answer->remedy)
		return fault_set(
		    fault, ERR_INVALID, "remedy", N_("Say what is offered, or leave the day empty."), NULL);
	if (civil_parse(answer->remedy_due, &day) || civil_days(day) < today)
		return fault_set(fault, ERR_INVALID, "remedy_due", N_("Choose a day that is still to come."), NULL);
	return OK;
}

static enum err add_files(
    const struct casefile_act *act, const struct agency_request *r, const struct agency_answer *answer)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < answer->file_count; i++) {
		int64_t id;
		e = document_add(act, r->casefile_id, &answer->files[i], &id);
		if (!e)
			e = db_run(act->tx, &sql_agency_document_insert, DB_ARGS(db_int(r->id), db_int(id), db_int(1)));
	}
	return e;
}

enum err agency_record_reply(const struct casefile_act *act, struct casefile *c, int64_t request_id,
    const struct agency_answer *given, int64_t seen_version, struct fault *fault)
{
	struct agency_answer whole = *given;
	const struct agency_answer *answer = &whole;
	if (!whole.remedy_due)
		whole.remedy_due = "";
	struct agency_request r;
	enum agency_state to;
	enum err e = load_for(act, c, request_id, AGENCY_REPLY, &r, &to, fault);
	if (!e)
		e = check_answer(act, answer, fault);
	if (!e)
		e = db_run(act->tx, &sql_agency_set_reply,
		    DB_ARGS(db_int(request_id), db_int(act->now), db_text(answer->position), db_text(answer->reply),
			db_text(answer->remedy), db_text(answer->remedy_due), db_text(act->actor->tag)));
	if (!e)
		e = set_state(act, &r, to);
	if (!e)
		e = add_files(act, &r, answer);
	if (e)
		return e;
	const char *words =
	    *answer->remedy ? arena_printf(act->arena, "%s\n\n%s", answer->reply, answer->remedy) : answer->reply;
	json_t *data = data_of(&r);
	json_put_str(data, "position", answer->position);
	json_put_str(data, "words", words);
	e = go_on(act, c, "agency_replied", seen_version, data, fault);
	if (!e)
		e = agency_notify(act, c, r.asked_by, r.body_name, "agency_answered");
	if (!e)
		e = search_add(act, c->id, words);
	return e ? e : journal(act, c->id, "agency.reply", request_id, words);
}

/* --- more time --------------------------------------------------------------------------------------------------- */

static enum err extensions_granted(const struct casefile_act *act, int64_t request_id, int64_t *ret)
{
	return db_get_int(act->tx, &sql_agency_extensions_granted, DB_ARGS(db_int(request_id)), ret);
}

enum err agency_extension_ask(const struct casefile_act *act, const struct casefile *c, int64_t request_id,
    const char *until, const char *reason, struct fault *fault)
{
	struct agency_request r;
	enum agency_state to;
	int64_t granted = 0, wanted = 0, id;
	enum err e = load_for(act, c, request_id, AGENCY_EXTEND, &r, &to, fault);
	if (!e)
		e = extensions_granted(act, request_id, &granted);
	if (!e)
		e = agency_extension_until(act->office, &r, granted, until, &wanted, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_agency_extension_insert,
		    DB_ARGS(db_int(request_id), db_int(wanted), db_text(reason), db_int(act->now),
			db_text(act->actor->tag)),
		    &id);
	if (!e)
		e = set_state(act, &r, to);
	if (!e)
		e = journal(act, c->id, "agency.extension_ask", request_id, reason);
	if (e)
		return e;
	json_t *data = data_of(&r);
	json_put_int(data, "until_at", wanted);
	json_put_str(data, "words", reason);
	e = event_add(act, c->id, "agency_extension_asked", data);
	return e ? e : agency_notify(act, c, r.asked_by, r.body_name, "agency_more_time");
}

static enum err clock_end(const struct casefile_act *act, const struct case_clock *k, int64_t amount, int64_t *ret_end)
{
	struct clock_extension *all = arena_alloc(act->arena, (k->course.extensions + 1) * sizeof(*all));
	struct clock_course course = k->course;
	struct clock_due due;
	if (course.extensions)
		memcpy(all, course.extension, course.extensions * sizeof(*all));
	all[course.extensions++] = (struct clock_extension) { amount, "", "" };
	course.extension = all;
	enum err e = clock_course_due(&course, &due, NULL);
	if (!e)
		*ret_end = due.due_ms;
	return e;
}

static enum err wanted_until(const struct casefile_act *act, int64_t request_id, int64_t *ret_id, int64_t *ret_until)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_agency_extension_open, DB_ARGS(db_int(request_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret_id = db_col_int(rows, 0);
	*ret_until = db_col_int(rows, 1);
	return OK;
}

/* The case's limit for this report ends when the report is due now: in whole steps of the limit's unit. */
static enum err extend_clock(const struct casefile_act *act, const struct agency_request *r, const char *words)
{
	struct case_clock *clocks;
	size_t n;
	enum err e = case_clock_load_all(act, r->casefile_id, &clocks, &n);
	for (size_t i = 0; !e && i < n; i++) {
		struct case_clock *k = &clocks[i];
		int64_t amount = 0, end = k->due_at;
		if (!k->known || k->stopped_at || k->started_at != r->asked_at ||
		    strcmp(k->rule.ends, "agency_replied"))
			continue;
		while (!e && end < r->due_at && amount < k->rule.extend_amount)
			e = clock_end(act, k, ++amount, &end);
		if (!e && amount)
			e = db_run(act->tx, &sql_clock_extension_insert,
			    DB_ARGS(db_int(k->id), db_int(act->now), db_int(amount), db_text(words),
				db_text(act->actor->name)));
		if (!e && amount)
			e = case_clock_load(act, k->id, k);
		if (!e && amount)
			e = case_clock_count_again(act, k);
	}
	return e ? e : case_clock_keep_earliest(act, r->casefile_id);
}

enum err agency_extension_decide(const struct casefile_act *act, const struct casefile *c, int64_t request_id,
    bool grant, const char *until, const char *words, struct fault *fault)
{
	struct agency_request r;
	enum agency_state to;
	int64_t granted = 0, extension = 0, day = 0;
	enum err e = load_for(act, c, request_id, grant ? AGENCY_GRANT : AGENCY_REFUSE, &r, &to, fault);
	if (!e)
		e = wanted_until(act, request_id, &extension, &day);
	if (!e && grant && *until && !(e = extensions_granted(act, request_id, &granted)))
		e = agency_extension_until(act->office, &r, granted, until, &day, fault);
	if (!e)
		e = db_run(act->tx, &sql_agency_extension_decide,
		    DB_ARGS(db_int(extension), db_int(act->now), db_int(grant), db_int_or_null(grant ? day : 0),
			db_text(words), db_text(act->actor->tag)));
	if (!e && grant) {
		r.due_at = day;
		e = db_run(act->tx, &sql_agency_set_due, DB_ARGS(db_int(request_id), db_int(day)));
	}
	if (!e)
		e = set_state(act, &r, to);
	if (!e)
		e = journal(
		    act, c->id, grant ? "agency.extension_grant" : "agency.extension_refuse", request_id, words);
	if (e)
		return e;
	if (grant && (e = extend_clock(act, &r, words)))
		return e;
	json_t *data = data_of(&r);
	json_put_int(data, "due_at", r.due_at);
	json_put_str(data, "words", words);
	return event_add(act, c->id, grant ? "agency_extension_granted" : "agency_extension_refused", data);
}

/* --- the remedy and the person ----------------------------------------------------------------------------------- */

static enum err load_answered(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct agency_request *r)
{
	enum err e = agency_load(act->tx, act->arena, request_id, r);
	return !e && r->casefile_id != c->id ? ERR_NOT_FOUND : e;
}

enum err agency_remedy_offer(
    const struct casefile_act *act, const struct casefile *c, int64_t request_id, struct fault *fault)
{
	struct agency_request r;
	int64_t changed = 0;
	enum err e = load_answered(act, c, request_id, &r);
	if (!e && (r.state != AGENCY_ANSWERED || !*r.remedy))
		return fault_set(fault, ERR_CONFLICT, "state", N_("This body has offered nothing."), NULL);
	if (!e)
		e = db_run_count(
		    act->tx, &sql_agency_set_offered, DB_ARGS(db_int(request_id), db_int(act->now)), &changed);
	if (!e && !changed)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This was put before the person already."), NULL);
	if (!e)
		e = journal(act, c->id, "agency.remedy_offer", request_id, NULL);
	return e ? e : event_add(act, c->id, "agency_remedy_offered", data_of(&r));
}

enum err agency_remedy_answer(const struct casefile_act *act, const struct casefile *c, int64_t request_id,
    const char *answer, const char *words, struct fault *fault)
{
	struct agency_request r;
	enum err e = load_answered(act, c, request_id, &r);
	if (!e)
		e = agency_person_may(&r, fault);
	if (!e && !strcmp(answer, "comments") && !*words)
		return fault_set(fault, ERR_INVALID, "words", N_("Tell us what is missing or wrong."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_agency_set_person,
		    DB_ARGS(db_int(request_id), db_text(answer), db_text(words), db_int(act->now)));
	if (!e)
		e = journal(act, c->id, "agency.remedy_answer", request_id, words);
	if (e)
		return e;
	json_t *data = data_of(&r);
	json_put_str(data, "opinion", answer);
	json_put_str(data, "words", words);
	return event_add(act, c->id, "agency_remedy_answered", data);
}
