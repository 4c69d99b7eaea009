/* Which addresses of partners are asked at all. Nothing here leaves this machine. */
#include "cooperation/net.h"

#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static enum err ask(const char *url)
{
	struct net *net = net_new();
	struct buf answer = BUF_INIT(1024);
	struct fault fault = { 0 };
	int status = 0;
	assert_non_null(net);
	enum err e = net_send(net, &(struct net_request) { "GET", url, NULL, NULL, 0 }, &status, &answer, &fault);
	buf_done(&answer);
	net_free(net);
	return e;
}

/* Port 1 of this machine answers nobody: an address that may be asked is unreachable, all others are refused before. */
static void only_https_or_this_machine(void **state)
{
	static const struct {
		const char *url;
		enum err expected;
	} cases[] = {
		{ "http://127.0.0.1:1/exchange/v1/identity", ERR_UNREACHABLE },
		{ "http://localhost:1/exchange/v1/identity", ERR_UNREACHABLE },
		{ "https://127.0.0.1:1/exchange/v1/identity", ERR_UNREACHABLE },
		{ "http://office.invalid/", ERR_DENIED },
		{ "http://127.0.0.1.office.invalid:1/", ERR_DENIED },
		{ "http://localhost.office.invalid:1/", ERR_DENIED },
		/* What stands before the @ is a name and a password, and the host comes after it. */
		{ "http://127.0.0.1:1@office.invalid:1/", ERR_DENIED },
		{ "http://localhost:x@office.invalid:1/", ERR_DENIED },
		{ "http://127.0.0.1:1\\@office.invalid:1/", ERR_DENIED },
		{ "https://user:word@127.0.0.1:1/", ERR_DENIED },
		{ "https://user@127.0.0.1:1/", ERR_DENIED },
		{ "HTTP://office.invalid/", ERR_DENIED },
		{ "ftp://127.0.0.1:1/", ERR_DENIED },
		{ "file:///etc/passwd", ERR_DENIED },
		{ "gopher://127.0.0.1:1/", ERR_DENIED },
		{ "127.0.0.1:1/", ERR_DENIED },
		{ "", ERR_DENIED },
		{ "https://", ERR_DENIED },
		{ "https://127.0.0.1:1/a b", ERR_DENIED },
		{ "https://127.0.0.1:1/a\r\nHost: other", ERR_DENIED },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err e = ask(cases[i].url);
		if (e != cases[i].expected)
			fail_msg("%s: %s, expected %s", cases[i].url, err_slug(e), err_slug(cases[i].expected));
	}
}

static void loopback_is_known_by_its_names(void **state)
{
	static const struct {
		const char *url;
		bool expected;
	} cases[] = {
		{ "http://127.0.0.1:8080", true },
		{ "http://localhost", true },
		{ "https://localhost/", true },
		{ "http://[::1]:8080/x", true },
		{ "https://ombudsman.example", false },
		{ "http://127.0.0.1:1@office.invalid/", false },
		{ "nonsense", false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (net_loopback(cases[i].url) != cases[i].expected)
			fail_msg("%s", cases[i].url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_https_or_this_machine),
		cmocka_unit_test(loopback_is_known_by_its_names),
	};
	net_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
