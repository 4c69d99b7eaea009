/* Pages of an officer's own work: one shape for all of them. */
#include "casework/desk_work.h"

#include "base/util.h"
#include "casework/task.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool desk_key(const char *text, int64_t *ret_at, int64_t *ret_id)
{
	char *end;
	long long at = strtoll(text, &end, 10);
	if (end == text || *end != '.' || at < 0)
		return false;
	const char *second = end + 1;
	long long id = strtoll(second, &end, 10);
	if (end == second || *end || id < 0)
		return false;
	*ret_at = at;
	*ret_id = id;
	return true;
}

int64_t desk_self(const struct request *rq)
{
	const char *staff = rq->api ? request_query(rq, "staff") : NULL;
	return staff ? strtoll(staff, NULL, 10) : task_self(actor_of(rq));
}

struct page_work {
	struct request *rq;
	const struct desk_page *page;
	json_t *view; /* made afresh by each run */
	struct fault fault;
};

static struct casefile_act act_in(struct request *rq, struct db_tx *tx)
{
	return (struct casefile_act) { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
}

static enum err fill(struct db_tx *tx, void *arg)
{
	struct page_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	work->view = json_owned(work->rq->arena, json_object());
	json_put_str(work->view, "title", text_get(work->rq->lang, work->page->title));
	return work->page->fill(&act, work->rq, work->view, &work->fault);
}

static enum err load(struct page_work *work)
{
	return db_read(office_of(work->rq)->db, fill, work);
}

enum err desk_page_show(struct request *rq, struct reply *rp, const struct desk_page *page)
{
	struct page_work work = { .rq = rq, .page = page };
	enum err e = load(&work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	return reply_view(rp, page->template, json_incref(work.view));
}

struct deed_work {
	struct request *rq;
	const struct desk_deed *deed;
	void *form;
	int64_t made;
	struct fault fault;
};

static enum err run(struct db_tx *tx, void *arg)
{
	struct deed_work *work = arg;
	const struct casefile_act act = act_in(work->rq, tx);
	work->fault = (struct fault) { 0 };
	work->made = 0;
	return work->deed->run(&act, work->rq, work->form, &work->made, &work->fault);
}

static enum err show_again(struct reply *rp, void *arg, struct faults *faults, enum err why)
{
	const struct deed_work *work = arg;
	struct page_work page = { .rq = work->rq, .page = work->deed->page };
	enum err e = load(&page);
	if (e)
		return page.fault.code ? reply_fault(rp, &page.fault) : e;
	json_put_bool(page.view, "again", true);
	e = reply_form(rp, page.page->template, json_incref(page.view), work->deed->fields, work->deed->n, faults);
	rp->status = err_http_status(why);
	return e;
}

/* `next` with the id put in; a program gets the id itself. */
static enum err answer(struct reply *rp, const struct deed_work *work)
{
	struct request *rq = work->rq;
	int64_t id = work->made ? work->made : request_param_int(rq, "id");
	const char *next = work->deed->next, *hole = strstr(next, "{id}");
	const char *address =
	    hole ? arena_printf(rq->arena, "%.*s%" PRId64 "%s", (int)(hole - next), next, id, hole + 4) : next;
	if (!rq->api)
		return reply_see_other(rp, "%s", address);
	json_t *view = json_object();
	json_put_bool(view, "done", true);
	if (!work->made)
		return reply_view(rp, NULL, view);
	json_put_int(view, "made", work->made);
	/* The same thing's address for programs. */
	return reply_created(rp, arena_printf(rq->arena, "/api/v1%s", address + strlen("/desk")), view);
}

enum err desk_deed_do(struct request *rq, struct reply *rp, const struct desk_deed *deed)
{
	struct deed_work work = { .rq = rq, .deed = deed };
	struct faults faults = { 0 };
	if (may(actor_of(rq), deed->right, NULL, &work.fault) && !may_somewhere(actor_of(rq), deed->right))
		return reply_fault(rp, &work.fault);
	work.fault = (struct fault) { 0 };
	work.form = arena_alloc(rq->arena, deed->size + 1);
	if (form_parse(rq, deed->fields, deed->n, work.form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, deed->fields, deed->n, &faults)
			       : show_again(rp, &work, &faults, ERR_INVALID);
	enum err e = db_write(office_of(rq)->db, run, &work);
	return e ? reply_refused(rp, &work.fault, e, show_again, &work) : answer(rp, &work);
}
