/* SPDX-License-Identifier: MIT */
#ifndef CLI_RELAY_H
#define CLI_RELAY_H

#include "net/smtp.h"

struct config;

/* Inside cli/ only: how the relay of newsroom.yaml is reached; url NULL where mails go into a
 * Maildir. */
struct smtp_session_settings relay_settings(const struct config *config, const char *password);

#endif
