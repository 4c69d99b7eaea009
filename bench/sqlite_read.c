/*
 * What reading costs in the plain library, on the same file: one case by its id, the fifty newest of a state by their
 * index, the fifty newest with two words by the full text; statements prepared once, no rights, no page. Prints one
 * line of JSON: the median microseconds of each.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "bench.h"
#include "text/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define TURNS 400

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void must(sqlite3 *db, bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "bench: sqlite: %s\n", sqlite3_errmsg(db));
	exit(1);
}

/* Two words as the index holds them. */
static const char *two_words(void)
{
	static char match[200];
	struct arena *arena = arena_new(0);
	char *pension = text_fold(arena, "pension"), *passport = text_fold(arena, "passport");
	snprintf(match, sizeof(match), "\"%s\" \"%s\"", pension, passport);
	arena_free(arena);
	return match;
}

/* ?1 is another case at each turn, ?2 the words. */
static double median_us(sqlite3 *db, const char *text, int64_t cases)
{
	static double took[TURNS];
	const char *words = two_words();
	sqlite3_stmt *stmt = NULL;
	must(db, sqlite3_prepare_v2(db, text, -1, &stmt, NULL) == SQLITE_OK);
	for (int i = 0; i < TURNS; i++) {
		int64_t began = monotonic_us();
		int rc;
		if (sqlite3_bind_parameter_count(stmt) == 2)
			sqlite3_bind_text(stmt, 2, words, -1, SQLITE_STATIC);
		else if (sqlite3_bind_parameter_count(stmt))
			sqlite3_bind_int64(stmt, 1, 1 + i * (cases / TURNS));
		while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
			for (int c = 0; c < sqlite3_column_count(stmt); c++)
				(void)sqlite3_column_text(stmt, c);
		must(db, rc == SQLITE_DONE);
		sqlite3_reset(stmt);
		took[i] = (double)(monotonic_us() - began);
	}
	sqlite3_finalize(stmt);
	qsort(took, TURNS, sizeof(*took), by_size);
	return took[TURNS / 2];
}

int main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	if (argc != 3) {
		fprintf(stderr, "usage: bench-sqlite-read DATABASE CASES\n");
		return 2;
	}
	int64_t cases = bench_number(argv[2], "CASES");
	text_init();
	must(db, sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK);
	must(db, sqlite3_exec(db, "PRAGMA cache_size=-8192; PRAGMA mmap_size=0", NULL, NULL, NULL) == SQLITE_OK);
	printf("{\"case\": %.0f, \"list\": %.0f, \"search\": %.0f}\n",
	    median_us(db, "SELECT * FROM casefile WHERE id = ?1", cases),
	    median_us(db,
		"SELECT number, state, person_name, body_key, subject, received_at, due_at FROM casefile "
		"WHERE state = 'closed' ORDER BY received_at DESC, id DESC LIMIT 50",
		cases),
	    median_us(db,
		"SELECT c.number, c.state, c.person_name, c.body_key, c.received_at FROM case_search f "
		"JOIN casefile c ON c.id = f.rowid WHERE case_search MATCH ?2 "
		"ORDER BY f.rowid DESC LIMIT 25",
		cases));
	sqlite3_close(db);
	return 0;
}
