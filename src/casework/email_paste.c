/* Reads a mail with GMime. */
#include "casework/email_paste.h"

#include "base/util.h"
#include "text/date.h"
#include "text/text.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>

#define DEPTH_MAX 12 /* of parts in parts */
#define HTML_MAX ((size_t)512 * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* --- the words --------------------------------------------------------------------------------------------------- */

/* Marks of HTML out, blocks on lines of their own: enough to read what somebody wrote, and nothing that a page could
 * take for its own. Entities other than the five of XML stay as they are. */
static const char *entity(const char *p, size_t *ret_len, char *ret_char)
{
	static const struct {
		const char *name;
		char c;
	} entities[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&#39;", '\'' },
		{ "&nbsp;", ' ' } };
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		*ret_len = strlen(entities[i].name);
		if (!strncmp(p, entities[i].name, *ret_len)) {
			*ret_char = entities[i].c;
			return p;
		}
	}
	return NULL;
}

static bool breaks_line(const char *tag)
{
	static const char *const tags[] = { "<br", "<p", "</p", "<div", "</div", "<tr", "<li", "<h" };
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (!g_ascii_strncasecmp(tag, tags[i], strlen(tags[i])))
			return true;
	return false;
}

/* What must not be read as words. */
static size_t hidden_element(const char *p)
{
	static const char *const names[] = { "style", "script", "head" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char end[16];
		if (g_ascii_strncasecmp(p + 1, names[i], strlen(names[i])) != 0)
			continue;
		g_snprintf(end, sizeof(end), "</%s", names[i]);
		for (const char *q = p; *q; q++)
			if (!g_ascii_strncasecmp(q, end, strlen(end)))
				return (size_t)(q - p);
		return strlen(p);
	}
	return 0;
}

static char *html_words(struct arena *arena, const char *html)
{
	char *out = arena_alloc(arena, strlen(html) + 1), *end = out, c;
	size_t len;
	for (const char *p = html; *p;) {
		if (*p == '<') {
			size_t hidden = hidden_element(p);
			if (breaks_line(p))
				*end++ = '\n';
			p += hidden ? hidden : 0;
			p += strcspn(p, ">");
			p += *p == '>';
		} else if (*p == '&' && entity(p, &len, &c)) {
			*end++ = c;
			p += len;
		} else {
			*end++ = *p++;
		}
	}
	*end = '\0';
	return out;
}

static const char *cut_to(struct arena *arena, const char *text, size_t characters, bool *ret_cut)
{
	const char *p = text;
	*ret_cut = false;
	for (size_t n = 0; *p; n++) {
		if (n == characters) {
			*ret_cut = true;
			return arena_strndup(arena, text, (size_t)(p - text));
		}
		do
			p++;
		while ((*p & 0xC0) == 0x80);
	}
	return text;
}

/* --- the parts --------------------------------------------------------------------------------------------------- */

struct found {
	char *plain, *html; /* g_malloc'd; the first of each */
	size_t attachments;
};

static void take_part(GMimeObject *part, struct found *found)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	if (!GMIME_IS_TEXT_PART(part) || g_mime_part_is_attachment(GMIME_PART(part))) {
		found->attachments++;
		return;
	}
	char **place = g_mime_content_type_is_type(type, "text", "html") ? &found->html : &found->plain;
	if (!*place)
		*place = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
}

static void walk(GMimeObject *part, int depth, struct found *found)
{
	if (!part || depth > DEPTH_MAX)
		return;
	if (GMIME_IS_MULTIPART(part)) {
		GMimeMultipart *many = GMIME_MULTIPART(part);
		for (int i = 0; i < g_mime_multipart_get_count(many); i++)
			walk(g_mime_multipart_get_part(many, i), depth + 1, found);
	} else if (GMIME_IS_MESSAGE_PART(part)) { /* a mail forwarded within a mail is a file of its own */
		found->attachments++;
	} else if (GMIME_IS_PART(part)) {
		take_part(part, found);
	}
}

/* --- the headers ------------------------------------------------------------------------------------------------- */

static const char *words(struct arena *arena, const char *text)
{
	return text ? text_nfc(arena, text) : "";
}

static void read_from(struct arena *arena, GMimeMessage *message, struct pasted_mail *mail)
{
	InternetAddressList *list = g_mime_message_get_from(message);
	for (int i = 0; list && i < internet_address_list_length(list); i++) {
		InternetAddress *one = internet_address_list_get_address(list, i);
		if (!INTERNET_ADDRESS_IS_MAILBOX(one))
			continue;
		mail->from_name = words(arena, internet_address_get_name(one));
		mail->from_email = words(arena, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)));
		return;
	}
}

static void read_date(struct arena *arena, GMimeMessage *message, const char *zone, struct pasted_mail *mail)
{
	GDateTime *date = g_mime_message_get_date(message);
	if (!date)
		return;
	int64_t seconds = g_date_time_to_unix(date);
	if (seconds > 0) {
		char *iso = arena_alloc(arena, 11);
		civil_format(iso, zone_date(zone, seconds * 1000));
		mail->sent_on = iso;
	}
}

static bool is_mail(GMimeMessage *message)
{
	InternetAddressList *from = g_mime_message_get_from(message);
	return (from && internet_address_list_length(from) > 0) || g_mime_message_get_subject(message) ||
	       g_mime_message_get_date(message);
}

static GMimeMessage *parse(const char *text, size_t len)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

static void read_message(struct arena *arena, GMimeMessage *message, const char *zone, struct pasted_mail *mail)
{
	struct found found = { 0 };
	read_from(arena, message, mail);
	read_date(arena, message, zone, mail);
	mail->subject = words(arena, g_mime_message_get_subject(message));
	walk(g_mime_message_get_mime_part(message), 0, &found);
	if (found.plain && *found.plain)
		mail->body = words(arena, found.plain);
	else if (found.html && strlen(found.html) <= HTML_MAX)
		mail->body = words(arena, html_words(arena, found.html));
	mail->attachments = found.attachments;
	g_free(found.plain);
	g_free(found.html);
}

enum err email_paste_read(struct arena *arena, const char *text, size_t len, const char *zone,
    struct pasted_mail *ret_mail, struct fault *fault)
{
	struct pasted_mail mail = { "", "", "", "", "", false, 0 };
	if (len > EMAIL_PASTE_MAX)
		return fault_set(
		    fault, ERR_TOO_LARGE, "email_text", N_("This e-mail is too large. Paste only its text."), NULL);
	pthread_once(&once, g_mime_init);
	GMimeMessage *message = parse(text, len);
	if (message && is_mail(message))
		read_message(arena, message, zone, &mail);
	else
		mail.body = words(arena, arena_strndup(arena, text, len));
	if (message)
		g_object_unref(message);
	if (!*mail.body && !*mail.from_email && !*mail.subject)
		return fault_set(fault, ERR_INVALID, "email_text", N_("There is nothing to read in it."), NULL);
	mail.body = cut_to(arena, mail.body, EMAIL_BODY_MAX, &mail.cut);
	*ret_mail = mail;
	return OK;
}
