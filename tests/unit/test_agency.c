/* Reports asked from bodies: the rules by table, and a whole exchange with its events and clocks. */
#include "casework/agency.h"

#include "../lib/desk.h"

/* Every state × every step: what leads where, what is refused. */
static void every_step_from_every_state(void **state)
{
#define NO AGENCY_STATE_MAX
	static const enum agency_state to[AGENCY_STATE_MAX][AGENCY_STEP_MAX] = {
		/* REMIND, ESCALATE, REPLY, EXTEND, GRANT, REFUSE, WITHDRAW; reminded once, head not turned to */
		[AGENCY_ASKED] = { AGENCY_REMINDED, AGENCY_ESCALATED, AGENCY_ANSWERED, AGENCY_EXTENSION_ASKED, NO, NO,
		    AGENCY_WITHDRAWN },
		[AGENCY_EXTENSION_ASKED] = { NO, NO, AGENCY_ANSWERED, NO, AGENCY_EXTENSION_GRANTED,
		    AGENCY_EXTENSION_REFUSED, AGENCY_WITHDRAWN },
		[AGENCY_EXTENSION_GRANTED] = { AGENCY_REMINDED, AGENCY_ESCALATED, AGENCY_ANSWERED,
		    AGENCY_EXTENSION_ASKED, NO, NO, AGENCY_WITHDRAWN },
		[AGENCY_EXTENSION_REFUSED] = { AGENCY_REMINDED, AGENCY_ESCALATED, AGENCY_ANSWERED, NO, NO, NO,
		    AGENCY_WITHDRAWN },
		[AGENCY_REMINDED] = { AGENCY_REMINDED, AGENCY_ESCALATED, AGENCY_ANSWERED, AGENCY_EXTENSION_ASKED, NO,
		    NO, AGENCY_WITHDRAWN },
		[AGENCY_ESCALATED] = { AGENCY_REMINDED, AGENCY_ESCALATED, AGENCY_ANSWERED, NO, NO, NO,
		    AGENCY_WITHDRAWN },
		[AGENCY_ANSWERED] = { NO, NO, NO, NO, NO, NO, NO },
		[AGENCY_WITHDRAWN] = { NO, NO, NO, NO, NO, NO, NO },
	};
	for (enum agency_state s = 0; s < AGENCY_STATE_MAX; s++) {
		for (enum agency_step step = 0; step < AGENCY_STEP_MAX; step++) {
			const struct agency_request r = { .state = s, .reminded_at = 5 };
			struct fault fault = { 0 };
			enum agency_state got = NO;
			enum err e = agency_next(&r, false, step, &got, &fault);
			assert_int_equal(e, to[s][step] == NO ? ERR_CONFLICT : OK);
			assert_int_equal(got, to[s][step]);
			assert_true(e == OK || fault.key != NULL); /* a refusal says why */
			assert_int_equal(agency_next(&r, true, step, &got, NULL), ERR_CONFLICT); /* closed case */
		}
	}
}

static void the_head_comes_after_a_reminder_and_once(void **state)
{
	struct agency_request r = { .state = AGENCY_ASKED };
	enum agency_state to;
	assert_int_equal(agency_next(&r, false, AGENCY_ESCALATE, &to, NULL), ERR_CONFLICT);
	r = (struct agency_request) { .state = AGENCY_ESCALATED, .reminded_at = 5, .escalated_at = 6 };
	assert_int_equal(agency_next(&r, false, AGENCY_ESCALATE, &to, NULL), ERR_CONFLICT);
	assert_int_equal(agency_next(&r, false, AGENCY_REMIND, &to, NULL), OK);
	assert_int_equal(to, AGENCY_ESCALATED); /* and stays there */
}

static void state_keys_go_there_and_back(void **state)
{
	for (enum agency_state s = 0; s < AGENCY_STATE_MAX; s++) {
		enum agency_state back;
		assert_true(agency_state_parse(agency_state_key(s), &back));
		assert_int_equal(back, s);
	}
	enum agency_state none;
	assert_false(agency_state_parse("lost", &none));
}

static void a_letter_that_names_the_person_is_found(void **state)
{
	struct arena *arena = arena_new(0);
	text_init();
	assert_true(agency_names_person(arena, "Ms. Leyla ƏLİYEVA told us", "Leyla Əliyeva"));
	assert_true(agency_names_person(arena, "Лейла Алиева говорит", "Лейла Алиева"));
	assert_false(agency_names_person(arena, "The complainant told us", "Leyla Əliyeva"));
	assert_false(agency_names_person(arena, "Alibaba", "Ali"));
	assert_false(agency_names_person(arena, "", ""));
	arena_free(arena);
}

static enum err admit(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	return e ? e : casefile_move(act, c, "admit", 0, NULL, NULL);
}

struct asked {
	int64_t request, version;
	struct fault fault;
	json_t *events;
	struct casefile c;
};

static enum err ask(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct asked *a = arg;
	const struct agency_question q = { .body_name = "State Oil Works", .question = "Why?", .questions = "" };
	return agency_ask(act, c, &q, a->version, &a->request, &a->fault);
}

static enum err remind(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return agency_remind(act, c, ((struct asked *)arg)->request, &((struct asked *)arg)->fault);
}

static enum err escalate(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return agency_escalate(act, c, ((struct asked *)arg)->request, &((struct asked *)arg)->fault);
}

static enum err reply(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct asked *a = arg;
	const struct agency_answer answer = { "partly", "The passport is returned.", "Wages in two parts.", "" };
	return agency_record_reply(act, c, a->request, &answer, 0, &a->fault);
}

static enum err look(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct asked *a = arg;
	a->c = *c;
	return event_list(act, LANG_EN, c->id, false, &a->events);
}

static const json_t *last_of(const json_t *events, const char *kind)
{
	const json_t *found = NULL, *one;
	size_t i;
	json_array_foreach(events, i, one) if (!strcmp(json_str_or(one, "kind", ""), kind)) found =
	    json_object_get(one, "data");
	return found;
}

static void check_events(const struct asked *a, int64_t due_at)
{
	const json_t *asked = last_of(a->events, "agency_asked"), *replied = last_of(a->events, "agency_replied");
	assert_string_equal(json_str_or(asked, "body", ""), "State Oil Works");
	assert_string_equal(json_str_or(asked, "words", ""), "Why?");
	assert_int_equal(json_int_or(asked, "due_at", 0), due_at);
	assert_string_equal(json_str_or(last_of(a->events, "agency_reminded"), "body", ""), "State Oil Works");
	assert_string_equal(json_str_or(last_of(a->events, "agency_escalated"), "body", ""), "State Oil Works");
	assert_string_equal(json_str_or(replied, "position", ""), "partly");
	assert_string_equal(json_str_or(replied, "words", ""), "The passport is returned.\n\nWages in two parts.");
}

static void a_body_is_asked_reminded_escalated_and_answers(void **state)
{
	static const char *const profiles[] = { "az-commissioner", "pk-wafaqi-mohtasib" };
	for (size_t i = 0; i < ARRAY_LEN(profiles); i++) {
		struct desk desk;
		struct asked a = { 0 };
		int64_t due_at;
		desk_open(&desk, profiles[i]);
		struct actor officer = desk_staff(&desk, "officer", "investigator");
		int64_t id = desk_file(&desk, 1, "State Oil Works"), other = desk_file(&desk, 2, "Another");
		assert_int_equal(desk_do(&desk, &officer, id, ask, &a), ERR_CONFLICT); /* not admitted yet */
		assert_int_equal(desk_do(&desk, &officer, id, admit, NULL), OK);
		a.version = 1; /* as it was before */
		assert_int_equal(desk_do(&desk, &officer, id, ask, &a), ERR_CONFLICT);
		assert_string_equal(a.fault.field, "version");
		a.version = 0;
		assert_int_equal(desk_do(&desk, &officer, id, ask, &a), OK);
		assert_int_equal(agency_due(desk.office, desk.now + 100000, &due_at, NULL), OK);
		assert_int_equal(desk_do(&desk, &officer, id, look, &a), OK);
		json_decref(a.events);
		assert_string_equal(a.c.state->key, "with_agency");
		assert_true(a.c.due_at > 0 && a.c.due_at <= due_at); /* the earliest running clock */
		assert_int_equal(desk_do(&desk, &officer, id, escalate, &a), ERR_CONFLICT);
		assert_int_equal(
		    desk_do(&desk, &officer, other, remind, &a), ERR_NOT_FOUND); /* another case's request */
		assert_int_equal(desk_do(&desk, &officer, id, remind, &a), OK);
		assert_int_equal(desk_do(&desk, &officer, id, escalate, &a), OK);
		assert_int_equal(desk_do(&desk, &officer, id, reply, &a), OK);
		assert_int_equal(desk_do(&desk, &officer, id, reply, &a), ERR_CONFLICT);
		assert_int_equal(desk_do(&desk, &officer, id, look, &a), OK);
		assert_string_equal(a.c.state->key, "admitted");
		check_events(&a, due_at);
		json_decref(a.events);
		desk_close(&desk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_step_from_every_state),
		cmocka_unit_test(the_head_comes_after_a_reminder_and_once),
		cmocka_unit_test(state_keys_go_there_and_back),
		cmocka_unit_test(a_letter_that_names_the_person_is_found),
		cmocka_unit_test(a_body_is_asked_reminded_escalated_and_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
