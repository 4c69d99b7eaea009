/* Threads as stored, and the table of what each message type does. */
#include "base/util.h"
#include "cooperation/exchange_inner.h"
#include "cooperation_migrations.sql.h"
#include "message.sql.h"

#include <inttypes.h>
#include <string.h>

const struct db_migration *const cooperation_migrations[] = { &migration_cooperation_001_cooperation };
const size_t cooperation_migration_count = ARRAY_LEN(cooperation_migrations);

const struct message_handler *handler_of(enum message_type type)
{
	for (size_t i = 0; i < agreement_handler_count; i++)
		if (agreement_handlers[i].type == type)
			return &agreement_handlers[i];
	for (size_t i = 0; i < referral_handler_count; i++)
		if (referral_handlers[i].type == type)
			return &referral_handlers[i];
	return NULL;
}

static void read_chain(const struct db_rows *rows, int column, struct thread_chain *chain)
{
	chain->seq = db_col_int(rows, column);
	copy_text(chain->head, sizeof(chain->head), db_col_text(rows, column + 1));
}

enum err thread_load(struct db_tx *tx, const char *uid, struct thread_row *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct thread_row t = { 0 };
	enum err e = db_query(tx, &sql_thread_by_uid, DB_ARGS(db_text(uid)), &rows);
	if (e)
		return e;
	copy_text(t.uid, sizeof(t.uid), uid);
	if (db_next(rows)) {
		t.exists = true;
		t.partner_id = db_col_int(rows, 0);
		t.kind = strcmp(db_col_text(rows, 1), "agreement") ? THREAD_REFERRAL : THREAD_AGREEMENT;
		t.opener = db_col_int(rows, 2);
		copy_text(t.agreement, sizeof(t.agreement), db_col_text(rows, 3));
		enum side ours = thread_our_side(&t);
		read_chain(rows, 4, &t.chains.chain[ours]);
		read_chain(rows, 6, &t.chains.chain[side_opposite(ours)]);
		t.acked = db_col_int(rows, 8);
	}
	e = db_rows_error(rows);
	if (!e)
		*ret = t;
	return e;
}

enum err thread_create(struct db_tx *tx, struct thread_row *t)
{
	t->exists = true;
	return db_run(tx, &sql_thread_insert,
	    DB_ARGS(db_text(t->uid), db_int(t->partner_id),
		db_text(t->kind == THREAD_AGREEMENT ? "agreement" : "referral"), db_int(t->opener),
		db_text(t->agreement)));
}

struct actor partner_actor(struct arena *arena, const struct partner *p, enum lang lang)
{
	return (struct actor) { .kind = ACTOR_PARTNER,
		.id = p->id,
		.name = partner_name(arena, p, lang),
		.tag = arena_printf(arena, "partner:%" PRId64, p->id) };
}
