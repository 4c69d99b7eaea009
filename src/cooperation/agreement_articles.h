/*
 * The clauses of an agreement as numbered articles in the reader's language: what the program obeys, in the words of a
 * lawyer. The numbers are those of agreement_article(), which refusals name.
 */
#ifndef SULH_COOPERATION_AGREEMENT_ARTICLES_H
#define SULH_COOPERATION_AGREEMENT_ARTICLES_H

#include "cooperation/agreement.h"
#include "office/profile.h"
#include "text/country.h"

/* [{key, article, heading, lines: [text], has_items, items: [text], after: [text]}]. Yours. */
json_t *agreement_articles(struct arena *, enum lang, const struct profile *, const struct agreement *);

/* The model text of a memorandum of mutual assistance, paragraph by paragraph. */
char *agreement_model_text(struct arena *, enum lang);

#endif
