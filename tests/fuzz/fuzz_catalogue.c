/* Any bytes as a compiled catalogue: refused, or every look-up stays inside them. */
#include "text/catalogue.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = { "Send", "Open", "{n} file", "\xff", "a" };
	struct catalogue c;
	size_t seen = 0;

	if (catalogue_open(data, size, &c) != OK)
		return 0;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *found[] = { catalogue_find(&c, NULL, keys[i]), catalogue_find(&c, "menu", keys[i]),
			catalogue_find_plural(&c, keys[i], 0), catalogue_find_plural(&c, keys[i], 2) };
		for (size_t f = 0; f < sizeof(found) / sizeof(found[0]); f++)
			seen += found[f] ? strlen(found[f]) : 0;
	}
	return seen > size * sizeof(keys) ? -1 : 0;
}
