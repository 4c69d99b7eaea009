/* The columns of a code list's file. Private to office/code_sheet.c and code_import.c. */
#ifndef SULH_OFFICE_CODE_COLUMNS_H
#define SULH_OFFICE_CODE_COLUMNS_H

#include "text/text.h"

enum code_columns {
	COLUMN_KEY,
	COLUMN_NAME, /* one a language */
	COLUMN_PARENT = COLUMN_NAME + LANG_MAX,
	COLUMN_OF,
	COLUMN_POSITION,
	COLUMN_FROM,
	COLUMN_TO,
	COLUMN_WITHDRAWN,
	COLUMN_THEME,
	COLUMN_TARGET,
	COLUMN_CLOSING,
	CODE_COLUMNS
};

extern const char *const code_column[CODE_COLUMNS];

#endif
