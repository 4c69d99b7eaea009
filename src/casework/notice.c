/* Notices to officers. */
#include "casework/notice.h"

#include "base/util.h"
#include "casework/case_view.h"
#include "notice.sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOTICE_PAGE 50

static const struct {
	const char *key, *words;
} kinds[] = {
	{ "clock_before", N_("{number}: the time limit “{rule}” ends on {due_at}. {step}") },
	{ "clock_after", N_("{number}: the time limit “{rule}” ended on {due_at} and the work is not done. {step}") },
	{ "clock_moved", N_("{number}: the calendar changed. “{rule}” moved from {before_at} to {due_at}.") },
	{ "clock_transferred",
	    N_("{number}: the agency did not settle the complaint by {due_at}. It has come to the office. {step}") },
	{ "case_given", N_("{number}: {name} gave you this case.") },
	{ "case_taken", N_("{number}: this case was given to {name}.") },
	{ "case_withdrawal", N_("{number}: the person takes the complaint back.") },
	{ "case_asked_again", N_("{number}: the decision is to be looked at again.") },
	{ "case_review", N_("{number}: you are to review the decision.") },
	{ "task_given", N_("{name} gave you a task: {words}") },
	{ "task_ask", N_("{name} asks for instructions: {words}") },
	{ "task_instruct", N_("{name} gave instructions for the task: {words}") },
	{ "task_do", N_("{name} has done the task: {words}") },
	{ "task_send_back", N_("{name} sent the task back: {words}") },
	{ "task_withdraw", N_("{name} withdrew the task: {words}") },
	{ "task_pass_on", N_("{name} changed the task: {words}") },
	{ "agency_answered", N_("{number}: {body} has answered.") },
	{ "agency_more_time", N_("{number}: {body} asks for more time.") },
	{ "agency_recommendation", N_("{number}: {body} wrote about a recommendation.") },
	{ "task_before", N_("Your task is due on {due_at}: {words}") },
	{ "task_after", N_("The task of {name} was due on {due_at} and is not done: {words}") },
	{ "substitution_given", N_("You stand in for {name} from {from_at} to {until_at}.") },
	{ "substitution_acting", N_("You act as {post} from {from_at} to {until_at}.") },
	{ "substitution_of_me", N_("{name} stands in for you from {from_at} to {until_at}.") },
	{ "substitution_ended", N_("The substitution of {name} has ended.") },
};

static const char *words_of(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].key, kind))
			return kinds[i].words;
	return NULL;
}

static const char *tally_of(int64_t staff_id, char out[40])
{
	snprintf(out, 40, "notice:%" PRId64, staff_id);
	return out;
}

enum err notice_add(const struct casefile_act *act, const struct notice_new *new)
{
	json_t *data = new->data ? new->data : json_object();
	char *text CLEANUP(free_ptr) = json_compact_text(data);
	char tally[40];
	json_decref(data);
	if (!text || !words_of(new->kind))
		return ERR_INTERNAL;
	enum err e = db_run(act->tx, &sql_notice_insert,
	    DB_ARGS(db_int(new->staff_id), db_int(act->now), db_text(new->kind), db_int_or_null(new->casefile_id),
		db_int_or_null(new->task_id), db_text(text)));
	return e ? e : tally_add(act->tx, tally_of(new->staff_id, tally), 1);
}

static const char *link_of(const struct casefile_act *act, const char *kind, int64_t casefile_id, int64_t task_id)
{
	if (!strncmp(kind, "agency_", 7))
		return arena_printf(act->arena, "/desk/cases/%" PRId64 "/%s", casefile_id,
		    strcmp(kind, "agency_recommendation") ? "agency" : "inquiry");
	if (!strcmp(kind, "case_review"))
		return arena_printf(act->arena, "/desk/cases/%" PRId64 "/links", casefile_id);
	if (!strncmp(kind, "case_", 5))
		return arena_printf(act->arena, "/desk/cases/%" PRId64, casefile_id);
	if (task_id)
		return arena_printf(act->arena, "/desk/tasks/%" PRId64, task_id);
	if (casefile_id)
		return arena_printf(act->arena, "/desk/cases/%" PRId64 "/time", casefile_id);
	return NULL;
}

static json_t *row_json(const struct casefile_act *act, enum lang lang, const struct db_rows *rows)
{
	const char *words = words_of(db_col_text(rows, 2)), *text = db_col_text(rows, 5);
	json_t *row = json_object(), *data = NULL;
	if (json_parse(text, strlen(text), JSON_TEXT_LIMIT, &data, NULL))
		data = json_object();
	json_put_int(row, "id", db_col_int(rows, 0));
	json_put_str(row, "kind", db_col_text(rows, 2));
	json_put_str(row, "text", words ? event_words(act, lang, text_get(lang, words), data) : "");
	json_put_str(row, "link", link_of(act, db_col_text(rows, 2), db_col_int(rows, 3), db_col_int(rows, 4)));
	json_put_bool(row, "unread", db_col_null(rows, 6));
	view_put_moment(act, lang, row, "when", db_col_int(rows, 1));
	json_decref(data);
	return row;
}

enum err notice_list(const struct casefile_act *act, enum lang lang, int64_t staff_id, int64_t before, json_t *view)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	int64_t unread, last = 0;
	char tally[40];
	bool more = false;
	enum err e = db_query(
	    act->tx, &sql_notice_before, DB_ARGS(db_int(staff_id), db_int(before ? before : INT64_MAX)), &rows);
	while (!e && db_next(rows)) {
		more = json_array_size(list) == NOTICE_PAGE;
		if (more)
			break;
		last = db_col_int(rows, 0);
		json_add(list, row_json(act, lang, rows));
	}
	if (!e && !more)
		e = db_rows_error(rows);
	view_put_list(view, "rows", list);
	if (e)
		return e;
	if (more)
		json_put_int(view, "page_after", last);
	e = tally_get(act->tx, tally_of(staff_id, tally), &unread);
	json_put_int(view, "unread", unread);
	json_put_bool(view, "has_unread", unread > 0);
	return e;
}

enum err notice_read(const struct casefile_act *act, int64_t staff_id, int64_t id)
{
	char tally[40];
	int64_t changed;
	enum err e =
	    id ? db_run_count(
		     act->tx, &sql_notice_set_read, DB_ARGS(db_int(staff_id), db_int(id), db_int(act->now)), &changed)
	       : db_run_count(act->tx, &sql_notice_set_all_read, DB_ARGS(db_int(staff_id), db_int(act->now)), &changed);
	return e || !changed ? e : tally_add(act->tx, tally_of(staff_id, tally), -changed);
}
