/* Versions of limits: merged, found by day, and the rule about entering one. */
#include "office/clock_change.h"

#include <stdio.h>
#include <string.h>

const struct clock_rule *clock_rule_at(const struct clock_rule *rule, size_t n, const char *key, int64_t day)
{
	const struct clock_rule *found = NULL;

	for (size_t i = 0; key && i < n; i++)
		if (!strcmp(rule[i].key, key) && rule[i].valid_from <= day)
			found = &rule[i];
	return found;
}

static bool comes_after(const struct clock_rule *a, const struct clock_rule *b)
{
	int keys = strcmp(a->key, b->key);

	return keys > 0 || (keys == 0 && a->valid_from > b->valid_from);
}

const struct clock_rule *clock_rules_changed(struct arena *arena, const struct clock_rule *base, size_t n,
    const struct clock_rule *versions, size_t m, size_t *ret_count)
{
	struct clock_rule *all = arena_alloc(arena, (n + m + 1) * sizeof(*all));
	size_t count = n;

	if (n)
		memcpy(all, base, n * sizeof(*all));
	/* Put in from behind, so that of equals the one that was entered later stands later. */
	for (size_t i = 0; i < m; i++) {
		size_t at = count++;

		for (; at > 0 && comes_after(&all[at - 1], &versions[i]); at--)
			all[at] = all[at - 1];
		all[at] = versions[i];
	}
	*ret_count = count;
	return all;
}

static enum err amount_ok(const struct clock_rule *v, struct fault *fault)
{
	char most[24];

	snprintf(most, sizeof(most), "%d", CLOCK_AMOUNT_MAX);
	if (v->amount < 1 || v->amount > CLOCK_AMOUNT_MAX)
		return fault_set(
		    fault, ERR_INVALID, "amount", N_("A limit is a number from 1 to {most}."), "most", most, NULL);
	if (v->rolls && v->unit == CLOCK_HOUR)
		return fault_set(
		    fault, ERR_INVALID, "rolls", N_("A limit in hours does not move to a working day."), NULL);
	if (v->warn_hours < 0 || v->warn_hours > 24 * 366)
		return fault_set(
		    fault, ERR_INVALID, "warn_hours", N_("Warn at most a year before the end; 0 means never."), NULL);
	if ((v->extend_amount > 0) != (v->extend_times > 0))
		return fault_set(fault, ERR_INVALID, "extend_amount",
		    N_("Say both by how much and how often the limit may be extended, or neither."), NULL);
	return OK;
}

enum err clock_rule_may_begin(
    const struct clock_rule *known, size_t n, const struct clock_rule *version, int64_t today, struct fault *fault)
{
	enum err e;

	if (!clock_rule_at(known, n, version->key, CALENDAR_LAST))
		return fault_set(
		    fault, ERR_NOT_FOUND, "key", N_("No limit has this key: {key}."), "key", version->key, NULL);
	e = amount_ok(version, fault);
	if (e)
		return e;
	/* Clocks that began earlier today were counted by the version before. */
	if (version->valid_from <= today)
		return fault_set(fault, ERR_INVALID, "valid_from",
		    N_("A changed limit begins tomorrow at the earliest: cases that began before keep theirs."), NULL);
	if (!*version->source)
		return fault_set(
		    fault, ERR_INVALID, "source", N_("Name the law or decision that the limit rests on."), NULL);
	return OK;
}
