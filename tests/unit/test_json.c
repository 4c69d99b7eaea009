/* Foreign text refused where it must be, wrong types harmless, and the canonical form of RFC 8785. */
#include "base/json.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static json_t *parsed(const char *text)
{
	json_t *json = NULL;

	assert_int_equal(json_parse(text, strlen(text), JSON_TEXT_LIMIT, &json, NULL), OK);
	return json;
}

static void refusing(void **state)
{
	static const struct {
		const char *text;
		enum err e;
	} rows[] = {
		{ "", ERR_INVALID },
		{ "{", ERR_INVALID },
		{ "{} {}", ERR_INVALID },
		{ "{\"a\":1,\"a\":2}", ERR_INVALID },
		{ "{\"a\":1,\"\\u0061\":2}", ERR_INVALID },
		{ "\"\xff\"", ERR_INVALID },
		{ "\"\\ud800\"", ERR_INVALID },
		{ "\"\\u0000\"", ERR_INVALID },
		{ "01", ERR_INVALID },
		{ "99999999999999999999", ERR_INVALID },
		{ "[1,]", ERR_INVALID },
		{ "NaN", ERR_INVALID },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", OK },
		{ "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", ERR_TOO_LARGE },
		{ "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[ \\\"[[\"", OK },
		{ "7", OK },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		json_t *json = NULL;
		enum err e = json_parse(rows[i].text, strlen(rows[i].text), JSON_TEXT_LIMIT, &json, &fault);

		if (e != rows[i].e || (json != NULL) != (e == OK) || (e && fault.code != e))
			fail_msg("%s: %d", rows[i].text, e);
		json_decref(json);
	}
}

static void faults_name_the_place(void **state)
{
	struct fault fault;
	json_t *json;

	assert_int_equal(json_parse("{\n \"a\": x}", 10, 100, &json, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "line 2, column 7");
	assert_int_equal(json_parse("[1,2]", 5, 4, &json, &fault), ERR_TOO_LARGE);
	assert_string_equal(fault.arg[0].value, "4");
	assert_int_equal(json_parse("[1]\0", 4, 10, &json, &fault), ERR_INVALID);
}

static void getters(void **state)
{
	json_t *o = parsed("{\"s\":\"x\",\"i\":-5,\"b\":true,\"n\":null,\"r\":1.5,\"o\":{}}");
	static const char *const others[] = { "n", "r", "o", "absent" };

	assert_string_equal(json_str(o, "s"), "x");
	assert_int_equal(json_int_or(o, "i", 7), -5);
	assert_true(json_bool_or(o, "b", false));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		assert_null(json_str(o, others[i]));
		assert_string_equal(json_str_or(o, others[i], "else"), "else");
		assert_int_equal(json_int_or(o, others[i], 7), 7);
		assert_true(json_bool_or(o, others[i], true));
	}
	assert_null(json_str(NULL, "s"));
	assert_int_equal(json_int_or(NULL, "s", 7), 7);
	json_decref(o);
}

static void canonical_forms(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		/* RFC 8785 section 3.2.3: sorted by UTF-16 code units; the smiling face comes before the Hebrew dagesh
		   form. */
		{ "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With "
		  "Dagesh\","
		  "\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
		  "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
		    "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
		    "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
		    "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With "
		    "Dagesh\"}" },
		/* RFC 8785 section 3.2.2, its string and literals (its numbers are reals). */
		{ "{\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
		  "\"literals\":[null, true,\tfalse]}",
		    "{\"literals\":[null,true,false],\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}" },
		{ " { \"b\" : [ ] , \"a\" : { } } ", "{\"a\":{},\"b\":[]}" },
		{ "\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\"", "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\"" },
		{ "{\"aa\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"aa\":1}" },
		{ "[-0,0,9007199254740991,-9007199254740991]", "[0,0,9007199254740991,-9007199254740991]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *json = parsed(rows[i].in), *again;
		char *text = json_canonical_text(json), *twice;

		assert_string_equal(text, rows[i].out);
		again = parsed(text);
		assert_true(json_equal(json, again));
		twice = json_canonical_text(again);
		assert_string_equal(twice, text);
		free(text);
		free(twice);
		json_decref(json);
		json_decref(again);
	}
}

static void canonical_refusals(void **state)
{
	static const char *const rows[] = { "1.0", "[1e2]", "{\"a\":[{\"b\":0.5}]}", "9007199254740992",
		"-9007199254740992" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *json = parsed(rows[i]);
		struct buf b = BUF_INIT(100);

		assert_int_equal(json_canonical(json, &b), ERR_INVALID);
		assert_null(json_canonical_text(json));
		buf_done(&b);
		json_decref(json);
	}
}

static void canonical_respects_the_limit(void **state)
{
	json_t *json = parsed("{\"a\":\"0123456789\"}");
	struct buf b = BUF_INIT(10);

	assert_int_equal(json_canonical(json, &b), ERR_TOO_LARGE);
	buf_done(&b);
	json_decref(json);
}

static void building(void **state)
{
	struct arena *a = arena_new(0);
	json_t *o = json_owned(a, json_object()), *list = json_array();
	char *text;

	json_put_str(o, "s", "x");
	json_put_str(o, "null", NULL);
	json_put_str(o, "mended", "a\xff\xc3\xa9\xe2\x82");
	json_put_int(o, "i", INT64_MIN);
	json_put_bool(o, "b", true);
	json_add(list, json_integer(1));
	json_put(o, "list", list);
	text = json_compact_text(o);
	assert_string_equal(text,
	    "{\"s\":\"x\",\"null\":null,\"mended\":\"a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\","
	    "\"i\":-9223372036854775808,\"b\":true,\"list\":[1]}");
	free(text);
	json_incref(o);
	arena_free(a);
	assert_int_equal(o->refcount, 1);
	json_decref(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusing),
		cmocka_unit_test(faults_name_the_place),
		cmocka_unit_test(getters),
		cmocka_unit_test(canonical_forms),
		cmocka_unit_test(canonical_refusals),
		cmocka_unit_test(canonical_respects_the_limit),
		cmocka_unit_test(building),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
