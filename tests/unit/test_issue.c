/* Which points a case may have: the rules, row by row. */
#include "casework/issue.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POINT(id_, key_, name_, subject_, finding_)                                                                    \
	{                                                                                                              \
		.id = id_, .body_key = key_, .body_name = name_, .subject = subject_, .complaint_kind = "",            \
		.finding = finding_, .fault_type = "", .outcome = ""                                                   \
	}

static const struct issue_list two = { .at = { POINT(1, "nadra", "NADRA", "identity_documents", "violation"),
					   POINT(2, "", "Some works", "labour_wages", "") },
	.n = 2 };

static void only_until_a_finding_is_drafted(void **state)
{
	static const enum err expected[PHASE_MAX] = {
		[PHASE_DECISION] = ERR_CONFLICT, [PHASE_FOLLOW_UP] = ERR_CONFLICT, [PHASE_CLOSED] = ERR_CONFLICT
	};
	for (enum phase phase = 0; phase < PHASE_MAX; phase++)
		assert_int_equal(issue_may_change(phase, NULL), expected[phase]);
}

static void each_pair_once(void **state)
{
	static const struct {
		const char *key, *name, *subject;
		enum err err;
	} rows[] = {
		{ "nadra", "NADRA", "identity_documents", ERR_CONFLICT },
		{ "nadra", "NADRA", "access_information", OK },
		{ "", "Some works", "labour_wages", ERR_CONFLICT },
		{ "", "Other works", "labour_wages", OK },
		{ "sngpl", "Some works", "labour_wages", OK },
	};
	struct issue_list full = { .n = ISSUES_MAX };
	for (size_t i = 0; i < ISSUES_MAX; i++)
		full.at[i] = two.at[1];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(issue_may_add(&two, rows[i].key, rows[i].name, rows[i].subject, NULL), rows[i].err);
	assert_int_equal(issue_may_add(&full, "x", "X", "health", NULL), ERR_CONFLICT);
}

static void neither_the_last_nor_one_with_a_finding_goes(void **state)
{
	struct issue_list one = { .at = { two.at[1] }, .n = 1 };
	assert_int_equal(issue_may_remove(&two, 2, NULL), OK);
	assert_int_equal(issue_may_remove(&two, 1, NULL), ERR_CONFLICT);
	assert_int_equal(issue_may_remove(&two, 3, NULL), ERR_NOT_FOUND);
	assert_int_equal(issue_may_remove(&one, 2, NULL), ERR_CONFLICT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_until_a_finding_is_drafted),
		cmocka_unit_test(each_pair_once),
		cmocka_unit_test(neither_the_last_nor_one_with_a_finding_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
