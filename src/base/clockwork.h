/*
 * The present moment and its machine form. Everything stored is milliseconds since 1970-01-01T00:00:00Z in an int64;
 * how a person reads it is text/date.h, how a legal limit counts is office/clock.h.
 */
#ifndef SULH_BASE_CLOCKWORK_H
#define SULH_BASE_CLOCKWORK_H

#include "base/err.h"

#include <stdint.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

int64_t now_ms(void);       /* wall clock; tests move it with SULH_NOW_OFFSET_MS in the environment */
int64_t monotonic_us(void); /* for durations */

#define RFC3339_TEXT 25
void rfc3339_format(char out[RFC3339_TEXT], int64_t ms); /* 2026-11-23T09:30:00.123Z */
enum err rfc3339_parse(const char *text, int64_t *ret_ms) MUST_CHECK;

#endif
