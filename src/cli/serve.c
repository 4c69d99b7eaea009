/* sulh serve: the office's web server and its background work, until a signal ends it. */
#include "cli/command.h"

#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "casework/registry.h"
#include "casework/tables.h"
#include "cooperation/exchange.h"
#include "cooperation/net.h"
#include "office/job.h"
#include "office/safety.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{ "listen", required_argument, NULL, 'l' },
	{ "public-url", required_argument, NULL, 'u' },
	{ 0 },
};

struct serving {
	struct office *office;
	struct server *server;
	char *certificate, *key;
	uint8_t secret[32];
	sigset_t signals;
};

#define ROUTE_TABLES_MAX 64
#define JOB_TABLES_MAX 32

/* What each room brings: office, casework's nouns, cooperation. */
static size_t route_tables(struct route_table out[ROUTE_TABLES_MAX])
{
	const struct route_table others[] = { exchange_routes, partner_routes, agreement_routes, referral_routes };
	size_t n = 0;
	assert(office_tables_count + casework_routes_count + ARRAY_LEN(others) <= ROUTE_TABLES_MAX);
	for (size_t i = 0; i < office_tables_count; i++)
		out[n++] = *office_tables[i];
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		out[n++] = others[i];
	for (size_t i = 0; i < casework_routes_count; i++)
		out[n++] = *casework_routes[i];
	return n;
}

static size_t job_tables(struct job_table out[JOB_TABLES_MAX])
{
	size_t n = 0;
	assert(casework_job_tables_count + 2 <= JOB_TABLES_MAX);
	out[n++] = office_jobs;
	out[n++] = cooperation_jobs;
	for (size_t i = 0; i < casework_job_tables_count; i++)
		out[n++] = *casework_job_tables[i];
	return n;
}

static enum err start_server(struct serving *s, struct fault *fault)
{
	const struct config *config = &s->office->config;
	struct route_table tables[ROUTE_TABLES_MAX];
	size_t table_count = route_tables(tables);
	char spool[600];
	enum err e = OK;
	snprintf(spool, sizeof(spool), "%s/spool", s->office->dir);
	keys_derive(s->office->keys, "forms", "", 0, s->secret);
	if (config->tls_certificate[0])
		e = cli_read_text(config->tls_certificate, &s->certificate, NULL, fault);
	if (!e && config->tls_key[0])
		e = cli_read_text(config->tls_key, &s->key, NULL, fault);
	if (e)
		return e;
	const struct server_options o = { .listen = config->listen,
		.tls_certificate = s->certificate,
		.tls_key = s->key,
		.behind_proxy = config->behind_proxy,
		.workers = config->workers,
		.upload_limit = (int64_t)config->upload_limit_mib << 20,
		.body_limit = (int64_t)config->body_limit_mib << 20,
		.files_limit = config->files_limit,
		.spool = spool,
		.template_dir = config->templates[0] ? config->templates : NULL,
		.secret = s->secret,
		.default_lang = s->office->profile->language,
		.tables = tables,
		.table_count = table_count,
		.app = s->office,
		.authenticate = office_authenticate,
		.frame = office_frame,
		.login_path = "/login" };
	return server_start(&o, &s->server, fault);
}

static enum err start(struct serving *s, struct fault *fault)
{
	struct job_table jobs[JOB_TABLES_MAX];
	size_t job_count = job_tables(jobs);
	enum err e = templates_load(s->office->config.templates[0] ? s->office->config.templates : NULL, fault);
	net_init(); /* before the threads that use it */
	if (!e)
		e = start_server(s, fault);
	return e ? e : jobs_start(s->office, jobs, job_count, &s->office->jobs);
}

static void stop(struct serving *s)
{
	/* First no new requests, then no new background work, then the last writes. */
	if (s->server)
		server_stop(s->server);
	jobs_stop(s->office->jobs);
	office_close(s->office);
	free(s->certificate);
	free(s->key);
}

/* Before any thread begins, and the database begins some: only sigwait sees them, also a second one while we stop. */
static void hold_signals(sigset_t *ret_signals)
{
	sigemptyset(ret_signals);
	sigaddset(ret_signals, SIGINT);
	sigaddset(ret_signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, ret_signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int serve(struct serving *s)
{
	struct fault fault = { 0 };
	int got;
	int64_t began = monotonic_us();
	enum err e = start(s, &fault);
	if (e) {
		stop(s);
		return command_fail(&command_serve, e, &fault);
	}
	safety_log(s->office); /* before the line that says "ready" */
	printf("%s is served on %s (port %d, ready after %lld ms); Ctrl-C stops it\n",
	    names_in(&s->office->profile->name, LANG_EN), s->office->config.listen, server_port(s->server),
	    (long long)((monotonic_us() - began) / 1000));
	fflush(stdout);
	sigwait(&s->signals, &got);
	log_line(LOG_INFO, "stopping: running requests are finished first");
	stop(s);
	return 0;
}

static int run(int argc, char **argv)
{
	struct serving s = { 0 };
	struct fault fault = { 0 };
	const char *listen = NULL, *url = NULL;
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'l')
			listen = optarg;
		else if (c == 'u')
			url = optarg;
		else
			return command_usage(&command_serve);
	}
	if (optind != argc - 1)
		return command_usage(&command_serve);
	hold_signals(&s.signals);
	enum err e = cli_office_open(argv[optind], &s.office, &fault);
	if (e)
		return command_fail(&command_serve, e, &fault);
	struct config *config = &s.office->config;
	if (listen)
		e = config_set(config, "listen", listen, &fault);
	if (!e && url)
		e = config_set(config, "public_url", url, &fault);
	if (!e)
		e = config_check(config, &fault);
	if (!e)
		e = registry_begin(s.office);
	if (e) {
		office_close(s.office);
		return command_fail(&command_serve, e, &fault);
	}
	log_set_level((enum log_level)s.office->config.log_level);
	return serve(&s);
}

const struct command command_serve = {
	"serve",
	"DIR [--listen ADDR] [--public-url URL]",
	"Serve the office and do its background work",
	"  --listen ADDR       instead of the configured address; port 0 takes a free one\n"
	"  --public-url URL    instead of the configured one\n\n"
	"Plain HTTP is for loopback or behind a proxy; certificate and key are named in sulh.conf.\n"
	"SIGINT and SIGTERM finish the running requests and stop.\n\n"
	"Example: sulh serve /srv/office\n",
	run,
};
