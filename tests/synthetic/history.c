/* What becomes of a complaint: steps in time, each by the function that a page would call, until the next would lie in
 * the future. */
#include "base/clockwork.h"
#include "base/progress.h"
#include "base/util.h"
#include "casework/agency.h"
#include "casework/case_transfer.h"
#include "casework/finding.h"
#include "casework/recommendation.h"
#include "synthetic/synthetic.h"
#include "synthetic/words.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

#define AT_ONCE 500 /* cases in one transaction */
#define SPAN_DAYS 540

/* --- who works here ---------------------------------------------------------------------------------------------- */

static enum err hire(struct office *office, struct draw *d, const char *login, const char *roles, const char *unit,
    int64_t *ret_id, struct fault *fault)
{
	struct arena *arena = arena_new(0);
	const struct staff_new new = { .login = login,
		.name = words_name(arena, d, LANG_EN).full,
		.lang = "en",
		.password = SYNTHETIC_PASSWORD,
		.roles = roles,
		.unit = unit };
	enum err e = staff_add(office, &new, "system", ret_id, fault);
	arena_free(arena);
	return e;
}

enum err synthetic_hire(struct office *office, size_t officers, struct synthetic_staff *ret_staff, struct fault *fault)
{
	struct draw d = draw_from(7, 7);
	struct synthetic_staff staff = { .registrars = officers < 40 ? 2 : 8, .officers = officers };
	const struct profile *profile = office->profile;
	char login[32];
	enum err e = hire(office, &d, "head", "commissioner", "", &staff.head, fault);
	for (size_t i = 0; !e && i < staff.registrars; i++) {
		snprintf(login, sizeof(login), "registrar%zu", i + 1);
		e = hire(office, &d, login, "registrar", "", &staff.registrar[i], fault);
	}
	for (size_t i = 0; !e && i < staff.officers; i++) {
		const char *unit = profile->units ? profile->unit[i % profile->units].key : "";
		snprintf(login, sizeof(login), "officer%zu", i + 1);
		e = hire(office, &d, login, "investigator", unit, &staff.officer[i], fault);
	}
	if (!e)
		*ret_staff = staff;
	return e;
}

/* --- one case ---------------------------------------------------------------------------------------------------- */

struct life {
	struct casefile_act act; /* its time moves on */
	struct draw draw;
	struct casefile c;
	enum lang lang;
	int64_t officer, request, recommendation;
	struct fault *fault;
};

static enum err do_register(struct life *l)
{
	enum err e = casefile_move(&l->act, &l->c, "register", 0, NULL, l->fault);
	if (!e && draw_chance(&l->draw, 0.9))
		e = text_add_as(
		    &l->act, l->c.id, "to_person", "acknowledged", l->lang, words_line(&l->draw, l->lang, "to_person"));
	return e;
}

static enum err do_assign(struct life *l)
{
	return casefile_assign(&l->act, &l->c, l->officer, l->fault);
}

static enum err do_note(struct life *l)
{
	return text_add(&l->act, l->c.id, "note", LANG_EN, words_line(&l->draw, LANG_EN, "note"));
}

static enum err do_hear_person(struct life *l)
{
	const struct actor person = { .kind = ACTOR_PERSON,
		.id = l->c.id,
		.name = l->c.person_name,
		.tag = arena_printf(l->act.arena, "person:%lld", (long long)l->c.id) };
	struct casefile_act act = l->act;
	act.actor = &person;
	return text_add(&act, l->c.id, "from_person", l->lang, words_line(&l->draw, l->lang, "from_person"));
}

static enum err do_write_person(struct life *l)
{
	return text_add(&l->act, l->c.id, "to_person", l->lang, words_line(&l->draw, l->lang, "to_person"));
}

static enum err do_ask_agency(struct life *l)
{
	const struct body *body = profile_body(l->act.office->profile, l->c.body_key);
	const struct agency_question q = { body ? names_in(&body->name, LANG_EN) : l->c.body_name,
		words_line(&l->draw, LANG_EN, "question") };
	return agency_ask(&l->act, &l->c, &q, 0, &l->request, l->fault);
}

static enum err do_remind(struct life *l)
{
	return draw_chance(&l->draw, 0.3) ? agency_remind(&l->act, &l->c, l->request, l->fault) : OK;
}

static enum err do_agency_replies(struct life *l)
{
	const struct agency_answer answer = { agency_positions[draw_below(&l->draw, 3)],
		words_line(&l->draw, LANG_EN, "reply"), "" };
	return agency_record_reply(&l->act, &l->c, l->request, &answer, 0, l->fault);
}

static enum err do_recommend(struct life *l)
{
	const struct body *body = profile_body(l->act.office->profile, l->c.body_key);
	char due[11];
	civil_format(due, zone_date(l->act.office->profile->calendar.zone, l->act.now + 45 * DAY_MS));
	const struct recommendation_new new = { .body_key = l->c.body_key,
		.addressee = body ? names_in(&body->name, LANG_EN) : l->c.body_name,
		.measure = words_line(&l->draw, LANG_EN, "measure"),
		.kind = recommendation_kinds[draw_chance(&l->draw, 0.8) ? 0 : 1],
		.public_text = "",
		.ground = "",
		.due = due };
	return recommendation_issue(&l->act, &l->c, &new, 0, &l->recommendation, l->fault);
}

static enum err do_evidence(struct life *l)
{
	const struct recommendation_assessment done = { .degree = "fully",
		.words = words_line(&l->draw, LANG_EN, "reply") };
	if (draw_chance(&l->draw, 0.85))
		return recommendation_assess(&l->act, &l->c, l->recommendation, &done, l->fault);
	return recommendation_reply(
	    &l->act, &l->c, l->recommendation, "refused", words_line(&l->draw, LANG_EN, "reply"), l->fault);
}

/* What is not ours goes to nobody here: why is recorded, as the door asks. */
static enum err close_as(struct life *l, const char *const *reasons, size_t n)
{
	const char *reason = reasons[draw_below(&l->draw, n)], *words = words_line(&l->draw, l->lang, "to_person");
	const struct closing *closing = profile_closing(l->act.office->profile, reason);
	enum err e = OK;
	int64_t id;
	if (closing && closing->needs_transfer)
		e = transfer_impossible(&l->act, &l->c, "none_competent", words, &id, l->fault);
	return e ? e : casefile_close(&l->act, &l->c, reason, words, 0, l->fault);
}

static enum err do_close_unheard(struct life *l)
{
	static const char *const reasons[] = { "not_our_subject", "premature", "out_of_time", "sub_judice",
		"private_dispute", "incomplete_no_answer", "repeat_nothing_new" };
	return close_as(l, reasons, ARRAY_LEN(reasons));
}

static enum err do_close_settled(struct life *l)
{
	static const char *const reasons[] = { "resolved_early", "withdrawn", "complainant_unreachable",
		"advice_given" };
	return close_as(l, reasons, ARRAY_LEN(reasons));
}

static enum err decide(struct life *l, const char *result, const char *fault_type)
{
	struct finding_text text = { .facts = words_line(&l->draw, LANG_EN, "reply"),
		.reasons = words_line(&l->draw, LANG_EN, "reply") };
	int64_t id;
	for (size_t i = 0; i < ISSUES_MAX; i++) {
		text.pairs.result[i] = i ? "" : result;
		text.pairs.fault_type[i] = i ? "" : fault_type;
	}
	enum err e = finding_draft(&l->act, &l->c, &text, 0, &id, l->fault);
	return e ? e : finding_issue(&l->act, &l->c, id, 0, 0, l->fault);
}

/* Reason, result and kind of fault that go together. */
static enum err do_close_decided(struct life *l)
{
	static const struct {
		const char *reason, *result, *fault_type;
	} ends[] = {
		{ "upheld", "violation", "delay" },
		{ "upheld", "violation", "no_reply" },
		{ "partly_upheld", "partly", "wrong_decision" },
		{ "not_upheld", "none", "" },
	};
	size_t i = draw_below(&l->draw, ARRAY_LEN(ends));
	enum err e = decide(l, ends[i].result, ends[i].fault_type);
	return e ? e : close_as(l, &ends[i].reason, 1);
}

/* A move of the profile that is made by hand or by a noun of its own; left out where there is no such arrow. */
static enum err move_on(struct life *l, const char *move)
{
	if (!profile_move(l->act.office->profile, l->c.state, move))
		return OK;
	return casefile_move(&l->act, &l->c, move, 0, NULL, l->fault);
}

static enum err do_admit(struct life *l)
{
	return move_on(l, "admit");
}

static enum err do_await(struct life *l)
{
	return move_on(l, "await_complainant");
}

static enum err do_answered(struct life *l)
{
	enum err e = do_hear_person(l);
	return e ? e : move_on(l, "complainant_answered");
}

static enum err do_agency_first(struct life *l)
{
	return move_on(l, "send_to_agency_first");
}

static enum err do_take_over(struct life *l)
{
	return move_on(l, "agency_first_ended");
}

static enum err do_reopen(struct life *l)
{
	return move_on(l, "reopen");
}

struct step {
	double days; /* on the average, after the one before */
	enum err (*run)(struct life *);
};

/* Shares as in Pakistan in 2004: four in ten end before they are heard. */
static const struct plot {
	double share; /* added up */
	struct step step[14];
} plots[] = {
	{ 0.25, { { 2, do_register }, { 5, do_close_unheard } } },
	{ 0.36, { { 2, do_register }, { 2, do_await }, { 15, do_answered }, { 4, do_close_unheard } } },
	{ 0.46, { { 2, do_register }, { 3, do_agency_first }, { 25, do_take_over }, { 2, do_assign }, { 2, do_admit },
		    { 6, do_close_settled } } },
	{ 0.75, { { 2, do_register }, { 1, do_assign }, { 3, do_admit }, { 2, do_ask_agency }, { 12, do_remind },
		    { 6, do_agency_replies }, { 3, do_note }, { 4, do_write_person }, { 12, do_close_decided } } },
	{ 0.95, { { 2, do_register }, { 1, do_assign }, { 4, do_admit }, { 3, do_ask_agency },
		    { 20, do_agency_replies }, { 3, do_hear_person }, { 6, do_note }, { 10, do_recommend },
		    { 30, do_evidence }, { 3, do_close_decided } } },
	{ 1.00, { { 2, do_register }, { 2, do_assign }, { 2, do_admit }, { 4, do_close_settled }, { 30, do_reopen },
		    { 4, do_ask_agency }, { 15, do_agency_replies }, { 8, do_close_decided } } },
};

static const struct plot *pick_plot(struct draw *d)
{
	double at = draw_unit(d);
	size_t i = 0;
	while (i + 1 < ARRAY_LEN(plots) && at > plots[i].share)
		i++;
	return &plots[i];
}

static enum err live(struct life *l, int64_t now)
{
	const struct plot *plot = pick_plot(&l->draw);
	enum err e = OK;
	for (size_t i = 0; !e && i < ARRAY_LEN(plot->step) && plot->step[i].run; i++) {
		l->act.now += (int64_t)(draw_exponential(&l->draw, plot->step[i].days) * DAY_MS);
		if (l->act.now > now)
			break;
		e = plot->step[i].run(l);
	}
	return e;
}

/* --- many -------------------------------------------------------------------------------------------------------- */

struct filling {
	struct office *office;
	const struct synthetic *s;
	int64_t first, count; /* of this transaction */
	struct fault *fault;
};

static enum err make_case(struct db_tx *tx, const struct filling *f, struct arena *arena, uint64_t number)
{
	static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
	const struct synthetic *s = f->s;
	const struct synthetic_staff *staff = s->staff;
	int64_t span = s->span_ms ? s->span_ms : SPAN_DAYS * DAY_MS;
	const struct intake in = synthetic_complaint(arena, f->office->profile, s->seed, number);
	struct life l = { .act = { f->office, tx, &nobody, 0, arena }, .lang = in.lang, .fault = f->fault };
	struct intake_result filed;
	l.draw = draw_from(~s->seed, number);
	l.officer = staff->officer[draw_below(&l.draw, staff->officers)];
	l.act.now =
	    s->now - span + (int64_t)((double)span * ((double)(number - (uint64_t)s->first) + 0.5) / (double)s->count);
	enum err e = intake_file_in(&l.act, &in, &filed, f->fault);
	if (!e && !filed.again)
		e = casefile_load(f->office, tx, arena, filed.casefile_id, &l.c);
	const struct actor officer = { .kind = ACTOR_STAFF,
		.id = l.officer,
		.name = "Officer",
		.tag = arena_printf(arena, "staff:%lld", (long long)l.officer) };
	l.act.actor = &officer;
	return e || filed.again ? e : live(&l, s->now);
}

static enum err make_some(struct db_tx *tx, void *arg)
{
	const struct filling *f = arg;
	struct arena *arena = arena_new(0);
	enum err e = OK;
	for (int64_t i = 0; !e && i < f->count; i++) {
		e = make_case(tx, f, arena, (uint64_t)(f->first + i));
		arena_reset(arena);
	}
	arena_free(arena);
	return e;
}

enum err synthetic_fill(
    struct office *office, const struct synthetic *s, struct progress *progress, struct fault *fault)
{
	enum err e = OK;
	for (int64_t done = 0; !e && done < s->count; done += AT_ONCE) {
		struct filling f = { office, s, s->first + done, AT_ONCE, fault };
		if (f.count > s->count - done)
			f.count = s->count - done;
		e = db_write(office->db, make_some, &f);
		if (!e && progress)
			progress_step(progress, f.count);
	}
	return e;
}
