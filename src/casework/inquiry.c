/* What hearings, mediation, findings and recommendations share. */
#include "casework/inquiry.h"

#include "crypto/crypto.h"
#include "office/journal.h"

#include <string.h>

enum err inquiry_may_begin(enum phase phase, struct fault *fault)
{
	if (phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	if (phase == PHASE_INTAKE)
		return fault_set(
		    fault, ERR_CONFLICT, "state", N_("This is possible only after the complaint was admitted."), NULL);
	return OK;
}

enum err inquiry_may_go_on(enum phase phase, struct fault *fault)
{
	if (phase == PHASE_CLOSED)
		return fault_set(fault, ERR_CONFLICT, "state", N_("This case is closed."), NULL);
	return OK;
}

enum err inquiry_journal(const struct casefile_act *act, int64_t casefile_id, const char *name, const char *member,
    int64_t id, const char *state, const char *words)
{
	char object[64], digest[SHA256_HEX];
	json_t *payload = json_object();
	json_put_int(payload, member, id);
	if (state && *state)
		json_put_str(payload, "state", state);
	if (words && *words) {
		sha256_hex(digest, words, strlen(words));
		json_put_str(payload, "sha256", digest);
	}
	return journal_write(
	    act->tx, act->now, act->actor->tag, name, journal_object(object, "casefile", casefile_id), payload);
}

const char *inquiry_line(struct arena *arena, const char **at)
{
	while (**at) {
		size_t len = strcspn(*at, "\n"), skip = strspn(*at, " \t");
		const char *line = *at + (skip < len ? skip : len);
		size_t used = len - (size_t)(line - *at);
		*at += len + ((*at)[len] == '\n');
		while (used && (line[used - 1] == ' ' || line[used - 1] == '\t'))
			used--;
		if (used)
			return arena_strndup(arena, line, used);
	}
	return NULL;
}
