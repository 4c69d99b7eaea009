/* Files of a code list held against the list: CSV and JSON, mappings, every bad row by its line, and back again. */
#include "base/util.h"
#include "office/calendar.h"
#include "office/code_sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TODAY 20000

static struct arena *arena;
static const char *const of_health[] = { "health" };
static const enum lang languages[] = { LANG_EN, LANG_UR };
static struct code_list list, subjects;

#define NAMED(en) .name = { { [LANG_EN] = en, [LANG_UR] = "ا" } }
#define ALWAYS .valid_from = CALENDAR_FIRST, .valid_to = CALENDAR_LAST

static struct code_entry entry[] = {
	{ .key = "delay", NAMED("Delay"), ALWAYS, .position = 1, .sdg_target = "16.6" },
	{ .key = "lost", NAMED("Lost paper"), ALWAYS, .position = 2, .parent = "delay", .of = of_health, .ofs = 1 },
	{ .key = "old", NAMED("=Old"), ALWAYS, .position = 3, .withdrawn = true },
};
static struct code_entry subject[] = {
	{ .key = "education", NAMED("Education"), ALWAYS },
	{ .key = "health", NAMED("Health"), ALWAYS },
};

static int begin(void **state)
{
	(void)state;
	arena = arena_new(0);
	list = (struct code_list) { .key = "faults", .of = "subjects", .entry = entry, .entries = ARRAY_LEN(entry) };
	subjects = (struct code_list) { .key = "subjects", .entry = subject, .entries = ARRAY_LEN(subject) };
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static enum err plan(const char *text, const char *mapping, struct code_plan *ret_plan, struct fault *fault)
{
	json_t *map = NULL;
	struct code_import in = { .context = { &list, &subjects, NULL, languages, ARRAY_LEN(languages) },
		.day = TODAY };
	enum err e = mapping ? code_mapping_parse(arena, mapping, strlen(mapping), &map, fault) : OK;
	in.mapping = map;
	return e ? e : code_import_plan(arena, &in, text, strlen(text), ret_plan, fault);
}

static void tells_what_would_happen(void **state)
{
	static const struct {
		const char *text, *mapping;
		size_t added, changed, same;
		size_t line; /* of the first bad row; 0 none */
		const char *column;
	} rows[] = {
		{ "key,name_en\ndelay,Delay\nlost,Lost\n", NULL, 0, 1, 1, 0, NULL },
		{ "key;name_en;name_ur\nnew;New;ن\n", NULL, 1, 0, 0, 0, NULL },
		{ "key,name_en\nnew,New\n", NULL, 1, 0, 0, 2, "name_ur" },
		{ "key,name_en\nslow,Slow\n", "{\"slow\": \"delay\"}", 0, 1, 0, 0, NULL },
		{ "key,parent\nlost,slow\n", "{\"slow\": \"delay\"}", 0, 0, 1, 0, NULL },
		{ "key,of\nlost,health education\n", NULL, 0, 1, 0, 0, NULL },
		{ "key,of\nlost,care\n", "{\"care\": \"health\"}", 0, 0, 1, 0, NULL },
		{ "key,of\nlost,war\n", NULL, 0, 1, 0, 2, "of" },
		{ "key,parent\ndelay,lost\n", NULL, 0, 1, 0, 2, "parent" },
		{ "key,name_en,name_ur,parent\na,A,ا,b\nb,B,ب,\n", NULL, 2, 0, 0, 0, NULL }, /* rows name each other */
		{ "key,name_en,name_ur,parent\na,A,ا,b\nb,B,ب,a\n", NULL, 2, 0, 0, 2, "parent" },
		{ "key,withdrawn\nold,no\n", NULL, 0, 1, 0, 0, NULL },
		{ "key,withdrawn\nold,perhaps\n", NULL, 0, 0, 0, 2, "withdrawn" },
		{ "key,valid_to\ndelay,2020-01-01\n", NULL, 0, 1, 0, 2, "valid_to" }, /* over before it begins */
		{ "key,valid_to\ndelay,tomorrow\n", NULL, 0, 0, 0, 2, "valid_to" },
		{ "key,position\ndelay,-1\n", NULL, 0, 0, 0, 2, "position" },
		{ "key,sdg_target\ndelay,16.6\nlost,99\n", NULL, 0, 1, 1, 3, "sdg_target" },
		{ "key,name_en\ndelay,\"Two\nlines\"\ndelay,Again\n", NULL, 0, 1, 0, 4, "key" },
		{ "key,name_en\n,Nothing\n", NULL, 0, 0, 0, 2, "key" },
		{ "key,name_fr\ndelay,Retard\n", NULL, 0, 0, 1, 1, "name_fr" },
		{ "name_en\nDelay\n", NULL, 0, 0, 0, 1, "key" },
		{ "{\"entries\": [{\"key\": \"delay\",\n\"name\": {\"en\": \"Delay\", \"ur\": \"ا\"}},\n{\"key\": "
		  "\"lost\", \"of\": "
		  "[\"war\"]}]}",
		    NULL, 0, 1, 1, 3, "of" },
		{ "{\"entries\": [\n{\"key\": \"delay\", \"nmae\": {}}]}", NULL, 0, 0, 1, 2, "nmae" },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct code_plan p = { 0 };
		struct fault fault = { 0 };
		if (plan(rows[i].text, rows[i].mapping, &p, &fault))
			fail_msg("row %zu: %s %s", i, fault.field, fault.key);
		if (p.added != rows[i].added || p.changed != rows[i].changed || p.same != rows[i].same)
			fail_msg("row %zu: %zu added, %zu changed, %zu same", i, p.added, p.changed, p.same);
		if ((p.faults > 0) != (rows[i].line > 0))
			fail_msg("row %zu: %zu faults, first %s", i, p.faults, p.faults ? p.fault[0].fault.field : "");
		if (rows[i].line && (p.fault[0].line != rows[i].line || strcmp(p.fault[0].fault.field, rows[i].column)))
			fail_msg("row %zu: line %zu, %s", i, p.fault[0].line, p.fault[0].fault.field);
	}
}

static void refuses_whole_files(void **state)
{
	static const struct {
		const char *text, *mapping;
	} rows[] = { { "", NULL }, { "\n\n", NULL }, { "key\n\"open\n", NULL }, { "{", NULL },
		{ "{\"rows\": []}", NULL }, { "key\ndelay\n", "[]" }, { "key\ndelay\n", "{\"a\": 5}" },
		{ "key\ndelay\n", "{\"a\": \"Not A Key\"}" }, { "key\ndelay\n", "{" } };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct code_plan p;
		struct fault fault = { 0 };
		if (plan(rows[i].text, rows[i].mapping, &p, &fault) != ERR_INVALID || !fault.key)
			fail_msg("row %zu", i);
	}
}

/* What goes out comes back as no change, in both forms; what begins with = is no formula on the way. */
static void comes_back_unchanged(void **state)
{
	struct buf csv = BUF_INIT(65536);
	struct code_plan p;
	json_t *sheet = code_sheet_json(arena, &list, TODAY);
	char *text = json_compact_text(sheet);
	(void)state;
	assert_int_equal(code_sheet_csv(arena, &list, TODAY, &csv), OK);
	assert_non_null(strstr(csv.data, "'=Old"));
	assert_int_equal(plan(csv.data, NULL, &p, NULL), OK);
	assert_int_equal(p.same, 3);
	assert_int_equal(p.faults + p.versions, 0);
	assert_int_equal(plan(text, NULL, &p, NULL), OK);
	assert_int_equal(p.same, 3);
	assert_int_equal(p.faults + p.versions, 0);
	free(text);
	json_decref(sheet);
	buf_done(&csv);
}

static void begins_today_or_later(void **state)
{
	struct code_plan p;
	(void)state;
	assert_int_equal(
	    plan("key,name_en,valid_from\ndelay,Slow,1990-01-01\nlost,Gone,2100-01-01\n", NULL, &p, NULL), OK);
	assert_int_equal(p.versions, 2);
	assert_int_equal(p.version[0].valid_from, TODAY);
	assert_true(p.version[1].valid_from > TODAY);
	assert_true(p.version[0].serial < p.version[1].serial);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_would_happen),
		cmocka_unit_test(refuses_whole_files),
		cmocka_unit_test(comes_back_unchanged),
		cmocka_unit_test(begins_today_or_later),
	};
	return cmocka_run_group_tests_name("code_import", tests, begin, end);
}
