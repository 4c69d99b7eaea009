/* Gap-free numbers and maintained counts. */
#include "office.sql.h"
#include "office/office.h"

enum err series_next(struct db_tx *tx, const char *series, int64_t *ret_n)
{
	return db_get_int(tx, &sql_series_raise, DB_ARGS(db_text(series)), ret_n);
}

enum err tally_add(struct db_tx *tx, const char *name, int64_t by)
{
	return db_run(tx, &sql_tally_change, DB_ARGS(db_text(name), db_int(by)));
}

enum err tally_get(struct db_tx *tx, const char *name, int64_t *ret_n)
{
	enum err e = db_get_int(tx, &sql_tally_read, DB_ARGS(db_text(name)), ret_n);
	if (e == ERR_NOT_FOUND) {
		*ret_n = 0;
		return OK;
	}
	return e;
}
