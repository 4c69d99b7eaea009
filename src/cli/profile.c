/* sulh profile: the institutions that come with the program, and a check of one's own. */
#include "cli/command.h"

#include "base/util.h"

#include <stdio.h>
#include <string.h>

#define FAULTS_SHOWN 100

static int list(void)
{
	struct arena *arena = arena_new(0);
	const char *const *names;
	size_t n = profile_names(arena, &names);
	for (size_t i = 0; i < n; i++)
		puts(names[i]);
	arena_free(arena);
	return 0;
}

static int check(const char *dir)
{
	static struct fault faults[FAULTS_SHOWN];
	char words[700];
	size_t n = 0;
	enum err e = profile_check(dir, faults, FAULTS_SHOWN, &n);
	for (size_t i = 0; i < n && i < FAULTS_SHOWN; i++)
		fprintf(stderr, "%s/%s\n", dir, fault_english(&faults[i], words, sizeof(words)));
	if (e)
		fprintf(stderr, "sulh profile: %zu mistake%s\n", n, n == 1 ? "" : "s");
	else
		printf("%s: nothing to mend\n", dir);
	return err_exit_status(e);
}

static int run(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc == 3 && !strcmp(argv[1], "check"))
		return check(argv[2]);
	return command_usage(&command_profile);
}

const struct command command_profile = {
	"profile",
	"list | check DIR",
	"List the institutions that come with the program, or check a profile folder",
	"  list       names for `sulh init --profile`\n"
	"  check DIR  every mistake in a profile folder, one a line with file and place\n\n"
	"Example: sulh profile check /srv/office/profile\n",
	run,
};
