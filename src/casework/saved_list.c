/* Lists that people keep, and with whom they share them. */
#include "casework/saved_list.h"

#include "base/util.h"
#include "office/journal.h"
#include "saved_list.sql.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- rules ------------------------------------------------------------------------------------------------------- */

bool saved_list_visible(const struct saved_list *list, const struct actor *actor, const struct profile *profile)
{
	if (actor->kind != ACTOR_STAFF)
		return false;
	if (list->owner == actor->id)
		return true;
	if (!strncmp(list->shared, "role:", 5))
		return roles_have(actor->roles, list->shared + 5);
	if (strncmp(list->shared, "unit:", 5) != 0 || !actor->unit)
		return false;
	const struct unit *mine = profile_unit(profile, actor->unit), *theirs = profile_unit(profile, list->shared + 5);
	return mine && theirs && unit_within(mine, theirs);
}

enum err saved_list_share(const struct actor *actor, const struct profile *profile, const char *with,
    char out[LIST_NAME], struct fault *fault)
{
	out[0] = '\0';
	if (!*with)
		return OK;
	if (!strcmp(with, "unit") && actor->unit && profile_unit(profile, actor->unit)) {
		snprintf(out, LIST_NAME, "unit:%s", actor->unit);
		return OK;
	}
	if (!strncmp(with, "role:", 5) && roles_have(actor->roles, with + 5) && profile_role(profile, with + 5)) {
		snprintf(out, LIST_NAME, "%s", with);
		return OK;
	}
	return fault_set(fault, ERR_INVALID, "shared", N_("Share a list with your own unit or a role of yours."), NULL);
}

/* --- the filter -------------------------------------------------------------------------------------------------- */

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char *decoded(struct arena *arena, const char *text, size_t len)
{
	char *out = arena_strndup(arena, text, len), *end = out;
	for (size_t i = 0; i < len; i++) {
		bool coded = text[i] == '%' && i + 2 < len && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
		*end++ = coded ? (char)(hex(text[i + 1]) * 16 + hex(text[i + 2])) : text[i];
		i += coded ? 2 : 0;
	}
	*end = '\0';
	return out;
}

const char *saved_filter_get(const void *source, const char *name)
{
	const struct saved_filter *filter = source;
	size_t want = strlen(name);
	if (!strcmp(name, "columns"))
		return filter->columns;
	for (const char *p = filter->text; *p;) {
		size_t len = strcspn(p, "&"), key = strcspn(p, "=&");
		if (key == want && p[key] == '=' && !strncmp(p, name, want))
			return decoded(filter->arena, p + key + 1, len - key - 1);
		p += len + (p[len] == '&');
	}
	return NULL;
}

/* --- database ---------------------------------------------------------------------------------------------------- */

static struct saved_list read_list(struct arena *arena, const struct db_rows *rows)
{
	return (struct saved_list) { .id = db_col_int(rows, 0),
		.owner = db_col_int(rows, 1),
		.name = arena_strdup(arena, db_col_text(rows, 2)),
		.shared = arena_strdup(arena, db_col_text(rows, 3)),
		.filter = arena_strdup(arena, db_col_text(rows, 4)),
		.columns = arena_strdup(arena, db_col_text(rows, 5)) };
}

enum err saved_list_load(const struct casefile_act *act, int64_t id, struct saved_list *ret_list)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, &sql_saved_list_by_id, DB_ARGS(db_int(id)), &rows);
	if (e || !db_next(rows))
		return e ? e : db_rows_error(rows) ? db_rows_error(rows) : ERR_NOT_FOUND;
	struct saved_list list = read_list(act->arena, rows);
	if (!saved_list_visible(&list, act->actor, act->office->profile))
		return ERR_NOT_FOUND;
	*ret_list = list;
	return OK;
}

static enum err add_lists(const struct casefile_act *act, const struct db_sql *sql, const struct db_value *args,
    size_t n, json_t *all, size_t *ret_n)
{
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(act->tx, sql, args, n, &rows);
	for (*ret_n = 0; !e && db_next(rows); ++*ret_n) {
		struct saved_list list = read_list(act->arena, rows);
		json_t *one = json_object();
		if (!saved_list_visible(&list, act->actor, act->office->profile)) {
			json_decref(one);
			continue;
		}
		json_put_int(one, "id", list.id);
		json_put_str(one, "list_name", list.name);
		json_put_str(one, "filter", list.filter);
		json_put_str(one, "link", arena_printf(act->arena, "/desk/cases?list=%" PRId64, list.id));
		json_put_bool(one, "own", list.owner == act->actor->id);
		json_put_bool(one, "shared", *list.shared);
		json_add(all, one);
	}
	return e ? e : db_rows_error(rows);
}

static enum err add_roles(const struct casefile_act *act, json_t *all)
{
	enum err e = OK;
	size_t n;
	for (size_t i = 0; !e && i < act->office->profile->roles; i++) {
		const char *key = act->office->profile->role[i].key;
		if (roles_have(act->actor->roles, key))
			e = add_lists(act, &sql_saved_list_of_role,
			    DB_ARGS(db_text(arena_printf(act->arena, "role:%s", key)), db_int(act->actor->id)), all,
			    &n);
	}
	return e;
}

enum err saved_list_all(const struct casefile_act *act, json_t **ret_list)
{
	const struct actor *actor = act->actor;
	json_t *all = json_array();
	size_t n;
	enum err e = OK;
	if (actor->kind == ACTOR_STAFF) {
		e = add_lists(act, &sql_saved_list_own, DB_ARGS(db_int(actor->id)), all, &n);
		if (!e && actor->unit && *actor->unit)
			e = add_lists(
			    act, &sql_saved_list_of_units, DB_ARGS(db_text(actor->unit), db_int(actor->id)), all, &n);
		if (!e)
			e = add_roles(act, all);
	}
	if (e)
		json_decref(all);
	else
		*ret_list = all;
	return e;
}

static enum err journal(const struct casefile_act *act, const char *name, int64_t id, const char *filter)
{
	char object[64];
	json_t *payload = json_object();
	json_put_str(payload, "filter", filter);
	return journal_write(act->tx, act->now, act->actor->tag, name, journal_object(object, "list", id), payload);
}

static enum err count_own(const struct casefile_act *act, struct fault *fault)
{
	json_t *unused = json_array();
	size_t n;
	enum err e = add_lists(act, &sql_saved_list_own, DB_ARGS(db_int(act->actor->id)), unused, &n);
	json_decref(unused);
	if (!e && n >= SAVED_LISTS_MAX)
		return fault_set(
		    fault, ERR_CONFLICT, "name", N_("You keep fifty lists already. Delete one first."), NULL);
	return e;
}

enum err saved_list_keep(const struct casefile_act *act, const char *name, const char *with, const struct list_ask *ask,
    int64_t *ret_id, struct fault *fault)
{
	char shared[LIST_NAME];
	const char *filter = list_ask_query(act->arena, ask);
	if (act->actor->kind != ACTOR_STAFF)
		return fault_set(fault, ERR_DENIED, NULL, N_("Only officers keep lists."), NULL);
	enum err e = saved_list_share(act->actor, act->office->profile, with, shared, fault);
	if (!e)
		e = count_own(act, fault);
	if (!e)
		e = db_get_int(act->tx, &sql_saved_list_insert,
		    DB_ARGS(db_int(act->actor->id), db_text(name), db_text(shared), db_text(filter),
			db_text(ask->columns), db_int(act->now)),
		    ret_id);
	return e ? e : journal(act, "list.keep", *ret_id, filter);
}

enum err saved_list_drop(const struct casefile_act *act, int64_t id, struct fault *fault)
{
	int64_t changed = 0;
	enum err e = act->actor->kind == ACTOR_STAFF ? db_run_count(act->tx, &sql_saved_list_delete,
							   DB_ARGS(db_int(id), db_int(act->actor->id)), &changed)
						     : OK;
	if (!e && !changed)
		return fault_set(fault, ERR_NOT_FOUND, NULL, N_("There is no such list of yours."), NULL);
	return e ? e : journal(act, "list.drop", id, "");
}
