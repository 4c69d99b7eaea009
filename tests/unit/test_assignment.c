/* Who should get a case: the unit by ordered rules, the officer by knowledge, language, region and load. */
#include "casework/assignment.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct unit_rule units[] = {
	{ .abroad = true, .unit = "overseas" },
	{ .region = "lahore", .unit = "ro_lahore" },
	{ .subject = "migration", .unit = "overseas" },
	{ .subject = "labour_wages", .region = "quetta", .unit = "labour_quetta" },
	{ .unit = "investigation" },
};
static const struct assignment_rules rules = { .unit = units,
	.units = ARRAY_LEN(units),
	.subject = 40,
	.language = 30,
	.region = 20,
	.load = 40,
	.ceiling = 80,
	.language_needed = true };

static void the_first_rule_that_holds_names_the_unit(void **state)
{
	static const struct {
		struct assignment_need need;
		const char *unit;
	} rows[] = {
		{ { .subject = "migration", .region = "lahore", .abroad = true }, "overseas" },
		{ { .subject = "migration", .region = "lahore" }, "ro_lahore" },
		{ { .subject = "migration", .region = "" }, "overseas" },
		{ { .subject = "labour_wages", .region = "quetta" }, "labour_quetta" },
		{ { .subject = "labour_wages", .region = "karachi" }, "investigation" },
		{ { .subject = "", .region = NULL }, "investigation" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(assignment_unit(&rules, &rows[i].need), rows[i].unit);
	const struct assignment_rules none = { .units = 0 };
	assert_null(assignment_unit(&none, &rows[0].need));
}

static const struct officer people[] = {
	{ 1, "Leyla", "a", ",labour_wages,women,", ",az,ur,", ",lahore,", 12, true, false, false },
	{ 2, "Rashid", "a", ",labour_wages,", ",ur,", "", 18, true, false, false },
	{ 3, "Nadia", "a", "", ",ur,en,", ",lahore,", 3, true, false, false },
	{ 4, "Farid", "a", ",labour_wages,", ",az,", "", 0, true, false, false },      /* no Urdu */
	{ 5, "Away", "a", ",labour_wages,", ",ur,", "", 0, true, false, true },        /* away */
	{ 6, "Cousin", "a", ",labour_wages,", ",ur,", "", 0, true, true, false },      /* conflict */
	{ 7, "Buried", "a", ",labour_wages,", ",ur,", "", 80, true, false, false },    /* at the ceiling */
	{ 8, "Elsewhere", "b", ",labour_wages,", ",ur,", "", 0, false, false, false }, /* another unit */
};

static void knowledge_language_region_and_load_count(void **state)
{
	const struct assignment_need need = { .subject = "labour_wages", .lang = "ur", .region = "lahore" };
	struct assignment_rank ranks[ARRAY_LEN(people)];
	assert_int_equal(assignment_rank(&rules, &need, people, ARRAY_LEN(people), ranks), 3);
	assert_string_equal(ranks[0].officer->name, "Leyla"); /* 40 + 30 + 20, at the average of 11 */
	assert_true(ranks[0].knows && ranks[0].speaks && ranks[0].near && ranks[0].in_unit);
	assert_int_equal(ranks[0].average, 11);
	assert_int_equal(ranks[0].points, 90 - 40 * 1 / 11);
	assert_string_equal(ranks[1].officer->name, "Nadia"); /* 30 + 20 + 40 * 8 / 11 */
	assert_int_equal(ranks[1].points, 50 + 29);
	assert_string_equal(ranks[2].officer->name, "Rashid");
}

static void nobody_of_the_unit_leads_to_the_whole_office(void **state)
{
	const struct assignment_need need = { .subject = "labour_wages", .lang = "ru" };
	const struct officer two[] = {
		{ 1, "Leyla", "a", "", ",az,", "", 1, true, false, false },
		{ 2, "Igor", "b", "", ",ru,", "", 9, false, false, false },
	};
	struct assignment_rank ranks[2];
	assert_int_equal(assignment_rank(&rules, &need, two, 2, ranks), 1);
	assert_string_equal(ranks[0].officer->name, "Igor");
	assert_false(ranks[0].in_unit);
}

static void equals_go_by_the_smaller_desk_then_by_age(void **state)
{
	const struct assignment_need need = { .lang = "" };
	const struct officer three[] = {
		{ 9, "C", "a", "", "", "", 4, true, false, false },
		{ 2, "A", "a", "", "", "", 4, true, false, false },
		{ 5, "B", "a", "", "", "", 4, true, false, false },
	};
	struct assignment_rank ranks[3];
	assert_int_equal(assignment_rank(&rules, &need, three, 3, ranks), 3);
	assert_int_equal(ranks[0].officer->id, 2);
	assert_int_equal(ranks[2].officer->id, 9);
	assert_int_equal(assignment_rank(&rules, &need, NULL, 0, ranks), 0);
}

static void who_admitted_does_not_investigate_where_that_is_kept_apart(void **state)
{
	struct assignment_rules apart = rules;
	const struct assignment_need need = { .admitted = 1, .lang = "ur" };
	struct fault fault = { 0 };
	assert_int_equal(assignment_may_lead(&rules, &need, &people[0], &fault), OK);
	apart.separation = true;
	assert_int_equal(assignment_may_lead(&apart, &need, &people[0], &fault), ERR_CONFLICT);
	assert_string_equal(fault.field, "staff_id");
	assert_int_equal(assignment_may_lead(&apart, &need, &people[1], NULL), OK);
	assert_int_equal(assignment_may_lead(&rules, &need, &people[5], NULL), ERR_CONFLICT);
	assert_int_equal(assignment_may_admit(&apart, 1, false, 1, NULL), ERR_CONFLICT);
	assert_int_equal(assignment_may_admit(&apart, 1, true, 1, NULL), OK);
	assert_int_equal(assignment_may_admit(&apart, 2, false, 1, NULL), OK);
	assert_int_equal(assignment_may_admit(&rules, 1, false, 1, NULL), OK);
	struct assignment_rank ranks[ARRAY_LEN(people)];
	size_t n = assignment_rank(&apart, &need, people, ARRAY_LEN(people), ranks);
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(ranks[i].officer->id, 1);
}

/* The reason is told in every language that the program speaks, with the profile's own name of the subject. */
static void the_reason_names_what_counted(void **state)
{
	static const struct subject subject = { .key = "labour_wages", .name = { { [LANG_EN] = "Wages" } } };
	const struct profile profile = { .subject = &subject, .subjects = 1 };
	const struct assignment_need need = { .subject = "labour_wages", .lang = "ur" };
	const struct assignment_rank rank = {
		.officer = &people[0], .knows = true, .speaks = true, .in_unit = true, .average = 15
	};
	struct arena *arena = arena_new(0);
	assert_string_equal(assignment_reason(arena, LANG_EN, &profile, &need, &rank),
	    "Leyla: knows “Wages”, speaks Urdu, 12 open cases; unit average 15");
	arena_free(arena);
}

static int set_up(void **state)
{
	text_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_holds_names_the_unit),
		cmocka_unit_test(knowledge_language_region_and_load_count),
		cmocka_unit_test(nobody_of_the_unit_leads_to_the_whole_office),
		cmocka_unit_test(equals_go_by_the_smaller_desk_then_by_age),
		cmocka_unit_test(who_admitted_does_not_investigate_where_that_is_kept_apart),
		cmocka_unit_test(the_reason_names_what_counted),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
