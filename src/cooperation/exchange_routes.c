/* The doors for partners: identity, messages, files. */
#include "base/util.h"
#include "cooperation/exchange.h"
#include "cooperation/partner.h"
#include "cooperation/transfer.h"

#include <stdlib.h>
#include <string.h>

static enum err identity(struct request *rq, struct reply *rp)
{
	char *jws CLEANUP(free_ptr) = NULL;
	enum err e = identity_make(office_of(rq), rq->now, &jws);
	return e ? e : reply_text(rp, 200, "application/jose", jws);
}

/* Plain, for `sulh receipt verify --keys`: a set of keys may have members of its own (RFC 7517 section 5). */
static enum err keys(struct request *rq, struct reply *rp)
{
	char fingerprint[FINGERPRINT_TEXT];
	const struct public_keys *own = keys_public(office_of(rq)->keys);
	json_t *set CLEANUP(json_decrefp) = public_keys_json(own);
	public_keys_fingerprint(own, fingerprint);
	json_put_str(set, "fingerprint", fingerprint);
	char *text CLEANUP(free_ptr) = json_compact_text(set);
	return text ? reply_text(rp, 200, "application/jwk-set+json", text) : ERR_MEMORY;
}

static enum err message(struct request *rq, struct reply *rp)
{
	char *answer CLEANUP(free_ptr) = NULL;
	int status = 0;
	enum err e = inbox_receive(office_of(rq), rq->body, rq->body_len, rq->now, &status, &answer);
	return e ? e : reply_text(rp, status, "application/jose", answer);
}

static enum err file_status(struct request *rq, struct reply *rp)
{
	struct transfer t;
	json_t *status CLEANUP(json_decrefp) = NULL;
	enum err e = transfer_load_in(office_of(rq)->db, request_param(rq, "id"), &t);
	if (!e)
		e = transfer_status(office_of(rq), &t, &status);
	if (e)
		return e;
	char *text CLEANUP(free_ptr) = json_compact_text(status);
	return reply_text(rp, 200, "application/json", text);
}

static enum err file_chunk(struct request *rq, struct reply *rp)
{
	struct transfer t;
	char *end;
	const char *index = request_param(rq, "index");
	long long n = strtoll(index, &end, 10); /* from 0, so not request_param_int */
	if (*end || end == index || n < 0)
		return ERR_NOT_FOUND;
	enum err e = transfer_load_in(office_of(rq)->db, request_param(rq, "id"), &t);
	if (!e)
		e = transfer_put(office_of(rq), &t, n, rq->body, rq->body_len, rq->now);
	if (e == ERR_INVALID)
		return reply_text(rp, 400, "text/plain", "");
	return e ? e : reply_text(rp, 204, "text/plain", "");
}

static const struct route routes[] = {
	{ METHOD_GET, "/exchange/v1/identity", identity, 0, ROUTE_RAW, 0, "Who this office is, signed." },
	{ METHOD_GET, "/exchange/v1/keys", keys, 0, ROUTE_RAW, 0, "This office's public keys and their fingerprint." },
	{ METHOD_POST, "/exchange/v1/messages", message, 0, ROUTE_RAW, MESSAGE_WIRE_LIMIT,
	    "A sealed message from a partner." },
	{ METHOD_GET, "/exchange/v1/files/{id}", file_status, 0, ROUTE_RAW, 0, "Which pieces of a file are there." },
	{ METHOD_PUT, "/exchange/v1/files/{id}/{index}", file_chunk, 0, ROUTE_RAW, 262144 + 64,
	    "A sealed piece of a file." },
};
const struct route_table exchange_routes = { routes, ARRAY_LEN(routes) };

static const struct job jobs[] = {
	{ "exchange.outbox", 2000, outbox_run, "Sends what waits for partners." },
	{ "exchange.files", 5000, transfer_run, "Pushes files to partners." },
	{ "exchange.sweep", 60 * 1000, transfer_sweep, "Erases what had come of files that may not come any more." },
};
const struct job_table cooperation_jobs = { jobs, ARRAY_LEN(jobs) };
