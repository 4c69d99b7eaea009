/* The table of acts × roles × situations, walked by machine against what domain experts laid down, written here again.
 */
#include "office/access.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum situation { BARE, MINE, OTHERS, REFERRED, FRESH, SITUATION_MAX };

static const struct object objects[SITUATION_MAX] = {
	[BARE] = { .casefile_id = 7 },
	[MINE] = { .casefile_id = 7, .assigned_to = 3 },
	[OTHERS] = { .casefile_id = 7, .assigned_to = 4 },
	[REFERRED] = { .casefile_id = 7, .assigned_to = 4, .has_referral = true },
	[FRESH] = { .casefile_id = 7, .unassigned_state = true },
};

/* One letter a role in the order of enum role (R I L C A S), '.' for no: in each situation. */
static const struct {
	enum act act;
	const char *may[SITUATION_MAX];
} table[] = {
	{ ACT_COMPLAIN, { "RILCAS", "RILCAS", "RILCAS", "RILCAS", "RILCAS" } },
	{ ACT_CASE_FOLLOW, { "......", "......", "......", "......", "......" } },
	{ ACT_QUEUE_READ, { "RILC..", "RILC..", "RILC..", "RILC..", "RILC.." } },
	{ ACT_CASE_READ, { "...C..", "RILC..", "...C..", "..LC..", "R..C.." } },
	{ ACT_CASE_REGISTER, { "......", "R.....", "......", "......", "R....." } },
	{ ACT_CASE_ASSIGN, { "...C..", "R..C..", "...C..", "...C..", "R..C.." } },
	{ ACT_CASE_WORK, { "...C..", ".ILC..", "...C..", "...C..", "...C.." } },
	{ ACT_REFERRAL_WORK, { "...C..", "..LC..", "...C..", "..LC..", "...C.." } },
	{ ACT_REFERRAL_READ, { "..LC..", "..LC..", "..LC..", "..LC..", "..LC.." } },
	{ ACT_AGREEMENT_READ, { "RILCAS", "RILCAS", "RILCAS", "RILCAS", "RILCAS" } },
	{ ACT_AGREEMENT_DRAFT, { "..LC..", "..LC..", "..LC..", "..LC..", "..LC.." } },
	{ ACT_AGREEMENT_SIGN, { "...C..", "...C..", "...C..", "...C..", "...C.." } },
	{ ACT_PARTNER_READ, { "..LCAS", "..LCAS", "..LCAS", "..LCAS", "..LCAS" } },
	{ ACT_PARTNER_PAIR, { "..LC..", "..LC..", "..LC..", "..LC..", "..LC.." } },
	{ ACT_STAFF_MANAGE, { ".....S", ".....S", ".....S", ".....S", ".....S" } },
	{ ACT_JOURNAL_READ, { "....A.", "....A.", "....A.", "....A.", "....A." } },
};

static void check(const struct actor *actor, enum act act, enum situation s, bool expected, const char *who)
{
	struct fault fault = { 0 };
	enum err e = may(actor, act, &objects[s], &fault);
	if ((e == OK) != expected)
		fail_msg("%s, act %d, situation %d: %s", who, act, s, e ? "refused" : "allowed");
	if (e)
		assert_non_null(fault.key);
}

static void every_act_stands_in_the_table(void **state)
{
	bool seen[ACT_MAX] = { false };
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		seen[table[i].act] = true;
	for (int act = 0; act < ACT_MAX; act++)
		assert_true(seen[act]);
}

static void staff_may_what_the_table_says(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		for (enum situation s = 0; s < SITUATION_MAX; s++) {
			for (enum role r = 0; r < ROLE_MAX; r++) {
				const struct actor actor = { .kind = ACTOR_STAFF, .id = 3, .roles = 1u << r };
				check(&actor, table[i].act, s, table[i].may[s][r] != '.', role_key(r));
			}
		}
	}
}

/* A program is nobody's colleague: what depends on being assigned is never its own, whatever its number. */
static void programs_have_no_cases_of_their_own(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		for (enum role r = 0; r < ROLE_MAX; r++) {
			const struct actor actor = { .kind = ACTOR_PROGRAM, .id = 3, .roles = 1u << r };
			check(&actor, table[i].act, MINE, table[i].may[BARE][r] != '.', role_key(r));
			check(&actor, table[i].act, FRESH, table[i].may[FRESH][r] != '.', role_key(r));
		}
	}
}

static void two_roles_may_what_either_may(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		for (enum situation s = 0; s < SITUATION_MAX; s++) {
			const struct actor actor = {
				.kind = ACTOR_STAFF, .id = 3, .roles = 1u << ROLE_REGISTRAR | 1u << ROLE_LIAISON
			};
			const char *may_be = table[i].may[s];
			check(&actor, table[i].act, s, may_be[ROLE_REGISTRAR] != '.' || may_be[ROLE_LIAISON] != '.',
			    "both");
		}
	}
}

static void a_person_sees_one_case_and_learns_of_no_other(void **state)
{
	const struct actor person = { .kind = ACTOR_PERSON, .id = 7 }, other = { .kind = ACTOR_PERSON, .id = 8 };
	for (int act = 0; act < ACT_MAX; act++) {
		enum err own = may(&person, (enum act)act, &objects[BARE], NULL);
		enum err foreign = may(&other, (enum act)act, &objects[BARE], NULL);
		bool public = act == ACT_COMPLAIN;
		assert_int_equal(own, public || act == ACT_CASE_FOLLOW ? OK : ERR_NOT_FOUND);
		assert_int_equal(foreign, public ? OK : ERR_NOT_FOUND);
		assert_int_equal(may(&person, (enum act)act, NULL, NULL), public ? OK : ERR_NOT_FOUND);
	}
}

static void nobody_is_asked_to_log_in(void **state)
{
	const struct actor nobody = { .kind = ACTOR_NOBODY, .roles = ~0u };
	for (int act = 0; act < ACT_MAX; act++) {
		assert_int_equal(
		    may(&nobody, (enum act)act, &objects[MINE], NULL), act == ACT_COMPLAIN ? OK : ERR_LOGIN);
		assert_int_equal(may(NULL, (enum act)act, &objects[MINE], NULL), act == ACT_COMPLAIN ? OK : ERR_LOGIN);
	}
}

static void a_partner_has_no_door_of_ours(void **state)
{
	const struct actor partner = { .kind = ACTOR_PARTNER, .id = 3, .roles = ~0u };
	for (int act = 0; act < ACT_MAX; act++)
		assert_int_equal(
		    may(&partner, (enum act)act, &objects[MINE], NULL), act == ACT_COMPLAIN ? OK : ERR_DENIED);
}

static void roles_are_read_and_written(void **state)
{
	unsigned roles;
	char text[128];
	struct fault fault = { 0 };
	assert_int_equal(roles_parse("registrar, liaison", &roles, NULL), OK);
	assert_int_equal(roles, 1u << ROLE_REGISTRAR | 1u << ROLE_LIAISON);
	roles_format(roles, text);
	assert_string_equal(text, "registrar liaison");
	assert_int_equal(roles_parse("registrar king", &roles, &fault), ERR_INVALID);
	assert_string_equal(fault.arg[0].value, "king");
	assert_int_equal(roles_parse("", &roles, &fault), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_stands_in_the_table),
		cmocka_unit_test(staff_may_what_the_table_says),
		cmocka_unit_test(programs_have_no_cases_of_their_own),
		cmocka_unit_test(two_roles_may_what_either_may),
		cmocka_unit_test(a_person_sees_one_case_and_learns_of_no_other),
		cmocka_unit_test(nobody_is_asked_to_log_in),
		cmocka_unit_test(a_partner_has_no_door_of_ours),
		cmocka_unit_test(roles_are_read_and_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
