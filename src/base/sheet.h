/*
 * Rows of text cells as comma-separated values (RFC 4180), for spreadsheets, both ways.
 *
 * What goes out: UTF-8 with a byte order mark, CRLF, every cell that a spreadsheet would take for a formula (= + - @,
 * tab, carriage return in front) with an apostrophe before it. What comes in: with or without the mark, comma or
 * semicolon (spreadsheets in many countries write that), any line end, and that apostrophe taken off again.
 *
 *     e = sheet_begin(&out);                     static const char *const head[] = { "key", "name" };
 *     e = sheet_row(&out, head, 2);
 *     e = sheet_parse(arena, text, len, &rows, &n, fault);
 */
#ifndef SULH_BASE_SHEET_H
#define SULH_BASE_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define SHEET_ROWS_MAX 20000
#define SHEET_CELLS_MAX 64

struct sheet_row {
	size_t line; /* from 1: where it begins in the text */
	const char *const *cell;
	size_t cells;
};

enum err sheet_begin(struct buf *) MUST_CHECK;
enum err sheet_row(struct buf *, const char *const *cell, size_t n) MUST_CHECK; /* NULL is an empty cell */

/* Every row that holds something, in the arena. ERR_INVALID with the line in the fault's field ("line 3") for a
 * quotation mark that never ends or bytes of zero, ERR_TOO_LARGE past the limits. */
enum err sheet_parse(struct arena *, const char *text, size_t len, const struct sheet_row **ret_rows, size_t *ret_count,
    struct fault *) MUST_CHECK;

#endif
