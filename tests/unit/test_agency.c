/* Reports asked from bodies: the rules by table, and a whole exchange with its events and clocks. */
#include "casework/agency.h"

#include "../lib/desk.h"

static void rules_allow_and_refuse(void **state)
{
	static const struct {
		int64_t reminded, escalated, replied;
		enum phase in;
		enum err remind, escalate, reply;
	} rows[] = {
		{ 0, 0, 0, PHASE_INQUIRY, OK, ERR_CONFLICT, OK },
		{ 5, 0, 0, PHASE_INQUIRY, OK, OK, OK },
		{ 5, 6, 0, PHASE_INQUIRY, OK, ERR_CONFLICT, OK },
		{ 5, 6, 7, PHASE_INQUIRY, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT },
		{ 0, 0, 7, PHASE_INQUIRY, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT },
		{ 5, 0, 0, PHASE_CLOSED, ERR_CONFLICT, ERR_CONFLICT, ERR_CONFLICT },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct agency_request r = { .reminded_at = rows[i].reminded,
			.escalated_at = rows[i].escalated,
			.replied_at = rows[i].replied };
		assert_int_equal(agency_may(&r, rows[i].in, AGENCY_REMIND, NULL), rows[i].remind);
		assert_int_equal(agency_may(&r, rows[i].in, AGENCY_ESCALATE, NULL), rows[i].escalate);
		assert_int_equal(agency_may(&r, rows[i].in, AGENCY_REPLY, NULL), rows[i].reply);
	}
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
	const struct agency_question q = { "State Oil Works", "Why?" };
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
	const struct agency_answer answer = { "partly", "The passport is returned.", "Wages in two parts." };
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
		assert_int_equal(agency_due(desk.office->profile, desk.now + 100000, &due_at, NULL), OK);
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
		cmocka_unit_test(rules_allow_and_refuse),
		cmocka_unit_test(a_body_is_asked_reminded_escalated_and_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
