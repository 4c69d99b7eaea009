/* Pairs of body and right, with the one that was filed where there is no other. */
#include "casework/issue.h"

#include "base/util.h"
#include "casework/case_view.h"
#include "issue.sql.h"
#include "office/current.h"

static struct issue as_filed(const struct casefile *c)
{
	return (struct issue) { .body_key = c->body_key,
		.body_name = c->body_name,
		.subject = c->subject,
		.complaint_kind = "",
		.finding = "",
		.fault_type = "",
		.outcome = "" };
}

static enum err read_rows(struct db_tx *tx, struct arena *arena, int64_t casefile_id, struct issue_list *ret)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct issue_list list = { .n = 0 };
	enum err e = db_query(tx, &sql_issue_of_casefile, DB_ARGS(db_int(casefile_id)), &rows);
	if (e)
		return e;
	while (list.n < ISSUES_MAX && db_next(rows))
		list.at[list.n++] = (struct issue) { .id = db_col_int(rows, 0),
			.body_key = arena_strdup(arena, db_col_text(rows, 1)),
			.body_name = arena_strdup(arena, db_col_text(rows, 2)),
			.subject = arena_strdup(arena, db_col_text(rows, 3)),
			.complaint_kind = arena_strdup(arena, db_col_text(rows, 4)),
			.finding = arena_strdup(arena, db_col_text(rows, 5)),
			.fault_type = arena_strdup(arena, db_col_text(rows, 6)),
			.outcome = arena_strdup(arena, db_col_text(rows, 7)) };
	*ret = list;
	return db_rows_error(rows);
}

enum err issue_list(struct db_tx *tx, struct arena *arena, const struct casefile *c, struct issue_list *ret_list)
{
	enum err e = read_rows(tx, arena, c->id, ret_list);
	if (!e && !ret_list->n)
		ret_list->at[ret_list->n++] = as_filed(c);
	return e;
}

enum err issue_list_keep(struct db_tx *tx, struct arena *arena, const struct casefile *c, struct issue_list *ret_list)
{
	enum err e = issue_list(tx, arena, c, ret_list);
	struct issue *first = &ret_list->at[0];
	if (e || first->id)
		return e;
	return db_get_int(tx, &sql_issue_insert,
	    DB_ARGS(
		db_int(c->id), db_text(first->body_key), db_text(first->body_name), db_text(first->subject), db_int(1)),
	    &first->id);
}

const struct issue *issue_find(const struct issue_list *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].id == id)
			return &list->at[i];
	return NULL;
}

enum err issue_set_finding(struct db_tx *tx, int64_t id, const char *finding, const char *fault_type)
{
	return db_run(tx, &sql_issue_set_finding, DB_ARGS(db_int(id), db_text(finding), db_text(fault_type)));
}

enum err issue_set_outcome(struct db_tx *tx, int64_t id, const char *outcome)
{
	return db_run(tx, &sql_issue_set_outcome, DB_ARGS(db_int(id), db_text(outcome)));
}

/* --- codes ------------------------------------------------------------------------------------------------------- */

bool issue_code_ok(const struct office *office, const char *list_key, const char *key, int64_t now)
{
	const struct code_list *list = office_list(office, list_key);
	return !*key || (list && code_may_choose(list, key, NULL, office_day(office, now)));
}

const char *issue_code_name(const struct office *office, const char *list, const char *key, enum lang lang, int64_t at)
{
	return code_name(office, list, key, lang, office_day(office, at));
}

json_t *issue_code_names(const struct office *office, const char *list_key, const char *key, int64_t at)
{
	const struct code_list *list = office_list(office, list_key);
	const struct code_entry *entry = list ? code_at(list, key, office_day(office, at)) : NULL;
	return entry ? names_to_json(&entry->name) : json_string(key);
}

json_t *issue_code_choices(const struct casefile_act *act, const char *list_key, enum lang lang)
{
	const struct code_list *list = office_list(act->office, list_key);
	const struct code_choice *choice = NULL;
	size_t n = list ? code_choices(act->arena, list, office_day(act->office, act->now), NULL, &choice) : 0;
	json_t *choices = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", choice[i].entry->key);
		json_put_str(one, "code_label", names_in(&choice[i].entry->name, lang));
		json_put_bool(one, "inside", choice[i].depth > 0);
		json_add(choices, one);
	}
	return choices;
}

/* --- in words ---------------------------------------------------------------------------------------------------- */

const char *issue_body_name(const struct casefile_act *act, enum lang lang, const struct issue *issue)
{
	return case_body_label(act, lang, issue->body_key, issue->body_name);
}

const char *issue_subject_name(const struct office *office, enum lang lang, const struct issue *issue, int64_t at)
{
	return code_name(office, "subjects", issue->subject, lang, office_day(office, at));
}
