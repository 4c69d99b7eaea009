/*
 * A web server that does nothing: libmicrohttpd with the threads of src/http/server.c and the same answer of BYTES
 * bytes to everything. What is left of a page's time against this is what the page costs.
 */
#include "bench.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result answer(void *state, struct MHD_Connection *conn, const char *url, const char *method,
    const char *version, const char *data, size_t *size, void **seen)
{
	static int known;
	if (!*seen) {
		*seen = &known; /* the head has come; the end follows */
		return MHD_YES;
	}
	*size = 0;
	return MHD_queue_response(conn, MHD_HTTP_OK, state);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: bench-bare-http BYTES\n");
		return 2;
	}
	size_t bytes = (size_t)bench_number(argv[1], "BYTES");
	char *page = malloc(bytes);
	if (!page)
		bench_must("page", ERR_MEMORY);
	memset(page, 'x', bytes);
	struct MHD_Response *response = MHD_create_response_from_buffer(bytes, page, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(response, "Content-Type", "text/html; charset=utf-8");
	sigset_t signals;
	int got;
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned threads = cores > 8 ? 8 : cores < 1 ? 1 : (unsigned)cores;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, answer, response, MHD_OPTION_SOCK_ADDR,
	    &address, MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)32 * 1024,
	    MHD_OPTION_END);
	if (!daemon)
		bench_must("listening", ERR_STORE);
	printf("port %d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	sigwait(&signals, &got);
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
