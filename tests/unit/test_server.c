/* The server over raw sockets: what browsers, programs and strangers send, and what each gets. */
#include "http/http.h"

#include "base/asset.h"
#include "base/clockwork.h"
#include "base/id.h"
#include "base/log.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ANSWER_ROOM ((size_t)256 * 1024)
#define BIG ((int64_t)50 * 1024 * 1024)

static struct server *server;
static int port;
static char dir[64];
static atomic_int slow_running, streams_closed;

/* --- a toy application ------------------------------------------------------------------------------------------- */

struct toy {
	const char *name;
};
static const struct field toy_fields[] = { FIELD(struct toy, name, FIELD_TEXT, 20, FIELD_REQUIRED, "Name") };

static enum err home(struct request *rq, struct reply *rp)
{
	json_t *view = json_object();

	json_put_str(view, "name", request_query(rq, "name"));
	return reply_view(rp, "page", view);
}

static enum err form(struct request *rq, struct reply *rp)
{
	struct toy toy;
	struct faults faults = { 0 };

	if (form_parse(rq, toy_fields, ARRAY_LEN(toy_fields), &toy, &faults))
		return reply_form(rp, "page", json_object(), toy_fields, ARRAY_LEN(toy_fields), &faults);
	return rq->api ? reply_created(rp, "/api/v1/things/1", json_pack("{s:s}", "name", toy.name))
		       : reply_see_other(rp, "/thanks?name=%s", toy.name);
}

static enum err upload(struct request *rq, struct reply *rp)
{
	struct faults faults = { 0 };
	const struct upload *files;
	struct toy toy;
	json_t *list = json_array();

	if (form_parse(rq, toy_fields, ARRAY_LEN(toy_fields), &toy, &faults)) {
		json_decref(list);
		return reply_form(rp, "page", json_object(), toy_fields, ARRAY_LEN(toy_fields), &faults);
	}
	size_t n = request_uploads(rq, &files);
	for (size_t i = 0; i < n; i++)
		json_add(
		    list, json_pack("{s:s,s:s,s:s,s:I,s:s}", "field", files[i].field, "name", files[i].name, "type",
			      files[i].type, "size", (json_int_t)files[i].size, "sha256", files[i].sha256));
	char *text = json_compact_text(list);
	enum err err = reply_text(rp, 200, "application/json", text);
	free(text);
	json_decref(list);
	return err;
}

static enum err param(struct request *rq, struct reply *rp)
{
	return reply_text(
	    rp, 200, "text/plain", arena_printf(rq->arena, "%lld", (long long)request_param_int(rq, "id")));
}

static enum err raw(struct request *rq, struct reply *rp)
{
	return reply_data(rp, 200, "application/octet-stream", rq->body, rq->body_len);
}

static enum err echo(struct request *rq, struct reply *rp)
{
	return reply_view(rp, NULL, json_pack("{s:O}", "got", rq->json ? rq->json : json_null()));
}

static enum err whoami(struct request *rq, struct reply *rp)
{
	return reply_text(rp, 200, "text/plain", rq->ip);
}

static enum err slow(struct request *rq, struct reply *rp)
{
	slow_running = 1;
	usleep(300 * 1000);
	return reply_text(rp, 200, "text/plain", "slow but done");
}

static enum err denied(struct request *rq, struct reply *rp)
{
	return ERR_DENIED;
}

static enum err silent(struct request *rq, struct reply *rp)
{
	return OK;
}

static int64_t read_big(void *source, int64_t offset, void *out, size_t room)
{
	int64_t left = BIG - offset, n = left < (int64_t)room ? left : (int64_t)room;

	memset(out, (int)(offset >> 20) & 0xff, (size_t)n);
	return n;
}

static int64_t read_broken(void *source, int64_t offset, void *out, size_t room)
{
	return -1;
}

static void close_big(void *source)
{
	streams_closed++;
}

static enum err big(struct request *rq, struct reply *rp)
{
	return reply_stream(rp, "text/html", "şikayət.html", BIG, read_big, close_big, NULL);
}

static enum err broken(struct request *rq, struct reply *rp)
{
	return reply_stream(rp, "text/plain", "x", 10, read_broken, close_big, NULL);
}

#define PRIVATE 1u
static const struct route routes[] = {
	{ METHOD_GET, "/", home, 0, 0, 0, "" },
	{ METHOD_GET, "/form", home, 0, 0, 0, "" },
	{ METHOD_POST, "/form", form, 0, 0, 0, "" },
	{ METHOD_POST, "/upload", upload, 0, ROUTE_UPLOAD, 0, "" },
	{ METHOD_GET, "/cases/{id}", param, 0, 0, 0, "" },
	{ METHOD_GET, "/private", home, PRIVATE, 0, 0, "" },
	{ METHOD_POST, "/raw", raw, 0, ROUTE_RAW, 4096, "" },
	{ METHOD_GET, "/whoami", whoami, 0, 0, 0, "" },
	{ METHOD_GET, "/slow", slow, 0, 0, 0, "" },
	{ METHOD_GET, "/denied", denied, 0, 0, 0, "" },
	{ METHOD_GET, "/silent", silent, 0, 0, 0, "" },
	{ METHOD_GET, "/big", big, 0, 0, 0, "" },
	{ METHOD_GET, "/broken", broken, 0, 0, 0, "" },
	{ METHOD_GET, "/api/v1/denied", denied, 0, 0, 0, "" },
	{ METHOD_GET, "/api/v1/private", echo, PRIVATE, 0, 0, "" },
	{ METHOD_POST, "/api/v1/echo", echo, 0, 0, 0, "" },
	{ METHOD_POST, "/api/v1/files", echo, 0, ROUTE_UPLOAD, 0, "" },
	{ METHOD_POST, "/api/v1/things", form, 0, 0, 0, "" },
};
static const struct route_table table = { routes, ARRAY_LEN(routes) };

static enum err authenticate(struct request *rq)
{
	return rq->route->who & PRIVATE ? ERR_LOGIN : OK;
}

static void frame(struct request *rq, json_t *view)
{
	json_put_str(view, "office", "Toy Office");
}

static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s.html", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct server_options options_of(void)
{
	static const uint8_t secret[32] = { 7 };

	return (struct server_options) {
		.listen = "127.0.0.1:0",
		.workers = 8,
		.upload_limit = 1024 * 1024,
		.body_limit = 3 * 1024 * 1024,
		.files_limit = 3,
		.spool = "/tmp",
		.template_dir = dir,
		.secret = secret,
		.default_lang = LANG_EN,
		.tables = &table,
		.table_count = 1,
		.authenticate = authenticate,
		.frame = frame,
		.login_path = "/login",
	};
}

static int setup(void **state)
{
	struct server_options options = options_of();
	struct fault fault = { 0 };

	crypto_init();
	text_init();
	log_set_level(LOG_LEVEL_MAX);
	strcpy(dir, "/tmp/sulh-server-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	put("page",
	    "<html lang=\"{{lang}}\" dir=\"{{dir}}\"><h1>{{office}}</h1><p>{{name}}</p>"
	    "<input name=\"_csrf\" value=\"{{csrf}}\">{{#errors}}[{{field}}: {{text}}]{{/errors}}"
	    "{{#values}}<i>{{name}}</i>{{/values}}{{#languages}}<a href=\"{{url}}\">{{name}}</a>{{/languages}}</html>");
	put("error", "<h1>{{office}} {{status}}</h1><p>{{title}}</p><p>{{fault}}</p><p>{{help}}</p>");
	if (server_start(&options, &server, &fault))
		return -1;
	port = server_port(server);
	return 0;
}

static int teardown(void **state)
{
	char path[256];

	server_stop(server);
	snprintf(path, sizeof path, "%s/page.html", dir);
	unlink(path);
	snprintf(path, sizeof path, "%s/error.html", dir);
	unlink(path);
	return rmdir(dir);
}

/* --- a raw client ------------------------------------------------------------------------------------------------ */

static int dial_port(int to)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)to) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval limit = { 20, 0 };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	if (connect(fd, (struct sockaddr *)&address, sizeof address)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int dial(void)
{
	int fd = dial_port(port);

	assert_true(fd >= 0);
	return fd;
}

static void say(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* One answer with Content-Length (or until the end when there is none); in a static buffer. */
static char *hear(int fd, bool body)
{
	static char answer[ANSWER_ROOM];
	size_t len = 0, want = SIZE_MAX;

	while (len < want && len + 1 < sizeof answer) {
		/* Byte by byte up to the end of the head, so that a pipelined answer is left in the socket. */
		size_t ask = want == SIZE_MAX ? 1 : want - len;
		ssize_t n = recv(fd, answer + len, ask, 0);
		if (n <= 0)
			break;
		len += (size_t)n;
		answer[len] = 0;
		if (want == SIZE_MAX && len >= 4 && !memcmp(answer + len - 4, "\r\n\r\n", 4)) {
			const char *length = strcasestr(answer, "\r\nContent-Length:");
			want = body && length ? len + strtoul(length + 17, NULL, 10) : len;
		}
	}
	answer[len] = 0;
	return answer;
}

static char *ask_bytes(const char *request, size_t len)
{
	int fd = dial();

	say(fd, request, len);
	char *answer = hear(fd, true);
	close(fd);
	return answer;
}

static char *ask(const char *request)
{
	return ask_bytes(request, strlen(request));
}

static char *get(const char *path)
{
	char request[4096];

	snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: toy\r\n\r\n", path);
	return ask(request);
}

static int status_of(const char *answer)
{
	return strncmp(answer, "HTTP/1.1 ", 9) ? 0 : atoi(answer + 9);
}

#define assert_status(answer_, status_)                                                                                \
	do {                                                                                                           \
		const char *got_ = (answer_);                                                                          \
		if (status_of(got_) != (status_))                                                                      \
			fail_msg("status %d, not %d: %.600s", status_of(got_), status_, got_);                         \
	} while (0)
#define assert_has(answer_, part_)                                                                                     \
	do {                                                                                                           \
		const char *got_ = (answer_);                                                                          \
		if (!strstr(got_, part_))                                                                              \
			fail_msg("no \"%s\" in: %.900s", part_, got_);                                                 \
	} while (0)

static char seed[64], token[64];

/* Opens the form as a browser does: keeps its cookie and its token. */
static void open_form(void)
{
	const char *answer = get("/form"), *cookie = strstr(answer, "sulh_seed="), *field = strstr(answer, "value=\"");

	assert_non_null(cookie);
	assert_non_null(field);
	snprintf(seed, sizeof seed, "%.*s", (int)strcspn(cookie, ";"), cookie);
	snprintf(token, sizeof token, "%.*s", (int)strcspn(field + 7, "\""), field + 7);
	assert_int_equal(strlen(token), 43);
}

static char *post(const char *path, const char *type, const char *extra, const char *body, size_t len)
{
	char *request = malloc(len + 2048);
	int head = snprintf(request, 2048,
	    "POST %s HTTP/1.1\r\nHost: toy\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n", path, type, len,
	    extra);

	memcpy(request + head, body, len);
	char *answer = ask_bytes(request, (size_t)head + len);
	free(request);
	return answer;
}

static char *post_form(const char *extra, const char *fields, const char *with_token)
{
	char body[4096], head[512];

	snprintf(body, sizeof body, "%s&_csrf=%s", fields, with_token);
	snprintf(head, sizeof head, "Cookie: %s\r\n%s", seed, extra);
	return post("/form", "application/x-www-form-urlencoded", head, body, strlen(body));
}

/* --- pages ------------------------------------------------------------------------------------------------------- */

static void test_page(void **state)
{
	const char *answer = get("/?name=%3Cb%3E");

	assert_status(answer, 200);
	assert_has(answer, "<h1>Toy Office</h1><p>&lt;b&gt;</p>");
	assert_has(answer, "Content-Security-Policy: default-src 'none';");
	assert_has(answer, "X-Content-Type-Options: nosniff");
	assert_has(answer, "Referrer-Policy: no-referrer");
	assert_has(answer, "Cache-Control: no-store");
	assert_has(answer, "HttpOnly; SameSite=Strict");
	assert_has(answer, "href=\"/?lang=ur&amp;name=%3Cb%3E\"");
	assert_null(strstr(answer, "Strict-Transport-Security"));
}

static void test_language(void **state)
{
	const char *answer = get("/?lang=ur");

	assert_has(answer, "<html lang=\"ur\" dir=\"rtl\">");
	assert_has(answer, "sulh_lang=ur; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000");
	assert_has(
	    ask("GET / HTTP/1.1\r\nHost: toy\r\nAccept-Language: ru, en;q=0.5\r\n\r\n"), "lang=\"ru\" dir=\"ltr\"");
	assert_has(
	    ask("GET / HTTP/1.1\r\nHost: toy\r\nAccept-Language: ru\r\nCookie: sulh_lang=az\r\n\r\n"), "lang=\"az\"");
	assert_has(get("/?lang=xx"), "lang=\"en\"");
}

static void test_keep_alive_and_pipelining(void **state)
{
	const char *two = "GET /cases/1 HTTP/1.1\r\nHost: toy\r\n\r\nGET /cases/2 HTTP/1.1\r\nHost: toy\r\n\r\n";
	int fd = dial();

	say(fd, two, strlen(two));
	assert_has(hear(fd, true), "\r\n\r\n1");
	assert_has(hear(fd, true), "\r\n\r\n2");
	say(fd, two, strlen(two));
	assert_has(hear(fd, true), "\r\n\r\n1");
	assert_has(hear(fd, true), "\r\n\r\n2");
	close(fd);
}

/* This test's own table takes the place of the embedded one. */
const struct asset asset_table[] = {
	{ "assets/sulh.css", (const unsigned char *)"body{}", 6, (const unsigned char *)"zip", 3, "0123abcd" },
};
const size_t asset_count = 1;

static void test_asset(void **state)
{
	const char *request = "GET /assets/sulh.css?v=0123abcd HTTP/1.1\r\nHost: toy\r\n\r\n";
	int fd = dial();

	for (int i = 0; i < 2; i++) { /* the connection stays open */
		say(fd, request, strlen(request));
		const char *answer = hear(fd, true);
		assert_status(answer, 200);
		assert_has(answer, "immutable");
		assert_has(answer, "Content-Type: text/css");
		assert_has(answer, "\r\n\r\nbody{}");
	}
	close(fd);
	const char *answer = ask("GET /assets/sulh.css HTTP/1.1\r\nHost: toy\r\nAccept-Encoding: gzip\r\n\r\n");
	assert_has(answer, "Content-Encoding: gzip");
	assert_null(strstr(answer, "immutable"));
	assert_status(ask("GET /assets/sulh.css HTTP/1.1\r\nHost: toy\r\nIf-None-Match: W/\"0123abcd\"\r\n\r\n"), 304);
}

static void test_slow_head(void **state)
{
	const char *request = "GET /cases/9 HTTP/1.1\r\nHost: toy\r\n\r\n";
	int fd = dial(), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	for (const char *c = request; *c; c++) {
		say(fd, c, 1);
		usleep(500);
	}
	assert_has(hear(fd, true), "\r\n\r\n9");
	close(fd);
}

static void test_head(void **state)
{
	int fd = dial();
	const char *head = "HEAD / HTTP/1.1\r\nHost: toy\r\n\r\n", *next = "GET /cases/3 HTTP/1.1\r\nHost: toy\r\n\r\n";

	say(fd, head, strlen(head));
	const char *answer = hear(fd, false);
	assert_status(answer, 200);
	assert_has(answer, "Content-Length: ");
	say(fd, next, strlen(next));
	assert_has(hear(fd, true), "\r\n\r\n3");
	close(fd);
}

static const struct {
	const char *request;
	int status;
	const char *part;
} refusals[] = {
	{ "GET /nowhere HTTP/1.1\r\nHost: toy\r\n\r\n", 404, "Toy Office 404" },
	{ "GET /denied HTTP/1.1\r\nHost: toy\r\n\r\n", 403, "Toy Office 403" },
	{ "GET /silent HTTP/1.1\r\nHost: toy\r\n\r\n", 500, "Toy Office 500" },
	{ "DELETE /form HTTP/1.1\r\nHost: toy\r\n\r\n", 405, "Allow: GET, HEAD, POST" },
	{ "PATCH /raw HTTP/1.1\r\nHost: toy\r\n\r\n", 405, "Allow: POST" },
	{ "OPTIONS /nowhere HTTP/1.1\r\nHost: toy\r\n\r\n", 404, "" },
	{ "GET /cases%2F1 HTTP/1.1\r\nHost: toy\r\n\r\n", 400, "Toy Office 400" },
	{ "GET /cases/%252e HTTP/1.1\r\nHost: toy\r\n\r\n", 400, "" },
	{ "GET /cases/../private HTTP/1.1\r\nHost: toy\r\n\r\n", 400, "" },
	{ "GET //private HTTP/1.1\r\nHost: toy\r\n\r\n", 400, "" },
	{ "GET /?a=%ff HTTP/1.1\r\nHost: toy\r\n\r\n", 400, "" },
	{ "GET /form/?a=1 HTTP/1.1\r\nHost: toy\r\n\r\n", 308, "Location: /form?a=1" },
	{ "POST /form/ HTTP/1.1\r\nHost: toy\r\nContent-Length: 0\r\n\r\n", 404, "" },
	{ "GET /private HTTP/1.1\r\nHost: toy\r\n\r\n", 303, "Location: /login?next=/private" },
	{ "GET /assets/nowhere.css HTTP/1.1\r\nHost: toy\r\n\r\n", 404, "" },
	{ "GET / HTTP/1.1\r\nHost: toy\r\nHost: evil\r\n\r\n", 400, "" },
	{ "POST /raw HTTP/1.1\r\nHost: toy\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, "" },
	{ "POST /raw HTTP/1.1\r\nHost: toy\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
	    "" },
	{ "GET /api/v1/nowhere HTTP/1.1\r\nHost: toy\r\n\r\n", 404, "\"type\":\"/problems/not-found\"" },
	{ "GET /api/v1/private HTTP/1.1\r\nHost: toy\r\n\r\n", 401, "WWW-Authenticate: Bearer" },
	{ "GET /broken HTTP/1.1\r\nHost: toy\r\n\r\n", 503, "Toy Office" },
	{ "GET /cases/1 HTTP/1.1\r\n\r\n", 400, "" },
};

static void test_refusals(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const char *answer = ask(refusals[i].request);
		if (status_of(answer) != refusals[i].status)
			fail_msg("%s got %.300s", refusals[i].request, answer);
		assert_has(answer, refusals[i].part);
	}
}

static void test_large_head(void **state)
{
	static char request[80 * 1024];
	int n = snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: toy\r\nX-Much: ");

	memset(request + n, 'a', sizeof request - 8 - (size_t)n);
	memcpy(request + sizeof request - 8, "\r\n\r\n", 5);
	int status = status_of(ask(request));
	assert_true(status == 431 || status == 413);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

static void test_token(void **state)
{
	open_form();
	const char *answer = post_form("", "name=Ay%C5%9F%C9%99", token);
	assert_status(answer, 303);
	assert_has(answer, "Location: /thanks?name=Ay%C5%9F%C9%99");
	/* What a browser sends under Referrer-Policy: no-referrer. */
	assert_status(post_form("Origin: null\r\nSec-Fetch-Site: same-origin\r\n", "name=A", token), 303);
	assert_status(post_form("Origin: http://toy\r\n", "name=A", token), 303);
	assert_status(post_form("Origin: http://evil\r\n", "name=A", token), 403);
	assert_status(post_form("Sec-Fetch-Site: cross-site\r\n", "name=A", token), 403);
	assert_status(post_form("", "name=A", ""), 403);
	assert_status(post_form("", "name=A", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 403);
	answer = post_form("", "name=A", "short");
	assert_status(answer, 403);
	assert_has(answer, "Nothing was saved.");
	char old[64];
	strcpy(old, token);
	open_form(); /* another browser */
	assert_status(post_form("", "name=A", old), 403);
	strcpy(seed, "other=1");
	answer = post_form("", "name=A", token);
	assert_status(answer, 403);
	assert_has(answer, "cookie");
}

static void test_form_again(void **state)
{
	open_form();
	const char *answer = post_form("", "name=Someone+with+a+name+too+long", token);

	assert_status(answer, 422);
	assert_has(answer, "[name: Write at most 20 characters.]");
	assert_has(answer, "<i>Someone with a name too long</i>");
}

static void test_too_much(void **state)
{
	size_t len = 2 * 1024 * 1024;
	char *body = malloc(len);

	open_form();
	memset(body, 'a', len);
	assert_status(post("/form", "application/x-www-form-urlencoded", "", body, len), 413);
	for (size_t i = 0; i + 4 <= 4 * 300; i += 4)
		memcpy(body + i, "a=1&", 4);
	assert_status(post("/form", "application/x-www-form-urlencoded", "", body, (size_t)4 * 300), 413);
	assert_status(post("/raw", "application/jose", "", body, 4096), 200);
	assert_status(post("/raw", "application/jose", "", body, 4097), 413);
	assert_status(ask("POST /raw HTTP/1.1\r\nHost: toy\r\nContent-Length: 99999999999\r\n\r\n"), 413);
	assert_status(
	    ask("POST /raw HTTP/1.1\r\nHost: toy\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n"), 413);
	assert_status(post("/form", "text/plain", "", "hello", 5), 415);
	free(body);
}

static void test_chunked(void **state)
{
	const char *head = "POST /raw HTTP/1.1\r\nHost: toy\r\nTransfer-Encoding: chunked\r\n\r\n";
	char chunk[1100];
	const char *answer = ask("POST /raw HTTP/1.1\r\nHost: toy\r\nTransfer-Encoding: chunked\r\n\r\n"
				 "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");

	assert_status(answer, 200);
	assert_has(answer, "\r\n\r\nhello world");
	int fd = dial();
	say(fd, head, strlen(head));
	int n = snprintf(chunk, sizeof chunk, "400\r\n%01024d\r\n", 7);
	for (int i = 0; i < 5; i++)
		say(fd, chunk, (size_t)n);
	say(fd, "0\r\n\r\n", 5);
	assert_status(hear(fd, true), 413);
	close(fd);
}

/* --- files ------------------------------------------------------------------------------------------------------- */

#define BOUNDARY "multipart/form-data; boundary=XX"

static char *send_files(const char *extra, const char *parts, size_t len)
{
	char head[256], *body = malloc(len + 512);
	int n = snprintf(body, 512,
	    "--XX\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n%s\r\n"
	    "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n\xc6\x8fli\r\n",
	    token);

	memcpy(body + n, parts, len);
	snprintf(head, sizeof head, "Cookie: %s\r\n%s", seed, extra);
	char *answer = post("/upload", BOUNDARY, head, body, (size_t)n + len);
	free(body);
	return answer;
}

static char *send_parts(const char *parts)
{
	return send_files("", parts, strlen(parts));
}

#define FILE_PART(name_, content_)                                                                                     \
	"--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"" name_                                        \
	"\"\r\nContent-Type: image/png\r\n\r\n" content_ "\r\n"

static void test_files(void **state)
{
	char hash[65];

	open_form();
	const char *answer = send_parts(
	    FILE_PART("../شکایت.pdf", "%PDF-1.4\n1 0 obj\n") FILE_PART("empty.txt", "") FILE_PART("", "") "--XX--\r\n");
	assert_status(answer, 200);
	assert_has(answer, "\"name\":\"شکایت.pdf\"");
	assert_has(answer, "\"type\":\"application/pdf\"");
	sha256_hex(hash, "%PDF-1.4\n1 0 obj\n", 17);
	assert_has(answer, hash);
	assert_has(answer, "\"name\":\"empty.txt\",\"type\":\"application/x-empty\",\"size\":0");
	assert_null(strstr(strstr(answer, "empty.txt") + 1, "\"field\""));
	answer = send_parts(FILE_PART("page.png", "<html><script>alert(1)</script></html>") "--XX--\r\n");
	assert_has(answer, "\"type\":\"text/html\"");
}

static void test_file_limits(void **state)
{
	size_t len = 2 * 1024 * 1024;
	char *parts = malloc(len);

	open_form();
	const char *answer =
	    send_parts(FILE_PART("a", "1") FILE_PART("b", "2") FILE_PART("c", "3") FILE_PART("d", "4") "--XX--\r\n");
	assert_status(answer, 422);
	assert_has(answer, "[f: Send at most 3 files.]");
	assert_has(answer, "<i>\xc6\x8fli</i>");
	int n = snprintf(parts, len, "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"big\"\r\n\r\n");
	memset(parts + n, 'a', len - (size_t)n);
	memcpy(parts + len - 10, "\r\n--XX--\r\n", 10);
	answer = send_files("", parts, len);
	assert_status(answer, 422);
	assert_has(answer, "[f: A file may have at most 1 MiB.]");
	free(parts);
}

/* A network may cut the body anywhere. Behind a part's blank line, fields and files once got lost or came twice. */
static void test_pieces(void **state)
{
	char body[1024], head[512], hash[SHA256_HEX];

	open_form();
	sha256_hex(hash, "\r\r\n\r\nb", 6);
	int n = snprintf(body, sizeof body,
	    "--XX\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n%s\r\n"
	    "--XX\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n1\r\n" FILE_PART("a", "\r\r\n\r\nb")
		FILE_PART("empty", "") "--XX--\r\n",
	    token);
	int h = snprintf(head, sizeof head,
	    "POST /upload HTTP/1.1\r\nHost: toy\r\nConnection: close\r\nCookie: %s\r\nContent-Type: " BOUNDARY
	    "\r\nContent-Length: %d\r\n\r\n",
	    seed, n);
	for (int cut = 1; cut < n; cut++) {
		int fd = dial();
		say(fd, head, (size_t)h);
		say(fd, body, (size_t)cut);
		usleep(2000);
		say(fd, body + cut, (size_t)(n - cut));
		const char *answer = hear(fd, true);
		if (strncmp(answer, "HTTP/1.1 200", 12) != 0)
			fail_msg("cut at %d: %.300s", cut, answer);
		assert_has(answer, hash);
		assert_has(answer, "\"name\":\"empty\",\"type\":\"application/x-empty\",\"size\":0");
		assert_null(strstr(strstr(answer, "\"empty\"") + 1, "\"field\""));
		close(fd);
	}
}

static void test_broken_multipart(void **state)
{
	open_form();
	assert_status(post("/upload", "multipart/form-data", "", "--XX\r\n", 6), 400);
	assert_status(
	    send_parts("--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"cut\"\r\n\r\nhalf"), 400);
	assert_status(
	    send_parts("--XX\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\n\xff\xfe\r\n--XX--\r\n"), 400);
}

/* --- programs ---------------------------------------------------------------------------------------------------- */

static void test_api(void **state)
{
	const char *answer = post("/api/v1/echo", "application/json; charset=utf-8", "", "{\"a\":[1]}", 9);

	assert_status(answer, 200);
	assert_has(answer, "{\"got\":{\"a\":[1]}}");
	assert_has(answer, "Content-Type: application/json");
	assert_status(post("/api/v1/echo", "text/plain", "", "{}", 2), 415);
	assert_status(post("/api/v1/echo", "application/json", "", "{\"a\":", 5), 400);
	assert_status(post("/api/v1/echo", "application/json", "", "{\"a\":1,\"a\":2}", 13), 400);
	assert_status(post("/api/v1/echo", "application/json", "", "", 0), 200);
	answer = post("/api/v1/things", "application/json", "", "{\"name\":\"A\"}", 12);
	assert_status(answer, 201);
	assert_has(answer, "Location: /api/v1/things/1");
}

static void test_problem_details(void **state)
{
	const char *answer = post("/api/v1/things", "application/json", "Accept-Language: en\r\n", "{}", 2);

	assert_status(answer, 422);
	assert_has(answer, "Content-Type: application/problem+json");
	assert_has(answer, "\"status\":422");
	assert_has(answer, "\"instance\":\"/api/v1/things\"");
	assert_has(answer, "\"errors\":[{\"field\":\"name\",\"detail\":\"Fill in this field.\"}]");
	assert_has(get("/api/v1/denied"), "\"type\":\"/problems/");
}

/* --- load and end ------------------------------------------------------------------------------------------------ */

static long resident_kib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void test_download(void **state)
{
	const char *request = "GET /big HTTP/1.1\r\nHost: toy\r\n\r\n";
	static char piece[256 * 1024];
	int64_t got = 0;
	int fd = dial(), closed = streams_closed;
	long before = resident_kib();

	say(fd, request, strlen(request));
	const char *head = hear(fd, false);
	assert_status(head, 200);
	assert_has(head, "Content-Type: application/octet-stream");
	assert_has(head,
	    "Content-Disposition: attachment; filename=\"_ikay_t.html\"; filename*=UTF-8''%C5%9Fikay%C9%99t.html");
	while (got < BIG) {
		ssize_t n = recv(fd, piece, sizeof piece, 0);
		assert_true(n > 0);
		assert_int_equal((unsigned char)piece[0], (got >> 20) & 0xff);
		got += n;
	}
	assert_int_equal(got, BIG);
	close(fd);
	assert_true(resident_kib() - before < 16 * 1024);
	for (int i = 0; i < 100 && streams_closed == closed; i++)
		usleep(10 * 1000);
	assert_int_equal(streams_closed, closed + 1);
}

/* A reader that goes away in the middle of a download must free its source. */
static void test_download_given_up(void **state)
{
	const char *request = "GET /big HTTP/1.1\r\nHost: toy\r\n\r\n";
	int fd = dial(), closed = streams_closed;

	say(fd, request, strlen(request));
	assert_status(hear(fd, false), 200);
	close(fd);
	for (int i = 0; i < 200 && streams_closed == closed; i++)
		usleep(10 * 1000);
	assert_int_equal(streams_closed, closed + 1);
}

static void *ask_often(void *state)
{
	const char *request = "GET /?name=A HTTP/1.1\r\nHost: toy\r\n\r\n";
	char answer[4096];
	int fd = dial_port(port);
	intptr_t bad = fd < 0;

	for (int i = 0; i < 20 && !bad; i++) {
		say(fd, request, strlen(request));
		size_t len = 0;
		while (len + 1 < sizeof answer && !(len && memmem(answer, len, "</html>", 7))) {
			ssize_t n = recv(fd, answer + len, sizeof answer - len - 1, 0);
			if (n <= 0)
				break;
			len += (size_t)n;
		}
		bad = len < 12 || memcmp(answer, "HTTP/1.1 200", 12);
	}
	close(fd);
	return (void *)bad;
}

static void test_parallel(void **state)
{
	pthread_t threads[64];

	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *bad;
		pthread_join(threads[i], &bad);
		assert_null(bad);
	}
}

static void *stop(void *state)
{
	server_stop(state);
	return NULL;
}

static void test_graceful_stop(void **state)
{
	struct server_options options = options_of();
	const char *request = "GET /slow HTTP/1.1\r\nHost: toy\r\n\r\n";
	struct server *other;
	pthread_t stopper;

	assert_int_equal(server_start(&options, &other, NULL), OK);
	int other_port = server_port(other), fd = dial_port(other_port);
	slow_running = 0;
	say(fd, request, strlen(request));
	while (!slow_running)
		usleep(1000);
	assert_int_equal(pthread_create(&stopper, NULL, stop, other), 0);
	const char *answer = hear(fd, true);
	assert_status(answer, 200);
	assert_has(answer, "slow but done");
	assert_has(answer, "Connection: close");
	pthread_join(stopper, NULL);
	assert_int_equal(dial_port(other_port), -1);
	close(fd);
}

/* Who asks is what the configured proxy saw itself, never what the client wrote before it (trap 14). */
static void test_proxy(void **state)
{
	static const struct {
		const char *proxy, *headers, *ip;
	} cases[] = {
		{ NULL, "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1" },
		{ "192.0.2.9", "X-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1" },
		{ "127.0.0.1", "", "127.0.0.1" },
		{ "127.0.0.1", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1" },
		{ "127.0.0.1", "X-Forwarded-For: 192.0.2.7, 192.0.2.1\r\n", "192.0.2.1" },
		{ "127.0.0.1", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1" },
		{ "127.0.0.1", "X-Forwarded-For: 192.0.2.7\r\nx-forwarded-for: 192.0.2.8, 2001:db8::1\r\n",
		    "2001:db8::1" },
		{ "127.0.0.1", "X-Forwarded-For: nobody\r\n", "127.0.0.1" },
	};
	int usual = port;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct server_options options = options_of();
		struct server *other;
		options.behind_proxy = cases[i].proxy;
		assert_int_equal(server_start(&options, &other, NULL), OK);
		port = server_port(other);
		char *request = NULL;
		assert_true(asprintf(&request, "GET /whoami HTTP/1.1\r\nHost: toy\r\nConnection: close\r\n%s\r\n",
				cases[i].headers) > 0);
		const char *answer = ask(request);
		const char *body = strstr(answer, "\r\n\r\n");
		assert_non_null(body);
		if (strcmp(body + 4, cases[i].ip))
			fail_msg("case %zu: %s, not %s", i, body + 4, cases[i].ip);
		free(request);
		server_stop(other);
	}
	port = usual;
}

/* The room for files is a room on disk: a text as large as all files together is not held in memory. */
static void test_large_json(void **state)
{
	size_t len = 2 * 1024 * 1024;
	char *request = malloc(len + 256);
	int n = sprintf(request,
	    "POST /api/v1/files HTTP/1.1\r\nHost: toy\r\nContent-Type: application/json\r\n"
	    "Connection: close\r\nContent-Length: %zu\r\n\r\n",
	    len);
	memset(request + n, ' ', len);
	request[n] = '1';
	request[n + (int)len] = '\0';
	assert_status(ask(request), 413);
	free(request);
}

static void test_start_faults(void **state)
{
	static const char *const listens[] = { "nonsense", "127.0.0.1", "127.0.0.1:", "256.1.1.1:80",
		"127.0.0.1:http" };
	struct server_options options = options_of();
	struct server *other;
	struct fault fault;
	char taken[32];

	for (size_t i = 0; i < 4; i++) {
		options.listen = listens[i];
		assert_int_equal(server_start(&options, &other, &fault), ERR_INVALID);
		assert_string_equal(fault.field, "listen");
	}
	snprintf(taken, sizeof taken, "127.0.0.1:%d", port);
	options.listen = taken;
	assert_int_equal(server_start(&options, &other, &fault), ERR_UNREACHABLE);
	options = options_of();
	options.tls_certificate = "no certificate";
	options.tls_key = "no key";
	assert_int_equal(server_start(&options, &other, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "tls_certificate");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_page),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_keep_alive_and_pipelining),
		cmocka_unit_test(test_asset),
		cmocka_unit_test(test_slow_head),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_large_head),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_form_again),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_chunked),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_file_limits),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_broken_multipart),
		cmocka_unit_test(test_api),
		cmocka_unit_test(test_problem_details),
		cmocka_unit_test(test_download),
		cmocka_unit_test(test_download_given_up),
		cmocka_unit_test(test_parallel),
		cmocka_unit_test(test_graceful_stop),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_large_json),
		cmocka_unit_test(test_start_faults),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
