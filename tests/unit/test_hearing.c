/* Hearings: every arrow, times, clashes, minutes by versions, and who is told. */
#include "casework/hearing.h"

#include "../lib/desk.h"
#include "text/date.h"

static void every_arrow(void **state)
{
	static const char *const states[] = { "set", "held", "minuted", "adjourned", "cancelled" };
	static const char *const to[][HEARING_STEP_MAX] = {
		{ "held", "adjourned", "cancelled", NULL, NULL },
		{ NULL, NULL, NULL, "held", "minuted" },
		{ NULL, NULL, NULL, NULL, NULL },
		{ NULL, NULL, NULL, NULL, NULL },
		{ NULL, NULL, NULL, NULL, NULL },
	};
	for (size_t s = 0; s < ARRAY_LEN(states); s++) {
		for (enum hearing_step step = 0; step < HEARING_STEP_MAX; step++) {
			const struct hearing h = { .state = states[s], .starts_at = 100, .minutes = 1 };
			const char *got = NULL;
			enum err e = hearing_next(&h, step, 100, ACTOR_STAFF, &got, NULL);
			assert_int_equal(e, to[s][step] ? OK : ERR_CONFLICT);
			if (!e)
				assert_string_equal(got, to[s][step]);
		}
	}
}

static void guards(void **state)
{
	const struct hearing set = { .state = "set", .starts_at = 100 }, held = { .state = "held" };
	const struct hearing written = { .state = "held", .minutes = 2 };
	const char *to;
	assert_int_equal(hearing_next(&set, HEARING_HOLD, 99, ACTOR_STAFF, &to, NULL), ERR_CONFLICT);
	assert_int_equal(hearing_next(&set, HEARING_CANCEL, 99, ACTOR_STAFF, &to, NULL), OK);
	assert_int_equal(hearing_next(&held, HEARING_SIGN, 99, ACTOR_STAFF, &to, NULL), ERR_CONFLICT);
	assert_int_equal(hearing_next(&written, HEARING_SIGN, 99, ACTOR_PROGRAM, &to, NULL), ERR_DENIED);
}

static void times(void **state)
{
	static const struct {
		const char *kind, *day, *time;
		int64_t length;
		const char *field; /* NULL: right */
	} rows[] = {
		{ "oral", "2026-06-10", "14:30", 60, NULL },
		{ "oral", "2026-06-09", "00:00", 60, NULL }, /* today */
		{ "oral", "2026-06-08", "14:30", 60, "day" },
		{ "inspection", "2026-06-08", "14:30", 60, NULL }, /* entered afterwards */
		{ "records", "2026-06-31", "14:30", 60, "day" },
		{ "oral", "2026-06-10", "24:00", 60, "time" },
		{ "oral", "2026-06-10", "9:30", 60, "time" },
		{ "oral", "2026-06-10", "1:230", 60, "time" },
		{ "oral", "2026-06-10", "14:3x", 60, "time" },
		{ "oral", "2026-06-10", "", 60, "time" },
		{ "oral", "2026-06-10", "14:30", 4, "length" },
		{ "oral", "2026-06-10", "14:30", 1441, "length" },
	};
	int64_t now = zone_day_start("Asia/Baku", (struct civil) { 2026, 6, 9 }) + 10 * HOUR_MS, starts, ends;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct hearing_window w = { rows[i].kind, rows[i].day, rows[i].time, rows[i].length };
		struct fault fault = { 0 };
		enum err e = hearing_times("Asia/Baku", &w, now, &starts, &ends, &fault);
		assert_int_equal(e, rows[i].field ? ERR_INVALID : OK);
		if (rows[i].field)
			assert_string_equal(fault.field, rows[i].field);
		else
			assert_int_equal(ends - starts, 60 * MINUTE_MS);
	}
	/* Clocks go forward in the night of 29 March 2026: half past two in the afternoon stays that. */
	const struct hearing_window summer = { "records", "2026-03-29", "14:30", 30 };
	assert_int_equal(hearing_times("Europe/Berlin", &summer, now, &starts, &ends, NULL), OK);
	assert_int_equal(
	    starts, zone_day_start("Europe/Berlin", (struct civil) { 2026, 3, 29 }) + (14 * 60 + 30 - 60) * MINUTE_MS);
}

/* --- with a database --------------------------------------------------------------------------------------------- */

struct work {
	struct hearing_new new;
	int64_t id, version, seen;
	bool came[HEARING_GUESTS_MAX];
	const char *words;
	struct hearing_window next;
	struct hearing loaded;
	json_t *events;
	struct fault fault;
};

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err set(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return hearing_set(act, c, &w->new, w->seen, &w->id, &w->fault);
}

static enum err hold(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_hold(act, c, w->id, w->came, 0, &w->fault);
}

static enum err adjourn(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_adjourn(act, c, w->id, w->words, &w->next, &w->id, &w->fault);
}

static enum err cancel(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_cancel(act, c, w->id, w->words, &w->fault);
}

static enum err minutes(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_minutes(act, c, w->id, w->words, w->version, &w->fault);
}

static enum err sign(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_sign(act, c, w->id, &w->fault);
}

static enum err load(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return hearing_load(act->tx, act->arena, w->id, &w->loaded);
}

static enum err told(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	enum err e = event_list(act, LANG_EN, c->id, true, &w->events);
	if (!e)
		json_owned(act->arena, w->events);
	return e;
}

static bool person_reads(struct desk *desk, const struct actor *officer, int64_t id, const char *kind)
{
	struct work w = { 0 };
	json_t *one;
	size_t i;
	assert_int_equal(desk_do(desk, officer, id, told, &w), OK);
	json_array_foreach(w.events, i, one) if (!strcmp(json_str_or(one, "kind", ""), kind)) return true;
	return false;
}

static struct work like(struct desk *desk, const struct actor *officer, const char *kind, int in_days, const char *time)
{
	struct work w = { .new = { .place = "Hall of the office",
			      .room = "Room 2",
			      .purpose = "The wages",
			      .officer = officer->id,
			      .invite_person = true,
			      .bodies = "State Oil Works\n",
			      .others = "An interpreter\nA witness",
			      .notice = "" } };
	char *day = arena_alloc(desk->arena, 11);
	int64_t today = civil_days(zone_date(desk->office->profile->calendar.zone, desk->now + 100000));
	civil_format(day, civil_from_days(today + in_days));
	w.new.when = (struct hearing_window) { kind, day, time, 60 };
	w.next = (struct hearing_window) { .day = "", .time = "" };
	w.words = "The witness is ill.";
	return w;
}

static void a_hearing_is_set_held_minuted_and_signed(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = like(desk, &officer, "inspection", -1, "10:00");
	assert_int_equal(desk_do(desk, &officer, id, set, &w), ERR_CONFLICT); /* not admitted */
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	w.new.notice = "Please come.";
	assert_int_equal(desk_do(desk, &officer, id, set, &w), OK);
	assert_true(person_reads(desk, &officer, id, "hearing_set"));
	assert_true(person_reads(desk, &officer, id, "to_person"));
	assert_int_equal(desk_do(desk, &officer, id, sign, &w), ERR_CONFLICT);
	w.came[0] = true;
	assert_int_equal(desk_do(desk, &officer, id, hold, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, sign, &w), ERR_CONFLICT); /* no minutes */
	w.version = 1;
	assert_int_equal(desk_do(desk, &officer, id, minutes, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, minutes, &w), ERR_CONFLICT); /* 1 is there */
	assert_string_equal(w.fault.field, "minutes_version");
	w.version = 2;
	assert_int_equal(desk_do(desk, &officer, id, minutes, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, sign, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, minutes, &w), ERR_CONFLICT); /* signed */
	assert_int_equal(desk_do(desk, &officer, id, load, &w), OK);
	assert_string_equal(w.loaded.state, "minuted");
	assert_int_equal(w.loaded.minutes, 2);
}

static void two_hearings_do_not_share_an_officer_or_a_room(void **state)
{
	struct desk *desk = *state;
	struct actor one = desk_staff(desk, "one", "investigator"), two = desk_staff(desk, "two", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	assert_int_equal(desk_do(desk, &one, id, admit, NULL), OK);
	static const struct {
		const char *time;
		bool same_officer, same_room;
		const char *field; /* NULL: free */
	} rows[] = {
		{ "10:30", true, false, "officer_id" },
		{ "09:30", true, false, "officer_id" },
		{ "10:30", false, true, "room" },
		{ "10:30", false, false, NULL },
		{ "11:00", true, true, NULL }, /* the one ends when the other begins */
		{ "09:00", true, true, NULL },
	};
	struct work first = like(desk, &one, "oral", 3, "10:00");
	assert_int_equal(desk_do(desk, &one, id, set, &first), OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct work w = like(desk, rows[i].same_officer ? &one : &two, "oral", 3, rows[i].time);
		w.new.room = rows[i].same_room ? "ROOM 2" : "Hall B";
		assert_int_equal(desk_do(desk, &one, id, set, &w), rows[i].field ? ERR_CONFLICT : OK);
		if (rows[i].field)
			assert_string_equal(w.fault.field, rows[i].field);
		else
			assert_int_equal(desk_do(desk, &one, id, cancel, &w), OK); /* what is cancelled is free again */
	}
	struct work none = like(desk, &two, "oral", 3, "10:00");
	none.new.room = "";
	assert_int_equal(desk_do(desk, &one, id, set, &none), OK); /* two places without a room are two places */
}

static void an_inspection_is_not_announced(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = like(desk, &officer, "inspection", 2, "10:00");
	w.new.invite_person = false;
	w.new.notice = "This must not go out.";
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, set, &w), OK);
	assert_int_equal(desk_do(desk, &officer, id, cancel, &w), OK);
	assert_false(person_reads(desk, &officer, id, "hearing_set_inside"));
	assert_false(person_reads(desk, &officer, id, "hearing_cancelled_inside"));
	assert_false(person_reads(desk, &officer, id, "to_person"));
}

static void put_off_it_keeps_its_people(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator");
	int64_t id = desk_file(desk, 1, "State Oil Works"), first;
	struct work w = like(desk, &officer, "oral", 2, "10:00"), later = like(desk, &officer, "oral", 9, "11:00");
	assert_int_equal(desk_do(desk, &officer, id, admit, NULL), OK);
	assert_int_equal(desk_do(desk, &officer, id, set, &w), OK);
	first = w.id;
	w.next.day = "2020-01-01";
	w.next.time = "11:00";
	assert_int_equal(desk_do(desk, &officer, id, adjourn, &w), ERR_INVALID);
	assert_string_equal(w.fault.field, "next_day");
	w.next.day = later.new.when.day;
	assert_int_equal(desk_do(desk, &officer, id, adjourn, &w), OK);
	assert_int_not_equal(w.id, first);
	assert_int_equal(desk_do(desk, &officer, id, load, &w), OK);
	assert_string_equal(w.loaded.state, "set");
	assert_string_equal(w.loaded.room, "Room 2");
	w.id = first;
	assert_int_equal(desk_do(desk, &officer, id, cancel, &w), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &officer, desk_file(desk, 2, "Another"), cancel, &w), ERR_NOT_FOUND);
}

int main(void)
{
	text_init();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow),
		cmocka_unit_test(guards),
		cmocka_unit_test(times),
		cmocka_unit_test_setup_teardown(a_hearing_is_set_held_minuted_and_signed, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(
		    two_hearings_do_not_share_an_officer_or_a_room, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(an_inspection_is_not_announced, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(put_off_it_keeps_its_people, desk_set_up, desk_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
