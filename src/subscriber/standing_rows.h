/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_STANDING_ROWS_H
#define SUBSCRIBER_STANDING_ROWS_H

#include "subscriber/standing.h"

/* Inside subscriber/ only: rows of probes and returned mails, in the caller's transaction. */

bool standing_probe_insert(struct database *database, int64_t subscriber_row_id,
                           int64_t transactional, int64_t now_at, struct error *error);
bool standing_probe_close(struct database *database, int64_t transactional,
                          enum standing_probe_end end, int64_t now_at, struct error *error);

/* Whoever departs is not probed any more. */
bool standing_end_probe(struct database *database, int64_t subscriber_row_id,
                        enum standing_probe_end end, int64_t now_at, struct error *error);
bool standing_erase(struct database *database, int64_t subscriber_row_id, struct error *error);

#endif
