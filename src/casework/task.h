/*
 * Tasks between officers, on a case or on none: who gave it, who does it (the first is responsible), who looks after
 * it, until when. Its states and who may move it:
 *
 *     open ⇄ waiting (for instructions) ─do→ done | done_late ─send_back→ open
 *       └───────────┴─withdraw→ withdrawn
 *
 * Every move stands in the task's history; what concerns the others is told them by notice.
 */
#ifndef SULH_CASEWORK_TASK_H
#define SULH_CASEWORK_TASK_H

#include "casework/casefile.h"

enum task_state { TASK_OPEN, TASK_WAITING, TASK_DONE, TASK_DONE_LATE, TASK_WITHDRAWN, TASK_STATE_MAX };
enum task_move {
	TASK_GIVE,      /* its beginning */
	TASK_ASK,       /* who does it asks what is meant */
	TASK_INSTRUCT,  /* the answer */
	TASK_DO,        /* done; late when the deadline has passed */
	TASK_SEND_BACK, /* not accepted: it is to be done again */
	TASK_WITHDRAW,
	TASK_PASS_ON, /* others do it, or until another day; the state stays */
	TASK_MOVE_MAX
};
/* What somebody has to do with a task; bits. */
#define TASK_PART_DO 1u
#define TASK_PART_GAVE 2u
#define TASK_PART_CONTROL 4u

const char *task_state_key(enum task_state);
const char *task_state_label(enum task_state); /* message key */
bool task_state_parse(const char *key, enum task_state *ret_state);
const char *task_move_key(enum task_move);
const char *task_move_label(enum task_move);
bool task_move_parse(const char *key, enum task_move *ret_move);
bool task_ended(enum task_state);

/* Kinds, and with which opinion each may be closed; some opinions need words. */
extern const char *const task_kinds[]; /* ended by NULL: "execution" … */
const char *task_kind_label(const char *kind);
struct task_opinion {
	const char *kind, *key, *label; /* label: message key */
	bool words;                     /* is to be explained */
};
const struct task_opinion *task_opinion_at(const char *kind, size_t n); /* NULL after the last */
const struct task_opinion *task_opinion_find(const char *kind, const char *key);

#define TASK_EXECUTORS_MAX 10
#define TASK_WORDS_MAX 4000

struct task { /* texts live in the act's arena */
	int64_t id, casefile_id, version, assigner, controller, created_at, due_at, ended_at, document_id, series_id;
	enum task_state state;
	const char *kind, *words, *opinion, *opinion_words;
	bool document_needed;
	int64_t executor[TASK_EXECUTORS_MAX]; /* the responsible one first */
	size_t executors;
};

/* The rule: where the move leads, or why it may not be made by whoever has these parts. `now` tells whether it is
 * late. Pure. */
enum err task_next(const struct task *, enum task_move, unsigned parts, int64_t now, enum task_state *ret_to,
    struct fault *) MUST_CHECK;
unsigned task_parts(const struct task *, int64_t staff_id);
/* When its deadline is to be reminded of next, after that moment: a day before it, then once it has passed; 0: never.
 */
int64_t task_remind_at(const struct task *, int64_t after);
/* May it be closed like this? Opinion of its kind, words and document where they are needed. Pure. */
struct task_closing {
	const char *opinion, *words;
	int64_t document_id;
};
enum err task_may_close(const struct task *, const struct task_closing *, struct fault *) MUST_CHECK;

/* --- with a database: task_db.c --- */
struct task_new {
	int64_t casefile_id; /* 0: on no case */
	const char *kind, *words;
	int64_t executor[TASK_EXECUTORS_MAX];
	size_t executors;
	int64_t controller; /* 0: the assigner looks after it */
	int64_t assigner;   /* 0: who acts */
	int64_t due_at;     /* 0: none */
	bool document_needed;
	int64_t series_id, series_day; /* of a periodic task */
};
/* Everybody named works here, the deadline is not past. Notices to those who do it, an event on the case. */
enum err task_give(const struct casefile_act *, const struct task_new *, int64_t *ret_id, struct fault *) MUST_CHECK;
enum err task_load(const struct casefile_act *, int64_t id, struct task *ret_task) MUST_CHECK;
/* Somebody who has to do with it, or who may read its case; else as if there were none. */
enum err task_may_read(const struct casefile_act *, const struct task *, struct fault *) MUST_CHECK;
struct task_step {
	int64_t version; /* as the reader saw it; 0: not checked */
	const char *words;
	const char *opinion;
	int64_t document_id;
	int64_t executor[TASK_EXECUTORS_MAX]; /* for TASK_PASS_ON; none: they stay */
	size_t executors;
	int64_t due_at; /* for TASK_PASS_ON; 0: it stays */
};
enum err task_step(
    const struct casefile_act *, struct task *, enum task_move, const struct task_step *, struct fault *) MUST_CHECK;
/* "leyla, kamran" or ids: those who work here, in that order, each once. */
enum err task_people(const struct casefile_act *, const char *logins, int64_t ret_ids[TASK_EXECUTORS_MAX],
    size_t *ret_n, struct fault *) MUST_CHECK;
/* One login name or id; "" gives 0. */
enum err task_person(
    const struct casefile_act *, const char *field, const char *login, int64_t *ret_id, struct fault *) MUST_CHECK;
/* The last instant of a day "2026-05-31"; "" gives 0. */
enum err task_due(const struct casefile_act *, const char *iso_day, int64_t *ret_due_at) MUST_CHECK;
/* The beginning of its words, for lists, events and notices. */
const char *task_title(struct arena *, const char *words);
/* Job "casework.tasks": reminds of deadlines, each time once, also after missed or killed runs. */
enum err task_remind_run(struct office *, int64_t now) MUST_CHECK;
/* In whose name the actor works: whose lists these are. */
int64_t task_self(const struct actor *);

/* --- lists and pages: task_list.c --- */
struct task_ask {
	const char *part; /* "do", "gave", "control" */
	int64_t staff_id; /* whose list */
	bool ended, keyed;
	int64_t key_at, key_id;
};
/* {id, words, kind, state, due, late, who, link, case_number, …}; keys page_after as the queue's. */
enum err task_list(const struct casefile_act *, enum lang, const struct task_ask *, json_t *view) MUST_CHECK;
enum err task_of_case(const struct casefile_act *, enum lang, int64_t casefile_id, json_t **ret_list) MUST_CHECK;
/* [{code, kind_label, chosen}] for a form. */
json_t *task_kinds_json(enum lang);
/* One task with history and what the reader may do. */
enum err task_view(const struct casefile_act *, enum lang, const struct task *, json_t *view) MUST_CHECK;

#endif
