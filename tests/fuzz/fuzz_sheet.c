/* Any bytes: refused, or read into rows that, written again, read the same. */
#include "base/sheet.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(struct arena *arena, const struct sheet_row *row, size_t n)
{
	struct buf out = BUF_INIT(1 << 20);
	const struct sheet_row *back;
	size_t count;

	if (n == 0 || sheet_begin(&out))
		goto end;
	for (size_t i = 0; i < n; i++)
		if (sheet_row(&out, row[i].cell, row[i].cells))
			goto end;
	if (sheet_parse(arena, out.data, out.len, &back, &count, NULL) || count != n)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (back[i].cells != row[i].cells)
			abort();
		for (size_t c = 0; c < row[i].cells; c++)
			if (strcmp(back[i].cell[c], row[i].cell[c]) != 0)
				abort();
	}
end:
	buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	const struct sheet_row *row;
	struct fault fault;
	size_t n;

	if (size < 100000 && !sheet_parse(arena, (const char *)data, size, &row, &n, &fault))
		check_again(arena, row, n);
	arena_free(arena);
	return 0;
}
