/* Lists and the search: pages by key, only what the reader may see, filters, budgets; and all that is derived for them
 * against the cases themselves after a random history. */
#include "casework/list.h"

#include "../lib/desk.h"
#include "casework/search.h"

#define CASES 120

struct listing {
	struct list_ask ask;
	json_t *view;
};

struct pairs {
	const char *v[8][2];
};

static const char *pair_get(const void *source, const char *name)
{
	const struct pairs *pairs = source;
	for (size_t i = 0; i < ARRAY_LEN(pairs->v) && pairs->v[i][0]; i++)
		if (!strcmp(pairs->v[i][0], name))
			return pairs->v[i][1];
	return NULL;
}

static enum err parse(struct desk *desk, const struct pairs *pairs, struct list_ask *ret_ask)
{
	const struct list_where where = { desk->arena, desk->office->profile, desk->now + 100000 };
	return list_ask_parse(&where, pair_get, pairs, ret_ask, NULL);
}

static enum err list(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct listing *l = arg;
	json_decref(l->view);
	l->view = json_object();
	return *l->ask.words ? list_search(act, LANG_EN, &l->ask, l->view) : list_page(act, LANG_EN, &l->ask, l->view);
}

static void show(struct desk *desk, const struct actor *actor, struct listing *l, struct pairs pairs)
{
	assert_int_equal(parse(desk, &pairs, &l->ask), OK);
	assert_int_equal(desk_do(desk, actor, 0, list, l), OK);
}

#define SHOW(...) show(desk, &actor, &l, (struct pairs) { { __VA_ARGS__ } })

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

static char *key_of(struct desk *desk, const struct listing *l, const char *which)
{
	return arena_strdup(desk->arena, json_str(l->view, which));
}

/* --- works -------------------------------------------------------------------------------------------------------- */

static enum err move_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_move(act, c, arg, 0, NULL, NULL);
}

static enum err assign_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_assign(act, c, *(int64_t *)arg, NULL);
}

static enum err join_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_add_member(act, c, *(int64_t *)arg, "member", NULL);
}

static enum err leave_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_end_member(act, c, *(int64_t *)arg, NULL);
}

static enum err give_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_set_unit(act, c, arg, NULL);
}

static enum err refer_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_mark_referral(act->tx, c->id);
}

static enum err close_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "withdrawn", "", 0, NULL);
}

static enum err write_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return text_add(act, c->id, "note", LANG_EN, arg);
}

static enum err keep_from(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql sql = { "test_conflict",
		{ "INSERT INTO case_conflict (casefile_id, staff_id, reason, set_by, set_at) VALUES ($1, $2, '', '', "
		  "0) "
		  "ON CONFLICT (casefile_id, staff_id) DO UPDATE SET lifted_at = NULL",
		    "INSERT INTO case_conflict (casefile_id, staff_id, reason, set_by, set_at) VALUES ($1, $2, '', '', "
		    "0) "
		    "ON CONFLICT (casefile_id, staff_id) DO UPDATE SET lifted_at = NULL" } };
	return db_run(act->tx, &sql, DB_ARGS(db_int(c->id), db_int(*(int64_t *)arg)));
}

static enum err withhold_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql sql = { "test_withhold",
		{ "UPDATE casefile SET identity = 'withheld', person_name = 'Person W' WHERE id = $1",
		    "UPDATE casefile SET identity = 'withheld', person_name = 'Person W' WHERE id = $1" } };
	enum err e = db_run(act->tx, &sql, DB_ARGS(db_int(c->id)));
	return e ? e : search_rebuild(act, c->id);
}

/* --- pages -------------------------------------------------------------------------------------------------------- */

static void pages_go_by_key_there_and_back(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	SHOW({ "sort", "oldest" });
	assert_int_equal(rows(&l), LIST_PAGE);
	assert_null(json_str(l.view, "page_before"));
	for (size_t i = 0; i < LIST_PAGE; i++)
		assert_int_equal(row_id(&l, i), (int64_t)i + 1);
	SHOW({ "of", "received" }, { "sort", "oldest" }, { "after", key_of(desk, &l, "page_after") });
	assert_int_equal(row_id(&l, 0), 51);
	SHOW({ "of", "received" }, { "sort", "oldest" }, { "after", key_of(desk, &l, "page_after") });
	assert_int_equal(rows(&l), CASES - 2 * LIST_PAGE);
	assert_int_equal(row_id(&l, rows(&l) - 1), CASES);
	assert_null(json_str(l.view, "page_after"));
	SHOW({ "sort", "oldest" }, { "before", key_of(desk, &l, "page_before") });
	assert_int_equal(row_id(&l, 0), 51);
	assert_int_equal(row_id(&l, 49), 100);
	SHOW({ "sort", "oldest" }, { "before", key_of(desk, &l, "page_before") });
	assert_int_equal(row_id(&l, 0), 1);
	assert_null(json_str(l.view, "page_before"));
	assert_non_null(json_str(l.view, "page_after"));
	SHOW({ NULL }); /* the newest first, when nothing else is asked */
	assert_int_equal(row_id(&l, 0), CASES);
	json_decref(l.view);
}

static void addresses_that_were_tampered_with_are_refused(void **state)
{
	static const char *const bad[][2] = { { "of", "nothing" }, { "state", "nothing" }, { "phase", "x" },
		{ "after", "" }, { "after", "x" }, { "before", "1" }, { "before", "1." }, { "after", ".1" },
		{ "after", "1.2x" }, { "after", "-1.2" }, { "after", "99999999999999999999.1; DROP" },
		{ "sort", "random()" }, { "received_from", "yesterday" }, { "due_to", "2026-02-30" }, { "lead", "-4" },
		{ "lead", "1 OR 1" }, { "columns", "number password" } };
	struct desk *desk = *state;
	struct list_ask ask;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct pairs pairs = { { { bad[i][0], bad[i][1] } } };
		assert_int_equal(parse(desk, &pairs, &ask), ERR_INVALID);
	}
}

static void what_was_asked_can_be_kept(void **state)
{
	struct desk *desk = *state;
	struct list_ask ask;
	const struct pairs pairs = { { { "of", "mine" }, { "state", "open" }, { "due_to", "2026-12-01" },
	    { "lead", "nobody" }, { "urgent", "1" }, { "q", "maaş & pasport" }, { "columns", "number time" } } };
	assert_int_equal(parse(desk, &pairs, &ask), OK);
	assert_string_equal(list_ask_query(desk->arena, &ask),
	    "of=mine&state=open&due_to=2026-12-01&urgent=1&lead=nobody&sort=due&q=maa%C5%9F%20%26%20pasport");
	assert_true(list_ask_filters(&ask));
}

/* --- who sees what -------------------------------------------------------------------------------------------------
 */

struct brute {
	const struct actor *actor;
	bool sees[CASES + 1];
};

static enum err ask_each(const struct casefile_act *act, struct casefile *unused, void *arg)
{
	struct brute *b = arg;
	for (int64_t id = 1; id <= CASES; id++) {
		struct casefile c;
		enum err e = casefile_load(act->office, act->tx, act->arena, id, &c);
		if (e)
			return e;
		const struct object object = casefile_object(&c);
		b->sees[id] = may(b->actor, ACT_CASE_READ, &object, NULL) == OK;
	}
	return OK;
}

/* All pages of the list against the question asked of every case. */
static void list_is_what_may_be_read(struct desk *desk, struct actor actor)
{
	struct brute brute = { .actor = &actor };
	struct listing l = { 0 };
	bool listed[CASES + 1] = { false };
	const char *after = NULL;
	assert_int_equal(desk_do(desk, &actor, 0, ask_each, &brute), OK);
	do {
		if (after)
			SHOW({ "after", after });
		else
			SHOW({ NULL });
		for (size_t i = 0; i < rows(&l); i++) {
			assert_false(listed[row_id(&l, i)]);
			listed[row_id(&l, i)] = true;
		}
		after = json_str(l.view, "page_after") ? key_of(desk, &l, "page_after") : NULL;
	} while (after);
	assert_memory_equal(listed, brute.sees, sizeof(listed));
	memset(listed, 0, sizeof(listed));
	for (after = NULL;;) {
		if (after)
			SHOW({ "q", "wages" }, { "after", after });
		else
			SHOW({ "q", "wages" });
		for (size_t i = 0; i < rows(&l); i++)
			listed[row_id(&l, i)] = true;
		if (!json_str(l.view, "page_after"))
			break;
		after = key_of(desk, &l, "page_after");
	}
	assert_memory_equal(listed, brute.sees, sizeof(listed));
	size_t sees = 0;
	for (int id = 1; id <= CASES; id++)
		sees += brute.sees[id];
	SHOW({ "q", "wages" });
	assert_int_equal(json_int_or(l.view, "found", 0), sees); /* no count tells of what is kept from the reader */
	json_decref(l.view);
}

static struct actor in_unit(struct desk *desk, struct actor actor, const char *unit)
{
	actor.unit = unit;
	actor.units = profile_units_within(desk->office->profile, desk->arena, unit);
	return actor;
}

/* --- a random history ----------------------------------------------------------------------------------------------
 */

static uint32_t seed;

static uint32_t die(uint32_t sides)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % sides;
}

static void step(struct desk *desk, const struct actor *head, struct actor *officer)
{
	static const char *const moves[] = { "register", "admit", "reopen", "suspend", "start_mediation",
		"end_mediation" };
	static const char *const units[] = { "complaints", "equality", "rc_ganja", "head_office", "" };
	int64_t id = 1 + die(CASES), *staff = &officer[die(3)].id;
	enum err e;
	switch (die(9)) {
	case 0:
	case 1:
		e = desk_do(desk, head, id, move_it, (void *)(uintptr_t)moves[die(6)]);
		break;
	case 2:
		e = desk_do(desk, head, id, assign_it, staff);
		break;
	case 3:
		e = desk_do(desk, head, id, join_it, staff);
		break;
	case 4:
		e = desk_do(desk, head, id, leave_it, staff);
		break;
	case 5:
		e = desk_do(desk, head, id, give_it, (void *)(uintptr_t)units[die(5)]);
		break;
	case 6:
		e = die(3) ? desk_do(desk, head, id, refer_it, NULL) : desk_do(desk, head, id, keep_from, staff);
		break;
	case 7:
		e = desk_do(desk, die(2) ? head : &officer[die(3)], id, write_it, (void *)(uintptr_t) "a note");
		break;
	default:
		e = desk_do(desk, head, id, close_it, NULL);
	}
	assert_true(e == OK || e == ERR_CONFLICT || e == ERR_INVALID || e == ERR_NOT_FOUND);
}

static enum err differences(const struct casefile_act *act, struct casefile *c, void *arg)
{
#define BOTH(text_)                                                                                                    \
	{                                                                                                              \
		text_, text_                                                                                           \
	}
	static const struct db_sql sql[] = {
		{ "lists_missing",
		    BOTH("SELECT count(*) FROM (SELECT list, at, casefile_id FROM case_list_of EXCEPT SELECT list, at, "
			 "casefile_id FROM case_list) AS d") },
		{ "lists_left",
		    BOTH("SELECT count(*) FROM (SELECT list, at, casefile_id FROM case_list EXCEPT SELECT list, at, "
			 "casefile_id FROM case_list_of) AS d") },
		{ "counts_wrong",
		    BOTH("SELECT count(*) FROM (SELECT list, n FROM case_list_count WHERE n <> 0 EXCEPT SELECT list, "
			 "count(*) FROM case_list GROUP BY list) AS d") },
		{ "counts_missing",
		    BOTH("SELECT count(*) FROM (SELECT list, count(*) FROM case_list GROUP BY list EXCEPT SELECT "
			 "list, n FROM case_list_count) AS d") },
		{ "doors_wrong",
		    { "SELECT count(*) FROM case_words w JOIN casefile c ON c.id = w.casefile_id WHERE (SELECT "
		      "count(*) FROM case_door d WHERE d.casefile_id = w.casefile_id AND ' ' || w.doors || ' ' NOT "
		      "LIKE "
		      "'% @' || d.door || ' %') > 0",
			"SELECT count(*) FROM case_words w WHERE w.doors <> case_doors(w.casefile_id)" } },
		{ "states_wrong",
		    BOTH("SELECT count(*) FROM (SELECT 'any/' || state, count(*) FROM casefile GROUP BY state EXCEPT "
			 "SELECT list, n FROM case_list_count) AS d") },
	};
	for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
		int64_t n = -1;
		enum err e = db_get_int(act->tx, &sql[i], DB_NO_ARGS, &n);
		if (e || n)
			fail_msg("%s: %d, %lld", sql[i].name, e, (long long)n);
	}
	return OK;
}

static void everything_derived_equals_the_cases(void **state)
{
	struct desk *desk = *state;
	struct actor officer[3] = { desk_staff(desk, "officer", "investigator"),
		desk_staff(desk, "second", "investigator"), desk_staff(desk, "third", "liaison") };
	const struct actor head = desk_actor(desk, 90, "commissioner");
	seed = 20261127;
	for (int round = 0; round < 4; round++) {
		for (int i = 0; i < 60; i++)
			step(desk, &head, officer);
		assert_int_equal(desk_do(desk, &head, 0, differences, NULL), OK);
	}
	for (int i = 0; i < 3; i++)
		list_is_what_may_be_read(desk, officer[i]);
	list_is_what_may_be_read(desk, head);
	list_is_what_may_be_read(desk, desk_actor(desk, 91, "registrar"));
	list_is_what_may_be_read(desk, in_unit(desk, desk_actor(desk, 92, "head_of_unit"), "complaints"));
	list_is_what_may_be_read(
	    desk, in_unit(desk, desk_actor(desk, 93, "head_of_unit liaison registrar"), "head_office"));
	list_is_what_may_be_read(desk, desk_actor(desk, 94, "auditor"));
	struct actor stands_in = officer[0];
	stands_in.stands_for = officer[2].id;
	list_is_what_may_be_read(desk, stands_in);
}

static enum err turn_tree(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql clear = { "test_clear",
		BOTH("DELETE FROM unit_reach WHERE within = 'head_office' AND unit <> "
		     "'head_office'") };
	static const struct db_sql add = { "test_add",
		BOTH("INSERT INTO unit_reach (within, unit) VALUES ('equality', 'complaints')") };
	enum err e = db_run(act->tx, &clear, DB_NO_ARGS);
	return e ? e : db_run(act->tx, &add, DB_NO_ARGS);
}

static void lists_follow_the_tree_of_units(void **state)
{
	struct desk *desk = *state;
	const struct actor head = desk_actor(desk, 90, "commissioner");
	for (int64_t id = 1; id <= 9; id++)
		assert_int_equal(
		    desk_do(desk, &head, id, give_it, (void *)(uintptr_t)(id % 2 ? "complaints" : "equality")), OK);
	assert_int_equal(desk_do(desk, &head, 0, turn_tree, NULL), OK);
	assert_int_equal(lists_follow_units(desk->office, desk->now), OK);
	assert_int_equal(desk_do(desk, &head, 0, differences, NULL), OK);
}

/* An index that lost cases, as before there was one. */
static enum err forget_words(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql forget = { "test_forget", BOTH("DELETE FROM case_words WHERE casefile_id <= 60") };
	static const struct db_sql mark = { "test_mark", BOTH("UPDATE search_backlog SET done = 0, until = 60") };
	enum err e = db_run(act->tx, &forget, DB_NO_ARGS);
	return e ? e : db_run(act->tx, &mark, DB_NO_ARGS);
}

static void older_cases_come_into_the_search(void **state)
{
	struct desk *desk = *state;
	const struct actor actor = desk_actor(desk, 1, "commissioner");
	struct listing l = { 0 };
	assert_int_equal(desk_do(desk, &actor, 0, forget_words, NULL), OK);
	SHOW({ "q", "wages" });
	assert_int_equal(json_int_or(l.view, "found", 0), CASES - 60);
	assert_int_equal(search_catch_up(desk->office, desk->now), OK);
	SHOW({ "q", "wages" });
	assert_int_equal(json_int_or(l.view, "found", 0), CASES);
	SHOW({ "q", "name:person c17x" });
	assert_int_equal(rows(&l), 1);
	assert_int_equal(desk_do(desk, &actor, 0, differences, NULL), OK);
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

/* --- filters and the search ------------------------------------------------------------------------------------- */

static void filters_leave_out_and_budgets_end(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "first", "investigator");
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

/* In one office, one after the other: the last ones turn it upside down. */
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_go_by_key_there_and_back),
		cmocka_unit_test(addresses_that_were_tampered_with_are_refused),
		cmocka_unit_test(what_was_asked_can_be_kept),
		cmocka_unit_test(search_finds_by_all_words_newest_first),
		cmocka_unit_test(search_knows_phrases_beginnings_and_fields),
		cmocka_unit_test(what_is_typed_cannot_be_a_query),
		cmocka_unit_test(a_withheld_identity_is_in_no_index_and_no_snippet),
		cmocka_unit_test(older_cases_come_into_the_search),
		cmocka_unit_test(filters_leave_out_and_budgets_end),
		cmocka_unit_test(everything_derived_equals_the_cases),
		cmocka_unit_test(lists_follow_the_tree_of_units),
	};
	return cmocka_run_group_tests(tests, open_office, close_office);
}
