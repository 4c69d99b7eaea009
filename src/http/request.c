/* A request: made when its first line arrives, asked by handlers, gone when the answer is sent. */
#include "http/internal.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)

static enum err no_handler(struct request *rq, struct reply *rp)
{
	return ERR_NOT_FOUND;
}

/* So that rq->route is never NULL, not even on the page that says that there is no such page. */
static const struct route nowhere = { METHOD_GET, "", no_handler, 0, 0, 0, "no route" };

struct request_data *request_new(struct server *srv, const char *uri, struct MHD_Connection *conn)
{
	struct arena *arena = arena_new(ARENA_BYTES_MAX);
	struct request_data *d = arena_alloc(arena, sizeof *d);

	d->srv = srv;
	d->conn = conn;
	d->refs = 1;
	d->uri = arena_strdup(arena, uri);
	d->body = (struct buf)BUF_INIT(0);
	d->started_us = monotonic_us();
	d->rq.arena = arena;
	d->rq.route = &nowhere;
	d->rq.path = "/";
	d->rq.lang = srv->o.default_lang;
	d->rq.now = now_ms();
	d->rq.server = srv;
	d->rq.app = srv->o.app;
	d->rq.csrf = "";
	d->rq.data = d;
	d->rp.rq = &d->rq;
	d->rp.data = d;
	d->query_text = "";
	return d;
}

void request_hold(struct request_data *d)
{
	atomic_fetch_add(&d->refs, 1);
}

void request_drop(struct request_data *d)
{
	if (atomic_fetch_sub(&d->refs, 1) > 1)
		return;
	intake_done(&d->intake);
	buf_done(&d->body);
	if (d->stream.done)
		d->stream.done(d->stream.source);
	free(d->stream.chunk);
	arena_free(d->rq.arena);
}

/* The first reason stays: what follows is mostly its consequence. */
void request_refuse(struct request_data *d, int status, const char *slug, const char *title, const struct fault *fault)
{
	if (d->verdict.status)
		return;
	d->verdict.status = status;
	d->verdict.slug = slug;
	d->verdict.title = title;
	if (fault)
		d->verdict.fault = *fault;
}

const char *request_param(const struct request *rq, const char *name)
{
	return pairs_get(&rq->data->params, name);
}

int64_t request_param_int(const struct request *rq, const char *name)
{
	const char *text = request_param(rq, name);
	int64_t value = 0;

	if (!text || !*text || strlen(text) > 18)
		return 0;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		value = value * 10 + (*text - '0');
	}
	return value;
}

const char *request_query(const struct request *rq, const char *name)
{
	return pairs_get(&rq->data->query, name);
}

const char *request_header(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->data->conn, MHD_HEADER_KIND, name);
}

const char *request_cookie(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->data->conn, MHD_COOKIE_KIND, name);
}

const char *request_form(const struct request *rq, const char *name)
{
	return pairs_get(&rq->data->form, name);
}

const char *request_form_nth(const struct request *rq, const char *name, size_t n)
{
	for (const struct pair *p = rq->data->form.first; p; p = p->next)
		if (!strcmp(p->name, name) && n-- == 0)
			return p->value;
	return NULL;
}

size_t request_uploads(const struct request *rq, const struct upload **ret_uploads)
{
	const struct intake *in = &rq->data->intake;

	*ret_uploads = in->files;
	return in->fault.code ? 0 : in->n;
}

bool request_has_type(const struct request_data *d, const char *media_type)
{
	const char *type = request_header(&d->rq, "Content-Type");
	size_t n = strlen(media_type);

	return type && !strncasecmp(type, media_type, n) && (!type[n] || strchr("; \t", type[n]));
}

/* ?lang= wins and is remembered, then the cookie, then what the browser prefers, then the office's own. */
void request_language(struct request_data *d)
{
	const char *asked = request_query(&d->rq, "lang"), *kept = request_cookie(&d->rq, "sulh_lang");

	if (asked && lang_parse(asked, &d->rq.lang)) {
		d->language_chosen = true;
		return;
	}
	if (kept && lang_parse(kept, &d->rq.lang))
		return;
	d->rq.lang = lang_negotiate(request_header(&d->rq, "Accept-Language"), d->srv->o.default_lang);
}

/* This page's address with another language; a page that only a form leads to has none, and the start page stands in.
 */
static char *address_in(const struct request *rq, enum lang lang)
{
	const struct request_data *d = rq->data;
	struct buf out = BUF_INIT(16 * 1024);
	struct route_hit hit;
	bool reachable =
	    rq->method == METHOD_GET || !router_match(d->srv->router, rq->arena, METHOD_GET, rq->path, &hit);
	enum err err = percent_encode(&out, reachable ? rq->path : "/", "/");

	if (!err)
		err = buf_printf(&out, "?lang=%s", lang_code(lang));
	for (const struct pair *p = d->query.first; p && reachable && !err; p = p->next) {
		if (!strcmp(p->name, "lang"))
			continue;
		if (!(err = buf_putc(&out, '&')) && !(err = percent_encode(&out, p->name, "")) &&
		    !(err = buf_putc(&out, '=')))
			err = percent_encode(&out, p->value, "");
	}
	char *text = arena_strdup(rq->arena, err || !out.data ? "/" : out.data);
	buf_done(&out);
	return text;
}

void request_languages(const struct request *rq, json_t *view)
{
	json_t *list = json_array();

	for (int lang = 0; lang < LANG_MAX; lang++) {
		json_t *entry = json_object();
		json_put_str(entry, "code", lang_code((enum lang)lang));
		json_put_str(entry, "name", lang_name((enum lang)lang));
		json_put_bool(entry, "current", (enum lang)lang == rq->lang);
		json_put_str(entry, "url", address_in(rq, (enum lang)lang));
		json_add(list, entry);
	}
	json_put(view, "languages", list);
}
