/* Reminds of tasks' deadlines: a day before, and once they have passed. */
#include "base/clockwork.h"
#include "base/log.h"
#include "base/util.h"
#include "casework/notice.h"
#include "casework/task.h"
#include "task.sql.h"

#include <inttypes.h>

#define PIECE 50

static const struct actor remind_actor = { .kind = ACTOR_SYSTEM, .name = "", .tag = "system" };

struct remind_work {
	struct office *office;
	int64_t now, task_id;
	int64_t due[PIECE];
	size_t n;
};

static enum err tell(const struct casefile_act *act, const struct task *t, int64_t staff_id, const char *kind)
{
	struct staff responsible;
	if (!staff_id)
		return OK;
	enum err e = staff_load(act->tx, t->executor[0], &responsible);
	if (e)
		return e;
	json_t *data = json_object();
	json_put_str(data, "name", responsible.name);
	json_put_str(data, "words", task_title(act->arena, t->words));
	json_put_int(data, "due_at", t->due_at);
	const struct notice_new notice = { staff_id, kind, t->casefile_id, t->id, data };
	return notice_add(act, &notice);
}

/* Before the deadline who does it hears of it, after it also who gave it and who looks after it. */
static enum err tell_all(const struct casefile_act *act, const struct task *t)
{
	bool late = act->now > t->due_at;
	const char *kind = late ? "task_after" : "task_before";
	enum err e = OK;
	for (size_t i = 0; !e && i < t->executors; i++)
		e = tell(act, t, t->executor[i], kind);
	if (!e && late && !(task_parts(t, t->assigner) & TASK_PART_DO))
		e = tell(act, t, t->assigner, kind);
	if (!e && late && task_parts(t, t->controller) == TASK_PART_CONTROL)
		e = tell(act, t, t->controller, kind);
	return e;
}

static enum err remind_one(struct db_tx *tx, void *arg)
{
	struct remind_work *work = arg;
	struct arena *arena = arena_new(0);
	const struct casefile_act act = { work->office, tx, &remind_actor, work->now, arena };
	struct task t;
	enum err e = task_load(&act, work->task_id, &t);
	if (!e && t.due_at && t.executors && !task_ended(t.state))
		e = tell_all(&act, &t);
	if (!e)
		e = db_run(
		    tx, &sql_task_set_remind, DB_ARGS(db_int(t.id), db_int_or_null(task_remind_at(&t, work->now))));
	arena_free(arena);
	return e;
}

static enum err find_due(struct db_tx *tx, void *arg)
{
	struct remind_work *work = arg;
	struct db_rows *rows CLEANUP(db_rows_free_ptr) = NULL;
	enum err e = db_query(tx, &sql_task_to_remind, DB_ARGS(db_int(work->now)), &rows);
	work->n = 0;
	while (!e && work->n < PIECE && db_next(rows))
		work->due[work->n++] = db_col_int(rows, 0);
	return e || work->n == PIECE ? e : db_rows_error(rows);
}

enum err task_remind_run(struct office *office, int64_t now)
{
	struct remind_work work = { .office = office, .now = now, .n = PIECE };
	enum err e = OK;
	while (!e && work.n == PIECE && !job_stopping(office)) {
		e = db_read(office->db, find_due, &work);
		for (size_t i = 0; !e && i < work.n; i++) {
			work.task_id = work.due[i];
			e = db_write(office->db, remind_one, &work);
			if (e)
				log_line(LOG_WARNING, "task %" PRId64 ": %s", work.task_id, err_slug(e));
		}
	}
	return e;
}

static const struct job jobs[] = {
	{ "casework.tasks", MINUTE_MS, task_remind_run, "Reminds of tasks before and after their deadlines." },
};
const struct job_table task_jobs = { jobs, ARRAY_LEN(jobs) };
