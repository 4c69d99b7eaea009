/* The institution's units, and the states of a case with the arrows between them, as the profile has them. */
#include "base/util.h"
#include "casework/case_view.h"
#include "office/current.h"

#include <string.h>

/* --- units ------------------------------------------------------------------------------------------------------- */

static const char *kind_words(const char *kind)
{
	static const struct {
		const char *key, *words;
	} kinds[] = {
		{ "head_office", N_("Head office") },
		{ "department", N_("Department") },
		{ "regional_office", N_("Regional office") },
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].key, kind))
			return kinds[i].words;
	return kind;
}

static int depth_of(const struct unit *unit)
{
	int depth = 0;
	for (const struct unit *u = unit->above; u; u = u->above)
		depth++;
	return depth;
}

static enum err units_show(struct request *rq, struct reply *rp)
{
	const struct profile *profile = office_of(rq)->profile;
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_OFFICE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	json_t *view = json_object(), *list = json_array();
	for (size_t i = 0; i < profile->units; i++) {
		const struct unit *unit = &profile->unit[i];
		json_t *one = json_object();
		json_put_str(one, "code", unit->key);
		json_put_str(one, "unit_label", names_in(&unit->name, rq->lang));
		json_put_str(one, "kind_words", text_get(rq->lang, kind_words(unit->kind)));
		json_put_str(one, "region", unit->region);
		json_put_str(one, "above_label", unit->above ? names_in(&unit->above->name, rq->lang) : NULL);
		json_put_int(one, "depth", depth_of(unit));
		json_put_str(one, "unit_source", unit->source);
		json_put_bool(one, "confirmed", unit->confirmed);
		json_add(list, one);
	}
	view_put_list(view, "units", list);
	json_put_str(view, "title", text_get(rq->lang, N_("Units and regional offices")));
	return reply_view(rp, "office/units", view);
}

/* --- states ------------------------------------------------------------------------------------------------------ */

#define COLUMN 230 /* pixels: a phase's column, a state's row */
#define ROW 74
#define BOX_WIDTH 190
#define BOX_HEIGHT 44

struct place {
	int x, y;
};

/* A column for each phase; the states one below the other in the profile's order. */
static struct place *place_states(struct arena *arena, const struct profile *profile, int *ret_height)
{
	struct place *places = arena_alloc(arena, (profile->states + 1) * sizeof(*places));
	int rows[PHASE_MAX] = { 0 }, most = 0;
	for (size_t i = 0; i < profile->states; i++) {
		enum phase phase = profile->state[i].phase;
		places[i] = (struct place) { 10 + (int)phase * COLUMN, 34 + rows[phase]++ * ROW };
		if (rows[phase] > most)
			most = rows[phase];
	}
	*ret_height = 34 + most * ROW;
	return places;
}

static json_t *box_json(const struct state *state, enum lang lang, struct place at)
{
	json_t *box = json_object();
	json_put_str(box, "state_key", state->key);
	json_put_str(box, "state_label", names_in(&state->name, lang));
	json_put_str(box, "tone", state->tone);
	json_put_int(box, "x", at.x);
	json_put_int(box, "y", at.y);
	json_put_int(box, "text_x", at.x + BOX_WIDTH / 2);
	json_put_int(box, "text_y", at.y + BOX_HEIGHT / 2 + 4);
	return box;
}

/* From the side of one box to the side of the other; two of one column are joined by a bow to the right. */
static json_t *line_json(struct arena *arena, struct place from, struct place to)
{
	json_t *line = json_object();
	int y1 = from.y + BOX_HEIGHT / 2, y2 = to.y + BOX_HEIGHT / 2;
	int x1 = from.x + BOX_WIDTH, x2 = to.x, bend = 30;
	if (from.x == to.x)
		x2 = to.x + BOX_WIDTH;
	else if (from.x > to.x) {
		x1 = from.x;
		x2 = to.x + BOX_WIDTH;
		bend = -30;
	}
	json_put_str(line, "path",
	    arena_printf(arena, "M%d %d C%d %d %d %d %d %d", x1, y1, x1 + bend, y1,
		from.x == to.x ? x2 + bend : x2 - bend, y2, x2, y2));
	return line;
}

static void put_drawing(struct arena *arena, const struct profile *profile, enum lang lang, json_t *view)
{
	int height;
	struct place *places = place_states(arena, profile, &height);
	json_t *boxes = json_array(), *lines = json_array();
	for (size_t i = 0; i < profile->states; i++)
		json_add(boxes, box_json(&profile->state[i], lang, places[i]));
	for (size_t a = 0; a < profile->moves; a++)
		for (size_t i = 0; i < profile->move[a].froms; i++)
			json_add(lines, line_json(arena, places[profile->move[a].from[i] - profile->state],
					    places[profile->move[a].to - profile->state]));
	json_put(view, "boxes", boxes);
	json_put(view, "lines", lines);
	json_put_int(view, "drawing_width", PHASE_MAX * COLUMN);
	json_put_int(view, "drawing_height", height);
}

static const char *phase_words(enum phase phase)
{
	static const char *const words[PHASE_MAX] = { [PHASE_INTAKE] = N_("Intake"),
		[PHASE_INQUIRY] = N_("Inquiry"),
		[PHASE_DECISION] = N_("Decision"),
		[PHASE_FOLLOW_UP] = N_("Follow-up"),
		[PHASE_CLOSED] = N_("Closed") };
	return words[phase];
}

static void put_phases(enum lang lang, json_t *view)
{
	json_t *list = json_array();
	for (enum phase p = 0; p < PHASE_MAX; p++) {
		json_t *one = json_object();
		json_put_str(one, "phase_label", text_get(lang, phase_words(p)));
		json_put_int(one, "text_x", 10 + (int)p * COLUMN + BOX_WIDTH / 2);
		json_add(list, one);
	}
	json_put(view, "phases", list);
}

static json_t *arrow_json(struct arena *arena, const struct move *move, enum lang lang)
{
	json_t *one = json_object(), *from = json_array();
	char *words = arena_strdup(arena, "");
	json_put_str(one, "move_key", move->key);
	json_put_str(one, "move_label", names_in(&move->name, lang));
	for (size_t i = 0; i < move->froms; i++) {
		const char *name = names_in(&move->from[i]->name, lang);
		words = i ? text_format(arena, lang, N_("{first}, {second}"), "first", words, "second", name, NULL)
			  : arena_strdup(arena, name);
		json_add(from, json_string(move->from[i]->key));
	}
	json_put(one, "from", from);
	json_put_str(one, "from_words", words);
	json_put_str(one, "to_key", move->to->key);
	json_put_str(one, "to", names_in(&move->to->name, lang));
	json_put_bool(one, "manual", move->manual);
	json_put_bool(one, "needs_reason", move->reason);
	json_put_bool(one, "told", move->told);
	return one;
}

static enum err states_show(struct request *rq, struct reply *rp)
{
	const struct profile *profile = office_of(rq)->profile;
	struct fault fault = { 0 };
	if (may(actor_of(rq), ACT_OFFICE_READ, NULL, &fault))
		return reply_fault(rp, &fault);
	json_t *view = json_object(), *states = json_array(), *moves = json_array();
	for (size_t i = 0; i < profile->states; i++) {
		json_t *one = case_state_json(rq->lang, &profile->state[i]);
		json_put_str(one, "phase_label", text_get(rq->lang, phase_words(profile->state[i].phase)));
		json_put_str(one, "person_words", names_in(&profile->state[i].person, rq->lang));
		json_add(states, one);
	}
	for (size_t i = 0; i < profile->moves; i++)
		json_add(moves, arrow_json(rq->arena, &profile->move[i], rq->lang));
	json_put(view, "states", states);
	json_put(view, "moves", moves);
	put_phases(rq->lang, view);
	put_drawing(rq->arena, profile, rq->lang, view);
	json_put_str(view, "title", text_get(rq->lang, N_("States of a case")));
	return reply_view(rp, "office/states", view);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/office/units", units_show, WHO_STAFF, 0, 0, "Units and regional offices." },
	{ METHOD_GET, "/api/v1/office/units", units_show, WHO_PROGRAM, 0, 0, "Units and regional offices." },
	{ METHOD_GET, "/desk/office/states", states_show, WHO_STAFF, 0, 0, "States of a case and the steps between." },
	{ METHOD_GET, "/api/v1/office/states", states_show, WHO_PROGRAM, 0, 0,
	    "States of a case and the steps between." },
};
const struct route_table office_page_routes = { routes, ARRAY_LEN(routes) };
