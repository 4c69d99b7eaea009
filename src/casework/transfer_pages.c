/* Transfers as acts on a case, and the desk's list of what other offices have not answered yet. */
#include "base/util.h"
#include "case_transfer.sql.h"
#include "casework/case_acts.h"
#include "casework/case_transfer.h"
#include "casework/case_view.h"
#include "office/journal.h"
#include "screening_inner.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 50

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct transfer_form {
	int64_t version;
	const char *office_key, *office_name, *what;
	const char *ground, *no_transfer_words;
	const char *step, *consent, *method, *their_number, *transfer_words, *due;
};

static const char *const step_keys[] = { "consent", "send", "confirm", "answer", "refuse", "give_up", NULL };

static enum err do_prepare(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct transfer_form *form = arg;
	const struct transfer_new new = { form->office_key, form->office_name, "", form->what };
	enum err e = screening_may_change(act, c, fault);
	if (!e)
		e = casefile_check_seen(c, form->version, fault);
	return e ? e : transfer_prepare(act, c, &new, ret_id, fault);
}

static enum err do_impossible(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct transfer_form *form = arg;
	enum err e = screening_may_change(act, c, fault);
	if (!e)
		e = casefile_check_seen(c, form->version, fault);
	return e ? e : transfer_impossible(act, c, form->ground, form->no_transfer_words, ret_id, fault);
}

/* The end of that day in the office's zone; 0 for none. */
static int64_t end_of_day(const struct casefile_act *act, const char *iso)
{
	struct civil date;
	if (!*iso || civil_parse(iso, &date))
		return 0;
	return zone_day_start(act->office->profile->calendar.zone, civil_from_days(civil_days(date) + 1)) - 1;
}

/* An answer comes whether or not the case was closed meanwhile. */
static enum err do_step(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct transfer_form *form = arg;
	const struct transfer_step step = { form->consent, form->method, form->their_number, form->transfer_words,
		end_of_day(act, form->due) };
	enum transfer_move move = 0;
	while (step_keys[move] && strcmp(step_keys[move], form->step) != 0)
		move++;
	if (!step_keys[move])
		return fault_set(fault, ERR_INVALID, "step", N_("Choose one of the answers."), NULL);
	return transfer_move(act, c, n, move, &step, fault);
}

#define F(member_, type_, max_, flags_, label_) FIELD(struct transfer_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))

static const struct field prepare_fields[] = {
	VERSION,
	F(office_key, FIELD_TEXT, 60, 0, N_("Office that can deal with it")),
	F(office_name, FIELD_TEXT, 200, 0, N_("Or write its name")),
	F(what, FIELD_LINES, 2000, FIELD_REQUIRED, N_("What is passed on")),
};
static const struct field impossible_fields[] = {
	VERSION,
	FIELD_OF(struct transfer_form, ground, transfer_grounds, FIELD_REQUIRED, N_("Why no transfer is possible")),
	F(no_transfer_words, FIELD_LINES, 1000, FIELD_REQUIRED, N_("Reason")),
};
static const struct field step_fields[] = {
	FIELD_OF(struct transfer_form, step, step_keys, FIELD_REQUIRED, N_("Step")),
	FIELD_OF(struct transfer_form, consent, transfer_consents, 0, N_("How the person agreed")),
	FIELD_OF(struct transfer_form, method, transfer_methods, 0, N_("How it was sent")),
	F(due, FIELD_DATE, 0, 0, N_("Answer expected by")),
	F(their_number, FIELD_TEXT, 60, 0, N_("Their number")),
	F(transfer_words, FIELD_LINES, 5000, 0, N_("What they answered, or why")),
};

static const struct desk_act acts[] = {
	{ "transfers", "transfer", "transfers", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct transfer_form, prepare_fields), do_prepare },
	{ "no-transfer", "no_transfer", "transfers", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct transfer_form, impossible_fields), do_impossible },
	{ "step", "step", "transfers", "screening", ACT_CASE_SCREEN, DESK_FORM(struct transfer_form, step_fields),
	    do_step },
};
const struct desk_act_table transfer_acts = { acts, ARRAY_LEN(acts) };

/* --- the list ---------------------------------------------------------------------------------------------------- */

struct list_work {
	struct request *rq;
	int64_t key_due, key_id;
	json_t *view; /* made afresh by each run */
};

static bool read_key(const char *text, struct list_work *work)
{
	char *end;
	if (!text)
		return true;
	work->key_due = strtoll(text, &end, 10);
	if (end == text || *end != '.')
		return false;
	work->key_id = strtoll(end + 1, &end, 10);
	return !*end;
}

/* A transfer is shown to whoever may read its case. */
static enum err add_row(const struct casefile_act *act, enum lang lang, const struct db_rows *rows, json_t *list)
{
	struct casefile c;
	enum err e = casefile_load(act->office, act->tx, act->arena, db_col_int(rows, 0), &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	if (may(act->actor, ACT_CASE_READ, &object, NULL))
		return OK;
	json_t *row = transfer_row_json(act, lang, rows);
	json_put_str(row, "number", c.number);
	json_put_str(row, "person", c.person_name);
	json_put_str(row, "link", arena_printf(act->arena, "/desk/cases/%" PRId64 "/screening#transfers", c.id));
	json_add(list, row);
	return OK;
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	int64_t due = 0, id = 0;
	size_t n = 0;
	work->view = json_owned(rq->arena, json_object());
	enum err e =
	    db_query(tx, &sql_case_transfer_waiting, DB_ARGS(db_int(work->key_due), db_int(work->key_id)), &rows);
	while (!e && n < PAGE && db_next(rows)) {
		due = db_col_int(rows, 14);
		id = db_col_int(rows, 17);
		n++;
		e = add_row(&act, rq->lang, rows, list);
	}
	if (!e && n == PAGE && db_next(rows))
		json_put_str(work->view, "page_after", arena_printf(rq->arena, "%" PRId64 ".%" PRId64, due, id));
	json_put_bool(work->view, "has_rows", json_array_size(list) > 0);
	json_put(work->view, "rows", list);
	json_put_str(work->view, "title", text_get(rq->lang, N_("Transfers to other offices")));
	return e ? e : db_rows_error(rows);
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .rq = rq };
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	if (!read_key(request_query(rq, "after"), &work)) {
		fault_set(&fault, ERR_INVALID, "after", N_("This page of the list does not exist."), NULL);
		return reply_fault(rp, &fault);
	}
	enum err e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "transfer.list", "transfer");
	return reply_view(rp, "desk/transfers", json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/transfers", list_show, WHO_STAFF, 0, 0, "Transfers that wait for an answer." },
	{ METHOD_GET, "/api/v1/transfers", list_show, WHO_PROGRAM, 0, 0, "Transfers that wait for an answer." },
	DESK_ACT("transfers", "Prepare the transfer of a complaint to another office."),
	DESK_ACT("no-transfer", "Record why no transfer is possible."),
	DESK_ACT("transfers/{n}/step", "Record the next step of a transfer."),
};
const struct route_table transfer_routes = { routes, ARRAY_LEN(routes) };

static const struct event_kind kinds[] = {
	{ "transfer_prepared", NULL, N_("Transfer to {office} prepared.") },
	{ "transfer_consented", N_("You agreed that we pass your complaint on to {office}."),
	    N_("The person agrees to the transfer to {office}.") },
	{ "transfer_sent", N_("We passed your complaint on to {office}. It should answer by {due_at}."),
	    N_("Passed on to {office}, answer expected by {due_at}.") },
	{ "transfer_confirmed", N_("{office} has your complaint under the number {number}."),
	    N_("{office} confirmed the receipt, their number {number}.") },
	{ "transfer_answered", N_("{office} answered: {words}"), N_("{office} answered: {words}") },
	{ "transfer_refused", N_("{office} did not take your complaint: {words}"),
	    N_("{office} did not take it: {words}") },
	{ "transfer_given_up", NULL, N_("Transfer to {office} given up: {words}") },
	{ "transfer_impossible", NULL, N_("No transfer possible: {ground}. {words}") },
};
const struct event_table transfer_events = { kinds, ARRAY_LEN(kinds) };
