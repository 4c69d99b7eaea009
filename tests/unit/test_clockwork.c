/* RFC 3339 both ways, far years included; the moved clock. */
#include "base/clockwork.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <time.h>

static void formatting(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ INT64_C(1795426200123), "2026-11-23T09:30:00.123Z" },
		{ INT64_C(951782400000), "2000-02-29T00:00:00.000Z" },
		{ INT64_C(4107542399999), "2100-02-28T23:59:59.999Z" },
		{ INT64_C(4107542400000), "2100-03-01T00:00:00.000Z" },
		{ INT64_C(2147483648000), "2038-01-19T03:14:08.000Z" },
		{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
		{ INT64_C(-62167219200000), "0000-01-01T00:00:00.000Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[RFC3339_TEXT];

		rfc3339_format(text, rows[i].ms);
		assert_string_equal(text, rows[i].text);
	}
}

static void every_day_comes_back(void **state)
{
	for (int64_t day = -800000; day < 2900000; day += 17) {
		char text[RFC3339_TEXT];
		int64_t back;

		rfc3339_format(text, day * DAY_MS + 12345678);
		if (day * DAY_MS > INT64_C(-62167219200000) && day * DAY_MS < INT64_C(253402200000000)) {
			assert_int_equal(rfc3339_parse(text, &back), OK);
			assert_true(back == day * DAY_MS + 12345678);
		}
	}
}

static void parsing(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01t00:00:00z", 0 },
		{ "2026-11-23T13:30:00.123+04:00", INT64_C(1795426200123) },
		{ "2026-11-23T04:30:00.123-05:00", INT64_C(1795426200123) },
		{ "1970-01-01T00:00:00.1234567Z", 123 },
		{ "1970-01-01T00:00:00.5Z", 500 },
		{ "2000-02-29T00:00:00Z", INT64_C(951782400000) },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms = -7;

		assert_int_equal(rfc3339_parse(rows[i].text, &ms), OK);
		assert_true(ms == rows[i].ms);
	}
}

static void refusing(void **state)
{
	static const char *const rows[] = {
		"",
		"2026",
		"2026-11-23",
		"2026-11-23 09:30:00Z",
		"2026-11-23T09:30:00",
		"2026-11-23T09:30Z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:60Z",
		"2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+0400",
		"2026-01-01T00:00:00Zx",
		"26-01-01T00:00:00Z",
		"+026-01-01T00:00:00Z",
		" 2026-01-01T00:00:00Z",
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms = -7;

		if (rfc3339_parse(rows[i], &ms) != ERR_INVALID || ms != -7)
			fail_msg("accepted: %s", rows[i]);
	}
}

static void clocks(void **state)
{
	int64_t before = (int64_t)time(NULL) * 1000, us = monotonic_us();

	/* main() moved the clock by a day. */
	assert_in_range(now_ms() - DAY_MS - before, 0, 5000);
	assert_true(monotonic_us() >= us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formatting),
		cmocka_unit_test(every_day_comes_back),
		cmocka_unit_test(parsing),
		cmocka_unit_test(refusing),
		cmocka_unit_test(clocks),
	};

	setenv("SULH_NOW_OFFSET_MS", "86400000", 1);
	return cmocka_run_group_tests_name("clockwork", tests, NULL, NULL);
}
