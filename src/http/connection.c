/* libmicrohttpd's side of a request: head, body, the hand-over to a worker, the answer. Nothing here waits. */
#include "http/internal.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define STREAM_CHUNK ((size_t)64 * 1024)
#define STREAM_BLOCK ((size_t)32 * 1024)

void *connection_uri(void *server, const char *uri, struct MHD_Connection *conn)
{
	return request_new(server, uri, conn);
}

/* --- who and how ------------------------------------------------------------------------------------------------- */

static void peer_address(const struct request_data *d, char *out, size_t room)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(d->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	copy_text(out, room, "unknown");
	if (address && address->sa_family == AF_INET)
		inet_ntop(
		    AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, out, (socklen_t)room);
	if (address && address->sa_family == AF_INET6) {
		const struct in6_addr *v6 = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED(v6))
			inet_ntop(AF_INET, &v6->s6_addr[12], out, (socklen_t)room);
		else
			inet_ntop(AF_INET6, v6, out, (socklen_t)room);
	}
}

static enum MHD_Result keep_last(void *state, enum MHD_ValueKind kind, const char *name, const char *value)
{
	if (!strcasecmp(name, "X-Forwarded-For"))
		*(const char **)state = value;
	return MHD_YES;
}

/* The last address of X-Forwarded-For is the one that our proxy saw; what stands before it the client may have made up.
 */
static void forwarded(struct request_data *d)
{
	const char *host = request_header(&d->rq, "X-Forwarded-Host");
	const char *scheme = request_header(&d->rq, "X-Forwarded-Proto");
	const char *list = NULL, *last;
	uint8_t bytes[16];
	char text[64];

	/* Some proxies append to the client's header, others write one of their own behind it. */
	MHD_get_connection_values(d->conn, MHD_HEADER_KIND, keep_last, &list);
	last = list ? strrchr(list, ',') : NULL;
	last = last ? last + 1 : list;
	if (last && copy_text(text, sizeof text, last + strspn(last, " "))) {
		text[strcspn(text, " ")] = 0;
		if (inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1)
			copy_text(d->rq.ip, sizeof d->rq.ip, text);
	}
	if (host)
		d->host = host;
	if (scheme && !strcasecmp(scheme, "https"))
		d->secure = true;
}

static void peer(struct request_data *d)
{
	const char *proxy = d->srv->o.behind_proxy;

	d->secure = d->srv->tls;
	d->host = request_header(&d->rq, "Host");
	peer_address(d, d->rq.ip, sizeof d->rq.ip);
	if (proxy && *proxy && !strcmp(proxy, d->rq.ip))
		forwarded(d);
}

/* --- the head ---------------------------------------------------------------------------------------------------- */

static void refuse(struct request_data *d, int status, const char *slug, const char *key)
{
	struct fault fault = { 0 };

	if (key)
		fault_set(&fault, status == 413 ? ERR_TOO_LARGE : ERR_INVALID, NULL, key, NULL);
	request_refuse(d, status, slug, NULL, key ? &fault : NULL);
}

struct framing {
	int lengths, hosts, encodings;
};

static enum MHD_Result count_framing(void *state, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct framing *seen = state;

	seen->lengths += !strcasecmp(name, "Content-Length");
	seen->hosts += !strcasecmp(name, "Host");
	seen->encodings += !strcasecmp(name, "Transfer-Encoding");
	return MHD_YES;
}

/* A body whose end a proxy in front may see elsewhere carries a second request hidden in it (RFC 9112, 11.2). */
static void check_framing(struct request_data *d)
{
	struct framing seen = { 0 };

	MHD_get_connection_values(d->conn, MHD_HEADER_KIND, count_framing, &seen);
	d->has_body = seen.lengths || seen.encodings;
	if (seen.lengths > 1 || seen.hosts > 1 || seen.encodings > 1 || (seen.lengths && seen.encodings)) {
		d->closing = true;
		refuse(d, 400, "bad-request", N_("The request's length or host is ambiguous."));
	}
}

/* Splits the target as sent. The absolute form (RFC 9112, 3.2.2) names us again, which is of no interest. */
static void read_target(struct request_data *d)
{
	const char *path = d->uri;
	struct fault fault = { 0 };

	if (!strncasecmp(path, "http://", 7) || !strncasecmp(path, "https://", 8)) {
		path = strchr(strstr(path, "://") + 3, '/');
		if (!path)
			path = "/";
	}
	size_t n = strcspn(path, "?");
	if (path[n])
		d->query_text = path + n + 1;
	if (urlencoded_parse(d->rq.arena, d->query_text, strlen(d->query_text), QUERY_FIELDS_MAX, &d->query, &fault))
		request_refuse(d, 400, "bad-request", NULL, &fault);
	if (path_decode(d->rq.arena, path, n, &d->rq.path))
		refuse(d, 400, "bad-request", N_("This address is not written as it should be."));
	d->rq.api = !strncmp(d->rq.path, "/api/", 5);
}

static bool read_method(struct request_data *d, const char *name)
{
	if (!strcmp(name, "HEAD")) {
		d->head = true;
		d->rq.method = METHOD_GET;
		return true;
	}
	for (int m = 0; m < METHOD_MAX; m++)
		if (!strcmp(name, method_name((enum method)m))) {
			d->rq.method = (enum method)m;
			return true;
		}
	return false;
}

static void refuse_method(struct request_data *d)
{
	const char *allow = router_allow(d->srv->router, d->rq.arena, d->rq.path);

	if (!*allow) {
		refuse(d, 404, "not-found", NULL);
		return;
	}
	reply_header(&d->rp, "Allow", allow);
	refuse(d, 405, "method-not-allowed", NULL);
}

/* "/desk/" is asked for by hand and by some programs: GET is sent on to "/desk", the rest is not found. */
static bool without_slash(struct request_data *d)
{
	size_t n = strlen(d->rq.path);
	struct route_hit hit;
	struct buf to = BUF_INIT(16 * 1024);

	if (d->rq.method != METHOD_GET || n < 2 || d->rq.path[n - 1] != '/')
		return false;
	char *path = arena_strndup(d->rq.arena, d->rq.path, n - 1);
	if (router_match(d->srv->router, d->rq.arena, METHOD_GET, path, &hit) || percent_encode(&to, path, "/")) {
		buf_done(&to);
		return false;
	}
	reply_data(&d->rp, 308, "text/plain; charset=utf-8", "", 0);
	reply_header(
	    &d->rp, "Location", *d->query_text ? arena_printf(d->rq.arena, "%s?%s", to.data, d->query_text) : to.data);
	buf_done(&to);
	request_refuse(d, 308, "moved", NULL, NULL);
	return true;
}

static void find_route(struct request_data *d, const char *method)
{
	struct route_hit hit;

	if (d->verdict.status)
		return;
	if (!read_method(d, method)) {
		refuse_method(d);
		return;
	}
	switch (router_match(d->srv->router, d->rq.arena, d->rq.method, d->rq.path, &hit)) {
	case OK:
		d->rq.route = hit.route;
		d->params = hit.params;
		break;
	case ERR_DENIED:
		refuse_method(d);
		break;
	default:
		if (!without_slash(d))
			refuse(d, 404, "not-found", NULL);
	}
}

/* --- the body ---------------------------------------------------------------------------------------------------- */

static size_t limit_of(const struct request_data *d)
{
	const struct route *route = d->rq.route;

	if (route->body_limit)
		return route->body_limit;
	if ((route->flags & ROUTE_UPLOAD) && d->srv->o.body_limit > 0)
		return (size_t)d->srv->o.body_limit;
	return BODY_LIMIT_DEFAULT;
}

static void sink_memory(struct request_data *d, size_t limit)
{
	d->sink = SINK_MEMORY;
	if (limit < d->limit)
		d->limit = limit;
	d->body = (struct buf)BUF_INIT(d->limit);
}

/* Where the body goes, by what it says it is. */
static void choose_sink(struct request_data *d)
{
	d->limit = limit_of(d);
	if (!d->has_body || d->verdict.status)
		return;
	if (d->rq.route->flags & ROUTE_RAW) {
		sink_memory(d, d->limit);
	} else if (request_has_type(d, "multipart/form-data") && (!d->rq.api || d->rq.route->flags & ROUTE_UPLOAD)) {
		d->sink = SINK_MULTIPART;
		if (intake_begin(d))
			refuse(d, 400, "bad-request", N_("The form arrived damaged. Send it again."));
	} else if (d->rq.api ? request_has_type(d, "application/json")
			     : request_has_type(d, "application/x-www-form-urlencoded")) {
		sink_memory(d, !d->rq.api                ? FORM_BYTES_MAX * 3 /* each byte may be escaped as three */
			       : d->rq.route->body_limit ? d->limit
							 : BODY_LIMIT_DEFAULT);
	} else if (request_header(&d->rq, "Transfer-Encoding") ||
		   strcmp(request_header(&d->rq, "Content-Length"), "0")) {
		refuse(d, 415, "unsupported-media-type", NULL);
	}
}

static unsigned long long declared_length(const struct request_data *d)
{
	const char *length = request_header(&d->rq, "Content-Length");

	return length ? strtoull(length, NULL, 10) : 0;
}

static void refuse_length(struct request_data *d)
{
	struct fault fault;
	char limit[24];

	snprintf(limit, sizeof limit, "%zu", d->limit / 1024);
	fault_set(
	    &fault, ERR_TOO_LARGE, NULL, N_("At most {limit} KiB can be sent here at once."), "limit", limit, NULL);
	request_refuse(d, 413, "too-large", NULL, &fault);
}

static void body_more(struct request_data *d, const char *data, size_t len)
{
	d->received += len;
	if (d->received > d->limit && !d->verdict.status)
		refuse_length(d);
	if (d->verdict.status)
		return;
	if (d->sink == SINK_MULTIPART)
		intake_feed(d, data, len);
	else if (d->sink == SINK_MEMORY && buf_add(&d->body, data, len))
		refuse_length(d);
}

/* --- over to a worker -------------------------------------------------------------------------------------------- */

static void run(struct request_data *d)
{
	serve(d);
	d->stage = STAGE_DONE;
	MHD_resume_connection(d->conn);
}

static void busy(struct request_data *d)
{
	d->closing = d->srv->stopping;
	reply_header(&d->rp, "Retry-After", "2");
	reply_text(&d->rp, 503, "text/plain; charset=utf-8",
	    text_get(d->rq.lang, N_("The server is busy. Try again in a few seconds.")));
}

static enum MHD_Result submit(struct request_data *d)
{
	if (!d->srv->thread_count) {
		serve(d);
		d->stage = STAGE_DONE;
		return connection_answer(d);
	}
	d->stage = STAGE_QUEUED;
	d->job = (struct job) { NULL, run, d };
	d->counted = true;
	/* First suspended, then queued: the worker may be done before this function is. */
	MHD_suspend_connection(d->conn);
	if (server_queue(d->srv, &d->job, false))
		return MHD_YES;
	d->counted = false;
	busy(d);
	d->stage = STAGE_DONE;
	MHD_resume_connection(d->conn);
	return MHD_YES;
}

/* Answered only now also where the head alone would do: an answer before the body's end closes the connection. */
static enum MHD_Result whole(struct request_data *d)
{
	enum MHD_Result result;

	if (d->verdict.status == 404 && static_answer(d, &result))
		return result;
	return submit(d);
}

static enum MHD_Result head(struct request_data *d, const char *method)
{
	bool expects = request_header(&d->rq, "Expect") != NULL;

	peer(d);
	check_framing(d);
	read_target(d);
	request_language(d);
	find_route(d, method);
	choose_sink(d);
	if (declared_length(d) > d->limit)
		refuse_length(d);
	d->stage = STAGE_BODY;
	/* Read what is refused, within reason, or the sender finds the connection broken instead of our answer. */
	if (d->verdict.status && d->has_body && (d->closing || expects || declared_length(d) > DRAIN_BYTES_MAX)) {
		d->closing = true;
		return submit(d);
	}
	return MHD_YES;
}

enum MHD_Result connection_access(void *server, struct MHD_Connection *conn, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **state)
{
	struct request_data *d = *state;

	switch (d->stage) {
	case STAGE_HEAD:
		return head(d, method);
	case STAGE_BODY:
		if (!*size)
			return whole(d);
		body_more(d, data, *size);
		*size = 0;
		return d->received > d->limit + DRAIN_BYTES_MAX ? MHD_NO : MHD_YES;
	case STAGE_QUEUED:
		return MHD_YES;
	default:
		return connection_answer(d);
	}
}

/* --- the answer -------------------------------------------------------------------------------------------------- */

static void let_go(void *state)
{
	request_drop(state);
}

void stream_fill(struct request_data *d)
{
	struct stream *s = &d->stream;

	if (!s->chunk)
		s->chunk = malloc(STREAM_CHUNK);
	s->have = s->used = 0;
	int64_t n = s->chunk ? s->read(s->source, s->offset, s->chunk, STREAM_CHUNK) : -1;
	if (n < 0 || (size_t)n > STREAM_CHUNK)
		s->failed = true;
	else if (!n)
		s->ended = true;
	else {
		s->have = (size_t)n;
		s->offset += n;
	}
}

static void refill(struct request_data *d)
{
	stream_fill(d);
	MHD_resume_connection(d->conn);
}

static ssize_t stream_more(void *state, uint64_t position, char *out, size_t room)
{
	struct request_data *d = state;
	struct stream *s = &d->stream;

	if (s->used == s->have && !s->ended && !s->failed && !d->srv->thread_count)
		stream_fill(d);
	if (s->used < s->have) {
		size_t n = s->have - s->used < room ? s->have - s->used : room;
		memcpy(out, s->chunk + s->used, n);
		s->used += n;
		return (ssize_t)n;
	}
	if (s->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (s->failed || d->srv->ending)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	/* The source may be the database: it is read by a worker while the connection sleeps. */
	d->job = (struct job) { NULL, refill, d };
	MHD_suspend_connection(d->conn);
	server_queue(d->srv, &d->job, true);
	return 0;
}

static struct MHD_Response *response_of(struct request_data *d)
{
	struct MHD_Response *response;

	if (!d->stream.read && !d->rp.body_len)
		return MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	request_hold(d);
	if (d->stream.read)
		response =
		    MHD_create_response_from_callback(d->stream.size < 0 ? MHD_SIZE_UNKNOWN : (uint64_t)d->stream.size,
			STREAM_BLOCK, stream_more, d, let_go);
	else
		response =
		    MHD_create_response_from_buffer_with_free_callback_cls(d->rp.body_len, d->rp.body, let_go, d);
	if (!response)
		request_drop(d);
	return response;
}

enum MHD_Result connection_answer(struct request_data *d)
{
	struct MHD_Response *response = response_of(d);

	if (!response)
		return MHD_NO;
	if (d->rp.type)
		MHD_add_response_header(response, "Content-Type", d->rp.type);
	for (const struct pair *p = d->headers.first; p; p = p->next)
		MHD_add_response_header(response, p->name, p->value);
	if (!reply_header_get(&d->rp, "Cache-Control"))
		MHD_add_response_header(response, "Cache-Control", "no-store");
	if (d->closing || d->srv->stopping)
		MHD_add_response_header(response, "Connection", "close");
	static_security(response, d->secure);
	return static_queue(d->conn, (unsigned)d->rp.status, response);
}

void connection_completed(void *server, struct MHD_Connection *conn, void **state, enum MHD_RequestTerminationCode how)
{
	struct request_data *d = *state;

	*state = NULL;
	if (!d)
		return;
	if (d->counted)
		server_calm(d->srv);
	request_drop(d);
}
