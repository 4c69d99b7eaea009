/* Slows guessing: a table of fixed size that remembers who failed how often, by keyed hash, never by name. */
#include "http/http.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "crypto/crypto.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETS 4096
#define WAYS 4
#define NAME_BYTES 16

struct entry {
	uint8_t name[NAME_BYTES];
	int fails;          /* 0: free */
	int64_t last, next; /* ms: last failure; no try before */
};

struct throttle {
	pthread_mutex_t lock;
	uint8_t key[32]; /* so that nobody can choose which entries share a set */
	int burst;
	int64_t every;
	struct entry entry[SETS][WAYS];
};

struct throttle *throttle_new(int burst, int64_t every_ms)
{
	struct throttle *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	pthread_mutex_init(&t->lock, NULL);
	random_bytes(t->key, sizeof t->key);
	t->burst = burst;
	t->every = every_ms;
	return t;
}

void throttle_free(struct throttle *t)
{
	if (!t)
		return;
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static struct entry *set_of(struct throttle *t, const char *kind, const char *key, uint8_t name[NAME_BYTES])
{
	uint8_t kind_key[SHA256_SIZE], hash[SHA256_SIZE];

	hmac_sha256(kind_key, t->key, kind, strlen(kind));
	hmac_sha256(hash, kind_key, key, strlen(key));
	memcpy(name, hash, NAME_BYTES);
	return t->entry[((unsigned)hash[16] << 8 | hash[17]) % SETS];
}

static struct entry *find(struct entry *set, const uint8_t name[NAME_BYTES], int64_t now)
{
	for (int i = 0; i < WAYS; i++)
		if (set[i].fails && !memcmp(set[i].name, name, NAME_BYTES)) {
			if (now - set[i].last < DAY_MS)
				return &set[i];
			set[i].fails = 0;
		}
	return NULL;
}

/* A free place, else the one with the fewest failures: whoever floods the table pushes out others like himself. */
static struct entry *make_room(struct entry *set, int64_t now)
{
	struct entry *worst = &set[0];

	for (int i = 0; i < WAYS; i++) {
		if (!set[i].fails || now - set[i].last >= DAY_MS)
			return &set[i];
		if (set[i].fails < worst->fails || (set[i].fails == worst->fails && set[i].last < worst->last))
			worst = &set[i];
	}
	return worst;
}

static int64_t penalty(const struct throttle *t, int fails)
{
	int64_t wait = t->every;

	if (fails < t->burst)
		return 0;
	for (int i = t->burst; i < fails && wait < HOUR_MS; i++)
		wait *= 2;
	return wait < HOUR_MS ? wait : HOUR_MS;
}

enum err throttle_ask(struct throttle *t, const char *kind, const char *key, int64_t now, struct fault *fault)
{
	uint8_t name[NAME_BYTES];
	struct entry *set = set_of(t, kind, key, name);
	int64_t wait = 0;

	pthread_mutex_lock(&t->lock);
	struct entry *entry = find(set, name, now);
	if (entry && now < entry->next)
		wait = entry->next - now;
	else if (entry)
		entry->next = now + penalty(t, entry->fails); /* one try, not as many as fit beside each other */
	pthread_mutex_unlock(&t->lock);
	if (!wait)
		return OK;
	char seconds[24];
	snprintf(seconds, sizeof seconds, "%lld", (long long)((wait + SECOND_MS - 1) / SECOND_MS));
	return fault_set(fault, ERR_THROTTLED, NULL, N_("Too many tries. Wait {seconds} seconds and try again."),
	    "seconds", seconds, NULL);
}

void throttle_fail(struct throttle *t, const char *kind, const char *key, int64_t now)
{
	uint8_t name[NAME_BYTES];
	struct entry *set = set_of(t, kind, key, name);

	pthread_mutex_lock(&t->lock);
	struct entry *entry = find(set, name, now);
	if (!entry) {
		entry = make_room(set, now);
		*entry = (struct entry) { .fails = 0 };
		memcpy(entry->name, name, NAME_BYTES);
	}
	if (entry->fails < 1000)
		entry->fails++;
	entry->last = now;
	entry->next = now + penalty(t, entry->fails);
	pthread_mutex_unlock(&t->lock);
}

void throttle_clear(struct throttle *t, const char *kind, const char *key)
{
	uint8_t name[NAME_BYTES];
	struct entry *set = set_of(t, kind, key, name);

	pthread_mutex_lock(&t->lock);
	for (int i = 0; i < WAYS; i++)
		if (!memcmp(set[i].name, name, NAME_BYTES))
			set[i].fails = 0;
	pthread_mutex_unlock(&t->lock);
}
