/* How cases hang together: the rules by table (traps of ombudsman systems, 9). */
#include "casework/link.h"

#include "../lib/desk.h"

static const struct link_end plain = { .id = 1, .number = "A-1", .respondent = "nadra" };

static struct link_end with(int64_t id, const char *respondent, bool closed, int64_t into, int64_t joined)
{
	return (struct link_end) { .id = id,
		.number = "A-2",
		.respondent = respondent,
		.closed = closed,
		.joined_into = into,
		.joined = joined };
}

static void joining_keeps_to_one_level_and_one_body(void **state)
{
	const struct {
		struct link_end main, joined;
		enum err e;
	} rows[] = {
		{ plain, with(2, "nadra", false, 0, 0), OK },
		{ plain, with(2, "wapda", false, 0, 0), ERR_CONFLICT },
		{ plain, with(2, "nadra", true, 0, 0), ERR_CONFLICT },
		{ with(3, "nadra", true, 0, 0), with(2, "nadra", false, 0, 0), ERR_CONFLICT },
		{ plain, with(2, "nadra", false, 9, 0), ERR_CONFLICT },
		{ plain, with(2, "nadra", false, 0, 1), ERR_CONFLICT },
		{ with(3, "nadra", false, 9, 0), with(2, "nadra", false, 0, 0), ERR_CONFLICT },
		{ with(3, "nadra", false, 0, 5), with(2, "nadra", false, 0, 0), OK },
		{ plain, plain, ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(link_may_add(LINK_JOINED, &rows[i].main, &rows[i].joined, NULL, 0, NULL), rows[i].e);
	struct link_end own = plain;
	const struct link_end other = with(2, "wapda", false, 0, 0);
	own.own_initiative = true; /* an inquiry of the office's own gathers complaints against several bodies */
	assert_int_equal(link_may_add(LINK_JOINED, &own, &other, NULL, 0, NULL), OK);
}

static void nothing_runs_in_a_ring(void **state)
{
	const int64_t above[] = { 7, 2, 1 };
	const struct link_end from = with(5, "nadra", false, 0, 0), to = with(2, "nadra", true, 0, 0),
			      free_end = with(8, "nadra", true, 0, 0);
	assert_int_equal(link_may_add(LINK_FOLLOW_UP, &from, &to, above, 3, NULL), ERR_CONFLICT);
	assert_int_equal(link_may_add(LINK_DERIVED, &from, &to, above, 3, NULL), ERR_CONFLICT);
	assert_int_equal(link_may_add(LINK_RELATED, &from, &to, above, 3, NULL), OK);
	assert_int_equal(link_may_add(LINK_FOLLOW_UP, &from, &free_end, above, 3, NULL), OK);
}

static void a_main_case_is_closed_only_with_what_is_joined(void **state)
{
	struct link_end joined[2] = { with(2, "nadra", false, 1, 0), with(3, "nadra", true, 1, 0) };
	assert_int_equal(link_may_close_main(&plain, joined, 0, false, NULL), OK);
	assert_int_equal(link_may_close_main(&plain, joined, 2, false, NULL), ERR_CONFLICT);
	assert_int_equal(link_may_close_main(&plain, joined, 2, true, NULL), OK);
	assert_int_equal(link_may_close_main(&plain, joined + 1, 1, false, NULL), OK); /* closed before */
	joined[0].reopened = true;
	assert_int_equal(link_may_close_main(&plain, joined, 2, true, NULL), ERR_CONFLICT);
	joined[0].reopened = false;
	joined[0].respondent = "wapda";
	assert_int_equal(link_may_close_main(&plain, joined, 2, true, NULL), ERR_CONFLICT);
}

static void kinds_have_words_in_both_directions(void **state)
{
	for (enum link_kind k = 0; k < LINK_KIND_MAX; k++) {
		enum link_kind parsed;
		assert_true(link_kind_parse(link_kinds[k], &parsed));
		assert_int_equal(parsed, k);
		assert_non_null(link_kind_words(k, true));
		assert_non_null(link_kind_words(k, false));
	}
	enum link_kind none;
	assert_false(link_kind_parse("cousin", &none));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining_keeps_to_one_level_and_one_body),
		cmocka_unit_test(nothing_runs_in_a_ring),
		cmocka_unit_test(a_main_case_is_closed_only_with_what_is_joined),
		cmocka_unit_test(kinds_have_words_in_both_directions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
