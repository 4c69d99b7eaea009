/* An officer as pages show one: names of unit and roles, what a form chooses from, and what the person may do and why.
 */
#include "casework/staff_view.h"

#include "base/util.h"

#include <string.h>

const char *staff_unit_words(const struct profile *profile, enum lang lang, const char *key)
{
	const struct unit *unit = profile_unit(profile, key);
	return unit ? names_in(&unit->name, lang) : NULL;
}

char *staff_role_words(struct arena *arena, const struct profile *profile, enum lang lang, const char *roles)
{
	char *words = arena_strdup(arena, "");
	for (size_t i = 0; i < profile->roles; i++)
		if (roles_have(roles, profile->role[i].key))
			words = *words ? text_format(arena, lang, N_("{first}, {second}"), "first", words, "second",
					     names_in(&profile->role[i].name, lang), NULL)
				       : arena_strdup(arena, names_in(&profile->role[i].name, lang));
	return words;
}

/* One row of a form's list. */
static void add_choice(json_t *list, const char *code, const char *label_key, const char *label, bool chosen)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, label_key, label);
	json_put_bool(one, "chosen", chosen);
	json_add(list, one);
}

static json_t *languages(const char *label_key, const char *chosen)
{
	json_t *list = json_array();
	for (enum lang l = 0; l < LANG_MAX; l++)
		add_choice(list, lang_code(l), label_key, lang_name(l), roles_have(chosen, lang_code(l)));
	return list;
}

static json_t *regions(const struct profile *profile, enum lang lang, const char *chosen)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->units; i++) {
		const struct unit *unit = &profile->unit[i];
		if (unit->region)
			add_choice(list, unit->region, "region_label", names_in(&unit->name, lang),
			    roles_have(chosen, unit->region));
	}
	return list;
}

/* What the form chooses from, with what somebody has already. Lists of keys are parted by spaces. */
json_t *staff_choices(const struct profile *profile, enum lang lang, const struct staff *staff,
    const struct staff_skills *skills, json_t *view)
{
	json_t *roles = json_array(), *units = json_array(), *subjects = json_array();
	for (size_t i = 0; i < profile->roles; i++)
		add_choice(roles, profile->role[i].key, "role_label", names_in(&profile->role[i].name, lang),
		    roles_have(staff->roles, profile->role[i].key));
	for (size_t i = 0; i < profile->units; i++)
		add_choice(units, profile->unit[i].key, "unit_label", names_in(&profile->unit[i].name, lang),
		    !strcmp(staff->unit, profile->unit[i].key));
	for (size_t i = 0; i < profile->subjects; i++)
		add_choice(subjects, profile->subject[i].key, "subject_label",
		    names_in(&profile->subject[i].name, lang), roles_have(skills->subjects, profile->subject[i].key));
	json_put(view, "role_choices", roles);
	json_put(view, "unit_choices", units);
	json_put(view, "subject_choices", subjects);
	json_put(view, "lang_choices", languages("lang_label", staff->lang));
	json_put(view, "speech_choices", languages("speech_label", skills->langs));
	json_put(view, "region_choices", regions(profile, lang, skills->regions));
	return view;
}

/* --- what they may, and why -------------------------------------------------------------------------------------- */

static json_t *scope_words(const struct profile *profile, enum lang lang, const char *roles, enum act act)
{
	json_t *list = json_array();
	for (unsigned bit = SCOPE_ANY; bit <= SCOPE_REFERRAL; bit <<= 1) {
		char *from = NULL;
		struct arena *arena = arena_new(0);
		for (size_t i = 0; i < profile->roles; i++) {
			const struct role *role = &profile->role[i];
			if (!roles_have(roles, role->key) || !(role->rights.scope[act] & bit))
				continue;
			from = from ? text_format(arena, lang, N_("{first}, {second}"), "first", from, "second",
					  names_in(&role->name, lang), NULL)
				    : arena_strdup(arena, names_in(&role->name, lang));
		}
		if (from) {
			json_t *one = json_object();
			json_put_str(one, "scope", scope_key(bit));
			json_put_str(one, "reach", text_get(lang, scope_label(bit)));
			json_put_str(one, "through", from);
			json_add(list, one);
		}
		arena_free(arena);
	}
	return list;
}

json_t *staff_rights_json(const struct profile *profile, enum lang lang, const char *roles)
{
	json_t *list = json_array();
	for (enum act a = 0; a < ACT_MAX; a++) {
		if (!act_is_for_roles(a))
			continue;
		json_t *ways = scope_words(profile, lang, roles, a), *one = json_object();
		json_put_str(one, "right", act_key(a));
		json_put_str(one, "right_label", text_get(lang, act_label(a)));
		json_put_bool(one, "has_ways", json_array_size(ways) > 0);
		json_put(one, "ways", ways);
		json_add(list, one);
	}
	return list;
}
