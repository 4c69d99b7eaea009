/* What a worker does with a complete request: understand the body, ask who it is, call the handler, render its reply.
 */
#include "http/internal.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define LANGUAGE_COOKIE_S (365 * 24 * 60 * 60)

/* --- the body ---------------------------------------------------------------------------------------------------- */

static void refuse(struct request_data *d, int status, const char *slug, const struct fault *fault)
{
	request_refuse(d, status, slug, NULL, fault);
}

static void understand_form(struct request_data *d)
{
	struct fault fault = { 0 };
	enum err err = urlencoded_parse(d->rq.arena, d->body.data, d->body.len, FORM_FIELDS_MAX, &d->form, &fault);

	if (err)
		refuse(d, err == ERR_TOO_LARGE ? 413 : 400, err == ERR_TOO_LARGE ? "too-large" : "bad-request", &fault);
}

static void understand_json(struct request_data *d)
{
	struct fault fault = { 0 };
	enum err err = json_parse(d->body.data, d->body.len, d->limit, &d->rq.json, &fault);

	if (err)
		refuse(d, err == ERR_TOO_LARGE ? 413 : 400, err == ERR_TOO_LARGE ? "too-large" : "bad-request", &fault);
	else
		d->rq.json = json_owned(d->rq.arena, d->rq.json);
}

static void understand_multipart(struct request_data *d)
{
	struct fault fault = { 0 };

	if (intake_end(d, &fault))
		refuse(d, 400, "bad-request", &fault);
	else if (upload_types(d))
		refuse(d, 500, "internal", NULL);
}

static void understand(struct request_data *d)
{
	if (!d->verdict.status && d->sink == SINK_MULTIPART)
		understand_multipart(d);
	if (d->verdict.status || !d->body.len)
		return;
	if (d->rq.api || (d->rq.route->flags & ROUTE_RAW)) {
		d->rq.body = d->body.data;
		d->rq.body_len = d->body.len;
	}
	if (d->rq.route->flags & ROUTE_RAW)
		return;
	if (d->rq.api)
		understand_json(d);
	else
		understand_form(d);
}

/* --- the handler ------------------------------------------------------------------------------------------------- */

static void complain(struct request_data *d, enum err err)
{
	d->error = err;
	reply_error(&d->rp, err);
}

static void handle(struct request_data *d)
{
	struct request *rq = &d->rq;
	struct fault fault = { 0 };
	enum err err;

	if (csrf_check(d, &fault)) {
		reply_problem(&d->rp, 403, "form-token", N_("The form was not accepted"), &fault);
		return;
	}
	err = d->srv->o.authenticate ? d->srv->o.authenticate(rq) : OK;
	if (err) {
		complain(d, err);
		return;
	}
	err = rq->route->handle(rq, &d->rp);
	if (err && !d->rp.status)
		complain(d, err);
	else if (!d->rp.status)
		complain(d, ERR_INTERNAL);
	else if (err)
		d->error = err;
}

/* --- the page ---------------------------------------------------------------------------------------------------- */

static void put_asset(json_t *view, const json_t *assets, const char *key, const char *first, const char *second)
{
	const char *address = json_str(assets, first);

	if (!address && second)
		address = json_str(assets, second);
	if (address)
		json_put_str(view, key, address);
}

void serve_view(struct request_data *d, json_t *view)
{
	const struct request *rq = &d->rq;
	json_t *assets = d->srv->assets;
	bool rtl = lang_rtl(rq->lang);

	json_put_str(view, "lang", lang_code(rq->lang));
	json_put_str(view, "dir", rtl ? "rtl" : "ltr");
	json_put_bool(view, "rtl", rtl);
	json_put_str(view, "csrf", rq->csrf);
	json_put_str(view, "path", rq->path);
	request_languages(rq, view);
	json_object_set(view, "asset", assets);
	put_asset(view, assets, "asset_css", rtl ? "sulh_rtl_css" : "sulh_css", "sulh_css");
	put_asset(view, assets, "asset_js", "sulh_js", NULL);
	put_asset(view, assets, "asset_icon", "favicon_svg", NULL);
}

static void body_is(struct request_data *d, const char *type, char *text, size_t len)
{
	arena_defer(d->rq.arena, free, text);
	d->rp.type = type;
	d->rp.body = text;
	d->rp.body_len = len;
}

static void render_json(struct request_data *d)
{
	char *text = json_compact_text(d->rp.view);

	if (text)
		body_is(d, "application/json", text, strlen(text));
	else
		reply_problem(&d->rp, 500, "internal", NULL, NULL);
}

/* The last resort, when even the error page cannot be made. */
static void say_plainly(struct request_data *d, int status)
{
	reply_text(&d->rp, status, "text/plain; charset=utf-8", text_get(d->rq.lang, err_sentence(ERR_INTERNAL)));
}

static enum err render_page(struct request_data *d)
{
	struct reply *rp = &d->rp;
	char *html;
	size_t len;

	serve_view(d, rp->view);
	if (d->srv->o.frame)
		d->srv->o.frame(&d->rq, rp->view);
	enum err err = render(rp->template, d->rq.lang, rp->view, &html, &len);
	if (err)
		return err;
	if (d->seed_fresh && template_has_form(rp->template))
		reply_cookie(rp, "sulh_seed", d->seed, 0);
	body_is(d, "text/html; charset=utf-8", html, len);
	return OK;
}

static void render_reply(struct request_data *d)
{
	struct reply *rp = &d->rp;

	if (!rp->view || rp->body)
		return;
	if (d->rq.api || !rp->template) {
		render_json(d);
		return;
	}
	if (!render_page(d))
		return;
	log_line(LOG_ERROR, "template %s cannot be rendered in %s: see `template` lines at start", rp->template,
	    lang_code(d->rq.lang));
	if (strcmp(rp->template, "error")) {
		reply_problem(rp, 500, "internal", NULL, NULL);
		if (!render_page(d))
			return;
	}
	say_plainly(d, rp->status);
}

/* The first piece is read here, so that a source that is broken gets an error page and not half a file. */
static void open_stream(struct request_data *d)
{
	struct stream *s = &d->stream;

	if (!s->read)
		return;
	stream_fill(d);
	if (!s->failed)
		return;
	s->read = NULL;
	d->headers = (struct pairs) { 0 };
	complain(d, ERR_STORE);
	render_reply(d);
}

/* The route, never the path: that may hold numbers and codes of people. */
static void note(const struct request_data *d)
{
	long long ms = (monotonic_us() - d->started_us) / 1000;
	enum log_level level = d->rp.status >= 500 ? LOG_ERROR : LOG_DEBUG;

	log_line(level, "%s %s %d %lld ms%s%s", method_name(d->rq.method), *d->rq.route->path ? d->rq.route->path : "-",
	    d->rp.status, ms, d->error ? " " : "", d->error ? err_slug(d->error) : "");
}

void serve(struct request_data *d)
{
	struct verdict *v = &d->verdict;

	understand(d);
	csrf_prepare(d);
	if (!v->status)
		handle(d);
	else if (!d->rp.status)
		reply_problem(&d->rp, v->status, v->slug, v->title, v->fault.key ? &v->fault : NULL);
	if (d->language_chosen)
		reply_cookie(&d->rp, "sulh_lang", lang_code(d->rq.lang), LANGUAGE_COOKIE_S);
	render_reply(d);
	open_stream(d);
	note(d);
}
