/* By what somebody is known again, in any script; and that nobody behind a wall is told of. */
#include "../lib/desk.h"
#include "casework/party.h"
#include "casework/person_key.h"

static struct desk desk;
static struct actor registrar, investigator, other;

static int setup(void **state)
{
	desk_open(&desk, "az-commissioner");
	registrar = desk_staff(&desk, "rena", "registrar");
	investigator = desk_staff(&desk, "ilham", "investigator");
	other = desk_staff(&desk, "other", "investigator");
	return 0;
}

static int teardown(void **state)
{
	desk_close(&desk);
	return 0;
}

/* --- plain forms ------------------------------------------------------------------------------------------------- */

static const struct {
	const char *(*plain)(struct arena *, const char *);
	const char *typed, *expected;
} forms[] = {
	{ person_phone_plain, "+994 50 123-45-67", "501234567" },
	{ person_phone_plain, "(050) 123 45 67", "501234567" }, /* trunk code instead of the country's */
	{ person_phone_plain, "00994501234567", "501234567" },
	{ person_phone_plain, "+92 300 1234567", "001234567" },
	{ person_phone_plain, "۰۳۰۰ ۱۲۳۴۵۶۷", "001234567" }, /* Urdu digits */
	{ person_phone_plain, "٠٣٠٠١٢٣٤٥٦٧", "001234567" },  /* Arabic digits */
	{ person_phone_plain, "123", "" },
	{ person_phone_plain, "", "" },
	{ person_phone_plain, NULL, "" },
	{ person_id_plain, "35202-1234567-1", "3520212345671" },
	{ person_id_plain, "ab 123 4567", "AB1234567" },
	{ person_id_plain, "۳۵۲۰۲۱۲۳۴۵۶۷۱", "3520212345671" },
	{ person_id_plain, "A1", "" },
	{ person_email_plain, "Leyla@Example.ORG", "leyla@example.org" },
	{ person_email_plain, "nobody", "" },
};

static void each_form(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const char *plain = forms[i].plain(desk.arena, forms[i].typed);
		if (strcmp(plain, forms[i].expected))
			fail_msg("row %zu: “%s”", i, plain);
	}
}

static bool meet(const char *a, const char *b)
{
	const char *first[PERSON_NAMES_MAX], *second[PERSON_NAMES_MAX];
	size_t n = person_name_plain(desk.arena, a, first), m = person_name_plain(desk.arena, b, second);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (!strcmp(first[i], second[k]))
				return true;
	return false;
}

static const struct {
	const char *a, *b;
	bool meet;
} names[] = {
	{ "Əliyeva Leyla", "Алиева Лейла", true },
	{ "Əliyeva Leyla", "علییوا لیلا", true },
	{ "Leyla Əliyeva", "Əliyeva Leyla", true },
	{ "Əliyeva Leyla Vaqif qızı", "Лейла Алиева", true },
	{ "Əliyeva Leyla Vaqif qızı", "Алиева Лейла Вагиф кызы", true },
	{ "Muhammad Aslam", "محمد اسلم", true },
	{ "Muhammad Aslam", "Muhammad Akram", false },
	{ "Məmmədov Əli", "Məmmədov Vaqif", false },
	{ "Əliyeva", "Əliyeva", true },
	{ "", "", false },
};

static void names_of_any_script(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (meet(names[i].a, names[i].b) != names[i].meet)
			fail_msg("row %zu", i);
}

/* --- the table --------------------------------------------------------------------------------------------------- */

struct who {
	const char *name, *birth_date, *phone;
	bool confidential;
};

static int64_t file(const struct who *who)
{
	static int n;
	static const char *const declarations[] = { "personal_data", "true_contents", NULL };
	struct intake in = { .submission = arena_printf(desk.arena, "web:key%d", ++n),
		.channel = "web",
		.lang = LANG_AZ,
		.body_key = "",
		.body_name = "Some office",
		.body_country = "AZ",
		.subject = "",
		.facts = "What happened is told in this sentence.",
		.remedy = "Put it right.",
		.steps_taken = "",
		.confidential = who->confidential,
		.declarations = declarations };
	struct intake_result result;
	in.person = (struct intake_party) { .role = "complainant",
		.name = who->name,
		.father_name = "",
		.birth_date = who->birth_date,
		.nationality = "",
		.passport_no = "",
		.phone = who->phone,
		.email = "",
		.address = "" };
	assert_int_equal(intake_file(desk.office, &registrar, &in, desk.now, &result, NULL), OK);
	return result.casefile_id;
}

struct look {
	struct person_facts facts;
	int64_t except;
	json_t *list;
};

static enum err look_in(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct look *look = arg;
	return person_duplicates(act, LANG_EN, &look->facts, look->except, &look->list);
}

static json_t *look_up(const struct actor *actor, const struct person_facts *facts, int64_t except)
{
	struct look look = { .facts = *facts, .except = except };
	assert_int_equal(desk_do(&desk, actor, 0, look_in, &look), OK);
	return json_owned(desk.arena, look.list);
}

static enum err assign_in(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_assign(act, c, *(const int64_t *)arg, NULL);
}

static enum err move_in(const struct casefile_act *act, struct casefile *c, void *arg)
{
	return casefile_move(act, c, arg, 0, NULL, NULL);
}

static void found_in_three_scripts(void **state)
{
	static const char *const written[] = { "Алиева Лейла", "Leyla Əliyeva", "علییوا لیلا" };
	int64_t id = file(&(struct who) { "Əliyeva Leyla Vaqif qızı", "1984-03-02", "+994501112233" });
	for (size_t i = 0; i < ARRAY_LEN(written); i++) {
		json_t *list = look_up(&registrar, &(struct person_facts) { .name = written[i] }, 0);
		assert_int_equal(json_array_size(list), 1);
		assert_int_equal(json_int_or(json_array_get(list, 0), "id", 0), id);
		assert_false(json_bool_or(json_array_get(list, 0), "sure", true));
	}
	json_t *list =
	    look_up(&registrar, &(struct person_facts) { .name = "Алиева Лейла", .birth_date = "1984-03-02" }, 0);
	assert_true(json_bool_or(json_array_get(list, 0), "sure", false)); /* the birth date makes it surer */
	list = look_up(&registrar, &(struct person_facts) { .phone = "050 111 22 33" }, 0);
	assert_int_equal(json_array_size(list), 1);
	list = look_up(&registrar, &(struct person_facts) { .phone = "050 111 22 33" }, id);
	assert_int_equal(json_array_size(list), 0); /* not itself */
	list = look_up(&registrar, &(struct person_facts) { .name = "Kimsə Başqa", .phone = "0509999999" }, 0);
	assert_int_equal(json_array_size(list), 0);
}

/* A case that the reader may not read is told of without number, state or name. */
static void respects_the_wall(void **state)
{
	int64_t id = file(&(struct who) { "Həsənov Rauf", "", "+994502223344" });
	const struct person_facts facts = { .name = "Гасанов Рауф", .phone = "0502223344" };
	assert_int_equal(desk_do(&desk, &registrar, id, move_in, (void *)(uintptr_t) "register"), OK);
	assert_int_equal(desk_do(&desk, &registrar, id, assign_in, &investigator.id), OK);
	assert_int_equal(desk_do(&desk, &investigator, id, move_in, (void *)(uintptr_t) "admit"), OK);
	const json_t *mine = json_array_get(look_up(&investigator, &facts, 0), 0);
	assert_int_equal(json_int_or(mine, "id", 0), id);
	const json_t *hidden = json_array_get(look_up(&other, &facts, 0), 0);
	assert_true(json_bool_or(hidden, "hidden", false));
	assert_string_equal(json_str(hidden, "ask"), "ilham");
	assert_null(json_object_get(hidden, "id"));
	assert_null(json_object_get(hidden, "number"));
	assert_null(json_object_get(hidden, "person"));
	assert_null(json_object_get(hidden, "state"));
}

static void withheld_identities_never_match(void **state)
{
	file(&(struct who) { "Quliyeva Sevda", "1990-01-01", "+994503334455", .confidential = true });
	const struct person_facts facts = {
		.name = "Гулиева Севда", .birth_date = "1990-01-01", .phone = "0503334455"
	};
	assert_int_equal(json_array_size(look_up(&registrar, &facts, 0)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form),
		cmocka_unit_test(names_of_any_script),
		cmocka_unit_test(found_in_three_scripts),
		cmocka_unit_test(respects_the_wall),
		cmocka_unit_test(withheld_identities_never_match),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
