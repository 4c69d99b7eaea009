/*
 * A complaint is never routed, copied or shown to the body complained of except as a request that an officer sends:
 * every door of bodies is tried before anything was sent, by the body that was asked, by another one, and by one above;
 * and every door of officers by a body's cookie and token.
 */
#include "../lib/desk.h"
#include "../lib/serve.h"
#include "../lib/web.h"

#include "base/id.h"
#include "casework/agency.h"
#include "casework/agency_account.h"
#include "casework/tables.h"

#define PERSON "Zarnigar Pinhan"
#define NOTE "strictly between us"
#define LETTER "Please report what happened to the meter"
#define FACTS "Wages of four months were withheld"
#define FILE_NAME "zarnigar-passport.pdf"

static struct desk desk;
static struct server *server;
static struct web web;

/* Of the body that is asked, of one above it without and with the right to look below, and of another. */
enum who { ASKED, ABOVE, ABOVE_AND_BELOW, OTHER, WHO_MAX };
static struct visitor {
	const char *body;
	bool below;
	int64_t account;
	const char *cookie, *token, *csrf;
} visitors[WHO_MAX] = {
	[ASKED] = { "labour_inspectorate", false },
	[ABOVE] = { "labour", false },
	[ABOVE_AND_BELOW] = { "labour", true },
	[OTHER] = { "migration_service", true },
};

static int64_t case_id, request_id, other_request, document_id;
static const char *number;

/* --- the office -------------------------------------------------------------------------------------------------- */

static enum err open_accounts(const struct casefile_act *act, struct casefile *c, void *arg)
{
	enum err e = OK;
	for (size_t i = 0; !e && i < WHO_MAX; i++) {
		struct visitor *v = &visitors[i];
		char link[AGENCY_SECRET_TEXT], token[AGENCY_SECRET_TEXT];
		const struct account_form form = { .login = arena_printf(desk.arena, "focal%zu", i),
			.name = "Focal",
			.post = "",
			.lang = "en",
			.below = v->below };
		int64_t id;
		e = agency_account_add(act, v->body, &form, &v->account, link, NULL);
		if (!e)
			e = agency_token_add(act, v->body, "test", v->below, &id, token, NULL);
		v->token =
		    arena_printf(desk.arena, "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", token);
	}
	return e;
}

static enum err prepare(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql rename = { "rename",
		{ "UPDATE casefile SET person_name = '" PERSON "' WHERE id = $1",
		    "UPDATE casefile SET person_name = '" PERSON "' WHERE id = $1" } };
	const struct document_new doc = { FILE_NAME, "application/pdf",
		"0000000000000000000000000000000000000000000000000000000000000000", "person", 10 };
	number = arena_strdup(desk.arena, c->number);
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	if (!e)
		e = casefile_move(act, c, "admit", 0, NULL, NULL);
	if (!e)
		e = db_run(act->tx, &rename, DB_ARGS(db_int(c->id)));
	if (!e)
		e = document_add(act, c->id, &doc, &document_id);
	return e ? e : text_add(act, c->id, "note", LANG_EN, NOTE);
}

static enum err send_request(const struct casefile_act *act, struct casefile *c, void *arg)
{
	const int64_t files[] = { document_id };
	const struct agency_question q = { .body_name = "labour_inspectorate",
		.question = LETTER,
		.questions = "Why?",
		.documents = files,
		.document_count = 1 };
	const struct agency_question to_other = { .body_name = "migration_service", .question = "Something else." };
	struct agency_question named = q;
	struct fault fault = { 0 };
	named.question = "What happened to " PERSON "?";
	/* The officer did not decide to tell: a letter that names the person is not sent. */
	assert_int_equal(agency_ask(act, c, &named, 0, &request_id, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "question");
	enum err e = agency_ask(act, c, &q, 0, &request_id, NULL);
	return e ? e : agency_ask(act, c, &to_other, 0, &other_request, NULL);
}

static int open_office(void **state)
{
	static struct route_table tables[64];
	size_t n = 0;
	desk_open(&desk, "az-commissioner");
	agency_login_plug();
	for (size_t i = 0; i < casework_routes_count; i++)
		tables[n++] = *casework_routes[i];
	assert_int_equal(templates_load(NULL, NULL), OK);
	server = serve_office(desk.office, "127.0.0.1:0", desk.dir, tables, n);
	web.port = server_port(server);
	struct actor officer = desk_staff(&desk, "officer", "commissioner");
	assert_int_equal(registry_begin(desk.office), OK);
	assert_int_equal(desk_do(&desk, &officer, 0, open_accounts, NULL), OK);
	for (size_t i = 0; i < WHO_MAX; i++) {
		visitors[i].cookie = serve_session(desk.office, desk.arena, "agency", visitors[i].account);
		visitors[i].csrf = serve_csrf(desk.arena);
	}
	case_id = desk_file(&desk, 1, "State Labour Inspection Service");
	assert_int_equal(desk_do(&desk, &officer, case_id, prepare, NULL), OK);
	return 0;
}

static int close_office(void **state)
{
	web_done(&web);
	server_stop(server);
	office_login_plug(NULL);
	desk_close(&desk);
	return 0;
}

/* --- knocking ---------------------------------------------------------------------------------------------------- */

static const char *const methods[METHOD_MAX] = { "GET", "POST", "PUT", "DELETE" };

static char *address(const struct route *route, int64_t id, int64_t n)
{
	char *text = arena_strdup(desk.arena, route->path), *brace;
	while ((brace = strchr(text, '{'))) {
		int64_t value = !strncmp(brace, "{id}", 4) ? id : n;
		text = arena_printf(
		    desk.arena, "%.*s%lld%s", (int)(brace - text), text, (long long)value, strchr(brace, '}') + 1);
	}
	return text;
}

static int knock(const struct visitor *v, const struct route *route, const char *path)
{
	bool api = !strncmp(path, "/api/", 5);
	const char *headers = api ? v->token : v->cookie;
	if (route->method == METHOD_GET)
		return web_ask(&web, "GET", path, headers, NULL);
	if (!api)
		headers = arena_printf(desk.arena, "%sContent-Type: application/x-www-form-urlencoded\r\n", headers);
	return web_ask(
	    &web, methods[route->method], path, headers, api ? "{}" : arena_printf(desk.arena, "_csrf=%s", v->csrf));
}

static void each_door(unsigned who, void (*try)(const struct route *, const struct visitor *, enum who))
{
	size_t n = 0;
	for (size_t t = 0; t < casework_routes_count; t++) {
		for (size_t i = 0; i < casework_routes[t]->n; i++) {
			const struct route *route = &casework_routes[t]->routes[i];
			if (!(route->who & who) || !strcmp(route->path, "/agency/password")) /* the own one */
				continue;
			for (enum who w = 0; w < WHO_MAX; w++, n++)
				try(route, &visitors[w], w);
		}
	}
	assert_true(n > 40);
}

static void shows_nothing_of_the_case(const char *path)
{
	static const char *const words[] = { PERSON, "Pinhan", NOTE, FACTS, FILE_NAME, "AB1234567", "+994501234567" };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasestr(web.body, words[i]) || strcasestr(web.head, words[i]))
			fail_msg("%s shows “%s” to a body", path, words[i]);
}

/* --- tests ------------------------------------------------------------------------------------------------------- */

static void before(const struct route *route, const struct visitor *v, enum who w)
{
	const char *path = address(route, 1, 1);
	int status = knock(v, route, path);
	if (strchr(route->path, '{') ? status != 404 && status != 403 : status != 200)
		fail_msg("%s %s: %d", methods[route->method], path, status);
	shows_nothing_of_the_case(path);
	if (strstr(web.body, number))
		fail_msg("%s tells of a case that nobody sent", path);
}

static void nothing_is_there_before_an_officer_sends_it(void **state)
{
	each_door(WHO_AGENCY, before);
}

static void after(const struct route *route, const struct visitor *v, enum who w)
{
	/* No recommendation and no draft was sent to anybody: of these there is nothing. */
	bool recommendation = strstr(route->path, "recommendation") || strstr(route->path, "draft");
	const char *path = address(route, recommendation ? 1 : request_id, document_id);
	bool theirs = (w == ASKED || w == ABOVE_AND_BELOW) && !recommendation, one = strchr(route->path, '{') != NULL;
	int status = knock(v, route, path);
	bool file = strstr(route->path, "documents") != NULL; /* has no bytes in this office */
	if (one && !theirs && status != 404)
		fail_msg("%s %s: %d, but it is another body's", methods[route->method], path, status);
	if (one && theirs && !file && status != (route->method == METHOD_GET ? 200 : 422))
		fail_msg("%s %s: %d", methods[route->method], path, status);
	if (!one && status != 200)
		fail_msg("%s: %d", path, status);
	if (one && theirs && !file && route->method == METHOD_GET)
		assert_non_null(strstr(web.body, LETTER));
	if (!theirs && strstr(web.body, LETTER))
		fail_msg("%s shows %s another body's letter", path, v->body);
	if (theirs && strstr(web.body, "Something else."))
		fail_msg("%s shows what another body was asked", path);
	shows_nothing_of_the_case(path);
}

static void what_was_sent_is_seen_by_that_body_alone(void **state)
{
	struct actor officer = desk_actor(&desk, 1, "commissioner");
	assert_int_equal(desk_do(&desk, &officer, case_id, send_request, NULL), OK);
	each_door(WHO_AGENCY, after);
	/* A file goes under a name that says nothing. */
	web_ask(&web, "GET", arena_printf(desk.arena, "/agency/requests/%lld", (long long)request_id),
	    visitors[ASKED].cookie, NULL);
	assert_non_null(strstr(web.body, arena_printf(desk.arena, "document-%lld.pdf", (long long)document_id)));
}

static void at_the_desk(const struct route *route, const struct visitor *v, enum who w)
{
	if (route->who & WHO_AGENCY || !strncmp(route->path, "/exchange", 9))
		return;
	const char *path = address(route, case_id, request_id);
	int status = knock(v, route, path);
	bool api = !strncmp(path, "/api/", 5);
	if (api ? status != 403 && status != 401 : status != 303 || !strcasestr(web.head, "Location: /login"))
		fail_msg("%s %s lets a body in: %d", methods[route->method], path, status);
	shows_nothing_of_the_case(path);
}

static void no_door_of_officers_opens_to_a_body(void **state)
{
	each_door(WHO_STAFF | WHO_PROGRAM, at_the_desk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_there_before_an_officer_sends_it),
		cmocka_unit_test(what_was_sent_is_seen_by_that_body_alone),
		cmocka_unit_test(no_door_of_officers_opens_to_a_body),
	};
	return cmocka_run_group_tests(tests, open_office, close_office);
}
