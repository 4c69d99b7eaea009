/* Zeroed, aligned, freed at once, and an end at the limit. */
#include "base/arena.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <stdalign.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void zeroed_and_aligned(void **state)
{
	struct arena *a = arena_new(0);

	for (size_t size = 1; size < 20000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(a, size);

		assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size); /* the next piece must not see it */
	}
	arena_free(a);
}

static void zeroed_after_reset(void **state)
{
	struct arena *a = arena_new(0);

	memset(arena_alloc(a, 100), 0xff, 100);
	arena_reset(a);
	assert_int_equal(*(char *)arena_alloc(a, 100), 0);
	arena_free(a);
}

static void texts(void **state)
{
	struct arena *a = arena_new(0);

	assert_string_equal(arena_strdup(a, "sulh"), "sulh");
	assert_null(arena_strdup(a, NULL));
	assert_string_equal(arena_strndup(a, "sulh", 2), "su");
	assert_string_equal(arena_strndup(a, "su", 9), "su");
	assert_string_equal(arena_printf(a, "%s-%d", "a", 7), "a-7");
	assert_int_equal(strlen(arena_printf(a, "%30000s", "")), 30000);
	arena_free(a);
}

static char order[8];

static void note(void *arg)
{
	strcat(order, arg);
}

static void deferred_newest_first(void **state)
{
	struct arena *a = arena_new(0);

	order[0] = '\0';
	arena_defer(a, note, "a");
	arena_defer(a, note, "b");
	arena_reset(a);
	assert_string_equal(order, "ba");
	arena_defer(a, note, "c");
	arena_free(a);
	assert_string_equal(order, "bac");
	arena_free(NULL);
}

static void reset_gives_room_back(void **state)
{
	struct arena *a = arena_new(100000);

	for (int i = 0; i < 50; i++) {
		arena_alloc(a, 60000);
		arena_reset(a);
	}
	arena_free(a);
}

/* Ends by a signal in a child, quietly. */
static bool dies(size_t limit, size_t size, int times)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct rlimit no_core = { 0, 0 };
		struct arena *a = arena_new(limit);

		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		while (times--)
			arena_alloc(a, size);
		arena_free(a);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void limit_ends_the_process(void **state)
{
	static const struct {
		size_t limit, size;
		int times;
		bool dies;
	} rows[] = {
		{ 1 << 20, 1 << 10, 900, false },
		{ 1 << 20, 1 << 10, 1025, true },
		{ 4096, 4096, 1, false },
		{ 4096, 4097, 1, true },
		{ 4096, SIZE_MAX, 1, true },
		{ 4096, SIZE_MAX - 8, 1, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (dies(rows[i].limit, rows[i].size, rows[i].times) != rows[i].dies)
			fail_msg("row %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zeroed_and_aligned),
		cmocka_unit_test(zeroed_after_reset),
		cmocka_unit_test(texts),
		cmocka_unit_test(deferred_newest_first),
		cmocka_unit_test(reset_gives_room_back),
		cmocka_unit_test(limit_ends_the_process),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
