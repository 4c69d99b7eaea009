/* The profile's bodies: which there are, which stands above which, and in what one may complain of them. */
#include "office/profile_read.h"

#include <stdio.h>
#include <string.h>

#define CONTACT_DAYS 180 /* half a year, where a profile says nothing */

static const json_t *row_at(const json_t *rows, size_t i)
{
	return json_array_get(rows, i);
}

static const char *const *read_matters(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, size_t *ret_count)
{
	const json_t *rows = json_object_get(row, "matters") ? read_array(r, at, row, "matters") : NULL;
	const struct at list = { at, "matters", 0 };
	size_t n = json_array_size(rows);
	const char **keys = arena_alloc(r->arena, (n + 1) * sizeof(*keys));

	for (size_t i = 0; i < n; i++) {
		const struct at here = { &list, NULL, i };

		keys[i] = json_string_value(row_at(rows, i));
		if (!keys[i] || !profile_subject(p, keys[i])) {
			read_mistake(
			    r, &here, NULL, N_("No subject has this key: {key}."), "key", keys[i] ? keys[i] : "");
			keys[i] = "";
		}
	}
	*ret_count = n;
	return keys;
}

static enum mandate_may read_may(struct reader *r, const struct at *at, const json_t *row)
{
	static const char *const words[MANDATE_MAX] = { "yes", "no", "listed" };
	const char *text = read_text(r, at, row, "may");

	for (int i = 0; i < MANDATE_MAX; i++)
		if (!strcmp(text, words[i]))
			return (enum mandate_may)i;
	read_mistake(r, at, "may", N_("One of these is expected here: {list}."), "list", "yes, no, listed");
	return MANDATE_NO;
}

static void read_mandate(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct mandate *m)
{
	static const char *const keys[] = { "may", "since", "until", "matters", "not_ours", "source", NULL };

	read_only_keys(r, at, row, keys);
	m->may = read_may(r, at, row);
	m->since = read_day(r, at, row, "since", CALENDAR_FIRST);
	m->until = read_day(r, at, row, "until", CALENDAR_LAST);
	if (m->until < m->since)
		read_mistake(r, at, "until", N_("The last day lies before the first one."), NULL, NULL);
	m->matter = read_matters(r, at, row, p, &m->matters);
	if ((m->may == MANDATE_LISTED) != (m->matters > 0))
		read_mistake(r, at, "matters", N_("Matters are listed for “listed”, and only then."), NULL, NULL);
	m->not_ours = read_reason(r, at, row, "not_ours", p);
	if (m->may != MANDATE_YES && !m->not_ours)
		read_mistake(r, at, "not_ours", N_("A body outside the mandate names the closing reason to propose."),
		    NULL, NULL);
	m->source = read_text(r, at, row, "source");
}

/* The short way to say it: in_mandate, and not_ours where it is false. */
static struct mandate *read_short_mandate(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct mandate *m)
{
	bool ours = read_bool(r, at, row, "in_mandate");

	*m = (struct mandate) { .may = ours ? MANDATE_YES : MANDATE_NO,
		.since = CALENDAR_FIRST,
		.until = CALENDAR_LAST,
		.not_ours = read_reason(r, at, row, "not_ours", p),
		.source = "" };
	if (!ours && !m->not_ours)
		read_mistake(r, at, "not_ours", N_("A body outside the mandate names the closing reason to propose."),
		    NULL, NULL);
	return m;
}

static void read_mandates(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct body *b)
{
	const json_t *rows = json_object_get(row, "mandate") ? read_array(r, at, row, "mandate") : NULL;
	const struct at list = { at, "mandate", 0 };
	struct mandate *m = arena_alloc(r->arena, (json_array_size(rows) + 1) * sizeof(*m));

	b->mandate = m;
	b->mandates = rows ? json_array_size(rows) : 1;
	for (size_t i = 0; rows && i < b->mandates; i++) {
		const struct at here = { &list, NULL, i };

		read_mandate(r, &here, row_at(rows, i), p, &m[i]);
	}
	if (!rows)
		read_short_mandate(r, at, row, p, m);
	/* Today's answer is the last rule's without an end; who needs another day's asks body_mandate_on. */
	const struct mandate *last = b->mandates ? &m[b->mandates - 1] : NULL;
	b->in_mandate = last && last->may != MANDATE_NO && last->until == CALENDAR_LAST;
	b->not_ours = last && !b->in_mandate ? last->not_ours : NULL;
}

static void read_body(struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct body *b)
{
	static const char *const keys[] = { "key", "name", "kind", "country", "parent", "region", "mandate",
		"in_mandate", "not_ours", "register_no", "web", "synthetic", NULL };
	const char *text;

	read_only_keys(r, at, row, keys);
	b->key = read_key(r, at, row, "key");
	b->name = read_names(r, at, row, "name");
	b->kind = read_key(r, at, row, "kind");
	if (!codes_find(&p->body_kinds, b->kind))
		read_mistake(r, at, "kind", N_("No kind of body has this key: {key}."), "key", b->kind);
	b->country = read_country(r, at, row);
	b->parent = (text = read_text_or_null(r, at, row, "parent")) ? text : "";
	b->region = (text = read_text_or_null(r, at, row, "region")) ? text : "";
	b->register_no = (text = read_text_or_null(r, at, row, "register_no")) ? text : "";
	b->web = (text = read_text_or_null(r, at, row, "web")) ? text : "";
	read_mandates(r, at, row, p, b);
	b->synthetic = json_object_get(row, "synthetic") ? read_bool(r, at, row, "synthetic") : false;
	b->note = read_text_or_null(r, at, row, "note");
	b->since = CALENDAR_FIRST;
	b->until = CALENDAR_LAST;
	b->merged_into = b->former = b->fold = "";
}

/* Every superior is there, and nobody stands above themselves. */
static void check_tree(struct reader *r, const struct at *list, const struct profile *p)
{
	for (size_t i = 0; i < p->bodies; i++) {
		const struct at here = { list, NULL, i };
		const struct body *above = &p->body[i];
		size_t steps = 0;

		while (above && *above->parent && steps++ <= p->bodies) {
			const char *parent = above->parent;

			above = profile_body(p, parent);
			if (!above)
				read_mistake(r, &here, "parent", N_("No body has this key: {key}."), "key", parent);
		}
		if (steps > p->bodies)
			read_mistake(r, &here, "parent", N_("A body cannot stand above itself."), NULL, NULL);
	}
}

void read_bodies_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "kinds", "bodies", "contact_days", NULL };
	const json_t *top = read_file(r, "bodies.json"), *rows;
	const struct at list = { NULL, "bodies", 0 };
	struct body *b;

	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	p->contact_days = read_whole(r, NULL, top, "contact_days", 1, 3650, CONTACT_DAYS);
	p->body_kinds = read_codes(r, NULL, top, "kinds");
	rows = read_array(r, NULL, top, "bodies");
	p->bodies = json_array_size(rows);
	b = arena_alloc(r->arena, (p->bodies + 1) * sizeof(*b));
	for (size_t i = 0; i < p->bodies; i++) {
		const struct at here = { &list, NULL, i };

		read_body(r, &here, row_at(rows, i), p, &b[i]);
	}
	read_unique(r, &list, &b->key, p->bodies, sizeof(*b));
	p->body = b;
	check_tree(r, &list, p);
}
