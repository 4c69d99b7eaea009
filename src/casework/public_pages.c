/* The institution's public face, and the table of all doors that need no staff login. */
#include "base/util.h"
#include "casework/public.h"

#include <string.h>

/* --- first page -------------------------------------------------------------------------------------------------- */

static json_t *texts_json(enum lang lang, const struct profile *profile)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->texts; i++) {
		const struct public_text *text = &profile->text[i];
		json_t *one = json_object(), *items = json_array();
		for (size_t k = 0; k < text->items; k++)
			json_add(items, json_string(names_in(&text->item[k], lang)));
		json_put_str(one, "id", text->key);
		json_put_str(one, "heading", names_in(&text->title, lang));
		json_put(one, "items", items);
		json_add(list, one);
	}
	return list;
}

static json_t *memberships_json(enum lang lang, const struct profile *profile)
{
	json_t *list = json_array();
	for (size_t i = 0; i < profile->memberships; i++) {
		const struct membership *m = &profile->membership[i];
		json_t *one = json_object();
		json_put_str(one, "association", names_in(&m->name, lang));
		json_put_str(one, "post", names_in(&m->office, lang));
		json_add(list, one);
	}
	return list;
}

static enum err home(struct request *rq, struct reply *rp)
{
	const struct profile *profile = office_of(rq)->profile;
	const struct casework_plugin *plugin = casework_plugged();
	json_t *view = json_owned(rq->arena, json_object());
	json_put(view, "texts", texts_json(rq->lang, profile));
	json_put(view, "memberships", memberships_json(rq->lang, profile));
	json_put_bool(view, "has_memberships", profile->memberships > 0);
	enum err e = plugin && plugin->home_view ? plugin->home_view(office_of(rq), rq->lang, view) : OK;
	return e ? e : reply_view(rp, "home", json_incref(view));
}

/* --- doors ------------------------------------------------------------------------------------------------------- */

static const struct route routes[] = {
	{ METHOD_GET, "/", home, 0, 0, 0, "What this institution does and how to complain." },

	{ METHOD_GET, "/complain", complain_show, 0, ROUTE_NO_STORE, 0, "The form of a complaint." },
	{ METHOD_POST, "/complain", complain_save, 0, ROUTE_UPLOAD, 0,
	    "Keep what was typed; check it when no rule is broken." },
	{ METHOD_GET, "/complain/check", complain_check, 0, ROUTE_NO_STORE, 0, "Check the answers before sending." },
	{ METHOD_POST, "/complain/send", complain_send, 0, 0, 0, "File the complaint, once." },
	{ METHOD_GET, "/complain/done", complain_done, 0, ROUTE_NO_STORE, 0, "Number and secret code." },
	{ METHOD_GET, "/complain/receipt", complain_receipt, 0, ROUTE_NO_STORE, 0,
	    "The receipt of the complaint just sent." },
	{ METHOD_POST, "/complain/forget", complain_forget, 0, 0, 0, "End the showing of number and code." },

	{ METHOD_GET, "/track", track_show, 0, ROUTE_NO_STORE, 0, "Ask for number and code." },
	{ METHOD_POST, "/track", track_open, 0, 0, 0, "Open the person's page with number and code." },
	{ METHOD_GET, "/track/case", track_case, WHO_PERSON, ROUTE_NO_STORE, 0, "The person's own complaint." },
	{ METHOD_POST, "/track/messages", track_message, WHO_PERSON, 0, 0, "Write to the office." },
	{ METHOD_POST, "/track/files", track_files, WHO_PERSON, ROUTE_UPLOAD, 0, "Add files." },
	{ METHOD_GET, "/track/documents/{id}", track_document, WHO_PERSON, ROUTE_NO_STORE, 0,
	    "A file that the person sent." },
	{ METHOD_GET, "/track/receipt", track_receipt, WHO_PERSON, ROUTE_NO_STORE, 0, "The receipt." },
	{ METHOD_POST, "/track/leave", track_leave, WHO_PERSON, 0, 0, "End the person's session." },

	{ METHOD_POST, "/api/v1/complaints", complaint_create, 0, 0, 0,
	    "File a complaint, once for each Idempotency-Key." },
	{ METHOD_GET, "/api/v1/complaints/{number}", complaint_status, 0, 0, 0, "Follow a complaint with its code." },
	{ METHOD_GET, "/api/v1/complaints/{number}/receipt", complaint_receipt, 0, 0, 0,
	    "The receipt of a complaint." },
};
const struct route_table public_routes = { routes, ARRAY_LEN(routes) };
