/*
 * Objects × roles × doors, from the tables of routes (trap 11): what a role may not is refused at every door alike, a
 * case that is kept from an officer is nowhere, and who a person is whose identity is withheld stands in no answer.
 */
#include "../lib/desk.h"
#include "../lib/serve.h"
#include "../lib/web.h"
#include "doors.h"

#include "base/id.h"
#include "casework/tables.h"
#include "cooperation/exchange.h"

#define SECRET_NAME "Zarnigar Pinhan"
#define SECRET_FOLDED "pinhan"
#define HIDDEN_WORD "Keptworks" /* of the body in cases that are kept from the officer */
#define NOT_THERE "987654"

static const char *const roles[] = { "registrar", "admission_officer", "investigator", "mediator", "head_of_unit",
	"liaison", "commissioner", "auditor", "administrator" };
#define ROLES ARRAY_LEN(roles)

enum which { OWN, OTHERS, KEPT, WHICH_MAX };

static struct desk desk;
static struct server *server;
static struct web web;
static struct route_table tables[64];
static size_t table_count;

static struct officer {
	struct actor actor;   /* as the server will make it */
	struct actor program; /* a token of the same role */
	const char *headers, *token_headers, *csrf;
	int64_t id[WHICH_MAX]; /* of cases */
	struct object object[WHICH_MAX];
	const char *kept_number;
} officers[ROLES];

static const char *const methods[METHOD_MAX] = { "GET", "POST", "PUT", "DELETE" };

/* --- the office -------------------------------------------------------------------------------------------------- */

struct fixing {
	int64_t assign_to, keep_from;
	bool hide;
	struct object object;
	const char *number;
};

static enum err fix(const struct casefile_act *act, struct casefile *c, void *arg)
{
	static const struct db_sql hide = { "hide",
		{ "UPDATE casefile SET identity = 'withheld', person_name = 'Alias-TEST' WHERE id = $1",
		    "UPDATE casefile SET identity = 'withheld', person_name = 'Alias-TEST' WHERE id = $1" } };
	static const struct db_sql keep = { "keep", { "INSERT INTO case_conflict (casefile_id, staff_id, reason, "
						      "set_by, set_at) VALUES ($1, $2, 'x', 'system', 1)",
							"INSERT INTO case_conflict (casefile_id, staff_id, reason, "
							"set_by, set_at) VALUES ($1, $2, 'x', 'system', "
							"1)" } };
	struct fixing *f = arg;
	enum err e = casefile_move(act, c, "register", 0, NULL, NULL);
	if (!e)
		e = casefile_move(act, c, "admit", 0, NULL, NULL);
	if (!e && f->assign_to)
		e = casefile_assign(act, c, f->assign_to, NULL);
	if (!e && f->hide)
		e = db_run(act->tx, &hide, DB_ARGS(db_int(c->id)));
	if (!e && f->keep_from)
		e = db_run(act->tx, &keep, DB_ARGS(db_int(c->id), db_int(f->keep_from)));
	if (!e)
		e = casefile_load(act->office, act->tx, act->arena, c->id, c);
	f->object = casefile_object(c);
	f->number = c->number;
	return e;
}

static int64_t a_case(const char *person, const char *body, struct fixing *f)
{
	static const struct actor system = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };
	static int serial;
	static const char *const declarations[] = { "truth", NULL };
	struct intake_result result;
	struct intake in = { .channel = "web",
		.lang = LANG_EN,
		.submission = arena_printf(desk.arena, "door:%d", ++serial),
		.person = { "complainant", person, "", "", "", "", "+92301234567", "", "" },
		.body_key = "",
		.body_name = body,
		.body_country = "PK",
		.subject = "",
		.facts = "The meter was changed and nobody answers our letters about it.",
		.remedy = "An answer.",
		.steps_taken = "",
		.declarations = declarations };
	assert_int_equal(intake_file(desk.office, &system, &in, desk.now + serial, &result, NULL), OK);
	assert_int_equal(desk_do(&desk, &system, result.casefile_id, fix, f), OK);
	return result.casefile_id;
}

static void hire(size_t r)
{
	struct officer *o = &officers[r];
	char *token = NULL;
	int64_t token_id;
	o->actor = desk_staff(&desk, roles[r], roles[r]);
	o->headers = serve_session(desk.office, desk.arena, "staff", o->actor.id);
	o->csrf = serve_csrf(desk.arena);
	assert_int_equal(token_add(desk.office, roles[r], roles[r], &token_id, &token, NULL), OK);
	o->token_headers =
	    arena_printf(desk.arena, "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", token);
	o->program = o->actor;
	o->program.kind = ACTOR_PROGRAM;
	free(token);
}

static void give_cases(struct officer *o, int64_t stranger)
{
	struct fixing own = { .assign_to = o->actor.id, .hide = true }, others = { .assign_to = stranger },
		      kept = { .assign_to = stranger, .keep_from = o->actor.id };
	o->id[OWN] = a_case(SECRET_NAME, "Office of meters", &own);
	o->id[OTHERS] = a_case("Somebody Else", "Office of meters", &others);
	o->id[KEPT] = a_case("Kept Person", arena_printf(desk.arena, "%s %s", HIDDEN_WORD, o->actor.roles), &kept);
	o->object[OWN] = own.object;
	o->object[OTHERS] = others.object;
	o->object[KEPT] = kept.object;
	o->kept_number = kept.number;
}

static void gather_tables(void)
{
	for (size_t i = 0; i < office_tables_count; i++)
		tables[table_count++] = *office_tables[i];
	for (size_t i = 0; i < casework_routes_count; i++)
		tables[table_count++] = *casework_routes[i];
	const struct route_table above[] = { partner_routes, agreement_routes, referral_routes };
	for (size_t i = 0; i < ARRAY_LEN(above); i++)
		tables[table_count++] = above[i];
}

static int open_office(void **state)
{
	desk_open_with(&desk, "pk-wafaqi-mohtasib", cooperation_migrations, cooperation_migration_count);
	gather_tables();
	casework_plug(&cooperation_plugin);
	assert_int_equal(templates_load(NULL, NULL), OK);
	server = serve_office(desk.office, "127.0.0.1:0", desk.dir, tables, table_count);
	web.port = server_port(server);
	struct actor stranger = desk_staff(&desk, "stranger", "investigator");
	for (size_t r = 0; r < ROLES; r++)
		hire(r);
	for (size_t r = 0; r < ROLES; r++)
		give_cases(&officers[r], stranger.id);
	return 0;
}

static int close_office(void **state)
{
	web_done(&web);
	server_stop(server);
	casework_plug(NULL);
	desk_close(&desk);
	return 0;
}

/* --- doors ------------------------------------------------------------------------------------------------------- */

/* "/desk/cases" and "/api/v1/cases" are "/cases"; NULL for what is no door of officers or programs. */
static const char *behind(const struct route *route)
{
	if (!(route->who & (WHO_STAFF | WHO_PROGRAM)) || (route->who & WHO_AGENCY))
		return NULL;
	if (!strncmp(route->path, "/desk", 5))
		return route->path + 5;
	return !strncmp(route->path, "/api/v1", 7) ? route->path + 7 : NULL;
}

static bool same_door(const struct door *door, const char *method, const char *path)
{
	size_t len = strlen(method);
	const char *pattern = door->path;
	if (strncmp(pattern, method, len) != 0 || pattern[len] != ' ')
		return false;
	pattern += len + 1;
	size_t star = strcspn(pattern, "*");
	return pattern[star] ? !strncmp(pattern, path, star) : !strcmp(pattern, path);
}

/* The exact row before one with a star. */
static const struct door *door_of(const struct route *route)
{
	const char *path = behind(route);
	const struct door *found = NULL;
	for (size_t i = 0; i < ARRAY_LEN(doors); i++)
		if (same_door(&doors[i], methods[route->method], path) && (!found || strchr(found->path, '*')))
			found = &doors[i];
	return found;
}

static void no_door_is_forgotten(void **state)
{
	size_t n = 0;
	for (size_t t = 0; t < table_count; t++) {
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct route *route = &tables[t].routes[i];
			if (!behind(route) || !strcmp(route->path, "/logout"))
				continue;
			if (!door_of(route))
				fail_msg(
				    "tests/unit/doors.h has no row for %s %s", methods[route->method], route->path);
			n++;
		}
	}
	assert_true(n > 60);
}

static char *address(const struct route *route, int64_t casefile_id, const char *tab)
{
	char *text = arena_strdup(desk.arena, route->path), *brace;
	while ((brace = strchr(text, '{'))) {
		bool id = !strncmp(brace, "{id}", 4) && casefile_id;
		const char *value = id ? arena_printf(desk.arena, "%lld", (long long)casefile_id)
				    : !strncmp(brace, "{tab}", 5) ? tab
								  : NOT_THERE;
		text = arena_printf(desk.arena, "%.*s%s%s", (int)(brace - text), text, value, strchr(brace, '}') + 1);
	}
	return text;
}

static int knock(const struct officer *o, const struct route *route, const char *path)
{
	bool program = !(route->who & WHO_STAFF);
	const char *body = program ? "{}" : arena_printf(desk.arena, "_csrf=%s", o->csrf),
		   *headers = program ? o->token_headers : o->headers;
	if (route->method == METHOD_GET)
		return web_ask(&web, "GET", path, headers, NULL);
	if (!program)
		headers = arena_printf(desk.arena, "%sContent-Type: application/x-www-form-urlencoded\r\n", headers);
	return web_ask(&web, methods[route->method], path, headers, body);
}

/* What was asked of the writer or the reader was refused for want of a right, and not for anything else. */
static bool shut(int status)
{
	return status == 401 || status == 403 || status == 404;
}

/* All of them are told, not only the first. */
static int wrongs;

#define wrong(...)                                                                                                     \
	do {                                                                                                           \
		wrongs++;                                                                                              \
		print_error(__VA_ARGS__);                                                                              \
		print_error("\n");                                                                                     \
	} while (0)

static void check_words(const struct officer *o, const char *path, bool program)
{
	if (strstr(web.body, SECRET_NAME) || strstr(web.head, SECRET_NAME) || strcasestr(web.body, SECRET_FOLDED))
		wrong("%s tells %s who a person is", path, o->actor.roles);
	if (program) /* nobody's colleague: no conflict of interest concerns it */
		return;
	const char *own_kept = arena_printf(desk.arena, "%s %s", HIDDEN_WORD, o->actor.roles);
	if (strstr(web.body, own_kept) || strstr(web.body, o->kept_number))
		wrong("%s shows %s a case that is kept from them", path, o->actor.roles);
}

static void try(const struct officer *o, const struct route *route, const struct door *door, enum which which)
{
	bool over_case = door->over == OVER_CASE || door->over == OVER_CASE_ROW, program = !(route->who & WHO_STAFF);
	const struct actor *actor = program ? &o->program : &o->actor;
	const struct object *object = over_case ? &o->object[which] : NULL;
	bool allowed = door->over == OVER_OWN         ? true
		       : door->over == OVER_SOMEWHERE ? may_somewhere(actor, door->act)
		       : door->over == OVER_ELSE
			   ? may(actor, door->act, NULL, NULL) == OK || may_somewhere(actor, door->act)
			   : may(actor, door->act, object, NULL) == OK;
	char *path = address(route, over_case ? o->id[which] : 0, "access");
	int status = knock(o, route, path);
	if (status < 0 || status >= 500)
		wrong("%s %s as %s: %d", methods[route->method], path, actor->roles, status);
	/* Whoever may break the glass is led there. */
	bool led = status == 303 && strcasestr(web.head, "/desk/break-glass/");
	bool not_there = allowed && (door->over == OVER_ELSE || door->over == OVER_CASE_ROW) && status == 404;
	if (allowed ? shut(status) && !not_there : !shut(status) && !led && !(status == 303 && !*behind(route)))
		wrong("%s %s as %s on %s case: %d, but it is %s", methods[route->method], path, actor->roles,
		    which == OWN      ? "an own"
		    : which == OTHERS ? "another's"
				      : "a kept",
		    status, allowed ? "allowed" : "not allowed");
	if (!allowed || route->method == METHOD_GET)
		check_words(o, path, program);
}

/* First everything that is refused, then what is allowed: an act could change what the next one finds. */
static void every_door_asks_the_same_question(void **state)
{
	for (size_t t = 0; t < table_count; t++) {
		for (size_t i = 0; i < tables[t].n; i++) {
			const struct route *route = &tables[t].routes[i];
			const struct door *door =
			    behind(route) && strcmp(route->path, "/logout") ? door_of(route) : NULL;
			if (!door)
				continue;
			bool over_case = door->over == OVER_CASE || door->over == OVER_CASE_ROW;
			for (size_t r = 0; r < ROLES; r++)
				for (enum which w = 0; w < (over_case ? WHICH_MAX : 1); w++)
					try(&officers[r], route, door, w);
		}
	}
	assert_int_equal(wrongs, 0);
}

/* Every list and every search of every role, asked for what must not be found. */
static void nothing_hidden_is_found(void **state)
{
	static const char *const asked[] = { "/desk/search?q=" SECRET_FOLDED, "/desk/search?q=" HIDDEN_WORD,
		"/desk/search?q=meter", "/desk/search?q=met*", "/desk/cases", "/desk/cases?state=admitted",
		"/desk/cases?of=mine", "/desk/cases?news=1", "/desk/cases?withheld=1", "/desk/cases?sort=due",
		"/desk/cases.csv", "/desk/cases.csv?q=meter" };
	for (size_t r = 0; r < ROLES; r++) {
		for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
			web_ask(&web, "GET", asked[i], officers[r].headers, NULL);
			/* The words that were asked stand in the form again. */
			const char *list = strstr(web.body, "<table");
			if (!list)
				list = strstr(web.body, "<ol class=\"found\"");
			if (strstr(asked[i], ".csv"))
				list = web.body;
			if (list && (strstr(list, SECRET_NAME) || strstr(list, officers[r].kept_number)))
				fail_msg("%s finds for %s what is hidden", asked[i], roles[r]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_door_is_forgotten),
		cmocka_unit_test(every_door_asks_the_same_question),
		cmocka_unit_test(nothing_hidden_is_found),
	};
	return cmocka_run_group_tests(tests, open_office, close_office);
}
