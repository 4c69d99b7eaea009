/*
 * One command of `sulh`: a row in a table with its own help; one file a command.
 */
#ifndef SULH_CLI_COMMAND_H
#define SULH_CLI_COMMAND_H

#include "base/err.h"
#include "office/office.h"

#include <getopt.h>
#include <stdbool.h>

struct command {
	const char *name;
	const char *usage;   /* after the command's name */
	const char *summary; /* one line */
	const char *help;    /* options and an example */
	/* argv[0] is the command's name. The exit status; faults go through command_fail. */
	int (*run)(int argc, char **argv);
};

extern const struct command command_init, command_serve, command_user, command_token, command_verify, command_receipt,
    command_profile, command_list;
extern const struct command *const commands[]; /* ended by NULL */

/* Says on one line what, where and what to do, and returns the exit status of the code. */
int command_fail(const struct command *, enum err, const struct fault *);
int command_usage(const struct command *); /* wrong arguments: usage to stderr, status 2 */
void command_help(const struct command *);

/* Opens an office with every room's migrations. */
enum err cli_office_open(const char *dir, struct office **ret_office, struct fault *) MUST_CHECK;
extern struct db_migration cli_migrations[];
size_t cli_migrations_collect(void); /* fills cli_migrations, returns their number */

#define CLI_TEXT_LIMIT ((size_t)1024 * 1024)
/* A text file ("-": standard input) of at most CLI_TEXT_LIMIT bytes without the blanks at its end; free() it. `ret_len`
 * may be NULL. */
enum err cli_read_text(const char *path, char **ret_text, size_t *ret_len, struct fault *) MUST_CHECK;

/* Reads a line from the terminal (echo off for passwords); false at the end of input. */
bool prompt_line(const char *question, char *out, size_t room, bool secret);

#endif
