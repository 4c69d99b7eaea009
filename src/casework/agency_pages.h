/* The doors of bodies: /agency for focal persons, /api/v1/agency for their programs (agency_pages.c). */
#ifndef SULH_CASEWORK_AGENCY_PAGES_H
#define SULH_CASEWORK_AGENCY_PAGES_H

#include "http/http.h"

extern const struct route_table agency_routes;

#endif
