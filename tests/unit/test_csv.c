/* Cells that a spreadsheet could take for a formula are neutralised (trap 15); the rest is RFC 4180. */
#include "casework/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_cell(void **state)
{
	static const struct {
		const char *text, *cell;
	} cells[] = {
		{ NULL, "" },
		{ "", "" },
		{ "plain", "plain" },
		{ "Əliyeva", "Əliyeva" },
		{ "a,b", "\"a,b\"" },
		{ "say \"yes\"", "\"say \"\"yes\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "\"'=1+1\"" },
		{ "+994501234567", "\"'+994501234567\"" },
		{ "-2", "\"'-2\"" },
		{ "@SUM(A1)", "\"'@SUM(A1)\"" },
		{ "\t=1", "\"'\t=1\"" },
		{ "\r=1", "\"'\r=1\"" },
		{ "\n=1", "\"'\n=1\"" },
		{ " =1", "\"' =1\"" },
		{ "\"=1", "\"'\"\"=1\"" },
		{ "＝1", "\"'＝1\"" },
		{ "＠x", "\"'＠x\"" },
		{ "a=1", "a=1" },
		{ "AZ-2026-7", "AZ-2026-7" },
	};
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct buf out = BUF_INIT(1000);
		assert_int_equal(csv_cell(&out, cells[i].text, true), OK);
		assert_string_equal(out.data ? out.data : "", cells[i].cell);
		buf_done(&out);
	}
}

static void a_table(void **state)
{
	struct buf out = BUF_INIT(1000);
	assert_int_equal(csv_begin(&out), OK);
	assert_int_equal(csv_cell(&out, "", true), OK);
	assert_int_equal(csv_cell(&out, "x", false), OK);
	assert_int_equal(csv_cell(&out, NULL, false), OK);
	assert_int_equal(csv_end_row(&out), OK);
	assert_string_equal(out.data, "\xEF\xBB\xBF,x,\r\n");
	buf_done(&out);
}

static void a_limit_is_kept(void **state)
{
	struct buf out = BUF_INIT(4);
	assert_int_equal(csv_cell(&out, "=12345", true), ERR_TOO_LARGE);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_cell),
		cmocka_unit_test(a_table),
		cmocka_unit_test(a_limit_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
