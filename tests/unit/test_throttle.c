/* Guessing gets slower, also for many at once; the right one is forgiven; others are not touched. */
#include "base/clockwork.h"
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define T0 INT64_C(1800000000000)

static void fail_times(struct throttle *t, const char *key, int n, int64_t now)
{
	for (int i = 0; i < n; i++)
		throttle_fail(t, "login", key, now);
}

static void test_burst(void **state)
{
	struct throttle *t = throttle_new(3, 10 * SECOND_MS);
	struct fault fault = { 0 };

	assert_int_equal(throttle_ask(t, "login", "ayla", T0, &fault), OK);
	fail_times(t, "ayla", 2, T0);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0, &fault), OK);
	fail_times(t, "ayla", 1, T0);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 1, &fault), ERR_THROTTLED);
	assert_string_equal(fault.arg[0].name, "seconds");
	assert_string_equal(fault.arg[0].value, "10");
	assert_int_equal(throttle_ask(t, "login", "omar", T0 + 1, &fault), OK);
	assert_int_equal(throttle_ask(t, "code", "ayla", T0 + 1, &fault), OK);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 10 * SECOND_MS, &fault), OK);
	throttle_free(t);
}

static void test_one_at_a_time(void **state)
{
	struct throttle *t = throttle_new(2, 10 * SECOND_MS);

	fail_times(t, "ayla", 2, T0);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 10 * SECOND_MS, NULL), OK);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 10 * SECOND_MS, NULL), ERR_THROTTLED);
	throttle_free(t);
}

static void test_doubles_to_an_hour(void **state)
{
	struct throttle *t = throttle_new(1, 10 * SECOND_MS);

	fail_times(t, "ayla", 3, T0);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 39 * SECOND_MS, NULL), ERR_THROTTLED);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 40 * SECOND_MS, NULL), OK);
	fail_times(t, "ayla", 60, T0);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + HOUR_MS - 1, NULL), ERR_THROTTLED);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + HOUR_MS, NULL), OK);
	throttle_free(t);
}

static void test_forgets(void **state)
{
	struct throttle *t = throttle_new(1, HOUR_MS);

	fail_times(t, "ayla", 5, T0);
	throttle_clear(t, "login", "ayla");
	assert_int_equal(throttle_ask(t, "login", "ayla", T0, NULL), OK);
	fail_times(t, "omar", 5, T0);
	fail_times(t, "omar", 1, T0 + DAY_MS);
	assert_int_equal(throttle_ask(t, "login", "omar", T0 + DAY_MS + HOUR_MS, NULL), OK);
	throttle_free(t);
}

/* Whoever fills the table with other names does not free the one that is being guessed. */
static void test_flood(void **state)
{
	struct throttle *t = throttle_new(3, HOUR_MS);
	char key[32];

	fail_times(t, "ayla", 10, T0);
	for (int i = 0; i < 100000; i++) {
		snprintf(key, sizeof key, "noise-%d", i);
		fail_times(t, key, 1, T0);
	}
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 1, NULL), ERR_THROTTLED);
	throttle_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst),
		cmocka_unit_test(test_one_at_a_time),
		cmocka_unit_test(test_doubles_to_an_hour),
		cmocka_unit_test(test_forgets),
		cmocka_unit_test(test_flood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
