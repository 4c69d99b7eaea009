/*
 * Lists that people keep: a name, the filter as it stands in an address, columns; the owner's own, or shared with a
 * unit or a role. A shared list is a way of looking, never a right: whoever opens it sees what they may see.
 *
 *     /desk/cases?list=7
 */
#ifndef SULH_CASEWORK_SAVED_LIST_H
#define SULH_CASEWORK_SAVED_LIST_H

#include "casework/list.h"

#define SAVED_LISTS_MAX 50 /* of one person */

struct saved_list { /* texts live in the arena given */
	int64_t id, owner;
	const char *name, *shared, *filter, *columns;
};

/* May this reader use it? Its owner, everybody of the unit (or one below it), everybody of the role. Pure. */
bool saved_list_visible(const struct saved_list *, const struct actor *, const struct profile *);
/* "unit" and "role:head" as the form says it become 'unit:KEY' of the owner's unit and 'role:KEY'; ERR_INVALID for a
 * unit or role that the owner is not of: nobody fills others' desks. */
enum err saved_list_share(
    const struct actor *, const struct profile *, const char *with, char out[LIST_NAME], struct fault *) MUST_CHECK;

enum err saved_list_load(const struct casefile_act *, int64_t id, struct saved_list *ret_list) MUST_CHECK;
enum err saved_list_keep(const struct casefile_act *, const char *name, const char *with, const struct list_ask *,
    int64_t *ret_id, struct fault *) MUST_CHECK;
enum err saved_list_drop(const struct casefile_act *, int64_t id, struct fault *) MUST_CHECK;
/* [{id, list_name, link, own, shared}]: own first, then those shared with the reader. */
enum err saved_list_all(const struct casefile_act *, json_t **ret_list) MUST_CHECK;
/* The value of a parameter in "a=b&c=d" (percent-encoded), for list_ask_parse. */
struct saved_filter {
	struct arena *arena;
	const char *text;
	const char *columns;
};
const char *saved_filter_get(const void *filter, const char *name);

#endif
