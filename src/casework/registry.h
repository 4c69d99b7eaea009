/*
 * The registry of bodies, as everybody reads it: all of them in memory, a snapshot that lives as long as its reader's
 * arena. It begins as the profile's bodies.json and is edited in the database from then on (casework/body_acts.h);
 * a generation in the database tells every process within a second that it has changed.
 *
 *     const struct registry *bodies;
 *     e = registry_in(tx, office, arena, &bodies);
 *     const struct body *body = registry_body(bodies, c->body_key);      NULL: no such key
 *     puts(names_in(&body->name, lang));
 */
#ifndef SULH_CASEWORK_REGISTRY_H
#define SULH_CASEWORK_REGISTRY_H

#include "casework/body.h"
#include "db/db.h"
#include "office/office.h"

struct registry;

/* Inside a transaction, before it changes a body itself. */
enum err registry_in(struct db_tx *, struct office *, struct arena *, const struct registry **ret) MUST_CHECK;
/* Where no transaction is open. */
enum err registry_now(struct office *, struct arena *, const struct registry **ret) MUST_CHECK;
/* The next reader of this process looks at the database again. */
void registry_changed(struct office *);

/* By key; a body that became part of another one is that other one. NULL when there is none. */
const struct body *registry_body(const struct registry *, const char *key);
/* The same where nothing else of it is needed; NULL also when the database fails, which the next statement will say. */
const struct body *registry_find(struct db_tx *, struct office *, struct arena *, const char *key);
/* The same by what this process read last, without a look at the database; by the profile when it has read nothing. */
const struct body *registry_known(struct office *, struct arena *, const char *key);
/* The entry itself, merged or not. */
const struct body *registry_entry(const struct registry *, const char *key);
/* By a name it has or had in any language, folded; NULL when none or several have it. */
const struct body *registry_named(const struct registry *, struct arena *, const char *name);
/* "/ministry/agency/": for may() and for breadcrumbs. "/" when there is no such body. */
const char *registry_path(const struct registry *, struct arena *, const char *key);

/* In the order of their names in the office's language. */
size_t registry_count(const struct registry *);
const struct body *registry_at(const struct registry *, size_t i);
/* Does every word (folded, space between) begin a word of one of its names? "" fits all. */
bool registry_fits(const struct body *, const char *folded_words);

/* What a new office begins with; does nothing when it was done before. In a transaction that writes. */
enum err registry_seed(struct db_tx *, struct office *, int64_t now) MUST_CHECK;
/* The same in a transaction of its own: `sulh init` and `sulh serve`. */
enum err registry_begin(struct office *) MUST_CHECK;
/* Raises the generation and computes anew what stands above what: after every change, in its transaction. */
enum err registry_touch(struct db_tx *, struct office *) MUST_CHECK;

/* Names as a JSON object by language, and back; days as ISO dates ("" where open). */
json_t *body_names_json(const struct names *);
const char *body_day_text(struct arena *, int64_t day);

#endif
