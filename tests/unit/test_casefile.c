/* The arrows that the program itself counts on, in both institutions' profiles: allowed and refused. */
#include "casework/casefile.h"

#include "base/util.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct profile *load(const char *key)
{
	char dir[600];
	struct profile *p = NULL;
	struct fault fault = { 0 };
	snprintf(dir, sizeof(dir), "%s/profiles/%s", getenv("SULH_SOURCE"), key);
	if (profile_load(dir, &p, &fault))
		fail_msg("%s %s", fault.field, fault.key);
	return p;
}

/* Written here again from docs/states.md; '-' where there is no arrow. */
static const struct {
	const char *from, *registers, *admits, *asks, *replied, *closes, *reopens;
} leads[] = {
	{ "received", "registered", "-", "-", "-", "closed", "-" },
	{ "registered", "-", "admitted", "-", "-", "closed", "-" },
	{ "awaiting_complainant", "-", "-", "-", "-", "closed", "-" },
	{ "admitted", "-", "-", "with_agency", "-", "closed", "-" },
	{ "with_agency", "-", "-", "-", "admitted", "closed", "-" },
	{ "hearing_set", "-", "-", "with_agency", "-", "closed", "-" },
	{ "draft_finding", "-", "-", "-", "-", "closed", "-" },
	{ "finding_issued", "-", "-", "-", "-", "closed", "-" },
	{ "implementation", "-", "-", "-", "-", "closed", "-" },
	{ "closed", "-", "-", "-", "-", "-", "admitted" },
};

static void check(const struct profile *p, const char *from, const char *move, const char *expected)
{
	struct fault fault = { 0 };
	const struct state *to = NULL;
	enum err e = casefile_next(p, profile_state(p, from), move, &to, &fault);
	if (strcmp(to ? to->key : "-", expected) != 0)
		fail_msg("%s, %s leads to %s", from, move, to ? to->key : "nothing");
	assert_int_equal(e, *expected == '-' ? ERR_CONFLICT : OK);
	if (e)
		assert_non_null(fault.key); /* and says why */
}

static void every_arrow_that_the_program_needs(void **state)
{
	static const char *const keys[] = { "pk-wafaqi-mohtasib", "az-commissioner" };
	for (size_t k = 0; k < ARRAY_LEN(keys); k++) {
		struct profile *p = load(keys[k]);
		for (size_t i = 0; i < ARRAY_LEN(leads); i++) {
			check(p, leads[i].from, "register", leads[i].registers);
			check(p, leads[i].from, "admit", leads[i].admits);
			check(p, leads[i].from, "ask_agency", leads[i].asks);
			check(p, leads[i].from, "agency_replied", leads[i].replied);
			check(p, leads[i].from, "close", leads[i].closes);
			check(p, leads[i].from, "reopen", leads[i].reopens);
		}
		profile_free(p);
	}
}

static void what_is_asked_of_a_case(void **state)
{
	const struct state intake = { .key = "received", .phase = PHASE_INTAKE },
			   inquiry = { .key = "admitted", .phase = PHASE_INQUIRY };
	struct casefile c = { .id = 7,
		.state = &intake,
		.assigned_to = 3,
		.unit = "lahore",
		.team = ",4,",
		.conflicts = ",5,",
		.opened_to = "",
		.knowing = "",
		.withheld = true };
	struct object object = casefile_object(&c);
	assert_int_equal(object.casefile_id, 7);
	assert_int_equal(object.assigned_to, 3);
	assert_string_equal(object.unit, "lahore");
	assert_string_equal(object.team, ",4,");
	assert_string_equal(object.conflicts, ",5,");
	assert_true(object.intake && object.withheld && !object.has_referral);
	c.state = &inquiry;
	assert_false(casefile_object(&c).intake);
}

static int begin(void **state)
{
	text_init();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow_that_the_program_needs),
		cmocka_unit_test(what_is_asked_of_a_case),
	};
	return cmocka_run_group_tests(tests, begin, NULL);
}
