/*
 * A progress bar on standard error when that is a terminal; otherwise one plain line every ten per cent, so that logs
 * stay short.
 *
 *     struct progress p;
 *     progress_begin(&p, "Journal", total);
 *     progress_step(&p, 1);
 *     progress_end(&p);
 */
#ifndef SULH_BASE_PROGRESS_H
#define SULH_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *label;
	int64_t total, done;
	int64_t drawn_us; /* monotonic, when last drawn */
	int tenth;        /* last tenth written when not a terminal */
	bool terminal;
};

void progress_begin(struct progress *, const char *label, int64_t total);
void progress_step(struct progress *, int64_t by);
void progress_end(struct progress *);

#endif
