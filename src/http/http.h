/*
 * The web server: routes in tables, requests with an arena, replies as data that one function renders.
 *
 * libmicrohttpd reads and writes (epoll, one thread a core); a complete request is suspended and given to a worker
 * thread, whose handler may block on the database; the reply is then rendered and sent. Idle connections cost no
 * thread, and as many creates as there are workers can share one commit.
 *
 * A handler has one shape: parse → authorise → domain call → reply.
 *
 *     static enum err note_add(struct request *rq, struct reply *rp)
 *     {
 *             struct note_form form;
 *             struct faults faults = { 0 };
 *             form_parse(rq, note_fields, ARRAY_LEN(note_fields), &form, &faults);
 *             ...
 *             return reply_see_other(rp, "/desk/cases/%lld", id);
 *     }
 *
 * An error that a handler returns without a reply becomes an error page, or problem details (RFC 9457) for programs.
 */
#ifndef SULH_HTTP_HTTP_H
#define SULH_HTTP_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "text/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;
struct upload;

/* --- requests ---------------------------------------------------------------------------------------------------- */

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_MAX }; /* HEAD arrives as GET */

struct request {
	struct arena *arena; /* lives until the reply is sent */
	enum method method;
	const char *path; /* decoded once, normalised; encoded slashes and dots are refused before this */
	const struct route *route;
	bool api; /* under /api/: replies are JSON, errors are problem details */
	enum lang lang;
	char ip[64]; /* of the peer, or of the client that a trusted proxy names */
	int64_t now; /* ms, the same for the whole request */
	struct server *server;
	void *app;   /* struct office *, see office/office.h */
	void *actor; /* const struct actor *, set by the authenticator; NULL: nobody */
	const char
	    *login_path;  /* set by the authenticator where ERR_LOGIN leads elsewhere than the server's login_path */
	const char *csrf; /* token for the forms of this page */
	const void *body; /* raw body for API and exchange routes (NULL for forms) */
	size_t body_len;
	json_t *json;              /* parsed body of API routes with application/json, else NULL */
	struct request_data *data; /* private to http/ */
};

const char *request_param(const struct request *, const char *name); /* from the route's {name} */
int64_t request_param_int(const struct request *, const char *name); /* 0 when no positive integer */
const char *request_query(const struct request *, const char *name); /* NULL when absent */
const char *request_header(const struct request *, const char *name);
const char *request_cookie(const struct request *, const char *name);
const char *request_form(const struct request *, const char *name); /* raw form value, NULL when absent */

/* Files of a multipart form, streamed to an unlinked temporary file and hashed on the way; constant memory. */
struct upload {
	const char *field; /* form field name */
	const char *name;  /* file name as sent, directories removed, control characters removed, UTF-8 */
	const char *type;  /* found by libmagic, not what the sender says */
	int64_t size;      /* bytes */
	char sha256[65];
	int fd; /* read it with pread; closed with the request */
};
size_t request_uploads(const struct request *, const struct upload **ret_uploads);

/* --- forms ------------------------------------------------------------------------------------------------------- */

enum field_type {
	FIELD_TEXT,
	FIELD_LINES /* keeps newlines */,
	FIELD_INT,
	FIELD_BOOL,
	FIELD_CHOICE,
	FIELD_DATE,
	FIELD_EMAIL
};
#define FIELD_REQUIRED 1u
#define FIELD_SECRET 2u /* never put back into a form, never logged */

struct field {
	const char *name;
	enum field_type type;
	size_t offset; /* of the member: const char * for texts, choices and dates; int64_t for ints; bool */
	size_t max;    /* characters, or largest integer */
	unsigned flags;
	const char *label;          /* message key, for the error summary */
	const char *const *choices; /* NULL-terminated, for FIELD_CHOICE */
};
#define FIELD(struct_, member_, type_, max_, flags_, label_)                                                           \
	{                                                                                                              \
#member_, type_, offsetof(struct_, member_), max_, flags_, label_, NULL                                \
	}
#define FIELD_OF(struct_, member_, choices_, flags_, label_)                                                           \
	{                                                                                                              \
#member_, FIELD_CHOICE, offsetof(struct_, member_), 0, flags_, label_, choices_                        \
	}

#define FAULTS_MAX 24
struct faults {
	struct fault v[FAULTS_MAX];
	size_t n;
};
void faults_add(struct faults *, const struct fault *);

/* Fills `out` from the form (or, on an API route, from the JSON body's members of the same names). Texts are trimmed,
 * NFC, lent by the request's arena; absent optional texts are "". Every broken rule adds a fault, and so does a file
 * that was too large or one too many (request_uploads then has none): a handler of uploads must call this. OK or
 * ERR_INVALID. */
enum err form_parse(struct request *, const struct field *, size_t n, void *out, struct faults *);
/* What was typed, as JSON (secrets left out), to fill the form again. */
json_t *form_values(const struct request *, const struct field *, size_t n);

/* --- replies ----------------------------------------------------------------------------------------------------- */

struct reply {
	int status;           /* 0 until something was said */
	const char *template; /* page to render with `view`, e.g. "case/show" */
	json_t *view;         /* owned by the request's arena */
	const char *type;     /* content type when `body` is set */
	void *body;           /* lent by the arena */
	size_t body_len;
	struct request_data *data; /* private: headers, cookies, stream */
	struct request *rq;
};

/* A page for people, the same view as JSON for programs. Steals `view`. */
enum err reply_view(struct reply *, const char *template, json_t *view);
/* The form again: 422, view + "values" (as typed) + "errors" [{field, label, text}] + "error_of" {field: text} +
 * "is" {choice field: {its value: true}}, or problem details. Steals `view`. */
enum err reply_form(
    struct reply *, const char *template, json_t *view, const struct field *, size_t n, const struct faults *);
/* What an act refused that a form asked for. A fault without words: `why` itself. What whoever filled the form can mend
 * (ERR_INVALID, ERR_CONFLICT) goes to `again`, which shows the page with the form as it was filled; all else, and all
 * that programs get, is reply_fault(). */
typedef enum err reply_again(struct reply *, void *work, struct faults *, enum err why);
enum err reply_refused(struct reply *, const struct fault *, enum err why, reply_again *again, void *work);
enum err reply_see_other(struct reply *, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* 303 */
enum err reply_created(struct reply *, const char *location, json_t *view); /* 201 for programs; steals view */
enum err reply_text(struct reply *, int status, const char *type, const char *text);
enum err reply_data(struct reply *, int status, const char *type, const void *data, size_t len); /* copied */
enum err reply_fault(struct reply *, const struct fault *); /* error page or problem details with this reason */
/* The same with one more member in the problem details (RFC 9457, section 3.2); pages do not show it. Steals. */
enum err reply_fault_more(struct reply *, const struct fault *, const char *member, json_t *value);
/* The n-th value that a form sent under this name (check boxes of a list), from 0; NULL behind the last. */
const char *request_form_nth(const struct request *, const char *name, size_t n);
void reply_header(struct reply *, const char *name, const char *value);
/* HttpOnly, SameSite=Strict, Secure when served over TLS; max_age_s 0 = this browser session, < 0 = delete. */
void reply_cookie(struct reply *, const char *name, const char *value, int64_t max_age_s);
/* A download made piece by piece: `read` returns bytes, 0 at the end, -1 on failure; `done` frees `source`. Sent as an
 * attachment with nosniff; `name` may be in any script (RFC 6266, RFC 8187). */
enum err reply_stream(struct reply *, const char *type, const char *name, int64_t size,
    int64_t (*read)(void *source, int64_t offset, void *out, size_t room), void (*done)(void *source), void *source);

/* --- routes ------------------------------------------------------------------------------------------------------ */

typedef enum err handler(struct request *, struct reply *);

#define ROUTE_RAW 1u        /* body as it comes (exchange): no forms, no CSRF token, no JSON parsing */
#define ROUTE_UPLOAD 2u     /* multipart with files allowed */
#define ROUTE_NO_STORE 4u   /* default for everything but assets; kept for clarity on secret pages */
#define ROUTE_TOKEN_FREE 8u /* POST by programs without a browser: no CSRF (API routes have it implied) */

struct route {
	enum method method;
	const char *path; /* "/desk/cases/{id}"; the same handler may also be listed under "/api/v1/…" */
	handler *handle;
	unsigned who; /* bits that the application's authenticator understands, see office/access.h; 0 = anybody */
	unsigned flags;
	size_t body_limit; /* bytes; 0 = the server's default (1 MiB, or the upload limit for ROUTE_UPLOAD) */
	const char *help;  /* one English sentence: goes into logs' debug lines and OpenAPI's summary check */
};

struct route_table {
	const struct route *routes;
	size_t n;
};

/* --- the server -------------------------------------------------------------------------------------------------- */

struct server_options {
	const char *listen;                    /* "127.0.0.1:8080" */
	const char *tls_certificate, *tls_key; /* PEM text, or NULL */
	const char *behind_proxy;
	int workers; /* threads that run handlers */
	int64_t upload_limit, body_limit;
	int files_limit;
	const char *spool;        /* folder for unlinked temporary files */
	const char *template_dir; /* development: templates from disk; NULL = embedded */
	const uint8_t *secret;    /* 32 bytes for CSRF tokens */
	enum lang default_lang;
	const struct route_table *tables;
	size_t table_count;
	void *app;
	/* Finds out who asks and whether the route is for them: sets rq->actor. An error is answered as such; ERR_LOGIN
	 * on a page becomes a redirect to `login_path`. */
	enum err (*authenticate)(struct request *);
	/* Adds what every page needs (office name, navigation, who is logged in) to the view before it is rendered. */
	/* The view has lang, dir, rtl, languages, csrf, path, asset {sulh_css: address …}, asset_css, asset_js,
	 * asset_icon. */
	void (*frame)(struct request *, json_t *view);
	const char *login_path;
};

enum err server_start(const struct server_options *, struct server **ret_server, struct fault *) MUST_CHECK;
int server_port(const struct server *); /* the port bound, for listen ":0" */
void server_stop(struct server *);      /* no new requests, the running ones are finished, then freed */

/* --- rendering --------------------------------------------------------------------------------------------------- */

/*
 * Templates are Mustache, embedded under templates/. At load each is made once a language: {{> name}} is replaced by
 * that file's text, {{#t}}English{{/t}} by its translation (placeholders {{x}} inside stay). Thread-safe.
 */
enum err templates_load(const char *dir /* NULL = embedded */, struct fault *) MUST_CHECK;
enum err render(const char *template, enum lang, const json_t *view, char **ret_html, size_t *ret_len) MUST_CHECK;
const char *const *template_names(size_t *ret_count);

/* --- throttling -------------------------------------------------------------------------------------------------- */

/*
 * Slows guessing: `key` (login name, complaint number, address) may fail `burst` times, then one try every `every_ms`,
 * doubling up to an hour; forgets after a day. Bounded memory, thread-safe. throttle_ask says whether a try is allowed
 * now (OK or ERR_THROTTLED with {seconds}); throttle_fail counts a failed one; throttle_clear forgets after a success.
 */
struct throttle;
struct throttle *throttle_new(int burst, int64_t every_ms);
void throttle_free(struct throttle *);
enum err throttle_ask(struct throttle *, const char *kind, const char *key, int64_t now, struct fault *) MUST_CHECK;
void throttle_fail(struct throttle *, const char *kind, const char *key, int64_t now);
void throttle_clear(struct throttle *, const char *kind, const char *key);
/* The same for a network address, which many people may share: wider by far, at most a minute's wait, and an IPv6
 * network of 64 bits counts as one. Against one machine that tries many names. */
/* What counts as one place: the address, of IPv6 its network of 64 bits. */
#define NETWORK_TEXT 64
const char *throttle_network(const char *ip, char out[NETWORK_TEXT]);
enum err throttle_ask_address(
    struct throttle *, const char *kind, const char *ip, int64_t now, struct fault *) MUST_CHECK;
void throttle_fail_address(struct throttle *, const char *kind, const char *ip, int64_t now);

#endif
