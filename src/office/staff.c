/* The people who work here: adding them, their passwords, lists to choose from. */
#include "base/clockwork.h"
#include "base/util.h"
#include "crypto/crypto.h"
#include "office/journal.h"
#include "office/office.h"
#include "staff.sql.h"

#include <ctype.h>
#include <string.h>

static bool login_valid(const char *login)
{
	size_t len = strlen(login);
	if (len < 2 || len > 60)
		return false;
	for (const char *p = login; *p; p++)
		if (!islower((unsigned char)*p) && !isdigit((unsigned char)*p) && !strchr("._-", *p))
			return false;
	return true;
}

enum err staff_check_password(const char *password, struct fault *fault)
{
	if (utf8_length(password) < PASSWORD_MIN)
		return fault_set(
		    fault, ERR_INVALID, "password", N_("A password has at least {min} characters."), "min", "12", NULL);
	if (strlen(password) > PASSWORD_MAX)
		return fault_set(fault, ERR_INVALID, "password", N_("This password is too long."), NULL);
	return OK;
}

static enum err check(const struct staff_new *staff, struct fault *fault)
{
	enum lang lang;
	if (!login_valid(staff->login))
		return fault_set(fault, ERR_INVALID, "login",
		    N_("A login name has 2 to 60 small Latin letters, digits, dots or hyphens."), NULL);
	if (!staff->name[0] || utf8_length(staff->name) > 150 || !utf8_valid(staff->name, strlen(staff->name)))
		return fault_set(
		    fault, ERR_INVALID, "name", N_("Give the person's name, at most 150 characters."), NULL);
	if (!lang_parse(staff->lang, &lang))
		return fault_set(fault, ERR_INVALID, "lang", N_("Choose one of the languages az, en, ru, ur."), NULL);
	return staff_check_password(staff->password, fault);
}

static enum err check_roles(const struct profile *profile, const char *keys, char out[256], struct fault *fault)
{
	struct rights rights;
	enum err e = rights_of(profile, keys, &rights, fault);
	if (!e)
		roles_format(profile, keys, out);
	return e;
}

static enum err check_unit(const struct profile *profile, const char *unit, struct fault *fault)
{
	if (!*unit || profile_unit(profile, unit))
		return OK;
	return fault_set(fault, ERR_INVALID, "unit", N_("There is no unit “{unit}”."), "unit", unit, NULL);
}

struct add_work {
	const struct staff_new *staff;
	const char *actor, *unit;
	char roles[256];
	char hash[PASSWORD_HASH_TEXT];
	int64_t now, id;
};

static enum err add(struct db_tx *tx, void *arg)
{
	struct add_work *work = arg;
	char object[64];
	enum err e = db_get_int(tx, &sql_staff_insert,
	    DB_ARGS(db_text(work->staff->login), db_text(work->staff->name), db_text(work->roles), db_text(work->hash),
		db_text(work->staff->lang), db_int(work->now), db_text(work->unit)),
	    &work->id);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "login", work->staff->login);
	json_put_str(payload, "roles", work->roles);
	if (*work->unit)
		json_put_str(payload, "unit", work->unit);
	return journal_write(
	    tx, work->now, work->actor, "staff.add", journal_object(object, "staff", work->id), payload);
}

enum err staff_add(
    struct office *office, const struct staff_new *staff, const char *actor_tag, int64_t *ret_id, struct fault *fault)
{
	struct add_work work = {
		.staff = staff, .actor = actor_tag, .unit = staff->unit ? staff->unit : "", .now = now_ms()
	};
	enum err e = check(staff, fault);
	if (!e)
		e = check_roles(office->profile, staff->roles, work.roles, fault);
	if (!e)
		e = check_unit(office->profile, work.unit, fault);
	if (!e)
		e = password_hash(work.hash, staff->password);
	if (!e)
		e = db_write(office->db, add, &work);
	if (e == ERR_CONFLICT)
		return fault_set(
		    fault, e, "login", N_("The login name “{login}” is taken."), "login", staff->login, NULL);
	if (!e)
		*ret_id = work.id;
	return e;
}

static enum err next_staff(struct db_rows *rows, struct staff *ret)
{
	if (!db_next(rows))
		return db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	ret->id = db_col_int(rows, 0);
	copy_text(ret->login, sizeof(ret->login), db_col_text(rows, 1));
	copy_text(ret->name, sizeof(ret->name), db_col_text(rows, 2));
	copy_text(ret->lang, sizeof(ret->lang), db_col_text(rows, 4));
	ret->active = db_col_int(rows, 5);
	copy_text(ret->roles, sizeof(ret->roles), db_col_text(rows, 3));
	copy_text(ret->unit, sizeof(ret->unit), db_col_text(rows, 7));
	return OK;
}

enum err staff_load(struct db_tx *tx, int64_t id, struct staff *ret_staff)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_staff_by_id, DB_ARGS(db_int(id)), &rows);
	return e ? e : next_staff(rows, ret_staff);
}

enum err staff_list(struct db_tx *tx, const char *role, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct staff staff;
	enum err e = db_query(tx, &sql_staff_active, DB_NO_ARGS, &rows);
	json_t *list = json_array();
	while (!e && !(e = next_staff(rows, &staff))) {
		if (role && !roles_have(staff.roles, role))
			continue;
		json_t *one = json_object();
		json_put_int(one, "id", staff.id);
		json_put_str(one, "name", staff.name);
		json_put_str(one, "roles", staff.roles);
		json_put_str(one, "unit", staff.unit);
		json_add(list, one);
	}
	if (e != ERR_NOT_FOUND) {
		json_decref(list);
		return e;
	}
	*ret_list = list;
	return OK;
}

enum err staff_all(struct db_tx *tx, json_t **ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	struct staff staff;
	enum err e = db_query(tx, &sql_staff_all, DB_NO_ARGS, &rows);
	json_t *list = json_array();
	while (!e && !(e = next_staff(rows, &staff))) {
		json_t *one = json_object();
		json_put_int(one, "id", staff.id);
		json_put_str(one, "login", staff.login);
		json_put_str(one, "name", staff.name);
		json_put_str(one, "roles", staff.roles);
		json_put_str(one, "unit", staff.unit);
		json_put_str(one, "lang", staff.lang);
		json_put_bool(one, "active", staff.active);
		json_add(list, one);
	}
	if (e != ERR_NOT_FOUND) {
		json_decref(list);
		return e;
	}
	*ret_list = list;
	return OK;
}

/* --- changing one who is there ----------------------------------------------------------------------------------- */

static enum err nobody(enum err e, const char *login, struct fault *fault)
{
	if (e != ERR_NOT_FOUND)
		return e;
	return fault_set(fault, e, "login", N_("Nobody has the login name “{login}”."), "login", login, NULL);
}

struct password_work {
	const char *login;
	char hash[PASSWORD_HASH_TEXT];
	int64_t now;
};

static enum err set_password(struct db_tx *tx, void *arg)
{
	const struct password_work *work = arg;
	char object[64];
	int64_t id;
	enum err e = db_get_int(tx, &sql_staff_by_login, DB_ARGS(db_text(work->login)), &id);
	if (!e)
		e = db_run(tx, &sql_staff_password, DB_ARGS(db_int(id), db_text(work->hash)));
	if (!e) /* whoever held the old password is out */
		e = db_run(tx, &sql_session_delete_staff, DB_ARGS(db_int(id)));
	if (!e)
		e = journal_write(tx, work->now, "system", "staff.password", journal_object(object, "staff", id), NULL);
	return e;
}

enum err staff_set_password(struct office *office, const char *login, const char *password, struct fault *fault)
{
	struct password_work work = { .login = login, .now = now_ms() };
	enum err e = staff_check_password(password, fault);
	if (!e)
		e = password_hash(work.hash, password);
	if (!e)
		e = db_write(office->db, set_password, &work);
	return nobody(e, login, fault);
}

struct roles_work {
	const char *login, *roles;
	int64_t now;
};

static enum err set_roles(struct db_tx *tx, void *arg)
{
	const struct roles_work *work = arg;
	char object[64];
	int64_t id, changed = 0;
	enum err e = db_get_int(tx, &sql_staff_by_login, DB_ARGS(db_text(work->login)), &id);
	if (!e)
		e = db_run_count(tx, &sql_staff_roles, DB_ARGS(db_int(id), db_text(work->roles)), &changed);
	if (e || !changed)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "roles", work->roles);
	return journal_write(tx, work->now, "system", "staff.roles", journal_object(object, "staff", id), payload);
}

enum err staff_set_roles(struct office *office, const char *login, const char *roles, struct fault *fault)
{
	char text[256];
	struct roles_work work = { login, text, now_ms() };
	enum err e = check_roles(office->profile, roles, text, fault);
	return e ? e : nobody(db_write(office->db, set_roles, &work), login, fault);
}

struct unit_work {
	const char *login, *unit;
	int64_t now;
};

static enum err set_unit(struct db_tx *tx, void *arg)
{
	const struct unit_work *work = arg;
	char object[64];
	int64_t id, changed = 0;
	enum err e = db_get_int(tx, &sql_staff_by_login, DB_ARGS(db_text(work->login)), &id);
	if (!e)
		e = db_run_count(tx, &sql_staff_unit, DB_ARGS(db_int(id), db_text(work->unit)), &changed);
	if (e || !changed)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "unit", work->unit);
	return journal_write(tx, work->now, "system", "staff.unit", journal_object(object, "staff", id), payload);
}

enum err staff_set_unit(struct office *office, const char *login, const char *unit, struct fault *fault)
{
	struct unit_work work = { login, unit, now_ms() };
	enum err e = check_unit(office->profile, unit, fault);
	return e ? e : nobody(db_write(office->db, set_unit, &work), login, fault);
}

struct active_work {
	const char *login;
	bool active;
	int64_t now;
};

static enum err set_active(struct db_tx *tx, void *arg)
{
	const struct active_work *work = arg;
	char object[64];
	int64_t id, changed = 0;
	enum err e = db_get_int(tx, &sql_staff_by_login, DB_ARGS(db_text(work->login)), &id);
	if (!e)
		e = db_run_count(tx, &sql_staff_activate, DB_ARGS(db_int(id), db_int(work->active)), &changed);
	if (!e && !work->active)
		e = db_run(tx, &sql_session_delete_staff, DB_ARGS(db_int(id)));
	if (e || !changed)
		return e;
	return journal_write(tx, work->now, "system", work->active ? "staff.open" : "staff.close",
	    journal_object(object, "staff", id), NULL);
}

enum err staff_set_active(struct office *office, const char *login, bool active, struct fault *fault)
{
	struct active_work work = { login, active, now_ms() };
	return nobody(db_write(office->db, set_active, &work), login, fault);
}

enum err staff_find(struct db_tx *tx, const char *login, int64_t *ret_id)
{
	return db_get_int(tx, &sql_staff_id_of, DB_ARGS(db_text(login)), ret_id);
}
