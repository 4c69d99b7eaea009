/* Findings at the desk: what their forms say, the acts, the routes, and the words of their events. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/finding.h"

#include <string.h>

struct finding_form {
	int64_t version, finding_version;
	const char *facts, *reasons, *comment_due, *opinion, *facts_wrong, *comment, *drop_reason;
	bool to_person, to_bodies;
	struct finding_pairs pairs;
	const char *outcome[ISSUES_MAX];
};

static enum err do_draft(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	const struct finding_text text = { form->facts, form->reasons, form->pairs };
	return finding_draft(act, c, &text, form->version, ret_id, fault);
}

static enum err do_revise(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	const struct finding_text text = { form->facts, form->reasons, form->pairs };
	return finding_revise(act, c, n, &text, form->finding_version, fault);
}

static enum err do_circulate(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	const struct finding_circulation how = { form->to_person, form->to_bodies, form->comment_due };
	return finding_circulate(act, c, n, &how, fault);
}

static enum err do_comment(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	const struct finding_opinion opinion = { form->opinion, form->facts_wrong, form->comment };
	return finding_comment(act, c, n, &opinion, fault);
}

static enum err do_issue(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	return finding_issue(act, c, n, form->finding_version, form->version, fault);
}

static enum err do_drop(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	return finding_drop(act, c, n, form->drop_reason, fault);
}

/* What came of it, pair by pair: known when the body has acted, so it needs no finding. */
static enum err do_outcomes(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct finding_form *form = in;
	struct issue_list issues;
	enum err e = issue_list_keep(act->tx, act->arena, c, &issues);
	for (size_t i = 0; !e && i < issues.n; i++) {
		if (!issue_code_ok(act->office, "outcomes", form->outcome[i], act->now))
			return fault_set(fault, ERR_INVALID, arena_printf(act->arena, "outcome_%zu", i + 1),
			    N_("Choose the outcome from the list."), NULL);
		e = issue_set_outcome(act->tx, issues.at[i].id, form->outcome[i]);
		if (!e && strcmp(form->outcome[i], issues.at[i].outcome))
			e = inquiry_journal(
			    act, c->id, "issue.outcome", "issue", issues.at[i].id, form->outcome[i], NULL);
	}
	return e ? e : casefile_move_if(act, c, "", "outcomes_set", form->version, NULL, fault);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct finding_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))
#define SEEN F(finding_version, FIELD_INT, 0, 0, N_("Version of the draft"))
#define OF_PAIR(n_, member_) offsetof(struct finding_form, pairs.member_) + ((n_)-1) * sizeof(const char *)
#define PAIR(n_)                                                                                                       \
	{ "result_" #n_, FIELD_TEXT, OF_PAIR(n_, result), 60, 0, N_("Result"), NULL },                                 \
	{                                                                                                              \
		"fault_" #n_, FIELD_TEXT, OF_PAIR(n_, fault_type), 60, 0, N_("Kind of fault"), NULL                    \
	}
#define TEXTS                                                                                                          \
	F(facts, FIELD_LINES, 50000, FIELD_REQUIRED, N_("What happened, as we found it")),                             \
	    F(reasons, FIELD_LINES, 50000, FIELD_REQUIRED, N_("What follows from it")), PAIR(1), PAIR(2), PAIR(3),     \
	    PAIR(4), PAIR(5), PAIR(6), PAIR(7), PAIR(8), PAIR(9), PAIR(10), PAIR(11), PAIR(12)

static const struct field draft_fields[] = { VERSION, TEXTS };
static const struct field revise_fields[] = { SEEN, TEXTS };
static const struct field circulate_fields[] = {
	F(to_person, FIELD_BOOL, 0, 0, N_("The complainant is asked")),
	F(to_bodies, FIELD_BOOL, 0, 0, N_("The bodies are asked")),
	F(comment_due, FIELD_DATE, 0, FIELD_REQUIRED, N_("Comments until")),
};
static const struct field comment_fields[] = {
	FIELD_OF(struct finding_form, opinion, finding_positions, FIELD_REQUIRED, N_("Agrees with the draft?")),
	F(facts_wrong, FIELD_LINES, 10000, 0, N_("What is not right in the facts")),
	F(comment, FIELD_LINES, 10000, 0, N_("Comments")),
};
static const struct field issue_fields[] = { VERSION, SEEN };
#define OUTCOME(n_)                                                                                                    \
	{                                                                                                              \
		"outcome_" #n_, FIELD_TEXT, offsetof(struct finding_form, outcome) + ((n_)-1) * sizeof(const char *),  \
		    60, 0, N_("Outcome"), NULL                                                                         \
	}
static const struct field outcome_fields[] = { VERSION, OUTCOME(1), OUTCOME(2), OUTCOME(3), OUTCOME(4), OUTCOME(5),
	OUTCOME(6), OUTCOME(7), OUTCOME(8), OUTCOME(9), OUTCOME(10), OUTCOME(11), OUTCOME(12) };
static const struct field drop_fields[] = { F(
    drop_reason, FIELD_LINES, 2000, FIELD_REQUIRED, N_("Why the draft is given up")) };

#define FORM(fields_) DESK_FORM(struct finding_form, fields_)
#define SECTION "findings", "inquiry"

static const struct desk_act acts[] = {
	{ "findings", "draft", SECTION, ACT_CASE_WORK, FORM(draft_fields), do_draft },
	{ "revise", "revise", SECTION, ACT_CASE_WORK, FORM(revise_fields), do_revise },
	{ "circulate", "circulate", SECTION, ACT_CASE_WORK, FORM(circulate_fields), do_circulate },
	{ "comment", "comment", SECTION, ACT_CASE_WORK, FORM(comment_fields), do_comment },
	{ "issue-finding", "issue", SECTION, ACT_CASE_DECIDE, FORM(issue_fields), do_issue },
	{ "outcomes", "outcomes", "outcomes", "inquiry", ACT_CASE_WORK, FORM(outcome_fields), do_outcomes },
	{ "drop-finding", "drop", SECTION, ACT_CASE_WORK, FORM(drop_fields), do_drop },
};
const struct desk_act_table finding_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("findings", "Write the draft of a finding."),
	DESK_ACT("findings/{n}/revise", "Write another version of a draft."),
	DESK_ACT("findings/{n}/circulate", "Ask the sides for comments on a draft."),
	DESK_ACT("finding-comments/{n}/comment", "Enter the comments of a side."),
	DESK_ACT("findings/{n}/issue-finding", "Sign and issue a finding."),
	DESK_ACT("outcomes", "Say what came of it for each body and right."),
	DESK_ACT("findings/{n}/drop-finding", "Give a draft up."),
};
const struct route_table finding_routes = { routes, ARRAY_LEN(routes) };

/* --- in the chronology ------------------------------------------------------------------------------------------- */

static const struct event_kind kinds[] = {
	{ "finding_drafted", NULL, N_("Finding drafted.") },
	{ "finding_revised", NULL, N_("Draft finding changed: version {version}.") },
	{ "finding_circulated", N_("We sent you the draft of our finding. Please tell us what you think by {due_at}."),
	    N_("Draft finding sent to the person and others for comments, until {due_at}.") },
	{ "finding_circulated_inside", NULL, N_("Draft finding sent to the bodies for comments, until {due_at}.") },
	{ "finding_comment_person", N_("Your comments on the draft have arrived."),
	    N_("Comments of the person on the draft: {opinion}.") },
	{ "finding_comment_body", NULL, N_("Comments of {body} on the draft: {opinion}.") },
	{ "finding_issued", N_("We issued our finding: {finding}. You can read it on this page."),
	    N_("Finding issued by {name}: {finding}.") },
	{ "outcomes_set", NULL, N_("Outcomes entered.") },
	{ "finding_dropped", NULL, N_("Draft finding given up. {words}") },
};
const struct event_table finding_events = { kinds, ARRAY_LEN(kinds) };
