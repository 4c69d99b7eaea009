/* The registers of profile.json: whose numbers can be told apart. */
#include "office/number.h"
#include "office/profile_read.h"

#include <string.h>

/* Would a number of one be read as a number of the other? */
static bool alike(const char *a, const char *b)
{
	char number[NUMBER_TEXT];
	int64_t seq;
	int year;

	return !number_format(a, 2026, 1, number) && !number_parse(b, number, &year, &seq);
}

static const char *read_pattern(struct reader *r, const struct at *at, const json_t *row, size_t i, const char *first)
{
	struct fault fault = { 0 };
	const char *pattern;

	if (i == 0) {
		if (json_object_get(row, "number"))
			read_mistake(
			    r, at, "number", N_("The first register has the number of the office itself."), NULL, NULL);
		return first;
	}
	pattern = read_text(r, at, row, "number");
	if (*pattern && number_check(pattern, &fault))
		read_mistake(r, at, "number", fault.key, fault.args ? fault.arg[0].name : NULL, fault.arg[0].value);
	return pattern;
}

void read_registers(struct reader *r, const json_t *top, struct profile *p)
{
	static const char *const keys[] = { "key", "name", "number", NULL };
	const json_t *rows = read_array(r, NULL, top, "registers");
	const struct at list = { NULL, "registers", 0 };
	struct numbering *n;

	p->numberings = json_array_size(rows);
	n = arena_alloc(r->arena, (p->numberings + 1) * sizeof(*n));
	for (size_t i = 0; i < p->numberings; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);

		read_only_keys(r, &here, row, keys);
		n[i].key = read_key(r, &here, row, "key");
		n[i].name = read_names(r, &here, row, "name");
		n[i].pattern = read_pattern(r, &here, row, i, p->number);
		for (size_t k = 0; k < i; k++)
			if (alike(n[k].pattern, n[i].pattern) || alike(n[i].pattern, n[k].pattern))
				read_mistake(r, &here, "number",
				    N_("Numbers of this register cannot be told from those of {key}."), "key",
				    n[k].key);
	}
	read_unique(r, &list, &n->key, p->numberings, sizeof(*n));
	if (p->numberings == 0)
		read_mistake(r, NULL, "registers", N_("An office has at least one register."), NULL, NULL);
	p->numbering = n;
}
