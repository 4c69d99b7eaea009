/*
 * An office with ten thousand cases: every reader pages through what is theirs, each case exactly once; no page looks
 * at more cases than it shows, however far one has gone; the search finds; everything verifies (trap 28).
 */
#include "../lib/desk.h"
#include "base/progress.h"
#include "casework/list.h"
#include "office/journal.h"
#include "synthetic/bulk.h"
#include "synthetic/synthetic.h"

#if defined(__SANITIZE_ADDRESS__)
#define CASES 3000 /* under sanitizers each case costs three times as much */
#else
#define CASES 10000
#endif
#define OFFICERS 8
#define STATEMENTS_PAGE 16
#define SEED 11

static struct desk desk;
static struct synthetic_staff staff;

static const char *key_get(const void *source, const char *name)
{
	const char *const *pair = source; /* name, value, …, NULL */
	for (; *pair; pair += 2)
		if (!strcmp(*pair, name))
			return pair[1];
	return NULL;
}

struct reading {
	struct list_ask ask;
	json_t *view;
	int64_t looked_at, shown;
};

static enum err read_page(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct reading *r = arg;
	json_decref(r->view);
	r->view = json_object();
	return *r->ask.words ? list_search(act, LANG_EN, &r->ask, r->view) : list_page(act, LANG_EN, &r->ask, r->view);
}

static bool one_page(void *to, const struct list_case *c)
{
	struct reading *r = to;
	return ++r->shown < LIST_PAGE;
}

static enum err walk(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct reading *r = arg;
	struct list_walked walked;
	r->shown = 0;
	enum err e = list_walk(act, &r->ask, LIST_BUDGET, one_page, r, &walked);
	r->looked_at = walked.looked_at;
	return e;
}

static void ask(struct reading *r, const char *const *pairs)
{
	const struct list_where where = { desk.arena, desk.office->profile, desk.now };
	assert_int_equal(list_ask_parse(&where, key_get, pairs, &r->ask, NULL), OK);
}

/* How often each case stood on a page of this reader; the pages cost the same statements and look at what they show. */
static int64_t page_through(const struct actor *reader, const char *sort, unsigned char seen[CASES + 1])
{
	struct reading r = { 0 };
	const char *after = NULL;
	int64_t cases = 0;
	do {
		struct db_stats before, now;
		const char *pairs[] = { "sort", sort, after ? "after" : NULL, after, NULL };
		ask(&r, pairs);
		db_stats(desk.office->db, &before);
		assert_int_equal(desk_do(&desk, reader, 0, read_page, &r), OK);
		db_stats(desk.office->db, &now);
		assert_in_range(now.statements - before.statements, 0, STATEMENTS_PAGE);
		assert_int_equal(desk_do(&desk, reader, 0, walk, &r), OK);
		assert_true(r.looked_at <= r.shown + 1);
		size_t i;
		const json_t *row;
		json_array_foreach(json_object_get(r.view, "rows"), i, row)
		{
			seen[json_int_or(row, "id", 0)]++;
			cases++;
		}
		after = arena_strdup(desk.arena, json_str(r.view, "page_after"));
	} while (after);
	json_decref(r.view);
	return cases;
}

struct expected {
	const struct actor *reader;
	unsigned char *sees;
	int64_t n;
};

/* The same question, asked of every case: nothing of the lists is used. */
static enum err ask_each(const struct casefile_act *act, struct casefile *unused, void *arg)
{
	struct expected *x = arg;
	struct arena *arena = arena_new(0);
	enum err e = OK;
	for (int64_t id = 1; !e && id <= CASES; id++) {
		struct casefile c;
		e = casefile_load(act->office, act->tx, arena, id, &c);
		const struct object object = casefile_object(&c);
		x->sees[id] = !e && may(x->reader, ACT_CASE_READ, &object, NULL) == OK;
		x->n += x->sees[id];
		arena_reset(arena);
	}
	arena_free(arena);
	return e;
}

static void sees_each_once(struct actor reader, bool some)
{
	static unsigned char seen[CASES + 1], sees[CASES + 1];
	static const char *const sorts[] = { "newest", "oldest" };
	struct expected x = { &reader, sees, 0 };
	assert_int_equal(desk_do(&desk, &reader, 0, ask_each, &x), OK);
	assert_int_equal(x.n > 0, some);
	for (size_t i = 0; i < ARRAY_LEN(sorts); i++) {
		memset(seen, 0, sizeof(seen));
		assert_int_equal(page_through(&reader, sorts[i], seen), x.n);
		assert_memory_equal(seen, sees, sizeof(seen));
	}
}

static struct actor in_unit(const char *roles, const char *unit)
{
	struct actor reader = desk_actor(&desk, 900, roles);
	reader.unit = unit;
	reader.units = profile_units_within(desk.office->profile, desk.arena, unit);
	return reader;
}

static void the_head_pages_through_all(void **state)
{
	sees_each_once(desk_actor(&desk, staff.head, "commissioner"), true);
}

static void officers_page_through_their_own(void **state)
{
	sees_each_once(desk_actor(&desk, staff.officer[0], "investigator"), true);
	sees_each_once(desk_actor(&desk, staff.officer[OFFICERS - 1], "investigator"), true);
}

static void others_page_through_what_is_theirs(void **state)
{
	sees_each_once(desk_actor(&desk, staff.registrar[0], "registrar"), true);
	sees_each_once(in_unit("head_of_unit", desk.office->profile->unit[1].key), true);
	sees_each_once(desk_actor(&desk, 901, "auditor"), false);
}

static size_t search(const struct actor *reader, const char *words)
{
	struct reading r = { 0 };
	const char *pairs[] = { "q", words, NULL };
	ask(&r, pairs);
	assert_int_equal(desk_do(&desk, reader, 0, read_page, &r), OK);
	size_t n = json_array_size(json_object_get(r.view, "rows"));
	json_decref(r.view);
	return n;
}

static void the_search_finds(void **state)
{
	const struct actor head = desk_actor(&desk, staff.head, "commissioner");
	const struct actor auditor = desk_actor(&desk, 901, "auditor");
	int found = 0;
	for (uint64_t n = 0; n < CASES; n += CASES / 50) {
		const struct intake in = synthetic_complaint(desk.arena, desk.office->profile, SEED, n);
		if (!*in.person.passport_no)
			continue;
		assert_in_range(search(&head, in.person.passport_no), 1, 2);
		assert_int_equal(search(&auditor, in.person.passport_no), 0);
		found++;
	}
	assert_true(found > 10);
	assert_int_equal(search(&head, "pension passport"), SEARCH_PAGE);
	assert_int_equal(search(&head, "پنشن بینک"), SEARCH_PAGE);
	assert_int_equal(search(&head, "wordthatnobodywrote"), 0);
}

static void everything_verifies(void **state)
{
	struct progress quiet;
	assert_int_equal(journal_checkpoint(desk.office->db, desk.office->keys, desk.now), OK);
	assert_int_equal(journal_verify(desk.office->db, keys_public(desk.office->keys), &quiet, NULL), OK);
	assert_int_equal(casework_verify(desk.office, &quiet, NULL), OK);
}

static int fill(void **state)
{
	desk_open(&desk, "pk-wafaqi-mohtasib");
	assert_int_equal(synthetic_hire(desk.office, OFFICERS, &staff, NULL), OK);
	const struct synthetic s = { .seed = SEED, .count = CASES, .now = desk.now, .staff = &staff };
	assert_int_equal(synthetic_bulk_begin(desk.office), OK);
	assert_int_equal(synthetic_fill(desk.office, &s, NULL, NULL), OK);
	assert_int_equal(synthetic_bulk_end(desk.office), OK);
	return 0;
}

static int empty(void **state)
{
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_pages_through_all),
		cmocka_unit_test(officers_page_through_their_own),
		cmocka_unit_test(others_page_through_what_is_theirs),
		cmocka_unit_test(the_search_finds),
		cmocka_unit_test(everything_verifies),
	};
	return cmocka_run_group_tests(tests, fill, empty);
}
