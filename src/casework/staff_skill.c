/* Skills of officers: checked against the profile, saved, journalled. */
#include "casework/staff_skill.h"

#include "assignment.sql.h"
#include "base/util.h"
#include "office/journal.h"

#include <string.h>

static bool known_region(const struct profile *profile, const char *key)
{
	for (size_t i = 0; i < profile->units; i++)
		if (profile->unit[i].region && !strcmp(profile->unit[i].region, key))
			return true;
	return false;
}

static bool known(const struct profile *profile, const char *kind, const char *key)
{
	enum lang lang;
	if (!strcmp(kind, "subject"))
		return profile_subject(profile, key) != NULL;
	if (!strcmp(kind, "lang"))
		return lang_parse(key, &lang) && !strcmp(lang_code(lang), key);
	return known_region(profile, key);
}

static enum err insert_list(struct db_tx *tx, int64_t staff_id, const struct profile *profile, const char *kind,
    const char *field, const char *keys, struct fault *fault)
{
	while (*(keys += strspn(keys, " ,\n"))) {
		size_t len = strcspn(keys, " ,\n");
		char key[64];
		if (len >= sizeof(key))
			len = sizeof(key) - 1;
		memcpy(key, keys, len);
		key[len] = '\0';
		keys += len;
		if (!known(profile, kind, key))
			return fault_set(fault, ERR_INVALID, field, N_("Nothing is known by this name here: {name}."),
			    "name", key, NULL);
		enum err e = db_run(tx, &sql_skill_insert, DB_ARGS(db_int(staff_id), db_text(kind), db_text(key)));
		if (e == ERR_CONFLICT)
			return fault_set(
			    fault, ERR_INVALID, field, N_("This stands twice: {name}."), "name", key, NULL);
		if (e)
			return e;
	}
	return OK;
}

enum err staff_skills_set(struct db_tx *tx, int64_t now, const char *actor_tag, int64_t staff_id,
    const struct profile *profile, const char *subjects, const char *langs, const char *regions, struct fault *fault)
{
	char object[64];
	enum err e = db_run(tx, &sql_skill_delete, DB_ARGS(db_int(staff_id)));
	if (!e)
		e = insert_list(tx, staff_id, profile, "subject", "subjects", subjects, fault);
	if (!e)
		e = insert_list(tx, staff_id, profile, "lang", "langs", langs, fault);
	if (!e)
		e = insert_list(tx, staff_id, profile, "region", "regions", regions, fault);
	if (e)
		return e;
	json_t *payload = json_object();
	json_put_str(payload, "subjects", subjects);
	json_put_str(payload, "langs", langs);
	json_put_str(payload, "regions", regions);
	return journal_write(tx, now, actor_tag, "staff.skills", journal_object(object, "staff", staff_id), payload);
}

enum err staff_skills_load(struct db_tx *tx, struct arena *arena, int64_t staff_id, struct staff_skills *ret_skills)
{
	struct staff_skills skills = { "", "", "" };
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_skill_of_staff, DB_ARGS(db_int(staff_id)), &rows);
	while (!e && db_next(rows)) {
		const char *kind = db_col_text(rows, 0), **list = !strcmp(kind, "subject") ? &skills.subjects
								  : !strcmp(kind, "lang")  ? &skills.langs
											   : &skills.regions;
		*list = arena_printf(arena, "%s%s%s", *list, **list ? " " : "", db_col_text(rows, 1));
	}
	if (!e)
		e = db_rows_error(rows);
	if (!e)
		*ret_skills = skills;
	return e;
}
