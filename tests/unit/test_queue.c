/* The queue and the search: pages by key, order, who sees names, words in other scripts, and nothing that is not
 * theirs. */
#include "casework/queue.h"

#include "../lib/desk.h"

#define CASES 120

struct listing {
	struct queue_ask ask;
	const char *words;
	json_t *view;
};

static enum err list(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct listing *l = arg;
	json_decref(l->view);
	l->view = json_object();
	return l->words ? queue_search(act, LANG_EN, l->words, l->view) : queue_list(act, LANG_EN, &l->ask, l->view);
}

static enum err register_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_move(act, c, "register", 0, NULL, NULL);
}

static enum err assign_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_assign(act, c, *(int64_t *)arg, NULL);
}

static enum err close_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "withdrawn", "", 0, NULL);
}

static size_t rows(const struct listing *l)
{
	return json_array_size(json_object_get(l->view, "rows"));
}

static const json_t *row(const struct listing *l, size_t i)
{
	return json_array_get(json_object_get(l->view, "rows"), i);
}

static int64_t row_id(const struct listing *l, size_t i)
{
	return json_int_or(row(l, i), "id", 0);
}

static void turn(struct desk *desk, const struct actor *actor, struct listing *l, const char *of, const char *after,
    const char *before)
{
	assert_int_equal(queue_ask_parse(desk->office->profile, actor, of, after, before, &l->ask, NULL), OK);
	assert_int_equal(desk_do(desk, actor, 0, list, l), OK);
}

static char *key_of(struct desk *desk, const struct listing *l, const char *which)
{
	return arena_strdup(desk->arena, json_str(l->view, which));
}

static void pages_go_by_key_there_and_back(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	turn(desk, &head, &l, NULL, NULL, NULL);
	assert_int_equal(rows(&l), QUEUE_PAGE);
	assert_null(json_str(l.view, "page_before"));
	for (size_t i = 0; i < QUEUE_PAGE; i++)
		assert_int_equal(row_id(&l, i), (int64_t)i + 1);
	turn(desk, &head, &l, "received", key_of(desk, &l, "page_after"), NULL);
	assert_int_equal(row_id(&l, 0), 51);
	turn(desk, &head, &l, "received", key_of(desk, &l, "page_after"), NULL);
	assert_int_equal(rows(&l), CASES - 2 * QUEUE_PAGE);
	assert_int_equal(row_id(&l, rows(&l) - 1), CASES);
	assert_null(json_str(l.view, "page_after"));
	turn(desk, &head, &l, "received", NULL, key_of(desk, &l, "page_before"));
	assert_int_equal(row_id(&l, 0), 51);
	assert_int_equal(row_id(&l, 49), 100);
	turn(desk, &head, &l, "received", NULL, key_of(desk, &l, "page_before"));
	assert_int_equal(row_id(&l, 0), 1);
	assert_null(json_str(l.view, "page_before"));
	assert_non_null(json_str(l.view, "page_after"));
	json_decref(l.view);
}

static void names_are_for_those_who_may_read(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	assert_int_equal(desk_do(desk, &head, 3, assign_it, &officer.id), OK);
	turn(desk, &officer, &l, "received", NULL, NULL);
	assert_string_equal(json_str(row(&l, 2), "person"), "Person 3");
	assert_non_null(json_str(row(&l, 2), "link"));
	assert_string_equal(json_str(row(&l, 2), "assigned"), "officer");
	assert_null(json_str(row(&l, 3), "person"));
	assert_null(json_str(row(&l, 3), "link"));
	assert_string_equal(json_str(row(&l, 3), "body_name"), ""); /* in the person's words: content */
	assert_null(json_str(row(&l, 3), "subject_name"));
	assert_string_not_equal(json_str(row(&l, 2), "body_name"), "");
	assert_false(json_bool_or(row(&l, 3), "readable", true));
	assert_non_null(json_object_get(row(&l, 3), "clock"));
	turn(desk, &officer, &l, NULL, NULL, NULL); /* an investigator begins with what is theirs */
	assert_string_equal(json_str(l.view, "of"), "mine");
	assert_int_equal(rows(&l), 1);
	assert_int_equal(desk_do(desk, &head, 3, close_it, NULL), OK);
	turn(desk, &officer, &l, "mine", NULL, NULL);
	assert_int_equal(rows(&l), 0);
	json_decref(l.view);
}

static void counts_come_from_the_tallies(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	json_t *one;
	size_t i;
	assert_int_equal(desk_do(desk, &head, 5, register_it, NULL), OK);
	assert_int_equal(desk_do(desk, &head, 6, close_it, NULL), OK);
	assert_int_equal(desk_do(desk, &head, 9, close_it, NULL), OK);
	turn(desk, &head, &l, "closed", NULL, NULL);
	assert_int_equal(row_id(&l, 0), 9); /* the newest closed first */
	json_array_foreach(json_object_get(l.view, "tabs"), i, one)
	{
		const char *code = json_str_or(one, "code", "");
		int64_t expected = !strcmp(code, "received")     ? CASES - 3
				   : !strcmp(code, "registered") ? 1
				   : !strcmp(code, "closed")     ? 2
								 : 0;
		assert_int_equal(json_int_or(one, "cases", 0), expected);
	}
	json_decref(l.view);
}

static void addresses_that_were_tampered_with_are_refused(void **state)
{
	static const char *const bad[] = { "", "x", "1", "1.", ".1", "1.2x", "-1.2", "1.-2",
		"99999999999999999999.1; DROP" };
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct queue_ask ask;
	assert_int_equal(queue_ask_parse(desk->office->profile, &head, "nothing", NULL, NULL, &ask, NULL), ERR_INVALID);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(
		    queue_ask_parse(desk->office->profile, &head, NULL, bad[i], NULL, &ask, NULL), ERR_INVALID);
		assert_int_equal(
		    queue_ask_parse(desk->office->profile, &head, NULL, NULL, bad[i], &ask, NULL), ERR_INVALID);
	}
}

static void search(struct desk *desk, const struct actor *actor, struct listing *l, const char *words)
{
	l->words = words;
	assert_int_equal(desk_do(desk, actor, 0, list, l), OK);
}

static void search_finds_by_all_words_newest_first(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	search(desk, &head, &l, "wages CONTRACT");
	assert_int_equal(rows(&l), QUEUE_PAGE);
	assert_true(json_bool_or(l.view, "more", false));
	assert_int_equal(row_id(&l, 0), CASES);
	search(desk, &head, &l, "c17x");
	assert_int_equal(rows(&l), 1);
	assert_int_equal(row_id(&l, 0), 17);
	search(desk, &head, &l, "wages c17x nothing");
	assert_int_equal(rows(&l), 0);
	search(desk, &head, &l, json_str(row(&l, 0), "number") ? "" : "   ");
	assert_int_equal(rows(&l), 0);
	json_decref(l.view);
}

static void search_finds_a_case_by_its_number(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	turn(desk, &head, &l, "received", NULL, NULL);
	const char *number = arena_strdup(desk->arena, json_str(row(&l, 7), "number"));
	search(desk, &head, &l, number);
	assert_int_equal(rows(&l), 1);
	assert_int_equal(row_id(&l, 0), 8);
	json_decref(l.view);
}

static void search_shows_only_what_the_reader_may_read(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	struct actor registrar = desk_staff(desk, "registrar", "registrar");
	struct actor liaison = desk_staff(desk, "liaison", "liaison");
	const struct actor head = desk_actor(desk, 90, "commissioner");
	struct listing l = { 0 };
	search(desk, &officer, &l, "wages");
	assert_int_equal(rows(&l), 0);
	assert_int_equal(desk_do(desk, &head, 11, assign_it, &officer.id), OK);
	search(desk, &officer, &l, "wages");
	assert_int_equal(rows(&l), 1);
	search(desk, &liaison, &l, "wages");
	assert_int_equal(rows(&l), 0);
	search(desk, &registrar, &l, "c12x");
	assert_int_equal(rows(&l), 1); /* the registrar still has it */
	assert_int_equal(desk_do(desk, &head, 12, close_it, NULL), OK);
	search(desk, &registrar, &l, "c12x");
	assert_int_equal(rows(&l), 0);
	json_decref(l.view);
}

static void what_is_typed_cannot_be_a_query(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 1, "commissioner");
	static const char *const typed[] = { "wages OR nothing", "\"wages", "wages*", "words:wages",
		"NEAR(wages contract)", "-wages", "wages AND", "^wages", "'; DROP TABLE casefile; --", "(((",
		"\"\"\"\"", "wages NOT contract", "{a b}:c" };
	struct listing l = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(typed); i++)
		search(desk, &head, &l, typed[i]); /* no syntax error; every word is only a word */
	search(desk, &head, &l, "wages OR nothing");
	assert_int_equal(rows(&l), 0);
	const char *quoted = arena_printf(desk->arena, "\"%s\" \"%s\" \"%s\"", text_fold(desk->arena, "Wages"),
	    text_fold(desk->arena, "OR"), text_fold(desk->arena, "x"));
	assert_string_equal(queue_match(desk->arena, "Wages  OR \"x"), quoted);
	assert_string_equal(queue_match(desk->arena, " -- "), "");
	json_decref(l.view);
}

static int open_office(void **state)
{
	static struct desk desk;
	desk_open(&desk, "az-commissioner");
	for (int i = 1; i <= CASES; i++)
		desk_file(&desk, i, "State Oil Works");
	*state = &desk;
	return 0;
}

static int close_office(void **state)
{
	desk_close(*state);
	return 0;
}

#define IN_OFFICE(test_) cmocka_unit_test_setup_teardown(test_, open_office, close_office)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(pages_go_by_key_there_and_back),
		IN_OFFICE(names_are_for_those_who_may_read),
		IN_OFFICE(counts_come_from_the_tallies),
		IN_OFFICE(addresses_that_were_tampered_with_are_refused),
		IN_OFFICE(search_finds_by_all_words_newest_first),
		IN_OFFICE(search_finds_a_case_by_its_number),
		IN_OFFICE(search_shows_only_what_the_reader_may_read),
		IN_OFFICE(what_is_typed_cannot_be_a_query),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
