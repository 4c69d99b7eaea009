/* Languages, negotiation, messages, plurals and text as it is stored; with small catalogues of its own. */
#include "text/text.h"

#include "../lib/mo.h"
#include "base/asset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static unsigned char az[1024], ru[1024];
const struct asset asset_table[] = {
	{ "locales/az.mo", az, sizeof(az), NULL, 0, "" },
	{ "locales/ru.mo", ru, sizeof(ru), NULL, 0, "" },
};
const size_t asset_count = LEN(asset_table);

static struct arena *arena;

static int begin(void **state)
{
	static const struct mo_pair az_pairs[] = {
		{ "Send", "Göndər" },
		{ "Write at most {limit} characters.", "Ən çox {limit} işarə yazın." },
		{ "status\004Open", "Açıq" },
		{ "{n} file\0{n} files", "{n} fayl\0{n} fayl!", 17, 18 },
	};
	static const struct mo_pair ru_pairs[] = {
		{ "{n} file\0{n} files", "{n} файл\0{n} файла\0{n} файлов", 17, 44 },
	};

	(void)state;
	mo_build(az, sizeof(az), az_pairs, LEN(az_pairs));
	mo_build(ru, sizeof(ru), ru_pairs, LEN(ru_pairs));
	text_init();
	arena = arena_new(0);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void parses_languages(void **state)
{
	static const struct {
		const char *code;
		int expected; /* -1: none */
	} cases[] = {
		{ "az", LANG_AZ },
		{ "AZ", LANG_AZ },
		{ "ur-PK", LANG_UR },
		{ "ru_RU", LANG_RU },
		{ "en-GB-oed", LANG_EN },
		{ "urd", -1 },
		{ "u", -1 },
		{ "", -1 },
		{ "-", -1 },
		{ "de", -1 },
		{ NULL, -1 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		enum lang lang = LANG_MAX;
		assert_int_equal(lang_parse(cases[i].code, &lang), cases[i].expected >= 0);
		assert_int_equal(lang, cases[i].expected >= 0 ? cases[i].expected : LANG_MAX);
	}
	assert_true(lang_rtl(LANG_UR));
	assert_false(lang_rtl(LANG_AZ));
}

static void negotiates(void **state)
{
	static const struct {
		const char *header;
		enum lang expected; /* when English is our own */
	} cases[] = {
		{ NULL, LANG_EN },
		{ "", LANG_EN },
		{ "ur", LANG_UR },
		{ "az-AZ,az;q=0.9,en;q=0.8", LANG_AZ },
		{ "de, ru;q=0.4, az;q=0.5", LANG_AZ },
		{ "ru;q=0.5, az;q=0.5", LANG_RU },
		{ "de,*;q=0.5", LANG_EN },
		{ "ur;q=0.3, *;q=0.5", LANG_EN },
		{ "ur;q=0.7, *;q=0.5", LANG_UR },
		{ "en;q=0.1, ur;q=0.3, *;q=0.5", LANG_UR },
		{ "ur;q=0", LANG_EN },
		{ "ur;q=0, ru;q=0.001", LANG_RU },
		{ " ru ; q=0.8 ,\taz ; q=1.000", LANG_AZ },
		{ "ru;q=0.5, ur;q=1.5", LANG_RU },
		{ "ru;q=0.5, ur;q=0.1234", LANG_RU },
		{ "ru;q=, ur;q=x, az;q=0.2", LANG_AZ },
		{ "ru;level=1, az;q=0.2", LANG_AZ },
		{ ",,;,;q=1,,ur", LANG_UR },
		{ "az;q=1.001,ur;q=0.1", LANG_UR },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		if (lang_negotiate(cases[i].header, LANG_EN) != cases[i].expected)
			fail_msg("%s", cases[i].header);
}

static void gets_and_falls_back(void **state)
{
	(void)state;
	assert_string_equal(text_get(LANG_AZ, "Send"), "Göndər");
	assert_string_equal(text_get(LANG_UR, "Send"), "Send");
	assert_string_equal(text_get(LANG_AZ, ""), "");
	assert_string_equal(text_get_context(LANG_AZ, "status", "Open"), "Açıq");
	assert_string_equal(text_get_context(LANG_AZ, "menu", "Open"), "Open");
	assert_string_equal(text_get(LANG_AZ, "Open"), "Open");
}

static void formats(void **state)
{
	(void)state;
	assert_string_equal(text_format(arena, LANG_AZ, "Write at most {limit} characters.", "limit", "20", NULL),
	    "Ən çox 20 işarə yazın.");
	/* A value is text, never a template: what looks like a name in it stays. */
	assert_string_equal(
	    text_format(arena, LANG_EN, "{a} {b} {c} {{a}} {", "a", "{b}", "b", "2", NULL), "{b} 2 {c} {{b}} {");
	assert_string_equal(text_format(arena, LANG_EN, "By {a}.", "a", "1 мая 2026 г.", NULL), "By 1 мая 2026 г.");
	assert_string_equal(text_format(arena, LANG_EN, "By {a}...", "a", "g.", NULL), "By g....");
	assert_string_equal(text_format(arena, LANG_EN, "{a}{aa}", "aa", "x", "a", NULL, NULL), "x");
}

static void chooses_plural_forms(void **state)
{
	static const struct {
		enum lang lang;
		int64_t n;
		const char *expected;
	} cases[] = {
		{ LANG_AZ, 1, "1 fayl" },
		{ LANG_AZ, 0, "0 fayl!" },
		{ LANG_AZ, 21, "21 fayl!" },
		{ LANG_EN, 1, "1 file" },
		{ LANG_EN, 0, "0 files" },
		{ LANG_UR, 1, "1 file" },
		{ LANG_UR, 2, "2 files" },
		{ LANG_RU, 1, "1 файл" },
		{ LANG_RU, 21, "21 файл" },
		{ LANG_RU, 11, "11 файлов" },
		{ LANG_RU, 111, "111 файлов" },
		{ LANG_RU, 2, "2 файла" },
		{ LANG_RU, 24, "24 файла" },
		{ LANG_RU, 12, "12 файлов" },
		{ LANG_RU, 0, "0 файлов" },
		{ LANG_RU, 5, "5 файлов" },
		{ LANG_RU, INT64_MAX, "9\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0807 файлов" },
		{ LANG_RU, 9007199254741001, "9\u00a0007\u00a0199\u00a0254\u00a0741\u00a0001 файл" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_string_equal(
		    text_plural(arena, cases[i].lang, "{n} file", "{n} files", cases[i].n), cases[i].expected);
}

static void puts_faults_into_words(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	enum err err =
	    fault_set(&fault, ERR_TOO_LARGE, "facts", "Write at most {limit} characters.", "limit", "9", NULL);
	assert_int_equal(err, ERR_TOO_LARGE);
	assert_string_equal(text_fault(arena, LANG_AZ, &fault), "Ən çox 9 işarə yazın.");
	fault.key = NULL;
	assert_string_equal(text_fault(arena, LANG_EN, &fault), err_sentence(ERR_TOO_LARGE));
	/* A state is told as people know it, never by its key. */
	fault_set(&fault, ERR_CONFLICT, NULL, "Not in the state {state}.", "state", "Send", NULL);
	assert_string_equal(text_fault(arena, LANG_AZ, &fault), "Not in the state Göndər.");
}

static void stores_text_clean(void **state)
{
	static const struct {
		const char *in, *expected;
	} cases[] = {
		{ "", "" },
		{ " \t\n ", "" },
		{ "  plain text \n", "plain text" },
		{ "a\r\nb\rc\nd\te", "a\nb\nc\nd\te" },
		{ "a\x01\x7f\x1b[0mb", "a[0mb" },
		{ "e\u0301", "\u00e9" },
		{ "ب\u0654", "ب\u0654" },
		{ "ي\u0654", "ئ" },
		{ "\u00a0x\u3000", "x" },
		{ "\u00a0\u3000", "" },
		{ "fdp\u202e.exe\u202c", "fdp.exe" },
		{ "\u2067اردو\u2069 \u200fx\u200e", "\u2067اردو\u2069 \u200fx\u200e" },
		{ "می\u200cخواهم", "می\u200cخواهم" },
		{ "\ufeffx\xc2\x85y\u2028z", "x\ny\nz" },
		{ "a\xff\xc3", "a\ufffd\ufffd" },
		{ "\xed\xa0\x80", "\ufffd\ufffd\ufffd" },
		{ "😀\ufdd0", "😀" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_string_equal(text_nfc(arena, cases[i].in), cases[i].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parses_languages),
		cmocka_unit_test(negotiates),
		cmocka_unit_test(gets_and_falls_back),
		cmocka_unit_test(formats),
		cmocka_unit_test(chooses_plural_forms),
		cmocka_unit_test(puts_faults_into_words),
		cmocka_unit_test(stores_text_clean),
	};

	return cmocka_run_group_tests_name("text", tests, begin, end);
}
