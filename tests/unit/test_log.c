/* One line an event, nothing below the level, nothing forged. */
#include "base/log.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

/* What a call writes to standard error. */
static const char *written(enum log_level threshold, enum log_level level, const char *text)
{
	static char out[4096];
	FILE *f = tmpfile();
	int kept = dup(STDERR_FILENO);
	size_t n;

	dup2(fileno(f), STDERR_FILENO);
	log_set_level(threshold);
	log_line(level, "at %s", text);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

static void levels(void **state)
{
	for (enum log_level threshold = LOG_DEBUG; threshold < LOG_LEVEL_MAX; threshold++)
		for (enum log_level level = LOG_DEBUG; level < LOG_LEVEL_MAX; level++)
			assert_int_equal(written(threshold, level, "x")[0] != '\0', level >= threshold);
}

static void shape(void **state)
{
	const char *line = written(LOG_INFO, LOG_WARNING, "office");

	assert_int_equal(line[10], 'T');
	assert_int_equal(line[23], 'Z');
	assert_string_equal(line + 24, " warning at office\n");
}

static void no_forged_lines(void **state)
{
	assert_string_equal(written(LOG_INFO, LOG_ERROR, "a\nb\x1b[31m\r\tc") + 24, " error at a b [31m  c\n");
}

static void long_lines_are_cut(void **state)
{
	char text[5000];
	const char *line;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	line = written(LOG_INFO, LOG_INFO, text);
	assert_in_range(strlen(line), 1000, 2048);
	assert_int_equal(line[strlen(line) - 1], '\n');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels),
		cmocka_unit_test(shape),
		cmocka_unit_test(no_forged_lines),
		cmocka_unit_test(long_lines_are_cut),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
