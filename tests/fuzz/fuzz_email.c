/* Any bytes as a pasted e-mail: read or refused, never more than the form takes, and always text. */
#include "base/util.h"
#include "casework/email_paste.h"
#include "text/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(0);
	struct pasted_mail mail;
	text_init();
	if (email_paste_read(arena, (const char *)data, size, "Asia/Baku", &mail, NULL) == OK) {
		const char *const all[] = { mail.from_name, mail.from_email, mail.subject, mail.sent_on, mail.body };
		for (size_t i = 0; i < ARRAY_LEN(all); i++)
			if (!utf8_valid(all[i], strlen(all[i])))
				abort();
		if (utf8_length(mail.body) > EMAIL_BODY_MAX)
			abort();
	}
	arena_free(arena);
	return 0;
}
