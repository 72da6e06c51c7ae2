/* SPDX-License-Identifier: MIT */
#include "cli/inbox.h"

#include "cli/context.h"
#include "cli/service.h"
#include "config/config.h"
#include "inbound/inbound.h"
#include "net/mailbox.h"
#include "net/net.h"

#include <stddef.h>

struct mailbox *inbox_open(struct command_context *context, struct error *error)
{
    const struct config *config = context->config;
    struct mailbox_settings settings = { .url = config->inbox.url,
                                         .ca_file = context_ca_file(),
                                         .stop = service_interrupt(),
                                         .heartbeat = service_ping_watchdog };
    if (!net_initialize(error) ||
        !context_read_password(context, config->inbox.password_file, "mail.inbox_password_file",
                               &settings.password, error))
        return NULL;
    return mailbox_open(&settings, error);
}

struct inbound_settings inbox_settings(const struct command_context *context)
{
    const struct config *config = context->config;
    return (struct inbound_settings){ .replies = config->mail.replies,
                                      .bounces = config->message_source.bounces,
                                      .delimiter = config->mail.delimiter,
                                      .from = config->mail.from_address,
                                      .inbox_address = config->inbox.address,
                                      .mailbox_name = config->inbox.url,
                                      .words = config->words,
                                      .phrases = config->phrases,
                                      .resources = &config->resources,
                                      .receipts = config->receipt.is_wanted ? &config->receipt
                                                                            : NULL,
                                      .stop = service_interrupt() };
}
