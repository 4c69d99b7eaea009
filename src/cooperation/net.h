/*
 * Requests to partners: HTTPS with a verified certificate, plain HTTP to loopback only, no redirects, limits on time
 * and size. A `struct net` keeps its connections open between requests; one thread at a time uses it.
 */
#ifndef SULH_COOPERATION_NET_H
#define SULH_COOPERATION_NET_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

struct net;

void net_init(void); /* once per process */
struct net *net_new(void);
void net_free(struct net *);

bool net_loopback(const char *url); /* names this machine, by http or https */

struct net_request {
	const char *method; /* "GET", "POST", "PUT" */
	const char *url;
	const char *type; /* of the body; NULL without one */
	const void *body;
	size_t len;
};
/* ERR_UNREACHABLE when no whole answer came, ERR_DENIED for an address that is neither HTTPS nor loopback. */
enum err net_send(
    struct net *, const struct net_request *, int *ret_status, struct buf *answer, struct fault *) MUST_CHECK;

#endif
