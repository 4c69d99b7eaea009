/* One act on many cases: the acts and the loop over the cases. */
#include "casework/bulk.h"

#include "base/util.h"
#include "casework/assignment.h"
#include "casework/case_acts.h"
#include "casework/link.h"
#include "office/numbering.h"

#include <string.h>

static enum err assign(
    const struct casefile_act *act, struct casefile *c, const struct bulk_form *form, struct fault *fault)
{
	const struct assignment_new new = { form->staff_id, form->unit, form->reason, 0, 0 };
	return assignment_give(act, c, &new, fault);
}

/* The answer goes to each person as a letter of their own case, and stands with the closing. */
static enum err close_one(
    const struct casefile_act *act, struct casefile *c, const struct bulk_form *form, struct fault *fault)
{
	enum err e = *form->answer ? text_add(act, c->id, "to_person", case_person_lang(act, c), form->answer) : OK;
	return e ? e : casefile_close(act, c, form->closing, form->answer, 0, fault);
}

static enum err note(
    const struct casefile_act *act, struct casefile *c, const struct bulk_form *form, struct fault *fault)
{
	if (!*form->note)
		return fault_set(fault, ERR_INVALID, "note", N_("Write the note."), NULL);
	return text_add(act, c->id, "note", act->office->profile->language, form->note);
}

/* All are linked to the one that is named: joined into it, or standing under it. */
static enum err link_one(
    const struct casefile_act *act, struct casefile *c, const struct bulk_form *form, struct fault *fault)
{
	struct link_new new = { .reason = form->reason };
	char number[NUMBER_TEXT];
	int64_t id;
	if (!link_kind_parse(form->link_kind, &new.kind))
		return fault_set(fault, ERR_INVALID, "link_kind", N_("Choose how they hang together."), NULL);
	if (numbering_read(act->office->profile, form->other, number, NULL) &&
	    !casefile_find(act->tx, number, &new.other))
		return link_add(act, c, &new, &id, fault);
	return fault_set(fault, ERR_INVALID, "other", N_("There is no case with this number that you may link."), NULL);
}

static const struct bulk_act {
	const char *key;
	enum act right;
	enum err (*run)(const struct casefile_act *, struct casefile *, const struct bulk_form *, struct fault *);
} acts[] = {
	{ "assign", ACT_CASE_ASSIGN, assign },
	{ "close", ACT_CASE_WORK, close_one },
	{ "note", ACT_CASE_WORK, note },
	{ "link", ACT_CASE_LINK, link_one },
};
const char *const bulk_acts[] = { "assign", "close", "note", "link", NULL };

static const struct bulk_act *find(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(acts); i++)
		if (!strcmp(acts[i].key, key))
			return &acts[i];
	return NULL;
}

struct one_work {
	struct office *office;
	const struct actor *actor;
	int64_t now;
	const struct bulk_form *form;
	const struct bulk_act *act;
	struct bulk_case *row;
	struct arena *arena; /* of this case alone */
	char number[64];
};

static enum err do_one(struct db_tx *tx, void *arg)
{
	struct one_work *work = arg;
	const struct casefile_act act = { work->office, tx, work->actor, work->now, work->arena };
	struct casefile c;
	work->row->fault = (struct fault) { 0 };
	enum err e = casefile_load(work->office, tx, work->arena, work->row->id, &c);
	if (e)
		return e;
	const struct object object = casefile_object(&c);
	if (conflicts(work->actor, &object))
		return ERR_NOT_FOUND;
	copy_text(work->number, sizeof(work->number), c.number);
	e = may(work->actor, work->act->right, &object, &work->row->fault);
	if (!e)
		e = casefile_check_seen(&c, work->row->version, &work->row->fault);
	return e ? e : work->act->run(&act, &c, work->form, &work->row->fault);
}

void bulk_do(struct office *office, const struct actor *actor, int64_t now, const struct bulk_form *form,
    struct bulk_case *cases, size_t n)
{
	const struct bulk_act *act = find(form->act);
	for (size_t i = 0; i < n; i++) {
		struct one_work work = { .office = office,
			.actor = actor,
			.now = now,
			.form = form,
			.act = act,
			.row = &cases[i],
			.arena = arena_new(0) };
		cases[i].err = act ? db_write(office->db, do_one, &work) : ERR_INVALID;
		copy_text(cases[i].number, sizeof(cases[i].number), work.number);
		arena_free(work.arena);
	}
}

json_t *bulk_result(struct arena *arena, enum lang lang, const struct bulk_case *cases, size_t n)
{
	json_t *view = json_object(), *done = json_array(), *refused = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct bulk_case *one = &cases[i];
		json_t *row = json_object();
		json_put_int(row, "id", one->id);
		json_put_str(row, "number", *one->number ? one->number : NULL);
		if (one->err)
			json_put_str(row, "why",
			    one->fault.key ? text_fault(arena, lang, &one->fault)
					   : text_get(lang, err_sentence(one->err)));
		json_add(one->err ? refused : done, row);
	}
	json_put_str(view, "done_words",
	    text_plural(arena, lang, N_("{n} case done"), N_("{n} cases done"), (int64_t)json_array_size(done)));
	json_put_str(view, "refused_words",
	    text_plural(
		arena, lang, N_("{n} case not done"), N_("{n} cases not done"), (int64_t)json_array_size(refused)));
	json_put_bool(view, "has_done", json_array_size(done) > 0);
	json_put_bool(view, "has_refused", json_array_size(refused) > 0);
	json_put(view, "done", done);
	json_put(view, "refused", refused);
	return view;
}
