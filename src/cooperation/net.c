/* HTTP to partner institutions, through libcurl. */
#include "cooperation/net.h"

#include "base/util.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_SECONDS 10L
#define REQUEST_SECONDS 30L

struct net {
	CURL *curl;
};

void net_init(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

struct net *net_new(void)
{
	struct net *net = calloc(1, sizeof(*net));
	if (net && !(net->curl = curl_easy_init())) {
		free(net);
		return NULL;
	}
	return net;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	curl_easy_cleanup(net->curl);
	free(net);
}

static size_t take_answer(char *data, size_t size, size_t n, void *arg)
{
	return buf_add(arg, data, size * n) ? 0 : size * n;
}

/* Names of this machine only: an address that merely resolves to it may resolve elsewhere tomorrow. */
static bool own_machine(const char *host)
{
	static const char *const names[] = { "127.0.0.1", "[::1]", "localhost" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!strcmp(host, names[i]))
			return true;
	return false;
}

enum place { PLACE_NOWHERE, PLACE_OUTSIDE, PLACE_LOOPBACK };

/* Read by the library that will follow it: in "http://127.0.0.1:1@elsewhere" the host is not where it seems to be. */
static enum place place_of(const char *url, bool *ret_tls)
{
	char *scheme = NULL, *host = NULL, *user = NULL;
	enum place place = PLACE_NOWHERE;
	CURLU *parsed = curl_url();
	if (parsed && !curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) &&
	    !curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) && !curl_url_get(parsed, CURLUPART_HOST, &host, 0) &&
	    curl_url_get(parsed, CURLUPART_USER, &user, 0) == CURLUE_NO_USER && *host) {
		*ret_tls = !strcmp(scheme, "https");
		if (*ret_tls || !strcmp(scheme, "http"))
			place = own_machine(host) ? PLACE_LOOPBACK : PLACE_OUTSIDE;
	}
	curl_free(scheme);
	curl_free(host);
	curl_free(user);
	curl_url_cleanup(parsed);
	return place;
}

bool net_loopback(const char *url)
{
	bool tls;
	return place_of(url, &tls) == PLACE_LOOPBACK;
}

static bool allowed(const char *url, bool *ret_tls)
{
	enum place place = place_of(url, ret_tls);
	return place == PLACE_LOOPBACK || (place == PLACE_OUTSIDE && *ret_tls);
}

static void set_request(
    CURL *curl, const struct net_request *rq, bool tls, struct buf *answer, struct curl_slist *headers)
{
	curl_easy_reset(curl); /* keeps the connections */
	curl_easy_setopt(curl, CURLOPT_URL, rq->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, tls ? "https" : "http");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, REQUEST_SECONDS);
	curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "sulh/" SULH_VERSION);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	if (rq->body || !strcmp(rq->method, "POST")) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, rq->body ? rq->body : "");
	}
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, rq->method);
}

enum err net_send(
    struct net *net, const struct net_request *rq, int *ret_status, struct buf *answer, struct fault *fault)
{
	char type[128];
	long status = 0;
	bool tls = true;
	if (!allowed(rq->url, &tls))
		return fault_set(fault, ERR_DENIED, "url", N_("Partners are reached by https:// only."), NULL);
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:"); /* no round trip before a body */
	if (rq->type) {
		snprintf(type, sizeof(type), "Content-Type: %s", rq->type);
		headers = curl_slist_append(headers, type);
	}
	set_request(net->curl, rq, tls, answer, headers);
	CURLcode code = curl_easy_perform(net->curl);
	curl_slist_free_all(headers);
	if (code != CURLE_OK)
		return fault_set(fault, ERR_UNREACHABLE, "url", N_("The partner's server does not answer: {reason}."),
		    "reason", curl_easy_strerror(code), NULL);
	curl_easy_getinfo(net->curl, CURLINFO_RESPONSE_CODE, &status);
	*ret_status = (int)status;
	return OK;
}
