/* Two tabs of a case: whose it is (team) and how it hangs together with others, with what may follow a decision
 * (links). */
#include "casework/flow_view.h"

#include "assignment.sql.h"
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/assignment.h"
#include "casework/case_acts.h"
#include "casework/link.h"
#include "casework/review.h"
#include "link.sql.h"
#include "office/journal.h"
#include "review.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define LINKS_SHOWN 100 /* the newest; an inquiry of the office's own may gather thousands */

static bool allowed(const struct case_viewing *v, enum act act)
{
	const struct object object = casefile_object(v->c);
	return may(v->act->actor, act, &object, NULL) == OK;
}

json_t *flow_codes_json(const struct codes *codes, enum lang lang)
{
	json_t *list = json_array();
	for (size_t i = 0; codes && i < codes->count; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", codes->at[i].key);
		json_put_str(one, "code_label", names_in(&codes->at[i].name, lang));
		json_put_bool(one, "chosen", false);
		json_add(list, one);
	}
	return list;
}

/* --- forms that come back ---------------------------------------------------------------------------------------- */

static void choose(json_t *list, const char *typed)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	    json_put_bool(one, "chosen", typed && !strcmp(typed, json_str_or(one, "code", "")));
}

void flow_fill_again(const struct request *rq, json_t *view)
{
	const char *way = request_form(rq, "way");
	json_t *one;
	size_t i;
	choose(json_object_get(view, "reopen_grounds"), request_form(rq, "reopen_ground"));
	choose(json_object_get(view, "withdrawal_grounds"), request_form(rq, "withdraw_ground"));
	json_array_foreach(json_object_get(view, "reviews"), i, one)
	    choose(json_object_get(one, "outcomes"), request_form(rq, "outcome"));
	for (const char *const *list = (const char *const[]) { "ways", "review_ways", NULL }; *list; list++) {
		json_array_foreach(json_object_get(view, *list), i, one)
		{
			bool again = way && !strcmp(way, json_str_or(one, "code", ""));
			json_put_bool(one, "tried", again);
			choose(json_object_get(one, "grounds"), again ? request_form(rq, "ground") : NULL);
		}
	}
	json_array_foreach(json_object_get(view, "joined"), i, one)
	{
		const char *letter = request_form(rq, json_str_or(one, "letter_field", ""));
		if (letter)
			json_put_str(one, "letter", letter);
	}
}

/* --- whose it is ------------------------------------------------------------------------------------------------- */

static const char *part_words(const char *part)
{
	static const struct {
		const char *key, *words;
	} parts[] = {
		{ "member", N_("Member of the team") },
		{ "mediator", N_("Mediator") },
		{ "reviewer", N_("Reviewer") },
	};
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (!strcmp(parts[i].key, part))
			return parts[i].words;
	return part;
}

static enum err put_team(const struct case_viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *team = json_array();
	bool may_assign = allowed(v, ACT_CASE_ASSIGN) && v->c->state->phase != PHASE_CLOSED;
	enum err e = db_query(v->act->tx, &sql_member_list, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		const struct unit *unit = profile_unit(profile, db_col_text(rows, 5));
		int64_t until = db_col_int(rows, 4);
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "officer", db_col_text(rows, 1));
		json_put_str(one, "part", text_get(v->lang, part_words(db_col_text(rows, 2))));
		json_put_str(one, "unit_name", unit ? names_in(&unit->name, v->lang) : NULL);
		view_put_day(v->act, v->lang, one, "since", db_col_int(rows, 3));
		view_put_day(v->act, v->lang, one, "until", until);
		json_put_bool(one, "can_end", may_assign && !until);
		json_add(team, one);
	}
	view_put_list(v->view, "team", team);
	return e ? e : db_rows_error(rows);
}

static json_t *units_json(const struct case_viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	json_t *list = json_array();
	for (size_t i = 0; i < profile->units; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->unit[i].key);
		json_put_str(one, "unit_label", names_in(&profile->unit[i].name, v->lang));
		json_put_bool(one, "chosen", !strcmp(profile->unit[i].key, v->c->unit));
		json_add(list, one);
	}
	return list;
}

static enum err put_proposal(const struct case_viewing *v)
{
	json_t *proposal, *staff, *one;
	size_t i;
	enum err e = assignment_propose(v->act, v->lang, v->c, &proposal);
	if (e)
		return e;
	json_put(v->view, "proposal", proposal);
	e = staff_list(v->act->tx, NULL, &staff);
	if (e)
		return e;
	json_array_foreach(staff, i, one) json_put_bool(one, "chosen", json_int_or(one, "id", 0) == v->c->assigned_to);
	json_put(v->view, "staff", staff);
	json_put(v->view, "units", units_json(v));
	return OK;
}

static enum err put_lead(const struct case_viewing *v)
{
	struct staff staff;
	const struct unit *unit = profile_unit(v->act->office->profile, v->c->unit);
	enum err e = v->c->assigned_to ? staff_load(v->act->tx, v->c->assigned_to, &staff) : ERR_NOT_FOUND;
	json_put_str(v->view, "lead_name", e ? NULL : staff.name);
	json_put_str(v->view, "unit_name", unit ? names_in(&unit->name, v->lang) : NULL);
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err fill_team(const struct case_viewing *v)
{
	bool can = allowed(v, ACT_CASE_ASSIGN) && v->c->state->phase != PHASE_CLOSED;
	json_put_bool(v->view, "can_assign", can);
	enum err e = put_lead(v);
	if (!e)
		e = put_team(v);
	return e || !can ? e : put_proposal(v);
}

/* --- links ------------------------------------------------------------------------------------------------------- */

/* Who a person of another case is was read too. */
static void journal_other(const struct case_viewing *v, int64_t casefile_id)
{
	char object[64];
	journal_read_later(v->act->office->reads, v->act->now, v->act->actor->tag, "casefile.read",
	    journal_object(object, "casefile", casefile_id));
}

static json_t *link_json(const struct case_viewing *v, const struct db_rows *rows, const struct casefile *other,
    bool readable, bool may_link)
{
	enum link_kind kind;
	int64_t undone = db_col_int(rows, 7);
	bool from_here = db_col_int(rows, 1) == v->c->id;
	json_t *one = json_object();
	if (!link_kind_parse(db_col_text(rows, 3), &kind))
		return one;
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_str(one, "kind_key", link_kinds[kind]);
	json_put_bool(one, "from_here", from_here);
	json_put_str(one, "words", text_get(v->lang, link_kind_words(kind, from_here)));
	json_put_str(one, "number", other->number);
	if (readable) {
		json_put_str(one, "link", arena_printf(v->act->arena, "/desk/cases/%" PRId64, other->id));
		json_put_str(one, "person", other->person_name);
		json_put(one, "state", case_state_json(v->lang, other->state));
	}
	json_put_str(one, "why", *db_col_text(rows, 4) ? db_col_text(rows, 4) : NULL);
	json_put_str(one, "by", db_col_text(rows, 6));
	view_put_day(v->act, v->lang, one, "added", db_col_int(rows, 5));
	view_put_day(v->act, v->lang, one, "undone", undone);
	json_put_str(one, "undone_by", undone ? db_col_text(rows, 8) : NULL);
	json_put_str(one, "undo_why", undone ? db_col_text(rows, 9) : NULL);
	json_put_bool(one, "can_undo", may_link && readable && !undone);
	return one;
}

/* A case that is kept from the reader is not even named. */
enum err link_list(const struct case_viewing *v, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	bool may_link = allowed(v, ACT_CASE_LINK);
	enum err e = db_query(v->act->tx, &sql_link_of_case, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && json_array_size(list) < LINKS_SHOWN && db_next(rows)) {
		struct casefile other;
		int64_t id = db_col_int(rows, 1) == v->c->id ? db_col_int(rows, 2) : db_col_int(rows, 1);
		e = casefile_load(v->act->office, v->act->tx, v->act->arena, id, &other);
		if (e)
			break;
		const struct object object = casefile_object(&other);
		if (conflicts(v->act->actor, &object))
			continue;
		bool readable = may(v->act->actor, ACT_CASE_READ, &object, NULL) == OK;
		if (readable)
			journal_other(v, other.id);
		json_add(list, link_json(v, rows, &other, readable, may_link));
	}
	if (!e)
		e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}

/* What a letter to one of the joined begins with: the profile's, in the person's language. */
static char *closing_letter(const struct case_viewing *v, const struct casefile *c)
{
	const struct profile *profile = v->act->office->profile;
	enum lang theirs = case_person_lang(v->act, c);
	json_t *values = json_object();
	json_put_str(values, "number", c->number);
	json_put_str(values, "name", c->person_name);
	json_put_str(values, "office", names_in(&profile->name, theirs));
	json_put_str(values, "date", date_long(v->act->arena, theirs, profile->calendar.zone, c->received_at));
	json_put_str(values, "body", case_body_label(v->act, theirs, c->body_key, c->body_name));
	json_put_str(values, "address", names_in(&profile->contact.address, theirs));
	char *text = letter_text(v->act->arena, profile, theirs, "closing", values);
	json_decref(values);
	return text;
}

static json_t *joined_json(const struct case_viewing *v, const struct casefile *c, size_t slot)
{
	enum lang theirs = case_person_lang(v->act, c);
	json_t *one = json_object();
	json_put_int(one, "id", c->id);
	json_put_str(one, "number", c->number);
	json_put_str(one, "person", c->person_name);
	json_put_str(one, "lang_code", lang_code(theirs));
	json_put_str(one, "lang_words", lang_name(theirs));
	json_put_str(one, "joined_field", arena_printf(v->act->arena, "joined_%zu", slot));
	json_put_str(one, "letter_field", arena_printf(v->act->arena, "letter_%zu", slot));
	json_put_str(one, "letter", closing_letter(v, c));
	return one;
}

static enum err put_joined(const struct case_viewing *v)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	size_t slot = 0, hidden = 0;
	enum err e =
	    db_query(v->act->tx, &sql_link_joined_open, DB_ARGS(db_int(v->c->id), db_int(JOINT_MAX + 1)), &rows);
	while (!e && db_next(rows)) {
		struct casefile other;
		e = casefile_load(v->act->office, v->act->tx, v->act->arena, db_col_int(rows, 0), &other);
		if (e)
			break;
		const struct object object = casefile_object(&other);
		if (may(v->act->actor, ACT_CASE_WORK, &object, NULL) || slot == JOINT_MAX)
			hidden++;
		else {
			journal_other(v, other.id);
			json_add(list, joined_json(v, &other, ++slot));
		}
	}
	json_put_bool(v->view, "joined_beyond", hidden > 0);
	view_put_list(v->view, "joined", list);
	return e ? e : db_rows_error(rows);
}

static json_t *closings_json(const struct case_viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	json_t *list = json_array();
	for (size_t i = 0; i < profile->closings; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->closing[i].key);
		json_put_str(one, "closing_label", names_in(&profile->closing[i].name, v->lang));
		json_add(list, one);
	}
	return list;
}

/* --- review ------------------------------------------------------------------------------------------------------ */

json_t *review_way_json(
    const struct casefile_act *act, enum lang lang, const struct review_way *way, const struct review_case *facts)
{
	bool late = facts->file_due_at != CLOCK_OPEN && act->now > facts->file_due_at;
	json_t *one = json_object();
	json_put_str(one, "code", way->key);
	json_put_str(one, "way_label", names_in(&way->name, lang));
	json_put_str(one, "what_next", names_in(&way->next, lang));
	json_put_str(one, "source", way->source);
	json_put_bool(one, "confirmed", way->confirmed);
	json_put_bool(one, "outside", way->outside);
	json_put_bool(one, "late", late);
	json_put_bool(one, "condonable", way->condonable);
	json_put_bool(one, "tried", false);
	if (facts->file_due_at != CLOCK_OPEN)
		view_put_day(act, lang, one, "until", facts->file_due_at);
	json_put(one, "grounds", flow_codes_json(way->grounds, lang));
	return one;
}

static enum err put_ways(const struct case_viewing *v)
{
	const struct review_rules *rules = v->act->office->profile->review;
	json_t *list = json_array();
	enum err e = OK;
	bool can = allowed(v, ACT_CASE_REVIEW);
	for (size_t i = 0; !e && can && i < rules->ways; i++) {
		const struct review_way *way = &rules->way[i];
		struct review_case facts;
		bool late;
		e = review_case_load(v->act, v->c, way, &facts);
		if (!e && review_may_file(way, &facts, v->act->now, true, &late, NULL) == OK)
			json_add(list, review_way_json(v->act, v->lang, way, &facts));
	}
	view_put_list(v->view, "ways", list);
	return e;
}

static const char *reviewer_state(const struct case_viewing *v, const struct review *r)
{
	if (!strcmp(r->state, "withdrawn"))
		return N_("Taken back");
	if (!review_is_open(r))
		return N_("Decided");
	return r->reviewer || v == NULL ? N_("With the reviewer") : N_("Waiting");
}

static json_t *outcomes_json(const struct review_way *way, enum lang lang)
{
	json_t *list = json_array();
	for (size_t i = 0; i < way->outcomes; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", way->outcome[i].key);
		json_put_str(one, "outcome_label", names_in(&way->outcome[i].name, lang));
		json_put_bool(one, "chosen", false);
		json_add(list, one);
	}
	return list;
}

static void put_review_dates(const struct case_viewing *v, const struct review *r, json_t *one)
{
	view_put_day(v->act, v->lang, one, "filed", r->filed_at);
	view_put_day(v->act, v->lang, one, "original", r->original_at);
	view_put_day(v->act, v->lang, one, "due", r->due_at);
	view_put_day(v->act, v->lang, one, "decided", r->decided_at);
	view_put_day(v->act, v->lang, one, "stay_until", r->stay_until);
	json_put_bool(one, "stayed", r->stay_until && !r->stay_ended_at);
	json_put_bool(one, "overdue", review_is_open(r) && r->due_at && v->act->now > r->due_at);
}

json_t *review_json(const struct case_viewing *v, const struct review *r)
{
	const struct review_way *way = review_way_find(v->act->office->profile->review, r->way);
	const struct code *ground = way ? codes_find(way->grounds, r->ground) : NULL;
	const struct review_outcome *outcome = way ? review_outcome_find(way, r->outcome) : NULL;
	const struct actor *actor = v->act->actor;
	bool may_review = allowed(v, ACT_CASE_REVIEW), open = review_is_open(r), outside = way && way->outside;
	json_t *one = json_object();
	json_put_int(one, "id", r->id);
	json_put_str(one, "way", r->way);
	json_put_str(one, "way_label", way ? names_in(&way->name, v->lang) : r->way);
	json_put_str(one, "state_key", r->state);
	json_put_str(one, "state_words", text_get(v->lang, reviewer_state(v, r)));
	json_put_bool(one, "open", open);
	json_put_bool(one, "by_person", !strcmp(r->by, "person"));
	json_put_str(one, "ground", ground ? names_in(&ground->name, v->lang) : r->ground);
	json_put_str(one, "asked_words", *r->words ? r->words : NULL);
	json_put_str(one, "late_why", r->late ? r->late_reason : NULL);
	json_put_str(one, "reviewer", *r->reviewer_name ? r->reviewer_name : NULL);
	json_put_str(one, "outcome", outcome ? names_in(&outcome->name, v->lang) : NULL);
	json_put_str(one, "outcome_key", *r->outcome ? r->outcome : NULL);
	json_put_str(one, "outcome_why", *r->outcome_words ? r->outcome_words : NULL);
	put_review_dates(v, r, one);
	json_put_bool(one, "can_name", open && !outside && may_review);
	json_put_bool(one, "can_decide",
	    open && (outside ? may_review : r->reviewer && actor->kind == ACTOR_STAFF && r->reviewer == actor->id));
	json_put_bool(one, "can_withdraw", open && may_review);
	if (open && way)
		json_put(one, "outcomes", outcomes_json(way, v->lang));
	return one;
}

static enum err put_reviews(const struct case_viewing *v)
{
	struct review *all;
	size_t n;
	json_t *list = json_array();
	bool named = false;
	enum err e = review_load_all(v->act, v->c->id, &all, &n);
	for (size_t i = 0; !e && i < n; i++) {
		json_t *one = review_json(v, &all[i]);
		named = named || json_bool_or(one, "can_name", false);
		json_add(list, one);
	}
	view_put_list(v->view, "reviews", list);
	json_put_bool(v->view, "names_reviewer", named);
	return e;
}

/* Who may review and who not, each with the reason: the list that a head chooses from. */
static enum err put_reviewers(const struct case_viewing *v)
{
	const struct review_rules *rules = v->act->office->profile->review;
	const struct involved *involved;
	json_t *staff, *one, *may_take = json_array(), *kept = json_array();
	size_t n, i;
	enum err e = involved_load(v->act, v->c, &involved, &n);
	if (!e)
		e = staff_list(v->act->tx, NULL, &staff);
	if (e)
		return e;
	json_array_foreach(staff, i, one)
	{
		struct fault fault = { 0 };
		int64_t id = json_int_or(one, "id", 0);
		if (!review_role_fits(v->act->office->profile, json_str_or(one, "roles", "")))
			continue;
		if (review_may_take(rules, involved, n, id, json_str_or(one, "name", ""), &fault) == OK) {
			json_add(may_take, json_incref(one));
			continue;
		}
		json_t *row = json_object();
		json_put_str(row, "why", text_fault(v->act->arena, v->lang, &fault));
		json_add(kept, row);
	}
	json_decref(staff);
	view_put_list(v->view, "reviewers", may_take);
	view_put_list(v->view, "kept_from_review", kept);
	return OK;
}

/* --- the tab ----------------------------------------------------------------------------------------------------- */

static void put_reopen(const struct case_viewing *v)
{
	const struct profile *profile = v->act->office->profile;
	bool can = allowed(v, ACT_CASE_REOPEN) && profile_move(profile, v->c->state, "reopen");
	json_put_bool(v->view, "can_reopen", can);
	if (can)
		json_put(v->view, "reopen_grounds", flow_codes_json(profile->review->reopen_grounds, v->lang));
}

static enum err put_withdrawal(const struct case_viewing *v)
{
	bool said, can = allowed(v, ACT_CASE_WORK) && v->c->state->phase != PHASE_CLOSED;
	enum err e = review_withdrawal_said(v->act, v->c->id, &said);
	if (e)
		return e;
	json_put_bool(v->view, "can_withdraw_case", can && !said);
	if (can && !said)
		json_put(v->view, "withdrawal_grounds",
		    flow_codes_json(v->act->office->profile->review->withdrawal_grounds, v->lang));
	return OK;
}

static enum err fill_links(const struct case_viewing *v)
{
	json_t *links;
	bool can_link = allowed(v, ACT_CASE_LINK);
	enum err e = link_list(v, &links);
	if (e)
		return e;
	json_put_bool(v->view, "links_beyond", json_array_size(links) == LINKS_SHOWN);
	view_put_list(v->view, "links", links);
	json_put_bool(v->view, "can_link", can_link);
	json_put_bool(v->view, "can_derive", can_link && !v->c->withheld);
	e = put_joined(v);
	json_put_bool(v->view, "can_close_together",
	    allowed(v, ACT_CASE_WORK) && json_bool_or(v->view, "has_joined", false) &&
		!json_bool_or(v->view, "joined_beyond", false));
	json_put(v->view, "closings", closings_json(v));
	put_reopen(v);
	if (!e)
		e = put_withdrawal(v);
	if (!e)
		e = put_reviews(v);
	if (!e && json_bool_or(v->view, "names_reviewer", false))
		e = put_reviewers(v);
	return e ? e : put_ways(v);
}

const struct case_tab team_tab = { "team", N_("Team"), ACT_CASE_READ, "case/team", fill_team };
const struct case_tab links_tab = { "links", N_("Links and review"), ACT_CASE_READ, "case/links", fill_links };
