/*
 * The office's registers: each mandate may keep its own, with its own pattern and its own sequence, begun anew at
 * midnight of the new year in the office's zone. Numbers are raised in the transaction that uses them, so that none is
 * missing; a number given by hand must keep it so (requirement 41).
 *
 *     e = numbering_next(act->tx, profile, NULL, act->now, number);          the default register
 *     e = numbering_give(act->tx, profile, "npm", "MPM-2026-12", act->now, number, fault);
 */
#ifndef SULH_OFFICE_NUMBERING_H
#define SULH_OFFICE_NUMBERING_H

#include "office/number.h"
#include "office/profile.h"

#include "db/db.h"

/* NULL or "" is the first register; NULL when there is none of that key. */
const struct numbering *numbering_find(const struct profile *, const char *key);
/* A number as people type it, of any register, written as the office writes it. `ret_numbering` may be NULL. */
bool numbering_read(
    const struct profile *, const char *typed, char out[NUMBER_TEXT], const struct numbering **ret_numbering);

enum err numbering_next(
    struct db_tx *, const struct profile *, const char *key, int64_t now, char out[NUMBER_TEXT]) MUST_CHECK;
/* By hand: takes what was typed when the rule allows it (number_may_be_given). That no case has it already is for the
 * caller to see. */
enum err numbering_give(struct db_tx *, const struct profile *, const char *key, const char *typed, int64_t now,
    char out[NUMBER_TEXT], struct fault *) MUST_CHECK;

#endif
