/*
 * Names of countries as ICU knows them, in the reader's language and sorted as that language sorts.
 *
 *     size_t n;
 *     const struct country *list = country_list(LANG_UR, &n);
 */
#ifndef SULH_TEXT_COUNTRY_H
#define SULH_TEXT_COUNTRY_H

#include "text/text.h"

#define COUNTRY_NONE "XX" /* no country, or none of the list: user-assigned in ISO 3166-1, so it will never be one */

struct country {
	const char *code; /* ISO 3166-1 alpha-2 */
	const char *name;
};

/* Made at first use, lent for ever, thread-safe. */
const struct country *country_list(enum lang, size_t *ret_count);
/* The name, or the code itself where there is none. Lent for ever or as long as `code`. */
const char *country_name(enum lang, const char *code);
/* Every code and COUNTRY_NONE, ended by NULL: for the choices of a form. Lent for ever. */
const char *const *country_codes(void);

#endif
