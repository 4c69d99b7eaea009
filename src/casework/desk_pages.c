/* The queue and the search as pages and for programs, and the routes of the staff's side. */
#include "casework/desk_pages.h"

#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/queue.h"
#include "office/journal.h"

#include <string.h>

#define QUERY_MAX 200 /* characters; a search for more is no search */

struct list_work {
	struct request *rq;
	struct queue_ask ask;
	const char *words; /* NULL: the queue */
	json_t *view;      /* made afresh by each run */
};

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	work->view = json_owned(rq->arena, json_object());
	return work->words ? queue_search(&act, rq->lang, work->words, work->view)
			   : queue_list(&act, rq->lang, &work->ask, work->view);
}

/* Names of people stand in lists too. */
static void journal_list(const struct request *rq, const char *act)
{
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, act, "casefile:list");
}

static enum err answer_list(
    struct reply *rp, struct list_work *work, const char *template, const char *title, const char *journal_act)
{
	enum err e = db_read(office_of(work->rq)->db, read_list, work);
	if (e)
		return e;
	if (json_bool_or(work->view, "has_rows", false))
		journal_list(work->rq, journal_act);
	json_put_str(work->view, "title", text_get(work->rq->lang, title));
	return reply_view(rp, template, json_incref(work->view));
}

static enum err queue_show(struct request *rq, struct reply *rp)
{
	struct list_work work = { .rq = rq };
	struct fault fault = { 0 };
	enum err e = may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault);
	/* Every login ends here; whose work is elsewhere is led there instead of being turned away. */
	if (e == ERR_DENIED && actor_of(rq)->kind == ACTOR_STAFF)
		return reply_see_other(rp, "%s", office_first_page(rq));
	if (!e)
		e = queue_ask_parse(office_of(rq)->profile, actor_of(rq), request_query(rq, "of"),
		    request_query(rq, "after"), request_query(rq, "before"), &work.ask, &fault);
	if (e)
		return reply_fault(rp, &fault);
	return answer_list(rp, &work, "desk/queue", N_("Cases"), "casefile.list");
}

static enum err search_show(struct request *rq, struct reply *rp)
{
	const char *q = request_query(rq, "q");
	struct list_work work = { .rq = rq, .words = q ? text_nfc(rq->arena, q) : "" };
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_QUEUE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	if (utf8_length(work.words) > QUERY_MAX) {
		fault_set(&fault, ERR_INVALID, "q", N_("Write at most {limit} characters."), "limit", "200", NULL);
		return reply_fault(rp, &fault);
	}
	return answer_list(rp, &work, "desk/search", N_("Search"), "casefile.search");
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk", queue_show, WHO_STAFF, 0, 0, "The queue of cases." },
	{ METHOD_GET, "/desk/search", search_show, WHO_STAFF, 0, 0, "Search in complaints." },
	{ METHOD_GET, "/desk/cases/{id}", case_show, WHO_STAFF, 0, 0, "One case." },
	{ METHOD_GET, "/desk/documents/{id}", case_document, WHO_STAFF, 0, 0, "A file of a case." },
	{ METHOD_POST, "/desk/cases/{id}/documents", case_add_documents, WHO_STAFF, ROUTE_UPLOAD, 0,
	    "Add files to a case." },
	{ METHOD_GET, "/api/v1/cases", queue_show, WHO_PROGRAM, 0, 0, "The queue of cases." },
	{ METHOD_GET, "/api/v1/search", search_show, WHO_PROGRAM, 0, 0, "Search in complaints." },
	{ METHOD_GET, "/api/v1/cases/{id}", case_show, WHO_PROGRAM, 0, 0, "One case." },
	DESK_ACT("register", "Register a complaint."),
	DESK_ACT("acknowledge", "Acknowledge the receipt to the person."),
	DESK_ACT("assign", "Assign a case to an officer."),
	DESK_ACT("admit", "Admit a complaint for inquiry."),
	DESK_ACT("messages", "Write to the person."),
	DESK_ACT("notes", "Add an internal note."),
	DESK_ACT("close", "Close a case with a reason."),
};
const struct route_table desk_routes = { routes, ARRAY_LEN(routes) };
