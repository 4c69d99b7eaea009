/*
 * Registers: two clerks who number at once, the new year at midnight of the office's own zone, numbers given by hand.
 * Guards trap 4 of the ombudsman systems: a counter that is read and then written gives two cases one number.
 */
#include "../lib/desk.h"
#include "office/numbering.h"
#include "text/date.h"

#include <pthread.h>

static struct desk desk;
static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };

/* 2026 ends in Baku at 20:00 UTC. */
#define NEW_YEAR_IN_BAKU INT64_C(1798747200000)

static struct intake complaint(struct arena *arena, const char *submission)
{
	static const char *const declarations[] = { "truth", NULL };
	return (struct intake) { .submission = arena_strdup(arena, submission),
		.channel = "desk",
		.lang = LANG_AZ,
		.person = { "complainant", "Somebody", "", "", "", "", "1", "", "" },
		.body_key = "",
		.body_name = "A body",
		.body_country = "AZ",
		.subject = "",
		.facts = "Something happened that took more than twenty letters.",
		.remedy = "That it ends.",
		.steps_taken = "",
		.declarations = declarations };
}

static enum err file_as(const char *submission, const char *numbering, const char *number, int64_t now,
    char out[NUMBER_TEXT], struct fault *fault)
{
	struct arena *arena = arena_new(0);
	struct intake in = complaint(arena, submission);
	struct intake_result result;
	in.numbering = numbering;
	in.number = number;
	enum err e = intake_file(desk.office, &nobody, &in, now, &result, fault);
	if (!e)
		copy_text(out, NUMBER_TEXT, result.number);
	arena_free(arena);
	return e;
}

/* --- many at once ------------------------------------------------------------------------------------------------ */

#define CLERKS 4
#define EACH 12

struct clerk {
	int id;
	enum err err;
	char number[EACH][NUMBER_TEXT];
};

/* Every other complaint falls into the new year. */
static void *number_many(void *arg)
{
	struct clerk *clerk = arg;
	char submission[40];
	for (int i = 0; i < EACH && !clerk->err; i++) {
		snprintf(submission, sizeof(submission), "clerk:%d:%d", clerk->id, i);
		clerk->err =
		    file_as(submission, NULL, NULL, NEW_YEAR_IN_BAKU + (i % 2 ? 1 : -1), clerk->number[i], NULL);
	}
	return NULL;
}

static void clerks_across_new_year(void **state)
{
	pthread_t thread[CLERKS];
	struct clerk clerk[CLERKS] = { 0 };
	bool seen[2][CLERKS * EACH / 2 + 1] = { 0 };
	(void)state;
	for (int i = 0; i < CLERKS; i++) {
		clerk[i].id = i;
		assert_int_equal(pthread_create(&thread[i], NULL, number_many, &clerk[i]), 0);
	}
	for (int i = 0; i < CLERKS; i++) {
		pthread_join(thread[i], NULL);
		assert_int_equal(clerk[i].err, OK);
	}
	for (int i = 0; i < CLERKS; i++)
		for (int k = 0; k < EACH; k++) {
			int year;
			int64_t seq;
			assert_int_equal(
			    number_parse(desk.office->profile->number, clerk[i].number[k], &year, &seq), OK);
			assert_int_equal(year, k % 2 ? 2027 : 2026);
			assert_in_range(seq, 1, CLERKS * EACH / 2);
			assert_false(seen[year - 2026][seq]); /* no number twice */
			seen[year - 2026][seq] = true;
		}
	for (int year = 0; year < 2; year++)
		for (int seq = 1; seq <= CLERKS * EACH / 2; seq++)
			assert_true(seen[year][seq]); /* and none missing */
}

/* --- registers --------------------------------------------------------------------------------------------------- */

static void registers_count_apart(void **state)
{
	char number[NUMBER_TEXT];
	const struct numbering *n = NULL;
	(void)state;
	assert_int_equal(file_as("reg:1", "npm", NULL, NEW_YEAR_IN_BAKU, number, NULL), OK);
	assert_string_equal(number, "MPM-2027-00001");
	assert_int_equal(file_as("reg:2", "npm", NULL, NEW_YEAR_IN_BAKU, number, NULL), OK);
	assert_string_equal(number, "MPM-2027-00002");
	assert_int_equal(file_as("reg:3", "information", NULL, NEW_YEAR_IN_BAKU, number, NULL), OK);
	assert_string_equal(number, "IEH-2027-00001");
	assert_int_equal(file_as("reg:4", "lost_property", NULL, NEW_YEAR_IN_BAKU, number, NULL), ERR_INVALID);
	assert_true(numbering_read(desk.office->profile, " mpm-2027-2 ", number, &n));
	assert_string_equal(number, "MPM-2027-00002");
	assert_string_equal(n->key, "npm");
	assert_false(numbering_read(desk.office->profile, "XYZ-2027-2", number, &n));
}

static void by_hand(void **state)
{
	/* In this order; the register of proposals is empty at first. */
	static const struct {
		const char *typed;
		enum err err;
		const char *number;
	} rows[] = {
		{ "TK-2027-2", ERR_INVALID, "" },      /* would leave a gap */
		{ "TK-2027-1", OK, "TK-2027-00001" },  /* the next one */
		{ "tk-2027-00001", ERR_CONFLICT, "" }, /* taken */
		{ "TK-2026-77", OK, "TK-2026-00077" }, /* an earlier year, from paper */
		{ "TK-2026-12", OK, "TK-2026-00012" }, { "TK-2026-77", ERR_CONFLICT, "" },
		{ "TK-2028-1", ERR_INVALID, "" },  /* still to come */
		{ "MPM-2027-3", ERR_INVALID, "" }, /* of another register */
		{ "TK-2027-2", OK, "TK-2027-00002" },
		{ NULL, OK, "TK-2027-00003" }, /* and the register goes on behind it */
	};
	char submission[40];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char number[NUMBER_TEXT] = "";
		struct fault fault = { 0 };
		snprintf(submission, sizeof(submission), "hand:%zu", i);
		enum err e = file_as(submission, "proposals", rows[i].typed, NEW_YEAR_IN_BAKU, number, &fault);
		if (e != rows[i].err || strcmp(number, rows[i].number) || (e && strcmp(fault.field, "number")))
			fail_msg("row %zu: %s %s %s", i, err_slug(e), number, fault.field);
	}
}

static int begin(void **state)
{
	(void)state;
	desk_open(&desk, "az-commissioner");
	return 0;
}

static int end(void **state)
{
	(void)state;
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clerks_across_new_year),
		cmocka_unit_test(registers_count_apart),
		cmocka_unit_test(by_hand),
	};
	return cmocka_run_group_tests_name("numbering", tests, begin, end);
}
