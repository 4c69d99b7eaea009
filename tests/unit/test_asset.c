/* Finding in a table of our own: exact names, ranges, both ends. */
#include "base/asset.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROW(path_)                                                                                                     \
	{                                                                                                              \
		path_, (const unsigned char *)"x", 1, NULL, 0, "00"                                                    \
	}

const struct asset asset_table[] = {
	ROW("a"),
	ROW("b/1"),
	ROW("b/2"),
	ROW("b/2/x"),
	ROW("b0"),
	ROW("c"),
};
const size_t asset_count = ARRAY_LEN(asset_table);

static void finding(void **state)
{
	static const char *const absent[] = { "", "A", "aa", "b", "b/", "b/3", "b/2/", "d", "\xff" };

	for (size_t i = 0; i < asset_count; i++)
		assert_ptr_equal(asset_find(asset_table[i].path), &asset_table[i]);
	for (size_t i = 0; i < ARRAY_LEN(absent); i++)
		assert_null(asset_find(absent[i]));
}

static void ranges(void **state)
{
	static const struct {
		const char *prefix;
		int first;
		size_t count;
	} rows[] = {
		{ "", 0, 6 },
		{ "a", 0, 1 },
		{ "b/", 1, 3 },
		{ "b", 1, 4 },
		{ "b/2", 2, 2 },
		{ "c", 5, 1 },
		{ "d", -1, 0 },
		{ "B", -1, 0 },
		{ "b/2/xy", -1, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t count = 99;
		const struct asset *first = asset_prefix(rows[i].prefix, &count);

		assert_int_equal(count, rows[i].count);
		assert_ptr_equal(first, rows[i].first < 0 ? NULL : &asset_table[rows[i].first]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finding),
		cmocka_unit_test(ranges),
	};

	return cmocka_run_group_tests_name("asset", tests, NULL, NULL);
}
