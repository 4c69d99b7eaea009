/* A file of a code list held against the list: what would be new, what changes, and every bad row. */
#include "base/sheet.h"
#include "base/util.h"
#include "office/calendar.h"
#include "office/code_columns.h"
#include "office/code_sheet.h"
#include "office/json_lines.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_LIMIT (1024 * 1024)
#define SERIAL_OF_NEW (INT64_MAX / 2) /* later than whatever is there */

/* One row of the file; NULL: the file does not say. */
struct code_row {
	size_t line;
	const char *cell[CODE_COLUMNS];
};

struct importing {
	struct arena *arena;
	const struct code_import *in;
	struct code_row *row;
	size_t rows;
	struct code_entry *version;
	size_t *version_line;
	struct code_import_fault *fault;
	struct code_plan plan;
};

static void bad(
    struct importing *im, size_t line, const char *column, const char *key, const char *name, const char *value)
{
	struct code_import_fault *f = &im->fault[im->plan.faults];
	if (im->plan.faults == CODE_SHEET_ROWS_MAX)
		return;
	f->line = line;
	if (name)
		fault_set(&f->fault, ERR_INVALID, column, key, name, value, NULL);
	else
		fault_set(&f->fault, ERR_INVALID, column, key, NULL);
	im->plan.faults++;
}

/* --- rows from either form --------------------------------------------------------------------------------------- */

static int find_column(const char *name)
{
	for (int i = 0; i < CODE_COLUMNS; i++)
		if (!strcmp(code_column[i], name))
			return i;
	return -1;
}

/* Which of our columns each cell of the file is; -1 for what is no column. */
static void read_head(struct importing *im, const struct sheet_row *head, int *column)
{
	bool key = false;
	for (size_t c = 0; c < head->cells; c++) {
		column[c] = find_column(head->cell[c]);
		key |= column[c] == COLUMN_KEY;
		if (column[c] < 0 && *head->cell[c] && strcmp(head->cell[c], "note"))
			bad(im, head->line, head->cell[c], N_("Nothing is known by this name here: {name}."), "name",
			    head->cell[c]);
	}
	if (!key)
		bad(im, head->line, "key", N_("The first line of the file names the columns; “key” is one of them."),
		    NULL, NULL);
}

static enum err rows_from_csv(struct importing *im, const char *text, size_t len, struct fault *fault)
{
	const struct sheet_row *sheet;
	int column[SHEET_CELLS_MAX] = { 0 };
	size_t n;
	enum err e = sheet_parse(im->arena, text, len, &sheet, &n, fault);
	if (e)
		return e;
	if (n == 0)
		return fault_set(fault, ERR_INVALID, NULL, N_("This file is empty."), NULL);
	if (n > CODE_SHEET_ROWS_MAX)
		return fault_set(fault, ERR_TOO_LARGE, NULL, N_("This file has too many rows."), NULL);
	read_head(im, &sheet[0], column);
	im->row = arena_alloc(im->arena, n * sizeof(*im->row));
	for (size_t i = 1; i < n; i++) {
		struct code_row *row = &im->row[im->rows++];
		row->line = sheet[i].line;
		for (size_t c = 0; c < sheet[i].cells && c < sheet[0].cells; c++)
			if (column[c] >= 0)
				row->cell[column[c]] = text_nfc(im->arena, sheet[i].cell[c]);
	}
	return OK;
}

static const char *joined(struct arena *arena, const json_t *keys)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const char *key = json_string_value(json_array_get(keys, i));
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", key ? key : "?");
	}
	return text;
}

/* A member as the text that the CSV's cell would hold. */
static const char *member_text(struct arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return text_nfc(arena, json_string_value(value));
	if (json_is_integer(value))
		return arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	if (json_is_array(value))
		return joined(arena, value);
	return "";
}

static void row_from_object(struct importing *im, const json_t *object, struct code_row *row)
{
	const json_t *names = json_object_get(object, "name");
	const char *key;
	json_t *value;
	for (int lang = 0; lang < LANG_MAX; lang++)
		if (json_is_object(names))
			row->cell[COLUMN_NAME + lang] =
			    member_text(im->arena, json_object_get(names, lang_code((enum lang)lang)));
	json_object_foreach((json_t *)object, key, value)
	{
		int column = find_column(key);
		if (column >= 0)
			row->cell[column] = member_text(im->arena, value);
		else if (strcmp(key, "name") && strcmp(key, "note"))
			bad(im, row->line, key, N_("Nothing is known by this name here: {name}."), "name", key);
	}
}

static enum err rows_from_json(struct importing *im, const char *text, size_t len, struct fault *fault)
{
	json_t *top = NULL;
	char pointer[40];
	enum err e = json_parse(text, len, FILE_LIMIT, &top, fault);
	if (e)
		return e;
	json_owned(im->arena, top);
	const json_t *entries = json_object_get(top, "entries");
	size_t n = json_array_size(entries);
	if (!json_is_array(entries))
		return fault_set(
		    fault, ERR_INVALID, "entries", N_("A list in square brackets is expected here."), NULL);
	if (n > CODE_SHEET_ROWS_MAX)
		return fault_set(fault, ERR_TOO_LARGE, NULL, N_("This file has too many rows."), NULL);
	im->row = arena_alloc(im->arena, (n + 1) * sizeof(*im->row));
	for (size_t i = 0; i < n; i++) {
		struct code_row *row = &im->row[im->rows++];
		snprintf(pointer, sizeof(pointer), "/entries/%zu", i);
		row->line = json_line(text, len, pointer);
		row_from_object(im, json_array_get(entries, i), row);
	}
	return OK;
}

/* --- from a row to a version ------------------------------------------------------------------------------------- */

static const char *mapped(const struct importing *im, const char *key)
{
	const char *own = key && im->in->mapping ? json_str(im->in->mapping, key) : NULL;
	return own ? own : key;
}

static bool read_day(struct importing *im, const struct code_row *row, int column, int64_t *ret_day)
{
	struct civil date;
	const char *text = row->cell[column];
	if (!text || !*text)
		return true;
	if (civil_parse(text, &date)) {
		bad(im, row->line, code_column[column], N_("A date such as {example} is expected here."), "example",
		    "2026-11-23");
		return false;
	}
	*ret_day = civil_days(date);
	return true;
}

static bool read_position(struct importing *im, const struct code_row *row, struct code_entry *entry)
{
	const char *text = row->cell[COLUMN_POSITION];
	char *end;
	if (!text || !*text)
		return true;
	entry->position = strtoll(text, &end, 10);
	if (!*end && entry->position >= 0 && entry->position <= CODE_POSITION_MAX)
		return true;
	bad(im, row->line, "position", N_("A whole number in the range {range} is expected here."), "range",
	    "0–100000");
	return false;
}

static bool read_withdrawn(struct importing *im, const struct code_row *row, struct code_entry *entry)
{
	const char *text = row->cell[COLUMN_WITHDRAWN];
	if (!text)
		return true;
	entry->withdrawn = !strcmp(text, "yes");
	if (entry->withdrawn || !*text || !strcmp(text, "no"))
		return true;
	bad(im, row->line, "withdrawn", N_("One of these is expected here: {list}."), "list", "yes, no");
	return false;
}

static void read_of(const struct importing *im, const char *text, struct code_entry *entry)
{
	const char **of = arena_alloc(im->arena, (strlen(text) / 2 + 2) * sizeof(*of));
	entry->ofs = 0;
	while (*(text += strspn(text, " "))) {
		size_t len = strcspn(text, " ");
		of[entry->ofs++] = mapped(im, arena_strndup(im->arena, text, len));
		text += len;
	}
	entry->of = of;
}

static void read_texts(const struct importing *im, const struct code_row *row, struct code_entry *entry)
{
	const struct {
		int column;
		const char **member;
	} texts[] = { { COLUMN_PARENT, &entry->parent }, { COLUMN_THEME, &entry->un_theme },
		{ COLUMN_TARGET, &entry->sdg_target }, { COLUMN_CLOSING, &entry->closing } };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (row->cell[texts[i].column])
			*texts[i].member = *row->cell[texts[i].column] ? row->cell[texts[i].column] : NULL;
	entry->parent = mapped(im, entry->parent);
	for (int lang = 0; lang < LANG_MAX; lang++)
		if (row->cell[COLUMN_NAME + lang])
			entry->name.in[lang] = row->cell[COLUMN_NAME + lang];
	if (row->cell[COLUMN_OF])
		read_of(im, row->cell[COLUMN_OF], entry);
}

/* What the row says, over what the entry is now. */
static bool read_version(struct importing *im, const struct code_row *row, const struct code_entry *now,
    const char *key, struct code_entry *ret_entry)
{
	struct code_entry entry = { .valid_from = CALENDAR_FIRST, .valid_to = CALENDAR_LAST };
	int64_t from = im->in->day;
	if (now)
		entry = *now;
	else
		entry.position = (int64_t)im->in->context.list->entries + (int64_t)(row - im->row) + 1;
	entry.key = key;
	if (row->cell[COLUMN_TO])
		entry.valid_to = CALENDAR_LAST;
	if (!read_day(im, row, COLUMN_FROM, &from) || !read_day(im, row, COLUMN_TO, &entry.valid_to) ||
	    !read_position(im, row, &entry) || !read_withdrawn(im, row, &entry))
		return false;
	read_texts(im, row, &entry);
	entry.valid_from = from > im->in->day ? from : im->in->day;
	*ret_entry = entry;
	return true;
}

static bool stands_before(const struct importing *im, const struct code_row *row, const char *key)
{
	for (const struct code_row *r = im->row; r < row; r++)
		if (r->cell[COLUMN_KEY] && !strcmp(mapped(im, r->cell[COLUMN_KEY]), key))
			return true;
	return false;
}

static void take_row(struct importing *im, const struct code_row *row)
{
	const char *key = mapped(im, row->cell[COLUMN_KEY]);
	struct code_entry entry;
	if (!key || !*key) {
		bad(im, row->line, "key", N_("Fill in this field."), NULL, NULL);
		return;
	}
	if (stands_before(im, row, key)) {
		bad(im, row->line, "key", N_("This key stands twice: {key}."), "key", key);
		return;
	}
	const struct code_entry *now = code_at(im->in->context.list, key, im->in->day);
	if (!read_version(im, row, now, key, &entry))
		return;
	if (now && code_entry_same(now, &entry)) {
		im->plan.same++;
		return;
	}
	im->plan.added += !now;
	im->plan.changed += now != NULL;
	entry.serial = SERIAL_OF_NEW + (int64_t)im->plan.versions;
	im->version_line[im->plan.versions] = row->line;
	im->version[im->plan.versions++] = entry;
}

/* Rows may name each other: they are held against the list as it would be. */
static void check_versions(struct importing *im)
{
	struct code_context context = im->in->context;
	struct code_list then;
	code_list_changed(im->arena, context.list, im->version, im->plan.versions, &then);
	context.list = &then;
	for (size_t i = 0; i < im->plan.versions; i++) {
		struct code_import_fault *f = &im->fault[im->plan.faults];
		if (im->plan.faults == CODE_SHEET_ROWS_MAX || !code_version_check(&context, &im->version[i], &f->fault))
			continue;
		f->line = im->version_line[i];
		im->plan.faults++;
	}
}

enum err code_import_plan(struct arena *arena, const struct code_import *in, const char *text, size_t len,
    struct code_plan *ret_plan, struct fault *fault)
{
	struct importing im = { .arena = arena, .in = in };
	size_t blank = strspn(text, " \t\r\n");
	bool json = blank < len && text[blank] == '{';
	im.fault = arena_alloc(arena, (CODE_SHEET_ROWS_MAX + 1) * sizeof(*im.fault));
	enum err e = json ? rows_from_json(&im, text, len, fault) : rows_from_csv(&im, text, len, fault);
	if (e)
		return e;
	im.version = arena_alloc(arena, (im.rows + 1) * sizeof(*im.version));
	im.version_line = arena_alloc(arena, (im.rows + 1) * sizeof(*im.version_line));
	for (size_t i = 0; i < im.rows && im.plan.faults < CODE_SHEET_ROWS_MAX; i++)
		take_row(&im, &im.row[i]);
	check_versions(&im);
	im.plan.version = im.version;
	im.plan.fault = im.fault;
	*ret_plan = im.plan;
	return OK;
}

enum err code_mapping_parse(
    struct arena *arena, const char *text, size_t len, json_t **ret_mapping, struct fault *fault)
{
	json_t *mapping = NULL, *own;
	const char *key;
	enum err e = json_parse(text, len, FILE_LIMIT, &mapping, fault);
	if (e)
		return e;
	json_owned(arena, mapping);
	if (!json_is_object(mapping))
		return fault_set(fault, ERR_INVALID, "mapping", N_("An object in braces is expected here."), NULL);
	json_object_foreach(mapping, key, own)
	{
		if (!json_is_string(own) || !code_key_ok(json_string_value(own)))
			return fault_set(
			    fault, ERR_INVALID, "mapping", N_("Here stands no own key for {key}."), "key", key, NULL);
	}
	*ret_mapping = mapping;
	return OK;
}
