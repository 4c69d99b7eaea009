/* The one list of what this room registers: pages and API addresses. */
#include "office/office.h"

#include "base/util.h"

extern const struct route_table office_routes, office_data_routes, journal_routes, safety_routes;

const struct route_table *const office_tables[] = {
	&office_routes,
	&office_data_routes,
	&journal_routes,
	&safety_routes,
};
const size_t office_tables_count = ARRAY_LEN(office_tables);
