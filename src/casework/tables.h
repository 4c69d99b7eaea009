/*
 * What the nouns of casework register, one line each in tables.c: routes, acts on a case, kinds of events, tabs of the
 * case's page, background work. Whoever adds a noun adds its tables there and nowhere else.
 */
#ifndef SULH_CASEWORK_TABLES_H
#define SULH_CASEWORK_TABLES_H

#include "casework/casefile.h"

/* All pages and API addresses of the room, for the server and for the tests that walk them. */
extern const struct route_table *const casework_routes[];
extern const size_t casework_routes_count;
extern const struct job_table *const casework_job_tables[];
extern const size_t casework_job_tables_count;

/* NULL when no noun has it. */
const struct event_kind *event_kind_find(const char *key);
struct desk_act;
const struct desk_act *desk_act_find(const char *key);
struct case_tab;
const struct case_tab *case_tab_find(const char *key);
/* The n-th tab of a case's page; NULL after the last. */
const struct case_tab *case_tab_at(size_t n);

#endif
