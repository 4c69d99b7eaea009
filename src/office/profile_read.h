/*
 * Reading a profile's JSON with every mistake named by its place, not only the first: the getters note what is wrong
 * and return something harmless, so that reading goes on to the next. Private to office/profile*.c.
 */
#ifndef SULH_OFFICE_PROFILE_READ_H
#define SULH_OFFICE_PROFILE_READ_H

#include "office/names.h"
#include "office/profile.h"

#include "base/json.h"

struct file_text {
	const struct file_text *older;
	const char *file, *text;
	size_t len;
};

struct reader {
	struct arena *arena;
	const char *dir;
	const char *file;           /* being read: "bodies.json" */
	struct file_text *texts;    /* of the files read so far, newest first: lines are counted in them */
	const enum lang *languages; /* each text must be there in these */
	size_t languages_count;
	struct fault *faults;
	size_t room, count; /* count may pass room */
	enum err err;       /* of the first mistake */
};

/* Where we are in the file: a chain on the stack, written as line and JSON pointer when a mistake is noted. */
struct at {
	const struct at *up; /* NULL at the top */
	const char *key;     /* NULL: `index` of an array */
	size_t index;
};

/* Notes a mistake at `at`/`key` (key may be NULL). The pair name, value (may be NULL) goes into the message. */
void read_mistake(
    struct reader *, const struct at *, const char *key, const char *message, const char *name, const char *value);
/* Parses DIR/file; NULL and a mistake when that fails. Owned by the arena. */
const json_t *read_file(struct reader *, const char *file);
/* Any key that is not in the list (ended by NULL) is a mistake: it would silently do nothing. "note" is always allowed.
 */
void read_only_keys(struct reader *, const struct at *, const json_t *object, const char *const *keys);

const char *read_text(
    struct reader *, const struct at *, const json_t *object, const char *key); /* needed; "" at worst */
const char *read_text_or_null(struct reader *, const struct at *, const json_t *object, const char *key);
const char *read_key(struct reader *, const struct at *, const json_t *object, const char *key); /* a code's key */
bool read_bool(struct reader *, const struct at *, const json_t *object, const char *key);
int64_t read_whole(struct reader *, const struct at *, const json_t *object, const char *key, int64_t least,
    int64_t most, int64_t otherwise); /* absent gives `otherwise`; least > otherwise makes it needed */
int64_t read_day(struct reader *, const struct at *, const json_t *object, const char *key, int64_t otherwise);
struct names read_names(struct reader *, const struct at *, const json_t *object, const char *key); /* every language */
struct names read_names_or_none(struct reader *, const struct at *, const json_t *object, const char *key);
const json_t *read_object(struct reader *, const struct at *, const json_t *object, const char *key);
/* Never NULL: an empty array at worst. */
const json_t *read_array(struct reader *, const struct at *, const json_t *object, const char *key);
/* A country's code; a closing reason that must exist, NULL when there is none. profile_codes.c. */
const char *read_country(struct reader *, const struct at *, const json_t *object);
const char *read_reason(
    struct reader *, const struct at *, const json_t *object, const char *key, const struct profile *);
/* Names as one value. */
struct names read_names_value(struct reader *, const struct at *, const json_t *value);
/* { "key": …, "name": { … } } rows. */
struct codes read_codes(struct reader *, const struct at *, const json_t *object, const char *key);
/* Notes every key that stands twice; `keys` are `count` strings at `stride` bytes. */
void read_unique(struct reader *, const struct at *, const char *const *first, size_t count, size_t stride);

/* One function a file of the folder, in the order that later ones need: profile.json first, closing.json before what
 * names its reasons. profile_codes.c, profile_bodies.c and profile_time.c. */
void read_profile_json(struct reader *, struct profile *);
void read_calendar_json(struct reader *, struct profile *);
void read_clocks_json(struct reader *, struct profile *);
void read_ladder_json(struct reader *, struct profile *); /* names clocks and roles */
void read_closing_json(struct reader *, struct profile *);
void read_declarations_json(struct reader *, struct profile *);
void read_bodies_json(struct reader *, struct profile *);
void read_subjects_json(struct reader *, struct profile *);
void read_referral_json(struct reader *, struct profile *);
void read_letters_json(struct reader *, struct profile *);
void read_states_json(struct reader *, struct profile *);
void read_roles_json(struct reader *, struct profile *);
void read_units_json(struct reader *, struct profile *);
void read_lists_json(struct reader *, struct profile *); /* profile_lists.c; after the files whose rows are lists too */

/* profile.json's registers; `pattern` is the first one's (profile_registers.c). */
void read_registers(struct reader *, const json_t *top, struct profile *);

/* What makes a row of a file an entry of a code list: parent, of, valid_from, valid_to, un_theme, sdg_target, closing.
 */
void read_code_dates(struct reader *, const struct at *, const json_t *row, struct code_entry *);
/* profile_screening.c; after closing.json, clocks.json, declarations.json and bodies.json. */
void read_admissibility_json(struct reader *, struct profile *);
void read_offices_json(struct reader *, struct profile *);
void read_assignment_json(struct reader *, struct profile *); /* after subjects; profile_flow.c */
void read_review_json(struct reader *, struct profile *);     /* after clocks and closings */

#endif
