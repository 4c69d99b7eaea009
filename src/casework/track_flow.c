/* What the person may ask for on their own page: that the decision is looked at again, or that the complaint ends. */
#include "base/util.h"
#include "casework/flow_view.h"
#include "casework/public.h"
#include "casework/review.h"

#include <string.h>

/* --- what the page shows ----------------------------------------------------------------------------------------- */

static enum err put_ways(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	const struct review_rules *rules = act->office->profile->review;
	json_t *list = json_array();
	enum err e = OK;
	for (size_t i = 0; !e && i < rules->ways; i++) {
		const struct review_way *way = &rules->way[i];
		struct review_case facts;
		bool late;
		if (!way->person)
			continue;
		e = review_case_load(act, c, way, &facts);
		if (!e && review_may_file(way, &facts, act->now, false, &late, NULL) == OK)
			json_add(list, review_way_json(act, lang, way, &facts));
	}
	view_put_list(view, "review_ways", list);
	return e;
}

/* In the person's words: no reviewer's name, no petition of the other side. */
static json_t *own_review(const struct casefile_act *act, enum lang lang, const struct review *r)
{
	const struct review_way *way = review_way_find(act->office->profile->review, r->way);
	const struct review_outcome *outcome = way ? review_outcome_find(way, r->outcome) : NULL;
	json_t *one = json_object();
	json_put_str(one, "way_label", way ? names_in(&way->name, lang) : r->way);
	json_put_str(one, "what_next", way && review_is_open(r) ? names_in(&way->next, lang) : NULL);
	json_put_bool(one, "open", review_is_open(r));
	json_put_str(one, "outcome", outcome ? names_in(&outcome->name, lang) : NULL);
	json_put_str(one, "outcome_why", *r->outcome ? r->outcome_words : NULL);
	view_put_day(act, lang, one, "filed", r->filed_at);
	view_put_day(act, lang, one, "due", review_is_open(r) ? r->due_at : 0);
	view_put_day(act, lang, one, "stay_until", r->stay_ended_at ? 0 : r->stay_until);
	return one;
}

enum err track_flow_view(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	struct review *all;
	size_t n;
	bool said, open = c->state->phase != PHASE_CLOSED;
	json_t *list = json_array();
	enum err e = review_withdrawal_said(act, c->id, &said);
	open = open && !e && !said;
	if (!e)
		e = review_load_all(act, c->id, &all, &n);
	for (size_t i = 0; !e && i < n; i++)
		json_add(list, own_review(act, lang, &all[i]));
	view_put_list(view, "own_reviews", list);
	json_put_bool(view, "can_withdraw", open);
	if (open)
		json_put(view, "withdrawal_grounds",
		    flow_codes_json(act->office->profile->review->withdrawal_grounds, lang));
	return e ? e : put_ways(act, lang, c, view);
}

/* --- asking ------------------------------------------------------------------------------------------------------ */

struct ask_form {
	const char *way, *ground, *petition, *withdraw_ground, *withdraw_words;
};

static const struct field review_fields[] = {
	FIELD(struct ask_form, way, FIELD_TEXT, 60, FIELD_REQUIRED, N_("What you ask for")),
	FIELD(
	    struct ask_form, ground, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Why the decision should be looked at again")),
	FIELD(struct ask_form, petition, FIELD_LINES, 10000, FIELD_REQUIRED, N_("In your own words")),
};
static const struct field withdrawal_fields[] = {
	FIELD(struct ask_form, withdraw_ground, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Why you take it back")),
	FIELD(struct ask_form, withdraw_words, FIELD_LINES, 5000, 0, N_("In your own words")),
};

struct ask_work {
	struct request *rq;
	const struct actor *actor;
	const struct ask_form *form;
	const struct field *fields;
	size_t n;
	enum err (*run)(const struct casefile_act *, struct casefile *, const struct ask_form *, struct fault *);
	struct fault fault;
};

static enum err do_review(
    const struct casefile_act *act, struct casefile *c, const struct ask_form *form, struct fault *fault)
{
	const struct review_way *way = review_way_find(act->office->profile->review, form->way);
	const struct review_new new = { .way = form->way,
		.ground = form->ground,
		.words = form->petition,
		.late_reason = "", /* letting a late one in is the office's to say */
		.by = "person" };
	int64_t id;
	if (!way || !way->person)
		return fault_set(fault, ERR_INVALID, "way", N_("Choose what is asked for."), NULL);
	return review_file(act, c, &new, &id, fault);
}

static enum err do_withdraw(
    const struct casefile_act *act, struct casefile *c, const struct ask_form *form, struct fault *fault)
{
	return review_withdrawal(act, c, form->withdraw_ground, form->withdraw_words, fault);
}

static enum err write_ask(struct db_tx *tx, void *arg)
{
	struct ask_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { office_of(work->rq), tx, work->actor, work->rq->now, arena };
	struct casefile c;
	work->fault = (struct fault) { 0 };
	enum err e = casefile_load(act.office, tx, arena, work->actor->id, &c);
	const struct object object = { .casefile_id = work->actor->id };
	if (!e)
		e = may(work->actor, ACT_CASE_FOLLOW, &object, &work->fault);
	if (!e)
		e = work->run(&act, &c, work->form, &work->fault);
	arena_free(arena);
	return e;
}

static enum err ask(struct reply *rp, struct ask_work *work, const char *done)
{
	struct request *rq = work->rq;
	struct faults faults = { 0 };
	struct actor program;
	struct ask_form form = { 0 };
	struct fault fault = { 0 };
	enum err e = rq->api ? track_person(rq, &program, &fault) : OK;
	if (e)
		return fault.key ? reply_fault(rp, &fault) : e;
	work->actor = rq->api ? &program : actor_of(rq);
	work->form = &form;
	if (!form_parse(rq, work->fields, work->n, &form, &faults)) {
		e = db_write(office_of(rq)->db, write_ask, work);
		if (!e && !rq->api)
			return reply_see_other(rp, "/track/case?done=%s#%s", done, done);
		if (!e) {
			json_t *view;
			e = track_view(rq, work->actor, &view, &work->fault);
			return e ? e : reply_view(rp, NULL, view);
		}
		if (!work->fault.key)
			return e;
		faults_add(&faults, &work->fault);
	}
	if (rq->api)
		return work->fault.key ? reply_fault(rp, &work->fault)
				       : reply_form(rp, NULL, NULL, work->fields, work->n, &faults);
	e = track_case_again(rq, rp, work->fields, work->n, &faults, e ? e : ERR_INVALID);
	if (!e && rp->view)
		flow_fill_again(rq, rp->view);
	return e;
}

static enum err ask_review(struct request *rq, struct reply *rp)
{
	struct ask_work work = { .rq = rq, .fields = review_fields, .n = ARRAY_LEN(review_fields), .run = do_review };
	return ask(rp, &work, "review");
}

static enum err withdraw(struct request *rq, struct reply *rp)
{
	struct ask_work work = {
		.rq = rq, .fields = withdrawal_fields, .n = ARRAY_LEN(withdrawal_fields), .run = do_withdraw
	};
	return ask(rp, &work, "withdrawal");
}

static const struct route routes[] = {
	{ METHOD_POST, "/track/review", ask_review, WHO_PERSON, 0, 0, "Ask that the decision is looked at again." },
	{ METHOD_POST, "/track/withdrawal", withdraw, WHO_PERSON, 0, 0, "Take the complaint back." },
	{ METHOD_POST, "/api/v1/complaints/{number}/review", ask_review, 0, 0, 0,
	    "Ask that the decision is looked at again." },
	{ METHOD_POST, "/api/v1/complaints/{number}/withdrawal", withdraw, 0, 0, 0, "Take the complaint back." },
};
const struct route_table track_flow_routes = { routes, ARRAY_LEN(routes) };
