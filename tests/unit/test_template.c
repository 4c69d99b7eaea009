/* Templates: escaping, sections, partials, translation, what is refused, and reading changed files again. */
#include "http/internal.h"
#include "http/mustache.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64];

static void put(const char *name, const char *text)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s.html", dir, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void drop(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s.html", dir, name);
	unlink(path);
}

static int setup(void **state)
{
	strcpy(dir, "/tmp/sulh-templates-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "page", "part", "a", "b", "f" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		drop(names[i]);
	return rmdir(dir);
}

static char *made(const char *text, const char *json)
{
	struct mustache *m = mustache_compile(text, strlen(text));
	json_t *view = json_loads(json, 0, NULL);
	char *out = NULL;
	size_t len = 0;

	assert_non_null(m);
	assert_non_null(view);
	assert_int_equal(mustache_render(m, view, 0, &out, &len), OK);
	assert_int_equal(len, strlen(out));
	mustache_free(m);
	json_decref(view);
	return out;
}

static void test_rendering(void **state)
{
	static const struct {
		const char *template, *view, *page;
	} rows[] = {
		{ "<p>{{x}}</p>", "{\"x\":\"<b> & \\\"it's\\\"\"}", "<p>&lt;b&gt; &amp; &quot;it&#39;s&quot;</p>" },
		{ "a  b\n\tc {{x}} d", "{\"x\":1}", "a  b\n\tc 1 d" },
		{ "{{i}} {{z}} {{r}} {{t}} {{f}} {{n}}.",
		    "{\"i\":-12,\"z\":0,\"r\":1.5,\"t\":true,\"f\":false,\"n\":null}", "-12 0 1.5 true  ." },
		{ "{{#a}}{{v}}{{^last}}, {{/last}}{{/a}}", "{\"a\":[{\"v\":1},{\"v\":2,\"last\":true}]}", "1, 2" },
		{ "{{#a}}[{{.}}]{{/a}}", "{\"a\":[\"x\",\"<\",3]}", "[x][&lt;][3]" },
		{ "{{#s}}yes {{s}} {{.}}{{/s}}{{^s}}no{{/s}}", "{\"s\":\"k\"}", "yes k k" },
		{ "{{#s}}yes{{/s}}{{^s}}no{{/s}}", "{\"s\":\"\"}", "no" },
		{ "{{#s}}yes{{/s}}{{^s}}no{{/s}}", "{\"s\":[]}", "no" },
		{ "{{#s}}yes{{/s}}{{^s}}no{{/s}}", "{\"s\":null}", "no" },
		{ "{{#s}}yes{{/s}}{{^s}}no{{/s}}", "{}", "no" },
		{ "{{#s}}yes{{/s}}", "{\"s\":true}", "yes" },
		{ "{{a.b.c}} {{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":{\"c\":\"deep\"}}}", "deep deep" },
		{ "{{#o}}{{x}} {{y}}{{/o}}", "{\"x\":1,\"y\":2,\"o\":{\"x\":3}}", "3 2" },
		{ "[{{o}}][{{l}}]", "{\"o\":{\"x\":1},\"l\":[1]}", "[][]" },
		{ "{{x}}", "{\"x\":\"a\\u0001\\u001d\\u001fb\\n\"}", "ab\n" },
		{ "{{x}}", "{\"x\":\"{{y}} {{#z}}\",\"y\":\"no\"}", "{{y}} {{#z}}" },
		{ "صلح {{x}}", "{\"x\":\"ə\"}", "صلح ə" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *page = made(rows[i].template, rows[i].view);
		assert_string_equal(page, rows[i].page);
		free(page);
	}
}

static void test_partials_and_translation(void **state)
{
	json_t *view = json_pack("{s:s}", "name", "<A>");
	char *page;
	size_t len;

	put("part", "<b>{{name}}</b>");
	put("page", "<main>\n    {{! not shown }}{{> part}}\n\t{{#t}}Hello\n   {{name}}!{{/t}}\n</main>{{csrf}}\n");
	assert_int_equal(templates_load(dir, NULL), OK);
	assert_int_equal(render("page", LANG_EN, view, &page, &len), OK);
	assert_string_equal(page, "<main>\n<b>&lt;A&gt;</b>\nHello &lt;A&gt;!\n</main>\n");
	free(page);
	assert_true(template_has_form("page"));
	assert_false(template_has_form("part"));
	assert_int_equal(render("absent", LANG_EN, view, &page, &len), ERR_INTERNAL);
	size_t n;
	const char *const *names = template_names(&n);
	assert_int_equal(n, 2);
	assert_string_equal(names[0], "page");
	json_decref(view);
	drop("page");
	drop("part");
}

static void test_refused(void **state)
{
	static const struct {
		const char *a, *b, *what;
	} rows[] = {
		{ "{{> b}}", "{{> a}}", "a" },
		{ "{{> nowhere}}", "", "nowhere" },
		{ "{{{x}}}", "", "a" },
		{ "{{&x}}", "", "a" },
		{ "{{x", "", "a" },
		{ "{{}}", "", "a" },
		{ "{{=<% %>=}}", "", "a" },
		{ "{{#x}}", "", "x" },
		{ "{{#x}}{{/y}}", "", "y" },
		{ "{{/x}}", "", "x" },
		{ "{{#t}}never closed", "", "{{#t}}" },
		{ "{{#t}}a {{#b}}c{{/b}}{{/t}}", "", "{{#t}}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct fault fault = { 0 };
		put("a", rows[i].a);
		put("b", rows[i].b);
		if (templates_load(dir, &fault) != ERR_INTERNAL)
			fail_msg("accepted: %s", rows[i].a);
		assert_string_equal(fault.arg[0].value, rows[i].what);
	}
	drop("a");
	drop("b");
}

static void test_reload(void **state)
{
	json_t *view = json_object();
	char *page;
	size_t len;

	put("f", "first");
	assert_int_equal(templates_load(dir, NULL), OK);
	assert_int_equal(render("f", LANG_EN, view, &page, &len), OK);
	assert_string_equal(page, "first");
	free(page);
	put("f", "second one");
	assert_int_equal(render("f", LANG_EN, view, &page, &len), OK);
	assert_string_equal(page, "second one");
	free(page);
	json_decref(view);
	drop("f");
}

static json_t *hundred_rows(void)
{
	json_t *view = json_object(), *rows = json_array();

	for (int i = 0; i < 100; i++)
		json_add(rows, json_pack("{s:i,s:s,s:s,s:b,s:s,s:o}", "id", i, "title",
				   "Wages withheld & passport kept", "status", "open", "late", i % 3 == 0, "due",
				   "2026-12-01", "who", json_pack("{s:s}", "name", "Əliyeva Aygün")));
	json_put(view, "rows", rows);
	return view;
}

/* Generous, so that only a mistake in kind (a copy of the view, a template compiled each time) fails. */
static void test_speed(void **state)
{
	const char *text =
	    "<table>{{#rows}}<tr{{#late}} class=\"late\"{{/late}}><td><a href=\"/cases/{{id}}\">{{id}}</a></td>"
	    "<td>{{title}}</td><td>{{status}}</td><td>{{due}}</td><td>{{who.name}}</td></tr>\n{{/rows}}</table>";
	struct mustache *m = mustache_compile(text, strlen(text));
	json_t *view = hundred_rows();
	int64_t best = INT64_MAX;

	for (int i = 0; i < 50; i++) {
		char *page;
		size_t len;
		int64_t start = monotonic_us();
		assert_int_equal(mustache_render(m, view, 16384, &page, &len), OK);
		int64_t took = monotonic_us() - start;
		best = took < best ? took : best;
		assert_true(len > 10000);
		free(page);
	}
	print_message("# page of 100 rows: %lld us\n", (long long)best);
	assert_true(best < 20000);
	mustache_free(m);
	json_decref(view);
}

static struct mustache *shared;

static void *render_many(void *view)
{
	for (int i = 0; i < 200; i++) {
		char *page = NULL;
		size_t len;
		if (mustache_render(shared, view, 0, &page, &len) || len < 1000)
			return (void *)1;
		free(page);
	}
	return NULL;
}

static void test_threads(void **state)
{
	const char *text = "{{#rows}}{{id}} {{title}} {{#late}}late{{/late}}{{/rows}}";
	json_t *view = hundred_rows();
	pthread_t threads[4];

	shared = mustache_compile(text, strlen(text));
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, render_many, view), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *bad;
		pthread_join(threads[i], &bad);
		assert_null(bad);
	}
	mustache_free(shared);
	json_decref(view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rendering),
		cmocka_unit_test(test_partials_and_translation),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_threads),
	};
	text_init();
	return cmocka_run_group_tests(tests, setup, teardown);
}
