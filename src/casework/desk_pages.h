/* Handlers of the staff's side; the table of routes in desk_pages.c joins them. */
#ifndef SULH_CASEWORK_DESK_PAGES_H
#define SULH_CASEWORK_DESK_PAGES_H

#include "http/http.h"

enum err desk_home_show(struct request *, struct reply *);
enum err desk_seen(struct request *, struct reply *);
enum err workload_show(struct request *, struct reply *);
enum err cases_export(struct request *, struct reply *);
enum err chronology_show(struct request *, struct reply *);
enum err case_show(struct request *, struct reply *);
enum err case_tab_show(struct request *, struct reply *);
enum err case_add_documents(struct request *, struct reply *);
enum err case_document(struct request *, struct reply *);

#endif
