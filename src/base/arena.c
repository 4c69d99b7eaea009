/* Blocks in a list, bump allocation in the newest; things to be undone stand in a list of their own. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_DEFAULT ((size_t)64 << 20)
#define BLOCK_SIZE ((size_t)8192)
#define ALIGNMENT alignof(max_align_t)

struct block {
	struct block *next; /* older */
	size_t used, room;
	alignas(max_align_t) unsigned char data[];
};

struct deferred {
	struct deferred *next; /* older */
	void (*done)(void *arg);
	void *arg;
};

struct arena {
	struct block *newest;
	struct deferred *deferred; /* lives in the arena itself */
	size_t taken, limit;       /* bytes of all blocks; most they may be */
};

static void out_of_memory(const char *what, size_t size)
{
	fprintf(stderr, "sulh: %s (%zu bytes asked for)\n", what, size);
	abort();
}

static void block_add(struct arena *a, size_t room)
{
	struct block *b;

	if (room > a->limit || a->taken > a->limit - room)
		out_of_memory("memory limit of one request passed", room);
	b = malloc(sizeof(*b) + room);
	if (!b)
		out_of_memory("out of memory", room);
	b->used = 0;
	b->room = room;
	b->next = a->newest;
	a->newest = b;
	a->taken += room;
}

struct arena *arena_new(size_t limit)
{
	struct arena *a = calloc(1, sizeof(*a));

	if (!a)
		out_of_memory("out of memory", sizeof(*a));
	a->limit = limit ? limit : LIMIT_DEFAULT;
	return a;
}

static void run_deferred(struct arena *a)
{
	while (a->deferred) {
		struct deferred *d = a->deferred;

		a->deferred = d->next;
		d->done(d->arg);
	}
}

void arena_reset(struct arena *a)
{
	run_deferred(a);
	while (a->newest && a->newest->next) {
		struct block *b = a->newest;

		a->newest = b->next;
		a->taken -= b->room;
		free(b);
	}
	if (a->newest)
		a->newest->used = 0;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	arena_reset(a);
	free(a->newest);
	free(a);
}

/* Bytes that are not yet zeroed. A large piece gets a block of its own size. */
static void *raw(struct arena *a, size_t size)
{
	void *p;

	if (size > a->limit)
		out_of_memory("memory limit of one request passed", size);
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (!a->newest || a->newest->room - a->newest->used < size) {
		size_t left = a->limit - a->taken;
		size_t room = BLOCK_SIZE < left ? BLOCK_SIZE : left;

		block_add(a, size > room ? size : room);
	}
	p = a->newest->data + a->newest->used;
	a->newest->used += size;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(raw(a, size), 0, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len;
	char *copy;

	if (!s)
		return NULL;
	len = strnlen(s, n);
	copy = raw(a, len + 1);
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, SIZE_MAX - 1);
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	assert(fmt); /* also tells gcc's sanitizers that it is never NULL */
	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		out_of_memory("text that cannot be formatted", 0);
	text = raw(a, (size_t)len + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, args);
	va_end(args);
	return text;
}

void arena_defer(struct arena *a, void (*done)(void *arg), void *arg)
{
	struct deferred *d = arena_alloc(a, sizeof(*d));

	d->done = done;
	d->arg = arg;
	d->next = a->deferred;
	a->deferred = d;
}
