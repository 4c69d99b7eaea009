/* A draft keeps what was typed and sent, belongs to the case once sent, and takes its files along when swept. */
#include "../lib/desk.h"
#include "base/id.h"
#include "casework/draft.h"
#include "office/blob.h"

static struct desk desk;

struct work {
	struct draft_change change;
	const char *id;
	struct draft draft;
	int64_t casefile_id;
	const char *sha256;
	bool there;
};

static enum err save(struct db_tx *tx, void *arg)
{
	return draft_save(tx, &((struct work *)arg)->change);
}

static enum err load(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	return draft_load(tx, desk.arena, work->id, &work->draft);
}

static enum err sent(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	return draft_set_sent(tx, work->id, work->casefile_id);
}

static enum err exists(struct db_tx *tx, void *arg)
{
	struct work *work = arg;
	return blob_exists(tx, work->sha256, &work->there);
}

static bool bytes_there(const char *sha256)
{
	struct work work = { .sha256 = sha256 };
	assert_int_equal(db_read(desk.office->db, exists, &work), OK);
	return work.there;
}

static struct document_new store(const char *name, const char *text)
{
	char digest[SHA256_HEX];
	FILE *f = tmpfile();
	sha256_hex(digest, text, strlen(text));
	fputs(text, f);
	fflush(f);
	assert_int_equal(blob_store_fd(desk.office->db, fileno(f), (int64_t)strlen(text), digest, desk.now), OK);
	fclose(f);
	return (struct document_new) { .name = name,
		.type = "text/plain",
		.sha256 = arena_strdup(desk.arena, digest),
		.origin = "person",
		.size = (int64_t)strlen(text) };
}

static enum err keep(const char *id, int64_t now, const struct document_new *added, size_t n, const char *removed)
{
	json_t *values = json_object();
	json_put_str(values, "name", "Əli");
	struct work work = { .change = { .id = id,
				 .now = now,
				 .ready = true,
				 .values = values,
				 .added = added,
				 .added_count = n,
				 .removed = &removed,
				 .removed_count = removed ? 1 : 0 } };
	enum err e = db_write(desk.office->db, save, &work);
	json_decref(values);
	return e;
}

static enum err find(const char *id, struct draft *ret)
{
	struct work work = { .id = id };
	enum err e = db_read(desk.office->db, load, &work);
	*ret = work.draft;
	return e;
}

static void files_come_and_go(void **state)
{
	const struct document_new files[] = { store("a.txt", "first"), store("b.txt", "second") };
	struct draft draft;
	assert_int_equal(find("d1", &draft), ERR_NOT_FOUND);
	assert_int_equal(keep("d1", desk.now, files, 2, NULL), OK);
	assert_int_equal(keep("d1", desk.now + 5, files, 1, NULL), OK); /* the same file again is one file */
	assert_int_equal(find("d1", &draft), OK);
	assert_int_equal(draft.file_count, 2);
	assert_int_equal(draft.created_at, desk.now);
	assert_true(draft.ready);
	assert_string_equal(json_str(draft.values, "name"), "Əli");

	assert_int_equal(keep("d2", desk.now, files, 1, NULL), OK);
	assert_int_equal(keep("d1", desk.now, NULL, 0, files[0].sha256), OK);
	assert_true(bytes_there(files[0].sha256)); /* the other draft needs them */
	assert_int_equal(keep("d2", desk.now, NULL, 0, files[0].sha256), OK);
	assert_false(bytes_there(files[0].sha256));
	assert_int_equal(keep("d2", desk.now, files, 1, NULL), ERR_CONFLICT); /* bytes that have gone are no file */
	assert_int_equal(keep("d1", desk.now, &files[1], 1, files[1].sha256), OK);
	assert_true(bytes_there(files[1].sha256)); /* removed and sent with the same form: stays */
}

static void sent_it_only_remembers_its_case(void **state)
{
	const struct document_new file = store("c.txt", "third");
	struct work work = { .id = "d3", .casefile_id = desk_file(&desk, 1, "Xəzər") };
	struct draft draft;
	assert_int_equal(keep("d3", desk.now, &file, 1, NULL), OK);
	assert_int_equal(db_write(desk.office->db, sent, &work), OK);
	assert_int_equal(find("d3", &draft), OK);
	assert_int_equal(draft.casefile_id, work.casefile_id);
	assert_int_equal(draft.file_count, 0);
	assert_int_equal(json_object_size(draft.values), 0);
	assert_int_equal(keep("d3", desk.now, NULL, 0, NULL), ERR_CONFLICT); /* and takes nothing more */
}

static void after_a_day_nothing_is_left(void **state)
{
	const struct document_new file = store("d.txt", "fourth");
	struct draft draft;
	char id[16];
	for (int i = 0; i < 120; i++) { /* more than one piece of the sweep */
		snprintf(id, sizeof(id), "old%d", i);
		assert_int_equal(keep(id, desk.now - DRAFT_LIFE_MS - 1, &file, 1, NULL), OK);
	}
	assert_int_equal(keep("young", desk.now - DRAFT_LIFE_MS + 60000, NULL, 0, NULL), OK);
	assert_int_equal(draft_sweep(desk.office, desk.now), OK);
	for (int i = 0; i < 120; i++) {
		snprintf(id, sizeof(id), "old%d", i);
		assert_int_equal(find(id, &draft), ERR_NOT_FOUND);
	}
	assert_int_equal(find("young", &draft), OK);
	assert_false(bytes_there(file.sha256));
}

static enum err run_text(struct db_tx *tx, void *sql)
{
	return db_run(tx, sql, DB_NO_ARGS);
}

static int drafts_left(int n)
{
	struct draft draft;
	char id[16];
	int left = 0;
	for (int i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "piece%d", i);
		left += find(id, &draft) == OK;
	}
	return left;
}

/* Maintenance that holds everything or nothing never ends when something stops it again and again (trap 24). */
static void an_interrupted_sweep_keeps_what_it_did_and_goes_on(void **state)
{
	static struct db_sql stop = { "stop", { "CREATE TRIGGER stop BEFORE DELETE ON draft WHEN OLD.id = 'piece110' "
						"BEGIN SELECT RAISE(ABORT, 'stopped'); END",
						  "SELECT 1" } },
			     on = { "on", { "DROP TRIGGER stop", "SELECT 1" } };
	char id[16];
	for (int i = 0; i < 120; i++) {
		snprintf(id, sizeof(id), "piece%d", i);
		assert_int_equal(keep(id, desk.now - 2 * DRAFT_LIFE_MS + i, NULL, 0, NULL), OK);
	}
	assert_int_equal(db_write(desk.office->db, run_text, &stop), OK);
	assert_int_not_equal(draft_sweep(desk.office, desk.now), OK);
	int left = drafts_left(120);
	assert_true(left > 0 && left < 120);
	assert_int_equal(db_write(desk.office->db, run_text, &on), OK);
	assert_int_equal(draft_sweep(desk.office, desk.now), OK);
	assert_int_equal(drafts_left(120), 0);
}

static int begin(void **state)
{
	text_init();
	desk_open(&desk, "az-commissioner");
	return 0;
}

static int end(void **state)
{
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_and_go),
		cmocka_unit_test(sent_it_only_remembers_its_case),
		cmocka_unit_test(after_a_day_nothing_is_left),
		cmocka_unit_test(an_interrupted_sweep_keeps_what_it_did_and_goes_on),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
