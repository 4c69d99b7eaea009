/* Any bytes as text from a form: kept clean, and folded to plain words. */
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	const char *s = arena_strndup(arena, (const char *)data, size);
	const char *clean = text_nfc(arena, s), *folded = text_fold(arena, s);

	/* Cleaning is complete the first time, and the folded form has only its own alphabet. */
	if (strcmp(text_nfc(arena, clean), clean) != 0)
		abort();
	if (strspn(folded, "abcdefghijklmnopqrstuvwxyz0123456789 ") != strlen(folded) || strstr(folded, "  "))
		abort();
	text_fold_name(arena, s);
	arena_free(arena);
	return 0;
}
