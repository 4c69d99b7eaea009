/* Who may do what: one table of acts, one function that reads it. */
#include "office/access.h"

#include "base/util.h"

#include <string.h>

static const struct {
	const char *key;
	const char *label;
} role_table[ROLE_MAX] = {
	[ROLE_REGISTRAR] = { "registrar", N_("Registrar") },
	[ROLE_INVESTIGATOR] = { "investigator", N_("Investigating officer") },
	[ROLE_LIAISON] = { "liaison", N_("Liaison officer") },
	[ROLE_COMMISSIONER] = { "commissioner", N_("Head of the institution") },
	[ROLE_AUDITOR] = { "auditor", N_("Auditor") },
	[ROLE_ADMINISTRATOR] = { "administrator", N_("Administrator") },
};

#define R(role) (1u << ROLE_##role)
#define EVERY_ROLE ((1u << ROLE_MAX) - 1)

/*
 * `roles` may do the act to anything; `if_assigned` only to cases that are theirs; `if_referral` only to cases that
 * carry a referral; `if_unassigned` only while the registrar still has the case (domain.md section 4: intake without
 * caseload, liaison officers do not browse domestic cases, administrators see no content).
 */
static const struct rule {
	unsigned roles, if_assigned, if_referral, if_unassigned;
	bool public; /* anybody, logged in or not */
	bool person; /* the person, on the case whose code was shown */
} rules[ACT_MAX] = {
	[ACT_COMPLAIN] = { .public = true },
	[ACT_CASE_FOLLOW] = { .person = true },
	[ACT_QUEUE_READ] = { R(REGISTRAR) | R(INVESTIGATOR) | R(LIAISON) | R(COMMISSIONER) },
	[ACT_CASE_READ] = { .roles = R(COMMISSIONER),
	    .if_assigned = R(REGISTRAR) | R(INVESTIGATOR) | R(LIAISON),
	    .if_referral = R(LIAISON),
	    .if_unassigned = R(REGISTRAR) },
	[ACT_CASE_REGISTER] = { .if_unassigned = R(REGISTRAR), .if_assigned = R(REGISTRAR) },
	[ACT_CASE_ASSIGN] = { .roles = R(COMMISSIONER), .if_unassigned = R(REGISTRAR), .if_assigned = R(REGISTRAR) },
	[ACT_CASE_WORK] = { .roles = R(COMMISSIONER), .if_assigned = R(INVESTIGATOR) | R(LIAISON) },
	[ACT_REFERRAL_WORK] = { .roles = R(COMMISSIONER), .if_assigned = R(LIAISON), .if_referral = R(LIAISON) },
	[ACT_REFERRAL_READ] = { .roles = R(COMMISSIONER) | R(LIAISON) },
	[ACT_AGREEMENT_READ] = { .roles = EVERY_ROLE },
	[ACT_AGREEMENT_DRAFT] = { .roles = R(LIAISON) | R(COMMISSIONER) },
	[ACT_AGREEMENT_SIGN] = { .roles = R(COMMISSIONER) },
	[ACT_PARTNER_READ] = { .roles = R(LIAISON) | R(COMMISSIONER) | R(ADMINISTRATOR) | R(AUDITOR) },
	[ACT_PARTNER_PAIR] = { .roles = R(LIAISON) | R(COMMISSIONER) },
	[ACT_STAFF_MANAGE] = { .roles = R(ADMINISTRATOR) },
	[ACT_JOURNAL_READ] = { .roles = R(AUDITOR) },
};

static bool officer_may(const struct rule *rule, const struct actor *actor, const struct object *object)
{
	if (actor->roles & rule->roles)
		return true;
	if (!object)
		return false;
	bool mine = actor->kind == ACTOR_STAFF && object->assigned_to && object->assigned_to == actor->id;
	return (mine && (actor->roles & rule->if_assigned)) ||
	       (object->has_referral && (actor->roles & rule->if_referral)) ||
	       (object->unassigned_state && (actor->roles & rule->if_unassigned));
}

enum err may(const struct actor *actor, enum act act, const struct object *object, struct fault *fault)
{
	const struct rule *rule = &rules[act];
	if (rule->public)
		return OK;
	if (!actor || actor->kind == ACTOR_NOBODY)
		return fault_set(fault, ERR_LOGIN, NULL, N_("Please log in first."), NULL);
	switch (actor->kind) {
	case ACTOR_SYSTEM:
		return OK;
	case ACTOR_PERSON:
		if (rule->person && object && object->casefile_id == actor->id)
			return OK;
		/* A person learns nothing of what else exists. */
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
	case ACTOR_STAFF:
	case ACTOR_PROGRAM:
		if (officer_may(rule, actor, object))
			return OK;
		break;
	default:
		break;
	}
	return fault_set(
	    fault, ERR_DENIED, NULL, N_("Your role does not allow this, or the case is not assigned to you."), NULL);
}

bool role_parse(const char *key, enum role *ret_role)
{
	for (enum role r = 0; r < ROLE_MAX; r++) {
		if (!strcmp(role_table[r].key, key)) {
			*ret_role = r;
			return true;
		}
	}
	return false;
}

const char *role_key(enum role role)
{
	return role_table[role].key;
}

const char *role_label(enum role role)
{
	return role_table[role].label;
}

enum err roles_parse(const char *keys, unsigned *ret_roles, struct fault *fault)
{
	unsigned roles = 0;
	while (*keys) {
		size_t len = strcspn(keys, " ,");
		char key[32];
		enum role role;
		if (len == 0) {
			keys++;
			continue;
		}
		if (len >= sizeof(key))
			return fault_set(
			    fault, ERR_INVALID, "roles", N_("There is no role “{role}”."), "role", keys, NULL);
		memcpy(key, keys, len);
		key[len] = '\0';
		if (!role_parse(key, &role))
			return fault_set(
			    fault, ERR_INVALID, "roles", N_("There is no role “{role}”."), "role", key, NULL);
		roles |= 1u << role;
		keys += len;
	}
	if (!roles)
		return fault_set(fault, ERR_INVALID, "roles", N_("Name at least one role."), NULL);
	*ret_roles = roles;
	return OK;
}

void roles_format(unsigned roles, char out[128])
{
	size_t used = 0;
	out[0] = '\0';
	for (enum role r = 0; r < ROLE_MAX; r++) {
		if (!(roles & (1u << r)))
			continue;
		if (used)
			out[used++] = ' ';
		copy_text(out + used, 128 - used, role_table[r].key);
		used += strlen(out + used);
	}
}
