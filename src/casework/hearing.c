/* Hearings and inspections: the rules, and one function for each act. */
#include "casework/hearing.h"

#include "base/clockwork.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "hearing.sql.h"
#include "office/journal.h"
#include "text/date.h"

#include <string.h>

const char *const hearing_kinds[] = { "oral", "inspection", "records", NULL };

/* --- rules ------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *from;
	enum hearing_step step;
	const char *to;
} arrows[] = {
	{ "set", HEARING_HOLD, "held" },
	{ "set", HEARING_ADJOURN, "adjourned" },
	{ "set", HEARING_CANCEL, "cancelled" },
	{ "held", HEARING_MINUTES, "held" },
	{ "held", HEARING_SIGN, "minuted" },
};

static enum err no_arrow(const struct hearing *h, enum hearing_step step, struct fault *fault)
{
	if (!strcmp(h->state, "minuted"))
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("The minutes are signed; nothing changes any more."), NULL);
	if (!strcmp(h->state, "set"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("It has not been recorded as held yet."), NULL);
	if (!strcmp(h->state, "held"))
		return fault_set(fault, ERR_CONFLICT, "state", N_("It has been held already."), NULL);
	return fault_set(fault, ERR_CONFLICT, "state", N_("It was adjourned or cancelled."), NULL);
}

enum err hearing_next(const struct hearing *h, enum hearing_step step, int64_t now, enum actor_kind who,
    const char **ret_to, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (strcmp(arrows[i].from, h->state) || arrows[i].step != step)
			continue;
		if (step == HEARING_HOLD && now < h->starts_at)
			return fault_set(fault, ERR_CONFLICT, "state", N_("It has not begun yet."), NULL);
		if (step == HEARING_SIGN && !h->minutes)
			return fault_set(fault, ERR_CONFLICT, "state", N_("Write the minutes first."), NULL);
		if (step == HEARING_SIGN && who != ACTOR_STAFF)
			return fault_set(
			    fault, ERR_DENIED, NULL, N_("Minutes are signed by an officer, not by a program."), NULL);
		*ret_to = arrows[i].to;
		return OK;
	}
	return no_arrow(h, step, fault);
}

static bool minute_of_day(const char *text, int *ret_minute)
{
	if (strlen(text) != 5 || text[2] != ':' || strspn(text, "0123456789:") != 5)
		return false;
	int hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
	if (strchr(text, ':') != text + 2 || strchr(text + 3, ':') || hour > 23 || minute > 59)
		return false;
	*ret_minute = hour * 60 + minute;
	return true;
}

/* Where clocks are put forward or back it is done in the night: the day's later hours are counted from its end. */
static int64_t moment_of(const char *zone, int64_t day, int minute)
{
	if (minute < 4 * 60)
		return zone_day_start(zone, civil_from_days(day)) + minute * MINUTE_MS;
	return zone_day_start(zone, civil_from_days(day + 1)) - (24 * 60 - minute) * MINUTE_MS;
}

enum err hearing_times(const char *zone, const struct hearing_window *w, int64_t now, int64_t *ret_starts,
    int64_t *ret_ends, struct fault *fault)
{
	struct civil day;
	int minute;
	if (civil_parse(w->day, &day))
		return fault_set(fault, ERR_INVALID, "day", N_("Write a day of the calendar."), NULL);
	if (!minute_of_day(w->time, &minute))
		return fault_set(
		    fault, ERR_INVALID, "time", N_("Write the time as in {example}."), "example", "14:30", NULL);
	if (w->length < 5 || w->length > HEARING_LENGTH_MAX)
		return fault_set(fault, ERR_INVALID, "length", N_("It lasts between 5 minutes and a day."), NULL);
	if (!strcmp(w->kind, "oral") && civil_days(day) < civil_days(zone_date(zone, now)))
		return fault_set(fault, ERR_INVALID, "day", N_("A hearing is set for today or a later day."), NULL);
	*ret_starts = moment_of(zone, civil_days(day), minute);
	*ret_ends = *ret_starts + w->length * MINUTE_MS;
	return OK;
}

/* --- loading ----------------------------------------------------------------------------------------------------- */

enum err hearing_load(struct db_tx *tx, struct arena *arena, int64_t id, struct hearing *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_hearing_by_id, DB_ARGS(db_int(id)), &rows);
	if (e)
		return e;
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	*ret = (struct hearing) { .id = db_col_int(rows, 0),
		.casefile_id = db_col_int(rows, 1),
		.starts_at = db_col_int(rows, 2),
		.ends_at = db_col_int(rows, 3),
		.officer = db_col_int(rows, 4),
		.told = db_col_int(rows, 5) != 0,
		.kind = arena_strdup(arena, db_col_text(rows, 6)),
		.state = arena_strdup(arena, db_col_text(rows, 7)),
		.place = arena_strdup(arena, db_col_text(rows, 8)),
		.room = arena_strdup(arena, db_col_text(rows, 9)),
		.purpose = arena_strdup(arena, db_col_text(rows, 10)),
		.minutes = db_col_int(rows, 11) };
	return OK;
}

/* One of this case, and the step may be taken. */
static enum err load_for(const struct casefile_act *act, const struct casefile *c, int64_t id, enum hearing_step step,
    struct hearing *ret, const char **ret_to, struct fault *fault)
{
	enum err e = hearing_load(act->tx, act->arena, id, ret);
	if (!e && ret->casefile_id != c->id)
		e = ERR_NOT_FOUND;
	if (!e)
		e = inquiry_may_go_on(c->state->phase, fault);
	return e ? e : hearing_next(ret, step, act->now, act->actor->kind, ret_to, fault);
}

/* --- is the time free? ------------------------------------------------------------------------------------------- */

static enum err taken(const struct casefile_act *act, const struct db_sql *sql, struct db_value who, int64_t starts,
    int64_t ends, const char *field, const char *key, struct fault *fault)
{
	int64_t at;
	enum err e = db_get_int(act->tx, sql, DB_ARGS(who, db_int(starts), db_int(ends), db_int(0)), &at);
	if (e == ERR_NOT_FOUND)
		return OK;
	if (e)
		return e;
	const char *zone = act->office->profile->calendar.zone;
	return fault_set(fault, ERR_CONFLICT, field, key, "when",
	    date_time_long(act->arena, act->office->profile->language, zone, at), NULL);
}

static enum err check_free(const struct casefile_act *act, int64_t officer, const char *room_key, int64_t starts,
    int64_t ends, struct fault *fault)
{
	enum err e = taken(act, &sql_hearing_clash_officer, db_int(officer), starts, ends, "officer_id",
	    N_("This officer has another hearing then, which begins on {when}."), fault);
	if (e || !*room_key)
		return e;
	return taken(act, &sql_hearing_clash_room, db_text(room_key), starts, ends, "room",
	    N_("This room is taken then, by a hearing that begins on {when}."), fault);
}

/* --- acts -------------------------------------------------------------------------------------------------------- */

static json_t *event_data(const struct hearing *h, const char *words)
{
	json_t *data = json_object();
	json_put_str(data, "hearing", h->kind);
	json_put_int(data, "starts_at", h->starts_at);
	json_put_int(data, "starts_when", h->starts_at);
	json_put_str(data, "place", h->place);
	json_put_str(data, "words", words);
	return data;
}

/* An inspection that is to surprise the body is none of the person's chronology either. */
static enum err tell(const struct casefile_act *act, struct casefile *c, const struct hearing *h, const char *shown,
    const char *inside, const char *words)
{
	return event_add(act, c->id, h->told ? shown : inside, event_data(h, words));
}

static enum err add_guest(
    const struct casefile_act *act, int64_t id, const char *kind, const char *name, int *n, struct fault *fault)
{
	if (++*n > HEARING_GUESTS_MAX)
		return fault_set(
		    fault, ERR_INVALID, "others", N_("At most {limit} can be invited."), "limit", "12", NULL);
	return db_run(act->tx, &sql_hearing_guest_insert, DB_ARGS(db_int(id), db_text(kind), db_text(name)));
}

static enum err add_guests(
    const struct casefile_act *act, int64_t id, const struct hearing_new *new, struct fault *fault)
{
	const char *bodies = new->bodies, *others = new->others, *name;
	int n = 0;
	enum err e = new->invite_person ? add_guest(act, id, "person", "", &n, fault) : OK;
	while (!e && (name = inquiry_line(act->arena, &bodies)))
		e = add_guest(act, id, "body", name, &n, fault);
	while (!e && (name = inquiry_line(act->arena, &others)))
		e = add_guest(act, id, "other", name, &n, fault);
	return e;
}

static enum err insert(const struct casefile_act *act, const struct casefile *c, const struct hearing *h,
    int64_t follows, int64_t *ret_id, struct fault *fault)
{
	const char *room_key = text_fold(act->arena, h->room);
	enum err e = check_free(act, h->officer, room_key, h->starts_at, h->ends_at, fault);
	return e ? e
		 : db_get_int(act->tx, &sql_hearing_insert,
		       DB_ARGS(db_int(c->id), db_text(h->kind), db_int(h->starts_at), db_int(h->ends_at),
			   db_text(h->place), db_text(h->room), db_text(room_key), db_int(h->officer),
			   db_text(h->purpose), db_int(h->told), db_int_or_null(follows), db_int(act->now),
			   db_text(act->actor->tag)),
		       ret_id);
}

static enum err find_officer(const struct casefile_act *act, int64_t id, struct fault *fault)
{
	struct staff staff;
	enum err e = staff_load(act->tx, id, &staff);
	if (e == ERR_NOT_FOUND || (!e && !staff.active))
		return fault_set(fault, ERR_INVALID, "officer_id", N_("Choose a person who works here."), NULL);
	return e;
}

/* The case moves when its person is invited; an inspection behind closed doors leaves it where it was. */
static enum err move_case(const struct casefile_act *act, struct casefile *c, const struct hearing *h, const char *move,
    const char *shown, const char *inside, int64_t seen_version, struct fault *fault)
{
	return casefile_move_if(
	    act, c, h->told ? move : "", h->told ? shown : inside, seen_version, event_data(h, ""), fault);
}

static const char *put_in(struct arena *arena, const char *text, const char *mark, const char *value)
{
	const char *at = strstr(text, mark);
	return at ? arena_printf(arena, "%.*s%s%s", (int)(at - text), text, value, at + strlen(mark)) : text;
}

/* The letter says when and where in the person's language. */
static enum err send_notice(
    const struct casefile_act *act, const struct casefile *c, const struct hearing *h, const char *notice)
{
	enum lang lang = act->office->profile->language;
	lang_parse(c->lang, &lang);
	const char *when = date_time_long(act->arena, lang, act->office->profile->calendar.zone, h->starts_at);
	const char *where = *h->room ? arena_printf(act->arena, "%s, %s", h->place, h->room) : h->place;
	const char *text = put_in(act->arena, put_in(act->arena, notice, "{date}", when), "{place}", where);
	return text_add(act, c->id, "to_person", lang, text);
}

enum err hearing_set(const struct casefile_act *act, struct casefile *c, const struct hearing_new *new,
    int64_t seen_version, int64_t *ret_id, struct fault *fault)
{
	struct hearing h = { .officer = new->officer,
		.told = new->invite_person,
		.kind = new->when.kind,
		.place = new->place,
		.room = new->room,
		.purpose = new->purpose };
	enum err e = inquiry_may_begin(c->state->phase, fault);
	if (!e)
		e = hearing_times(
		    act->office->profile->calendar.zone, &new->when, act->now, &h.starts_at, &h.ends_at, fault);
	if (!e)
		e = find_officer(act, h.officer, fault);
	if (!e)
		e = insert(act, c, &h, 0, ret_id, fault);
	if (!e)
		e = add_guests(act, *ret_id, new, fault);
	if (!e)
		e = inquiry_journal(act, c->id, "hearing.set", "hearing", *ret_id, "set", h.purpose);
	if (!e)
		e = move_case(act, c, &h, "set_hearing", "hearing_set", "hearing_set_inside", seen_version, fault);
	return e || !h.told || !*new->notice ? e : send_notice(act, c, &h, new->notice);
}

static enum err set_state(const struct casefile_act *act, const struct casefile *c, const struct hearing *h,
    const char *to, const char *reason)
{
	enum err e = db_run(
	    act->tx, &sql_hearing_set_state, DB_ARGS(db_int(h->id), db_text(to), db_text(reason), db_int(act->now)));
	return e ? e
		 : inquiry_journal(
		       act, c->id, arena_printf(act->arena, "hearing.%s", to), "hearing", h->id, to, reason);
}

static enum err keep_attendance(const struct casefile_act *act, int64_t id, const bool came[HEARING_GUESTS_MAX])
{
	struct db_rows *rows = NULL;
	int64_t guest[HEARING_GUESTS_MAX];
	size_t n = 0;
	enum err e = db_query(act->tx, &sql_hearing_guest_ids, DB_ARGS(db_int(id)), &rows);
	while (!e && n < HEARING_GUESTS_MAX && db_next(rows))
		guest[n++] = db_col_int(rows, 0);
	if (!e)
		e = db_rows_error(rows);
	db_rows_free(rows);
	for (size_t i = 0; !e && i < n; i++)
		e = db_run(act->tx, &sql_hearing_guest_came, DB_ARGS(db_int(guest[i]), db_int(came[i])));
	return e;
}

enum err hearing_hold(const struct casefile_act *act, struct casefile *c, int64_t id,
    const bool came[HEARING_GUESTS_MAX], int64_t seen_version, struct fault *fault)
{
	struct hearing h;
	const char *to;
	enum err e = load_for(act, c, id, HEARING_HOLD, &h, &to, fault);
	if (!e)
		e = set_state(act, c, &h, to, "");
	if (!e)
		e = keep_attendance(act, id, came);
	return e ? e
		 : move_case(act, c, &h, "hearing_held", "hearing_held", "hearing_held_inside", seen_version, fault);
}

/* The new one has the place, the people and the officer of the old one. */
static enum err set_again(const struct casefile_act *act, struct casefile *c, const struct hearing *old,
    const struct hearing_window *when, int64_t *ret_id, struct fault *fault)
{
	struct hearing h = *old;
	const struct hearing_window w = { h.kind, when->day, when->time, (h.ends_at - h.starts_at) / MINUTE_MS };
	enum err e = hearing_times(act->office->profile->calendar.zone, &w, act->now, &h.starts_at, &h.ends_at, fault);
	if (e && fault) /* this form's fields have names of their own */
		copy_text(fault->field, sizeof(fault->field), !strcmp(fault->field, "time") ? "next_time" : "next_day");
	if (!e)
		e = insert(act, c, &h, old->id, ret_id, fault);
	if (!e)
		e = db_run(act->tx, &sql_hearing_guests_copy, DB_ARGS(db_int(old->id), db_int(*ret_id)));
	if (!e)
		e = inquiry_journal(act, c->id, "hearing.set", "hearing", *ret_id, "set", h.purpose);
	return e ? e : tell(act, c, &h, "hearing_set", "hearing_set_inside", "");
}

enum err hearing_adjourn(const struct casefile_act *act, struct casefile *c, int64_t id, const char *reason,
    const struct hearing_window *next, int64_t *ret_id, struct fault *fault)
{
	struct hearing h;
	const char *to;
	enum err e = load_for(act, c, id, HEARING_ADJOURN, &h, &to, fault);
	if (!e)
		e = set_state(act, c, &h, to, reason);
	if (!e)
		e = tell(act, c, &h, "hearing_adjourned", "hearing_adjourned_inside", reason);
	return e || !*next->day ? e : set_again(act, c, &h, next, ret_id, fault);
}

enum err hearing_cancel(
    const struct casefile_act *act, struct casefile *c, int64_t id, const char *reason, struct fault *fault)
{
	struct hearing h;
	const char *to;
	enum err e = load_for(act, c, id, HEARING_CANCEL, &h, &to, fault);
	if (!e)
		e = set_state(act, c, &h, to, reason);
	return e ? e : tell(act, c, &h, "hearing_cancelled", "hearing_cancelled_inside", reason);
}

/* --- minutes ----------------------------------------------------------------------------------------------------- */

static enum err minutes_event(const struct casefile_act *act, const struct casefile *c, const struct hearing *h,
    const char *kind, int64_t version)
{
	json_t *data = event_data(h, "");
	json_put_int(data, "version", version);
	json_put_str(data, "name", act->actor->name);
	return event_add(act, c->id, kind, data);
}

enum err hearing_minutes(const struct casefile_act *act, struct casefile *c, int64_t id, const char *body,
    int64_t version, struct fault *fault)
{
	struct hearing h;
	const char *to;
	char digest[SHA256_HEX];
	enum err e = load_for(act, c, id, HEARING_MINUTES, &h, &to, fault);
	if (!e && version && version != h.minutes + 1)
		e = fault_set(fault, ERR_CONFLICT, "minutes_version",
		    N_("Somebody else wrote a newer version meanwhile. Read it, then put in what is yours."), NULL);
	if (e)
		return e;
	sha256_hex(digest, body, strlen(body));
	e = db_run(act->tx, &sql_hearing_minutes_insert,
	    DB_ARGS(db_int(id), db_int(h.minutes + 1), db_text(body), db_text(digest), db_text(act->actor->tag),
		db_text(act->actor->name), db_int(act->now)));
	if (!e)
		e = inquiry_journal(act, c->id, "hearing.minutes", "hearing", id, NULL, body);
	return e ? e : minutes_event(act, c, &h, "hearing_minutes", h.minutes + 1);
}

static enum err minutes_body(const struct casefile_act *act, const struct hearing *h, const char **ret_body)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_hearing_minutes_body, DB_ARGS(db_int(h->id), db_int(h->minutes)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_INTERNAL;
	*ret_body = arena_strdup(act->arena, db_col_text(rows, 0));
	return OK;
}

enum err hearing_sign(const struct casefile_act *act, struct casefile *c, int64_t id, struct fault *fault)
{
	struct hearing h;
	const char *to, *body = "";
	enum err e = load_for(act, c, id, HEARING_SIGN, &h, &to, fault);
	if (!e)
		e = minutes_body(act, &h, &body);
	if (!e)
		e = db_run(
		    act->tx, &sql_hearing_set_state, DB_ARGS(db_int(id), db_text(to), db_text(""), db_int(act->now)));
	if (!e)
		e = db_run(act->tx, &sql_hearing_minutes_sign,
		    DB_ARGS(db_int(id), db_int(h.minutes), db_int(act->now), db_text(act->actor->tag),
			db_text(act->actor->name)));
	if (!e)
		e = inquiry_journal(act, c->id, "hearing.sign", "hearing", id, to, body);
	return e ? e : minutes_event(act, c, &h, "hearing_signed", h.minutes);
}
