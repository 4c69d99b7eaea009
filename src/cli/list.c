/* sulh list: the office's code lists as files, out and in. */
#include "cli/command.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "office/code_change.h"
#include "office/code_sheet.h"
#include "office/current.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{ "map", required_argument, NULL, 'm' },
	{ "reason", required_argument, NULL, 'r' },
	{ "dry-run", no_argument, NULL, 'd' },
	{ 0 },
};

struct listing {
	struct office *office;
	struct arena *arena;
	const char *list, *file, *map, *reason;
	bool dry;
	struct code_context context;
	struct fault fault;
};

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);
	return len >= tail && !strcmp(text + len - tail, end);
}

/* --- out --------------------------------------------------------------------------------------------------------- */

static enum err write_out(struct listing *l, const char *text, size_t len)
{
	bool screen = !strcmp(l->file, "-");
	FILE *out = screen ? stdout : fopen(l->file, "we");
	bool good = out && fwrite(text, 1, len, out) == len && !fflush(out);
	int why = errno;
	if (out && !screen && fclose(out))
		good = false;
	return good ? OK
		    : fault_set(&l->fault, ERR_STORE, l->file, N_("This file cannot be written: {why}."), "why",
			  strerror(why), NULL);
}

static enum err export_json(struct listing *l, int64_t today)
{
	json_t *sheet CLEANUP(json_decrefp) = code_sheet_json(l->arena, l->context.list, today);
	char *text CLEANUP(free_ptr) = json_dumps(sheet, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	return text ? write_out(l, text, strlen(text)) : ERR_MEMORY;
}

static enum err export(struct listing *l) {
	struct buf out = BUF_INIT(16 * 1024 * 1024); int64_t today = office_day(l->office, now_ms());
	if (ends_with(l->file, ".json")) return export_json(l, today);
	enum err e = code_sheet_csv(l->arena, l->context.list, today, &out);
	if (!e) e = write_out(l, out.data, out.len);
	buf_done(&out);
	return e;
}

/* --- in ---------------------------------------------------------------------------------------------------------- */

static enum err read_mapping(struct listing *l, json_t **ret_mapping)
{
	char *text CLEANUP(free_ptr) = NULL;
	size_t len;
	if (!l->map)
		return OK;
	enum err e = cli_read_text(l->map, &text, &len, &l->fault);
	return e ? e : code_mapping_parse(l->arena, text, len, ret_mapping, &l->fault);
}

static enum err tell_bad_rows(struct listing *l, const struct code_plan *plan)
{
	char words[700], count[24];
	for (size_t i = 0; i < plan->faults; i++)
		fprintf(stderr, "%s:%zu: %s\n", l->file, plan->fault[i].line,
		    fault_english(&plan->fault[i].fault, words, sizeof(words)));
	snprintf(count, sizeof(count), "%zu", plan->faults);
	return fault_set(
	    &l->fault, ERR_INVALID, l->file, N_("Nothing was entered: {n} rows cannot be taken."), "n", count, NULL);
}

static enum err enter(struct listing *l, const struct code_plan *plan)
{
	static const struct actor system_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };
	const struct code_change change = { l->list, plan->version, plan->versions, l->reason ? l->reason : l->file,
		CODE_SEEN_ANY };
	return code_enter(l->office, &system_actor, now_ms(), &change, &l->fault);
}

static enum err import(struct listing *l)
{
	char *text CLEANUP(free_ptr) = NULL;
	json_t *mapping = NULL;
	struct code_plan plan = { 0 };
	size_t len;
	enum err e = read_mapping(l, &mapping);
	if (!e)
		e = cli_read_text(l->file, &text, &len, &l->fault);
	if (e)
		return e;
	const struct code_import in = { l->context, office_day(l->office, now_ms()), mapping };
	e = code_import_plan(l->arena, &in, text, len, &plan, &l->fault);
	if (!e && plan.faults)
		e = tell_bad_rows(l, &plan);
	if (!e && !l->dry)
		e = enter(l, &plan);
	if (!e)
		printf("%s: %zu added, %zu changed, %zu unchanged%s\n", l->list, plan.added, plan.changed, plan.same,
		    l->dry ? "; nothing was entered" : "");
	return e;
}

/* --- the command ------------------------------------------------------------------------------------------------- */

static enum err find_list(struct listing *l)
{
	if (!code_context_of(l->office, l->list, &l->context))
		return OK;
	return fault_set(
	    &l->fault, ERR_NOT_FOUND, NULL, N_("There is no list with the key {key}."), "key", l->list, NULL);
}

static int run(int argc, char **argv)
{
	struct listing l = { 0 };
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'm')
			l.map = optarg;
		else if (c == 'r')
			l.reason = optarg;
		else if (c == 'd')
			l.dry = true;
		else
			return command_usage(&command_list);
	}
	bool in = argc - optind == 4 && !strcmp(argv[optind], "import");
	bool out = argc - optind == 4 && !strcmp(argv[optind], "export");
	if (!in && !out)
		return command_usage(&command_list);
	l.list = argv[optind + 2];
	l.file = argv[optind + 3];
	l.arena = arena_new(0);
	enum err e = cli_office_open(argv[optind + 1], &l.office, &l.fault);
	if (!e)
		e = find_list(&l);
	if (!e)
		e = in ? import(&l) : export(&l);
	office_close(l.office);
	arena_free(l.arena);
	return e ? command_fail(&command_list, e, &l.fault) : 0;
}

const struct command command_list = {
	"list",
	"export DIR LIST FILE | import DIR LIST FILE [--map FILE] [--reason TEXT] [--dry-run]",
	"Give a code list out as a file, or take one in",
	"  LIST           key of the list, such as faults or complaint_kinds\n"
	"  FILE           CSV, or JSON where the name ends in .json; - for standard output and input\n"
	"  --map FILE     JSON: for each key of another institution the own key that stands for it\n"
	"  --reason TEXT  why, for the list's history\n"
	"  --dry-run      say what would change, and every bad row by its line; enter nothing\n\n"
	"What is new or different begins today; entries that are not in the file stay as they are. One bad row, and "
	"nothing\n"
	"is entered. A running office takes the change over within a second.\n\n"
	"Example: sulh list export /srv/office faults faults.csv\n"
	"         sulh list import /srv/office faults faults.csv --dry-run\n",
	run,
};
