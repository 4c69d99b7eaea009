/* The people who work here, on pages: list, one person with what they may and why, adding, changing, handing over. */
#include "assignment.sql.h"
#include "base/id.h"
#include "base/util.h"
#include "casework/bulk.h"
#include "casework/case_view.h"
#include "casework/invite.h"
#include "casework/staff_skill.h"
#include "crypto/crypto.h"
#include "office/journal.h"

#include <inttypes.h>
#include <string.h>

#define HAND_OVER_MAX 2000 /* cases of one officer in one go */

/* Who works here and how much lies on each desk is for everybody to see who works here. */
static enum err may_look(const struct request *rq, struct fault *fault)
{
	return may(actor_of(rq), ACT_OFFICE_READ, NULL, fault);
}

static bool manages(const struct request *rq)
{
	return may(actor_of(rq), ACT_STAFF_MANAGE, NULL, NULL) == OK;
}

static const char *unit_words(const struct profile *profile, enum lang lang, const char *key)
{
	const struct unit *unit = profile_unit(profile, key);
	return unit ? names_in(&unit->name, lang) : NULL;
}

static char *role_words(struct arena *arena, const struct profile *profile, enum lang lang, const char *roles)
{
	char *words = arena_strdup(arena, "");
	for (size_t i = 0; i < profile->roles; i++)
		if (roles_have(roles, profile->role[i].key))
			words = *words ? text_format(arena, lang, N_("{first}, {second}"), "first", words, "second",
					     names_in(&profile->role[i].name, lang), NULL)
				       : arena_strdup(arena, names_in(&profile->role[i].name, lang));
	return words;
}

static json_t *lang_choices(const char *chosen)
{
	json_t *list = json_array();
	for (enum lang l = 0; l < LANG_MAX; l++) {
		json_t *one = json_object();
		json_put_str(one, "code", lang_code(l));
		json_put_str(one, "lang_label", lang_name(l));
		json_put_bool(one, "chosen", !strcmp(lang_code(l), chosen));
		json_add(list, one);
	}
	return list;
}

/* What the form chooses from, with what somebody has already. */
static json_t *put_choices(
    const struct profile *profile, enum lang lang, const char *roles, const char *unit, const char *own, json_t *view)
{
	json_t *role_list = json_array(), *unit_list = json_array();
	for (size_t i = 0; i < profile->roles; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->role[i].key);
		json_put_str(one, "role_label", names_in(&profile->role[i].name, lang));
		json_put_bool(one, "chosen", roles_have(roles, profile->role[i].key));
		json_add(role_list, one);
	}
	for (size_t i = 0; i < profile->units; i++) {
		json_t *one = json_object();
		json_put_str(one, "code", profile->unit[i].key);
		json_put_str(one, "unit_label", names_in(&profile->unit[i].name, lang));
		json_put_bool(one, "chosen", !strcmp(unit, profile->unit[i].key));
		json_add(unit_list, one);
	}
	json_put(view, "role_choices", role_list);
	json_put(view, "unit_choices", unit_list);
	json_put(view, "lang_choices", lang_choices(own));
	return view;
}

/* --- the list ---------------------------------------------------------------------------------------------------- */

struct list_work {
	struct request *rq;
	const char *after;
	json_t *list;
};

static enum err read_list(struct db_tx *tx, void *arg)
{
	struct list_work *work = arg;
	enum err e = staff_page(tx, work->after, &work->list);
	if (!e)
		json_owned(work->rq->arena, work->list);
	return e;
}

static void put_rows(struct request *rq, json_t *list, json_t *view)
{
	const struct profile *profile = office_of(rq)->profile;
	size_t n = json_array_size(list);
	json_t *one, *rows = json_array();
	size_t i;
	json_array_foreach(list, i, one)
	{
		if (i == STAFF_LIST_MAX) /* one more was read, so there is another page */
			break;
		json_put_str(
		    one, "link", arena_printf(rq->arena, "/desk/office/staff/%" PRId64, json_int_or(one, "id", 0)));
		json_put_str(one, "unit_name", unit_words(profile, rq->lang, json_str_or(one, "unit", "")));
		json_put_str(
		    one, "role_names", role_words(rq->arena, profile, rq->lang, json_str_or(one, "roles", "")));
		json_add(rows, json_incref(one));
	}
	if (n > STAFF_LIST_MAX)
		json_put_str(view, "page_after", json_str_or(json_array_get(list, STAFF_LIST_MAX - 1), "login", ""));
	view_put_list(view, "people", rows);
}

static enum err staff_view(struct request *rq, json_t **ret_view)
{
	const char *after = request_query(rq, "after");
	struct list_work work = { .rq = rq, .after = after ? after : "" };
	enum err e = db_read(office_of(rq)->db, read_list, &work);
	if (e)
		return e;
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("Staff")));
	put_rows(rq, work.list, view);
	json_put_bool(view, "can_manage", manages(rq));
	*ret_view =
	    put_choices(office_of(rq)->profile, rq->lang, "", "", lang_code(office_of(rq)->profile->language), view);
	return OK;
}

static enum err list_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	json_t *view;
	if (may_look(rq, &fault))
		return reply_fault(rp, &fault);
	enum err e = staff_view(rq, &view);
	return e ? e : reply_view(rp, "office/staff", view);
}

/* --- what they may, and why -------------------------------------------------------------------------------------- */

static json_t *scope_words(const struct profile *profile, enum lang lang, const char *roles, enum act act)
{
	json_t *list = json_array();
	for (unsigned bit = SCOPE_ANY; bit <= SCOPE_REFERRAL; bit <<= 1) {
		char *from = NULL;
		struct arena *arena = arena_new(0);
		for (size_t i = 0; i < profile->roles; i++) {
			const struct role *role = &profile->role[i];
			if (!roles_have(roles, role->key) || !(role->rights.scope[act] & bit))
				continue;
			from = from ? text_format(arena, lang, N_("{first}, {second}"), "first", from, "second",
					  names_in(&role->name, lang), NULL)
				    : arena_strdup(arena, names_in(&role->name, lang));
		}
		if (from) {
			json_t *one = json_object();
			json_put_str(one, "scope", scope_key(bit));
			json_put_str(one, "reach", text_get(lang, scope_label(bit)));
			json_put_str(one, "through", from);
			json_add(list, one);
		}
		arena_free(arena);
	}
	return list;
}

static json_t *rights_json(const struct profile *profile, enum lang lang, const char *roles)
{
	json_t *list = json_array();
	for (enum act a = 0; a < ACT_MAX; a++) {
		if (!act_is_for_roles(a))
			continue;
		json_t *ways = scope_words(profile, lang, roles, a), *one = json_object();
		json_put_str(one, "right", act_key(a));
		json_put_str(one, "right_label", text_get(lang, act_label(a)));
		json_put_bool(one, "has_ways", json_array_size(ways) > 0);
		json_put(one, "ways", ways);
		json_add(list, one);
	}
	return list;
}

/* --- one person -------------------------------------------------------------------------------------------------- */

struct person_work {
	struct request *rq;
	int64_t id;
	struct staff staff;
	struct staff_skills skills;
	int64_t open;
};

static enum err read_person(struct db_tx *tx, void *arg)
{
	struct person_work *work = arg;
	char tally[64];
	snprintf(tally, sizeof(tally), "lead:%" PRId64, work->id);
	enum err e = staff_load(tx, work->id, &work->staff);
	if (!e)
		e = staff_skills_load(tx, work->rq->arena, work->id, &work->skills);
	return e ? e : tally_get(tx, tally, &work->open);
}

static enum err person_view(struct request *rq, int64_t id, json_t **ret_view)
{
	const struct profile *profile = office_of(rq)->profile;
	struct person_work work = { .rq = rq, .id = id };
	enum err e = db_read(office_of(rq)->db, read_person, &work);
	if (e)
		return e;
	json_t *view = json_object();
	json_put_str(view, "title", work.staff.name);
	json_put_int(view, "id", id);
	json_put_str(view, "login", work.staff.login);
	json_put_str(view, "staff_name", work.staff.name);
	json_put_str(view, "staff_lang", work.staff.lang);
	json_put_str(view, "role_names", role_words(rq->arena, profile, rq->lang, work.staff.roles));
	json_put_str(view, "unit_name", unit_words(profile, rq->lang, work.staff.unit));
	json_put_bool(view, "active", work.staff.active);
	json_put_int(view, "open_cases", work.open);
	json_put_bool(view, "has_open_cases", work.open > 0);
	json_put_str(view, "subjects", work.skills.subjects);
	json_put_str(view, "langs", work.skills.langs);
	json_put_str(view, "regions", work.skills.regions);
	json_put(view, "rights", rights_json(profile, rq->lang, work.staff.roles));
	json_put_bool(view, "can_manage", manages(rq));
	json_put_bool(view, "can_hand_over", may_somewhere(actor_of(rq), ACT_CASE_ASSIGN) && work.open > 0);
	*ret_view = put_choices(profile, rq->lang, work.staff.roles, work.staff.unit, work.staff.lang, view);
	return OK;
}

struct colleagues_work {
	json_t *list;
};

static enum err read_colleagues(struct db_tx *tx, void *arg)
{
	return staff_list(tx, NULL, &((struct colleagues_work *)arg)->list);
}

static enum err put_colleagues(struct request *rq, json_t *view)
{
	struct colleagues_work work = { 0 };
	if (!json_bool_or(view, "can_hand_over", false))
		return OK;
	enum err e = db_read(office_of(rq)->db, read_colleagues, &work);
	if (!e)
		json_put(view, "colleagues", work.list);
	return e;
}

static enum err person_show(struct request *rq, struct reply *rp)
{
	struct fault fault = { 0 };
	json_t *view;
	if (may_look(rq, &fault))
		return reply_fault(rp, &fault);
	enum err e = person_view(rq, request_param_int(rq, "id"), &view);
	if (!e)
		e = put_colleagues(rq, view);
	return e ? e : reply_view(rp, "office/person", view);
}

/* --- adding and changing ----------------------------------------------------------------------------------------- */

struct staff_form {
	const char *login, *name, *lang, *roles, *unit, *subjects, *langs, *regions;
};

static const struct field staff_fields[] = {
	FIELD(struct staff_form, login, FIELD_TEXT, 60, 0, N_("Login name")),
	FIELD(struct staff_form, name, FIELD_TEXT, 150, FIELD_REQUIRED, N_("Name")),
	FIELD(struct staff_form, lang, FIELD_TEXT, 10, FIELD_REQUIRED, N_("Language")),
	FIELD(struct staff_form, roles, FIELD_TEXT, 200, 0, N_("Roles")),
	FIELD(struct staff_form, unit, FIELD_TEXT, 60, 0, N_("Unit")),
	FIELD(struct staff_form, subjects, FIELD_TEXT, 1000, 0, N_("Subjects")),
	FIELD(struct staff_form, langs, FIELD_TEXT, 60, 0, N_("Languages")),
	FIELD(struct staff_form, regions, FIELD_TEXT, 1000, 0, N_("Regions")),
};

/* The boxes ticked, or what a program sent as a text. */
static const char *chosen_roles(struct request *rq, const struct staff_form *form)
{
	char *roles = arena_strdup(rq->arena, form->roles);
	const char *one;
	for (size_t i = 0; !rq->api && (one = request_form_nth(rq, "role[]", i)); i++)
		roles = arena_printf(rq->arena, "%s %s", roles, one);
	return roles;
}

struct change_work {
	struct request *rq;
	int64_t id;
	const struct staff_form *form;
	const char *roles;
	bool active;
	char token[INVITE_TOKEN];
	struct fault fault;
};

static enum err write_change(struct db_tx *tx, void *arg)
{
	struct change_work *work = arg;
	const struct staff_form *f = work->form;
	const struct staff_change change = { f->name, f->lang, work->roles, f->unit };
	const char *tag = actor_of(work->rq)->tag;
	const struct profile *profile = office_of(work->rq)->profile;
	struct staff staff;
	work->fault = (struct fault) { 0 };
	enum err e = staff_load(tx, work->id, &staff);
	if (!e)
		e = staff_change(profile, tx, work->id, &change, tag, work->rq->now, &work->fault);
	return e ? e
		 : staff_skills_set(
		       tx, work->rq->now, tag, work->id, profile, f->subjects, f->langs, f->regions, &work->fault);
}

static enum err write_invite(struct db_tx *tx, void *arg)
{
	struct change_work *work = arg;
	struct staff staff;
	enum err e = staff_load(tx, work->id, &staff);
	return e ? e : invite_make(tx, work->id, actor_of(work->rq)->tag, work->rq->now, work->token);
}

static enum err write_switch(struct db_tx *tx, void *arg)
{
	struct change_work *work = arg;
	struct staff staff;
	enum err e = staff_load(tx, work->id, &staff);
	return e ? e : staff_switch(tx, work->id, work->active, actor_of(work->rq)->tag, work->rq->now);
}

static enum err refuse_change(struct request *rq, struct reply *rp, int64_t id, const struct fault *fault, enum err why)
{
	struct faults faults = { 0 };
	json_t *view = NULL;
	if (!fault->key)
		return why;
	if (!rq->api && (why == ERR_INVALID || why == ERR_CONFLICT)) {
		enum err e = id ? person_view(rq, id, &view) : staff_view(rq, &view);
		if (e)
			return e;
		faults_add(&faults, fault);
		return reply_form(
		    rp, id ? "office/person" : "office/staff", view, staff_fields, ARRAY_LEN(staff_fields), &faults);
	}
	return reply_fault(rp, fault);
}

static enum err invited(struct request *rq, struct reply *rp, const struct change_work *work)
{
	json_t *view = json_object();
	json_put_str(view, "title", text_get(rq->lang, N_("One-time link")));
	json_put_int(view, "id", work->id);
	json_put_str(view, "invite_path", arena_printf(rq->arena, "/invitation?key=%s", work->token));
	json_put_str(view, "public_url", office_of(rq)->config.public_url);
	if (rq->api)
		return reply_created(rp, arena_printf(rq->arena, "/api/v1/office/staff/%" PRId64, work->id), view);
	return reply_view(rp, "office/invited", view);
}

/* Nobody knows the first password: it is made at random and forgotten; the link is the way in. */
static enum err add(struct request *rq, struct reply *rp)
{
	struct staff_form form = { 0 };
	struct faults faults = { 0 };
	struct change_work work = { .rq = rq, .form = &form };
	uint8_t bytes[24];
	char password[48];
	if (may(actor_of(rq), ACT_STAFF_MANAGE, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, staff_fields, ARRAY_LEN(staff_fields), &form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, staff_fields, ARRAY_LEN(staff_fields), &faults)
			       : refuse_change(rq, rp, 0, &faults.v[0], ERR_INVALID);
	random_bytes(bytes, sizeof(bytes));
	base64url_encode(password, bytes, sizeof(bytes));
	work.roles = chosen_roles(rq, &form);
	const struct staff_new new = { .login = form.login,
		.name = form.name,
		.lang = form.lang,
		.password = password,
		.roles = work.roles,
		.unit = form.unit };
	enum err e = staff_add(office_of(rq), &new, actor_of(rq)->tag, &work.id, &work.fault);
	if (!e)
		e = db_write(office_of(rq)->db, write_change, &work);
	if (!e)
		e = db_write(office_of(rq)->db, write_invite, &work);
	return e ? refuse_change(rq, rp, 0, &work.fault, e) : invited(rq, rp, &work);
}

static enum err answer_change(struct request *rq, struct reply *rp, const struct change_work *work)
{
	if (!rq->api)
		return reply_see_other(rp, "/desk/office/staff/%" PRId64, work->id);
	json_t *view;
	enum err e = person_view(rq, work->id, &view);
	return e ? e : reply_view(rp, NULL, view);
}

static enum err change(struct request *rq, struct reply *rp)
{
	struct staff_form form = { 0 };
	struct faults faults = { 0 };
	struct change_work work = { .rq = rq, .id = request_param_int(rq, "id"), .form = &form };
	if (may(actor_of(rq), ACT_STAFF_MANAGE, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	if (form_parse(rq, staff_fields, ARRAY_LEN(staff_fields), &form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, staff_fields, ARRAY_LEN(staff_fields), &faults)
			       : refuse_change(rq, rp, work.id, &faults.v[0], ERR_INVALID);
	work.roles = chosen_roles(rq, &form);
	enum err e = db_write(office_of(rq)->db, write_change, &work);
	return e ? refuse_change(rq, rp, work.id, &work.fault, e) : answer_change(rq, rp, &work);
}

static enum err invite(struct request *rq, struct reply *rp)
{
	struct change_work work = { .rq = rq, .id = request_param_int(rq, "id") };
	if (may(actor_of(rq), ACT_STAFF_MANAGE, NULL, &work.fault))
		return reply_fault(rp, &work.fault);
	enum err e = db_write(office_of(rq)->db, write_invite, &work);
	return e ? e : invited(rq, rp, &work);
}

static enum err set_active(struct request *rq, struct reply *rp, bool active)
{
	struct change_work work = { .rq = rq, .id = request_param_int(rq, "id"), .active = active };
	enum err e = may(actor_of(rq), ACT_STAFF_MANAGE, NULL, &work.fault);
	/* Nobody locks the last door behind themselves. */
	if (!e && !active && actor_of(rq)->kind == ACTOR_STAFF && actor_of(rq)->id == work.id)
		e = fault_set(&work.fault, ERR_CONFLICT, NULL, N_("You cannot close your own account."), NULL);
	if (e)
		return reply_fault(rp, &work.fault);
	e = db_write(office_of(rq)->db, write_switch, &work);
	return e ? e : answer_change(rq, rp, &work);
}

static enum err close_account(struct request *rq, struct reply *rp)
{
	return set_active(rq, rp, false);
}

static enum err open_account(struct request *rq, struct reply *rp)
{
	return set_active(rq, rp, true);
}

/* --- handing over ------------------------------------------------------------------------------------------------ */

struct hand_form {
	int64_t to;
	const char *reason;
};

static const struct field hand_fields[] = {
	FIELD(struct hand_form, to, FIELD_INT, 0, FIELD_REQUIRED, N_("To whom")),
	FIELD(struct hand_form, reason, FIELD_LINES, 5000, FIELD_REQUIRED, N_("Reason")),
};

struct led_work {
	int64_t staff, after;
	struct bulk_case *cases;
	size_t n;
};

static enum err read_led(struct db_tx *tx, void *arg)
{
	struct led_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_led_open, DB_ARGS(db_int(work->staff), db_int(work->after)), &rows);
	work->n = 0;
	while (!e && db_next(rows))
		work->cases[work->n++] = (struct bulk_case) { .id = work->after = db_col_int(rows, 0) };
	return e ? e : db_rows_error(rows);
}

/* All open cases of somebody who leaves, each in a transaction of its own; what may not be given away is named. */
static enum err hand_over(struct request *rq, struct reply *rp)
{
	struct hand_form form = { 0 };
	struct faults faults = { 0 };
	struct fault fault = { 0 };
	size_t all = 0;
	struct bulk_case *cases = arena_alloc(rq->arena, HAND_OVER_MAX * sizeof(*cases));
	struct led_work work = { .staff = request_param_int(rq, "id") };
	if (!may_somewhere(actor_of(rq), ACT_CASE_ASSIGN)) {
		fault_set(&fault, ERR_DENIED, NULL, N_("Your role does not allow this."), NULL);
		return reply_fault(rp, &fault);
	}
	if (form_parse(rq, hand_fields, ARRAY_LEN(hand_fields), &form, &faults))
		return rq->api ? reply_form(rp, NULL, NULL, hand_fields, ARRAY_LEN(hand_fields), &faults)
			       : refuse_change(rq, rp, work.staff, &faults.v[0], ERR_INVALID);
	const struct bulk_form what = { "assign", form.to, "", form.reason, "", "", "", "", "" };
	enum err e = OK;
	do {
		work.cases = cases + all;
		e = db_read(office_of(rq)->db, read_led, &work);
		if (!e)
			bulk_do(office_of(rq), actor_of(rq), rq->now, &what, work.cases, work.n);
		all += work.n;
	} while (!e && work.n && all + 100 <= HAND_OVER_MAX);
	if (e)
		return e;
	json_t *view = bulk_result(rq->arena, rq->lang, cases, all);
	json_put_str(view, "title", text_get(rq->lang, N_("What was done")));
	return reply_view(rp, "desk/bulk_done", view);
}

#define TWIN(path_, handle_, help_)                                                                                    \
	{ METHOD_POST, "/desk/office/staff" path_, handle_, WHO_STAFF, 0, 0, help_ },                                  \
	{                                                                                                              \
		METHOD_POST, "/api/v1/office/staff" path_, handle_, WHO_PROGRAM, 0, 0, help_                           \
	}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/office/staff", list_show, WHO_STAFF, 0, 0, "Who works here." },
	{ METHOD_GET, "/api/v1/office/staff", list_show, WHO_PROGRAM, 0, 0, "Who works here." },
	{ METHOD_GET, "/desk/office/staff/{id}", person_show, WHO_STAFF, 0, 0, "One officer and what they may." },
	{ METHOD_GET, "/api/v1/office/staff/{id}", person_show, WHO_PROGRAM, 0, 0, "One officer and what they may." },
	TWIN("", add, "Add a member of staff."),
	TWIN("/{id}", change, "Change name, roles, unit and skills."),
	TWIN("/{id}/invite", invite, "Make a one-time link for a password."),
	TWIN("/{id}/close", close_account, "Close an account."),
	TWIN("/{id}/open", open_account, "Open a closed account again."),
	TWIN("/{id}/hand-over", hand_over, "Give all open cases of an officer to another."),
};
const struct route_table staff_routes = { routes, ARRAY_LEN(routes) };
