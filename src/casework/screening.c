/* Screening in the database: answers recorded, admission asked for, what may be done on the tab. */
#include "casework/screening.h"

#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/person_key.h"
#include "intake.sql.h"
#include "office/journal.h"
#include "screening_inner.h"
#include "text/date.h"

#include <stdio.h>
#include <string.h>

enum err casefile_intake_load(struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct casefile_intake *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_casefile_intake, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct casefile_intake) { .case_class = arena_strdup(arena, db_col_text(rows, 0)),
		.sent_on = arena_strdup(arena, db_col_text(rows, 1)),
		.happened_on = arena_strdup(arena, db_col_text(rows, 2)),
		.entered_at = db_col_int(rows, 3),
		.urgent = arena_strdup(arena, db_col_text(rows, 4)) };
	return OK;
}

enum err screening_load(
    struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct screening_row **ret_rows, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct screening_row *list = NULL;
	size_t n = 0, room = 0;
	enum err e = db_query(tx, &sql_screening_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	while (!e && db_next(rows)) {
		if (n == room) {
			struct screening_row *more = arena_alloc(arena, (room = room * 2 + 16) * sizeof(*more));
			if (n)
				memcpy(more, list, n * sizeof(*more));
			list = more;
		}
		list[n++] = (struct screening_row) { .given = { .question = arena_strdup(arena, db_col_text(rows, 0)),
							 .answer = arena_strdup(arena, db_col_text(rows, 1)),
							 .overridden = db_col_int(rows, 3) },
			.reason = arena_strdup(arena, db_col_text(rows, 2)),
			.actor_name = arena_strdup(arena, db_col_text(rows, 4)),
			.at = db_col_int(rows, 5) };
	}
	if (!e)
		e = db_rows_error(rows);
	if (!e) {
		*ret_rows = list;
		*ret_n = n;
	}
	return e;
}

size_t screening_last(
    struct arena *arena, const struct screening_row *rows, size_t n, struct screening_given **ret_given)
{
	struct screening_given *given = arena_alloc(arena, (n + 1) * sizeof(*given));
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < count && strcmp(given[k].question, rows[i].given.question) != 0)
			k++;
		given[k] = rows[i].given;
		count += k == count;
	}
	*ret_given = given;
	return count;
}

enum err screening_check_admit(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	struct casefile_intake intake;
	struct screening_row *rows;
	struct screening_given *given;
	size_t n;
	enum err e = casefile_intake_load(act->tx, act->arena, c->id, &intake);
	if (!e)
		e = screening_load(act->tx, act->arena, c->id, &rows, &n);
	if (e)
		return e;
	n = screening_last(act->arena, rows, n, &given);
	return screening_may_admit(act->office->profile, intake.case_class, given, n, fault);
}

static json_t *question_names(const struct screening_question *question)
{
	json_t *names = json_object();
	for (enum lang lang = 0; lang < LANG_MAX; lang++)
		if (question->text.in[lang])
			json_put_str(names, lang_code(lang), question->text.in[lang]);
	return names;
}

/* Reasons may name people: they stand in the answer's row and on the tab, not in the event. */
static enum err leave_traces(const struct casefile_act *act, int64_t casefile_id,
    const struct screening_question *question, const struct screening_answer *answer)
{
	char object[64];
	json_t *payload = json_object(), *data = json_object();
	json_put_str(payload, "question", answer->question);
	json_put_str(payload, "answer", answer->answer);
	json_put_bool(payload, "overridden", answer->overridden);
	json_put(data, "question", question_names(question));
	json_put_str(data, "answer", answer->answer);
	enum err e = journal_write(act->tx, act->now, act->actor->tag,
	    answer->overridden ? "screening.overrule" : "screening.answer",
	    journal_object(object, "casefile", casefile_id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return event_add(act, casefile_id, answer->overridden ? "screening_overruled" : "screening_answered", data);
}

enum err screening_record(
    const struct casefile_act *act, struct casefile *c, const struct screening_answer *answer, struct fault *fault)
{
	const struct screening_question *question = profile_question(act->office->profile, answer->question);
	int64_t id;
	if (!question)
		return fault_set(fault, ERR_INVALID, "question", N_("There is no such question."), NULL);
	enum err e = screening_may_answer(question, answer->answer, answer->reason, answer->overridden, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_screening_insert,
		    DB_ARGS(db_int(c->id), db_text(answer->question), db_text(answer->answer), db_text(answer->reason),
			db_int(answer->overridden), db_text(act->actor->tag), db_text(act->actor->name),
			db_int(act->now)),
		    &id);
	return e ? e : leave_traces(act, c->id, question, answer);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

struct screening_form {
	int64_t version;
	const char *answer[SCREENING_QUESTIONS], *reason[SCREENING_QUESTIONS];
	const char *question, *overrule_reason;
	const char *case_class, *sent_on, *happened_on, *urgent;
	const char *missing;
	int64_t other;
};

enum err screening_may_change(const struct casefile_act *act, const struct casefile *c, struct fault *fault)
{
	const struct object object = casefile_object(c);
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return may(act->actor, ACT_CASE_SCREEN, &object, fault);
}

static enum err begin(
    const struct casefile_act *act, const struct casefile *c, int64_t seen_version, struct fault *fault)
{
	enum err e = screening_may_change(act, c, fault);
	return e ? e : casefile_check_seen(c, seen_version, fault);
}

/* The same answer for the same reason again is no news. */
static bool said_before(
    const struct screening_row *rows, size_t n, const char *question, const char *answer, const char *reason)
{
	for (size_t i = n; i > 0; i--)
		if (!strcmp(rows[i - 1].given.question, question))
			return !strcmp(rows[i - 1].given.answer, answer) && !strcmp(rows[i - 1].reason, reason);
	return false;
}

static enum err do_answer(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct profile *profile = act->office->profile;
	const struct screening_form *form = arg;
	struct screening_row *rows;
	size_t before;
	enum err e = begin(act, c, form->version, fault);
	if (!e)
		e = screening_load(act->tx, act->arena, c->id, &rows, &before);
	for (size_t i = 0; !e && i < SCREENING_QUESTIONS && i < profile->questions; i++) {
		const struct screening_answer answer = { profile->question[i].key, form->answer[i], form->reason[i],
			false };
		if (!*answer.answer || said_before(rows, before, answer.question, answer.answer, answer.reason))
			continue;
		e = screening_record(act, c, &answer, fault);
		if (e && fault && fault->code) /* which of them it is */
			snprintf(fault->field, sizeof(fault->field), "%s_%zu",
			    !strcmp(fault->field, "reason") ? "reason" : "answer", i + 1);
	}
	return e;
}

static enum err do_overrule(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct screening_form *form = arg;
	struct screening_answer answer = { form->question, "", form->overrule_reason, true };
	struct screening_row *rows;
	size_t count;
	enum err e = casefile_check_seen(c, form->version, fault);
	if (!e)
		e = screening_load(act->tx, act->arena, c->id, &rows, &count);
	for (size_t i = 0; !e && i < count; i++)
		if (!strcmp(rows[i].given.question, form->question))
			answer.answer = rows[i].given.answer;
	if (!e && !*answer.answer)
		return fault_set(
		    fault, ERR_CONFLICT, "question", N_("Answer the question before you overrule it."), NULL);
	if (!e)
		e = screening_record(act, c, &answer, fault);
	if (e && fault && !strcmp(fault->field, "answer"))
		copy_text(fault->field, sizeof(fault->field), "question");
	return e;
}

static enum err check_day(const struct casefile_act *act, const char *day, const char *field, struct fault *fault)
{
	struct civil date;
	int64_t today = civil_days(zone_date(act->office->profile->calendar.zone, act->now));
	if (*day && (civil_parse(day, &date) || civil_days(date) > today))
		return fault_set(fault, ERR_INVALID, field, N_("Give a day that is not in the future."), NULL);
	return OK;
}

static enum err do_classify(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct screening_form *form = arg;
	struct casefile_intake before;
	char object[64];
	enum err e = begin(act, c, form->version, fault);
	if (!e)
		e = check_day(act, form->sent_on, "sent_on", fault);
	if (!e)
		e = check_day(act, form->happened_on, "happened_on", fault);
	if (!e)
		e = casefile_intake_load(act->tx, act->arena, c->id, &before);
	if (!e)
		e = db_run(act->tx, &sql_casefile_classify,
		    DB_ARGS(db_int(c->id), db_text(form->case_class), db_text(form->sent_on),
			db_text(form->happened_on), db_text(form->urgent)));
	if (e)
		return e;
	json_t *payload = json_object(), *data = json_object();
	json_put_str(payload, "class_before", before.case_class);
	json_put_str(payload, "class", form->case_class);
	json_put_str(payload, "urgent", form->urgent);
	json_put_str(data, "case_class", form->case_class);
	json_put_str(data, "urgent", form->urgent);
	e = journal_write(act->tx, act->now, act->actor->tag, "casefile.classify",
	    journal_object(object, "casefile", c->id), payload);
	if (e) {
		json_decref(data);
		return e;
	}
	return casefile_move_if(
	    act, c, "classify", *form->urgent ? "classified_urgent" : "classified", form->version, data, fault);
}

/* The person is written to and the case waits, where the profile has a state for that. */
static enum err do_ask_missing(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct screening_form *form = arg;
	json_t *data = json_object();
	enum err e = begin(act, c, form->version, fault);
	if (!e)
		e = text_add(act, c->id, "to_person", case_person_lang(act, c), form->missing);
	if (e) {
		json_decref(data);
		return e;
	}
	return casefile_move_if(act, c, "await_complainant", "person_asked", form->version, data, fault);
}

/* A suggestion that the officer takes up: a note in both cases, and nothing is merged. Both must be theirs to read. */
static enum err do_earlier(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct screening_form *form = arg;
	enum lang lang = act->office->profile->language;
	struct casefile other;
	enum err e = begin(act, c, form->version, fault);
	if (!e && form->other == c->id)
		e = ERR_INVALID;
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, form->other, &other);
	if (e)
		return e;
	const struct object object = casefile_object(&other);
	e = may(act->actor, ACT_CASE_READ, &object, fault);
	if (!e)
		e = text_add(act, c->id, "note", lang,
		    text_format(act->arena, lang, N_("Related to case {number}."), "number", other.number, NULL));
	return e ? e
		 : text_add(act, other.id, "note", lang,
		       text_format(act->arena, lang, N_("Related to case {number}."), "number", c->number, NULL));
}

/* --- their forms ------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct screening_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))
#define ANSWER(i_, n_)                                                                                                 \
	{ "answer_" #n_, FIELD_CHOICE, offsetof(struct screening_form, answer[i_]), 0, 0, N_("Answer"),                \
		screening_answers },                                                                                   \
	{                                                                                                              \
		"reason_" #n_, FIELD_LINES, offsetof(struct screening_form, reason[i_]), 1000, 0, N_("Reason"), NULL   \
	}

static const struct field answer_fields[] = { VERSION, ANSWER(0, 1), ANSWER(1, 2), ANSWER(2, 3), ANSWER(3, 4),
	ANSWER(4, 5), ANSWER(5, 6), ANSWER(6, 7), ANSWER(7, 8), ANSWER(8, 9), ANSWER(9, 10), ANSWER(10, 11),
	ANSWER(11, 12) };
static const struct field overrule_fields[] = {
	VERSION,
	F(question, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Question")),
	F(overrule_reason, FIELD_LINES, 1000, FIELD_REQUIRED, N_("Reason")),
};
const struct field screening_classify_fields[SCREENING_CLASSIFY_FIELDS] = {
	VERSION,
	{ "case_class", FIELD_CHOICE, offsetof(struct screening_form, case_class), 0, FIELD_REQUIRED,
	    N_("Kind of case"), profile_case_class },
	{ "urgent", FIELD_CHOICE, offsetof(struct screening_form, urgent), 0, 0, N_("Urgent"), intake_urgencies },
	F(happened_on, FIELD_DATE, 0, 0, N_("When it happened or became known")),
	F(sent_on, FIELD_DATE, 0, 0, N_("Date on the letter")),
};
const void *screening_classify_form(struct arena *arena, const struct casefile_intake *now)
{
	struct screening_form *form = arena_alloc(arena, sizeof(*form));
	form->case_class = now->case_class;
	form->urgent = now->urgent;
	form->happened_on = now->happened_on;
	form->sent_on = now->sent_on;
	return form;
}

static const struct field missing_fields[] = {
	VERSION,
	F(missing, FIELD_LINES, 5000, FIELD_REQUIRED, N_("What is missing")),
};

static const struct field earlier_fields[] = { VERSION, F(other, FIELD_INT, 0, FIELD_REQUIRED, N_("Earlier case")) };

static const struct desk_act acts[] = {
	{ "earlier", "earlier", "earlier", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct screening_form, earlier_fields), do_earlier },
	{ "screening", "screening", "questions", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct screening_form, answer_fields), do_answer },
	{ "overrule", "overrule", "questions", "screening", ACT_CASE_WORK,
	    DESK_FORM(struct screening_form, overrule_fields), do_overrule },
	{ "classify", "classify", "kind", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct screening_form, screening_classify_fields), do_classify },
	{ "ask-missing", "missing", "missing", "screening", ACT_CASE_SCREEN,
	    DESK_FORM(struct screening_form, missing_fields), do_ask_missing },
};
const struct desk_act_table screening_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("screening", "Answer the questions of admissibility."),
	DESK_ACT("overrule", "Overrule an answer by discretion."),
	DESK_ACT("classify", "Say of what kind a case is and whether it is urgent."),
	DESK_ACT("earlier", "Note an earlier case as related."),
	DESK_ACT("ask-missing", "Ask the person for what is missing."),
};
const struct route_table screening_routes = { routes, ARRAY_LEN(routes) };

static const struct event_kind kinds[] = {
	{ "screening_answered", NULL, N_("“{question}” answered: {answer}.") },
	{ "screening_overruled", NULL, N_("Let pass by discretion: “{question}”.") },
	{ "classified", NULL, N_("Kind of case: {case_class}.") },
	{ "classified_urgent", NULL, N_("Kind of case: {case_class}; urgent: {urgent}.") },
	{ "person_asked", N_("We asked you for what is missing."),
	    N_("Missing papers or facts asked from the person.") },
};
const struct event_table screening_events = { kinds, ARRAY_LEN(kinds) };
