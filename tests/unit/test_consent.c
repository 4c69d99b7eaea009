/* Exactly these fields and files, to exactly this receiver, while the consent stands. */
#include "cooperation/consent.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BAKU "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define HANOI "BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define AGREEMENT "0193a1b2-0000-7000-8000-000000000001"
#define FILE_ONE "CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define NOW INT64_C(1795426200000)

static const char *const fields[] = { "name", "facts", "remedy" };
static const char *const files[] = { FILE_ONE };

static struct consent given(void)
{
	return (struct consent) { { BAKU, AGREEMENT, CONSENT_PURPOSE, fields, 2, files, 1 }, "2026-01", "ur", FILE_ONE,
		NOW - 1000, 0 };
}

static void covers(void **state)
{
	const struct {
		struct consent_scope sent;
		int64_t granted, withdrawn;
		enum err want;
		const char *field;
	} rows[] = {
		{ { BAKU, AGREEMENT, "referral", fields, 2, files, 1 }, NOW, 0, OK, "" },
		{ { BAKU, AGREEMENT, "referral", fields, 2, files, 1 }, NOW - 5, NOW + 1, OK, "" },
		{ { BAKU, AGREEMENT, "referral", fields, 2, files, 1 }, 0, 0, ERR_DENIED, "consent" },
		{ { BAKU, AGREEMENT, "referral", fields, 2, files, 1 }, NOW + 1, 0, ERR_DENIED, "consent" },
		{ { BAKU, AGREEMENT, "referral", fields, 2, files, 1 }, NOW - 5, NOW, ERR_DENIED, "consent" },
		{ { HANOI, AGREEMENT, "referral", fields, 2, files, 1 }, NOW, 0, ERR_DENIED, "receiver" },
		{ { BAKU, "other", "referral", fields, 2, files, 1 }, NOW, 0, ERR_DENIED, "agreement" },
		{ { BAKU, AGREEMENT, "query", fields, 2, files, 1 }, NOW, 0, ERR_DENIED, "purpose" },
		{ { BAKU, AGREEMENT, "referral", fields, 3, files, 1 }, NOW, 0, ERR_DENIED, "remedy" },
		{ { BAKU, AGREEMENT, "referral", fields, 1, files, 1 }, NOW, 0, ERR_DENIED, "facts" },
		{ { BAKU, AGREEMENT, "referral", fields, 2, NULL, 0 }, NOW, 0, ERR_DENIED, FILE_ONE },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct consent c = given();
		struct fault fault = { 0 };

		c.granted_at = rows[i].granted;
		c.withdrawn_at = rows[i].withdrawn;
		assert_int_equal(consent_covers(&c, &rows[i].sent, NOW, &fault), rows[i].want);
		assert_string_equal(fault.field, rows[i].field);
	}
}

static json_t *body(const struct consent *c, size_t field_count)
{
	json_t *b = json_object(), *packet = json_object(), *list = json_array(), *file = json_object();

	for (size_t i = 0; i < field_count; i++)
		json_put_str(packet, fields[i], "x");
	json_put_str(file, "sha256", FILE_ONE);
	json_add(list, file);
	json_put(b, "fields", packet);
	json_put(b, "files", list);
	if (c)
		json_put(b, "consent", consent_statement(c));
	return b;
}

static void statement_at_the_receiver(void **state)
{
	struct consent c = given();
	json_t *good = body(&c, 2), *more = body(&c, 3), *none = body(NULL, 2), *empty = json_object();

	assert_int_equal(consent_check_statement(good, BAKU, AGREEMENT, NOW, NULL), OK);
	assert_int_equal(consent_check_statement(good, HANOI, AGREEMENT, NOW, NULL), ERR_DENIED);
	assert_int_equal(consent_check_statement(good, BAKU, "x", NOW, NULL), ERR_DENIED);
	assert_int_equal(consent_check_statement(good, BAKU, AGREEMENT, NOW - 3600000, NULL), ERR_DENIED);
	assert_int_equal(consent_check_statement(more, BAKU, AGREEMENT, NOW, NULL), ERR_DENIED);
	assert_int_equal(consent_check_statement(none, BAKU, AGREEMENT, NOW, NULL), ERR_DENIED);
	assert_int_equal(consent_check_statement(empty, BAKU, AGREEMENT, NOW, NULL), OK);
	json_decref(good);
	json_decref(more);
	json_decref(none);
	json_decref(empty);
}

static void digest_knows_no_order(void **state)
{
	static const char *const turned[] = { "facts", "name" };
	struct consent c = given();
	struct consent_scope other = c.scope;
	json_t *a = consent_shown(&c.scope, "1", "ur"), *b, *more;
	char one[HASH_TEXT], two[HASH_TEXT], three[HASH_TEXT];

	other.fields = turned;
	b = consent_shown(&other, "1", "ur");
	other.fields = fields;
	other.field_count = 3;
	more = consent_shown(&other, "1", "ur");
	assert_int_equal(consent_digest(a, one), OK);
	assert_int_equal(consent_digest(b, two), OK);
	assert_int_equal(consent_digest(more, three), OK);
	assert_string_equal(one, two);
	assert_string_not_equal(one, three);
	json_decref(a);
	json_decref(b);
	json_decref(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covers),
		cmocka_unit_test(statement_at_the_receiver),
		cmocka_unit_test(digest_knows_no_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
