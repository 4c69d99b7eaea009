/* Recommendations: one function for each act, and the counts that the list shows. */
#include "base/util.h"
#include "casework/issue.h"
#include "casework/recommendation.h"
#include "casework/search.h"
#include "recommendation.sql.h"
#include "text/date.h"

#include <string.h>

#define NAMES_MAX 41

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err recommendation_load(struct db_tx *tx, struct arena *arena, int64_t id, struct recommendation *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_recommendation_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	struct recommendation r = { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.issued_at = db_col_int(rows, 2),
		.due_at = db_col_int(rows, 3),
		.issued_day = db_col_int(rows, 4),
		.due_day = db_col_int(rows, 5),
		.reminded_at = db_col_int(rows, 6) };
	const char **text[] = { &r.body_key, &r.addressee, &r.whom, &r.kind, &r.measure, &r.public_text, &r.state,
		&r.degree, &r.escalated };
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		*text[i] = arena_strdup(arena, db_col_text(rows, 7 + (int)i));
	*ret = r;
	return OK;
}

/* One of another case is none of this one's, whatever the address says. */
static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id,
    enum recommendation_act what, struct recommendation *ret, struct fault *fault)
{
	enum err e = recommendation_load(act->tx, act->arena, id, ret);
	if (!e && ret->casefile_id != c->id)
		e = ERR_NOT_FOUND;
	return e ? e : recommendation_may(ret, what, act->now, fault);
}

/* --- counts ------------------------------------------------------------------------------------------------------ */

static enum err add_day(const struct casefile_act *act, const char *what, const char *whom, int64_t day, int64_t by)
{
	return db_run(
	    act->tx, &sql_recommendation_day_add, DB_ARGS(db_text(what), db_text(whom), db_int(day), db_int(by)));
}

static enum err count_open(const struct casefile_act *act, const struct recommendation *r, int64_t by)
{
	enum err e = add_day(act, "due", "", r->due_day, by);
	if (!e)
		e = add_day(act, "due", r->whom, r->due_day, by);
	if (!e)
		e = db_run(act->tx, &sql_recommendation_body_add,
		    DB_ARGS(db_text(r->whom), db_text(r->body_key), db_text(r->addressee), db_int(by),
			db_int(by < 0 ? -by : 0)));
	return e;
}

/* Unanswered is what is 'issued': a reply takes it out, and so does all that leads on from there. */
static enum err count_move(const struct casefile_act *act, const struct recommendation *r, const char *to)
{
	bool was = !strcmp(r->state, "issued"), is = !strcmp(to, "issued");
	enum err e = OK;
	if (was && !is)
		e = add_day(act, "unanswered", "", r->issued_day, -1);
	return e || strcmp(to, "implemented") ? e : count_open(act, r, -1);
}

/* --- issuing ----------------------------------------------------------------------------------------------------- */

static enum err check_public(
    const struct casefile_act *act, const struct casefile *c, const char *text, struct fault *fault)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *names[NAMES_MAX] = { c->person_name };
	size_t n = 1;
	enum err e = db_query(act->tx, &sql_recommendation_names, DB_ARGS(db_int(c->id)), &rows);
	if (e)
		return e;
	while (n < NAMES_MAX && db_next(rows))
		names[n++] = arena_strdup(act->arena, db_col_text(rows, 0));
	e = db_rows_error(rows);
	return e ? e : recommendation_public_ok(act->arena, text, names, n, fault);
}

static enum err issue_event(const struct casefile_act *act, struct casefile *c, const struct recommendation_new *new,
    int64_t due_at, int64_t seen_version, struct fault *fault)
{
	json_t *data = json_object();
	json_put_str(data, "addressee", new->addressee);
	json_put_str(data, "body", new->addressee);
	json_put_int(data, "due_at", due_at);
	json_put_str(data, "words", new->measure);
	enum err e = casefile_move_if(act, c, "recommend", "recommendation_issued", seen_version, data, fault);
	/* A day chosen by hand stands on the recommendation alone: the legal limit's clock would contradict it. */
	return e || *new->due ? e : case_clock_on(act, c->id, "recommended");
}

static enum err insert(const struct casefile_act *act, const struct casefile *c, const struct recommendation_new *new,
    const struct recommendation *r, int64_t *ret_id)
{
	enum err e = db_get_int(act->tx, &sql_recommendation_insert,
	    DB_ARGS(db_int(c->id), db_text(r->addressee), db_text(new->measure), db_int(act->now), db_int(r->due_at),
		db_text(r->body_key), db_text(r->whom), db_text(new->kind), db_text(new->public_text),
		db_text(new->ground), db_int(r->issued_day), db_int(r->due_day)),
	    ret_id);
	if (!e)
		e = search_add(act, c->id, arena_printf(act->arena, "%s %s", r->addressee, new->measure));
	if (!e)
		e = add_day(act, "unanswered", "", r->issued_day, 1);
	return e ? e : count_open(act, r, 1);
}

/* A body of the case, when its name was written as it stands there in any language: then the list knows it. */
static enum err find_key(const struct casefile_act *act, const struct casefile *c, struct recommendation *r)
{
	struct issue_list issues;
	enum err e = *r->body_key ? OK : issue_list(act->tx, act->arena, c, &issues);
	if (e || *r->body_key)
		return e;
	for (size_t i = 0; i < issues.n; i++)
		for (enum lang lang = 0; *issues.at[i].body_key && lang < LANG_MAX; lang++)
			if (!strcmp(issue_body_name(act, lang, &issues.at[i]), r->addressee))
				r->body_key = issues.at[i].body_key;
	return OK;
}

enum err recommendation_issue(const struct casefile_act *act, struct casefile *c, const struct recommendation_new *new,
    int64_t seen_version, int64_t *ret_id, struct fault *fault)
{
	const struct profile *profile = act->office->profile;
	const char *zone = profile->calendar.zone;
	struct recommendation r = { .body_key = new->body_key, .addressee = new->addressee, .state = "issued" };
	enum err e = recommendation_may_issue(c->state->phase, fault);
	if (!e)
		e = recommendation_due(act->office, new->due, act->now, &r.due_at, fault);
	if (!e)
		e = check_public(act, c, new->public_text, fault);
	if (!e)
		e = find_key(act, c, &r);
	if (e)
		return e;
	r.issued_day = civil_days(zone_date(zone, act->now));
	r.due_day = civil_days(zone_date(zone, r.due_at));
	r.whom = *r.body_key ? arena_printf(act->arena, "key:%s", r.body_key)
			     : arena_printf(act->arena, "name:%s", text_fold(act->arena, r.addressee));
	e = insert(act, c, new, &r, ret_id);
	if (!e)
		e = inquiry_journal(
		    act, c->id, "recommendation.issue", "recommendation", *ret_id, "issued", new->measure);
	return e ? e : issue_event(act, c, new, r.due_at, seen_version, fault);
}

/* --- what comes afterwards --------------------------------------------------------------------------------------- */

static json_t *event_data(const struct recommendation *r, const char *words)
{
	json_t *data = json_object();
	json_put_str(data, "addressee", r->addressee);
	json_put_str(data, "body", r->addressee);
	json_put_str(data, "words", words);
	return data;
}

static enum err keep_act(
    const struct casefile_act *act, int64_t id, const char *kind, const char *value, const char *words)
{
	return db_run(act->tx, &sql_recommendation_act_insert,
	    DB_ARGS(db_int(id), db_text(kind), db_text(value), db_text(words), db_text(act->actor->tag),
		db_text(act->actor->name), db_int(act->now)));
}

enum err recommendation_reply(const struct casefile_act *act, const struct casefile *c, int64_t id, const char *reply,
    const char *words, struct fault *fault)
{
	struct recommendation r;
	const char *to;
	enum err e = load_for(act, c, id, RECOMMENDATION_REPLY, &r, fault);
	if (!e)
		e = recommendation_next(&r, RECOMMENDATION_REPLY, reply, &to, fault);
	if (!e)
		e = count_move(act, &r, to);
	if (!e)
		e = db_run(act->tx, &sql_recommendation_set_reply,
		    DB_ARGS(db_int(id), db_text(to), db_text(words), db_int(act->now)));
	if (!e)
		e = keep_act(act, id, "reply", reply, words);
	if (!e)
		e = inquiry_journal(act, c->id, "recommendation.reply", "recommendation", id, reply, words);
	if (e)
		return e;
	/* Offices that lead a referral tell it on: kind and members are a promise to cooperation. */
	json_t *data = event_data(&r, words);
	json_put_str(data, "state", reply);
	return event_add(act, c->id, "recommendation_evidence", data);
}

static enum err keep_documents(const struct casefile_act *act, const struct casefile *c, int64_t assessment,
    const int64_t document[RECOMMENDATION_DOCUMENTS_MAX], struct fault *fault)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < RECOMMENDATION_DOCUMENTS_MAX; i++) {
		int64_t changed;
		bool before = false;
		for (size_t k = 0; k < i; k++)
			before = before || document[k] == document[i];
		if (!document[i] || before)
			continue;
		e = db_run_count(act->tx, &sql_recommendation_document_insert,
		    DB_ARGS(db_int(assessment), db_int(document[i]), db_int(c->id)), &changed);
		if (!e && !changed)
			e = fault_set(fault, ERR_INVALID, arena_printf(act->arena, "document_%zu", i + 1),
			    N_("Choose a document of this case."), NULL);
	}
	return e;
}

/* The last one that was carried out ends the follow-up of a case, where its profile draws that. */
static enum err tell_done(const struct casefile_act *act, struct casefile *c, const struct recommendation *r,
    const char *words, struct fault *fault)
{
	int64_t open;
	json_t *data;
	enum err e = db_get_int(act->tx, &sql_recommendation_open_of_casefile, DB_ARGS(db_int(c->id)), &open);
	if (e)
		return e;
	data = event_data(r, words);
	json_put_str(data, "state", "implemented");
	e = open ? event_add(act, c->id, "recommendation_evidence", data)
		 : casefile_move_if(act, c, "implemented", "recommendation_evidence", 0, data, fault);
	return e ? e : case_clock_on(act, c->id, "implemented");
}

static enum err tell_assessment(const struct casefile_act *act, struct casefile *c, const struct recommendation *r,
    const struct recommendation_assessment *new, struct fault *fault)
{
	if (!strcmp(new->degree, "fully"))
		return tell_done(act, c, r, new->words, fault);
	json_t *data = event_data(r, new->words);
	json_put_str(data, "degree", new->degree);
	return event_add(act, c->id, "recommendation_assessed", data);
}

enum err recommendation_assess(const struct casefile_act *act, struct casefile *c, int64_t id,
    const struct recommendation_assessment *new, struct fault *fault)
{
	struct recommendation r;
	const char *to;
	int64_t assessment;
	enum err e = load_for(act, c, id, RECOMMENDATION_ASSESS, &r, fault);
	if (!e)
		e = recommendation_next(&r, RECOMMENDATION_ASSESS, new->degree, &to, fault);
	if (!e)
		e = count_move(act, &r, to);
	if (!e)
		e = db_run(act->tx, &sql_recommendation_set_degree,
		    DB_ARGS(db_int(id), db_text(to), db_text(new->degree), db_text(new->words), db_int(act->now)));
	if (!e)
		e = db_get_int(act->tx, &sql_recommendation_assessment_insert,
		    DB_ARGS(db_int(id), db_text(new->degree), db_text(new->words), db_text(act->actor->tag),
			db_text(act->actor->name), db_int(act->now)),
		    &assessment);
	if (!e)
		e = keep_documents(act, c, assessment, new->document, fault);
	if (!e)
		e = inquiry_journal(act, c->id, "recommendation.assess", "recommendation", id, new->degree, new->words);
	return e ? e : tell_assessment(act, c, &r, new, fault);
}

enum err recommendation_remind(
    const struct casefile_act *act, const struct casefile *c, int64_t id, const char *words, struct fault *fault)
{
	struct recommendation r;
	enum err e = load_for(act, c, id, RECOMMENDATION_REMIND, &r, fault);
	if (!e)
		e = db_run(act->tx, &sql_recommendation_set_reminded, DB_ARGS(db_int(id), db_int(act->now)));
	if (!e)
		e = keep_act(act, id, "remind", "", words);
	if (!e)
		e = inquiry_journal(act, c->id, "recommendation.remind", "recommendation", id, NULL, words);
	return e ? e : event_add(act, c->id, "recommendation_reminded", event_data(&r, ""));
}

enum err recommendation_escalate(const struct casefile_act *act, const struct casefile *c, int64_t id, const char *step,
    const char *words, struct fault *fault)
{
	struct recommendation r;
	enum err e = load_for(act, c, id, RECOMMENDATION_ESCALATE, &r, fault);
	if (!e)
		e = recommendation_may_step(r.escalated, step, fault);
	if (!e)
		e = count_move(act, &r, "defied");
	if (!e)
		e = db_run(act->tx, &sql_recommendation_set_escalated, DB_ARGS(db_int(id), db_text(step)));
	if (!e)
		e = keep_act(act, id, "escalate", step, words);
	if (!e)
		e = inquiry_journal(act, c->id, "recommendation.escalate", "recommendation", id, step, words);
	if (e)
		return e;
	json_t *data = event_data(&r, words);
	json_put_str(data, "step", step);
	return event_add(act, c->id, "recommendation_escalated", data);
}
