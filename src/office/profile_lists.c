/* The profile's code lists: lists.json, and the lists that other files of the folder hold the rows of. */
#include "office/profile_read.h"

#include <string.h>

/* What the program asks for by name; a profile may have more. `source`: rows that stand in a file of their own. */
static const struct {
	const char *key, *source;
} wanted[] = {
	{ "subjects", "subjects.json" },
	{ "closing", "closing.json" },
	{ "body_kinds", "bodies.json" },
	{ "complaint_kinds", NULL },
	{ "inadmissibility", NULL },
	{ "inadmissibility_grounds", NULL },
	{ "closing_methods", NULL },
	{ "faults", NULL },
	{ "groups", NULL },
	{ "outcomes", NULL },
	{ "findings", NULL },
};
#define WANTED (sizeof(wanted) / sizeof(wanted[0]))

static const char *source_of(const char *key)
{
	for (size_t i = 0; i < WANTED; i++)
		if (!strcmp(wanted[i].key, key))
			return wanted[i].source;
	return NULL;
}

static const json_t *row_at(const json_t *rows, size_t i)
{
	return json_array_get(rows, i);
}

static void read_of(struct reader *r, const struct at *at, const json_t *row, struct code_entry *entry)
{
	const struct at list = { at, "of", 0 };
	const json_t *keys = json_object_get(row, "of");
	const char **of;

	if (!keys)
		return;
	keys = read_array(r, at, row, "of");
	of = arena_alloc(r->arena, (json_array_size(keys) + 1) * sizeof(*of));
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const struct at here = { &list, NULL, i };
		const char *key = json_string_value(row_at(keys, i));

		if (key)
			of[entry->ofs++] = key;
		else
			read_mistake(r, &here, NULL, N_("A text in quotation marks is expected here."), NULL, NULL);
	}
	entry->of = of;
}

void read_code_dates(struct reader *r, const struct at *at, const json_t *row, struct code_entry *entry)
{
	entry->parent = read_text_or_null(r, at, row, "parent");
	entry->valid_from = read_day(r, at, row, "valid_from", CALENDAR_FIRST);
	entry->valid_to = read_day(r, at, row, "valid_to", CALENDAR_LAST);
	entry->un_theme = read_text_or_null(r, at, row, "un_theme");
	entry->sdg_target = read_text_or_null(r, at, row, "sdg_target");
	entry->closing = read_text_or_null(r, at, row, "closing");
	read_of(r, at, row, entry);
	if (entry->valid_to < entry->valid_from)
		read_mistake(r, at, "valid_to", N_("The last day lies before the first."), NULL, NULL);
	if (entry->sdg_target && !code_target_ok(entry->sdg_target))
		read_mistake(
		    r, at, "sdg_target", N_("A target such as {example} is expected here."), "example", "16.3");
}

static void read_entry(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct code_entry *entry)
{
	static const char *const keys[] = { "key", "name", "parent", "of", "valid_from", "valid_to", "un_theme",
		"sdg_target", "closing", NULL };

	read_only_keys(r, at, row, keys);
	entry->key = read_key(r, at, row, "key");
	entry->name = read_names(r, at, row, "name");
	read_code_dates(r, at, row, entry);
	if (entry->closing && !profile_closing(p, entry->closing))
		read_mistake(r, at, "closing", N_("No closing reason has this key: {key}."), "key", entry->closing);
}

/* --- what one entry says of another ------------------------------------------------------------------------------ */

static bool has_key(const struct code_entry *entry, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(entry[i].key, key))
			return true;
	return false;
}

/* The same key may stand again with another first day: that is its next version. */
static void check_twice(struct reader *r, const struct at *list, const struct code_entry *entry, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct at here = { list, NULL, i };

		for (size_t j = 0; j < i; j++) {
			if (strcmp(entry[i].key, entry[j].key) || entry[i].valid_from != entry[j].valid_from)
				continue;
			read_mistake(r, &here, "key", N_("This key stands twice: {key}."), "key", entry[i].key);
			break;
		}
	}
}

/* `list` holds the entries sorted already; `entry` has them in the file's order. */
static void check_parents(
    struct reader *r, const struct at *at, const struct code_entry *entry, size_t n, const struct code_list *list)
{
	for (size_t i = 0; i < n; i++) {
		const struct at here = { at, NULL, i };
		const char *parent = entry[i].parent;

		if (!parent)
			continue;
		if (!has_key(entry, n, parent))
			read_mistake(r, &here, "parent", N_("No entry of this list has the key {key}."), "key", parent);
		else if (code_circle(list, entry[i].key, parent, entry[i].valid_from))
			read_mistake(
			    r, &here, "parent", N_("An entry cannot stand below itself: {key}."), "key", entry[i].key);
	}
}

static void check_of(
    struct reader *r, const struct at *at, const struct code_entry *entry, size_t n, const struct code_list *of)
{
	for (size_t i = 0; i < n; i++) {
		const struct at here = { at, NULL, i }, keys = { &here, "of", 0 };

		if (entry[i].ofs && !of)
			read_mistake(r, &here, "of", N_("This list depends on no other list."), NULL, NULL);
		for (size_t k = 0; of && k < entry[i].ofs; k++) {
			const struct at one = { &keys, NULL, k };

			if (!code_at(of, entry[i].of[k], CALENDAR_LAST))
				read_mistake(r, &one, NULL, N_("No entry of this list has the key {key}."), "key",
				    entry[i].of[k]);
		}
	}
}

/* --- the lists --------------------------------------------------------------------------------------------------- */

/* One list while it is read: its entries in the file's order, kept for the checks that need the other lists. */
struct draft {
	struct code_list *list;
	struct code_entry *entry; /* as in the file */
	size_t n;
};

static void take_entries(struct reader *r, struct draft *d)
{
	struct code_entry *sorted = arena_alloc(r->arena, (d->n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < d->n; i++)
		d->entry[i].position = (int64_t)i + 1;
	if (d->n)
		memcpy(sorted, d->entry, d->n * sizeof(*sorted));
	code_entries_sort(sorted, d->n);
	d->list->entry = sorted;
	d->list->entries = d->n;
}

static void read_rows(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct draft *d)
{
	const json_t *rows = read_array(r, at, row, "entries");
	const struct at list = { at, "entries", 0 };

	d->n = json_array_size(rows);
	d->entry = arena_alloc(r->arena, (d->n + 1) * sizeof(*d->entry));
	for (size_t i = 0; i < d->n; i++) {
		const struct at here = { &list, NULL, i };

		read_entry(r, &here, row_at(rows, i), p, &d->entry[i]);
	}
	check_twice(r, &list, d->entry, d->n);
	take_entries(r, d);
	check_parents(r, &list, d->entry, d->n, d->list);
}

/* The rows stand in another file; here are only the list's name and what it depends on. */
static void take_rows(struct reader *r, const struct profile *p, struct draft *d)
{
	const char *key = d->list->key;

	if (!strcmp(key, "body_kinds")) {
		d->n = p->body_kinds.count;
		d->entry = arena_alloc(r->arena, (d->n + 1) * sizeof(*d->entry));
		for (size_t i = 0; i < d->n; i++)
			d->entry[i] = (struct code_entry) { .key = p->body_kinds.at[i].key,
				.name = p->body_kinds.at[i].name,
				.valid_from = CALENDAR_FIRST,
				.valid_to = CALENDAR_LAST };
	} else {
		bool subjects = !strcmp(key, "subjects");
		d->n = subjects ? p->subjects : p->closings;
		d->entry = subjects ? p->subject_entry : p->closing_entry;
		if (!d->entry)
			d->n = 0;
	}
	take_entries(r, d);
}

static void read_list(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct draft *d)
{
	static const char *const with_rows[] = { "key", "name", "of", "entries", NULL };
	static const char *const without[] = { "key", "name", "of", NULL };
	const char *key = read_key(r, at, row, "key");
	const char *source = source_of(key);

	read_only_keys(r, at, row, source ? without : with_rows);
	d->list->key = key;
	d->list->name = read_names(r, at, row, "name");
	d->list->of = read_text_or_null(r, at, row, "of");
	if (source)
		take_rows(r, p, d);
	else
		read_rows(r, at, row, p, d);
}

static const struct code_list *find(const struct code_list *list, size_t n, const char *key)
{
	for (size_t i = 0; key && i < n; i++)
		if (list[i].key && !strcmp(list[i].key, key))
			return &list[i];
	return NULL;
}

static void check_dependence(struct reader *r, const struct at *lists_at, size_t i, const struct draft *d,
    const struct code_list *lists, size_t n)
{
	const struct at here = { lists_at, NULL, i }, entries = { &here, "entries", 0 };
	const struct code_list *of = find(lists, n, d->list->of);
	const char *source = source_of(d->list->key), *file = r->file;

	if (d->list->of && !of)
		read_mistake(r, &here, "of", N_("There is no list with the key {key}."), "key", d->list->of);
	else if (of && (of == d->list || (of->of && !strcmp(of->of, d->list->key))))
		read_mistake(r, &here, "of", N_("A list cannot depend on itself: {key}."), "key", d->list->key);
	if (!source) {
		check_of(r, &entries, d->entry, d->n, of);
	} else if (strcmp(source, "bodies.json") != 0) {
		const struct at rows = { NULL, !strcmp(source, "subjects.json") ? "subjects" : "reasons", 0 };

		r->file = source;
		check_twice(r, &rows, d->entry, d->n);
		check_parents(r, &rows, d->entry, d->n, d->list);
		check_of(r, &rows, d->entry, d->n, of);
		r->file = file;
	}
}

void read_lists_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "lists", NULL };
	const json_t *top = read_file(r, "lists.json"), *rows;
	const struct at at = { NULL, "lists", 0 };
	struct code_list *lists;
	struct draft *draft;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	rows = read_array(r, NULL, top, "lists");
	p->lists = json_array_size(rows);
	lists = arena_alloc(r->arena, (p->lists + 1) * sizeof(*lists));
	draft = arena_alloc(r->arena, (p->lists + 1) * sizeof(*draft));
	for (size_t i = 0; i < p->lists; i++) {
		const struct at here = { &at, NULL, i };

		draft[i].list = &lists[i];
		read_list(r, &here, row_at(rows, i), p, &draft[i]);
	}
	read_unique(r, &at, &lists->key, p->lists, sizeof(*lists));
	for (size_t i = 0; i < p->lists; i++)
		check_dependence(r, &at, i, &draft[i], lists, p->lists);
	for (size_t i = 0; i < WANTED; i++)
		if (!find(lists, p->lists, wanted[i].key))
			read_mistake(
			    r, NULL, "lists", N_("There is no list with the key {key}."), "key", wanted[i].key);
	p->list = lists;
}
