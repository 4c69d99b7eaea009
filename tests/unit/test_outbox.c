/* What waits for a partner that does not answer: tried a few times, not once for every message. */
#include "cooperation/agreement_store.h"
#include "cooperation/exchange_inner.h"
#include "cooperation/transfer.h"
#include "two_offices.h"

#include "agreement_sample.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES 40

const struct message_handler referral_handlers[] = { { MESSAGE_NOTE, NULL, NULL } };
const size_t referral_handler_count = ARRAY_LEN(referral_handlers);
enum err referral_file_arrived(const struct casefile_act *act, const struct transfer *t)
{
	return OK;
}

static struct two_offices two;

static enum err propose_one(struct db_tx *tx, void *arg)
{
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[0].office, tx, &two_head, now_ms(), arena };
	json_t *document = agreement_sample(two.at[0].office->uid, two.at[1].office->uid);
	const struct agreement_words words = { "", "en", "" };
	int64_t id;
	enum err e = agreement_draft_save(&act, document, 0, 0, &id, NULL);
	if (!e)
		e = agreement_do(&act, id, MESSAGE_AGREEMENT_PROPOSE, 0, &words, NULL);
	json_decref(document);
	arena_free(arena);
	return e;
}

/* Takes connections at the partner's address and drops them. */
struct dropper {
	pthread_t thread;
	int fd, connections;
};

static void *drop_all(void *arg)
{
	struct dropper *dropper = arg;
	int fd;
	while ((fd = accept(dropper->fd, NULL, NULL)) >= 0) {
		dropper->connections++;
		close(fd);
	}
	return NULL;
}

static void drop_begin(struct dropper *dropper, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1;
	*dropper = (struct dropper) { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(dropper->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	assert_int_equal(bind(dropper->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(dropper->fd, 64), 0);
	assert_int_equal(pthread_create(&dropper->thread, NULL, drop_all, dropper), 0);
}

static int drop_end(struct dropper *dropper)
{
	shutdown(dropper->fd, SHUT_RDWR);
	pthread_join(dropper->thread, NULL);
	close(dropper->fd);
	return dropper->connections;
}

/* Each try may take half a minute; forty of them would keep the messages for everybody else waiting. */
static void a_silent_partner_is_not_asked_for_each_message(void **state)
{
	struct dropper dropper;
	two_open(&two);
	two_pair(&two);
	for (int i = 0; i < MESSAGES; i++)
		assert_int_equal(db_write(two.at[0].office->db, propose_one, NULL), OK);
	int port = atoi(strrchr(two.at[1].url, ':') + 1);
	two_down(&two, 1);
	drop_begin(&dropper, port);
	assert_int_equal(outbox_run(two.at[0].office, now_ms()), OK);
	int connections = drop_end(&dropper);
	two_close(&two);
	assert_in_range(connections, 1, 8);
}

struct put_work {
	const char *thread;
	enum message_type type;
	struct fault fault;
};

static enum err put_in(struct db_tx *tx, void *arg)
{
	struct put_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[0].office, tx, &two_head, now_ms(), arena };
	const struct outgoing out = { .partner_id = two.at[0].partner,
		.thread = work->thread,
		.type = MESSAGE_AGREEMENT_RESUME,
		.body = json_object() };
	enum err e = outbox_put(&act, &out, NULL);
	arena_free(arena);
	return e;
}

static enum err decline_in(struct db_tx *tx, void *arg)
{
	struct put_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { two.at[0].office, tx, &two_head, now_ms(), arena };
	const struct agreement_words words = { "We think again.", "en", "" };
	struct agreement_row a;
	enum err e = agreement_load_uid(tx, arena, work->thread, &a);
	if (!e)
		e = agreement_do(&act, a.id, MESSAGE_AGREEMENT_DECLINE, 0, &words, &work->fault);
	arena_free(arena);
	return e;
}

static enum err find_thread(struct db_tx *tx, void *arg)
{
	static const struct db_sql sql = { "uid", { "SELECT uid FROM agreement", "SELECT uid FROM agreement" } };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql, DB_NO_ARGS, &rows);
	if (!e && db_next(rows))
		copy_text(arg, UUID_TEXT, db_col_text(rows, 0));
	return e;
}

/* Sixteen wait (docs/exchange.md section 12), the seventeenth is refused with words. */
static void a_full_thread_says_so(void **state)
{
	char uid[UUID_TEXT] = "";
	struct put_work work = { .thread = uid };
	two_open(&two);
	two_pair(&two);
	assert_int_equal(db_write(two.at[0].office->db, propose_one, NULL), OK);
	assert_int_equal(db_read(two.at[0].office->db, find_thread, uid), OK);
	for (int i = 1; i < 16; i++)
		assert_int_equal(db_write(two.at[0].office->db, put_in, &work), OK);
	assert_int_equal(db_write(two.at[0].office->db, put_in, &work), ERR_THROTTLED);
	assert_int_equal(db_write(two.at[0].office->db, decline_in, &work), ERR_CONFLICT);
	assert_non_null(strstr(work.fault.key, "wait for the partner"));
	two_close(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_silent_partner_is_not_asked_for_each_message),
		cmocka_unit_test(a_full_thread_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
