/* Draws at most ten times a second on a terminal, a line a tenth elsewhere. */
#include "base/progress.h"

#include "base/clockwork.h"

#include <stdio.h>
#include <unistd.h>

#define REDRAW_US 100000
#define BAR_WIDTH 30

static int percent(const struct progress *p)
{
	if (p->total <= 0)
		return 100;
	return (int)((double)p->done * 100 / (double)p->total);
}

static void draw_bar(const struct progress *p)
{
	static const char full[] = "##############################", none[] = "..............................";
	int filled = percent(p) * BAR_WIDTH / 100;

	fprintf(stderr, "\r%s [%.*s%.*s] %3d%% %lld/%lld", p->label, filled, full, BAR_WIDTH - filled, none, percent(p),
	    (long long)p->done, (long long)p->total);
	fflush(stderr);
}

static void draw(struct progress *p, bool now)
{
	int64_t us = monotonic_us();

	if (p->terminal) {
		if (now || us - p->drawn_us >= REDRAW_US) {
			p->drawn_us = us;
			draw_bar(p);
		}
	} else if (percent(p) / 10 > p->tenth) {
		p->tenth = percent(p) / 10;
		fprintf(stderr, "%s %d%%\n", p->label, p->tenth * 10);
	}
}

void progress_begin(struct progress *p, const char *label, int64_t total)
{
	*p = (struct progress) { .label = label, .total = total > 0 ? total : 0, .terminal = isatty(STDERR_FILENO) };
	if (p->terminal)
		draw(p, true);
}

void progress_step(struct progress *p, int64_t by)
{
	p->done += by;
	if (p->done > p->total)
		p->done = p->total;
	draw(p, false);
}

void progress_end(struct progress *p)
{
	draw(p, true);
	if (p->terminal)
		fputc('\n', stderr);
}
