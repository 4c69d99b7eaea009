/* Statements prepared on one connection: a chained hash over a fixed table, the longest unused goes first. */
#include "db/engine.h"

#include <string.h>

static int *head_of(struct cache *c, const struct db_sql *sql, uint64_t types)
{
	uint64_t h = ((uintptr_t)sql >> 4) ^ types;
	h *= UINT64_C(0x9e3779b97f4a7c15); /* Fibonacci hashing: neighbours in memory go apart */
	return &c->head[(h >> 32) & (CACHE_HEADS - 1)];
}

void cache_init(struct cache *c)
{
	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < CACHE_HEADS; i++)
		c->head[i] = -1;
}

struct cached *cache_find(struct cache *c, const struct db_sql *sql, uint64_t types)
{
	for (int i = *head_of(c, sql, types); i >= 0; i = c->entry[i].next) {
		struct cached *e = &c->entry[i];
		if (e->sql == sql && e->types == types) {
			e->used = ++c->clock;
			return e;
		}
	}
	return NULL;
}

void cache_drop(struct cache *c, struct cached *e)
{
	int *link = head_of(c, e->sql, e->types);
	while (*link != e - c->entry)
		link = &c->entry[*link].next;
	*link = e->next;
	memset(e, 0, sizeof(*e));
}

/* A free slot, else the longest unused one that nobody reads from. */
static struct cached *victim(struct cache *c)
{
	struct cached *oldest = NULL;
	for (int i = 0; i < CACHE_SIZE; i++) {
		struct cached *e = &c->entry[i];
		if (!e->sql)
			return e;
		if (!e->busy && (!oldest || e->used < oldest->used))
			oldest = e;
	}
	return oldest;
}

struct cached *cache_claim(struct cache *c, const struct db_sql *sql, uint64_t types, void **ret_old)
{
	struct cached *e = victim(c);
	if (!e)
		return NULL;
	*ret_old = e->handle;
	if (e->sql)
		cache_drop(c, e);
	int *head = head_of(c, sql, types);
	*e = (struct cached) { .sql = sql, .types = types, .used = ++c->clock, .next = *head };
	*head = (int)(e - c->entry);
	return e;
}
