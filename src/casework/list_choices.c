/* What the form above a list offers: doors with their counts, states, bodies, units, orders. */
#include "casework/list_choices.h"

#include "base/util.h"
#include "casework/registry.h"
#include "desk.sql.h"
#include "office/current.h"
#include "text/country.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OFFERED_MAX 300 /* a longer list of bodies is no list to choose from: it has a search of its own */

const char *const list_channels[] = { "web", "desk", "phone", "post", "email", "partner", "own_initiative", "api",
	NULL };

static void add_choice(json_t *list, const char *code, const char *label, const char *asked)
{
	json_t *one = json_object();
	json_put_str(one, "code", code);
	json_put_str(one, "choice_label", label);
	json_put_bool(one, "chosen", !strcmp(code, asked));
	json_add(list, one);
}

static json_t *states(const struct profile *profile, enum lang lang, const struct list_ask *ask)
{
	json_t *list = json_array();
	add_choice(list, "open", text_get(lang, N_("All open cases")), ask->state);
	for (size_t i = 0; i < profile->states; i++)
		add_choice(list, profile->state[i].key, names_in(&profile->state[i].name, lang), ask->state);
	return list;
}

/* Those of the registry; none when it cannot be read, which the next statement will say. */
static json_t *bodies(const struct casefile_act *act, enum lang lang, const struct list_ask *ask)
{
	json_t *list = json_array();
	const struct registry *registry;
	if (registry_in(act->tx, act->office, act->arena, &registry))
		return list;
	for (size_t i = 0; i < registry_count(registry) && i < OFFERED_MAX; i++) {
		const struct body *body = registry_at(registry, i);
		add_choice(list, body->key, names_in(&body->name, lang), ask->body);
	}
	return list;
}

/* Those that are not offered any more as well: there are cases with them. */
static json_t *subjects(const struct casefile_act *act, enum lang lang, const struct list_ask *ask)
{
	const struct code_choice *choice;
	size_t n =
	    code_all(act->arena, office_list(act->office, "subjects"), office_day(act->office, act->now), &choice);
	json_t *list = json_array();
	for (size_t i = 0; i < n && i < OFFERED_MAX; i++)
		add_choice(list, choice[i].entry->key, names_in(&choice[i].entry->name, lang), ask->subject);
	return list;
}

static json_t *units(const struct profile *profile, enum lang lang, const struct list_ask *ask)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->units; i++)
		add_choice(list, profile->unit[i].key, names_in(&profile->unit[i].name, lang), ask->unit);
	return list;
}

static json_t *channels(const struct profile *profile, enum lang lang, const struct list_ask *ask)
{
	json_t *list = json_array();
	for (const char *const *c = list_channels; *c; c++)
		add_choice(list, *c, event_code_words(lang, profile, "channel", *c), ask->channel);
	return list;
}

static json_t *languages(const struct list_ask *ask)
{
	json_t *list = json_array();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		add_choice(list, lang_code(lang), lang_name(lang), ask->lang);
	return list;
}

static json_t *sorts(enum lang lang, const struct list_ask *ask)
{
	static const struct {
		const char *key, *label;
	} orders[LIST_SORT_MAX] = { [LIST_NEWEST] = { "newest", N_("The newest first") },
		[LIST_OLDEST] = { "oldest", N_("The oldest first") },
		[LIST_DUE] = { "due", N_("What is due first") } };
	json_t *list = json_array();
	for (enum list_sort s = 0; s < LIST_SORT_MAX; s++)
		add_choice(list, orders[s].key, text_get(lang, orders[s].label), orders[ask->sort].key);
	return list;
}

/* No list of everybody who works here: oneself, nobody, and whoever the address names. */
static json_t *leads(const struct casefile_act *act, enum lang lang, const struct list_ask *ask)
{
	json_t *list = json_array();
	const char *asked = ask->lead < 0 ? "nobody" : arena_printf(act->arena, "%" PRId64, ask->lead);
	if (act->actor->kind == ACTOR_STAFF)
		add_choice(list, arena_printf(act->arena, "%" PRId64, act->actor->id), act->actor->name, asked);
	add_choice(list, "nobody", text_get(lang, N_("Nobody yet")), asked);
	if (ask->lead > 0 && (act->actor->kind != ACTOR_STAFF || ask->lead != act->actor->id)) {
		struct staff staff;
		if (staff_load(act->tx, ask->lead, &staff) == OK)
			add_choice(list, asked, staff.name, asked);
	}
	return list;
}

void list_put_choices(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, json_t *view)
{
	const struct profile *profile = act->office->profile;
	json_t *asked = json_object();
	json_put(view, "state_choices", states(profile, lang, ask));
	json_put(view, "body_choices", bodies(act, lang, ask));
	json_put(view, "subject_choices", subjects(act, lang, ask));
	json_put(view, "unit_choices", units(profile, lang, ask));
	json_put(view, "channel_choices", channels(profile, lang, ask));
	json_put(view, "lang_choices", languages(ask));
	json_put(view, "sort_choices", sorts(lang, ask));
	json_put(view, "lead_choices", leads(act, lang, ask));
	json_put_str(asked, "country", ask->country);
	json_put_str(asked, "received_from", ask->received_from_day);
	json_put_str(asked, "received_to", ask->received_to_day);
	json_put_str(asked, "due_from", ask->due_from_day);
	json_put_str(asked, "due_to", ask->due_to_day);
	json_put_bool(asked, "late", ask->late);
	json_put_bool(asked, "today", ask->today);
	json_put_bool(asked, "urgent", ask->urgent);
	json_put_bool(asked, "withheld", ask->withheld);
	json_put_bool(asked, "referral", ask->referral);
	json_put(view, "asked", asked);
	json_put_bool(view, "filtered", list_ask_filters(ask));
	json_put_bool(view, "filtered_or_sorted", list_ask_filters(ask) || ask->sort);
}

/* --- counts ------------------------------------------------------------------------------------------------------ */

/* One list's length, less what a conflict keeps from the reader. */
enum err list_length_for(const struct casefile_act *act, const char *list, int64_t *ret_n)
{
	int64_t me = act->actor->kind == ACTOR_STAFF ? act->actor->id : 0;
	enum err e = db_get_int(
	    act->tx, &sql_list_count_for, DB_ARGS(db_text(list), db_int(me), db_int(act->actor->stands_for)), ret_n);
	if (e == ERR_NOT_FOUND)
		*ret_n = 0;
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err add_tab(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, const char *of,
    const char *label, json_t *tabs)
{
	struct list_doors doors;
	int64_t n = 0;
	list_doors(act->actor, of, &doors);
	if (!doors.n)
		return OK;
	json_t *one = json_object();
	json_put_str(one, "code", of);
	json_put_str(one, "tab_label", text_get(lang, label));
	json_put_bool(one, "chosen", !strcmp(ask->of, of));
	json_put_str(one, "link", *of ? arena_printf(act->arena, "/desk/cases?of=%s&state=open", of) : "/desk/cases");
	json_add(tabs, one);
	/* Two doors may lead to the same case: only one door's cases can be counted from what is kept. */
	if (!*of || doors.n != 1)
		return OK;
	enum err e = list_length_for(act, arena_printf(act->arena, "%s/open", doors.door[0]), &n);
	json_put_int(one, "cases", n);
	json_put_str(one, "case_count", number_text(act->arena, lang, n));
	return e;
}

enum err list_put_tabs(const struct casefile_act *act, enum lang lang, const struct list_ask *ask, json_t *view)
{
	static const struct {
		const char *of, *label;
	} tab[] = { { "", N_("All that I may see") }, { "mine", N_("Mine") }, { "unit", N_("My unit") },
		{ "intake", N_("Intake") }, { "referral", N_("With a referral") } };
	json_t *tabs = json_array();
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(tab); i++)
		e = add_tab(act, lang, ask, tab[i].of, tab[i].label, tabs);
	json_put(view, "tabs", tabs);
	json_put_str(view, "of", ask->of);
	return e;
}
