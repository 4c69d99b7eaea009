/* Hearings as officers see them. */
#include "base/clockwork.h"
#include "base/util.h"
#include "casework/hearing.h"
#include "casework/inquiry_view.h"
#include "hearing.sql.h"

#include <string.h>

static const char *tone_of(const char *state)
{
	return !strcmp(state, "set")       ? "active"
	       : !strcmp(state, "held")    ? "info"
	       : !strcmp(state, "minuted") ? "done"
					   : "closed";
}

static json_t *hearing_json(const struct case_viewing *v, const struct db_rows *rows)
{
	const struct profile *profile = v->act->office->profile;
	json_t *json = json_object();
	int64_t starts = db_col_int(rows, 3), ends = db_col_int(rows, 4);
	const char *kind = db_col_text(rows, 1), *state = db_col_text(rows, 2);
	json_put_int(json, "id", db_col_int(rows, 0));
	json_put_str(json, "hearing", kind);
	json_put_str(json, "hearing_words", event_code_words(v->lang, profile, "hearing", kind));
	json_put(json, "state", inquiry_state_json(v, "hearing_state", state, tone_of(state)));
	view_put_moment(v->act, v->lang, json, "starts", starts);
	json_put_int(json, "minutes_long", (ends - starts) / MINUTE_MS);
	json_put_str(json, "place", db_col_text(rows, 5));
	json_put_str(json, "room", db_col_text(rows, 6));
	json_put_str(json, "officer_name", db_col_text(rows, 8));
	json_put_str(json, "purpose", db_col_text(rows, 9));
	json_put_bool(json, "told", db_col_int(rows, 10) != 0);
	json_put_str(json, "reason", db_col_text(rows, 11));
	json_put(json, "guests", json_array());
	json_put(json, "older_minutes", json_array());
	json_put_bool(json, "has_older", false);
	json_put_int(json, "next_version", 1);
	return json;
}

static void put_steps(
    const struct case_viewing *v, const struct inquiry_reader *reader, const struct db_rows *rows, json_t *json)
{
	static const char *const can[] = { "can_hold", "can_adjourn", "can_cancel", "can_write", "can_sign" };
	const struct hearing h = { .state = db_col_text(rows, 2), .starts_at = db_col_int(rows, 3), .minutes = 1 };
	bool open = inquiry_may_go_on(v->c->state->phase, NULL) == OK, any = false;
	for (enum hearing_step step = 0; step < HEARING_STEP_MAX; step++) {
		const char *to;
		bool may =
		    reader->work && open && hearing_next(&h, step, v->act->now, v->act->actor->kind, &to, NULL) == OK;
		json_put_bool(json, can[step], may);
		any = any || may;
	}
	json_put_bool(json, "can_anything", any);
}

static enum err put_guests(const struct case_viewing *v, json_t *list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_hearing_guests_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *hearing = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		const char *kind = db_col_text(rows, 1);
		json_put_int(one, "n", (int64_t)json_array_size(json_object_get(hearing, "guests")) + 1);
		json_put_str(one, "guest_name", strcmp(kind, "person") ? db_col_text(rows, 2) : v->c->person_name);
		json_put_bool(one, "complainant", !strcmp(kind, "person"));
		json_put_bool(one, "came", !db_col_null(rows, 3) && db_col_int(rows, 3));
		json_put_bool(one, "absent", !db_col_null(rows, 3) && !db_col_int(rows, 3));
		inquiry_add_to(hearing, "guests", one);
	}
	return e ? e : db_rows_error(rows);
}

/* The newest version stands on the hearing, the older ones behind it. Without minutes nothing can be signed. */
static enum err put_minutes(const struct case_viewing *v, json_t *list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(v->act->tx, &sql_hearing_minutes_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *hearing = inquiry_row(list, db_col_int(rows, 0)), *one = json_object();
		json_put_int(one, "version", db_col_int(rows, 1));
		json_put_str(one, "body", db_col_text(rows, 2));
		json_put_str(one, "author_name", db_col_text(rows, 3));
		view_put_moment(v->act, v->lang, one, "written", db_col_int(rows, 4));
		json_put_str(one, "signed_name", db_col_text(rows, 5));
		view_put_moment(v->act, v->lang, one, "signed", db_col_int(rows, 6));
		if (json_object_get(hearing, "newest")) {
			json_put_bool(hearing, "has_older", true);
			inquiry_add_to(hearing, "older_minutes", one);
			continue;
		}
		json_put_int(hearing, "next_version", db_col_int(rows, 1) + 1);
		json_put(hearing, "newest", one);
	}
	return e ? e : db_rows_error(rows);
}

static void finish(json_t *list)
{
	json_t *one;
	size_t i;
	json_array_foreach(list, i, one)
	{
		if (!json_object_get(one, "newest"))
			json_put_bool(one, "can_sign", false);
		json_put_bool(one, "has_guests", json_array_size(json_object_get(one, "guests")) > 0);
	}
}

enum err hearing_view(const struct case_viewing *v, const struct inquiry_reader *reader)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(v->act->tx, &sql_hearing_of_casefile, DB_ARGS(db_int(v->c->id)), &rows);
	while (!e && db_next(rows)) {
		json_t *json = hearing_json(v, rows);
		put_steps(v, reader, rows, json);
		json_add(list, json);
	}
	view_put_list(v->view, "hearings", list);
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		e = put_guests(v, list);
	if (!e)
		e = put_minutes(v, list);
	finish(list);
	return e;
}
