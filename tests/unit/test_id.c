/* UUIDs, codes from paper, hex and base64url: forms accepted and refused. */
#include "base/id.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void uuids(void **state)
{
	char last[UUID_TEXT] = "", id[UUID_TEXT];

	for (int i = 0; i < 2000; i++) {
		uuid7(id, INT64_C(0x017f22e279b0));
		assert_true(uuid_valid(id));
		assert_memory_equal(id, "017f22e2-79b0-7", 15); /* the moment of RFC 9562, appendix A.6 */
		assert_true(strcmp(last, id) < 0);              /* made later, sorted later */
		memcpy(last, id, sizeof(last));
	}
	uuid7(id, INT64_C(0x017f22e279b1));
	assert_true(strcmp(last, id) < 0);
}

static void uuid_forms(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} rows[] = {
		{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true },
		{ "c232ab00-9414-11ec-b3c8-9f6bdeced846", true },
		{ "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", false },
		{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398", false },
		{ "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", false },
		{ "017f22e279b07cc398c4dc0c0c07398f", false },
		{ "017f22e2-79b0-7cc3-c8c4-dc0c0c07398f", false }, /* variant */
		{ "017f22e2-79b0-0cc3-98c4-dc0c0c07398f", false }, /* version */
		{ "00000000-0000-0000-0000-000000000000", false },
		{ "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (uuid_valid(rows[i].text) != rows[i].valid)
			fail_msg("%s", rows[i].text);
}

static void codes(void **state)
{
	static const struct {
		uint8_t bytes[10];
		const char *text;
	} rows[] = {
		{ { 0 }, "0000-0000-0000-0000" },
		{ { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 }, "ZZZZ-ZZZZ-ZZZZ-ZZZZ" },
		/* 0, 1, 2 … 15, five bits each */
		{ { 0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf }, "0123-4567-89AB-CDEF" },
		{ { 0x84, 0x65, 0x3a, 0x56, 0xd7, 0xc6, 0x75, 0xbe, 0x77, 0xdf }, "GHJK-MNPQ-RSTV-WXYZ" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[CODE_TEXT];

		code_from_bytes(text, rows[i].bytes);
		assert_string_equal(text, rows[i].text);
	}
}

static void typed_codes(void **state)
{
	static const struct {
		const char *typed, *code; /* NULL: cannot be one */
	} rows[] = {
		{ "0123-4567-89AB-CDEF", "0123-4567-89AB-CDEF" },
		{ " o123 4567\t89ab-cdef\n", "0123-4567-89AB-CDEF" },
		{ "OiLl456789ABCDEF", "0111-4567-89AB-CDEF" },
		{ "0123-4567-89AB-CDE", NULL },
		{ "0123-4567-89AB-CDEF0", NULL },
		{ "0123-4567-89AB-CDEU", NULL },
		{ "0123-4567-89AB-CDE\xc3\xa9", NULL },
		{ "", NULL },
		{ "----", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char code[CODE_TEXT] = "untouched";

		assert_int_equal(code_normalise(code, rows[i].typed), rows[i].code != NULL);
		assert_string_equal(code, rows[i].code ? rows[i].code : "untouched");
	}
}

static void hex(void **state)
{
	static const char *const wrong[] = { "", "00", "00ff7", "00ff7f0", "00ff7f00", "00ff7g", "00 ff7" };
	uint8_t bytes[3] = { 0, 255, 0x7f }, back[3];
	char text[7];

	hex_encode(text, bytes, 3);
	assert_string_equal(text, "00ff7f");
	assert_true(hex_decode(back, 3, "00FF7f"));
	assert_memory_equal(back, bytes, 3);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(hex_decode(back, 3, wrong[i]));
	assert_true(hex_decode(back, 0, ""));
}

static void base64url_vectors(void **state)
{
	/* RFC 4648 section 10 without padding, and its two own letters. */
	static const struct {
		const char *plain, *text;
	} rows[] = {
		{ "", "" },
		{ "f", "Zg" },
		{ "fo", "Zm8" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg" },
		{ "fooba", "Zm9vYmE" },
		{ "foobar", "Zm9vYmFy" },
		{ "\xfb\xff", "-_8" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t len = strlen(rows[i].plain), back_len = 99;
		char text[16], back[16];

		base64url_encode(text, rows[i].plain, len);
		assert_string_equal(text, rows[i].text);
		assert_int_equal(base64url_size(len), strlen(text) + 1);
		assert_int_equal(base64url_decode(text, strlen(text), back, len, &back_len), OK);
		assert_int_equal(back_len, len);
		assert_memory_equal(back, rows[i].plain, len);
	}
}

static void base64url_refusals(void **state)
{
	static const struct {
		const char *text;
		enum err e;
	} rows[] = {
		{ "Zg==", ERR_INVALID },
		{ "Z", ERR_INVALID },
		{ "Zh", ERR_INVALID },  /* stray bits */
		{ "Zm9", ERR_INVALID }, /* stray bits */
		{ "Zm9+", ERR_INVALID },
		{ "Zm9/", ERR_INVALID },
		{ "Zm 9", ERR_INVALID },
		{ "Zm9\n", ERR_INVALID },
		{ "AAAAAAAAAAAA", ERR_TOO_LARGE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char out[8];
		size_t len = 99;

		if (base64url_decode(rows[i].text, strlen(rows[i].text), out, sizeof(out), &len) != rows[i].e ||
		    len != 99)
			fail_msg("%s", rows[i].text);
	}
	assert_int_equal(base64url_decode("Zm\0v", 4, (char[8]) { 0 }, 8, &(size_t) { 0 }), ERR_INVALID);
}

static void randomness(void **state)
{
	uint8_t a[64] = { 0 }, b[64] = { 0 };

	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uuids),
		cmocka_unit_test(uuid_forms),
		cmocka_unit_test(codes),
		cmocka_unit_test(typed_codes),
		cmocka_unit_test(hex),
		cmocka_unit_test(base64url_vectors),
		cmocka_unit_test(base64url_refusals),
		cmocka_unit_test(randomness),
	};

	return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
