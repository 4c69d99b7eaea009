/*
 * An e-mail that the desk pasted or uploaded, read for the form of a complaint: who wrote, when, and what. The one file
 * that includes GMime. Foreign bytes: limits on size and nesting, no file name and no HTML is ever passed on.
 *
 *     struct pasted_mail mail;
 *     e = email_paste_read(arena, text, len, zone, &mail, &fault);
 */
#ifndef SULH_CASEWORK_EMAIL_PASTE_H
#define SULH_CASEWORK_EMAIL_PASTE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define EMAIL_PASTE_MAX ((size_t)4 * 1024 * 1024)
#define EMAIL_BODY_MAX ((size_t)20000) /* characters: what the form takes */

struct pasted_mail { /* texts are "" where the mail says nothing; NFC, the arena's */
	const char *from_name, *from_email, *subject;
	const char *sent_on; /* ISO date in the office's time zone */
	const char *body;
	bool cut;           /* the body was longer than EMAIL_BODY_MAX */
	size_t attachments; /* parts that are no text: to be saved as files by hand */
};

/* Text without any header of a mail is taken as the body. ERR_TOO_LARGE over EMAIL_PASTE_MAX, ERR_INVALID when nothing
 * is in it. */
enum err email_paste_read(struct arena *, const char *text, size_t len, const char *zone, struct pasted_mail *ret_mail,
    struct fault *) MUST_CHECK;

#endif
