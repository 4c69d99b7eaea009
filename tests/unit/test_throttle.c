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

/* A carrier's address stands for a town: the mistakes of some must not shut out all the others. */
static void test_address_is_shared(void **state)
{
	struct throttle *t = throttle_new(5, 2 * SECOND_MS);

	for (int i = 0; i < 50; i++)
		throttle_fail_address(t, "ip", "192.0.2.1", T0);
	assert_int_equal(throttle_ask_address(t, "ip", "192.0.2.1", T0, NULL), OK);
	for (int i = 0; i < 900; i++)
		throttle_fail_address(t, "ip", "192.0.2.1", T0);
	assert_int_equal(throttle_ask_address(t, "ip", "192.0.2.1", T0 + 59 * SECOND_MS, NULL), ERR_THROTTLED);
	assert_int_equal(throttle_ask_address(t, "ip", "192.0.2.1", T0 + MINUTE_MS, NULL), OK);
	assert_int_equal(throttle_ask_address(t, "ip", "192.0.2.2", T0, NULL), OK);
	throttle_free(t);
}

static void test_one_network(void **state)
{
	struct throttle *t = throttle_new(1, 2 * SECOND_MS);
	char ip[64];

	for (int i = 0; i < 200; i++) {
		snprintf(ip, sizeof ip, "2001:db8:1:2:%x::%x", i, i);
		throttle_fail_address(t, "ip", ip, T0);
	}
	assert_int_equal(throttle_ask_address(t, "ip", "2001:db8:1:2:ffff::1", T0 + 1, NULL), ERR_THROTTLED);
	assert_int_equal(throttle_ask_address(t, "ip", "2001:db8:1:3::1", T0 + 1, NULL), OK);
	throttle_free(t);
}

static void test_clock_put_back(void **state)
{
	struct throttle *t = throttle_new(1, 10 * SECOND_MS);

	fail_times(t, "ayla", 3, T0 + 1000 * DAY_MS);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0, NULL), OK);
	assert_int_equal(throttle_ask(t, "login", "ayla", T0 + 1, NULL), ERR_THROTTLED);
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
		cmocka_unit_test(test_address_is_shared),
		cmocka_unit_test(test_one_network),
		cmocka_unit_test(test_clock_put_back),
		cmocka_unit_test(test_doubles_to_an_hour),
		cmocka_unit_test(test_forgets),
		cmocka_unit_test(test_flood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
