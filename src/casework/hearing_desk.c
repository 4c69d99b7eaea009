/* Hearings at the desk: what their forms say, the acts, the routes, and the words of their events. */
#include "base/util.h"
#include "casework/case_acts.h"
#include "casework/hearing.h"

struct hearing_form {
	int64_t version, officer_id, length, minutes_version;
	const char *hearing_kind, *day, *time, *place, *room, *purpose, *bodies, *others, *notice;
	const char *next_day, *next_time, *adjourn_reason, *cancel_reason, *minutes;
	bool invite_person;
	bool came[HEARING_GUESTS_MAX];
};

static enum err do_set(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct hearing_form *form = in;
	const struct hearing_new new = { .when = { form->hearing_kind, form->day, form->time, form->length },
		.place = form->place,
		.room = form->room,
		.purpose = form->purpose,
		.officer = form->officer_id,
		.invite_person = form->invite_person,
		.bodies = form->bodies,
		.others = form->others,
		.notice = form->notice };
	return hearing_set(act, c, &new, form->version, ret_id, fault);
}

static enum err do_hold(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct hearing_form *form = in;
	return hearing_hold(act, c, n, form->came, form->version, fault);
}

static enum err do_adjourn(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct hearing_form *form = in;
	const struct hearing_window next = { .day = form->next_day, .time = form->next_time };
	return hearing_adjourn(act, c, n, form->adjourn_reason, &next, ret_id, fault);
}

static enum err do_cancel(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct hearing_form *form = in;
	return hearing_cancel(act, c, n, form->cancel_reason, fault);
}

static enum err do_minutes(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	const struct hearing_form *form = in;
	return hearing_minutes(act, c, n, form->minutes, form->minutes_version, fault);
}

static enum err do_sign(
    const struct casefile_act *act, struct casefile *c, const void *in, int64_t n, int64_t *ret_id, struct fault *fault)
{
	return hearing_sign(act, c, n, fault);
}

/* --- forms ------------------------------------------------------------------------------------------------------- */

#define F(member_, type_, max_, flags_, label_) FIELD(struct hearing_form, member_, type_, max_, flags_, label_)
#define VERSION F(version, FIELD_INT, 0, 0, N_("Version of the case"))
#define CAME(n_)                                                                                                       \
	{                                                                                                              \
		"came_" #n_, FIELD_BOOL, offsetof(struct hearing_form, came) + ((n_)-1) * sizeof(bool), 0, 0,          \
		    N_("Was there"), NULL                                                                              \
	}

static const struct field set_fields[] = {
	VERSION,
	FIELD_OF(struct hearing_form, hearing_kind, hearing_kinds, FIELD_REQUIRED, N_("What it is")),
	F(day, FIELD_DATE, 0, FIELD_REQUIRED, N_("Day")),
	F(time, FIELD_TEXT, 5, FIELD_REQUIRED, N_("Time")),
	F(length, FIELD_INT, HEARING_LENGTH_MAX, FIELD_REQUIRED, N_("Length in minutes")),
	F(place, FIELD_TEXT, 300, FIELD_REQUIRED, N_("Place")),
	F(room, FIELD_TEXT, 100, 0, N_("Room")),
	F(officer_id, FIELD_INT, 0, FIELD_REQUIRED, N_("Who conducts it")),
	F(purpose, FIELD_LINES, 2000, FIELD_REQUIRED, N_("What it is about")),
	F(invite_person, FIELD_BOOL, 0, 0, N_("The complainant is invited")),
	F(bodies, FIELD_LINES, 2000, 0, N_("Bodies that are invited")),
	F(others, FIELD_LINES, 2000, 0, N_("Others who are invited")),
	F(notice, FIELD_LINES, 10000, 0, N_("Letter to the person")),
};
static const struct field hold_fields[] = { VERSION, CAME(1), CAME(2), CAME(3), CAME(4), CAME(5), CAME(6), CAME(7),
	CAME(8), CAME(9), CAME(10), CAME(11), CAME(12) };
static const struct field adjourn_fields[] = {
	F(adjourn_reason, FIELD_LINES, 2000, FIELD_REQUIRED, N_("Why it is put off")),
	F(next_day, FIELD_DATE, 0, 0, N_("New day")),
	F(next_time, FIELD_TEXT, 5, 0, N_("New time")),
};
static const struct field cancel_fields[] = { F(
    cancel_reason, FIELD_LINES, 2000, FIELD_REQUIRED, N_("Why it is cancelled")) };
static const struct field minutes_fields[] = {
	F(minutes_version, FIELD_INT, 0, 0, N_("Version of the minutes")),
	F(minutes, FIELD_LINES, 50000, FIELD_REQUIRED, N_("Minutes")),
};

#define FORM(fields_) DESK_FORM(struct hearing_form, fields_)

static const struct desk_act acts[] = {
	{ "hearings", "set", "hearings", "inquiry", ACT_CASE_WORK, FORM(set_fields), do_set },
	{ "hold", "hold", "hearings", "inquiry", ACT_CASE_WORK, FORM(hold_fields), do_hold },
	{ "adjourn", "adjourn", "hearings", "inquiry", ACT_CASE_WORK, FORM(adjourn_fields), do_adjourn },
	{ "cancel-hearing", "cancel", "hearings", "inquiry", ACT_CASE_WORK, FORM(cancel_fields), do_cancel },
	{ "minutes", "minutes", "hearings", "inquiry", ACT_CASE_WORK, FORM(minutes_fields), do_minutes },
	{ "sign-minutes", "sign", "hearings", "inquiry", ACT_CASE_WORK, DESK_NO_FORM, do_sign },
};
const struct desk_act_table hearing_acts = { acts, ARRAY_LEN(acts) };

static const struct route routes[] = {
	DESK_ACT("hearings", "Set a hearing, an inspection or an examination of records."),
	DESK_ACT("hearings/{n}/hold", "Record that it was held, and who was there."),
	DESK_ACT("hearings/{n}/adjourn", "Put a hearing off, to another day or for now."),
	DESK_ACT("hearings/{n}/cancel-hearing", "Cancel a hearing with a reason."),
	DESK_ACT("hearings/{n}/minutes", "Write a version of the minutes."),
	DESK_ACT("hearings/{n}/sign-minutes", "Sign the minutes off."),
};
const struct route_table hearing_routes = { routes, ARRAY_LEN(routes) };

/* --- in the chronology ------------------------------------------------------------------------------------------- */

/* Those that end in _inside are of hearings to which the person is not invited: an inspection is not announced by us.
 */
static const struct event_kind kinds[] = {
	{ "hearing_set", N_("You are invited: {hearing}, {starts_when}, {place}."),
	    N_("Set, the person is invited: {hearing}, {starts_when}, {place}.") },
	{ "hearing_set_inside", NULL, N_("Set: {hearing}, {starts_when}, {place}.") },
	{ "hearing_held", N_("It took place: {hearing}, {starts_when}."), N_("Held: {hearing}, {starts_when}.") },
	{ "hearing_held_inside", NULL, N_("Held: {hearing}, {starts_when}.") },
	{ "hearing_adjourned", N_("Put off: {hearing}, {starts_when}. {words}"),
	    N_("Put off: {hearing}, {starts_when}. {words}") },
	{ "hearing_adjourned_inside", NULL, N_("Put off: {hearing}, {starts_when}. {words}") },
	{ "hearing_cancelled", N_("Cancelled: {hearing}, {starts_when}. {words}"),
	    N_("Cancelled: {hearing}, {starts_when}. {words}") },
	{ "hearing_cancelled_inside", NULL, N_("Cancelled: {hearing}, {starts_when}. {words}") },
	{ "hearing_minutes", NULL, N_("Minutes written ({hearing}, {starts_when}), version {version}.") },
	{ "hearing_signed", NULL, N_("Minutes signed by {name} ({hearing}, {starts_when}).") },
};
const struct event_table hearing_events = { kinds, ARRAY_LEN(kinds) };
