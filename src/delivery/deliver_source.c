/* SPDX-License-Identifier: MIT */
#include "delivery/deliver.h"
#include "delivery/message_source.h"

static bool compose(void *payload, const struct queue_row *row, struct delivery_message *message,
                    struct error *error)
{
    return message_source_compose(payload, row, message, error);
}

static void renew(void *payload)
{
    message_source_renew(payload);
}

void deliver_use_source(struct deliver_settings *settings, struct message_source *source)
{
    settings->compose = compose;
    settings->renew = renew;
    settings->compose_payload = source;
}
