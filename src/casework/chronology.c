/*
 * Everything that happened in a case on one page: states, documents, messages, notes, requests, in the order of time,
 * each kind alone if asked for (requirement 25). What stands on it is the chronology with the words and files
 * themselves; who may read the case may read it, and it prints.
 */
#include "base/util.h"
#include "casework/case_view.h"
#include "casework/desk_pages.h"
#include "casework/tables.h"
#include "office/journal.h"

#include <inttypes.h>
#include <string.h>

/* To which kind an event belongs; the first beginning that fits. What no row names is a step of the case. */
static const struct {
	const char *begins, *kind;
} kinds_of[] = {
	{ "to_person", "message" },
	{ "from_person", "message" },
	{ "acknowledged", "message" },
	{ "note", "note" },
	{ "document_", "document" },
	{ "agency_", "body" },
	{ "recommendation", "outcome" },
	{ "finding", "outcome" },
	{ "hearing", "hearing" },
	{ "inspection", "hearing" },
	{ "task_", "task" },
	{ "clock_", "time" },
	{ "referral_", "referral" },
	{ "consent_", "referral" },
	{ "member_", "people" },
	{ "assigned", "people" },
};

static const struct {
	const char *key, *label;
} kinds[] = {
	{ "state", N_("Steps of the case") },
	{ "message", N_("Messages") },
	{ "note", N_("Notes") },
	{ "document", N_("Documents") },
	{ "body", N_("Requests to bodies") },
	{ "hearing", N_("Hearings and inspections") },
	{ "outcome", N_("Findings and recommendations") },
	{ "task", N_("Tasks") },
	{ "time", N_("Time limits") },
	{ "people", N_("Who works on it") },
	{ "referral", N_("Referrals") },
};

static const char *kind_of(const char *event)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds_of); i++)
		if (!strncmp(event, kinds_of[i].begins, strlen(kinds_of[i].begins)))
			return kinds_of[i].kind;
	return "state";
}

/* Words of the same moment and author belong to their event: a letter's text stands under "Message to the person". */
static void put_words(json_t *event, json_t *texts)
{
	const char *kind = json_str_or(event, "group", "");
	json_t *one;
	size_t i;
	if (strcmp(kind, "message") != 0 && strcmp(kind, "note") != 0)
		return;
	json_array_foreach(texts, i, one)
	{
		bool note = json_bool_or(one, "note", false);
		if (note != !strcmp(kind, "note") ||
		    strcmp(json_str_or(one, "at", ""), json_str_or(event, "at", "-")) != 0 ||
		    json_bool_or(one, "placed", false))
			continue;
		json_put_str(event, "body", json_str(one, "body"));
		json_put_str(event, "body_lang", json_str(one, "lang"));
		json_put_bool(one, "placed", true);
		return;
	}
}

static enum err fill(const struct case_viewing *v)
{
	json_t *events, *texts, *one;
	size_t i;
	enum err e = event_list(v->act, v->lang, v->c->id, false, &events);
	if (e)
		return e;
	e = text_list(v->act->tx, v->act->office, v->lang, v->c->id, false, &texts);
	if (e) {
		json_decref(events);
		return e;
	}
	json_array_foreach(events, i, one)
	{
		json_put_str(one, "group", kind_of(json_str_or(one, "kind", "")));
		put_words(one, texts);
	}
	json_decref(texts);
	view_put_list(v->view, "events", events);
	return OK;
}

const struct case_tab chronology_tab = { "chronology", N_("Chronology"), ACT_CASE_READ, "case/chronology", fill };

/* --- with a filter ----------------------------------------------------------------------------------------------- */

struct chronology_work {
	struct request *rq;
	int64_t id;
	json_t *view;
	struct fault fault;
};

static enum err read_chronology(struct db_tx *tx, void *arg)
{
	struct chronology_work *work = arg;
	struct request *rq = work->rq;
	const struct casefile_act act = { office_of(rq), tx, actor_of(rq), rq->now, rq->arena };
	struct casefile c;
	work->fault = (struct fault) { 0 };
	work->view = json_owned(rq->arena, json_object());
	return case_tab_load(&act, rq->lang, &chronology_tab, work->id, work->view, &c, &work->fault);
}

static bool known_kind(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].key, key))
			return true;
	return false;
}

static void put_kinds(const struct chronology_work *work, const char *asked)
{
	json_t *list = json_array(), *all = json_object();
	json_put_str(all, "kind_label", text_get(work->rq->lang, N_("Everything")));
	json_put_str(all, "link", arena_printf(work->rq->arena, "/desk/cases/%" PRId64 "/chronology", work->id));
	json_put_bool(all, "chosen", !*asked);
	json_add(list, all);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		json_t *one = json_object();
		json_put_str(one, "kind_label", text_get(work->rq->lang, kinds[i].label));
		json_put_str(one, "link",
		    arena_printf(
			work->rq->arena, "/desk/cases/%" PRId64 "/chronology?kind=%s", work->id, kinds[i].key));
		json_put_bool(one, "chosen", !strcmp(kinds[i].key, asked));
		json_add(list, one);
	}
	json_put(work->view, "kinds", list);
}

static void keep_kind(json_t *view, const char *asked)
{
	json_t *kept = json_array(), *one;
	size_t i;
	json_array_foreach(json_object_get(view, "events"), i, one)
	{
		if (!strcmp(json_str_or(one, "group", ""), asked))
			json_add(kept, json_incref(one));
	}
	view_put_list(view, "events", kept);
}

enum err chronology_show(struct request *rq, struct reply *rp)
{
	struct chronology_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	const char *asked = request_query(rq, "kind");
	struct fault fault = { 0 };
	char object[64];
	if (asked && *asked && !known_kind(asked)) {
		fault_set(&fault, ERR_INVALID, "kind", N_("There is no such kind of entry."), NULL);
		return reply_fault(rp, &fault);
	}
	enum err e = db_read(office_of(rq)->db, read_chronology, &work);
	if (e)
		return work.fault.code ? reply_fault(rp, &work.fault) : e;
	journal_read_later(office_of(rq)->reads, rq->now, actor_of(rq)->tag, "casefile.read",
	    journal_object(object, "casefile", work.id));
	put_kinds(&work, asked ? asked : "");
	if (asked && *asked)
		keep_kind(work.view, asked);
	return reply_view(rp, chronology_tab.template, json_incref(work.view));
}
