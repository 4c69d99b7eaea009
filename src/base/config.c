/* The table of keys: where each stands, what it may hold, and the sentence that explains it in the file. */
#include "base/config.h"

#include "base/buf.h"
#include "base/util.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_LIMIT ((size_t)64 * 1024)

typedef const char *check(const char *value); /* NULL, or the message key of the broken rule */

struct key {
	const char *section, *name;
	check *check;             /* of texts */
	const char *initial;      /* in the form of the file */
	const char *about;        /* lines of comment above the key in the file */
	size_t offset, room;      /* of the member; room 0: an int */
	int min, max;             /* of ints */
	const char *const *names; /* ints written as words: value is the index */
};

/* --- checks of single values -------------------------------------------------------------------------------------- */

static bool begins(const char *value, const char *prefix)
{
	return strncmp(value, prefix, strlen(prefix)) == 0;
}

static const char *check_database(const char *value)
{
	if ((begins(value, "sqlite:") && value[7]) || begins(value, "postgresql://") || begins(value, "postgres://"))
		return NULL;
	return N_("Write sqlite:FILE or a postgresql:// address.");
}

/* Splits "1.2.3.4:80" or "[::1]:80". False when it has another form; the host is a number, so that no lookup is needed.
 */
static bool split_address(const char *value, char host[64], int *family)
{
	const char *colon = strrchr(value, ':'), *end = colon;
	unsigned char number[16];
	char *rest;
	long port;

	if (!colon || !isdigit((unsigned char)colon[1]))
		return false;
	port = strtol(colon + 1, &rest, 10);
	*family = value[0] == '[' ? AF_INET6 : AF_INET;
	if (*family == AF_INET6) {
		value++;
		end--;
		if (end < value || *end != ']')
			return false;
	}
	if (*rest || port > 65535 || (size_t)(end - value) >= 64)
		return false;
	memcpy(host, value, (size_t)(end - value));
	host[end - value] = '\0';
	return inet_pton(*family, host, number) == 1;
}

static const char *check_listen(const char *value)
{
	char host[64];
	int family;

	if (split_address(value, host, &family))
		return NULL;
	return N_("Write a numeric address and a port, as 127.0.0.1:8080 or [::1]:8080.");
}

static const char *check_url(const char *value)
{
	size_t len = strlen(value);

	if ((begins(value, "https://") && len > 8) || (begins(value, "http://") && len > 7))
		return value[len - 1] == '/' || strpbrk(value, " ?#")
			   ? N_("Write the address without a slash, question mark or blank at its end.")
			   : NULL;
	return N_("Write an address that begins with https:// or http://.");
}

static const char *check_ip(const char *value)
{
	unsigned char number[16];

	if (!*value || inet_pton(AF_INET, value, number) == 1 || inet_pton(AF_INET6, value, number) == 1)
		return NULL;
	return N_("Write one numeric address, or nothing.");
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
static const char *const no_yes[] = { "no", "yes", NULL };

#define TEXT(section_, member_, check_, initial_, about_)                                                              \
	{                                                                                                              \
		section_, #member_, check_, initial_, about_, offsetof(struct config, member_),                        \
		    sizeof(((struct config *)NULL)->member_), 0, 0, NULL                                               \
	}
#define INT(section_, member_, min_, max_, initial_, about_)                                                           \
	{                                                                                                              \
		section_, #member_, NULL, initial_, about_, offsetof(struct config, member_), 0, min_, max_, NULL      \
	}
#define WORD(section_, member_, names_, initial_, about_)                                                              \
	{                                                                                                              \
		section_, #member_, NULL, initial_, about_, offsetof(struct config, member_), 0, 0,                    \
		    (int)ARRAY_LEN(names_) - 2, names_                                                                 \
	}

static const struct key keys[] = {
	TEXT("server", listen, check_listen, "127.0.0.1:8080",
	    "Address and port to listen on; IPv6 as [::1]:8080. An address that other machines can reach\n"
	    "needs tls_certificate and tls_key, or behind_proxy."),
	TEXT("server", public_url, check_url, "http://127.0.0.1:8080",
	    "How people and partner institutions reach this office, without a slash at the end."),
	TEXT("server", tls_certificate, NULL, "", "PEM file with the certificate and its chain. Empty: plain HTTP."),
	TEXT("server", tls_key, NULL, "", "PEM file with the certificate's private key."),
	TEXT("server", behind_proxy, check_ip, "",
	    "Address of the reverse proxy whose X-Forwarded-For is believed. Empty: none."),
	INT("server", workers, 1, 256, "40",
	    "Requests that are worked on at the same time, 1 to 256. As many complaints can share one write to the "
	    "disk."),
	TEXT("storage", database, check_database, "sqlite:office.db",
	    "sqlite:FILE (relative to this folder) or a postgresql:// address."),
	INT("limits", upload_limit_mib, 1, 4096, "25", "Largest single file that a form takes, in MiB, 1 to 4096."),
	INT("limits", files_limit, 1, 100, "10", "Most files in one form, 1 to 100."),
	INT("limits", body_limit_mib, 1, 16384, "100", "Largest whole request, in MiB, 1 to 16384."),
	INT("staff", session_minutes, 5, 1440, "30",
	    "Minutes after the last click until staff must log in again, 5 to 1440."),
	INT("staff", login_tries, 1, 100, "5",
	    "Wrong passwords for one name before further tries are slowed, 1 to 100."),
	WORD("operation", log_level, levels, "info", "What goes to standard error: debug, info, warning or error."),
	WORD("operation", demonstration, no_yes, "no",
	    "yes: every page says that all people and cases here are invented."),
	TEXT("operation", templates, NULL, "",
	    "For development: folder to read page templates from instead of those in the program."),
};

static char *text_of(const struct config *config, const struct key *key)
{
	return (char *)(uintptr_t)config + key->offset;
}

static int *int_of(const struct config *config, const struct key *key)
{
	return (int *)(void *)((char *)(uintptr_t)config + key->offset);
}

/* --- setting ------------------------------------------------------------------------------------------------------ */

static enum err set_text(struct config *config, const struct key *key, const char *value, struct fault *fault)
{
	size_t len = strlen(value);
	const char *broken = NULL;

	if (len >= key->room)
		return fault_set(
		    fault, ERR_TOO_LARGE, key->name, N_("The value of {key} is too long."), "key", key->name, NULL);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			broken = N_("A value cannot hold control characters.");
	if (value[0] == ' ' || (len && value[len - 1] == ' ')) /* config_parse would read it without */
		broken = N_("A value cannot begin or end with a blank.");
	if (!utf8_valid(value, len))
		broken = N_("A value must be UTF-8.");
	if (!broken && key->check)
		broken = key->check(value);
	if (broken)
		return fault_set(fault, ERR_INVALID, key->name, broken, NULL);
	memcpy(text_of(config, key), value, len + 1);
	return OK;
}

static enum err set_int(struct config *config, const struct key *key, const char *value, struct fault *fault)
{
	char min[16], max[16], *rest;
	long number;

	errno = 0;
	number = strtol(value, &rest, 10);
	if (isdigit((unsigned char)value[0]) && !*rest && !errno && number >= key->min && number <= key->max) {
		*int_of(config, key) = (int)number;
		return OK;
	}
	snprintf(min, sizeof(min), "%d", key->min);
	snprintf(max, sizeof(max), "%d", key->max);
	return fault_set(fault, ERR_INVALID, key->name, N_("{key} is a whole number from {min} to {max}."), "key",
	    key->name, "min", min, "max", max, NULL);
}

static enum err set_word(struct config *config, const struct key *key, const char *value, struct fault *fault)
{
	struct buf words = BUF_INIT(128);
	enum err e = OK;

	for (int i = 0; key->names[i]; i++)
		if (strcmp(key->names[i], value) == 0) {
			*int_of(config, key) = i;
			return OK;
		}
	for (int i = 0; !e && key->names[i]; i++)
		e = buf_printf(&words, "%s%s", i ? ", " : "", key->names[i]);
	e = fault_set(fault, ERR_INVALID, key->name, N_("{key} is one of: {words}."), "key", key->name, "words",
	    words.data ? words.data : "", NULL);
	buf_done(&words);
	return e;
}

static enum err set(struct config *config, const struct key *key, const char *value, struct fault *fault)
{
	if (key->room)
		return set_text(config, key, value, fault);
	return key->names ? set_word(config, key, value, fault) : set_int(config, key, value, fault);
}

static const struct key *find(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (strcmp(keys[i].name, name) == 0 && (!section || strcmp(keys[i].section, section) == 0))
			return &keys[i];
	return NULL;
}

void config_default(struct config *config)
{
	memset(config, 0, sizeof(*config));
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		if (set(config, &keys[i], keys[i].initial, NULL) && keys[i].check)
			abort(); /* a default that breaks its own rule */
}

enum err config_set(struct config *config, const char *name, const char *value, struct fault *fault)
{
	const struct key *key = find(NULL, name);

	if (!key)
		return fault_set(fault, ERR_INVALID, name, N_("There is no setting called {key}."), "key", name, NULL);
	return set(config, key, value, fault);
}

static bool loopback(const char *listen)
{
	char host[64];
	int family;

	if (!split_address(listen, host, &family))
		return false;
	return family == AF_INET6 ? strcmp(host, "::1") == 0 : begins(host, "127.");
}

enum err config_check(const struct config *config, struct fault *fault)
{
	if (!config->tls_certificate[0] != !config->tls_key[0])
		return fault_set(fault, ERR_INVALID, config->tls_key[0] ? "tls_certificate" : "tls_key",
		    N_("tls_certificate and tls_key belong together: set both or none."), NULL);
	if (!config->tls_key[0] && !config->behind_proxy[0] && !loopback(config->listen))
		return fault_set(fault, ERR_INVALID, "listen",
		    N_("Without TLS or a proxy the server listens on a loopback address only, as 127.0.0.1:8080."),
		    NULL);
	return OK;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* What the parser's two callbacks share. inih gives no line number to its handler, so that the reader counts. */
struct reading {
	struct config *config;
	const char *text, *end;
	int line, fault_line; /* fault_line 0: no fault so far */
	bool seen[ARRAY_LEN(keys)];
	struct fault fault;
};

static enum err reading_fault(struct reading *r, enum err code, const char *key, const char *name, const char *value)
{
	if (!r->fault_line) {
		r->fault_line = r->line;
		fault_set(&r->fault, code, NULL, key, name, value, NULL);
	}
	return code;
}

/* As fgets: one line, or NULL at the end. A line that does not fit would be read as two, so that it is refused. */
static char *read_line(char *out, int room, void *stream)
{
	struct reading *r = stream;
	const char *newline;
	size_t len;

	if (r->text == r->end)
		return NULL;
	r->line++;
	newline = memchr(r->text, '\n', (size_t)(r->end - r->text));
	len = (size_t)((newline ? newline + 1 : r->end) - r->text);
	if (len >= (size_t)room || memchr(r->text, '\0', len)) {
		reading_fault(r, ERR_INVALID, N_("This line is too long or is not text."), NULL, NULL);
		out[0] = '\0';
	} else {
		memcpy(out, r->text, len);
		out[len] = '\0';
	}
	r->text += len;
	return out;
}

static int take_value(void *user, const char *section, const char *name, const char *value)
{
	struct reading *r = user;
	const struct key *key = find(section, name);
	struct fault fault;

	if (r->fault_line)
		return 1;
	if (!key) {
		reading_fault(r, ERR_INVALID, N_("There is no setting called {key} in this section."), "key", name);
		return 1;
	}
	if (r->seen[key - keys]) {
		reading_fault(r, ERR_INVALID, N_("The setting {key} stands here for the second time."), "key", name);
		return 1;
	}
	r->seen[key - keys] = true;
	if (set(r->config, key, value, &fault)) {
		r->fault_line = r->line;
		r->fault = fault;
	}
	return 1;
}

/* A file address or password may hold a semicolon, and is longer than the 200 bytes of inih's own line. */
static void choose_dialect(void)
{
	ini_allow_inline_comments = false;
	ini_allow_multiline = false;
	ini_use_stack = false;
	ini_max_line = ini_initial_alloc = 1024;
}

enum err config_parse(struct config *config, const char *name, const char *text, size_t len, struct fault *fault)
{
	struct config parsed = *config;
	struct reading r = { .config = &parsed, .text = text, .end = text + len };
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int wrong;

	pthread_once(&once, choose_dialect);
	wrong = ini_parse_stream(read_line, &r, take_value, &r);
	if (wrong > 0 && (!r.fault_line || wrong < r.fault_line)) {
		r.fault_line = 0;
		r.line = wrong;
		reading_fault(&r, ERR_INVALID, N_("Write [section] or key = value."), NULL, NULL);
	}
	if (wrong < 0)
		return fault_set(fault, ERR_MEMORY, name, NULL, NULL);
	if (!r.fault_line) {
		*config = parsed;
		return OK;
	}
	if (fault) {
		*fault = r.fault;
		snprintf(fault->field, sizeof(fault->field), "%.50s:%d", name, r.fault_line);
	}
	return r.fault.code;
}

static enum err file_fault(struct fault *fault, const char *path, const char *key)
{
	return fault_set(fault, ERR_STORE, path, key, "reason", strerror(errno), NULL);
}

static enum err read_file(const char *path, struct buf *b, struct fault *fault)
{
	FILE *f = fopen(path, "re");
	char piece[4096];
	enum err e = OK;
	size_t n;

	if (!f)
		return file_fault(fault, path, N_("The configuration cannot be read: {reason}."));
	while (!e && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		e = buf_add(b, piece, n);
	if (e)
		fault_set(fault, e, path, N_("The configuration file is too long."), NULL);
	else if (ferror(f))
		e = file_fault(fault, path, N_("The configuration cannot be read: {reason}."));
	fclose(f);
	return e;
}

static enum err from_environment(struct config *config, struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		char name[64] = "SULH_";
		const char *value;
		enum err e;

		for (size_t j = 0; keys[i].name[j]; j++)
			name[j + 5] = (char)toupper((unsigned char)keys[i].name[j]);
		value = getenv(name);
		e = value ? set(config, &keys[i], value, fault) : OK;
		if (e) {
			if (fault)
				copy_text(fault->field, sizeof(fault->field), name);
			return e;
		}
	}
	return OK;
}

enum err config_load(struct config *config, const char *path, struct fault *fault)
{
	const char *slash = strrchr(path, '/');
	struct config loaded = *config;
	struct buf b = BUF_INIT(FILE_LIMIT);
	enum err e = read_file(path, &b, fault);

	if (!e)
		e = config_parse(&loaded, slash ? slash + 1 : path, b.data ? b.data : "", b.len, fault);
	buf_done(&b);
	if (!e)
		e = from_environment(&loaded, fault);
	if (!e)
		e = config_check(&loaded, fault);
	if (!e)
		*config = loaded;
	return e;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static enum err write_comment(struct buf *b, const char *about)
{
	enum err e = buf_puts(b, "\n; ");

	for (; !e && *about; about++)
		e = *about == '\n' ? buf_puts(b, "\n; ") : buf_putc(b, *about);
	return e ? e : buf_putc(b, '\n');
}

static enum err write_key(struct buf *b, const struct config *config, const struct key *key)
{
	enum err e = write_comment(b, key->about);

	if (e)
		return e;
	if (key->room)
		return buf_printf(b, "%s = %s\n", key->name, text_of(config, key));
	if (key->names)
		return buf_printf(b, "%s = %s\n", key->name, key->names[*int_of(config, key)]);
	return buf_printf(b, "%s = %d\n", key->name, *int_of(config, key));
}

static enum err format(const struct config *config, struct buf *b)
{
	const char *section = "";
	enum err e = buf_puts(b, "; Configuration of one office. Each setting can also be given in the environment:\n"
				 "; SULH_ and its name in capitals, as SULH_LISTEN.\n");

	for (size_t i = 0; !e && i < ARRAY_LEN(keys); i++) {
		if (strcmp(section, keys[i].section) != 0)
			e = buf_printf(b, "\n[%s]\n", keys[i].section);
		section = keys[i].section;
		if (!e)
			e = write_key(b, config, &keys[i]);
	}
	return e;
}

/* Written beside and renamed, so that a full disk leaves the old file whole. */
static bool replace_file(const char *path, const struct buf *b)
{
	char beside[4096];
	bool written;
	int fd;

	if ((size_t)snprintf(beside, sizeof(beside), "%s.new", path) >= sizeof(beside)) {
		errno = ENAMETOOLONG;
		return false;
	}
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	written = write(fd, b->data, b->len) == (ssize_t)b->len && fsync(fd) == 0;
	written = close(fd) == 0 && written && rename(beside, path) == 0;
	if (!written)
		unlink(beside);
	return written;
}

enum err config_save(const struct config *config, const char *path, struct fault *fault)
{
	struct buf b = BUF_INIT(FILE_LIMIT);
	enum err e = format(config, &b);

	if (e)
		fault_set(fault, e, path, NULL, NULL);
	else if (!replace_file(path, &b))
		e = file_fault(fault, path, N_("The configuration cannot be written: {reason}."));
	buf_done(&b);
	return e;
}
