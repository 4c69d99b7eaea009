/* Bodies and headers of a partner's messages: whatever comes, a verdict. The first byte chooses the type. */
#include "cooperation/agreement.h"
#include "cooperation/answer.h"
#include "cooperation/consent.h"
#include "cooperation/message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void try_header(const char *text, size_t len)
{
	struct message_header header;
	struct fault fault = { 0 };
	json_t *json = NULL;

	if (json_parse(text, len, JSON_TEXT_LIMIT, &json, &fault))
		return;
	if (message_header_parse(json, &header, &fault) == OK) {
		/* What was read is written the same way. */
		json_t *again = message_header_json(&header);
		if (!json_is_object(again))
			abort();
		json_decref(again);
	}
	json_decref(json);
}

static void try_agreement(const char *text, size_t len)
{
	struct agreement *agreement = NULL;
	struct fault fault = { 0 };

	if (agreement_parse(text, len, &agreement, &fault))
		return;
	/* Accepted bytes are canonical: they come back as they were. */
	if (strlen(agreement_text(agreement)) != len || memcmp(agreement_text(agreement), text, len) != 0)
		abort();
	agreement_free(agreement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct fault fault = { 0 };
	json_t *body = NULL;
	char *text;

	if (len < 1)
		return 0;
	text = malloc(len);
	memcpy(text, data + 1, len - 1);
	text[len - 1] = '\0';
	if (message_check_body(data[0] % MESSAGE_TYPE_MAX, text, len - 1, &body, &fault) == OK) {
		enum err e = consent_check_statement(body, "x", "y", 0, &fault);
		(void)e; /* either verdict is right; it must not crash */
		json_decref(body);
	}
	try_header(text, len - 1);
	try_agreement(text, len - 1);
	free(text);
	return 0;
}
