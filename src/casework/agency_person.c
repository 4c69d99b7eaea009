/* What a body offers, before the person who complained: shown on the person's page, accepted or commented there, once.
 */
#include "casework/agency_portal.h"

#include "base/util.h"
#include "casework/case_view.h"
#include "casework/public.h"

#include <inttypes.h>
#include <string.h>

/* --- the page ---------------------------------------------------------------------------------------------------- */

enum err agency_person_view(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	struct agency_requests list;
	json_t *offers = json_array();
	enum err e = agency_list(act->tx, act->arena, c->id, &list);
	for (size_t i = 0; !e && i < list.n; i++) {
		const struct agency_request *r = &list.at[i];
		if (!r->offered_at)
			continue;
		json_t *full = agency_request_json(act, lang, r), *one = json_object();
		static const char *const members[] = { "id", "offered", "offered_due", "person_accepts",
			"person_comments", "person_words" };
		for (size_t m = 0; m < ARRAY_LEN(members); m++)
			json_object_set(one, members[m], json_object_get(full, members[m]));
		json_put_str(one, "offered_by", case_body_label(act, lang, r->body_key, r->body_name));
		json_put_bool(one, "may_answer", agency_person_may(r, NULL) == OK);
		json_decref(full);
		json_add(offers, one);
	}
	view_put_list(view, "offers", offers);
	return e;
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

struct offer_form {
	const char *offer_answer, *offer_words;
};
static const struct field offer_fields[] = {
	FIELD_OF(struct offer_form, offer_answer, agency_person_answers, FIELD_REQUIRED, N_("Your answer")),
	FIELD(struct offer_form, offer_words, FIELD_LINES, 5000, 0, N_("What is missing or wrong")),
};

struct offer_work {
	struct request *rq;
	int64_t id;
	struct offer_form form;
	struct fault fault;
};

static enum err write_answer(struct db_tx *tx, void *arg)
{
	struct offer_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct casefile c;
	work->fault = (struct fault) { 0 };
	enum err e = casefile_load(act.office, tx, rq->arena, act.actor->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act.actor, ACT_CASE_FOLLOW, &object, &work->fault);
	return e ? e
		 : agency_remedy_answer(
		       &act, &c, work->id, work->form.offer_answer, work->form.offer_words, &work->fault);
}

/* The page again, the form of that offer open. */
static enum err show_again(struct reply *rp, struct offer_work *work, struct faults *faults, enum err why)
{
	json_t *one;
	size_t i;
	for (i = 0; i < faults->n; i++)
		if (!strcmp(faults->v[i].field, "words"))
			copy_text(faults->v[i].field, sizeof(faults->v[i].field), "offer_words");
	enum err e = track_case_again(work->rq, rp, offer_fields, ARRAY_LEN(offer_fields), faults, why);
	json_array_foreach(json_object_get(rp->view, "offers"), i, one) if (json_int_or(one, "id", 0) == work->id)
	    json_put_bool(one, "offer_again", true);
	return e;
}

static enum err offer_answer(struct request *rq, struct reply *rp)
{
	struct offer_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct faults faults = { 0 };
	if (form_parse(rq, offer_fields, ARRAY_LEN(offer_fields), &work.form, &faults))
		return show_again(rp, &work, &faults, ERR_INVALID);
	enum err e = db_write(office_of(rq)->db, write_answer, &work);
	if (!e)
		return reply_see_other(rp, "/track/case?done=offer#offers");
	if (e != ERR_INVALID && e != ERR_CONFLICT)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	faults_add(&faults, &work.fault);
	return show_again(rp, &work, &faults, e);
}

static const struct route routes[] = {
	{ METHOD_POST, "/track/offers/{id}", offer_answer, WHO_PERSON, 0, 0, "Accept or comment what a body offers." },
};
const struct route_table agency_person_routes = { routes, ARRAY_LEN(routes) };
