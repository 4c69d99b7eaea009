/* Case numbers: patterns taken and refused, numbers written and read back. */
#include "office/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static void checks_patterns(void **state)
{
	static const struct {
		const char *pattern;
		enum err err;
	} rows[] = {
		{ "WMS-{year}-{seq:6}", OK },
		{ "{seq}.{year}", OK },
		{ "A1-{year}-{seq:12}", OK },
		{ "", ERR_INVALID },
		{ "WMS-{seq}", ERR_INVALID },
		{ "WMS-{year}", ERR_INVALID },
		{ "{year}{seq}", ERR_INVALID },
		{ "7{year}-{seq}", ERR_INVALID },
		{ "{year}-{seq}7", ERR_INVALID },
		{ "{year}-{year}-{seq}", ERR_INVALID },
		{ "WMS/{year}/{seq}", ERR_INVALID },
		{ "wms-{year}-{seq}", ERR_INVALID },
		{ "WMS-{year}-{seq:0}", ERR_INVALID },
		{ "WMS-{year}-{seq:13}", ERR_INVALID },
		{ "WMS-{year}-{seq:99999999999999999999}", ERR_INVALID },
		{ "WMS-{year}-{seq:6", ERR_INVALID },
		{ "WMS-{month}-{year}-{seq}", ERR_INVALID },
		{ "Ş-{year}-{seq}", ERR_INVALID },
		{ "ABCDEFGHIJKLMNOP-{year}-{seq}", ERR_TOO_LARGE },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct fault fault = { 0 };

		if (number_check(rows[i].pattern, &fault) != rows[i].err)
			fail_msg("%s", rows[i].pattern);
		assert_int_equal(fault.key == NULL, rows[i].err == OK);
	}
}

static void writes_and_reads_back(void **state)
{
	static const struct {
		const char *pattern;
		int year;
		int64_t seq;
		const char *number;
	} rows[] = {
		{ "WMS-{year}-{seq:6}", 2026, 123, "WMS-2026-000123" },
		{ "WMS-{year}-{seq:6}", 2026, 999999, "WMS-2026-999999" },
		{ "WMS-{year}-{seq:6}", 2026, 1000000, "WMS-2026-1000000" },
		{ "{seq}.{year}", 2026, 1, "1.2026" },
		{ "X-{year}-{seq:12}", 1, 999999999999999999, "X-0001-999999999999999999" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char number[NUMBER_TEXT];
		int64_t seq;
		int year;

		assert_int_equal(number_format(rows[i].pattern, rows[i].year, rows[i].seq, number), OK);
		assert_string_equal(number, rows[i].number);
		assert_int_equal(number_parse(rows[i].pattern, number, &year, &seq), OK);
		assert_int_equal(year, rows[i].year);
		assert_int_equal(seq, rows[i].seq);
	}
}

static void reads_what_people_type(void **state)
{
	static const char *const good[] = { "WMS-2026-000123", "wms-2026-123", "  Wms-2026-0123 " };
	static const char *const bad[] = { "", "WMS", "WMS-2026", "WMS-2026-", "WMS-2026-12x", "WMS-2026-000000",
		"IHM-2026-000123", "WMS-02026-123", "WMS-2026-1234567890123456789", "WMS-2026- 123", "WMS-0000-123" };
	int64_t seq;
	int year;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		assert_int_equal(number_parse("WMS-{year}-{seq:6}", good[i], &year, &seq), OK);
		assert_true(year == 2026 && seq == 123);
	}
	for (size_t i = 0; i < LEN(bad); i++)
		if (number_parse("WMS-{year}-{seq:6}", bad[i], &year, &seq) != ERR_INVALID)
			fail_msg("“%s” was taken", bad[i]);
}

static void refuses_impossible_parts(void **state)
{
	char number[NUMBER_TEXT] = "before";

	(void)state;
	assert_int_equal(number_format("WMS-{year}-{seq:6}", 2026, 0, number), ERR_INVALID);
	assert_int_equal(number_format("WMS-{year}-{seq:6}", 2026, INT64_MIN, number), ERR_INVALID);
	assert_int_equal(number_format("WMS-{year}-{seq:6}", 10000, 1, number), ERR_INVALID);
	assert_string_equal(number, "before");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_patterns),
		cmocka_unit_test(writes_and_reads_back),
		cmocka_unit_test(reads_what_people_type),
		cmocka_unit_test(refuses_impossible_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
