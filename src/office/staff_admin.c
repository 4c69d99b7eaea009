/* What an administrator changes of the people who work here, each in the transaction of the page that asked. */
#include "base/util.h"
#include "office/journal.h"
#include "office/office.h"
#include "staff.sql.h"

#include <string.h>

static enum err check(
    const struct profile *profile, const struct staff_change *change, char roles[256], struct fault *fault)
{
	struct rights rights;
	enum lang lang;
	if (!*change->name || utf8_length(change->name) > 150)
		return fault_set(
		    fault, ERR_INVALID, "name", N_("Give the person's name, at most 150 characters."), NULL);
	if (!lang_parse(change->lang, &lang))
		return fault_set(fault, ERR_INVALID, "lang", N_("Choose one of the languages az, en, ru, ur."), NULL);
	if (*change->unit && !profile_unit(profile, change->unit))
		return fault_set(
		    fault, ERR_INVALID, "unit", N_("There is no unit “{unit}”."), "unit", change->unit, NULL);
	enum err e = rights_of(profile, change->roles, &rights, fault);
	if (!e)
		roles_format(profile, change->roles, roles);
	return e;
}

enum err staff_change(const struct profile *profile, struct db_tx *tx, int64_t id, const struct staff_change *change,
    const char *actor_tag, int64_t now, struct fault *fault)
{
	char roles[256], object[64];
	enum err e = check(profile, change, roles, fault);
	if (!e)
		e = db_run(tx, &sql_staff_change,
		    DB_ARGS(db_int(id), db_text(change->name), db_text(change->lang), db_text(roles),
			db_text(change->unit)));
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "roles", roles);
	json_put_str(payload, "unit", change->unit);
	return journal_write(tx, now, actor_tag, "staff.change", journal_object(object, "staff", id), payload);
}

enum err staff_switch(struct db_tx *tx, int64_t id, bool active, const char *actor_tag, int64_t now)
{
	char object[64];
	int64_t changed = 0;
	enum err e = db_run_count(tx, &sql_staff_activate, DB_ARGS(db_int(id), db_int(active)), &changed);
	if (!e && !active)
		e = db_run(tx, &sql_session_delete_staff, DB_ARGS(db_int(id)));
	if (e || !changed)
		return e;
	return journal_write(
	    tx, now, actor_tag, active ? "staff.open" : "staff.close", journal_object(object, "staff", id), NULL);
}

enum err staff_write_password(struct db_tx *tx, int64_t id, const char *hash, const char *actor_tag, int64_t now)
{
	char object[64];
	enum err e = db_run(tx, &sql_staff_password, DB_ARGS(db_int(id), db_text(hash)));
	if (!e)
		e = db_run(tx, &sql_session_delete_staff, DB_ARGS(db_int(id)));
	return e ? e : journal_write(tx, now, actor_tag, "staff.password", journal_object(object, "staff", id), NULL);
}

enum err staff_page(struct db_tx *tx, const char *after, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	json_t *list = json_array();
	enum err e = db_query(tx, &sql_staff_page, DB_ARGS(db_text(after)), &rows);
	while (!e && db_next(rows)) {
		json_t *one = json_object();
		json_put_int(one, "id", db_col_int(rows, 0));
		json_put_str(one, "login", db_col_text(rows, 1));
		json_put_str(one, "name", db_col_text(rows, 2));
		json_put_str(one, "roles", db_col_text(rows, 3));
		json_put_str(one, "unit", db_col_text(rows, 4));
		json_put_bool(one, "active", db_col_int(rows, 5));
		json_put_int(one, "open_cases", db_col_int(rows, 6));
		json_add(list, one);
	}
	if (!e)
		e = db_rows_error(rows);
	if (e)
		json_decref(list);
	else
		*ret_list = list;
	return e;
}
