/* sulh user: the people who work here. */
#include "cli/command.h"

#include "base/clockwork.h"
#include "base/id.h"
#include "base/json.h"
#include "base/util.h"
#include "casework/staff_skill.h"
#include "crypto/crypto.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option options[] = {
	{ "login", required_argument, NULL, 'l' },
	{ "name", required_argument, NULL, 'n' },
	{ "roles", required_argument, NULL, 'r' },
	{ "lang", required_argument, NULL, 'g' },
	{ "unit", required_argument, NULL, 'u' },
	{ "subjects", required_argument, NULL, 'S' },
	{ "languages", required_argument, NULL, 'L' },
	{ "regions", required_argument, NULL, 'R' },
	{ "password-stdin", no_argument, NULL, 's' },
	{ 0 },
};

struct wish {
	const char *login, *name, *roles, *lang, *unit, *subjects, *languages, *regions;
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
		case 'u':
			wish->unit = optarg;
			break;
		case 'S':
			wish->subjects = optarg;
			break;
		case 'L':
			wish->languages = optarg;
			break;
		case 'R':
			wish->regions = optarg;
			break;
		case 's':
			wish->from_stdin = true;
			break;
		default:
			return -1;
		}
	}
	return optind == argc - 2 ? 0 : -1;
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

static enum err add(struct office *office, const struct wish *wish, struct fault *fault)
{
	int64_t id;
	struct staff_new staff = { .login = wish->login,
		.name = wish->name,
		.lang = wish->lang ? wish->lang : lang_code(office->profile->language),
		.password = wish->password,
		.roles = wish->roles,
		.unit = wish->unit };
	return staff_add(office, &staff, "system", &id, fault);
}

static enum err password(struct office *office, const struct wish *wish, struct fault *fault)
{
	return staff_set_password(office, wish->login, wish->password, fault);
}

static enum err set_roles(struct office *office, const struct wish *wish, struct fault *fault)
{
	return staff_set_roles(office, wish->login, wish->roles, fault);
}

static enum err set_unit(struct office *office, const struct wish *wish, struct fault *fault)
{
	return staff_set_unit(office, wish->login, wish->unit, fault);
}

struct skills_work {
	struct office *office;
	const struct wish *wish;
	struct fault *fault;
};

/* What is not named stays as it is. */
static enum err write_skills(struct db_tx *tx, void *arg)
{
	struct skills_work *work = arg;
	const struct wish *w = work->wish;
	struct arena *arena = arena_new(0);
	struct staff_skills now;
	int64_t id = 0;
	enum err e = staff_find(tx, w->login, &id);
	if (e == ERR_NOT_FOUND)
		e = fault_set(
		    work->fault, e, "login", N_("Nobody has the login name “{login}”."), "login", w->login, NULL);
	if (!e)
		e = staff_skills_load(tx, arena, id, &now);
	if (!e)
		e = staff_skills_set(tx, now_ms(), "system", id, work->office->profile,
		    w->subjects ? w->subjects : now.subjects, w->languages ? w->languages : now.langs,
		    w->regions ? w->regions : now.regions, work->fault);
	arena_free(arena);
	return e;
}

static enum err set_skills(struct office *office, const struct wish *wish, struct fault *fault)
{
	struct skills_work work = { office, wish, fault };
	return db_write(office->db, write_skills, &work);
}

static enum err close_account(struct office *office, const struct wish *wish, struct fault *fault)
{
	return staff_set_active(office, wish->login, false, fault);
}

static enum err open_account(struct office *office, const struct wish *wish, struct fault *fault)
{
	return staff_set_active(office, wish->login, true, fault);
}

static enum err read_all(struct db_tx *tx, void *arg)
{
	return staff_all(tx, arg);
}

static enum err list(struct office *office, const struct wish *wish, struct fault *fault)
{
	json_t *all CLEANUP(json_decrefp) = NULL, *one;
	size_t i;
	enum err e = db_read(office->db, read_all, &all);
	json_array_foreach(all, i, one)
	{
		printf("%s\t%s\t%s\t%s\t%s\n", json_str_or(one, "login", ""),
		    json_bool_or(one, "active", false) ? "open" : "closed", json_str_or(one, "roles", ""),
		    json_str_or(one, "name", ""), json_str_or(one, "unit", ""));
	}
	return e;
}

struct verb {
	bool login, name, roles, unit, password; /* what it needs; the first four are options */
	enum err (*act)(struct office *, const struct wish *, struct fault *);
};

static const struct verb *verb_find(const char *verb)
{
	static const struct verb verb_add = { true, true, true, false, true, add },
				 verb_password = { true, false, false, false, true, password },
				 verb_roles = { true, false, true, false, false, set_roles },
				 verb_unit = { true, false, false, true, false, set_unit },
				 verb_skills = { true, false, false, false, false, set_skills },
				 verb_close = { true, false, false, false, false, close_account },
				 verb_open = { true, false, false, false, false, open_account },
				 verb_list = { false, false, false, false, false, list };
	if (!strcmp(verb, "add"))
		return &verb_add;
	if (!strcmp(verb, "password"))
		return &verb_password;
	if (!strcmp(verb, "roles"))
		return &verb_roles;
	if (!strcmp(verb, "unit"))
		return &verb_unit;
	if (!strcmp(verb, "skills"))
		return &verb_skills;
	if (!strcmp(verb, "close"))
		return &verb_close;
	if (!strcmp(verb, "open"))
		return &verb_open;
	return strcmp(verb, "list") ? NULL : &verb_list;
}

static int run(int argc, char **argv)
{
	struct wish wish = { 0 };
	struct fault fault = { 0 };
	struct office *office = NULL;
	if (read_options(argc, argv, &wish))
		return command_usage(&command_user);
	const struct verb *verb = verb_find(argv[optind]);
	if (!verb || (verb->login && !wish.login) || (verb->name && !wish.name) || (verb->roles && !wish.roles) ||
	    (verb->unit && !wish.unit))
		return command_usage(&command_user);
	if (verb->password && !get_password(&wish)) {
		fprintf(stderr, "sulh user: the two passwords differ, or none was given\n");
		return 2;
	}
	enum err e = cli_office_open(argv[optind + 1], &office, &fault);
	if (!e)
		e = verb->act(office, &wish, &fault);
	office_close(office);
	if (!e && wish.generated)
		printf("Password of %s: %s\n", wish.login, wish.password);
	bytes_wipe(wish.password, sizeof(wish.password));
	return e ? command_fail(&command_user, e, &fault) : 0;
}

const struct command command_user = {
	"user",
	"add|password|roles|unit|skills|close|open|list DIR [--login NAME] [--name \"FULL NAME\"] [--roles ROLES] "
	"[--unit "
	"KEY]\n"
	"       [--lang CODE] [--subjects KEYS] [--languages CODES] [--regions KEYS] [--password-stdin]",
	"Add members of staff, change their password or roles, close and open their accounts, list them",
	"  add DIR --login NAME --name NAME --roles ROLES [--unit KEY] [--lang CODE] [--password-stdin]\n"
	"  password DIR --login NAME [--password-stdin]   ends the sessions\n"
	"  roles DIR --login NAME --roles ROLES           instead of those so far, from the next click on\n"
	"  unit DIR --login NAME --unit KEY               where the person works; \"\" for no unit\n"
	"  skills DIR --login NAME [--subjects KEYS] [--languages CODES] [--regions KEYS]\n"
	"                                                 what the proposal of an officer for a case goes by\n"
	"  close DIR --login NAME                         ends the sessions; nobody can log in with it\n"
	"  open DIR --login NAME                          takes a closing back\n"
	"  list DIR                                       login, open or closed, roles, name, unit, with tabs "
	"between\n\n"
	"  --login NAME        small letters, digits, dots, hyphens\n"
	"  --name NAME         as colleagues and letters show it\n"
	"  --roles ROLES       keys of the profile's roles.json: registrar admission_officer investigator mediator\n"
	"                      head_of_unit liaison commissioner auditor administrator\n"
	"  --unit KEY          a unit of the profile's units.json\n"
	"  --lang CODE         az, en, ru or ur; default: the office's language\n"
	"  --subjects KEYS     keys of subjects.json that the person knows, in quotation marks with spaces between\n"
	"  --languages CODES   az, en, ru, ur: what the person speaks; --regions KEYS: regions of units.json\n"
	"  --password-stdin    read the password from standard input\n\n"
	"A password has at least 12 characters. Without a terminal and without --password-stdin one is made at random\n"
	"and printed once.\n\n"
	"Example: sulh user add /srv/office --login leyla --name \"Leyla Həsənova\" --roles \"liaison\"\n",
	run,
};
