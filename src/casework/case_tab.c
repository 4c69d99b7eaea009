/* The tabs of a case's page: each noun fills its own; reading one is reading the case. */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_pages.h"
#include "casework/tables.h"
#include "office/journal.h"

#include <inttypes.h>
#include <string.h>

void case_put_tabs(const struct case_viewing *v, const char *chosen)
{
	const struct object object = casefile_object(v->c);
	const struct case_tab *tab;
	json_t *tabs = json_array(), *overview = json_object();
	json_put_str(overview, "link", arena_printf(v->act->arena, "/desk/cases/%" PRId64, v->c->id));
	json_put_str(overview, "tab_label", text_get(v->lang, N_("Overview")));
	json_put_bool(overview, "chosen", !chosen);
	json_add(tabs, overview);
	for (size_t i = 0; (tab = case_tab_at(i)); i++) {
		if (may(v->act->actor, tab->right, &object, NULL))
			continue;
		json_t *one = json_object();
		json_put_str(
		    one, "link", arena_printf(v->act->arena, "/desk/cases/%" PRId64 "/%s", v->c->id, tab->key));
		json_put_str(one, "tab_label", text_get(v->lang, tab->label));
		json_put_bool(one, "chosen", chosen && !strcmp(chosen, tab->key));
		json_add(tabs, one);
	}
	json_put_bool(v->view, "has_tabs", json_array_size(tabs) > 1);
	json_put(v->view, "tabs", tabs);
}

enum err case_tab_load(const struct casefile_act *act, enum lang lang, const struct case_tab *tab, int64_t casefile_id,
    json_t *view, struct casefile *ret_case, struct fault *fault)
{
	struct casefile c;
	struct case_viewing v = { .act = act, .lang = lang, .c = &c, .view = view };
	enum err e = casefile_load(act->office, act->tx, act->arena, casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act->actor, tab->right, &object, fault);
	if (e)
		return e;
	json_put_str(view, "title", arena_printf(act->arena, "%s – %s", c.number, text_get(lang, tab->label)));
	json_put(view, "case", case_head_json(&v));
	case_put_tabs(&v, tab->key);
	e = tab->fill(&v);
	if (!e)
		*ret_case = c;
	return e;
}

struct tab_work {
	struct request *rq;
	const struct case_tab *tab;
	int64_t id;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static enum err read_tab(struct db_tx *tx, void *arg)
{
	struct tab_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct casefile c;
	work->fault = (struct fault) { 0 };
	work->view = json_owned(rq->arena, json_object());
	return case_tab_load(&act, rq->lang, work->tab, work->id, work->view, &c, &work->fault);
}

enum err case_tab_show(struct request *rq, struct reply *rp)
{
	struct tab_work work = {
		.rq = rq, .tab = case_tab_find(request_param(rq, "tab")), .id = request_param_int(rq, "id")
	};
	char object[64];
	if (!work.tab)
		return ERR_NOT_FOUND;
	enum err e = db_read(office_of(rq)->db, read_tab, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "casefile.read",
	    journal_object(object, "casefile", work.id));
	return reply_view(rp, work.tab->template, json_incref(work.view));
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/cases/{id}/{tab}", case_tab_show, WHO_STAFF, 0, 0, "A part of a case." },
	{ METHOD_GET, "/api/v1/cases/{id}/{tab}", case_tab_show, WHO_PROGRAM, 0, 0, "A part of a case." },
};
const struct route_table tab_routes = { routes, ARRAY_LEN(routes) };
