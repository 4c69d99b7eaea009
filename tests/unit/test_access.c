/* The table of acts × roles × situations, walked by machine against what domain experts laid down, written here again.
 */
#include "office/access.h"

#include "base/util.h"
#include "office/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum situation { BARE, MINE, TEAM, OTHERS, UNIT, REFERRED, FRESH, KEPT, SITUATION_MAX };

/* The officer is staff 3 of the unit "west", below which is "west_two". */
static const struct object objects[SITUATION_MAX] = {
	[BARE] = { .casefile_id = 7 },
	[MINE] = { .casefile_id = 7, .assigned_to = 3 },
	[TEAM] = { .casefile_id = 7, .assigned_to = 4, .team = ",2,3," },
	[OTHERS] = { .casefile_id = 7, .assigned_to = 4, .unit = "east", .team = ",33," },
	[UNIT] = { .casefile_id = 7, .assigned_to = 4, .unit = "west_two" },
	[REFERRED] = { .casefile_id = 7, .assigned_to = 4, .has_referral = true },
	[FRESH] = { .casefile_id = 7, .intake = true },
	[KEPT] = { .casefile_id = 7, .assigned_to = 3, .unit = "west", .intake = true, .conflicts = ",3," },
};

static const char *const roles[] = { "registrar", "admission_officer", "investigator", "mediator", "head_of_unit",
	"liaison", "commissioner", "auditor", "administrator" };
#define ROLES ARRAY_LEN(roles)

/* One letter a role in that order (R P I M H L C A S), '.' for no: in each situation but KEPT, where nobody may. */
static const struct {
	enum act act;
	const char *may[KEPT];
} table[] = {
	/* clang-format off */
	{ ACT_COMPLAIN,        { "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS" } },
	{ ACT_CASE_FOLLOW,     { ".........", ".........", ".........", ".........", ".........", ".........", "........." } },
	{ ACT_AGENCY_ANSWER,   { ".........", ".........", ".........", ".........", ".........", ".........", "........." } },
	{ ACT_QUEUE_READ,      { "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC.." } },
	{ ACT_CASE_READ,       { "......C..", "RPIMHLC..", "RPIMHLC..", "......C..", "....H.C..", ".....LC..", "RP....C.." } },
	{ ACT_CASE_ENTER,      { "R...H.C..", "R...H.C..", "R...H.C..", "R...H.C..", "R...H.C..", "R...H.C..", "R...H.C.." } },
	{ ACT_CASE_REGISTER,   { ".........", "RP.......", "RP.......", ".........", "....H....", ".........", "RP......." } },
	{ ACT_CASE_SCREEN,     { "......C..", "RPI.HLC..", "RPI.HLC..", "......C..", "....H.C..", "......C..", "RP....C.." } },
	{ ACT_CASE_ASSIGN,     { "......C..", "RP....C..", "RP....C..", "......C..", "....H.C..", "......C..", "RP....C.." } },
	{ ACT_CASE_WORK,       { "......C..", ".PI.HLC..", ".PI.HLC..", "......C..", "....H.C..", "......C..", ".P....C.." } },
	{ ACT_CASE_DECIDE,     { "......C..", "......C..", "......C..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_CASE_MEDIATE,    { ".........", "...M.....", "...M.....", ".........", ".........", ".........", "........." } },
	{ ACT_CASE_REOPEN,     { "......C..", "......C..", "......C..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_CASE_REVIEW,     { "......C..", "......C..", "......C..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_CASE_LINK,       { "......C..", "RPI.HLC..", "RPI.HLC..", "......C..", "....H.C..", "......C..", "RP....C.." } },
	{ ACT_CASE_BULK,       { "RPI.H.C..", "RPI.H.C..", "RPI.H.C..", "RPI.H.C..", "RPI.H.C..", "RPI.H.C..", "RPI.H.C.." } },
	{ ACT_CLOCK_CHANGE,    { "......C..", "..I.HLC..", "..I.HLC..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_TASK_WORK,       { "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC..", "RPIMHLC.." } },
	{ ACT_IDENTITY_READ,   { "......C..", "RPIMHLC..", "RPIMHLC..", "......C..", "....H.C..", ".....LC..", "RP....C.." } },
	{ ACT_IDENTITY_OPEN,   { "......C..", "RPI.HLC..", "RPI.HLC..", "......C..", "....H.C..", ".....LC..", "RP....C.." } },
	{ ACT_IDENTITY_APPROVE,{ "......C..", "......C..", "......C..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_BREAK_GLASS,     { "..I.H.CA.", "..I.H.CA.", "..I.H.CA.", "..I.H.CA.", "..I.H.CA.", "..I.H.CA.", "..I.H.CA." } },
	{ ACT_CONFLICT_SET,    { "......C..", "......C..", "......C..", "......C..", "....H.C..", "......C..", "......C.." } },
	{ ACT_EXPORT,          { "R.I.H.C..", "R.I.H.C..", "R.I.H.C..", "R.I.H.C..", "R.I.H.C..", "R.I.H.C..", "R.I.H.C.." } },
	{ ACT_REFERRAL_WORK,   { "......C..", ".....LC..", ".....LC..", "......C..", "......C..", ".....LC..", "......C.." } },
	{ ACT_REFERRAL_READ,   { ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC.." } },
	{ ACT_AGREEMENT_READ,  { "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS" } },
	{ ACT_AGREEMENT_DRAFT, { ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC.." } },
	{ ACT_AGREEMENT_SIGN,  { "......C..", "......C..", "......C..", "......C..", "......C..", "......C..", "......C.." } },
	{ ACT_PARTNER_READ,    { ".....LCAS", ".....LCAS", ".....LCAS", ".....LCAS", ".....LCAS", ".....LCAS", ".....LCAS" } },
	{ ACT_PARTNER_PAIR,    { ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC..", ".....LC.." } },
	{ ACT_OFFICE_READ,     { "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS", "RPIMHLCAS" } },
	{ ACT_OFFICE_CHANGE,   { "......C.S", "......C.S", "......C.S", "......C.S", "......C.S", "......C.S", "......C.S" } },
	{ ACT_STAFF_MANAGE,    { "........S", "........S", "........S", "........S", "........S", "........S", "........S" } },
	{ ACT_SUBSTITUTE,      { "......C.S", "......C.S", "......C.S", "......C.S", "....H.C.S", "......C.S", "......C.S" } },
	{ ACT_JOURNAL_READ,    { ".......A.", ".......A.", ".......A.", ".......A.", ".......A.", ".......A.", ".......A." } },
	/* clang-format on */
};

static struct profile *profiles[2];

static int load(void **state)
{
	static const char *const keys[] = { "pk-wafaqi-mohtasib", "az-commissioner" };
	char dir[600];
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(dir, sizeof(dir), "%s/profiles/%s", getenv("SULH_SOURCE"), keys[i]);
		if (profile_load(dir, &profiles[i], NULL))
			return -1;
	}
	return 0;
}

static int unload(void **state)
{
	profile_free(profiles[0]);
	profile_free(profiles[1]);
	return 0;
}

static const char *const units[] = { "west", "west_two", NULL };

/* Of the first profile, unless another is given; `rights` is filled and lent. */
static struct actor officer(const struct profile *p, const char *keys, struct rights *rights)
{
	assert_int_equal(rights_of(p, keys, rights, NULL), OK);
	return (struct actor) {
		.kind = ACTOR_STAFF, .id = 3, .roles = keys, .rights = rights, .unit = "west", .units = units
	};
}

static void expect(const struct actor *actor, enum act act, enum situation s, bool expected)
{
	struct fault fault = { 0 };
	enum err e = may(actor, act, s == BARE ? NULL : &objects[s], &fault);
	if ((e == OK) != expected)
		fail_msg("%s, act %s, situation %d: %s", actor->roles, act_key(act), s, e ? "refused" : "allowed");
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
	for (size_t p = 0; p < ARRAY_LEN(profiles); p++) {
		for (size_t i = 0; i < ARRAY_LEN(table); i++) {
			for (size_t r = 0; r < ROLES; r++) {
				struct rights rights;
				const struct actor actor = officer(profiles[p], roles[r], &rights);
				for (enum situation s = 0; s < KEPT; s++)
					expect(&actor, table[i].act, s, table[i].may[s][r] != '.');
			}
		}
	}
}

/* whom a conflict of interest keeps from a case is told that there is none, whatever the role. */
static void a_conflict_takes_the_case_out_of_ones_world(void **state)
{
	for (size_t r = 0; r < ROLES; r++) {
		struct rights rights;
		struct actor actor = officer(profiles[0], roles[r], &rights);
		for (enum act act = 0; act < ACT_MAX; act++)
			if (act != ACT_COMPLAIN)
				assert_int_equal(may(&actor, act, &objects[KEPT], NULL), ERR_NOT_FOUND);
		/* In the name of somebody else neither: not of one from whom it is kept, nor as one from whom it is. */
		actor.id = 9;
		actor.stands_for = 3;
		assert_int_equal(may(&actor, ACT_CASE_READ, &objects[KEPT], NULL), ERR_NOT_FOUND);
	}
}

static void who_stands_in_has_the_cases_of_both(void **state)
{
	struct rights rights;
	struct actor actor = officer(profiles[0], "investigator", &rights);
	actor.id = 8;
	assert_int_equal(may(&actor, ACT_CASE_WORK, &objects[MINE], NULL), ERR_DENIED);
	actor.stands_for = 3;
	assert_int_equal(may(&actor, ACT_CASE_WORK, &objects[MINE], NULL), OK);
	assert_int_equal(may(&actor, ACT_CASE_WORK, &objects[TEAM], NULL), OK);
	assert_int_equal(may(&actor, ACT_CASE_WORK, &objects[OTHERS], NULL), ERR_DENIED);
}

/* Broken glass lets one read, not work; it says nothing of a withheld identity. */
static void what_was_opened_can_be_read_and_no_more(void **state)
{
	struct rights rights;
	const struct actor actor = officer(profiles[0], "investigator", &rights);
	const struct object opened = { .casefile_id = 7, .assigned_to = 4, .opened_to = ",3,", .withheld = true };
	assert_int_equal(may(&actor, ACT_CASE_READ, &opened, NULL), OK);
	assert_int_equal(may(&actor, ACT_CASE_WORK, &opened, NULL), ERR_DENIED);
	assert_int_equal(may(&actor, ACT_IDENTITY_READ, &opened, NULL), ERR_DENIED);
}

/* No role knows a withheld identity by itself, the head's neither: a second person opens it, for a time. */
static void a_withheld_identity_is_nobodys_by_role(void **state)
{
	const struct object hidden = { .casefile_id = 7, .assigned_to = 3, .unit = "west", .withheld = true },
			    opened = { .casefile_id = 7, .assigned_to = 3, .knowing = ",3,", .withheld = true };
	for (size_t r = 0; r < ROLES; r++) {
		struct rights rights;
		const struct actor actor = officer(profiles[0], roles[r], &rights);
		assert_int_equal(may(&actor, ACT_IDENTITY_READ, &hidden, NULL), ERR_DENIED);
		assert_int_equal(may(&actor, ACT_IDENTITY_READ, &opened, NULL), OK);
	}
}

static void programs_have_no_cases_of_their_own(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		for (size_t r = 0; r < ROLES; r++) {
			struct rights rights;
			struct actor actor = officer(profiles[0], roles[r], &rights);
			actor.kind = ACTOR_PROGRAM;
			actor.unit = NULL;
			actor.units = NULL;
			expect(&actor, table[i].act, MINE, table[i].may[OTHERS][r] != '.');
			expect(&actor, table[i].act, UNIT, table[i].may[OTHERS][r] != '.');
			expect(&actor, table[i].act, FRESH, table[i].may[FRESH][r] != '.');
		}
	}
}

static void two_roles_may_what_either_may(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct rights rights;
		const struct actor actor = officer(profiles[0], "liaison, registrar", &rights);
		for (enum situation s = 0; s < KEPT; s++)
			expect(&actor, table[i].act, s, table[i].may[s][0] != '.' || table[i].may[s][5] != '.');
	}
}

static void outsiders_learn_nothing(void **state)
{
	const struct actor nobody = { .kind = ACTOR_NOBODY }, partner = { .kind = ACTOR_PARTNER, .id = 1 },
			   person = { .kind = ACTOR_PERSON, .id = 7 },
			   body = { .kind = ACTOR_AGENCY, .id = 1, .body = "oil" };
	const struct object theirs = { .casefile_id = 7, .body = "/energy/oil/" },
			    other = { .casefile_id = 8, .body = "/energy/gas/" };
	for (enum act act = 0; act < ACT_MAX; act++) {
		if (act == ACT_COMPLAIN)
			continue;
		assert_int_equal(may(&nobody, act, &theirs, NULL), ERR_LOGIN);
		assert_int_equal(may(NULL, act, &theirs, NULL), ERR_LOGIN);
		assert_int_equal(may(&partner, act, &theirs, NULL), ERR_DENIED);
		assert_int_equal(may(&person, act, &theirs, NULL), act == ACT_CASE_FOLLOW ? OK : ERR_NOT_FOUND);
		assert_int_equal(may(&body, act, &theirs, NULL), act == ACT_AGENCY_ANSWER ? OK : ERR_NOT_FOUND);
		assert_int_equal(may(&person, act, &other, NULL), ERR_NOT_FOUND);
		assert_int_equal(may(&body, act, &other, NULL), ERR_NOT_FOUND);
		assert_int_equal(may(&body, act, NULL, NULL), ERR_NOT_FOUND);
	}
}

static void names_read_back(void **state)
{
	char text[256];
	struct rights rights;
	struct fault fault = { 0 };
	for (enum act act = 0; act < ACT_MAX; act++) {
		enum act back;
		assert_true(act_parse(act_key(act), &back));
		assert_int_equal(back, act);
		assert_non_null(act_label(act));
	}
	assert_int_equal(rights_of(profiles[0], "registrar emperor", &rights, &fault), ERR_INVALID);
	assert_string_equal(fault.arg[0].value, "emperor");
	assert_int_equal(rights_of(profiles[0], " , ", &rights, &fault), ERR_INVALID);
	roles_format(profiles[0], "liaison,registrar liaison emperor", text);
	assert_string_equal(text, "registrar liaison");
	assert_true(roles_have("registrar liaison", "liaison"));
	assert_false(roles_have("registrar liaison", "liais"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_act_stands_in_the_table),
		cmocka_unit_test(staff_may_what_the_table_says),
		cmocka_unit_test(a_conflict_takes_the_case_out_of_ones_world),
		cmocka_unit_test(who_stands_in_has_the_cases_of_both),
		cmocka_unit_test(what_was_opened_can_be_read_and_no_more),
		cmocka_unit_test(a_withheld_identity_is_nobodys_by_role),
		cmocka_unit_test(programs_have_no_cases_of_their_own),
		cmocka_unit_test(two_roles_may_what_either_may),
		cmocka_unit_test(outsiders_learn_nothing),
		cmocka_unit_test(names_read_back),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
