/* Statements and rows on PostgreSQL: prepared once a connection, values sent in binary, rows read as text. */
#include "db/postgresql.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 100

/* pg_type.h of the server; stable since the first releases. */
#define OID_BOOL 16
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_TEXT 25

struct pg_rows {
	struct db_rows base;
	PGresult *result;
	int row, rows;
	struct piece {
		unsigned char *data; /* NULL: not asked for in this row */
		size_t len;
	} * piece; /* decoded bytea of this row, a column each; NULL before the first */
};

static enum err classify(const char *state)
{
	return state && !strcmp(state, "23505") ? ERR_CONFLICT : ERR_STORE; /* unique_violation */
}

enum err pg_judge(struct pg_connection *c, struct pg_tx *tx, const char *what, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return OK;
	/* The primary message alone: the detail quotes values, and values may be personal. */
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *reason = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	db_note(c->db, what, reason ? reason : PQerrorMessage(c->pg));
	enum err e = classify(state);
	if (tx && PQstatus(c->pg) != CONNECTION_OK)
		tx->trouble = PG_LOST;
	else if (tx && state && (!strcmp(state, "40001") || !strcmp(state, "40P01"))) /* serialisation, deadlock */
		tx->trouble = PG_AGAIN;
	else if (tx && e == ERR_CONFLICT && tx->locks && !tx->held)
		tx->trouble = PG_AGAIN; /* our view may be older than the lock: ask again with the lock held first */
	PQclear(result);
	return e;
}

enum err pg_exec(struct pg_connection *c, struct pg_tx *tx, const char *text)
{
	PGresult *result = PQexec(c->pg, text);
	enum err e = pg_judge(c, tx, text, result);
	if (!e)
		PQclear(result);
	return e;
}

static bool has_placeholder(const char *text, size_t number)
{
	for (const char *p = text; (p = strchr(p, '$')); p++) {
		char *end;
		if (p[1] >= '1' && p[1] <= '9' && strtoul(p + 1, &end, 10) == number)
			return true;
	}
	return false;
}

/* NULL takes the type that the server infers; where nothing uses it, there is nothing to infer from. */
static Oid oid_of(const struct db_value *v, bool used)
{
	static const Oid oid[] = { [DB_NULL] = 0, [DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BLOB] = OID_BYTEA };
	return v->type == DB_NULL && !used ? OID_TEXT : oid[v->type];
}

/* Every value needs a placeholder, unless the engines have texts of their own, of which one may need less. */
static enum err types_in(
    struct pg_connection *c, const struct db_sql *sql, const struct db_value *args, size_t n, Oid oid[VALUES_MAX])
{
	const char *text = sql->text[DB_POSTGRESQL];
	for (size_t i = 0; i < n; i++) {
		bool used = has_placeholder(text, i + 1);
		if (!used && text == sql->text[DB_SQLITE]) {
			db_note(c->db, sql->name, "values and placeholders do not match");
			return ERR_STORE;
		}
		oid[i] = oid_of(&args[i], used);
	}
	return OK;
}

/* The server fixes each value's type when it prepares: other types are another statement. */
static uint64_t types_of(const struct db_value *args, size_t n)
{
	uint64_t types = n;
	for (size_t i = 0; i < n; i++)
		types = types * UINT64_C(1099511628211) + args[i].type; /* FNV prime: 100 values fit no word exactly */
	return types;
}

static void name_of(char out[24], const struct cached *slot)
{
	snprintf(out, 24, "s%llu", (unsigned long long)(uintptr_t)slot->handle);
}

static enum err forget(struct pg_connection *c, struct pg_tx *tx, void *old)
{
	char text[48];
	if (!old)
		return OK;
	snprintf(text, sizeof(text), "DEALLOCATE s%llu", (unsigned long long)(uintptr_t)old);
	return pg_exec(c, tx, text);
}

static enum err prepare_as(struct pg_connection *c, struct pg_tx *tx, const struct db_sql *sql, size_t n,
    const Oid *oid, const struct cached *slot)
{
	char name[24];
	name_of(name, slot);
	PGresult *result = PQprepare(c->pg, name, sql->text[DB_POSTGRESQL], (int)n, oid);
	enum err e = pg_judge(c, tx, sql->name, result);
	if (!e)
		PQclear(result);
	return e;
}

static enum err prepare(struct pg_connection *c, struct pg_tx *tx, const struct db_sql *sql,
    const struct db_value *args, size_t n, struct cached **ret_slot)
{
	Oid oid[VALUES_MAX];
	enum err e = types_in(c, sql, args, n, oid);
	if (e)
		return e;
	void *old = NULL;
	struct cached *slot = cache_claim(&c->cache, sql, types_of(args, n), &old);
	slot->handle = (void *)(uintptr_t)++c->named;
	e = forget(c, tx, old);
	if (!e)
		e = prepare_as(c, tx, sql, n, oid, slot);
	if (e)
		cache_drop(&c->cache, slot);
	else
		*ret_slot = slot;
	return e;
}

static PGresult *execute(struct pg_connection *c, const struct cached *slot, const struct db_value *args, size_t n)
{
	const char *value[VALUES_MAX];
	int length[VALUES_MAX], format[VALUES_MAX];
	uint64_t number[VALUES_MAX];
	char name[24];
	for (size_t i = 0; i < n; i++) {
		const struct db_value *v = &args[i];
		number[i] = htobe64((uint64_t)v->i);
		value[i] = v->type == DB_NULL ? NULL : v->type == DB_INT ? (const char *)&number[i] : v->data;
		length[i] = v->type == DB_INT ? (int)sizeof(number[i]) : (int)v->len;
		format[i] = 1; /* binary: no copies, no terminators */
	}
	name_of(name, slot);
	return PQexecPrepared(c->pg, name, (int)n, value, length, format, 0);
}

enum err pg_statement(struct pg_connection *c, struct pg_tx *tx, const struct db_sql *sql, const struct db_value *args,
    size_t n, PGresult **ret_result)
{
	if (n > VALUES_MAX) {
		db_note(c->db, sql->name, "too many values");
		return ERR_STORE;
	}
	struct cached *slot = cache_find(&c->cache, sql, types_of(args, n));
	enum err e = slot ? OK : prepare(c, tx, sql, args, n, &slot);
	if (e)
		return e;
	PGresult *result = execute(c, slot, args, n);
	e = pg_judge(c, tx, sql->name, result);
	if (!e)
		*ret_result = result;
	return e;
}

static enum err statement(
    struct db_tx *base, const struct db_sql *sql, const struct db_value *args, size_t n, PGresult **ret_result)
{
	struct pg_tx *tx = (struct pg_tx *)base;
	return pg_statement(tx->on, tx, sql, args, n, ret_result);
}

enum err pg_run(struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, int64_t *ret_changed)
{
	PGresult *result = NULL;
	enum err e = statement(tx, sql, args, n, &result);
	if (e)
		return e;
	bool select = !strncmp(PQcmdStatus(result), "SELECT", 6);
	*ret_changed = select ? 0 : strtoll(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return OK;
}

enum err pg_query(
    struct db_tx *tx, const struct db_sql *sql, const struct db_value *args, size_t n, struct db_rows **ret_rows)
{
	struct pg_rows *rows = calloc(1, sizeof(*rows));
	if (!rows)
		return ERR_MEMORY;
	enum err e = statement(tx, sql, args, n, &rows->result);
	if (e) {
		free(rows);
		return e;
	}
	rows->row = -1;
	rows->rows = PQntuples(rows->result);
	rows->base.columns = PQnfields(rows->result);
	*ret_rows = &rows->base;
	return OK;
}

static void drop_pieces(struct pg_rows *rows)
{
	for (int i = 0; rows->piece && i < rows->base.columns; i++) {
		PQfreemem(rows->piece[i].data);
		rows->piece[i] = (struct piece) { 0 };
	}
}

bool pg_next(struct db_rows *base)
{
	struct pg_rows *rows = (struct pg_rows *)base;
	drop_pieces(rows);
	if (rows->row + 1 >= rows->rows)
		return false;
	rows->row++;
	return true;
}

bool pg_col_null(const struct db_rows *base, int column)
{
	const struct pg_rows *rows = (const struct pg_rows *)base;
	return PQgetisnull(rows->result, rows->row, column);
}

/* The column's bytes; NULL for NULL. Bytea travels in hexadecimal and is decoded once a row. */
static const char *bytes_of(const struct db_rows *base, int column, size_t *ret_len)
{
	struct pg_rows *rows = (struct pg_rows *)base; /* only the memory of what was decoded changes */
	if (pg_col_null(base, column))
		return NULL;
	if (PQftype(rows->result, column) != OID_BYTEA) {
		*ret_len = (size_t)PQgetlength(rows->result, rows->row, column);
		return PQgetvalue(rows->result, rows->row, column);
	}
	if (!rows->piece)
		rows->piece = calloc((size_t)base->columns, sizeof(*rows->piece));
	if (!rows->piece)
		return NULL;
	struct piece *piece = &rows->piece[column];
	if (!piece->data) {
		const char *text = PQgetvalue(rows->result, rows->row, column);
		piece->data = PQunescapeBytea((const unsigned char *)text, &piece->len);
	}
	*ret_len = piece->len;
	return (const char *)piece->data;
}

int64_t pg_col_int(const struct db_rows *base, int column)
{
	const struct pg_rows *rows = (const struct pg_rows *)base;
	if (PQgetisnull(rows->result, rows->row, column))
		return 0;
	const char *text = PQgetvalue(rows->result, rows->row, column);
	if (PQftype(rows->result, column) == OID_BOOL)
		return *text == 't';
	return strtoll(text, NULL, 10);
}

const char *pg_col_text(const struct db_rows *base, int column)
{
	const struct pg_rows *rows = (const struct pg_rows *)base;
	if (PQftype(rows->result, column) == OID_BOOL && !pg_col_null(base, column))
		return pg_col_int(base, column) ? "1" : "0";
	size_t len;
	return bytes_of(base, column, &len);
}

const void *pg_col_blob(const struct db_rows *base, int column, size_t *ret_len)
{
	return bytes_of(base, column, ret_len);
}

void pg_rows_close(struct db_rows *base)
{
	struct pg_rows *rows = (struct pg_rows *)base;
	drop_pieces(rows);
	free(rows->piece);
	PQclear(rows->result);
	rows->piece = NULL;
	rows->result = NULL;
}
