/*
 * Tables that say what a JSON object may hold, and one function that holds a value against them. Used for everything
 * that a partner writes: bodies of messages, agreements, receipts, refusals, identities (docs/exchange.md sections 8,
 * 10, 11 and 13). A member that the table does not name is refused: what nobody checks must not be stored.
 *
 *     static const struct schema issue[] = {
 *             { "key", SCHEMA_KEY, SCHEMA_REQUIRED },
 *             { "text", SCHEMA_TEXT, SCHEMA_REQUIRED, .max = 4000 },
 *             { 0 } };
 *     e = schema_check(issue, json, fault);           fault->field is a JSON pointer: "/issues/0/text"
 */
#ifndef SULH_COOPERATION_MESSAGE_SCHEMA_H
#define SULH_COOPERATION_MESSAGE_SCHEMA_H

#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>

enum schema_kind {
	SCHEMA_TEXT, /* 1..max code points; line feed and tab allowed */
	SCHEMA_LINE, /* 1..max code points, no control characters */
	SCHEMA_KEY,  /* [a-z][a-z0-9_.-]{0,63} */
	SCHEMA_KEY_OR_EMPTY,
	SCHEMA_SUBJECT, /* a key or "*" */
	SCHEMA_UUID,
	SCHEMA_UUID_OR_EMPTY,
	SCHEMA_HASH, /* base64url of 32 bytes */
	SCHEMA_HASH_OR_EMPTY,
	SCHEMA_HEX16,   /* 32 hex digits */
	SCHEMA_LANG,    /* [a-z]{2,3} */
	SCHEMA_COUNTRY, /* two capitals */
	SCHEMA_DATE,    /* YYYY-MM-DD, a day of the calendar */
	SCHEMA_TIME,    /* RFC 3339 */
	SCHEMA_WORD,    /* one of .words */
	SCHEMA_JWS,     /* three base64url parts, up to max bytes */
	SCHEMA_INT,     /* min..max */
	SCHEMA_BOOL,
	SCHEMA_OBJECT, /* .of */
	SCHEMA_LIST,   /* 1..max values of the kind of .of[0] */
	SCHEMA_TEXTS,  /* an object {lang: text}, 1..8 members, each of 1..max code points */
	SCHEMA_PACKET, /* an object of packet fields (packet.h), 1..32 members */
	SCHEMA_KIND_MAX
};

enum schema_need { SCHEMA_OPTIONAL, SCHEMA_REQUIRED };

struct schema {
	const char *name; /* NULL ends the table; in the table of a list the one row's name is "" */
	enum schema_kind kind;
	enum schema_need need;
	int64_t min, max;
	const struct schema *of;
	const char *const *words; /* ended by NULL */
};

/* ERR_INVALID with the JSON pointer of the member and the rule that it breaks. */
enum err schema_check(const struct schema *table, const json_t *object, struct fault *) MUST_CHECK;

bool schema_key_valid(const char *text);
bool schema_hash_valid(const char *text);
bool schema_lang_valid(const char *text);

#endif
