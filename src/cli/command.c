/* What every command needs: its help, its failures in one line, and the office with all rooms' migrations. */
#include "cli/command.h"

#include "base/buf.h"
#include "casework/agency_account.h"
#include "casework/casefile.h"
#include "cooperation/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define MIGRATIONS_MAX 64

struct db_migration cli_migrations[MIGRATIONS_MAX];

void command_help(const struct command *command)
{
	printf("usage: sulh %s %s\n\n%s.\n\n%s", command->name, command->usage, command->summary, command->help);
}

int command_usage(const struct command *command)
{
	fprintf(stderr, "usage: sulh %s %s\nSee `sulh %s --help`.\n", command->name, command->usage, command->name);
	return 2;
}

int command_fail(const struct command *command, enum err e, const struct fault *fault)
{
	char words[700];
	const char *what = fault && fault->key ? fault_english(fault, words, sizeof(words)) : err_sentence(e);
	fprintf(
	    stderr, "sulh %s: %s\n", command->name, what); /* the sentence begins with the field where there is one */
	return err_exit_status(e);
}

static size_t collect(size_t n, const struct db_migration *const *list, size_t count)
{
	for (size_t i = 0; i < count && n < MIGRATIONS_MAX; i++)
		cli_migrations[n++] = *list[i];
	return n;
}

size_t cli_migrations_collect(void)
{
	size_t n = collect(0, office_migrations, office_migration_count);
	n = collect(n, casework_migrations, casework_migration_count);
	return collect(n, cooperation_migrations, cooperation_migration_count);
}

enum err cli_office_open(const char *dir, struct office **ret_office, struct fault *fault)
{
	size_t n = cli_migrations_collect();
	enum err e = office_open(dir, cli_migrations, n, ret_office, fault);
	if (!e) {
		casework_plug(&cooperation_plugin);
		agency_login_plug();
	}
	return e;
}

enum err cli_read_text(const char *path, char **ret_text, size_t *ret_len, struct fault *fault)
{
	bool input = !strcmp(path, "-");
	FILE *f = input ? stdin : fopen(path, "re");
	struct buf text = BUF_INIT(CLI_TEXT_LIMIT);
	char piece[4096];
	size_t n;
	enum err e = OK;
	if (!f)
		return fault_set(
		    fault, ERR_STORE, path, N_("The file cannot be read: {reason}."), "reason", strerror(errno), NULL);
	while (!e && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		e = buf_add(&text, piece, n);
	if (!input)
		fclose(f);
	while (!e && text.len && strchr("\r\n ", text.data[text.len - 1]))
		text.data[--text.len] = '\0';
	if (!e && ret_len)
		*ret_len = text.len;
	if (!e)
		*ret_text = buf_take(&text);
	buf_done(&text);
	return e;
}

bool prompt_line(const char *question, char *out, size_t room, bool secret)
{
	struct termios before, quiet;
	bool terminal = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	fputs(question, stderr);
	if (secret && terminal) {
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	bool got = fgets(out, (int)room, stdin) != NULL;
	if (secret && terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (got)
		out[strcspn(out, "\r\n")] = '\0';
	return got;
}
