/* The generator of invented cases: the same seed, the same cases; every rule of intake is met; and an office that it
 * filled is as sound as one that people filled. */
#include "../lib/desk.h"
#include "base/progress.h"
#include "office/journal.h"
#include "synthetic/bulk.h"
#include "synthetic/synthetic.h"
#include "synthetic/words.h"

static void the_same_number_makes_the_same_complaint(void **state)
{
	struct desk desk;
	desk_open(&desk, "az-commissioner");
	const struct profile *profile = desk.office->profile;
	char *a = synthetic_json(desk.arena, profile, 3, 41), *b = synthetic_json(desk.arena, profile, 3, 41);
	char *other = synthetic_json(desk.arena, profile, 3, 42), *seed = synthetic_json(desk.arena, profile, 4, 41);
	assert_string_equal(a, b);
	assert_string_not_equal(a, other);
	assert_string_not_equal(a, seed);
	free(a);
	free(b);
	free(other);
	free(seed);
	desk_close(&desk);
}

static void complaints_keep_the_rules_and_differ_as_real_ones_do(void **state)
{
	struct desk desk;
	size_t of_lang[LANG_MAX] = { 0 }, first_body = 0, shortest = SIZE_MAX, longest = 0;
	desk_open(&desk, "pk-wafaqi-mohtasib");
	for (uint64_t i = 0; i < 2000; i++) {
		struct arena *arena = arena_new(0);
		struct faults faults = { 0 };
		const struct intake in = synthetic_complaint(arena, desk.office->profile, 1, i);
		if (intake_check(desk.office, &in, &faults))
			fail_msg("complaint %llu breaks a rule: %s", (unsigned long long)i, faults.v[0].field);
		size_t len = strlen(in.facts);
		of_lang[in.lang]++;
		first_body += !strcmp(in.body_key, desk.office->profile->body[0].key);
		shortest = len < shortest ? len : shortest;
		longest = len > longest ? len : longest;
		arena_free(arena);
	}
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		assert_true(of_lang[lang] > 10);
	assert_true(of_lang[LANG_UR] > 1000);
	assert_true(first_body > 1000 && first_body < 1300);
	assert_true(shortest < 200 && longest > 4000);
	desk_close(&desk);
}

struct count {
	const struct db_sql *sql;
	int64_t n;
};

static enum err count_it(struct db_tx *tx, void *arg)
{
	struct count *count = arg;
	return db_get_int(tx, count->sql, DB_NO_ARGS, &count->n);
}

static int64_t count(struct desk *desk, const char *text)
{
	struct db_sql *sql = arena_alloc(desk->arena, sizeof(*sql)); /* statements are remembered by their place */
	struct count count = { .sql = sql };
	sql->name = "count";
	sql->text[DB_SQLITE] = sql->text[DB_POSTGRESQL] = text;
	assert_int_equal(db_read(desk->office->db, count_it, &count), OK);
	return count.n;
}

#define TALLIES "SELECT count(*) FROM tally WHERE name LIKE 'casefile:%' ESCAPE '\\' AND n <> "

static void a_filled_office_is_sound(void **state)
{
	struct desk desk;
	struct synthetic_staff staff;
	struct progress quiet;
	desk_open(&desk, "az-commissioner");
	assert_int_equal(synthetic_hire(desk.office, 3, &staff, NULL), OK);
	const struct synthetic s = { .seed = 5, .count = 250, .now = desk.now, .staff = &staff };
	struct fault fault = { 0 };
	if (synthetic_fill(desk.office, &s, NULL, &fault))
		fail_msg("%s: %s", fault.field, fault.key);
	assert_int_equal(synthetic_fill(desk.office, &s, NULL, NULL), OK); /* again: nothing is doubled */
	assert_int_equal(count(&desk, "SELECT count(*) FROM casefile"), 250);
	assert_true(count(&desk, "SELECT count(DISTINCT state) FROM casefile") >= 4);
	assert_true(count(&desk, "SELECT count(*) FROM casefile WHERE phase = 4") > 150);
	assert_int_equal(
	    count(&desk, TALLIES "(SELECT count(*) FROM casefile WHERE 'casefile:' || state = tally.name)"), 0);
	assert_true(count(&desk, "SELECT count(*) FROM agency_request") > 50);
	assert_int_equal(count(&desk, "SELECT count(*) FROM clock k JOIN casefile c ON c.id = k.casefile_id "
				      "WHERE c.phase = 4 AND k.stopped_at IS NULL"),
	    0);
	assert_int_equal(journal_checkpoint(desk.office->db, desk.office->keys, desk.now), OK);
	assert_int_equal(journal_verify(desk.office->db, keys_public(desk.office->keys), &quiet, NULL), OK);
	assert_int_equal(casework_verify(desk.office, &quiet, NULL), OK);
	desk_close(&desk);
}

struct take {
	const struct db_sql *sql;
	char *text; /* free() it */
};

static enum err take_text(struct db_tx *tx, void *arg)
{
	struct take *take = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, take->sql, DB_NO_ARGS, &rows);
	if (!e && db_next(rows))
		take->text = strdup(db_col_text(rows, 0));
	return e;
}

/* Doors stand in no order: their length tells. */
static char *derived(struct desk *desk)
{
	static const struct db_sql sql = { "derived",
		{ "SELECT group_concat(x, '|') FROM (SELECT list || ' ' || at || ' ' || casefile_id AS x FROM "
		  "case_list "
		  "UNION ALL SELECT list || '=' || n FROM case_list_count WHERE n <> 0 "
		  "UNION ALL SELECT casefile_id || '@' || length(doors) FROM case_words "
		  "UNION ALL SELECT casefile_id || '!' || at FROM case_news ORDER BY 1)",
		    "SELECT ''" } };
	struct take take = { &sql, NULL };
	assert_int_equal(db_read(desk->office->db, take_text, &take), OK);
	return take.text;
}

/* What was put aside and made anew is what the triggers keep. */
static void a_bulk_load_derives_the_same(void **state)
{
	struct desk desk;
	struct synthetic_staff staff;
	desk_open(&desk, "pk-wafaqi-mohtasib");
	assert_int_equal(synthetic_hire(desk.office, 3, &staff, NULL), OK);
	const struct synthetic s = {
		.seed = 6, .count = 300, .now = desk.now, .span_ms = 60 * DAY_MS, .staff = &staff
	};
	const struct synthetic more = {
		.seed = 7, .count = 20, .now = desk.now, .span_ms = 60 * DAY_MS, .staff = &staff
	};
	assert_int_equal(synthetic_fill(desk.office, &s, NULL, NULL), OK);
	char *kept = derived(&desk);
	assert_true(strlen(kept) > 10000 || db_engine(desk.office->db) == DB_POSTGRESQL);
	assert_int_equal(synthetic_bulk_begin(desk.office), OK);
	assert_int_equal(synthetic_bulk_end(desk.office), OK);
	char *made = derived(&desk);
	assert_string_equal(made, kept);
	assert_int_equal(synthetic_fill(desk.office, &more, NULL, NULL), OK); /* the triggers are back */
	char *now = derived(&desk);
	assert_true(strlen(now) > strlen(made) || db_engine(desk.office->db) == DB_POSTGRESQL);
	free(kept);
	free(made);
	free(now);
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_number_makes_the_same_complaint),
		cmocka_unit_test(complaints_keep_the_rules_and_differ_as_real_ones_do),
		cmocka_unit_test(a_filled_office_is_sound),
		cmocka_unit_test(a_bulk_load_derives_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
