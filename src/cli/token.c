/* sulh token: access of programs to the JSON API. */
#include "cli/command.h"

#include "base/clockwork.h"
#include "base/json.h"
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

static enum err add(struct office *office, const char *label, const char *roles, struct fault *fault)
{
	char *token CLEANUP(free_ptr) = NULL;
	int64_t id;
	enum err e = token_add(office, label, roles, &id, &token, fault);
	if (e)
		return e;
	printf("%s\n", token); /* alone on standard output: scripts take it from there */
	fprintf(stderr, "token %lld\n", (long long)id);
	return OK;
}

static enum err read_all(struct db_tx *tx, void *arg)
{
	return token_all(tx, arg);
}

static void print_time(const json_t *token, const char *member)
{
	char text[RFC3339_TEXT] = "-";
	int64_t at = json_int_or(token, member, 0);
	if (at)
		rfc3339_format(text, at);
	printf("\t%s", text);
}

static enum err list(struct office *office)
{
	json_t *all CLEANUP(json_decrefp) = NULL, *one;
	size_t i;
	enum err e = db_read(office->db, read_all, &all);
	json_array_foreach(all, i, one)
	{
		printf("%lld\t%s\t%s", (long long)json_int_or(one, "id", 0), json_str_or(one, "label", ""),
		    json_str_or(one, "roles", ""));
		print_time(one, "created_at");
		print_time(one, "revoked_at");
		printf("\n");
	}
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
	bool listing = !strcmp(argv[optind], "list");
	if (!adding && !revoking && !listing)
		return command_usage(&command_token);
	enum err e = cli_office_open(argv[optind + 1], &office, &fault);
	if (!e)
		e = adding    ? add(office, label, roles, &fault)
		    : listing ? list(office)
			      : token_revoke(office, id, &fault);
	office_close(office);
	return e ? command_fail(&command_token, e, &fault) : 0;
}

const struct command command_token = {
	"token",
	"add DIR --label TEXT --roles ROLES | revoke DIR --id N | list DIR",
	"Give a program access to the JSON API, take it away, or list who has it",
	"  --label TEXT        what the program is\n"
	"  --roles ROLES       the rights it has: those of these roles\n"
	"  --id N              the token to revoke, as `list` numbers it\n\n"
	"The token is printed once, its number beside it on standard error. `list` prints number, label, roles, when "
	"it\n"
	"was made and when revoked, with tabs between. Programs send it as `Authorization: Bearer TOKEN`.\n\n"
	"Example: sulh token add /srv/office --label \"scanning station\" --roles registrar\n",
	run,
};
