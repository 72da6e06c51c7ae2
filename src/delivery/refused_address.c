/* SPDX-License-Identifier: MIT */
#include "delivery/refused_address.h"

#include "queue/trouble.h"
#include "subscriber/standing.h"

bool refused_address_count(const struct subscriber_service *service,
                           const struct queue_streak_refusal *refusal, struct error *error)
{
    const struct standing_refusal counted = { .subscriber = refusal->subscriber,
                                              .mailing = refusal->transactional ? 0
                                                                                : refusal->mailing,
                                              .transactional = refusal->transactional,
                                              .sent_at = refusal->at,
                                              .smtp_code = refusal->code,
                                              .enhanced = refusal->enhanced,
                                              .text = refusal->text };
    return refusal->subscriber == 0 || standing_refuse(service, &counted, error);
}
