/* Every arrow of a case's states, allowed and refused. */
#include "casework/casefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NO CASE_STATE_MAX

/* Written here again from the drawing in casefile.h: where each move leads from each state. */
static const enum casefile_state leads[CASE_STATE_MAX][CASE_MOVE_MAX] = {
	[CASE_RECEIVED] = { [CASE_REGISTER] = CASE_REGISTERED,
	    [CASE_ADMIT] = NO,
	    [CASE_ASK_AGENCY] = NO,
	    [CASE_AGENCY_REPLIED] = NO,
	    [CASE_CLOSE] = CASE_CLOSED },
	[CASE_REGISTERED] = { [CASE_REGISTER] = NO,
	    [CASE_ADMIT] = CASE_ADMITTED,
	    [CASE_ASK_AGENCY] = NO,
	    [CASE_AGENCY_REPLIED] = NO,
	    [CASE_CLOSE] = CASE_CLOSED },
	[CASE_ADMITTED] = { [CASE_REGISTER] = NO,
	    [CASE_ADMIT] = NO,
	    [CASE_ASK_AGENCY] = CASE_WITH_AGENCY,
	    [CASE_AGENCY_REPLIED] = NO,
	    [CASE_CLOSE] = CASE_CLOSED },
	[CASE_WITH_AGENCY] = { [CASE_REGISTER] = NO,
	    [CASE_ADMIT] = NO,
	    [CASE_ASK_AGENCY] = NO,
	    [CASE_AGENCY_REPLIED] = CASE_ADMITTED,
	    [CASE_CLOSE] = CASE_CLOSED },
	[CASE_CLOSED] = { NO, NO, NO, NO, NO },
};

static void every_arrow(void **state)
{
	for (int from = 0; from < CASE_STATE_MAX; from++) {
		for (int move = 0; move < CASE_MOVE_MAX; move++) {
			struct fault fault = { 0 };
			enum casefile_state to = NO;
			enum err e = casefile_next((enum casefile_state)from, (enum casefile_move)move, &to, &fault);
			if (to != leads[from][move])
				fail_msg("state %d, move %d leads to %d", from, move, to);
			assert_int_equal(e, leads[from][move] == NO ? ERR_CONFLICT : OK);
			if (e)
				assert_non_null(fault.key); /* and says why */
		}
	}
}

static void keys_read_back(void **state)
{
	enum casefile_state s;
	for (int i = 0; i < CASE_STATE_MAX; i++) {
		assert_true(casefile_state_parse(casefile_state_key((enum casefile_state)i), &s));
		assert_int_equal(s, i);
		assert_non_null(casefile_state_label((enum casefile_state)i));
	}
	assert_false(casefile_state_parse("reopened", &s));
	assert_false(casefile_state_parse("", &s));
}

static void the_registrar_has_it_until_it_is_admitted(void **state)
{
	for (int i = 0; i < CASE_STATE_MAX; i++) {
		const struct casefile c = { .id = 7, .state = (enum casefile_state)i, .assigned_to = 3 };
		struct object object = casefile_object(&c);
		assert_int_equal(object.casefile_id, 7);
		assert_int_equal(object.assigned_to, 3);
		assert_int_equal(object.unassigned_state, i == CASE_RECEIVED || i == CASE_REGISTERED);
		assert_false(object.has_referral);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow),
		cmocka_unit_test(keys_read_back),
		cmocka_unit_test(the_registrar_has_it_until_it_is_admitted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
