/* A scanner over JSON text that follows a pointer and counts lines. */
#include "office/json_lines.h"

#include <stdbool.h>
#include <string.h>

struct scan {
	const char *at, *end;
	size_t line;
};

static void step(struct scan *s)
{
	if (*s->at++ == '\n')
		s->line++;
}

static void skip_space(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) && *s->at)
		step(s);
}

/* Past the closing quotation mark; `s` stands on the opening one. */
static void skip_string(struct scan *s)
{
	step(s);
	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\' && s->at + 1 < s->end)
			step(s);
		step(s);
	}
	if (s->at < s->end)
		step(s);
}

/* Past one value, whatever it is. No recursion: depth is only counted. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	while (s->at < s->end) {
		char c = *s->at;

		if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			return;
		if (c == '"')
			skip_string(s);
		else
			step(s);
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return;
		if (depth == 0 && c == '"')
			return;
	}
}

/* Does the raw name in the text read as the pointer's token? Names are written plainly in our files: what needs an
 * escape in JSON is not found, and then the object's line is told. */
static bool same_name(const char *name, size_t len, const char *token, size_t token_len)
{
	size_t n = 0;

	for (size_t i = 0; i < token_len; i++, n++) {
		char c = token[i];

		if (c == '~' && i + 1 < token_len && (token[i + 1] == '0' || token[i + 1] == '1'))
			c = token[++i] == '0' ? '~' : '/';
		if (n >= len || name[n] != c)
			return false;
	}
	return n == len;
}

/* Moves on to the value of the member with that name; `ret_line` is the line of the name. */
static bool find_member(struct scan *s, const char *token, size_t len, size_t *ret_line)
{
	step(s);
	for (;;) {
		const char *name;
		size_t name_len, line;

		skip_space(s);
		if (s->at >= s->end || *s->at != '"')
			return false;
		line = s->line;
		name = s->at + 1;
		skip_string(s);
		name_len = s->at > name ? (size_t)(s->at - name) - 1 : 0;
		skip_space(s);
		if (s->at >= s->end || *s->at != ':')
			return false;
		step(s);
		skip_space(s);
		if (same_name(name, name_len, token, len)) {
			*ret_line = line;
			return true;
		}
		skip_value(s);
		skip_space(s);
		if (s->at >= s->end || *s->at != ',')
			return false;
		step(s);
	}
}

static bool read_index(const char *token, size_t len, size_t *ret_index)
{
	size_t index = 0;

	if (len == 0 || len > 9)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (token[i] < '0' || token[i] > '9')
			return false;
		index = index * 10 + (size_t)(token[i] - '0');
	}
	*ret_index = index;
	return true;
}

static bool find_item(struct scan *s, const char *token, size_t len, size_t *ret_line)
{
	size_t index;

	if (!read_index(token, len, &index))
		return false;
	step(s);
	for (size_t i = 0;; i++) {
		skip_space(s);
		if (s->at >= s->end || *s->at == ']')
			return false;
		if (i == index) {
			*ret_line = s->line;
			return true;
		}
		skip_value(s);
		skip_space(s);
		if (s->at >= s->end || *s->at != ',')
			return false;
		step(s);
	}
}

size_t json_line(const char *text, size_t len, const char *pointer)
{
	struct scan s = { text, text + len, 1 };
	size_t line;

	skip_space(&s);
	line = s.line;
	while (*pointer == '/' && s.at < s.end) {
		size_t token = strcspn(++pointer, "/");
		bool found = (*s.at == '{' && find_member(&s, pointer, token, &line)) ||
			     (*s.at == '[' && find_item(&s, pointer, token, &line));

		if (!found)
			break;
		pointer += token;
	}
	return line;
}
