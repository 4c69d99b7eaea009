/*
 * Identifiers and random text. UUIDv7 (RFC 9562) for messages and threads, Crockford base32 for codes that people copy
 * from paper (no I, L, O, U), hex and base64url for digests.
 */
#ifndef SULH_BASE_ID_H
#define SULH_BASE_ID_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_TEXT 37

void random_bytes(void *out, size_t len);
void uuid7(char out[UUID_TEXT], int64_t unix_ms);
bool uuid_valid(const char *text); /* lower-case canonical form, any version */

#define CODE_TEXT 20 /* "XXXX-XXXX-XXXX-XXXX": 80 bits, with terminator */
void code_from_bytes(char out[CODE_TEXT], const uint8_t bytes[10]);
/* Reads a code as people type it (small letters, spaces, O for 0, I and L for 1). False when it cannot be one. */
bool code_normalise(char out[CODE_TEXT], const char *typed);

int hex_digit(char); /* 0 to 15, of either case; -1 for anything else */
void hex_encode(char *out /* 2*len+1 */, const void *data, size_t len);
bool hex_decode(void *out, size_t len, const char *hex); /* exactly 2*len digits */
size_t base64url_size(size_t len);                       /* with terminator, no padding */
void base64url_encode(char *out, const void *data, size_t len);
/* Strict: no padding, no other alphabet, no stray bits. ERR_INVALID or ERR_TOO_LARGE (over `room`). */
enum err base64url_decode(const char *text, size_t text_len, void *out, size_t room, size_t *ret_len) MUST_CHECK;

#endif
