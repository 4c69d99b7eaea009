/* Transfers: every arrow, what lets a case be closed as not ours, and that nobody is sent away without one. */
#include "../lib/desk.h"
#include "casework/case_transfer.h"

static struct desk desk;
static struct actor officer;

static int setup(void **state)
{
	desk_open(&desk, "pk-wafaqi-mohtasib");
	officer = desk_staff(&desk, "officer", "commissioner");
	return 0;
}

static int teardown(void **state)
{
	desk_close(&desk);
	return 0;
}

/* --- rules ------------------------------------------------------------------------------------------------------- */

#define NONE TRANSFER_STATE_MAX
static const enum transfer_state leads[TRANSFER_STATE_MAX][TRANSFER_MOVE_MAX] = {
	/*                      consent             send           confirm             answer             refuse give up
	 */
	[TRANSFER_PREPARED] = { TRANSFER_CONSENTED, NONE, NONE, NONE, NONE, TRANSFER_GIVEN_UP },
	[TRANSFER_CONSENTED] = { NONE, TRANSFER_SENT, NONE, NONE, NONE, TRANSFER_GIVEN_UP },
	[TRANSFER_SENT] = { NONE, NONE, TRANSFER_CONFIRMED, TRANSFER_ANSWERED, TRANSFER_REFUSED, NONE },
	[TRANSFER_CONFIRMED] = { NONE, NONE, NONE, TRANSFER_ANSWERED, TRANSFER_REFUSED, NONE },
	[TRANSFER_ANSWERED] = { NONE, NONE, NONE, NONE, NONE, NONE },
	[TRANSFER_REFUSED] = { NONE, NONE, NONE, NONE, NONE, NONE },
	[TRANSFER_GIVEN_UP] = { NONE, NONE, NONE, NONE, NONE, NONE },
	[TRANSFER_IMPOSSIBLE] = { NONE, NONE, NONE, NONE, NONE, NONE },
};

static void every_arrow(void **state)
{
	for (enum transfer_state from = 0; from < TRANSFER_STATE_MAX; from++) {
		enum transfer_state parsed;
		assert_true(transfer_state_parse(transfer_state_key(from), &parsed));
		assert_int_equal(parsed, from);
		for (enum transfer_move move = 0; move < TRANSFER_MOVE_MAX; move++) {
			enum transfer_state to = NONE;
			struct fault fault = { 0 };
			enum err e = transfer_next(from, move, &to, &fault);
			if (to != leads[from][move] || (e == OK) != (to != NONE) || (e && !fault.key))
				fail_msg("%s, move %d", transfer_state_key(from), (int)move);
		}
	}
}

static void what_lets_a_case_be_closed(void **state)
{
	static const bool frees[TRANSFER_STATE_MAX] = { [TRANSFER_SENT] = true,
		[TRANSFER_CONFIRMED] = true,
		[TRANSFER_ANSWERED] = true,
		[TRANSFER_IMPOSSIBLE] = true };
	for (enum transfer_state s = 0; s < TRANSFER_STATE_MAX; s++)
		assert_int_equal(transfer_frees(s), frees[s]);
	const struct profile *p = desk.office->profile;
	assert_int_equal(transfer_may_close(profile_closing(p, "not_our_institution"), false, NULL), ERR_CONFLICT);
	assert_int_equal(transfer_may_close(profile_closing(p, "not_our_subject"), false, NULL), ERR_CONFLICT);
	assert_int_equal(transfer_may_close(profile_closing(p, "not_our_subject"), true, NULL), OK);
	assert_int_equal(transfer_may_close(profile_closing(p, "withdrawn"), false, NULL), OK);
}

/* --- doors ------------------------------------------------------------------------------------------------------- */

struct doing {
	struct transfer_new new;
	enum transfer_move move;
	struct transfer_step step;
	const char *ground, *closing;
	int64_t id;
	struct fault fault;
};

static enum err prepare(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return transfer_prepare(act, c, &d->new, &d->id, &d->fault);
}

static enum err step(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return transfer_move(act, c, d->id, d->move, &d->step, &d->fault);
}

static enum err impossible(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return transfer_impossible(act, c, d->ground, "The person said no.", &d->id, &d->fault);
}

static enum err close_case(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return casefile_close(act, c, d->closing, "", 0, &d->fault);
}

static enum err do_it(
    int64_t id, enum err (*run)(const struct casefile_act *, struct casefile *, void *), struct doing *d)
{
	return desk_do(&desk, &officer, id, run, d);
}

static struct transfer_step said(const char *consent, const char *method, const char *number, const char *words)
{
	return (struct transfer_step) { consent, method, number, words, 0 };
}

static void goes_its_way_and_frees_the_case(void **state)
{
	int64_t id = desk_file(&desk, 1, "A bank");
	struct doing d = { .new = { "banking", "", "", "All of it" }, .closing = "not_our_institution" };
	assert_int_equal(do_it(id, close_case, &d), ERR_CONFLICT);
	assert_string_equal(d.fault.field, "closing");
	assert_int_equal(do_it(id, prepare, &d), OK);
	d.move = TRANSFER_SEND;
	d.step = said("", "post", "", "");
	assert_int_equal(do_it(id, step, &d), ERR_CONFLICT); /* nothing goes before the person agreed */
	d.move = TRANSFER_CONSENT;
	d.step = said("", "", "", "");
	assert_int_equal(do_it(id, step, &d), ERR_INVALID);
	assert_string_equal(d.fault.field, "consent");
	d.step = said("written", "", "", "");
	assert_int_equal(do_it(id, step, &d), OK);
	assert_int_equal(do_it(id, close_case, &d), ERR_CONFLICT); /* not sent yet */
	d.move = TRANSFER_SEND;
	d.step = said("", "post", "", "");
	assert_int_equal(do_it(id, step, &d), OK);
	assert_int_equal(do_it(desk_file(&desk, 2, "Another"), step, &d), ERR_NOT_FOUND); /* of another case */
	d.move = TRANSFER_CONFIRM;
	d.step = said("", "", "B-17", "");
	assert_int_equal(do_it(id, step, &d), OK);
	assert_int_equal(do_it(id, close_case, &d), OK);
	d.move = TRANSFER_ANSWER; /* answers come after the case was closed as well */
	d.step = said("", "", "", "They will look into it.");
	assert_int_equal(do_it(id, step, &d), OK);
}

static void is_recorded_as_impossible(void **state)
{
	int64_t id = desk_file(&desk, 3, "A court");
	struct doing d = { .ground = "person_refused", .closing = "not_our_subject" };
	assert_int_equal(do_it(id, close_case, &d), ERR_CONFLICT);
	assert_int_equal(do_it(id, impossible, &d), OK);
	assert_int_equal(do_it(id, close_case, &d), OK);
}

static void refused_there_is_not_enough(void **state)
{
	int64_t id = desk_file(&desk, 4, "A bank");
	struct doing d = { .new = { "", "Some office", "", "A summary" }, .closing = "not_our_institution" };
	assert_int_equal(do_it(id, prepare, &d), OK);
	d.move = TRANSFER_CONSENT;
	d.step = said("spoken", "", "", "");
	assert_int_equal(do_it(id, step, &d), OK);
	d.move = TRANSFER_SEND;
	d.step = said("", "email", "", "");
	assert_int_equal(do_it(id, step, &d), OK);
	d.move = TRANSFER_REFUSE;
	d.step = said("", "", "", "Not theirs either.");
	assert_int_equal(do_it(id, step, &d), OK);
	assert_int_equal(do_it(id, close_case, &d), ERR_CONFLICT);
	d.new = (struct transfer_new) { "no_such_office", "", "", "x" };
	assert_int_equal(do_it(id, prepare, &d), ERR_INVALID);
	d.new = (struct transfer_new) { "", "", "", "x" };
	assert_int_equal(do_it(id, prepare, &d), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow),
		cmocka_unit_test(what_lets_a_case_be_closed),
		cmocka_unit_test(goes_its_way_and_frees_the_case),
		cmocka_unit_test(is_recorded_as_impossible),
		cmocka_unit_test(refused_there_is_not_enough),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
