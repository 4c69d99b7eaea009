/* The agreement's time limits on a referral, counted in our own calendar, and what the agreement allows. */
#include "base/util.h"
#include "casework/agreed_clock.h"
#include "cooperation/agreement_db.h"
#include "cooperation/referral_db.h"
#include "office/current.h"

#include <string.h>

static const struct {
	const char *key;
	enum agreement_limit_key limit;
} limits[] = {
	{ "agreement.prepare", LIMIT_PREPARE },
	{ "agreement.accept", LIMIT_ACCEPT },
	{ "agreement.solve", LIMIT_SOLVE },
	{ "agreement.accept_solution", LIMIT_ACCEPT_SOLUTION },
};

static enum clock_unit unit_of(enum limit_unit unit)
{
	switch (unit) {
	case LIMIT_WORKING_DAYS:
		return CLOCK_WORKING_DAY;
	case LIMIT_WEEKS:
		return CLOCK_WEEK;
	case LIMIT_MONTHS:
		return CLOCK_MONTH;
	default:
		return CLOCK_CALENDAR_DAY;
	}
}

/* Where the limit stands: the agreement's title and article, or that the usual limit holds where it says nothing. */
static const char *source_of(struct arena *arena, const struct agreement *a, struct agreement_limit limit)
{
	const char *title = agreement_title(a, "en");
	if (!limit.agreed)
		return arena_printf(arena, "%s (usual limit: the agreement sets none)", title);
	return arena_printf(arena, "%s, article %d", title, agreement_article("clocks"));
}

static enum err rule_of(
    const struct casefile_act *act, const char *agreement, const char *key, struct clock_rule *ret_rule)
{
	struct agreement_row row;
	enum err e = agreement_load_uid(act->tx, act->arena, agreement, &row);
	for (size_t i = 0; !e && i < ARRAY_LEN(limits); i++) {
		if (strcmp(limits[i].key, key))
			continue;
		struct agreement_limit limit = agreement_clock(row.document, limits[i].limit);
		const char *source = source_of(act->arena, row.document, limit);
		return agreed_clock_rule(key, limit.amount, unit_of(limit.unit), source, ret_rule) ? OK : ERR_INTERNAL;
	}
	return e ? e : ERR_INTERNAL;
}

enum err referral_clock_stop(const struct casefile_act *act, const struct referral *r, const char *key)
{
	return r->casefile_id ? case_clock_stop(act, r->casefile_id, key) : OK;
}

enum err referral_clock_start(const struct casefile_act *act, const struct referral *r, const char *key, int64_t at)
{
	struct clock_rule rule;
	struct casefile_act then = *act;
	then.now = at;
	if (!r->casefile_id)
		return OK;
	enum err e = rule_of(act, r->agreement, key, &rule);
	if (!e) /* one of a kind: a second offer or outcome begins anew */
		e = case_clock_stop(act, r->casefile_id, key);
	return e ? e : case_clock_start(&then, r->casefile_id, &rule);
}

enum err referral_clocks_stop(const struct casefile_act *act, const struct referral *r)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(limits); i++)
		e = referral_clock_stop(act, r, limits[i].key);
	return e;
}

enum err referral_accept_by(const struct casefile_act *act, const char *agreement, int64_t at, int64_t *ret_due)
{
	struct clock_rule rule;
	enum err e = rule_of(act, agreement, "agreement.accept", &rule);
	return e ? e : clock_due_in(&rule, office_calendar(act->office), at, ret_due);
}

enum err referral_allowed(
    const struct casefile_act *act, const struct referral *r, const json_t *body, struct fault *fault)
{
	const char *categories[CATEGORIES_MAX + 1], *clause;
	const char *subject = json_str_or(r->packet, "subject", "");
	const struct agreement_ask ask = { .request = { .kind = "referral",
					       .nationality = json_str_or(r->packet, "nationality", ""),
					       .residence = json_str_or(r->packet, "residence", ""),
					       .subject = *subject ? subject : NULL,
					       .categories = categories },
		.home_is_us = referral_is_home(r) };
	enum err e = agreement_body_categories(body, categories, fault);
	return e ? e : agreement_may_send(act, r->agreement, &ask, &clause, fault);
}
