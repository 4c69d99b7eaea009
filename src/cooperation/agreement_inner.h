/* What the files of the agreement share: the parsed document and two small helpers. */
#ifndef SULH_COOPERATION_AGREEMENT_INNER_H
#define SULH_COOPERATION_AGREEMENT_INNER_H

#include "cooperation/agreement.h"
#include "text/date.h"

struct agreement {
	json_t *json;
	char *text;         /* canonical */
	int64_t valid_from; /* ms, 00:00 UTC of the first day */
	int64_t valid_end;  /* ms, first moment after the last day; AGREEMENT_NEVER */
};

bool list_holds(const json_t *list, const char *text);
int64_t day_start(const char *iso); /* 00:00 UTC, so that both offices see the same instant */

#endif
