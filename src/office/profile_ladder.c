/* The profile's escalation ladder: ladder.json. */
#include "office/profile_read.h"

#include <string.h>

static void read_clock_keys(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct ladder_step *step)
{
	const struct at here = { at, "clocks", 0 };
	const json_t *list;
	const char **keys;

	if (!json_object_get(row, "clocks"))
		return;
	list = read_array(r, at, row, "clocks");
	keys = arena_alloc(r->arena, (json_array_size(list) + 1) * sizeof(*keys));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct at place = { &here, NULL, i };
		const char *key = json_string_value(json_array_get(list, i));
		bool known = false;

		for (size_t k = 0; key && !known && k < p->clocks; k++)
			known = !strcmp(p->clock[k].key, key);
		if (!known)
			read_mistake(r, &place, NULL, N_("No time limit has this key: {key}."), "key", key ? key : "");
		else
			keys[step->clocks++] = key;
	}
	step->clock = keys;
}

static bool is_role(const struct profile *p, const char *key)
{
	for (size_t i = 0; i < p->roles; i++)
		if (!strcmp(p->role[i].key, key))
			return true;
	return false;
}

static void read_notify(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct ladder_step *step)
{
	const json_t *list = read_array(r, at, row, "notify");
	const struct at here = { at, "notify", 0 };
	const char **keys = arena_alloc(r->arena, (json_array_size(list) + 1) * sizeof(*keys));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const struct at place = { &here, NULL, i };
		const char *key = json_string_value(json_array_get(list, i));

		if (key && (!strcmp(key, LADDER_LEAD) || is_role(p, key)))
			keys[step->notified++] = key;
		else
			read_mistake(r, &place, NULL, N_("“lead” or the key of a role is expected here: {key}."), "key",
			    key ? key : "");
	}
	step->notify = keys;
}

static void read_step(
    struct reader *r, const struct at *at, const json_t *row, const struct profile *p, struct ladder_step *step)
{
	static const char *const keys[] = { "key", "name", "clocks", "days", "hours", "notify", "act", NULL };
	const char *act;

	read_only_keys(r, at, row, keys);
	step->key = read_key(r, at, row, "key");
	step->name = read_names(r, at, row, "name");
	read_clock_keys(r, at, row, p, step);
	step->hours = read_whole(r, at, row, "days", -366, 366, 0) * 24 +
		      read_whole(r, at, row, "hours", -LADDER_HOURS_MAX, LADDER_HOURS_MAX, 0);
	read_notify(r, at, row, p, step);
	if (!json_object_get(row, "act"))
		return;
	act = read_text(r, at, row, "act");
	if (!ladder_act_parse(act, &step->act))
		read_mistake(r, at, "act", N_("One of these is expected here: {list}."), "list", "tell, transfer");
}

/* One clock has room for so many steps, the two that every clock has included. */
static void check_room(struct reader *r, const struct at *list, const struct profile *p)
{
	for (size_t i = 0; i < p->clocks; i++) {
		size_t n = 2;

		for (size_t s = 0; s < p->ladder_steps; s++) {
			bool is_for = p->ladder[s].clocks == 0;

			for (size_t k = 0; k < p->ladder[s].clocks; k++)
				is_for = is_for || !strcmp(p->ladder[s].clock[k], p->clock[i].key);
			n += is_for;
		}
		if (n > LADDER_MAX)
			read_mistake(
			    r, list, NULL, N_("This time limit has too many steps: {key}."), "key", p->clock[i].key);
	}
}

void read_ladder_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "steps", NULL };
	const json_t *top = read_file(r, "ladder.json"), *rows;
	const struct at list = { NULL, "steps", 0 };
	struct ladder_step *step;

	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	rows = read_array(r, NULL, top, "steps");
	p->ladder_steps = json_array_size(rows);
	step = arena_alloc(r->arena, (p->ladder_steps + 1) * sizeof(*step));
	for (size_t i = 0; i < p->ladder_steps; i++) {
		const struct at here = { &list, NULL, i };

		read_step(r, &here, json_array_get(rows, i), p, &step[i]);
		if (!strcmp(step[i].key, "soon") || !strcmp(step[i].key, "late"))
			read_mistake(
			    r, &here, "key", N_("This key stands for a step that every clock has."), NULL, NULL);
	}
	if (p->ladder_steps)
		read_unique(r, &list, &step[0].key, p->ladder_steps, sizeof(*step));
	p->ladder = step;
	check_room(r, &list, p);
}
