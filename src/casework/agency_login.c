/* How focal persons and programs of bodies are found at the common login: office.h's login_source. */
#include "casework/agency_account.h"

#include "agency_account.sql.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <inttypes.h>
#include <string.h>

static enum err find(struct db_tx *tx, const char *login, int64_t *ret_id, bool *ret_active, char *hash)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_account_by_login, DB_ARGS(db_text(login)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	*ret_id = db_col_int(rows, 0);
	*ret_active = db_col_int(rows, 1) != 0 && *db_col_text(rows, 2);
	copy_text(hash, PASSWORD_HASH_TEXT, db_col_text(rows, 2));
	return OK;
}

static enum err actor(struct db_tx *tx, struct arena *arena, int64_t id, struct actor **ret_actor)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_account_by_id, DB_ARGS(db_int(id)), &rows);
	*ret_actor = NULL;
	if (e || !db_next(rows) || !db_col_int(rows, 4))
		return e ? e : db_rows_error(rows);
	struct actor *one = arena_alloc(arena, sizeof(*one));
	*one = (struct actor) { .kind = ACTOR_AGENCY,
		.id = id,
		.body = arena_strdup(arena, db_col_text(rows, 1)),
		.below = db_col_int(rows, 2) != 0,
		.name = arena_strdup(arena, db_col_text(rows, 3)),
		.tag = arena_printf(arena, "agency:%" PRId64, id) };
	*ret_actor = one;
	return OK;
}

static enum err token(struct db_tx *tx, struct arena *arena, const char *sha256, struct actor **ret_actor)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_body_token_by_hash, DB_ARGS(db_text(sha256)), &rows);
	*ret_actor = NULL;
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows);
	struct actor *one = arena_alloc(arena, sizeof(*one));
	*one = (struct actor) { .kind = ACTOR_AGENCY,
		.id = db_col_int(rows, 0),
		.body = arena_strdup(arena, db_col_text(rows, 1)),
		.below = db_col_int(rows, 2) != 0,
		.name = arena_strdup(arena, db_col_text(rows, 3)),
		.tag = arena_printf(arena, "agency_program:%" PRId64, db_col_int(rows, 0)) };
	*ret_actor = one;
	return OK;
}

static enum err came(struct db_tx *tx, int64_t id, int64_t now)
{
	return db_run(tx, &sql_account_set_seen, DB_ARGS(db_int(id), db_int(now)));
}

void agency_login_plug(void)
{
	static const struct login_source source = {
		.kind = "agency", .home = "/agency", .find = find, .actor = actor, .token = token, .came = came
	};
	office_login_plug(&source);
}
