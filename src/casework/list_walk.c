/* Walks the reader's lists, or what the search found, and asks about each case whether it is shown. */
#include "casework/list.h"

#include "base/util.h"
#include "desk.sql.h"
#include "office/numbering.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How many cases one statement gives: */
#define CHUNK_FIRST 52     /* a page, one more, and one that a conflict keeps */
#define CHUNK_FAR 500      /* where a filter left cases out */
#define RARE_AT_MOST 20000 /* a list of a body or subject longer than this is no short cut */

/* --- a case from a row ------------------------------------------------------------------------------------------- */

static const char *text(const struct db_rows *rows, int column)
{
	const char *value = db_col_text(rows, column);
	return value ? value : "";
}

static bool read_case(const struct profile *profile, const struct db_rows *rows, struct list_case *ret_case)
{
	*ret_case = (struct list_case) { .at = db_col_int(rows, 0),
		.id = db_col_int(rows, 1),
		.number = text(rows, 2),
		.state = profile_state(profile, text(rows, 3)),
		.person_name = text(rows, 4),
		.body_key = text(rows, 5),
		.body_name = text(rows, 6),
		.body_country = text(rows, 7),
		.subject = text(rows, 8),
		.received_at = db_col_int(rows, 9),
		.assigned_to = db_col_int(rows, 10),
		.assigned = text(rows, 11),
		.due_at = db_col_int(rows, 12),
		.due_rule = text(rows, 13),
		.has_referral = db_col_int(rows, 14) != 0,
		.lang = text(rows, 15),
		.unit = text(rows, 16),
		.identity = text(rows, 17),
		.channel = text(rows, 18),
		.closed_at = db_col_int(rows, 19),
		.closing = text(rows, 20),
		.in_team = db_col_int(rows, 21) != 0,
		.kept = db_col_int(rows, 22) != 0,
		.urgent = text(rows, 23) };
	return ret_case->state != NULL;
}

/* The one question, asked of every case that a list shows: the doors only say where to look. */
static bool readable(const struct actor *actor, enum act also, const struct list_case *c)
{
	char me[32];
	snprintf(me, sizeof(me), ",%" PRId64 ",", actor->id);
	const struct object object = { .casefile_id = c->id,
		.assigned_to = c->assigned_to,
		.unit = c->unit,
		.team = c->in_team ? me : NULL,
		.conflicts = c->kept ? me : NULL,
		.intake = c->state->phase == PHASE_INTAKE,
		.has_referral = c->has_referral,
		.withheld = strcmp(c->identity, "open") != 0 };
	return may(actor, ACT_CASE_READ, &object, NULL) == OK && (!also || may(actor, also, &object, NULL) == OK);
}

/* --- what is walked ---------------------------------------------------------------------------------------------- */

struct walk {
	const struct casefile_act *act;
	const struct list_ask *ask;
	struct list_plan plan;
	const char *match; /* the search's query; NULL: lists */
	int64_t at, id;    /* the place reached */
	int64_t budget;
	list_take *give;
	void *to;
	struct list_walked walked;
	bool ended; /* nobody wants more */
};

static int64_t reader(const struct actor *actor)
{
	return actor->kind == ACTOR_STAFF ? actor->id : 0;
}

static enum err query_lists(struct walk *w, int64_t most, struct db_rows **ret_rows)
{
	struct db_value list[LIST_DOORS];
	const struct actor *actor = w->act->actor;
	for (size_t i = 0; i < LIST_DOORS; i++)
		list[i] = db_text(i < w->plan.n ? w->plan.list[i] : "");
	return db_query(w->act->tx, w->plan.up ? &sql_list_up : &sql_list_down,
	    DB_ARGS(list[0], list[1], list[2], list[3], list[4], db_int(w->at), db_int(w->id),
		db_int(w->plan.up ? w->plan.below : w->plan.from), db_int(reader(actor)), db_int(actor->stands_for),
		db_int(most)),
	    ret_rows);
}

static enum err query(struct walk *w, int64_t most, struct db_rows **ret_rows)
{
	const struct actor *actor = w->act->actor;
	if (!w->match)
		return query_lists(w, most, ret_rows);
	return db_query(w->act->tx, &sql_search_page,
	    DB_ARGS(db_text(w->match), db_int(w->id), db_int(reader(actor)), db_int(actor->stands_for), db_int(most)),
	    ret_rows);
}

static void look_at(struct walk *w, const struct db_rows *rows)
{
	const struct casefile_act *act = w->act;
	struct list_case c;
	w->at = w->walked.last_at = db_col_int(rows, 0);
	w->id = w->walked.last_id = db_col_int(rows, 1);
	w->walked.looked_at++;
	if (read_case(act->office->profile, rows, &c) && readable(act->actor, w->ask->also, &c) &&
	    list_behind(act->actor, w->ask->of, &c) && list_fits(w->ask, &c, act->office->profile, act->now))
		w->ended = !w->give(w->to, &c);
}

/* One statement's rows; sets *ret_more when the list may go on behind them. */
static enum err walk_chunk(struct walk *w, int64_t most, bool *ret_more)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t n = 0;
	enum err e = query(w, most, &rows);
	while (!e && !w->ended && w->walked.looked_at < w->budget && db_next(rows)) {
		look_at(w, rows);
		n++;
	}
	if (!e)
		e = db_rows_error(rows);
	*ret_more = n == most;
	return e;
}

static enum err walk_all(struct walk *w)
{
	bool more = true;
	enum err e = OK;
	for (int64_t most = CHUNK_FIRST; !e && !w->ended && more; most = CHUNK_FAR) {
		if (w->walked.looked_at >= w->budget) {
			w->walked.spent = true;
			break;
		}
		e = walk_chunk(w, most, &more);
		if (w->walked.looked_at >= w->budget)
			more = true;
	}
	return e;
}

/* --- where to begin ---------------------------------------------------------------------------------------------- */

static enum err list_length(struct db_tx *tx, const char *list, int64_t *ret_n)
{
	enum err e = db_get_int(tx, &sql_list_count, DB_ARGS(db_text(list)), ret_n);
	if (e == ERR_NOT_FOUND)
		*ret_n = 0;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The list of the body or subject asked for, when it is shorter than the doors' lists together. */
static enum err rare_list(
    const struct casefile_act *act, const struct list_ask *ask, const struct list_doors *doors, char out[LIST_NAME])
{
	char list[2][LIST_NAME];
	int64_t best = 0, n;
	enum err e = OK;
	out[0] = '\0';
	if ((!*ask->body && !*ask->subject) || ask->sort == LIST_DUE || ask->news || ask->free)
		return OK;
	for (size_t i = 0; !e && i < doors->n; i++) {
		e = list_length(act->tx, doors->door[i], &n);
		best += n;
	}
	snprintf(list[0], LIST_NAME, "body:%s", ask->body);
	snprintf(list[1], LIST_NAME, "subject:%s", ask->subject);
	for (int i = 0; !e && i < 2; i++) {
		if (!*(i ? ask->subject : ask->body))
			continue;
		e = list_length(act->tx, list[i], &n);
		if (!e && n < best && n <= RARE_AT_MOST) {
			best = n;
			copy_text(out, LIST_NAME, list[i]);
		}
	}
	return e;
}

/* The key to begin behind: the page's, or before everything in the range. Walking back turns the order round. */
static void begin(struct walk *w)
{
	const struct list_ask *ask = w->ask;
	w->plan.up = w->plan.up != ask->back;
	if (ask->keyed) {
		w->at = ask->key_at;
		w->id = ask->key_id;
	} else {
		w->at = w->plan.up ? w->plan.from - 1 : w->plan.below;
		w->id = w->plan.up ? INT64_MAX : 0;
	}
	/* A key outside the range was made up; it finds what lies in the range all the same. */
	if (!w->plan.up && w->at > w->plan.below)
		w->at = w->plan.below;
	if (w->plan.up && w->at < w->plan.from)
		w->at = w->plan.from - 1;
}

static enum err begin_lists(struct walk *w, const struct list_doors *doors)
{
	char rare[LIST_NAME];
	enum err e = rare_list(w->act, w->ask, doors, rare);
	if (e)
		return e;
	list_plan(w->ask, doors, rare, w->act->office->profile, w->act->now, &w->plan);
	begin(w);
	return OK;
}

const char *list_match(const struct casefile_act *act, const struct list_ask *ask)
{
	const char *door[LIST_DOORS + 1] = { NULL }, *not [3] = { NULL };
	struct list_doors doors;
	struct search_query query;
	const struct actor *actor = act->actor;
	list_doors(actor, ask->of, &doors);
	for (size_t i = 0; i < doors.n; i++)
		door[i] = doors.door[i];
	if (actor->kind == ACTOR_STAFF) {
		not [0] = arena_printf(act->arena, "not:%" PRId64, actor->id);
		if (actor->stands_for)
			not [1] = arena_printf(act->arena, "not:%" PRId64, actor->stands_for);
	}
	search_parse(act->arena, ask->words, &query);
	return search_match(act->arena, db_tx_engine(act->tx), &query, door, not );
}

enum err list_walk(const struct casefile_act *act, const struct list_ask *ask, int64_t budget, list_take *give,
    void *to, struct list_walked *ret_walked)
{
	struct walk w = { .act = act, .ask = ask, .budget = budget, .give = give, .to = to };
	struct list_doors doors;
	enum err e = OK;
	if (*ask->words) {
		w.match = list_match(act, ask);
		w.id = ask->keyed ? ask->key_id : INT64_MAX;
		e = *w.match ? walk_all(&w) : OK;
	} else {
		list_doors(act->actor, ask->of, &doors);
		if (doors.n)
			e = begin_lists(&w, &doors);
		if (!e && doors.n)
			e = walk_all(&w);
	}
	if (!e)
		*ret_walked = w.walked;
	return e;
}

/* --- by number --------------------------------------------------------------------------------------------------- */

enum err list_by_number(const struct casefile_act *act, const char *typed, list_take *give, void *to, bool *ret_number)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct list_case c;
	struct search_query query;
	char number[NUMBER_TEXT];
	search_parse(act->arena, typed, &query);
	const char *named = search_number(&query);
	*ret_number = numbering_read(act->office->profile, named ? named : typed, number, NULL);
	if (!*ret_number)
		return OK;
	enum err e = db_query(act->tx, &sql_search_by_number,
	    DB_ARGS(db_text(number), db_int(reader(act->actor)), db_int(act->actor->stands_for)), &rows);
	if (!e && db_next(rows) && read_case(act->office->profile, rows, &c) && readable(act->actor, 0, &c))
		give(to, &c);
	return e ? e : db_rows_error(rows);
}

enum err list_by_ids(const struct casefile_act *act, const int64_t *ids, size_t n, list_take *give, void *to)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct db_value args[2 + LIST_IDS_MAX] = { db_int(reader(act->actor)), db_int(act->actor->stands_for) };
	for (size_t i = 0; i < LIST_IDS_MAX; i++)
		args[2 + i] = db_int(i < n ? ids[i] : 0);
	enum err e = n ? db_query(act->tx, &sql_list_by_ids, args, ARRAY_LEN(args), &rows) : OK;
	struct list_case c;
	while (!e && rows && db_next(rows))
		if (read_case(act->office->profile, rows, &c) && readable(act->actor, 0, &c) && !give(to, &c))
			return OK;
	return e || !rows ? e : db_rows_error(rows);
}
