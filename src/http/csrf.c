/* Proof that a form was served by us to the same browser: a token bound to a random seed in a strict cookie. */
#include "http/internal.h"

#include "base/id.h"
#include "base/util.h"

#include <string.h>

#define COOKIE "sulh_seed"
#define FIELD_NAME "_csrf"

_Static_assert(CSRF_SEED_TEXT >= (CSRF_SEED_BYTES * 4 + 2) / 3 + 1, "a seed in base64url fits");
_Static_assert(CSRF_TOKEN_TEXT >= (SHA256_SIZE * 4 + 2) / 3 + 1, "a token in base64url fits");

static void token_of(const struct request_data *d, char out[CSRF_TOKEN_TEXT])
{
	static const char label[] = "csrf";
	char text[sizeof label + CSRF_SEED_TEXT] = "";
	uint8_t mac[SHA256_SIZE];

	memcpy(text, label, sizeof label - 1);
	strcpy(text + sizeof label - 1, d->seed);
	hmac_sha256(mac, d->srv->o.secret, text, strlen(text));
	base64url_encode(out, mac, sizeof mac);
}

/* Takes the browser's seed, or makes one that serve.c sets when a form goes out. */
void csrf_prepare(struct request_data *d)
{
	const char *seed = request_cookie(&d->rq, COOKIE);
	uint8_t bytes[CSRF_SEED_BYTES];
	size_t len = 0;

	if (seed && strlen(seed) < CSRF_SEED_TEXT && !base64url_decode(seed, strlen(seed), bytes, sizeof bytes, &len) &&
	    len == sizeof bytes) {
		strcpy(d->seed, seed);
	} else {
		random_bytes(bytes, sizeof bytes);
		base64url_encode(d->seed, bytes, sizeof bytes);
		d->seed_fresh = true;
	}
	token_of(d, d->token);
	d->rq.csrf = d->token;
}

/*
 * The address a browser says the form came from. "null" is what it says under our own Referrer-Policy of no-referrer
 * (Fetch, "append a request Origin header"), so that it proves nothing either way.
 */
static bool origin_ours(const struct request_data *d)
{
	const char *site = request_header(&d->rq, "Sec-Fetch-Site"), *origin = request_header(&d->rq, "Origin");

	if (site && (!strcasecmp(site, "cross-site") || !strcasecmp(site, "same-site")))
		return false;
	if (!origin || !strcasecmp(origin, "null"))
		return true;
	const char *host = strstr(origin, "://");
	return host && d->host && !strcasecmp(host + 3, d->host);
}

enum err csrf_check(struct request_data *d, struct fault *fault)
{
	const struct route *route = d->rq.route;
	const char *token = pairs_get(&d->form, FIELD_NAME);

	if (d->rq.method == METHOD_GET || d->rq.api || (route->flags & (ROUTE_RAW | ROUTE_TOKEN_FREE)))
		return OK;
	if (!origin_ours(d))
		return fault_set(fault, ERR_DENIED, NULL,
		    N_("This form was sent from another website. Open the page here and send it again."), NULL);
	if (d->seed_fresh)
		return fault_set(fault, ERR_DENIED, NULL,
		    N_("Your browser did not send our cookie. Allow cookies for this site, go back, reload the page "
		       "and send it "
		       "again. Nothing was saved."),
		    NULL);
	if (!token || strlen(token) != strlen(d->token) || !bytes_equal(token, d->token, strlen(token)))
		return fault_set(fault, ERR_DENIED, NULL,
		    N_("The page was open for too long. Go back, reload it and send it again. Nothing was saved."),
		    NULL);
	return OK;
}
