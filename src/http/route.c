/* Finds the route of a path: literal segments before {parameters}, from the left. */
#include "http/internal.h"

#include "base/util.h"

#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 12

struct entry {
	const struct route *route;
	size_t segments;
	unsigned literal; /* bit 31 - i: segment i is literal; the larger number is the better match */
	struct segment {
		const char *text;
		size_t len;
	} segment[SEGMENTS_MAX];
};

struct router {
	struct entry *v;
	size_t n;
};

const char *method_name(enum method method)
{
	static const char *const names[METHOD_MAX] = { "GET", "POST", "PUT", "DELETE" };

	return names[method];
}

/* Splits "/a/{b}" into its segments; false when there are too many. */
static bool split(const char *path, struct entry *out)
{
	out->segments = 0;
	out->literal = 0;
	for (const char *at = path + 1; *at;) {
		size_t n = strcspn(at, "/");
		if (out->segments == SEGMENTS_MAX)
			return false;
		out->segment[out->segments] = (struct segment) { at, n };
		if (n && at[0] != '{')
			out->literal |= 1u << (31 - out->segments);
		out->segments++;
		at += n;
		if (*at)
			at++;
	}
	return true;
}

static bool same_shape(const struct entry *a, const struct entry *b)
{
	if (a->route->method != b->route->method || a->segments != b->segments || a->literal != b->literal)
		return false;
	for (size_t i = 0; i < a->segments; i++)
		if (a->literal & (1u << (31 - i)))
			if (a->segment[i].len != b->segment[i].len ||
			    memcmp(a->segment[i].text, b->segment[i].text, a->segment[i].len))
				return false;
	return true;
}

static bool fits(const struct entry *entry, const struct entry *path)
{
	if (entry->segments != path->segments)
		return false;
	for (size_t i = 0; i < entry->segments; i++) {
		const struct segment *want = &entry->segment[i], *have = &path->segment[i];
		if (!(entry->literal & (1u << (31 - i)))) {
			if (!have->len)
				return false;
		} else if (want->len != have->len || memcmp(want->text, have->text, want->len))
			return false;
	}
	return true;
}

static enum err add(struct router *router, const struct route *route, struct fault *fault)
{
	struct entry *entry = &router->v[router->n];

	entry->route = route;
	if (route->path[0] != '/' || !route->handle || !split(route->path, entry))
		return fault_set(fault, ERR_INVALID, route->path, N_("This route is not well formed."), NULL);
	for (size_t i = 0; i < router->n; i++)
		if (same_shape(&router->v[i], entry))
			return fault_set(fault, ERR_INVALID, route->path, N_("This route is listed twice."), NULL);
	router->n++;
	return OK;
}

enum err router_new(const struct route_table *tables, size_t n, struct router **ret_router, struct fault *fault)
{
	struct router *router = calloc(1, sizeof *router);
	size_t total = 0;

	for (size_t t = 0; t < n; t++)
		total += tables[t].n;
	if (router)
		router->v = calloc(total + 1, sizeof *router->v);
	if (!router || !router->v) {
		router_free(router);
		return fault_set(fault, ERR_MEMORY, NULL, NULL, NULL);
	}
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++) {
			enum err err = add(router, &tables[t].routes[i], fault);
			if (err) {
				router_free(router);
				return err;
			}
		}
	*ret_router = router;
	return OK;
}

void router_free(struct router *router)
{
	if (!router)
		return;
	free(router->v);
	free(router);
}

static void take_params(struct arena *arena, const struct entry *entry, const struct entry *path, struct pairs *out)
{
	for (size_t i = 0; i < entry->segments; i++) {
		const struct segment *want = &entry->segment[i], *have = &path->segment[i];
		if (entry->literal & (1u << (31 - i)))
			continue;
		size_t n = want->len > 2 ? want->len - 2 : 0; /* without the braces */
		pairs_add(
		    arena, out, arena_strndup(arena, want->text + 1, n), arena_strndup(arena, have->text, have->len));
	}
}

enum err router_match(
    const struct router *router, struct arena *arena, enum method method, const char *path, struct route_hit *ret_hit)
{
	const struct entry *best = NULL;
	struct entry asked;
	bool elsewhere = false;

	if (!split(path, &asked))
		return ERR_NOT_FOUND;
	if (path[1] && path[strlen(path) - 1] == '/')
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < router->n; i++) {
		const struct entry *entry = &router->v[i];
		if (!fits(entry, &asked))
			continue;
		if (entry->route->method != method)
			elsewhere = true;
		else if (!best || entry->literal > best->literal)
			best = entry;
	}
	if (!best)
		return elsewhere ? ERR_DENIED : ERR_NOT_FOUND;
	*ret_hit = (struct route_hit) { best->route, { 0 } };
	take_params(arena, best, &asked, &ret_hit->params);
	return OK;
}

const char *router_allow(const struct router *router, struct arena *arena, const char *path)
{
	const char *allow = "";
	struct entry asked;
	bool seen[METHOD_MAX] = { false };

	if (!split(path, &asked))
		return allow;
	for (size_t i = 0; i < router->n; i++)
		if (fits(&router->v[i], &asked))
			seen[router->v[i].route->method] = true;
	for (int m = 0; m < METHOD_MAX; m++)
		if (seen[m])
			allow = arena_printf(arena, "%s%s%s%s", allow, *allow ? ", " : "", method_name((enum method)m),
			    m == METHOD_GET ? ", HEAD" : "");
	return allow;
}
