/*
 * A code list as a file, CSV or JSON, out and in: for a spreadsheet, for another institution, and back. Pure.
 *
 * Columns of CSV: key, name_az, name_en, name_ru, name_ur, parent, of (keys parted by a space), position, valid_from,
 * valid_to, withdrawn (yes or no), un_theme, sdg_target, closing. JSON: { "list", "entries": [ … ] } with the members
 * of lists.json. What a file does not mention stays as it is; entries that are not in it are left alone.
 *
 * A mapping says which own key stands for a foreign one, so that institutions can share lists:
 *
 *     { "maltreatment": "degrading_treatment", "no_answer": "no_reply" }
 */
#ifndef SULH_OFFICE_CODE_SHEET_H
#define SULH_OFFICE_CODE_SHEET_H

#include "office/code_list.h"

#include "base/buf.h"
#include "base/json.h"

#define CODE_SHEET_ROWS_MAX 2000

/* Every entry as it is on that day, in the order of the list. */
enum err code_sheet_csv(struct arena *, const struct code_list *, int64_t day, struct buf *out) MUST_CHECK;
json_t *code_sheet_json(struct arena *, const struct code_list *, int64_t day); /* yours */
json_t *code_entry_json(const struct code_entry *);                             /* as in lists.json; yours */

struct code_import {
	struct code_context context;
	int64_t day;           /* what is new begins here, or later where the row says so */
	const json_t *mapping; /* NULL none */
};

struct code_import_fault {
	size_t line;        /* in the file */
	struct fault fault; /* its field is the column */
};

/* What an import would do; nothing is done to the list. */
struct code_plan {
	const struct code_entry *version; /* to be entered: first those that are new, all in the file's order */
	size_t versions;
	size_t added, changed, same;
	const struct code_import_fault *fault; /* every bad row; nothing is to be entered while there is one */
	size_t faults;
};

/* JSON when it begins with a brace, else CSV. OK with a plan that may hold faults; an error with the line in the fault
 * where the file cannot be read at all. Lives in the arena. */
enum err code_import_plan(struct arena *, const struct code_import *, const char *text, size_t len,
    struct code_plan *ret_plan, struct fault *) MUST_CHECK;
/* Reads a mapping: an object of keys. */
enum err code_mapping_parse(
    struct arena *, const char *text, size_t len, json_t **ret_mapping, struct fault *) MUST_CHECK;

#endif
