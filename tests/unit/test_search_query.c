/* What is typed becomes terms, and the terms a query of either engine that cannot be misread. */
#include "casework/search_query.h"

#include "casework/search.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static const char *const doors[] = { "staff:3", "unit:rc_ganja", NULL }, *const not_doors[] = { "not:3", NULL };

static const char *folded(const char *text)
{
	return text_fold(arena, text);
}

static void terms(void **state)
{
	static const struct {
		const char *typed;
		size_t n, wanted;
		struct search_term first; /* `folded` as typed */
	} cases[] = {
		{ "", 0, 0, { 0 } },
		{ "  \t", 0, 0, { 0 } },
		{ "wages", 1, 1, { SEARCH_EVERYWHERE, "wages", false, false } },
		{ "wages passport", 2, 2, { SEARCH_EVERYWHERE, "wages", false, false } },
		{ "\"old passport\"", 1, 1, { SEARCH_EVERYWHERE, "old passport", false, false } },
		{ "\"old pass\"*", 1, 1, { SEARCH_EVERYWHERE, "old pass", true, false } },
		{ "\"never closed", 1, 1, { SEARCH_EVERYWHERE, "never closed", false, false } },
		{ "pass*", 1, 1, { SEARCH_EVERYWHERE, "pass", true, false } },
		{ "pa*", 1, 1, { SEARCH_EVERYWHERE, "pa", false, false } },
		{ "-embassy", 1, 0, { SEARCH_EVERYWHERE, "embassy", false, true } },
		{ "- embassy", 1, 1, { SEARCH_EVERYWHERE, "embassy", false, false } },
		{ "name:Aliyeva", 1, 1, { SEARCH_PEOPLE, "Aliyeva", false, false } },
		{ "имя:Алиева", 1, 1, { SEARCH_PEOPLE, "Aliyeva", false, false } },
		{ "نام:\"gul khan\"", 1, 1, { SEARCH_PEOPLE, "gul khan", false, false } },
		{ "-body:railways x", 2, 1, { SEARCH_BODY, "railways", false, true } },
		{ "time:noon", 1, 1, { SEARCH_EVERYWHERE, "time noon", false, false } },
		{ "C17-X", 1, 1, { SEARCH_EVERYWHERE, "C17 X", false, false } },
		{ "\"\" '' ()", 0, 0, { 0 } },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct search_query query;
		search_parse(arena, cases[i].typed, &query);
		if (query.n != cases[i].n || query.wanted != cases[i].wanted)
			fail_msg("“%s”: %zu terms, %zu wanted", cases[i].typed, query.n, query.wanted);
		if (!query.n)
			continue;
		assert_int_equal(query.term[0].field, cases[i].first.field);
		assert_string_equal(query.term[0].folded, folded(cases[i].first.folded));
		assert_int_equal(query.term[0].prefix, cases[i].first.prefix);
		assert_int_equal(query.term[0].without, cases[i].first.without);
	}
}

static void too_many_terms_are_cut(void **state)
{
	struct search_query query;
	search_parse(arena, "a b c d e f g h i j k l m n", &query);
	assert_int_equal(query.n, SEARCH_TERMS_MAX);
	assert_true(query.cut);
}

static void numbers(void **state)
{
	struct search_query query;
	search_parse(arena, "number:WMS-2026-7", &query);
	assert_string_equal(search_number(&query), "WMS-2026-7");
	assert_string_equal(search_match(arena, DB_SQLITE, &query, doors, not_doors), "");
}

static void queries(void **state)
{
	struct search_query query;
	search_parse(arena, "\"red car\" bus* -name:ivan", &query);
	const char *red = folded("red"), *car = folded("car"), *bus = folded("bus"), *ivan = folded("ivan");
	assert_string_equal(search_match(arena, DB_SQLITE, &query, doors, not_doors),
	    arena_printf(arena,
		"(({people body words} : \"%s %s\") AND ({people body words} : \"%s\" *) AND (doors : (\"@staff:3\" OR "
		"\"@unit:rc_ganja\"))) NOT (people : \"%s\") NOT (doors : (\"@not:3\"))",
		red, car, bus, ivan));
	assert_string_equal(search_match(arena, DB_POSTGRESQL, &query, doors, not_doors),
	    arena_printf(arena,
		"(('%s' <-> '%s') & ('%s':*) & (('@staff:3' | '@unit:rc_ganja'))) & !('%s':A) & !(('@not:3'))", red,
		car, bus, ivan));
	static const char *const none[] = { NULL };
	assert_string_equal(search_match(arena, DB_SQLITE, &query, none, none), ""); /* who has no door finds nothing */
	search_parse(arena, "-all", &query);
	assert_string_equal(search_match(arena, DB_SQLITE, &query, doors, none), "");
}

static char *joined(const json_t *parts)
{
	const char *all = "";
	for (size_t i = 0; i < json_array_size(parts); i++) {
		const json_t *one = json_array_get(parts, i);
		bool hit = json_bool_or(one, "hit", false);
		all = arena_printf(arena, "%s%s%s%s", all, hit ? "[" : "", json_str(one, "part"), hit ? "]" : "");
	}
	return arena_strdup(arena, all);
}

static void snippets(void **state)
{
	struct search_query query;
	search_parse(arena, "паспорт", &query);
	json_t *parts = search_snippet(arena, &query, "They keep the passport, and the Pasport is old.", NULL);
	assert_string_equal(joined(parts), folded("passport") && !strcmp(folded("passport"), folded("паспорт"))
					       ? "They keep the [passport,] and the [Pasport] is old."
					       : "They keep the passport, and the [Pasport] is old.");
	json_decref(parts);
	assert_null(search_snippet(arena, &query, "Nothing of the kind.", NULL));
	search_parse(arena, "wages", &query);
	const char *text = "Karim says that his wages are kept by the foreman of Karim.";
	parts = search_snippet(arena, &query, text, search_without(arena, folded(text), folded("Karim")));
	assert_string_equal(joined(parts), "… says that his [wages] are kept by the foreman of …");
	json_decref(parts);
}

static void a_long_text_shows_the_place(void **state)
{
	struct buf text = BUF_INIT(20000);
	struct search_query query;
	for (int i = 0; i < 100; i++)
		assert_int_equal(buf_printf(&text, "word%d ", i), OK);
	search_parse(arena, "word60", &query);
	json_t *parts = search_snippet(arena, &query, text.data, NULL);
	const char *all = joined(parts);
	assert_non_null(strstr(all, "[word60]"));
	assert_non_null(strstr(all, "word50"));
	assert_null(strstr(all, "word20 "));
	assert_memory_equal(all, "… ", strlen("… "));
	json_decref(parts);
	buf_done(&text);
}

static int begin(void **state)
{
	text_init();
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms),
		cmocka_unit_test(too_many_terms_are_cut),
		cmocka_unit_test(numbers),
		cmocka_unit_test(queries),
		cmocka_unit_test(snippets),
		cmocka_unit_test(a_long_text_shows_the_place),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
