/*
 * A small HTTP client for unit tests that have a server of their own: one connection, kept open.
 *
 *     struct web web = { .port = server_port(server) };
 *     int status = web_ask(&web, "GET", "/desk", "Cookie: …\r\n", NULL);      web.body, web.body_len
 *     web_done(&web);
 */
#ifndef SULH_TESTS_WEB_H
#define SULH_TESTS_WEB_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define WEB_ROOM (4 << 20)

struct web {
	int port, fd; /* fd 0: not connected */
	char *head;   /* the reply's, then its body; NUL-terminated */
	char *body;
	size_t len, body_len;
};

static inline void web_hang_up(struct web *web)
{
	if (web->fd)
		close(web->fd);
	web->fd = 0;
}

static inline bool web_connect(struct web *web)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)web->port)
	};
	if (web->fd)
		return true;
	if (!web->head)
		web->head = malloc(WEB_ROOM);
	web->fd = socket(AF_INET, SOCK_STREAM, 0);
	return web->head && connect(web->fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static inline bool web_more(struct web *web)
{
	ssize_t n = recv(web->fd, web->head + web->len, WEB_ROOM - 1 - web->len, 0);
	if (n <= 0)
		return false;
	web->len += (size_t)n;
	web->head[web->len] = '\0';
	return true;
}

/* A body in pieces, put together where it lies. */
static inline bool web_pieces(struct web *web)
{
	char *out = web->body, *in = web->body;
	for (;;) {
		char *line;
		while (!(line = strstr(in, "\r\n")))
			if (!web_more(web))
				return false;
		size_t n = strtoull(in, NULL, 16);
		in = line + 2;
		while (web->len < (size_t)(in - web->head) + n + 2)
			if (!web_more(web))
				return false;
		memmove(out, in, n);
		out += n;
		in += n + 2;
		if (!n)
			break;
	}
	*out = '\0';
	web->body_len = (size_t)(out - web->body);
	return true;
}

static inline bool web_read(struct web *web)
{
	char *end = NULL, *length;
	web->len = 0;
	while (!end) {
		if (!web_more(web))
			return false;
		end = strstr(web->head, "\r\n\r\n");
	}
	*end = '\0';
	web->body = end + 4;
	length = strcasestr(web->head, "\r\nContent-Length: ");
	size_t want = length ? (size_t)atoll(length + 18) : 0;
	while (web->len < (size_t)(web->body - web->head) + want)
		if (!web_more(web))
			return false;
	web->body_len = want;
	if (strcasestr(web->head, "\r\nTransfer-Encoding: chunked") && !web_pieces(web))
		return false;
	if (strcasestr(web->head, "\r\nConnection: close"))
		web_hang_up(web);
	return true;
}

/* The status, or -1 when the server hung up. `headers` end their lines; `body` NULL: none. */
static inline int web_ask(struct web *web, const char *method, const char *path, const char *headers, const char *body)
{
	for (int again = 0; again < 2; again++) {
		char text[8192];
		if (!web_connect(web))
			return -1;
		int n =
		    snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %zu\r\n\r\n%s",
			method, path, headers, body ? strlen(body) : 0, body ? body : "");
		if (send(web->fd, text, (size_t)n, MSG_NOSIGNAL) == n && web_read(web))
			return atoi(web->head + 9);
		web_hang_up(web); /* it may have closed an idle connection: once more on a new one */
	}
	return -1;
}

static inline void web_done(struct web *web)
{
	web_hang_up(web);
	free(web->head);
}

#endif
