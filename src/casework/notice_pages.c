/* Notices as a page and for programs. */
#include "casework/notice.h"

#include "base/util.h"
#include "casework/desk_work.h"

#include <stdlib.h>

static enum err fill(const struct casefile_act *act, struct request *rq, json_t *view, struct fault *fault)
{
	const char *after = request_query(rq, "after");
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	return e ? e : notice_list(act, rq->lang, desk_self(rq), after ? strtoll(after, NULL, 10) : 0, view);
}

static const struct desk_page page = { "desk/notices", N_("Notices"), fill };

static enum err notices_show(struct request *rq, struct reply *rp)
{
	return desk_page_show(rq, rp, &page);
}

static enum err mark(
    const struct casefile_act *act, struct request *rq, const void *form, int64_t *ret_id, struct fault *fault)
{
	enum err e = may(act->actor, ACT_TASK_WORK, NULL, fault);
	return e ? e : notice_read(act, desk_self(rq), request_param_int(rq, "id"));
}

static enum err mark_post(struct request *rq, struct reply *rp)
{
	static const struct desk_deed deed = { ACT_TASK_WORK, &page, NULL, 0, 0, mark, "/desk/notices" };
	return desk_deed_do(rq, rp, &deed);
}

static const struct route routes[] = {
	{ METHOD_GET, "/desk/notices", notices_show, WHO_STAFF, 0, 0, "What an officer should know." },
	{ METHOD_POST, "/desk/notices/read", mark_post, WHO_STAFF, 0, 0, "Mark all notices as read." },
	{ METHOD_POST, "/desk/notices/{id}/read", mark_post, WHO_STAFF, 0, 0, "Mark a notice as read." },
	{ METHOD_GET, "/api/v1/notices", notices_show, WHO_PROGRAM, 0, 0, "What an officer should know." },
};
const struct route_table notice_routes = { routes, ARRAY_LEN(routes) };
