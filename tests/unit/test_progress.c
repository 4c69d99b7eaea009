/* A line a tenth where there is no terminal. */
#include "base/progress.h"
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

static const char *drawn(int64_t total, int64_t step, int times, bool terminal)
{
	static char out[8192];
	FILE *f = tmpfile();
	int kept = dup(STDERR_FILENO);
	struct progress p;
	size_t n;

	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	progress_begin(&p, "Journal", total);
	p.terminal = terminal;
	while (times--)
		progress_step(&p, step);
	progress_end(&p);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(f);
	n = fread(out, 1, sizeof(out) - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

static void a_line_a_tenth(void **state)
{
	const char *all = "Journal 10%\nJournal 20%\nJournal 30%\nJournal 40%\nJournal 50%\nJournal 60%\nJournal 70%\n"
			  "Journal 80%\nJournal 90%\nJournal 100%\n";

	assert_string_equal(drawn(1000, 1, 1000, false), all);
	assert_string_equal(drawn(10, 1, 10, false), all);
}

static void odd_totals(void **state)
{
	assert_string_equal(drawn(0, 1, 3, false), "Journal 100%\n");
	assert_string_equal(drawn(-5, 1, 1, false), "Journal 100%\n");
	assert_string_equal(drawn(2, 1, 1, false), "Journal 50%\n");
	assert_string_equal(drawn(2, 5, 2, false), "Journal 100%\n");
}

static void a_bar_on_a_terminal(void **state)
{
	const char *bar = drawn(4, 1, 2, true);

	assert_non_null(strstr(bar, "\rJournal [###############...............]  50% 2/4\n"));
	assert_non_null(strstr(drawn(4, 1, 4, true), "\rJournal [##############################] 100% 4/4\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_a_tenth),
		cmocka_unit_test(odd_totals),
		cmocka_unit_test(a_bar_on_a_terminal),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
