/* The contract of db.h, part one: values, rows, conflicts, rollback. Registers all parts for both engines. */
#include "suites.h"

#include "base/util.h"
#include "contract.sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample {
	struct db_value n, t, b;
	int64_t id;
};

static enum err add_sample(struct db_tx *tx, void *arg)
{
	struct sample *s = arg;
	return db_get_int(tx, &sql_sample_add, DB_ARGS(s->n, s->t, s->b), &s->id);
}

static bool same_bytes(struct db_rows *rows, int column, const struct db_value *want)
{
	size_t len = 99;
	const void *data = db_col_blob(rows, column, &len);
	bool null = want->type == DB_NULL;
	if (db_col_null(rows, column) != null || !data != null || len != want->len)
		return false;
	return !len || !memcmp(data, want->data, len);
}

static enum err check_sample(struct db_tx *tx, void *arg)
{
	const struct sample *s = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	NEED(db_query(tx, &sql_sample_by_id, DB_ARGS(db_int(s->id)), &rows) == OK);
	NEED(db_next(rows));
	NEED(db_col_null(rows, 0) == (s->n.type == DB_NULL));
	NEED(db_col_int(rows, 0) == s->n.i);
	const char *text = db_col_text(rows, 1);
	if (s->t.type == DB_NULL)
		NEED(!text);
	else
		NEED(strlen(text) == s->t.len);
	NEED(same_bytes(rows, 1, &s->t));
	NEED(same_bytes(rows, 2, &s->b));
	NEED(!db_next(rows));
	NEED(!db_next(rows));
	return db_rows_error(rows);
}

static void types_round_trip(void **state)
{
	struct fixture *f = *state;
	static uint8_t all[70000];
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	struct sample samples[] = {
		{ db_int(0), db_text(""), db_blob("", 0) },
		{ db_int(INT64_MAX), db_text("Ombudsman müəssisəsi"), db_blob(all, sizeof(all)) },
		{ db_int(INT64_MIN), db_text("وفاقی محتسب 👍"), db_blob("\0\0x\0", 4) },
		{ db_int(-1), db_textn("cut here, not there", 8), db_blob("\\x41", 4) },
		{ db_null(), db_text(NULL), db_blob(NULL, 0) },
		{ db_int_or_null(0), db_text("it's \"quoted\" \\ $1 ?"), db_blob("'", 1) },
		{ db_int_or_null(7), db_text("a\nb\tc"), db_null() },
	};
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		ASSERT_OK(db_write(f->db, add_sample, &samples[i]));
		ASSERT_OK(db_read(f->db, check_sample, &samples[i]));
	}
	assert_true(samples[1].id > samples[0].id);
}

static void placeholders_out_of_order(void **state)
{
	struct fixture *f = *state;
	struct sample s = { db_int(5), db_text("five"), db_blob("\x05", 1), 0 };
	ASSERT_OK(write_one(f->db, &sql_sample_add_swapped, DB_ARGS(s.n, s.t, s.b)));
	s.id = read_int(f->db, &sql_sample_by_n, DB_ARGS(db_int(5)));
	ASSERT_OK(db_read(f->db, check_sample, &s));
	/* A value too many or too few is an error, not a NULL. */
	assert_int_equal(write_one(f->db, &sql_sample_add_swapped, DB_ARGS(s.n, s.t)), ERR_STORE);
	assert_int_equal(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("x"), db_text("y"))), ERR_STORE);
}

static void engines_may_need_different_values(void **state)
{
	struct fixture *f = *state;
	int64_t both = f->engine == DB_SQLITE ? 5 : 2;
	assert_int_equal(read_int(f->db, &sql_one_needs_less, DB_ARGS(db_int(2), db_int(3))), both);
	(void)read_int(f->db, &sql_one_needs_less, DB_ARGS(db_int(2), db_null()));
}

static void bad_text_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("\xff\xfe"))), ERR_INVALID);
	assert_int_equal(write_one(f->db, &sql_taken_add, DB_ARGS(db_textn("a\0b", 3))), ERR_INVALID);
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 0);
}

static enum err read_sums(struct db_tx *tx, void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	NEED(db_query(tx, &sql_sample_sum, DB_NO_ARGS, &rows) == OK);
	NEED(db_next(rows));
	NEED(db_col_int(rows, 0) == 42); /* a numeric on PostgreSQL */
	NEED(db_col_int(rows, 1) == 1);  /* a boolean there */
	NEED(db_col_int(rows, 2) == 0);
	NEED(!strcmp(db_col_text(rows, 0), "42"));
	NEED(!strcmp(db_col_text(rows, 1), "1"));
	return OK;
}

static enum err read_with_lent(struct db_tx *tx, void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	char lent[] = "a";
	int64_t n = 0;
	NEED(db_query(tx, &sql_sample_texts_from, DB_ARGS(db_text(lent)), &rows) == OK);
	memset(lent, 'x', sizeof(lent) - 1);
	while (db_next(rows))
		n++;
	NEED(n == 5);
	return db_rows_error(rows);
}

/* Values are lent for the call: rows that are read later do not see them change. */
static void values_are_lent_for_the_call(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = { "a1", "b", "a2", "c", "a3" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_text(texts[i]), db_null())));
	ASSERT_OK(db_read(f->db, read_with_lent, NULL));
}

static void sums_and_truths(void **state)
{
	struct fixture *f = *state;
	ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(40), db_null(), db_null())));
	ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(2), db_null(), db_null())));
	ASSERT_OK(db_read(f->db, read_sums, NULL));
}

static enum err read_order(struct db_tx *tx, void *arg)
{
	static const char *const order[] = { "A", "Z", "a", "z", "Ə" };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	NEED(db_query(tx, &sql_sample_by_text, DB_NO_ARGS, &rows) == OK);
	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		NEED(db_next(rows));
		NEED(!strcmp(db_col_text(rows, 0), order[i]));
	}
	return OK;
}

/* Text sorts by bytes and LIKE tells case apart on both, whatever the server's locale is. */
static void text_order_and_like(void **state)
{
	struct fixture *f = *state;
	static const char *const texts[] = { "z", "Ə", "a", "Z", "A" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_text(texts[i]), db_null())));
	ASSERT_OK(db_read(f->db, read_order, NULL));
	assert_int_equal(read_int(f->db, &sql_sample_like, DB_ARGS(db_text("a%"))), 1);
}

/* The same text, once with a value and once with NULL, in either order. */
static void null_and_value_in_one_statement(void **state)
{
	struct fixture *f = *state;
	for (int64_t n = 1; n <= 3; n++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(n), db_null(), db_null())));
	assert_int_equal(read_int(f->db, &sql_sample_optional, DB_ARGS(db_null())), 3);
	assert_int_equal(read_int(f->db, &sql_sample_optional, DB_ARGS(db_int(2))), 1);
	assert_int_equal(read_int(f->db, &sql_sample_optional, DB_ARGS(db_int(INT64_MAX))), 0);
	assert_int_equal(read_int(f->db, &sql_sample_optional, DB_ARGS(db_null())), 3);
}

static enum err change_some(struct db_tx *tx, void *arg)
{
	int64_t changed = -1;
	NEED(db_run_count(tx, &sql_sample_set_n, DB_ARGS(db_int(1), db_int(2)), &changed) == OK);
	NEED(changed == 2);
	NEED(db_run_count(tx, &sql_sample_set_n, DB_ARGS(db_int(1), db_int(2)), &changed) == OK);
	NEED(changed == 0);
	NEED(db_run_count(tx, &sql_taken_add_or_not, DB_ARGS(db_text("a")), &changed) == OK);
	NEED(changed == 1);
	NEED(db_run_count(tx, &sql_taken_add_or_not, DB_ARGS(db_text("a")), &changed) == OK);
	NEED(changed == 0);
	NEED(db_run_count(tx, &sql_sample_count, DB_NO_ARGS, &changed) == OK);
	NEED(changed == 0);
	return OK;
}

static void counts_of_changes(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 2; i++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_null())));
	ASSERT_OK(db_write(f->db, change_some, NULL));
}

static enum err get_nothing(struct db_tx *tx, void *arg)
{
	int64_t id = 17;
	NEED(db_get_int(tx, &sql_sample_by_n, DB_ARGS(db_int(12345)), &id) == ERR_NOT_FOUND);
	NEED(id == 17);
	/* Finding nothing is no failure: the transaction goes on. */
	return db_run(tx, &sql_taken_add, DB_ARGS(db_text("after")));
}

static void nothing_found(void **state)
{
	struct fixture *f = *state;
	ASSERT_OK(db_write(f->db, get_nothing, NULL));
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 1);
}

static enum err add_unread(struct db_tx *tx, void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	return db_query(tx, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_null()), &rows);
}

static void returning_happens_unread(void **state)
{
	struct fixture *f = *state;
	ASSERT_OK(db_write(f->db, add_unread, NULL));
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), 1);
}

static enum err swallow_conflict(struct db_tx *tx, void *arg)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	int64_t n;
	NEED(db_run(tx, &sql_taken_add, DB_ARGS(db_text("mine"))) == OK);
	NEED(db_query(tx, &sql_sample_all, DB_NO_ARGS, &rows) == OK);
	NEED(db_run(tx, &sql_taken_add, DB_ARGS(db_text("theirs"))) == ERR_CONFLICT);
	/* The transaction is lost: nothing more runs in it, on either engine. */
	NEED(db_get_int(tx, &sql_taken_count, DB_NO_ARGS, &n) == ERR_CONFLICT);
	NEED(db_run(tx, &sql_taken_add, DB_ARGS(db_text("other"))) == ERR_CONFLICT);
	NEED(db_lock(tx, 3) == ERR_CONFLICT);
	NEED(!db_next(rows));
	NEED(db_rows_error(rows) == ERR_CONFLICT);
	return OK;
}

static void conflict_ends_the_work(void **state)
{
	struct fixture *f = *state;
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("theirs"))));
	assert_int_equal(db_write(f->db, swallow_conflict, NULL), ERR_CONFLICT);
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 1);
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("mine"))));
}

static enum err add_then_refuse(struct db_tx *tx, void *arg)
{
	NEED(db_run(tx, &sql_taken_add, DB_ARGS(db_text("never"))) == OK);
	return ERR_DENIED;
}

static void an_error_rolls_back(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(db_write(f->db, add_then_refuse, NULL), ERR_DENIED);
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 0);
}

static void other_rules_are_store_errors(void **state)
{
	struct fixture *f = *state;
	char reason[128];
	assert_int_equal(write_one(f->db, &sql_pledge_check_null, DB_NO_ARGS), ERR_STORE);
	assert_int_equal(write_one(f->db, &sql_no_such_table, DB_NO_ARGS), ERR_STORE);
	assert_non_null(strstr(db_last_error(f->db, reason, sizeof(reason)), "nowhere"));
	/* A foreign key put off to the end is checked at the end of the work. */
	assert_int_equal(write_one(f->db, &sql_pledge_add, DB_ARGS(db_int(999))), ERR_STORE);
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("still works"))));
}

static enum err write_in_read(struct db_tx *tx, void *arg)
{
	return db_run(tx, &sql_taken_add, DB_ARGS(db_text("never")));
}

static void writing_in_a_read_is_refused(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 10; i++)
		assert_int_equal(db_read(f->db, write_in_read, NULL), ERR_STORE);
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 0);
}

static enum err nested(struct db_tx *tx, void *arg)
{
	struct fixture *f = arg;
	NEED(db_write(f->db, nested, f) == ERR_INTERNAL);
	NEED(db_read(f->db, nested, f) == ERR_INTERNAL);
	NEED(db_tx_engine(tx) == f->engine);
	return OK;
}

static void no_transaction_in_a_transaction(void **state)
{
	struct fixture *f = *state;
	ASSERT_OK(db_write(f->db, nested, f));
	ASSERT_OK(db_read(f->db, nested, f));
	assert_int_equal(db_engine(f->db), f->engine);
}

static enum err rows_in_rows(struct db_tx *tx, void *arg)
{
	struct db_rows *outer CLEANUP(db_rows_free_ptr) = NULL;
	int64_t pairs = 0;
	NEED(db_query(tx, &sql_sample_all, DB_NO_ARGS, &outer) == OK);
	while (db_next(outer)) {
		struct db_rows *inner CLEANUP(db_rows_free_ptr) = NULL;
		NEED(db_query(tx, &sql_sample_all, DB_NO_ARGS, &inner) == OK);
		while (db_next(inner))
			pairs += db_col_int(outer, 0) * db_col_int(inner, 0);
	}
	NEED(pairs == 36); /* (1 + 2 + 3)² */
	return OK;
}

static void the_same_query_in_itself(void **state)
{
	struct fixture *f = *state;
	for (int64_t n = 1; n <= 3; n++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(n), db_null(), db_null())));
	for (int i = 0; i < 3; i++)
		ASSERT_OK(db_read(f->db, rows_in_rows, NULL));
}

static enum err leave_rows(struct db_tx *tx, void *arg)
{
	struct db_rows **rows = arg;
	enum err e = db_query(tx, &sql_sample_all, DB_NO_ARGS, rows);
	NEED(db_next(*rows));
	return e;
}

static void rows_end_with_the_work(void **state)
{
	struct fixture *f = *state;
	struct db_rows *rows = NULL;
	for (int64_t n = 1; n <= 3; n++)
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(n), db_null(), db_null())));
	ASSERT_OK(db_write(f->db, leave_rows, &rows));
	assert_false(db_next(rows));
	assert_int_equal(db_col_int(rows, 0), 0);
	db_rows_free(rows);
	db_rows_free(NULL);
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("x"))));
}

#define STATEMENTS 600 /* more than a connection keeps prepared */

static enum err run_many(struct db_tx *tx, void *arg)
{
	const struct db_sql *many = arg;
	for (int64_t i = 0; i < STATEMENTS; i++) {
		int64_t value = -1;
		NEED(db_get_int(tx, &many[i], DB_ARGS(db_int(i)), &value) == OK);
		NEED(value == 2 * i);
	}
	/* What the cache forgets, the server forgets, too. */
	int64_t kept = -1;
	NEED(db_get_int(tx, &sql_prepared_count, DB_NO_ARGS, &kept) == OK);
	NEED(kept >= 0 && kept <= STATEMENTS / 2);
	return OK;
}

static void more_statements_than_the_cache(void **state)
{
	struct fixture *f = *state;
	static struct db_sql many[STATEMENTS];
	static char text[STATEMENTS][64];
	for (int i = 0; i < STATEMENTS; i++) {
		snprintf(text[i], sizeof(text[i]), "SELECT CAST($1 AS BIGINT) + %d", i);
		many[i] = (struct db_sql) { "many", { text[i], text[i] } };
	}
	for (int i = 0; i < 3; i++) {
		ASSERT_OK(db_read(f->db, run_many, many));
		ASSERT_OK(db_write(f->db, run_many, many));
	}
}

static void statistics_count(void **state)
{
	struct fixture *f = *state;
	struct db_stats before, after;
	db_stats(f->db, &before);
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("a"))));
	assert_int_equal(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("a"))), ERR_CONFLICT);
	(void)read_int(f->db, &sql_taken_count, DB_NO_ARGS);
	db_stats(f->db, &after);
	assert_int_equal(after.works - before.works, 2);
	assert_int_equal(after.commits - before.commits, 1);
	assert_int_equal(after.statements - before.statements, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(types_round_trip),
		ON_BOTH(placeholders_out_of_order),
		ON_BOTH(engines_may_need_different_values),
		ON_BOTH(bad_text_is_refused),
		ON_BOTH(values_are_lent_for_the_call),
		ON_BOTH(sums_and_truths),
		ON_BOTH(text_order_and_like),
		ON_BOTH(null_and_value_in_one_statement),
		ON_BOTH(counts_of_changes),
		ON_BOTH(nothing_found),
		ON_BOTH(returning_happens_unread),
		ON_BOTH(conflict_ends_the_work),
		ON_BOTH(an_error_rolls_back),
		ON_BOTH(other_rules_are_store_errors),
		ON_BOTH(writing_in_a_read_is_refused),
		ON_BOTH(no_transaction_in_a_transaction),
		ON_BOTH(the_same_query_in_itself),
		ON_BOTH(rows_end_with_the_work),
		ON_BOTH(more_statements_than_the_cache),
		ON_BOTH(statistics_count),
		ON_BOTH(group_commit),
		ON_BOTH(one_failure_in_a_group),
		ON_BOTH(a_lock_keeps_others_out),
		ON_BOTH(numbering_without_gaps),
		ON_POSTGRESQL(conflict_from_a_view_older_than_the_lock),
		ON_BOTH(no_lost_update),
		ON_BOTH(no_write_skew),
		ON_BOTH(reader_sees_a_snapshot),
		ON_BOTH(more_readers_than_connections),
		ON_BOTH(types_are_translated),
		ON_BOTH(engine_sections),
		ON_BOTH(migrations_run_once_in_order),
		ON_BOTH(changed_migration_is_refused),
		ON_BOTH(newer_database_is_refused),
		ON_BOTH(broken_migration_leaves_nothing),
		ON_BOTH(two_programs_migrate_at_once),
		ON_BOTH(killed_writer_loses_nothing_answered),
		ON_SQLITE(full_file_and_recovery),
		ON_SQLITE(full_disk_at_commit_and_recovery),
		ON_SQLITE(file_is_private),
		ON_BOTH(bad_urls),
		ON_POSTGRESQL(lost_connections_come_back),
		ON_POSTGRESQL(connection_lost_in_work_runs_again),
		ON_POSTGRESQL(connection_lost_in_commit_never_runs_again),
	};
	return cmocka_run_group_tests_name("db contract", tests, NULL, NULL);
}
