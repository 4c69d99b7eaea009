/* Embedded files under /assets/, answered without a worker; and the headers that every answer carries. */
#include "http/internal.h"

#include "base/asset.h"
#include "base/util.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "assets/"

/* Scripts and styles only from us; nothing may frame a page, and no page may send a form elsewhere. */
#define CONTENT_SECURITY_POLICY                                                                                        \
	"default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; script-src 'self'; "             \
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'"

static const struct header {
	const char *name, *value;
} security[] = {
	{ "Content-Security-Policy", CONTENT_SECURITY_POLICY },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
	{ "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
};

void static_security(struct MHD_Response *response, bool tls)
{
	for (size_t i = 0; i < ARRAY_LEN(security); i++)
		MHD_add_response_header(response, security[i].name, security[i].value);
	if (tls)
		MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
}

enum MHD_Result static_queue(struct MHD_Connection *conn, unsigned status, struct MHD_Response *response)
{
	enum MHD_Result result = MHD_queue_response(conn, status, response);

	MHD_destroy_response(response);
	return result;
}

static const char *type_of(const char *path)
{
	static const struct {
		const char *suffix, *type;
	} types[] = {
		{ ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < ARRAY_LEN(types); i++)
		if (!strcmp(dot, types[i].suffix))
			return types[i].type;
	return "application/octet-stream";
}

static bool gzip_accepted(const struct request_data *d)
{
	const char *accepted = request_header(&d->rq, "Accept-Encoding");
	const char *gzip = accepted ? strcasestr(accepted, "gzip") : NULL;

	return gzip && strncmp(gzip + 4, ";q=0", 4);
}

static enum MHD_Result answer(struct request_data *d, const struct asset *asset)
{
	const char *known = request_header(&d->rq, "If-None-Match"), *version = request_query(&d->rq, "v");
	bool gzip = asset->gzip && gzip_accepted(d), same = known && strstr(known, asset->etag);
	struct MHD_Response *response = MHD_create_response_from_buffer(same   ? 0
									: gzip ? asset->gzip_size
									       : asset->size,
	    (void *)(gzip ? asset->gzip : asset->data), MHD_RESPMEM_PERSISTENT);
	char etag[80];

	if (!response)
		return MHD_NO;
	/* Weak: the same for the plain and the compressed bytes. */
	snprintf(etag, sizeof etag, "W/\"%s\"", asset->etag);
	MHD_add_response_header(response, "ETag", etag);
	MHD_add_response_header(response, "Vary", "Accept-Encoding");
	MHD_add_response_header(response, "Content-Type", type_of(asset->path));
	MHD_add_response_header(response, "Cache-Control",
	    version && !strcmp(version, asset->etag) ? "public, max-age=31536000, immutable" : "public, max-age=3600");
	if (gzip && !same)
		MHD_add_response_header(response, "Content-Encoding", "gzip");
	static_security(response, d->secure);
	return static_queue(d->conn, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

bool static_answer(struct request_data *d, enum MHD_Result *ret_result)
{
	const struct asset *asset;

	if (d->rq.method != METHOD_GET || d->has_body || strncmp(d->rq.path, "/" PREFIX, strlen(PREFIX) + 1))
		return false;
	asset = asset_find(d->rq.path + 1);
	if (!asset)
		return false;
	*ret_result = answer(d, asset);
	return true;
}

/* "assets/sulh.rtl.css" → "sulh_rtl_css": a key that a template can ask for. */
static void key_of(const char *path, char *out, size_t room)
{
	size_t n = 0;

	for (const char *c = path + strlen(PREFIX); *c && n + 1 < room; c++)
		out[n++] = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ? *c : '_';
	out[n] = 0;
}

json_t *static_addresses(void)
{
	json_t *addresses = json_object();
	size_t n = 0;
	const struct asset *assets = asset_prefix(PREFIX, &n);

	for (size_t i = 0; i < n; i++) {
		char key[128], address[512];
		key_of(assets[i].path, key, sizeof key);
		snprintf(address, sizeof address, "/%s?v=%s", assets[i].path, assets[i].etag);
		json_put_str(addresses, key, address);
	}
	return addresses;
}
