/* Closed cases that are alike: which words count, which cases come first, and whose cases they are. */
#include "casework/similar.h"

#include "../lib/desk.h"

static void words_are_long_and_without_numbers(void **state)
{
	struct arena *arena = arena_new(0);
	const char *word[SIMILAR_WORDS];
	assert_int_equal(similar_words(arena, "", word), 0);
	assert_int_equal(similar_words(arena, "the lift of 20261127 stands still lift wobblegear c17x", word), 5);
	assert_string_equal(word[0], "wobblegear");
	assert_string_equal(word[1], "stands");
	assert_string_equal(word[2], "still");
	const char *many = "";
	for (int i = 0; i < 30; i++)
		many = arena_printf(arena, "%s%.*s%c ", many, 4 + i % 9, "abcdefghijklmn", 'a' + i % 26);
	assert_int_equal(similar_words(arena, many, word), SIMILAR_WORDS);
	for (int i = 1; i < SIMILAR_WORDS; i++)
		assert_true(strlen(word[i - 1]) >= strlen(word[i]));
	arena_free(arena);
}

static void rare_words_weigh_more(void **state)
{
	struct similar found[3];
	size_t n = 0;
	similar_add(found, &n, 3, 1, 0, 150);
	similar_add(found, &n, 3, 2, 1, 3);
	similar_add(found, &n, 3, 3, 0, 150);
	similar_add(found, &n, 3, 3, 1, 3);
	similar_add(found, &n, 3, 4, 1, 3); /* no room */
	assert_int_equal(n, 3);
	similar_sort(found, n);
	assert_int_equal(found[0].id, 3);
	assert_int_equal(found[1].id, 2);
	assert_int_equal(found[2].id, 1);
	assert_int_equal(found[0].words, 3);
}

struct looking {
	json_t *view;
};

static enum err look(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct looking *l = arg;
	json_decref(l->view);
	l->view = json_object();
	return similar_put(act, LANG_EN, c, l->view);
}

static enum err close_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "withdrawn", arg, 0, NULL);
}

static enum err note_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return text_add(act, c->id, "note", LANG_EN, arg);
}

static void the_archive_answers_whoever_may_read_it(void **state)
{
	static struct desk desk;
	struct looking l = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_actor(&desk, 90, "commissioner");
	const struct actor officer = desk_staff(&desk, "officer", "investigator");
	for (int i = 1; i <= 6; i++)
		desk_file(&desk, i, "State Oil Works");
	for (int64_t id = 1; id <= 4; id++)
		assert_int_equal(desk_do(&desk, &head, id, note_it, (void *)(uintptr_t) "The wobblegear is worn."), OK);
	assert_int_equal(desk_do(&desk, &head, 2, close_it, (void *)(uintptr_t) "We thank you for telling us."), OK);
	assert_int_equal(desk_do(&desk, &head, 6, close_it, (void *)(uintptr_t) ""), OK);
	assert_int_equal(desk_do(&desk, &head, 1, look, &l), OK);
	const json_t *list = json_object_get(l.view, "similar"), *first = json_array_get(list, 0);
	assert_int_equal(json_array_size(list), 2); /* of the closed ones; what shares more comes first */
	assert_int_equal(json_int_or(first, "id", 0), 2);
	assert_string_equal(json_str_or(first, "closing_text", ""), "We thank you for telling us.");
	assert_int_equal(desk_do(&desk, &officer, 1, look, &l), OK);
	assert_int_equal(json_array_size(json_object_get(l.view, "similar")), 0);
	json_decref(l.view);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_long_and_without_numbers),
		cmocka_unit_test(rare_words_weigh_more),
		cmocka_unit_test(the_archive_answers_whoever_may_read_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
