/*
 * The pages on which a running office changes what it is made of: lists, limits, holidays. Private to office/; the
 * routes stand together in data_pages.c.
 */
#ifndef SULH_OFFICE_DATA_PAGES_H
#define SULH_OFFICE_DATA_PAGES_H

#include "office/current.h"
#include "office/office.h"

#include "base/json.h"

/* list_pages.c */
enum err lists_show(struct request *, struct reply *);
enum err list_show(struct request *, struct reply *);
enum err list_add(struct request *, struct reply *);
enum err entry_show(struct request *, struct reply *);
enum err entry_change(struct request *, struct reply *);
/* list_files.c */
enum err list_export(struct request *, struct reply *);
enum err list_import_show(struct request *, struct reply *);
enum err list_import(struct request *, struct reply *);
/* limit_pages.c */
enum err limits_show(struct request *, struct reply *);
enum err limit_show(struct request *, struct reply *);
enum err limit_change(struct request *, struct reply *);
/* holiday_pages.c */
enum err holidays_show(struct request *, struct reply *);
enum err holiday_change(struct request *, struct reply *);

/* OK, or why this reader may not see or change what the office is made of. */
enum err data_may(struct request *, bool change, struct fault *) MUST_CHECK;
/* The day of this request in the office's zone. */
int64_t data_today(const struct request *);
/* "23 November 2026"; "" for the ends of time. */
const char *data_day(struct request *, int64_t day);
/* "2026-11-23", "" for the ends of time. */
const char *data_iso(struct arena *, int64_t day);
/* Adds a fault to what the form shows, and answers with the form again or with the plain fault when it is no rule. */
enum err data_refuse(struct reply *, const char *template, json_t *view_stolen, const struct field *, size_t n,
    struct faults *, const struct fault *, enum err);

#endif
