/* Multipart bodies as they arrive: texts into the form, files hashed into unlinked temporary files, in constant memory.
 */
#include "http/internal.h"

#include "base/id.h"
#include "base/util.h"

#include <errno.h>
#include <fcntl.h>
#include <magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POST_BUFFER (32 * 1024)
#define HELD_BACK ((size_t)512) /* bytes: more than a boundary (70, RFC 2046) and what stands around it */
#define PIECE_MAX ((size_t)1024 * 1024)
#define NAME_BYTES_MAX 200
#define MAGIC_BYTES (256 * 1024) /* office documents show what they are only behind their first entries */

static int temporary_file(const char *spool)
{
	char path[4096];
	int fd = open(spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	if (snprintf(path, sizeof path, "%s/upload-XXXXXX", spool) >= (int)sizeof path)
		return -1;
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* Characters that hide what a name is: control, and the ones that turn writing direction ("fdp.exe" shown as
 * "exe.pdf"). */
static size_t hiding_bytes(const unsigned char *c)
{
	if (*c < 0x20 || *c == 0x7f)
		return 1;
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
		return 2;
	if (c[0] == 0xe2 && c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae)
		return 3; /* U+202A to U+202E */
	if (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9)
		return 3; /* U+2066 to U+2069 */
	return 0;
}

char *upload_name(struct arena *arena, const char *sent)
{
	char name[NAME_BYTES_MAX + 1];

	for (const char *c = sent; *c; c++)
		if (*c == '/' || *c == '\\')
			sent = c + 1;
	if (!utf8_valid(sent, strlen(sent)))
		return arena_strdup(arena, "file");
	char *clean = arena_alloc(arena, strlen(sent) + 1), *out = clean;
	while (*sent) {
		size_t skip = hiding_bytes((const unsigned char *)sent);
		if (skip)
			sent += skip;
		else
			*out++ = *sent++;
	}
	*out = 0;
	copy_text(name, sizeof name, text_nfc(arena, clean));
	for (size_t n = strlen(name); n && strchr(" .", name[n - 1]); n--)
		name[n - 1] = 0;
	return arena_strdup(arena, *name ? name : "file");
}

/* About one file: the form says it beside the field, with everything else that was typed still there. */
static void spoil(struct intake *in, enum err err, const char *field, const char *key, const char *name, int64_t value)
{
	char text[24];

	if (in->fault.code)
		return;
	snprintf(text, sizeof text, "%lld", (long long)value);
	fault_set(&in->fault, err, field, key, name, text, NULL);
}

static void value_end(struct request_data *d)
{
	struct intake *in = &d->intake;
	const char *value = in->value.data ? in->value.data : "";

	if (!in->text_open)
		return;
	in->text_open = false;
	if (memchr(value, 0, in->value.len) || !utf8_valid(value, in->value.len)) {
		struct fault fault;
		fault_set(&fault, ERR_INVALID, in->name, N_("The text must be valid UTF-8."), NULL);
		request_refuse(d, 400, "bad-request", NULL, &fault);
		return;
	}
	pairs_add(d->rq.arena, &d->form, in->name, arena_strndup(d->rq.arena, value, in->value.len));
}

static void file_end(struct request_data *d)
{
	struct intake *in = &d->intake;
	uint8_t hash[SHA256_SIZE];

	if (!in->receiving)
		return;
	in->receiving = false;
	sha256_end(&in->hash, hash);
	struct upload *file = &in->files[in->n - 1];
	hex_encode(file->sha256, hash, sizeof hash);
}

static void part_end(struct request_data *d)
{
	value_end(d);
	file_end(d);
	d->intake.skipping = false;
}

static void file_begin(struct request_data *d, const char *field, const char *sent_name)
{
	struct intake *in = &d->intake;

	in->skipping = true;
	if (!*sent_name || in->fault.code)
		return; /* browsers send an unnamed empty file for a field in which none was chosen */
	if (!(d->rq.route->flags & ROUTE_UPLOAD) || in->n >= (size_t)d->srv->o.files_limit) {
		spoil(in, ERR_TOO_LARGE, field, N_("Send at most {limit} files."), "limit",
		    d->rq.route->flags & ROUTE_UPLOAD ? d->srv->o.files_limit : 0);
		return;
	}
	if (!in->files) {
		in->room = (size_t)d->srv->o.files_limit;
		in->files = arena_alloc(d->rq.arena, in->room * sizeof *in->files);
	}
	int fd = temporary_file(d->srv->o.spool);
	if (fd < 0) {
		struct fault fault;
		fault_set(&fault, ERR_STORE, field, N_("There is no room for the file now. Try again later."), NULL);
		request_refuse(d, err_http_status(ERR_STORE), err_slug(ERR_STORE), NULL, &fault);
		return;
	}
	in->files[in->n++] = (struct upload) {
		.field = arena_strdup(d->rq.arena, field),
		.name = upload_name(d->rq.arena, sent_name),
		.type = "application/octet-stream",
		.fd = fd,
	};
	sha256_begin(&in->hash);
	in->receiving = true;
	in->skipping = false;
}

static void file_more(struct request_data *d, const char *data, size_t len)
{
	struct intake *in = &d->intake;
	struct upload *file = &in->files[in->n - 1];
	struct fault fault;

	if (file->size + (int64_t)len > d->srv->o.upload_limit) {
		in->receiving = false;
		in->skipping = true;
		spoil(in, ERR_TOO_LARGE, file->field, N_("A file may have at most {limit} MiB."), "limit",
		    d->srv->o.upload_limit / (1024 * 1024));
		return;
	}
	if (!write_all(file->fd, data, len)) {
		in->receiving = false;
		in->skipping = true;
		fault_set(
		    &fault, ERR_STORE, file->field, N_("There is no room for the file now. Try again later."), NULL);
		request_refuse(d, err_http_status(ERR_STORE), err_slug(ERR_STORE), NULL, &fault);
		return;
	}
	sha256_add(&in->hash, data, len);
	file->size += (int64_t)len;
}

static void value_begin(struct request_data *d, const char *name)
{
	struct intake *in = &d->intake;
	struct fault fault;

	if (d->form.n >= FORM_FIELDS_MAX) {
		fault_set(&fault, ERR_TOO_LARGE, NULL, N_("There are too many fields."), NULL);
		request_refuse(d, 413, "too-large", NULL, &fault);
		in->skipping = true;
		return;
	}
	in->name = arena_strdup(d->rq.arena, name);
	buf_reset(&in->value);
	in->text_open = true;
}

static void value_more(struct request_data *d, const char *data, size_t len)
{
	struct intake *in = &d->intake;
	struct fault fault;

	in->bytes += len;
	if (in->bytes <= FORM_BYTES_MAX && !buf_add(&in->value, data, len))
		return;
	fault_set(&fault, ERR_TOO_LARGE, in->name, N_("The texts of this form are too long together."), NULL);
	request_refuse(d, 413, "too-large", NULL, &fault);
	in->text_open = false;
	in->skipping = true;
}

static enum MHD_Result part(void *state, enum MHD_ValueKind kind, const char *name, const char *file_name,
    const char *type, const char *encoding, const char *data, uint64_t offset, size_t len)
{
	struct request_data *d = state;
	struct intake *in = &d->intake;

	if (!offset) {
		part_end(d);
		if (!name || !utf8_valid(name, strlen(name)))
			in->skipping = true;
		else if (file_name)
			file_begin(d, name, file_name);
		else
			value_begin(d, name);
	}
	if (d->verdict.status)
		return MHD_NO;
	if (in->skipping || !len)
		return MHD_YES;
	if (in->receiving)
		file_more(d, data, len);
	else if (in->text_open)
		value_more(d, data, len);
	return d->verdict.status ? MHD_NO : MHD_YES;
}

enum err intake_begin(struct request_data *d)
{
	d->intake.post = MHD_create_post_processor(d->conn, POST_BUFFER, part, d);
	d->intake.value = (struct buf)BUF_INIT(FORM_BYTES_MAX);
	d->intake.held = (struct buf)BUF_INIT(HELD_BACK + PIECE_MAX);
	return d->intake.post ? OK : ERR_INVALID;
}

/*
 * When a piece of the body ends right behind a part's blank line, MHD calls `part` with nothing at offset 0, and once
 * more at offset 0 when the value comes: nobody can tell that from an empty field and another of the same name. So from
 * a blank line on everything waits until there is enough behind it to see a value or the boundary.
 */
static size_t safe_length(const char *data, size_t len)
{
	static const char blank[] = { '\r', '\n', '\r', '\n' };

	for (size_t i = len > HELD_BACK ? len - HELD_BACK : 0; i < len; i++)
		if (data[i] == '\r' && !memcmp(data + i, blank, len - i < sizeof blank ? len - i : sizeof blank))
			return i;
	return len;
}

static bool process(struct intake *in, const char *data, size_t len)
{
	return !len || MHD_post_process(in->post, data, len) == MHD_YES;
}

void intake_feed(struct request_data *d, const char *data, size_t len)
{
	struct intake *in = &d->intake;
	struct fault fault;

	if (d->verdict.status)
		return;
	if (in->held.len) {
		if (buf_add(&in->held, data, len)) {
			request_refuse(d, err_http_status(ERR_MEMORY), err_slug(ERR_MEMORY), NULL, NULL);
			return;
		}
		data = in->held.data;
		len = in->held.len;
	}
	size_t now = safe_length(data, len), rest = len - now;
	bool fine = process(in, data, now);
	if (in->held.len) {
		memmove(in->held.data, in->held.data + now, rest);
		in->held.len = rest;
	} else if (rest && buf_add(&in->held, data + now, rest)) {
		fine = false;
	}
	if (fine || d->verdict.status)
		return;
	fault_set(&fault, ERR_INVALID, NULL, N_("The form arrived damaged. Send it again."), NULL);
	request_refuse(d, 400, "bad-request", NULL, &fault);
}

enum err intake_end(struct request_data *d, struct fault *fault)
{
	struct intake *in = &d->intake;
	bool fine = d->verdict.status || process(in, in->held.data, in->held.len);
	enum MHD_Result whole = MHD_destroy_post_processor(in->post);

	in->post = NULL;
	part_end(d);
	if (!fine || whole != MHD_YES)
		return fault_set(fault, ERR_INVALID, NULL, N_("The form arrived incomplete. Send it again."), NULL);
	return OK;
}

void intake_done(struct intake *in)
{
	if (in->post)
		MHD_destroy_post_processor(in->post);
	for (size_t i = 0; i < in->n; i++)
		close(in->files[i].fd);
	buf_done(&in->value);
	buf_done(&in->held);
}

/* --- what a file really is --------------------------------------------------------------------------------------- */

static pthread_mutex_t magic_lock = PTHREAD_MUTEX_INITIALIZER; /* libmagic's handle is not for two threads at once */
static magic_t magic;

static const char *type_of(const void *data, size_t len)
{
	if (!magic) {
		magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_ELF);
		if (magic && magic_load(magic, NULL)) {
			magic_close(magic);
			magic = NULL;
		}
	}
	const char *type = magic ? magic_buffer(magic, data, len) : NULL;
	return type ? type : "application/octet-stream";
}

enum err upload_types(struct request_data *d)
{
	struct intake *in = &d->intake;
	CLEANUP(free_ptr) char *head = in->n ? malloc(MAGIC_BYTES) : NULL;

	if (in->n && !head)
		return ERR_MEMORY;
	for (size_t i = 0; i < in->n; i++) {
		ssize_t len = pread(in->files[i].fd, head, MAGIC_BYTES, 0);
		if (len < 0)
			return ERR_STORE;
		pthread_mutex_lock(&magic_lock);
		in->files[i].type = arena_strdup(d->rq.arena, type_of(head, (size_t)len));
		pthread_mutex_unlock(&magic_lock);
	}
	return OK;
}
