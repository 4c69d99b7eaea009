/* The suite's parts: each test runs on both engines unless its table says otherwise. */
#ifndef SULH_TESTS_DB_SUITES_H
#define SULH_TESTS_DB_SUITES_H

#include "fixture.h"

#define ON_SQLITE(f)                                                                                                   \
	{                                                                                                              \
		"sqlite: " #f, f, setup_sqlite, teardown, NULL                                                         \
	}
#define ON_POSTGRESQL(f)                                                                                               \
	{                                                                                                              \
		"postgresql: " #f, f, setup_postgresql, teardown, NULL                                                 \
	}
#define ON_BOTH(f) ON_SQLITE(f), ON_POSTGRESQL(f)

/* test_locking.c: what many threads see of each other. */
void group_commit(void **state);
void one_failure_in_a_group(void **state);
void a_lock_keeps_others_out(void **state);
void numbering_without_gaps(void **state);
void conflict_from_a_view_older_than_the_lock(void **state);
void no_lost_update(void **state);
void no_write_skew(void **state);
void reader_sees_a_snapshot(void **state);
void more_readers_than_connections(void **state);

/* test_migrate.c */
void types_are_translated(void **state);
void engine_sections(void **state);
void migrations_run_once_in_order(void **state);
void changed_migration_is_refused(void **state);
void newer_database_is_refused(void **state);
void broken_migration_leaves_nothing(void **state);
void two_programs_migrate_at_once(void **state);

/* test_trouble.c: kills, full disks, lost connections. */
void killed_writer_loses_nothing_answered(void **state);
void full_file_and_recovery(void **state);
void full_disk_at_commit_and_recovery(void **state);
void file_is_private(void **state);
void bad_urls(void **state);
void lost_connections_come_back(void **state);
void connection_lost_in_work_runs_again(void **state);
void connection_lost_in_commit_never_runs_again(void **state);

#endif
