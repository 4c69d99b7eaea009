/* Who should get a case: the rule over a table of officers, and its reason in words. */
#include "casework/assignment.h"

#include "base/util.h"
#include "text/date.h"

#include <stdlib.h>
#include <string.h>

static bool is(const char *a, const char *b)
{
	return a && b && *b && !strcmp(a, b);
}

/* Is the key in the list ",a,b,"? */
static bool holds(const char *list, const char *key)
{
	size_t len = key ? strlen(key) : 0;
	for (const char *at = list; len && at && (at = strchr(at, ',')); at++)
		if (!strncmp(at + 1, key, len) && at[1 + len] == ',')
			return true;
	return false;
}

const char *assignment_unit(const struct assignment_rules *rules, const struct assignment_need *need)
{
	for (size_t i = 0; i < rules->units; i++) {
		const struct unit_rule *rule = &rules->unit[i];
		if ((!rule->subject || is(rule->subject, need->subject)) &&
		    (!rule->region || is(rule->region, need->region)) && (!rule->abroad || need->abroad))
			return rule->unit;
	}
	return NULL;
}

enum err assignment_may_lead(const struct assignment_rules *rules, const struct assignment_need *need,
    const struct officer *officer, struct fault *fault)
{
	if (officer->conflicted)
		return fault_set(fault, ERR_CONFLICT, "staff_id",
		    N_("A conflict of interest keeps {name} from this case."), "name", officer->name, NULL);
	if (rules->separation && need->admitted && need->admitted == officer->id)
		return fault_set(fault, ERR_CONFLICT, "staff_id",
		    N_("{name} admitted this complaint; here somebody else investigates what one officer admitted."),
		    "name", officer->name, NULL);
	return OK;
}

enum err assignment_may_admit(
    const struct assignment_rules *rules, int64_t lead, bool team, int64_t actor, struct fault *fault)
{
	if (rules->separation && lead && lead == actor && !team)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("You lead this case alone; here somebody else admits what one officer investigates."), NULL);
	return OK;
}

static bool fits(const struct assignment_rules *rules, const struct assignment_need *need, const struct officer *o)
{
	bool speaks = !need->lang || !*need->lang || holds(o->langs, need->lang);
	return !o->away && !(rules->ceiling && o->open >= rules->ceiling) && (speaks || !rules->language_needed) &&
	       assignment_may_lead(rules, need, o, NULL) == OK;
}

static int by_points(const void *a, const void *b)
{
	const struct assignment_rank *x = a, *y = b;
	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	if (x->officer->open != y->officer->open)
		return x->officer->open < y->officer->open ? -1 : 1;
	return x->officer->id < y->officer->id ? -1 : x->officer->id > y->officer->id;
}

/* Nothing on the desk gives all points, the average none, twice the average takes as many away. */
static int64_t load_points(int64_t weight, int64_t open, int64_t average)
{
	int64_t base = average > 0 ? average : 1, less = average - open;
	if (less > base)
		less = base;
	if (less < -base)
		less = -base;
	return weight * less / base;
}

static size_t rank_those(const struct assignment_rules *rules, const struct assignment_need *need,
    const struct officer *officers, size_t n, bool in_unit, struct assignment_rank *ret)
{
	size_t found = 0;
	int64_t all = 0, average;
	for (size_t i = 0; i < n; i++) {
		if ((in_unit && !officers[i].in_reach) || !fits(rules, need, &officers[i]))
			continue;
		ret[found++] = (struct assignment_rank) { .officer = &officers[i], .in_unit = officers[i].in_reach };
		all += officers[i].open;
	}
	average = found ? (all + (int64_t)found / 2) / (int64_t)found : 0;
	for (size_t i = 0; i < found; i++) {
		struct assignment_rank *r = &ret[i];
		r->average = average;
		r->knows = holds(r->officer->subjects, need->subject);
		r->speaks = holds(r->officer->langs, need->lang);
		r->near = holds(r->officer->regions, need->region);
		r->points = (r->knows ? rules->subject : 0) + (r->speaks ? rules->language : 0) +
			    (r->near ? rules->region : 0) + load_points(rules->load, r->officer->open, average);
	}
	qsort(ret, found, sizeof(*ret), by_points);
	return found;
}

size_t assignment_rank(const struct assignment_rules *rules, const struct assignment_need *need,
    const struct officer *officers, size_t n, struct assignment_rank *ret)
{
	size_t found = rank_those(rules, need, officers, n, true, ret);
	return found ? found : rank_those(rules, need, officers, n, false, ret);
}

/* --- in words ---------------------------------------------------------------------------------------------------- */

static char *joined(struct arena *arena, enum lang lang, char *so_far, const char *more)
{
	return *so_far ? text_format(arena, lang, N_("{first}, {second}"), "first", so_far, "second", more, NULL)
		       : arena_strdup(arena, more);
}

static const char *speech(enum lang reader, const char *code)
{
	static const char *const names[LANG_MAX] = { [LANG_AZ] = N_("speaks Azerbaijani"),
		[LANG_EN] = N_("speaks English"),
		[LANG_RU] = N_("speaks Russian"),
		[LANG_UR] = N_("speaks Urdu") };
	enum lang lang;
	return lang_parse(code, &lang) ? text_get(reader, names[lang]) : code;
}

char *assignment_reason(struct arena *arena, enum lang lang, const struct profile *profile,
    const struct assignment_need *need, const struct assignment_rank *rank)
{
	const struct subject *subject = profile_subject(profile, need->subject);
	char *why = arena_strdup(arena, "");
	if (rank->knows && subject)
		why = joined(arena, lang, why,
		    text_format(arena, lang, N_("knows “{subject}”"), "subject", names_in(&subject->name, lang), NULL));
	if (rank->speaks)
		why = joined(arena, lang, why, speech(lang, need->lang));
	if (rank->near)
		why = joined(arena, lang, why, text_get(lang, N_("works in this region")));
	if (!rank->in_unit)
		why = joined(arena, lang, why, text_get(lang, N_("of another unit, for nobody of the unit fits")));
	why = joined(
	    arena, lang, why, text_plural(arena, lang, N_("{n} open case"), N_("{n} open cases"), rank->officer->open));
	return text_format(arena, lang,
	    rank->in_unit ? N_("{name}: {why}; unit average {average}") : N_("{name}: {why}; average {average}"),
	    "name", rank->officer->name, "why", why, "average", number_text(arena, lang, rank->average), NULL);
}
