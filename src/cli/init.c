/* sulh init: makes an office. */
#include "cli/command.h"

#include "base/util.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option options[] = {
	{ "profile", required_argument, NULL, 'p' },
	{ "database", required_argument, NULL, 'd' },
	{ "listen", required_argument, NULL, 'l' },
	{ "public-url", required_argument, NULL, 'u' },
	{ 0 },
};

static int read_options(int argc, char **argv, struct office_create *create)
{
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'p')
			create->profile = optarg;
		else if (c == 'd')
			create->database = optarg;
		else if (c == 'l')
			create->listen = optarg;
		else if (c == 'u')
			create->public_url = optarg;
		else
			return -1;
	}
	create->dir = optind == argc - 1 ? argv[optind] : NULL;
	return create->dir ? 0 : -1;
}

/* On a terminal, what was not given is asked; Enter takes the default. */
static bool ask(const char *question, const char *otherwise, char *out, size_t room)
{
	char line[600];
	snprintf(line, sizeof(line), "%s [%s]: ", question, otherwise);
	if (!prompt_line(line, out, room, false))
		return false;
	if (!*out)
		copy_text(out, room, otherwise);
	return true;
}

static bool ask_missing(struct office_create *create)
{
	static char profile[100], database[500], listen[120], url[250];
	struct arena *arena = arena_new(0);
	const char *const *names;
	size_t n = profile_names(arena, &names);
	bool going = true;
	if (!create->profile) {
		fprintf(stderr, "Profiles (an institution as data):\n");
		for (size_t i = 0; i < n; i++)
			fprintf(stderr, "  %s\n", names[i]);
		going = n > 0 && ask("Profile", names[0], profile, sizeof(profile));
		create->profile = profile;
	}
	if (going && !create->database)
		going = ask("Database", "sqlite:office.db", database, sizeof(database)), create->database = database;
	if (going && !create->listen)
		going = ask("Address to listen on", "127.0.0.1:8080", listen, sizeof(listen)), create->listen = listen;
	if (going && !create->public_url) {
		char otherwise[140];
		snprintf(otherwise, sizeof(otherwise), "http://%s", create->listen);
		going = ask("How others reach it", otherwise, url, sizeof(url)), create->public_url = url;
	}
	arena_free(arena);
	return going;
}

static int run(int argc, char **argv)
{
	struct office_create create = { 0 };
	struct fault fault = { 0 };
	if (read_options(argc, argv, &create))
		return command_usage(&command_init);
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO) && !ask_missing(&create))
		return command_usage(&command_init);
	if (!create.profile)
		return command_usage(&command_init);
	size_t n = cli_migrations_collect();
	enum err e = office_create(&create, cli_migrations, n, &fault);
	if (e)
		return command_fail(&command_init, e, &fault);
	printf("The office is in %s. Its keys are in %s/keys.json: keep a copy in a safe place.\n"
	       "Next: sulh user add %s --login NAME --name \"FULL NAME\" --roles administrator\n"
	       "      sulh serve %s\n",
	    create.dir, create.dir, create.dir, create.dir);
	return 0;
}

const struct command command_init = {
	"init",
	"DIR --profile NAME [--database URL] [--listen ADDR] [--public-url URL]",
	"Make an office: directory, keys, profile, configuration, database",
	"Asks for what was not given when it runs on a terminal.\n\n"
	"  --profile NAME      the institution as data; `sulh profile list` names them\n"
	"  --database URL      sqlite:FILE (default sqlite:office.db) or postgresql://…\n"
	"  --listen ADDR       address and port to serve on (default 127.0.0.1:8080)\n"
	"  --public-url URL    how people and partner institutions reach it\n\n"
	"Example: sulh init /srv/office --profile az-commissioner --public-url https://ombudsman.example\n",
	run,
};
