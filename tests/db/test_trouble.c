/* The contract of db.h, part four: kills, full disks, lost connections. */
#include "suites.h"

#include "base/util.h"
#include "contract.sql.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLS 5
#define WRITERS 4

struct child {
	struct db *db;
	int pipe;
	int64_t first; /* its own numbers begin here */
};

/* Writes numbers and reports each one that was answered, until it is killed. */
static void *report_main(void *arg)
{
	const struct child *c = arg;
	for (int64_t n = c->first;; n++) {
		if (write_one(c->db, &sql_sample_add, DB_ARGS(db_int(n), db_null(), db_null())))
			_exit(1);
		if (write(c->pipe, &n, sizeof(n)) != sizeof(n))
			_exit(2);
	}
	return NULL;
}

static void child_main(const struct fixture *f, int fd, int64_t base)
{
	struct db *db = NULL;
	struct child children[WRITERS];
	pthread_t thread;
	if (db_open(f->url, NULL, &db, NULL))
		_exit(3);
	for (int i = 0; i < WRITERS; i++) {
		children[i] = (struct child) { .db = db, .pipe = fd, .first = base + i * 100000 };
		if (pthread_create(&thread, NULL, report_main, &children[i]))
			_exit(4);
	}
	pause();
}

static size_t kill_one(const struct fixture *f, int64_t base, size_t after, int64_t *answered, size_t room)
{
	int fds[2], status;
	size_t n = 0;
	assert_int_equal(pipe(fds), 0);
	pid_t pid = fork();
	if (!pid) {
		close(fds[0]);
		child_main(f, fds[1], base);
	}
	close(fds[1]);
	while (n < room && read(fds[0], &answered[n], sizeof(answered[n])) == sizeof(answered[n]))
		if (++n == after)
			kill(pid, SIGKILL);
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	return n;
}

void killed_writer_loses_nothing_answered(void **state)
{
	struct fixture *f = *state;
	static int64_t answered[20000];
	size_t n = 0;
	db_close(f->db); /* no other thread of ours while we fork */
	f->db = NULL;
	for (int i = 0; i < KILLS; i++)
		n += kill_one(f, (i + 1) * 10000000, (size_t)(20 + 17 * i), answered + n, ARRAY_LEN(answered) - n);
	fixture_reopen(f);
	assert_true(n >= KILLS * 20);
	for (size_t i = 0; i < n; i++)
		assert_true(read_int(f->db, &sql_sample_by_n, DB_ARGS(db_int(answered[i]))) > 0);
	ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_null())));
}

static enum err set_page_limit(struct db *db, int64_t pages)
{
	char text[64];
	/* A new address each time: statements are known by it. */
	static struct db_sql sql[4];
	static size_t used;
	snprintf(text, sizeof(text), "PRAGMA max_page_count = %lld", (long long)pages);
	char *copy = strdup(text);
	struct db_sql *one = &sql[used++ % ARRAY_LEN(sql)];
	*one = (struct db_sql) { "limit", { copy, copy } };
	enum err e = write_one(db, one, DB_NO_ARGS);
	return e;
}

static uint8_t large[256 * 1024];

struct mixed {
	struct db *db;
	bool heavy;
	enum err result;
};

static void *mixed_main(void *arg)
{
	struct mixed *m = arg;
	struct db_value b = m->heavy ? db_blob(large, sizeof(large)) : db_null();
	m->result = write_one(m->db, &sql_sample_add, DB_ARGS(db_int(m->heavy), db_null(), b));
	return NULL;
}

/* The database may not grow: what needs room fails alone, what fits in goes on, and with room all goes on. */
void full_file_and_recovery(void **state)
{
	struct fixture *f = *state;
	int64_t fitted = 0;
	ASSERT_OK(set_page_limit(f->db, read_int(f->db, &sql_page_count, DB_NO_ARGS) + 2));
	for (int round = 0; round < 20; round++) {
		struct mixed mixed[8];
		pthread_t threads[8];
		for (size_t i = 0; i < ARRAY_LEN(mixed); i++) {
			mixed[i] = (struct mixed) { .db = f->db, .heavy = i % 4 == 1 };
			assert_int_equal(pthread_create(&threads[i], NULL, mixed_main, &mixed[i]), 0);
		}
		for (size_t i = 0; i < ARRAY_LEN(mixed); i++) {
			pthread_join(threads[i], NULL);
			assert_int_equal(mixed[i].result, mixed[i].heavy ? ERR_STORE : OK);
			fitted += !mixed[i].heavy;
		}
	}
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), fitted);
	ASSERT_OK(set_page_limit(f->db, 1000000));
	ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_blob(large, sizeof(large)))));
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), fitted + 1);
}

static int write_past_the_limit(struct db *db)
{
	struct rlimit limit;
	getrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_IGN);
	rlim_t before = limit.rlim_cur;
	int64_t there = read_int(db, &sql_sample_count, DB_NO_ARGS);
	limit.rlim_cur = 128 * 1024;
	setrlimit(RLIMIT_FSIZE, &limit);
	for (int i = 0; i < 3; i++)
		if (write_one(db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_blob(large, sizeof(large)))) !=
		    ERR_STORE)
			return 1;
	if (read_int(db, &sql_sample_count, DB_NO_ARGS) != there)
		return 2;
	limit.rlim_cur = before;
	setrlimit(RLIMIT_FSIZE, &limit);
	if (write_one(db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_blob(large, sizeof(large)))))
		return 3;
	return read_int(db, &sql_sample_count, DB_NO_ARGS) == there + 1 ? 0 : 4;
}

/* The log cannot be written when the work is already done: the commit itself fails. In a process of its own, for its
 * limit on the size of files. */
void full_disk_at_commit_and_recovery(void **state)
{
	struct fixture *f = *state;
	int status;
	db_close(f->db);
	f->db = NULL;
	pid_t pid = fork();
	if (!pid) {
		struct db *db = NULL;
		if (db_open(f->url, NULL, &db, NULL))
			_exit(9);
		_exit(write_past_the_limit(db));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	fixture_reopen(f);
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), 1);
}

void file_is_private(void **state)
{
	struct fixture *f = *state;
	static const char *const tails[] = { "", "-wal", "-shm" };
	mode_t before = umask(0);
	char path[160];
	struct stat st;
	db_close(f->db);
	f->db = NULL;
	snprintf(f->url, sizeof(f->url), "sqlite:%s/second.db", f->place);
	ASSERT_OK(db_open(f->url, NULL, &f->db, NULL));
	ASSERT_OK(db_migrate(f->db, &migration_db_001_contract, 1, NULL));
	umask(before);
	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		snprintf(path, sizeof(path), "%s/second.db%s", f->place, tails[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

void bad_urls(void **state)
{
	static const struct {
		const char *url;
		enum err want;
	} rows[] = {
		{ "", ERR_INVALID },
		{ "office.db", ERR_INVALID },
		{ "sqlite:", ERR_INVALID },
		{ "mysql://localhost/x", ERR_INVALID },
		{ "sqlite:/nowhere/at/all/office.db", ERR_STORE },
		{ "sqlite:/tmp", ERR_STORE },
		{ "postgresql://nobody@127.0.0.1:1/none?connect_timeout=2", ERR_STORE },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		struct db *db = NULL;
		assert_int_equal(db_open(rows[i].url, NULL, &db, &fault), rows[i].want);
		assert_null(db);
		assert_non_null(fault.key);
		assert_string_equal(fault.field, "database");
	}
}

/* As after a restart of the server: every pooled connection is dead. */
void lost_connections_come_back(void **state)
{
	struct fixture *f = *state;
	struct db *other = NULL;
	ASSERT_OK(db_open(getenv("SULH_TEST_PG"), &(struct db_options) { .readers = 1 }, &other, NULL));
	for (int i = 0; i < 3; i++) {
		assert_true(read_int(other, &sql_other_backends_end, DB_ARGS(db_text(f->place))) >= 1);
		ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(i), db_null(), db_null())));
		assert_true(read_int(other, &sql_other_backends_end, DB_ARGS(db_text(f->place))) >= 1);
		assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), i + 1);
	}
	db_close(other);
}

static enum err die_once(struct db_tx *tx, void *arg)
{
	int *runs = arg;
	int64_t dead;
	enum err e = db_run(tx, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_null()));
	if (!e && ++*runs == 1)
		e = db_get_int(tx, &sql_end_backend, DB_NO_ARGS, &dead);
	return e;
}

void connection_lost_in_work_runs_again(void **state)
{
	struct fixture *f = *state;
	int runs = 0;
	ASSERT_OK(db_write(f->db, die_once, &runs));
	assert_int_equal(runs, 2);
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), 1);
}

static enum err add_dying(struct db_tx *tx, void *arg)
{
	int *runs = arg;
	++*runs;
	return db_run(tx, &sql_series_add, DB_ARGS(db_int(1)));
}

void connection_lost_in_commit_never_runs_again(void **state)
{
	struct fixture *f = *state;
	const struct db_migration list[] = { migration_db_001_contract, migration_db_002_dying_commit };
	int runs = 0;
	ASSERT_OK(db_migrate(f->db, list, ARRAY_LEN(list), NULL));
	assert_int_equal(db_write(f->db, add_dying, &runs), ERR_STORE);
	assert_int_equal(runs, 1);
	ASSERT_OK(write_one(f->db, &sql_sample_add, DB_ARGS(db_int(1), db_null(), db_null())));
}
