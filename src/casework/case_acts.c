/* The table of what staff do to a case. */
#include "casework/case_acts.h"

#include "base/util.h"
#include "casework/screening.h"
#include "casework/tables.h"
#include "desk.sql.h"

#include <string.h>

#define MESSAGE_MAX 5000
#define LETTER_MAX 10000

/* What the forms of this file say; each act's fields fill some of it. Absent texts are "". */
struct act_form {
	int64_t version; /* of the case as the reader saw it; 0: not checked (programs) */
	int64_t staff_id;
	const char *letter, *message, *note;
	const char *closing, *closing_words;
};

enum lang case_person_lang(const struct casefile_act *act, const struct casefile *c)
{
	enum lang lang;
	return lang_parse(c->lang, &lang) ? lang : act->office->profile->language;
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static enum err do_register(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	return casefile_move(act, c, "register", form->version, NULL, fault);
}

static enum err do_acknowledge(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	int64_t before;
	if (c->state->phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	enum err e = db_get_int(act->tx, &sql_acknowledged_count, DB_ARGS(db_int(c->id)), &before);
	if (e)
		return e;
	if (before)
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("The receipt was acknowledged to the person before."), NULL);
	return text_add_as(act, c->id, "to_person", "acknowledged", case_person_lang(act, c), form->letter);
}

static enum err do_assign(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	enum err e = casefile_check_seen(c, form->version, fault);
	return e ? e : casefile_assign(act, c, form->staff_id, fault);
}

static enum err do_admit(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	enum err e = screening_check_admit(act, c, fault);
	return e ? e : casefile_move(act, c, "admit", form->version, NULL, fault);
}

static enum err do_message(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	return text_add(act, c->id, "to_person", case_person_lang(act, c), form->message);
}

static enum err do_note(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n, int64_t *ret_id,
    struct fault *fault)
{
	const struct act_form *form = arg;
	return text_add(act, c->id, "note", act->office->profile->language, form->note);
}

static enum err do_close(const struct casefile_act *act, struct casefile *c, const void *arg, int64_t n,
    int64_t *ret_id, struct fault *fault)
{
	const struct act_form *form = arg;
	return casefile_close(act, c, form->closing, form->closing_words, form->version, fault);
}

/* --- their forms ------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct act_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))

static const struct field version_fields[] = { VERSION };
static const struct field letter_fields[] = { F(
    letter, FIELD_LINES, LETTER_MAX, FIELD_REQUIRED, N_("Letter to the person")) };
static const struct field assign_fields[] = { VERSION, F(staff_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Officer")) };
static const struct field message_fields[] = {
	F(message, FIELD_LINES, MESSAGE_MAX, FIELD_REQUIRED, N_("Message to the person")),
};
static const struct field note_fields[] = { F(note, FIELD_LINES, MESSAGE_MAX, FIELD_REQUIRED, N_("Note")) };
static const struct field close_fields[] = {
	VERSION,
	F(closing, FIELD_TEXT, 60, FIELD_REQUIRED, N_("Reason for closing")),
	F(closing_words, FIELD_LINES, MESSAGE_MAX, 0, N_("Words to the person")),
};

#define FIELDS(fields_) DESK_FORM(struct act_form, fields_)

static const struct desk_act acts[] = {
	{ "register", "register", "chronology", NULL, ACT_CASE_REGISTER, FIELDS(version_fields), do_register },
	{ "acknowledge", "acknowledge", "messages", NULL, ACT_CASE_REGISTER, FIELDS(letter_fields), do_acknowledge },
	{ "assign", "assign", "chronology", NULL, ACT_CASE_ASSIGN, FIELDS(assign_fields), do_assign },
	{ "admit", "admit", "chronology", NULL, ACT_CASE_WORK, FIELDS(version_fields), do_admit },
	{ "messages", "message", "messages", NULL, ACT_CASE_WORK, FIELDS(message_fields), do_message },
	{ "notes", "note", "notes", NULL, ACT_CASE_WORK, FIELDS(note_fields), do_note },
	{ "close", "close", "chronology", NULL, ACT_CASE_WORK, FIELDS(close_fields), do_close },
};

const struct desk_act_table case_acts = { acts, ARRAY_LEN(acts) };

enum err desk_act_do(const struct casefile_act *act, const struct desk_act *what, int64_t casefile_id, const void *form,
    int64_t n, struct casefile *ret_case, int64_t *ret_id, struct fault *fault)
{
	struct casefile c;
	int64_t id = 0;
	enum err e = casefile_load(act->office, act->tx, act->arena, casefile_id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	e = may(act->actor, what->right, &object, fault);
	if (!e)
		e = what->run(act, &c, form, n, &id, fault);
	if (e)
		return e;
	*ret_case = c;
	*ret_id = id;
	return OK;
}
