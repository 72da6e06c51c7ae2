/* SPDX-License-Identifier: MIT */
#include "cli/relay.h"

#include "cli/context.h"
#include "config/config.h"

struct smtp_session_settings relay_settings(const struct config *config, const char *password)
{
    static struct smtp_memory memory;
    struct smtp_session_settings settings = config->deliver.smtp;
    settings.password = password;
    settings.memory = &memory;
    settings.ca_file = context_ca_file();
    return settings;
}
