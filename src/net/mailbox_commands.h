/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_COMMANDS_H
#define NET_MAILBOX_COMMANDS_H

#include "net/mailbox_packet.h"

/* Inside net/ only: which commands may be sent to a mail server. The confined process that reads
 * the answers also writes the commands, so each is checked here: even a reader that was taken over
 * can mark or remove only the messages of this step, and the password goes to the server alone. */

enum { MAILBOX_PASSWORD_MAXIMUM = 1024 };

struct mailbox_commands {
    const char *mark; /* stands for the password; lives as long as this */
    char *password;   /* "" where there is none */
    bool is_imap;
    bool has_logged_in;
    const struct mailbox_request *request; /* the present step */
};

/* False: a password that no command can hold. password may be NULL. */
bool mailbox_commands_init(struct mailbox_commands *commands, bool is_imap, const char *password,
                           const char *mark);
void mailbox_commands_release(struct mailbox_commands *commands);

/* From now on what that step needs; request lives until the next. */
void mailbox_commands_allow(struct mailbox_commands *commands,
                            const struct mailbox_request *request);

/* Appends a command as the server gets it. False: it is not one whole line, or not one that the
 * step needs. */
bool mailbox_commands_complete(struct mailbox_commands *commands, const void *bytes, size_t length,
                               struct string_builder *command);

#endif
