/* Lines of values by their pointers, in neat files, dense ones, broken ones, and the profiles that come with us. */
#include "office/json_lines.h"

#include "base/asset.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char neat[] = "{\n"                                          /* 1 */
			   "\t\"bodies\": [\n"                            /* 2 */
			   "\t\t{ \"key\": \"a\",\n"                      /* 3 */
			   "\t\t  \"name\": { \"en\": \"x, ] } \\\"\",\n" /* 4 */
			   "\t\t    \"ur\": \"y\" } },\n"                 /* 5 */
			   "\t\t{\n"                                      /* 6 */
			   "\t\t\t\"key\":\n"                             /* 7 */
			   "\t\t\t\t\"b\"\n"                              /* 8 */
			   "\t\t}, 17,\n"                                 /* 9 */
			   "\t\tnull\n"                                   /* 10 */
			   "\t],\n"                                       /* 11 */
			   "\t\"a/b\": [],\n"                             /* 12 */
			   "\t\"\": { }\n"                                /* 13 */
			   "}\n";

static void finds_lines(void **state)
{
	static const struct {
		const char *pointer;
		size_t line;
	} rows[] = {
		{ "", 1 },
		{ "/bodies", 2 },
		{ "/bodies/0", 3 },
		{ "/bodies/0/key", 3 },
		{ "/bodies/0/name/en", 4 },
		{ "/bodies/0/name/ur", 5 },
		{ "/bodies/0/name/ru", 4 }, /* missing: the object that lacks it */
		{ "/bodies/1", 6 },
		{ "/bodies/1/key", 7 }, /* the name, not the value */
		{ "/bodies/1/key/deeper", 7 },
		{ "/bodies/2", 9 },
		{ "/bodies/3", 10 },
		{ "/bodies/4", 2 },
		{ "/bodies/x", 2 },
		{ "/bodies/99999999999", 2 },
		{ "/a~1b", 12 },
		{ "/a/b", 1 },
		{ "/", 13 },
		{ "/nothing", 1 },
		{ "bodies", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t line = json_line(neat, strlen(neat), rows[i].pointer);

		if (line != rows[i].line)
			fail_msg("%s is said to be on line %zu", rows[i].pointer, line);
	}
}

static void survives_what_is_no_json(void **state)
{
	static const char *const texts[] = { "", "\n\n", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "[", "[1", "[1,",
		"[[", "{\"a\":\"\\", "}", "]", ",,,", "\"", "{\"a\":1 \"b\":2}" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t cut = 0; cut <= strlen(texts[i]); cut++) {
			assert_true(json_line(texts[i], cut, "/a/0/b") >= 1);
			assert_true(json_line(texts[i], cut, "/0/1") >= 1);
		}
}

/* In a text with one value a line, every value is on the line where its own text stands. */
static void agrees_with_a_second_count(void **state)
{
	struct buf text = BUF_INIT(1 << 20);
	char pointer[64];

	(void)state;
	assert_int_equal(buf_puts(&text, "{ \"rows\": [\n"), OK);
	for (int i = 0; i < 500; i++)
		assert_int_equal(buf_printf(&text, "{ \"n\": [%d, { \"x\": \"]}\" }],\n\"m\": %d },\n", i, i), OK);
	assert_int_equal(buf_puts(&text, "0 ] }"), OK);
	for (size_t i = 0; i < 500; i++) {
		snprintf(pointer, sizeof(pointer), "/rows/%zu/n/1/x", i);
		assert_int_equal(json_line(text.data, text.len, pointer), 2 + 2 * i);
		snprintf(pointer, sizeof(pointer), "/rows/%zu/m", i);
		assert_int_equal(json_line(text.data, text.len, pointer), 3 + 2 * i);
	}
	buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_lines),
		cmocka_unit_test(survives_what_is_no_json),
		cmocka_unit_test(agrees_with_a_second_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
