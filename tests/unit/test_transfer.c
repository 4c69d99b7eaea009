/* Files between two offices: the same bytes announced twice arrive twice, and a size that is not theirs is refused. */
#include "two_offices.h"

#include "cooperation/exchange_inner.h"
#include "cooperation/transfer.h"
#include "crypto/crypto.h"
#include "office/blob.h"

#include <unistd.h>

#define SMALL (BLOB_CHUNK + 1000)
#define LARGE (40 * BLOB_CHUNK + 1) /* more than one turn */

/* What a referral does with a file is not asked here, only how often it is told. */
static int arrived[8];
const struct message_handler referral_handlers[] = { { MESSAGE_NOTE, NULL, NULL } };
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	arrived[t->referral_id]++;
	return OK;
}

static struct two_offices two;
static char sha256_text[SHA256_HEX];
static int64_t file_size;

static int setup(void **state)
{
	memset(arrived, 0, sizeof(arrived));
	two_open(&two);
	two_pair(&two);
	return 0;
}

static int teardown(void **state)
{
	two_close(&two);
	return 0;
}

static void store(struct office *office, int64_t size)
{
	file_size = size;
	char *bytes CLEANUP(free_ptr) = malloc((size_t)size);
	FILE *file = tmpfile();
	assert_non_null(bytes);
	assert_non_null(file);
	for (int i = 0; i < size; i++)
		bytes[i] = (char)(i * 7 + i / 251);
	assert_int_equal(fwrite(bytes, 1, (size_t)size, file), size);
	fflush(file);
	sha256_hex(sha256_text, bytes, (size_t)size);
	assert_int_equal(blob_store_fd(office->db, fileno(file), size, sha256_text, now_ms()), OK);
	fclose(file);
}

struct announce_work {
	struct test_office *at;
	int64_t referral;
	const char *message;
	json_t *file;
};

static enum err announce(struct db_tx *tx, void *arg)
{
	struct announce_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->at->office, tx, &two_head, now_ms(), arena };
	const struct document_new doc = {
		.name = "passport.pdf", .type = "application/pdf", .size = file_size, .sha256 = sha256_text
	};
	enum err e = transfer_announce(&act, work->referral, work->at->partner, work->message, &doc, &work->file);
	if (!e)
		e = transfer_release(&act, work->message);
	arena_free(arena);
	return e;
}

static enum err expect(struct db_tx *tx, void *arg)
{
	struct announce_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->at->office, tx, &two_head, now_ms(), arena };
	enum err e = transfer_expect(&act, work->referral, work->at->partner, work->message, work->file, NULL);
	arena_free(arena);
	return e;
}

static json_t *announced(int64_t referral, const char *message)
{
	struct announce_work work = { &two.at[0], referral, message, NULL };
	assert_int_equal(db_write(two.at[0].office->db, announce, &work), OK);
	return work.file;
}

static enum err expected(int64_t referral, const char *message, json_t *file)
{
	struct announce_work work = { &two.at[1], referral, message, file };
	return db_write(two.at[1].office->db, expect, &work);
}

/* Both were announced before the first was there: the second's bytes are known by then, yet its referral has no file.
 */
static void the_same_file_for_two_referrals(void **state)
{
	store(two.at[0].office, SMALL);
	for (int64_t referral = 1; referral <= 2; referral++) {
		const char *message = referral == 1 ? "m1" : "m2";
		json_t *file = announced(referral, message);
		assert_int_equal(expected(referral, message, file), OK);
		json_decref(file);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(transfer_run(two.at[0].office, now_ms() + i * HOUR_MS), OK);
	assert_int_equal(arrived[1], 1);
	assert_int_equal(arrived[2], 1);
}

static void a_file_that_is_here_arrives_at_once(void **state)
{
	store(two.at[0].office, SMALL);
	store(two.at[1].office, SMALL);
	json_t *file = announced(3, "m3");
	assert_int_equal(expected(3, "m3", file), OK);
	assert_int_equal(arrived[3], 1);
	assert_int_equal(transfer_run(two.at[0].office, now_ms()), OK);
	assert_int_equal(arrived[3], 1);
	json_decref(file);
}

/* A document of the wrong length would break off in the middle of its download. */
static void the_size_of_a_file_that_is_here_is_known(void **state)
{
	store(two.at[0].office, SMALL);
	store(two.at[1].office, SMALL);
	json_t *file = announced(4, "m4");
	json_put_int(file, "size", SMALL - 1);
	assert_int_equal(expected(4, "m4", file), ERR_INVALID);
	assert_int_equal(arrived[4], 0);
	json_decref(file);
}

static void a_large_file_takes_turns(void **state)
{
	store(two.at[0].office, LARGE);
	json_t *file = announced(5, "m5");
	assert_int_equal(expected(5, "m5", file), OK);
	assert_int_equal(transfer_run(two.at[0].office, now_ms()), OK);
	assert_int_equal(arrived[5], 1);
	json_decref(file);
}

#define BOTH_ENGINES(text_)                                                                                            \
	{                                                                                                              \
		text_, text_                                                                                           \
	}
static const struct db_sql sql_referral = { "referral",
	BOTH_ENGINES(
	    "INSERT INTO referral (id, uid, side, partner_id, agreement_uid, partner_number, state, settled, packet, "
	    "supplement, story, result, created_at, changed_at, version) "
	    "VALUES ($1, 'u', 'lead', $2, '', '', $3, $3, '{}', '{}', '{}', '', 1, 1, 1)") };
static const struct db_sql sql_withdraw = { "withdraw",
	BOTH_ENGINES("UPDATE referral SET state = 'withdrawn' WHERE id = $1") };
static const struct db_sql sql_chunks = { "chunks", BOTH_ENGINES("SELECT count(*) FROM transfer_chunk") };
static const struct db_sql sql_erasures = { "erasures",
	BOTH_ENGINES("SELECT count(*) FROM journal WHERE act = 'transfer.erase' AND object = 'referral:5'") };

static enum err open_referral(struct db_tx *tx, void *arg)
{
	return db_run(tx, &sql_referral, DB_ARGS(db_int(5), db_int(two.at[1].partner), db_text("sent")));
}

static enum err withdraw(struct db_tx *tx, void *arg)
{
	return db_run(tx, &sql_withdraw, DB_ARGS(db_int(5)));
}

struct count_work {
	const struct db_sql *sql;
	int64_t n;
};

static enum err count_rows(struct db_tx *tx, void *arg)
{
	struct count_work *work = arg;
	return db_get_int(tx, work->sql, DB_NO_ARGS, &work->n);
}

static int64_t count_at_lead(const struct db_sql *sql)
{
	struct count_work work = { sql, -1 };
	assert_int_equal(db_read(two.at[1].office->db, count_rows, &work), OK);
	return work.n;
}

/* The first piece of an announced file, as the partner would push it. */
static void push_first_piece(const char *id)
{
	struct transfer t;
	uint8_t raw[16], *plain = calloc(1, BLOB_CHUNK), *sealed = malloc(BLOB_CHUNK + CHUNK_TAG);
	assert_int_equal(transfer_load_in(two.at[1].office->db, id, &t), OK);
	assert_true(hex_decode(raw, sizeof(raw), id));
	chunk_seal(sealed, t.key, raw, 0, false, plain, BLOB_CHUNK);
	assert_int_equal(transfer_put(two.at[1].office, &t, 0, sealed, BLOB_CHUNK + CHUNK_TAG, now_ms()), OK);
	free(plain);
	free(sealed);
}

/* A person withdraws while the passport is half there: that half does not stay. */
static void half_a_file_of_a_withdrawn_referral_is_erased(void **state)
{
	struct db *lead = two.at[1].office->db;
	struct transfer t;
	store(two.at[0].office, SMALL);
	json_t *file = announced(5, "m5");
	const char *id = json_str(file, "id");
	assert_int_equal(db_write(lead, open_referral, NULL), OK);
	assert_int_equal(expected(5, "m5", file), OK);
	push_first_piece(id);
	assert_int_equal(transfer_sweep(two.at[1].office, now_ms()), OK);
	assert_int_equal(count_at_lead(&sql_chunks), 1); /* the referral goes on */
	assert_int_equal(db_write(lead, withdraw, NULL), OK);
	assert_int_equal(transfer_sweep(two.at[1].office, now_ms()), OK);
	assert_int_equal(count_at_lead(&sql_chunks), 0);
	assert_int_equal(count_at_lead(&sql_erasures), 1);
	assert_int_equal(transfer_load_in(lead, id, &t), OK);
	assert_int_equal(t.state, TRANSFER_BROKEN);
	assert_int_equal(transfer_sweep(two.at[1].office, now_ms()), OK);
	assert_int_equal(count_at_lead(&sql_erasures), 1);
	json_decref(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_file_for_two_referrals, setup, teardown),
		cmocka_unit_test_setup_teardown(a_large_file_takes_turns, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_here_arrives_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(the_size_of_a_file_that_is_here_is_known, setup, teardown),
		cmocka_unit_test_setup_teardown(half_a_file_of_a_withdrawn_referral_is_erased, setup, teardown),
	};
	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
