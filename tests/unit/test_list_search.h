/* The part of test_list.c about filters and the search. */

static void filters_leave_out_and_budgets_end(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	const struct actor actor = desk_actor(desk, 90, "commissioner");
	struct listing l = { 0 };
	for (int64_t id = 10; id <= 20; id++)
		assert_int_equal(desk_do(desk, &actor, id, move_it, (void *)(uintptr_t) "register"), OK);
	assert_int_equal(desk_do(desk, &actor, 15, assign_it, &officer.id), OK);
	assert_int_equal(desk_do(desk, &actor, 16, close_it, NULL), OK);
	SHOW({ "state", "registered" });
	assert_int_equal(rows(&l), 10);
	SHOW({ "state", "open" }, { "lead", arena_printf(desk->arena, "%lld", (long long)officer.id) });
	assert_int_equal(rows(&l), 1);
	assert_int_equal(row_id(&l, 0), 15);
	SHOW({ "lead", "nobody" }, { "state", "registered" });
	assert_int_equal(rows(&l), 9);
	SHOW({ "free", "1" });
	assert_int_equal(rows(&l), LIST_PAGE);
	SHOW({ "phase", "closed" });
	assert_int_equal(rows(&l), 1);
	SHOW({ "channel", "phone" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "language", "ur" }, { "country", "AZ" });
	assert_int_equal(rows(&l), LIST_PAGE);
	SHOW({ "received_to", "2000-01-01" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "late", "1" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "sort", "due" });
	assert_int_equal(rows(&l), LIST_PAGE);
	SHOW({ "of", "mine" });
	assert_int_equal(rows(&l), 0);
	assert_false(json_bool_or(l.view, "narrow", true));
	json_decref(l.view);
}

static void search_finds_by_all_words_newest_first(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	SHOW({ "q", "wages CONTRACT" });
	assert_int_equal(rows(&l), SEARCH_PAGE);
	assert_true(json_bool_or(l.view, "more", false));
	assert_int_equal(json_int_or(l.view, "found", 0), CASES);
	assert_int_equal(row_id(&l, 0), CASES);
	SHOW({ "q", "wages" }, { "after", key_of(desk, &l, "page_after") });
	assert_int_equal(row_id(&l, 0), CASES - SEARCH_PAGE);
	SHOW({ "q", "c17x" });
	assert_int_equal(rows(&l), 1);
	assert_int_equal(row_id(&l, 0), 17);
	const char *number = arena_strdup(desk->arena, json_str(row(&l, 0), "number"));
	SHOW({ "q", number });
	assert_int_equal(row_id(&l, 0), 17);
	SHOW({ "q", arena_printf(desk->arena, "number:%s", number) });
	assert_int_equal(row_id(&l, 0), 17);
	SHOW({ "q", "wages c17x nothing" });
	assert_int_equal(rows(&l), 0);
	assert_int_equal(desk_do(desk, &actor, 17, write_it, (void *)(uintptr_t) "The garage has the кузов."), OK);
	SHOW({ "q", "garage wages kuzov" }); /* words of the complaint and of a later note */
	assert_int_equal(rows(&l), 1);
	json_decref(l.view);
}

static void search_knows_phrases_beginnings_and_fields(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	SHOW({ "q", "\"number c9x\"" });
	assert_int_equal(rows(&l), 1);
	SHOW({ "q", "\"c9x number\"" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "q", "c11*" });
	assert_int_equal(rows(&l), 11); /* c11x, c110x … c119x */
	SHOW({ "q", "name:\"person 9\"" });
	assert_int_equal(rows(&l), 1);
	SHOW({ "q", "имя:wages" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "q", "body:oil c5x" });
	assert_int_equal(rows(&l), 1);
	SHOW({ "q", "c11* -c115x" });
	assert_int_equal(rows(&l), 10);
	SHOW({ "q", "c9x" });
	const json_t *parts = json_object_get(row(&l, 0), "snippet");
	bool hit = false;
	for (size_t i = 0; i < json_array_size(parts); i++)
		hit = hit || (json_bool_or(json_array_get(parts, i), "hit", false) &&
				 !strncmp(json_str(json_array_get(parts, i), "part"), "C9X", 3));
	assert_true(hit);
	json_decref(l.view);
}

static void what_is_typed_cannot_be_a_query(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	static const char *const typed[] = { "wages OR nothing", "\"wages", "wages*", "words:wages",
		"NEAR(wages contract)", "-wages", "wages AND", "^wages", "'; DROP TABLE casefile; --", "(((",
		"\"\"\"\"", "wages NOT contract", "{a b}:c", "doors:@any", "@staff:1", "name:", "a:b:c",
		"'wages' & !'x'", "wages:*A", "\\", "-", "*", "-\"", "name:\"", "%", "_" };
	struct listing l = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(typed); i++)
		SHOW({ "q", typed[i] }); /* no syntax error; every word is only a word */
	SHOW({ "q", "wages OR nothing" });
	assert_int_equal(rows(&l), 0);
	json_decref(l.view);
}

static void a_withheld_identity_is_in_no_index_and_no_snippet(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	assert_int_equal(desk_do(desk, &actor, 33, write_it,
			     (void *)(uintptr_t) "Mr Karim says that the wages of Person 33 are kept."),
	    OK);
	SHOW({ "q", "karim c33x" });
	assert_int_equal(rows(&l), 1);
	assert_int_equal(desk_do(desk, &actor, 33, withhold_it, NULL), OK);
	static const char *const telling[] = { "karim c33x", "person c33x", "ab1234567 c33x", "name:karim c33x",
		"kar* c33x" };
	for (size_t i = 0; i < ARRAY_LEN(telling); i++) {
		SHOW({ "q", telling[i] });
		assert_int_equal(rows(&l), 0);
	}
	assert_int_equal(
	    desk_do(desk, &actor, 33, write_it, (void *)(uintptr_t) "Karim telephoned about the tractor."), OK);
	SHOW({ "q", "karim tractor" });
	assert_int_equal(rows(&l), 0);
	SHOW({ "q", "tractor" });
	assert_int_equal(rows(&l), 1);
	SHOW({ "q", "c33x" });
	char *text = json_compact_text(l.view);
	assert_non_null(strstr(text, "Person W"));
	assert_null(strstr(text, "Karim"));
	free(text);
	json_decref(l.view);
}
