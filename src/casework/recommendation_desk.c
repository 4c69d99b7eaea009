/* Recommendations at the desk: what their forms say, the acts, the routes, and the words of their events. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/recommendation.h"
#include "casework/registry.h"

struct recommendation_form {
	int64_t version;
	const char *body_key, *addressee, *measure, *rec_kind, *public_text, *ground, *due;
	const char *answer, *answer_words, *degree, *evidence, *reminder, *step, *step_words;
	int64_t document[RECOMMENDATION_DOCUMENTS_MAX];
};

static enum err do_issue(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct recommendation_form *form = in;
	const struct registry *bodies;
	enum err e = registry_in(act->tx, act->office, act->arena, &bodies);
	/* A name of the registry is that body, whatever stood in the form before it was typed over. */
	const struct body *body = e ? NULL : registry_named(bodies, act->arena, form->addressee);
	const struct recommendation_new new = { .body_key = body ? body->key : form->body_key,
		.addressee = form->addressee,
		.measure = form->measure,
		.kind = *form->rec_kind ? form->rec_kind : "personal",
		.public_text = form->public_text,
		.ground = form->ground,
		.due = form->due };
	return e ? e : recommendation_issue(act, c, &new, form->version, ret_id, fault);
}

static enum err do_answer(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct recommendation_form *form = in;
	return recommendation_reply(act, c, n, form->answer, form->answer_words, fault);
}

static enum err do_assess(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct recommendation_form *form = in;
	struct recommendation_assessment new = { .degree = form->degree, .words = form->evidence };
	for (size_t i = 0; i < RECOMMENDATION_DOCUMENTS_MAX; i++)
		new.document[i] = form->document[i];
	return recommendation_assess(act, c, n, &new, fault);
}

static enum err do_remind(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct recommendation_form *form = in;
	return recommendation_remind(act, c, n, form->reminder, fault);
}

static enum err do_escalate(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct recommendation_form *form = in;
	return recommendation_escalate(act, c, n, form->step, form->step_words, fault);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct recommendation_form, member_, type_, max_, flags_, label_)
#define CHOICE(member_, of_, flags_, label_) FIELD_OF(struct recommendation_form, member_, of_, flags_, label_)
#define DOCUMENT(n_)                                                                                                   \
	{                                                                                                              \
		"document_" #n_, FIELD_INT,                                                                            \
		    offsetof(struct recommendation_form, document) + ((n_)-1) * sizeof(int64_t), 0, 0, N_("Document"), \
		    NULL                                                                                               \
	}

static const struct field issue_fields[] = {
	F(version, FIELD_INT, 0, 0, N_("Version of the case")),
	F(body_key, FIELD_TEXT, 60, 0, N_("Key of the body")),
	F(addressee, FIELD_TEXT, 200, FIELD_REQUIRED, N_("To whom")),
	CHOICE(rec_kind, recommendation_kinds, 0, N_("Kind of recommendation")),
	F(measure, FIELD_LINES, 10000, FIELD_REQUIRED, N_("What it should do")),
	F(public_text, FIELD_LINES, 5000, 0, N_("Public text")),
	F(ground, FIELD_TEXT, 300, 0, N_("Law it rests on")),
	F(due, FIELD_DATE, 0, 0, N_("By when")),
};
static const struct field answer_fields[] = {
	CHOICE(answer, recommendation_replies, FIELD_REQUIRED, N_("What the body says")),
	F(answer_words, FIELD_LINES, 5000, FIELD_REQUIRED, N_("Its words and reasons")),
};
static const struct field assess_fields[] = {
	CHOICE(degree, recommendation_degrees, FIELD_REQUIRED, N_("How far it was carried out")),
	F(evidence, FIELD_LINES, 5000, FIELD_REQUIRED, N_("What shows it")),
	DOCUMENT(1),
	DOCUMENT(2),
	DOCUMENT(3),
	DOCUMENT(4),
	DOCUMENT(5),
};
static const struct field remind_fields[] = { F(reminder, FIELD_LINES, 5000, 0, N_("Words of the reminder")) };
static const struct field escalate_fields[] = {
	CHOICE(step, recommendation_steps, FIELD_REQUIRED, N_("To whom it goes")),
	F(step_words, FIELD_LINES, 5000, FIELD_REQUIRED, N_("Why, and what was written")),
};

#define FORM(fields_) DESK_FORM(struct recommendation_form, fields_)
#define SECTION "recommendations", "inquiry"

static const struct desk_act acts[] = {
	{ "recommendations", "recommend", SECTION, ACT_CASE_DECIDE, FORM(issue_fields), do_issue },
	{ "answer", "answer", SECTION, ACT_CASE_WORK, FORM(answer_fields), do_answer },
	{ "assess", "assess", SECTION, ACT_CASE_WORK, FORM(assess_fields), do_assess },
	{ "reminder", "remind", SECTION, ACT_CASE_WORK, FORM(remind_fields), do_remind },
	{ "escalation", "escalate", SECTION, ACT_CASE_DECIDE, FORM(escalate_fields), do_escalate },
};
const struct desk_act_table recommendation_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("recommendations", "Issue a recommendation."),
	DESK_ACT("recommendations/{n}/answer", "Record what a body says to a recommendation."),
	DESK_ACT("recommendations/{n}/assess", "Assess how far a recommendation was carried out."),
	DESK_ACT("recommendations/{n}/reminder", "Remind a body of a recommendation."),
	DESK_ACT("recommendations/{n}/escalation", "Take a recommendation that is not followed a step higher."),
};
const struct route_table recommendation_routes = { routes, ARRAY_LEN(routes) };

/* --- in the chronology ------------------------------------------------------------------------------------------- */

static const struct event_kind kinds[] = {
	{ "recommendation_issued", N_("We recommended to {addressee} what it should do, by {due_at}."),
	    N_("Recommendation to {addressee}, due {due_at}.") },
	{ "recommendation_evidence", N_("{addressee} on our recommendation: {state}."),
	    N_("{addressee} on the recommendation: {state}.") },
	{ "recommendation_assessed", N_("We looked at what {addressee} has done: {degree}."),
	    N_("Compliance of {addressee} assessed: {degree}.") },
	{ "recommendation_reminded", N_("We reminded {addressee} of our recommendation."),
	    N_("{addressee} reminded of the recommendation.") },
	{ "recommendation_escalated", N_("{addressee} does not follow our recommendation. It now goes to: {step}."),
	    N_("Recommendation to {addressee} escalated: {step}. {words}") },
};
const struct event_table recommendation_events = { kinds, ARRAY_LEN(kinds) };
