/* Forms: each rule of a field, from a browser and from a program; what was typed comes back, secrets do not. */
#include "http/internal.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct complaint {
	const char *name, *facts, *mail, *born, *about, *password;
	int64_t amount;
	bool agreed;
};

static const char *const subjects[] = { "wages", "passport", NULL };
static const struct field fields[] = {
	FIELD(struct complaint, name, FIELD_TEXT, 10, FIELD_REQUIRED, "Name"),
	FIELD(struct complaint, facts, FIELD_LINES, 100, 0, "Facts"),
	FIELD(struct complaint, mail, FIELD_EMAIL, 0, 0, "E-mail"),
	FIELD(struct complaint, born, FIELD_DATE, 0, 0, "Born"),
	FIELD_OF(struct complaint, about, subjects, 0, "About"),
	FIELD(struct complaint, password, FIELD_TEXT, 0, FIELD_SECRET, "Password"),
	FIELD(struct complaint, amount, FIELD_INT, 1000, 0, "Amount"),
	FIELD(struct complaint, agreed, FIELD_BOOL, 0, 0, "Agreed"),
};

static struct request_data *request(const char *form, json_t *json)
{
	struct arena *arena = arena_new(0);
	struct request_data *d = arena_alloc(arena, sizeof *d);

	d->rq.arena = arena;
	d->rq.data = d;
	d->rq.api = json != NULL;
	d->rq.json = json;
	if (form)
		assert_int_equal(urlencoded_parse(arena, form, strlen(form), 100, &d->form, NULL), OK);
	return d;
}

static const struct {
	const char *form, *field; /* of the first fault, NULL: none */
	const char *key;
} rules[] = {
	{ "name=A", NULL, NULL },
	{ "", "name", "Fill in this field." },
	{ "name=%20%20", "name", "Fill in this field." },
	{ "name=12345678901", "name", "Write at most {limit} characters." },
	{ "name=%C9%99%C9%99%C9%99%C9%99%C9%99%C9%99%C9%99%C9%99%C9%99%C9%99", NULL, NULL },
	{ "name=A&mail=a%40b.example", NULL, NULL },
	{ "name=A&mail=a%40b", "mail", "Write an e-mail address like name@example.org." },
	{ "name=A&mail=a%40%40b.example", "mail", "Write an e-mail address like name@example.org." },
	{ "name=A&mail=%40b.example", "mail", "Write an e-mail address like name@example.org." },
	{ "name=A&born=2024-02-29", NULL, NULL },
	{ "name=A&born=2023-02-29", "born", "Write a date that exists, as year-month-day." },
	{ "name=A&about=wages", NULL, NULL },
	{ "name=A&about=murder", "about", "Choose one of the answers." },
	{ "name=A&amount=1000", NULL, NULL },
	{ "name=A&amount=1001", "amount", "Write a whole number from 0 to {limit}." },
	{ "name=A&amount=-1", "amount", "Write a whole number from 0 to {limit}." },
	{ "name=A&amount=1e3", "amount", "Write a whole number from 0 to {limit}." },
	{ "name=A&amount=99999999999999999999999", "amount", "Write a whole number from 0 to {limit}." },
};

static void test_rules(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct request_data *d = request(rules[i].form, NULL);
		struct complaint out = { 0 };
		struct faults faults = { 0 };
		enum err err = form_parse(&d->rq, fields, ARRAY_LEN(fields), &out, &faults);
		if (!rules[i].field != !err)
			fail_msg("%s", rules[i].form);
		if (rules[i].field) {
			assert_int_equal(faults.n, 1);
			assert_string_equal(faults.v[0].field, rules[i].field);
			assert_string_equal(faults.v[0].key, rules[i].key);
		}
		assert_non_null(out.facts);
		arena_free(d->rq.arena);
	}
}

static void test_values(void **state)
{
	struct request_data *d =
	    request("name=+A%0D%0AB+&facts=+x%0D%0A%01y+&amount=7&agreed=on&password=secret", NULL);
	struct complaint out = { 0 };
	struct faults faults = { 0 };

	assert_int_equal(form_parse(&d->rq, fields, ARRAY_LEN(fields), &out, &faults), OK);
	assert_string_equal(out.name, "A B");
	assert_string_equal(out.facts, "x\ny");
	assert_string_equal(out.mail, "");
	assert_string_equal(out.password, "secret");
	assert_int_equal(out.amount, 7);
	assert_true(out.agreed);
	json_t *values = form_values(&d->rq, fields, ARRAY_LEN(fields));
	assert_null(json_object_get(values, "password"));
	assert_string_equal(json_str(values, "amount"), "7");
	assert_true(json_bool_or(values, "agreed", false));
	json_decref(values);
	arena_free(d->rq.arena);
}

static void test_json(void **state)
{
	json_t *json = json_pack("{s:s,s:i,s:b,s:n}", "name", "A", "amount", 5, "agreed", 1, "facts");
	struct request_data *d = request(NULL, json);
	struct complaint out = { 0 };
	struct faults faults = { 0 };

	assert_int_equal(form_parse(&d->rq, fields, ARRAY_LEN(fields), &out, &faults), OK);
	assert_int_equal(out.amount, 5);
	assert_true(out.agreed);
	json_object_set_new(json, "amount", json_string("5"));
	json_object_set_new(json, "agreed", json_integer(1));
	json_object_set_new(json, "name", json_array());
	assert_int_equal(form_parse(&d->rq, fields, ARRAY_LEN(fields), &out, &faults), ERR_INVALID);
	assert_int_equal(faults.n, 3);
	json_decref(json);
	arena_free(d->rq.arena);
}

/* A file that broke a rule is a fault of the form, never silently absent. */
static void test_file_fault(void **state)
{
	struct request_data *d = request("name=A", NULL);
	struct complaint out = { 0 };
	struct faults faults = { 0 };
	const struct upload *uploads;

	fault_set(&d->intake.fault, ERR_TOO_LARGE, "letter", "too large", NULL);
	assert_int_equal(form_parse(&d->rq, fields, ARRAY_LEN(fields), &out, &faults), ERR_INVALID);
	assert_string_equal(faults.v[0].field, "letter");
	assert_int_equal(request_uploads(&d->rq, &uploads), 0);
	arena_free(d->rq.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_file_fault),
	};
	text_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
