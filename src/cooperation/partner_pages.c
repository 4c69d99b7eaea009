/* Pairing as pages and for programs: the list, fetching an identity, comparing fingerprints, blocking. */
#include "base/util.h"
#include "cooperation/agreement_view.h"
#include "cooperation/partner.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *key, *tone, *label;
} states[] = {
	{ "seen", "waiting", N_("Fingerprint not compared yet") },
	{ "confirmed", "done", N_("Confirmed") },
	{ "blocked", "refused", N_("Blocked") },
};

struct add_form {
	const char *url;
};
static const struct field add_fields[] = {
	FIELD(struct add_form, url, FIELD_TEXT, 250, FIELD_REQUIRED, N_("Address of the partner's exchange")),
};

struct confirm_form {
	const char *fingerprint;
	bool compared;
};
static const struct field confirm_fields[] = {
	FIELD(struct confirm_form, fingerprint, FIELD_TEXT, FINGERPRINT_TEXT, FIELD_REQUIRED, N_("Fingerprint")),
	FIELD(struct confirm_form, compared, FIELD_BOOL, 0, FIELD_REQUIRED, N_("All twelve groups were compared")),
};

struct pair_work {
	struct request *rq;
	int64_t id;
	struct partner partner;
	struct confirm_form confirm;
	json_t *rows;
	struct fault fault;
};

static enum err refuse(struct reply *rp, const struct pair_work *work, enum err e)
{
	return work->fault.code ? reply_fault(rp, &work->fault) : e;
}

/* --- views ------------------------------------------------------------------------------------------------------- */

static json_t *partner_view(struct request *rq, const struct partner *p)
{
	json_t *view = json_object(), *state = json_object();
	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (strcmp(states[i].key, p->state))
			continue;
		json_put_str(state, "key", states[i].key);
		json_put_str(state, "tone", states[i].tone);
		json_put_str(state, "label", text_get(rq->lang, states[i].label));
	}
	json_put_int(view, "id", p->id);
	json_put_str(view, "uid", p->uid);
	json_put_str(view, "link", arena_printf(rq->arena, "/desk/partners/%" PRId64, p->id));
	json_put_str(view, "partner_name", partner_name(rq->arena, p, rq->lang));
	json_put_str(view, "country", country_name(rq->lang, p->country));
	json_put_str(view, "country_code", p->country);
	json_put_str(view, "address", p->url);
	json_put(view, "state", state);
	json_put_str(view, "fingerprint", p->fingerprint);
	json_put(view, "groups", fingerprint_groups(p->fingerprint));
	if (p->confirmed_at)
		json_put_str(view, "confirmed_on",
		    date_time_long(rq->arena, rq->lang, office_of(rq)->profile->calendar.zone, p->confirmed_at));
	return view;
}

static void put_own(struct request *rq, json_t *view)
{
	char fingerprint[FINGERPRINT_TEXT];
	json_t *own = json_object();
	public_keys_fingerprint(keys_public(office_of(rq)->keys), fingerprint);
	json_put_str(own, "uid", office_of(rq)->uid);
	json_put_str(own, "address", office_of(rq)->config.public_url);
	json_put_str(own, "fingerprint", fingerprint);
	json_put(own, "groups", fingerprint_groups(fingerprint));
	json_put(view, "own", own);
	json_put_bool(view, "can_pair", may(actor_of(rq), ACT_PARTNER_PAIR, NULL, NULL) == OK);
}

static void add_row(const struct partner *p, void *arg)
{
	struct pair_work *work = arg;
	json_add(work->rows, partner_view(work->rq, p));
}

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct pair_work *work = arg;
	work->rows = json_owned(work->rq->arena, json_array());
	return partner_each(tx, work->rq->arena, add_row, work);
}

static enum err list_view(struct pair_work *work, json_t **ret_view)
{
	enum err e = db_read(office_of(work->rq)->db, read_list, work);
	if (e)
		return e;
	json_t *view = json_object();
	json_put_str(view, "title", text_get(work->rq->lang, N_("Partners")));
	json_put_bool(view, "has_rows", json_array_size(work->rows) > 0);
	json_put(view, "rows", json_incref(work->rows));
	json_put_bool(view, "can_draft", may(actor_of(work->rq), ACT_AGREEMENT_DRAFT, NULL, NULL) == OK);
	put_own(work->rq, view);
	*ret_view = view;
	return OK;
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq };
	json_t *view = NULL;
	enum err e = may(actor_of(rq), ACT_PARTNER_READ, NULL, &work.fault);
	if (!e)
		e = list_view(&work, &view);
	return e ? refuse(rp, &work, e) : reply_view(rp, "partner/list", view);
}

static enum err read_one(struct db_tx *tx, void *arg)
{
	struct pair_work *work = arg;
	return partner_load(tx, work->rq->arena, work->id, &work->partner);
}

static enum err one_view(struct pair_work *work, json_t **ret_view)
{
	enum err e = db_read(office_of(work->rq)->db, read_one, work);
	if (e)
		return e;
	json_t *view = json_object();
	json_t *partner = partner_view(work->rq, &work->partner);
	bool pair = may(actor_of(work->rq), ACT_PARTNER_PAIR, NULL, NULL) == OK;
	json_put_str(view, "title", json_str(partner, "partner_name"));
	json_put(view, "partner", partner);
	json_put_bool(view, "confirmed", !strcmp(work->partner.state, "confirmed"));
	json_put_bool(view, "blocked", !strcmp(work->partner.state, "blocked"));
	json_put_bool(view, "can_confirm", pair && strcmp(work->partner.state, "confirmed"));
	json_put_bool(view, "can_move", pair);
	json_put_bool(view, "can_block", pair && strcmp(work->partner.state, "blocked"));
	put_own(work->rq, view);
	*ret_view = view;
	return OK;
}

static enum err show(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	json_t *view = NULL;
	enum err e = may(actor_of(rq), ACT_PARTNER_READ, NULL, &work.fault);
	if (!e)
		e = one_view(&work, &view);
	return e ? refuse(rp, &work, e) : reply_view(rp, "partner/show", view);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static char *without_slash(struct arena *arena, const char *url)
{
	size_t len = strlen(url);
	while (len && url[len - 1] == '/')
		len--;
	return arena_strndup(arena, url, len);
}

static enum err add_again(struct reply *rp, struct pair_work *work, const struct faults *faults)
{
	json_t *view = NULL;
	enum err e = list_view(work, &view);
	return e ? e : reply_form(rp, "partner/list", view, add_fields, ARRAY_LEN(add_fields), faults);
}

static enum err add(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq };
	struct add_form form;
	struct faults faults = { 0 };
	const struct casefile_act act = { office_of(rq), NULL, actor_of(rq), rq->now, rq->arena };
	if (may(actor_of(rq), ACT_PARTNER_PAIR, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, add_fields, ARRAY_LEN(add_fields), &form, &faults))
		return add_again(rp, &work, &faults);
	enum err e = partner_see(&act, without_slash(rq->arena, form.url), &work.id, &work.fault);
	if (e && !work.fault.code)
		return e;
	if (e && rq->api)
		return reply_fault(rp, &work.fault);
	if (e) {
		copy_text(work.fault.field, sizeof(work.fault.field), "url");
		faults_add(&faults, &work.fault);
		return add_again(rp, &work, &faults);
	}
	if (!rq->api)
		return reply_see_other(rp, "/desk/partners/%" PRId64, work.id);
	json_t *view = NULL;
	e = one_view(&work, &view);
	return e ? e : reply_created(rp, arena_printf(rq->arena, "/api/v1/partners/%" PRId64, work.id), view);
}

static enum err answer(struct reply *rp, struct pair_work *work)
{
	json_t *view = NULL;
	if (!work->rq->api)
		return reply_see_other(rp, "/desk/partners/%" PRId64, work->id);
	enum err e = one_view(work, &view);
	return e ? e : reply_view(rp, NULL, view);
}

static enum err show_again(struct reply *rp, struct pair_work *work, const struct field *fields, size_t n,
    const struct faults *faults, enum err why)
{
	json_t *view = NULL;
	enum err e = one_view(work, &view);
	if (!e)
		e = reply_form(rp, "partner/show", view, fields, n, faults);
	if (!e)
		rp->status = err_http_status(why);
	return e;
}

static enum err do_confirm(struct db_tx *tx, void *arg)
{
	struct pair_work *work = arg;
	const struct casefile_act act = { office_of(work->rq), tx, actor_of(work->rq), work->rq->now, work->rq->arena };
	work->fault = (struct fault) { 0 };
	enum err e = partner_load(tx, work->rq->arena, work->id, &work->partner);
	return e ? e : partner_confirm(&act, work->id, work->confirm.fingerprint, &work->fault);
}

static enum err confirm(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct faults faults = { 0 };
	if (may(actor_of(rq), ACT_PARTNER_PAIR, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, confirm_fields, ARRAY_LEN(confirm_fields), &work.confirm, &faults))
		return show_again(rp, &work, confirm_fields, ARRAY_LEN(confirm_fields), &faults, ERR_INVALID);
	enum err e = db_write(office_of(rq)->db, do_confirm, &work);
	if (!e)
		return answer(rp, &work);
	if (!work.fault.code || rq->api)
		return refuse(rp, &work, e);
	work.fault.field[0] = '\0';
	faults_add(&faults, &work.fault);
	return show_again(rp, &work, confirm_fields, ARRAY_LEN(confirm_fields), &faults, e);
}

static enum err move(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	struct add_form form;
	struct faults faults = { 0 };
	const struct casefile_act act = { office_of(rq), NULL, actor_of(rq), rq->now, rq->arena };
	enum err e = may(actor_of(rq), ACT_PARTNER_PAIR, NULL, &work.fault);
	if (!e)
		e = db_read(office_of(rq)->db, read_one, &work);
	if (e)
		return refuse(rp, &work, e);
	if (form_parse(rq, add_fields, ARRAY_LEN(add_fields), &form, &faults))
		return show_again(rp, &work, add_fields, ARRAY_LEN(add_fields), &faults, ERR_INVALID);
	e = partner_move(&act, work.id, without_slash(rq->arena, form.url), &work.fault);
	if (!e)
		return answer(rp, &work);
	if (!work.fault.code || rq->api)
		return refuse(rp, &work, e);
	copy_text(work.fault.field, sizeof(work.fault.field), "url");
	faults_add(&faults, &work.fault);
	return show_again(rp, &work, add_fields, ARRAY_LEN(add_fields), &faults, e);
}

static enum err do_block(struct db_tx *tx, void *arg)
{
	struct pair_work *work = arg;
	const struct casefile_act act = { office_of(work->rq), tx, actor_of(work->rq), work->rq->now, work->rq->arena };
	work->fault = (struct fault) { 0 };
	enum err e = partner_load(tx, work->rq->arena, work->id, &work->partner);
	return e ? e : partner_block(&act, work->id, &work->fault);
}

static enum err block(struct request *rq, struct reply *rp)
{
	struct pair_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	enum err e = may(actor_of(rq), ACT_PARTNER_PAIR, NULL, &work.fault);
	if (!e)
		e = db_write(office_of(rq)->db, do_block, &work);
	return e ? refuse(rp, &work, e) : answer(rp, &work);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/partners", list_show, WHO_STAFF, 0, 0, "Partner institutions." },
	{ METHOD_POST, "/desk/partners", add, WHO_STAFF, 0, 0, "Fetch a partner's identity." },
	{ METHOD_GET, "/desk/partners/{id}", show, WHO_STAFF, 0, 0, "One partner and its fingerprint." },
	{ METHOD_POST, "/desk/partners/{id}/confirm", confirm, WHO_STAFF, 0, 0, "Confirm a partner's fingerprint." },
	{ METHOD_POST, "/desk/partners/{id}/address", move, WHO_STAFF, 0, 0, "Another address, the same keys." },
	{ METHOD_POST, "/desk/partners/{id}/block", block, WHO_STAFF, 0, 0, "Block a partner." },
	{ METHOD_GET, "/api/v1/partners", list_show, WHO_PROGRAM, 0, 0, "Partner institutions." },
	{ METHOD_POST, "/api/v1/partners", add, WHO_PROGRAM, 0, 0, "Fetch a partner's identity." },
	{ METHOD_GET, "/api/v1/partners/{id}", show, WHO_PROGRAM, 0, 0, "One partner and its fingerprint." },
	{ METHOD_POST, "/api/v1/partners/{id}/confirm", confirm, WHO_PROGRAM, 0, 0,
	    "Confirm a partner's fingerprint." },
	{ METHOD_POST, "/api/v1/partners/{id}/address", move, WHO_PROGRAM, 0, 0, "Another address, the same keys." },
	{ METHOD_POST, "/api/v1/partners/{id}/block", block, WHO_PROGRAM, 0, 0, "Block a partner." },
};
const struct route_table partner_routes = { routes, ARRAY_LEN(routes) };
