/* Random bytes from the kernel and the text forms of identifiers and digests. */
#include "base/id.h"

#include "base/clockwork.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void random_bytes(void *out, size_t len)
{
	unsigned char *at = out;

	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			abort(); /* a program that makes keys must not go on without randomness */
		at += n;
		len -= (size_t)n;
	}
}

/*
 * Within one millisecond the 12 bits after the version count up from a random start (RFC 9562 section 6.2, method 1),
 * so that identifiers made by one process sort in the order in which they were made.
 */
static uint16_t sequence(int64_t *unix_ms)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static int64_t last_ms = INT64_MIN;
	static uint16_t last;
	uint16_t now;

	pthread_mutex_lock(&lock);
	if (*unix_ms != last_ms) {
		last_ms = *unix_ms;
		random_bytes(&last, sizeof(last));
		last &= 0x7ff; /* leaves at least half of the range to count */
	} else {
		last = (last + 1) & 0xfff;
	}
	now = last;
	pthread_mutex_unlock(&lock);
	return now;
}

void uuid7(char out[UUID_TEXT], int64_t unix_ms)
{
	uint16_t counter = sequence(&unix_ms);
	uint8_t bytes[16];
	char hex[33];

	random_bytes(bytes + 8, 8);
	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)((uint64_t)unix_ms >> (40 - 8 * i));
	bytes[6] = (uint8_t)(0x70 | counter >> 8);
	bytes[7] = (uint8_t)counter;
	bytes[8] = (bytes[8] & 0x3f) | 0x80; /* the variant of RFC 9562 */
	hex_encode(hex, bytes, sizeof(bytes));
	for (int i = 0, at = 0; i < 32; i++) {
		if (i == 8 || i == 12 || i == 16 || i == 20)
			out[at++] = '-';
		out[at++] = hex[i];
	}
	out[UUID_TEXT - 1] = '\0';
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool uuid_valid(const char *text)
{
	for (int i = 0; i < UUID_TEXT - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : hex_digit(text[i]) < 0 || (text[i] >= 'A' && text[i] <= 'F'))
			return false;
	}
	return text[UUID_TEXT - 1] == '\0' && text[14] >= '1' && text[14] <= '8' && strchr("89ab", text[19]);
}

static const char crockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void code_from_bytes(char out[CODE_TEXT], const uint8_t bytes[10])
{
	int at = 0;

	for (int i = 0; i < 16; i++) {
		int bit = i * 5, byte = bit / 8, shift = 11 - bit % 8;
		unsigned pair = (unsigned)bytes[byte] << 8 | (byte < 9 ? bytes[byte + 1] : 0);

		if (i && i % 4 == 0)
			out[at++] = '-';
		out[at++] = crockford[pair >> shift & 31];
	}
	out[at] = '\0';
}

bool code_normalise(char out[CODE_TEXT], const char *typed)
{
	char text[CODE_TEXT];
	int digits = 0, at = 0;

	for (; *typed; typed++) {
		char c = *typed;

		if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (!strchr(crockford, c) || digits == 16)
			return false;
		if (digits && digits % 4 == 0)
			text[at++] = '-';
		text[at++] = c;
		digits++;
	}
	if (digits != 16)
		return false;
	text[at] = '\0';
	memcpy(out, text, sizeof(text));
	return true;
}

void hex_encode(char *out, const void *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *in = data;

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[in[i] >> 4];
		out[2 * i + 1] = digits[in[i] & 15];
	}
	out[2 * len] = '\0';
}

bool hex_decode(void *out, size_t len, const char *hex)
{
	uint8_t *to = out;

	if (strnlen(hex, 2 * len + 1) != 2 * len)
		return false;
	for (size_t i = 0; i < 2 * len; i++)
		if (hex_digit(hex[i]) < 0)
			return false;
	for (size_t i = 0; i < len; i++)
		to[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return true;
}

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

size_t base64url_size(size_t len)
{
	return len / 3 * 4 + (len % 3 ? len % 3 + 1 : 0) + 1;
}

void base64url_encode(char *out, const void *data, size_t len)
{
	const uint8_t *in = data;
	uint32_t bits = 0;
	int held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		for (held += 8; held >= 6; held -= 6)
			*out++ = base64url[bits >> (held - 6) & 63];
	}
	if (held)
		*out++ = base64url[bits << (6 - held) & 63];
	*out = '\0';
}

static int base64url_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '-' ? 62 : c == '_' ? 63 : -1;
}

/* Stray bits in the last digit would give one value many texts, and a signature over the text many forms. */
enum err base64url_decode(const char *text, size_t text_len, void *out, size_t room, size_t *ret_len)
{
	uint8_t *to = out;
	size_t len = text_len / 4 * 3 + (text_len % 4 ? text_len % 4 - 1 : 0), at = 0;
	uint32_t bits = 0;
	int held = 0;

	if (text_len % 4 == 1)
		return ERR_INVALID;
	if (len > room)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < text_len; i++) {
		int digit = base64url_digit(text[i]);

		if (digit < 0)
			return ERR_INVALID;
		bits = bits << 6 | (uint32_t)digit;
		held += 6;
		if (held >= 8) {
			held -= 8;
			to[at++] = (uint8_t)(bits >> held);
		}
	}
	if (bits & ((1u << held) - 1))
		return ERR_INVALID;
	*ret_len = at;
	return OK;
}
