/*
 * What SQLite itself allows: the rows and statements of one complaint, taken from the program's own .sql files, groups
 * of GROUP in one transaction, prepared once, with the settings of src/db/sqlite.c; texts, JSON and digests are made
 * beforehand. Prints complaints a second. The file is a copy of the office's database; it is changed.
 */
#include "base/clockwork.h"
#include "bench.h"
#include "casefile.sql.h"
#include "clock.sql.h"
#include "journal.sql.h"
#include "office.sql.h"
#include "synthetic/synthetic.h"
#include "text/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES 4096
#define VALUES_MAX 24

/* What does not change with the size of a complaint. */
#define EXPLANATION_BYTES 900

struct sample {
	struct intake in;
	char *content, *words;
};

struct run {
	sqlite3 *db;
	sqlite3_stmt *begin, *commit, *series, *casefile, *party, *event, *clock, *journal, *search, *tally;
	struct sample sample[SAMPLES];
	char explanation[EXPLANATION_BYTES + 1];
	int64_t seq, next, run;
};

static void must(struct run *r, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
		return;
	fprintf(stderr, "bench: sqlite: %s\n", sqlite3_errmsg(r->db));
	exit(1);
}

static sqlite3_stmt *prepare(struct run *r, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	must(r, sqlite3_prepare_v3(r->db, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL));
	return stmt;
}

/* Values by the number of their $n, as in db/sqlite.c. */
static int64_t run(struct run *r, sqlite3_stmt *stmt, const struct db_value *values, size_t n)
{
	int64_t first = 0;
	int rc;
	for (size_t i = 0; i < n; i++) {
		char name[24];
		snprintf(name, sizeof(name), "$%zu", i + 1);
		int at = sqlite3_bind_parameter_index(stmt, name);
		const struct db_value *v = &values[i];
		if (v->type == DB_INT)
			must(r, sqlite3_bind_int64(stmt, at, v->i));
		else if (v->type == DB_TEXT)
			must(r, sqlite3_bind_text64(stmt, at, v->data, v->len, SQLITE_STATIC, SQLITE_UTF8));
		else if (v->type == DB_BLOB)
			must(r, sqlite3_bind_blob64(stmt, at, v->data, v->len, SQLITE_STATIC));
	}
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW)
		first = sqlite3_column_int64(stmt, 0);
	must(r, rc);
	sqlite3_reset(stmt);
	return first;
}

static void open_database(struct run *r, const char *path)
{
	if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL))
		bench_must(path, ERR_STORE);
	must(r, sqlite3_exec(r->db,
		    "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA journal_mode=WAL;"
		    "PRAGMA synchronous=FULL; PRAGMA cache_size=-8192; PRAGMA journal_size_limit=67108864;",
		    NULL, NULL, NULL));
	r->begin = prepare(r, "BEGIN IMMEDIATE");
	r->commit = prepare(r, "COMMIT");
	r->series = prepare(r, sql_series_raise.text[DB_SQLITE]);
	r->casefile = prepare(r, sql_casefile_insert.text[DB_SQLITE]);
	r->party = prepare(r, sql_party_insert.text[DB_SQLITE]);
	r->event = prepare(r, sql_event_insert.text[DB_SQLITE]);
	r->clock = prepare(r, sql_clock_insert.text[DB_SQLITE]);
	r->journal = prepare(r, sql_journal_append.text[DB_SQLITE]);
	r->search = prepare(r, sql_search_insert.text[DB_SQLITE]);
	r->tally = prepare(r, sql_tally_change.text[DB_SQLITE]);
	sqlite3_stmt *last = prepare(r, sql_journal_last.text[DB_SQLITE]);
	r->seq = run(r, last, DB_NO_ARGS);
	sqlite3_finalize(last);
}

static void make_samples(struct run *r, const struct profile *profile)
{
	struct arena *arena = arena_new((size_t)512 << 20);
	for (int i = 0; i < SAMPLES; i++) {
		struct sample *s = &r->sample[i];
		s->in = synthetic_complaint(arena, profile, (uint64_t)r->run, (uint64_t)i);
		s->content = synthetic_json(arena, profile, (uint64_t)r->run, (uint64_t)i);
		s->words =
		    text_fold(arena, arena_printf(arena, "%s %s %s %s %s", s->in.person.name, s->in.person.father_name,
					 s->in.facts, s->in.remedy, s->in.person.passport_no));
	}
	memset(r->explanation, 'e', EXPLANATION_BYTES);
}

static void insert_case(struct run *r, const struct sample *s, int64_t *ret_id)
{
	static const char digest[] = "0f3bd5e5b6a0fd6ed9fb0a92a13b84a7de0eb2f4d5b6f1c1e1a9c3c8a7b4d2e1";
	const struct intake *in = &s->in;
	const struct intake_party *p = &in->person;
	char number[48], submission[64];
	int64_t n = run(r, r->series, DB_ARGS(db_text("bench-limit")));
	snprintf(number, sizeof(number), "LIMIT-%010lld", (long long)n);
	snprintf(submission, sizeof(submission), "limit:%016llx", (unsigned long long)(r->run + r->next));
	int64_t id = run(r, r->casefile,
	    DB_ARGS(db_text(number), db_text(submission), db_text(digest), db_text("api"), db_text("ur"),
		db_int(now_ms()), db_text(s->content), db_text(digest), db_text(in->body_key), db_text(""), db_text(""),
		db_text(in->subject), db_text(p->name), db_int(0)));
	run(r, r->party,
	    DB_ARGS(db_int(id), db_text("complainant"), db_text(p->name), db_text(p->father_name),
		db_text(p->birth_date), db_text(p->nationality), db_text(p->passport_no), db_text(p->phone),
		db_text(p->email), db_text(p->address)));
	*ret_id = id;
}

static void insert_traces(struct run *r, const struct sample *s, int64_t id)
{
	static const uint8_t salt[16], hash[32];
	char object[64], payload[160];
	snprintf(object, sizeof(object), "casefile:%lld", (long long)id);
	snprintf(
	    payload, sizeof(payload), "{\"content_sha256\":\"%064d\",\"number\":\"LIMIT-%010lld\"}", 0, (long long)id);
	run(r, r->journal,
	    DB_ARGS(db_int(++r->seq), db_int(now_ms()), db_text("program:1"), db_text("casefile.receive"),
		db_text(object), db_blob(salt, sizeof(salt)), db_text(payload), db_blob(hash, sizeof(hash)),
		db_blob(hash, sizeof(hash))));
	run(r, r->event,
	    DB_ARGS(db_int(id), db_int(now_ms()), db_text("received"), db_text("program:1"), db_text("Bench"),
		db_int(1), db_text("{\"number\":\"LIMIT-0000000000\",\"channel\":\"api\"}")));
	run(r, r->clock,
	    DB_ARGS(db_int(id), db_text("pk.first_reply"), db_int(now_ms()), db_int(now_ms() + 7 * DAY_MS),
		db_text(r->explanation), db_null(), db_int(now_ms() + 5 * DAY_MS)));
	run(r, r->search, DB_ARGS(db_int(id), db_text(s->words), db_text(""), db_text("")));
	run(r, r->tally, DB_ARGS(db_text("casefile:received"), db_int(1)));
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: bench-sqlite-limit OFFICE_DIR DATABASE SECONDS GROUP\n");
		return 2;
	}
	struct run *r = calloc(1, sizeof(*r));
	struct profile *profile = NULL;
	char path[600];
	if (!r)
		bench_must("memory", ERR_MEMORY);
	text_init();
	snprintf(path, sizeof(path), "%s/profile", argv[1]);
	bench_must(path, profile_load(path, &profile, NULL));
	r->run = now_ms() << 20;
	long seconds = bench_number(argv[3], "SECONDS"), group = bench_number(argv[4], "GROUP");
	make_samples(r, profile);
	open_database(r, argv[2]);
	int64_t began = monotonic_us(), until = began + seconds * 1000000;
	while (monotonic_us() < until) {
		run(r, r->begin, NULL, 0);
		for (long i = 0; i < group; i++, r->next++) {
			int64_t id;
			const struct sample *s = &r->sample[r->next % SAMPLES];
			insert_case(r, s, &id);
			insert_traces(r, s, id);
		}
		run(r, r->commit, NULL, 0);
	}
	printf("{\"per_second\": %.1f}\n", (double)r->next / bench_seconds(began));
	sqlite3_close_v2(r->db);
	profile_free(profile);
	free(r);
	return 0;
}
