/* Any bytes: parsed or refused; what parses has one canonical form that parses to the same value and stays the same. */
#include "base/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_canonical(const json_t *json)
{
	char *text = json_canonical_text(json), *again;
	json_t *back;

	if (!text)
		return;
	if (json_parse(text, strlen(text), strlen(text), &back, NULL) || !json_equal(json, back))
		abort();
	again = json_canonical_text(back);
	if (!again || strcmp(text, again) != 0)
		abort();
	free(again);
	json_decref(back);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fault fault;
	json_t *json;

	if (json_parse((const char *)data, size, JSON_TEXT_LIMIT, &json, &fault)) {
		char text[512];

		fault_english(&fault, text, sizeof(text));
		return 0;
	}
	check_canonical(json);
	json_decref(json);
	return 0;
}
