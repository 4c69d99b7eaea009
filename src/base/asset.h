/*
 * Files embedded in the program at build time (styles, fonts, templates, catalogues, profiles, migrations):
 * scripts/embed.py turns folders into one sorted table per library. Lent for ever.
 */
#ifndef SULH_BASE_ASSET_H
#define SULH_BASE_ASSET_H

#include <stdbool.h>
#include <stddef.h>

struct asset {
	const char *path; /* "templates/case/show.html" */
	const unsigned char *data;
	size_t size;               /* zero-terminated after it, not counted */
	const unsigned char *gzip; /* NULL when it would not be smaller */
	size_t gzip_size;
	const char *etag; /* hex of SHA-256, cut to 32 */
};

extern const struct asset asset_table[]; /* sorted by path; defined by the generated file in the final link */
extern const size_t asset_count;

const struct asset *asset_find(const char *path);
/* The range of assets whose path begins with `prefix`: first one in the table and how many. */
const struct asset *asset_prefix(const char *prefix, size_t *ret_count);

#endif
