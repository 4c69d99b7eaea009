/*
 * A link by which a new colleague sets a password of their own, once, within three days. The database holds its digest
 * only; looking at the link changes nothing, sending the form does (traps 20 and 21).
 */
#ifndef SULH_CASEWORK_INVITE_H
#define SULH_CASEWORK_INVITE_H

#include "office/office.h"

#define INVITE_DAYS 3
#define INVITE_TOKEN 48

/* Earlier links of that person end. In the caller's transaction. */
enum err invite_make(
    struct db_tx *, int64_t staff_id, const char *actor_tag, int64_t now, char ret_token[INVITE_TOKEN]) MUST_CHECK;

extern const struct route_table invite_routes;

#endif
