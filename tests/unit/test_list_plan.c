/* Which lists a page walks, for whom, and which cases belong on it: rules without a database. */
#include "casework/list.h"

#include "casework/saved_list.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct profile *profile;
static const int64_t now = INT64_C(1795651200000); /* 26 November 2026, noon UTC */

static const char *joined(const struct list_doors *doors)
{
	static char text[LIST_DOORS * LIST_NAME];
	text[0] = '\0';
	for (size_t i = 0; i < doors->n; i++) {
		strcat(text, i ? " " : "");
		strcat(text, doors->door[i]);
	}
	return text;
}

static void doors(void **state)
{
	static const struct {
		unsigned scope;
		enum actor_kind kind;
		int64_t stands_for;
		const char *unit, *of, *doors;
	} rows[] = {
		{ 0, ACTOR_STAFF, 0, "rc_ganja", "", "" },
		{ SCOPE_ANY, ACTOR_STAFF, 0, "", "", "any" },
		{ SCOPE_ANY | SCOPE_MINE, ACTOR_STAFF, 0, "rc_ganja", "", "any" },
		{ SCOPE_ANY, ACTOR_STAFF, 0, "rc_ganja", "mine", "staff:7" },
		{ SCOPE_ANY, ACTOR_STAFF, 0, "rc_ganja", "unit", "unit:rc_ganja" },
		{ SCOPE_ANY, ACTOR_PROGRAM, 0, "", "mine", "" },
		{ SCOPE_ANY, ACTOR_PROGRAM, 0, "", "intake", "intake" },
		{ SCOPE_MINE, ACTOR_STAFF, 0, "", "", "staff:7" },
		{ SCOPE_MINE, ACTOR_STAFF, 9, "", "", "staff:7 staff:9" },
		{ SCOPE_MINE, ACTOR_STAFF, 0, "", "any", "" },
		{ SCOPE_MINE, ACTOR_STAFF, 0, "", "intake", "" },
		{ SCOPE_MINE | SCOPE_UNIT, ACTOR_STAFF, 0, "rc_ganja", "", "staff:7 unit:rc_ganja" },
		{ SCOPE_UNIT, ACTOR_STAFF, 0, "", "", "" },
		{ SCOPE_MINE | SCOPE_INTAKE | SCOPE_REFERRAL, ACTOR_STAFF, 0, "", "", "staff:7 intake referral" },
		{ SCOPE_MINE | SCOPE_INTAKE | SCOPE_REFERRAL, ACTOR_STAFF, 0, "", "referral", "referral" },
		{ SCOPE_MINE | SCOPE_UNIT | SCOPE_INTAKE | SCOPE_REFERRAL, ACTOR_STAFF, 9, "rc_ganja", "",
		    "staff:7 staff:9 unit:rc_ganja intake referral" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rights rights = { { 0 } };
		struct list_doors found;
		rights.scope[ACT_CASE_READ] = (unsigned char)rows[i].scope;
		const struct actor actor = { .kind = rows[i].kind,
			.id = 7,
			.stands_for = rows[i].stands_for,
			.unit = rows[i].unit,
			.rights = &rights };
		list_doors(&actor, rows[i].of, &found);
		assert_string_equal(joined(&found), rows[i].doors);
	}
}

static void lists(void **state)
{
	struct list_doors two = { { "staff:7", "unit:rc_ganja" }, 2 };
	struct list_ask ask;
	struct list_plan plan;
	list_ask_plain("", &ask);
	list_plan(&ask, &two, "", profile, now, &plan);
	assert_int_equal(plan.n, 2);
	assert_string_equal(plan.list[1], "unit:rc_ganja");
	assert_false(plan.up);
	assert_int_equal(plan.from, 0);
	ask.state = "open";
	ask.sort = LIST_OLDEST;
	list_plan(&ask, &two, "", profile, now, &plan);
	assert_string_equal(plan.list[0], "staff:7/open");
	assert_true(plan.up);
	ask.body = "b";
	list_plan(&ask, &two, "body:b", profile, now, &plan);
	assert_int_equal(plan.n, 1);
	assert_string_equal(plan.list[0], "body:b");
	ask.sort = LIST_DUE; /* by day only behind the doors */
	list_plan(&ask, &two, "body:b", profile, now, &plan);
	assert_string_equal(plan.list[1], "unit:rc_ganja/due");
	ask.late = true;
	list_plan(&ask, &two, "", profile, now, &plan);
	assert_int_equal(plan.from, 0);
	assert_int_equal(plan.below, now);
	ask.late = false;
	ask.today = true;
	list_plan(&ask, &two, "", profile, now, &plan);
	assert_int_equal(plan.from, now);
	assert_in_range(plan.below - now, 1, 24 * 3600000);
}

static struct list_case a_case(void)
{
	return (struct list_case) { .id = 1,
		.received_at = now - 1000,
		.due_at = now + 1000,
		.assigned_to = 7,
		.body_key = "b",
		.body_country = "AZ",
		.subject = "s",
		.lang = "ur",
		.unit = "rc_ganja",
		.identity = "open",
		.channel = "web",
		.urgent = "",
		.state = profile_state(profile, "admitted") };
}

static void cases(void **state)
{
	static const struct {
		const char *member; /* of struct list_ask, by what it asks */
		struct list_ask ask;
		bool fits;
	} rows[] = {
		{ "nothing", { 0 }, true },
		{ "open", { .state = "open" }, true },
		{ "its state", { .state = "admitted" }, true },
		{ "another state", { .state = "received" }, false },
		{ "its phase", { .phase = "inquiry" }, true },
		{ "another phase", { .phase = "closed" }, false },
		{ "its body", { .body = "b" }, true },
		{ "another body", { .body = "c" }, false },
		{ "its subject", { .subject = "s" }, true },
		{ "its unit", { .unit = "rc_ganja" }, true },
		{ "the unit above", { .unit = "head_office" }, true },
		{ "a unit beside", { .unit = "rc_sheki" }, false },
		{ "an unknown unit", { .unit = "nowhere" }, false },
		{ "another channel", { .channel = "phone" }, false },
		{ "its country", { .country = "AZ" }, true },
		{ "another language", { .lang = "az" }, false },
		{ "its lead", { .lead = 7 }, true },
		{ "nobody leads", { .lead = -1 }, false },
		{ "not assigned", { .free = true }, false },
		{ "received before", { .received_to = now - 2000 }, false },
		{ "received since", { .received_from = now - 2000 }, true },
		{ "due until", { .due_to = now + 2000 }, true },
		{ "due from", { .due_from = now + 2000 }, false },
		{ "late", { .late = true }, false },
		{ "today", { .today = true }, true },
		{ "urgent", { .urgent = true }, false },
		{ "withheld", { .withheld = true }, false },
		{ "referral", { .referral = true }, false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct list_ask ask = rows[i].ask, plain;
		const struct list_case c = a_case();
		list_ask_plain("", &plain);
		const char **text[] = { &ask.of, &ask.state, &ask.phase, &ask.body, &ask.subject, &ask.unit,
			&ask.channel, &ask.country, &ask.lang };
		for (size_t t = 0; t < sizeof(text) / sizeof(text[0]); t++)
			*text[t] = *text[t] ? *text[t] : "";
		if (list_fits(&ask, &c, profile, now) != rows[i].fits)
			fail_msg("%s", rows[i].member);
	}
}

static void who_uses_a_kept_list(void **state)
{
	static const struct {
		int64_t reader;
		const char *roles, *unit, *shared;
		bool visible;
	} rows[] = {
		{ 1, "investigator", "", "", true }, /* the owner's own */
		{ 2, "investigator", "", "", false },
		{ 2, "investigator", "", "role:investigator", true },
		{ 2, "registrar", "", "role:investigator", false },
		{ 2, "registrar", "rc_ganja", "unit:head_office", true }, /* a unit's list is for those below it, too */
		{ 2, "registrar", "head_office", "unit:rc_ganja", false },
		{ 2, "registrar", "", "unit:rc_ganja", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct actor actor = {
			.kind = ACTOR_STAFF, .id = rows[i].reader, .roles = rows[i].roles, .unit = rows[i].unit
		};
		const struct saved_list list = { .owner = 1, .shared = rows[i].shared };
		assert_int_equal(saved_list_visible(&list, &actor, profile), rows[i].visible);
	}
	const struct actor program = { .kind = ACTOR_PROGRAM, .id = 1, .roles = "investigator" };
	const struct saved_list own = { .owner = 1, .shared = "" };
	assert_false(saved_list_visible(&own, &program, profile));
}

static void with_whom_a_list_is_shared(void **state)
{
	const struct actor actor = { .kind = ACTOR_STAFF, .id = 1, .roles = "investigator", .unit = "rc_ganja" };
	char with[LIST_NAME];
	assert_int_equal(saved_list_share(&actor, profile, "", with, NULL), OK);
	assert_string_equal(with, "");
	assert_int_equal(saved_list_share(&actor, profile, "unit", with, NULL), OK);
	assert_string_equal(with, "unit:rc_ganja");
	assert_int_equal(saved_list_share(&actor, profile, "role:investigator", with, NULL), OK);
	assert_int_equal(saved_list_share(&actor, profile, "role:commissioner", with, NULL), ERR_INVALID);
	assert_int_equal(saved_list_share(&actor, profile, "unit:head_office", with, NULL), ERR_INVALID);
}

static int begin(void **state)
{
	char folder[600];
	text_init();
	snprintf(folder, sizeof(folder), "%s/profiles/az-commissioner", getenv("SULH_SOURCE"));
	return profile_load(folder, &profile, NULL);
}

static int end(void **state)
{
	profile_free(profile);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doors),
		cmocka_unit_test(lists),
		cmocka_unit_test(cases),
		cmocka_unit_test(who_uses_a_kept_list),
		cmocka_unit_test(with_whom_a_list_is_shared),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
