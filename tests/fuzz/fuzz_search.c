/* Any bytes typed into the search: the queries of both engines hold only folded words between signs of ours. */
#include "casework/search_query.h"

#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Quotation marks open and close, brackets outside of them pair, and what is quoted is a word or a door. */
static void check(const char *query, char quote)
{
	static const char inside[] = "abcdefghijklmnopqrstuvwxyz0123456789 @:_",
			  outside[] = "ABDNORT&|!<->*:(){} beopldwyrs";
	bool quoted = false;
	int depth = 0;
	for (const char *c = query; *c; c++) {
		if (*c == quote)
			quoted = !quoted;
		else if (!strchr(quoted ? inside : outside, *c))
			abort();
		if (!quoted)
			depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
		if (depth < 0)
			abort();
	}
	if (quoted || depth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const doors[] = { "any", "staff:3", NULL }, *const kept[] = { "not:3", NULL };
	struct arena *arena = arena_new(0);
	const char *typed = text_nfc(arena, arena_strndup(arena, (const char *)data, size));
	struct search_query query;
	search_parse(arena, typed, &query);
	if (query.n > SEARCH_TERMS_MAX || query.wanted > query.n)
		abort();
	check(search_match(arena, DB_SQLITE, &query, doors, kept), '"');
	check(search_match(arena, DB_POSTGRESQL, &query, doors, kept), '\'');
	json_decref(search_snippet(arena, &query, typed, NULL));
	arena_free(arena);
	return 0;
}
