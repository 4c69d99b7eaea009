/* What may happen to a decision afterwards: filed, given to a reviewer, decided, reopened, withdrawn. */
#include "casework/review.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_clock.h"
#include "casework/notice.h"
#include "crypto/crypto.h"
#include "office/current.h"
#include "office/journal.h"
#include "review.sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- filing ------------------------------------------------------------------------------------------------------ */

/* When a limit of the profile that begins then ends; CLOCK_OPEN without one. */
static enum err limit_after(const struct casefile_act *act, const char *clock, int64_t from, int64_t *ret_due)
{
	const struct clock_rule *rule = clock ? office_clock(act->office, clock, office_day(act->office, from)) : NULL;
	struct clock_due due;
	if (!rule) {
		*ret_due = CLOCK_OPEN;
		return OK;
	}
	enum err e = clock_due(rule, office_calendar(act->office), from, &due);
	if (!e)
		*ret_due = due.due_ms;
	return e;
}

static enum err load_decided(const struct casefile_act *act, int64_t casefile_id, int64_t *ret_first, int64_t *ret_last)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t finding = 0;
	enum err e = db_get_int(act->tx, &sql_finding_issued_at, DB_ARGS(db_int(casefile_id)), &finding);
	if (e && e != ERR_NOT_FOUND)
		return e;
	e = db_query(act->tx, &sql_case_decided, DB_ARGS(db_int(casefile_id)), &rows);
	if (e || !db_next(rows))
		return e ? e : ERR_NOT_FOUND;
	int64_t first = db_col_int(rows, 0), reopened = db_col_int(rows, 2);
	const int64_t times[] = { finding, first, db_col_int(rows, 1), db_col_int(rows, 3) };
	int64_t last = 0;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		last = times[i] > last ? times[i] : last;
	*ret_last = reopened >= last ? 0 : last; /* what was reopened waits for a decision anew */
	*ret_first = first ? first : last;
	return OK;
}

enum err review_case_load(const struct casefile_act *act, const struct casefile *c, const struct review_way *way,
    struct review_case *ret_case)
{
	int64_t first, last, open;
	enum err e = load_decided(act, c->id, &first, &last);
	if (e)
		return e;
	struct review_case r = { .decided = last != 0, .decided_at = last, .file_due_at = CLOCK_OPEN };
	e = db_get_int(act->tx, &sql_review_open_of_case, DB_ARGS(db_int(c->id)), &open);
	if (e && e != ERR_NOT_FOUND)
		return e;
	r.open = !e;
	e = last ? limit_after(act, way->file_clock, last, &r.file_due_at) : OK;
	if (!e)
		*ret_case = r;
	return e;
}

static enum err journal(
    const struct casefile_act *act, const char *name, int64_t casefile_id, int64_t review_id, const char *words)
{
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	json_put_int(payload, "review", review_id);
	if (words && *words) {
		sha256_hex(digest, words, strlen(words));
		json_put_str(payload, "sha256", digest);
	}
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", casefile_id), payload);
}

static json_t *filed_data(
    const struct review_way *way, const struct review_new *new, int64_t due_at, int64_t stay_until)
{
	const struct code *ground = codes_find(way->grounds, new->ground);
	json_t *data = json_object();
	json_put(data, "way", names_to_json(&way->name));
	json_put_str(data, "way_key", way->key);
	if (ground)
		json_put(data, "ground_name", names_to_json(&ground->name));
	if (due_at != CLOCK_OPEN)
		json_put_int(data, "due_at", due_at);
	if (stay_until != CLOCK_OPEN)
		json_put_int(data, "stay_at", stay_until);
	json_put_str(data, "words", new->words);
	return data;
}

struct filing {
	const struct review_way *way;
	const struct review_new *new;
	int64_t filed_at, decided_at, due_at, stay_until, id;
	bool late;
};

static enum err check_filing(
    const struct casefile_act *act, const struct casefile *c, struct filing *f, struct fault *fault)
{
	struct review_case facts;
	if (!f->way)
		return fault_set(fault, ERR_INVALID, "way", N_("Choose what is asked for."), NULL);
	if (!codes_find(f->way->grounds, f->new->ground))
		return fault_set(fault, ERR_INVALID, "ground", N_("Choose a ground from the list."), NULL);
	f->filed_at = f->new->filed_at ? f->new->filed_at : act->now;
	if (f->filed_at > act->now)
		return fault_set(fault, ERR_INVALID, "filed_on", N_("This day has not come yet."), NULL);
	enum err e = review_case_load(act, c, f->way, &facts);
	if (!e)
		e = review_may_file(f->way, &facts, f->filed_at, *f->new->late_reason != '\0', &f->late, fault);
	f->decided_at = facts.decided_at;
	if (!e)
		e = limit_after(act, f->way->decide_clock, f->filed_at, &f->due_at);
	return e ? e : limit_after(act, f->way->stay_clock, f->filed_at, &f->stay_until);
}

static int64_t or_none(int64_t at)
{
	return at == CLOCK_OPEN ? 0 : at;
}

/* --- the stay of an order ---------------------------------------------------------------------------------------- */

/* Does this clock measure whether the order is carried out? */
static bool measures_order(const struct case_clock *k)
{
	return k->known && !k->stopped_at && !strcmp(k->rule.ends, "implemented");
}

/* What was to be done within a time need not be done while the order is stayed. */
static enum err begin_stay(const struct casefile_act *act, int64_t casefile_id, const struct review_way *way)
{
	struct case_clock *clocks;
	size_t n;
	enum err e = way->stay_pause ? case_clock_load_all(act, casefile_id, &clocks, &n) : OK;
	if (e || !way->stay_pause)
		return e;
	for (size_t i = 0; !e && i < n; i++)
		if (measures_order(&clocks[i]) && case_clock_may_pause(&clocks[i], NULL) == OK)
			e = case_clock_pause(act, &clocks[i], way->stay_pause, "", NULL);
	return e;
}

static bool stands_for_stay(const struct case_clock *k, const struct review_way *way)
{
	size_t last = k->course.pauses;
	return measures_order(k) && k->paused && last && !strcmp(k->pause[last - 1].reason, way->stay_pause);
}

static enum err end_stay(
    const struct casefile_act *act, int64_t casefile_id, int64_t review_id, const struct review_way *way)
{
	struct case_clock *clocks;
	size_t n = 0;
	enum err e = db_run(act->tx, &sql_review_end_stay, DB_ARGS(db_int(review_id), db_int(act->now)));
	if (!e && way->stay_clock)
		e = case_clock_stop(act, casefile_id, way->stay_clock);
	if (!e && way->stay_pause)
		e = case_clock_load_all(act, casefile_id, &clocks, &n);
	for (size_t i = 0; !e && i < n; i++)
		if (stands_for_stay(&clocks[i], way))
			e = case_clock_resume(act, &clocks[i], NULL);
	return e;
}

/* Whoever leads the case learns of it; who did it knows. */
static enum err tell_lead(const struct casefile_act *act, const struct casefile *c, const char *kind)
{
	if (!c->assigned_to || (act->actor->kind == ACTOR_STAFF && act->actor->id == c->assigned_to))
		return OK;
	json_t *data = json_object();
	json_put_str(data, "number", c->number);
	const struct notice_new notice = { c->assigned_to, kind, c->id, 0, data };
	return notice_add(act, &notice);
}

/* --- filing it --------------------------------------------------------------------------------------------------- */

static enum err insert(const struct casefile_act *act, const struct casefile *c, struct filing *f)
{
	const struct review_new *new = f->new;
	return db_get_int(act->tx, &sql_review_insert,
	    DB_ARGS(db_int(c->id), db_text(f->way->key), db_text(new->by), db_text(new->ground), db_text(new->words),
		db_int(f->filed_at), db_int(f->decided_at), db_int(f->late), db_text(f->late ? new->late_reason : ""),
		db_int_or_null(or_none(f->due_at)), db_int_or_null(or_none(f->stay_until))),
	    &f->id);
}

/* The first decision's day is kept before a move clears the day of closing. */
static enum err keep_decision(const struct casefile_act *act, int64_t casefile_id)
{
	int64_t first, last;
	enum err e = load_decided(act, casefile_id, &first, &last);
	return e || !first ? e : db_run(act->tx, &sql_case_set_decided, DB_ARGS(db_int(casefile_id), db_int(first)));
}

enum err review_file(const struct casefile_act *act, struct casefile *c, const struct review_new *new, int64_t *ret_id,
    struct fault *fault)
{
	struct filing f = { .way = review_way_find(act->office->profile->review, new->way), .new = new };
	enum err e = check_filing(act, c, &f, fault);
	if (!e)
		e = keep_decision(act, c->id);
	if (!e)
		e = insert(act, c, &f);
	if (!e)
		e = journal(act, "review.file", c->id, f.id, new->words);
	if (!e)
		e = casefile_move_if(act, c, f.way->outside ? "appeal_filed" : "open_review",
		    f.way->outside ? "appeal_filed" : "review_asked", new->version,
		    filed_data(f.way, new, f.due_at, f.stay_until), fault);
	if (!e && f.way->decide_clock)
		e = case_clock_start_key(act, c->id, f.way->decide_clock);
	if (!e && f.way->stay_clock)
		e = case_clock_start_key(act, c->id, f.way->stay_clock);
	if (!e)
		e = begin_stay(act, c->id, f.way);
	if (!e)
		e = tell_lead(act, c, "case_asked_again");
	if (!e)
		*ret_id = f.id;
	return e;
}

/* --- its course -------------------------------------------------------------------------------------------------- */

static void read_review(struct arena *arena, const struct db_rows *rows, struct review *ret)
{
	*ret = (struct review) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.way = arena_strdup(arena, db_col_text(rows, 2)),
		.by = arena_strdup(arena, db_col_text(rows, 3)),
		.ground = arena_strdup(arena, db_col_text(rows, 4)),
		.words = arena_strdup(arena, db_col_text(rows, 5)),
		.filed_at = db_col_int(rows, 6),
		.original_at = db_col_int(rows, 7),
		.late = db_col_int(rows, 8),
		.late_reason = arena_strdup(arena, db_col_text(rows, 9)),
		.reviewer = db_col_int(rows, 10),
		.reviewer_name = arena_strdup(arena, db_col_text(rows, 11)),
		.due_at = db_col_int(rows, 12),
		.stay_until = db_col_int(rows, 13),
		.stay_ended_at = db_col_int(rows, 14),
		.state = arena_strdup(arena, db_col_text(rows, 15)),
		.outcome = arena_strdup(arena, db_col_text(rows, 16)),
		.outcome_words = arena_strdup(arena, db_col_text(rows, 17)),
		.decided_at = db_col_int(rows, 18) };
}

enum err review_load_all(
    const struct casefile_act *act, int64_t casefile_id, struct review **ret_reviews, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct review *all = NULL;
	size_t n = 0, room = 0;
	enum err e = db_query(act->tx, &sql_review_of_case, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		if (n == room) {
			struct review *more = arena_alloc(act->arena, (room = room ? 2 * room : 4) * sizeof(*more));
			if (n)
				memcpy(more, all, n * sizeof(*more));
			all = more;
		}
		read_review(act->arena, rows, &all[n++]);
	}
	if (!e)
		e = db_rows_error(rows);
	*ret_reviews = all;
	*ret_n = n;
	return e;
}

/* One of this case, with its way. */
static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id, struct review *ret,
    const struct review_way **ret_way)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_review_by_id, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	read_review(act->arena, rows, ret);
	*ret_way = review_way_find(act->office->profile->review, ret->way);
	return ret->casefile_id == c->id && *ret_way ? OK : ERR_NOT_FOUND;
}

enum err review_name_reviewer(
    const struct casefile_act *act, struct casefile *c, int64_t review_id, int64_t staff_id, struct fault *fault)
{
	const struct involved *involved;
	const struct review_way *way;
	struct review review;
	struct staff staff;
	size_t n;
	enum err e = load_for(act, c, review_id, &review, &way);
	if (e)
		return e;
	if (way->outside || !review_is_open(&review))
		return fault_set(fault, ERR_CONFLICT, "staff_id", N_("This needs no reviewer now."), NULL);
	e = staff_load(act->tx, staff_id, &staff);
	if (e == ERR_NOT_FOUND || (!e && !staff.active))
		return fault_set(fault, ERR_INVALID, "staff_id", N_("Choose a person who works here."), NULL);
	if (!e && !review_role_fits(act->office->profile, staff.roles))
		return fault_set(fault, ERR_CONFLICT, "staff_id", N_("The roles of {name} read no cases."), "name",
		    staff.name, NULL);
	if (!e)
		e = involved_load(act, c, &involved, &n);
	if (!e)
		e = review_may_take(act->office->profile->review, involved, n, staff_id, staff.name, fault);
	if (!e)
		e = casefile_add_member(act, c, staff_id, "reviewer", fault);
	if (!e)
		e = db_run(act->tx, &sql_review_set_reviewer,
		    DB_ARGS(db_int(review_id), db_int(staff_id), db_text(staff.name)));
	if (!e)
		e = journal(act, "review.reviewer", c->id, review_id, NULL);
	if (e)
		return e;
	json_t *data = json_object(), *told = json_object();
	json_put_str(data, "name", staff.name);
	json_put_str(told, "number", c->number);
	e = event_add(act, c->id, "reviewer_named", data);
	const struct notice_new notice = { staff_id, "case_review", c->id, 0, told };
	if (!e)
		return notice_add(act, &notice);
	json_decref(told);
	return e;
}

static json_t *outcome_data(const struct review_way *way, const struct review_outcome *outcome, const char *words)
{
	json_t *data = json_object();
	json_put(data, "way", names_to_json(&way->name));
	json_put(data, "outcome_name", names_to_json(&outcome->name));
	json_put_bool(data, "changes", outcome->changes);
	json_put_str(data, "words", words);
	return data;
}

enum err review_decide(const struct casefile_act *act, struct casefile *c, int64_t review_id, const char *outcome,
    const char *words, int64_t version, struct fault *fault)
{
	const struct review_way *way;
	struct review review;
	enum err e = load_for(act, c, review_id, &review, &way);
	if (!e)
		e = review_may_decide(way, &review, act->actor, outcome, fault);
	if (!e)
		e = db_run(act->tx, &sql_review_set_outcome,
		    DB_ARGS(db_int(review_id), db_text("decided"), db_text(outcome), db_text(words), db_int(act->now),
			db_text(act->actor->name)));
	if (!e)
		e = end_stay(act, c->id, review_id, way);
	if (!e && way->decide_clock)
		e = case_clock_stop(act, c->id, way->decide_clock);
	if (!e)
		e = journal(act, "review.decide", c->id, review_id, words);
	return e ? e
		 : casefile_move_if(act, c, way->outside ? "appeal_decided" : "review_decided",
		       way->outside ? "appeal_decided" : "review_decided", version,
		       outcome_data(way, review_outcome_find(way, outcome), words), fault);
}

enum err review_withdraw(
    const struct casefile_act *act, struct casefile *c, int64_t review_id, const char *reason, struct fault *fault)
{
	const struct review_way *way;
	struct review review;
	enum err e = load_for(act, c, review_id, &review, &way);
	if (!e && !review_is_open(&review))
		return fault_set(fault, ERR_CONFLICT, "reason", N_("This has been decided already."), NULL);
	if (!e)
		e = db_run(act->tx, &sql_review_set_outcome,
		    DB_ARGS(db_int(review_id), db_text("withdrawn"), db_text(""), db_text(reason), db_int(act->now),
			db_text(act->actor->name)));
	if (!e)
		e = end_stay(act, c->id, review_id, way);
	if (!e && way->decide_clock)
		e = case_clock_stop(act, c->id, way->decide_clock);
	if (!e)
		e = journal(act, "review.withdraw", c->id, review_id, reason);
	if (e)
		return e;
	json_t *data = json_object();
	json_put(data, "way", names_to_json(&way->name));
	json_put_str(data, "words", reason);
	return casefile_move_if(
	    act, c, way->outside ? "appeal_decided" : "review_decided", "review_withdrawn", 0, data, fault);
}

/* --- reopening, taking back -------------------------------------------------------------------------------------- */

enum err review_reopen(const struct casefile_act *act, struct casefile *c, const char *ground, const char *words,
    int64_t version, struct fault *fault)
{
	const struct code *code = codes_find(act->office->profile->review->reopen_grounds, ground);
	if (!code)
		return fault_set(fault, ERR_INVALID, "reopen_ground", N_("Choose a ground from the list."), NULL);
	enum err e = keep_decision(act, c->id);
	if (!e)
		e = db_run(act->tx, &sql_case_set_reopened, DB_ARGS(db_int(c->id), db_int(act->now)));
	if (e)
		return e;
	json_t *data = json_object();
	json_put(data, "ground_name", names_to_json(&code->name));
	json_put_str(data, "words", words);
	return casefile_move(act, c, "reopen", version, data, fault);
}

enum err review_withdrawal_said(const struct casefile_act *act, int64_t casefile_id, bool *ret_said)
{
	int64_t id;
	enum err e = db_get_int(act->tx, &sql_withdrawal_said, DB_ARGS(db_int(casefile_id)), &id);
	if (e && e != ERR_NOT_FOUND)
		return e;
	*ret_said = !e;
	return OK;
}

enum err review_withdrawal(
    const struct casefile_act *act, struct casefile *c, const char *ground, const char *words, struct fault *fault)
{
	const struct code *code = codes_find(act->office->profile->review->withdrawal_grounds, ground);
	if (!code)
		return fault_set(fault, ERR_INVALID, "withdraw_ground", N_("Choose a reason from the list."), NULL);
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "withdraw_ground", N_("This case is closed."), NULL);
	bool said;
	enum err e = review_withdrawal_said(act, c->id, &said);
	if (e)
		return e;
	if (said)
		return fault_set(
		    fault, ERR_CONFLICT, "withdraw_ground", N_("The complaint was taken back already."), NULL);
	json_t *data = json_object();
	json_put(data, "ground_name", names_to_json(&code->name));
	json_put_str(data, "words", words);
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	sha256_hex(digest, words, strlen(words));
	json_put_str(payload, "ground", ground);
	json_put_str(payload, "sha256", digest);
	e = journal_write(act->tx, act->now, act->actor->tag, "casefile.withdrawal",
	    journal_object(object, "casefile", c->id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	e = event_add(act, c->id, "withdrawal", data);
	return e ? e : tell_lead(act, c, "case_withdrawal");
}

/* --- stays that end by themselves -------------------------------------------------------------------------------- */

struct stays {
	struct office *office;
	int64_t now;
	bool more;
};

static enum err end_some(struct db_tx *tx, void *arg)
{
	static const struct actor system = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };
	struct stays *stays = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { stays->office, tx, &system, stays->now, arena };
	struct db_rows *rows = NULL;
	int64_t ids[50], cases[50];
	const struct review_way *ways[50];
	size_t n = 0;
	enum err e = db_query(tx, &sql_stay_over, DB_ARGS(db_int(stays->now)), &rows);
	while (!e && n < ARRAY_LEN(ids) && db_next(rows)) {
		ids[n] = db_col_int(rows, 0);
		ways[n] = review_way_find(stays->office->profile->review, db_col_text(rows, 2));
		cases[n++] = db_col_int(rows, 1);
	}
	if (!e)
		e = db_rows_error(rows);
	db_rows_free(rows);
	for (size_t i = 0; !e && i < n; i++) {
		static const struct review_way lost = { .key = "" }; /* the profile has it no more */
		e = end_stay(&act, cases[i], ids[i], ways[i] ? ways[i] : &lost);
		if (!e)
			e = journal(&act, "review.stay_ended", cases[i], ids[i], NULL);
		if (!e)
			e = event_add(&act, cases[i], "stay_ended", NULL);
	}
	stays->more = n == ARRAY_LEN(ids);
	arena_free(arena);
	return e;
}

enum err review_end_stays(struct office *office, int64_t now)
{
	struct stays stays = { .office = office, .now = now, .more = true };
	enum err e = OK;
	while (!e && stays.more)
		e = db_write(office->db, end_some, &stays);
	return e;
}
