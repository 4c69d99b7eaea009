/* Every character that verification promises to find is flipped here, one column at a time, and must be found. */
#include "casework/casefile.h"

#include "../lib/desk.h"
#include "base/progress.h"
#include "office/blob.h"

#include <sys/mman.h>
#include <unistd.h>

static enum err verify(struct desk *desk, struct fault *fault)
{
	struct progress progress;
	return casework_verify(desk->office, &progress, fault);
}

static enum err run_sql(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return db_run(act->tx, arg, DB_NO_ARGS);
}

static void change(struct desk *desk, const char *text)
{
	static const struct actor system = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };
	/* Statements are found by address and never change: each gets memory of its own. */
	struct db_sql *sql = arena_alloc(desk->arena, sizeof(*sql));
	sql->name = "change";
	sql->text[DB_SQLITE] = sql->text[DB_POSTGRESQL] = arena_strdup(desk->arena, text);
	assert_int_equal(desk_do(desk, &system, 0, run_sql, sql), OK);
}

static enum err work_on(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct document_new doc = { "slip.txt", "text/plain",
		"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", "staff", 11 };
	int64_t id;
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	if (!e)
		e = casefile_assign(act, c, act->actor->id, NULL);
	if (!e)
		e = text_add(act, c->id, "to_person", LANG_EN, "Please send the contract.");
	if (!e)
		e = text_add(act, c->id, "note", LANG_EN, "A note.");
	return e ? e : document_add(act, c->id, &doc, &id);
}

static enum err close_it(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_close(act, c, "withdrawn", "", 0, NULL);
}

/* Three complaints: one worked on, with a file; one closed; one as it came. */
static int open_office(void **state)
{
	static struct desk desk;
	desk_open(&desk, "az-commissioner");
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	int fd = memfd_create("slip", 0);
	for (int i = 1; i <= 3; i++)
		desk_file(&desk, i, "State Oil Works");
	assert_int_equal(write(fd, "hello world", 11), 11);
	assert_int_equal(blob_store_fd(desk.office->db, fd, 11,
			     "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9", desk.now),
	    OK);
	close(fd);
	assert_int_equal(desk_do(&desk, &officer, 1, work_on, NULL), OK);
	assert_int_equal(desk_do(&desk, &officer, 2, close_it, NULL), OK);
	*state = &desk;
	return 0;
}

static int close_office(void **state)
{
	desk_close(*state);
	return 0;
}

static void what_was_done_by_the_program_holds(void **state)
{
	struct fault fault = { 0 };
	char words[700];
	enum err e = verify(*state, &fault);
	if (e)
		fail_msg("%s: %s", fault.field, fault_english(&fault, words, sizeof(words)));
}

static void must_be_found(struct desk *desk, const char *flip, const char *back)
{
	struct fault fault = { 0 };
	change(desk, flip);
	if (verify(desk, &fault) != ERR_UNTRUSTED)
		fail_msg("not found: %s", flip);
	assert_int_equal(strncmp(fault.field, "casefile:", 9), 0);
	if (!back)
		return;
	change(desk, back);
	if (verify(desk, &fault) != OK)
		fail_msg("not mended: %s", back);
}

static void every_flipped_character_is_found(void **state)
{
	static const struct {
		const char *table, *column;
	} texts[] = {
		{ "casefile", "number" },
		{ "casefile", "content" },
		{ "casefile", "content_sha256" },
		{ "casefile", "state" },
		{ "casefile", "closing" },
		{ "casefile", "lang" },
		{ "casefile", "body_key" },
		{ "casefile", "body_name" },
		{ "casefile", "body_country" },
		{ "casefile", "subject" },
		{ "casefile", "person_name" },
		{ "party", "name" },
		{ "party", "father_name" },
		{ "party", "birth_date" },
		{ "party", "nationality" },
		{ "party", "passport_no" },
		{ "party", "phone" },
		{ "party", "email" },
		{ "party", "address" },
		{ "case_text", "kind" },
		{ "case_text", "body" },
		{ "case_text", "sha256" },
		{ "document", "sha256" },
	};
	struct desk *desk = *state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const char *t = texts[i].table, *c = texts[i].column;
		must_be_found(desk, arena_printf(desk->arena, "UPDATE %s SET %s = %s || 'x' WHERE id = 1", t, c, c),
		    arena_printf(
			desk->arena, "UPDATE %s SET %s = substr(%s, 1, length(%s) - 1) WHERE id = 1", t, c, c, c));
	}
}

static void every_changed_number_is_found(void **state)
{
	static const char *const pairs[][2] = {
		{ "UPDATE casefile SET embassy_not_told = 0 WHERE id = 3",
		    "UPDATE casefile SET embassy_not_told = 1 WHERE id = 3" },
		{ "UPDATE casefile SET assigned_to = NULL WHERE id = 1",
		    "UPDATE casefile SET assigned_to = 1 WHERE id = 1" },
		{ "UPDATE casefile SET received_at = received_at + 1 WHERE id = 3",
		    "UPDATE casefile SET received_at = received_at - 1 WHERE id = 3" },
		{ "UPDATE casefile SET closing = 'upheld' WHERE id = 2",
		    "UPDATE casefile SET closing = 'withdrawn' WHERE id = 2" },
		{ "UPDATE casefile SET state = 'received', closing = '' WHERE id = 2",
		    "UPDATE casefile SET state = 'closed', closing = 'withdrawn' WHERE id = 2" },
		{ "UPDATE document SET size = 12 WHERE id = 1", "UPDATE document SET size = 11 WHERE id = 1" },
		{ "UPDATE blob SET complete = 0", "UPDATE blob SET complete = 1" },
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		must_be_found(*state, pairs[i][0], pairs[i][1]);
}

static void a_removed_message_is_found(void **state)
{
	must_be_found(*state, "DELETE FROM case_text WHERE id = 2", NULL);
}

static void a_removed_file_is_found(void **state)
{
	must_be_found(*state, "DELETE FROM document", NULL);
}

static void an_added_message_is_found(void **state)
{
	must_be_found(*state,
	    "INSERT INTO case_text (casefile_id, kind, lang, body, sha256, author, author_name, at) SELECT "
	    "casefile_id, kind, lang, "
	    "body, sha256, author, author_name, at FROM case_text WHERE id = 1",
	    NULL);
}

static void a_complaint_that_nobody_filed_is_found(void **state)
{
	must_be_found(*state,
	    "INSERT INTO casefile (number, submission, code_hash, state, version, channel, lang, received_at, content, "
	    "content_sha256, body_key, body_name, body_country, subject, person_name, embassy_not_told, has_referral, "
	    "closing) "
	    "SELECT 'X-1', 'x', '', state, version, channel, lang, received_at, content, content_sha256, body_key, "
	    "body_name, "
	    "body_country, subject, person_name, embassy_not_told, has_referral, closing FROM casefile WHERE id = 3",
	    NULL);
}

static void a_removed_party_is_found(void **state)
{
	change(*state, "DELETE FROM person_key WHERE casefile_id = 3");
	must_be_found(*state, "DELETE FROM party WHERE casefile_id = 3", NULL);
}

#define IN_OFFICE(test_) cmocka_unit_test_setup_teardown(test_, open_office, close_office)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(what_was_done_by_the_program_holds),
		IN_OFFICE(every_flipped_character_is_found),
		IN_OFFICE(every_changed_number_is_found),
		IN_OFFICE(a_removed_message_is_found),
		IN_OFFICE(a_removed_file_is_found),
		IN_OFFICE(an_added_message_is_found),
		IN_OFFICE(a_complaint_that_nobody_filed_is_found),
		IN_OFFICE(a_removed_party_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
