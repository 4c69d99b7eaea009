/* Findings: every arrow, completeness by pair, comments, issuing by digest, and closing that needs it. */
#include "casework/finding.h"

#include "../lib/desk.h"
#include "text/date.h"

static void every_arrow(void **state)
{
	static const char *const states[] = { "draft", "circulated", "issued", "dropped" };
	static const char *const to[][FINDING_STEP_MAX] = {
		{ "draft", "circulated", NULL, "issued", "dropped" },
		{ "draft", NULL, "circulated", "issued", "dropped" },
		{ NULL, NULL, NULL, NULL, NULL },
		{ NULL, NULL, NULL, NULL, NULL },
	};
	for (size_t s = 0; s < ARRAY_LEN(states); s++) {
		for (enum finding_step step = 0; step < FINDING_STEP_MAX; step++) {
			const char *got = NULL;
			enum err e = finding_next(states[s], step, &got, NULL);
			assert_int_equal(e, to[s][step] ? OK : ERR_CONFLICT);
			if (!e)
				assert_string_equal(got, to[s][step]);
		}
	}
}

static void each_pair_has_its_result(void **state)
{
	static const struct {
		const char *result[2], *fault[2];
		const char *field; /* NULL: complete */
	} rows[] = {
		{ { "violation", "none" }, { "delay", "" }, NULL },
		{ { "partly", "open" }, { "no_reply", "" }, NULL },
		{ { "violation", "" }, { "delay", "" }, "result_2" },
		{ { "", "none" }, { "", "" }, "result_1" },
		{ { "none", "violation" }, { "", "" }, "fault_2" },
		{ { "none", "none" }, { "delay", "" }, "fault_1" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct finding_pairs pairs;
		struct fault fault = { 0 };
		for (size_t k = 0; k < 2; k++) {
			pairs.result[k] = rows[i].result[k];
			pairs.fault_type[k] = rows[i].fault[k];
		}
		assert_int_equal(finding_complete(&pairs, 2, &fault), rows[i].field ? ERR_INVALID : OK);
		if (rows[i].field)
			assert_string_equal(fault.field, rows[i].field);
	}
}

static void nobody_is_cut_off(void **state)
{
	static const struct {
		struct finding_comment comment;
		enum err expected;
	} rows[] = {
		{ { .due_at = 99 }, OK },            /* the time is over */
		{ { .due_at = 100 }, ERR_CONFLICT }, /* its last moment */
		{ { .due_at = 200, .answered_at = 50 }, OK },
		{ { .due_at = 200, .closed = true }, OK }, /* of an earlier version */
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(finding_heard(&rows[i].comment, 1, 100, NULL), rows[i].expected);
}

static void comments_come_once_and_while_they_are_asked(void **state)
{
	const struct finding_comment open = { .due_at = 1 }, answered = { .answered_at = 1 },
				     ended = { .closed = true };
	assert_int_equal(finding_may_comment(&open, "circulated", NULL), OK); /* late is better than never */
	assert_int_equal(finding_may_comment(&answered, "circulated", NULL), ERR_CONFLICT);
	assert_int_equal(finding_may_comment(&ended, "draft", NULL), ERR_CONFLICT);
	assert_int_equal(finding_may_comment(&open, "issued", NULL), ERR_CONFLICT);
}

/* --- with a database --------------------------------------------------------------------------------------------- */

struct work {
	struct finding_text text;
	struct finding_circulation how;
	struct finding_opinion opinion;
	struct issue_list issues;
	int64_t id, comment, seen, n;
	const char *words;
	struct finding loaded;
	struct fault fault;
	char digest[2][100];
};

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err draft(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return finding_draft(act, c, &w->text, 0, &w->id, &w->fault);
}

static enum err revise(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return finding_revise(act, c, w->id, &w->text, w->seen, &w->fault);
}

static enum err circulate(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return finding_circulate(act, c, w->id, &w->how, &w->fault);
}

static enum err comment(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return finding_comment(act, c, w->comment, &w->opinion, &w->fault);
}

static enum err issue(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return finding_issue(act, c, w->id, w->seen, 0, &w->fault);
}

static enum err drop(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return finding_drop(act, c, w->id, "The body gave in.", &w->fault);
}

static enum err close_as(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return casefile_close(act, c, w->words, "", 0, &w->fault);
}

static enum err load(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	enum err e = issue_list(act->tx, act->arena, c, &w->issues);
	return e || !w->id ? e : finding_load(act->tx, act->arena, w->id, &w->loaded);
}

static const struct db_sql sql_digests = { "digests",
	{ "SELECT f.sha256, j.payload FROM finding f, journal j WHERE f.sha256 <> '' AND j.act = 'finding.issue'",
	    "SELECT f.sha256, j.payload FROM finding f, journal j WHERE f.sha256 <> '' AND j.act = 'finding.issue'" } };

static enum err digests(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *payload = NULL;
	enum err e = db_query(act->tx, &sql_digests, DB_NO_ARGS, &rows);
	if (e || !db_next(rows))
		return e ? e : ERR_NOT_FOUND;
	const char *text = db_col_text(rows, 1);
	copy_text(w->digest[0], 100, db_col_text(rows, 0));
	e = json_parse(text, strlen(text), JSON_TEXT_LIMIT, &payload, NULL);
	if (!e)
		copy_text(w->digest[1], 100, json_str_or(payload, "sha256", ""));
	json_decref(payload);
	return e;
}

static enum err verify(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return finding_verify(act->tx, act->arena, c->id, arg);
}

static const struct db_sql sql_forge = { "forge",
	{ "UPDATE finding_version SET facts = 'Nothing.' WHERE version = 2",
	    "UPDATE finding_version SET facts = 'Nothing.' WHERE version = 2" } };
static const struct db_sql sql_reseal = { "reseal",
	{ "UPDATE finding SET sha256 = $1", "UPDATE finding SET sha256 = $1" } };

/* Who changes the text finds the digest against them; who changes that too, the journal. */
static enum err forge(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return db_run(act->tx, &sql_forge, DB_NO_ARGS);
}

static enum err reseal(const struct casefile_act *act, struct casefile *c, void *arg)
{
	char *text, digest[SHA256_HEX];
	json_t *results = json_pack("[{s:s, s:s, s:s, s:i, s:s, s:s}]", "body_key", "", "body_name", "State Oil Works",
	    "fault_type", "delay", "issue", (int)*(int64_t *)arg, "result", "violation", "subject", "");
	enum err e = finding_canonical("Nothing.", "The law wants them paid monthly.", results, 2, &text, digest);
	json_decref(results);
	free(text);
	return e ? e : db_run(act->tx, &sql_reseal, DB_ARGS(db_text(digest)));
}

static struct work written(struct desk *desk, const char *result, const char *fault)
{
	struct work w = { .text = { "Wages of four months were not paid.", "The law wants them paid monthly." },
		.opinion = { "partly", "It was three months.", "We shall pay." } };
	char *day = arena_alloc(desk->arena, 11);
	int64_t today = civil_days(zone_date(desk->office->profile->calendar.zone, desk->now + 100000));
	civil_format(day, civil_from_days(today + 10));
	w.how = (struct finding_circulation) { true, true, day };
	for (size_t i = 0; i < ISSUES_MAX; i++)
		w.text.pairs.result[i] = w.text.pairs.fault_type[i] = "";
	w.text.pairs.result[0] = result;
	w.text.pairs.fault_type[0] = fault;
	return w;
}

static void what_was_filed_is_the_first_pair(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = written(desk, "none", "");
	assert_int_equal(desk_do(desk, &officer, id, load, &w), OK);
	assert_int_equal(w.issues.n, 1);
	assert_int_equal(w.issues.at[0].id, 0); /* not a row yet */
	assert_string_equal(w.issues.at[0].body_name, "State Oil Works");
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, load, &w), OK);
	assert_int_equal(w.issues.n, 1);
	assert_true(w.issues.at[0].id > 0);
	assert_string_equal(w.issues.at[0].finding, ""); /* a draft decides nothing */
}

static void drafted_circulated_commented_issued(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator"),
		     head = desk_staff(desk, "head", "commissioner");
	int64_t id = desk_file(desk, 1, "State Oil Works"), other = desk_file(desk, 2, "Another");
	struct actor person = { .kind = ACTOR_PERSON, .id = id, .name = "", .tag = "person:1" };
	struct work w = written(desk, "violation", "no_such_fault");
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), ERR_CONFLICT); /* not admitted */
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), ERR_INVALID);
	assert_string_equal(w.fault.field, "fault_1");
	w.text.pairs.fault_type[0] = "";
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), ERR_CONFLICT); /* one at a time */
	assert_int_equal(desk_do(desk, &head, id, issue, &w), ERR_INVALID);     /* which fault? */
	w.text.pairs.fault_type[0] = "delay";
	w.seen = 7;
	assert_int_equal(desk_do(desk, &officer, id, revise, &w), ERR_CONFLICT);
	w.seen = 1;
	assert_int_equal(desk_do(desk, &officer, id, revise, &w), OK);
	assert_int_equal(desk_do(desk, &officer, other, circulate, &w), ERR_NOT_FOUND);
	assert_int_equal(desk_do(desk, &officer, id, circulate, &w), OK); /* comments 1 (person) and 2 (body) */
	w.seen = 2;
	assert_int_equal(desk_do(desk, &head, id, issue, &w), ERR_CONFLICT); /* they have time */
	w.comment = 2;
	assert_int_equal(desk_do(desk, &person, id, comment, &w), ERR_NOT_FOUND); /* the body's is not the person's */
	w.comment = 1;
	assert_int_equal(desk_do(desk, &person, id, comment, &w), OK);
	assert_int_equal(desk_do(desk, &person, id, comment, &w), ERR_CONFLICT); /* once */
	w.comment = 2;
	assert_int_equal(desk_do(desk, &officer, id, comment, &w), OK);
	assert_int_equal(desk_do(desk, &head, id, issue, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, revise, &w), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &officer, id, drop, &w), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &officer, id, load, &w), OK);
	assert_string_equal(w.loaded.state, "issued");
	assert_string_equal(w.issues.at[0].finding, "violation");
	assert_string_equal(w.issues.at[0].fault_type, "delay");
	assert_int_equal(desk_do(desk, &officer, id, digests, &w), OK);
	assert_string_equal(w.digest[0], w.digest[1]);
	assert_int_equal(strlen(w.digest[0]), 64);
	bool holds = false;
	assert_int_equal(desk_do(desk, &officer, id, verify, &holds), OK);
	assert_true(holds);
	assert_int_equal(desk_do(desk, &officer, id, forge, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, verify, &holds), OK);
	assert_false(holds);
	assert_int_equal(desk_do(desk, &officer, id, reseal, &w.issues.at[0].id), OK);
	assert_int_equal(desk_do(desk, &officer, id, verify, &holds), OK);
	assert_false(holds);
}

static void a_changed_draft_asks_anew(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator"),
		     head = desk_staff(desk, "head", "commissioner");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = written(desk, "none", "");
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, draft, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, circulate, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, revise, &w), OK);
	w.comment = 1;
	assert_int_equal(desk_do(desk, &officer, id, comment, &w), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &head, id, issue, &w), OK); /* nobody is waited for any more */
}

static void closing_on_the_merits_needs_a_finding(void **state)
{
	static const struct {
		const char *reason;
		bool needs;
	} rows[] = {
		{ "upheld", true },
		{ "partly_upheld", true },
		{ "not_upheld", true },
		{ "withdrawn", false },
		{ "mediated_settlement", false },
		{ "premature", false },
	};
	struct desk *desk = *state;
	struct actor head = desk_staff(desk, "head", "commissioner");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t id = desk_file(desk, (int)i + 1, "State Oil Works");
		struct work w = written(desk, "none", "");
		w.words = rows[i].reason;
		assert_int_equal(desk_do(desk, &head, id, admit, NULL), OK);
		assert_int_equal(desk_do(desk, &head, id, close_as, &w), rows[i].needs ? ERR_CONFLICT : OK);
		if (!rows[i].needs)
			continue;
		assert_string_equal(w.fault.field, "closing");
		assert_int_equal(desk_do(desk, &head, id, draft, &w), OK);
		assert_int_equal(desk_do(desk, &head, id, close_as, &w), ERR_CONFLICT); /* a draft is none */
		assert_int_equal(desk_do(desk, &head, id, issue, &w), OK);
		assert_int_equal(desk_do(desk, &head, id, close_as, &w), OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow),
		cmocka_unit_test(each_pair_has_its_result),
		cmocka_unit_test(nobody_is_cut_off),
		cmocka_unit_test(comments_come_once_and_while_they_are_asked),
		cmocka_unit_test_setup_teardown(what_was_filed_is_the_first_pair, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(drafted_circulated_commented_issued, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(a_changed_draft_asks_anew, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(closing_on_the_merits_needs_a_finding, desk_set_up, desk_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
