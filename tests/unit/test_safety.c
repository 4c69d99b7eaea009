/* Software checks its own dangerous settings (CiviCRM, CIVI-SA-2022-03): each rule is seen once dangerous and once not.
 */
#include "office/safety.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct config fine(void)
{
	struct config c;
	config_default(&c);
	return c;
}

static bool names(const struct safety_facts *facts, const char *setting)
{
	struct danger danger[SAFETY_MAX];
	size_t n = safety_check(facts, danger);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(danger[i].setting, setting))
			return true;
	return false;
}

static void an_office_as_init_makes_it_is_fine(void **state)
{
	struct danger danger[SAFETY_MAX];
	struct config c = fine();
	const struct safety_facts facts = { .config = &c };
	assert_int_equal(safety_check(&facts, danger), 0);
}

static void each_setting(void **state)
{
	static const struct {
		const char *set[3][2];
		const char *danger; /* NULL: none */
	} cases[] = {
		{ { { "public_url", "http://ombudsman.example" } }, "public_url" },
		{ { { "public_url", "https://ombudsman.example" } }, NULL },
		{ { { "public_url", "http://127.0.0.1:9000" } }, NULL },
		{ { { "public_url", "http://[::1]:9000" } }, NULL },
		{ { { "listen", "0.0.0.0:80" }, { "behind_proxy", "192.0.2.1" } }, "listen" },
		{ { { "listen", "127.0.0.1:80" }, { "behind_proxy", "192.0.2.1" } }, NULL },
		{ { { "listen", "[::1]:80" }, { "behind_proxy", "192.0.2.1" } }, NULL },
		{ { { "database", "postgresql://sulh:x@db.example/sulh" } }, "database" },
		{ { { "database", "postgresql://sulh:x@db.example/sulh?sslmode=require" } }, "database" },
		{ { { "database", "postgresql://sulh:x@db.example/sulh?sslmode=verify-full" } }, NULL },
		{ { { "database", "postgresql://sulh:p@x@127.0.0.1:5432/sulh" } }, NULL },
		{ { { "database", "postgresql:///sulh?host=/run/postgresql" } }, NULL },
		{ { { "database", "sqlite:office.db" } }, NULL },
		{ { { "templates", "/srv/templates" } }, "templates" },
		{ { { "log_level", "debug" } }, "log_level" },
		{ { { "log_level", "warning" } }, NULL },
		{ { { "session_minutes", "600" } }, "session_minutes" },
		{ { { "session_minutes", "480" } }, NULL },
		{ { { "login_tries", "50" } }, "login_tries" },
		{ { { "login_tries", "20" } }, NULL },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct danger danger[SAFETY_MAX];
		struct config c = fine();
		const struct safety_facts facts = { .config = &c };
		for (size_t k = 0; cases[i].set[k][0]; k++)
			assert_int_equal(config_set(&c, cases[i].set[k][0], cases[i].set[k][1], NULL), OK);
		size_t n = safety_check(&facts, danger);
		if (n != (cases[i].danger != NULL) || (n && strcmp(danger[0].setting, cases[i].danger)))
			fail_msg("%s = %s: %zu dangers, first %s", cases[i].set[0][0], cases[i].set[0][1], n,
			    n ? danger[0].setting : "none");
	}
}

static void what_is_no_setting(void **state)
{
	struct config c = fine();
	struct safety_facts facts = { .config = &c, .clock_moved = true };
	assert_true(names(&facts, "SULH_NOW_OFFSET_MS") && !names(&facts, "keys.json") && !names(&facts, "roles"));
	facts = (struct safety_facts) { .config = &c, .readable_keys = true };
	assert_true(names(&facts, "keys.json") && !names(&facts, "SULH_NOW_OFFSET_MS"));
	facts = (struct safety_facts) { .config = &c, .mixed = 1 };
	assert_true(names(&facts, "roles") && !names(&facts, "keys.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_office_as_init_makes_it_is_fine),
		cmocka_unit_test(each_setting),
		cmocka_unit_test(what_is_no_setting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
