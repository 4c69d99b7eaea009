/* A profile loaded as a whole, and looked up by key. */
#include "office/profile.h"

#include "office/clock_change.h"
#include "office/profile_read.h"

#include <string.h>

#define PROFILE_LIMIT (32 * 1024 * 1024)

static void read_all(struct reader *r, struct profile *p)
{
	static void (*const parts[])(struct reader *, struct profile *) = {
		read_profile_json,
		read_calendar_json,
		read_clocks_json,
		read_closing_json,
		read_declarations_json,
		read_subjects_json,
		read_bodies_json, /* names subjects */
		read_referral_json,
		read_letters_json,
		read_states_json,
		read_roles_json,
		read_ladder_json,
		read_units_json,
		read_lists_json,
		read_admissibility_json,
		read_offices_json,
		read_assignment_json,
		read_review_json,
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](r, p);
}

static struct profile *profile_new(void)
{
	struct arena *arena = arena_new(PROFILE_LIMIT);
	struct profile *p = arena_alloc(arena, sizeof(*p));

	p->arena = arena;
	return p;
}

enum err profile_load(const char *dir, struct profile **ret_profile, struct fault *fault)
{
	struct profile *p = profile_new();
	struct fault first = { 0 };
	struct reader r = { .arena = p->arena, .dir = dir, .faults = &first, .room = 1 };

	read_all(&r, p);
	if (r.count == 0) {
		*ret_profile = p;
		return OK;
	}
	if (fault)
		*fault = first;
	profile_free(p);
	return ERR_INVALID;
}

void profile_free(struct profile *p)
{
	if (p)
		arena_free(p->arena);
}

enum err profile_check(const char *dir, struct fault *faults, size_t room, size_t *ret_count)
{
	struct profile *p = profile_new();
	struct reader r = { .arena = p->arena, .dir = dir, .faults = faults, .room = room };

	read_all(&r, p);
	profile_free(p);
	*ret_count = r.count;
	return r.err;
}

#define FIND(array, count_, key_)                                                                                      \
	do {                                                                                                           \
		for (size_t i_ = 0; (key_) && i_ < (count_); i_++)                                                     \
			if (!strcmp((array)[i_].key, (key_)))                                                          \
				return &(array)[i_];                                                                   \
		return NULL;                                                                                           \
	} while (0)

const struct body *profile_body(const struct profile *p, const char *key)
{
	FIND(p->body, p->bodies, key);
}

const struct subject *profile_subject(const struct profile *p, const char *key)
{
	FIND(p->subject, p->subjects, key);
}

const struct declaration *profile_declaration(const struct profile *p, const char *key)
{
	FIND(p->declaration, p->declarations, key);
}

const struct closing *profile_closing(const struct profile *p, const char *key)
{
	FIND(p->closing, p->closings, key);
}

const struct screening_question *profile_question(const struct profile *p, const char *key)
{
	FIND(p->question, p->questions, key);
}

const struct other_office *profile_other(const struct profile *p, const char *key)
{
	FIND(p->other, p->others, key);
}

const struct letter *profile_letter(const struct profile *p, const char *key)
{
	FIND(p->letter, p->letters, key);
}

const struct public_text *profile_text(const struct profile *p, const char *key)
{
	FIND(p->text, p->texts, key);
}

const struct state *profile_state(const struct profile *p, const char *key)
{
	FIND(p->state, p->states, key);
}

const struct role *profile_role(const struct profile *p, const char *key)
{
	FIND(p->role, p->roles, key);
}

const struct unit *profile_unit(const struct profile *p, const char *key)
{
	FIND(p->unit, p->units, key);
}

const struct code *codes_find(const struct codes *codes, const char *key)
{
	FIND(codes->at, codes->count, key);
}

const struct clock_rule *profile_clock(const struct profile *p, const char *key, int64_t day)
{
	return clock_rule_at(p->clock, p->clocks, key, day);
}

const struct code_list *profile_list(const struct profile *p, const char *key)
{
	FIND(p->list, p->lists, key);
}

bool profile_speaks(const struct profile *p, enum lang lang)
{
	for (size_t i = 0; i < p->languages_count; i++)
		if (p->languages[i] == lang)
			return true;
	return false;
}
