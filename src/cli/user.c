/* sulh user: the people who work here. */
#include "cli/command.h"

#include "base/id.h"
#include "base/util.h"
#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option options[] = {
	{ "login", required_argument, NULL, 'l' },
	{ "name", required_argument, NULL, 'n' },
	{ "roles", required_argument, NULL, 'r' },
	{ "lang", required_argument, NULL, 'g' },
	{ "password-stdin", no_argument, NULL, 's' },
	{ 0 },
};

struct wish {
	const char *login, *name, *roles, *lang;
	bool from_stdin;
	char password[PASSWORD_MAX + 2];
	bool generated;
};

static int read_options(int argc, char **argv, struct wish *wish)
{
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'l':
			wish->login = optarg;
			break;
		case 'n':
			wish->name = optarg;
			break;
		case 'r':
			wish->roles = optarg;
			break;
		case 'g':
			wish->lang = optarg;
			break;
		case 's':
			wish->from_stdin = true;
			break;
		default:
			return -1;
		}
	}
	return optind == argc - 2 && wish->login ? 0 : -1;
}

/* There is no default password: typed twice, piped in, or made at random and shown once. */
static bool get_password(struct wish *wish)
{
	char again[sizeof(wish->password)];
	uint8_t bytes[10];
	if (wish->from_stdin)
		return prompt_line("", wish->password, sizeof(wish->password), true);
	if (isatty(STDIN_FILENO)) {
		if (!prompt_line("Password (empty: make one): ", wish->password, sizeof(wish->password), true))
			return false;
		if (*wish->password)
			return prompt_line("Once more: ", again, sizeof(again), true) && !strcmp(again, wish->password);
	}
	random_bytes(bytes, sizeof(bytes));
	code_from_bytes(wish->password, bytes);
	wish->generated = true;
	return true;
}

static enum err act(struct office *office, const char *verb, const struct wish *wish, struct fault *fault)
{
	int64_t id;
	struct staff_new staff = { .login = wish->login,
		.name = wish->name,
		.lang = wish->lang ? wish->lang : lang_code(office->profile->language),
		.password = wish->password };
	if (!strcmp(verb, "password"))
		return staff_set_password(office, wish->login, wish->password, fault);
	enum err e = roles_parse(wish->roles, &staff.roles, fault);
	return e ? e : staff_add(office, &staff, "system", &id, fault);
}

static int run(int argc, char **argv)
{
	struct wish wish = { 0 };
	struct fault fault = { 0 };
	struct office *office = NULL;
	if (read_options(argc, argv, &wish))
		return command_usage(&command_user);
	const char *verb = argv[optind], *dir = argv[optind + 1];
	if (strcmp(verb, "password") && (strcmp(verb, "add") || !wish.name || !wish.roles))
		return command_usage(&command_user);
	if (!get_password(&wish)) {
		fprintf(stderr, "sulh user: the two passwords differ, or none was given\n");
		return 2;
	}
	enum err e = cli_office_open(dir, &office, &fault);
	if (!e)
		e = act(office, verb, &wish, &fault);
	office_close(office);
	if (!e && wish.generated)
		printf("Password of %s: %s\n", wish.login, wish.password);
	bytes_wipe(wish.password, sizeof(wish.password));
	return e ? command_fail(&command_user, e, &fault) : 0;
}

const struct command command_user = {
	"user",
	"add|password DIR --login NAME [--name \"FULL NAME\" --roles ROLES] [--lang CODE] [--password-stdin]",
	"Add a member of staff, or give one a new password",
	"  --login NAME        small letters, digits, dots, hyphens\n"
	"  --name NAME         as colleagues and letters show it\n"
	"  --roles ROLES       of: registrar investigator liaison commissioner auditor administrator\n"
	"  --lang CODE         az, en, ru or ur; default: the office's language\n"
	"  --password-stdin    read the password from standard input\n\n"
	"Without a terminal and without --password-stdin a password is made at random and printed once.\n\n"
	"Example: sulh user add /srv/office --login leyla --name \"Leyla Həsənova\" --roles \"liaison\"\n",
	run,
};
