/* Case numbers written and read by one pattern. */
#include "office/number.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum part { PART_END, PART_CHAR, PART_YEAR, PART_SEQ, PART_WRONG };

/* Takes the next part of a pattern and moves on; `ret_width` is written for PART_SEQ only. */
static enum part next_part(const char **pattern, int *ret_width)
{
	const char *p = *pattern;
	int width = 0;

	if (!*p)
		return PART_END;
	if (*p != '{') {
		bool allowed = (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '.';

		*pattern = p + 1;
		return allowed ? PART_CHAR : PART_WRONG;
	}
	if (!strncmp(p, "{year}", 6)) {
		*pattern = p + 6;
		return PART_YEAR;
	}
	if (strncmp(p, "{seq", 4) != 0)
		return PART_WRONG;
	p += 4;
	if (*p == ':') {
		for (p++; *p >= '0' && *p <= '9' && width <= NUMBER_WIDTH_MAX; p++)
			width = width * 10 + (*p - '0');
		if (width < 1 || width > NUMBER_WIDTH_MAX)
			return PART_WRONG;
	}
	if (*p != '}')
		return PART_WRONG;
	*pattern = p + 1;
	*ret_width = width;
	return PART_SEQ;
}

enum err number_check(const char *pattern, struct fault *fault)
{
	enum { OTHER, DIGIT, FIELD } before = OTHER, here;
	const char *rest = pattern;
	int years = 0, seqs = 0, width = 0;

	for (enum part part; (part = next_part(&rest, &width)) != PART_END; before = here) {
		if (part == PART_WRONG)
			return fault_set(fault, ERR_INVALID, NULL,
			    N_("A number pattern holds capital letters, digits, “-”, “.” and the fields {fields}, "
			       "nothing "
			       "else."),
			    "fields", "{year} {seq:6}", NULL);
		here = part != PART_CHAR ? FIELD : rest[-1] >= '0' && rest[-1] <= '9' ? DIGIT : OTHER;
		/* "{year}{seq}" and "{seq}7" could not be read back. */
		if ((here == FIELD && before != OTHER) || (here == DIGIT && before == FIELD))
			return fault_set(fault, ERR_INVALID, NULL,
			    N_("In a number pattern, put a letter or a “-” between two numbers."), NULL);
		years += part == PART_YEAR;
		seqs += part == PART_SEQ;
	}
	if (years != 1 || seqs != 1)
		return fault_set(fault, ERR_INVALID, NULL,
		    N_("A number pattern names each of the fields {fields} exactly once."), "fields", "{year} {seq:6}",
		    NULL);
	if (strlen(pattern) > NUMBER_TEXT - 24)
		return fault_set(fault, ERR_TOO_LARGE, NULL, N_("The number pattern is too long."), NULL);
	return OK;
}

enum err number_format(const char *pattern, int year, int64_t seq, char out[NUMBER_TEXT])
{
	char text[NUMBER_TEXT];
	size_t len = 0;
	int width = 0;

	if (year < 1 || year > 9999 || seq < 1)
		return ERR_INVALID;
	for (;;) {
		enum part part = next_part(&pattern, &width);
		size_t room = sizeof(text) - len;
		int written = 1;

		if (part == PART_END)
			break;
		if (part == PART_YEAR)
			written = snprintf(text + len, room, "%04d", year);
		else if (part == PART_SEQ)
			written = snprintf(text + len, room, "%0*lld", width, (long long)seq);
		else if (part == PART_CHAR && room > 1)
			text[len] = pattern[-1];
		else
			return ERR_INVALID;
		if (written < 0 || (size_t)written >= room)
			return ERR_TOO_LARGE;
		len += (size_t)written;
	}
	text[len] = '\0';
	memcpy(out, text, len + 1);
	return OK;
}

static bool read_digits(const char **typed, int most, int64_t *ret_value)
{
	const char *p = *typed;
	int64_t value = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (p - *typed >= most)
			return false;
		value = value * 10 + (*p - '0');
	}
	if (p == *typed)
		return false;
	*typed = p;
	*ret_value = value;
	return true;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum err number_parse(const char *pattern, const char *typed, int *ret_year, int64_t *ret_seq)
{
	int64_t year = 0, seq = 0;
	int width = 0;

	typed += strspn(typed, " \t");
	for (;;) {
		enum part part = next_part(&pattern, &width);

		if (part == PART_END)
			break;
		if (part == PART_WRONG)
			return ERR_INVALID;
		if (part == PART_CHAR && upper(*typed++) != pattern[-1])
			return ERR_INVALID;
		if (part == PART_YEAR && !read_digits(&typed, 4, &year))
			return ERR_INVALID;
		if (part == PART_SEQ && !read_digits(&typed, 18, &seq))
			return ERR_INVALID;
	}
	typed += strspn(typed, " \t");
	if (*typed || year < 1 || seq < 1)
		return ERR_INVALID;
	*ret_year = (int)year;
	*ret_seq = seq;
	return OK;
}

enum err number_may_be_given(
    const char *pattern, int year, int64_t seq, int this_year, int64_t last, struct fault *fault)
{
	char next[NUMBER_TEXT];

	if (year > this_year)
		return fault_set(fault, ERR_INVALID, "number", N_("The year of this number is still to come."), NULL);
	if (year < this_year || seq <= last + 1)
		return OK;
	if (number_format(pattern, year, last + 1, next))
		return ERR_INVALID;
	return fault_set(fault, ERR_INVALID, "number",
	    N_("The next number of this register is {number}: one further on would leave a gap."), "number", next,
	    NULL);
}
