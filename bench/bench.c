/* An office to measure in, and the end when something fails. */
#include "bench.h"

#include "base/clockwork.h"
#include "casework/casefile.h"
#include "crypto/crypto.h"
#include "text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MIGRATIONS_MAX 64

void bench_must(const char *what, enum err e)
{
	if (!e)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, err_sentence(e));
	exit(1);
}

static size_t migrations(struct db_migration list[MIGRATIONS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < office_migration_count; i++)
		list[n++] = *office_migrations[i];
	for (size_t i = 0; i < casework_migration_count; i++)
		list[n++] = *casework_migrations[i];
	return n;
}

struct office *bench_office(const char *dir)
{
	struct db_migration list[MIGRATIONS_MAX];
	const struct office_create create = { .dir = dir,
		.profile = "pk-wafaqi-mohtasib",
		.database = "sqlite:office.db",
		.listen = "127.0.0.1:0",
		.public_url = "http://127.0.0.1:8080" };
	struct office *office = NULL;
	struct fault fault = { 0 };
	char conf[600], words[700];
	size_t n = migrations(list);
	text_init();
	crypto_init();
	snprintf(conf, sizeof(conf), "%s/sulh.conf", dir);
	enum err e = access(conf, F_OK) ? office_create(&create, list, n, &fault) : OK;
	if (!e)
		e = office_open(dir, list, n, &office, &fault);
	if (e && fault.key)
		fprintf(stderr, "bench: %s: %s\n", fault.field, fault_english(&fault, words, sizeof(words)));
	bench_must(dir, e);
	return office;
}

long bench_number(const char *text, const char *what)
{
	char *end;
	long n = strtol(text, &end, 10);
	if (n <= 0 || *end) {
		fprintf(stderr, "bench: %s must be a positive number\n", what);
		exit(2);
	}
	return n;
}

double bench_seconds(int64_t since_us)
{
	return (double)(monotonic_us() - since_us) / 1e6;
}
