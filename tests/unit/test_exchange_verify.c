/* One changed value anywhere in what two offices exchanged is found. */
#include "cooperation/agreement_store.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/transfer.h"
#include "two_offices.h"

#include "agreement_sample.h"

const struct message_handler referral_handlers[] = { { MESSAGE_NOTE, NULL, NULL } };
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	return OK;
}

static struct two_offices two;
static char uid[UUID_TEXT], thread[UUID_TEXT];

/* --- a history: an agreement signed and suspended, a referral with a refusal in it ------------------------------- */

struct step_work {
	int i;
	enum message_type type;
	json_t *body;
};

static enum err step_in(struct db_tx *tx, void *arg)
{
	struct step_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[work->i].office, tx, &two_head, now_ms(), arena };
	const struct agreement_words words = { "Because the test says so.", "en", "" };
	struct agreement_row a;
	enum err e;
	if (work->body) {
		const struct outgoing out = { two.at[work->i].partner, thread, uid, MESSAGE_REFERRAL_CLAUSE, work->type,
			json_deep_copy(work->body) };
		e = outbox_put(&act, &out, NULL);
	} else {
		e = agreement_load_uid(tx, arena, uid, &a);
		if (!e)
			e = agreement_do(&act, a.id, work->type, 0, &words, NULL);
	}
	arena_free(arena);
	return e;
}

static void step(int i, enum message_type type, json_t *body)
{
	struct step_work work = { i, type, body };
	assert_int_equal(db_write(two.at[i].office->db, step_in, &work), OK);
	json_decref(body);
	two_exchange(&two);
}

static enum err draft_in(struct db_tx *tx, void *arg)
{
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[0].office, tx, &two_head, now_ms(), arena };
	json_t *document = agreement_sample(two.at[0].office->uid, two.at[1].office->uid);
	int64_t id;
	enum err e = agreement_draft_save(&act, document, 0, 0, &id, NULL);
	if (!e)
		copy_text(uid, sizeof(uid), json_str(document, "uid"));
	json_decref(document);
	arena_free(arena);
	return e;
}

static json_t *note(const char *text)
{
	return json_pack("{s:s, s:s}", "text", text, "language", "en");
}

static void make_history(void)
{
	assert_int_equal(db_write(two.at[0].office->db, draft_in, NULL), OK);
	step(0, MESSAGE_AGREEMENT_PROPOSE, NULL);
	step(1, MESSAGE_AGREEMENT_SIGN, NULL);
	uuid7(thread, now_ms());
	step(0, MESSAGE_REFERRAL_OFFER,
	    json_pack("{s:s, s:s, s:s, s:s, s:{s:s}, s:{s:s, s:s, s:s, s:[s], s:s, s:s, s:s, s:s}}", "number", "PK-1",
		"subject", "labour_wages", "authority", "A company", "language", "en", "fields", "name", "Gul Khan",
		"consent", "purpose", "referral", "receiver", two.at[1].office->uid, "agreement", uid, "fields", "name",
		"text_version", "1", "language", "ur", "given_at", "2026-11-01T00:00:00.000Z", "digest",
		"Q1dGawLp7nmA0Dk05Sm7X6E0hbrlhM0rDiQ06vct0WE"));
	step(1, MESSAGE_NOTE, note("We have it."));
	/* The second suspends, and before the first knows, it writes: refused by the agreement, finally. */
	struct step_work suspend = { 1, MESSAGE_AGREEMENT_SUSPEND, NULL };
	assert_int_equal(db_write(two.at[1].office->db, step_in, &suspend), OK);
	step(0, MESSAGE_NOTE, note("Too late."));
	step(1, MESSAGE_AGREEMENT_RESUME, NULL);
	step(0, MESSAGE_NOTE, note("In time again."));
}

/* --- changing one value ------------------------------------------------------------------------------------------ */

/* Another character in the middle of a text, of the same kind. */
#define FLIP(column)                                                                                                   \
	column " = substr(" column ", 1, length(" column ") / 2) || CASE substr(" column ", length(" column            \
	       ") / 2 + 1, 1) WHEN 'a' THEN 'b' ELSE 'a' END || substr(" column ", length(" column ") / 2 + 2)"
#define MESSAGE(column) "UPDATE message SET " FLIP(column) " WHERE position = (SELECT max(position) FROM message) - %d"
#define NUMBER(table, column) "UPDATE " table " SET " column " = " column " + 1 WHERE rowid = 1 + %d"

static const char *const tampering[] = {
	MESSAGE("raw"),
	MESSAGE("sha256"),
	MESSAGE("id"),
	MESSAGE("type"),
	MESSAGE("body"),
	MESSAGE("agreement_uid"),
	MESSAGE("state"),
	MESSAGE("answer"),
	"UPDATE message SET clause = clause || 'x' WHERE position = (SELECT max(position) FROM message) - %d",
	NUMBER("message", "seq"),
	"UPDATE message SET direction = CASE direction WHEN 'in' THEN 'out' ELSE 'in' END WHERE position = 1 + %d",
	"DELETE FROM message WHERE position = (SELECT max(position) FROM message) - %d AND state = 'receipted'",
	NUMBER("thread", "out_seq"),
	NUMBER("thread", "in_seq"),
	NUMBER("thread", "acked"),
	"UPDATE thread SET opener = 1 - opener WHERE rowid = 1 + %d",
	"UPDATE thread SET " FLIP("out_head") " WHERE rowid = 1 + %d",
	"UPDATE thread SET " FLIP("in_head") " WHERE rowid = 1 + %d",
	"UPDATE thread SET kind = CASE kind WHEN 'agreement' THEN 'referral' ELSE 'agreement' END WHERE rowid = 1 + %d",
	"UPDATE thread SET " FLIP("agreement_uid") " WHERE rowid = 1 + %d",
	"UPDATE agreement SET " FLIP("document") " WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET document = replace(document, 'assist each', 'avoid each') WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET " FLIP("sha256") " WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET " FLIP("ours") " WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET " FLIP("theirs") " WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET ours = theirs WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET ours = NULL WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET status = replace(status, 'false', 'true') WHERE id = 1 + 0 * %d",
	"UPDATE agreement SET arriving = replace(arriving, 'false', 'true') WHERE id = 1 + 0 * %d",
	"UPDATE agreement_act SET party = 1 - party WHERE id = 1 + %d",
	"UPDATE agreement_act SET state = 'refused' WHERE id = 1 + %d",
	"UPDATE agreement_act SET reason = reason || '.' WHERE id = 1 + %d",
	"UPDATE agreement_act SET effective = '2030-01-01' WHERE id = 1 + %d",
	"UPDATE agreement_act SET refusal = 'move' WHERE id = 1 + %d",
	"UPDATE agreement_act SET type = 'agreement.terminate' WHERE id = 1 + %d",
	"DELETE FROM agreement_act WHERE id = 1 + %d",
	"UPDATE partner SET " FLIP("fingerprint") " WHERE id = 1 + 0 * %d",
	"UPDATE partner SET " FLIP("uid") " WHERE id = 1 + 0 * %d",
	"UPDATE partner SET keys = replace(keys, '\"x\":\"', '\"x\":\"A') WHERE id = 1 + 0 * %d",
};

struct tamper_work {
	struct db_sql sql;
	int64_t changed;
};

static enum err tamper_in(struct db_tx *tx, void *arg)
{
	struct tamper_work *work = arg;
	return db_run_count(tx, &work->sql, DB_NO_ARGS, &work->changed);
}

static enum err verify(int i, struct fault *fault)
{
	struct progress progress;
	return exchange_verify(two.at[i].office, &progress, fault);
}

static void shell(const char *what, int i)
{
	char command[600];
	const char *dir = two.at[i].dir;
	if (!strcmp(what, "save"))
		snprintf(command, sizeof(command), "cp %s/office.db %s/saved", dir, dir);
	else
		snprintf(command, sizeof(command), "rm -f %s/office.db-wal %s/office.db-shm; cp %s/saved %s/office.db",
		    dir, dir, dir, dir);
	assert_int_equal(system(command), 0);
}

static void reopen(int i)
{
	struct db_migration list[32];
	size_t n = two_migrations(list);
	struct fault fault = { 0 };
	assert_int_equal(office_open(two.at[i].dir, list, n, &two.at[i].office, &fault), OK);
}

/* Changes one value, looks, and puts the database back. Returns how many rows it changed. */
static int64_t try_one(int i, const char *format, int which)
{
	struct tamper_work work = { 0 };
	struct fault fault = { 0 };
	char text[600];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), format, which);
#pragma GCC diagnostic pop
	work.sql = (struct db_sql) { "tamper", { text, text } };
	/* A rule of the schema may refuse it already: that is found too. */
	if (db_write(two.at[i].office->db, tamper_in, &work) == OK && work.changed) {
		if (verify(i, &fault) == OK)
			fail_msg("not found in office %d: %s", i, text);
		assert_true(fault.field[0] && fault.key);
	}
	office_close(two.at[i].office);
	shell("restore", i);
	reopen(i);
	return work.changed;
}

static int setup(void **state)
{
	two_open(&two);
	two_pair(&two);
	make_history();
	for (int i = 0; i < 2; i++) {
		two_down(&two, i);
		office_close(two.at[i].office);
		shell("save", i);
		reopen(i);
	}
	return 0;
}

static int teardown(void **state)
{
	two_close(&two);
	return 0;
}

static void whole_history_holds(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct fault fault = { 0 };
		char words[400];
		if (verify(i, &fault))
			fail_msg("office %d: %s: %s", i, fault.field, fault_english(&fault, words, sizeof(words)));
	}
}

static void every_change_is_found(void **state)
{
	for (size_t t = 0; t < ARRAY_LEN(tampering); t++) {
		int64_t changed = 0;
		for (int i = 0; i < 2; i++)
			for (int which = 0; which < 5; which++)
				changed += try_one(i, tampering[t], which);
		if (!changed)
			fail_msg("changes nothing: %s", tampering[t]);
	}
	whole_history_holds(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_history_holds),
		cmocka_unit_test(every_change_is_found),
	};
	return cmocka_run_group_tests_name("exchange_verify", tests, setup, teardown);
}
