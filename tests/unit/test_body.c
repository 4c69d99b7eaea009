/* Bodies: mandate by day, the tree, the registry in the database, and merging that can be undone with all that refers
 * to them (trap 3 of ombudsman systems). */
#include "casework/agency.h"
#include "casework/body_merge.h"
#include "casework/recommendation.h"

#include "base/progress.h"

#include "text/date.h"

#include "../lib/desk.h"

/* --- rules ------------------------------------------------------------------------------------------------------- */

static int64_t day(const char *iso)
{
	struct civil date;
	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static void the_last_rule_that_covers_a_day_speaks(void **state)
{
	static const char *const matters[] = { "pensions", NULL };
	const struct mandate rules[] = {
		{ .may = MANDATE_YES, .since = CALENDAR_FIRST, .until = CALENDAR_LAST, .source = "law" },
		{ .may = MANDATE_LISTED,
		    .since = day("2020-01-01"),
		    .until = day("2020-12-31"),
		    .matter = matters,
		    .matters = 1,
		    .not_ours = "not_our_subject",
		    .source = "decree" },
		{ .may = MANDATE_NO,
		    .since = day("2024-01-01"),
		    .until = CALENDAR_LAST,
		    .not_ours = "not_our_institution",
		    .source = "law" },
	};
	const struct body b = { .key = "x", .mandate = rules, .mandates = ARRAY_LEN(rules) };
	static const struct {
		const char *day, *subject;
		bool open;
	} rows[] = {
		{ "2019-12-31", "", true },
		{ "2020-06-01", "pensions", true },
		{ "2020-06-01", "wages", false },
		{ "2020-06-01", "", true }, /* no subject yet: it may still become one of them */
		{ "2021-01-01", "wages", true },
		{ "2023-12-31", "wages", true },
		{ "2024-01-01", "pensions", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(body_open_to(&b, day(rows[i].day), rows[i].subject), rows[i].open);
	assert_string_equal(body_mandate_on(&b, day("2025-01-01"))->not_ours, "not_our_institution");
	const struct body silent = { .key = "y" };
	assert_null(body_mandate_on(&silent, 0));
	assert_false(body_open_to(&silent, 0, ""));
}

static void paths_tell_who_is_below_whom(void **state)
{
	assert_true(body_path_is("/ministry/agency/", "agency"));
	assert_false(body_path_is("/ministry/agency/", "ministry"));
	assert_true(body_path_within("/ministry/agency/", "ministry"));
	assert_true(body_path_within("/ministry/agency/", "agency"));
	assert_false(body_path_within("/ministry/agency/", "min"));
	assert_false(body_path_within("/ministry/agency/", "istry"));
	assert_false(body_path_within("/", ""));
	assert_false(body_path_is("/a/", ""));
}

static void merging_needs_two_facts_known_of_both(void **state)
{
	const struct body a = { .key = "a", .merged_into = "" }, b = { .key = "b", .merged_into = "" },
			  gone = { .key = "c", .merged_into = "b" };
	const struct body_fact facts[] = { { "name", "Name", "A", "B", false }, { "web", "Web", "x", "x", true },
		{ "phone", "Phone", "", "1", false } };
	const struct {
		const struct body *source, *target;
		bool related;
		const char *fact1, *fact2;
		enum err e;
		const char *field;
	} rows[] = {
		{ &a, &b, false, "name", "web", OK, "" },
		{ &a, &b, false, "name", "name", ERR_INVALID, "fact2" },
		{ &a, &b, false, "name", "phone", ERR_INVALID, "fact2" },
		{ &a, &b, false, "colour", "web", ERR_INVALID, "fact1" },
		{ &a, &a, false, "name", "web", ERR_INVALID, "target" },
		{ &gone, &a, false, "name", "web", ERR_CONFLICT, "target" },
		{ &a, &gone, false, "name", "web", ERR_CONFLICT, "target" },
		{ &a, &b, true, "name", "web", ERR_CONFLICT, "target" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct body_merging m = { rows[i].source, rows[i].target, rows[i].related, facts,
			ARRAY_LEN(facts) };
		struct fault fault = { 0 };
		assert_int_equal(body_may_merge(&m, rows[i].fact1, rows[i].fact2, &fault), rows[i].e);
		assert_string_equal(fault.field, rows[i].field);
	}
}

/* --- the registry ------------------------------------------------------------------------------------------------ */

struct step {
	const char *key, *name, *parent, *into, *fact1, *fact2;
	int64_t id, n;
	const char *made;
	struct fault fault;
};

static struct body_form form_of(const struct step *s)
{
	struct body_form form = { .key = "",
		.parent = s->parent ? s->parent : "",
		.kind = "agency",
		.country = "AZ",
		.region = "",
		.register_no = "123",
		.web = "https://example.org",
		.note = "",
		.since = "",
		.until = "" };
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		form.name[lang] = s->name;
	return form;
}

static enum err add(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	const struct body_form form = form_of(s);
	return body_add(act, &form, &s->made, &s->fault);
}

static enum err change(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	struct body_form form = form_of(s);
	form.version = s->n;
	return body_change(act, s->key, &form, &s->fault);
}

static enum err merge(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	const struct merge_form form = { s->into, s->fact1 ? s->fact1 : "web", s->fact2 ? s->fact2 : "register_no",
		"The same office under two names" };
	return body_merge(act, s->key, &form, &s->id, &s->fault);
}

static enum err undo(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	return body_merge_undo(act, s->key, s->id, &s->fault);
}

static const struct registry *bodies_of(struct desk *desk)
{
	const struct registry *bodies;
	assert_int_equal(registry_now(desk->office, desk->arena, &bodies), OK);
	return bodies;
}

static const char *make(struct desk *desk, const struct actor *actor, const char *name, const char *parent)
{
	struct step s = { .name = name, .parent = parent };
	assert_int_equal(desk_do(desk, actor, 0, add, &s), OK);
	return s.made;
}

static void it_begins_as_the_profile_and_is_edited(void **state)
{
	struct desk desk;
	desk_open(&desk, "az-commissioner");
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	/* Before anything was written, and after it was begun: the same bodies. */
	assert_non_null(registry_body(bodies_of(&desk), "khazar_tikinti"));
	size_t n = registry_count(bodies_of(&desk));
	assert_int_equal(n, desk.office->profile->bodies);
	assert_int_equal(registry_begin(desk.office), OK);
	assert_int_equal(registry_begin(desk.office), OK);
	assert_int_equal(registry_count(bodies_of(&desk)), n);
	assert_true(registry_body(bodies_of(&desk), "khazar_tikinti")->id > 0);
	assert_true(registry_body(bodies_of(&desk), "khazar_tikinti")->synthetic);
	assert_false(registry_body(bodies_of(&desk), "judges")->in_mandate);
	assert_string_equal(registry_body(bodies_of(&desk), "judges")->not_ours, "not_our_subject");

	const char *ministry = make(&desk, &officer, "Ministry of Roads", NULL);
	const char *agency = make(&desk, &officer, "Roads Agency", ministry);
	assert_string_equal(ministry, "ministry_of_roads");
	assert_string_equal(make(&desk, &officer, "Ministry of Roads", NULL), "ministry_of_roads_2");
	assert_string_equal(registry_path(bodies_of(&desk), desk.arena, agency), "/ministry_of_roads/roads_agency/");

	/* A renamed body is found by both names; nobody stands above themselves; two officers do not overwrite. */
	struct step s = { .key = agency, .name = "Highways Agency", .parent = ministry, .n = 1 };
	assert_int_equal(desk_do(&desk, &officer, 0, change, &s), OK);
	assert_ptr_equal(
	    registry_named(bodies_of(&desk), desk.arena, "ROADS agency"), registry_entry(bodies_of(&desk), agency));
	assert_non_null(registry_named(bodies_of(&desk), desk.arena, "Highways Agency"));
	assert_int_equal(desk_do(&desk, &officer, 0, change, &s), ERR_CONFLICT);
	assert_string_equal(s.fault.field, "version");
	struct step loop = { .key = ministry, .name = "Ministry of Roads", .parent = agency };
	assert_int_equal(desk_do(&desk, &officer, 0, change, &loop), ERR_INVALID);
	assert_string_equal(loop.fault.field, "parent");
	assert_true(registry_fits(registry_entry(bodies_of(&desk), agency), text_fold(desk.arena, "Highways Ag")));
	assert_true(registry_fits(registry_entry(bodies_of(&desk), agency), text_fold(desk.arena, "ROADS")));
	assert_false(registry_fits(registry_entry(bodies_of(&desk), agency), text_fold(desk.arena, "oads")));
	desk_close(&desk);
}

/* --- merging ----------------------------------------------------------------------------------------------------- */

static enum err point(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql sql = { "test_point", { "UPDATE casefile SET body_key = $2 WHERE id = $1",
							     "UPDATE casefile SET body_key = $2 WHERE id = $1" } };
	return db_run(act->tx, &sql, DB_ARGS(db_int(c->id), db_text(arg)));
}

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err ask(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	const struct agency_question q = { .body_name = s->key, .question = "Please report.", .questions = "" };
	return agency_ask(act, c, &q, 0, &s->id, &s->fault);
}

static enum err contact(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	const struct contact_form form = { "focal", "Aysel", "Adviser", "a@example.org", "", "Rauf", "Adviser", "",
		"+994 12 000" };
	return contact_add(act, s->key, &form, &s->id, &s->fault);
}

static enum err recommend(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct step *s = arg;
	const struct recommendation_new new = { .body_key = "road_office",
		.addressee = "Road Office",
		.measure = "Mend the road.",
		.kind = "systemic",
		.public_text = "The road is mended.",
		.ground = "",
		.due = "" };
	return recommendation_issue(act, c, &new, 0, &s->id, &s->fault);
}

struct seen {
	struct desk *desk;
	int64_t cases[4];
	const char *of_case[4], *of_request;
	int64_t request, open_source, open_target;
	int64_t recommendation, due_source, due_target, due_all;
	const char *of_recommendation;
};

static enum err due_of(struct db_tx *tx, const char *whom, int64_t *ret)
{
	static const struct db_sql sql = { "test_due",
		{ "SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'due' AND whom = $1",
		    "SELECT coalesce(sum(n), 0) FROM recommendation_day WHERE what = 'due' AND whom = $1" } };
	return db_get_int(tx, &sql, DB_ARGS(db_text(whom)), ret);
}

static enum err look(struct db_tx *tx, void *arg)
{
	struct recommendation rec = { 0 };
	struct seen *seen = arg;
	struct agency_request r;
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(seen->cases); i++) {
		struct casefile c;
		e = casefile_load(seen->desk->office, tx, seen->desk->arena, seen->cases[i], &c);
		seen->of_case[i] = c.body_key;
	}
	if (!e)
		e = agency_load(tx, seen->desk->arena, seen->request, &r);
	seen->of_request = r.body_key;
	if (!e)
		e = recommendation_load(tx, seen->desk->arena, seen->recommendation, &rec);
	seen->of_recommendation = rec.body_key;
	if (!e)
		e = due_of(tx, "key:road_office", &seen->due_source);
	if (!e)
		e = due_of(tx, "key:road_bureau", &seen->due_target);
	if (!e)
		e = due_of(tx, "", &seen->due_all);
	if (!e)
		e = tally_get(tx, "agency:open:road_office", &seen->open_source);
	return e ? e : tally_get(tx, "agency:open:road_bureau", &seen->open_target);
}

static void see(struct seen *seen)
{
	assert_int_equal(db_read(seen->desk->office->db, look, seen), OK);
}

static void what_refers_to_a_body_follows_it_and_comes_back(void **state)
{
	struct desk desk;
	struct seen seen = { .desk = &desk };
	desk_open(&desk, "az-commissioner");
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	make(&desk, &officer, "Road Office", NULL);
	make(&desk, &officer, "Road Bureau", NULL);
	const char *child = make(&desk, &officer, "Road Office North", "road_office");
	for (int i = 0; i < 4; i++)
		seen.cases[i] = desk_file(&desk, 1 + i, "Road Office");
	assert_int_equal(desk_do(&desk, &officer, seen.cases[0], point, "road_office"), OK);
	assert_int_equal(desk_do(&desk, &officer, seen.cases[1], point, "road_office"), OK);
	assert_int_equal(desk_do(&desk, &officer, seen.cases[2], point, "road_bureau"), OK);
	assert_int_equal(desk_do(&desk, &officer, seen.cases[0], admit, NULL), OK);
	struct step asked = { .key = "road_office" }, person = { .key = "road_office" };
	assert_int_equal(desk_do(&desk, &officer, seen.cases[0], ask, &asked), OK);
	assert_int_equal(desk_do(&desk, &officer, 0, contact, &person), OK);
	seen.request = asked.id;
	struct step recommended = { 0 };
	assert_int_equal(desk_do(&desk, &officer, seen.cases[0], recommend, &recommended), OK);
	seen.recommendation = recommended.id;
	see(&seen);
	assert_int_equal(seen.due_source, 1);
	assert_int_equal(seen.due_all, 1);

	struct step s = { .key = "road_office", .into = "road_bureau", .fact1 = "web", .fact2 = "web" };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &s), ERR_INVALID); /* one fact is none */
	struct step above = { .key = "road_office", .into = child };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &above), ERR_CONFLICT);
	s = (struct step) { .key = "road_office", .into = "road_bureau" };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &s), OK);
	see(&seen);
	assert_string_equal(seen.of_case[0], "road_bureau");
	assert_string_equal(seen.of_case[1], "road_bureau");
	assert_string_equal(seen.of_case[2], "road_bureau");
	assert_string_equal(seen.of_case[3], "");
	assert_string_equal(seen.of_request, "road_bureau");
	assert_string_equal(seen.of_recommendation, "road_bureau");
	assert_int_equal(seen.due_source, 0);
	assert_int_equal(seen.due_target, 1);
	assert_int_equal(seen.due_all, 1);
	assert_int_equal(seen.open_source, 0);
	assert_int_equal(seen.open_target, 1);
	/* The old key and the old name lead to the new body; what hung below it hangs there. */
	assert_string_equal(registry_body(bodies_of(&desk), "road_office")->key, "road_bureau");
	assert_string_equal(registry_named(bodies_of(&desk), desk.arena, "Road Office")->key, "road_bureau");
	assert_string_equal(registry_path(bodies_of(&desk), desk.arena, child), "/road_bureau/road_office_north/");

	/* Meanwhile: one case is given to another body, a new one comes to the target. Undoing keeps both. */
	assert_int_equal(desk_do(&desk, &officer, seen.cases[1], point, "khazar_tikinti"), OK);
	assert_int_equal(desk_do(&desk, &officer, seen.cases[3], point, "road_bureau"), OK);
	struct step other = { .key = "khazar_tikinti", .id = s.id };
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &other), ERR_NOT_FOUND); /* from another body's page */
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &s), OK);
	see(&seen);
	assert_string_equal(seen.of_case[0], "road_office");
	assert_string_equal(seen.of_case[1], "khazar_tikinti");
	assert_string_equal(seen.of_case[2], "road_bureau");
	assert_string_equal(seen.of_case[3], "road_bureau");
	assert_string_equal(seen.of_request, "road_office");
	assert_string_equal(seen.of_recommendation, "road_office");
	assert_int_equal(seen.due_source, 1);
	assert_int_equal(seen.due_target, 0);
	assert_int_equal(seen.due_all, 1);
	assert_int_equal(seen.open_source, 1);
	assert_int_equal(seen.open_target, 0);
	assert_string_equal(registry_body(bodies_of(&desk), "road_office")->key, "road_office");
	assert_string_equal(registry_path(bodies_of(&desk), desk.arena, child), "/road_office/road_office_north/");
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &s), ERR_CONFLICT); /* once */
	desk_close(&desk);
}

static enum err verified(struct desk *desk)
{
	struct progress progress;
	return casework_verify(desk->office, &progress, NULL);
}

/* What was filed is signed and stays; that the case followed a merge is no tampering (sulh verify). */
static void verifying_knows_of_merges(void **state)
{
	static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
	static const char *const declarations[] = { "truth", NULL };
	struct desk desk;
	struct intake_result result;
	desk_open(&desk, "az-commissioner");
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	make(&desk, &officer, "One", NULL);
	make(&desk, &officer, "Two", NULL);
	struct intake in = { .channel = "web",
		.lang = LANG_EN,
		.submission = "web:verify",
		.person = { "complainant", "Somebody", "", "", "", "", "+99450", "", "" },
		.body_known = true,
		.body_key = "one",
		.body_name = "One",
		.body_country = "AZ",
		.subject = "",
		.facts = "The road was not mended for years and nobody answers.",
		.remedy = "An answer.",
		.steps_taken = "",
		.declarations = declarations };
	assert_int_equal(intake_file(desk.office, &nobody, &in, desk.now, &result, NULL), OK);
	struct step s = { .key = "one", .into = "two" };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &s), OK);
	assert_int_equal(verified(&desk), OK);
	assert_int_equal(desk_do(&desk, &officer, result.casefile_id, point, "khazar_tikinti"), OK);
	assert_int_equal(verified(&desk), ERR_UNTRUSTED);
	assert_int_equal(desk_do(&desk, &officer, result.casefile_id, point, "two"), OK);
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &s), OK);
	assert_int_equal(verified(&desk), OK);
	desk_close(&desk);
}

static void a_later_merge_is_undone_first(void **state)
{
	struct desk desk;
	desk_open(&desk, "az-commissioner");
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	make(&desk, &officer, "One", NULL);
	make(&desk, &officer, "Two", NULL);
	make(&desk, &officer, "Three", NULL);
	struct step first = { .key = "one", .into = "two" }, second = { .key = "two", .into = "three" };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &first), OK);
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &second), OK);
	assert_string_equal(registry_body(bodies_of(&desk), "one")->key, "three");
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &first), ERR_CONFLICT);
	assert_string_equal(first.fault.arg[0].value, "Two");
	struct step again = { .key = "one", .into = "three" };
	assert_int_equal(desk_do(&desk, &officer, 0, merge, &again), ERR_CONFLICT);
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &second), OK);
	assert_int_equal(desk_do(&desk, &officer, 0, undo, &first), OK);
	assert_string_equal(registry_body(bodies_of(&desk), "one")->key, "one");
	desk_close(&desk);
}

static void nobody_without_a_deputy(void **state)
{
	const struct contact_form whole = { "focal", "A", "", "a@b.example", "", "B", "", "", "1" };
	struct contact_form form = whole;
	struct fault fault = { 0 };
	assert_int_equal(contact_check(&form, &fault), OK);
	form.deputy_name = "";
	assert_int_equal(contact_check(&form, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "deputy_name");
	form = whole;
	form.deputy_phone = "";
	assert_int_equal(contact_check(&form, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "deputy_email");
	form = whole;
	form.part = "friend";
	assert_int_equal(contact_check(&form, &fault), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_rule_that_covers_a_day_speaks),
		cmocka_unit_test(paths_tell_who_is_below_whom),
		cmocka_unit_test(merging_needs_two_facts_known_of_both),
		cmocka_unit_test(nobody_without_a_deputy),
		cmocka_unit_test(it_begins_as_the_profile_and_is_edited),
		cmocka_unit_test(what_refers_to_a_body_follows_it_and_comes_back),
		cmocka_unit_test(a_later_merge_is_undone_first),
		cmocka_unit_test(verifying_knows_of_merges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
