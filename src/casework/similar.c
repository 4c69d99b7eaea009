/* Finds closed cases that share rare words with a case. */
#include "casework/similar.h"

#include "base/util.h"
#include "casework/case_view.h"
#include "desk.sql.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MIN 4
#define READ_MAX 6000 /* bytes of a case's words that are looked at */
#define FOUND_MAX (SIMILAR_WORDS * SIMILAR_KNOWN)

/* --- rules ------------------------------------------------------------------------------------------------------- */

static bool has_letter(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (word[i] >= 'a' && word[i] <= 'z')
			return true;
	return false;
}

static bool is_there(const char *const *words, size_t n, const char *word, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], word, len))
			return true;
	return false;
}

/* Keeps the longest: a new one takes the place of the shortest. */
static void keep(struct arena *arena, const char **words, size_t *n, const char *word, size_t len)
{
	size_t at = *n;
	if (is_there(words, *n, word, len))
		return;
	if (*n == SIMILAR_WORDS) {
		if (strlen(words[*n - 1]) >= len)
			return;
		at--;
	} else {
		++*n;
	}
	while (at > 0 && strlen(words[at - 1]) < len) {
		words[at] = words[at - 1];
		at--;
	}
	words[at] = arena_strndup(arena, word, len);
}

size_t similar_words(struct arena *arena, const char *folded, const char *ret_word[SIMILAR_WORDS])
{
	const char *words[SIMILAR_WORDS] = { NULL };
	size_t n = 0;
	for (const char *w = folded; *w && w - folded < READ_MAX;) {
		size_t len = strcspn(w, " ");
		if (len >= WORD_MIN && has_letter(w, len))
			keep(arena, words, &n, w, len);
		w += len + (w[len] == ' ');
	}
	memcpy(ret_word, words, sizeof(words));
	return n;
}

void similar_add(struct similar *found, size_t *n, size_t room, int64_t id, unsigned word, size_t known)
{
	size_t i = 0;
	while (i < *n && found[i].id != id)
		i++;
	if (i == *n) {
		if (*n == room)
			return;
		found[(*n)++] = (struct similar) { .id = id };
	}
	found[i].words |= 1u << word;
	found[i].weight += 1.0 / log(2.0 + (double)known);
}

static int by_weight(const void *a, const void *b)
{
	const struct similar *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id; /* the newer first */
}

void similar_sort(struct similar *found, size_t n)
{
	qsort(found, n, sizeof(*found), by_weight);
}

/* --- finding ----------------------------------------------------------------------------------------------------- */

struct looking {
	const struct casefile_act *act;
	enum lang lang;
	const struct casefile *c;
	const char *word[SIMILAR_WORDS];
	size_t words;
	struct similar *found;
	size_t n;
	json_t *rows[LIST_IDS_MAX]; /* beside `found`; NULL: not shown */
};

static enum err find_word(struct looking *l, unsigned word)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct list_ask ask;
	int64_t id[SIMILAR_KNOWN];
	size_t n = 0;
	list_ask_plain(l->word[word], &ask);
	const char *match = list_match(l->act, &ask);
	enum err e = *match ? db_query(l->act->tx, &sql_similar_ids, DB_ARGS(db_text(match)), &rows) : OK;
	while (!e && rows && n < ARRAY_LEN(id) && db_next(rows))
		id[n++] = db_col_int(rows, 0);
	if (n < SIMILAR_KNOWN) /* else nearly everybody says it */
		for (size_t i = 0; i < n; i++)
			if (id[i] != l->c->id)
				similar_add(l->found, &l->n, FOUND_MAX, id[i], word, n);
	return e || !rows ? e : db_rows_error(rows);
}

static enum err read_words(struct looking *l)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(l->act->tx, &sql_similar_words, DB_ARGS(db_int(l->c->id)), &rows);
	if (!e && db_next(rows))
		l->words = similar_words(l->act->arena, db_col_text(rows, 0), l->word);
	return e ? e : db_rows_error(rows);
}

static json_t *shared_words(const struct looking *l, unsigned words)
{
	json_t *list = json_array();
	for (size_t i = 0; i < l->words; i++)
		if (words & 1u << i)
			json_add(list, json_string(l->word[i]));
	return list;
}

/* Closed, and about the same body or the same subject where the case has one. */
static bool take_case(void *to, const struct list_case *c)
{
	struct looking *l = to;
	bool body = *l->c->body_key && !strcmp(l->c->body_key, c->body_key);
	bool subject = *l->c->subject && !strcmp(l->c->subject, c->subject);
	if (c->state->phase != PHASE_CLOSED || !(body || subject || (!*l->c->body_key && !*l->c->subject)))
		return true;
	for (size_t i = 0; i < l->n && i < LIST_IDS_MAX; i++) {
		if (l->found[i].id != c->id)
			continue;
		l->rows[i] = list_row(l->act, l->lang, c);
		json_put(l->rows[i], "shared", shared_words(l, l->found[i].words));
	}
	return true;
}

static enum err load_cases(struct looking *l)
{
	int64_t id[LIST_IDS_MAX];
	size_t n = l->n < LIST_IDS_MAX ? l->n : LIST_IDS_MAX;
	for (size_t i = 0; i < n; i++)
		id[i] = l->found[i].id;
	return list_by_ids(l->act, id, n, take_case, l);
}

/* --- how they ended ---------------------------------------------------------------------------------------------- */

static json_t *row_of(json_t *list, int64_t id)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		if (json_int_or(one, "id", 0) == id)
			return one;
	}
	return NULL;
}

static void put_text(json_t *row, int64_t kind, const char *text)
{
	json_t *data = NULL;
	if (kind == 2) {
		json_put_str(row, "finding_text", text);
		return;
	}
	if (!json_parse(text, strlen(text), JSON_TEXT_LIMIT, &data, NULL) && *json_str_or(data, "words", ""))
		json_put_str(row, "closing_text", json_str(data, "words"));
	json_decref(data);
}

static enum err put_texts(const struct casefile_act *act, json_t *list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct db_value id[SIMILAR_SHOWN];
	for (size_t i = 0; i < SIMILAR_SHOWN; i++)
		id[i] = db_int(json_int_or(json_array_get(list, i), "id", 0));
	enum err e = db_query(act->tx, &sql_similar_texts, id, SIMILAR_SHOWN, &rows);
	while (!e && db_next(rows)) {
		json_t *row = row_of(list, db_col_int(rows, 0));
		if (row)
			put_text(row, db_col_int(rows, 1), db_col_text(rows, 2));
	}
	return e ? e : db_rows_error(rows);
}

enum err similar_put(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	struct looking l = { .act = act, .lang = lang, .c = c };
	json_t *list = json_array();
	l.found = arena_alloc(act->arena, FOUND_MAX * sizeof(*l.found));
	enum err e = read_words(&l);
	for (unsigned i = 0; !e && i < l.words; i++)
		e = find_word(&l, i);
	similar_sort(l.found, l.n);
	if (!e)
		e = load_cases(&l);
	for (size_t i = 0; i < LIST_IDS_MAX; i++) {
		if (l.rows[i] && json_array_size(list) < SIMILAR_SHOWN)
			json_add(list, l.rows[i]);
		else
			json_decref(l.rows[i]);
	}
	if (!e && json_array_size(list))
		e = put_texts(act, list);
	view_put_list(view, "similar", list);
	return e;
}

static enum err fill(const struct case_viewing *v)
{
	return similar_put(v->act, v->lang, v->c, v->view);
}

const struct case_tab similar_tab = { "similar", N_("Similar cases"), ACT_CASE_READ, "case/similar", fill };
