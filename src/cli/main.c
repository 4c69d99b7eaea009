/* sulh: main is a table. */
#include "cli/command.h"

#include "base/log.h"
#include "crypto/crypto.h"
#include "text/text.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const struct command *const commands[] = { &command_init, &command_serve, &command_user, &command_token,
	&command_verify, &command_receipt, &command_profile, &command_list, NULL };

static void print_help(FILE *out)
{
	fprintf(out, "usage: sulh COMMAND …\n\n"
		     "Sulh, the case and cooperation system of an ombudsman institution.\n\n");
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fprintf(out, "\n`sulh COMMAND --help` explains one command; `man sulh` explains all.\n");
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; commands[i]; i++)
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return 0;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("sulh " SULH_VERSION);
		return 0;
	}
	const struct command *command = find(argv[1]);
	if (!command) {
		fprintf(stderr, "sulh: there is no command “%s”; see `sulh --help`\n", argv[1]);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (!strcmp(argv[i], "--help")) {
			command_help(command);
			return 0;
		}
	}
	/* Databases, configuration and spool hold what people told us in confidence: nobody else on the machine reads
	 * it. */
	umask(S_IRWXG | S_IRWXO);
	crypto_init();
	text_init();
	return command->run(argc - 1, argv + 1);
}
