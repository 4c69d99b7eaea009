/* A new holiday (trap 27): what it would move is shown before, moved in pieces afterwards, once, also after a kill. */
#include "casework/recount.h"
#include "office/current.h"
#include "office/holiday.h"
#include "text/date.h"

#include "../lib/desk.h"

#define CLOCKS 230

static enum err start_clocks(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = OK;
	for (int i = 0; !e && i < CLOCKS; i++)
		e = case_clock_start_key(act, c->id, "az.agency_reminder"); /* five working days */
	return e;
}

struct shown {
	struct recount_ask ask;
	json_t *view;
	struct case_clock *clocks;
	size_t n;
};

static enum err preview(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct shown *s = arg;
	s->view = json_owned(act->arena, json_object());
	return recount_preview(act, LANG_EN, &s->ask, s->view);
}

static enum err load(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct shown *s = arg;
	return case_clock_load_all(act, c->id, &s->clocks, &s->n);
}

/* How many clocks of that rule end then. */
static size_t ending(const struct shown *s, int64_t due_at)
{
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += !strcmp(s->clocks[i].key, "az.agency_reminder") && s->clocks[i].due_at == due_at;
	return n;
}

static size_t all_pages(struct desk *desk, const struct actor *reader, struct shown *s)
{
	size_t n = 0;
	for (int page = 0; page < 20; page++) {
		assert_int_equal(desk_do(desk, reader, 0, preview, s), OK);
		assert_true(json_array_size(json_object_get(s->view, "moves")) <= RECOUNT_PAGE);
		n += json_array_size(json_object_get(s->view, "moves"));
		s->ask.after = json_int_or(s->view, "page_after", 0);
		if (!s->ask.after)
			return n;
	}
	fail_msg("the preview does not end");
	return n;
}

static enum err begin(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const char text[] =
	    "INSERT INTO clock_recount (change_id, began_at, last_id, seen_id, seen, moved, ended_at) "
	    "VALUES ((SELECT max(id) FROM calendar_change), 1, 1000, 0, 0, 0, NULL) RETURNING id";
	static const struct db_sql sql = { "begin", { text, text } };
	return db_get_int(act->tx, &sql, DB_NO_ARGS, arg);
}

static enum err one_piece(const struct casefile_act *act, struct casefile *c, void *arg)
{
	bool done;
	return recount_piece(act, *(int64_t *)arg, &done);
}

static enum err killed_piece(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = one_piece(act, c, arg);
	return e ? e : ERR_STORE;
}

static enum err list(const struct casefile_act *act, struct casefile *c, void *arg)
{
	json_t *rows;
	enum err e = recount_list(act, LANG_EN, &rows);
	*(json_t **)arg = e ? NULL : json_owned(act->arena, rows);
	return e;
}

static void a_new_holiday_moves_what_it_showed(void **state)
{
	struct desk desk = { 0 };
	struct shown s = { 0 };
	struct calendar then;
	int64_t recount, day;
	json_t *rows;
	desk_open(&desk, "az-commissioner");
	const struct actor head = desk_staff(&desk, "leyla", "commissioner");
	int64_t id = desk_file(&desk, 1, "State Oil Works");
	assert_int_equal(desk_do(&desk, &head, id, start_clocks, NULL), OK);
	assert_int_equal(desk_do(&desk, &head, id, load, &s), OK);
	const struct case_clock *last = &s.clocks[s.n - 1];
	int64_t before = last->due_at;
	assert_int_equal(ending(&s, before), CLOCKS);

	/* The first working day of the limit becomes a holiday. */
	const struct calendar *now = office_calendar(desk.office);
	assert_int_equal(calendar_add_working(now, office_day(desk.office, last->started_at), 1, &day), OK);
	const struct calendar_change change = { CALENDAR_PUT_HOLIDAY,
		{ .day = day,
		    .key = "mourning",
		    .name = { { "Matəm", "Mourning", "Траур", "سوگ" } },
		    .confirmed = true,
		    .source = "Decree 7" } };
	calendar_changed(desk.arena, now, &change, 1, &then);
	s.ask = (struct recount_ask) { .then = &then, .first_day = day, .last_day = day };
	assert_int_equal(all_pages(&desk, &head, &s), CLOCKS);
	assert_int_equal(desk_do(&desk, &head, id, load, &s), OK);
	assert_int_equal(ending(&s, before), CLOCKS); /* looking moves nothing */
	/* A day that no clock runs over moves nothing. */
	s.ask.first_day = s.ask.last_day = day - 30;
	assert_int_equal(all_pages(&desk, &head, &s), 0);

	assert_int_equal(holiday_enter(desk.office, &head, desk.now, &change, 1), OK);
	assert_int_equal(desk_do(&desk, &head, 0, begin, &recount), OK);
	assert_int_equal(desk_do(&desk, &head, 0, killed_piece, &recount), ERR_STORE);
	assert_int_equal(desk_do(&desk, &head, id, load, &s), OK);
	assert_int_equal(ending(&s, before), CLOCKS);
	assert_int_equal(desk_do(&desk, &head, 0, one_piece, &recount), OK);
	assert_int_equal(desk_do(&desk, &head, id, load, &s), OK);
	assert_in_range(ending(&s, before), CLOCKS - 100, CLOCKS - 90);
	for (int i = 0; i < 3; i++) /* it goes on where it was, and begins no other */
		assert_int_equal(recount_run(desk.office, desk.now + 200000 + i), OK);
	assert_int_equal(desk_do(&desk, &head, id, load, &s), OK);
	assert_int_equal(ending(&s, before), 0);
	assert_int_equal(desk_do(&desk, &head, 0, list, &rows), OK);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(json_str_or(json_array_get(rows, 0), "moved", ""), "230");
	assert_false(json_bool_or(json_array_get(rows, 0), "running", true));
	desk_close(&desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_holiday_moves_what_it_showed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
