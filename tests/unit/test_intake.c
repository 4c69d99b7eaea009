/* A complaint's rules, and that it is filed once, whole, and with a receipt that verifies. */
#include "../lib/desk.h"
#include "casework/complaint.h"
#include "casework/intake.h"
#include "casework/upload_rules.h"
#include "crypto/envelope.h"

static struct desk desk;
static const struct actor nobody = { .kind = ACTOR_NOBODY, .name = "", .tag = "nobody" };
static const char *const declared[] = { "personal_data", "true_contents", "within_one_year=no", NULL };

static struct intake good(void)
{
	return (struct intake) { .submission = "web:1",
		.channel = "web",
		.lang = LANG_UR,
		.person = { "complainant", "محمد اسلم", "", "1990-05-31", "PK", "AB1234567", "", "", "" },
		.body_key = "",
		.body_name = "Xəzər Tikinti MMC",
		.body_country = "AZ",
		.subject = "",
		.facts = "They have kept my passport and three months of wages.",
		.remedy = "Give both back.",
		.steps_taken = "",
		.embassy_not_told = true,
		.declarations = declared };
}

/* --- rules ------------------------------------------------------------------------------------------------------- */

/* `at`: which text of the good complaint is changed; the fault must name that field, NULL: none. */
static const struct {
	size_t at;
	const char *value, *field;
} rules[] = {
	{ offsetof(struct intake, person.name), "", "name" }, { offsetof(struct intake, person.name), "A", NULL },
	{ offsetof(struct intake, body_name), "", "body_name" },
	{ offsetof(struct intake, body_key), "no_such_body", "body_key" },
	{ offsetof(struct intake, subject), "no_such_subject", "subject" },
	{ offsetof(struct intake, facts), "", "facts" },
	{ offsetof(struct intake, facts), "nineteen characters", "facts" },
	{ offsetof(struct intake, facts), "twenty characters ok", NULL },
	{ offsetof(struct intake, facts), "پاسپورٹ اور تنخواہ", "facts" }, /* characters count, not bytes */
	{ offsetof(struct intake, remedy), "", "remedy" }, { offsetof(struct intake, person.birth_date), "", NULL },
	{ offsetof(struct intake, person.birth_date), "1990-02-30", "birth_date" },
	{ offsetof(struct intake, person.birth_date), "1789-07-14", "birth_date" },
	{ offsetof(struct intake, person.birth_date), "2999-01-01", "birth_date" },
	{ offsetof(struct intake, channel), "desk", "phone" }, /* nobody sits at a screen to follow it */
};

static void each_rule(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct intake in = good();
		struct faults faults = { 0 };
		*(const char **)((char *)&in + rules[i].at) = rules[i].value;
		enum err e = intake_check(desk.office, &in, &faults);
		if ((e == OK) != !rules[i].field)
			fail_msg("row %zu: %s", i, e ? "refused" : "taken");
		assert_int_equal(faults.n, rules[i].field ? 1 : 0);
		if (rules[i].field) {
			assert_string_equal(faults.v[0].field, rules[i].field);
			assert_non_null(faults.v[0].key);
		}
	}
}

static void what_the_profile_demands(void **state)
{
	static const char *const none[] = { NULL };
	static const char *const answers[] = { "court_pending=yes", "true_contents=yes", NULL };
	static const char *const *const lists[] = { none, answers };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct intake in = good();
		struct faults faults = { 0 };
		in.declarations = lists[i];
		assert_int_equal(intake_check(desk.office, &in, &faults), ERR_INVALID);
		assert_int_equal(faults.n, 2); /* consent and statement; questions never block */
		assert_string_equal(faults.v[0].field, "declaration_personal_data");
		assert_string_equal(faults.v[1].field, "declaration_true_contents");
		assert_string_not_equal(faults.v[0].key, faults.v[1].key);
	}
}

/* --- filing ------------------------------------------------------------------------------------------------------ */

static struct intake_result file(const struct intake *in)
{
	struct intake_result result;
	struct fault fault = { 0 };
	assert_int_equal(intake_file(desk.office, &nobody, in, desk.now, &result, &fault), OK);
	return result;
}

static void twice_is_once(void **state)
{
	struct intake in = good();
	struct intake_result first = file(&in), second = file(&in);
	char code[CODE_TEXT];
	assert_false(first.again);
	assert_true(second.again);
	assert_false(second.differs);
	assert_int_equal(first.casefile_id, second.casefile_id);
	assert_string_equal(first.number, second.number);
	assert_string_equal(first.code, second.code);
	assert_string_equal(first.content_sha256, second.content_sha256);
	intake_code(desk.office, in.submission, code);
	assert_string_equal(code, first.code);

	in.remedy = "Something else.";
	struct intake_result third = file(&in);
	assert_true(third.again && third.differs);
	assert_string_equal(third.content_sha256, first.content_sha256); /* what was filed stays */

	in.submission = "web:2";
	struct intake_result other = file(&in);
	assert_false(other.again);
	assert_string_not_equal(other.number, first.number);
	assert_string_not_equal(other.code, first.code);
}

struct stored {
	int64_t id;
	struct casefile c;
};

static enum err load(struct db_tx *tx, void *arg)
{
	struct stored *stored = arg;
	return casefile_load(desk.office, tx, desk.arena, stored->id, &stored->c);
}

static void it_is_stored_whole(void **state)
{
	struct intake in = good();
	in.submission = "web:whole";
	struct intake_result result = file(&in);
	struct stored stored = { .id = result.casefile_id };
	assert_int_equal(db_read(desk.office->db, load, &stored), OK);
	assert_string_equal(stored.c.state->key, "received");
	assert_string_equal(stored.c.number, result.number);
	assert_string_equal(stored.c.person_name, in.person.name);
	assert_string_equal(stored.c.body_name, in.body_name);
	assert_true(stored.c.embassy_not_told);
	assert_true(stored.c.due_at > desk.now); /* the first reply's clock runs */
	assert_non_null(strstr(stored.c.content, "within_one_year=no"));
}

static void the_receipt_verifies(void **state)
{
	static const char typ[] = "sulh-complaint-receipt+jws";
	struct intake in = good();
	in.submission = "web:receipt";
	struct intake_result result = file(&in);
	const struct public_keys *keys = keys_public(desk.office->keys);
	json_t *header = NULL, *receipt = NULL;
	char *jws = NULL, *payload = NULL;
	size_t len;
	assert_int_equal(receipt_make(desk.office, result.casefile_id, &jws), OK);
	assert_int_equal(jws_verify(keys, typ, jws, &header, &payload, &len, NULL), OK);
	assert_int_equal(json_parse(payload, len, JSON_TEXT_LIMIT, &receipt, NULL), OK);
	assert_string_equal(json_str(receipt, "number"), result.number);
	assert_string_equal(json_str(receipt, "content_sha256"), result.content_sha256);
	char digest[SHA256_HEX], *content = json_canonical_text(json_object_get(receipt, "content"));
	sha256_hex(digest, content, strlen(content));
	assert_string_equal(digest, result.content_sha256);
	json_decref(header);
	free(payload);

	char *middle = strchr(jws, '.') + 20; /* one letter of the payload changed */
	*middle = *middle == 'A' ? 'B' : 'A';
	assert_int_equal(jws_verify(keys, typ, jws, &header, &payload, &len, NULL), ERR_UNTRUSTED);
	json_decref(receipt);
	free(content);
	free(jws);
}

/* --- the form and its files -------------------------------------------------------------------------------------- */

static void the_form_goes_through_json_and_back(void **state)
{
	const struct complaint_form *form = complaint_form_new(desk.arena, LANG_AZ, desk.office);
	struct complaint *c = complaint_new(desk.arena, form), *back = complaint_new(desk.arena, form);
	struct intake in;
	c->name = "Əli";
	c->body_key = desk.office->profile->body[0].key;
	c->body_name = "ignored when one is chosen";
	c->embassy_not_told = true;
	c->answer[0].ticked = true; /* personal_data */
	c->answer[1].word = "no";   /* within_one_year */
	json_t *values = complaint_values(form, c);
	complaint_read(desk.arena, form, values, back);
	complaint_intake(desk.arena, LANG_AZ, form, back, &in);
	json_decref(values);
	assert_string_equal(in.person.name, "Əli");
	assert_string_equal(in.facts, "");
	assert_true(in.embassy_not_told);
	assert_string_equal(in.body_name, names_in(&desk.office->profile->body[0].name, LANG_AZ));
	assert_string_equal(in.body_country, desk.office->profile->body[0].country);
	assert_string_equal(in.declarations[0], "personal_data");
	assert_string_equal(in.declarations[1], "within_one_year=no");
	assert_null(in.declarations[2]);
}

static void kinds_of_files(void **state)
{
	static const char *const yes[] = { "application/pdf", "image/jpeg", "image/png", "image/heic", "image/webp",
		"text/plain", "application/vnd.oasis.opendocument.text", "audio/mpeg", "audio/ogg", "video/mp4",
		"video/webm" };
	static const char *const no[] = { "text/html", "image/svg+xml", "application/x-dosexec", "application/zip",
		"application/javascript", "text/xml", "application/octet-stream", "" };
	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (!upload_type_allowed(yes[i]))
			fail_msg("%s is refused", yes[i]);
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (upload_type_allowed(no[i]))
			fail_msg("%s is taken", no[i]);
}

static int begin(void **state)
{
	text_init();
	desk_open(&desk, "az-commissioner");
	return 0;
}

static int end(void **state)
{
	desk_close(&desk);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(what_the_profile_demands),
		cmocka_unit_test(twice_is_once),
		cmocka_unit_test(it_is_stored_whole),
		cmocka_unit_test(the_receipt_verifies),
		cmocka_unit_test(the_form_goes_through_json_and_back),
		cmocka_unit_test(kinds_of_files),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
