/*
 * The packet: the part of a complaint that crosses the border. Its fields come from one fixed list; each belongs to a
 * data category that the agreement must allow (requirements 91, 103). Only chosen fields ever enter it: packet_build
 * walks the choice, not the values, so that nothing travels because somebody forgot to leave it out.
 *
 *     struct packet_value values[] = { { "name", "Gul Khan" }, { "facts", facts } };
 *     const char *chosen[] = { "name", "facts" };
 *     e = packet_build(values, 2, chosen, 2, &json, &fault);
 */
#ifndef SULH_COOPERATION_PACKET_H
#define SULH_COOPERATION_PACKET_H

#include "base/err.h"
#include "base/json.h"

#include <stddef.h>

#define PACKET_FIELDS_MAX 32
#define PACKET_DOCUMENTS "documents" /* the category of a file that names no other */

struct packet_field {
	const char *key;
	const char *category; /* NULL: needs no clause (a request that protects the person) */
	const char *label;    /* message key */
	int max;              /* code points */
};

extern const struct packet_field packet_fields[]; /* in the order of the page; key NULL ends it */

const struct packet_field *packet_field_find(const char *key); /* NULL: no such field */
const char *packet_category_label(const char *category);       /* message key; NULL: no such category */
/* Ends with NULL: identity, identity_documents, contact, … in the order of the page. */
extern const char *const packet_categories[];

struct packet_value {
	const char *key;
	const char *text; /* NULL or "": the complaint does not have it */
};

/*
 * The object of chosen fields that have a value. ERR_INVALID for an unknown key, a chosen field without value or one
 * over its limit (the fault's field is the key), or when nothing is chosen.
 */
enum err packet_build(const struct packet_value *values, size_t count, const char *const *chosen, size_t chosen_count,
    json_t **ret_packet, struct fault *) MUST_CHECK;

#endif
