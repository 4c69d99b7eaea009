/* Keeps the words by which cases are found. */
#include "casework/search.h"

#include "base/util.h"
#include "casefile.sql.h"
#include "casework/registry.h"
#include "search.sql.h"

#include <string.h>

#define PIECE 50 /* cases a transaction, when catching up */

/* --- words ------------------------------------------------------------------------------------------------------- */

char *search_fold_names(struct arena *arena, const char *names)
{
	return arena_printf(arena, "%s %s", text_fold(arena, names), text_fold_name(arena, names));
}

static bool is_word_of(const char *words, const char *word, size_t len)
{
	for (const char *w = words; *w;) {
		size_t n = strcspn(w, " ");
		if (n == len && !strncmp(w, word, len))
			return true;
		w += n + (w[n] == ' ');
	}
	return false;
}

char *search_without(struct arena *arena, const char *words, const char *names)
{
	char *out = arena_alloc(arena, strlen(words) + 1), *end = out;
	for (const char *w = words; *w;) {
		size_t n = strcspn(w, " ");
		if (n && !is_word_of(names, w, n)) {
			if (end > out)
				*end++ = ' ';
			end = mempcpy(end, w, n);
		}
		w += n + (w[n] == ' ');
	}
	return out;
}

const char *search_body_names(struct arena *arena, struct office *office, const char *key, const char *name)
{
	const struct body *body = registry_known(office, arena, key);
	const char *all = name;
	for (enum lang lang = 0; body && lang < LANG_MAX; lang++)
		all = arena_printf(arena, "%s %s", all, names_in(&body->name, lang));
	return all;
}

enum err search_put(struct db_tx *tx, int64_t casefile_id, const struct search_words *words)
{
	return db_run(tx, &sql_search_insert,
	    DB_ARGS(db_int(casefile_id), db_text(words->words), db_text(words->people), db_text(words->body)));
}

/* --- from what a case holds -------------------------------------------------------------------------------------- */

struct gathered {
	const char *people; /* folded: who is named in the case */
	struct buf words;   /* as written */
	const char *body;
	bool withheld;
};

static enum err add_text(struct buf *out, const char *text)
{
	enum err e = text && *text && out->len + strlen(text) + 1 < out->limit ? buf_puts(out, text) : OK;
	return e || !out->len || out->len + 1 >= out->limit ? e : buf_putc(out, ' ');
}

static enum err gather_case(const struct casefile_act *act, int64_t id, struct gathered *g)
{
	static const char *const members[] = { "facts", "remedy", "steps_taken" };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *content = NULL;
	enum err e = db_query(act->tx, &sql_search_case, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	const char *text = db_col_text(rows, 1);
	g->withheld = strcmp(db_col_text(rows, 2), "open") != 0;
	g->body = arena_strdup(
	    act->arena, search_body_names(act->arena, act->office, db_col_text(rows, 3), db_col_text(rows, 4)));
	e = add_text(&g->words, db_col_text(rows, 0));
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &content, NULL))
		return e; /* a case without content in our form is found by what else it has */
	for (size_t i = 0; !e && i < ARRAY_LEN(members); i++)
		e = add_text(&g->words, json_str(content, members[i]));
	json_decref(content);
	return e;
}

static enum err gather_people(const struct casefile_act *act, int64_t id, struct gathered *g)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	const char *names = "", *rest = "";
	enum err e = db_query(act->tx, &sql_search_people, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	while (db_next(rows)) {
		names = arena_printf(act->arena, "%s %s %s", names, db_col_text(rows, 0), db_col_text(rows, 1));
		rest = arena_printf(
		    act->arena, "%s %s %s %s", rest, db_col_text(rows, 2), db_col_text(rows, 3), db_col_text(rows, 4));
		/* An address may give somebody away, but is not how people are looked for. */
		if (g->withheld)
			rest = arena_printf(act->arena, "%s %s", rest, db_col_text(rows, 5));
	}
	g->people =
	    arena_printf(act->arena, "%s %s", search_fold_names(act->arena, names), text_fold(act->arena, rest));
	return db_rows_error(rows);
}

static enum err gather_texts(const struct casefile_act *act, int64_t id, struct gathered *g)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_search_texts, DB_ARGS(db_int(id)), &rows);
	while (!e && db_next(rows))
		e = add_text(&g->words, db_col_text(rows, 0));
	return e ? e : db_rows_error(rows);
}

static enum err write_words(const struct casefile_act *act, int64_t id, const struct gathered *g)
{
	struct search_words words = { .people = g->people,
		.body = text_fold(act->arena, g->body),
		.words = text_fold(act->arena, g->words.data ? g->words.data : "") };
	int64_t changed;
	if (g->withheld) {
		words.words = search_without(act->arena, words.words, g->people);
		words.people = "";
	}
	enum err e = db_run_count(act->tx, &sql_search_set,
	    DB_ARGS(db_int(id), db_text(words.people), db_text(words.body), db_text(words.words)), &changed);
	return e || changed ? e : search_put(act->tx, id, &words);
}

enum err search_rebuild(const struct casefile_act *act, int64_t casefile_id)
{
	struct gathered g = { .words = BUF_INIT(SEARCH_CASE_MAX) };
	enum err e = gather_case(act, casefile_id, &g);
	if (!e)
		e = gather_people(act, casefile_id, &g);
	if (!e)
		e = gather_texts(act, casefile_id, &g);
	if (!e)
		e = write_words(act, casefile_id, &g);
	buf_done(&g.words);
	return e;
}

enum err search_add(const struct casefile_act *act, int64_t casefile_id, const char *text)
{
	const char *folded = text_fold(act->arena, text);
	int64_t changed;
	if (!*folded)
		return OK;
	enum err e = db_run_count(act->tx, &sql_search_append, DB_ARGS(db_int(casefile_id), db_text(folded)), &changed);
	/* Withheld, full, or not in the index yet: all of it again, which leaves out what has to be. */
	return e || changed ? e : search_rebuild(act, casefile_id);
}

/* --- catching up ------------------------------------------------------------------------------------------------- */

struct catching {
	struct office *office;
	int64_t now, id[PIECE];
	size_t n;
	bool finished;
};

static enum err read_backlog(struct db_tx *tx, int64_t *ret_done, int64_t *ret_until)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_search_backlog, DB_NO_ARGS, &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret_done = db_col_int(rows, 0);
	*ret_until = db_col_int(rows, 1);
	return OK;
}

static enum err find_unindexed(struct db_tx *tx, int64_t done, int64_t until, struct catching *c)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_search_unindexed, DB_ARGS(db_int(done), db_int(until)), &rows);
	c->n = 0;
	while (!e && db_next(rows))
		c->id[c->n++] = db_col_int(rows, 0);
	return e ? e : db_rows_error(rows);
}

static enum err find_piece(struct db_tx *tx, struct catching *c)
{
	int64_t done = 0, until = 0;
	enum err e = read_backlog(tx, &done, &until);
	c->n = 0;
	if (e || done >= until)
		return e == ERR_NOT_FOUND ? OK : e;
	e = find_unindexed(tx, done, until, c);
	c->finished = c->n < PIECE;
	return e ? e : db_run(tx, &sql_search_backlog_done, DB_ARGS(db_int(c->finished ? until : c->id[c->n - 1])));
}

static enum err do_piece(struct db_tx *tx, void *arg)
{
	static const struct actor system = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };
	struct catching *c = arg;
	c->finished = true;
	enum err e = find_piece(tx, c);
	for (size_t i = 0; !e && i < c->n; i++) {
		struct arena *arena = arena_new(0);
		const struct casefile_act act = { c->office, tx, &system, c->now, arena };
		e = search_rebuild(&act, c->id[i]);
		arena_free(arena);
	}
	return e;
}

enum err search_catch_up(struct office *office, int64_t now)
{
	struct catching c = { .office = office, .now = now };
	enum err e = OK;
	do
		e = db_write(office->db, do_piece, &c);
	while (!e && !c.finished);
	return e;
}
