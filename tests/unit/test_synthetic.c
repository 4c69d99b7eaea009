/* The generator of invented cases: the same seed, the same cases; every rule of intake is met; and an office that it
 * filled is as sound as one that people filled. */
#include "base/progress.h"
#include "../lib/desk.h"
#include "office/journal.h"
#include "synthetic/synthetic.h"
#include "synthetic/words.h"

static void the_same_number_makes_the_same_complaint(void **state)
{
	struct desk desk;
	desk_open(&desk, "az-commissioner");
	const struct profile *profile = desk.office->profile;
	char *a = synthetic_json(desk.arena, profile, 3, 41), *b = synthetic_json(desk.arena, profile, 3, 41);
	char *other = synthetic_json(desk.arena, profile, 3, 42), *seed = synthetic_json(desk.arena, profile, 4, 41);
	assert_string_equal(a, b);
	assert_string_not_equal(a, other);
	assert_string_not_equal(a, seed);
	free(a);
	free(b);
	free(other);
	free(seed);
	desk_close(&desk);
}

static void complaints_keep_the_rules_and_differ_as_real_ones_do(void **state)
{
	struct desk desk;
	size_t of_lang[LANG_MAX] = { 0 }, first_body = 0, shortest = SIZE_MAX, longest = 0;
	desk_open(&desk, "pk-wafaqi-mohtasib");
	for (uint64_t i = 0; i < 2000; i++) {
		struct arena *arena = arena_new(0);
		struct faults faults = { 0 };
		const struct intake in = synthetic_complaint(arena, desk.office->profile, 1, i);
		if (intake_check(desk.office->profile, &in, &faults))
			fail_msg("complaint %llu breaks a rule: %s", (unsigned long long)i, faults.v[0].field);
		size_t len = strlen(in.facts);
		of_lang[in.lang]++;
		first_body += !strcmp(in.body_key, desk.office->profile->body[0].key);
		shortest = len < shortest ? len : shortest;
		longest = len > longest ? len : longest;
		arena_free(arena);
	}
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		assert_true(of_lang[lang] > 10);
	assert_true(of_lang[LANG_UR] > 1000);
	assert_true(first_body > 1000 && first_body < 1300);
	assert_true(shortest < 200 && longest > 4000);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_number_makes_the_same_complaint),
		cmocka_unit_test(complaints_keep_the_rules_and_differ_as_real_ones_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
