/* The limits that agreements set, in words. */
#include "casework/agreed_clock.h"

#include "base/util.h"

#include <string.h>

#define WARN_HOURS 48

static const struct limit {
	const char *key, *name, *starts, *starts_name, *ends, *ends_name;
} limits[] = {
	{ "agreement.prepare", N_("Preparing the referral"), "prepared", N_("the referral was begun"), "referral_sent",
	    N_("the referral is sent") },
	{ "agreement.accept", N_("Accepting or refusing the referral"), "referral_receipted",
	    N_("the partner received the referral"), "referral_accepted", N_("it is accepted or refused") },
	{ "agreement.solve", N_("Proposing an outcome"), "referral_accepted", N_("the referral was accepted"),
	    "referral_outcome_proposed", N_("an outcome is proposed") },
	{ "agreement.accept_solution", N_("Answering the proposed outcome"), "referral_outcome_proposed",
	    N_("the outcome was proposed"), "referral_outcome_accepted", N_("the outcome is accepted or disputed") },
};

static const struct limit *find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (!strcmp(limits[i].key, key))
			return &limits[i];
	return NULL;
}

static struct names in_all(const char *message)
{
	struct names names;
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		names.in[lang] = text_get(lang, message);
	return names;
}

bool agreed_clock_rule(
    const char *key, int64_t amount, enum clock_unit unit, const char *source, struct clock_rule *ret_rule)
{
	const struct limit *limit = find(key);
	if (!limit)
		return false;
	*ret_rule = (struct clock_rule) { .key = limit->key,
		.name = in_all(limit->name),
		.amount = amount,
		.unit = unit,
		.starts = limit->starts,
		.starts_name = in_all(limit->starts_name),
		.ends = limit->ends,
		.ends_name = in_all(limit->ends_name),
		.warn_hours = WARN_HOURS,
		.valid_from = CALENDAR_FIRST,
		.source = source,
		.confirmed = true };
	return true;
}

bool agreed_clock_read(const char *key, const json_t *explanation, struct clock_rule *ret_rule)
{
	int64_t amount = json_int_or(explanation, "amount", 0);
	enum clock_unit unit;
	if (amount < 1 || !clock_unit_parse(json_str_or(explanation, "unit", ""), &unit))
		return false;
	return agreed_clock_rule(key, amount, unit, json_str_or(explanation, "source", ""), ret_rule);
}

const char *agreed_clock_name(const char *key)
{
	const struct limit *limit = find(key);
	return limit ? limit->name : NULL;
}
