/* The embedded profiles load whole; every kind of mistake in a folder is named by file and place. */
#include "base/clockwork.h"
#include "office/number.h"
#include "office/profile.h"
#include "text/date.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *arena;
static char root[] = "/tmp/sulh-profile-XXXXXX";
static char pk_dir[64], az_dir[64], bad_dir[64];
static struct profile *pk, *az;

static int64_t day(const char *iso)
{
	struct civil date;

	assert_int_equal(civil_parse(iso, &date), OK);
	return civil_days(date);
}

static void install(const char *name, char dir[64], const char *as)
{
	struct fault fault = { 0 };
	char words[300];

	snprintf(dir, 64, "%s/%s", root, as);
	if (profile_install(name, dir, &fault))
		fail_msg("%s", fault_english(&fault, words, sizeof(words)));
}

static struct profile *load(const char *dir)
{
	struct profile *p = NULL;
	struct fault fault = { 0 };
	char words[300];

	if (profile_load(dir, &p, &fault))
		fail_msg("%s %s", fault.field, fault_english(&fault, words, sizeof(words)));
	return p;
}

static int begin(void **state)
{
	(void)state;
	text_init();
	arena = arena_new(0);
	assert_non_null(mkdtemp(root));
	install("pk-wafaqi-mohtasib", pk_dir, "pk");
	install("az-commissioner", az_dir, "az");
	install("az-commissioner", bad_dir, "bad");
	pk = load(pk_dir);
	az = load(az_dir);
	return 0;
}

static void remove_folder(const char *dir)
{
	DIR *open = opendir(dir);
	struct dirent *entry;
	char path[512];

	while (open && (entry = readdir(open))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		unlink(path);
	}
	if (open)
		closedir(open);
	rmdir(dir);
}

static int end(void **state)
{
	(void)state;
	profile_free(pk);
	profile_free(az);
	remove_folder(pk_dir);
	remove_folder(az_dir);
	remove_folder(bad_dir);
	rmdir(root);
	arena_free(arena);
	return 0;
}

static void lists_the_embedded_ones(void **state)
{
	const char *const *names;
	size_t count = profile_names(arena, &names);
	bool both[2] = { false, false };

	(void)state;
	for (size_t i = 0; i < count; i++) {
		both[0] |= !strcmp(names[i], "pk-wafaqi-mohtasib");
		both[1] |= !strcmp(names[i], "az-commissioner");
	}
	assert_true(both[0] && both[1]);
}

static void installs_once(void **state)
{
	static const char *const wrong[] = { "", "none-such", "../pk-wafaqi-mohtasib", "pk-wafaqi-mohtasib/", "pk" };
	struct fault fault;

	(void)state;
	assert_int_equal(profile_install("az-commissioner", az_dir, &fault), ERR_CONFLICT);
	for (size_t i = 0; i < LEN(wrong); i++)
		assert_int_equal(profile_install(wrong[i], "/tmp/sulh-profile-not-made", &fault), ERR_NOT_FOUND);
	assert_int_equal(access("/tmp/sulh-profile-not-made", F_OK), -1);
}

static void knows_who_we_are(void **state)
{
	char number[NUMBER_TEXT];

	(void)state;
	assert_string_equal(pk->key, "pk-wafaqi-mohtasib");
	assert_string_equal(pk->country, "PK");
	assert_int_equal(pk->language, LANG_UR);
	assert_string_equal(pk->calendar.zone, "Asia/Karachi");
	assert_string_equal(names_in(&pk->short_name, LANG_UR), "وفاقی محتسب");
	assert_int_equal(az->language, LANG_AZ);
	assert_string_equal(az->calendar.zone, "Asia/Baku");
	assert_true(profile_speaks(az, LANG_UR));
	assert_string_equal(names_in(&az->membership[0].office, LANG_EN), "Vice President");
	assert_string_equal(names_in(&pk->membership[0].office, LANG_EN), "President");
	assert_int_equal(az->membership[0].since, day("2023-09-11"));
	assert_int_equal(number_format(pk->number, 2026, 1, number), OK);
	assert_string_equal(number, "WMS-2026-000001");
	assert_non_null(profile_text(pk, "not_for_us"));
	assert_int_equal(az->closings, 25);
	assert_true(az->subjects >= 20 && pk->bodies >= 15 && az->bodies >= 15);
	assert_int_equal(pk->declarations, 4);
}

static void finds_by_key(void **state)
{
	(void)state;
	assert_true(profile_body(az, "khazar_tikinti")->synthetic);
	assert_true(profile_body(az, "khazar_tikinti")->in_mandate);
	assert_false(profile_body(az, "judges")->in_mandate);
	assert_string_equal(profile_body(pk, "defence")->not_ours, "not_our_subject");
	assert_null(profile_body(pk, "nobody"));
	assert_null(profile_body(pk, NULL));
	assert_string_equal(profile_subject(pk, "labour_wages")->sdg_target, "8.8");
	assert_false(profile_closing(az, "sub_judice")->handled);
	assert_true(profile_closing(az, "upheld")->handled);
	assert_int_equal(profile_declaration(az, "court_pending")->kind, DECLARATION_QUESTION);
	assert_string_equal(profile_declaration(az, "court_pending")->if_flagged, "sub_judice");
	assert_non_null(profile_letter(pk, "acknowledgement"));
	assert_non_null(codes_find(&pk->referral_refusals, "outside_mandate"));
	assert_null(codes_find(&pk->referral_refusals, "because"));
}

/* Right → kind of complaint, kind of inadmissibility → ground, method of closing → result. */
static void lists_depend_on_each_other(void **state)
{
	static const struct {
		const char *list, *of, *key, *other;
	} rows[] = {
		{ "complaint_kinds", "health", "medicines", "education" },
		{ "inadmissibility_grounds", "elsewhere", "court_pending", "time" },
		{ "closing", "decision", "upheld", "settlement" },
	};
	struct profile *const both[] = { pk, az };

	(void)state;
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < LEN(rows); i++) {
			const struct code_list *list = profile_list(both[p], rows[i].list);

			assert_true(code_may_choose(list, rows[i].key, rows[i].of, 20000));
			assert_false(code_may_choose(list, rows[i].key, rows[i].other, 20000));
		}
	/* Each right has a kind of complaint, each subject a UN theme. */
	for (size_t i = 0; i < pk->subjects; i++) {
		const struct code_choice *choice;

		assert_true(
		    code_choices(arena, profile_list(pk, "complaint_kinds"), 20000, pk->subject[i].key, &choice) > 1);
		assert_true(*code_at(profile_list(pk, "subjects"), pk->subject[i].key, 0)->un_theme);
	}
	assert_string_equal(
	    code_at(profile_list(az, "inadmissibility_grounds"), "court_pending", 0)->closing, "sub_judice");
	assert_int_equal(profile_list(az, "closing")->entries, az->closings);
}

/* Every invented body says so in each language. */
static void marks_what_is_invented(void **state)
{
	static const char *const mark[LANG_MAX] = { "(demo)", "(demo)", "(демо)", "(ڈیمو)" };
	struct profile *const both[] = { pk, az };

	(void)state;
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < both[p]->bodies; i++)
			for (int lang = 0; lang < LANG_MAX; lang++)
				assert_int_equal(both[p]->body[i].synthetic,
				    strstr(both[p]->body[i].name.in[lang], mark[lang]) != NULL);
}

static void holds_the_limits_of_the_sources(void **state)
{
	static const struct {
		bool pakistan;
		const char *key;
		int64_t amount;
		enum clock_unit unit;
		bool confirmed;
	} rows[] = {
		{ true, "pk.decide", 60, CLOCK_CALENDAR_DAY, true },
		{ true, "pk.icr", 30, CLOCK_CALENDAR_DAY, true },
		{ true, "pk.review.file", 30, CLOCK_CALENDAR_DAY, true },
		{ true, "pk.review.decide", 45, CLOCK_CALENDAR_DAY, true },
		{ true, "pk.representation.decide", 90, CLOCK_CALENDAR_DAY, true },
		{ true, "pk.agency_reply", 15, CLOCK_CALENDAR_DAY, false },
		{ true, "xb.first_reply", 7, CLOCK_CALENDAR_DAY, true },
		{ true, "xb.solve", 10, CLOCK_WEEK, true },
		{ false, "az.timebar", 1, CLOCK_YEAR, true },
		{ false, "az.refusal", 10, CLOCK_CALENDAR_DAY, false },
		{ false, "az.examine", 30, CLOCK_CALENDAR_DAY, false },
		{ false, "az.detainee", 24, CLOCK_HOUR, false },
		{ false, "az.agency_reply", 10, CLOCK_CALENDAR_DAY, false },
		{ false, "az.annual_report", 2, CLOCK_MONTH, true },
		{ false, "xb.mou_answer", 1, CLOCK_MONTH, true },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct clock_rule *rule =
		    profile_clock(rows[i].pakistan ? pk : az, rows[i].key, day("2026-11-23"));

		if (!rule)
			fail_msg("%s", rows[i].key);
		assert_int_equal(rule->amount, rows[i].amount);
		assert_int_equal(rule->unit, rows[i].unit);
		assert_int_equal(rule->confirmed, rows[i].confirmed);
		assert_true(*rule->source);
		assert_true(*names_in(&rule->starts_name, LANG_RU));
	}
	assert_int_equal(profile_clock(az, "az.examine", 0)->extend_amount, 30);
	assert_null(profile_clock(pk, "az.examine", 0));
}

static void knows_the_holidays(void **state)
{
	static const struct {
		bool pakistan;
		const char *day;
		bool working;
	} rows[] = {
		{ false, "2024-04-06", true }, /* a Saturday that was worked */
		{ false, "2024-04-12", false },
		{ false, "2025-03-10", true }, /* Women's Day moved here, and then on to 27 March */
		{ false, "2025-03-27", false },
		{ false, "2025-04-01", true },
		{ false, "2026-03-30", false },
		{ false, "2026-03-31", true },
		{ false, "2026-11-10", false }, /* in place of Victory Day on a Sunday */
		{ false, "2026-11-11", true },
		{ true, "2023-05-28", false }, /* a Sunday; Youm-e-Takbeer is a holiday since 2024 only */
		{ true, "2024-05-28", false },
		{ true, "2025-04-02", false },
		{ true, "2025-04-03", true },
		{ true, "2026-08-14", false },
		{ true, "2026-03-20", false },
	};
	const struct holiday *holiday = NULL;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		if (calendar_is_working(&(rows[i].pakistan ? pk : az)->calendar, day(rows[i].day)) != rows[i].working)
			fail_msg("%s", rows[i].day);
	assert_int_equal(calendar_reason(&pk->calendar, day("2027-05-17"), &holiday), CALENDAR_HOLIDAY);
	assert_false(holiday->confirmed);
	assert_true(calendar_covers(&az->calendar, day("2027-12-31")));
	assert_false(calendar_covers(&az->calendar, day("2028-01-01")));
}

/* One file of the folder replaced, or one text in it changed. */
static void write_bad(const char *file, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", bad_dir, file);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static char *read_good(const char *file)
{
	char path[128], *text = arena_alloc(arena, 200000);
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", az_dir, file);
	in = fopen(path, "re");
	assert_non_null(in);
	assert_true(fread(text, 1, 199999, in) > 0);
	fclose(in);
	return text;
}

/* "bodies.json:41: /bodies/3/key" is the place "bodies.json:/bodies/3/key", and says a line. */
static bool is_place(const char *field, const char *place)
{
	size_t file = strcspn(place, ":") + 1, digits = strspn(field + file, "0123456789");

	return !strncmp(field, place, file) && digits > 0 && !strncmp(field + file + digits, ": ", 2) &&
	       !strcmp(field + file + digits + 2, place + file);
}

static void names_each_mistake(void **state)
{
	static const struct {
		const char *file, *find, *put, *field;
	} rows[] = {
		{ "profile.json", "\"Asia/Baku\"", "\"Asia/Nowhere\"", "profile.json:/zone" },
		{ "profile.json", "\"AZ\"", "\"Az\"", "profile.json:/country" },
		{ "profile.json", "IHM-{year}", "IHM/{year}", "profile.json:/number" },
		{ "profile.json", "MPM-{year}", "IEH-{year}", "profile.json:/registers/2/number" },
		{ "profile.json", "\"registers\"", "\"registres\"", "profile.json:/registres" },
		{ "profile.json", "MPM-{year}-{seq:5}", "MPM-{seq:5}", "profile.json:/registers/1/number" },
		{ "profile.json", "\"emblem\"", "\"emblm\"", "profile.json:/emblm" },
		{ "profile.json", "2023-09-11", "2023-09-31", "profile.json:/memberships/0/since" },
		{ "profile.json", "\"language\": \"az\"", "\"language\": \"de\"", "profile.json:/language" },
		{ "calendar.json", "\"saturday\"", "\"samstag\"", "calendar.json:/weekend/0" },
		{ "calendar.json", "\"01-20\"", "\"13-20\"", "calendar.json:/fixed/1/month_day" },
		{ "calendar.json", "\"2024-03-25\"", "\"2023-03-25\"", "calendar.json:/dated/0/from" },
		{ "calendar.json", "\"key\": \"new_year\",\n\t\t\t\"month_day\"",
		    "\"key\": \"nu_year\",\n\t\t\t\"month_day\"", "calendar.json:/fixed/0/key" },
		{ "ladder.json", "\"az.examine\"", "\"az.exam\"", "ladder.json:/steps/0/clocks/0" },
		{ "ladder.json", "\"head_of_unit\"", "\"chief\"", "ladder.json:/steps/0/notify/0" },
		{ "ladder.json", "\"unit_head_after\"", "\"late\"", "ladder.json:/steps/1/key" },
		{ "ladder.json", "\"days\": -3", "\"days\": -3000", "ladder.json:/steps/0/days" },
		{ "clocks.json", "\"target\": 20", "\"target\": 30", "clocks.json:/clocks/3/target" },
		{ "clocks.json", "\"unit\": \"hour\"", "\"unit\": \"hours\"", "clocks.json:/clocks/5/unit" },
		{ "clocks.json", "\"amount\": 7,", "\"amount\": 0,", "clocks.json:/clocks/0/amount" },
		{ "clocks.json", "\"amount\": 7,", "\"amount\": \"7\",", "clocks.json:/clocks/0/amount" },
		{ "clocks.json", "\"starts\": \"received\"", "\"starts\": \"recieved\"",
		    "clocks.json:/clocks/0/starts" },
		{ "clocks.json", "\"az.timebar\"", "\"az.first_reply\"", "clocks.json:/clocks" },
		{ "closing.json", "\"handled\": false", "\"handled\": \"no\"", "closing.json:/reasons/0/handled" },
		{ "closing.json", "\"premature\"", "\"out_of_time\"", "closing.json:/reasons/3/key" },
		{ "declarations.json", "\"flag\": \"no\"", "\"flag\": \"maybe\"",
		    "declarations.json:/declarations/1/flag" },
		{ "declarations.json", "\"sub_judice\"", "\"in_court\"",
		    "declarations.json:/declarations/2/if_flagged" },
		{ "bodies.json", "\"key\": \"interior\"", "\"key\": \"Interior Ministry\"",
		    "bodies.json:/bodies/4/key" },
		{ "bodies.json", "\"kind\": \"custody\"", "\"kind\": \"prison\"", "bodies.json:/bodies/6/kind" },
		{ "bodies.json", "\"not_ours\": \"not_our_subject\"", "\"note\": \"x\"",
		    "bodies.json:/bodies/18/mandate/0/not_ours" },
		{ "bodies.json", "\"may\": \"no\"", "\"may\": \"never\"", "bodies.json:/bodies/18/mandate/0/may" },
		{ "bodies.json", "\"court_delay\"", "\"cort_delay\"", "bodies.json:/bodies/17/mandate/0/matters/0" },
		{ "bodies.json", "\"may\": \"listed\"", "\"may\": \"yes\"",
		    "bodies.json:/bodies/17/mandate/0/matters" },
		{ "bodies.json", "\"parent\": \"justice\"", "\"parent\": \"justise\"", "bodies.json:/bodies/6/parent" },
		{ "bodies.json", "\"parent\": \"justice\"", "\"parent\": \"penitentiary\"",
		    "bodies.json:/bodies/6/parent" },
		{ "subjects.json", "\"ur\": \"صحت\"", "\"fr\": \"santé\"", "subjects.json:/subjects/4/name/fr" },
		{ "referral.json", "\"refusals\"", "\"refusal\"", "referral.json:/refusal" },
		{ "lists.json", "\"of\": [\"labour_wages\"]", "\"of\": [\"wages\"]",
		    "lists.json:/lists/1/entries/0/of/0" },
		{ "lists.json", "\"of\": \"subjects\"", "\"of\": \"rights\"", "lists.json:/lists/1/of" },
		{ "lists.json", "\"of\": \"subjects\"", "\"of\": \"complaint_kinds\"", "lists.json:/lists/1/of" },
		{ "lists.json", "\"parent\": \"wrong_decision\"", "\"parent\": \"no_hearing\"",
		    "lists.json:/lists/6/entries/11/parent" },
		{ "lists.json", "\"parent\": \"wrong_decision\"", "\"parent\": \"nothing\"",
		    "lists.json:/lists/6/entries/11/parent" },
		{ "lists.json", "\"sdg_target\": \"16.5\"", "\"sdg_target\": \"18.5\"",
		    "lists.json:/lists/6/entries/5/sdg_target" },
		{ "lists.json", "\"closing\": \"sub_judice\"", "\"closing\": \"court\"",
		    "lists.json:/lists/3/entries/6/closing" },
		{ "lists.json", "{\"key\": \"delay\",",
		    "{\"key\": \"delay\", \"valid_from\": \"2026-02-01\", \"valid_to\": \"2026-01-01\",",
		    "lists.json:/lists/6/entries/0/valid_to" },
		{ "lists.json", "{\"key\": \"no_reply\",", "{\"key\": \"delay\",",
		    "lists.json:/lists/6/entries/1/key" },
		{ "lists.json", "\"key\": \"findings\"", "\"key\": \"results\"", "lists.json:/lists" },
		{ "closing.json", "\"of\": [\"not_admitted\"]", "\"of\": [\"refused\"]",
		    "closing.json:/reasons/0/of/0" },
		{ "letters.json", "{due}", "{dew}", "letters.json:/letters/0/body/az" },
		{ "assignment.json", "\"subject\": \"torture\"", "\"subject\": \"tortures\"",
		    "assignment.json:/units/4/subject" },
		{ "assignment.json", "\"load\": 40", "\"load\": 400", "assignment.json:/points/load" },
		{ "assignment.json", "\"separation\"", "\"seperation\"", "assignment.json:/seperation" },
		{ "review.json", "az.review.file", "az.review.filed", "review.json:/ways/0/file_clock" },
		{ "review.json", "\"altered\"", "\"upheld\"", "review.json:/ways/0/outcomes/1/key" },
		{ "review.json", "\"withdrawn\"", "\"withdrew\"", "review.json:/withdrawal/closing" },
		{ "review.json", "\"led\"", "\"lead\"", "review.json:/not_before/2" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char *good = read_good(rows[i].file), *found = strstr(good, rows[i].find);
		struct profile *p = NULL;
		struct fault fault = { 0 };

		if (!found)
			fail_msg("row %zu: %s is not in %s", i, rows[i].find, rows[i].file);
		write_bad(rows[i].file, arena_printf(arena, "%.*s%s%s", (int)(found - good), good, rows[i].put,
					    found + strlen(rows[i].find)));
		assert_int_equal(profile_load(bad_dir, &p, &fault), ERR_INVALID);
		assert_null(p);
		if (!is_place(fault.field, rows[i].field))
			fail_msg("row %zu: %s, not %s", i, fault.field, rows[i].field);
		assert_non_null(fault.key);
		write_bad(rows[i].file, good);
	}
	profile_free(load(bad_dir));
}

static void names_unreadable_files(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{\"a\": 1, \"a\": 2}", "{\"reasons\": {}}", "\xff\xfe" };
	char *good = read_good("closing.json");
	struct profile *p = NULL;
	struct fault fault;
	char path[128];

	(void)state;
	for (size_t i = 0; i < LEN(texts); i++) {
		write_bad("closing.json", texts[i]);
		assert_int_equal(profile_load(bad_dir, &p, &fault), ERR_INVALID);
		assert_memory_equal(fault.field, "closing.json:1", 14);
	}
	snprintf(path, sizeof(path), "%s/closing.json", bad_dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(profile_load(bad_dir, &p, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "closing.json");
	write_bad("closing.json", good);
	assert_int_equal(profile_load("/nowhere/at/all", &p, &fault), ERR_INVALID);
	assert_null(p);
}

static void collects_all_mistakes(void **state)
{
	struct fault faults[2] = { 0 };
	char *subjects = read_good("subjects.json");
	size_t count = 0;

	(void)state;
	assert_int_equal(profile_check(az_dir, faults, LEN(faults), &count), OK);
	assert_int_equal(count, 0);
	write_bad("subjects.json", "{\"subjects\": [{\"key\": \"A\", \"name\": {\"en\": \"x\"}, \"un_theme\": 5}, 7]}");
	assert_int_equal(profile_check(bad_dir, faults, LEN(faults), &count), ERR_INVALID);
	assert_true(count > LEN(faults)); /* more than fitted, and said so */
	assert_string_equal(faults[0].field, "subjects.json:1: /subjects/0/key");
	assert_string_equal(faults[1].field, "subjects.json:1: /subjects/0/name/az");
	write_bad("subjects.json", subjects);
	write_bad("subjects.json", "{\n\t\"subjects\": [\n\t\t{\n\t\t\t\"key\":\n");
	assert_int_equal(profile_check(bad_dir, faults, LEN(faults), &count), ERR_INVALID);
	assert_string_equal(faults[0].field, "subjects.json:5");
	write_bad("subjects.json", subjects);
}

/* A limit that changes keeps its old version for cases that began under it. */
static void keeps_versions_of_a_limit(void **state)
{
	static const char *const clocks =
	    "{\"events\":[{\"key\":\"e\",\"name\":{\"az\":\"e\",\"en\":\"e\",\"ru\":\"e\",\"ur\":\"e\"}}],"
	    "\"pause_reasons\":[],\"clocks\":["
	    "{\"key\":\"k\",\"name\":{\"az\":\"k\",\"en\":\"k\",\"ru\":\"k\",\"ur\":\"k\"},\"amount\":20,\"unit\":"
	    "\"calendar_day\","
	    "\"starts\":\"e\",\"ends\":\"e\",\"rolls\":false,\"pausable\":false,\"valid_from\":\"2026-01-01\","
	    "\"source\":\"s\","
	    "\"confirmed\":true},"
	    "{\"key\":\"k\",\"name\":{\"az\":\"k\",\"en\":\"k\",\"ru\":\"k\",\"ur\":\"k\"},\"amount\":30,\"unit\":"
	    "\"calendar_day\","
	    "\"starts\":\"e\",\"ends\":\"e\",\"rolls\":false,\"pausable\":false,\"valid_from\":\"2020-01-01\","
	    "\"source\":\"s\","
	    "\"confirmed\":true}]}";
	char *good = read_good("clocks.json"), *review = read_good("review.json"), *ladder = read_good("ladder.json");
	char *questions = read_good("admissibility.json");
	struct profile *p;

	(void)state;
	write_bad("clocks.json", clocks);
	write_bad("admissibility.json", "{\"questions\":[]}"); /* one of them asks for a limit by name */
	write_bad("review.json", "{\"ways\":[],\"reopen\":{\"grounds\":[]},"
				 "\"withdrawal\":{\"grounds\":[],\"closing\":\"withdrawn\"},\"not_before\":[]}");
	write_bad("ladder.json", "{\"steps\":[]}"); /* its steps name limits that are gone */
	p = load(bad_dir);
	assert_null(profile_clock(p, "k", day("2019-12-31")));
	assert_int_equal(profile_clock(p, "k", day("2025-12-31"))->amount, 30);
	assert_int_equal(profile_clock(p, "k", day("2026-01-01"))->amount, 20);
	profile_free(p);
	write_bad("clocks.json", good);
	write_bad("admissibility.json", questions);
	write_bad("ladder.json", ladder);
	write_bad("review.json", review);
}

static void knows_what_may_follow_a_decision(void **state)
{
	const struct review_way *review = review_way_find(pk->review, "review"),
				*president = review_way_find(pk->review, "president");

	(void)state;
	assert_false(review->outside);
	assert_string_equal(review->file_clock, "pk.review.file");
	assert_int_equal(review->outcomes, 5);
	assert_true(review_outcome_find(review, "recalled")->changes);
	assert_true(president->outside && president->stay_clock && !president->condonable);
	assert_null(review_outcome_find(president, "upheld"));
	assert_null(review_way_find(pk->review, "court"));
	assert_non_null(review_way_find(az->review, "court"));
	assert_true(pk->review->excludes & (1u << INVOLVED_SIGNED));
	assert_true(pk->assignment->units > 5 && pk->assignment->roles > 0);
}

/* docs/new-country.md: a folder that nobody compiled in is an institution like the others. */
static void an_invented_country_is_whole(void **state)
{
	const char *source = getenv("SULH_SOURCE");
	struct fault faults[3] = { 0 };
	char words[700], number[NUMBER_TEXT];
	struct clock_due due;
	size_t count = 0;
	char *dir = arena_printf(arena, "%s/tests/data/profiles/lindavia", source ? source : ".");
	struct profile *p;

	(void)state;
	if (profile_check(dir, faults, LEN(faults), &count))
		fail_msg("%zu mistakes, first %s", count, fault_english(&faults[0], words, sizeof(words)));
	p = load(dir);
	assert_int_equal(p->languages_count, 1);
	assert_string_equal(p->numbering[1].key, "prisons");
	assert_int_equal(number_format(p->numbering[1].pattern, 2026, 7, number), OK);
	assert_string_equal(number, "PDV-2026-0007");
	/* Forty working days from Monday 5 October 2026: eight weeks, and two days of lanterns. */
	assert_int_equal(clock_due(profile_clock(p, "li.examine", day("2026-10-05")), &p->calendar,
			     zone_day_start(p->calendar.zone, (struct civil) { 2026, 10, 5 }) + HOUR_MS * 9, &due),
	    OK);
	assert_int_equal(due.due_day, day("2026-12-02"));
	assert_true(due.covered && !due.expected);
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_the_embedded_ones),
		cmocka_unit_test(installs_once),
		cmocka_unit_test(knows_who_we_are),
		cmocka_unit_test(finds_by_key),
		cmocka_unit_test(lists_depend_on_each_other),
		cmocka_unit_test(marks_what_is_invented),
		cmocka_unit_test(holds_the_limits_of_the_sources),
		cmocka_unit_test(knows_the_holidays),
		cmocka_unit_test(knows_what_may_follow_a_decision),
		cmocka_unit_test(names_each_mistake),
		cmocka_unit_test(names_unreadable_files),
		cmocka_unit_test(collects_all_mistakes),
		cmocka_unit_test(keeps_versions_of_a_limit),
		cmocka_unit_test(an_invented_country_is_whole),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
