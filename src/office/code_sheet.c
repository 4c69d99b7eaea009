/* A code list written as CSV and JSON. */
#include "office/code_sheet.h"

#include "base/sheet.h"
#include "base/util.h"
#include "office/calendar.h"
#include "office/code_columns.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const code_column[CODE_COLUMNS] = {
	[COLUMN_KEY] = "key",
	[COLUMN_NAME + LANG_AZ] = "name_az",
	[COLUMN_NAME + LANG_EN] = "name_en",
	[COLUMN_NAME + LANG_RU] = "name_ru",
	[COLUMN_NAME + LANG_UR] = "name_ur",
	[COLUMN_PARENT] = "parent",
	[COLUMN_OF] = "of",
	[COLUMN_POSITION] = "position",
	[COLUMN_FROM] = "valid_from",
	[COLUMN_TO] = "valid_to",
	[COLUMN_WITHDRAWN] = "withdrawn",
	[COLUMN_THEME] = "un_theme",
	[COLUMN_TARGET] = "sdg_target",
	[COLUMN_CLOSING] = "closing",
};

static const char *day_text(struct arena *arena, int64_t day)
{
	char *text = arena_alloc(arena, 11);
	if (day > CALENDAR_FIRST && day < CALENDAR_LAST)
		civil_format(text, civil_from_days(day));
	return text;
}

static const char *keys_text(struct arena *arena, const struct code_entry *entry)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < entry->ofs; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", entry->of[i]);
	return text;
}

static enum err write_entry(struct arena *arena, const struct code_entry *entry, struct buf *out)
{
	const char *cell[CODE_COLUMNS] = { [COLUMN_KEY] = entry->key,
		[COLUMN_PARENT] = entry->parent,
		[COLUMN_OF] = keys_text(arena, entry),
		[COLUMN_POSITION] = arena_printf(arena, "%" PRId64, entry->position),
		[COLUMN_FROM] = day_text(arena, entry->valid_from),
		[COLUMN_TO] = day_text(arena, entry->valid_to),
		[COLUMN_WITHDRAWN] = entry->withdrawn ? "yes" : "no",
		[COLUMN_THEME] = entry->un_theme,
		[COLUMN_TARGET] = entry->sdg_target,
		[COLUMN_CLOSING] = entry->closing };
	for (int lang = 0; lang < LANG_MAX; lang++)
		cell[COLUMN_NAME + lang] = entry->name.in[lang];
	return sheet_row(out, cell, CODE_COLUMNS);
}

enum err code_sheet_csv(struct arena *arena, const struct code_list *list, int64_t day, struct buf *out)
{
	const struct code_choice *choice;
	size_t n = code_all(arena, list, day, &choice);
	enum err e = sheet_begin(out);
	if (!e)
		e = sheet_row(out, code_column, CODE_COLUMNS);
	for (size_t i = 0; !e && i < n; i++)
		e = write_entry(arena, choice[i].entry, out);
	return e;
}

static void put_text(json_t *object, const char *key, const char *value)
{
	if (value && *value)
		json_put_str(object, key, value);
}

static void put_day(json_t *object, const char *key, int64_t day)
{
	char text[11];
	if (day <= CALENDAR_FIRST || day >= CALENDAR_LAST)
		return;
	civil_format(text, civil_from_days(day));
	json_put_str(object, key, text);
}

json_t *code_entry_json(const struct code_entry *entry)
{
	json_t *object = json_object(), *name = json_object(), *of = json_array();
	for (int lang = 0; lang < LANG_MAX; lang++)
		put_text(name, lang_code((enum lang)lang), entry->name.in[lang]);
	for (size_t i = 0; i < entry->ofs; i++)
		json_add(of, json_string(entry->of[i]));
	json_put_str(object, "key", entry->key);
	json_put(object, "name", name);
	put_text(object, "parent", entry->parent);
	if (entry->ofs)
		json_put(object, "of", of);
	else
		json_decref(of);
	json_put_int(object, "position", entry->position);
	put_day(object, "valid_from", entry->valid_from);
	put_day(object, "valid_to", entry->valid_to);
	if (entry->withdrawn)
		json_put_bool(object, "withdrawn", true);
	put_text(object, "un_theme", entry->un_theme);
	put_text(object, "sdg_target", entry->sdg_target);
	put_text(object, "closing", entry->closing);
	return object;
}

json_t *code_sheet_json(struct arena *arena, const struct code_list *list, int64_t day)
{
	const struct code_choice *choice;
	size_t n = code_all(arena, list, day, &choice);
	json_t *sheet = json_object(), *entries = json_array();
	for (size_t i = 0; i < n; i++)
		json_add(entries, code_entry_json(choice[i].entry));
	json_put_str(sheet, "list", list->key);
	put_text(sheet, "of", list->of);
	put_day(sheet, "as_of", day);
	json_put(sheet, "entries", entries);
	return sheet;
}
