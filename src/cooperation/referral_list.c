/* Lists of referrals: those in work, those that are over, and what stands on a case's page. */
#include "base/util.h"
#include "casework/registry.h"
#include "cooperation/agreement_db.h"
#include "cooperation/referral_view.h"
#include "office/current.h"
#include "referral.sql.h"
#include "text/date.h"

#include <inttypes.h>
#include <string.h>

#define PAGE_ROWS 50

/* --- the page of all ---------------------------------------------------------------------------------------------- */

struct listing {
	const struct casefile_act *act;
	enum lang lang;
	json_t *rows;
	int64_t partner_id[PAGE_ROWS + 1];
	size_t n;
};

static json_t *clock_of(const struct listing *l, const struct db_rows *rows, bool undecided)
{
	int64_t decide_by = db_col_int(rows, 8), due = db_col_int(rows, 11);
	if (undecided && decide_by) {
		const struct case_clock_times times = { db_col_int(rows, 14), decide_by, 0, 48 };
		return case_clock_mark(l->act, l->lang, &times);
	}
	return due ? case_clock_running(l->act, l->lang, db_col_text(rows, 12), due, db_col_int(rows, 13)) : NULL;
}

static json_t *row_json(const struct listing *l, const struct db_rows *rows)
{
	json_t *one = json_object(), *packet = NULL;
	enum referral_state shown = REFERRAL_DRAFT;
	const char *text = db_col_text(rows, 10), *number = db_col_text(rows, 7), *theirs = db_col_text(rows, 5);
	bool home = !strcmp(db_col_text(rows, 1), "home"), over;
	if (!referral_state_parse(db_col_text(rows, 2), &shown) ||
	    json_parse(text, strlen(text), MESSAGE_BODY_LIMIT, &packet, NULL))
		packet = json_object();
	over = referral_state_over(shown);
	const char *subject_key = json_str_or(packet, "subject", "");
	json_put_int(one, "id", db_col_int(rows, 0));
	json_put_bool(one, "outgoing", home);
	json_put_str(one, "direction", text_get(l->lang, home ? N_("Outgoing") : N_("Incoming")));
	json_put(one, "state", referral_state_json(l->lang, shown));
	json_put_bool(one, "unconfirmed", strcmp(db_col_text(rows, 2), db_col_text(rows, 3)) != 0);
	json_put_str(one, "number", number ? number : theirs);
	json_put_str(one, "partner_number", *theirs ? theirs : NULL);
	json_put_str(one, "subject",
	    *subject_key ? code_name(l->act->office, "subjects", subject_key, l->lang,
			       office_day(l->act->office, db_col_int(rows, 9)))
			 : NULL);
	json_put_str(one, "changed",
	    date_long(l->act->arena, l->lang, l->act->office->profile->calendar.zone, db_col_int(rows, 9)));
	json_put(one, "clock", over ? json_null() : clock_of(l, rows, !home && db_col_null(rows, 6)));
	json_put_bool(one, "to_decide", !home && db_col_null(rows, 6) && !over);
	json_decref(packet);
	return one;
}

/* Partners are few: each is read once a page. */
static enum err put_partners(struct listing *l)
{
	struct partner known[16];
	size_t have = 0;
	enum err e = OK;
	for (size_t i = 0; !e && i < json_array_size(l->rows); i++) {
		size_t k = 0;
		while (k < have && known[k].id != l->partner_id[i])
			k++;
		if (k == have) {
			k = have < ARRAY_LEN(known) ? have++ : have - 1;
			e = partner_load(l->act->tx, l->act->arena, l->partner_id[i], &known[k]);
		}
		if (!e)
			json_put_str(json_array_get(l->rows, i), "partner_name",
			    partner_name(l->act->arena, &known[k], l->lang));
	}
	return e;
}

enum err referral_list_view(const struct casefile_act *act, enum lang lang, bool over, int64_t after, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct listing l = { .act = act, .lang = lang, .rows = json_array() };
	int64_t last = 0;
	bool more = false;
	int64_t from = over && !after ? INT64_MAX : after;
	json_put(view, "referrals", l.rows);
	enum err e =
	    db_query(act->tx, over ? &sql_referral_over_list : &sql_referral_open_list, DB_ARGS(db_int(from)), &rows);
	while (!e && db_next(rows)) {
		if (l.n == PAGE_ROWS) {
			more = true;
			break;
		}
		last = db_col_int(rows, 0);
		l.partner_id[l.n++] = db_col_int(rows, 4);
		json_add(l.rows, row_json(&l, rows));
	}
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		e = put_partners(&l);
	json_put_bool(view, "has_referrals", json_array_size(l.rows) > 0);
	json_put_bool(view, "show_over", over);
	if (more)
		json_put_int(view, "next_after", last);
	return e;
}

/* --- a case's page ------------------------------------------------------------------------------------------------ */

struct panel {
	const struct casefile_act *act;
	enum lang lang;
	json_t *list;
	bool open;
};

static enum err add_to_panel(struct referral *r, void *arg)
{
	struct panel *p = arg;
	struct partner partner;
	enum err e = partner_load(p->act->tx, p->act->arena, r->partner_id, &partner);
	if (e)
		return e;
	json_t *one = json_object();
	json_put_int(one, "id", r->id);
	json_put_bool(one, "outgoing", referral_is_home(r));
	json_put_str(one, "partner_name", partner_name(p->act->arena, &partner, p->lang));
	json_put_str(one, "partner_number", *r->partner_number ? r->partner_number : NULL);
	json_put(one, "state", referral_state_json(p->lang, r->view.shown));
	json_put_bool(one, "unconfirmed", r->view.shown != r->view.settled);
	json_add(p->list, one);
	p->open = p->open || !referral_state_over(r->view.shown);
	return OK;
}

/* Which agreement could carry this case: a hint where the body is outside the mandate, never a decision. */
static enum err put_suggestions(const struct panel *p, const struct casefile *c, json_t *panel)
{
	struct packet_source source;
	json_t *list;
	const struct body *body = registry_find(p->act->tx, p->act->office, p->act->arena, c->body_key);
	const char *country = body ? body->country : c->body_country;
	bool abroad = *country && strcmp(country, p->act->office->profile->country) != 0;
	enum err e = packet_source_load(p->act, c, &source);
	if (e)
		return e;
	const char *nationality = packet_source_value(&source, "nationality");
	const struct agreement_request person = { .kind = "referral",
		.nationality = nationality ? nationality : "",
		.residence = "",
		.subject = *c->subject ? c->subject : NULL };
	e = agreement_suggest(p->act, p->lang, &person, abroad ? country : NULL, &list);
	if (e)
		return e;
	json_put_bool(panel, "outside", (body && !body->in_mandate) || abroad);
	json_put_bool(panel, "has_suggestions", json_array_size(list) > 0);
	json_put(panel, "suggestions", list);
	return OK;
}

enum err referral_case_view(const struct casefile_act *act, enum lang lang, const struct casefile *c, json_t *view)
{
	struct panel p = { act, lang, json_array(), false };
	const struct object object = casefile_object(c);
	json_t *panel = json_object();
	json_put(panel, "rows", p.list);
	json_put(view, "referral_panel", panel);
	enum err e = c->has_referral ? referral_each(act->tx, act->arena, c->id, add_to_panel, &p) : OK;
	bool may_start =
	    !p.open && c->state->phase != PHASE_CLOSED && may(act->actor, ACT_REFERRAL_WORK, &object, NULL) == OK;
	json_put_bool(panel, "has_rows", json_array_size(p.list) > 0);
	json_put_bool(panel, "may_read", may(act->actor, ACT_REFERRAL_READ, &object, NULL) == OK);
	json_put_bool(panel, "may_start", may_start);
	if (!e && (may_start || c->state->phase == PHASE_INTAKE))
		e = put_suggestions(&p, c, panel);
	json_put_bool(panel, "show",
	    json_array_size(p.list) > 0 || may_start || json_is_true(json_object_get(panel, "has_suggestions")));
	return e;
}
