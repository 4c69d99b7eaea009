/* What staff do to the course of a case: give it to a unit and an officer, link it, reopen it, take a review, move it.
 */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/assignment.h"
#include "casework/case_acts.h"
#include "casework/flow_view.h"
#include "casework/link.h"
#include "casework/review.h"
#include "casework/tables.h"
#include "office/numbering.h"
#include "text/date.h"

#include <string.h>

#define WORDS_MAX 5000
#define LETTER_MAX 10000

/* --- whose it is ------------------------------------------------------------------------------------------------- */

struct lead_form {
	int64_t version, staff_id, proposed;
	const char *unit, *reason;
};

static const struct field lead_fields[] = {
	FIELD(struct lead_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct lead_form, unit, FIELD_TEXT, 60, 0, N_("Unit")),
	FIELD(struct lead_form, staff_id, FIELD_INT, 0, 0, N_("Officer")),
	FIELD(struct lead_form, proposed, FIELD_INT, 0, 0, N_("Officer who was proposed")),
	FIELD(struct lead_form, reason, FIELD_LINES, WORDS_MAX, 0, N_("Reason")),
};

static enum err do_lead(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct lead_form *form = arg;
	const struct assignment_new new = { form->staff_id, form->unit, form->reason, form->proposed, form->version };
	return assignment_give(act, c, &new, fault);
}

struct member_form {
	int64_t staff_id;
	const char *part;
};

static const char *const parts[] = { "member", "mediator", NULL };
static const struct field member_fields[] = {
	FIELD(struct member_form, staff_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Officer")),
	FIELD_OF(struct member_form, part, parts, FIELD_REQUIRED, N_("Part in the case")),
};

static enum err do_member(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct member_form *form = arg;
	return casefile_add_member(act, c, form->staff_id, form->part, fault);
}

static enum err do_member_end(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	return casefile_end_member(act, c, n, fault);
}

/* --- links ------------------------------------------------------------------------------------------------------- */

struct link_form {
	int64_t version;
	const char *link_kind, *other, *reason, *direction;
};

static const char *const directions[] = { "from_here", "to_here", NULL };
static const struct field link_fields[] = {
	FIELD(struct link_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD_OF(struct link_form, link_kind, link_kinds, FIELD_REQUIRED, N_("How they hang together")),
	FIELD_OF(struct link_form, direction, directions, 0, N_("Which of them comes first")),
	FIELD(struct link_form, other, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Number of the other case")),
	FIELD(struct link_form, reason, FIELD_LINES, WORDS_MAX, 0, N_("Reason")),
};

/* 0 when there is none: the rule answers as for one that may not be linked. */
static int64_t find_number(const struct casefile_act *act, const char *typed)
{
	char number[NUMBER_TEXT];
	int64_t id;
	if (!numbering_read(act->office->profile, typed, number, NULL) || casefile_find(act->tx, number, &id))
		return 0;
	return id;
}

static enum err do_link(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct link_form *form = arg;
	struct link_new new = { .reason = form->reason,
		.here_first = strcmp(form->direction, "to_here") != 0,
		.other = find_number(act, form->other),
		.version = form->version };
	if (!link_kind_parse(form->link_kind, &new.kind))
		return ERR_INTERNAL; /* the form's own list */
	return link_add(act, c, &new, ret_id, fault);
}

struct reason_form {
	const char *reason;
};

static const struct field reason_fields[] = {
	FIELD(struct reason_form, reason, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("Reason")),
};

static enum err do_unlink(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct reason_form *form = arg;
	return link_undo(act, c, n, form->reason, fault);
}

struct derive_form {
	const char *keep, *facts, *person_name, *reason;
};

static const char *const keeps[] = { "person", "violation", NULL };
static const struct field derive_fields[] = {
	FIELD_OF(struct derive_form, keep, keeps, FIELD_REQUIRED, N_("What the new case keeps")),
	FIELD(struct derive_form, person_name, FIELD_TEXT, 150, 0, N_("Name of the new complainant")),
	FIELD(struct derive_form, facts, FIELD_LINES, LETTER_MAX, 0, N_("What the new case is about")),
	FIELD(struct derive_form, reason, FIELD_LINES, WORDS_MAX, 0, N_("Reason")),
};

static enum err do_derive(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct derive_form *form = arg;
	const struct derived_new new = { !strcmp(form->keep, "person"), form->facts, form->person_name, form->reason };
	return link_derive(act, c, &new, ret_id, fault);
}

/* A fixed number of places, each a case and the letter to its person. */
struct joint_form {
	int64_t version;
	const char *closing, *closing_words;
	int64_t joined[JOINT_MAX];
	const char *letter[JOINT_MAX];
};

#define PLACE(n_)                                                                                                      \
	{ "joined_" #n_, FIELD_INT, offsetof(struct joint_form, joined[n_ - 1]), 0, 0, N_("Joined case"), NULL },      \
	{                                                                                                              \
		"letter_" #n_, FIELD_LINES, offsetof(struct joint_form, letter[n_ - 1]), LETTER_MAX, 0,                \
		    N_("Letter to the person"), NULL                                                                   \
	}

static const struct field joint_fields[] = {
	FIELD(struct joint_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct joint_form, closing, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Reason for closing")),
	FIELD(struct joint_form, closing_words, FIELD_LINES, WORDS_MAX, 0, N_("Words to the person")),
	PLACE(1),
	PLACE(2),
	PLACE(3),
	PLACE(4),
	PLACE(5),
	PLACE(6),
	PLACE(7),
	PLACE(8),
	PLACE(9),
	PLACE(10),
	PLACE(11),
	PLACE(12),
	PLACE(13),
	PLACE(14),
	PLACE(15),
	PLACE(16),
	PLACE(17),
	PLACE(18),
	PLACE(19),
	PLACE(20),
};

static enum err do_close_together(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct joint_form *form = arg;
	struct joint_letter letters[JOINT_MAX];
	struct joint_close close = { form->closing, form->closing_words, letters, 0, form->version };
	for (size_t i = 0; i < JOINT_MAX; i++)
		if (form->joined[i])
			letters[close.letters++] = (struct joint_letter) { form->joined[i], form->letter[i] };
	return link_close_together(act, c, &close, fault);
}

/* --- after a decision -------------------------------------------------------------------------------------------- */

struct reopen_form {
	int64_t version;
	const char *reopen_ground, *words;
};

static const struct field reopen_fields[] = {
	FIELD(struct reopen_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct reopen_form, reopen_ground, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Ground")),
	FIELD(struct reopen_form, words, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("Reason")),
};

static enum err do_reopen(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct reopen_form *form = arg;
	return review_reopen(act, c, form->reopen_ground, form->words, form->version, fault);
}

struct review_form {
	int64_t version;
	const char *way, *asked_by, *ground, *petition, *filed_on, *late_reason;
};

static const char *const askers[] = { "person", "body", NULL };
static const struct field review_fields[] = {
	FIELD(struct review_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct review_form, way, FIELD_TEXT, 60, FIELD_REQUIRED, N_("What is asked for")),
	FIELD_OF(struct review_form, asked_by, askers, FIELD_REQUIRED, N_("Who asks")),
	FIELD(struct review_form, ground, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Ground")),
	FIELD(struct review_form, petition, FIELD_LINES, LETTER_MAX, FIELD_REQUIRED, N_("What the petition says")),
	FIELD(struct review_form, filed_on, FIELD_DATE, 0, 0, N_("Day on which it was filed")),
	FIELD(struct review_form, late_reason, FIELD_LINES, WORDS_MAX, 0, N_("Why a late one is let in")),
};

/* The day's own noon in the office's zone: no limit turns on the hour. 0: now. */
static int64_t noon_of(const struct casefile_act *act, const char *iso)
{
	struct civil day;
	if (!*iso || civil_parse(iso, &day))
		return 0;
	int64_t noon = zone_day_start(act->office->profile->calendar.zone, day) + 12 * HOUR_MS;
	return noon > act->now &&
		       civil_days(day) == civil_days(zone_date(act->office->profile->calendar.zone, act->now))
		   ? act->now
		   : noon;
}

static enum err do_review(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct review_form *form = arg;
	const struct review_new new = { form->way, form->ground, form->petition, form->late_reason, form->asked_by,
		noon_of(act, form->filed_on), form->version };
	return review_file(act, c, &new, ret_id, fault);
}

struct reviewer_form {
	int64_t staff_id;
};

static const struct field reviewer_fields[] = {
	FIELD(struct reviewer_form, staff_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Reviewer")),
};

static enum err do_reviewer(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct reviewer_form *form = arg;
	return review_name_reviewer(act, c, n, form->staff_id, fault);
}

struct outcome_form {
	int64_t version;
	const char *outcome, *words;
};

static const struct field outcome_fields[] = {
	FIELD(struct outcome_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct outcome_form, outcome, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Outcome")),
	FIELD(struct outcome_form, words, FIELD_LINES, LETTER_MAX, FIELD_REQUIRED,
	    N_("Reasons, as the person reads them")),
};

static enum err do_outcome(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct outcome_form *form = arg;
	return review_decide(act, c, n, form->outcome, form->words, form->version, fault);
}

static enum err do_review_withdraw(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct reason_form *form = arg;
	return review_withdraw(act, c, n, form->reason, fault);
}

struct withdrawal_form {
	const char *withdraw_ground, *words;
};

static const struct field withdrawal_fields[] = {
	FIELD(struct withdrawal_form, withdraw_ground, FIELD_TEXT, 60, FIELD_REQUIRED,
	    N_("Why the person takes it back")),
	FIELD(struct withdrawal_form, words, FIELD_LINES, WORDS_MAX, FIELD_REQUIRED, N_("How the person said it")),
};

static enum err do_withdrawal(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct withdrawal_form *form = arg;
	return review_withdrawal(act, c, form->withdraw_ground, form->words, fault);
}

/* --- moves of the profile that nothing else makes ----------------------------------------------------------------- */

struct move_form {
	int64_t version;
	const char *move, *words;
};

static const struct field move_fields[] = {
	FIELD(struct move_form, version, FIELD_INT, 0, 0, N_("Version of the case")),
	FIELD(struct move_form, move, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Step")),
	FIELD(struct move_form, words, FIELD_LINES, WORDS_MAX, 0, N_("Reason")),
};

static enum err do_move(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct move_form *form = arg;
	const struct move *move = profile_move(act->office->profile, c->state, form->move);
	if (!move || !move->manual)
		return fault_set(fault, ERR_CONFLICT, "state",
		    N_("This step is not possible in the present state of the case. Somebody may have moved it; look "
		       "at it "
		       "again."),
		    NULL);
	if ((move->reason || move->told) && !*form->words)
		return fault_set(fault, ERR_INVALID, "words",
		    move->told ? N_("Write to the person why.") : N_("Give a reason."), NULL);
	json_t *data = json_object();
	json_put_str(data, "words", form->words);
	enum err e = casefile_move(act, c, form->move, form->version, data, fault);
	return e || !move->told ? e : text_add(act, c->id, "to_person", case_person_lang(act, c), form->words);
}

/* --- the tables --------------------------------------------------------------------------------------------------- */

static const struct desk_act acts[] = {
	{ "lead", "lead", "team", "team", ACT_CASE_ASSIGN, DESK_FORM(struct lead_form, lead_fields), do_lead },
	{ "team", "member", "team", "team", ACT_CASE_ASSIGN, DESK_FORM(struct member_form, member_fields), do_member },
	{ "member-end", "member", "team", "team", ACT_CASE_ASSIGN, DESK_NO_FORM, do_member_end },
	{ "links", "link", "links", "links", ACT_CASE_LINK, DESK_FORM(struct link_form, link_fields), do_link },
	{ "unlink", "unlink", "links", "links", ACT_CASE_LINK, DESK_FORM(struct reason_form, reason_fields),
	    do_unlink },
	{ "derived", "derive", "links", "links", ACT_CASE_LINK, DESK_FORM(struct derive_form, derive_fields),
	    do_derive },
	{ "close-together", "joint", "links", "links", ACT_CASE_WORK, DESK_FORM(struct joint_form, joint_fields),
	    do_close_together },
	{ "reopen", "reopen", "review", "links", ACT_CASE_REOPEN, DESK_FORM(struct reopen_form, reopen_fields),
	    do_reopen },
	{ "reviews", "review", "review", "links", ACT_CASE_REVIEW, DESK_FORM(struct review_form, review_fields),
	    do_review },
	{ "reviewer", "reviewer", "review", "links", ACT_CASE_REVIEW, DESK_FORM(struct reviewer_form, reviewer_fields),
	    do_reviewer },
	/* Reading is enough to come in: the rule lets only the reviewer decide, and whoever takes appeals record one.
	 */
	{ "review-outcome", "outcome", "review", "links", ACT_CASE_READ, DESK_FORM(struct outcome_form, outcome_fields),
	    do_outcome },
	{ "review-withdrawal", "review_withdrawal", "review", "links", ACT_CASE_REVIEW,
	    DESK_FORM(struct reason_form, reason_fields), do_review_withdraw },
	{ "withdrawal", "withdrawal", "review", "links", ACT_CASE_WORK,
	    DESK_FORM(struct withdrawal_form, withdrawal_fields), do_withdrawal },
	{ "move", "move", "chronology", NULL, ACT_CASE_WORK, DESK_FORM(struct move_form, move_fields), do_move },
};
const struct desk_act_table flow_acts = { acts, ARRAY_LEN(acts) };

static const struct event_kind kinds[] = {
	{ "unit_given", NULL, N_("Given to the unit “{unit_name}”. {words}") },
	{ "linked_to", NULL, N_("{link_name}: {number}. {words}") },
	{ "linked_from", NULL, N_("{link_name}: {number}. {words}") },
	{ "joined_into", N_("We look into your complaint together with others about the same matter."),
	    N_("{link_name}: {number}. {words}") },
	{ "link_undone", NULL, N_("Link undone: {link_name}, {number}. {words}") },
	{ "review_asked", N_("{way}: it was asked for."), N_("{way}: asked for. {ground_name}. {words}") },
	{ "reviewer_named", N_("Somebody who did not work on your complaint before looks at the decision again."),
	    N_("{name} reviews.") },
	{ "review_decided", N_("{way}: {outcome_name}. {words}"), N_("{way}: {outcome_name}. {words}") },
	{ "review_withdrawn", N_("{way}: it was taken back."), N_("{way}: taken back. {words}") },
	{ "appeal_filed", N_("{way}: it was filed."), N_("{way}: filed. {ground_name}. {words}") },
	{ "appeal_decided", N_("{way}: {outcome_name}. {words}"), N_("{way}: {outcome_name}. {words}") },
	{ "stay_ended", N_("The time for which our decision was suspended has ended."),
	    N_("The stay of the order has ended.") },
	{ "withdrawal", N_("You took your complaint back: {ground_name}. We will read it and close the case."),
	    N_("The person takes the complaint back: {ground_name}. {words}") },
};
const struct event_table flow_events = { kinds, ARRAY_LEN(kinds) };

static const struct route routes[] = {
	DESK_ACT("lead", "Give a case to a unit and an officer."),
	DESK_ACT("team", "Add an officer to the team."),
	DESK_ACT("team/{n}/member-end", "End an officer's part in the team."),
	DESK_ACT("links", "Link a case with another."),
	DESK_ACT("links/{n}/unlink", "Undo a link."),
	DESK_ACT("derived", "Make a case from another."),
	DESK_ACT("close-together", "Close a case with those joined into it."),
	DESK_ACT("reopen", "Reopen a closed case."),
	DESK_ACT("reviews", "Take a petition for review or record an appeal."),
	DESK_ACT("reviews/{n}/reviewer", "Name the reviewer."),
	DESK_ACT("reviews/{n}/review-outcome", "Decide a review or record the decision on an appeal."),
	DESK_ACT("reviews/{n}/review-withdrawal", "Record that a review or appeal was taken back."),
	DESK_ACT("withdrawal", "Record that the person takes the complaint back."),
	DESK_ACT("move", "Make a step that the profile leaves to officers."),
};
const struct route_table flow_routes = { routes, ARRAY_LEN(routes) };

static const struct job jobs[] = {
	{ "casework.stays", 3600 * 1000, review_end_stays, "Ends stays of orders whose time has passed." },
};
const struct job_table flow_jobs = { jobs, ARRAY_LEN(jobs) };
