/* The course of a case with the database: assignment and load, links, joint closing, review, appeal, many at once. */
#include "casework/assignment.h"
#include "casework/bulk.h"
#include "casework/case_clock.h"
#include "casework/link.h"
#include "casework/review.h"
#include "casework/staff_skill.h"

#include "../lib/desk.h"

static struct desk desk;
static struct actor head, leyla, rashid, outsider;
static struct fault fault;

static int set_up(void **state)
{
	desk_open(&desk, "pk-wafaqi-mohtasib");
	head = desk_staff(&desk, "head", "commissioner");
	leyla = desk_staff(&desk, "leyla", "investigator");
	rashid = desk_staff(&desk, "rashid", "investigator");
	outsider = desk_staff(&desk, "outsider", "investigator");
	return 0;
}

static int tear_down(void **state)
{
	desk_close(&desk);
	return 0;
}

/* --- small works on one case ------------------------------------------------------------------------------------- */

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, &fault);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, &fault);
}

static enum err give(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return assignment_give(act, c, arg, &fault);
}

static enum err close_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "advice_given", "", 0, &fault);
}

static enum err reopen(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return review_reopen(act, c, "new_facts", "A letter came to light.", 0, &fault);
}

static enum err look(const struct casefile_act *act, struct casefile *c, void *arg)
{
	*(struct casefile *)arg = *c;
	return OK;
}

static struct casefile seen(int64_t id)
{
	struct casefile c;
	assert_int_equal(desk_do(&desk, &head, id, look, &c), OK);
	return c;
}

struct link_try {
	struct link_new new;
	int64_t id;
};

static enum err add_link(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct link_try *try = arg;
	return link_add(act, c, &try->new, &try->id, &fault);
}

static enum err undo_link(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return link_undo(act, c, *(int64_t *)arg, "It was another matter after all.", &fault);
}

static int64_t open_case(int n, const char *body)
{
	int64_t id = desk_file(&desk, n, body);
	assert_int_equal(desk_do(&desk, &head, id, admit, NULL), OK);
	return id;
}

static enum err tally(const struct casefile_act *act, struct casefile *c, void *arg)
{
	char name[40];
	int64_t *pair = arg;
	snprintf(name, sizeof(name), "lead:%lld", (long long)pair[0]);
	return tally_get(act->tx, name, &pair[1]);
}

static int64_t load_of(const struct actor *who)
{
	int64_t pair[2] = { who->id, 0 };
	assert_int_equal(desk_do(&desk, &head, 0, tally, pair), OK);
	return pair[1];
}

/* --- assignment -------------------------------------------------------------------------------------------------- */

static enum err propose(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return assignment_propose(act, LANG_EN, c, arg);
}

static enum err know(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return staff_skills_set(act->tx, act->now, act->actor->tag, *(int64_t *)arg, act->office->profile,
	    "labour_wages", "ur", "", &fault);
}

static void a_proposal_names_who_speaks_and_knows(void **state)
{
	int64_t id = open_case(1, "NADRA");
	json_t *proposal = NULL;
	assert_int_equal(desk_do(&desk, &head, id, propose, &proposal), OK);
	assert_false(json_bool_or(proposal, "has_proposals", true)); /* nobody is known to speak Urdu */
	json_decref(proposal);
	assert_int_equal(desk_do(&desk, &head, 0, know, &rashid.id), OK);
	assert_int_equal(desk_do(&desk, &head, id, propose, &proposal), OK);
	assert_int_equal(json_int_or(proposal, "first", 0), rashid.id);
	assert_string_equal(json_str_or(proposal, "unit", ""), "overseas"); /* the body is in another country */
	const json_t *first = json_array_get(json_object_get(proposal, "proposals"), 0);
	assert_non_null(strstr(json_str_or(first, "reason", ""), "rashid: speaks Urdu"));
	json_decref(proposal);
}

static void giving_it_away_keeps_the_count_and_asks_for_a_reason(void **state)
{
	int64_t id = open_case(2, "NADRA"), before = load_of(&leyla), others = load_of(&rashid);
	struct assignment_new new = { .staff_id = leyla.id, .unit = "", .reason = "", .proposed = rashid.id };
	assert_int_equal(desk_do(&desk, &head, id, give, &new), ERR_INVALID);
	assert_string_equal(fault.field, "reason");
	new.reason = "She began it by telephone.";
	new.unit = "investigation";
	assert_int_equal(desk_do(&desk, &head, id, give, &new), OK);
	struct casefile c = seen(id);
	assert_int_equal(c.assigned_to, leyla.id);
	assert_string_equal(c.unit, "investigation");
	assert_int_equal(load_of(&leyla), before + 1);
	new = (struct assignment_new) { .staff_id = rashid.id, .unit = "", .reason = "", .version = c.version };
	assert_int_equal(desk_do(&desk, &head, id, give, &new), OK);
	assert_int_equal(desk_do(&desk, &head, id, give, &new), ERR_CONFLICT); /* the version has moved on */
	assert_int_equal(load_of(&leyla), before);
	assert_int_equal(load_of(&rashid), others + 1);
	assert_int_equal(desk_do(&desk, &head, id, close_it, NULL), OK);
	assert_int_equal(load_of(&rashid), others);
	assert_int_equal(desk_do(&desk, &head, id, reopen, NULL), OK);
	assert_int_equal(load_of(&rashid), others + 1);
}

/* --- links ------------------------------------------------------------------------------------------------------- */

static enum err close_together(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return link_close_together(act, c, arg, &fault);
}

static void joined_cases_are_closed_with_a_letter_each(void **state)
{
	int64_t main = open_case(10, "State Oil Works"), one = open_case(11, "state oil works"),
		other = open_case(12, "Water Board");
	struct link_try try = { .new = { LINK_JOINED, "", true, one, 0 } };
	assert_int_equal(desk_do(&desk, &head, main, add_link, &try), ERR_INVALID); /* no reason */
	try.new.reason = "The same factory, the same month.";
	assert_int_equal(desk_do(&desk, &head, main, add_link, &try), OK);
	assert_int_equal(desk_do(&desk, &head, main, add_link, &try), ERR_CONFLICT); /* twice */
	try.new.other = other;
	assert_int_equal(desk_do(&desk, &head, main, add_link, &try), ERR_CONFLICT); /* another body */
	try.new.other = 987654;
	assert_int_equal(desk_do(&desk, &head, main, add_link, &try), ERR_INVALID);  /* none such */
	assert_int_equal(desk_do(&desk, &head, main, close_it, NULL), ERR_CONFLICT); /* one is open */
	struct joint_letter letter = { one, "" };
	struct joint_close close = { "advice_given", "Both.", &letter, 1, 0 };
	assert_int_equal(desk_do(&desk, &head, main, close_together, &close), ERR_INVALID); /* no letter */
	assert_int_equal(seen(one).state->phase, PHASE_INQUIRY);
	letter.words = "Your own letter.";
	assert_int_equal(desk_do(&desk, &head, main, close_together, &close), OK);
	assert_int_equal(seen(one).state->phase, PHASE_CLOSED);
	assert_int_equal(seen(main).state->phase, PHASE_CLOSED);
}

/* Trap 9 of ombudsman systems: the joined case was reopened meanwhile. */
static void a_reopened_joined_case_keeps_its_main_open(void **state)
{
	int64_t main = open_case(20, "NADRA"), one = open_case(21, "NADRA");
	struct link_try try = { .new = { LINK_JOINED, "Same day.", false, main, 0 } }; /* from the joined one's page */
	assert_int_equal(desk_do(&desk, &head, one, add_link, &try), OK);
	assert_int_equal(desk_do(&desk, &head, one, close_it, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, one, reopen, NULL), OK);
	struct joint_letter letter = { one, "A letter." };
	struct joint_close close = { "advice_given", "", &letter, 1, 0 };
	assert_int_equal(desk_do(&desk, &head, main, close_together, &close), ERR_CONFLICT);
	assert_int_equal(desk_do(&desk, &head, main, close_it, NULL), ERR_CONFLICT);
	assert_int_equal(desk_do(&desk, &head, main, undo_link, &try.id), OK);
	assert_int_equal(desk_do(&desk, &head, main, undo_link, &try.id), ERR_CONFLICT);
	assert_int_equal(desk_do(&desk, &head, main, close_it, NULL), OK);
}

static void what_is_not_ones_own_cannot_be_linked_nor_named(void **state)
{
	int64_t mine = open_case(30, "NADRA"), theirs = open_case(31, "NADRA");
	struct assignment_new new = { .staff_id = leyla.id, .unit = "", .reason = "" };
	assert_int_equal(desk_do(&desk, &head, mine, give, &new), OK);
	struct link_try try = { .new = { LINK_RELATED, "", true, theirs, 0 } };
	assert_int_equal(desk_do(&desk, &leyla, mine, add_link, &try), ERR_INVALID);
	char words[200];
	fault_english(&fault, words, sizeof(words));
	try.new.other = 987654;
	assert_int_equal(desk_do(&desk, &leyla, mine, add_link, &try), ERR_INVALID);
	char other[200];
	assert_string_equal(fault_english(&fault, other, sizeof(other)), words); /* the same answer */
}

struct derive_try {
	struct derived_new new;
	int64_t made;
};

static enum err derive(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct derive_try *try = arg;
	return link_derive(act, c, &try->new, &try->made, &fault);
}

static void a_case_is_made_from_another(void **state)
{
	int64_t id = open_case(40, "NADRA");
	struct derive_try try = { .new = { true, "", "", "" } };
	assert_int_equal(desk_do(&desk, &head, id, derive, &try), ERR_INVALID);
	try.new.facts = "The card was refused as well.";
	assert_int_equal(desk_do(&desk, &head, id, derive, &try), OK);
	struct casefile made = seen(try.made), old = seen(id);
	assert_string_equal(made.person_name, old.person_name);
	assert_non_null(strstr(made.content, "The card was refused as well."));
	assert_string_equal(made.body_name, "NADRA");
	try.new = (struct derived_new) { false, "", "Somebody Else", "" };
	assert_int_equal(desk_do(&desk, &head, id, derive, &try), OK);
	struct casefile second = seen(try.made);
	assert_string_equal(second.person_name, "Somebody Else");
	assert_null(strstr(second.content, "AB1234567")); /* nothing of the first person comes along */
	struct link_try ring = { .new = { LINK_FOLLOW_UP, "", false, try.made, 0 } };
	assert_int_equal(desk_do(&desk, &head, id, add_link, &ring), ERR_CONFLICT); /* it stands below already */
}

/* --- review and appeal ------------------------------------------------------------------------------------------- */

struct review_try {
	struct review_new new;
	int64_t id, staff;
	const char *outcome;
};

static enum err file_review(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct review_try *try = arg;
	return review_file(act, c, &try->new, &try->id, &fault);
}

static enum err name_reviewer(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct review_try *try = arg;
	return review_name_reviewer(act, c, try->id, try->staff, &fault);
}

static enum err decide(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct review_try *try = arg;
	return review_decide(act, c, try->id, try->outcome, "For these reasons.", 0, &fault);
}

static void a_decision_is_reviewed_by_somebody_else(void **state)
{
	int64_t id = open_case(50, "NADRA");
	struct assignment_new new = { .staff_id = leyla.id, .unit = "", .reason = "" };
	struct review_try try = { .new = { "review", "new_evidence", "Please look again.", "", "person", 0, 0 } };
	assert_int_equal(desk_do(&desk, &head, id, give, &new), OK);
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), ERR_CONFLICT); /* nothing was decided */
	assert_int_equal(desk_do(&desk, &leyla, id, close_it, NULL), OK);
	int64_t decided = seen(id).closed_at;
	try.new.ground = "because";
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), ERR_INVALID);
	try.new.ground = "mistake";
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), OK);
	assert_string_equal(seen(id).state->key, "review");
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), ERR_CONFLICT); /* one at a time */
	try.staff = leyla.id;
	assert_int_equal(desk_do(&desk, &head, id, name_reviewer, &try), ERR_CONFLICT); /* she led it */
	try.staff = head.id;
	assert_int_equal(desk_do(&desk, &head, id, name_reviewer, &try), ERR_CONFLICT); /* registered and admitted it */
	try.staff = outsider.id;
	try.outcome = "altered";
	assert_int_equal(desk_do(&desk, &outsider, id, decide, &try), ERR_CONFLICT); /* not named yet */
	assert_int_equal(desk_do(&desk, &head, id, name_reviewer, &try), OK);
	assert_int_equal(desk_do(&desk, &head, id, decide, &try), ERR_DENIED);
	assert_int_equal(desk_do(&desk, &outsider, id, decide, &try), OK);
	assert_string_equal(seen(id).state->key, "implementation");
	assert_int_equal(desk_do(&desk, &outsider, id, decide, &try), ERR_CONFLICT);
	assert_true(decided > 0);
}

static enum err stays(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct review *all;
	size_t n;
	enum err e = review_load_all(act, c->id, &all, &n);
	if (!e)
		*(struct review *)arg = all[n - 1];
	return e;
}

static void a_representation_stays_the_order_for_a_time(void **state)
{
	int64_t id = open_case(60, "NADRA");
	struct review_try try = { .new = { "president", "law", "To the President.", "", "body", 0, 0 } };
	struct review r;
	assert_int_equal(desk_do(&desk, &leyla, id, close_it, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), OK);
	assert_string_equal(seen(id).state->key, "under_appeal");
	assert_int_equal(desk_do(&desk, &head, id, stays, &r), OK);
	assert_true(r.stay_until > r.filed_at && r.due_at > r.stay_until && !r.stay_ended_at); /* 60 and 90 days */
	assert_int_equal(review_end_stays(desk.office, r.stay_until + 1), OK);
	assert_int_equal(desk_do(&desk, &head, id, stays, &r), OK);
	assert_true(r.stay_ended_at > 0);
	try.outcome = "remanded";
	assert_int_equal(desk_do(&desk, &head, id, decide, &try), OK);
	assert_string_equal(seen(id).state->key, "implementation");
}

static enum err begin_order(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return case_clock_start_key(act, c->id, "pk.implement");
}

static enum err look_at_order(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct case_clock *all;
	size_t n;
	enum err e = case_clock_load_all(act, c->id, &all, &n);
	for (size_t i = 0; !e && i < n; i++)
		if (!strcmp(all[i].key, "pk.implement"))
			*(bool *)arg = all[i].paused;
	return e;
}

static enum err issue(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_move_if(act, c, "issue_finding", "finding_issued", 0, NULL, &fault);
}

/* What was to be done within a time need not be done while the order is stayed, and again when the stay ends. */
static void the_orders_own_clock_stands_still_while_it_is_stayed(void **state)
{
	int64_t id = open_case(65, "NADRA");
	struct review_try try = { .new = { "president", "law", "To the President.", "", "body", 0, 0 } };
	bool paused = true;
	assert_int_equal(desk_do(&desk, &head, id, issue, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, begin_order, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, look_at_order, &paused), OK);
	assert_false(paused);
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), OK);
	assert_int_equal(desk_do(&desk, &head, id, look_at_order, &paused), OK);
	assert_true(paused);
	try.outcome = "rejected";
	assert_int_equal(desk_do(&desk, &head, id, decide, &try), OK);
	assert_int_equal(desk_do(&desk, &head, id, look_at_order, &paused), OK);
	assert_false(paused);
}

static void a_late_petition_needs_a_reason_and_a_late_representation_none_helps(void **state)
{
	int64_t id = open_case(70, "NADRA");
	assert_int_equal(desk_do(&desk, &leyla, id, close_it, NULL), OK);
	int64_t now = desk.now;
	desk.now += INT64_C(40) * 24 * 3600 * 1000;
	struct review_try try = { .new = { "review", "mistake", "Late.", "", "person", 0, 0 } };
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), ERR_INVALID);
	assert_string_equal(fault.field, "late_reason");
	struct review_try president = { .new = { "president", "law", "Late.", "The post.", "person", 0, 0 } };
	assert_int_equal(desk_do(&desk, &head, id, file_review, &president), ERR_CONFLICT);
	try.new.late_reason = "She was in hospital.";
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), OK);
	struct review r;
	assert_int_equal(desk_do(&desk, &head, id, stays, &r), OK);
	assert_true(r.late);
	desk.now = now;
}

static enum err take_back(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return review_withdrawal(act, c, arg, "It was paid.", &fault);
}

static void a_complaint_is_taken_back_once_and_with_a_ground(void **state)
{
	int64_t id = open_case(75, "NADRA");
	const struct actor person = { .kind = ACTOR_PERSON, .id = id, .name = "", .tag = "person:75" };
	assert_int_equal(desk_do(&desk, &person, id, take_back, "because"), ERR_INVALID);
	assert_int_equal(desk_do(&desk, &person, id, take_back, "solved"), OK);
	assert_int_equal(desk_do(&desk, &person, id, take_back, "solved"), ERR_CONFLICT);
	assert_int_equal(seen(id).state->phase, PHASE_INQUIRY); /* the office reads it and closes */
	assert_int_equal(desk_do(&desk, &head, id, close_it, NULL), OK);
}

/* The other profile: an appeal to a court is recorded, without limits of its own. */
static void a_court_is_recorded_in_the_other_office(void **state)
{
	const struct desk pk = desk;
	const struct actor before = head;
	desk_open(&desk, "az-commissioner");
	head = desk_staff(&desk, "basci", "commissioner");
	int64_t id = open_case(1, "State Oil Works");
	struct review_try try = { .new = { "court", "law", "To the administrative court.", "", "body", 0, 0 } };
	struct review r;
	assert_int_equal(desk_do(&desk, &head, id, close_it, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), OK);
	assert_int_equal(desk_do(&desk, &head, id, stays, &r), OK);
	assert_true(!r.due_at && !r.stay_until && !r.late);
	try.outcome = "accepted";
	assert_int_equal(desk_do(&desk, &head, id, decide, &try), OK);
	try.new.way = "president";
	assert_int_equal(desk_do(&desk, &head, id, file_review, &try), ERR_INVALID); /* no such way here */
	desk_close(&desk);
	desk = pk;
	head = before;
}

/* --- many at once ------------------------------------------------------------------------------------------------ */

static void many_at_once_each_for_itself(void **state)
{
	int64_t one = open_case(80, "NADRA"), two = open_case(81, "NADRA"), closed = open_case(82, "NADRA");
	assert_int_equal(desk_do(&desk, &head, closed, close_it, NULL), OK);
	struct bulk_case cases[] = { { .id = one, .version = seen(one).version }, { .id = two, .version = 1 },
		{ .id = closed }, { .id = 987654 } };
	const struct bulk_form form = { "assign", leyla.id, "", "", "", "", "", "", "" };
	bulk_do(desk.office, &head, desk.now, &form, cases, ARRAY_LEN(cases));
	assert_int_equal(cases[0].err, OK);
	assert_int_equal(cases[1].err, ERR_CONFLICT); /* moved on since */
	assert_int_equal(cases[2].err, ERR_CONFLICT); /* closed */
	assert_int_equal(cases[3].err, ERR_NOT_FOUND);
	assert_int_equal(seen(one).assigned_to, leyla.id);
	assert_int_equal(seen(two).assigned_to, 0);
	json_t *result = bulk_result(desk.arena, LANG_EN, cases, ARRAY_LEN(cases));
	assert_int_equal(json_array_size(json_object_get(result, "done")), 1);
	assert_int_equal(json_array_size(json_object_get(result, "refused")), 3);
	json_decref(result);
	struct bulk_case others[] = { { .id = one }, { .id = two } };
	const struct bulk_form close = { "close", 0, "", "", "advice_given", "One answer to all.", "", "", "" };
	bulk_do(desk.office, &leyla, desk.now, &close, others, 2);
	assert_int_equal(others[0].err, OK);
	assert_int_equal(others[1].err, ERR_DENIED); /* not hers */
	assert_string_equal(seen(one).closing, "advice_given");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proposal_names_who_speaks_and_knows),
		cmocka_unit_test(giving_it_away_keeps_the_count_and_asks_for_a_reason),
		cmocka_unit_test(joined_cases_are_closed_with_a_letter_each),
		cmocka_unit_test(a_reopened_joined_case_keeps_its_main_open),
		cmocka_unit_test(what_is_not_ones_own_cannot_be_linked_nor_named),
		cmocka_unit_test(a_case_is_made_from_another),
		cmocka_unit_test(a_decision_is_reviewed_by_somebody_else),
		cmocka_unit_test(a_representation_stays_the_order_for_a_time),
		cmocka_unit_test(the_orders_own_clock_stands_still_while_it_is_stayed),
		cmocka_unit_test(a_late_petition_needs_a_reason_and_a_late_representation_none_helps),
		cmocka_unit_test(a_complaint_is_taken_back_once_and_with_a_ground),
		cmocka_unit_test(a_court_is_recorded_in_the_other_office),
		cmocka_unit_test(many_at_once_each_for_itself),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
