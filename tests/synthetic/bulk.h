/*
 * Filling an office with hundreds of thousands of cases: what is derived for lists and search is put aside while they
 * come in, and made from the cases in one go at the end, as the migrations make it for an old office. SQLite only; on
 * PostgreSQL nothing is put aside. An office that is left between the two has no lists: make it anew.
 */
#ifndef SULH_TESTS_SYNTHETIC_BULK_H
#define SULH_TESTS_SYNTHETIC_BULK_H

#include "office/office.h"

enum err synthetic_bulk_begin(struct office *) MUST_CHECK;
enum err synthetic_bulk_end(struct office *) MUST_CHECK;

#endif
