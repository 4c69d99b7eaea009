/* The table of what each code means at each edge, and the filling of faults. */
#include "base/err.h"

#include "base/buf.h"
#include "base/util.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Exit statuses follow sysexits.h, so that scripts can tell bad input from a broken disk. */
static const struct {
	int http, exit;
	const char *slug, *sentence;
} meanings[ERR_MAX] = {
	[OK] = { 200, 0, "ok", N_("Done.") },
	[ERR_INVALID] = { 422, 65, "invalid", N_("Something in what was sent is not right.") },
	[ERR_NOT_FOUND] = { 404, 66, "not-found", N_("This does not exist, or it is not for you to see.") },
	[ERR_DENIED] = { 403, 77, "denied", N_("You are not allowed to do this.") },
	[ERR_LOGIN] = { 401, 77, "login", N_("Please log in first.") },
	[ERR_CONFLICT] = { 409, 75, "conflict", N_("Somebody else changed this in the meantime. Look again.") },
	[ERR_UNTRUSTED] = { 403, 76, "untrusted", N_("The sender or its signature is not accepted.") },
	[ERR_TOO_LARGE] = { 413, 65, "too-large", N_("This is too large.") },
	[ERR_THROTTLED] = { 429, 75, "throttled", N_("Too many tries. Please wait and try again.") },
	[ERR_UNREACHABLE] = { 502, 69, "unreachable", N_("The other institution does not answer.") },
	[ERR_STORE] = { 503, 74, "store", N_("This could not be saved or read. Please try again later.") },
	[ERR_MEMORY] = { 503, 71, "memory", N_("The server is too busy. Please try again later.") },
	[ERR_INTERNAL] = { 500, 70, "internal", N_("Something went wrong on our side.") },
};

static enum err known(enum err code)
{
	return (unsigned)code < ERR_MAX ? code : ERR_INTERNAL;
}

int err_http_status(enum err code)
{
	return meanings[known(code)].http;
}

int err_exit_status(enum err code)
{
	return meanings[known(code)].exit;
}

const char *err_slug(enum err code)
{
	return meanings[known(code)].slug;
}

const char *err_sentence(enum err code)
{
	return meanings[known(code)].sentence;
}

enum err fault_set(struct fault *fault, enum err code, const char *field, const char *key, ...)
{
	const char *name;
	va_list args;

	if (!fault)
		return code;
	memset(fault, 0, sizeof(*fault));
	fault->code = code;
	fault->key = key;
	if (field)
		copy_text(fault->field, sizeof(fault->field), field);
	va_start(args, key);
	while (fault->args < FAULT_ARGS_MAX && (name = va_arg(args, const char *))) {
		const char *value = va_arg(args, const char *);

		fault->arg[fault->args].name = name;
		copy_text(fault->arg[fault->args].value, sizeof(fault->arg[0].value), value ? value : "");
		fault->args++;
	}
	va_end(args);
	return code;
}

/* The value for the {name} at `open`, and how long the placeholder is; NULL when it is none of ours. */
static const char *placeholder(const struct fault *fault, const char *open, size_t *ret_len)
{
	for (size_t i = 0; i < fault->args; i++) {
		size_t len = strlen(fault->arg[i].name);

		if (strncmp(open + 1, fault->arg[i].name, len) == 0 && open[len + 1] == '}') {
			*ret_len = len + 2;
			return fault->arg[i].value;
		}
	}
	return NULL;
}

static enum err fill(const struct fault *fault, struct buf *b)
{
	const char *text = fault->key ? fault->key : err_sentence(fault->code);
	enum err e = OK;

	if (fault->field[0])
		e = buf_printf(b, "%s: ", fault->field);
	while (!e && *text) {
		size_t len = 1;
		const char *value = *text == '{' ? placeholder(fault, text, &len) : NULL;

		e = value ? buf_puts(b, value) : buf_putc(b, *text);
		text += len;
	}
	return e;
}

const char *fault_english(const struct fault *fault, char *buf, size_t size)
{
	struct buf b = BUF_INIT(4096);

	if (size == 0)
		return "";
	if (fill(fault, &b) && !b.data)
		copy_text(buf, size, err_sentence(fault->code));
	else
		copy_text(buf, size, b.data ? b.data : "");
	buf_done(&b);
	return buf;
}
