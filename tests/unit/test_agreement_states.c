/* The table of docs/states.md: what was done and what time it is decide an agreement's state, the first row that fits.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "cooperation/agreement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Moments of a document that is valid from 1 January 2026 until the end of 31 December 2026. */
#define BEFORE "2025-12-31T23:59:59.999Z"
#define WITHIN "2026-06-01T00:00:00.000Z"
#define AFTER "2027-01-01T00:00:00.000Z"

#define NOT_PROPOSED                                                                                                   \
	-1,                                                                                                            \
	{                                                                                                              \
		false, false                                                                                           \
	}
#define ONE_SIGNED                                                                                                     \
	0,                                                                                                             \
	{                                                                                                              \
		true, false                                                                                            \
	}
#define BOTH_SIGNED                                                                                                    \
	1,                                                                                                             \
	{                                                                                                              \
		true, true                                                                                             \
	}
#define NOBODY                                                                                                         \
	{                                                                                                              \
		false, false                                                                                           \
	}
#define FIRST                                                                                                          \
	{                                                                                                              \
		true, false                                                                                            \
	}
#define NO_END                                                                                                         \
	{                                                                                                              \
		AGREEMENT_NEVER, AGREEMENT_NEVER                                                                       \
	}
#define ENDED                                                                                                          \
	{                                                                                                              \
		AGREEMENT_NEVER, 0                                                                                     \
	}

static const struct {
	const char *at;
	struct agreement_status status;
	enum agreement_state state;
} rows[] = {
	{ WITHIN, { ONE_SIGNED, true, NOBODY, NO_END }, AGREEMENT_DECLINED },
	{ AFTER, { BOTH_SIGNED, true, FIRST, ENDED }, AGREEMENT_DECLINED },
	{ WITHIN, { NOT_PROPOSED, false, NOBODY, NO_END }, AGREEMENT_DRAFT },
	{ AFTER, { NOT_PROPOSED, false, FIRST, ENDED }, AGREEMENT_DRAFT },
	{ WITHIN, { ONE_SIGNED, false, NOBODY, NO_END }, AGREEMENT_PROPOSED },
	{ AFTER, { ONE_SIGNED, false, FIRST, ENDED }, AGREEMENT_PROPOSED },
	{ WITHIN, { BOTH_SIGNED, false, NOBODY, ENDED }, AGREEMENT_TERMINATED },
	{ BEFORE, { BOTH_SIGNED, false, FIRST, ENDED }, AGREEMENT_TERMINATED },
	{ AFTER, { BOTH_SIGNED, false, FIRST, ENDED }, AGREEMENT_TERMINATED },
	{ AFTER, { BOTH_SIGNED, false, NOBODY, NO_END }, AGREEMENT_EXPIRED },
	{ AFTER, { BOTH_SIGNED, false, FIRST, NO_END }, AGREEMENT_EXPIRED },
	{ WITHIN, { BOTH_SIGNED, false, FIRST, NO_END }, AGREEMENT_SUSPENDED },
	{ BEFORE, { BOTH_SIGNED, false, FIRST, NO_END }, AGREEMENT_SUSPENDED },
	{ BEFORE, { BOTH_SIGNED, false, NOBODY, NO_END }, AGREEMENT_SIGNED },
	{ WITHIN, { BOTH_SIGNED, false, NOBODY, NO_END }, AGREEMENT_IN_FORCE },
};

static struct agreement *document(void)
{
	static char text[AGREEMENT_TEXT_LIMIT];
	char path[1024];
	json_t *json = NULL;
	struct agreement *agreement = NULL;
	snprintf(path, sizeof(path), "%s/tests/data/exchange/agreement.json", getenv("SULH_SOURCE"));
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	size_t len = fread(text, 1, sizeof(text), f);
	fclose(f);
	assert_int_equal(json_parse(text, len, sizeof(text), &json, NULL), OK);
	json_t *made = json_object_get(json, "document");
	json_put_str(made, "valid_from", "2026-01-01");
	json_put_str(made, "valid_until", "2026-12-31");
	assert_int_equal(agreement_from_json(made, &agreement, NULL), OK);
	json_decref(json);
	return agreement;
}

static void the_first_row_that_fits_decides(void **state)
{
	struct agreement *agreement = document();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t at;
		assert_int_equal(rfc3339_parse(rows[i].at, &at), OK);
		enum agreement_state got = agreement_state(agreement, &rows[i].status, at);
		if (got != rows[i].state)
			fail_msg("row %zu: %s", i, agreement_state_name(got));
	}
	agreement_free(agreement);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_row_that_fits_decides),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
