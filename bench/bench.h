/*
 * What the measuring programs share: an office of their own to work in, the clock, and how they end when something
 * fails (a figure from a run that failed half-way would be a lie).
 */
#ifndef SULH_BENCH_BENCH_H
#define SULH_BENCH_BENCH_H

#include "office/office.h"

#include <stdint.h>

/* Opens the office in `dir`, made first when it is not there, with the rooms up to casework. */
struct office *bench_office(const char *dir);
/* Ends the program with this reason unless `e` is OK. */
void bench_must(const char *what, enum err e);
long bench_number(const char *text, const char *what); /* positive, else the program ends */
double bench_seconds(int64_t since_us);                /* from monotonic_us */

#endif
