/* Comma-separated values, written and read. */
#include "base/sheet.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MARK "\xef\xbb\xbf"

static bool looks_like_formula(char c)
{
	return c && strchr("=+-@\t\r", c);
}

enum err sheet_begin(struct buf *out)
{
	return buf_puts(out, MARK);
}

static enum err write_cell(struct buf *out, const char *text)
{
	bool quoted = text[strcspn(text, "\",;\r\n")] != '\0' || looks_like_formula(*text) || *text == ' ';
	enum err e = OK;

	if (quoted)
		e = buf_putc(out, '"');
	if (!e && looks_like_formula(*text))
		e = buf_putc(out, '\'');
	for (; !e && *text; text++) {
		if (*text == '"')
			e = buf_putc(out, '"');
		if (!e)
			e = buf_putc(out, *text);
	}
	return !e && quoted ? buf_putc(out, '"') : e;
}

enum err sheet_row(struct buf *out, const char *const *cell, size_t n)
{
	enum err e = OK;

	for (size_t i = 0; !e && i < n; i++) {
		if (i > 0)
			e = buf_putc(out, ',');
		if (!e)
			e = write_cell(out, cell[i] ? cell[i] : "");
	}
	return e ? e : buf_puts(out, "\r\n");
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

struct reading {
	struct arena *arena;
	const char *at, *end;
	char *out; /* the cells one after the other: never more than what was read */
	char separator;
	size_t line;
	const char *cell[SHEET_CELLS_MAX];
	size_t cells;
};

static enum err at_line(struct fault *fault, enum err e, size_t line, const char *key)
{
	char where[32];

	snprintf(where, sizeof(where), "line %zu", line);
	return fault_set(fault, e, where, key, NULL);
}

/* The one of the two that stands more often in the first line, outside quotation marks. */
static char separator_of(const char *text, const char *end)
{
	size_t commas = 0, semicolons = 0;
	bool quoted = false;

	for (; text < end && (quoted || (*text != '\n' && *text != '\r')); text++) {
		if (*text == '"')
			quoted = !quoted;
		commas += !quoted && *text == ',';
		semicolons += !quoted && *text == ';';
	}
	return semicolons > commas ? ';' : ',';
}

static bool ends_cell(const struct reading *r, char c)
{
	return c == r->separator || c == '\n' || c == '\r';
}

static const char *finish(char *cell)
{
	return cell[0] == '\'' && looks_like_formula(cell[1]) ? cell + 1 : cell;
}

/* What follows a closing quotation mark before the separator belongs to the cell as it stands. */
static enum err read_cell(struct reading *r, struct fault *fault)
{
	size_t begun = r->line, n = 0;
	bool quoted = r->at < r->end && *r->at == '"', open = quoted;
	char *cell = r->out;

	if (r->cells == SHEET_CELLS_MAX)
		return at_line(fault, ERR_TOO_LARGE, r->line, N_("A row of this file has too many cells."));
	if (quoted)
		r->at++;
	for (; r->at < r->end && (open || !ends_cell(r, *r->at)); r->at++) {
		if (*r->at == '\0')
			return at_line(fault, ERR_INVALID, r->line, N_("This file is no text."));
		if (open && *r->at == '"') {
			open = r->at + 1 < r->end && r->at[1] == '"';
			if (!open)
				continue;
			r->at++;
		}
		r->line += *r->at == '\n';
		cell[n++] = *r->at;
	}
	if (open)
		return at_line(fault, ERR_INVALID, begun, N_("A quotation mark that opens a cell never closes."));
	cell[n] = '\0'; /* in the place of the separator or a quotation mark */
	r->out = cell + n + 1;
	r->cell[r->cells++] = finish(cell);
	return OK;
}

static enum err read_row(struct reading *r, struct fault *fault)
{
	enum err e;

	r->cells = 0;
	while (!(e = read_cell(r, fault)) && r->at < r->end && *r->at == r->separator)
		r->at++;
	if (!e && r->at < r->end && *r->at == '\r')
		r->at++;
	if (!e && r->at < r->end && *r->at == '\n') {
		r->at++;
		r->line++;
	}
	return e;
}

static bool is_empty(const struct reading *r)
{
	for (size_t i = 0; i < r->cells; i++)
		if (*r->cell[i])
			return false;
	return true;
}

static struct sheet_row keep(struct reading *r, size_t line)
{
	const char **cell = arena_alloc(r->arena, (r->cells + 1) * sizeof(*cell));

	memcpy(cell, r->cell, r->cells * sizeof(*cell));
	return (struct sheet_row) { line, cell, r->cells };
}

enum err sheet_parse(struct arena *arena, const char *text, size_t len, const struct sheet_row **ret_rows,
    size_t *ret_count, struct fault *fault)
{
	struct reading r = {
		.arena = arena, .at = text, .end = text + len, .out = arena_alloc(arena, len + 2), .line = 1
	};
	struct sheet_row *rows = NULL;
	size_t n = 0;

	if (len >= 3 && !memcmp(text, MARK, 3))
		r.at += 3;
	r.separator = separator_of(r.at, r.end);
	while (r.at < r.end) {
		size_t line = r.line;
		enum err e = read_row(&r, fault);

		if (e)
			return e;
		if (is_empty(&r))
			continue;
		if (n == SHEET_ROWS_MAX)
			return at_line(fault, ERR_TOO_LARGE, line, N_("This file has too many rows."));
		if ((n & (n - 1)) == 0) {
			struct sheet_row *more = arena_alloc(arena, (n ? 2 * n : 1) * sizeof(*more));

			if (n)
				memcpy(more, rows, n * sizeof(*more));
			rows = more;
		}
		rows[n++] = keep(&r, line);
	}
	*ret_rows = rows;
	*ret_count = n;
	return OK;
}
