/* Writes whole lines, so that those of two threads do not mix. */
#include "base/log.h"

#include "base/clockwork.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Atomic int level_now = LOG_INFO;

void log_set_level(enum log_level level)
{
	level_now = level;
}

/* A line break or an escape sequence inside a value must not forge a line or steer the operator's terminal. */
static void flatten(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

void log_line(enum log_level level, const char *fmt, ...)
{
	static const char *const names[LOG_LEVEL_MAX] = { "debug", "info", "warning", "error" };
	char line[2048], when[RFC3339_TEXT];
	va_list args;
	size_t len;

	if ((int)level < level_now)
		return;
	rfc3339_format(when, now_ms());
	len = (size_t)snprintf(line, sizeof(line), "%s %s ", when, names[level]);
	va_start(args, fmt);
	vsnprintf(line + len, sizeof(line) - len - 1, fmt, args);
	va_end(args);
	flatten(line);
	len = strlen(line);
	line[len++] = '\n';
	/* One write a line: nothing can be done when standard error itself is gone. */
	if (write(STDERR_FILENO, line, len) < 0)
		return;
}
