/* Binary search in the table of embedded files. */
#include "base/asset.h"

#include <string.h>

/* First asset whose path, cut to `len` bytes, is not before `path`. */
static size_t lower_bound(const char *path, size_t len)
{
	size_t low = 0, high = asset_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strncmp(asset_table[middle].path, path, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct asset *asset_find(const char *path)
{
	size_t i = lower_bound(path, strlen(path) + 1);

	return i < asset_count && strcmp(asset_table[i].path, path) == 0 ? &asset_table[i] : NULL;
}

const struct asset *asset_prefix(const char *prefix, size_t *ret_count)
{
	size_t len = strlen(prefix), first = lower_bound(prefix, len), last = first;

	while (last < asset_count && strncmp(asset_table[last].path, prefix, len) == 0)
		last++;
	*ret_count = last - first;
	return last > first ? &asset_table[first] : NULL;
}
