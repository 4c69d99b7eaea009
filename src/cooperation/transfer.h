/*
 * Files on their way to and from partners, chunk by chunk, resumable (docs/exchange.md section 11). Announced inside a
 * sealed message, pushed when that message has its receipt, checked by digest at the end.
 */
#ifndef SULH_COOPERATION_TRANSFER_H
#define SULH_COOPERATION_TRANSFER_H

#include "cooperation/exchange.h"

struct transfer {
	char id[33]; /* hex of 16 bytes */
	int64_t referral_id, partner_id, size, chunks, started, attempts;
	char name[400], type[128], sha256[65], url[300];
	uint8_t key[32];
	enum transfer_state { TRANSFER_WAITING, TRANSFER_MOVING, TRANSFER_COMPLETE, TRANSFER_BROKEN } state;
};

/* ERR_NOT_FOUND for an id that nobody announced to us. */
enum err transfer_load_in(struct db *, const char *id, struct transfer *ret_transfer) MUST_CHECK;
/* One sealed chunk: opened, stored durably; the last one checks the whole and makes the file. ERR_CONFLICT when the
 * file is complete already. */
enum err transfer_put(
    struct office *, const struct transfer *, int64_t index, const void *sealed, size_t len, int64_t now) MUST_CHECK;
/* {received: [[from, to]…], complete, have}. Yours. */
enum err transfer_status(struct office *, const struct transfer *, json_t **ret_status) MUST_CHECK;
/* Background: what had come of a file whose referral was withdrawn or refused meanwhile is erased; the journal says so.
 */
enum err transfer_sweep(struct office *, int64_t now) MUST_CHECK;
/* What is on its way on a referral: [{name, size, incoming, outgoing, state words, percent, error}]. */
enum err transfer_list(struct db_tx *, struct office *, enum lang, int64_t referral_id, json_t **ret_list) MUST_CHECK;

/* Called in the transaction in which a file of a referral became whole: makes it a document of the case
 * (referral_db.c). */
enum err referral_file_arrived(const struct casefile_act *, const struct transfer *) MUST_CHECK;

#endif
