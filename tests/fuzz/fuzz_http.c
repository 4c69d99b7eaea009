/* Bytes from strangers as they really arrive: through libmicrohttpd, on a pair of sockets, to forms, files and JSON. */
#include "http/internal.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct typed {
	const char *name;
};
static const struct field fields[] = { FIELD(struct typed, name, FIELD_TEXT, 20, FIELD_REQUIRED, "Name") };

static enum err take(struct request *rq, struct reply *rp)
{
	struct typed typed;
	struct faults faults = { 0 };
	const struct upload *files;

	if (form_parse(rq, fields, 1, &typed, &faults))
		return reply_form(rp, "page", json_object(), fields, 1, &faults);
	size_t n = request_uploads(rq, &files);
	for (size_t i = 0; i < n; i++)
		if (files[i].fd < 0 || strlen(files[i].sha256) != 64 || strchr(files[i].name, '/'))
			__builtin_trap();
	return reply_see_other(rp, "/%s", typed.name);
}

static enum err raw(struct request *rq, struct reply *rp)
{
	return reply_data(rp, 200, "application/octet-stream", rq->body, rq->body_len);
}

static enum err show(struct request *rq, struct reply *rp)
{
	return reply_view(rp, "page", json_pack("{s:I}", "id", (json_int_t)request_param_int(rq, "id")));
}

static const struct route routes[] = {
	{ METHOD_GET, "/{id}", show, 0, 0, 0, "" },
	{ METHOD_POST, "/f", take, 0, ROUTE_UPLOAD | ROUTE_TOKEN_FREE, 0, "" },
	{ METHOD_POST, "/t", take, 0, 0, 0, "" },
	{ METHOD_POST, "/r", raw, 0, ROUTE_RAW, 1024, "" },
	{ METHOD_POST, "/api/v1/f", take, 0, 0, 0, "" },
};
static const struct route_table table = { routes, sizeof routes / sizeof routes[0] };

static struct server *start(void)
{
	static const uint8_t secret[32];
	static char dir[] = "/tmp/sulh-fuzz-XXXXXX";
	const struct server_options options = {
		.upload_limit = 4096,
		.body_limit = 65536,
		.files_limit = 2,
		.spool = "/tmp",
		.template_dir = mkdtemp(dir),
		.secret = secret,
		.default_lang = LANG_EN,
		.tables = &table,
		.table_count = 1,
		.login_path = "/login",
	};
	struct server *server;

	crypto_init();
	text_init();
	log_set_level(LOG_LEVEL_MAX);
	if (!options.template_dir || server_start(&options, &server, NULL))
		abort();
	rmdir(dir);
	return server;
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct server *server;
	static char answer[65536];
	int pair[2];

	if (!server)
		server = start();
	if (size > 60000 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair))
		return 0;
	if (server_feed(server, pair[0])) {
		close(pair[1]);
		return 0;
	}
	if (send(pair[1], data, size, MSG_NOSIGNAL) == (ssize_t)size)
		shutdown(pair[1], SHUT_WR);
	/* Until the server has closed its end: a request takes a handful of rounds, a refused one may be drained. */
	for (int i = 0; i < 1000; i++) {
		server_turn(server);
		ssize_t n = recv(pair[1], answer, sizeof answer, 0);
		if (!n || (n < 0 && i > 200))
			break;
	}
	close(pair[1]);
	for (int i = 0; i < 4; i++)
		server_turn(server);
	return 0;
}
