/* Replies as data: a view and its template, a redirect, bytes, a stream, or why it could not be done. */
#include "http/internal.h"

#include "base/util.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Types that a browser may see as they are; all others, those that can carry script above all, travel as bytes. */
static const char *const safe_types[] = {
	"application/pdf",
	"application/json",
	"application/zip",
	"application/jose",
	"application/problem+json",
	"image/png",
	"image/jpeg",
	"image/gif",
	"image/webp",
	"image/tiff",
	"audio/mpeg",
	"audio/ogg",
	"audio/wav",
	"video/mp4",
	"video/webm",
	"text/plain",
	"text/csv",
	"application/msword",
	"application/vnd.ms-excel",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"application/vnd.oasis.opendocument.text",
};

/* --- headers ----------------------------------------------------------------------------------------------------- */

void reply_header(struct reply *rp, const char *name, const char *value)
{
	struct arena *arena = rp->rq->arena;

	if (!strpbrk(name, "\r\n") && !strpbrk(value, "\r\n"))
		pairs_add(arena, &rp->data->headers, arena_strdup(arena, name), arena_strdup(arena, value));
}

const char *reply_header_get(const struct reply *rp, const char *name)
{
	for (const struct pair *p = rp->data->headers.first; p; p = p->next)
		if (!strcasecmp(p->name, name))
			return p->value;
	return NULL;
}

void reply_cookie(struct reply *rp, const char *name, const char *value, int64_t max_age_s)
{
	struct arena *arena = rp->rq->arena;
	const char *age = "";

	if (max_age_s)
		age = arena_printf(arena, "; Max-Age=%lld", (long long)(max_age_s > 0 ? max_age_s : 0));
	reply_header(rp, "Set-Cookie",
	    arena_printf(arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name, max_age_s < 0 ? "" : value, age,
		rp->data->secure ? "; Secure" : ""));
}

/* --- answers ----------------------------------------------------------------------------------------------------- */

enum err reply_view(struct reply *rp, const char *template, json_t *view)
{
	if (!rp->status)
		rp->status = 200;
	rp->template = template;
	rp->view = json_owned(rp->rq->arena, view);
	return OK;
}

enum err reply_data(struct reply *rp, int status, const char *type, const void *data, size_t len)
{
	char *copy = arena_alloc(rp->rq->arena, len + 1);

	if (len)
		memcpy(copy, data, len);
	rp->status = status;
	rp->template = NULL;
	rp->type = arena_strdup(rp->rq->arena, type);
	rp->body = copy;
	rp->body_len = len;
	return OK;
}

enum err reply_text(struct reply *rp, int status, const char *type, const char *text)
{
	return reply_data(rp, status, type, text, strlen(text));
}

/* The address as a header may carry it: only ours, the rest of Unicode percent-encoded. */
static char *location_of(struct arena *arena, const char *path)
{
	struct buf out = BUF_INIT(16 * 1024);
	enum err err = percent_encode(&out, local_path(path), "/?&=#%+:@!$'()*,;");
	char *text = arena_strdup(arena, err || !out.data ? "/" : out.data);

	buf_done(&out);
	return text;
}

enum err reply_see_other(struct reply *rp, const char *fmt, ...)
{
	char path[4096];
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(path, sizeof path, fmt, args);
	va_end(args);
	reply_data(rp, 303, "text/plain; charset=utf-8", "", 0);
	reply_header(rp, "Location", location_of(rp->rq->arena, n >= 0 && n < (int)sizeof path ? path : "/"));
	return OK;
}

enum err reply_created(struct reply *rp, const char *location, json_t *view)
{
	rp->status = 201;
	reply_header(rp, "Location", location_of(rp->rq->arena, location));
	if (rp->rq->api)
		return reply_view(rp, NULL, view);
	json_decref(view);
	return reply_see_other(rp, "%s", location);
}

/* --- downloads --------------------------------------------------------------------------------------------------- */

/* RFC 6266 with RFC 8187: the name in any script, and an ASCII one for clients that cannot read it. */
const char *content_disposition(struct arena *arena, const char *name)
{
	struct buf encoded = BUF_INIT(4096);
	char ascii[128];
	size_t n = 0;

	for (const unsigned char *c = (const unsigned char *)name; *c && n + 1 < sizeof ascii; c++)
		if (*c < 0x80)
			ascii[n++] = *c < 0x20 || strchr("\"\\%/;", *c) || *c == 0x7f ? '_' : (char)*c;
		else if (*c >= 0xc0)
			ascii[n++] = '_';
	ascii[n] = 0;
	bool fits = !percent_encode(&encoded, name, "");
	char *text = arena_printf(arena, "attachment; filename=\"%s\"%s%s", n ? ascii : "file",
	    fits && encoded.data ? "; filename*=UTF-8''" : "", fits && encoded.data ? encoded.data : "");
	buf_done(&encoded);
	return text;
}

static const char *safe_type(const char *type)
{
	for (size_t i = 0; type && i < ARRAY_LEN(safe_types); i++)
		if (!strcasecmp(type, safe_types[i]))
			return safe_types[i];
	return "application/octet-stream";
}

enum err reply_stream(struct reply *rp, const char *type, const char *name, int64_t size,
    int64_t (*read)(void *source, int64_t offset, void *out, size_t room), void (*done)(void *source), void *source)
{
	struct stream *stream = &rp->data->stream;

	if (stream->done)
		stream->done(stream->source);
	*stream = (struct stream) { .read = read, .done = done, .source = source, .size = size };
	rp->status = 200;
	rp->template = NULL;
	rp->type = safe_type(type);
	reply_header(rp, "Content-Disposition", content_disposition(rp->rq->arena, name));
	return OK;
}

/* --- why not ----------------------------------------------------------------------------------------------------- */

static const struct words {
	int status;
	const char *title, *help;
} words[] = {
	{ 400, N_("The request could not be understood"), N_("Check the address, or go back and try again.") },
	{ 401, N_("Please log in"), N_("Log in and try again.") },
	{ 403, N_("This is not allowed"),
	    N_("If you think that you should be allowed, ask your office's administrator.") },
	{ 404, N_("Page not found"), N_("Check the address, or begin at the start page.") },
	{ 405, N_("This is not possible here"), N_("Go back and try again.") },
	{ 409, N_("Somebody else was first"), N_("Reload the page to see what has changed, then decide again.") },
	{ 413, N_("Too large"), N_("Send less at once: smaller files, or fewer of them.") },
	{ 415, N_("This kind of content is not understood here"), N_("Send application/json.") },
	{ 422, N_("Please check what you entered"), N_("Go back, correct it and send it again.") },
	{ 429, N_("Too many tries"), N_("Wait a little and try again.") },
	{ 500, N_("Something went wrong on our side"), N_("Try again in a few minutes. Your earlier work is safe.") },
	{ 502, N_("The other office does not answer"), N_("Nothing is lost. Try again later.") },
	{ 503, N_("The server is busy"), N_("Try again in a few seconds.") },
};

static const struct words *words_for(int status)
{
	const struct words *fallback = NULL;

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (words[i].status == status)
			return &words[i];
		if (words[i].status == (status >= 500 ? 500 : 400))
			fallback = &words[i];
	}
	return fallback;
}

static json_t *problem(const struct request *rq, int status, const char *slug, const char *title, const char *detail)
{
	json_t *object = json_object();

	json_put_str(object, "type", arena_printf(rq->arena, "/problems/%s", slug));
	json_put_str(object, "title", text_get(rq->lang, title));
	json_put_int(object, "status", status);
	if (detail && *detail)
		json_put_str(object, "detail", detail);
	json_put_str(object, "instance", rq->path);
	return object;
}

static enum err reply_problem_json(struct reply *rp, int status, json_t *object)
{
	CLEANUP(free_ptr) char *text = json_compact_text(object);

	json_decref(object);
	return reply_text(rp, status, "application/problem+json", text ? text : "{}");
}

static void put_error(const struct request *rq, json_t *errors, const struct fault *fault)
{
	json_t *entry = json_object();

	json_put_str(entry, "field", fault->field);
	json_put_str(entry, "detail", text_fault(rq->arena, rq->lang, fault));
	json_add(errors, entry);
}

static void retry_after(struct reply *rp, int status, const struct fault *fault)
{
	const char *seconds = "5";

	if (status != 429 && status != 503)
		return;
	for (size_t i = 0; fault && i < fault->args; i++)
		if (!strcmp(fault->arg[i].name, "seconds"))
			seconds = fault->arg[i].value;
	if (!reply_header_get(rp, "Retry-After"))
		reply_header(rp, "Retry-After", seconds);
}

enum err reply_problem(struct reply *rp, int status, const char *slug, const char *title, const struct fault *fault)
{
	const struct request *rq = rp->rq;
	const struct words *say = words_for(status);
	const char *detail = fault && fault->key ? text_fault(rq->arena, rq->lang, fault) : NULL;

	retry_after(rp, status, fault);
	if (rq->api) {
		json_t *object = problem(rq, status, slug, title ? title : say->title, detail);
		if (fault && *fault->field) {
			json_t *errors = json_array();
			put_error(rq, errors, fault);
			json_put(object, "errors", errors);
		}
		if (rp->data->more)
			json_put(object, rp->data->more_name, json_incref(rp->data->more));
		return reply_problem_json(rp, status, object);
	}
	json_t *view = json_object();
	json_put_int(view, "status", status);
	json_put_str(view, "title", text_get(rq->lang, title ? title : say->title));
	json_put_str(view, "fault", detail);
	if (!title) /* the help belongs to the status's own title */
		json_put_str(view, "help", text_get(rq->lang, say->help));
	if (fault && fault->code)
		json_put_str(view, "sentence", text_get(rq->lang, err_sentence(fault->code)));
	rp->status = status;
	return reply_view(rp, "error", view);
}

/* Where to log in, and what to come back to: a page that can be asked for again, and on this server. */
static enum err reply_login(struct reply *rp)
{
	const struct request *rq = rp->rq;
	struct buf to = BUF_INIT(16 * 1024);
	struct route_hit hit;

	if (rq->login_path)
		return reply_see_other(rp, "%s", rq->login_path);
	if (router_match(rq->data->srv->router, rq->arena, METHOD_GET, rq->path, &hit) ||
	    percent_encode(&to, rq->path, "/"))
		buf_reset(&to);
	enum err err = to.len ? reply_see_other(rp, "%s?next=%s", rq->data->srv->o.login_path, to.data)
			      : reply_see_other(rp, "%s", rq->data->srv->o.login_path);
	buf_done(&to);
	return err;
}

enum err reply_fault(struct reply *rp, const struct fault *fault)
{
	enum err code = fault->code ? fault->code : ERR_INTERNAL;
	struct fault said = *fault;

	rp->data->error = code;
	if (code == ERR_LOGIN && !rp->rq->api && rp->rq->data->srv->o.login_path)
		return reply_login(rp);
	if (code == ERR_LOGIN && rp->rq->api)
		reply_header(rp, "WWW-Authenticate", "Bearer");
	said.code = code;
	if (!said.key)
		said.key = err_sentence(code);
	return reply_problem(rp, err_http_status(code), err_slug(code), NULL, &said);
}

enum err reply_fault_more(struct reply *rp, const struct fault *fault, const char *member, json_t *value)
{
	rp->data->more_name = member;
	rp->data->more = value ? json_owned(rp->rq->arena, value) : NULL;
	return reply_fault(rp, fault);
}

enum err reply_error(struct reply *rp, enum err code)
{
	struct fault fault = { .code = code };

	return reply_fault(rp, &fault);
}

/* --- the form again ---------------------------------------------------------------------------------------------- */

static const struct field *field_named(const struct field *fields, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* The form field to jump to; "" for what moved on beneath the form (the version or state of a thing): nobody typed
 * that. */
static const char *field_to_mend(const struct fault *fault)
{
	return !strcmp(fault->field, "version") || !strcmp(fault->field, "state") ? "" : fault->field;
}

static void put_one_fault(
    const struct request *rq, json_t *errors, json_t *by_field, const struct field *field, const struct fault *fault)
{
	const char *text = text_fault(rq->arena, rq->lang, fault), *name = field_to_mend(fault);
	json_t *entry = json_object();

	json_put_str(entry, "field", name);
	json_put_str(entry, "label", field && field->label ? text_get(rq->lang, field->label) : "");
	json_put_str(entry, "text", text);
	json_add(errors, entry);
	if (*name && !json_object_get(by_field, name))
		json_put_str(by_field, name, text);
}

/* In the order of the fields, as the page has them; what belongs to none comes last. */
static void put_faults(
    const struct request *rq, json_t *view, const struct field *fields, size_t n, const struct faults *faults)
{
	json_t *errors = json_array(), *by_field = json_object();

	for (size_t f = 0; f < n; f++)
		for (size_t i = 0; i < faults->n; i++)
			if (!strcmp(faults->v[i].field, fields[f].name))
				put_one_fault(rq, errors, by_field, &fields[f], &faults->v[i]);
	for (size_t i = 0; i < faults->n; i++)
		if (!field_named(fields, n, faults->v[i].field))
			put_one_fault(rq, errors, by_field, NULL, &faults->v[i]);
	json_put_bool(view, "has_errors", faults->n > 0);
	json_put(view, "errors", errors);
	json_put(view, "error", by_field);
}

/* {"is": {"persona": {"staff": true}}}: Mustache cannot compare, so that a template asks {{#is.persona.staff}}. */
static void put_chosen(json_t *view, const json_t *values, const struct field *fields, size_t n)
{
	json_t *is = json_object();

	for (size_t i = 0; i < n; i++) {
		const char *value = json_str(values, fields[i].name);
		if (fields[i].type != FIELD_CHOICE || !value || !*value)
			continue;
		json_t *one = json_object();
		json_put_bool(one, value, true);
		json_put(is, fields[i].name, one);
	}
	json_put(view, "is", is);
}

enum err reply_form(struct reply *rp, const char *template, json_t *view, const struct field *fields, size_t n,
    const struct faults *faults)
{
	const struct request *rq = rp->rq;

	if (rq->api) {
		json_t *object = problem(rq, 422, err_slug(ERR_INVALID), words_for(422)->title, NULL);
		json_t *errors = json_array();
		for (size_t i = 0; i < faults->n; i++)
			put_error(rq, errors, &faults->v[i]);
		json_put(object, "errors", errors);
		json_decref(view);
		return reply_problem_json(rp, 422, object);
	}
	json_t *values = form_values(rq, fields, n);
	put_chosen(view, values, fields, n);
	json_put(view, "values", values);
	put_faults(rq, view, fields, n, faults);
	rp->status = 422;
	return reply_view(rp, template, view);
}

enum err reply_refused(struct reply *rp, const struct fault *fault, enum err why, reply_again *again, void *work)
{
	struct faults faults = { 0 };
	if (!fault->code)
		return why;
	if (rp->rq->api || (why != ERR_INVALID && why != ERR_CONFLICT))
		return reply_fault(rp, fault);
	faults_add(&faults, fault);
	return again(rp, work, &faults, why);
}
