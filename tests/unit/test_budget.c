/* What noise cannot move: statements a page and a complaint may cost, and commits when one or many file at once. */
#include "../lib/desk.h"
#include "../lib/serve.h"

#include "casework/tables.h"
#include "office/journal.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>

#define TOGETHER 32
#define EACH 10

/* The budgets (docs of the goals: few statements make a page quick). A page counts who asks and its trace, too. */
#define STATEMENTS_CREATE 13
#define STATEMENTS_CASE 11
#define STATEMENTS_QUEUE 6

static struct desk desk;
static struct server *server;
static char *token;

static int setup(void **state)
{
	desk_open(&desk, "az-commissioner");
	struct route_table table[64];
	assert_in_range(casework_routes_count, 1, ARRAY_LEN(table));
	for (size_t i = 0; i < casework_routes_count; i++)
		table[i] = *casework_routes[i];
	assert_int_equal(templates_load(NULL, NULL), OK);
	server = serve_office(desk.office, "127.0.0.1:0", desk.dir, table, casework_routes_count);
	int64_t token_id;
	assert_int_equal(token_add(desk.office, "budget", "commissioner", &token_id, &token, NULL), OK);
	return 0;
}

static int teardown(void **state)
{
	server_stop(server);
	free(token);
	desk_close(&desk);
	return 0;
}

/* --- complaints -------------------------------------------------------------------------------------------------- */

static struct db_stats stats(void)
{
	struct db_stats s;
	db_stats(desk.office->db, &s);
	return s;
}

static void one_complaint_is_one_commit_of_few_statements(void **state)
{
	desk_file(&desk, 1, "State Oil Works");
	struct db_stats before = stats();
	for (int n = 2; n < 12; n++)
		desk_file(&desk, n, "State Oil Works");
	struct db_stats after = stats();
	assert_int_equal(after.commits - before.commits, 10);
	assert_in_range(after.statements - before.statements, 10, 10 * STATEMENTS_CREATE);
}

struct filer {
	pthread_t thread;
	int first, failed;
};

/* The fixture's arena is one thread's: each filer brings its own. */
static void *file_some(void *arg)
{
	static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
	struct filer *filer = arg;
	for (int i = 0; i < EACH; i++) {
		struct arena *arena = arena_new(0);
		struct intake_result result;
		struct intake in = { .channel = "web",
			.lang = LANG_UR,
			.body_key = "",
			.body_name = "Works",
			.body_country = "AZ",
			.subject = "",
			.facts = "Wages of four months were withheld, and the passport too.",
			.remedy = "Both.",
			.steps_taken = "" };
		in.submission = arena_printf(arena, "together:%d", filer->first + i);
		in.person = (struct intake_party) { "complainant", "Person", "", "", "", "", "", "", "" };
		if (intake_file(desk.office, &nobody, &in, desk.now, &result, NULL) || result.again)
			filer->failed++;
		arena_free(arena);
	}
	return NULL;
}

static void many_complaints_share_their_commits(void **state)
{
	struct filer filer[TOGETHER] = { 0 };
	struct db_stats before = stats();
	for (int i = 0; i < TOGETHER; i++) {
		filer[i].first = i * EACH;
		assert_int_equal(pthread_create(&filer[i].thread, NULL, file_some, &filer[i]), 0);
	}
	for (int i = 0; i < TOGETHER; i++) {
		pthread_join(filer[i].thread, NULL);
		assert_int_equal(filer[i].failed, 0);
	}
	struct db_stats after = stats();
	assert_int_equal(after.works - before.works, TOGETHER * EACH);
	assert_in_range(after.commits - before.commits, 1, TOGETHER * EACH / 4);
}

/* --- pages ------------------------------------------------------------------------------------------------------- */

/* Asks once and waits until the trace of the reading is written, so that it is counted. */
static int64_t cost(const char *path)
{
	char request[600], answer[256] = "", rest[4096];
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		.sin_port = htons((uint16_t)server_port(server)) };
	struct db_stats before = stats();
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	int n = snprintf(request, sizeof(request),
	    "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n", path, token);
	assert_int_equal(send(fd, request, (size_t)n, 0), n);
	assert_true(recv(fd, answer, 16, MSG_WAITALL) == 16);
	while (recv(fd, rest, sizeof(rest), 0) > 0)
		;
	close(fd);
	assert_memory_equal(answer, "HTTP/1.1 200", 12);
	usleep(4 * JOURNAL_FLUSH_MS * 1000);
	return stats().statements - before.statements;
}

static void a_case_page_costs_few_statements(void **state)
{
	int64_t id = desk_file(&desk, 500, "State Oil Works");
	char path[64];
	snprintf(path, sizeof(path), "/api/v1/cases/%lld", (long long)id);
	cost(path); /* what is asked once a process */
	assert_in_range(cost(path), 1, STATEMENTS_CASE);
}

static void a_queue_page_costs_the_same_however_long_the_queue_is(void **state)
{
	cost("/api/v1/cases?of=received");
	int64_t few = cost("/api/v1/cases?of=received");
	for (int n = 1000; n < 1100; n++)
		desk_file(&desk, n, "State Oil Works");
	assert_in_range(few, 1, STATEMENTS_QUEUE);
	assert_int_equal(cost("/api/v1/cases?of=received"), few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_complaint_is_one_commit_of_few_statements),
		cmocka_unit_test(many_complaints_share_their_commits),
		cmocka_unit_test(a_case_page_costs_few_statements),
		cmocka_unit_test(a_queue_page_costs_the_same_however_long_the_queue_is),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
