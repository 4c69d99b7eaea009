/*
 * An arena: memory that lives as long as one request (or one command) and is freed at once.
 *
 *     struct arena *a = arena_new(0);
 *     char *s = arena_printf(a, "%s-%lld", prefix, n);
 *     arena_free(a);
 *
 * Running out of memory or past the limit ends the process: with a limit at birth it cannot happen through input.
 */
#ifndef SULH_BASE_ARENA_H
#define SULH_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_new(size_t limit); /* bytes in all; 0 = 64 MiB */
void arena_free(struct arena *);
void arena_reset(struct arena *);                  /* empties it, keeps the first block */
void *arena_alloc(struct arena *, size_t size);    /* zeroed, aligned for any type */
char *arena_strdup(struct arena *, const char *s); /* NULL stays NULL */
char *arena_strndup(struct arena *, const char *s, size_t n);
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Runs `done(arg)` when the arena is freed or reset, newest first: for json_t and other counted things. */
void arena_defer(struct arena *, void (*done)(void *arg), void *arg);

#endif
