/* Who may do what: one table of acts, one function that reads the rights of roles. */
#include "office/access.h"

#include "base/util.h"
#include "office/profile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `open`: to whom besides officers and programs with the right. */
enum open { TO_ROLES, TO_ANYBODY, TO_PERSON, TO_BODY };

static const struct {
	const char *key, *label;
	enum open open;
} acts[ACT_MAX] = {
	[ACT_COMPLAIN] = { "complain", N_("File a complaint"), TO_ANYBODY },
	[ACT_CASE_FOLLOW] = { "case_follow", N_("Follow the own complaint"), TO_PERSON },
	[ACT_AGENCY_ANSWER] = { "agency_answer", N_("Answer requests to the own body"), TO_BODY },
	[ACT_QUEUE_READ] = { "queue_read", N_("See lists of cases") },
	[ACT_CASE_READ] = { "case_read", N_("Read cases") },
	[ACT_CASE_ENTER] = { "case_enter", N_("Take down complaints") },
	[ACT_CASE_REGISTER] = { "case_register", N_("Register, acknowledge and screen complaints") },
	[ACT_CASE_SCREEN] = { "case_screen", N_("Screen cases, keep their people, pass them on") },
	[ACT_CASE_ASSIGN] = { "case_assign", N_("Assign cases") },
	[ACT_CASE_WORK] = { "case_work", N_("Work on cases") },
	[ACT_CASE_DECIDE] = { "case_decide", N_("Sign findings, recommendations and decisions") },
	[ACT_CASE_MEDIATE] = { "case_mediate", N_("Mediate") },
	[ACT_CASE_REOPEN] = { "case_reopen", N_("Reopen cases") },
	[ACT_CASE_REVIEW] = { "case_review", N_("Take reviews and appeals") },
	[ACT_CASE_LINK] = { "case_link", N_("Link and join cases") },
	[ACT_CASE_BULK] = { "case_bulk", N_("Act on many cases at once") },
	[ACT_CLOCK_CHANGE] = { "clock_change", N_("Pause and extend time limits") },
	[ACT_TASK_WORK] = { "task_work", N_("Give and do tasks") },
	[ACT_IDENTITY_READ] = { "identity_read", N_("Know withheld identities") },
	[ACT_IDENTITY_OPEN] = { "identity_open", N_("Ask to know a withheld identity") },
	[ACT_IDENTITY_APPROVE] = { "identity_approve", N_("Approve that a withheld identity is opened") },
	[ACT_BREAK_GLASS] = { "break_glass", N_("Open a case outside the own scope, with a reason") },
	[ACT_CONFLICT_SET] = { "conflict_set", N_("Keep an officer from a case") },
	[ACT_EXPORT] = { "export", N_("Export lists") },
	[ACT_REFERRAL_WORK] = { "referral_work", N_("Work on referrals") },
	[ACT_REFERRAL_READ] = { "referral_read", N_("Read referrals") },
	[ACT_AGREEMENT_READ] = { "agreement_read", N_("Read agreements") },
	[ACT_AGREEMENT_DRAFT] = { "agreement_draft", N_("Draft agreements") },
	[ACT_AGREEMENT_SIGN] = { "agreement_sign", N_("Sign, suspend and end agreements") },
	[ACT_PARTNER_READ] = { "partner_read", N_("See partners") },
	[ACT_PARTNER_PAIR] = { "partner_pair", N_("Pair with partners and block them") },
	[ACT_OFFICE_READ] = { "office_read", N_("See lists, limits, bodies and units") },
	[ACT_OFFICE_CHANGE] = { "office_change", N_("Change lists, limits, bodies and units") },
	[ACT_STAFF_MANAGE] = { "staff_manage", N_("Manage staff") },
	[ACT_SUBSTITUTE] = { "substitute", N_("Say who stands in for whom") },
	[ACT_JOURNAL_READ] = { "journal_read", N_("Read the journal") },
};

static const struct {
	unsigned bit;
	const char *key, *label;
} scopes[] = {
	{ SCOPE_ANY, "any", N_("all cases") },
	{ SCOPE_MINE, "mine", N_("own cases") },
	{ SCOPE_UNIT, "unit", N_("cases of the own unit") },
	{ SCOPE_INTAKE, "intake", N_("cases until they are admitted") },
	{ SCOPE_REFERRAL, "referral", N_("cases with a referral") },
};

/* --- the question ------------------------------------------------------------------------------------------------ */

bool ids_hold(const char *ids, int64_t id)
{
	char mark[32];
	snprintf(mark, sizeof(mark), ",%" PRId64 ",", id);
	return ids && strstr(ids, mark);
}

static bool is_own(const struct actor *actor, const struct object *object, int64_t id)
{
	return id && actor->kind == ACTOR_STAFF && (object->assigned_to == id || ids_hold(object->team, id));
}

static bool in_units(const struct actor *actor, const char *unit)
{
	for (const char *const *u = actor->units; u && unit && *unit && *u; u++)
		if (!strcmp(*u, unit))
			return true;
	return false;
}

bool conflicts(const struct actor *actor, const struct object *object)
{
	return actor->kind == ACTOR_STAFF && object && object->conflicts && *object->conflicts &&
	       (ids_hold(object->conflicts, actor->id) ||
		   (actor->stands_for && ids_hold(object->conflicts, actor->stands_for)));
}

static bool acts_for_the_office(const struct actor *actor)
{
	return actor && (actor->kind == ACTOR_STAFF || actor->kind == ACTOR_PROGRAM);
}

unsigned may_through(const struct actor *actor, enum act act, const struct object *object)
{
	unsigned held = acts_for_the_office(actor) && actor->rights ? actor->rights->scope[act] : 0;
	unsigned through = held & SCOPE_ANY;
	if (!object)
		return through;
	if (acts_for_the_office(actor) && conflicts(actor, object))
		return 0;
	if (is_own(actor, object, actor->id) || is_own(actor, object, actor->stands_for))
		through |= held & SCOPE_MINE;
	if (in_units(actor, object->unit))
		through |= held & SCOPE_UNIT;
	if (object->intake)
		through |= held & SCOPE_INTAKE;
	if (object->has_referral)
		through |= held & SCOPE_REFERRAL;
	return through;
}

bool may_somewhere(const struct actor *actor, enum act act)
{
	if (actor && actor->kind == ACTOR_AGENCY)
		return acts[act].open == TO_BODY && actor->body;
	return acts_for_the_office(actor) && actor->rights && actor->rights->scope[act] != 0;
}

static bool by_opening(const struct actor *actor, enum act act, const struct object *object)
{
	if (!object || actor->kind != ACTOR_STAFF)
		return false;
	if (act == ACT_CASE_READ)
		return ids_hold(object->opened_to, actor->id);
	return act == ACT_IDENTITY_READ && ids_hold(object->knowing, actor->id);
}

static enum err officer(const struct actor *actor, enum act act, const struct object *object, struct fault *fault)
{
	/* Taken out of the officer's world: the answer is the one for a case that does not exist. */
	if (conflicts(actor, object))
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
	if (act == ACT_IDENTITY_READ && !(object && object->withheld)) /* no more than the rest of the case */
		act = ACT_CASE_READ;
	if (may_through(actor, act, object) || by_opening(actor, act, object))
		return OK;
	return fault_set(
	    fault, ERR_DENIED, NULL, N_("Your role does not allow this, or the case is not assigned to you."), NULL);
}

static bool path_holds(const char *path, const char *key, bool at_end)
{
	size_t len = strlen(key);
	for (const char *at = path; len && (at = strchr(at, '/')); at++)
		if (!strncmp(at + 1, key, len) && at[1 + len] == '/' && (!at_end || !at[2 + len]))
			return true;
	return false;
}

bool body_path_is(const char *path, const char *key)
{
	return path_holds(path, key, true);
}

bool body_path_within(const char *path, const char *key)
{
	return path_holds(path, key, false);
}

static enum err outsider(const struct actor *actor, enum open open, const struct object *object, struct fault *fault)
{
	if (actor->kind == ACTOR_PERSON && open == TO_PERSON && object && object->casefile_id == actor->id)
		return OK;
	if (actor->kind == ACTOR_AGENCY && open == TO_BODY && object && object->body && actor->body &&
	    (actor->below ? body_path_within : body_path_is)(object->body, actor->body))
		return OK;
	/* They learn nothing of what else exists. */
	return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such page."), NULL);
}

enum err may(const struct actor *actor, enum act act, const struct object *object, struct fault *fault)
{
	if (acts[act].open == TO_ANYBODY)
		return OK;
	if (!actor || actor->kind == ACTOR_NOBODY)
		return fault_set(fault, ERR_LOGIN, NULL, N_("Please log in first."), NULL);
	switch (actor->kind) {
	case ACTOR_SYSTEM:
		return OK;
	case ACTOR_PERSON:
	case ACTOR_AGENCY:
		return outsider(actor, acts[act].open, object, fault);
	case ACTOR_STAFF:
	case ACTOR_PROGRAM:
		return officer(actor, act, object, fault);
	default:
		return fault_set(fault, ERR_DENIED, NULL,
		    N_("Your role does not allow this, or the case is not assigned to you."), NULL);
	}
}

enum err may_ever(const struct actor *actor, enum act act, struct fault *fault)
{
	return may_somewhere(actor, act) ? OK : may(actor, act, NULL, fault);
}

/* --- names of acts and scopes ------------------------------------------------------------------------------------ */

const char *act_key(enum act act)
{
	return acts[act].key;
}

const char *act_label(enum act act)
{
	return acts[act].label;
}

bool act_parse(const char *key, enum act *ret_act)
{
	for (enum act a = 0; a < ACT_MAX; a++) {
		if (!strcmp(acts[a].key, key)) {
			*ret_act = a;
			return true;
		}
	}
	return false;
}

bool act_is_for_roles(enum act act)
{
	return acts[act].open == TO_ROLES;
}

const char *scope_key(unsigned bit)
{
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		if (scopes[i].bit == bit)
			return scopes[i].key;
	return "";
}

const char *scope_label(unsigned bit)
{
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++)
		if (scopes[i].bit == bit)
			return scopes[i].label;
	return "";
}

bool scope_parse(const char *key, unsigned *ret_bit)
{
	for (size_t i = 0; i < ARRAY_LEN(scopes); i++) {
		if (!strcmp(scopes[i].key, key)) {
			*ret_bit = scopes[i].bit;
			return true;
		}
	}
	return false;
}

/* --- roles ------------------------------------------------------------------------------------------------------- */

/* The next key of a list parted by spaces and commas; NULL at the end. */
static const char *next_key(const char *keys, size_t *ret_len)
{
	keys += strspn(keys, " ,");
	*ret_len = strcspn(keys, " ,");
	return *ret_len ? keys : NULL;
}

bool roles_have(const char *roles, const char *key)
{
	size_t len;
	for (const char *k = roles ? roles : ""; (k = next_key(k, &len)); k += len)
		if (strlen(key) == len && !strncmp(k, key, len))
			return true;
	return false;
}

static const struct role *find_role(const struct profile *profile, const char *key, size_t len)
{
	for (size_t i = 0; i < profile->roles; i++)
		if (strlen(profile->role[i].key) == len && !strncmp(profile->role[i].key, key, len))
			return &profile->role[i];
	return NULL;
}

enum err rights_of(const struct profile *profile, const char *roles, struct rights *ret_rights, struct fault *fault)
{
	struct rights all = { { 0 } };
	size_t len, n = 0;
	for (const char *k = roles; (k = next_key(k, &len)); k += len, n++) {
		const struct role *role = find_role(profile, k, len);
		char named[61];
		snprintf(named, sizeof(named), "%.*s", (int)(len < 60 ? len : 60), k);
		if (!role)
			return fault_set(
			    fault, ERR_INVALID, "roles", N_("There is no role “{role}”."), "role", named, NULL);
		for (int a = 0; a < ACT_MAX; a++)
			all.scope[a] |= role->rights.scope[a];
	}
	if (!n)
		return fault_set(fault, ERR_INVALID, "roles", N_("Name at least one role."), NULL);
	*ret_rights = all;
	return OK;
}

void roles_format(const struct profile *profile, const char *roles, char out[256])
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < profile->roles; i++) {
		if (!roles_have(roles, profile->role[i].key))
			continue;
		if (used)
			out[used++] = ' ';
		copy_text(out + used, 256 - used, profile->role[i].key);
		used += strlen(out + used);
	}
}
