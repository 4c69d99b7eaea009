/* Journal, stored files, numbers, staff and tokens on both engines. */
#include "suites.h"

#include "base/progress.h"
#include "base/util.h"
#include "contract.sql.h"
#include "crypto/crypto.h"
#include "office.test.sql.h"
#include "office/blob.h"
#include "office/job.h"
#include "office/journal.h"
#include "office/office.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int office_up(void **state)
{
	struct fixture *f = *state;
	struct db_migration list[16] = { migration_db_001_contract };
	for (size_t i = 0; i < office_migration_count; i++)
		list[1 + i] = *office_migrations[i];
	return db_migrate(f->db, list, 1 + office_migration_count, NULL) ? -1 : 0;
}

static int up_sqlite(void **state)
{
	return setup_sqlite(state) || office_up(state);
}

static int up_postgresql(void **state)
{
	return setup_postgresql(state) || office_up(state);
}

#define BOTH(f)                                                                                                        \
	{ "sqlite: " #f, f, up_sqlite, teardown, NULL },                                                               \
	{                                                                                                              \
		"postgresql: " #f, f, up_postgresql, teardown, NULL                                                    \
	}

/* --- journal -------------------------------------------------------------------------------------------------------
 */

static enum err write_entries(struct db_tx *tx, void *arg)
{
	for (int i = 1; i <= *(int *)arg; i++) {
		json_t *payload = json_object();
		json_put_int(payload, "n", i);
		enum err e = journal_write(tx, 1000 + i, "staff:1", "casefile.register", "casefile:7", payload);
		if (e)
			return e;
	}
	return OK;
}

static struct keys *written(struct fixture *f, int entries)
{
	struct keys *keys;
	ASSERT_OK(keys_generate(&keys));
	ASSERT_OK(db_write(f->db, write_entries, &entries));
	ASSERT_OK(journal_checkpoint(f->db, keys, 5000));
	return keys;
}

static enum err verified(struct fixture *f, const struct keys *keys, struct fault *fault)
{
	struct progress progress;
	*fault = (struct fault) { 0 };
	return journal_verify(f->db, keys_public(keys), &progress, fault);
}

static void an_untouched_journal_holds(void **state)
{
	struct fixture *f = *state;
	struct keys *keys = written(f, 1500); /* more than a page of the walk */
	struct fault fault;
	ASSERT_OK(verified(f, keys, &fault));
	/* Nothing new, no new checkpoint; something new, a second one. */
	int more = 1;
	ASSERT_OK(journal_checkpoint(f->db, keys, 6000));
	ASSERT_OK(db_write(f->db, write_entries, &more));
	ASSERT_OK(journal_checkpoint(f->db, keys, 7000));
	ASSERT_OK(verified(f, keys, &fault));
	keys_free(keys);
}

static const struct {
	const struct db_sql *damage;
	const char *where;
} damages[] = {
	{ &sql_break_at, "journal:3" },
	{ &sql_break_actor, "journal:3" },
	{ &sql_break_act, "journal:3" },
	{ &sql_break_object, "journal:3" },
	{ &sql_break_payload, "journal:3" },
	{ &sql_break_salt, "journal:3" },
	{ &sql_break_commitment, "journal:3" },
	{ &sql_break_hash, "journal:3" },
	{ &sql_break_half_erased, "journal:3" },
	{ &sql_break_missing, "journal:3" },
	{ &sql_break_end, "journal:6" },
	{ &sql_break_signature, "journal:6" },
	{ &sql_break_checkpoints, "journal:6" },
	{ &sql_break_all, "journal:6" },
};

static void every_change_of_the_journal_is_found(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		void *fresh = NULL;
		struct fault fault;
		assert_int_equal(f->engine == DB_SQLITE ? up_sqlite(&fresh) : up_postgresql(&fresh), 0);
		struct keys *keys = written(fresh, 6);
		ASSERT_OK(write_one(((struct fixture *)fresh)->db, damages[i].damage, DB_NO_ARGS));
		if (verified(fresh, keys, &fault) != ERR_UNTRUSTED || strcmp(fault.field, damages[i].where))
			fail_msg("%s was found at “%s”", damages[i].damage->name, fault.field);
		keys_free(keys);
		assert_int_equal(teardown(&fresh), 0);
	}
}

static void an_emptied_journal_is_found(void **state)
{
	struct fixture *f = *state;
	struct keys *keys = written(f, 3);
	struct fault fault;
	ASSERT_OK(write_one(f->db, &sql_break_all, DB_NO_ARGS));
	ASSERT_OK(write_one(f->db, &sql_break_checkpoints, DB_NO_ARGS));
	assert_int_equal(verified(f, keys, &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "journal:0");
	keys_free(keys);
}

static void somebody_elses_signature_is_refused(void **state)
{
	struct fixture *f = *state;
	struct keys *keys = written(f, 3), *others;
	struct fault fault;
	ASSERT_OK(keys_generate(&others));
	assert_int_equal(verified(f, others, &fault), ERR_UNTRUSTED);
	keys_free(keys);
	keys_free(others);
}

static enum err write_erasure(struct db_tx *tx, void *arg)
{
	return journal_write(tx, 2000, "staff:1", "journal.erase", arg, NULL);
}

static void an_erased_payload_needs_an_entry_that_says_so(void **state)
{
	struct fixture *f = *state;
	struct keys *keys = written(f, 6);
	struct fault fault;
	ASSERT_OK(write_one(f->db, &sql_erase_payload, DB_NO_ARGS));
	assert_int_equal(verified(f, keys, &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, "journal:3");
	ASSERT_OK(db_write(f->db, write_erasure, "journal:4"));
	assert_int_equal(verified(f, keys, &fault), ERR_UNTRUSTED);
	ASSERT_OK(db_write(f->db, write_erasure, "journal:3"));
	ASSERT_OK(verified(f, keys, &fault));
	keys_free(keys);
}

static void reads_are_written_before_the_office_closes(void **state)
{
	struct fixture *f = *state;
	struct journal_reader *reader;
	struct keys *keys = written(f, 1);
	struct fault fault;
	ASSERT_OK(journal_reader_start(f->db, &reader));
	for (int i = 0; i < 500; i++)
		journal_read_later(reader, i, "staff:1", "casefile.read", "casefile:1");
	journal_reader_stop(reader);
	assert_int_equal(read_int(f->db, &sql_count_reads, DB_NO_ARGS), 500);
	ASSERT_OK(verified(f, keys, &fault));
	keys_free(keys);
}

static void *write_some(void *arg)
{
	int n = 40;
	return (void *)(intptr_t)db_write(arg, write_entries, &n);
}

static void many_writers_make_one_chain(void **state)
{
	struct fixture *f = *state;
	pthread_t thread[6];
	struct keys *keys = written(f, 1);
	struct fault fault;
	for (size_t i = 0; i < ARRAY_LEN(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL, write_some, f->db), 0);
	for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
		void *result;
		pthread_join(thread[i], &result);
		assert_null(result);
	}
	ASSERT_OK(verified(f, keys, &fault));
	keys_free(keys);
}

/* --- stored files --------------------------------------------------------------------------------------------------
 */

struct sample {
	int fd;
	int64_t size;
	char sha256[SHA256_HEX];
	char *bytes;
};

static struct sample sample_file(int64_t size)
{
	struct sample s = { .size = size, .bytes = malloc((size_t)size + 1) };
	char path[] = "/tmp/sulh-blob-XXXXXX";
	for (int64_t i = 0; i < size; i++)
		s.bytes[i] = (char)(i * 7 + i / 251);
	sha256_hex(s.sha256, s.bytes, (size_t)size);
	s.fd = mkstemp(path);
	unlink(path);
	assert_int_equal(write(s.fd, s.bytes, (size_t)size), size);
	return s;
}

static void sample_done(struct sample *s)
{
	close(s->fd);
	free(s->bytes);
}

static void files_come_back_as_they_were(void **state)
{
	static const int64_t sizes[] = { 1, BLOB_CHUNK - 1, BLOB_CHUNK, BLOB_CHUNK + 1, 3 * BLOB_CHUNK + 17 };
	struct fixture *f = *state;
	struct progress progress;
	struct fault fault = { 0 };
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct sample s = sample_file(sizes[i]);
		char *back = malloc((size_t)s.size);
		int64_t at = 0, got;
		ASSERT_OK(blob_store_fd(f->db, s.fd, s.size, s.sha256, 1));
		ASSERT_OK(blob_store_fd(f->db, s.fd, s.size, s.sha256, 2)); /* the same content is stored once */
		while ((got = blob_read(f->db, s.sha256, at, back + at, 100000)) > 0)
			at += got;
		assert_int_equal(at, s.size);
		assert_memory_equal(back, s.bytes, (size_t)s.size);
		free(back);
		sample_done(&s);
	}
	assert_int_equal(read_int(f->db, &sql_count_chunks, DB_NO_ARGS), 1 + 1 + 1 + 2 + 4);
	ASSERT_OK(blob_verify(f->db, &progress, &fault));
}

static void a_changed_file_is_found(void **state)
{
	struct fixture *f = *state;
	struct sample s = sample_file(2 * BLOB_CHUNK + 5);
	struct progress progress;
	struct fault fault = { 0 };
	ASSERT_OK(blob_store_fd(f->db, s.fd, s.size, s.sha256, 1));
	ASSERT_OK(write_one(f->db, &sql_break_chunk, DB_NO_ARGS));
	assert_int_equal(blob_verify(f->db, &progress, &fault), ERR_UNTRUSTED);
	assert_string_equal(fault.field, s.sha256);
	sample_done(&s);
}

static void a_wrong_digest_never_becomes_a_file(void **state)
{
	struct fixture *f = *state;
	struct sample s = sample_file(BLOB_CHUNK + 5);
	char byte;
	s.sha256[0] = s.sha256[0] == '0' ? '1' : '0';
	assert_int_equal(blob_store_fd(f->db, s.fd, s.size, s.sha256, 1000), ERR_UNTRUSTED);
	/* What is left of it goes after a day. */
	ASSERT_OK(blob_sweep(f->db, 1000 + 23 * 3600 * INT64_C(1000)));
	assert_int_equal(read_int(f->db, &sql_count_chunks, DB_NO_ARGS), 2);
	ASSERT_OK(blob_sweep(f->db, 1001 + 24 * 3600 * INT64_C(1000)));
	assert_int_equal(read_int(f->db, &sql_count_chunks, DB_NO_ARGS), 0);
	assert_int_equal(blob_read(f->db, s.sha256, 0, &byte, 1), 0);
	sample_done(&s);
}

/* --- staff, tokens, numbers -----------------------------------------------------------------------------------------
 */

#define LETTERS_30 "əəəəəəəəəəəəəəəəəəəəəəəəəəəəəə"
#define LETTERS_150 LETTERS_30 LETTERS_30 LETTERS_30 LETTERS_30 LETTERS_30

/* Loaded once: staff have roles and units of a profile. */
static struct profile *az_profile(void)
{
	static struct profile *profile;
	char dir[600];
	snprintf(dir, sizeof(dir), "%s/profiles/az-commissioner", getenv("SULH_SOURCE"));
	if (!profile)
		ASSERT_OK(profile_load(dir, &profile, NULL));
	return profile;
}

static void staff_rules(void **state)
{
	static const struct {
		struct staff_new staff;
		enum err err;
		const char *field;
	} rows[] = {
		{ { "leyla", "Leyla Həsənova", "az", "uzun bir parol", "registrar" }, OK, "" },
		{ { "leyla", "Another", "az", "uzun bir parol", "registrar" }, ERR_CONFLICT, "login" },
		{ { "Leyla2", "Capital letter", "az", "uzun bir parol", "registrar" }, ERR_INVALID, "login" },
		{ { "x", "Too short", "az", "uzun bir parol", "registrar" }, ERR_INVALID, "login" },
		{ { "drop table", "Blank", "az", "uzun bir parol", "registrar" }, ERR_INVALID, "login" },
		{ { "noname", "", "az", "uzun bir parol", "registrar" }, ERR_INVALID, "name" },
		{ { "longname", LETTERS_150, "az", "uzun bir parol", "registrar" }, OK,
		    "" }, /* characters, not bytes */
		{ { "longer", LETTERS_150 "ə", "az", "uzun bir parol", "registrar" }, ERR_INVALID, "name" },
		{ { "nolang", "No language", "xx", "uzun bir parol", "registrar" }, ERR_INVALID, "lang" },
		{ { "short", "Short password", "az", "elevenchars", "registrar" }, ERR_INVALID, "password" },
		{ { "norole", "No role", "az", "uzun bir parol", "emperor" }, ERR_INVALID, "roles" },
		{ { "nounit", "No unit", "az", "uzun bir parol", "registrar", "atlantis" }, ERR_INVALID, "unit" },
		{ { "unit", "In a unit", "az", "uzun bir parol", "registrar", "rc_ganja" }, OK, "" },
	};
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		int64_t id;
		assert_int_equal(staff_add(&office, &rows[i].staff, "system", &id, &fault), rows[i].err);
		assert_string_equal(fault.field, rows[i].field);
	}
}

static enum err list_investigators(struct db_tx *tx, void *arg)
{
	return staff_list(tx, "investigator", arg);
}

static void lists_and_new_passwords(void **state)
{
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db };
	const struct staff_new rashid = { "rashid", "Rashid Ali", "ur", "lamba sa lafz", "investigator" },
			       amna = { "amna", "Amna Bibi", "ur", "lamba sa lafz", "registrar" };
	struct fault fault = { 0 };
	int64_t id;
	json_t *list;
	ASSERT_OK(staff_add(&office, &rashid, "system", &id, NULL));
	ASSERT_OK(staff_add(&office, &amna, "system", &id, NULL));
	ASSERT_OK(db_read(f->db, list_investigators, &list));
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_str(json_array_get(list, 0), "name"), "Rashid Ali");
	json_decref(list);
	ASSERT_OK(staff_set_password(&office, "rashid", "another long one", &fault));
	assert_int_equal(staff_set_password(&office, "nobody", "another long one", &fault), ERR_NOT_FOUND);
	assert_int_equal(staff_set_password(&office, "rashid", "short", &fault), ERR_INVALID);
}

static enum err read_failed_logins(struct db_tx *tx, void *arg)
{
	return db_get_int(tx, &sql_count_failed_logins, DB_NO_ARGS, arg);
}

static int64_t count_failed(struct fixture *f)
{
	int64_t n = -1;
	ASSERT_OK(db_read(f->db, read_failed_logins, &n));
	return n;
}

/* Otherwise the answer for a name that somebody has takes one durable write longer (trap 17). */
static void every_failed_login_costs_the_same(void **state)
{
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db, .throttle = throttle_new(100, 1000) };
	struct staff_new staff = { "leyla", "Leyla", "az", "uzun bir parol", "registrar" };
	struct request rq = { .app = &office, .ip = "192.0.2.1", .now = 1800000000000 };
	struct reply rp = { .rq = &rq };
	struct fault fault;
	int64_t id;
	ASSERT_OK(staff_add(&office, &staff, "system", &id, &fault));
	assert_int_equal(session_login(&rq, &rp, "leyla", "not the password", &fault), ERR_INVALID);
	assert_int_equal(count_failed(f), 1);
	assert_int_equal(session_login(&rq, &rp, "nobody", "not the password", &fault), ERR_INVALID);
	assert_int_equal(count_failed(f), 2);
	throttle_free(office.throttle);
}

static void tokens_end_when_revoked(void **state)
{
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db };
	int64_t id;
	char *token CLEANUP(free_ptr) = NULL;
	ASSERT_OK(token_add(&office, "scanner", "registrar", &id, &token, NULL));
	assert_true(strlen(token) >= 32);
	assert_int_equal(token_add(&office, "", "registrar", &id, &token, NULL), ERR_INVALID);
	char *second CLEANUP(free_ptr) = NULL;
	int64_t other;
	ASSERT_OK(token_add(&office, LETTERS_30 LETTERS_30, "registrar", &other, &second, NULL));
	ASSERT_OK(token_revoke(&office, id, NULL));
	assert_int_equal(token_revoke(&office, id, NULL), ERR_NOT_FOUND);
	assert_int_equal(token_revoke(&office, 99, NULL), ERR_NOT_FOUND);
}

static enum err three_numbers(struct db_tx *tx, void *arg)
{
	int64_t *n = arg;
	for (int i = 0; i < 3; i++) {
		enum err e = series_next(tx, i == 2 ? "b" : "a", &n[i]);
		if (!e)
			e = tally_add(tx, "t", i == 2 ? -1 : 1);
		if (e)
			return e;
	}
	return tally_get(tx, "t", &n[3]);
}

static void numbers_and_counts(void **state)
{
	struct fixture *f = *state;
	int64_t n[4];
	ASSERT_OK(db_write(f->db, three_numbers, n));
	assert_true(n[0] == 1 && n[1] == 2 && n[2] == 1 && n[3] == 1);
	ASSERT_OK(db_write(f->db, three_numbers, n));
	assert_true(n[0] == 3 && n[1] == 4 && n[2] == 2 && n[3] == 2);
}

/* --- background work -----------------------------------------------------------------------------------------------
 */

static atomic_int quick_runs, slow_runs;

/* A partner that takes its time. */
static enum err run_slowly(struct office *office, int64_t now)
{
	slow_runs++;
	while (!job_stopping(office))
		usleep(1000);
	return OK;
}

static enum err run_quickly(struct office *office, int64_t now)
{
	quick_runs++;
	return OK;
}

static void a_slow_job_holds_up_no_other(void **state)
{
	static const struct job jobs[] = { { "test.slow", 1, run_slowly, "" }, { "test.quick", 5, run_quickly, "" } };
	const struct job_table table = { jobs, ARRAY_LEN(jobs) };
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db };
	quick_runs = slow_runs = 0;
	ASSERT_OK(jobs_start(&office, &table, 1, &office.jobs));
	for (int i = 0; i < 2000 && (quick_runs < 3 || !slow_runs); i++)
		usleep(1000);
	int quick = quick_runs, slow = slow_runs;
	jobs_stop(office.jobs);
	assert_true(quick >= 3);
	assert_int_equal(slow, 1);
}

static void a_woken_job_runs_at_once(void **state)
{
	static const struct job jobs[] = { { "test.quick", 3600 * 1000, run_quickly, "" } };
	const struct job_table table = { jobs, ARRAY_LEN(jobs) };
	struct fixture *f = *state;
	struct office office = { .profile = az_profile(), .db = f->db };
	quick_runs = 0;
	ASSERT_OK(jobs_start(&office, &table, 1, &office.jobs));
	for (int i = 0; i < 2000 && quick_runs < 1; i++)
		usleep(1000);
	job_wake(&office, "test.other");
	usleep(20 * 1000);
	assert_int_equal(quick_runs, 1);
	job_wake(&office, "test.quick");
	for (int i = 0; i < 2000 && quick_runs < 2; i++)
		usleep(1000);
	jobs_stop(office.jobs);
	assert_true(quick_runs >= 2); /* and soon again, which a slow machine may see too */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(an_untouched_journal_holds),
		BOTH(every_change_of_the_journal_is_found),
		BOTH(an_emptied_journal_is_found),
		BOTH(somebody_elses_signature_is_refused),
		BOTH(an_erased_payload_needs_an_entry_that_says_so),
		BOTH(reads_are_written_before_the_office_closes),
		BOTH(many_writers_make_one_chain),
		BOTH(files_come_back_as_they_were),
		BOTH(a_changed_file_is_found),
		BOTH(a_wrong_digest_never_becomes_a_file),
		BOTH(staff_rules),
		BOTH(lists_and_new_passwords),
		BOTH(every_failed_login_costs_the_same),
		BOTH(tokens_end_when_revoked),
		BOTH(numbers_and_counts),
		BOTH(a_slow_job_holds_up_no_other),
		BOTH(a_woken_job_runs_at_once),
	};
	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
