/*
 * The writer's ceiling: complaints filed by threads of this process, without HTTP. Prints one line of JSON: complaints
 * a second, commits and statements for each.
 */
#include "base/clockwork.h"
#include "bench.h"
#include "synthetic/synthetic.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define THREADS_MAX 256

static const struct actor program = { .kind = ACTOR_PROGRAM, .id = 1, .name = "Bench", .tag = "program:1" };

struct filing {
	struct office *office;
	int64_t until_us;
	uint64_t run; /* makes submissions new in each run */
	atomic_ulong next;
	atomic_long done;
};

static void *file_some(void *arg)
{
	struct filing *f = arg;
	while (monotonic_us() < f->until_us) {
		struct arena *arena = arena_new(0);
		struct intake_result result;
		struct intake in =
		    synthetic_complaint(arena, f->office->profile, f->run, atomic_fetch_add(&f->next, 1));
		bench_must("filing", intake_file(f->office, &program, &in, now_ms(), &result, NULL));
		if (result.again)
			bench_must("a submission that was filed before", ERR_CONFLICT);
		atomic_fetch_add(&f->done, 1);
		arena_free(arena);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[THREADS_MAX];
	struct db_stats before, after;
	if (argc != 4) {
		fprintf(stderr, "usage: bench-create DIR SECONDS THREADS\n");
		return 2;
	}
	long seconds = bench_number(argv[2], "SECONDS"), threads = bench_number(argv[3], "THREADS");
	struct filing f = { .office = bench_office(argv[1]), .run = (uint64_t)now_ms() << 20 };
	if (threads > THREADS_MAX)
		threads = THREADS_MAX;
	db_stats(f.office->db, &before);
	int64_t began = monotonic_us();
	f.until_us = began + seconds * 1000000;
	for (long i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, file_some, &f))
			bench_must("threads", ERR_MEMORY);
	for (long i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	double took = bench_seconds(began), n = (double)atomic_load(&f.done);
	db_stats(f.office->db, &after);
	printf("{\"per_second\": %.1f, \"commits_each\": %.3f, \"statements_each\": %.1f}\n", n / took,
	    (double)(after.commits - before.commits) / n, (double)(after.statements - before.statements) / n);
	office_close(f.office);
	return 0;
}
