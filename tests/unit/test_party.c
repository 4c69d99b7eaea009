/* People of a case: each rule; that "not asked", "refused" and "unknown" stay apart; that nothing is lost by a change.
 */
#include "../lib/desk.h"
#include "casework/party.h"
#include "text/date.h"

static struct desk desk;
static struct actor officer;

static int setup(void **state)
{
	desk_open(&desk, "az-commissioner");
	officer = desk_staff(&desk, "officer", "commissioner");
	return 0;
}

static int teardown(void **state)
{
	desk_close(&desk);
	return 0;
}

/* --- rules ------------------------------------------------------------------------------------------------------- */

#define AT(member_) offsetof(struct intake_party, member_)
static const struct {
	struct {
		size_t at;
		const char *value;
	} set[3];
	const char *field; /* NULL: taken */
} rules[] = {
	{ { { AT(name), "A" } }, NULL },
	{ { { AT(name), "" } }, "name" },
	{ { { AT(kind), "anonymous" } }, "kind" }, /* with a name */
	{ { { AT(kind), "anonymous" }, { AT(name), "" } }, NULL },
	{ { { AT(role), "" } }, "role" },
	{ { { AT(birth_date), "1990-02-30" } }, "birth_date" },
	{ { { AT(birth_date), "2999-01-01" } }, "birth_date" },
	{ { { AT(nationality), "ZZ" } }, "nationality" },
	{ { { AT(nationality), "refused" } }, NULL },
	{ { { AT(nationality), "PK" } }, NULL },
	{ { { AT(answer_by), "post" } }, "address" },
	{ { { AT(answer_by), "post" }, { AT(address), "Baku" } }, NULL },
	{ { { AT(answer_by), "email" } }, "email" },
	{ { { AT(answer_by), "email" }, { AT(email), "a@example.org" } }, NULL },
	{ { { AT(answer_by), "phone" } }, "phone" },
	{ { { AT(answer_by), "page" } }, NULL },
	{ { { AT(role), "representative" } }, "authority" },
	{ { { AT(role), "representative" }, { AT(authority), "lawyer" } }, NULL },
	{ { { AT(role), "representative" }, { AT(authority), "lawyer" }, { AT(authority_until), "2001-01-01" } },
	    "authority_until" },
};

static struct intake_party good(void)
{
	return (struct intake_party) { .role = "complainant", .name = "Leyla", .kind = "natural" };
}

static void each_rule(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct intake_party p = good();
		struct faults faults = { 0 };
		for (size_t k = 0; k < 3 && rules[i].set[k].value; k++)
			*(const char **)((char *)&p + rules[i].set[k].at) = rules[i].set[k].value;
		enum err e = party_check(&p, "x_", civil_days((struct civil) { 2026, 11, 23 }), &faults);
		if ((e == OK) != !rules[i].field || faults.n != (rules[i].field ? 1 : 0))
			fail_msg("row %zu: %zu faults, %s", i, faults.n, faults.v[0].field);
		if (rules[i].field)
			assert_string_equal(faults.v[0].field + 2, rules[i].field);
	}
}

static void who_is_detained(void **state)
{
	static const struct {
		const char *detention;
		bool is;
	} rows[] = { { "", false }, { "none", false }, { "refused", false }, { "unknown", false }, { "police", true },
		{ "prison", true }, { "military", true } };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(party_detained(&(struct intake_party) { .detention = rows[i].detention }), rows[i].is);
	assert_false(party_detained(&(struct intake_party) { 0 }));
}

/* --- doors ------------------------------------------------------------------------------------------------------- */

struct doing {
	struct intake_party who;
	int64_t id;
	const char *why;
	struct party_row *rows;
	size_t n;
	struct fault fault;
};

static enum err add(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return party_add(act, c, &d->who, &d->id, &d->fault);
}

static enum err change(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return party_change(act, c, d->id, &d->who, &d->fault);
}

static enum err leave_out(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return party_remove(act, c, d->id, d->why, &d->fault);
}

static enum err load(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	return party_load(act->tx, act->arena, c->id, &d->rows, &d->n);
}

static enum err name_of(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct doing *d = arg;
	d->why = c->person_name;
	return OK;
}

static void keeps_what_was_not_asked_apart(void **state)
{
	int64_t id = desk_file(&desk, 1, "An office");
	struct doing d = { .who = { .role = "affected",
			       .name = "Nənə",
			       .sex = "refused",
			       .age_band = "unknown",
			       .nationality = "refused",
			       .disability = "",
			       .detention = "none",
			       .group = { [1] = true, [4] = true } } };
	assert_int_equal(desk_do(&desk, &officer, id, add, &d), OK);
	assert_int_equal(desk_do(&desk, &officer, id, load, &d), OK);
	assert_int_equal(d.n, 2);
	const struct intake_party *p = &d.rows[1].who;
	assert_string_equal(p->sex, "refused");
	assert_string_equal(p->age_band, "unknown");
	assert_string_equal(p->nationality, "refused");
	assert_string_equal(p->disability, "");
	assert_string_equal(p->detention, "none");
	assert_true(p->group[1] && p->group[4] && !p->group[0]);
	assert_string_equal(d.rows[0].who.sex, ""); /* the web form does not ask */
}

static void changes_and_removes_with_history(void **state)
{
	int64_t id = desk_file(&desk, 2, "An office");
	struct doing d = { .who = { .role = "witness", .name = "Qonşu" } };
	assert_int_equal(desk_do(&desk, &officer, id, add, &d), OK);
	d.who.name = "Qonşu Həsən";
	assert_int_equal(desk_do(&desk, &officer, id, change, &d), OK);
	d.why = "Named by mistake.";
	assert_int_equal(desk_do(&desk, &officer, id, leave_out, &d), OK);
	assert_int_equal(
	    desk_do(&desk, &officer, id, change, &d), ERR_NOT_FOUND); /* an entry that was ended stays as it is */
	assert_int_equal(desk_do(&desk, &officer, id, load, &d), OK);
	assert_string_equal(d.rows[1].who.name, "Qonşu Həsən");
	assert_string_equal(d.rows[1].removed_why, "Named by mistake.");
	assert_true(d.rows[1].removed_at > 0);
}

static void the_complainant_stays_and_names_the_case(void **state)
{
	int64_t id = desk_file(&desk, 3, "An office");
	struct doing d = { .why = "x" };
	assert_int_equal(desk_do(&desk, &officer, id, load, &d), OK);
	d.id = d.rows[0].id;
	assert_int_equal(desk_do(&desk, &officer, id, leave_out, &d), ERR_CONFLICT);
	d.who = d.rows[0].who;
	d.who.name = "Person Three";
	assert_int_equal(desk_do(&desk, &officer, id, change, &d), OK);
	assert_int_equal(desk_do(&desk, &officer, id, name_of, &d), OK);
	assert_string_equal(d.why, "Person Three");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(who_is_detained),
		cmocka_unit_test(keeps_what_was_not_asked_apart),
		cmocka_unit_test(changes_and_removes_with_history),
		cmocka_unit_test(the_complainant_stays_and_names_the_case),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
