/* Substitution: the guards by table, and what is stored. */
#include "office/substitution.h"

#include "../lib/desk.h"

/* 1 is away, 2 stands in, from day 10 to day 20, unless a row says otherwise. */
static void guards_allow_and_refuse(void **state)
{
	static const struct substitution_persons fine = { true, true, true, true };
	const struct {
		const char *what;
		struct substitution new, other;
		struct substitution_persons persons;
		enum err answer;
		const char *field;
	} rows[] = {
		{ "plain", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 }, { 0 }, fine, OK, NULL },
		{ "oneself", { .absent = 1, .deputy = 1, .from_at = 10, .to_at = 20 }, { 0 }, fine, ERR_INVALID,
		    "deputy" },
		{ "in the past", { .absent = 1, .deputy = 2, .from_at = 4, .to_at = 20 }, { 0 }, fine, ERR_INVALID,
		    "from" },
		{ "ends first", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 10 }, { 0 }, fine, ERR_INVALID,
		    "to" },
		{ "nobody away", { .deputy = 2, .from_at = 10, .to_at = 20 }, { 0 }, fine, ERR_INVALID, "absent" },
		{ "twice", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 1, .deputy = 3, .from_at = 19, .to_at = 30 }, fine, ERR_CONFLICT, "deputy" },
		{ "one after the other", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 1, .deputy = 3, .from_at = 20, .to_at = 30 }, fine, OK, NULL },
		{ "mutual", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 2, .deputy = 1, .from_at = 5, .to_at = 11 }, fine, ERR_CONFLICT, "deputy" },
		{ "mutual, but at another time", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 2, .deputy = 1, .from_at = 20, .to_at = 30 }, fine, OK, NULL },
		{ "the deputy is away", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 2, .deputy = 3, .from_at = 15, .to_at = 16 }, fine, ERR_CONFLICT, "deputy" },
		{ "who is away stands in", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 4, .deputy = 1, .from_at = 15, .to_at = 16 }, fine, ERR_CONFLICT, "deputy" },
		{ "the deputy stands in for another too", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 },
		    { .absent = 4, .deputy = 2, .from_at = 15, .to_at = 16 }, fine, OK, NULL },
		{ "post twice",
		    { .acting = true, .deputy = 2, .role = "head", .unit = "u", .from_at = 10, .to_at = 20 },
		    { .acting = true, .deputy = 3, .role = "head", .unit = "u", .from_at = 12, .to_at = 13 }, fine,
		    ERR_CONFLICT, "deputy" },
		{ "another post",
		    { .acting = true, .deputy = 2, .role = "head", .unit = "u", .from_at = 10, .to_at = 20 },
		    { .acting = true, .deputy = 3, .role = "head", .unit = "v", .from_at = 12, .to_at = 13 }, fine, OK,
		    NULL },
		{ "acting while away",
		    { .acting = true, .deputy = 2, .role = "head", .unit = "u", .from_at = 10, .to_at = 20 },
		    { .absent = 2, .deputy = 5, .role = "", .unit = "", .from_at = 12, .to_at = 13 }, fine,
		    ERR_CONFLICT, "deputy" },
		{ "deputy left", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 }, { 0 },
		    { true, false, true, true }, ERR_INVALID, "deputy" },
		{ "deputy works on no cases", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 }, { 0 },
		    { true, true, true, false }, ERR_INVALID, "deputy" },
		{ "absent works on no cases", { .absent = 1, .deputy = 2, .from_at = 10, .to_at = 20 }, { 0 },
		    { true, true, false, true }, ERR_INVALID, "absent" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		struct substitution new = rows[i].new, other = rows[i].other;
		new.role = new.role ? new.role : "";
		new.unit = new.unit ? new.unit : "";
		other.role = other.role ? other.role : "";
		other.unit = other.unit ? other.unit : "";
		enum err e = substitution_may(&new, &rows[i].persons, &other, 1, 5, &fault);
		if (e != rows[i].answer || (rows[i].field && strcmp(fault.field, rows[i].field) != 0))
			fail_msg("%s: %s, field %s", rows[i].what, err_slug(e), fault.field);
	}
}

struct stored {
	struct substitution s;
	struct substitution_list list;
	int64_t id;
	struct fault fault;
};

static enum err add(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct stored *x = arg;
	x->fault = (struct fault) { 0 };
	return substitution_add(act->office, act->tx, act->arena, act->actor, act->now, &x->s, &x->id, &x->fault);
}

static enum err end(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct stored *x = arg;
	struct substitution s;
	enum err e = substitution_load(act->tx, act->arena, x->id, &s);
	return e ? e : substitution_end(act->tx, act->actor, act->now, &s, &x->fault);
}

static enum err of_deputy(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct stored *x = arg;
	return substitution_of_deputy(act->tx, act->arena, x->s.deputy, act->now, &x->list);
}

static void stored_and_looked_up(void **state)
{
	struct desk desk = { 0 };
	desk_open(&desk, "az-commissioner");
	const struct actor leyla = desk_staff(&desk, "leyla", "commissioner");
	const struct actor kamran = desk_staff(&desk, "kamran", "investigator");
	const struct actor rauf = desk_staff(&desk, "rauf", "administrator");
	struct stored x = { .s = { .absent = leyla.id,
				.deputy = kamran.id,
				.role = "",
				.unit = "",
				.note = "Holiday",
				.from_at = desk.now,
				.to_at = desk.now + 5 * DAY_MS } };
	assert_int_equal(desk_do(&desk, &leyla, 0, add, &x), OK);
	int64_t id = x.id;
	assert_int_equal(desk_do(&desk, &leyla, 0, add, &x), ERR_CONFLICT); /* twice at once */
	x.s.absent = kamran.id;
	x.s.deputy = leyla.id;
	assert_int_equal(desk_do(&desk, &leyla, 0, add, &x), ERR_CONFLICT); /* for each other */
	x.s.deputy = rauf.id;
	assert_int_equal(desk_do(&desk, &leyla, 0, add, &x), ERR_INVALID); /* administrators see no content */
	x.s.deputy = kamran.id;
	assert_int_equal(desk_do(&desk, &kamran, 0, of_deputy, &x), OK);
	assert_int_equal(x.list.count, 1);
	assert_string_equal(x.list.at[0].absent_name, "leyla");
	assert_true(substitution_holds(&x.list.at[0], desk.now + DAY_MS));
	assert_false(substitution_holds(&x.list.at[0], desk.now + 5 * DAY_MS));
	x.id = id;
	assert_int_equal(desk_do(&desk, &leyla, 0, end, &x), OK);
	assert_int_equal(desk_do(&desk, &leyla, 0, end, &x), ERR_CONFLICT);
	assert_int_equal(desk_do(&desk, &kamran, 0, of_deputy, &x), OK);
	assert_int_equal(x.list.count, 0);
	/* What ended stands in nobody's way. */
	x.s.absent = leyla.id;
	assert_int_equal(desk_do(&desk, &leyla, 0, add, &x), OK);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guards_allow_and_refuse),
		cmocka_unit_test(stored_and_looked_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
