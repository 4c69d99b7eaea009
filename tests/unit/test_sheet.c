/* Comma-separated values: what is written comes back, formulas are disarmed, foreign habits are read, nonsense has a
 * line. */
#include "base/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static void reads(void **state)
{
	/* Cells joined by "|", rows by "/". */
	static const struct {
		const char *text, *cells;
		enum err err;
		const char *field;
	} rows[] = {
		{ "", "", OK, "" },
		{ "a,b\n1,2\n", "a|b/1|2", OK, "" },
		{ "\xef\xbb\xbf"
		  "a;b\r\n1,5;2",
		    "a|b/1,5|2", OK, "" },
		{ "a,b\r1,2", "a|b/1|2", OK, "" },
		{ "\"a,b\",\"c\"\"d\"\n", "a,b|c\"d", OK, "" },
		{ "\"two\nlines\",x\n\ny,\n", "two\nlines|x/y|", OK, "" },
		{ "'=1+1,'tis,'-5", "=1+1|'tis|-5", OK, "" },
		{ "\"a\"b,c", "ab|c", OK, "" },
		{ ",,\n , \n", " | ", OK, "" },
		{ "a\nb\n\"c\nd", "", ERR_INVALID, "line 3" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sheet_row *row;
		struct fault fault = { 0 };
		size_t n = 0;
		char *all = arena_strdup(arena, "");
		enum err e = sheet_parse(arena, rows[i].text, strlen(rows[i].text), &row, &n, &fault);
		for (size_t r = 0; !e && r < n; r++)
			for (size_t c = 0; c < row[r].cells; c++)
				all = arena_printf(arena, "%s%s%s", all, c ? "|" : r ? "/" : "", row[r].cell[c]);
		if (e != rows[i].err || strcmp(all, rows[i].cells) || strcmp(fault.field, rows[i].field))
			fail_msg("row %zu: %d “%s” %s", i, e, all, fault.field);
	}
}

static void counts_lines(void **state)
{
	static const char text[] = "head\n\"a\nb\nc\"\n\nlast";
	const struct sheet_row *row;
	size_t n;
	(void)state;
	assert_int_equal(sheet_parse(arena, text, strlen(text), &row, &n, NULL), OK);
	assert_int_equal(n, 3);
	assert_int_equal(row[1].line, 2);
	assert_int_equal(row[2].line, 6);
	assert_int_equal(sheet_parse(arena, "a\0b", 3, &row, &n, NULL), ERR_INVALID);
}

static void what_is_written_comes_back(void **state)
{
	static const char *const cell[] = { "plain", "", "with, comma", "with; both", "\"quoted\"", "=SUM(A1)", "-5",
		"+1", "@x", "\tx", "two\nlines", " blank", "Əliyeva", "علی" };
	const size_t cells = sizeof(cell) / sizeof(cell[0]);
	struct buf out = BUF_INIT(4096);
	const struct sheet_row *row;
	size_t n;
	(void)state;
	assert_int_equal(sheet_begin(&out), OK);
	assert_int_equal(sheet_row(&out, cell, cells), OK);
	assert_non_null(strstr(out.data, "\"'=SUM(A1)\"")); /* trap 15 */
	assert_int_equal(sheet_parse(arena, out.data, out.len, &row, &n, NULL), OK);
	assert_int_equal(n, 1);
	assert_int_equal(row[0].cells, cells);
	for (size_t i = 0; i < cells; i++)
		assert_string_equal(row[0].cell[i], cell[i]);
	buf_done(&out);
}

static int begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),
		cmocka_unit_test(counts_lines),
		cmocka_unit_test(what_is_written_comes_back),
	};
	return cmocka_run_group_tests_name("sheet", tests, begin, end);
}
