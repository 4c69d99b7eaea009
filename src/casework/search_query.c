/* Parses what was typed into a search, writes it for both engines, and finds the words to show. */
#include "casework/search_query.h"

#include "base/util.h"
#include "text/text.h"

#include <assert.h>
#include <string.h>

/* --- reading ----------------------------------------------------------------------------------------------------- */

static const struct {
	enum search_field field;
	const char *word; /* in one of the languages; compared folded */
} field_words[] = {
	{ SEARCH_PEOPLE, "name" },
	{ SEARCH_PEOPLE, "ad" },
	{ SEARCH_PEOPLE, "имя" },
	{ SEARCH_PEOPLE, "نام" },
	{ SEARCH_BODY, "body" },
	{ SEARCH_BODY, "qurum" },
	{ SEARCH_BODY, "орган" },
	{ SEARCH_BODY, "ادارہ" },
	{ SEARCH_NUMBER, "number" },
	{ SEARCH_NUMBER, "nömrə" },
	{ SEARCH_NUMBER, "номер" },
	{ SEARCH_NUMBER, "نمبر" },
};

static bool white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Length of "name:" at the start, or 0 when no field is named. */
static size_t field_length(struct arena *arena, const char *typed, enum search_field *ret_field)
{
	size_t n = strcspn(typed, ": \t\r\n\"");
	if (typed[n] != ':' || n == 0 || n > 24)
		return 0;
	const char *word = text_fold(arena, arena_strndup(arena, typed, n));
	for (size_t i = 0; *word && i < ARRAY_LEN(field_words); i++) {
		if (!strcmp(word, text_fold(arena, field_words[i].word))) {
			*ret_field = field_words[i].field;
			return n + 1;
		}
	}
	return 0;
}

/* One word or one quoted phrase; returns what lies behind it. An open quotation mark ends with the text. */
static const char *piece(struct arena *arena, const char *typed, char **ret_text, bool *ret_prefix)
{
	bool quoted = *typed == '"';
	const char *start = typed + quoted;
	size_t n = quoted ? strcspn(start, "\"") : strcspn(start, " \t\r\n\"");
	const char *after = start + n + (quoted && start[n] == '"');
	*ret_text = arena_strndup(arena, start, n);
	*ret_prefix = quoted ? *after == '*' : n > 0 && start[n - 1] == '*';
	return after + (quoted && *after == '*');
}

static void add_term(struct arena *arena, struct search_query *query, struct search_term term, const char *text)
{
	term.folded = term.field == SEARCH_NUMBER ? text_nfc(arena, text) : text_fold(arena, text);
	if (!*term.folded)
		return;
	if (query->n == SEARCH_TERMS_MAX) {
		query->cut = true;
		return;
	}
	const char *last = strrchr(term.folded, ' ');
	if (strlen(last ? last + 1 : term.folded) < SEARCH_PREFIX_MIN)
		term.prefix = false;
	if (term.field == SEARCH_NUMBER)
		term.without = false;
	query->wanted += !term.without;
	query->term[query->n++] = term;
}

void search_parse(struct arena *arena, const char *typed, struct search_query *ret_query)
{
	struct search_query query = { .n = 0 };
	while (*typed) {
		struct search_term term = { SEARCH_EVERYWHERE };
		char *text;
		if (white(*typed)) {
			typed++;
			continue;
		}
		if (*typed == '-' && typed[1] && !white(typed[1])) {
			term.without = true;
			typed++;
		}
		typed += field_length(arena, typed, &term.field);
		typed = piece(arena, typed, &text, &term.prefix);
		add_term(arena, &query, term, text);
	}
	*ret_query = query;
}

const char *search_number(const struct search_query *query)
{
	for (size_t i = 0; i < query->n; i++)
		if (query->term[i].field == SEARCH_NUMBER)
			return query->term[i].folded;
	return NULL;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static const char *fts5_term(struct arena *arena, const struct search_term *term)
{
	static const char *const columns[SEARCH_FIELD_MAX] = { [SEARCH_EVERYWHERE] = "{people body words}",
		[SEARCH_PEOPLE] = "people",
		[SEARCH_BODY] = "body",
		[SEARCH_NUMBER] = "words" };
	return arena_printf(arena, "(%s : \"%s\"%s)", columns[term->field], term->folded, term->prefix ? " *" : "");
}

/* 'old':* <-> 'pass':* — each word a lexeme; the people's names carry weight A and the bodies' B. */
static const char *tsquery_term(struct arena *arena, const struct search_term *term)
{
	static const char *const weight[SEARCH_FIELD_MAX] = { "", "A", "B", "D" };
	const char *text = "", *p = term->folded;
	while (*p) {
		size_t len = strcspn(p, " ");
		bool last = !p[len];
		const char *star = last && term->prefix ? "*" : "", *mark = weight[term->field];
		text = arena_printf(arena, "%s%s'%.*s'%s%s%s", text, *text ? " <-> " : "", (int)len, p,
		    *star || *mark ? ":" : "", star, mark);
		p += len + !last;
	}
	return arena_printf(arena, "(%s)", text);
}

static const char *door_list(struct arena *arena, enum db_engine engine, const char *const *doors)
{
	const char *text = "";
	const char quote = engine == DB_SQLITE ? '"' : '\'';
	for (const char *const *d = doors; d && *d; d++) {
		assert(strspn(*d, "abcdefghijklmnopqrstuvwxyz0123456789_:-") == strlen(*d));
		text = arena_printf(
		    arena, "%s%s%c@%s%c", text, *text ? (engine == DB_SQLITE ? " OR " : " | ") : "", quote, *d, quote);
	}
	return text;
}

char *search_match(struct arena *arena, enum db_engine engine, const struct search_query *query,
    const char *const *doors, const char *const *not_doors)
{
	bool sqlite = engine == DB_SQLITE;
	const char *and = sqlite ? " AND " : " & ", *and_not = sqlite ? " NOT " : " & !";
	const char *want = "", *without = "";
	size_t wanted = 0;
	for (size_t i = 0; i < query->n; i++) {
		const struct search_term *term = &query->term[i];
		if (term->field == SEARCH_NUMBER)
			continue;
		const char *one = sqlite ? fts5_term(arena, term) : tsquery_term(arena, term);
		wanted += !term->without;
		if (term->without)
			without = arena_printf(arena, "%s%s%s", without, and_not, one);
		else
			want = arena_printf(arena, "%s%s%s", want, *want ? and : "", one);
	}
	const char *through = door_list(arena, engine, doors), *kept = door_list(arena, engine, not_doors);
	if (!wanted || !*through)
		return arena_strdup(arena, "");
	const char *in = sqlite ? "doors : " : "";
	if (*kept)
		without = arena_printf(arena, "%s%s(%s(%s))", without, and_not, in, kept);
	return arena_printf(arena, "(%s%s(%s(%s)))%s", want, and, in, through, without);
}

/* --- showing ----------------------------------------------------------------------------------------------------- */

#define AROUND 12         /* words before and after the hit */
#define CHUNK 24          /* words folded together until a hit is near */
#define SEARCHED_MAX 6000 /* bytes of a text that are looked through for the place */

static bool word_is(const char *word, size_t len, const char *want, size_t want_len, bool prefix)
{
	return (prefix ? len >= want_len : len == want_len) && !strncmp(word, want, want_len);
}

/* Does one of the folded words belong to a term? */
static bool hits(const struct search_query *query, const char *folded)
{
	for (size_t i = 0; i < query->n; i++) {
		const struct search_term *term = &query->term[i];
		if (term->without || term->field == SEARCH_NUMBER)
			continue;
		for (const char *t = term->folded; *t;) {
			size_t want = strcspn(t, " ");
			bool prefix = term->prefix && !t[want];
			for (const char *w = folded; *w;) {
				size_t len = strcspn(w, " ");
				if (word_is(w, len, t, want, prefix))
					return true;
				w += len + (w[len] == ' ');
			}
			t += want + (t[want] == ' ');
		}
	}
	return false;
}

static bool stands_in(const char *known, const char *word, size_t len)
{
	for (const char *at = known; (at = strstr(at, word)); at++)
		if ((at == known || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
			return true;
	return false;
}

/* Every folded part of the word is in the index; a sign without letters is nobody's name. */
static bool is_known(struct arena *arena, const char *known, const char *folded)
{
	for (const char *w = folded; known && *w;) {
		size_t len = strcspn(w, " ");
		if (!stands_in(known, arena_strndup(arena, w, len), len))
			return false;
		w += len + (w[len] == ' ');
	}
	return true;
}

/* Start of the word `n` words further; the end of the text when there are not so many. */
static const char *skip_words(const char *p, const char *end, size_t n)
{
	while (p < end && white(*p))
		p++;
	for (; n && p < end; n--) {
		while (p < end && !white(*p))
			p++;
		while (p < end && white(*p))
			p++;
	}
	return p;
}

/* The first word that was hit, and `AROUND` words before it; NULL for none. */
static const char *find_hit(
    struct arena *arena, const struct search_query *query, const char *text, const char *end, const char **ret_start)
{
	const char *before = text;
	for (const char *p = skip_words(text, end, 0); p < end;) {
		const char *next = skip_words(p, end, CHUNK);
		if (hits(query, text_fold(arena, arena_strndup(arena, p, (size_t)(next - p))))) {
			for (const char *w = p; w < next; w = skip_words(w, end, 1)) {
				const char *after = skip_words(w, end, 1);
				if (!hits(query, text_fold(arena, arena_strndup(arena, w, (size_t)(after - w)))))
					continue;
				*ret_start = before;
				const char *later;
				while ((later = skip_words(*ret_start, end, AROUND)) < w)
					*ret_start = skip_words(*ret_start, end, 1);
				return w;
			}
		}
		before = p;
		p = next;
	}
	return NULL;
}

static void add_part(json_t *parts, const char *text, bool hit)
{
	json_t *last = json_array_get(parts, json_array_size(parts) - 1);
	if (last && !hit && !json_bool_or(last, "hit", true)) {
		struct buf joined = BUF_INIT(64 * 1024);
		if (!buf_printf(&joined, "%s%s", json_str_or(last, "part", ""), text))
			json_put_str(last, "part", joined.data);
		buf_done(&joined);
		return;
	}
	json_t *one = json_object();
	json_put_str(one, "part", text);
	json_put_bool(one, "hit", hit);
	json_add(parts, one);
}

json_t *search_snippet(struct arena *arena, const struct search_query *query, const char *text, const char *known)
{
	size_t len = strlen(text), most = len < SEARCHED_MAX ? len : SEARCHED_MAX;
	while (most < len && most && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	const char *end = text + most, *start = text;
	const char *hit = find_hit(arena, query, text, end, &start);
	if (!hit)
		return NULL;
	const char *stop = skip_words(hit, end, AROUND + 1);
	json_t *parts = json_array();
	if (start > text)
		add_part(parts, "… ", false);
	for (const char *w = start; w < stop; w = skip_words(w, end, 1)) {
		size_t n = 0;
		while (w + n < stop && !white(w[n]))
			n++;
		const char *word = arena_strndup(arena, w, n), *folded = text_fold(arena, word);
		if (!is_known(arena, known, folded))
			word = "…";
		add_part(parts, word, known && !strcmp(word, "…") ? false : hits(query, folded));
		if (w + n < stop)
			add_part(parts, " ", false);
	}
	if (stop < text + len)
		add_part(parts, " …", false);
	return parts;
}
