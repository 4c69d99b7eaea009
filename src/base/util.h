/* Small things that C lacks: sizes of arrays, cleanup at the end of a scope, text that fits or says so. */
#ifndef SULH_BASE_UTIL_H
#define SULH_BASE_UTIL_H

#include <stdbool.h>
#include <stddef.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* free() at the end of the scope: `CLEANUP(free_ptr) char *text = …;` */
void free_ptr(void *pointer_to_pointer);
/* Hands a cleaned-up pointer over to the caller: `return take(&text);` */
#define take(pp)                                                                                                       \
	({                                                                                                             \
		__typeof__(*(pp)) taken_ = *(pp);                                                                      \
		*(pp) = NULL;                                                                                          \
		taken_;                                                                                                \
	})

/* Copies and always terminates; false when it had to cut (at a whole UTF-8 character). */
bool copy_text(char *out, size_t room, const char *in);
bool utf8_valid(const char *s, size_t len);
size_t utf8_length(const char *s); /* code points */

#endif
