/*
 * Compiled Mustache templates: the door between C and the one C++ file, mustache.cc. Rendering changes nothing in the
 * compiled template, so that any number of threads may render it at once. There are no partials and no unescaped
 * variables: template.c has put in the former and refused the latter.
 */
#ifndef SULH_HTTP_MUSTACHE_H
#define SULH_HTTP_MUSTACHE_H

#include "base/json.h"

#ifdef __cplusplus
extern "C" {
#endif

struct mustache;

struct mustache *mustache_compile(const char *text, size_t len); /* NULL when it is not well formed */
void mustache_free(struct mustache *);
/*
 * Objects and lists open sections; null, false, "" and [] do not; numbers and true render as such. The text is yours
 * (free); `guess` is the size expected.
 */
enum err mustache_render(
    struct mustache *, const json_t *view, size_t guess, char **ret_text, size_t *ret_len) MUST_CHECK;

#ifdef __cplusplus
}
#endif

#endif
