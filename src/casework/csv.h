/*
 * Comma-separated values for spreadsheets, by RFC 4180: a byte order mark so that every program reads UTF-8, CRLF,
 * cells in quotes where needed. A cell that begins with = + - @, a tab or a carriage return would be taken for a
 * formula: it gets an apostrophe in front (trap 15).
 *
 *     csv_begin(&out);
 *     csv_cell(&out, "AZ-2026-7", true);   csv_cell(&out, "=1+1", false);   csv_end_row(&out);
 */
#ifndef SULH_CASEWORK_CSV_H
#define SULH_CASEWORK_CSV_H

#include "base/buf.h"

#include <stdbool.h>

enum err csv_begin(struct buf *) MUST_CHECK;
enum err csv_cell(struct buf *, const char *text, bool first) MUST_CHECK; /* NULL is an empty cell */
enum err csv_end_row(struct buf *) MUST_CHECK;

#endif
