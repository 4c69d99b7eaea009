/*
 * What went wrong, in a form that every layer can pass on and only the edge puts into words.
 *
 * A function that can fail returns `enum err` and, where the reader should learn more than the code, fills a
 * `struct fault`: which field, which rule (a message key, translated at the edge) and up to three named values.
 * Lower layers never log and never translate.
 *
 *     if (len > LIMIT)
 *             return fault_set(fault, ERR_TOO_LARGE, "facts", N_("Write at most {limit} characters."),
 *                              "limit", "20000", NULL);
 */
#ifndef SULH_BASE_ERR_H
#define SULH_BASE_ERR_H

#include <stddef.h>

enum err {
	OK = 0,
	ERR_INVALID,     /* the input breaks a rule that the sender can mend */
	ERR_NOT_FOUND,   /* no such thing, or none that this actor may know of */
	ERR_DENIED,      /* known actor, act not allowed */
	ERR_LOGIN,       /* no actor: log in first */
	ERR_CONFLICT,    /* somebody else was first; the version or state moved on */
	ERR_UNTRUSTED,   /* a signature, key, audience or age that we do not accept */
	ERR_TOO_LARGE,   /* over a documented limit */
	ERR_THROTTLED,   /* too many tries; later */
	ERR_UNREACHABLE, /* the other machine does not answer */
	ERR_STORE,       /* database or disk */
	ERR_MEMORY,
	ERR_INTERNAL, /* a promise inside the program was broken */
	ERR_MAX
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Marks a message key for the translators' catalogue; the string itself is the English text. */
#define N_(msgid) msgid

#define FAULT_ARGS_MAX 3

struct fault_arg {
	const char *name; /* static: the {name} in the message */
	char value[160];  /* UTF-8, cut at a character */
};

struct fault {
	enum err code;
	char field[80];  /* form field, JSON pointer, file:line …; "" when it concerns the whole */
	const char *key; /* static message key in English, NULL when the code says enough */
	struct fault_arg arg[FAULT_ARGS_MAX];
	size_t args;
};

/*
 * Fills `fault` (which may be NULL) and returns `code`, so that it can stand in a return statement. After `key` follow
 * pairs of (const char *name, const char *value), at most three, ended by NULL. `field` may be NULL.
 */
enum err fault_set(struct fault *fault, enum err code, const char *field, const char *key, ...)
    __attribute__((sentinel));

/* What each code means at each edge: one table (err.c). */
int err_http_status(enum err code);
int err_exit_status(enum err code);
const char *err_slug(enum err code);     /* "not-found": the tail of an RFC 9457 type URI */
const char *err_sentence(enum err code); /* message key of the general sentence */

/* Writes the fault's English text with its values filled in, for logs and terminals. Returns `buf`. */
const char *fault_english(const struct fault *fault, char *buf, size_t size);

#endif
