/* Mediation: the rules by table, the compartment from every door of the room, and what comes out of it. */
#include "casework/mediation.h"

#include "../lib/desk.h"
#include "casework/case_acts.h"
#include "casework/case_view.h"
#include "casework/inquiry_view.h"
#include "casework/list.h"
#include "casework/tables.h"

#define SECRET "The manager would pay half, if nobody hears of it"
#define DRAFT "Each side pays the half of what was withheld"

static void who_may_begin(void **state)
{
	static const struct {
		enum phase phase;
		bool running;
		int64_t mediator, assigned;
		const char *team;
		enum err expected;
	} rows[] = {
		{ PHASE_INQUIRY, false, 7, 3, "", OK },
		{ PHASE_DECISION, false, 7, 3, ",4,", OK },
		{ PHASE_INTAKE, false, 7, 3, "", ERR_CONFLICT },
		{ PHASE_CLOSED, false, 7, 3, "", ERR_CONFLICT },
		{ PHASE_INQUIRY, true, 7, 3, "", ERR_CONFLICT },
		{ PHASE_INQUIRY, false, 3, 3, "", ERR_INVALID },
		{ PHASE_INQUIRY, false, 7, 3, ",4,7,", ERR_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(mediation_may_start(rows[i].phase, rows[i].running, rows[i].mediator, rows[i].assigned,
				     rows[i].team, NULL),
		    rows[i].expected);
}

static void every_arrow(void **state)
{
	static const char *const states[] = { "open", "settled", "failed", "withdrawn" };
	for (size_t s = 0; s < ARRAY_LEN(states); s++) {
		for (enum mediation_step step = 0; step < MEDIATION_STEP_MAX; step++) {
			const struct mediation m = { .state = states[s], .settlement = "Words." };
			assert_int_equal(mediation_may(&m, step, NULL), s == 0 ? OK : ERR_CONFLICT);
		}
	}
	const struct mediation empty = { .state = "open", .settlement = "" };
	assert_int_equal(mediation_may(&empty, MEDIATION_ISSUE, NULL), ERR_CONFLICT);
	assert_int_equal(mediation_may(&empty, MEDIATION_END, NULL), OK);
}

/* --- with a database --------------------------------------------------------------------------------------------- */

struct work {
	int64_t mediator, id, seen;
	const char *words;
	struct mediation loaded;
	json_t *view;
	const struct case_tab *tab;
	struct fault fault;
};

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	if (!e)
		e = casefile_assign(act, c, *(int64_t *)arg, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

static enum err start(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->fault = (struct fault) { 0 };
	return mediation_start(act, c, w->mediator, 0, &w->id, &w->fault);
}

static enum err note(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct mediation_words new = { "note", "", ((struct work *)arg)->words };
	return mediation_write(act, c, &new, NULL);
}

static enum err session(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const struct mediation_words new = { "session", ((struct work *)arg)->words, "Both sides came." };
	return mediation_write(act, c, &new, &((struct work *)arg)->fault);
}

static enum err draft(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return mediation_draft(act, c, w->words, w->seen, &w->fault);
}

static enum err issue(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	return mediation_issue(act, c, w->seen, &w->fault);
}

static enum err end(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return mediation_end(act, c, ((struct work *)arg)->words, NULL);
}

static enum err load(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return mediation_load(act->tx, act->arena, c->id, &((struct work *)arg)->loaded);
}

/* What a door shows to who asks, as text; "" when it is closed to them. */
static enum err see_overview(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	struct casefile other;
	w->view = json_owned(act->arena, json_object());
	return case_view_load(act, LANG_EN, c->id, w->view, &other, NULL);
}

static enum err see_tab(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	struct casefile other;
	w->view = json_owned(act->arena, json_object());
	return case_tab_load(act, LANG_EN, w->tab, c->id, w->view, &other, NULL);
}

static enum err see_search(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	w->view = json_owned(act->arena, json_object());
	struct list_ask ask;
	list_ask_plain(w->words, &ask);
	return list_search(act, LANG_EN, &ask, w->view);
}

static enum err see_person(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	json_t *events;
	w->view = json_owned(act->arena, json_object());
	enum err e = inquiry_person_view(act, LANG_EN, c, w->view);
	if (!e)
		e = event_list(act, LANG_EN, c->id, true, &events);
	if (!e)
		json_put(w->view, "events", events);
	return e;
}

static bool shows(struct desk *desk, const struct actor *actor, int64_t id,
    enum err (*see)(const struct casefile_act *, struct casefile *, void *), struct work *w, const char *words)
{
	if (desk_do(desk, actor, id, see, w))
		return false;
	char *text = json_compact_text(w->view);
	bool found = strstr(text, words) != NULL;
	free(text);
	return found;
}

/* Every door of the room: overview, each tab, search by the words, the person's page. */
static bool anywhere(struct desk *desk, const struct actor *actor, int64_t id, const char *words)
{
	struct work w = { .words = words };
	bool found = shows(desk, actor, id, see_overview, &w, words) || shows(desk, actor, id, see_person, &w, words);
	const struct case_tab *tab;
	for (size_t i = 0; (tab = case_tab_at(i)); i++) {
		w.tab = tab;
		found = found || shows(desk, actor, id, see_tab, &w, words);
	}
	if (desk_do(desk, actor, id, see_search, &w) == OK)
		found = found || json_array_size(json_object_get(w.view, "rows")) > 0;
	return found;
}

static void nobody_but_the_mediator_opens_it(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator"),
		     mediator = desk_staff(desk, "med", "mediator");
	struct actor head = desk_staff(desk, "head", "commissioner"), other = desk_staff(desk, "med2", "mediator");
	struct actor both = desk_staff(desk, "both", "investigator mediator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = { .mediator = officer.id };
	assert_int_equal(desk_do(desk, &head, id, admit, &both.id), OK);
	assert_int_equal(desk_do(desk, &both, id, start, &w), ERR_INVALID); /* no mediator by role */
	w.mediator = both.id;
	assert_int_equal(desk_do(desk, &both, id, start, &w), ERR_INVALID); /* the officer of the case */
	w.mediator = mediator.id;
	assert_int_equal(desk_do(desk, &both, id, start, &w), OK);
	assert_int_equal(desk_do(desk, &both, id, start, &w), ERR_CONFLICT); /* it runs */
	w.words = SECRET;
	assert_int_equal(desk_do(desk, &mediator, id, note, &w), OK);
	w.words = DRAFT;
	assert_int_equal(desk_do(desk, &mediator, id, draft, &w), OK);
	assert_true(anywhere(desk, &mediator, id, SECRET));
	assert_true(anywhere(desk, &mediator, id, DRAFT));
	const struct actor *const shut_out[] = { &both, &head, &other, &officer };
	for (size_t i = 0; i < ARRAY_LEN(shut_out); i++) {
		assert_false(anywhere(desk, shut_out[i], id, SECRET));
		assert_false(anywhere(desk, shut_out[i], id, DRAFT));
	}
}

/* Acts come in through one door, which asks of the case; inside, each asks of the mediation. */
static enum err try_act(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct work *w = arg;
	struct casefile other;
	int64_t made;
	const struct desk_act *what = desk_act_find(w->words);
	char *form = arena_alloc(act->arena, what->size + 1);
	return desk_act_do(act, what, c->id, form, 0, &other, &made, &w->fault);
}

static void nobody_but_the_mediator_acts_in_it(void **state)
{
	static const char *const inside[] = { "entries", "settlement", "issue-settlement", "end-mediation" };
	struct desk *desk = *state;
	struct actor head = desk_staff(desk, "head", "commissioner"), mediator = desk_staff(desk, "med", "mediator");
	struct actor both = desk_staff(desk, "both", "investigator mediator");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = { .mediator = mediator.id };
	assert_int_equal(desk_do(desk, &head, id, admit, &both.id), OK);
	assert_int_equal(desk_do(desk, &both, id, start, &w), OK);
	const struct actor *const shut_out[] = { &both, &head };
	for (size_t i = 0; i < ARRAY_LEN(inside); i++) {
		w.words = inside[i];
		for (size_t k = 0; k < ARRAY_LEN(shut_out); k++)
			assert_int_equal(desk_do(desk, shut_out[k], id, try_act, &w), ERR_DENIED);
	}
}

static void a_settlement_comes_out_when_it_is_issued(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator"),
		     mediator = desk_staff(desk, "med", "mediator");
	struct actor head = desk_staff(desk, "head", "commissioner");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = { .mediator = mediator.id };
	assert_int_equal(desk_do(desk, &head, id, admit, &officer.id), OK);
	assert_int_equal(desk_do(desk, &officer, id, start, &w), OK);
	assert_int_equal(desk_do(desk, &mediator, id, issue, &w), ERR_CONFLICT); /* nothing written */
	w.words = "2026-13-01";
	assert_int_equal(desk_do(desk, &mediator, id, session, &w), ERR_INVALID);
	w.words = "2026-03-01";
	assert_int_equal(desk_do(desk, &mediator, id, session, &w), OK);
	w.words = SECRET;
	assert_int_equal(desk_do(desk, &mediator, id, note, &w), OK);
	w.words = DRAFT;
	w.seen = 1;
	assert_int_equal(desk_do(desk, &mediator, id, draft, &w), ERR_CONFLICT); /* two entries came since */
	w.seen = 3;
	assert_int_equal(desk_do(desk, &mediator, id, draft, &w), OK);
	w.seen = 4;
	assert_int_equal(desk_do(desk, &mediator, id, issue, &w), OK);
	assert_true(anywhere(desk, &officer, id, DRAFT));
	assert_false(anywhere(desk, &officer, id, SECRET));
	assert_true(shows(desk, &officer, id, see_person, &w, DRAFT));
	assert_false(shows(desk, &officer, id, see_person, &w, SECRET));
	assert_int_equal(desk_do(desk, &mediator, id, note, &w), ERR_CONFLICT);
	assert_int_equal(desk_do(desk, &mediator, id, load, &w), OK);
	assert_string_equal(w.loaded.state, "settled");
}

static void without_a_settlement_its_draft_stays_inside(void **state)
{
	struct desk *desk = *state;
	struct actor officer = desk_staff(desk, "officer", "investigator"),
		     mediator = desk_staff(desk, "med", "mediator");
	struct actor head = desk_staff(desk, "head", "commissioner");
	int64_t id = desk_file(desk, 1, "State Oil Works");
	struct work w = { .mediator = mediator.id };
	assert_int_equal(desk_do(desk, &head, id, admit, &officer.id), OK);
	assert_int_equal(desk_do(desk, &officer, id, start, &w), OK);
	w.words = DRAFT;
	assert_int_equal(desk_do(desk, &mediator, id, draft, &w), OK);
	w.words = "failed";
	assert_int_equal(desk_do(desk, &mediator, id, end, &w), OK);
	assert_false(anywhere(desk, &officer, id, DRAFT));
	assert_false(anywhere(desk, &head, id, DRAFT));
	assert_true(shows(desk, &officer, id, see_overview, &w, "Mediation ended: without a settlement."));
	w.mediator = mediator.id;
	assert_int_equal(desk_do(desk, &officer, id, start, &w), ERR_INVALID); /* who heard one side is in the team */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_may_begin),
		cmocka_unit_test(every_arrow),
		cmocka_unit_test_setup_teardown(nobody_but_the_mediator_opens_it, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(nobody_but_the_mediator_acts_in_it, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(a_settlement_comes_out_when_it_is_issued, desk_set_up, desk_tear_down),
		cmocka_unit_test_setup_teardown(
		    without_a_settlement_its_draft_stays_inside, desk_set_up, desk_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
