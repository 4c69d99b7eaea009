/* Any text and any pointer: a line of the text, and in JSON the line on which each value really stands. */
#include "office/json_lines.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t lines_of(const char *text, size_t len)
{
	size_t lines = 1;

	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	return lines;
}

/* The first line of the input is the pointer, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = memchr(data, '\n', size);
	size_t pointer_len = newline ? (size_t)(newline - data) : size, len = newline ? size - pointer_len - 1 : 0;
	char *pointer = calloc(1, pointer_len + 1), *text = calloc(1, len + 1);
	size_t line;

	memcpy(pointer, data, pointer_len);
	if (len)
		memcpy(text, newline + 1, len);
	line = json_line(text, len, pointer);
	if (line < 1 || line > lines_of(text, len))
		abort();
	free(pointer);
	free(text);
	return 0;
}
