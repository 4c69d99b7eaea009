/* sulh token: access of programs to the JSON API. */
#include "cli/command.h"

#include "base/util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{ "label", required_argument, NULL, 'l' },
	{ "roles", required_argument, NULL, 'r' },
	{ "id", required_argument, NULL, 'i' },
	{ 0 },
};

static enum err add(struct office *office, const char *label, const char *roles_text, struct fault *fault)
{
	char *token CLEANUP(free_ptr) = NULL;
	unsigned roles;
	enum err e = roles_parse(roles_text, &roles, fault);
	if (!e)
		e = token_add(office, label, roles, &token, fault);
	if (!e)
		printf("%s\n", token);
	return e;
}

static int run(int argc, char **argv)
{
	const char *label = NULL, *roles = NULL;
	struct fault fault = { 0 };
	struct office *office = NULL;
	int64_t id = 0;
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'l')
			label = optarg;
		else if (c == 'r')
			roles = optarg;
		else if (c == 'i')
			id = strtoll(optarg, NULL, 10);
		else
			return command_usage(&command_token);
	}
	if (optind != argc - 2)
		return command_usage(&command_token);
	bool adding = !strcmp(argv[optind], "add") && label && roles;
	bool revoking = !strcmp(argv[optind], "revoke") && id > 0;
	if (!adding && !revoking)
		return command_usage(&command_token);
	enum err e = cli_office_open(argv[optind + 1], &office, &fault);
	if (!e)
		e = adding ? add(office, label, roles, &fault) : token_revoke(office, id, &fault);
	office_close(office);
	return e ? command_fail(&command_token, e, &fault) : 0;
}

const struct command command_token = {
	"token",
	"add DIR --label TEXT --roles ROLES | revoke DIR --id N",
	"Give a program access to the JSON API, or take it away",
	"  --label TEXT        what the program is\n"
	"  --roles ROLES       the rights it has: those of these roles\n"
	"  --id N              the token to revoke, as the journal numbers it\n\n"
	"The token is printed once. Programs send it as `Authorization: Bearer TOKEN`.\n\n"
	"Example: sulh token add /srv/office --label \"scanning station\" --roles registrar\n",
	run,
};
