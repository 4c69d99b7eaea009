/* The profile's assignment.json and review.json. */
#include "office/profile_flow.h"

#include "office/profile_read.h"

#include <string.h>

const char *const involvement_keys[INVOLVED_MAX + 1] = { "registered", "admitted", "led", "member", "signed", "closed",
	"worked", NULL };

/* --- assignment.json --------------------------------------------------------------------------------------------- */

static void read_unit_rule(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct unit_rule *rule)
{
	static const char *const keys[] = { "subject", "region", "abroad", "unit", NULL };

	read_only_keys(r, at, row, keys);
	rule->subject = read_text_or_null(r, at, row, "subject");
	if (rule->subject && !profile_subject(p, rule->subject))
		read_mistake(r, at, "subject", N_("No subject has this key: {key}."), "key", rule->subject);
	rule->region = read_text_or_null(r, at, row, "region");
	rule->abroad = json_object_get(row, "abroad") && read_bool(r, at, row, "abroad");
	rule->unit = read_key(r, at, row, "unit");
}

static void read_unit_rules(struct reader *r, const json_t *top, const struct profile *p, struct assignment_rules *a)
{
	const json_t *rows = read_array(r, NULL, top, "units");
	const struct at list = { NULL, "units", 0 };
	struct unit_rule *rule;

	a->units = json_array_size(rows);
	rule = arena_alloc(r->arena, (a->units + 1) * sizeof(*rule));
	for (size_t i = 0; i < a->units; i++) {
		const struct at here = { &list, NULL, i };

		read_unit_rule(r, &here, json_array_get(rows, i), p, &rule[i]);
	}
	a->unit = rule;
}

static void read_lead_roles(struct reader *r, const json_t *top, struct assignment_rules *a)
{
	const json_t *rows = read_array(r, NULL, top, "roles");
	const struct at list = { NULL, "roles", 0 };
	const char **role = arena_alloc(r->arena, (json_array_size(rows) + 1) * sizeof(*role));

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const struct at here = { &list, NULL, i };
		const char *key = json_string_value(json_array_get(rows, i));

		if (key)
			role[a->roles++] = key;
		else
			read_mistake(r, &here, NULL, N_("A text in quotation marks is expected here."), NULL, NULL);
	}
	a->role = role;
}

void read_assignment_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "units", "roles", "points", "ceiling", "language_needed", "separation",
		"source", NULL };
	static const char *const point_keys[] = { "subject", "language", "region", "load", NULL };
	const json_t *top = read_file(r, "assignment.json"), *points;
	const struct at at = { NULL, "points", 0 };
	struct assignment_rules *a = arena_alloc(r->arena, sizeof(*a));

	p->assignment = a;
	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	read_unit_rules(r, top, p, a);
	read_lead_roles(r, top, a);
	points = read_object(r, NULL, top, "points");
	read_only_keys(r, &at, points, point_keys);
	a->subject = read_whole(r, &at, points, "subject", 0, 100, -1);
	a->language = read_whole(r, &at, points, "language", 0, 100, -1);
	a->region = read_whole(r, &at, points, "region", 0, 100, -1);
	a->load = read_whole(r, &at, points, "load", 0, 100, -1);
	a->ceiling = read_whole(r, NULL, top, "ceiling", 0, 100000, 0);
	a->language_needed = read_bool(r, NULL, top, "language_needed");
	a->separation = read_bool(r, NULL, top, "separation");
}

/* --- review.json ------------------------------------------------------------------------------------------------- */

static const char *read_clock_key(
    struct reader *r, const struct at *at, const json_t *row, const char *key, const struct profile *p)
{
	const char *clock = read_text_or_null(r, at, row, key);

	if (clock && !profile_clock(p, clock, INT64_MAX))
		read_mistake(r, at, key, N_("No time limit has this key: {key}."), "key", clock);
	return clock;
}

static const struct codes *read_grounds(struct reader *r, const struct at *at, const json_t *row, const char *key)
{
	struct codes *codes = arena_alloc(r->arena, sizeof(*codes));

	*codes = read_codes(r, at, row, key);
	return codes;
}

static void read_outcomes(struct reader *r, const struct at *at, const json_t *row, struct review_way *way)
{
	static const char *const keys[] = { "key", "name", "changes", NULL };
	const json_t *rows = read_array(r, at, row, "outcomes");
	const struct at list = { at, "outcomes", 0 };
	struct review_outcome *outcome;

	way->outcomes = json_array_size(rows);
	outcome = arena_alloc(r->arena, (way->outcomes + 1) * sizeof(*outcome));
	for (size_t i = 0; i < way->outcomes; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *one = json_array_get(rows, i);

		read_only_keys(r, &here, one, keys);
		outcome[i].key = read_key(r, &here, one, "key");
		outcome[i].name = read_names(r, &here, one, "name");
		outcome[i].changes = read_bool(r, &here, one, "changes");
	}
	read_unique(r, &list, &outcome->key, way->outcomes, sizeof(*outcome));
	way->outcome = outcome;
}

static void read_way(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct review_way *way)
{
	static const char *const keys[] = { "key", "name", "next", "outside", "person", "file_clock", "decide_clock",
		"stay_clock", "stay_pause", "condonable", "grounds", "outcomes", "source", "confirmed", NULL };

	read_only_keys(r, at, row, keys);
	way->key = read_key(r, at, row, "key");
	way->name = read_names(r, at, row, "name");
	way->next = read_names(r, at, row, "next");
	way->outside = read_bool(r, at, row, "outside");
	way->person = read_bool(r, at, row, "person");
	way->file_clock = read_clock_key(r, at, row, "file_clock", p);
	way->decide_clock = read_clock_key(r, at, row, "decide_clock", p);
	way->stay_clock = read_clock_key(r, at, row, "stay_clock", p);
	way->stay_pause = read_text_or_null(r, at, row, "stay_pause");
	if (way->stay_pause && !codes_find(&p->pause_reasons, way->stay_pause))
		read_mistake(r, at, "stay_pause", N_("No pause reason has this key: {key}."), "key", way->stay_pause);
	way->condonable = read_bool(r, at, row, "condonable");
	way->grounds = read_grounds(r, at, row, "grounds");
	read_outcomes(r, at, row, way);
	way->source = read_text(r, at, row, "source");
	way->confirmed = read_bool(r, at, row, "confirmed");
}

static unsigned read_excludes(struct reader *r, const json_t *top)
{
	const json_t *rows = read_array(r, NULL, top, "not_before");
	const struct at list = { NULL, "not_before", 0 };
	unsigned bits = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const struct at here = { &list, NULL, i };
		const char *key = json_string_value(json_array_get(rows, i));
		int found = INVOLVED_MAX;

		for (int k = 0; key && k < INVOLVED_MAX; k++)
			if (!strcmp(involvement_keys[k], key))
				found = k;
		if (found == INVOLVED_MAX)
			read_mistake(r, &here, NULL, N_("One of these is expected here: {list}."), "list",
			    "registered, admitted, led, member, signed, closed, worked");
		else
			bits |= 1u << found;
	}
	return bits;
}

static const char *read_withdrawal_closing(struct reader *r, const json_t *object, const struct profile *p)
{
	const struct at at = { NULL, "withdrawal", 0 };
	const char *closing = read_key(r, &at, object, "closing");

	if (*closing && !profile_closing(p, closing))
		read_mistake(r, &at, "closing", N_("No closing reason has this key: {key}."), "key", closing);
	return closing;
}

void read_review_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "ways", "reopen", "withdrawal", "not_before", "source", NULL };
	static const char *const reopen_keys[] = { "grounds", NULL };
	static const char *const withdrawal_keys[] = { "grounds", "closing", NULL };
	const json_t *top = read_file(r, "review.json"), *rows, *reopen, *withdrawal;
	const struct at list = { NULL, "ways", 0 }, at_reopen = { NULL, "reopen", 0 },
			at_withdrawal = { NULL, "withdrawal", 0 };
	struct review_rules *rules = arena_alloc(r->arena, sizeof(*rules));
	struct review_way *way;

	p->review = rules;
	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	rows = read_array(r, NULL, top, "ways");
	rules->ways = json_array_size(rows);
	way = arena_alloc(r->arena, (rules->ways + 1) * sizeof(*way));
	for (size_t i = 0; i < rules->ways; i++) {
		const struct at here = { &list, NULL, i };

		read_way(r, &here, json_array_get(rows, i), p, &way[i]);
	}
	read_unique(r, &list, &way->key, rules->ways, sizeof(*way));
	rules->way = way;
	reopen = read_object(r, NULL, top, "reopen");
	read_only_keys(r, &at_reopen, reopen, reopen_keys);
	rules->reopen_grounds = read_grounds(r, &at_reopen, reopen, "grounds");
	withdrawal = read_object(r, NULL, top, "withdrawal");
	read_only_keys(r, &at_withdrawal, withdrawal, withdrawal_keys);
	rules->withdrawal_grounds = read_grounds(r, &at_withdrawal, withdrawal, "grounds");
	rules->withdrawal_closing = read_withdrawal_closing(r, withdrawal, p);
	rules->excludes = read_excludes(r, top);
}

const struct review_way *review_way_find(const struct review_rules *rules, const char *key)
{
	for (size_t i = 0; key && i < rules->ways; i++)
		if (!strcmp(rules->way[i].key, key))
			return &rules->way[i];
	return NULL;
}

const struct review_outcome *review_outcome_find(const struct review_way *way, const char *key)
{
	for (size_t i = 0; key && i < way->outcomes; i++)
		if (!strcmp(way->outcome[i].key, key))
			return &way->outcome[i];
	return NULL;
}
