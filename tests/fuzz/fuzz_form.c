/* Urlencoded text and paths from strangers, then a form table over what came out. */
#include "http/internal.h"

#include <string.h>

struct typed {
	const char *name, *lines, *mail, *date, *choice;
	int64_t number;
	bool box;
};

static const char *const choices[] = { "a", "b", NULL };
static const struct field fields[] = {
	FIELD(struct typed, name, FIELD_TEXT, 20, FIELD_REQUIRED, "Name"),
	FIELD(struct typed, lines, FIELD_LINES, 100, 0, "Lines"),
	FIELD(struct typed, mail, FIELD_EMAIL, 0, 0, "Mail"),
	FIELD(struct typed, date, FIELD_DATE, 0, 0, "Date"),
	FIELD_OF(struct typed, choice, choices, 0, "Choice"),
	FIELD(struct typed, number, FIELD_INT, 1000, 0, "Number"),
	FIELD(struct typed, box, FIELD_BOOL, 0, 0, "Box"),
};

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	struct request_data *d = arena_alloc(arena, sizeof *d);
	struct faults faults = { 0 };
	struct typed out;
	const char *path;

	d->rq.arena = arena;
	d->rq.data = d;
	if (!path_decode(arena, (const char *)data, size, &path) && (path[0] != '/' || strstr(path, "/../")))
		__builtin_trap();
	if (!urlencoded_parse(arena, (const char *)data, size, 50, &d->form, NULL)) {
		form_parse(&d->rq, fields, sizeof fields / sizeof fields[0], &out, &faults);
		json_decref(form_values(&d->rq, fields, sizeof fields / sizeof fields[0]));
		for (const struct pair *p = d->form.first; p; p = p->next)
			upload_name(arena, p->value);
	}
	arena_free(arena);
	return 0;
}
