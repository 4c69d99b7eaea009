/*
 * Settings and circumstances of an office that are allowed and yet dangerous (trap 22): said at each start and on the
 * administrator's page, in words that tell what to do. The rule is pure; safety_look gathers what it asks.
 *
 *     struct danger danger[SAFETY_MAX];
 *     size_t n = safety_check(&facts, danger);
 */
#ifndef SULH_OFFICE_SAFETY_H
#define SULH_OFFICE_SAFETY_H

#include "base/config.h"

#include <stdbool.h>
#include <stddef.h>

struct safety_facts {
	const struct config *config;
	bool clock_moved;   /* SULH_NOW_OFFSET_MS is set */
	bool readable_keys; /* keys.json or sulh.conf can be read by others on this machine */
	size_t mixed;       /* active officers who manage accounts and also read complaints */
};

struct danger {
	const char *setting; /* key of the setting, "keys.json", "roles" …: names the thing, in no language */
	const char *words;   /* message key: what may happen, and what to do */
};
#define SAFETY_MAX 12

size_t safety_check(const struct safety_facts *, struct danger out[SAFETY_MAX]);

struct office;
struct db_tx;
enum err safety_look(struct office *, struct db_tx *, struct safety_facts *ret_facts) MUST_CHECK;
/* One warning in the log for each danger. */
void safety_log(struct office *);

#endif
