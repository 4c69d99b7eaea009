/*
 * The doors of people who complain: what the files of the public side share. The table that opens them is in
 * public_pages.c; a complaint is written in complain_pages.c, followed in track_pages.c, and both by programs in
 * public_api.c.
 */
#ifndef SULH_CASEWORK_PUBLIC_H
#define SULH_CASEWORK_PUBLIC_H

#include "casework/casefile.h"

/* complain_pages.c */
handler complain_show, complain_save, complain_check, complain_send, complain_done, complain_receipt, complain_forget;

/* track_pages.c */
handler track_show, track_open, track_case, track_message, track_files, track_document, track_receipt, track_leave;

/* public_api.c */
handler complaint_create, complaint_status, complaint_receipt;

/* --- track.c: who follows a complaint, and what they see --- */

/*
 * The case of that number and code. Wrong numbers and wrong codes get the same answer at the same cost, and are slowed
 * by number and by address: ERR_INVALID or ERR_THROTTLED with the reason.
 */
enum err track_find(struct request *, const char *number, const char *code, int64_t *ret_id, struct fault *) MUST_CHECK;
/* The person of that number and code: a program's "{number}" in the address and its header Sulh-Code. */
enum err track_person(struct request *, struct actor *ret_actor, struct fault *) MUST_CHECK;
/* The case as the person sees it; asks may(), leaves the trace of a look. Page and API show the same. */
enum err track_view(struct request *, const struct actor *, json_t **ret_view, struct fault *) MUST_CHECK;
/*
 * The person's page with a form as it was filled and what is wrong with it, by `why` 422 or 409. For the forms that
 * other rooms put there too: their own members are then marked in rp->view. track_pages.c.
 */
enum err track_case_again(
    struct request *, struct reply *, const struct field *, size_t n, const struct faults *, enum err why) MUST_CHECK;
/* What may be asked for after a decision, what was asked, and whether the complaint may be taken back. track_flow.c. */
enum err track_flow_view(const struct casefile_act *, enum lang, const struct casefile *, json_t *view) MUST_CHECK;
/* The receipt as a file to keep. */
enum err track_receipt_reply(struct request *, struct reply *, int64_t casefile_id) MUST_CHECK;

#endif
