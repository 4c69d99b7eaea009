/* The configuration file: each rule refused with its line, each value back from the file as it was. */
#include "base/config.h"
#include "base/util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

static void defaults_are_complete(void **state)
{
	struct config c;

	config_default(&c);
	assert_string_equal(c.database, "sqlite:office.db");
	assert_string_equal(c.listen, "127.0.0.1:8080");
	assert_int_equal(c.log_level, 1);
	assert_true(c.workers > 0 && c.upload_limit_mib > 0 && c.files_limit > 0 && c.body_limit_mib > 0);
	assert_true(c.session_minutes > 0 && c.login_tries > 0);
	assert_int_equal(config_check(&c, NULL), OK);
}

static enum err parse(struct config *c, const char *text, struct fault *fault)
{
	config_default(c);
	return config_parse(c, "sulh.conf", text, strlen(text), fault);
}

static void reading(void **state)
{
	struct config c;
	const char *text =
	    "\xef\xbb\xbf; comment\n# another\n\n[server]\nlisten = [::1]:0\r\npublic_url=https://pk.example\n"
	    "[storage]\n  database = postgresql://u:a;b@h/d?x=1\n[operation]\nlog_level = "
	    "error\n[limits]\nfiles_limit=3";

	assert_int_equal(parse(&c, text, NULL), OK);
	assert_string_equal(c.listen, "[::1]:0");
	assert_string_equal(c.public_url, "https://pk.example");
	assert_string_equal(c.database, "postgresql://u:a;b@h/d?x=1");
	assert_int_equal(c.log_level, 3);
	assert_int_equal(c.files_limit, 3);
	assert_int_equal(c.workers, 40);
}

static void refusing(void **state)
{
	static const struct {
		const char *text, *field, *value; /* value: of the fault's first argument, NULL for none */
	} rows[] = {
		{ "[server]\nlissten = 127.0.0.1:1\n", "sulh.conf:2", "lissten" },
		{ "[storage]\nlisten = 127.0.0.1:1\n", "sulh.conf:2", "listen" }, /* another section's key */
		{ "listen = 127.0.0.1:1\n", "sulh.conf:1", "listen" },
		{ "\n\n[server]\nworkers = many\n", "sulh.conf:4", "workers" },
		{ "[server]\nworkers = 0\n", "sulh.conf:2", "workers" },
		{ "[server]\nworkers = 257\n", "sulh.conf:2", "workers" },
		{ "[server]\nworkers = 99999999999999999999\n", "sulh.conf:2", "workers" },
		{ "[server]\nworkers = 4x\n", "sulh.conf:2", "workers" },
		{ "[server]\nworkers =\n", "sulh.conf:2", "workers" },
		{ "[server]\nworkers = 4\nworkers = 5\n", "sulh.conf:3", "workers" },
		{ "[server]\nlisten = localhost:80\n", "sulh.conf:2", NULL },
		{ "[server]\nlisten = 127.0.0.1\n", "sulh.conf:2", NULL },
		{ "[server]\nlisten = 127.0.0.1:65536\n", "sulh.conf:2", NULL },
		{ "[server]\nlisten = ::1:80\n", "sulh.conf:2", NULL },
		{ "[server]\nlisten = [::1:80\n", "sulh.conf:2", NULL },
		{ "[server]\nlisten = [:80\n", "sulh.conf:2", NULL },
		{ "[server]\npublic_url = pk.example\n", "sulh.conf:2", NULL },
		{ "[server]\npublic_url = https://pk.example/\n", "sulh.conf:2", NULL },
		{ "[server]\nbehind_proxy = proxy\n", "sulh.conf:2", NULL },
		{ "[server]\ntls_key = a\x01z\n", "sulh.conf:2", NULL },
		{ "[server]\ntls_key = a\xffz\n", "sulh.conf:2", NULL },
		{ "[storage]\ndatabase = mysql://x\n", "sulh.conf:2", NULL },
		{ "[storage]\ndatabase = sqlite:\n", "sulh.conf:2", NULL },
		{ "[operation]\nlog_level = loud\n", "sulh.conf:2", "log_level" },
		{ "[server\nworkers = 1\n", "sulh.conf:1", NULL },
		{ "[server]\njust words\n", "sulh.conf:2", NULL },
		{ "[server]\njust words\nworkers = many\n", "sulh.conf:2", NULL },
		{ "[server]\nworkers = many\njust words\n", "sulh.conf:2", "workers" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct config c, before;
		struct fault fault = { 0 };

		config_default(&before);
		if (parse(&c, rows[i].text, &fault) != ERR_INVALID || strcmp(fault.field, rows[i].field) != 0)
			fail_msg("%s: field '%s'", rows[i].text, fault.field);
		if (rows[i].value)
			assert_string_equal(fault.arg[0].value, rows[i].value);
		assert_non_null(fault.key);
		assert_memory_equal(&c, &before, sizeof(c)); /* nothing half-read */
	}
}

static void long_and_binary_lines(void **state)
{
	char text[3000] = "[server]\ntls_key = ";
	struct config c;
	struct fault fault;
	size_t len = strlen(text);

	memset(text + len, 'k', 511);
	assert_int_equal(parse(&c, text, &fault), OK);
	assert_int_equal(strlen(c.tls_key), 511);
	text[len + 511] = 'k';
	assert_int_equal(parse(&c, text, &fault), ERR_TOO_LARGE);
	assert_string_equal(fault.field, "sulh.conf:2");
	memset(text + len, 'k', 2000);
	assert_int_equal(parse(&c, text, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "sulh.conf:2");
	assert_int_equal(config_parse(&c, "sulh.conf", "[server]\nwork\0ers = 2\n", 22, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "sulh.conf:2");
}

static void rules_between_keys(void **state)
{
	static const struct {
		const char *listen, *certificate, *key, *proxy, *field; /* field NULL: allowed */
	} rows[] = {
		{ "127.0.0.1:80", "", "", "", NULL },
		{ "127.9.9.9:80", "", "", "", NULL },
		{ "[::1]:80", "", "", "", NULL },
		{ "0.0.0.0:80", "", "", "", "listen" },
		{ "[::]:80", "", "", "", "listen" },
		{ "0.0.0.0:80", "", "", "10.0.0.1", NULL },
		{ "0.0.0.0:443", "c", "k", "", NULL },
		{ "127.0.0.1:80", "c", "", "", "tls_key" },
		{ "127.0.0.1:80", "", "k", "", "tls_certificate" },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct config c;
		struct fault fault;

		config_default(&c);
		assert_int_equal(config_set(&c, "listen", rows[i].listen, NULL), OK);
		assert_int_equal(config_set(&c, "tls_certificate", rows[i].certificate, NULL), OK);
		assert_int_equal(config_set(&c, "tls_key", rows[i].key, NULL), OK);
		assert_int_equal(config_set(&c, "behind_proxy", rows[i].proxy, NULL), OK);
		assert_int_equal(config_check(&c, &fault), rows[i].field ? ERR_INVALID : OK);
		if (rows[i].field)
			assert_string_equal(fault.field, rows[i].field);
	}
}

static void setting_by_name(void **state)
{
	struct config c;
	struct fault fault;

	config_default(&c);
	assert_int_equal(config_set(&c, "workers", "16", NULL), OK);
	assert_int_equal(c.workers, 16);
	assert_int_equal(config_set(&c, "nonsense", "16", &fault), ERR_INVALID);
	assert_string_equal(fault.field, "nonsense");
	assert_int_equal(config_set(&c, "tls_key", " a", &fault), ERR_INVALID);
	assert_int_equal(config_set(&c, "tls_key", "a\n[x]", &fault), ERR_INVALID);
	assert_string_equal(fault.field, "tls_key");
}

static char folder[] = "/tmp/sulh-config-XXXXXX";
static char path[64];

static int folder_make(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/sulh.conf", folder);
	return 0;
}

static int folder_remove(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static void saved_and_loaded(void **state)
{
	struct config c, back;
	struct stat st;

	config_default(&c);
	assert_int_equal(config_set(&c, "database", "postgresql://u:p ;#=[x]@h/d", NULL), OK);
	assert_int_equal(config_set(&c, "log_level", "debug", NULL), OK);
	assert_int_equal(config_set(&c, "login_tries", "9", NULL), OK);
	assert_int_equal(config_save(&c, path, NULL), OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	config_default(&back);
	assert_int_equal(config_load(&back, path, NULL), OK);
	assert_memory_equal(&c, &back, sizeof(c));
}

static void environment_wins(void **state)
{
	struct config c;
	struct fault fault;

	config_default(&c);
	assert_int_equal(config_save(&c, path, NULL), OK);
	setenv("SULH_LISTEN", "127.0.0.1:9", 1);
	setenv("SULH_SESSION_MINUTES", "45", 1);
	assert_int_equal(config_load(&c, path, NULL), OK);
	assert_string_equal(c.listen, "127.0.0.1:9");
	assert_int_equal(c.session_minutes, 45);
	setenv("SULH_LISTEN", "0.0.0.0:9", 1);
	assert_int_equal(config_load(&c, path, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "listen");
	setenv("SULH_LISTEN", "nowhere", 1);
	assert_int_equal(config_load(&c, path, &fault), ERR_INVALID);
	assert_string_equal(fault.field, "SULH_LISTEN");
	assert_string_equal(c.listen, "127.0.0.1:9");
	unsetenv("SULH_LISTEN");
	unsetenv("SULH_SESSION_MINUTES");
}

static void files_that_are_not_there(void **state)
{
	struct config c;
	struct fault fault;

	config_default(&c);
	assert_int_equal(config_load(&c, "/nowhere/sulh.conf", &fault), ERR_STORE);
	assert_string_equal(fault.field, "/nowhere/sulh.conf");
	assert_int_equal(config_save(&c, "/nowhere/sulh.conf", &fault), ERR_STORE);
	assert_int_equal(config_load(&c, "/tmp", &fault), ERR_STORE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_complete),
		cmocka_unit_test(reading),
		cmocka_unit_test(refusing),
		cmocka_unit_test(long_and_binary_lines),
		cmocka_unit_test(rules_between_keys),
		cmocka_unit_test(setting_by_name),
		cmocka_unit_test(saved_and_loaded),
		cmocka_unit_test(environment_wins),
		cmocka_unit_test(files_that_are_not_there),
	};

	return cmocka_run_group_tests_name("config", tests, folder_make, folder_remove);
}
