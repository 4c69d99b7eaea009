/*
 * JSON, behind one header: the only file that includes the parser (jansson), so that it can be changed in a day.
 * Adds limits for foreign text, typed getters that never crash on a wrong type, and the canonical form of RFC 8785.
 */
#ifndef SULH_BASE_JSON_H
#define SULH_BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_TEXT_LIMIT (1024 * 1024) /* bytes of JSON that a stranger may send in one piece */
#define JSON_DEPTH_LIMIT 32
#define JSON_INTEGER_LIMIT INT64_C(9007199254740991) /* 2^53 - 1: every reader of JSON keeps it exactly (RFC 7493) */

/*
 * Parses foreign text: UTF-8, one value, no duplicate keys, at most `limit` bytes and JSON_DEPTH_LIMIT levels.
 * ERR_TOO_LARGE or ERR_INVALID with the position in the fault. The value is yours (json_decref).
 */
enum err json_parse(const char *text, size_t len, size_t limit, json_t **ret_json, struct fault *) MUST_CHECK;

/* RFC 8785 canonical form, appended to `out`. Reals and integers past JSON_INTEGER_LIMIT are refused
 * (ERR_INVALID): what we sign has numbers that every reader sees alike. */
enum err json_canonical(const json_t *, struct buf *out) MUST_CHECK;
/* The same as a fresh string; NULL only for reals or lack of memory. free() it. */
char *json_canonical_text(const json_t *);
char *json_compact_text(const json_t *); /* free() it */

const char *json_str(const json_t *object, const char *key);                  /* NULL when absent or no string */
const char *json_str_or(const json_t *object, const char *key, const char *); /* lent */
int64_t json_int_or(const json_t *object, const char *key, int64_t otherwise);
bool json_bool_or(const json_t *object, const char *key, bool otherwise);

/* Setters that copy; NULL strings become JSON null. They end the process when memory ends, like the arena. */
void json_put_str(json_t *object, const char *key, const char *value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_bool(json_t *object, const char *key, bool value);
void json_put(json_t *object, const char *key, json_t *value_stolen);
void json_add(json_t *array, json_t *value_stolen);
json_t *json_owned(struct arena *, json_t *stolen); /* decref'd when the arena ends; returns the same pointer */

#endif
