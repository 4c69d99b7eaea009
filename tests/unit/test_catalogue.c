/* The catalogue reader: look-ups with contexts and plurals, and what it refuses. */
#include "text/catalogue.h"

#include "../lib/mo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct mo_pair pairs[] = {
	{ "", "Language: az\n" },
	{ "Open", "Aç" },
	{ "Send", "Göndər" },
	{ "Untranslated", "" },
	{ "menu\004Open", "Açıq" },
	{ "{n} file\0{n} files", "{n} fayl\0{n} fayllar\0", 17, 21 },
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static unsigned char bytes[1024];
static size_t size;

static int build(void **state)
{
	(void)state;
	size = mo_build(bytes, sizeof(bytes), pairs, PAIRS);
	return 0;
}

static void finds_keys_and_contexts(void **state)
{
	static const struct {
		const char *context, *key, *expected;
	} cases[] = {
		{ NULL, "Open", "Aç" },
		{ "menu", "Open", "Açıq" },
		{ NULL, "Send", "Göndər" },
		{ NULL, "{n} file", "{n} fayl" },
		{ NULL, "Untranslated", NULL },
		{ NULL, "", NULL },
		{ NULL, "Sen", NULL },
		{ NULL, "Sends", NULL },
		{ "men", "Open", NULL },
		{ "menu\004", "Open", NULL },
		{ "", "Open", NULL },
		{ "menu", "", NULL },
		{ NULL, "\xff", NULL },
	};
	struct catalogue c;

	(void)state;
	assert_int_equal(catalogue_open(bytes, size, &c), OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found = catalogue_find(&c, cases[i].context, cases[i].key);
		if (cases[i].expected)
			assert_string_equal(found, cases[i].expected);
		else
			assert_null(found);
	}
}

static void finds_plural_forms(void **state)
{
	struct catalogue c;

	(void)state;
	assert_int_equal(catalogue_open(bytes, size, &c), OK);
	assert_string_equal(catalogue_find_plural(&c, "{n} file", 0), "{n} fayl");
	assert_string_equal(catalogue_find_plural(&c, "{n} file", 1), "{n} fayllar");
	assert_null(catalogue_find_plural(&c, "{n} file", 2)); /* empty */
	assert_null(catalogue_find_plural(&c, "{n} file", 3));
	assert_null(catalogue_find_plural(&c, "{n} file", 4000000000u));
	assert_null(catalogue_find_plural(&c, "Send", 1));
}

static void an_empty_catalogue_finds_nothing(void **state)
{
	struct catalogue c = { 0 };

	(void)state;
	assert_null(catalogue_find(&c, NULL, "Send"));
}

/* Every length but the whole one is refused, from a copy of exactly that length so that a sanitizer sees a step
 * outside. */
static void refuses_a_cut_file(void **state)
{
	struct catalogue c;

	(void)state;
	for (size_t len = 0; len < size; len++) {
		unsigned char *cut = malloc(len ? len : 1);
		memcpy(cut, bytes, len);
		assert_int_equal(catalogue_open(cut, len, &c), ERR_INVALID);
		free(cut);
	}
}

static void refuses_wrong_fields(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} cases[] = {
		{ 0, 0xde120495 },         /* big-endian magic */
		{ 0, 0 },                  /* no magic */
		{ 4, 1 },                  /* revision with system-dependent strings */
		{ 4, 0x10000 },            /* unknown major revision */
		{ 8, 0xffffffff },         /* more messages than bytes */
		{ 8, 0x20000000 },         /* count * 8 overflows 32 bits */
		{ 12, 0xfffffff8 },        /* table of keys outside */
		{ 16, 0xffffffff },        /* table of translations outside */
		{ 28, 0xffffffff },        /* length of the first key */
		{ 28 + 4, 0xffffffff },    /* its offset */
		{ 28 + 8, 3 },             /* second key without its final zero */
		{ 28 + 8 * PAIRS, 1 },     /* first translation too short */
		{ 28 + 8 * PAIRS + 4, 3 }, /* first translation somewhere else: no zero at its end */
	};
	struct catalogue c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned char broken[sizeof(bytes)];
		memcpy(broken, bytes, size);
		mo_u32(broken + cases[i].at, cases[i].value);
		assert_int_equal(catalogue_open(broken, size, &c), ERR_INVALID);
	}
}

static void refuses_unsorted_and_doubled_keys(void **state)
{
	static const struct mo_pair unsorted[] = { { "b", "x" }, { "a", "y" } },
				    doubled[] = { { "a", "x" }, { "a", "y" } };
	unsigned char out[256];
	struct catalogue c;

	(void)state;
	assert_int_equal(catalogue_open(out, mo_build(out, sizeof(out), unsorted, 2), &c), ERR_INVALID);
	assert_int_equal(catalogue_open(out, mo_build(out, sizeof(out), doubled, 2), &c), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(finds_keys_and_contexts, build),
		cmocka_unit_test_setup(finds_plural_forms, build),
		cmocka_unit_test(an_empty_catalogue_finds_nothing),
		cmocka_unit_test_setup(refuses_a_cut_file, build),
		cmocka_unit_test_setup(refuses_wrong_fields, build),
		cmocka_unit_test(refuses_unsorted_and_doubled_keys),
	};

	return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
