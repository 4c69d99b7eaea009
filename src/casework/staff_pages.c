/* The people who work here, on pages: list, one person with what they may and why, adding, changing, handing over. */
#include "assignment.sql.h"
#include "base/id.h"
#include "base/util.h"
#include "casework/bulk.h"
#include "casework/case_view.h"
#include "casework/invite.h"
#include "casework/staff_skill.h"
#include "casework/staff_view.h"
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
		json_put_str(one, "unit_name", staff_unit_words(profile, rq->lang, json_str_or(one, "unit", "")));
		json_put_str(
		    one, "role_names", staff_role_words(rq->arena, profile, rq->lang, json_str_or(one, "roles", "")));
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
	struct staff nobody = { .id = 0 };
	const struct staff_skills none = { "", "", "" };
	copy_text(nobody.lang, sizeof(nobody.lang), lang_code(office_of(rq)->profile->language));
	*ret_view = staff_choices(office_of(rq)->profile, rq->lang, &nobody, &none, view);
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
	json_put_str(view, "role_names", staff_role_words(rq->arena, profile, rq->lang, work.staff.roles));
	json_put_str(view, "unit_name", staff_unit_words(profile, rq->lang, work.staff.unit));
	json_put_bool(view, "active", work.staff.active);
	json_put_int(view, "open_cases", work.open);
	json_put_bool(view, "has_open_cases", work.open > 0);
	json_put_str(view, "subjects", work.skills.subjects);
	json_put_str(view, "langs", work.skills.langs);
	json_put_str(view, "regions", work.skills.regions);
	json_put(view, "rights", staff_rights_json(profile, rq->lang, work.staff.roles));
	json_put_bool(view, "can_manage", manages(rq));
	json_put_bool(view, "can_hand_over", may_somewhere(actor_of(rq), ACT_CASE_ASSIGN) && work.open > 0);
	*ret_view = staff_choices(profile, rq->lang, &work.staff, &work.skills, view);
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
static const char *ticked(struct request *rq, const char *text, const char *boxes)
{
	char *keys = arena_strdup(rq->arena, text);
	const char *one;
	for (size_t i = 0; !rq->api && (one = request_form_nth(rq, boxes, i)); i++)
		keys = arena_printf(rq->arena, "%s%s%s", keys, *keys ? " " : "", one);
	return keys;
}

static void take_boxes(struct request *rq, struct staff_form *form)
{
	form->roles = ticked(rq, form->roles, "role[]");
	form->subjects = ticked(rq, form->subjects, "subject[]");
	form->langs = ticked(rq, form->langs, "speech[]");
	form->regions = ticked(rq, form->regions, "region[]");
}

struct change_work {
	struct request *rq;
	int64_t id;
	const struct staff_form *form;
	bool active;
	char token[INVITE_TOKEN];
	struct fault fault;
};

static enum err write_change(struct db_tx *tx, void *arg)
{
	struct change_work *work = arg;
	const struct staff_form *f = work->form;
	const struct staff_change change = { f->name, f->lang, f->roles, f->unit };
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

/* The lists again as they were ticked, not as they are stored. */
static void tick_again(struct request *rq, json_t *view)
{
	static const char *const lists[][2] = { { "role_choices", "role[]" }, { "subject_choices", "subject[]" },
		{ "speech_choices", "speech[]" }, { "region_choices", "region[]" }, { "unit_choices", "unit" },
		{ "lang_choices", "lang" } };
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const char *keys = ticked(rq, "", lists[i][1]);
		json_t *one;
		size_t k;
		json_array_foreach(json_object_get(view, lists[i][0]), k, one)
		    json_put_bool(one, "chosen", roles_have(keys, json_str_or(one, "code", "")));
	}
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
		tick_again(rq, view);
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
	take_boxes(rq, &form);
	const struct staff_new new = { .login = form.login,
		.name = form.name,
		.lang = form.lang,
		.password = password,
		.roles = form.roles,
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
	take_boxes(rq, &form);
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
