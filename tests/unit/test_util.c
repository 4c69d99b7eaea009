/* Copying that cuts at a character, and what counts as UTF-8. */
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void copying(void **state)
{
	static const struct {
		const char *in;
		size_t room;
		const char *out;
		bool whole;
	} rows[] = {
		{ "abc", 4, "abc", true },
		{ "abc", 3, "ab", false },
		{ "", 1, "", true },
		{ "a\xc3\xa9", 4, "a\xc3\xa9", true },
		{ "a\xc3\xa9", 3, "a", false },
		{ "\xd8\xb5\xd9\x84\xd8\xad", 6, "\xd8\xb5\xd9\x84", false },
		{ "\xf0\x9f\x98\x80", 4, "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char out[16] = "untouched";

		assert_int_equal(copy_text(out, rows[i].room, rows[i].in), rows[i].whole);
		assert_string_equal(out, rows[i].out);
	}
}

static void copying_into_nothing(void **state)
{
	char out = 'x';

	assert_false(copy_text(&out, 0, "a"));
	assert_int_equal(out, 'x');
}

static void validity(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} rows[] = {
		{ "", true },
		{ "plain", true },
		{ "\xd8\xb5\xd9\x84\xd8\xad", true },
		{ "\xf0\x9f\x98\x80", true },
		{ "\xf4\x8f\xbf\xbf", true },
		{ "\xed\x9f\xbf", true },
		{ "\xee\x80\x80", true },
		{ "\x80", false },             /* continuation alone */
		{ "\xc3", false },             /* cut */
		{ "\xc0\xaf", false },         /* overlong slash */
		{ "\xe0\x80\xaf", false },     /* overlong slash */
		{ "\xed\xa0\x80", false },     /* surrogate */
		{ "\xf4\x90\x80\x80", false }, /* past U+10FFFF */
		{ "\xf5\x80\x80\x80", false },
		{ "\xff", false },
		{ "a\xe2\x82", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (utf8_valid(rows[i].text, strlen(rows[i].text)) != rows[i].valid)
			fail_msg("row %zu", i);
	assert_true(utf8_valid("a\0b", 3));
}

static void length(void **state)
{
	assert_int_equal(utf8_length(""), 0);
	assert_int_equal(utf8_length("s\xc3\xbclh"), 4);
	assert_int_equal(utf8_length("\xf0\x9f\x98\x80"), 1);
}

static char *handed_over(void)
{
	CLEANUP(free_ptr) char *text = strdup("kept");

	return take(&text);
}

static void handing_over(void **state)
{
	CLEANUP(free_ptr) char *text = handed_over();

	assert_string_equal(text, "kept");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copying),
		cmocka_unit_test(copying_into_nothing),
		cmocka_unit_test(validity),
		cmocka_unit_test(length),
		cmocka_unit_test(handing_over),
	};

	return cmocka_run_group_tests_name("util", tests, NULL, NULL);
}
