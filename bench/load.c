/*
 * Fills an office with invented cases (tests/synthetic), and leaves beside the database what the measuring needs:
 * bodies.txt (requests to send) and loaded.json (who may log in, which case to look at).
 */
#include "base/clockwork.h"
#include "base/progress.h"
#include "base/util.h"
#include "bench.h"
#include "office/journal.h"
#include "synthetic/bulk.h"
#include "synthetic/synthetic.h"

#include <stdio.h>

/* The libraries call these in place of the system's. An office that was not finished when the machine stopped is made
 * anew: nothing here waits for the disk. */
int fsync(int fd);
int fdatasync(int fd);

int fsync(int fd)
{
	return 0;
}

int fdatasync(int fd)
{
	return 0;
}

#define BODIES 1024
#define SEED 1

static FILE *beside(const struct office *office, const char *name)
{
	char path[600];
	snprintf(path, sizeof(path), "%s/%s", office->dir, name);
	FILE *f = fopen(path, "w");
	if (!f)
		bench_must(path, ERR_STORE);
	return f;
}

static void write_bodies(const struct office *office)
{
	FILE *f = beside(office, "bodies.txt");
	for (int i = 0; i < BODIES; i++) {
		struct arena *arena = arena_new(0);
		char *text CLEANUP(free_ptr) = synthetic_json(arena, office->profile, SEED + 1, (uint64_t)i);
		fprintf(f, "%s\n", text);
		arena_free(arena);
	}
	bench_must("bodies.txt", fclose(f) ? ERR_STORE : OK);
}

static void fill(struct office *office, long count, const struct synthetic_staff *staff)
{
	const struct synthetic s = { .seed = SEED, .count = count, .now = now_ms(), .staff = staff };
	struct progress bar;
	struct fault fault = { 0 };
	char words[700];
	int64_t began = monotonic_us();
	bench_must("putting lists aside", synthetic_bulk_begin(office));
	progress_begin(&bar, "Cases", count);
	enum err e = synthetic_fill(office, &s, &bar, &fault);
	progress_end(&bar);
	if (!e)
		e = synthetic_bulk_end(office);
	if (e)
		fprintf(stderr, "bench: %s %s\n", fault.field, fault_english(&fault, words, sizeof(words)));
	bench_must("filling", e);
	fprintf(stderr, "%.0f cases/s\n", (double)count / bench_seconds(began));
	bench_must("checkpoint", journal_checkpoint(office->db, office->keys, now_ms()));
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: bench-load DIR CASES\n");
		return 2;
	}
	long count = bench_number(argv[2], "CASES");
	struct office *office = bench_office(argv[1]);
	struct synthetic_staff staff;
	bench_must("staff", synthetic_hire(office, count < 100000 ? 24 : 200, &staff, NULL));
	fill(office, count, &staff);
	write_bodies(office);
	FILE *f = beside(office, "loaded.json");
	fprintf(f,
	    "{\"password\": \"%s\", \"login\": \"head\", \"officer\": \"officer1\", \"complaints\": %ld, \"case\": "
	    "1}\n",
	    SYNTHETIC_PASSWORD, count);
	bench_must("loaded.json", fclose(f) ? ERR_STORE : OK);
	office_close(office);
	return 0;
}
