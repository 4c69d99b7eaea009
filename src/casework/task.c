/* Tasks: the rules. */
#include "casework/task.h"

#include "base/clockwork.h"
#include "base/util.h"

#include <string.h>

static const struct {
	const char *key, *label;
} states[TASK_STATE_MAX] = {
	[TASK_OPEN] = { "open", N_("To be done") },
	[TASK_WAITING] = { "waiting", N_("Waiting for instructions") },
	[TASK_DONE] = { "done", N_("Done") },
	[TASK_DONE_LATE] = { "done_late", N_("Done late") },
	[TASK_WITHDRAWN] = { "withdrawn", N_("Withdrawn") },
}, moves[TASK_MOVE_MAX] = {
	[TASK_GIVE] = { "give", N_("Given") },
	[TASK_ASK] = { "ask", N_("Instructions asked for") },
	[TASK_INSTRUCT] = { "instruct", N_("Instructions given") },
	[TASK_DO] = { "do", N_("Done") },
	[TASK_SEND_BACK] = { "send_back", N_("Sent back: not accepted") },
	[TASK_WITHDRAW] = { "withdraw", N_("Withdrawn") },
	[TASK_PASS_ON] = { "pass_on", N_("Passed on") },
};

#define GAVE (TASK_PART_GAVE | TASK_PART_CONTROL)

static const struct {
	enum task_move move;
	unsigned from; /* bits of states */
	enum task_state to;
	unsigned parts;
} arrows[] = {
	{ TASK_ASK, 1u << TASK_OPEN, TASK_WAITING, TASK_PART_DO },
	{ TASK_INSTRUCT, 1u << TASK_WAITING, TASK_OPEN, GAVE },
	{ TASK_DO, 1u << TASK_OPEN | 1u << TASK_WAITING, TASK_DONE, TASK_PART_DO },
	{ TASK_SEND_BACK, 1u << TASK_DONE | 1u << TASK_DONE_LATE, TASK_OPEN, GAVE },
	{ TASK_WITHDRAW, 1u << TASK_OPEN | 1u << TASK_WAITING, TASK_WITHDRAWN, TASK_PART_GAVE },
	{ TASK_PASS_ON, 1u << TASK_OPEN, TASK_OPEN, GAVE },
	{ TASK_PASS_ON, 1u << TASK_WAITING, TASK_WAITING, GAVE },
};

static const struct {
	const char *key, *label;
} kinds[] = {
	{ "execution", N_("To be carried out") },
	{ "opinion", N_("For an opinion") },
	{ "approval", N_("For approval") },
	{ "signature", N_("For signature") },
};
const char *const task_kinds[] = { "execution", "opinion", "approval", "signature", NULL };

static const struct task_opinion opinions[] = {
	{ "execution", "done", N_("Carried out"), false },
	{ "execution", "partly", N_("Carried out in part"), true },
	{ "execution", "impossible", N_("Cannot be carried out"), true },
	{ "opinion", "given", N_("Opinion given"), true },
	{ "approval", "approved", N_("Approved"), false },
	{ "approval", "remarks", N_("Approved with remarks"), true },
	{ "approval", "refused", N_("Not approved"), true },
	{ "signature", "signed", N_("Signed"), false },
	{ "signature", "refused", N_("Not signed"), true },
};

const char *task_state_key(enum task_state state)
{
	return states[state].key;
}

const char *task_state_label(enum task_state state)
{
	return states[state].label;
}

bool task_state_parse(const char *key, enum task_state *ret_state)
{
	for (enum task_state s = 0; s < TASK_STATE_MAX; s++) {
		if (!strcmp(states[s].key, key)) {
			*ret_state = s;
			return true;
		}
	}
	return false;
}

const char *task_move_key(enum task_move move)
{
	return moves[move].key;
}

const char *task_move_label(enum task_move move)
{
	return moves[move].label;
}

bool task_move_parse(const char *key, enum task_move *ret_move)
{
	for (enum task_move m = 0; m < TASK_MOVE_MAX; m++) {
		if (!strcmp(moves[m].key, key)) {
			*ret_move = m;
			return true;
		}
	}
	return false;
}

bool task_ended(enum task_state state)
{
	return state == TASK_DONE || state == TASK_DONE_LATE || state == TASK_WITHDRAWN;
}

const char *task_kind_label(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].key, kind))
			return kinds[i].label;
	return kind;
}

const struct task_opinion *task_opinion_at(const char *kind, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(opinions); i++)
		if (!strcmp(opinions[i].kind, kind) && n-- == 0)
			return &opinions[i];
	return NULL;
}

const struct task_opinion *task_opinion_find(const char *kind, const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(opinions); i++)
		if (!strcmp(opinions[i].kind, kind) && !strcmp(opinions[i].key, key))
			return &opinions[i];
	return NULL;
}

unsigned task_parts(const struct task *task, int64_t staff_id)
{
	unsigned parts = 0;
	if (!staff_id)
		return 0;
	for (size_t i = 0; i < task->executors; i++)
		parts |= task->executor[i] == staff_id ? TASK_PART_DO : 0;
	parts |= task->assigner == staff_id ? TASK_PART_GAVE : 0;
	return parts | (task->controller == staff_id ? TASK_PART_CONTROL : 0);
}

int64_t task_remind_at(const struct task *task, int64_t after)
{
	if (!task->due_at || task_ended(task->state))
		return 0;
	if (after < task->due_at - DAY_MS)
		return task->due_at - DAY_MS;
	return after <= task->due_at ? task->due_at + 1 : 0;
}

enum err task_next(const struct task *task, enum task_move move, unsigned parts, int64_t now, enum task_state *ret_to,
    struct fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(arrows); i++) {
		if (arrows[i].move != move || !(arrows[i].from & 1u << task->state))
			continue;
		if (!(arrows[i].parts & parts))
			return fault_set(
			    fault, ERR_DENIED, NULL, N_("This step of the task is somebody else's."), NULL);
		bool late = arrows[i].to == TASK_DONE && task->due_at && now > task->due_at;
		*ret_to = late ? TASK_DONE_LATE : arrows[i].to;
		return OK;
	}
	return fault_set(fault, ERR_CONFLICT, "state",
	    N_("This step is not possible in the present state of the task. Somebody may have moved it; look at it "
	       "again."),
	    NULL);
}

enum err task_may_close(const struct task *task, const struct task_closing *closing, struct fault *fault)
{
	const struct task_opinion *opinion = task_opinion_find(task->kind, closing->opinion);
	if (!opinion)
		return fault_set(fault, ERR_INVALID, "opinion", N_("Choose the result from the list."), NULL);
	if (opinion->words && !*closing->words)
		return fault_set(fault, ERR_INVALID, "words", N_("Explain this result in words."), NULL);
	if (task->document_needed && !closing->document_id)
		return fault_set(fault, ERR_INVALID, "document_id", N_("This task is closed with a document."), NULL);
	return OK;
}
