/* Versions of codes: sorted, found by day, offered in order, and the rules about entering one. */
#include "office/code_list.h"

#include "office/calendar.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 32 /* a chain of parents longer than this is a circle */

static int version_order(const void *a, const void *b)
{
	const struct code_entry *x = a, *y = b;
	int keys = strcmp(x->key, y->key);

	if (keys)
		return keys;
	if (x->valid_from != y->valid_from)
		return x->valid_from < y->valid_from ? -1 : 1;
	return (x->serial > y->serial) - (x->serial < y->serial);
}

void code_entries_sort(struct code_entry *entry, size_t n)
{
	if (n)
		qsort(entry, n, sizeof(*entry), version_order);
}

void code_list_changed(struct arena *arena, const struct code_list *base, const struct code_entry *versions, size_t n,
    struct code_list *ret_list)
{
	struct code_entry *all = arena_alloc(arena, (base->entries + n + 1) * sizeof(*all));

	if (base->entries)
		memcpy(all, base->entry, base->entries * sizeof(*all));
	if (n)
		memcpy(all + base->entries, versions, n * sizeof(*all));
	code_entries_sort(all, base->entries + n);
	*ret_list = *base;
	ret_list->entry = all;
	ret_list->entries = base->entries + n;
}

/* The first version of the key. */
static const struct code_entry *first_version(const struct code_list *list, const char *key)
{
	size_t low = 0, high = list->entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list->entry[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->entries && !strcmp(list->entry[low].key, key) ? &list->entry[low] : NULL;
}

static bool is_last_of_key(const struct code_list *list, const struct code_entry *v)
{
	return v + 1 == list->entry + list->entries || strcmp(v[1].key, v->key) != 0;
}

const struct code_entry *code_at(const struct code_list *list, const char *key, int64_t day)
{
	const struct code_entry *v = key ? first_version(list, key) : NULL;

	while (v && !is_last_of_key(list, v) && v[1].valid_from <= day)
		v++;
	return v;
}

bool code_offered(const struct code_entry *version, int64_t day)
{
	return !version->withdrawn && day >= version->valid_from && day <= version->valid_to;
}

bool code_goes_with(const struct code_entry *entry, const char *of)
{
	if (!of || !entry->ofs)
		return true;
	for (size_t i = 0; i < entry->ofs; i++)
		if (!strcmp(entry->of[i], of))
			return true;
	return false;
}

bool code_may_choose(const struct code_list *list, const char *key, const char *of, int64_t day)
{
	const struct code_entry *v = code_at(list, key, day);

	return v && code_offered(v, day) && code_goes_with(v, of);
}

/* --- in order ---------------------------------------------------------------------------------------------------- */

struct gathering {
	const struct code_entry **kept; /* one version a key */
	size_t n;
	struct code_choice *out;
	size_t placed;
	int64_t day;
};

static int sibling_order(const void *a, const void *b)
{
	const struct code_entry *x = *(const struct code_entry *const *)a, *y = *(const struct code_entry *const *)b;

	if (x->withdrawn != y->withdrawn)
		return x->withdrawn ? 1 : -1;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return strcmp(x->key, y->key);
}

static const struct code_entry *kept_by_key(const struct gathering *g, const char *key)
{
	for (size_t i = 0; key && i < g->n; i++)
		if (!strcmp(g->kept[i]->key, key))
			return g->kept[i];
	return NULL;
}

static void place_children(struct gathering *g, const struct code_entry *parent, int depth)
{
	for (size_t i = 0; depth < DEPTH_MAX && i < g->n; i++) {
		const struct code_entry *entry = g->kept[i];

		if (kept_by_key(g, entry->parent) != parent || g->placed == g->n)
			continue;
		g->out[g->placed++] = (struct code_choice) { entry, depth };
		place_children(g, entry, depth + 1);
	}
}

static size_t gather(struct arena *arena, const struct code_list *list, int64_t day, const char *of, bool all,
    const struct code_choice **ret_choices)
{
	struct gathering g = { .day = day };

	g.kept = arena_alloc(arena, (list->entries + 1) * sizeof(*g.kept));
	for (const struct code_entry *v = list->entry; v < list->entry + list->entries; v++) {
		const struct code_entry *now = is_last_of_key(list, v) ? code_at(list, v->key, day) : NULL;

		if (now && (all || (code_offered(now, day) && code_goes_with(now, of))))
			g.kept[g.n++] = now;
	}
	if (g.n)
		qsort(g.kept, g.n, sizeof(*g.kept), sibling_order);
	g.out = arena_alloc(arena, (g.n + 1) * sizeof(*g.out));
	place_children(&g, NULL, 0);
	*ret_choices = g.out;
	return g.placed;
}

size_t code_choices(struct arena *arena, const struct code_list *list, int64_t day, const char *of,
    const struct code_choice **ret_choices)
{
	return gather(arena, list, day, of, false, ret_choices);
}

size_t code_all(struct arena *arena, const struct code_list *list, int64_t day, const struct code_choice **ret_choices)
{
	return gather(arena, list, day, NULL, true, ret_choices);
}

/* --- entering a version ------------------------------------------------------------------------------------------ */

bool code_key_ok(const char *key)
{
	size_t good = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.-");

	return good > 0 && !key[good] && good <= CODE_KEY_MAX;
}

bool code_circle(const struct code_list *list, const char *key, const char *parent, int64_t day)
{
	for (int depth = 0; parent; depth++) {
		const struct code_entry *up;

		if (!strcmp(parent, key) || depth > DEPTH_MAX)
			return true;
		up = code_at(list, parent, day);
		parent = up ? up->parent : NULL;
	}
	return false;
}

static enum err check_names(
    const struct code_entry *version, const enum lang *languages, size_t languages_count, struct fault *fault)
{
	char field[16] = "name_";

	for (size_t i = 0; i < languages_count; i++) {
		const char *name = version->name.in[languages[i]];

		strcpy(field + 5, lang_code(languages[i]));
		if (!name || !*name)
			return fault_set(fault, ERR_INVALID, field, N_("This text is missing in {language}."),
			    "language", lang_name(languages[i]), NULL);
	}
	return OK;
}

static enum err check_references(const struct code_list *list, const struct code_list *of_list,
    const struct code_entry *version, struct fault *fault)
{
	if (version->parent && !code_at(list, version->parent, version->valid_from))
		return fault_set(fault, ERR_INVALID, "parent", N_("No entry of this list has the key {key}."), "key",
		    version->parent, NULL);
	/* Also as it will be when versions entered earlier for later days have begun. */
	if (version->parent && (code_circle(list, version->key, version->parent, version->valid_from) ||
				   code_circle(list, version->key, version->parent, CALENDAR_LAST)))
		return fault_set(fault, ERR_INVALID, "parent", N_("An entry cannot stand below itself: {key}."), "key",
		    version->parent, NULL);
	if (version->ofs && !of_list)
		return fault_set(fault, ERR_INVALID, "of", N_("This list depends on no other list."), NULL);
	for (size_t i = 0; i < version->ofs; i++)
		if (!code_at(of_list, version->of[i], version->valid_from))
			return fault_set(fault, ERR_INVALID, "of",
			    N_("The list {list} has no entry with the key {key}."), "list", of_list->key, "key",
			    version->of[i], NULL);
	return OK;
}

enum err code_version_check(const struct code_list *list, const struct code_list *of_list,
    const struct code_entry *version, const enum lang *languages, size_t languages_count, struct fault *fault)
{
	enum err e;

	if (!code_key_ok(version->key))
		return fault_set(fault, ERR_INVALID, "key",
		    N_("A key has at most 60 small letters, digits, “_”, “.” and “-”."), NULL);
	e = check_names(version, languages, languages_count, fault);
	if (!e)
		e = check_references(list, of_list, version, fault);
	if (!e && version->valid_to < version->valid_from)
		return fault_set(fault, ERR_INVALID, "valid_to", N_("The last day lies before the first."), NULL);
	return e;
}
