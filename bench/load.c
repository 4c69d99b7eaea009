/*
 * Fills an office with invented complaints, as if programs had filed them, works on a part of them, and leaves beside
 * the database what the measuring needs: bodies.txt (requests to send) and loaded.json (who may log in, which case to
 * look at).
 */
#include "base/clockwork.h"
#include "base/id.h"
#include "base/progress.h"
#include "base/util.h"
#include "bench.h"
#include "sample.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define THREADS 64
#define BODIES 1024
#define WORKED_PART 4 /* every fourth case is worked on, as in an office that closes what it gets */
#define WORKED_AT_ONCE 32

static const struct actor program = { .kind = ACTOR_PROGRAM, .id = 1, .name = "Loader", .tag = "program:1" };
static const struct actor officer = { .kind = ACTOR_SYSTEM, .id = 1, .name = "Loader", .tag = "system" };

struct loading {
	struct office *office;
	long count;
	atomic_long next;
	int64_t began;
	pthread_mutex_t lock;
	struct progress bar;
};

static void *file_some(void *arg)
{
	struct loading *l = arg;
	long i;
	while ((i = atomic_fetch_add(&l->next, 1)) < l->count) {
		struct arena *arena = arena_new(0);
		struct intake_result result;
		const struct intake in = sample_complaint(arena, l->office->profile, (uint64_t)i);
		/* A year of complaints, oldest first. */
		int64_t at = l->began - (l->count - i) * (365 * DAY_MS / l->count);
		bench_must("filing", intake_file(l->office, &program, &in, at, &result, NULL));
		arena_free(arena);
		pthread_mutex_lock(&l->lock);
		progress_step(&l->bar, 1);
		pthread_mutex_unlock(&l->lock);
	}
	return NULL;
}

static void file_all(struct loading *l)
{
	pthread_t thread[THREADS];
	progress_begin(&l->bar, "Filing complaints", l->count);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&thread[i], NULL, file_some, l))
			bench_must("threads", ERR_MEMORY);
	for (int i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	progress_end(&l->bar);
}

/* --- work on a part ---------------------------------------------------------------------------------------------- */

struct working {
	struct office *office;
	int64_t staff, first, now;
};

static enum err work_on(const struct casefile_act *act, int64_t id, int64_t staff)
{
	static const char letter[] =
	    "We have received your complaint and have asked the office concerned for its records. "
	    "You will hear from us within thirty days.";
	struct casefile c;
	enum err e = casefile_load(act->office, act->tx, act->arena, id, &c);
	if (!e)
		e = casefile_move(act, &c, "register", 0, NULL, NULL);
	if (!e)
		e = casefile_assign(act, &c, staff, NULL);
	if (!e)
		e = text_add_as(act, id, "to_person", "acknowledged", LANG_EN, letter);
	if (!e)
		e = casefile_move(act, &c, "admit", 0, NULL, NULL);
	if (!e)
		e = text_add(
		    act, id, "note", LANG_EN, "Telephoned the head office; the file is said to be on its way.");
	if (!e)
		e = text_add(
		    act, id, "from_person", LANG_EN, "I have found the receipt that you asked for and bring it.");
	if (!e)
		e = text_add(act, id, "to_person", LANG_EN, letter);
	return e;
}

static enum err work_some(struct db_tx *tx, void *arg)
{
	const struct working *w = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { w->office, tx, &officer, w->now, arena };
	enum err e = OK;
	for (int64_t i = 0; !e && i < WORKED_AT_ONCE; i++)
		e = work_on(&act, w->first + i, w->staff);
	arena_free(arena);
	return e;
}

/* The newest quarter stays as it came, so that the queue of new complaints has something in it. */
static void work(struct office *office, int64_t staff, long count)
{
	struct progress bar;
	long part = count / WORKED_PART / WORKED_AT_ONCE * WORKED_AT_ONCE;
	struct working w = { .office = office, .staff = staff, .now = now_ms() };
	progress_begin(&bar, "Working on cases", part);
	for (w.first = 1; w.first <= part; w.first += WORKED_AT_ONCE) {
		bench_must("working", db_write(office->db, work_some, &w));
		progress_step(&bar, WORKED_AT_ONCE);
	}
	progress_end(&bar);
}

/* --- what is left beside it -------------------------------------------------------------------------------------- */

static int64_t add_officer(struct office *office, const char *password)
{
	const struct staff_new who = { .login = "bench",
		.name = "Officer of the benchmark",
		.lang = "en",
		.password = password,
		.roles = "registrar investigator liaison commissioner" };
	int64_t id = 0;
	bench_must("staff", staff_add(office, &who, "system", &id, NULL));
	return id;
}

static FILE *beside(const struct office *office, const char *name)
{
	char path[600];
	snprintf(path, sizeof(path), "%s/%s", office->dir, name);
	FILE *f = fopen(path, "w");
	if (!f)
		bench_must(path, ERR_STORE);
	return f;
}

static void write_bodies(const struct office *office, long from)
{
	FILE *f = beside(office, "bodies.txt");
	for (int i = 0; i < BODIES; i++) {
		struct arena *arena = arena_new(0);
		char *text CLEANUP(free_ptr) = sample_json(arena, office->profile, (uint64_t)(from + i));
		fprintf(f, "%s\n", text);
		arena_free(arena);
	}
	bench_must("bodies.txt", fclose(f) ? ERR_STORE : OK);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: bench-load DIR COMPLAINTS\n");
		return 2;
	}
	struct loading l = {
		.count = bench_number(argv[2], "COMPLAINTS"), .began = now_ms(), .lock = PTHREAD_MUTEX_INITIALIZER
	};
	uint8_t bytes[10];
	char password[CODE_TEXT];
	random_bytes(bytes, sizeof(bytes));
	code_from_bytes(password, bytes);
	l.office = bench_office(argv[1]);
	int64_t staff = add_officer(l.office, password);
	file_all(&l);
	work(l.office, staff, l.count);
	write_bodies(l.office, l.count);
	FILE *f = beside(l.office, "loaded.json");
	fprintf(
	    f, "{\"login\": \"bench\", \"password\": \"%s\", \"complaints\": %ld, \"case\": 1}\n", password, l.count);
	bench_must("loaded.json", fclose(f) ? ERR_STORE : OK);
	office_close(l.office);
	return 0;
}
