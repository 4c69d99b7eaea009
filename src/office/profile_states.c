/* states.json: what a case can be, and the arrows between. The program's own rules need some of them to be there. */
#include "office/profile_read.h"

#include "base/util.h"

#include <string.h>

static const char *const phase_keys[] = { "intake", "inquiry", "decision", "follow_up", "closed", NULL };
/* Classes of assets/_parts.scss. */
static const char *const tones[] = { "new", "info", "active", "waiting", "done", "refused", "closed", NULL };

/* Moves that the program makes by itself when something is done: without them it could not go on. */
static const char *const needed[] = { "register", "admit", "ask_agency", "agency_replied", "close", "reopen" };

const char *phase_key(enum phase phase)
{
	return phase_keys[phase];
}

static size_t read_word(
    struct reader *r, const struct at *at, const json_t *object, const char *key, const char *const *words)
{
	const char *text = read_text(r, at, object, key);
	char all[160] = "";
	size_t i = 0;
	while (words[i] && strcmp(words[i], text) != 0)
		i++;
	if (words[i])
		return i;
	for (size_t w = 0; words[w]; w++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", w ? ", " : "", words[w]);
	if (*text)
		read_mistake(r, at, key, N_("One of these words is expected here: {words}."), "words", all);
	return 0;
}

static void read_state_rows(struct reader *r, const json_t *top, struct profile *p)
{
	static const char *const keys[] = { "key", "name", "person", "tone", "phase", NULL };
	const json_t *rows = read_array(r, NULL, top, "states");
	const struct at list = { NULL, "states", 0 };
	p->states = json_array_size(rows);
	struct state *s = arena_alloc(r->arena, (p->states + 1) * sizeof(*s));
	for (size_t i = 0; i < p->states; i++) {
		const struct at here = { &list, NULL, i };
		const json_t *row = json_array_get(rows, i);
		read_only_keys(r, &here, row, keys);
		s[i].key = read_key(r, &here, row, "key");
		s[i].name = read_names(r, &here, row, "name");
		s[i].person = read_names(r, &here, row, "person");
		s[i].tone = tones[read_word(r, &here, row, "tone", tones)];
		s[i].phase = (enum phase)read_word(r, &here, row, "phase", phase_keys);
	}
	p->state = s;
	if (p->states)
		read_unique(r, &list, &s[0].key, p->states, sizeof(*s));
}

static const struct state *read_state(struct reader *r, const struct at *at, const struct profile *p, const char *key)
{
	const struct state *state = profile_state(p, key);
	if (!state && key && *key)
		read_mistake(r, at, NULL, N_("There is no state “{state}”."), "state", key);
	return state;
}

static void read_from(
    struct reader *r, const struct at *row_at, const json_t *row, const struct profile *p, struct move *move)
{
	const json_t *froms = read_array(r, row_at, row, "from");
	const struct at list = { row_at, "from", 0 };
	const struct state **from = arena_alloc(r->arena, (json_array_size(froms) + 1) * sizeof(*from));
	for (size_t i = 0; i < json_array_size(froms); i++) {
		const struct at here = { &list, NULL, i };
		const char *key = json_string_value(json_array_get(froms, i));
		from[move->froms] = read_state(r, &here, p, key ? key : "?");
		if (from[move->froms])
			move->froms++;
	}
	move->from = from;
}

static bool flag(struct reader *r, const struct at *at, const json_t *row, const char *key)
{
	return json_object_get(row, key) && read_bool(r, at, row, key);
}

static void read_move_rows(struct reader *r, const json_t *top, struct profile *p)
{
	static const char *const keys[] = { "key", "name", "from", "to", "manual", "reason", "told", NULL };
	const json_t *rows = read_array(r, NULL, top, "moves");
	const struct at list = { NULL, "moves", 0 };
	p->moves = json_array_size(rows);
	struct move *m = arena_alloc(r->arena, (p->moves + 1) * sizeof(*m));
	for (size_t i = 0; i < p->moves; i++) {
		const struct at here = { &list, NULL, i }, to = { &here, "to", 0 };
		const json_t *row = json_array_get(rows, i);
		read_only_keys(r, &here, row, keys);
		m[i].key = read_key(r, &here, row, "key");
		m[i].name = read_names(r, &here, row, "name");
		read_from(r, &here, row, p, &m[i]);
		m[i].to = read_state(r, &to, p, read_text(r, &here, row, "to"));
		m[i].manual = flag(r, &here, row, "manual");
		m[i].reason = flag(r, &here, row, "reason");
		m[i].told = flag(r, &here, row, "told");
	}
	p->move = m;
}

/* --- the drawing as a whole -------------------------------------------------------------------------------------- */

static bool leaves(const struct move *move, const struct state *from)
{
	for (size_t i = 0; i < move->froms; i++)
		if (move->from[i] == from)
			return true;
	return false;
}

static void check_arrows(struct reader *r, const struct profile *p)
{
	for (size_t a = 0; a < p->moves; a++) {
		const struct at list = { NULL, "moves", 0 }, here = { &list, NULL, a };
		for (size_t i = 0; i < p->move[a].froms; i++) {
			const struct move *first = profile_move(p, p->move[a].from[i], p->move[a].key);
			if (first && first != &p->move[a])
				read_mistake(r, &here, "from", N_("The move leads from “{state}” twice."), "state",
				    p->move[a].from[i]->key);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(needed); i++)
		if (!profile_has_move(p, needed[i]))
			read_mistake(r, NULL, "moves", N_("The program needs a move “{move}”."), "move", needed[i]);
}

/* Marks every state from which `goal` is reached (back), or which is reached from it. */
static void spread(const struct profile *p, bool *mark, bool back)
{
	bool grew = true;
	while (grew) {
		grew = false;
		for (size_t a = 0; a < p->moves; a++) {
			const struct move *m = &p->move[a];
			for (size_t i = 0; m->to && i < m->froms; i++) {
				size_t from = (size_t)(m->from[i] - p->state), to = (size_t)(m->to - p->state);
				size_t known = back ? to : from, found = back ? from : to;
				if (mark[known] && !mark[found])
					mark[found] = grew = true;
			}
		}
	}
}

static void check_ways(struct reader *r, const struct profile *p)
{
	bool *begun = arena_alloc(r->arena, p->states + 1), *ends = arena_alloc(r->arena, p->states + 1);
	const struct at list = { NULL, "states", 0 };
	if (!p->states || strcmp(p->state[0].key, "received") != 0 || p->state[0].phase != PHASE_INTAKE)
		read_mistake(
		    r, NULL, "states", N_("The first state is “received”, in the phase “intake”."), NULL, NULL);
	const struct state *closed = profile_state(p, "closed");
	if (!closed || closed->phase != PHASE_CLOSED)
		read_mistake(r, NULL, "states", N_("There is a state “closed”, in the phase “closed”."), NULL, NULL);
	if (r->count || !p->states || !closed)
		return;
	begun[0] = true;
	ends[closed - p->state] = true;
	spread(p, begun, false);
	spread(p, ends, true);
	for (size_t i = 0; i < p->states; i++) {
		const struct at here = { &list, NULL, i };
		if (!begun[i])
			read_mistake(r, &here, NULL, N_("No case can come to this state."), NULL, NULL);
		if (!ends[i])
			read_mistake(
			    r, &here, NULL, N_("A case cannot be closed any more from this state."), NULL, NULL);
	}
}

void read_states_json(struct reader *r, struct profile *p)
{
	static const char *const keys[] = { "states", "moves", NULL };
	const json_t *top = read_file(r, "states.json");
	if (!top)
		return;
	read_only_keys(r, NULL, top, keys);
	read_state_rows(r, top, p);
	read_move_rows(r, top, p);
	check_arrows(r, p);
	check_ways(r, p);
}

const struct move *profile_move(const struct profile *p, const struct state *from, const char *key)
{
	for (size_t i = 0; i < p->moves; i++)
		if (!strcmp(p->move[i].key, key) && leaves(&p->move[i], from))
			return &p->move[i];
	return NULL;
}

bool profile_has_move(const struct profile *p, const char *key)
{
	for (size_t i = 0; i < p->moves; i++)
		if (!strcmp(p->move[i].key, key))
			return true;
	return false;
}
