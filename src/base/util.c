/* Copying and measuring UTF-8 text. */
#include "base/util.h"

#include <stdlib.h>
#include <string.h>

void free_ptr(void *pointer_to_pointer)
{
	void *p;

	memcpy(&p, pointer_to_pointer, sizeof(p));
	free(p);
}

bool copy_text(char *out, size_t room, const char *in)
{
	size_t len = strlen(in);
	bool whole = len < room;

	if (room == 0)
		return false;
	if (!whole) {
		len = room - 1;
		while (len > 0 && ((unsigned char)in[len] & 0xc0) == 0x80)
			len--;
	}
	memmove(out, in, len);
	out[len] = '\0';
	return whole;
}

/*
 * Length of the well-formed sequence at `s` (Unicode 15, table 3-7), 0 when there is none: overlong forms, surrogates
 * and values past U+10FFFF are ill-formed.
 */
static size_t sequence(const unsigned char *s, size_t len)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t size;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		size = 2;
	} else if (s[0] >= 0xe0 && s[0] <= 0xef) {
		size = 3;
		low = s[0] == 0xe0 ? 0xa0 : 0x80;
		high = s[0] == 0xed ? 0x9f : 0xbf;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		size = 4;
		low = s[0] == 0xf0 ? 0x90 : 0x80;
		high = s[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	if (size > len || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return size;
}

bool utf8_valid(const char *s, size_t len)
{
	const unsigned char *at = (const unsigned char *)s;

	while (len > 0) {
		size_t step = sequence(at, len);

		if (step == 0)
			return false;
		at += step;
		len -= step;
	}
	return true;
}

size_t utf8_length(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}
