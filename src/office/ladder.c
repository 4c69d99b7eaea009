/* The escalation ladder: which steps a clock has and when each is due. */
#include "office/ladder.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <string.h>

static const char *const acts[LADDER_ACT_MAX] = { [LADDER_TELL] = "tell", [LADDER_TRANSFER] = "transfer" };

static const char *const to_lead[] = { LADDER_LEAD };

const char *ladder_act_key(enum ladder_act act)
{
	return acts[act];
}

bool ladder_act_parse(const char *key, enum ladder_act *ret_act)
{
	for (enum ladder_act act = 0; act < LADDER_ACT_MAX; act++) {
		if (!strcmp(acts[act], key)) {
			*ret_act = act;
			return true;
		}
	}
	return false;
}

static bool is_for(const struct ladder_step *step, const struct clock_rule *rule)
{
	for (size_t i = 0; i < step->clocks; i++)
		if (!strcmp(step->clock[i], rule->key))
			return true;
	return step->clocks == 0;
}

/* Kept in order while they come: there are few. A step that shares its moment with another comes after it. */
static size_t put(struct ladder_step steps[LADDER_MAX], size_t n, const struct ladder_step *step)
{
	size_t at = n;
	if (n == LADDER_MAX)
		return n;
	while (at > 0 && steps[at - 1].hours > step->hours) {
		steps[at] = steps[at - 1];
		at--;
	}
	steps[at] = *step;
	return n + 1;
}

size_t ladder_of(
    const struct ladder_step *all, size_t n, const struct clock_rule *rule, struct ladder_step ret_steps[LADDER_MAX])
{
	const struct ladder_step soon = { .key = "soon", .hours = -rule->warn_hours, .notify = to_lead, .notified = 1 };
	const struct ladder_step late = { .key = "late", .notify = to_lead, .notified = 1 };
	size_t count = 0;
	if (rule->warn_hours > 0)
		count = put(ret_steps, count, &soon);
	count = put(ret_steps, count, &late);
	for (size_t i = 0; i < n; i++)
		if (is_for(&all[i], rule))
			count = put(ret_steps, count, &all[i]);
	return count;
}

int64_t ladder_at(const struct ladder_step *step, int64_t due_ms)
{
	/* The end is the last instant that is still in time; what comes at the end comes with the next one. */
	return due_ms + step->hours * HOUR_MS + (step->hours >= 0 ? 1 : 0);
}
