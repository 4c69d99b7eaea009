/* Every code means something at every edge; faults carry their values and say them. */
#include "base/err.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_code_has_a_meaning(void **state)
{
	for (enum err e = OK; e < ERR_MAX; e++) {
		assert_in_range(err_http_status(e), 200, 599);
		assert_true(err_slug(e) && err_slug(e)[0]);
		assert_true(err_sentence(e) && err_sentence(e)[0]);
		assert_int_equal(err_exit_status(e) == 0, e == OK);
		assert_int_equal(err_http_status(e) == 200, e == OK);
		for (enum err other = OK; other < e; other++)
			assert_string_not_equal(err_slug(e), err_slug(other));
	}
	assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
	assert_int_equal(err_http_status(ERR_THROTTLED), 429);
	assert_int_equal(err_http_status((enum err)99), 500);
	assert_string_equal(err_slug((enum err)99), "internal");
}

static void filling(void **state)
{
	struct fault f;

	assert_int_equal(
	    fault_set(&f, ERR_TOO_LARGE, "facts", N_("At most {limit}."), "limit", "20", NULL), ERR_TOO_LARGE);
	assert_int_equal(f.code, ERR_TOO_LARGE);
	assert_string_equal(f.field, "facts");
	assert_int_equal(f.args, 1);
	assert_string_equal(f.arg[0].name, "limit");
	assert_string_equal(f.arg[0].value, "20");
	assert_int_equal(fault_set(&f, ERR_DENIED, NULL, NULL, NULL), ERR_DENIED);
	assert_string_equal(f.field, "");
	assert_int_equal(f.args, 0);
	assert_null(f.key);
	assert_int_equal(fault_set(NULL, ERR_STORE, "x", "y", NULL), ERR_STORE);
}

static void filling_stops_at_three(void **state)
{
	struct fault f;
	char longer[400];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	fault_set(&f, ERR_INVALID, longer, "k", "a", longer, "b", NULL, "c", "3", "d", "4", NULL);
	assert_int_equal(f.args, 3);
	assert_int_equal(strlen(f.field), sizeof(f.field) - 1);
	assert_int_equal(strlen(f.arg[0].value), sizeof(f.arg[0].value) - 1);
	assert_string_equal(f.arg[1].value, "");
}

static void english(void **state)
{
	static const struct {
		const char *field, *key, *text;
	} rows[] = {
		{ "facts", "At most {limit}.", "facts: At most 20." },
		{ NULL, "{limit}{limit} {unknown} {", "2020 {unknown} {" },
		{ NULL, "{limi} {limits}", "{limi} {limits}" },
		{ NULL, NULL, "This is too large." },
		{ "x", NULL, "x: This is too large." },
	};
	char text[100], small[8];
	struct fault f;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		fault_set(&f, ERR_TOO_LARGE, rows[i].field, rows[i].key, "limit", "20", NULL);
		assert_string_equal(fault_english(&f, text, sizeof(text)), rows[i].text);
	}
	assert_string_equal(fault_english(&f, small, sizeof(small)), "x: This");
	/* A value that looks like a placeholder is not filled again. */
	fault_set(&f, ERR_INVALID, NULL, "{a}", "a", "{a}", NULL);
	assert_string_equal(fault_english(&f, text, sizeof(text)), "{a}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_meaning),
		cmocka_unit_test(filling),
		cmocka_unit_test(filling_stops_at_three),
		cmocka_unit_test(english),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
