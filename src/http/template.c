/* Templates: read, made whole (partials, translations) and compiled once a language, at first use. */
#include "http/internal.h"
#include "http/mustache.h"

#include "base/asset.h"
#include "base/log.h"
#include "base/util.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PREFIX "templates/"
#define SUFFIX ".html"
#define PARTIAL_DEPTH_MAX 8
#define SECTION_DEPTH_MAX 32
#define TEMPLATE_BYTES_MAX (1024 * 1024)

struct source {
	char *name; /* "case/show" */
	char *text;
	size_t len;
	bool owned;       /* text read from disk */
	atomic_bool form; /* asks for {{csrf}}; known after the first check */
	_Atomic(struct mustache *) made[LANG_MAX];
	atomic_size_t usual_size; /* of the page, to reserve room */
};

struct set {
	struct source *v; /* sorted by name */
	size_t n;
	const char **names;
	uint64_t stamp; /* of the folder's files: sizes and times of change */
};

static struct set *current;
static char *folder;                                        /* NULL: embedded */
static pthread_rwlock_t guard = PTHREAD_RWLOCK_INITIALIZER; /* of `current` */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;  /* one compilation at a time */

/* --- a set of sources -------------------------------------------------------------------------------------------- */

static void set_free(struct set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++) {
		struct source *s = &set->v[i];
		for (int lang = 0; lang < LANG_MAX; lang++)
			mustache_free(s->made[lang]);
		free(s->name);
		if (s->owned)
			free(s->text);
	}
	free(set->v);
	free(set->names);
	free(set);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct source *)a)->name, ((const struct source *)b)->name);
}

static struct source *set_find(const struct set *set, const char *name)
{
	struct source key = { .name = (char *)name };

	return set && set->n ? bsearch(&key, set->v, set->n, sizeof *set->v, by_name) : NULL;
}

static enum err set_add(struct set *set, const char *path, char *text, size_t len, bool owned)
{
	size_t n = strlen(path), tail = strlen(SUFFIX);

	if (n <= tail || strcmp(path + n - tail, SUFFIX)) {
		if (owned)
			free(text);
		return OK;
	}
	struct source *grown = reallocarray(set->v, set->n + 1, sizeof *set->v);
	char *name = strndup(path, n - tail);
	if (grown)
		set->v = grown;
	if (!grown || !name) {
		free(name);
		if (owned)
			free(text);
		return ERR_MEMORY;
	}
	memset(&set->v[set->n], 0, sizeof *set->v);
	set->v[set->n].name = name;
	set->v[set->n].text = text;
	set->v[set->n].len = len;
	set->v[set->n++].owned = owned;
	return OK;
}

static enum err read_embedded(struct set *set)
{
	size_t n = 0;
	const struct asset *assets = asset_prefix(PREFIX, &n);

	for (size_t i = 0; i < n; i++) {
		enum err err =
		    set_add(set, assets[i].path + strlen(PREFIX), (char *)assets[i].data, assets[i].size, false);
		if (err)
			return err;
	}
	return OK;
}

/* nftw has no argument for its callback: what it gathers is the calling thread's. */
static _Thread_local struct walk {
	struct set *set; /* NULL: only the stamp is wanted */
	size_t root;     /* length of the folder's name and slash */
	uint64_t stamp;
	enum err err;
} walk;

static enum err read_file(const char *path, const struct stat *st)
{
	FILE *file = fopen(path, "re");
	size_t room = (size_t)st->st_size;
	char *text = malloc(room + 1);

	if (!file || !text || room > TEMPLATE_BYTES_MAX) {
		free(text);
		if (file)
			fclose(file);
		return ERR_STORE;
	}
	size_t len = fread(text, 1, room, file);
	text[len] = 0;
	fclose(file);
	return set_add(walk.set, path + walk.root, text, len, true);
}

static int visit(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	if (kind != FTW_F)
		return 0;
	uint64_t changed = (uint64_t)st->st_mtim.tv_sec * 1000000000 + (uint64_t)st->st_mtim.tv_nsec;
	walk.stamp = (walk.stamp ^ changed) * 31 + (uint64_t)st->st_size;
	if (walk.set)
		walk.err = read_file(path, st);
	return walk.err ? 1 : 0;
}

static enum err walk_folder(const char *dir, struct set *set, uint64_t *ret_stamp)
{
	walk = (struct walk) { .set = set, .root = strlen(dir) + 1 };
	if (nftw(dir, visit, 16, 0) < 0)
		return ERR_STORE;
	*ret_stamp = walk.stamp;
	return walk.err;
}

/* --- making one text whole --------------------------------------------------------------------------------------- */

struct tag {
	const char *start, *end; /* of the tag with its braces */
	char kind;               /* # ^ / > ! or 0 for a variable */
	char name[128];
};

/* The next tag at or after `at`: OK, ERR_NOT_FOUND at the end, ERR_INVALID for one that we do not allow. */
static enum err tag_next(const char *at, const char *end, struct tag *ret_tag)
{
	const char *open = memmem(at, (size_t)(end - at), "{{", 2), *close, *from, *to;

	if (!open)
		return ERR_NOT_FOUND;
	close = memmem(open, (size_t)(end - open), "}}", 2);
	if (!close)
		return ERR_INVALID;
	from = open + 2;
	to = close;
	/* {{{x}}} and {{&x}} would print data as HTML, {{=…=}} would hide tags from us. */
	if (from == to || strchr("{&=", *from))
		return ERR_INVALID;
	*ret_tag = (struct tag) { open, close + 2, 0, "" };
	if (strchr("#^/>!", *from))
		ret_tag->kind = *from++;
	while (from < to && strchr(" \t\n\r", *from))
		from++;
	while (to > from && strchr(" \t\n\r", to[-1]))
		to--;
	if (ret_tag->kind == '!')
		return OK;
	if (to == from || (size_t)(to - from) >= sizeof ret_tag->name)
		return ERR_INVALID;
	memcpy(ret_tag->name, from, (size_t)(to - from));
	return OK;
}

/* The message key of {{#t}}…{{/t}}: blanks folded to one, none at the ends. */
static char *fold_blanks(const char *from, const char *to)
{
	char *key = malloc((size_t)(to - from) + 1), *out = key;

	for (; key && from < to; from++) {
		bool blank = strchr(" \t\n\r", *from) != NULL;
		if (!blank)
			*out++ = *from;
		else if (out > key && out[-1] != ' ')
			*out++ = ' ';
	}
	if (key) {
		while (out > key && out[-1] == ' ')
			out--;
		*out = 0;
	}
	return key;
}

/* A translation may use the placeholders of its key and no other tag: translators do not write templates. */
static bool placeholders_match(const char *key, const char *translation)
{
	const char *end = translation + strlen(translation);
	struct tag tag;
	enum err err;

	for (const char *at = translation; !(err = tag_next(at, end, &tag)); at = tag.end) {
		CLEANUP(free_ptr) char *text = strndup(tag.start, (size_t)(tag.end - tag.start));
		if (tag.kind || !text || !strstr(key, text))
			return false;
	}
	return err == ERR_NOT_FOUND;
}

struct making {
	const struct set *set;
	const char *chain[PARTIAL_DEPTH_MAX + 1]; /* templates being put in, outermost first */
	size_t depth;
	enum lang lang;
	struct buf out;
	struct fault *fault;
};

static enum err complain(const struct making *m, const char *key, const char *what)
{
	return fault_set(m->fault, ERR_INTERNAL, m->chain[m->depth - 1], key, "what", what, NULL);
}

static enum err put_text(struct making *m, const char *from, const char *to)
{
	/* Indentation is for who writes templates; it would be half of the page. */
	for (const char *at = from; at < to;) {
		const char *line = memchr(at, '\n', (size_t)(to - at));
		const char *stop = line ? line + 1 : to;
		enum err err = buf_add(&m->out, at, (size_t)(stop - at));
		if (err)
			return err;
		at = stop;
		while (line && at < to && strchr(" \t\n\r", *at))
			at++;
	}
	return OK;
}

static enum err put_translation(struct making *m, const char *from, const char *to)
{
	CLEANUP(free_ptr) char *key = fold_blanks(from, to);

	if (!key)
		return ERR_MEMORY;
	const char *text = text_get(m->lang, key);
	return buf_puts(&m->out, placeholders_match(key, text) ? text : key);
}

static enum err put_whole(struct making *, const char *name);

/* Everything between {{#t}} and {{/t}}; moves *at behind it. */
static enum err translate(struct making *m, const struct tag *open, const char *end, const char **at)
{
	struct tag tag;

	for (const char *c = open->end; !tag_next(c, end, &tag); c = tag.end) {
		if (tag.kind == '/' && !strcmp(tag.name, "t")) {
			*at = tag.end;
			return put_translation(m, open->end, tag.start);
		}
		if (tag.kind)
			break;
	}
	return complain(m, N_("A text to translate is not closed: {what}"), "{{#t}}");
}

static enum err put_tag(struct making *m, const struct tag *tag, const char *end, const char **at)
{
	*at = tag->end;
	if (tag->kind == '!')
		return OK;
	if (tag->kind == '#' && !strcmp(tag->name, "t"))
		return translate(m, tag, end, at);
	if (tag->kind == '>')
		return put_whole(m, tag->name);
	return buf_add(&m->out, tag->start, (size_t)(tag->end - tag->start));
}

static enum err put_whole(struct making *m, const char *name)
{
	const struct source *source = set_find(m->set, name);
	struct tag tag;
	enum err err, seen;

	if (!source)
		return fault_set(m->fault, ERR_INTERNAL, m->depth ? m->chain[m->depth - 1] : name,
		    N_("There is no template {what}."), "what", name, NULL);
	for (size_t i = 0; i < m->depth; i++)
		if (!strcmp(m->chain[i], name))
			return complain(m, N_("Templates include each other in a circle: {what}"), name);
	if (m->depth == PARTIAL_DEPTH_MAX)
		return complain(m, N_("Templates are nested too deeply: {what}"), name);
	m->chain[m->depth++] = source->name;
	const char *at = source->text, *end = at + source->len;
	while (!(seen = tag_next(at, end, &tag))) {
		if ((err = put_text(m, at, tag.start)) || (err = put_tag(m, &tag, end, &at)))
			return err;
	}
	if (seen != ERR_NOT_FOUND)
		return complain(m, N_("A tag is broken, or would print data as HTML: {what}"), name);
	err = put_text(m, at, end);
	m->depth--;
	return err;
}

/* Sections close in the order in which they were opened; kainjow would only say that something is wrong. */
static enum err check_sections(struct making *m, const char *name)
{
	char open[SECTION_DEPTH_MAX][sizeof((struct tag *)0)->name];
	const char *at = m->out.data ? m->out.data : "", *end = at + m->out.len;
	size_t depth = 0;
	struct tag tag;

	m->chain[0] = name;
	m->depth = 1;
	for (; !tag_next(at, end, &tag); at = tag.end) {
		if (tag.kind == '#' || tag.kind == '^') {
			if (depth == SECTION_DEPTH_MAX)
				return complain(m, N_("Sections are nested too deeply: {what}"), tag.name);
			strcpy(open[depth++], tag.name);
		} else if (tag.kind == '/' && (!depth || strcmp(open[--depth], tag.name)))
			return complain(m, N_("A section is closed that was not opened: {what}"), tag.name);
	}
	return depth ? complain(m, N_("A section is not closed: {what}"), open[depth - 1]) : OK;
}

/* The text of a template with everything in it; `ret_text` is yours. */
static enum err make_whole(
    const struct set *set, const char *name, enum lang lang, struct buf *ret_text, struct fault *fault)
{
	struct making m = { .set = set, .lang = lang, .out = BUF_INIT(TEMPLATE_BYTES_MAX), .fault = fault };
	enum err err = put_whole(&m, name);

	if (!err)
		err = check_sections(&m, name);
	if (err) {
		buf_done(&m.out);
		return err;
	}
	*ret_text = m.out;
	return OK;
}

static enum err set_check(struct set *set, struct fault *fault)
{
	for (size_t i = 0; i < set->n; i++) {
		struct buf text;
		enum err err = make_whole(set, set->v[i].name, LANG_EN, &text, fault);
		if (err)
			return err;
		set->v[i].form = text.data && (strstr(text.data, "{{csrf}}") || strstr(text.data, "{{ csrf }}"));
		buf_done(&text);
	}
	return OK;
}

static enum err set_load(const char *dir, struct set **ret_set, struct fault *fault)
{
	struct set *set = calloc(1, sizeof *set);
	enum err err = !set ? ERR_MEMORY : dir ? walk_folder(dir, set, &set->stamp) : read_embedded(set);

	if (err) {
		set_free(set);
		return fault_set(fault, err, dir, N_("The templates cannot be read."), NULL);
	}
	if (set->n)
		qsort(set->v, set->n, sizeof *set->v, by_name);
	set->names = calloc(set->n + 1, sizeof *set->names);
	for (size_t i = 0; set->names && i < set->n; i++)
		set->names[i] = set->v[i].name;
	err = set->names ? set_check(set, fault) : ERR_MEMORY;
	if (err) {
		set_free(set);
		return err;
	}
	*ret_set = set;
	return OK;
}

/* --- what others call -------------------------------------------------------------------------------------------- */

enum err templates_load(const char *dir, struct fault *fault)
{
	struct set *set = NULL, *old;
	char *name = dir ? strdup(dir) : NULL;
	enum err err = set_load(dir, &set, fault);

	if (err) {
		free(name);
		return err;
	}
	pthread_rwlock_wrlock(&guard);
	old = current;
	current = set;
	free(folder);
	folder = name;
	pthread_rwlock_unlock(&guard);
	set_free(old);
	return OK;
}

/* Development only: a changed folder is read again; a broken one is named in the log and the page fails. */
static enum err reload_if_changed(void)
{
	uint64_t stamp = 0;
	struct fault fault = { 0 };
	char words[512];

	pthread_rwlock_rdlock(&guard);
	CLEANUP(free_ptr) char *dir = folder ? strdup(folder) : NULL;
	uint64_t known = current ? current->stamp : 0;
	pthread_rwlock_unlock(&guard);
	if (!dir || walk_folder(dir, NULL, &stamp) || stamp == known)
		return OK;
	enum err err = templates_load(dir, &fault);
	if (err)
		log_line(LOG_ERROR, "template %s: %s", fault.field, fault_english(&fault, words, sizeof words));
	return err;
}

static struct mustache *made_in(const struct set *set, struct source *source, enum lang lang)
{
	struct mustache *made = atomic_load_explicit(&source->made[lang], memory_order_acquire);
	struct buf text;

	if (made)
		return made;
	pthread_mutex_lock(&making);
	made = source->made[lang];
	if (!made && !make_whole(set, source->name, lang, &text, NULL)) {
		made = mustache_compile(text.data ? text.data : "", text.len);
		atomic_store_explicit(&source->made[lang], made, memory_order_release);
		buf_done(&text);
	}
	pthread_mutex_unlock(&making);
	return made;
}

static enum err render_held(const char *name, enum lang lang, const json_t *view, char **ret_html, size_t *ret_len)
{
	struct source *source = set_find(current, name);
	struct mustache *made = source ? made_in(current, source, lang) : NULL;

	if (!made)
		return ERR_INTERNAL;
	size_t len = 0, guess = source->usual_size;
	enum err err = mustache_render(made, view, guess + guess / 8 + 256, ret_html, &len);
	if (err)
		return err;
	source->usual_size = len;
	*ret_len = len;
	return OK;
}

enum err render(const char *template, enum lang lang, const json_t *view, char **ret_html, size_t *ret_len)
{
	enum err err = reload_if_changed();

	if (err)
		return err;
	pthread_rwlock_rdlock(&guard);
	err = render_held(template, lang, view, ret_html, ret_len);
	pthread_rwlock_unlock(&guard);
	return err;
}

bool template_has_form(const char *name)
{
	pthread_rwlock_rdlock(&guard);
	const struct source *source = set_find(current, name);
	bool form = source && source->form;
	pthread_rwlock_unlock(&guard);
	return form;
}

const char *const *template_names(size_t *ret_count)
{
	*ret_count = current ? current->n : 0;
	return current ? current->names : NULL;
}
