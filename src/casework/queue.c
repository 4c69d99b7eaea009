/* The queue and the search. */
#include "casework/queue.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "desk.sql.h"
#include "office/numbering.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_WORDS_MAX 12

/* --- what is asked ----------------------------------------------------------------------------------------------- */

static bool read_key(const char *text, struct queue_ask *ask)
{
	char *end;
	long long at = strtoll(text, &end, 10);
	if (end == text || *end != '.' || at < 0)
		return false;
	const char *second = end + 1;
	long long id = strtoll(second, &end, 10);
	if (end == second || *end || id < 0)
		return false;
	ask->keyed = true;
	ask->key_at = at;
	ask->key_id = id;
	return true;
}

enum err queue_ask_parse(const struct profile *profile, const struct actor *actor, const char *of, const char *after,
    const char *before, struct queue_ask *ret_ask, struct fault *fault)
{
	struct queue_ask ask = { .state = &profile->state[0], .back = !after && before };
	const struct object fresh = { .intake = true };
	const char *key = after ? after : before;
	if (!of || !*of)
		ask.mine = actor->kind == ACTOR_STAFF && may(actor, ACT_CASE_READ, &fresh, NULL);
	else if (!strcmp(of, "mine"))
		ask.mine = true;
	else if (!(ask.state = profile_state(profile, of)))
		return fault_set(fault, ERR_INVALID, "of", N_("There is no list of this name."), NULL);
	if (key && !read_key(key, &ask))
		return fault_set(
		    fault, ERR_INVALID, after ? "after" : "before", N_("This page of the list does not exist."), NULL);
	*ret_ask = ask;
	return OK;
}

/* --- a row ------------------------------------------------------------------------------------------------------- */

static struct object row_object(const struct db_rows *rows, const struct state *state)
{
	return (struct object) { .casefile_id = db_col_int(rows, 0),
		.assigned_to = db_col_int(rows, 9),
		.intake = state->phase == PHASE_INTAKE,
		.has_referral = db_col_int(rows, 13) != 0 };
}

static void put_clock(const struct casefile_act *act, enum lang lang, const struct db_rows *rows, json_t *row)
{
	const char *rule = db_col_text(rows, 12);
	int64_t due_at = db_col_int(rows, 11);
	if (!rule) /* with a rule and no end, the clock stands still */
		return;
	json_t *mark = case_clock_running(act, lang, rule, due_at, db_col_int(rows, 8));
	json_put_bool(row, "late", due_at && act->now > due_at);
	json_put(row, "clock", mark);
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	const struct profile *profile = act->office->profile;
	const char *subject_key = db_col_text(rows, 7), *assigned = db_col_text(rows, 10);
	const struct subject *subject = profile_subject(profile, subject_key);
	const struct state *state = profile_state(profile, db_col_text(rows, 2));
	json_t *row = json_object();
	char iso[RFC3339_TEXT];
	if (!state)
		return row;
	const struct object object = row_object(rows, state);
	bool readable = may(act->actor, ACT_CASE_READ, &object, NULL) == OK;
	rfc3339_format(iso, db_col_int(rows, 8));
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "number", db_col_text(rows, 1));
	json_put_bool(row, "readable", readable);
	json_put_str(
	    row, "link", readable ? arena_printf(act->arena, "/desk/cases/%" PRId64, db_col_int(rows, 0)) : NULL);
	json_put_str(row, "person", readable ? db_col_text(rows, 3) : NULL);
	json_put(row, "state", case_state_json(lang, state));
	json_put_str(
	    row, "body_name", readable ? case_body_label(act, lang, db_col_text(rows, 4), db_col_text(rows, 5)) : "");
	json_put_str(row, "subject_name", readable && subject ? names_in(&subject->name, lang) : NULL);
	json_put_str(row, "received_at", iso);
	json_put_str(row, "received", date_long(act->arena, lang, profile->calendar.zone, db_col_int(rows, 8)));
	json_put_str(row, "assigned", assigned && *assigned ? assigned : NULL);
	json_put_bool(row, "has_referral", object.has_referral);
	json_put_bool(row, "late", false);
	put_clock(act, lang, rows, row);
	return row;
}

/* --- a page ------------------------------------------------------------------------------------------------------ */

struct page {
	json_t *rows; /* in the order they are shown */
	size_t n;
	bool more;                                    /* the statement found one more */
	int64_t first_at, first_id, last_at, last_id; /* as read */
};

static enum err read_page(const struct casefile_act *act, enum lang lang, struct db_rows *rows, struct page *ret)
{
	struct page page = { .rows = json_array() };
	while (db_next(rows)) {
		if (page.n == QUEUE_PAGE) {
			page.more = true;
			break;
		}
		page.last_at = db_col_int(rows, 8);
		page.last_id = db_col_int(rows, 0);
		if (page.n++ == 0) {
			page.first_at = page.last_at;
			page.first_id = page.last_id;
		}
		json_add(page.rows, row_json(act, lang, rows));
	}
	enum err e = page.more ? OK : db_rows_error(rows);
	if (e)
		json_decref(page.rows);
	else
		*ret = page;
	return e;
}

static json_t *reversed(json_t *list)
{
	json_t *other = json_array();
	for (size_t i = json_array_size(list); i > 0; i--)
		json_add(other, json_incref(json_array_get(list, i - 1)));
	json_decref(list);
	return other;
}

static void put_key(const struct casefile_act *act, json_t *view, const char *name, int64_t at, int64_t id)
{
	json_put_str(view, name, arena_printf(act->arena, "%" PRId64 ".%" PRId64, at, id));
}

/* `back`: read from the key towards the start, so the page is turned round, and the page it came from lies behind. */
static void put_page(const struct casefile_act *act, const struct queue_ask *ask, struct page *page, json_t *view)
{
	bool before = ask->back ? page->more : ask->keyed, after = ask->back || page->more;
	if (ask->back)
		page->rows = reversed(page->rows);
	if (before && page->n)
		put_key(act, view, "page_before", ask->back ? page->last_at : page->first_at,
		    ask->back ? page->last_id : page->first_id);
	if (after && page->n)
		put_key(act, view, "page_after", ask->back ? page->first_at : page->last_at,
		    ask->back ? page->first_id : page->last_id);
	json_put_bool(view, "has_pages", (before || after) && page->n);
	json_put_bool(view, "has_rows", page->n > 0);
	json_put(view, "rows", page->rows);
}

/* From whom a case may be kept; a program is nobody's colleague. */
static int64_t officer(const struct casefile_act *act)
{
	return act->actor->kind == ACTOR_STAFF ? act->actor->id : 0;
}

static enum err run_list(const struct casefile_act *act, const struct queue_ask *ask, struct db_rows **ret_rows)
{
	/* Closed cases are looked up, not worked through: the newest come first. */
	bool newest_first = !ask->mine && ask->state->phase == PHASE_CLOSED, descend = newest_first != ask->back;
	int64_t at = ask->keyed ? ask->key_at : descend ? INT64_MAX : -1, id = ask->keyed ? ask->key_id : 0;
	if (ask->mine)
		return db_query(act->tx, descend ? &sql_mine_before : &sql_mine_after,
		    DB_ARGS(db_int(act->actor->id), db_int(at), db_int(id)), ret_rows);
	return db_query(act->tx, descend ? &sql_queue_before : &sql_queue_after,
	    DB_ARGS(db_text(ask->state->key), db_int(at), db_int(id), db_int(officer(act))), ret_rows);
}

/* --- the tabs ---------------------------------------------------------------------------------------------------- */

static json_t *tab(const char *code, const char *label, bool chosen)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "tab_label", label);
	json_put_bool(one, "chosen", chosen);
	return one;
}

static json_t *state_tab(
    const struct casefile_act *act, enum lang lang, const struct queue_ask *ask, const struct state *state, int64_t n)
{
	json_t *one = tab(state->key, names_in(&state->name, lang), !ask->mine && ask->state == state);
	json_put_int(one, "cases", n);
	json_put_str(one, "case_count", number_text(act->arena, lang, n));
	return one;
}

static enum err put_tabs(const struct casefile_act *act, enum lang lang, const struct queue_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const struct profile *profile = act->office->profile;
	int64_t *count = arena_alloc(act->arena, (profile->states + 1) * sizeof(*count));
	enum err e = db_query(act->tx, &sql_queue_counts, DB_NO_ARGS, &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		const struct state *state = profile_state(profile, strchr(db_col_text(rows, 0), ':') + 1);
		if (state)
			count[state - profile->state] = db_col_int(rows, 1);
	}
	json_t *tabs = json_array();
	if (act->actor->kind == ACTOR_STAFF)
		json_add(tabs, tab("mine", text_get(lang, N_("Assigned to me")), ask->mine));
	for (size_t i = 0; i < profile->states; i++)
		if (count[i] || profile->state[i].phase == PHASE_INTAKE || ask->state == &profile->state[i])
			json_add(tabs, state_tab(act, lang, ask, &profile->state[i], count[i]));
	json_put(view, "tabs", tabs);
	return db_rows_error(rows);
}

enum err queue_list(const struct casefile_act *act, enum lang lang, const struct queue_ask *ask, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct page page;
	enum err e = run_list(act, ask, &rows);
	if (!e)
		e = read_page(act, lang, rows, &page);
	if (e)
		return e;
	put_page(act, ask, &page, view);
	json_put_str(view, "of", ask->mine ? "mine" : ask->state->key);
	return put_tabs(act, lang, ask, view);
}

/* --- the search -------------------------------------------------------------------------------------------------- */

char *queue_match(struct arena *arena, const char *typed)
{
	const char *p = text_fold(arena, typed);
	char *match = arena_strdup(arena, "");
	for (int words = 0; *p && words < SEARCH_WORDS_MAX; words++) {
		size_t len = strcspn(p, " ");
		/* Folding leaves letters and digits; a quotation mark that ever came through would end the word early.
		 */
		char *word = arena_strndup(arena, p, len);
		for (char *c = word; *c; c++)
			if (*c == '"')
				*c = ' ';
		if (len)
			match = arena_printf(arena, "%s%s\"%s\"", match, *match ? " " : "", word);
		p += len + (p[len] == ' ');
	}
	return match;
}

/* May this reader read a case that is like this? The same question as for one case, asked of four kinds. */
static bool reads(const struct casefile_act *act, struct object object)
{
	return may(act->actor, ACT_CASE_READ, &object, NULL) == OK;
}

static enum err find_words(const struct casefile_act *act, const char *typed, struct db_rows **ret_rows)
{
	int64_t id = act->actor->id;
	bool sqlite = db_tx_engine(act->tx) == DB_SQLITE;
	bool own = act->actor->kind == ACTOR_STAFF && reads(act, (struct object) { .assigned_to = id });
	char *words = sqlite ? queue_match(act->arena, typed) : text_fold(act->arena, typed);
	if (!*words)
		return ERR_NOT_FOUND;
	return db_query(act->tx, &sql_queue_search,
	    DB_ARGS(db_text(words), db_int(reads(act, (struct object) { 0 })), db_int(own ? id : 0),
		db_int(reads(act, (struct object) { .has_referral = true })),
		db_int(reads(act, (struct object) { .intake = true })), db_int(officer(act))),
	    ret_rows);
}

enum err queue_search(const struct casefile_act *act, enum lang lang, const char *typed, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char number[NUMBER_TEXT];
	struct page page = { 0 };
	enum err e =
	    numbering_read(act->office->profile, typed, number, NULL)
		? db_query(act->tx, &sql_queue_by_number, DB_ARGS(db_text(number), db_int(officer(act))), &rows)
		: find_words(act, typed, &rows);
	if (e == ERR_NOT_FOUND) /* nothing to look for */
		page.rows = json_array();
	else if (e || (e = read_page(act, lang, rows, &page)))
		return e;
	json_put_str(view, "q", typed);
	json_put_bool(view, "more", page.more);
	json_put_bool(view, "has_rows", page.n > 0);
	json_put(view, "rows", page.rows);
	return OK;
}
