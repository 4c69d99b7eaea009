/* Growth by doubling up to the limit; the terminator is kept outside the limit. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

void buf_done(struct buf *b)
{
	free(b->data);
	b->data = NULL;
	b->len = b->room = 0;
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

/* Makes place for `more` bytes and the terminator. */
static enum err reserve(struct buf *b, size_t more)
{
	size_t need, room = b->room ? b->room : FIRST_ROOM;
	char *data;

	if (more > b->limit || b->len > b->limit - more)
		return ERR_TOO_LARGE;
	need = b->len + more + 1;
	if (need <= b->room)
		return OK;
	while (room < need)
		room = room <= SIZE_MAX / 2 ? room * 2 : need;
	if (room - 1 > b->limit)
		room = b->limit + 1;
	data = realloc(b->data, room);
	if (!data)
		return ERR_MEMORY;
	b->data = data;
	b->room = room;
	return OK;
}

enum err buf_add(struct buf *b, const void *data, size_t len)
{
	enum err e = reserve(b, len);

	if (e)
		return e;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return OK;
}

enum err buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

enum err buf_putc(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

enum err buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	enum err e;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		return ERR_INTERNAL;
	e = reserve(b, (size_t)len);
	if (e)
		return e;
	va_start(args, fmt);
	vsnprintf(b->data + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
	return OK;
}

char *buf_take(struct buf *b)
{
	char *data = b->data;

	if (!data) {
		data = calloc(1, 1);
		if (!data)
			abort();
	}
	b->data = NULL;
	b->len = b->room = 0;
	return data;
}
