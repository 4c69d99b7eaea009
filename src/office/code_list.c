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

/* Two people at once can close a circle that neither saw: its entries are not lost. */
static void place_rest(struct gathering *g)
{
	for (size_t i = 0; g->placed < g->n && i < g->n; i++) {
		size_t k = 0;

		while (k < g->placed && g->out[k].entry != g->kept[i])
			k++;
		if (k == g->placed)
			g->out[g->placed++] = (struct code_choice) { g->kept[i], 0 };
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
	place_rest(&g);
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

bool code_target_ok(const char *text)
{
	char *end;
	long goal = strtol(text, &end, 10);

	if (end == text || goal < 1 || goal > 17 || *end != '.')
		return false;
	end++;
	return (end[0] >= 'a' && end[0] <= 'd' && !end[1]) ||
	       (*end >= '1' && *end <= '9' && end[strspn(end, "0123456789")] == '\0' && strlen(end) <= 2);
}

static bool same_text(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool same_keys(const struct code_entry *a, const struct code_entry *b)
{
	if (a->ofs != b->ofs)
		return false;
	for (size_t i = 0; i < a->ofs; i++)
		if (strcmp(a->of[i], b->of[i]) != 0)
			return false;
	return true;
}

bool code_entry_same(const struct code_entry *a, const struct code_entry *b)
{
	for (int lang = 0; lang < LANG_MAX; lang++)
		if (!same_text(a->name.in[lang], b->name.in[lang]))
			return false;
	return same_text(a->parent, b->parent) && same_keys(a, b) && a->position == b->position &&
	       a->valid_to == b->valid_to && a->withdrawn == b->withdrawn && same_text(a->un_theme, b->un_theme) &&
	       same_text(a->sdg_target, b->sdg_target) && same_text(a->closing, b->closing);
}

static enum err check_names(const struct code_context *c, const struct code_entry *version, struct fault *fault)
{
	char field[16] = "name_";

	for (size_t i = 0; i < c->languages_count; i++) {
		const char *name = version->name.in[c->languages[i]];

		strcpy(field + 5, lang_code(c->languages[i]));
		if (!name || !*name)
			return fault_set(fault, ERR_INVALID, field, N_("This text is missing in {language}."),
			    "language", lang_name(c->languages[i]), NULL);
	}
	return OK;
}

static enum err check_parent(const struct code_context *c, const struct code_entry *version, struct fault *fault)
{
	if (!version->parent)
		return OK;
	if (!code_at(c->list, version->parent, version->valid_from))
		return fault_set(fault, ERR_INVALID, "parent", N_("No entry of this list has the key {key}."), "key",
		    version->parent, NULL);
	/* Also as it will be when versions entered earlier for later days have begun. */
	if (code_circle(c->list, version->key, version->parent, version->valid_from) ||
	    code_circle(c->list, version->key, version->parent, CALENDAR_LAST))
		return fault_set(fault, ERR_INVALID, "parent", N_("An entry cannot stand below itself: {key}."), "key",
		    version->parent, NULL);
	return OK;
}

static enum err check_of(const struct code_context *c, const struct code_entry *version, struct fault *fault)
{
	if (version->ofs && !c->of)
		return fault_set(fault, ERR_INVALID, "of", N_("This list depends on no other list."), NULL);
	for (size_t i = 0; i < version->ofs; i++)
		if (!code_at(c->of, version->of[i], version->valid_from))
			return fault_set(fault, ERR_INVALID, "of",
			    N_("The list {list} has no entry with the key {key}."), "list", c->of->key, "key",
			    version->of[i], NULL);
	return OK;
}

static enum err check_terms(const struct code_context *c, const struct code_entry *version, struct fault *fault)
{
	if (version->sdg_target && !code_target_ok(version->sdg_target))
		return fault_set(fault, ERR_INVALID, "sdg_target", N_("A target such as {example} is expected here."),
		    "example", "16.3", NULL);
	if (version->closing && c->closings && !code_at(c->closings, version->closing, version->valid_from))
		return fault_set(fault, ERR_INVALID, "closing", N_("No closing reason has this key: {key}."), "key",
		    version->closing, NULL);
	if (version->valid_to < version->valid_from)
		return fault_set(fault, ERR_INVALID, "valid_to", N_("The last day lies before the first."), NULL);
	return OK;
}

enum err code_version_check(const struct code_context *c, const struct code_entry *version, struct fault *fault)
{
	enum err e;

	if (!code_key_ok(version->key))
		return fault_set(fault, ERR_INVALID, "key",
		    N_("A key has at most 60 small letters, digits, “_”, “.” and “-”."), NULL);
	e = check_names(c, version, fault);
	if (!e)
		e = check_parent(c, version, fault);
	if (!e)
		e = check_of(c, version, fault);
	return e ? e : check_terms(c, version, fault);
}
