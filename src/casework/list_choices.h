/* What the form above a list offers, and how long the lists are that it leads to. */
#ifndef SULH_CASEWORK_LIST_CHOICES_H
#define SULH_CASEWORK_LIST_CHOICES_H

#include "casework/list.h"

extern const char *const list_channels[]; /* ended by NULL */

/* …_choices[{code, choice_label, chosen}], asked{…}, filtered. */
void list_put_choices(const struct casefile_act *, enum lang, const struct list_ask *, json_t *view);
/* tabs[{code, tab_label, link, chosen, cases, case_count}]: one a door of the reader's. */
enum err list_put_tabs(const struct casefile_act *, enum lang, const struct list_ask *, json_t *view) MUST_CHECK;
/* How long a list is, as kept; what a conflict of interest keeps from the reader is not counted for them. */
enum err list_length_for(const struct casefile_act *, const char *list, int64_t *ret_n) MUST_CHECK;

#endif
