/* Growth, the limit to the byte, and the terminator. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void grows_and_terminates(void **state)
{
	struct buf b = BUF_INIT(100000);

	for (int i = 0; i < 10000; i++)
		assert_int_equal(buf_printf(&b, "%d", i % 10), OK);
	assert_int_equal(b.len, 10000);
	assert_int_equal(strlen(b.data), 10000);
	assert_int_equal(b.data[9999], '9');
	buf_done(&b);
	assert_null(b.data);
}

static void limit_to_the_byte(void **state)
{
	struct buf b = BUF_INIT(10);

	assert_int_equal(buf_puts(&b, "12345"), OK);
	assert_int_equal(buf_puts(&b, "678901"), ERR_TOO_LARGE);
	assert_string_equal(b.data, "12345");
	assert_int_equal(buf_printf(&b, "%s", "67890"), OK);
	assert_int_equal(buf_putc(&b, 'x'), ERR_TOO_LARGE);
	assert_int_equal(buf_add(&b, "", 0), OK);
	assert_int_equal(buf_add(&b, "x", SIZE_MAX), ERR_TOO_LARGE);
	assert_string_equal(b.data, "1234567890");
	buf_done(&b);
}

static void bytes_with_zero(void **state)
{
	struct buf b = BUF_INIT(10);

	assert_int_equal(buf_add(&b, "a\0b", 3), OK);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "a\0b", 4);
	buf_done(&b);
}

static void reset_keeps_memory(void **state)
{
	struct buf b = BUF_INIT(10);

	buf_reset(&b);
	assert_int_equal(buf_puts(&b, "abc"), OK);
	buf_reset(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	buf_done(&b);
}

static void taking(void **state)
{
	struct buf b = BUF_INIT(10);
	char *nothing = buf_take(&b), *text;

	assert_string_equal(nothing, "");
	assert_int_equal(buf_puts(&b, "abc"), OK);
	text = buf_take(&b);
	assert_string_equal(text, "abc");
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	free(nothing);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_terminates),
		cmocka_unit_test(limit_to_the_byte),
		cmocka_unit_test(bytes_with_zero),
		cmocka_unit_test(reset_keeps_memory),
		cmocka_unit_test(taking),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
