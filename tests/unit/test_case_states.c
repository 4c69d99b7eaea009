/* Both profiles' states of a case, arrow by arrow from the data: every one allowed is walked, every other refused. */
#include "../lib/desk.h"

static const char *const profiles[] = { "az-commissioner", "pk-wafaqi-mohtasib" };

/* The moves that lead from the first state to `to`, the shortest way; how many. */
#define WAY_MAX 32

static size_t way_to(const struct profile *p, const struct state *to, const struct move *way[WAY_MAX])
{
	const struct move *by[64] = { NULL };
	const struct state *from[64] = { NULL }, *queue[64];
	size_t head = 0, tail = 0, n = 0;
	queue[tail++] = &p->state[0];
	from[0] = &p->state[0];
	while (head < tail) {
		const struct state *at = queue[head++];
		for (size_t a = 0; a < p->moves; a++) {
			const struct move *m = profile_move(p, at, p->move[a].key);
			if (m != &p->move[a] || from[m->to - p->state])
				continue;
			from[m->to - p->state] = at;
			by[m->to - p->state] = m;
			queue[tail++] = m->to;
		}
	}
	assert_non_null(from[to - p->state]); /* reachable at all */
	for (const struct state *at = to; at != &p->state[0]; at = from[at - p->state])
		way[n++] = by[at - p->state];
	for (size_t i = 0; i < n / 2; i++) {
		const struct move *other = way[i];
		way[i] = way[n - 1 - i];
		way[n - 1 - i] = other;
	}
	return n;
}

struct walk {
	const struct profile *p;
	const struct state *from;
	const struct move *arrow;
	const struct move *way[WAY_MAX];
	size_t steps, refused;
	int line; /* where it went wrong: works run in the writer's thread, where cmocka cannot fail */
};

#define HOLDS(what_)                                                                                                   \
	do {                                                                                                           \
		if (!(what_)) {                                                                                        \
			walk->line = __LINE__;                                                                         \
			return ERR_INTERNAL;                                                                           \
		}                                                                                                      \
	} while (0)

/* Every move that has no arrow from here is refused and changes nothing. */
static enum err try_all_others(const struct casefile_act *act, struct casefile *c, struct walk *walk)
{
	for (size_t a = 0; a < walk->p->moves; a++) {
		const char *key = walk->p->move[a].key;
		struct fault fault = { 0 };
		int64_t version = c->version;
		if (profile_move(walk->p, c->state, key))
			continue;
		HOLDS(casefile_move(act, c, key, 0, NULL, &fault) == ERR_CONFLICT);
		HOLDS(!strcmp(fault.field, "state") && c->state == walk->from && c->version == version);
		walk->refused++;
	}
	return OK;
}

static enum err walk_one(const struct casefile_act *act, struct casefile *c, void *arg)
{
	struct walk *walk = arg;
	struct casefile again;
	for (size_t i = 0; i < walk->steps; i++)
		HOLDS(casefile_move(act, c, walk->way[i]->key, 0, NULL, NULL) == OK);
	HOLDS(c->state == walk->from);
	enum err e = try_all_others(act, c, walk);
	if (e)
		return e;
	/* a page that is older than the case */
	HOLDS(c->version == 1 || casefile_move(act, c, walk->arrow->key, c->version - 1, NULL, NULL) == ERR_CONFLICT);
	HOLDS(casefile_move(act, c, walk->arrow->key, c->version, NULL, NULL) == OK);
	HOLDS(c->state == walk->arrow->to);
	HOLDS(casefile_load(act->office, act->tx, act->arena, c->id, &again) == OK);
	HOLDS(again.state == walk->arrow->to);
	HOLDS((again.closed_at != 0) == (walk->arrow->to->phase == PHASE_CLOSED));
	return OK;
}

static void every_arrow_is_walked_and_every_other_refused(void **state)
{
	for (size_t which = 0; which < ARRAY_LEN(profiles); which++) {
		struct desk desk;
		size_t walked = 0, refused = 0;
		desk_open(&desk, profiles[which]);
		const struct profile *p = desk.office->profile;
		const struct actor head = desk_staff(&desk, "head", "commissioner");
		for (size_t a = 0; a < p->moves; a++) {
			for (size_t i = 0; i < p->move[a].froms; i++) {
				struct walk walk = { .p = p, .from = p->move[a].from[i], .arrow = &p->move[a] };
				int64_t id = desk_file(&desk, (int)++walked, "State Oil Works");
				walk.steps = way_to(p, walk.from, walk.way);
				if (desk_do(&desk, &head, id, walk_one, &walk))
					fail_msg("%s: %s from %s: line %d", profiles[which], walk.arrow->key,
					    walk.from->key, walk.line);
				refused += walk.refused;
			}
		}
		assert_true(walked > p->states); /* as many cases as there are arrows */
		assert_true(refused > walked);
		desk_close(&desk);
	}
}

/* What the rules of the program look for stands in both; every state leads on to the end, and only the end is closed.
 */
static void both_profiles_can_be_worked_with(void **state)
{
	static const char *const needed[] = { "register", "admit", "close", "reopen", "open_review", "review_decided",
		"appeal_filed", "appeal_decided" };
	for (size_t which = 0; which < ARRAY_LEN(profiles); which++) {
		struct desk desk;
		desk_open(&desk, profiles[which]);
		const struct profile *p = desk.office->profile;
		for (size_t i = 0; i < ARRAY_LEN(needed); i++)
			assert_true(profile_has_move(p, needed[i]));
		for (size_t i = 0; i < p->states; i++) {
			const struct move *way[WAY_MAX];
			const struct state *closed;
			bool is_closed = p->state[i].phase == PHASE_CLOSED;
			assert_true(i == 0 || way_to(p, &p->state[i], way) > 0);
			assert_int_equal(
			    casefile_next(p, &p->state[i], "close", &closed, NULL), is_closed ? ERR_CONFLICT : OK);
			if (!is_closed)
				assert_int_equal(closed->phase, PHASE_CLOSED);
		}
		desk_close(&desk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_arrow_is_walked_and_every_other_refused),
		cmocka_unit_test(both_profiles_can_be_worked_with),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
