/* docs/openapi.json against the tables of routes: each described, nothing else described, parameters and rights the
 * same. */
#include "casework/tables.h"
#include "cooperation/exchange.h"
#include "office/office.h"

#include "base/asset.h"
#include "base/util.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct route_table *tables[64] = { &partner_routes, &agreement_routes, &referral_routes };
static size_t table_count = 3;

static const char *const methods[METHOD_MAX] = { "get", "post", "put", "delete" };

static bool is_api(const struct route *route)
{
	return !strncmp(route->path, "/api/", 5);
}

static const json_t *operation(const json_t *doc, const char *path, enum method method)
{
	return json_object_get(json_object_get(json_object_get(doc, "paths"), path), methods[method]);
}

static int open_doc(void **state)
{
	const struct asset *asset = asset_find("docs/openapi.json");
	json_t *doc = NULL;
	for (size_t i = 0; i < office_tables_count; i++)
		tables[table_count++] = office_tables[i];
	for (size_t i = 0; i < casework_routes_count; i++)
		tables[table_count++] = casework_routes[i];
	assert_non_null(asset);
	assert_int_equal(json_parse((const char *)asset->data, asset->size, asset->size, &doc, NULL), OK);
	*state = doc;
	return 0;
}

static int close_doc(void **state)
{
	json_decref(*state);
	return 0;
}

static void every_route_is_described(void **state)
{
	size_t api = 0;
	for (size_t t = 0; t < table_count; t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct route *route = &tables[t]->routes[i];
			if (!is_api(route))
				continue;
			api++;
			if (!operation(*state, route->path, route->method))
				fail_msg("not described: %s %s", methods[route->method], route->path);
		}
	}
	assert_true(api > 15);
}

static const struct route *route_of(const char *path, const char *method)
{
	for (size_t t = 0; t < table_count; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			if (!strcmp(tables[t]->routes[i].path, path) &&
			    !strcmp(methods[tables[t]->routes[i].method], method))
				return &tables[t]->routes[i];
	return NULL;
}

static void nothing_else_is_described(void **state)
{
	const char *path, *method;
	json_t *operations, *one;
	json_object_foreach(json_object_get(*state, "paths"), path, operations) json_object_foreach(operations, method,
	    one) if (!route_of(path, method)) fail_msg("described, but there is no such route: %s %s", method, path);
}

static const json_t *resolve(const json_t *doc, const json_t *value)
{
	const char *ref = json_str(value, "$ref");
	char part[80];
	if (!ref)
		return value;
	const json_t *at = doc;
	for (const char *p = ref + 1; at && *p == '/'; p += 1 + strlen(part)) {
		snprintf(part, sizeof(part), "%.*s", (int)strcspn(p + 1, "/"), p + 1);
		at = json_object_get(at, part);
	}
	if (!at)
		fail_msg("points to nothing: %s", ref);
	return at;
}

static bool has_path_parameter(const json_t *doc, const json_t *op, const char *name)
{
	const json_t *one;
	size_t i;
	json_array_foreach(json_object_get(op, "parameters"), i, one)
	{
		const json_t *parameter = resolve(doc, one);
		if (!strcmp(json_str_or(parameter, "in", ""), "path") &&
		    !strcmp(json_str_or(parameter, "name", ""), name))
			return json_bool_or(parameter, "required", false);
	}
	return false;
}

static void each_says_its_parameters_and_who_may(void **state)
{
	for (size_t t = 0; t < table_count; t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct route *route = &tables[t]->routes[i];
			const json_t *op = is_api(route) ? operation(*state, route->path, route->method) : NULL;
			if (!op)
				continue;
			for (const char *p = route->path; (p = strchr(p, '{')); p++) {
				char name[40];
				snprintf(name, sizeof(name), "%.*s", (int)strcspn(p + 1, "}"), p + 1);
				if (!has_path_parameter(*state, op, name))
					fail_msg("%s does not describe {%s}", route->path, name);
			}
			bool bearer = json_array_size(json_object_get(op, "security")) > 0;
			if (bearer != ((route->who & (WHO_PROGRAM | WHO_AGENCY)) != 0))
				fail_msg("%s: who may is not as described", route->path);
			assert_non_null(json_str(op, "summary"));
			assert_non_null(json_str(op, "operationId"));
			if ((route->method == METHOD_POST || route->method == METHOD_PUT) &&
			    !json_object_get(op, "requestBody"))
				fail_msg("%s has no body described", route->path);
		}
	}
}

static void check_references(const json_t *doc, const json_t *value)
{
	const char *key;
	json_t *one;
	size_t i;
	if (json_is_array(value)) {
		json_array_foreach(value, i, one) check_references(doc, one);
		return;
	}
	if (json_str(value, "$ref"))
		resolve(doc, value);
	json_object_foreach((json_t *)(uintptr_t)value, key, one) check_references(doc, one);
}

static void every_reference_points_somewhere(void **state)
{
	assert_string_equal(json_str(*state, "openapi"), "3.1.0");
	check_references(*state, *state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_described),
		cmocka_unit_test(nothing_else_is_described),
		cmocka_unit_test(each_says_its_parameters_and_who_may),
		cmocka_unit_test(every_reference_points_somewhere),
	};
	return cmocka_run_group_tests(tests, open_doc, close_doc);
}
