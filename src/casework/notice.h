/*
 * Notices: what an officer should know, on a page of its own and counted beside it. Written in the transaction of what
 * they tell; a sentence is made when it is read, in the reader's language, from the kind and its data.
 *
 *     const struct notice_new new = { .staff_id = lead, .kind = "task_given", .task_id = id, .data = data };
 *     e = notice_add(act, &new);
 *
 * A notice holds no name of a person who complained: numbers, limits, days and colleagues only.
 */
#ifndef SULH_CASEWORK_NOTICE_H
#define SULH_CASEWORK_NOTICE_H

#include "casework/casefile.h"

struct notice_new {
	int64_t staff_id;
	const char *kind;             /* table in notice.c */
	int64_t casefile_id, task_id; /* 0: none */
	json_t *data;                 /* stolen; "number" is the case's */
};
enum err notice_add(const struct casefile_act *, const struct notice_new *) MUST_CHECK;

/* rows[{id, text, when, link, unread}] of one officer, newest first, from before that id (0: the newest); page_after.
 */
enum err notice_list(const struct casefile_act *, enum lang, int64_t staff_id, int64_t before, json_t *view) MUST_CHECK;
/* Marks one (0: all up to now) as read; keeps the count. */
enum err notice_read(const struct casefile_act *, int64_t staff_id, int64_t id) MUST_CHECK;

#endif
