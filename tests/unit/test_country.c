/* Countries have names in four languages, in that language's order, and every code of a form is known. */
#include "text/country.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void names(void **state)
{
	assert_string_equal(country_name(LANG_AZ, "AZ"), "Azərbaycan");
	assert_string_equal(country_name(LANG_RU, "PK"), "Пакистан");
	assert_string_equal(country_name(LANG_UR, "PK"), "پاکستان");
	assert_string_equal(country_name(LANG_EN, "AZ"), "Azerbaijan");
	assert_string_equal(country_name(LANG_EN, "QQ"), "QQ");
}

static size_t place(enum lang lang, const char *code)
{
	size_t n;
	const struct country *list = country_list(lang, &n);
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].code, code))
			return i;
	fail_msg("%s is missing", code);
	return 0;
}

static void in_the_order_of_the_language(void **state)
{
	assert_true(
	    place(LANG_EN, "AF") < place(LANG_EN, "AX")); /* Afghanistan, Åland Islands, Albania: Å counts as A */
	assert_true(place(LANG_EN, "AX") < place(LANG_EN, "AL"));
	assert_true(place(LANG_RU, "AU") < place(LANG_RU, "JP")); /* А…Я */
}

static void codes(void **state)
{
	const char *const *code = country_codes();
	size_t n, listed = 0;
	country_list(LANG_EN, &n);
	for (; *code; code++) {
		assert_int_equal(strlen(*code), 2);
		listed++;
	}
	assert_string_equal(code[-1], COUNTRY_NONE);
	assert_int_equal(listed, n + 1);
	assert_true(n > 240);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(in_the_order_of_the_language),
		cmocka_unit_test(codes),
	};
	text_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
