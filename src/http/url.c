/* Request targets: paths decoded once and strictly, queries and urlencoded bodies, and back. */
#include "http/internal.h"

#include "base/id.h"
#include "base/util.h"

#include <string.h>

void pairs_add(struct arena *arena, struct pairs *pairs, const char *name, const char *value)
{
	struct pair *pair = arena_alloc(arena, sizeof *pair);

	pair->name = name;
	pair->value = value;
	if (pairs->last)
		pairs->last->next = pair;
	else
		pairs->first = pair;
	pairs->last = pair;
	pairs->n++;
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	for (const struct pair *p = pairs->first; p; p = p->next)
		if (!strcmp(p->name, name))
			return p->value;
	return NULL;
}

/* The byte that %XY stands for, or -1. */
static int escaped_byte(const char *at, const char *end)
{
	if (end - at < 3)
		return -1;
	int high = hex_digit(at[1]), low = hex_digit(at[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool segments_plain(const char *path)
{
	for (const char *segment = path + 1;;) {
		size_t n = strcspn(segment, "/");
		bool last = !segment[n];
		if (!n && !last)
			return false;
		if ((n == 1 && segment[0] == '.') || (n == 2 && !strncmp(segment, "..", 2)))
			return false;
		if (last)
			return true;
		segment += n + 1;
	}
}

enum err path_decode(struct arena *arena, const char *raw, size_t len, const char **ret_path)
{
	const char *end = raw + len;
	char *path, *out;

	if (!len || len > PATH_BYTES_MAX || raw[0] != '/')
		return ERR_INVALID;
	out = path = arena_alloc(arena, len + 1);
	for (const char *at = raw; at < end; at++) {
		int c = (unsigned char)*at;
		if (c == '%') {
			c = escaped_byte(at, end);
			/* A proxy in front may have read %2F as a slash, and %252F as %2F: we serve neither reading. */
			if (c < 0 || c == '/' || c == '%')
				return ERR_INVALID;
			at += 2;
		}
		if (c < 0x20 || c == 0x7f || c == '\\')
			return ERR_INVALID;
		*out++ = (char)c;
	}
	if (!utf8_valid(path, (size_t)(out - path)) || !segments_plain(path))
		return ERR_INVALID;
	*ret_path = path;
	return OK;
}

/* One name or value; NULL when it is not text. */
static char *field_decode(struct arena *arena, const char *at, const char *end)
{
	char *text = arena_alloc(arena, (size_t)(end - at) + 1), *out = text;

	for (; at < end; at++) {
		int c = (unsigned char)*at;
		if (c == '+')
			c = ' ';
		else if (c == '%') {
			int byte = escaped_byte(at, end);
			if (byte >= 0) {
				c = byte;
				at += 2;
			}
		}
		if (!c)
			return NULL;
		*out++ = (char)c;
	}
	return utf8_valid(text, (size_t)(out - text)) ? text : NULL;
}

enum err urlencoded_parse(
    struct arena *arena, const char *raw, size_t len, size_t max, struct pairs *ret_pairs, struct fault *fault)
{
	const char *end = raw + len;
	struct pairs pairs = { 0 };

	for (const char *at = raw; at < end;) {
		const char *stop = memchr(at, '&', (size_t)(end - at));
		if (!stop)
			stop = end;
		if (stop > at) {
			const char *equals = memchr(at, '=', (size_t)(stop - at));
			const char *name = field_decode(arena, at, equals ? equals : stop);
			const char *value = equals ? field_decode(arena, equals + 1, stop) : "";
			if (!name || !value)
				return fault_set(fault, ERR_INVALID, NULL, N_("The text must be valid UTF-8."), NULL);
			if (pairs.n == max)
				return fault_set(fault, ERR_TOO_LARGE, NULL, N_("There are too many fields."), NULL);
			pairs_add(arena, &pairs, name, value);
		}
		at = stop + 1;
	}
	*ret_pairs = pairs;
	return OK;
}

enum err percent_encode(struct buf *out, const char *text, const char *keep)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
		enum err err;
		if (plain || strchr("-._~", *c) || strchr(keep, *c))
			err = buf_putc(out, (char)*c);
		else
			err = buf_add(out, (char[]) { '%', hex[*c >> 4], hex[*c & 15] }, 3);
		if (err)
			return err;
	}
	return OK;
}

const char *local_path(const char *path)
{
	if (!path || path[0] != '/' || path[1] == '/' || path[1] == '\\')
		return "/";
	for (const char *c = path; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == '\\' || *c == 0x7f)
			return "/";
	return path;
}
