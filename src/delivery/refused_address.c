/* SPDX-License-Identifier: MIT */
#include "delivery/refused_address.h"

#include "base/clock.h"
#include "queue/queue.h"
#include "subscriber/standing.h"

bool refused_address_note(struct database *database, const struct clock *clock,
                          const struct queue_row *row, const struct queue_result *result,
                          struct error *error)
{
    const struct subscriber_office office = { .database = database, .clock = clock };
    const struct standing_refusal refusal = { .subscriber = row->subscriber,
                                              .mailing = row->single ? 0 : row->mailing,
                                              .single = row->single,
                                              .sent_at = clock_now(clock),
                                              .smtp_code = result->smtp_code,
                                              .enhanced = result->enhanced,
                                              .text = result->text };
    return row->subscriber == 0 || standing_refuse(&office, &refusal, error);
}
