/*
 * One thing named in every language an office works in. The strings are lent by whoever loaded them (the profile, the
 * code lists); a language may be missing, and then another one stands in, English first.
 */
#ifndef SULH_OFFICE_NAMES_H
#define SULH_OFFICE_NAMES_H

#include "text/text.h"

struct names {
	const char *in[LANG_MAX]; /* NULL where there is none */
};

/* Never NULL: that language, else English, else any, else "". */
static inline const char *names_in(const struct names *names, enum lang lang)
{
	if (names->in[lang])
		return names->in[lang];
	if (names->in[LANG_EN])
		return names->in[LANG_EN];
	for (int i = 0; i < LANG_MAX; i++)
		if (names->in[i])
			return names->in[i];
	return "";
}

#endif
