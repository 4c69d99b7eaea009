/*
 * What the files of src/http share and nobody else sees: the request as the server holds it, and the steps it goes
 * through.
 *
 *     connection.c  head → body → queue → (worker: serve.c) → answer        on libmicrohttpd's threads, but for serve
 *
 * A request is counted (request_hold, request_drop): libmicrohttpd's connection holds it once, a response that sends
 * from its arena once more.
 */
#ifndef SULH_HTTP_INTERNAL_H
#define SULH_HTTP_INTERNAL_H

#include "base/buf.h"
#include "crypto/crypto.h"
#include "http/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define ROUTE_PARAMS_MAX 8
#define PATH_BYTES_MAX 2048
#define QUERY_FIELDS_MAX 100
#define FORM_FIELDS_MAX 200
#define FORM_BYTES_MAX (512 * 1024)
#define BODY_LIMIT_DEFAULT (1024 * 1024)
#define DRAIN_BYTES_MAX (64 * 1024 * 1024) /* of a body that is too large, read so that the sender sees our answer */
#define CSRF_SEED_BYTES 16
#define CSRF_SEED_TEXT 23
#define CSRF_TOKEN_TEXT 44

/* --- names and values -------------------------------------------------------------------------------------------- */

struct pair {
	const char *name, *value;
	struct pair *next;
};

struct pairs {
	struct pair *first, *last;
	size_t n;
};

void pairs_add(struct arena *, struct pairs *, const char *name, const char *value); /* lent strings */
const char *pairs_get(const struct pairs *, const char *name);                       /* the first, or NULL */

/*
 * The path of a request target, decoded once. ERR_INVALID for what could mean another path to somebody else: encoded
 * slashes, backslashes, percent signs and zero bytes, dot segments, empty segments, control characters, broken UTF-8.
 */
enum err path_decode(struct arena *, const char *raw, size_t len, const char **ret_path) MUST_CHECK;
/* application/x-www-form-urlencoded, for queries and bodies: at most `max` fields, UTF-8, no zero bytes. */
enum err urlencoded_parse(
    struct arena *, const char *raw, size_t len, size_t max, struct pairs *ret_pairs, struct fault *) MUST_CHECK;
/* Appends `text` so that it can stand in a query value or, with `keep`, as a path. */
enum err percent_encode(struct buf *, const char *text, const char *keep) MUST_CHECK;
/* A place on this server to send a browser to: begins with one slash. Anything else becomes "/". */
const char *local_path(const char *path);

/* --- routes ------------------------------------------------------------------------------------------------------ */

struct router;

struct route_hit {
	const struct route *route;
	struct pairs params;
};

/* ERR_INVALID when two routes are the same; the fault's field is the path. */
enum err router_new(const struct route_table *, size_t n, struct router **ret_router, struct fault *) MUST_CHECK;
void router_free(struct router *);
/* OK; ERR_NOT_FOUND: no such path; ERR_DENIED: the path exists, for other methods (router_allow lists them). */
enum err router_match(
    const struct router *, struct arena *, enum method, const char *path, struct route_hit *ret_hit) MUST_CHECK;
const char *router_allow(const struct router *, struct arena *, const char *path); /* "GET, HEAD, POST" */
const char *method_name(enum method);

/* --- a request as the server holds it ---------------------------------------------------------------------------- */

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_QUEUED, STAGE_DONE };
enum sink { SINK_NONE, SINK_MEMORY, SINK_MULTIPART };

/* The verdict reached before a handler was asked. */
struct verdict {
	int status; /* 0: none */
	const char *slug, *title;
	struct fault fault;
};

struct stream {
	int64_t (*read)(void *source, int64_t offset, void *out, size_t room);
	void (*done)(void *source);
	void *source;
	int64_t size, offset;
	char *chunk;
	size_t have, used; /* bytes in the chunk, bytes sent of it */
	bool ended, failed;
};

struct intake { /* a multipart body on its way in */
	struct MHD_PostProcessor *post;
	struct upload *files;
	size_t n, room;
	struct buf value; /* of the text field being received */
	struct buf held;  /* bytes that came but wait for more: see intake_feed */
	const char *name;
	size_t bytes; /* of all text fields */
	struct sha256 hash;
	bool receiving, skipping, text_open;
	struct fault fault; /* about one file, for the form: code OK when there is none */
};

struct job {
	struct job *next;
	void (*run)(struct request_data *);
	struct request_data *d;
};

struct request_data {
	struct request rq;
	struct reply rp;
	struct server *srv;
	struct MHD_Connection *conn;
	atomic_int refs;
	enum stage stage;
	enum sink sink;
	struct verdict verdict;
	bool head, secure, has_body, closing, counted, language_chosen, seed_fresh;
	const char *uri, *host, *query_text;
	struct pairs query, form, params, headers;
	struct buf body;
	size_t limit, received;
	struct intake intake;
	struct stream stream;
	struct job job;
	char seed[CSRF_SEED_TEXT], token[CSRF_TOKEN_TEXT];
	int64_t started_us;
	enum err error;        /* for the log line */
	const char *more_name; /* a further member of problem details; NULL: none */
	json_t *more;
};

struct server {
	struct server_options o;
	struct MHD_Daemon *daemon;
	struct router *router;
	json_t *assets; /* {"sulh_css": "/assets/sulh.css?v=…"} */
	int port;
	bool tls;

	pthread_mutex_t lock;
	pthread_cond_t work, calm;
	struct job *first, *last;
	size_t waiting, running; /* jobs in the queue; requests given to workers and not yet sent */
	bool stopping, ending;
	pthread_t *threads;
	size_t thread_count;
};

struct request_data *request_new(struct server *, const char *uri, struct MHD_Connection *);
void request_hold(struct request_data *);
void request_drop(struct request_data *);
void request_refuse(struct request_data *, int status, const char *slug, const char *title, const struct fault *);
void request_languages(const struct request *, json_t *view);
void request_language(struct request_data *);
bool request_has_type(const struct request_data *, const char *media_type);

/* Gives a job to a worker; false when the queue is full (never for `urgent` ones, which are bounded by connections). */
bool server_queue(struct server *, struct job *, bool urgent);
void server_calm(struct server *); /* one running request is done with */

/*
 * A server without a socket or a thread: requests come over `server_feed` and are served where they are read. For tests
 * of what strangers send; `options.listen` must be NULL.
 */
enum err server_feed(struct server *, int fd) MUST_CHECK;
void server_turn(struct server *); /* one round of reading and writing */

/* connection.c: libmicrohttpd's callbacks */
void *connection_uri(void *server, const char *uri, struct MHD_Connection *);
enum MHD_Result connection_access(void *server, struct MHD_Connection *, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **state);
void connection_completed(void *server, struct MHD_Connection *, void **state, enum MHD_RequestTerminationCode);
enum MHD_Result connection_answer(struct request_data *);
void stream_fill(struct request_data *); /* reads the next piece of a download */

/* serve.c: what a worker does with a complete request */
void serve(struct request_data *);
void serve_view(struct request_data *, json_t *view); /* the keys that every page has */

/* upload.c */
enum err intake_begin(struct request_data *) MUST_CHECK; /* ERR_INVALID: no boundary */
void intake_feed(struct request_data *, const char *data, size_t len);
enum err intake_end(struct request_data *, struct fault *) MUST_CHECK;
void intake_done(struct intake *);
char *upload_name(struct arena *, const char *sent);
enum err upload_types(struct request_data *) MUST_CHECK; /* asks libmagic; on a worker */

/* csrf.c */
void csrf_prepare(struct request_data *);
enum err csrf_check(struct request_data *, struct fault *) MUST_CHECK;

/* reply.c */
enum err reply_problem(struct reply *, int status, const char *slug, const char *title, const struct fault *);
enum err reply_error(struct reply *, enum err);
const char *reply_header_get(const struct reply *, const char *name);
const char *content_disposition(struct arena *, const char *name);

/* static.c */
bool static_answer(struct request_data *, enum MHD_Result *ret_result); /* false: not an asset's address */
json_t *static_addresses(void);
enum MHD_Result static_queue(struct MHD_Connection *, unsigned status, struct MHD_Response *); /* and gives it up */
void static_security(struct MHD_Response *, bool tls);

/* template.c */
bool template_has_form(const char *name);

#endif
