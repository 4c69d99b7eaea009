/*
 * Sentences in the reader's language. Catalogues are gettext .po files under locales/, compiled by msgfmt at build and
 * embedded; the key of a message is its English text. Values stand in the text by name: "{limit}".
 *
 *     text_get(LANG_UR, "Send")
 *     text_format(arena, LANG_AZ, "Write at most {limit} characters.", "limit", "20000", NULL)
 */
#ifndef SULH_TEXT_TEXT_H
#define SULH_TEXT_TEXT_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lang { LANG_AZ, LANG_EN, LANG_RU, LANG_UR, LANG_MAX };

const char *lang_code(enum lang);	      /* "az" */
const char *lang_name(enum lang);	      /* in itself: "Azərbaycanca" */
bool lang_rtl(enum lang);
bool lang_parse(const char *code, enum lang *ret_lang); /* "ur", "ur-PK"; false when we have none such */
/* Best of the languages in an Accept-Language header (RFC 9110), else `otherwise`. */
enum lang lang_negotiate(const char *accept_language, enum lang otherwise);

void text_init(void); /* reads the embedded catalogues and opens ICU's; once, before threads */
/* The translation, or the key itself. Lent for ever. */
const char *text_get(enum lang, const char *msgid);
const char *text_get_context(enum lang, const char *context, const char *msgid);
/* Pairs name, value … NULL. Values are put in as they are (templates escape). */
char *text_format(struct arena *, enum lang, const char *msgid, ...) __attribute__((sentinel));
/* The plural form for n by CLDR's rule; {n} is replaced by n in the language's digits. */
char *text_plural(struct arena *, enum lang, const char *one, const char *other, int64_t n);
/* A fault in the reader's language. */
char *text_fault(struct arena *, enum lang, const struct fault *);

/* Search folding: case, accents, Azerbaijani letters, Cyrillic and Arabic-script look-alikes brought to one plain Latin
 * form, words separated by one space: Əliyeva, Алиева and علیئوا meet. */
char *text_fold(struct arena *, const char *s);

#endif
