/* SPDX-License-Identifier: MIT */
#include "cli/relay.h"

#include "cli/context.h"
#include "config/config.h"

struct smtp_session_settings relay_settings(const struct config *config, const char *password)
{
    static const enum smtp_tls tls[] = { [CONFIG_TLS_REQUIRED] = SMTP_TLS_REQUIRED,
                                         [CONFIG_TLS_OPPORTUNISTIC] = SMTP_TLS_OPPORTUNISTIC,
                                         [CONFIG_TLS_NONE] = SMTP_TLS_NONE };
    static struct smtp_memory memory;

    return (struct smtp_session_settings){ .url = config->delivery.smtp,
                                           .tls = tls[config->delivery.tls],
                                           .user = config->delivery.user,
                                           .password = password,
                                           .helo = config->delivery.helo,
                                           .memory = &memory,
                                           .ca_file = context_ca_file() };
}
