/* Acting on the cases chosen in a list: which act, then what became of each. */
#include "base/util.h"
#include "casework/bulk.h"
#include "casework/case_view.h"
#include "casework/link.h"
#include "office/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX 10000

static const struct field fields[] = {
	FIELD_OF(struct bulk_form, act, bulk_acts, 0, N_("What to do")),
	FIELD(struct bulk_form, staff_id, FIELD_INT, 0, 0, N_("Officer")),
	FIELD(struct bulk_form, unit, FIELD_TEXT, 60, 0, N_("Unit")),
	FIELD(struct bulk_form, reason, FIELD_LINES, 5000, 0, N_("Reason")),
	FIELD(struct bulk_form, closing, FIELD_TEXT, 60, 0, N_("Reason for closing")),
	FIELD(struct bulk_form, answer, FIELD_LINES, ANSWER_MAX, 0, N_("Answer to each person")),
	FIELD(struct bulk_form, note, FIELD_LINES, 5000, 0, N_("Note")),
	FIELD_OF(struct bulk_form, link_kind, link_kinds, 0, N_("How they hang together")),
	FIELD(struct bulk_form, other, FIELD_TEXT, 60, 0, N_("Number of the other case")),
};

/* --- which cases ------------------------------------------------------------------------------------------------- */

static bool chosen_before(const struct bulk_case *cases, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (cases[i].id == id)
			return true;
	return false;
}

static int64_t version_of(struct request *rq, int64_t id)
{
	const char *typed = request_form(rq, arena_printf(rq->arena, "version_%" PRId64, id));
	return typed ? strtoll(typed, NULL, 10) : 0;
}

/* From the check boxes "case_id[]", or the list "cases" of ids or {id, version} of a program. */
static size_t chosen_cases(struct request *rq, struct bulk_case *cases, bool *ret_too_many)
{
	const json_t *list = json_object_get(rq->json, "cases");
	size_t n = 0, i = 0;
	for (;; i++) {
		const char *typed = rq->api ? NULL : request_form_nth(rq, "case_id[]", i);
		const json_t *one = rq->api ? json_array_get(list, i) : NULL;
		if (!typed && !one)
			break;
		int64_t id = typed                 ? strtoll(typed, NULL, 10)
			     : json_is_object(one) ? json_int_or(one, "id", 0)
						   : json_integer_value(one);
		if (id <= 0 || chosen_before(cases, n, id))
			continue;
		if (n == BULK_MAX) {
			*ret_too_many = true;
			break;
		}
		cases[n] = (struct bulk_case) { .id = id };
		cases[n++].version = typed ? version_of(rq, id) : json_int_or(one, "version", 0);
	}
	return n;
}

/* --- choosing the act -------------------------------------------------------------------------------------------- */

struct choose_work {
	struct request *rq;
	struct bulk_case *cases;
	size_t n;
	json_t *view;
};

/* What the reader may not see stands there without a name and is refused when it is tried. */
static enum err put_case(const struct casefile_act *act, enum lang lang, struct bulk_case *one, json_t *list)
{
	struct casefile c;
	enum err e = casefile_load(act->office, act->tx, act->arena, one->id, &c);
	if (e == ERR_NOT_FOUND)
		return OK;
	const struct object object = e ? (struct object) { 0 } : casefile_object(&c);
	if (e || conflicts(act->actor, &object))
		return e;
	bool readable = may(act->actor, ACT_CASE_READ, &object, NULL) == OK;
	json_t *row = json_object();
	json_put_int(row, "id", c.id);
	json_put_int(row, "version", one->version ? one->version : c.version);
	json_put_str(row, "number", c.number);
	json_put_str(row, "person", readable ? c.person_name : NULL);
	json_put(row, "state", case_state_json(lang, c.state));
	json_add(list, row);
	return OK;
}

static json_t *closings_json(const struct profile *profile, enum lang lang)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->closings; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->closing[i].key);
		json_put_str(one, "closing_label", names_in(&profile->closing[i].name, lang));
		json_add(list, one);
	}
	return list;
}

static json_t *units_json(const struct profile *profile, enum lang lang)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->units; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->unit[i].key);
		json_put_str(one, "unit_label", names_in(&profile->unit[i].name, lang));
		json_add(list, one);
	}
	return list;
}

static enum err read_chosen(struct db_tx *tx, void *arg)
{
	struct choose_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	const struct profile *profile = act.office->profile;
	json_t *list = json_array(), *staff;
	enum err e = OK;
	work->view = json_owned(rq->arena, json_object());
	for (size_t i = 0; !e && i < work->n; i++)
		e = put_case(&act, rq->lang, &work->cases[i], list);
	view_put_list(work->view, "cases", list);
	json_put_bool(work->view, "may_assign", may_somewhere(act.actor, ACT_CASE_ASSIGN));
	json_put_bool(work->view, "may_work", may_somewhere(act.actor, ACT_CASE_WORK));
	json_put_bool(work->view, "may_link", may_somewhere(act.actor, ACT_CASE_LINK));
	json_put(work->view, "closings", closings_json(profile, rq->lang));
	json_put(work->view, "units", units_json(profile, rq->lang));
	if (!e && !(e = staff_list(tx, NULL, &staff)))
		json_put(work->view, "staff", staff);
	return e;
}

static enum err choose_act(
    struct request *rq, struct reply *rp, struct bulk_case *cases, size_t n, struct faults *faults)
{
	struct choose_work work = { .rq = rq, .cases = cases, .n = n };
	enum err e = db_read(office_of(rq)->db, read_chosen, &work);
	if (e)
		return e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "casefile.list", "casefile:list");
	json_put_str(work.view, "title", text_get(rq->lang, N_("Act on several cases")));
	if (faults->n)
		return reply_form(rp, "desk/bulk", json_incref(work.view), fields, ARRAY_LEN(fields), faults);
	return reply_view(rp, "desk/bulk", json_incref(work.view));
}

/* --- doing it ---------------------------------------------------------------------------------------------------- */

/* What each act needs is asked for once, not refused case by case. */
static void check_needs(const struct request *rq, const struct bulk_form *form, struct faults *faults)
{
	struct fault fault = { 0 };
	if (!strcmp(form->act, "assign") && !form->staff_id && !*form->unit)
		fault_set(&fault, ERR_INVALID, "staff_id", N_("Choose a unit or an officer."), NULL);
	else if (!strcmp(form->act, "close") && !profile_closing(office_of(rq)->profile, form->closing))
		fault_set(&fault, ERR_INVALID, "closing", N_("Choose the reason for closing from the list."), NULL);
	else if (!strcmp(form->act, "note") && !*form->note)
		fault_set(&fault, ERR_INVALID, "note", N_("Write the note."), NULL);
	else if (!strcmp(form->act, "link") && !*form->link_kind)
		fault_set(&fault, ERR_INVALID, "link_kind", N_("Choose how they hang together."), NULL);
	else if (!strcmp(form->act, "link") && !strcmp(form->link_kind, "joined") && !*form->reason)
		fault_set(&fault, ERR_INVALID, "reason", N_("Say why these cases are joined."), NULL);
	if (fault.code)
		faults_add(faults, &fault);
}

static enum err bulk(struct request *rq, struct reply *rp)
{
	struct bulk_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	struct bulk_case *cases = arena_alloc(rq->arena, BULK_MAX * sizeof(*cases));
	bool too_many = false;
	if (!may_somewhere(actor_of(rq), ACT_CASE_BULK))
		return reply_fault(
		    rp, (fault_set(&fault, ERR_DENIED, NULL, N_("Your role does not allow this."), NULL), &fault));
	size_t n = chosen_cases(rq, cases, &too_many);
	enum err e = form_parse(rq, fields, ARRAY_LEN(fields), &form, &faults);
	if (!e && (!n || too_many)) {
		fault_set(&fault, ERR_INVALID, "cases",
		    n ? N_("Choose at most {limit} cases at once.") : N_("Choose at least one case."), "limit", "50",
		    NULL);
		faults_add(&faults, &fault);
	}
	if (!faults.n)
		check_needs(rq, &form, &faults);
	if (rq->api && (faults.n || !*form.act)) {
		if (!faults.n) {
			fault_set(&fault, ERR_INVALID, "act", N_("Choose what to do."), NULL);
			faults_add(&faults, &fault);
		}
		return reply_form(rp, NULL, NULL, fields, ARRAY_LEN(fields), &faults);
	}
	if (faults.n || !*form.act)
		return choose_act(rq, rp, cases, n, &faults);
	bulk_do(office_of(rq), actor_of(rq), rq->now, &form, cases, n);
	json_t *view = bulk_result(rq->arena, rq->lang, cases, n);
	json_put_str(view, "title", text_get(rq->lang, N_("What was done")));
	return reply_view(rp, "desk/bulk_done", view);
}

static const struct route routes[] = {
	{ METHOD_POST, "/desk/bulk", bulk, WHO_STAFF, 0, 0, "Act on several cases." },
	{ METHOD_POST, "/api/v1/bulk", bulk, WHO_PROGRAM, 0, 0, "Act on several cases." },
};
const struct route_table bulk_routes = { routes, ARRAY_LEN(routes) };
