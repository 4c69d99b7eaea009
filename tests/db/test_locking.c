/* The contract of db.h, part two: what many threads see of each other. */
#include "suites.h"

#include "base/util.h"
#include "contract.sql.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define THREADS_MAX 32

struct crew {
	struct db *db;
	db_work *work;
	int rounds;
	atomic_int failures; /* works that did not answer OK */
	atomic_int denied;   /* works that answered ERR_DENIED */
};

struct member {
	struct crew *crew;
	int number, round;
	pthread_t thread;
};

static void *member_main(void *arg)
{
	struct member *m = arg;
	for (m->round = 0; m->round < m->crew->rounds; m->round++) {
		enum err e = db_write(m->crew->db, m->crew->work, m);
		m->crew->denied += e == ERR_DENIED;
		m->crew->failures += e && e != ERR_DENIED;
	}
	return NULL;
}

static void run_crew(struct crew *crew, int threads)
{
	struct member members[THREADS_MAX] = { 0 };
	for (int i = 0; i < threads; i++) {
		members[i] = (struct member) { .crew = crew, .number = i };
		assert_int_equal(pthread_create(&members[i].thread, NULL, member_main, &members[i]), 0);
	}
	for (int i = 0; i < threads; i++)
		pthread_join(members[i].thread, NULL);
}

static enum err add_own(struct db_tx *tx, void *arg)
{
	const struct member *m = arg;
	return db_run(tx, &sql_sample_add, DB_ARGS(db_int(m->number * 1000 + m->round), db_null(), db_null()));
}

void group_commit(void **state)
{
	struct fixture *f = *state;
	struct crew crew = { .db = f->db, .work = add_own, .rounds = 20 };
	struct db_stats before, after;
	db_stats(f->db, &before);
	run_crew(&crew, 32);
	db_stats(f->db, &after);
	assert_int_equal(crew.failures, 0);
	assert_int_equal(after.works - before.works, 640);
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), 640);
	int64_t commits = after.commits - before.commits;
	if (f->engine == DB_SQLITE)
		assert_in_range(commits, 1, 640 / 4); /* the goal is a quarter of a sync a work */
	else
		assert_int_equal(commits, 640);
}

/* Every third work writes and then refuses, every fifth breaks a rule put off to the end. */
static enum err add_or_fail(struct db_tx *tx, void *arg)
{
	const struct member *m = arg;
	enum err e = add_own(tx, arg);
	if (!e && m->number % 5 == 0)
		e = db_run(tx, &sql_pledge_add, DB_ARGS(db_int(-1)));
	return !e && m->number % 3 == 0 ? ERR_DENIED : e;
}

void one_failure_in_a_group(void **state)
{
	struct fixture *f = *state;
	struct crew crew = { .db = f->db, .work = add_or_fail, .rounds = 10 };
	run_crew(&crew, 30);
	/* Of 30 members 10 refuse, of the other 20 four break the rule (5, 10, 20, 25). */
	assert_int_equal(crew.denied, 100);
	assert_int_equal(crew.failures, 40);
	assert_int_equal(read_int(f->db, &sql_sample_count, DB_NO_ARGS), 160);
}

struct room {
	struct db *db;
	sem_t entered;
	atomic_bool occupied, met;
	atomic_int knocks;
};

static enum err stay(struct db_tx *tx, void *arg)
{
	struct room *room = arg;
	enum err e = db_lock(tx, 9);
	room->occupied = true;
	sem_post(&room->entered);
	usleep(200 * 1000);
	room->occupied = false;
	return e;
}

static enum err enter(struct db_tx *tx, void *arg)
{
	struct room *room = arg;
	room->knocks++;
	enum err e = db_lock(tx, 9);
	if (!e && room->occupied)
		room->met = true;
	return e;
}

static void *stay_main(void *arg)
{
	struct room *room = arg;
	return db_write(room->db, stay, room) ? arg : NULL;
}

void a_lock_keeps_others_out(void **state)
{
	struct fixture *f = *state;
	struct room room = { .db = f->db };
	pthread_t thread;
	void *failed = NULL;
	sem_init(&room.entered, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, stay_main, &room), 0);
	sem_wait(&room.entered);
	enum err e = db_write(f->db, enter, &room);
	pthread_join(thread, &failed);
	ASSERT_OK(e);
	assert_null(failed);
	assert_false(room.met);
	/* Refused once, it waits for the lock before it begins again, and does not try and try. */
	assert_int_equal(room.knocks, f->engine == DB_SQLITE ? 1 : 2);
}

static enum err take_number(struct db_tx *tx, void *arg)
{
	int64_t n;
	/* A read before the lock: on PostgreSQL it fixes the view, and the number after the lock must still be new. */
	enum err e = db_get_int(tx, &sql_sample_count, DB_NO_ARGS, &n);
	if (!e)
		e = db_lock(tx, 7);
	if (!e)
		e = db_get_int(tx, &sql_series_next, DB_NO_ARGS, &n);
	return e ? e : db_run(tx, &sql_series_add, DB_ARGS(db_int(n)));
}

static enum err check_series(struct db_tx *tx, void *arg)
{
	const int *want = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	NEED(db_query(tx, &sql_series_check, DB_NO_ARGS, &rows) == OK);
	NEED(db_next(rows));
	for (int i = 0; i < 3; i++)
		NEED(db_col_int(rows, i) == *want);
	return OK;
}

void numbering_without_gaps(void **state)
{
	struct fixture *f = *state;
	struct crew crew = { .db = f->db, .work = take_number, .rounds = 25 };
	int want = 200;
	run_crew(&crew, 8);
	assert_int_equal(crew.failures, 0);
	ASSERT_OK(db_read(f->db, check_series, &want));
}

struct late {
	struct db *other;
	int runs;
};

static enum err add_numbered(struct db_tx *tx, int64_t n)
{
	char name[24];
	snprintf(name, sizeof(name), "number %d", (int)n);
	enum err e = db_run(tx, &sql_taken_add, DB_ARGS(db_text(name)));
	return e ? e : db_run(tx, &sql_sample_add, DB_ARGS(db_int(n), db_null(), db_null()));
}

static enum err add_first(struct db_tx *tx, void *arg)
{
	return add_numbered(tx, 0);
}

static void *other_main(void *arg)
{
	const struct late *late = arg;
	return db_write(late->other, add_first, NULL) ? arg : NULL;
}

/* Looks, lets another take the number that it saw, then locks and takes it, too. */
static enum err add_late(struct db_tx *tx, void *arg)
{
	struct late *late = arg;
	int64_t n;
	enum err e = db_get_int(tx, &sql_sample_count, DB_NO_ARGS, &n);
	if (!e && ++late->runs == 1) {
		pthread_t thread;
		void *failed = late;
		NEED(!pthread_create(&thread, NULL, other_main, late));
		pthread_join(thread, &failed);
		NEED(!failed);
	}
	if (!e)
		e = db_lock(tx, 7);
	return e ? e : add_numbered(tx, n);
}

/* The lock was free, but the view is older: the conflict is the view's, not the caller's. */
void conflict_from_a_view_older_than_the_lock(void **state)
{
	struct fixture *f = *state;
	struct late late = { 0 };
	ASSERT_OK(db_open(f->url, NULL, &late.other, NULL));
	ASSERT_OK(db_write(f->db, add_late, &late));
	db_close(late.other);
	assert_int_equal(late.runs, 2);
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 2);
}

static enum err count_up(struct db_tx *tx, void *arg)
{
	int64_t value;
	enum err e = db_get_int(tx, &sql_counter_get, DB_ARGS(db_int(1)), &value);
	return e ? e : db_run(tx, &sql_counter_set, DB_ARGS(db_int(1), db_int(value + 1)));
}

/* Read, add, write, without a lock: each work behaves as if it ran alone. */
void no_lost_update(void **state)
{
	struct fixture *f = *state;
	struct crew crew = { .db = f->db, .work = count_up, .rounds = 25 };
	run_crew(&crew, 8);
	assert_int_equal(crew.failures, 0);
	assert_int_equal(read_int(f->db, &sql_counter_get, DB_ARGS(db_int(1))), 200);
}

/* The rule: the sum of both rows never passes 1. Each thread writes a row of its own. */
static enum err take_the_only_one(struct db_tx *tx, void *arg)
{
	const struct member *m = arg;
	int64_t sum;
	enum err e = db_get_int(tx, &sql_counter_sum, DB_NO_ARGS, &sum);
	if (e)
		return e;
	return sum ? ERR_DENIED : db_run(tx, &sql_counter_set, DB_ARGS(db_int(m->number + 1), db_int(1)));
}

void no_write_skew(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 20; i++) {
		struct crew crew = { .db = f->db, .work = take_the_only_one, .rounds = 1 };
		run_crew(&crew, 2);
		assert_int_equal(crew.failures, 0);
		assert_int_equal(crew.denied, 1);
		assert_int_equal(read_int(f->db, &sql_counter_sum, DB_NO_ARGS), 1);
		ASSERT_OK(write_one(f->db, &sql_counter_set, DB_ARGS(db_int(1), db_int(0))));
		ASSERT_OK(write_one(f->db, &sql_counter_set, DB_ARGS(db_int(2), db_int(0))));
	}
}

struct meeting {
	struct db *db;
	sem_t read_once, written;
	int64_t before, after;
};

static enum err read_twice(struct db_tx *tx, void *arg)
{
	struct meeting *m = arg;
	enum err e = db_get_int(tx, &sql_taken_count, DB_NO_ARGS, &m->before);
	sem_post(&m->read_once);
	sem_wait(&m->written);
	return e ? e : db_get_int(tx, &sql_taken_count, DB_NO_ARGS, &m->after);
}

static void *read_main(void *arg)
{
	struct meeting *m = arg;
	return db_read(m->db, read_twice, m) ? m : NULL;
}

void reader_sees_a_snapshot(void **state)
{
	struct fixture *f = *state;
	struct meeting m = { .db = f->db, .before = -1, .after = -1 };
	pthread_t thread;
	void *failed = NULL;
	sem_init(&m.read_once, 0, 0);
	sem_init(&m.written, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, read_main, &m), 0);
	sem_wait(&m.read_once);
	ASSERT_OK(write_one(f->db, &sql_taken_add, DB_ARGS(db_text("new"))));
	/* The writer does not wait for the reader, and others see the new row at once. */
	assert_int_equal(read_int(f->db, &sql_taken_count, DB_NO_ARGS), 1);
	sem_post(&m.written);
	pthread_join(thread, &failed);
	assert_null(failed);
	assert_int_equal(m.before, 0);
	assert_int_equal(m.after, 0);
}

static enum err read_some(struct db_tx *tx, void *arg)
{
	int64_t n;
	return db_get_int(tx, &sql_taken_count, DB_NO_ARGS, &n);
}

static void *readers_main(void *arg)
{
	struct crew *crew = arg;
	for (int i = 0; i < crew->rounds; i++)
		crew->failures += db_read(crew->db, read_some, NULL) != OK;
	return NULL;
}

void more_readers_than_connections(void **state)
{
	struct fixture *f = *state;
	struct crew crew = { .db = f->db, .rounds = 50 };
	pthread_t threads[THREADS_MAX];
	for (int i = 0; i < THREADS_MAX; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, readers_main, &crew), 0);
	for (int i = 0; i < THREADS_MAX; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crew.failures, 0);
}
