/* Routes: literal before {parameter}, methods apart, the same shape twice refused. */
#include "http/internal.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static enum err nothing(struct request *rq, struct reply *rp)
{
	return OK;
}

static const struct route routes[] = {
	{ METHOD_GET, "/", nothing, 0, 0, 0, "home" },
	{ METHOD_GET, "/cases", nothing, 0, 0, 0, "list" },
	{ METHOD_GET, "/cases/{id}", nothing, 0, 0, 0, "show" },
	{ METHOD_GET, "/cases/new", nothing, 0, 0, 0, "new" },
	{ METHOD_POST, "/cases/{id}/notes", nothing, 0, 0, 0, "note" },
	{ METHOD_GET, "/{page}/{part}", nothing, 0, 0, 0, "page" },
	{ METHOD_DELETE, "/cases/{id}", nothing, 0, 0, 0, "drop" },
};
static const struct route_table table = { routes, ARRAY_LEN(routes) };

static const struct {
	enum method method;
	const char *path;
	enum err err;
	const char *help, *name, *value;
} cases[] = {
	{ METHOD_GET, "/", OK, "home", NULL, NULL },
	{ METHOD_GET, "/cases", OK, "list", NULL, NULL },
	{ METHOD_GET, "/cases/7", OK, "show", "id", "7" },
	{ METHOD_GET, "/cases/new", OK, "new", NULL, NULL },
	{ METHOD_GET, "/Cases/new", OK, "page", "page", "Cases" },
	{ METHOD_GET, "/a/b", OK, "page", "part", "b" },
	{ METHOD_POST, "/cases/7/notes", OK, "note", "id", "7" },
	{ METHOD_DELETE, "/cases/7", OK, "drop", "id", "7" },
	{ METHOD_POST, "/cases", ERR_DENIED, NULL, NULL, NULL },
	{ METHOD_GET, "/cases/7/notes", ERR_DENIED, NULL, NULL, NULL },
	{ METHOD_GET, "/CASES", ERR_NOT_FOUND, NULL, NULL, NULL },
	{ METHOD_GET, "/cases/", ERR_NOT_FOUND, NULL, NULL, NULL },
	{ METHOD_GET, "/cases/7/", ERR_NOT_FOUND, NULL, NULL, NULL },
	{ METHOD_GET, "/nowhere", ERR_NOT_FOUND, NULL, NULL, NULL },
	{ METHOD_GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m", ERR_NOT_FOUND, NULL, NULL, NULL },
};

static void test_match(void **state)
{
	struct arena *arena = arena_new(0);
	struct router *router;

	assert_int_equal(router_new(&table, 1, &router, NULL), OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct route_hit hit;
		enum err err = router_match(router, arena, cases[i].method, cases[i].path, &hit);
		if (err != cases[i].err)
			fail_msg("%s: %d", cases[i].path, err);
		if (err)
			continue;
		assert_string_equal(hit.route->help, cases[i].help);
		if (cases[i].name)
			assert_string_equal(pairs_get(&hit.params, cases[i].name), cases[i].value);
	}
	router_free(router);
	arena_free(arena);
}

static void test_allow(void **state)
{
	struct arena *arena = arena_new(0);
	struct router *router;

	assert_int_equal(router_new(&table, 1, &router, NULL), OK);
	assert_string_equal(router_allow(router, arena, "/cases/7"), "GET, HEAD, DELETE");
	assert_string_equal(router_allow(router, arena, "/cases/7/notes"), "POST");
	assert_string_equal(router_allow(router, arena, "/nowhere"), "");
	router_free(router);
	arena_free(arena);
}

static void test_refused(void **state)
{
	static const struct route twice[] = {
		{ METHOD_GET, "/cases/{id}", nothing, 0, 0, 0, "" },
		{ METHOD_GET, "/cases/{number}", nothing, 0, 0, 0, "" },
	};
	static const struct route relative[] = { { METHOD_GET, "cases", nothing, 0, 0, 0, "" } };
	const struct route_table bad[] = { { twice, 2 }, { relative, 1 } };
	struct fault fault;
	struct router *router;

	assert_int_equal(router_new(&bad[0], 1, &router, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "/cases/{number}");
	assert_int_equal(router_new(&bad[1], 1, &router, &fault), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_allow),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
