/* Builds a .mo file in memory from pairs of key and translation that are sorted by key, for tests of the reader. */
#ifndef SULH_TESTS_MO_H
#define SULH_TESTS_MO_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

struct mo_pair {
	const char *key, *text;
	size_t key_len, text_len; /* given where zero bytes part plural forms, else 0 */
};

static inline void mo_u32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

static inline size_t mo_put(unsigned char *out, size_t room, size_t at, unsigned char *pair, const char *s, size_t len)
{
	if (len == 0)
		len = strlen(s);
	assert(at + len + 1 <= room);
	mo_u32(pair, (uint32_t)len);
	mo_u32(pair + 4, (uint32_t)at);
	memcpy(out + at, s, len);
	out[at + len] = '\0';
	return at + len + 1;
}

/* Returns the bytes used of `out`. */
static inline size_t mo_build(unsigned char *out, size_t room, const struct mo_pair *pairs, size_t n)
{
	size_t at = 28 + 16 * n;

	assert(at <= room);
	memset(out, 0, 28);
	mo_u32(out, 0x950412de);
	mo_u32(out + 8, (uint32_t)n);
	mo_u32(out + 12, 28);
	mo_u32(out + 16, (uint32_t)(28 + 8 * n));
	for (size_t i = 0; i < n; i++)
		at = mo_put(out, room, at, out + 28 + 8 * i, pairs[i].key, pairs[i].key_len);
	for (size_t i = 0; i < n; i++)
		at = mo_put(out, room, at, out + 28 + 8 * (n + i), pairs[i].text, pairs[i].text_len);
	return at;
}

#endif
