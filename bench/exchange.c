/*
 * Makes two offices that know each other, and queues messages at the first: proposals of agreements, each in a thread
 * of its own. Nothing is sent here: that is what the measured servers do. Prints one line of JSON: where each office is
 * to be served, and how many messages wait.
 */
#include "cooperation/exchange.h"
#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "bench.h"
#include "cooperation/agreement_store.h"
#include "cooperation/net.h"
#include "cooperation/partner.h"
#include "crypto/crypto.h"
#include "text/text.h"

#include <stdio.h>
#include <string.h>

#define AT_ONCE 64
#define MIGRATIONS_MAX 64

static struct rights rights; /* filled when the offices are open */
static const struct actor head = { .kind = ACTOR_STAFF,
	.rights = &rights,
	.id = 1,
	.roles = "commissioner liaison",
	.name = "Head",
	.tag = "staff:1" };

struct end {
	struct office *office;
	struct server *server;
	char url[64];
	int64_t partner; /* the other one's id here */
};

/* --- two offices ------------------------------------------------------------------------------------------------- */

static size_t add(struct db_migration *list, size_t n, const struct db_migration *const *more, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list[n++] = *more[i];
	return n;
}

static void open_end(struct end *s, const char *dir, const char *profile)
{
	struct db_migration list[MIGRATIONS_MAX];
	size_t n = add(list, 0, office_migrations, office_migration_count);
	n = add(list, n, casework_migrations, casework_migration_count);
	n = add(list, n, cooperation_migrations, cooperation_migration_count);
	const struct office_create create = { .dir = dir, .profile = profile, .listen = "127.0.0.1:1" };
	bench_must(dir, office_create(&create, list, n, NULL));
	bench_must(dir, office_open(dir, list, n, &s->office, NULL));
	bench_must(head.roles, rights_of(s->office->profile, head.roles, &rights, NULL));
}

/* Served for the pairing alone; the port that was free now is the address that the partner remembers. */
static void serve(struct end *s)
{
	static const uint8_t secret[32] = { 1 };
	const struct route_table tables[] = { exchange_routes };
	const struct server_options o = { .listen = "127.0.0.1:0",
		.workers = 4,
		.upload_limit = 1 << 20,
		.body_limit = 1 << 20,
		.files_limit = 4,
		.spool = s->office->dir,
		.secret = secret,
		.default_lang = LANG_EN,
		.tables = tables,
		.table_count = ARRAY_LEN(tables),
		.app = s->office,
		.authenticate = office_authenticate,
		.frame = office_frame,
		.login_path = "/login" };
	char conf[600];
	bench_must("serving", server_start(&o, &s->server, NULL));
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d", server_port(s->server));
	snprintf(conf, sizeof(conf), "%s/sulh.conf", s->office->dir);
	bench_must("address", config_set(&s->office->config, "public_url", s->url, NULL));
	bench_must("address", config_set(&s->office->config, "listen", s->url + strlen("http://"), NULL));
	bench_must("configuration", config_save(&s->office->config, conf, NULL));
}

static enum err confirm(struct db_tx *tx, void *arg)
{
	const struct end *s = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { s->office, tx, &head, now_ms(), arena };
	struct partner p;
	enum err e = partner_load(tx, arena, s->partner, &p);
	if (!e)
		e = partner_confirm(&act, s->partner, p.fingerprint, NULL);
	arena_free(arena);
	return e;
}

static void pair(struct end *s, const struct end *other)
{
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { s->office, NULL, &head, now_ms(), arena };
	bench_must("pairing", partner_see(&act, other->url, &s->partner, NULL));
	bench_must("pairing", db_write(s->office->db, confirm, s));
	arena_free(arena);
}

/* --- messages ---------------------------------------------------------------------------------------------------- */

static json_t *person(const char *name)
{
	json_t *p = json_object();
	json_put_str(p, "name", name);
	json_put_str(p, "email", "liaison@example.org");
	return p;
}

static json_t *party(const char *id, const char *name, const char *country)
{
	json_t *p = json_object(), *names = json_object();
	json_put_str(names, "en", name);
	json_put_str(p, "id", id);
	json_put(p, "name", names);
	json_put_str(p, "country", country);
	json_put(p, "contact", person("Liaison Officer"));
	json_put(p, "deputy", person("Deputy Officer"));
	return p;
}

static json_t *memorandum(const char *ours, const char *theirs)
{
	static const char terms[] =
	    "{\"version\":1,\"title\":{\"en\":\"Memorandum of mutual "
	    "assistance\"},\"persons\":{\"kind\":\"nationals\"},"
	    "\"subjects\":[\"*\"],\"assistance\":[\"referral\",\"information_request\"],\"consent\":\"explicit\","
	    "\"clocks\":{\"accept\":{\"amount\":7,\"unit\":\"days\"}},\"languages\":[\"en\",\"ur\",\"az\"],"
	    "\"authentic_language\":\"en\",\"valid_from\":\"2020-01-01\",\"notice_days\":30,"
	    "\"data_categories\":[\"identity\",\"contact\",\"facts\",\"remedy\",\"documents\"],"
	    "\"text\":{\"en\":\"The parties assist each other's nationals.\"}}";
	json_t *a = NULL, *parties = json_array();
	bench_must("memorandum", json_parse(terms, strlen(terms), sizeof(terms), &a, NULL));
	json_add(parties, party(ours, "Federal Ombudsman of Pakistan", "PK"));
	json_add(parties, party(theirs, "Commissioner for Human Rights of Azerbaijan", "AZ"));
	json_put(a, "parties", parties);
	return a;
}

struct queueing {
	const struct end *from, *to;
	long count;
};

static enum err propose(const struct casefile_act *act, const struct queueing *q)
{
	static const struct agreement_words words = { "", "en", "" };
	json_t *document = memorandum(q->from->office->uid, q->to->office->uid);
	int64_t id;
	enum err e = agreement_draft_save(act, document, 0, 0, &id, NULL);
	json_decref(document);
	return e ? e : agreement_do(act, id, MESSAGE_AGREEMENT_PROPOSE, 0, &words, NULL);
}

static enum err queue_some(struct db_tx *tx, void *arg)
{
	const struct queueing *q = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { q->from->office, tx, &head, now_ms(), arena };
	enum err e = OK;
	for (long i = 0; !e && i < q->count; i++)
		e = propose(&act, q);
	arena_free(arena);
	return e;
}

static void queue_all(const struct end *from, const struct end *to, long count)
{
	for (long done = 0; done < count; done += AT_ONCE) {
		struct queueing q = { from, to, count - done < AT_ONCE ? count - done : AT_ONCE };
		bench_must("queueing", db_write(from->office->db, queue_some, &q));
	}
}

int main(int argc, char **argv)
{
	struct end home = { 0 }, lead = { 0 };
	if (argc != 4) {
		fprintf(stderr, "usage: bench-exchange HOME_DIR LEAD_DIR MESSAGES\n");
		return 2;
	}
	long count = bench_number(argv[3], "MESSAGES");
	crypto_init();
	text_init();
	net_init();
	log_set_level(LOG_ERROR);
	bench_must("templates", templates_load(NULL, NULL));
	open_end(&home, argv[1], "pk-wafaqi-mohtasib");
	open_end(&lead, argv[2], "az-commissioner");
	serve(&home);
	serve(&lead);
	pair(&home, &lead);
	pair(&lead, &home);
	server_stop(home.server);
	server_stop(lead.server);
	queue_all(&home, &lead, count);
	printf("{\"messages\": %ld, \"home\": \"%s\", \"lead\": \"%s\"}\n", count, home.url + strlen("http://"),
	    lead.url + strlen("http://"));
	office_close(home.office);
	office_close(lead.office);
	return 0;
}
