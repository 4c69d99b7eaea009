/* Dated, ordered, hierarchical code lists: decoded as of a day, offered in order, and versions refused by name. */
#include "office/calendar.h"
#include "office/clock_change.h"
#include "office/code_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;
static const char *const of_health[] = { "health" };
static const enum lang languages[] = { LANG_EN, LANG_UR };

#define ALWAYS .valid_from = CALENDAR_FIRST, .valid_to = CALENDAR_LAST
#define NAMED(en) .name = { { [LANG_EN] = en, [LANG_UR] = en } }

static struct code_list sample(void)
{
	static struct code_entry entry[] = {
		{ .key = "delay", NAMED("Delay"), ALWAYS, .position = 2 },
		{ .key = "lost", NAMED("Lost paper"), ALWAYS, .parent = "delay", .position = 1 },
		{ .key = "rude", NAMED("Rudeness"), ALWAYS, .position = 1 },
		{ .key = "care", NAMED("Care refused"), ALWAYS, .position = 3, .of = of_health, .ofs = 1 },
		{ .key = "old", NAMED("Old"), .valid_from = CALENDAR_FIRST, .valid_to = 99, .position = 4 },
	};
	code_entries_sort(entry, LEN(entry));
	return (struct code_list) { .key = "faults", .entry = entry, .entries = LEN(entry) };
}

/* Renamed on day 100, withdrawn on day 200, offered again on day 300. */
static struct code_list changed(void)
{
	static const struct code_entry versions[] = {
		{ .key = "rude", NAMED("Rude conduct"), .valid_from = 100, .valid_to = CALENDAR_LAST, .serial = 1 },
		{ .key = "rude",
		    NAMED("Rude conduct"),
		    .valid_from = 200,
		    .valid_to = CALENDAR_LAST,
		    .withdrawn = true,
		    .serial = 2 },
		{ .key = "rude", NAMED("Discourtesy"), .valid_from = 300, .valid_to = CALENDAR_LAST, .serial = 3 },
		{ .key = "new", NAMED("Nwe"), .valid_from = 150, .valid_to = CALENDAR_LAST, .serial = 4 },
		{ .key = "new", NAMED("New"), .valid_from = 150, .valid_to = CALENDAR_LAST, .serial = 5 },
	};
	struct code_list base = sample(), list;
	code_list_changed(arena, &base, versions, LEN(versions), &list);
	return list;
}

static void decodes_as_of_a_day(void **state)
{
	static const struct {
		const char *key;
		int64_t day;
		const char *name;
		bool offered;
	} rows[] = {
		{ "rude", 0, "Rudeness", true },
		{ "rude", 99, "Rudeness", true },
		{ "rude", 100, "Rude conduct", true },
		{ "rude", 199, "Rude conduct", true },
		{ "rude", 200, "Rude conduct", false }, /* withdrawn, still shown */
		{ "rude", 299, "Rude conduct", false },
		{ "rude", 300, "Discourtesy", true },
		{ "new", 150, "New", true }, /* corrected on the same day: the later one counts */
		{ "new", 10, "Nwe", false }, /* before it was there: told by its first version, never offered */
		{ "old", 99, "Old", true },
		{ "old", 100, "Old", false },
	};
	struct code_list list = changed();
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct code_entry *v = code_at(&list, rows[i].key, rows[i].day);
		if (!v || strcmp(names_in(&v->name, LANG_EN), rows[i].name) ||
		    code_offered(v, rows[i].day) != rows[i].offered)
			fail_msg("row %zu: %s", i, v ? names_in(&v->name, LANG_EN) : "none");
	}
	assert_null(code_at(&list, "nothing", 5));
	assert_null(code_at(&list, NULL, 5));
}

static void offers_in_order(void **state)
{
	static const struct {
		int64_t day;
		const char *of, *keys;
	} rows[] = {
		{ 0, NULL, "rude delay -lost care old " },
		{ 0, "health", "rude delay -lost care old " },
		{ 0, "education", "rude delay -lost old " },
		{ 250, NULL, "new delay -lost care " },
	};
	struct code_list list = changed();
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct code_choice *choice;
		size_t n = code_choices(arena, &list, rows[i].day, rows[i].of, &choice);
		char *keys = arena_strdup(arena, "");
		for (size_t k = 0; k < n; k++)
			keys = arena_printf(arena, "%s%s%s ", keys, choice[k].depth ? "-" : "", choice[k].entry->key);
		assert_string_equal(keys, rows[i].keys);
	}
	assert_true(code_may_choose(&list, "care", "health", 5));
	assert_false(code_may_choose(&list, "care", "education", 5));
	assert_false(code_may_choose(&list, "rude", NULL, 250));
}

static void keeps_all_for_who_keeps_the_list(void **state)
{
	const struct code_choice *choice;
	struct code_list list = changed();
	(void)state;
	assert_int_equal(code_all(arena, &list, 250, &choice), 6);
}

static void refuses_versions_by_name(void **state)
{
	static const char *const of_nothing[] = { "nothing" };
	static const struct {
		struct code_entry version;
		enum err err;
		const char *field;
	} rows[] = {
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS }, OK, "" },
		{ { .key = "Fresh", NAMED("Fresh"), ALWAYS }, ERR_INVALID, "key" },
		{ { .key = "", NAMED("Fresh"), ALWAYS }, ERR_INVALID, "key" },
		{ { .key = "fresh", .name = { { [LANG_EN] = "Fresh" } }, ALWAYS }, ERR_INVALID, "name_ur" },
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS, .parent = "gone" }, ERR_INVALID, "parent" },
		{ { .key = "delay", NAMED("Delay"), ALWAYS, .parent = "lost" }, ERR_INVALID, "parent" },
		{ { .key = "delay", NAMED("Delay"), ALWAYS, .parent = "delay" }, ERR_INVALID, "parent" },
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS, .of = of_nothing, .ofs = 1 }, ERR_INVALID, "of" },
		{ { .key = "fresh", NAMED("Fresh"), .valid_from = 9, .valid_to = 8 }, ERR_INVALID, "valid_to" },
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS, .sdg_target = "18.1" }, ERR_INVALID, "sdg_target" },
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS, .sdg_target = "16.b", .closing = "care" }, OK, "" },
		{ { .key = "fresh", NAMED("Fresh"), ALWAYS, .closing = "gone" }, ERR_INVALID, "closing" },
	};
	struct code_list list = sample();
	const struct code_context context = { &list, &list, &list, languages, LEN(languages) };
	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fault fault = { 0 };
		enum err e = code_version_check(&context, &rows[i].version, &fault);
		if (e != rows[i].err || strcmp(fault.field, rows[i].field))
			fail_msg("row %zu: %d %s", i, e, fault.field);
	}
}

static void limits_begin_tomorrow(void **state)
{
	static const struct clock_rule base[] = {
		{ .key = "a", .amount = 10, .valid_from = CALENDAR_FIRST, .source = "law" },
		{ .key = "b", .amount = 5, .valid_from = 50, .source = "law" },
	};
	static const struct clock_rule versions[] = {
		{ .key = "b", .amount = 7, .valid_from = 100, .source = "decree" },
		{ .key = "b", .amount = 8, .valid_from = 100, .source = "decree, corrected" },
		{ .key = "a", .amount = 11, .valid_from = 90, .source = "decree" },
	};
	static const struct {
		struct clock_rule version;
		enum err err;
		const char *field;
	} rows[] = {
		{ { .key = "a", .amount = 1, .valid_from = 1001, .source = "s" }, OK, "" },
		{ { .key = "c", .amount = 1, .valid_from = 1001, .source = "s" }, ERR_NOT_FOUND, "key" },
		{ { .key = "a", .amount = 0, .valid_from = 1001, .source = "s" }, ERR_INVALID, "amount" },
		{ { .key = "a", .amount = 1, .valid_from = 1000, .source = "s" }, ERR_INVALID, "valid_from" },
		{ { .key = "a", .amount = 1, .valid_from = 1001, .source = "" }, ERR_INVALID, "source" },
		{ { .key = "a", .amount = 1, .unit = CLOCK_HOUR, .rolls = true, .valid_from = 1001, .source = "s" },
		    ERR_INVALID, "rolls" },
		{ { .key = "a", .amount = 1, .extend_amount = 5, .valid_from = 1001, .source = "s" }, ERR_INVALID,
		    "extend_amount" },
	};
	size_t n;
	const struct clock_rule *all = clock_rules_changed(arena, base, LEN(base), versions, LEN(versions), &n);
	(void)state;
	assert_int_equal(n, 5);
	assert_int_equal(clock_rule_at(all, n, "a", 89)->amount, 10);
	assert_int_equal(clock_rule_at(all, n, "a", 90)->amount, 11);
	assert_int_equal(clock_rule_at(all, n, "b", 99)->amount, 5);
	assert_int_equal(clock_rule_at(all, n, "b", 100)->amount, 8);
	assert_null(clock_rule_at(all, n, "b", 49));
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fault fault = { 0 };
		enum err e = clock_rule_may_begin(all, n, &rows[i].version, 1000, &fault);
		if (e != rows[i].err || strcmp(fault.field, rows[i].field))
			fail_msg("row %zu: %d %s", i, e, fault.field);
	}
}

static int begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_as_of_a_day),
		cmocka_unit_test(offers_in_order),
		cmocka_unit_test(keeps_all_for_who_keeps_the_list),
		cmocka_unit_test(refuses_versions_by_name),
		cmocka_unit_test(limits_begin_tomorrow),
	};
	return cmocka_run_group_tests_name("code_list", tests, begin, end);
}
