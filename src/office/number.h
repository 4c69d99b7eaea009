/*
 * Case numbers by the office's pattern: "WMS-{year}-{seq:6}" makes WMS-2026-000123. A number goes into addresses, file
 * names and bar codes, so a pattern holds only capital letters, digits, '-' and '.'; it names year and sequence exactly
 * once each, so that a sequence beginning anew each year never makes the same number twice.
 */
#ifndef SULH_OFFICE_NUMBER_H
#define SULH_OFFICE_NUMBER_H

#include "base/err.h"

#include <stdint.h>

#define NUMBER_TEXT 48      /* longest number with its terminator */
#define NUMBER_WIDTH_MAX 12 /* {seq:12} */

enum err number_check(const char *pattern, struct fault *) MUST_CHECK;
/* Year 1..9999, seq from 1. A sequence longer than its width is written whole. The pattern was checked. */
enum err number_format(const char *pattern, int year, int64_t seq, char out[NUMBER_TEXT]) MUST_CHECK;
/* May this number be given by hand, when `last` is the latest of its year? This year's must be the next one or one that
 * came before (whether it is free, the caller knows): a number further on would leave a gap. Of earlier years, kept on
 * paper, any. */
enum err number_may_be_given(
    const char *pattern, int year, int64_t seq, int this_year, int64_t last, struct fault *) MUST_CHECK;
/* Reads a number as people type it: small letters, spaces around, leading zeros missing. ERR_INVALID for anything else.
 */
enum err number_parse(const char *pattern, const char *typed, int *ret_year, int64_t *ret_seq) MUST_CHECK;

#endif
