/* What is read from a pasted e-mail, and what is not. */
#include "base/util.h"
#include "casework/email_paste.h"
#include "text/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	text_init();
	arena = arena_new(0);
	return 0;
}

static int teardown(void **state)
{
	arena_free(arena);
	return 0;
}

#define HEAD "From: =?utf-8?b?xo9saXlldmE=?= Leyla <leyla@example.org>\r\nDate: Mon, 23 Nov 2026 22:30:00 +0000\r\n"

static const struct {
	const char *text;
	const char *name, *email, *subject, *sent_on, *body;
	size_t attachments;
} rows[] = {
	{ HEAD "Subject: =?utf-8?q?=C5=9Eikay=C9=99t?=\r\n\r\nPasportum.\r\n", "Əliyeva Leyla", "leyla@example.org",
	    "Şikayət", "2026-11-24", "Pasportum.", 0 }, /* next day in Baku */
	{ "Only words\nin two lines", "", "", "", "", "Only words\nin two lines", 0 },
	{ "From: a@example.org\nSubject: Pasted from a window\n\nHello", "", "a@example.org", "Pasted from a window",
	    "", "Hello", 0 },
	{ HEAD
	    "Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>One &lt;two&gt;</p><script>x()</script>"
	    "<div>three</div>",
	    "Əliyeva Leyla", "leyla@example.org", "", "2026-11-24", "One <two>\n\nthree", 0 },
	{ HEAD
	    "Content-Type: text/plain; charset=windows-1251\r\nContent-Transfer-Encoding: base64\r\n\r\nz/Do4uXy\r\n",
	    "Əliyeva Leyla", "leyla@example.org", "", "2026-11-24", "Привет", 0 },
	{ HEAD "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nText\r\n--b\r\n"
	       "Content-Type: application/pdf\r\nContent-Disposition: attachment; "
	       "filename=../a.pdf\r\n\r\nPDF\r\n--b--\r\n",
	    "Əliyeva Leyla", "leyla@example.org", "", "2026-11-24", "Text", 1 },
	{ HEAD "\r\nright\xE2\x80\xAEleft", "Əliyeva Leyla", "leyla@example.org", "", "2026-11-24", "rightleft", 0 },
};

static void each_mail(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pasted_mail mail;
		enum err e = email_paste_read(arena, rows[i].text, strlen(rows[i].text), "Asia/Baku", &mail, NULL);
		if (e)
			fail_msg("row %zu refused", i);
		const char *const got[] = { mail.from_name, mail.from_email, mail.subject, mail.sent_on, mail.body };
		const char *const want[] = { rows[i].name, rows[i].email, rows[i].subject, rows[i].sent_on,
			rows[i].body };
		for (size_t k = 0; k < ARRAY_LEN(got); k++)
			if (strcmp(got[k], want[k]))
				fail_msg("row %zu, text %zu: “%s”", i, k, got[k]);
		assert_int_equal(mail.attachments, rows[i].attachments);
		assert_false(mail.cut);
	}
}

static void has_limits(void **state)
{
	struct pasted_mail mail;
	struct fault fault = { 0 };
	char *large = arena_alloc(arena, EMAIL_PASTE_MAX + 2);
	memset(large, 'x', EMAIL_PASTE_MAX + 1);
	assert_int_equal(
	    email_paste_read(arena, large, EMAIL_PASTE_MAX + 1, "Asia/Baku", &mail, &fault), ERR_TOO_LARGE);
	assert_string_equal(fault.field, "email_text");
	assert_int_equal(email_paste_read(arena, large, EMAIL_BODY_MAX + 9, "Asia/Baku", &mail, &fault), OK);
	assert_true(mail.cut);
	assert_int_equal(utf8_length(mail.body), EMAIL_BODY_MAX);
	assert_int_equal(email_paste_read(arena, "", 0, "Asia/Baku", &mail, &fault), ERR_INVALID);
	assert_int_equal(email_paste_read(arena, " \n\t", 3, "Asia/Baku", &mail, &fault), ERR_INVALID);
}

/* Parts in parts in parts: read as deep as people write, and no deeper. */
static void nested_deep(void **state)
{
	const char *mail = HEAD, *end = "";
	struct pasted_mail read;
	for (int i = 0; i < 400; i++)
		mail =
		    arena_printf(arena, "%sContent-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", mail, i, i);
	mail = arena_printf(arena, "%s\r\ntoo deep%s", mail, end);
	assert_int_equal(email_paste_read(arena, mail, strlen(mail), "Asia/Baku", &read, NULL), OK);
	assert_string_equal(read.body, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mail),
		cmocka_unit_test(has_limits),
		cmocka_unit_test(nested_deep),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
