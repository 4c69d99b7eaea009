/* roles.json and units.json: who may what, and how the institution is divided. */
#include "office/profile_read.h"

#include <string.h>

/* --- roles ------------------------------------------------------------------------------------------------------- */

static void read_scopes(
    struct reader *r, const struct at *rights_at, const char *key, const json_t *value, unsigned char *ret_scope)
{
	const struct at list = { rights_at, key, 0 };
	if (!json_is_array(value)) {
		read_mistake(r, rights_at, key, N_("A list in square brackets is expected here."), NULL, NULL);
		return;
	}
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));
		const struct at here = { &list, NULL, i };
		unsigned bit;
		if (text && scope_parse(text, &bit))
			*ret_scope |= (unsigned char)bit;
		else
			read_mistake(r, &here, NULL, N_("One of these words is expected here: {words}."), "words",
			    "any, mine, unit, intake, referral");
	}
}

static void read_rights(struct reader *r, const struct at *row_at, const json_t *row, struct rights *rights)
{
	const json_t *object = read_object(r, row_at, row, "rights");
	const struct at here = { row_at, "rights", 0 };
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		enum act act;
		if (act_parse(key, &act) && act_is_for_roles(act))
			read_scopes(r, &here, key, value, &rights->scope[act]);
		else
			read_mistake(r, &here, key, N_("There is no right “{right}”."), "right", key);
	}
}

void read_roles_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "roles", NULL }, *const keys[] = { "key", "name", "rights", NULL };
	const json_t *top = read_file(r, "roles.json");
	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	const json_t *rows = read_array(r, NULL, top, "roles");
	const struct at list = { NULL, "roles", 0 };
	p->roles = json_array_size(rows);
	struct role *role = arena_alloc(r->arena, (p->roles + 1) * sizeof(*role));
	for (size_t i = 0; i < p->roles; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);
		read_only_keys(r, &here, row, keys);
		role[i].key = read_key(r, &here, row, "key");
		role[i].name = read_names(r, &here, row, "name");
		read_rights(r, &here, row, &role[i].rights);
	}
	p->role = role;
	if (p->roles)
		read_unique(r, &list, &role[0].key, p->roles, sizeof(*role));
	else
		read_mistake(r, NULL, "roles", N_("Name at least one role."), NULL, NULL);
}

/* --- units ------------------------------------------------------------------------------------------------------- */

/* Units above stand before those below, which also rules out circles. */
static const struct unit *read_above(
    struct reader *r, const struct at *at, const json_t *row, const struct unit *unit, size_t done)
{
	const char *key = read_text_or_null(r, at, row, "above");
	for (size_t i = 0; key && i < done; i++)
		if (!strcmp(unit[i].key, key))
			return &unit[i];
	if (key)
		read_mistake(r, at, "above", N_("No unit before this one has the key “{unit}”."), "unit", key);
	return NULL;
}

void read_units_json(struct reader *r, struct profile *p)
{
	static const char *const top_keys[] = { "units", NULL }, *const keys[] = { "key", "name", "kind", "region",
		"above", "source", "confirmed", NULL };
	const json_t *top = read_file(r, "units.json");
	if (!top)
		return;
	read_only_keys(r, NULL, top, top_keys);
	const json_t *rows = read_array(r, NULL, top, "units");
	const struct at list = { NULL, "units", 0 };
	p->units = json_array_size(rows);
	struct unit *unit = arena_alloc(r->arena, (p->units + 1) * sizeof(*unit));
	for (size_t i = 0; i < p->units; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);
		read_only_keys(r, &here, row, keys);
		unit[i].key = read_key(r, &here, row, "key");
		unit[i].name = read_names(r, &here, row, "name");
		unit[i].kind = read_key(r, &here, row, "kind");
		unit[i].region = read_text_or_null(r, &here, row, "region");
		unit[i].above = read_above(r, &here, row, unit, i);
		unit[i].source = read_text_or_null(r, &here, row, "source");
		unit[i].confirmed = !json_object_get(row, "confirmed") || read_bool(r, &here, row, "confirmed");
	}
	p->unit = unit;
	if (p->units)
		read_unique(r, &list, &unit[0].key, p->units, sizeof(*unit));
}

bool unit_within(const struct unit *unit, const struct unit *above)
{
	while (unit && unit != above)
		unit = unit->above;
	return unit != NULL;
}

const char *const *profile_units_within(const struct profile *p, struct arena *arena, const char *key)
{
	const struct unit *top = profile_unit(p, key);
	size_t n = 0;
	if (!top)
		return NULL;
	const char **keys = arena_alloc(arena, (p->units + 1) * sizeof(*keys));
	for (size_t i = 0; i < p->units; i++)
		if (unit_within(&p->unit[i], top))
			keys[n++] = p->unit[i].key;
	return keys;
}
