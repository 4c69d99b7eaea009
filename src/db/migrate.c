/* Brings the schema up: compares what the database has with what this program knows, then applies what is missing. */
#include "base/buf.h"
#include "base/clockwork.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "db.sql.h"
#include "db/dialect.h"
#include "db/engine.h"

#include <stdlib.h>
#include <string.h>

#define SCRIPT_MAX (1 << 20) /* bytes of one migration */
/* Held before each transaction, so that two programs that start at once apply each migration once. */
#define MIGRATION_LOCK INT64_C(0x53756c684d696772)

struct migration_set {
	const struct db_migration *list;
	size_t n;
	bool *applied; /* one for each of the list */
	struct fault *fault;
};

struct step {
	const struct db_migration *migration;
	const char *script;
	char sha256[SHA256_HEX];
};

static const struct db_migration *find(const struct migration_set *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (!strcmp(set->list[i].name, name))
			return &set->list[i];
	return NULL;
}

static enum err compare(const struct migration_set *set, const char *name, const char *sha256)
{
	const struct db_migration *known = find(set, name);
	if (!known)
		return fault_set(set->fault, ERR_CONFLICT, name,
		    N_("The database is newer than this program: it has the migration {name}. Install the newer "
		       "program, or "
		       "restore a backup from before."),
		    "name", name, NULL);
	char ours[SHA256_HEX];
	sha256_hex(ours, known->text, strlen(known->text));
	if (strcmp(ours, sha256))
		return fault_set(set->fault, ERR_CONFLICT, name,
		    N_("The migration {name} was applied with another text than this program's: the two are not the "
		       "same "
		       "version. Install the version that made the database."),
		    "name", name, NULL);
	set->applied[known - set->list] = true;
	return OK;
}

static enum err make_table(struct db_tx *tx, void *arg)
{
	return db_run(tx, &sql_migration_table, DB_NO_ARGS);
}

static enum err inspect(struct db_tx *tx, void *arg)
{
	struct migration_set *set = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	memset(set->applied, 0, set->n * sizeof(set->applied[0]));
	enum err e = db_query(tx, &sql_migrations_applied, DB_NO_ARGS, &rows);
	while (!e && db_next(rows))
		e = compare(set, db_col_text(rows, 0), db_col_text(rows, 1));
	return e ? e : db_rows_error(rows);
}

static enum err apply(struct db_tx *tx, void *arg)
{
	struct step *step = arg;
	const char *name = step->migration->name;
	int64_t there = 0;
	enum err e = db_get_int(tx, &sql_migration_applied, DB_ARGS(db_text(name)), &there);
	if (e || there) /* another program was quicker */
		return e;
	e = tx_script(tx, step->script);
	if (e)
		return e;
	return db_run(tx, &sql_migration_record, DB_ARGS(db_text(name), db_text(step->sha256), db_int(now_ms())));
}

static enum err broken(struct db *db, struct fault *fault, enum err e, const char *name)
{
	char reason[DB_ERROR_TEXT];
	db_last_error(db, reason, sizeof(reason));
	return fault_set(
	    fault, e, name, N_("The migration {name} failed: {reason}."), "name", name, "reason", reason, NULL);
}

static enum err apply_one(struct db *db, const struct db_migration *migration, struct fault *fault)
{
	struct step step = { .migration = migration };
	struct buf script = BUF_INIT(SCRIPT_MAX);
	sha256_hex(step.sha256, migration->text, strlen(migration->text));
	enum err e = dialect_translate(db_engine(db), migration->text, &script);
	if (!e) {
		step.script = script.data ? script.data : "";
		e = db_write_locked(db, MIGRATION_LOCK, apply, &step);
	}
	buf_done(&script);
	return e ? broken(db, fault, e, migration->name) : OK;
}

enum err db_migrate(struct db *db, const struct db_migration *list, size_t n, struct fault *fault)
{
	struct fault unheard;
	struct migration_set set = { .list = list, .n = n, .fault = fault ? fault : &unheard };
	bool *applied CLEANUP(free_ptr) = calloc(n + 1, sizeof(*applied));
	if (!applied)
		return ERR_MEMORY;
	set.applied = applied;
	set.fault->key = NULL;
	enum err e = db_write_locked(db, MIGRATION_LOCK, make_table, NULL);
	if (!e)
		e = db_read(db, inspect, &set);
	if (e)
		return set.fault->key ? e : broken(db, fault, e, "schema_migration");
	for (size_t i = 0; !e && i < n; i++)
		if (!applied[i])
			e = apply_one(db, &list[i], fault);
	return e;
}
