/* Addresses: what strangers may write so that two programs read it differently is refused (X-Road XRDDEV-3054). */
#include "http/internal.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *raw, *path; /* NULL: refused */
} paths[] = {
	{ "/", "/" },
	{ "/desk/cases/12", "/desk/cases/12" },
	{ "/desk/", "/desk/" },
	{ "/%C9%99", "/\xc9\x99" },
	{ "/a%20b", "/a b" },
	{ "/a+b", "/a+b" },
	{ "/a;b=c", "/a;b=c" },
	{ "/...", "/..." },
	{ "", NULL },
	{ "desk", NULL },
	{ "*", NULL },
	{ "//desk", NULL },
	{ "/desk//cases", NULL },
	{ "/./desk", NULL },
	{ "/desk/..", NULL },
	{ "/desk/../admin", NULL },
	{ "/desk/%2e%2e/admin", NULL },
	{ "/desk/.%2E/admin", NULL },
	{ "/desk%2fcases", NULL },
	{ "/desk%2Fcases", NULL },
	{ "/desk%5ccases", NULL },
	{ "/desk\\cases", NULL },
	{ "/desk%252fcases", NULL },
	{ "/100%25", NULL },
	{ "/a%00b", NULL },
	{ "/a%0ab", NULL },
	{ "/a%7Fb", NULL },
	{ "/a%", NULL },
	{ "/a%2", NULL },
	{ "/a%zz", NULL },
	{ "/%c0%af", NULL },
	{ "/%ff", NULL },
	{ "/%ED%A0%80", NULL },
};

static void test_paths(void **state)
{
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		const char *path = NULL;
		enum err err = path_decode(arena, paths[i].raw, strlen(paths[i].raw), &path);
		if (!paths[i].path && !err)
			fail_msg("accepted: %s", paths[i].raw);
		if (paths[i].path && (err || strcmp(path, paths[i].path)))
			fail_msg("%s became %s", paths[i].raw, err ? "refused" : path);
	}
	arena_free(arena);
}

static void test_long_path(void **state)
{
	struct arena *arena = arena_new(0);
	char raw[PATH_BYTES_MAX + 2];
	const char *path;

	memset(raw, 'a', sizeof raw);
	raw[0] = '/';
	assert_int_equal(path_decode(arena, raw, PATH_BYTES_MAX, &path), OK);
	assert_int_equal(path_decode(arena, raw, PATH_BYTES_MAX + 1, &path), ERR_INVALID);
	arena_free(arena);
}

static void test_query(void **state)
{
	struct arena *arena = arena_new(0);
	const char *raw = "a=1&b=x+y%21&&=n&flag&a=2&%D8%B5=%D8%B5&pc=100%";
	struct pairs pairs = { 0 };

	assert_int_equal(urlencoded_parse(arena, raw, strlen(raw), 10, &pairs, NULL), OK);
	assert_int_equal(pairs.n, 7);
	assert_string_equal(pairs_get(&pairs, "a"), "1");
	assert_string_equal(pairs_get(&pairs, "b"), "x y!");
	assert_string_equal(pairs_get(&pairs, "flag"), "");
	assert_string_equal(pairs_get(&pairs, ""), "n");
	assert_string_equal(pairs_get(&pairs, "\xd8\xb5"), "\xd8\xb5");
	assert_string_equal(pairs_get(&pairs, "pc"), "100%");
	assert_null(pairs_get(&pairs, "absent"));
	arena_free(arena);
}

static void test_query_refused(void **state)
{
	static const char *const bad[] = { "a=%00", "a=%ff", "%00=a", "a=b&c=%c0%80" };
	struct arena *arena = arena_new(0);
	struct pairs pairs;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(urlencoded_parse(arena, bad[i], strlen(bad[i]), 10, &pairs, NULL), ERR_INVALID);
	assert_int_equal(urlencoded_parse(arena, "a&b&c", 5, 3, &pairs, NULL), OK);
	assert_int_equal(urlencoded_parse(arena, "a&b&c&d", 7, 3, &pairs, NULL), ERR_TOO_LARGE);
	arena_free(arena);
}

static void test_local_path(void **state)
{
	static const char *const bad[] = { "", "desk", "//evil.example", "/\\evil.example", "https://evil.example",
		"/a\r\nb", "/a\\b", NULL };

	assert_string_equal(local_path("/desk?x=1"), "/desk?x=1");
	assert_string_equal(local_path(NULL), "/");
	for (size_t i = 0; bad[i]; i++)
		assert_string_equal(local_path(bad[i]), "/");
}

static void test_upload_names(void **state)
{
	static const struct {
		const char *sent, *kept;
	} names[] = {
		{ "letter.pdf", "letter.pdf" },
		{ "../../etc/passwd", "passwd" },
		{ "C:\\Users\\x\\scan.jpg", "scan.jpg" },
		{ "شکایت.pdf", "شکایت.pdf" },
		{ "a\x01\nb.txt", "ab.txt" },
		{ "invoice\xe2\x80\xae"
		  "fdp.exe",
		    "invoicefdp.exe" },
		{ "..", "file" },
		{ "dir/", "file" },
		{ "\xff\xfe.txt", "file" },
	};
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_string_equal(upload_name(arena, names[i].sent), names[i].kept);
	char *lengthy = arena_alloc(arena, 1000);
	memset(lengthy, 'x', 999);
	assert_true(strlen(upload_name(arena, lengthy)) <= 200);
	arena_free(arena);
}

static void test_disposition(void **state)
{
	struct arena *arena = arena_new(0);

	assert_string_equal(content_disposition(arena, "a \"b\".pdf"),
	    "attachment; filename=\"a _b_.pdf\"; filename*=UTF-8''a%20%22b%22.pdf");
	assert_string_equal(
	    content_disposition(arena, "\xc9\x99.pdf"), "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C9%99.pdf");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_query_refused),
		cmocka_unit_test(test_local_path),
		cmocka_unit_test(test_upload_names),
		cmocka_unit_test(test_disposition),
	};
	text_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
