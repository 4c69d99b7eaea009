/*
 * A strict reader of compiled gettext catalogues (.mo, little-endian, sorted as msgfmt writes them) over bytes that are
 * lent for as long as the catalogue is used. Everything is checked once when it is opened; a look-up then is a binary
 * search without allocation and cannot leave the bytes.
 *
 *     struct catalogue c;
 *     if (catalogue_open(bytes, size, &c) == OK)
 *             puts(catalogue_find(&c, NULL, "Send"));
 */
#ifndef SULH_TEXT_CATALOGUE_H
#define SULH_TEXT_CATALOGUE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct catalogue {
	const unsigned char *data; /* lent; NULL: an empty catalogue */
	uint32_t count;            /* messages, the header among them */
	uint32_t originals;        /* offset of the table of keys: pairs of length and offset */
	uint32_t translations;     /* offset of the table of translations */
};

/* ERR_INVALID for anything that is not exactly such a file. */
enum err catalogue_open(const void *data, size_t size, struct catalogue *ret_catalogue) MUST_CHECK;
/* The translation, or NULL when there is none or an empty one. `context` may be NULL. For a message with plural forms
 * `msgid` is its singular and the answer its first form. */
const char *catalogue_find(const struct catalogue *, const char *context, const char *msgid);
/* The form with that gettext index, or NULL when there is none such. */
const char *catalogue_find_plural(const struct catalogue *, const char *msgid, unsigned index);

#endif
