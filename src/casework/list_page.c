/* Lists and the search as pages: rows, places to go on, what can be chosen. */
#include "casework/list.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "casework/case_view.h"
#include "desk.sql.h"
#include "office/current.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

/* --- a row ------------------------------------------------------------------------------------------------------- */

static void put_clock(const struct casefile_act *act, enum lang lang, const struct list_case *c, json_t *row)
{
	json_put_bool(row, "late", false);
	if (!*c->due_rule) /* with a rule and no end, the clock stands still */
		return;
	json_put_bool(row, "late", c->due_at && act->now > c->due_at);
	json_put(row, "clock", case_clock_running(act, lang, c->due_rule, c->due_at, c->received_at));
}

static void put_names(const struct casefile_act *act, enum lang lang, const struct list_case *c, json_t *row)
{
	const struct office *office = act->office;
	const struct profile *profile = office->profile;
	const struct unit *unit = profile_unit(profile, c->unit);
	enum lang theirs;
	json_put_str(row, "person", c->person_name);
	json_put_str(row, "body_name", case_body_label(act, lang, c->body_key, c->body_name));
	json_put_str(row, "subject_name",
	    *c->subject ? code_name(office, "subjects", c->subject, lang, office_day(office, c->received_at)) : NULL);
	json_put_str(row, "unit_name", unit ? names_in(&unit->name, lang) : NULL);
	json_put_str(row, "channel_words", event_code_words(lang, profile, "channel", c->channel));
	json_put_str(row, "lang_words", lang_parse(c->lang, &theirs) ? lang_name(theirs) : c->lang);
	json_put_str(row, "country_name", *c->body_country ? country_name(lang, c->body_country) : NULL);
	json_put_str(row, "assigned", *c->assigned ? c->assigned : NULL);
	json_put_str(row, "closing_words",
	    *c->closing ? code_name(office, "closing", c->closing, lang, office_day(office, c->closed_at)) : NULL);
}

json_t *list_row(const struct casefile_act *act, enum lang lang, const struct list_case *c)
{
	json_t *row = json_object();
	json_put_int(row, "id", c->id);
	json_put_str(row, "number", c->number);
	json_put_bool(row, "readable", true);
	json_put_str(row, "link", arena_printf(act->arena, "/desk/cases/%" PRId64, c->id));
	json_put(row, "state", case_state_json(lang, c->state));
	view_put_day(act, lang, row, "received", c->received_at);
	view_put_day(act, lang, row, "closed", c->closed_at);
	json_put_bool(row, "has_referral", c->has_referral);
	json_put_bool(row, "withheld", strcmp(c->identity, "open") != 0);
	json_put_bool(row, "urgent", *c->urgent);
	put_names(act, lang, c, row);
	put_clock(act, lang, c, row);
	return row;
}

/* --- a page ------------------------------------------------------------------------------------------------------ */

struct paging {
	const struct casefile_act *act;
	enum lang lang;
	const struct list_ask *ask;
	size_t most;
	json_t *rows; /* as read */
	bool more;
	int64_t first_at, first_id, last_at, last_id;
	int64_t id[LIST_PAGE]; /* of the rows */
};

static bool take_row(void *to, const struct list_case *c)
{
	struct paging *p = to;
	size_t n = json_array_size(p->rows);
	if (n == p->most) {
		p->more = true;
		return false;
	}
	p->id[n] = c->id;
	p->last_at = c->at;
	p->last_id = c->id;
	if (n == 0) {
		p->first_at = c->at;
		p->first_id = c->id;
	}
	json_add(p->rows, list_row(p->act, p->lang, c));
	return true;
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

/* Read forwards: it goes on behind the last row, or behind the last case looked at when the budget was spent. Read
 * backwards, from the key towards the start, the page is turned round and the page it came from lies behind it. */
static void put_places(const struct paging *p, const struct list_walked *walked, json_t *view)
{
	bool back = p->ask->back, any = json_array_size(p->rows) > 0;
	bool further = p->more || walked->spent;
	int64_t at = p->more ? p->last_at : walked->last_at, id = p->more ? p->last_id : walked->last_id;
	if (further)
		put_key(p->act, view, back ? "page_before" : "page_after", at, id);
	if (back && any)
		put_key(p->act, view, "page_after", p->first_at, p->first_id);
	if (!back && p->ask->keyed)
		put_key(p->act, view, "page_before", any ? p->first_at : p->ask->key_at,
		    any ? p->first_id : p->ask->key_id);
	json_put_bool(view, "has_pages", further || (back && any) || p->ask->keyed);
	json_put_bool(view, "narrow", walked->spent && !p->more);
}

static void put_rows(struct paging *p, json_t *view)
{
	if (p->ask->back)
		p->rows = reversed(p->rows);
	json_put_bool(view, "has_rows", json_array_size(p->rows) > 0);
	json_put_bool(
	    view, "can_bulk", p->act->actor->kind == ACTOR_STAFF && may_somewhere(p->act->actor, ACT_CASE_BULK));
	json_put(view, "rows", p->rows);
}

static void put_columns(const struct list_ask *ask, enum lang lang, json_t *view)
{
	const char *wanted = *ask->columns ? ask->columns : list_usual_columns;
	json_t *columns = json_object(), *choices = json_array();
	for (size_t i = 0; i < list_column_count; i++) {
		json_t *one = json_object();
		bool shown = i == 0 || roles_have(wanted, list_columns[i].key);
		json_put_bool(columns, list_columns[i].key, shown);
		json_put_str(one, "code", list_columns[i].key);
		json_put_str(one, "column_label", text_get(lang, list_columns[i].label));
		json_put_bool(one, "chosen", shown);
		json_add(choices, one);
	}
	json_put(view, "columns", columns);
	json_put(view, "column_choices", choices);
}

enum err list_page(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, json_t *view)
{
	struct paging p = { .act = act, .lang = lang, .ask = ask, .most = LIST_PAGE, .rows = json_array() };
	struct list_walked walked;
	enum err e = list_walk(act, ask, LIST_BUDGET, take_row, &p, &walked);
	if (e) {
		json_decref(p.rows);
		return e;
	}
	put_places(&p, &walked, view);
	put_rows(&p, view);
	put_columns(ask, lang, view);
	return OK;
}

/* --- the search -------------------------------------------------------------------------------------------------- */

/* "1,000+": counted to a bound, and only what the reader may see. A filter's cases are not counted: that would be a
 * scan. */
static enum err put_found(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, json_t *view)
{
	const char *match = list_match(act, ask);
	int64_t n = 0;
	if (list_ask_filters(ask) || !*match)
		return OK;
	enum err e = db_get_int(act->tx, &sql_search_count, DB_ARGS(db_text(match)), &n);
	if (e)
		return e;
	bool over = n > SEARCH_COUNT_MAX;
	const char *words = number_text(act->arena, lang, over ? SEARCH_COUNT_MAX : n);
	json_put_int(view, "found", over ? SEARCH_COUNT_MAX : n);
	json_put_bool(view, "found_more", over);
	json_put_str(view, "found_count", over ? arena_printf(act->arena, "%s+", words) : words);
	return OK;
}

static json_t *snippet_of(struct arena *arena, const struct search_query *query, const struct db_rows *rows)
{
	static const char *const members[] = { "facts", "remedy", "steps_taken" };
	const char *text = db_col_text(rows, 1), *known = db_col_text(rows, 2);
	json_t *content = NULL, *parts = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &content, NULL))
		return NULL;
	for (size_t i = 0; !parts && i < ARRAY_LEN(members); i++)
		parts = search_snippet(arena, query, json_str_or(content, members[i], ""), known);
	json_decref(content);
	return parts;
}

static json_t *row_of(const struct paging *p, int64_t id)
{
	for (size_t i = 0; i < json_array_size(p->rows); i++)
		if (p->id[i] == id)
			return json_array_get(p->rows, i);
	return NULL;
}

static enum err put_snippets(const struct paging *p)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct db_value id[SEARCH_PAGE];
	struct search_query query;
	search_parse(p->act->arena, p->ask->words, &query);
	for (size_t i = 0; i < SEARCH_PAGE; i++)
		id[i] = db_int(i < json_array_size(p->rows) ? p->id[i] : 0);
	enum err e = json_array_size(p->rows) ? db_query(p->act->tx, &sql_search_text, id, SEARCH_PAGE, &rows) : OK;
	while (!e && rows && db_next(rows)) {
		json_t *row = row_of(p, db_col_int(rows, 0)), *parts = snippet_of(p->act->arena, &query, rows);
		json_put_bool(row, "has_snippet", parts != NULL);
		if (parts)
			json_put(row, "snippet", parts);
	}
	return e || !rows ? e : db_rows_error(rows);
}

enum err list_search(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, json_t *view)
{
	struct paging p = { .act = act, .lang = lang, .ask = ask, .most = SEARCH_PAGE, .rows = json_array() };
	struct list_walked walked = { 0 };
	bool number = false;
	enum err e = list_by_number(act, ask->words, take_row, &p, &number);
	if (!e && !number)
		e = list_walk(act, ask, LIST_BUDGET, take_row, &p, &walked);
	if (!e && !number)
		e = put_snippets(&p);
	if (!e && !number)
		e = put_found(act, lang, ask, view);
	if (e) {
		json_decref(p.rows);
		return e;
	}
	json_put_str(view, "q", ask->words);
	json_put_bool(view, "more", p.more);
	put_places(&p, &walked, view);
	put_rows(&p, view);
	put_columns(ask, lang, view);
	return OK;
}
