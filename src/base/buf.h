/*
 * A growing byte buffer with a limit given at birth. Always zero-terminated after `len`.
 *
 *     struct buf b = BUF_INIT(4096);
 *     buf_printf(&b, "%d", n);
 *     ...
 *     buf_done(&b);
 */
#ifndef SULH_BASE_BUF_H
#define SULH_BASE_BUF_H

#include "base/err.h"

#include <stddef.h>

struct buf {
	char *data;   /* owned; NULL while empty */
	size_t len;   /* bytes in use, without the terminator */
	size_t room;  /* bytes allocated */
	size_t limit; /* most bytes it may ever hold */
};

#define BUF_INIT(limit_)                                                                                               \
	{                                                                                                              \
		NULL, 0, 0, (limit_)                                                                                   \
	}

void buf_done(struct buf *);
void buf_reset(struct buf *);                                            /* len = 0, memory kept */
enum err buf_add(struct buf *, const void *data, size_t len) MUST_CHECK; /* ERR_TOO_LARGE past the limit */
enum err buf_puts(struct buf *, const char *s) MUST_CHECK;
enum err buf_putc(struct buf *, char c) MUST_CHECK;
enum err buf_printf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3))) MUST_CHECK;
char *buf_take(struct buf *); /* hands the memory over (free() it); never NULL */

#endif
