/* Openings with a reason and conflicts of interest, rule by rule and on a whole office of either engine. */
#include "../lib/desk.h"

#include "casework/opening.h"

static struct desk desk;
static struct actor officer, other, head, unit_head;

/* --- rules ------------------------------------------------------------------------------------------------------- */

static void a_second_person_decides_once(void **state)
{
	static const struct {
		const char *kind;
		int64_t asked_by, decided_at, decider;
		enum err err;
	} rows[] = {
		{ "identity", 3, 0, 4, OK },
		{ "identity", 3, 0, 3, ERR_DENIED },
		{ "identity", 3, 9, 4, ERR_CONFLICT },
		{ "glass", 3, 0, 4, ERR_CONFLICT },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct opening o = {
			.kind = rows[i].kind, .staff_id = rows[i].asked_by, .decided_at = rows[i].decided_at
		};
		struct fault fault = { 0 };
		assert_int_equal(opening_may_decide(&o, rows[i].decider, &fault), rows[i].err);
		if (rows[i].err)
			assert_non_null(fault.key);
	}
}

static void the_alias_says_nothing_and_stays(void **state)
{
	char one[ALIAS_TEXT], again[ALIAS_TEXT], other_one[ALIAS_TEXT];
	identity_alias(desk.office, "web:1", one);
	identity_alias(desk.office, "web:1", again);
	identity_alias(desk.office, "web:2", other_one);
	assert_string_equal(one, again);
	assert_string_not_equal(one, other_one);
	assert_int_equal(strlen(one), strlen("Alias-K7M2QX"));
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct deed {
	enum { HIDE, ASK, APPROVE, REFUSE, GLASS, KEEP, LIFT, ASSIGN, MEMBER } what;
	int64_t who, id;
	struct casefile c;
	struct fault fault;
};

static enum err hide(const struct casefile_act *act, struct casefile *c)
{
	static const struct db_sql sql = { "hide", { "UPDATE casefile SET identity = 'withheld' WHERE id = $1",
						       "UPDATE casefile SET identity = 'withheld' WHERE id = $1" } };
	return db_run(act->tx, &sql, DB_ARGS(db_int(c->id)));
}

static enum err run(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct deed *deed = arg;
	deed->fault = (struct fault) { 0 };
	switch (deed->what) {
	case HIDE:
		return hide(act, c);
	case ASK:
		return identity_ask(act, c, "to write to the court", &deed->id, &deed->fault);
	case APPROVE:
	case REFUSE:
		return identity_decide(act, c, deed->id, deed->what == APPROVE, &deed->fault);
	case GLASS:
		return glass_break(act, c, "the colleague is ill", &deed->id, &deed->fault);
	case KEEP:
		return conflict_set(act, c, deed->who, "a cousin works there", &deed->fault);
	case LIFT:
		return conflict_lift(act, c, deed->who, &deed->fault);
	case MEMBER:
		return casefile_add_member(act, c, deed->who, "member", &deed->fault);
	default:
		return casefile_assign(act, c, deed->who, &deed->fault);
	}
}

static enum err look(const struct casefile_act *act, struct casefile *c, void *arg)
{
	*(struct casefile *)arg = *c;
	return OK;
}

static struct object object_of(int64_t id)
{
	static struct casefile c;
	assert_int_equal(desk_do(&desk, &head, id, look, &c), OK);
	return casefile_object(&c);
}

static enum err deed(const struct actor *actor, int64_t id, struct deed *d)
{
	return desk_do(&desk, actor, id, run, d);
}

static void an_identity_is_opened_by_two_for_a_time(void **state)
{
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	struct deed d = { .what = ASK };
	assert_int_equal(deed(&head, id, &(struct deed) { .what = ASSIGN, .who = officer.id }), OK);
	assert_int_equal(deed(&officer, id, &d), ERR_CONFLICT); /* nothing is hidden */
	assert_int_equal(deed(&head, id, &(struct deed) { .what = HIDE }), OK);
	assert_int_equal(deed(&officer, id, &d), OK);
	int64_t asked = d.id;
	assert_int_equal(deed(&officer, id, &d), ERR_CONFLICT); /* once is enough */
	struct object object = object_of(id);
	assert_int_equal(may(&officer, ACT_IDENTITY_READ, &object, NULL), ERR_DENIED);
	assert_int_equal(deed(&officer, id, &(struct deed) { .what = APPROVE, .id = asked }), ERR_DENIED);
	assert_int_equal(deed(&head, id, &(struct deed) { .what = APPROVE, .id = asked }), OK);
	assert_int_equal(deed(&head, id, &(struct deed) { .what = REFUSE, .id = asked }), ERR_CONFLICT);
	object = object_of(id);
	assert_int_equal(may(&officer, ACT_IDENTITY_READ, &object, NULL), OK);
	assert_int_equal(may(&head, ACT_IDENTITY_READ, &object, NULL), ERR_DENIED); /* who approves does not know */
}

static void what_was_asked_can_be_refused(void **state)
{
	int64_t id = desk_file(&desk, 2, "State Oil Works");
	struct deed d = { .what = ASK };
	assert_int_equal(deed(&head, id, &(struct deed) { .what = HIDE }), OK);
	assert_int_equal(deed(&head, id, &d), OK);
	d.what = REFUSE;
	assert_int_equal(deed(&head, id, &d), ERR_DENIED);
	assert_int_equal(deed(&unit_head, id, &d), OK);
	struct object object = object_of(id);
	assert_int_equal(may(&head, ACT_IDENTITY_READ, &object, NULL), ERR_DENIED);
	/* An opening of another case is none of this one's. */
	int64_t elsewhere = desk_file(&desk, 3, "State Oil Works");
	assert_int_equal(deed(&unit_head, elsewhere, &d), ERR_NOT_FOUND);
}

static void broken_glass_lets_one_read(void **state)
{
	int64_t id = desk_file(&desk, 4, "State Oil Works");
	struct deed d = { .what = GLASS };
	assert_int_equal(deed(&head, id, &(struct deed) { .what = ASSIGN, .who = officer.id }), OK);
	assert_int_equal(deed(&officer, id, &d), ERR_CONFLICT); /* may read it as it is */
	assert_int_equal(deed(&other, id, &d), OK);
	struct object object = object_of(id);
	assert_int_equal(may(&other, ACT_CASE_READ, &object, NULL), OK);
	assert_int_equal(may(&other, ACT_CASE_WORK, &object, NULL), ERR_DENIED);
}

static void a_conflict_takes_lead_and_team_away(void **state)
{
	int64_t id = desk_file(&desk, 5, "State Oil Works");
	struct deed d = { .what = KEEP, .who = officer.id };
	assert_int_equal(deed(&head, id, &(struct deed) { .what = ASSIGN, .who = officer.id }), OK);
	assert_int_equal(deed(&head, id, &(struct deed) { .what = MEMBER, .who = other.id }), OK);
	struct object object = object_of(id);
	assert_int_equal(may(&other, ACT_CASE_WORK, &object, NULL), OK);
	assert_int_equal(deed(&head, id, &d), OK);
	assert_int_equal(deed(&head, id, &d), ERR_CONFLICT);
	d.who = other.id;
	assert_int_equal(deed(&head, id, &d), OK);
	object = object_of(id);
	assert_int_equal(object.assigned_to, 0);
	assert_int_equal(may(&officer, ACT_CASE_READ, &object, NULL), ERR_NOT_FOUND);
	assert_int_equal(may(&other, ACT_CASE_READ, &object, NULL), ERR_NOT_FOUND);
	/* Neither is it given back by mistake. */
	d = (struct deed) { .what = ASSIGN, .who = officer.id };
	assert_int_equal(deed(&head, id, &d), ERR_CONFLICT);
	assert_string_equal(d.fault.field, "staff_id");
	d = (struct deed) { .what = LIFT, .who = officer.id };
	assert_int_equal(deed(&head, id, &d), OK);
	assert_int_equal(deed(&head, id, &d), ERR_NOT_FOUND);
	d.what = ASSIGN;
	assert_int_equal(deed(&head, id, &d), OK);
}

static int open_office(void **state)
{
	desk_open(&desk, "az-commissioner");
	officer = desk_staff(&desk, "officer", "investigator");
	other = desk_staff(&desk, "other", "investigator");
	head = desk_staff(&desk, "head", "commissioner");
	unit_head = desk_staff(&desk, "second", "commissioner");
	return 0;
}

static int close_office(void **state)
{
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_person_decides_once),
		cmocka_unit_test(the_alias_says_nothing_and_stays),
		cmocka_unit_test(an_identity_is_opened_by_two_for_a_time),
		cmocka_unit_test(what_was_asked_can_be_refused),
		cmocka_unit_test(broken_glass_lets_one_read),
		cmocka_unit_test(a_conflict_takes_lead_and_team_away),
	};
	return cmocka_run_group_tests(tests, open_office, close_office);
}
