/* Sequence, chain, head and acknowledgement of a thread; the vectors of docs/exchange.md section 17. */
#include "cooperation/thread.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void head_is(const struct thread *t, const char *hex)
{
	uint8_t want[SHA256_SIZE];
	char text[HASH_TEXT], got[HASH_TEXT];

	assert_true(hex_decode(want, sizeof(want), hex));
	base64url_encode(text, want, sizeof(want));
	thread_head(t, got);
	assert_string_equal(got, text);
}

static void heads(void **state)
{
	struct thread t = { 0 };
	char a[HASH_TEXT], b[HASH_TEXT];

	hash_text(a, "a", 1);
	hash_text(b, "b", 1);
	head_is(&t, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
	thread_add(&t, SIDE_OPENER, a);
	thread_add(&t, SIDE_OTHER, b);
	head_is(&t, "e5a01fee14e0ed5c48714f22180f25ad8365b53f9779f79dc4a3d7e93963f94a");
	hash_text(a, "e30.e30.AA", 10);
	assert_string_equal(a, "Q1dGawLp7nmA0Dk05Sm7X6E0hbrlhM0rDiQ06vct0WE");
}

static void next_of_each_direction(void **state)
{
	struct thread t = { 0 };
	struct fault fault = { 0 };
	char a[HASH_TEXT], b[HASH_TEXT];

	hash_text(a, "a", 1);
	hash_text(b, "b", 1);
	assert_int_equal(thread_check(&t, SIDE_OPENER, 1, "", NULL), OK);
	assert_int_equal(thread_check(&t, SIDE_OPENER, 2, "", &fault), ERR_CONFLICT);
	assert_string_equal(fault.field, "seq");
	assert_int_equal(thread_check(&t, SIDE_OPENER, 1, a, &fault), ERR_CONFLICT);
	assert_string_equal(fault.field, "prv");
	thread_add(&t, SIDE_OPENER, a);
	assert_int_equal(thread_check(&t, SIDE_OPENER, 1, "", NULL), ERR_CONFLICT);
	assert_int_equal(thread_check(&t, SIDE_OPENER, 2, b, NULL), ERR_CONFLICT);
	assert_int_equal(thread_check(&t, SIDE_OPENER, 2, a, NULL), OK);
	assert_int_equal(thread_check(&t, SIDE_OTHER, 1, "", NULL), OK);
}

static void acknowledgement_never_goes_back(void **state)
{
	static const char *const sent[] = { "one", "two", "three" };
	int64_t at = -1;

	assert_int_equal(thread_ack(sent, 3, 0, "", &at, NULL), OK);
	assert_int_equal(at, 0);
	assert_int_equal(thread_ack(sent, 3, 1, "three", &at, NULL), OK);
	assert_int_equal(at, 3);
	assert_int_equal(thread_ack(sent, 3, 2, "one", &at, NULL), ERR_CONFLICT);
	assert_int_equal(thread_ack(sent, 3, 2, "", &at, NULL), ERR_CONFLICT);
	assert_int_equal(thread_ack(sent, 3, 0, "four", &at, NULL), ERR_CONFLICT);
	assert_int_equal(at, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads),
		cmocka_unit_test(next_of_each_direction),
		cmocka_unit_test(acknowledgement_never_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
