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

const char *lang_code(enum lang); /* "az" */
const char *lang_name(enum lang); /* in itself: "Azərbaycanca" */
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
/* A fault in the reader's language. An argument named `state` is a message key itself. */
char *text_fault(struct arena *, enum lang, const struct fault *);

/*
 * Text from a form as it is kept: Unicode NFC, white space trimmed at both ends, line ends as \n, control characters
 * other than \n and \t removed, and so are the bidirectional embeddings and overrides (U+202A-202E), with which a name
 * or a file name can be made to read as something else. Isolates (U+2066-2069), marks (U+200E, U+200F) and the joiners
 * that Urdu needs stay: they cannot reorder what stands outside the element that shows them. Bytes that are no UTF-8
 * become U+FFFD.
 */
char *text_nfc(struct arena *, const char *s);

/* Search folding: case, accents, Azerbaijani letters, Cyrillic and Arabic-script look-alikes brought to one plain Latin
 * form, words separated by one space: Əliyeva, Алиева and علیئوا meet. */
char *text_fold(struct arena *, const char *s);
/* The coarser form for names of people: text_fold without the vowels inside a word, for Arabic script does not write
 * the short ones: Məhəmməd, Muhammad, Мухаммед and محمد meet. For columns of names and for finding duplicates; in
 * running text it would match too much. Limits: src/text/fold.c. */
char *text_fold_name(struct arena *, const char *s);

#endif
