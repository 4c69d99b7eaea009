/* Which lists a page walks, and which cases belong on it: rules without I/O. */
#include "casework/list.h"

#include "base/clockwork.h"
#include "text/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- doors ------------------------------------------------------------------------------------------------------- */

static bool asked(const char *of, const char *door)
{
	return !*of || !strcmp(of, door);
}

static void add(struct list_doors *doors, const char *kind, const char *rest)
{
	snprintf(doors->door[doors->n++], LIST_NAME, "%s%s", kind, rest);
}

static void add_staff(struct list_doors *doors, int64_t id)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, id);
	add(doors, "staff:", text);
}

void list_doors(const struct actor *actor, const char *of, struct list_doors *ret_doors)
{
	struct list_doors doors = { .n = 0 };
	unsigned scope = actor->rights ? actor->rights->scope[ACT_CASE_READ] : 0;
	bool any = scope & SCOPE_ANY, officer = actor->kind == ACTOR_STAFF;
	if (any && asked(of, "any")) {
		add(&doors, "any", "");
	} else {
		if (officer && (any || scope & SCOPE_MINE) && asked(of, "mine")) {
			add_staff(&doors, actor->id);
			if (actor->stands_for)
				add_staff(&doors, actor->stands_for);
		}
		if ((any || scope & SCOPE_UNIT) && actor->unit && *actor->unit && asked(of, "unit"))
			add(&doors, "unit:", actor->unit);
		if ((any || scope & SCOPE_INTAKE) && asked(of, "intake"))
			add(&doors, "intake", "");
		if ((any || scope & SCOPE_REFERRAL) && asked(of, "referral"))
			add(&doors, "referral", "");
	}
	*ret_doors = doors;
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

static void put_range(const struct list_ask *ask, bool due, int64_t now, const char *zone, struct list_plan *plan)
{
	/* News stand in the order they came, whenever the case did. */
	plan->from = due ? ask->due_from : ask->news ? 0 : ask->received_from;
	plan->below = due ? ask->due_to : ask->news ? 0 : ask->received_to;
	if (due && (ask->late || ask->today)) {
		int64_t today = civil_days(zone_date(zone, now));
		int64_t from = ask->late ? 0 : now,
			below = ask->today ? zone_day_start(zone, civil_from_days(today + 1)) : now;
		if (from > plan->from)
			plan->from = from;
		if (!plan->below || below < plan->below)
			plan->below = below;
	}
	if (!plan->below)
		plan->below = INT64_MAX;
}

void list_plan(const struct list_ask *ask, const struct list_doors *doors, const char *rare,
    const struct profile *profile, int64_t now, struct list_plan *ret_plan)
{
	bool due = ask->sort == LIST_DUE;
	struct list_plan plan = { .up = ask->sort != LIST_NEWEST };
	const char *suffix = due ? "due" : ask->news ? "new" : ask->free ? "free" : ask->state;
	put_range(ask, due, now, profile->calendar.zone, &plan);
	if (*rare && !due) {
		snprintf(plan.list[plan.n++], LIST_NAME, "%s", rare);
	} else {
		for (size_t i = 0; i < doors->n; i++)
			snprintf(plan.list[plan.n++], LIST_NAME, "%.*s%s%s", LIST_NAME / 2 - 1, doors->door[i],
			    *suffix ? "/" : "", suffix);
	}
	*ret_plan = plan;
}

/* --- cases ------------------------------------------------------------------------------------------------------- */

static bool is(const char *asked_for, const char *has)
{
	return !*asked_for || !strcmp(asked_for, has ? has : "");
}

static bool fits_state(const struct list_ask *ask, const struct list_case *c)
{
	bool open = c->state->phase != PHASE_CLOSED;
	if (!strcmp(ask->state, "open") ? !open : !is(ask->state, c->state->key))
		return false;
	return is(ask->phase, phase_key(c->state->phase));
}

static bool fits_unit(const struct list_ask *ask, const struct list_case *c, const struct profile *profile)
{
	if (!*ask->unit)
		return true;
	const struct unit *wanted = profile_unit(profile, ask->unit), *has = profile_unit(profile, c->unit);
	return wanted && has && unit_within(has, wanted);
}

static bool within(int64_t at, int64_t from, int64_t to)
{
	return (!from || at >= from) && (!to || at < to);
}

static bool fits_time(const struct list_ask *ask, const struct list_case *c, const struct profile *profile, int64_t now)
{
	if (!within(c->received_at, ask->received_from, ask->received_to))
		return false;
	if (ask->late || ask->today || ask->due_from || ask->due_to) {
		struct list_plan range = { .n = 0 };
		put_range(ask, true, now, profile->calendar.zone, &range);
		return c->due_at && c->state->phase != PHASE_CLOSED && within(c->due_at, range.from, range.below);
	}
	return true;
}

bool list_fits(const struct list_ask *ask, const struct list_case *c, const struct profile *profile, int64_t now)
{
	return fits_state(ask, c) && fits_unit(ask, c, profile) && fits_time(ask, c, profile, now) &&
	       is(ask->body, c->body_key) && is(ask->subject, c->subject) && is(ask->channel, c->channel) &&
	       is(ask->country, c->body_country) && is(ask->lang, c->lang) &&
	       (!ask->lead || (ask->lead < 0 ? !c->assigned_to : c->assigned_to == ask->lead)) &&
	       (!ask->urgent || *c->urgent) && (!ask->withheld || strcmp(c->identity, "open") != 0) &&
	       (!ask->referral || c->has_referral) &&
	       (!ask->free || (!c->assigned_to && c->state->phase != PHASE_CLOSED));
}

static bool own(const struct actor *actor, const struct list_case *c)
{
	return actor->kind == ACTOR_STAFF &&
	       (c->in_team || (c->assigned_to && (c->assigned_to == actor->id || c->assigned_to == actor->stands_for)));
}

static bool in_units(const struct actor *actor, const char *unit)
{
	for (const char *const *u = actor->units; u && *u; u++)
		if (!strcmp(*u, unit))
			return true;
	return false;
}

bool list_behind(const struct actor *actor, const char *of, const struct list_case *c)
{
	if (!strcmp(of, "mine"))
		return own(actor, c);
	if (!strcmp(of, "unit"))
		return in_units(actor, c->unit);
	if (!strcmp(of, "intake"))
		return c->state->phase == PHASE_INTAKE;
	return strcmp(of, "referral") != 0 || c->has_referral;
}
