/* A field that was not chosen is never in the packet. */
#include "cooperation/packet.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct packet_value values[] = { { "name", "Gul Khan" }, { "passport_no", "AB1234567" },
	{ "facts", "Wages withheld" }, { "phone", "" }, { "embassy_not_informed", "yes" } };

static enum err build(const char *const *chosen, size_t count, json_t **ret, struct fault *fault)
{
	return packet_build(values, ARRAY_LEN(values), chosen, count, ret, fault);
}

static void every_choice_holds_just_itself(void **state)
{
	static const char *const keys[] = { "name", "passport_no", "facts", "embassy_not_informed" };

	for (unsigned choice = 1; choice < 1u << ARRAY_LEN(keys); choice++) {
		const char *chosen[ARRAY_LEN(keys)];
		size_t count = 0;
		json_t *packet = NULL;

		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			if (choice & 1u << i)
				chosen[count++] = keys[i];
		assert_int_equal(build(chosen, count, &packet, NULL), OK);
		assert_int_equal(json_object_size(packet), count);
		for (size_t i = 0; i < ARRAY_LEN(keys); i++)
			assert_int_equal(json_object_get(packet, keys[i]) != NULL, (choice & 1u << i) != 0);
		json_decref(packet);
	}
}

static void refused(void **state)
{
	static const char *const unknown[] = { "name", "shoe_size" }, *const empty[] = { "phone" };
	static char facts[20002];
	const struct packet_value big[] = { { "facts", facts } };
	const char *const chosen[] = { "facts" };
	struct fault fault = { 0 };
	json_t *packet = NULL;

	assert_int_equal(build(unknown, 2, &packet, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "shoe_size");
	assert_int_equal(build(empty, 1, &packet, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "phone");
	assert_int_equal(build(NULL, 0, &packet, &fault), ERR_INVALID);
	memset(facts, 'x', 20001);
	assert_int_equal(packet_build(big, 1, chosen, 1, &packet, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "facts");
	assert_null(packet);
	facts[20000] = '\0';
	assert_int_equal(packet_build(big, 1, chosen, 1, &packet, &fault), OK);
	json_decref(packet);
}

static void every_field_has_a_known_category(void **state)
{
	for (const struct packet_field *f = packet_fields; f->key; f++) {
		assert_ptr_equal(packet_field_find(f->key), f);
		assert_true(!f->category || packet_category_label(f->category));
	}
	assert_null(packet_field_find("x"));
	assert_null(packet_category_label("x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_choice_holds_just_itself),
		cmocka_unit_test(refused),
		cmocka_unit_test(every_field_has_a_known_category),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
