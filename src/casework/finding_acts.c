/* Findings: one function for each act. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/finding.h"
#include "casework/search.h"
#include "crypto/crypto.h"
#include "finding.sql.h"

#include <stdlib.h>
#include <string.h>

#define COMMENTS_MAX 40

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err finding_load(struct db_tx *tx, struct arena *arena, int64_t id, struct finding *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_finding_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct finding) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.version = db_col_int(rows, 2),
		.issued_at = db_col_int(rows, 3),
		.state = arena_strdup(arena, db_col_text(rows, 4)) };
	return OK;
}

static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id, enum finding_step step,
    struct finding *ret, struct fault *fault)
{
	const char *to;
	enum err e = finding_load(act->tx, act->arena, id, ret);
	if (!e && ret->casefile_id != c->id)
		e = ERR_NOT_FOUND;
	if (!e)
		e = inquiry_may_go_on(c->state->phase, fault);
	return e ? e : finding_next(ret->state, step, &to, fault);
}

enum err finding_issued(struct db_tx *tx, int64_t casefile_id, bool *ret_issued)
{
	int64_t n;
	enum err e = db_get_int(tx, &sql_finding_issued_count, DB_ARGS(db_int(casefile_id)), &n);
	if (!e)
		*ret_issued = n > 0;
	return e;
}

static struct finding_comment comment_of(struct arena *arena, const struct db_rows *rows)
{
	return (struct finding_comment) { .id = db_col_int(rows, 0),
		.finding_id = db_col_int(rows, 1),
		.due_at = db_col_int(rows, 2),
		.answered_at = db_col_int(rows, 3),
		.closed = db_col_int(rows, 4) != 0,
		.side = arena_strdup(arena, db_col_text(rows, 5)),
		.body_name = arena_strdup(arena, db_col_text(rows, 6)) };
}

static enum err open_comments(
    const struct casefile_act *act, int64_t id, struct finding_comment out[COMMENTS_MAX], size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	size_t n = 0;
	enum err e = db_query(act->tx, &sql_finding_comments_open, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	while (n < COMMENTS_MAX && db_next(rows))
		out[n++] = comment_of(act->arena, rows);
	*ret_n = n;
	return db_rows_error(rows);
}

/* --- what is written --------------------------------------------------------------------------------------------- */

/* Names stand beside keys: what was issued must read the same when lists and bodies have changed. */
static json_t *results_json(
    const struct casefile_act *act, const struct issue_list *issues, const struct finding_pairs *pairs)
{
	const struct profile *profile = act->office->profile;
	enum lang lang = profile->language;
	json_t *list = json_array();
	for (size_t i = 0; i < issues->n; i++) {
		json_t *one = json_object();
		json_put_int(one, "issue", issues->at[i].id);
		json_put_str(one, "body_key", issues->at[i].body_key);
		json_put_str(one, "body_name", issue_body_name(act, lang, &issues->at[i]));
		json_put_str(one, "subject", issues->at[i].subject);
		json_put_str(one, "result", pairs->result[i]);
		json_put_str(one, "fault_type", pairs->fault_type[i]);
		json_add(list, one);
	}
	return list;
}

/* A draft may leave points open, but what it says must be of the lists. */
static enum err check_pairs(
    const struct casefile_act *act, const struct finding_pairs *pairs, size_t n, struct fault *fault)
{
	for (size_t i = 0; i < n; i++) {
		if (!issue_code_ok(act->office, "findings", pairs->result[i], act->now))
			return fault_set(fault, ERR_INVALID, arena_printf(act->arena, "result_%zu", i + 1),
			    N_("Choose the result from the list."), NULL);
		if (!issue_code_ok(act->office, "faults", pairs->fault_type[i], act->now))
			return fault_set(fault, ERR_INVALID, arena_printf(act->arena, "fault_%zu", i + 1),
			    N_("Choose the kind of fault from the list."), NULL);
	}
	return OK;
}

/* The digest is of the canonical form: anybody can compute it from what the page and the API show. */
enum err finding_canonical(
    const char *facts, const char *reasons, json_t *results, int64_t version, char **ret_text, char digest[SHA256_HEX])
{
	json_t *whole = json_object();
	json_put_str(whole, "facts", facts);
	json_put_str(whole, "reasons", reasons);
	json_put(whole, "results", json_incref(results));
	json_put_int(whole, "version", version);
	*ret_text = json_canonical_text(whole);
	json_decref(whole);
	if (!*ret_text)
		return ERR_INTERNAL;
	sha256_hex(digest, *ret_text, strlen(*ret_text));
	return OK;
}

static enum err write_version(const struct casefile_act *act, struct casefile *c, int64_t id, int64_t version,
    const struct finding_text *text, struct fault *fault)
{
	struct issue_list issues;
	char digest[SHA256_HEX];
	char *whole CLEANUP(free_ptr) = NULL, *list CLEANUP(free_ptr) = NULL;
	enum err e = issue_list_keep(act->tx, act->arena, c, &issues);
	if (!e)
		e = check_pairs(act, &text->pairs, issues.n, fault);
	if (e)
		return e;
	json_t *results = json_owned(act->arena, results_json(act, &issues, &text->pairs));
	list = json_compact_text(results);
	e = finding_canonical(text->facts, text->reasons, results, version, &whole, digest);
	if (!e)
		e = db_run(act->tx, &sql_finding_version_insert,
		    DB_ARGS(db_int(id), db_int(version), db_text(text->facts), db_text(text->reasons), db_text(list),
			db_text(digest), db_text(act->actor->tag), db_text(act->actor->name), db_int(act->now)));
	return e ? e : inquiry_journal(act, c->id, "finding.write", "finding", id, "draft", whole);
}

enum err finding_draft(const struct casefile_act *act, struct casefile *c, const struct finding_text *text,
    int64_t seen_version, int64_t *ret_id, struct fault *fault)
{
	int64_t open;
	enum err e = inquiry_may_begin(c->state->phase, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_finding_open_count, DB_ARGS(db_int(c->id)), &open);
	if (!e && open)
		e = fault_set(fault, ERR_CONFLICT, "state", N_("There is a draft already; revise that one."), NULL);
	if (!e)
		e = db_get_int(act->tx, &sql_finding_insert,
		    DB_ARGS(db_int(c->id), db_text(act->actor->tag), db_text(act->actor->name), db_int(act->now)),
		    ret_id);
	if (!e)
		e = write_version(act, c, *ret_id, 1, text, fault);
	return e ? e : casefile_move_if(act, c, "draft_finding", "finding_drafted", seen_version, NULL, fault);
}

static enum err stale(struct fault *fault)
{
	return fault_set(fault, ERR_CONFLICT, "finding_version",
	    N_("Somebody else wrote a newer version meanwhile. Read it, then put in what is yours."), NULL);
}

enum err finding_revise(const struct casefile_act *act, struct casefile *c, int64_t id, const struct finding_text *text,
    int64_t seen, struct fault *fault)
{
	struct finding f;
	int64_t changed = 0;
	enum err e = load_for(act, c, id, FINDING_REVISE, &f, fault);
	if (!e && seen && seen != f.version)
		e = stale(fault);
	if (!e)
		e = db_run_count(act->tx, &sql_finding_set_version, DB_ARGS(db_int(id), db_int(f.version)), &changed);
	if (!e)
		e = db_run(act->tx, &sql_finding_comments_close, DB_ARGS(db_int(id)));
	if (!e)
		e = write_version(act, c, id, f.version + 1, text, fault);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_int(data, "version", f.version + 1);
	return event_add(act, c->id, "finding_revised", data);
}

/* --- comments ---------------------------------------------------------------------------------------------------- */

static enum err ask(const struct casefile_act *act, const struct finding *f, const char *side,
    const struct issue *issue, int64_t due_at)
{
	return db_run(act->tx, &sql_finding_comment_insert,
	    DB_ARGS(db_int(f->id), db_int(f->version), db_text(side), db_text(issue ? issue->body_key : ""),
		db_text(issue ? issue_body_name(act, act->office->profile->language, issue) : ""), db_int(act->now),
		db_int(due_at)));
}

/* Each body once, however many points concern it. */
static enum err ask_bodies(
    const struct casefile_act *act, const struct casefile *c, const struct finding *f, int64_t due_at)
{
	struct issue_list issues;
	enum err e = issue_list(act->tx, act->arena, c, &issues);
	for (size_t i = 0; !e && i < issues.n; i++) {
		bool before = false;
		for (size_t k = 0; k < i; k++)
			before = before || (!strcmp(issues.at[k].body_key, issues.at[i].body_key) &&
					       !strcmp(issues.at[k].body_name, issues.at[i].body_name));
		if (!before)
			e = ask(act, f, "body", &issues.at[i], due_at);
	}
	return e;
}

enum err finding_circulate(const struct casefile_act *act, struct casefile *c, int64_t id,
    const struct finding_circulation *how, struct fault *fault)
{
	struct finding f;
	int64_t due_at = 0;
	enum err e = load_for(act, c, id, FINDING_CIRCULATE, &f, fault);
	if (!e)
		e = finding_comment_due(act->office->profile->calendar.zone, how->due, act->now, &due_at, fault);
	if (!e && !how->to_person && !how->to_bodies)
		e = fault_set(fault, ERR_INVALID, "to_person", N_("Choose who is asked for comments."), NULL);
	if (!e && how->to_person)
		e = ask(act, &f, "person", NULL, due_at);
	if (!e && how->to_bodies)
		e = ask_bodies(act, c, &f, due_at);
	if (!e)
		e = db_run(act->tx, &sql_finding_set_circulated, DB_ARGS(db_int(id), db_int(act->now)));
	if (!e)
		e = inquiry_journal(act, c->id, "finding.circulate", "finding", id, "circulated", NULL);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_int(data, "due_at", due_at);
	return event_add(act, c->id, how->to_person ? "finding_circulated" : "finding_circulated_inside", data);
}

static enum err load_comment(const struct casefile_act *act, const struct casefile *c, int64_t id,
    struct finding_comment *ret, struct finding *ret_finding)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_finding_comment_by_id, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = comment_of(act->arena, rows);
	e = finding_load(act->tx, act->arena, ret->finding_id, ret_finding);
	return e ? e : ret_finding->casefile_id == c->id ? OK : ERR_NOT_FOUND;
}

enum err finding_comment(const struct casefile_act *act, struct casefile *c, int64_t comment_id,
    const struct finding_opinion *opinion, struct fault *fault)
{
	struct finding_comment comment;
	struct finding f;
	enum err e = load_comment(act, c, comment_id, &comment, &f);
	if (!e && act->actor->kind == ACTOR_PERSON && strcmp(comment.side, "person"))
		e = ERR_NOT_FOUND;
	if (!e && act->actor->kind == ACTOR_AGENCY && strcmp(comment.side, "body"))
		e = ERR_NOT_FOUND;
	if (!e)
		e = finding_may_comment(&comment, f.state, fault);
	if (!e)
		e = db_run(act->tx, &sql_finding_comment_answer,
		    DB_ARGS(db_int(comment_id), db_int(act->now), db_text(opinion->position),
			db_text(opinion->facts_wrong), db_text(opinion->words), db_text(act->actor->tag),
			db_text(act->actor->name)));
	if (!e)
		e = inquiry_journal(act, c->id, "finding.comment", "comment", comment_id, opinion->position,
		    arena_printf(act->arena, "%s\n\n%s", opinion->facts_wrong, opinion->words));
	if (e)
		return e;
	json_t *data = json_object();
	bool person = !strcmp(comment.side, "person");
	json_put_str(data, "body", comment.body_name);
	json_put_str(data, "opinion", opinion->position);
	return event_add(act, c->id, person ? "finding_comment_person" : "finding_comment_body", data);
}

/* --- issuing ----------------------------------------------------------------------------------------------------- */

struct written {
	const char *facts, *reasons;
	json_t *results;
};

static enum err read_version(const struct casefile_act *act, int64_t id, int64_t version, struct written *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_finding_version_get, DB_ARGS(db_int(id), db_int(version)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_INTERNAL;
	const char *results = db_col_text(rows, 2);
	*ret = (struct written) { .facts = arena_strdup(act->arena, db_col_text(rows, 0)),
		.reasons = arena_strdup(act->arena, db_col_text(rows, 1)) };
	e = json_parse(results, strlen(results), JSON_TEXT_LIMIT, &ret->results, NULL);
	if (!e)
		json_owned(act->arena, ret->results);
	return e;
}

/* A pair that came to the case after the draft was written has no result yet. */
static struct finding_pairs pairs_of(struct arena *arena, const struct written *w, const struct issue_list *issues)
{
	struct finding_pairs pairs;
	for (size_t i = 0; i < issues->n; i++) {
		json_t *one;
		size_t k;
		pairs.result[i] = pairs.fault_type[i] = "";
		json_array_foreach(w->results, k, one)
		{
			if (json_int_or(one, "issue", 0) != issues->at[i].id)
				continue;
			pairs.result[i] = arena_strdup(arena, json_str_or(one, "result", ""));
			pairs.fault_type[i] = arena_strdup(arena, json_str_or(one, "fault_type", ""));
		}
	}
	return pairs;
}

static enum err check_ready(const struct casefile_act *act, const struct finding *f, const struct finding_pairs *pairs,
    const struct issue_list *issues, struct fault *fault)
{
	struct finding_comment comments[COMMENTS_MAX];
	size_t n;
	enum err e = finding_complete(pairs, issues->n, fault);
	if (!e)
		e = open_comments(act, f->id, comments, &n);
	return e ? e : finding_heard(comments, n, act->now, fault);
}

/* All points in one word, for the chronology: where they differ, a part of it was found. */
static const char *overall(const struct finding_pairs *pairs, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (strcmp(pairs->result[i], pairs->result[0]))
			return "partly";
	return pairs->result[0];
}

static enum err keep_results(
    const struct casefile_act *act, const struct issue_list *issues, const struct finding_pairs *pairs)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < issues->n; i++)
		e = issue_set_finding(act->tx, issues->at[i].id, pairs->result[i], pairs->fault_type[i]);
	return e;
}

static enum err seal(
    const struct casefile_act *act, const struct casefile *c, const struct finding *f, const struct written *w)
{
	char *whole CLEANUP(free_ptr) = NULL;
	char digest[SHA256_HEX];
	enum err e = finding_canonical(w->facts, w->reasons, w->results, f->version, &whole, digest);
	if (!e)
		e = db_run(act->tx, &sql_finding_set_issued,
		    DB_ARGS(db_int(f->id), db_int(act->now), db_text(act->actor->tag), db_text(act->actor->name),
			db_text(digest)));
	if (!e)
		e = search_add(act, c->id, arena_printf(act->arena, "%s %s", w->facts, w->reasons));
	return e ? e : inquiry_journal(act, c->id, "finding.issue", "finding", f->id, "issued", whole);
}

enum err finding_issue(const struct casefile_act *act, struct casefile *c, int64_t id, int64_t seen,
    int64_t seen_version, struct fault *fault)
{
	struct finding f;
	struct written w;
	struct issue_list issues;
	struct finding_pairs pairs;
	enum err e = load_for(act, c, id, FINDING_ISSUE, &f, fault);
	if (!e && seen && seen != f.version)
		e = stale(fault);
	if (!e)
		e = issue_list_keep(act->tx, act->arena, c, &issues);
	if (!e)
		e = read_version(act, id, f.version, &w);
	if (e)
		return e;
	pairs = pairs_of(act->arena, &w, &issues);
	e = check_ready(act, &f, &pairs, &issues, fault);
	if (!e)
		e = seal(act, c, &f, &w);
	if (!e)
		e = keep_results(act, &issues, &pairs);
	if (e)
		return e;
	json_t *data = json_object();
	json_put(data, "finding", issue_code_names(act->office, "findings", overall(&pairs, issues.n), act->now));
	json_put_str(data, "name", act->actor->name);
	e = casefile_move_if(act, c, "issue_finding", "finding_issued", seen_version, data, fault);
	/* Limits of the profile end with "finding": the decision is out. */
	return e ? e : case_clock_on(act, c->id, "finding");
}

enum err finding_drop(
    const struct casefile_act *act, struct casefile *c, int64_t id, const char *reason, struct fault *fault)
{
	struct finding f;
	enum err e = load_for(act, c, id, FINDING_DROP, &f, fault);
	if (!e)
		e = db_run(act->tx, &sql_finding_set_dropped, DB_ARGS(db_int(id), db_text(reason)));
	if (!e)
		e = db_run(act->tx, &sql_finding_comments_close, DB_ARGS(db_int(id)));
	if (!e)
		e = inquiry_journal(act, c->id, "finding.drop", "finding", id, "dropped", reason);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "words", reason);
	return casefile_move_if(act, c, "drop_draft", "finding_dropped", 0, data, fault);
}
