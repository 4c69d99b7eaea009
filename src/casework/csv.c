/* Writes comma-separated values that no spreadsheet can take for formulas. */
#include "casework/csv.h"

#include <string.h>

enum err csv_begin(struct buf *out)
{
	return buf_puts(out, "\xEF\xBB\xBF");
}

/* Spreadsheets pass over white space and our own quotation mark before they look for a formula, and some read the
 * full-width forms of the signs as the signs. */
static bool looks_like_a_formula(const char *text)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	if (*text == '\t' || *text == '\r' || *text == '\n')
		return true;
	text += strspn(text, " \"");
	if (*text && strchr("=+-@\t\r\n", *text))
		return true;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (!strncmp(text, wide[i], strlen(wide[i])))
			return true;
	return false;
}

static enum err quoted(struct buf *out, const char *text)
{
	enum err e = buf_putc(out, '"');
	for (; !e && *text; text++) {
		if (*text == '"')
			e = buf_putc(out, '"');
		if (!e)
			e = buf_putc(out, *text);
	}
	return e ? e : buf_putc(out, '"');
}

enum err csv_cell(struct buf *out, const char *text, bool first)
{
	enum err e = first ? OK : buf_putc(out, ',');
	if (e || !text || !*text)
		return e;
	bool formula = looks_like_a_formula(text);
	if (!formula && !strpbrk(text, ",\"\r\n"))
		return buf_puts(out, text);
	struct buf cell = BUF_INIT(out->limit);
	e = formula ? buf_putc(&cell, '\'') : OK;
	if (!e)
		e = buf_puts(&cell, text);
	if (!e)
		e = quoted(out, cell.data);
	buf_done(&cell);
	return e;
}

enum err csv_end_row(struct buf *out)
{
	return buf_puts(out, "\r\n");
}
