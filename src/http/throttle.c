/* Slows guessing: a table of fixed size that remembers who failed how often, by keyed hash, never by name. */
#include "http/http.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "crypto/crypto.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETS 4096
#define WAYS 4
#define NAME_BYTES 16
#define SHARED_BURST 20 /* times what one name may fail: a whole town may sit behind the address of its carrier */
#define SHARED_WAIT_MS MINUTE_MS

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

/* What a key may do: a name belongs to one person, an address to anybody. */
struct limit {
	int burst;
	int64_t most;
};

static struct limit limit_of(const struct throttle *t, bool shared)
{
	return shared ? (struct limit) { t->burst * SHARED_BURST, SHARED_WAIT_MS }
		      : (struct limit) { t->burst, HOUR_MS };
}

static int64_t penalty(const struct throttle *t, struct limit limit, int fails)
{
	int64_t wait = t->every;

	if (fails < limit.burst)
		return 0;
	for (int i = limit.burst; i < fails && wait < limit.most; i++)
		wait *= 2;
	return wait < limit.most ? wait : limit.most;
}

static enum err ask(
    struct throttle *t, struct limit limit, const char *kind, const char *key, int64_t now, struct fault *fault)
{
	uint8_t name[NAME_BYTES];
	struct entry *set = set_of(t, kind, key, name);
	int64_t wait = 0;

	pthread_mutex_lock(&t->lock);
	struct entry *entry = find(set, name, now);
	/* A longer wait than the longest was set by a clock that has been put back since. */
	if (entry && now < entry->next && entry->next - now <= limit.most)
		wait = entry->next - now;
	else if (entry)
		entry->next = now + penalty(t, limit, entry->fails); /* one try, not as many as fit beside each other */
	pthread_mutex_unlock(&t->lock);
	if (!wait)
		return OK;
	char seconds[24];
	snprintf(seconds, sizeof seconds, "%lld", (long long)((wait + SECOND_MS - 1) / SECOND_MS));
	return fault_set(fault, ERR_THROTTLED, NULL, N_("Too many tries. Wait {seconds} seconds and try again."),
	    "seconds", seconds, NULL);
}

static void fail(struct throttle *t, struct limit limit, const char *kind, const char *key, int64_t now)
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
	entry->next = now + penalty(t, limit, entry->fails);
	pthread_mutex_unlock(&t->lock);
}

enum err throttle_ask(struct throttle *t, const char *kind, const char *key, int64_t now, struct fault *fault)
{
	return ask(t, limit_of(t, false), kind, key, now, fault);
}

void throttle_fail(struct throttle *t, const char *kind, const char *key, int64_t now)
{
	fail(t, limit_of(t, false), kind, key, now);
}

/* One household or rented machine has 2^64 addresses of IPv6 to write from (RFC 6177): they count as one. */
const char *throttle_network(const char *ip, char out[NETWORK_TEXT])
{
	struct in6_addr v6;

	if (inet_pton(AF_INET6, ip, &v6) != 1)
		return ip;
	memset(&v6.s6_addr[8], 0, 8);
	return inet_ntop(AF_INET6, &v6, out, NETWORK_TEXT);
}

enum err throttle_ask_address(struct throttle *t, const char *kind, const char *ip, int64_t now, struct fault *fault)
{
	char network[NETWORK_TEXT];

	return ask(t, limit_of(t, true), kind, throttle_network(ip, network), now, fault);
}

void throttle_fail_address(struct throttle *t, const char *kind, const char *ip, int64_t now)
{
	char network[NETWORK_TEXT];

	fail(t, limit_of(t, true), kind, throttle_network(ip, network), now);
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
