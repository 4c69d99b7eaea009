/* Starts and stops: the socket, libmicrohttpd's threads, the queue and the workers behind it. */
#include "http/internal.h"

#include "base/util.h"

#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_MAX 1024
#define CONNECTIONS_MAX 4096
#define CONNECTIONS_PER_ADDRESS 256
#define IDLE_SECONDS 30
#define HEAD_BYTES_MAX ((size_t)32 * 1024)
#define WORKER_STACK ((size_t)256 * 1024)
#define WORKERS_DEFAULT 40
#define IO_THREADS_MAX 8
#define STOP_SECONDS 15 /* for answers that are being sent; handlers are waited for without limit */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* --- the queue --------------------------------------------------------------------------------------------------- */

bool server_queue(struct server *srv, struct job *job, bool urgent)
{
	pthread_mutex_lock(&srv->lock);
	bool room = urgent || (srv->waiting < QUEUE_MAX && !srv->stopping);
	if (room) {
		job->next = NULL;
		if (srv->last)
			srv->last->next = job;
		else
			srv->first = job;
		srv->last = job;
		srv->waiting++;
		srv->running += !urgent;
		pthread_cond_signal(&srv->work);
	}
	pthread_mutex_unlock(&srv->lock);
	return room;
}

void server_calm(struct server *srv)
{
	pthread_mutex_lock(&srv->lock);
	if (!--srv->running)
		pthread_cond_broadcast(&srv->calm);
	pthread_mutex_unlock(&srv->lock);
}

static struct job *next_job(struct server *srv)
{
	struct job *job;

	pthread_mutex_lock(&srv->lock);
	while (!srv->first && !srv->ending)
		pthread_cond_wait(&srv->work, &srv->lock);
	job = srv->first;
	if (job) {
		srv->first = job->next;
		if (!srv->first)
			srv->last = NULL;
		srv->waiting--;
	}
	pthread_mutex_unlock(&srv->lock);
	return job;
}

static void *worker(void *state)
{
	struct job *job;

	/* The job lives in its request, which may be gone as soon as it has run. */
	while ((job = next_job(state)))
		job->run(job->d);
	return NULL;
}

static enum err start_workers(struct server *srv)
{
	int wanted = srv->o.workers > 0 ? srv->o.workers : WORKERS_DEFAULT;
	pthread_attr_t attr;

	srv->threads = calloc((size_t)wanted, sizeof *srv->threads);
	if (!srv->threads || pthread_attr_init(&attr))
		return ERR_MEMORY;
	pthread_attr_setstacksize(&attr, WORKER_STACK);
	for (int i = 0; i < wanted; i++) {
		if (pthread_create(&srv->threads[i], &attr, worker, srv))
			break;
		srv->thread_count++;
	}
	pthread_attr_destroy(&attr);
	return srv->thread_count == (size_t)wanted ? OK : ERR_MEMORY;
}

static void stop_workers(struct server *srv)
{
	pthread_mutex_lock(&srv->lock);
	srv->ending = true;
	pthread_cond_broadcast(&srv->work);
	pthread_mutex_unlock(&srv->lock);
	for (size_t i = 0; i < srv->thread_count; i++)
		pthread_join(srv->threads[i], NULL);
}

/* --- the socket -------------------------------------------------------------------------------------------------- */

/* "127.0.0.1:8080", "[::1]:0", ":8080" (all addresses). */
static bool listen_split(const char *listen, char *host, size_t room, const char **ret_port)
{
	const char *colon = strrchr(listen, ':');
	size_t n = colon ? (size_t)(colon - listen) : 0;

	if (!colon || n >= room || !colon[1])
		return false;
	if (n >= 2 && listen[0] == '[' && listen[n - 1] == ']') {
		listen++;
		n -= 2;
	}
	memcpy(host, listen, n);
	host[n] = 0;
	*ret_port = colon + 1;
	return true;
}

static int open_socket(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, at->ai_addr, at->ai_addrlen) || listen(fd, SOMAXCONN)) {
		int why = errno;
		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static int port_of(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	char port[16];

	if (getsockname(fd, (struct sockaddr *)&address, &len) ||
	    getnameinfo((struct sockaddr *)&address, len, NULL, 0, port, sizeof port, NI_NUMERICSERV))
		return 0;
	return atoi(port);
}

static enum err listen_on(const char *text, int *ret_fd, struct fault *fault)
{
	const struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	const char *port;
	char host[128];

	if (!listen_split(text, host, sizeof host, &port) || getaddrinfo(*host ? host : NULL, port, &hints, &found))
		return fault_set(fault, ERR_INVALID, "listen",
		    N_("{listen} is no address and port, like 127.0.0.1:8080."), "listen", text, NULL);
	int fd = open_socket(found);
	int why = errno;
	freeaddrinfo(found);
	if (fd < 0)
		return fault_set(fault, ERR_UNREACHABLE, "listen", N_("Cannot listen on {listen}: {why}"), "listen",
		    text, "why", strerror(why), NULL);
	*ret_fd = fd;
	return OK;
}

/* --- libmicrohttpd ----------------------------------------------------------------------------------------------- */

/* We decode addresses ourselves, once and strictly, from what was sent. */
static size_t leave_escaped(void *state, struct MHD_Connection *conn, char *text)
{
	return strlen(text);
}

/* Its messages would name addresses of people; what matters is in our own lines. */
__attribute__((format(printf, 2, 0))) static void keep_quiet(void *state, const char *fmt, va_list args)
{
}

static unsigned io_threads(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores < 1 ? 1 : cores > IO_THREADS_MAX ? IO_THREADS_MAX : (unsigned)cores;
}

static struct MHD_Daemon *start_daemon(struct server *srv, int fd)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG;
	bool proxied = srv->o.behind_proxy && *srv->o.behind_proxy;
	struct MHD_OptionItem more[8];
	size_t n = 0;

	if (srv->tls) {
		flags |= MHD_USE_TLS;
		more[n++] = (struct MHD_OptionItem) { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)srv->o.tls_certificate };
		more[n++] = (struct MHD_OptionItem) { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)srv->o.tls_key };
		more[n++] = (struct MHD_OptionItem) { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES };
	}
	if (io_threads() > 1)
		more[n++] = (struct MHD_OptionItem) { MHD_OPTION_THREAD_POOL_SIZE, io_threads(), NULL };
	if (!proxied) /* behind a proxy all clients share its address */
		more[n++] =
		    (struct MHD_OptionItem) { MHD_OPTION_PER_IP_CONNECTION_LIMIT, CONNECTIONS_PER_ADDRESS, NULL };
	more[n] = (struct MHD_OptionItem) { MHD_OPTION_END, 0, NULL };
	return MHD_start_daemon(flags, 0, NULL, NULL, connection_access, srv, MHD_OPTION_EXTERNAL_LOGGER, keep_quiet,
	    NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_URI_LOG_CALLBACK, connection_uri, srv,
	    MHD_OPTION_NOTIFY_COMPLETED, connection_completed, srv, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES_MAX, MHD_OPTION_THREAD_STACK_SIZE,
	    WORKER_STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, more, MHD_OPTION_END);
}

static struct MHD_Daemon *start_unconnected(struct server *srv)
{
	return MHD_start_daemon(MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG, 0, NULL, NULL, connection_access, srv,
	    MHD_OPTION_EXTERNAL_LOGGER, keep_quiet, NULL, MHD_OPTION_URI_LOG_CALLBACK, connection_uri, srv,
	    MHD_OPTION_NOTIFY_COMPLETED, connection_completed, srv, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES_MAX, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

enum err server_feed(struct server *srv, int fd)
{
	const struct sockaddr address = { .sa_family = AF_UNIX };

	return MHD_add_connection(srv->daemon, fd, &address, sizeof address) == MHD_YES ? OK : ERR_INTERNAL;
}

void server_turn(struct server *srv)
{
	MHD_run(srv->daemon);
}

/* --- start and stop ---------------------------------------------------------------------------------------------- */

/* Each open connection is a file, each upload another: take what the system allows us. */
static void raise_file_limit(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) || files.rlim_cur >= 2 * CONNECTIONS_MAX)
		return;
	files.rlim_cur = files.rlim_max < 2 * CONNECTIONS_MAX ? files.rlim_max : 2 * CONNECTIONS_MAX;
	setrlimit(RLIMIT_NOFILE, &files);
}

static void server_free(struct server *srv)
{
	if (!srv)
		return;
	router_free(srv->router);
	json_decref(srv->assets);
	free(srv->threads);
	pthread_mutex_destroy(&srv->lock);
	pthread_cond_destroy(&srv->work);
	pthread_cond_destroy(&srv->calm);
	free(srv);
}

static enum err prepare(const struct server_options *options, struct server **ret_server, struct fault *fault)
{
	struct server *srv = calloc(1, sizeof *srv);
	enum err err;

	if (!srv)
		return fault_set(fault, ERR_MEMORY, NULL, NULL, NULL);
	srv->o = *options;
	srv->tls = options->tls_certificate && *options->tls_certificate;
	pthread_mutex_init(&srv->lock, NULL);
	pthread_cond_init(&srv->work, NULL);
	pthread_cond_init(&srv->calm, NULL);
	srv->assets = static_addresses();
	err = router_new(options->tables, options->table_count, &srv->router, fault);
	if (!err)
		err = templates_load(options->template_dir, fault);
	if (err) {
		server_free(srv);
		return err;
	}
	*ret_server = srv;
	return OK;
}

static enum err start_listening(struct server *srv, struct fault *fault)
{
	int fd = -1;
	enum err err = listen_on(srv->o.listen, &fd, fault);

	if (err)
		return err;
	srv->port = port_of(fd);
	err = start_workers(srv);
	if (!err && !(srv->daemon = start_daemon(srv, fd)))
		err = fault_set(fault, ERR_INVALID, srv->tls ? "tls_certificate" : "listen",
		    srv->tls ? N_("The server cannot start with this certificate and key.")
			     : N_("The server cannot start."),
		    NULL);
	if (err) {
		close(fd);
		stop_workers(srv);
	}
	return err;
}

enum err server_start(const struct server_options *options, struct server **ret_server, struct fault *fault)
{
	struct server *srv = NULL;
	enum err err;

	/* One heap for each of some fifty threads would be most of our memory; with one for each core they wait for
	 * each other, and what is beyond two for each core is never used at the same moment. */
	mallopt(M_ARENA_MAX, (int)(2 * io_threads()));
	raise_file_limit();
	err = prepare(options, &srv, fault);
	if (err)
		return err;
	if (options->listen)
		err = start_listening(srv, fault);
	else if (!(srv->daemon = start_unconnected(srv)))
		err = fault_set(fault, ERR_INTERNAL, NULL, NULL, NULL);
	if (err) {
		server_free(srv);
		return err;
	}
	*ret_server = srv;
	return OK;
}

int server_port(const struct server *srv)
{
	return srv->port;
}

/* Until every request that was accepted is answered; an answer that its receiver does not take gets STOP_SECONDS. */
static void wait_for_calm(struct server *srv)
{
	struct timespec until;

	pthread_mutex_lock(&srv->lock);
	while (srv->waiting)
		pthread_cond_timedwait(&srv->calm, &srv->lock, &(struct timespec) { time(NULL) + 1, 0 });
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += STOP_SECONDS;
	while (srv->running && pthread_cond_timedwait(&srv->calm, &srv->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&srv->lock);
}

void server_stop(struct server *srv)
{
	if (!srv)
		return;
	if (srv->thread_count) {
		MHD_socket fd = MHD_quiesce_daemon(srv->daemon);
		pthread_mutex_lock(&srv->lock);
		srv->stopping = true;
		pthread_mutex_unlock(&srv->lock);
		if (fd != MHD_INVALID_SOCKET)
			close(fd);
		wait_for_calm(srv);
		stop_workers(srv);
	}
	MHD_stop_daemon(srv->daemon);
	server_free(srv);
}
