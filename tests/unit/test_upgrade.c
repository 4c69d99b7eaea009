/* An office of the first version becomes one of this version: its files, its cases, its search. */
#include "../lib/desk.h"

#include "office/journal.h"

#define OLD_OFFICE 1   /* migrations of the office's room in version 0.1.0 */
#define OLD_CASEWORK 1 /* and of casework */

static char dir[64];

static const char *place(const char *name)
{
	static char path[200];
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static size_t migrations(struct db_migration *list, size_t office, size_t casework)
{
	size_t n = 0;
	for (size_t i = 0; i < office; i++)
		list[n++] = *office_migrations[i];
	for (size_t i = 0; i < casework; i++)
		list[n++] = *casework_migrations[i];
	return n;
}

struct old_case {
	const char *number, *state;
};
static const struct old_case old_cases[] = {
	{ "WMS-2026-000001", "received" },
	{ "WMS-2026-000002", "registered" },
	{ "WMS-2026-000003", "with_agency" },
	{ "WMS-2026-000004", "closed" },
};

static enum err write_old(struct db_tx *tx, void *arg)
{
	static const struct db_sql insert = { "old_case",
		{ "INSERT INTO casefile (number, submission, code_hash, state, version, channel, lang, received_at, "
		  "content, "
		  "content_sha256, body_key, body_name, body_country, subject, person_name, embassy_not_told, "
		  "has_referral, closing) "
		  "VALUES ($1, $1, '', $2, 1, 'web', 'ur', 1, '{}', '', '', 'Gas', 'PK', '', 'Somebody', 0, 0, '')" } };
	static const struct db_sql staff = { "old_staff",
		{ "INSERT INTO staff (login, name, roles, password, lang, active, created_at) "
		  "VALUES ('amna', 'Amna', 'registrar commissioner', 'x', 'ur', 1, 1)" } };
	enum err e = db_run(tx, &staff, DB_NO_ARGS);
	for (size_t i = 0; !e && i < ARRAY_LEN(old_cases); i++)
		e = db_run(tx, &insert, DB_ARGS(db_text(old_cases[i].number), db_text(old_cases[i].state)));
	return e ? e : journal_write(tx, 1, "system", "office.create", "office", NULL);
}

static void make_old_office(void)
{
	struct db_migration list[32];
	struct db *db = NULL;
	static const char *const later[] = { "profile/states.json", "profile/roles.json", "profile/units.json" };
	size_t n = migrations(list, OLD_OFFICE, OLD_CASEWORK);
	const struct office_create create = { .dir = dir, .profile = "pk-wafaqi-mohtasib", .listen = "127.0.0.1:0" };
	assert_int_equal(office_create(&create, list, n, NULL), OK);
	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		assert_int_equal(unlink(place(later[i])), 0);
	char url[100];
	snprintf(url, sizeof(url), "sqlite:%s/office.db", dir);
	assert_int_equal(db_open(url, NULL, &db, NULL), OK);
	assert_int_equal(db_write(db, write_old, NULL), OK);
	db_close(db);
}

struct look {
	struct office *office;
	struct arena *arena;
	enum phase phase[ARRAY_LEN(old_cases)];
	struct staff staff;
};

static enum err read_new(struct db_tx *tx, void *arg)
{
	struct look *look = arg;
	enum err e = staff_load(tx, 1, &look->staff);
	for (size_t i = 0; !e && i < ARRAY_LEN(old_cases); i++) {
		struct casefile c;
		e = casefile_load(look->office, tx, look->arena, (int64_t)i + 1, &c);
		if (!e)
			look->phase[i] = c.state->phase;
	}
	return e;
}

static void opens_as_it_is_and_lacks_nothing(void **state)
{
	static const enum phase expected[] = { PHASE_INTAKE, PHASE_INTAKE, PHASE_INQUIRY, PHASE_CLOSED };
	struct db_migration list[64];
	struct look look = { .arena = arena_new(0) };
	struct fault fault = { 0 };
	make_old_office();
	size_t n = migrations(list, office_migration_count, casework_migration_count);
	enum err e = office_open(dir, list, n, &look.office, &fault);
	if (e)
		fail_msg("%s: %s", fault.field, fault.key);
	assert_int_equal(db_read(look.office->db, read_new, &look), OK);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(look.phase[i], expected[i]);
	assert_string_equal(look.staff.roles, "registrar commissioner");
	assert_string_equal(look.staff.unit, "");
	assert_non_null(profile_role(look.office->profile, "mediator"));
	assert_non_null(profile_unit(look.office->profile, "ro_lahore"));
	office_close(look.office);
	/* What is there is the office's own and stays: opened again, nothing is written over it. */
	assert_int_equal(unlink(place("profile/units.json")), 0);
	FILE *own = fopen(place("profile/units.json"), "w");
	fputs("{ \"units\": [] }", own);
	fclose(own);
	assert_int_equal(office_open(dir, list, n, &look.office, &fault), OK);
	assert_int_equal(look.office->profile->units, 0);
	office_close(look.office);
	arena_free(look.arena);
}

static int begin(void **state)
{
	crypto_init();
	text_init();
	strcpy(dir, "/tmp/sulh-upgrade-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int end(void **state)
{
	char command[100];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(opens_as_it_is_and_lacks_nothing) };
	return cmocka_run_group_tests(tests, begin, end);
}
