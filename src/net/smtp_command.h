/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_COMMAND_H
#define NET_SMTP_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct smtp_reply;
struct smtp_session;

/* Says bytes to the relay of a ready session and waits for its reply: for a look at a relay, where
 * mailings have smtp_transaction. False: no reply within timeout_ms, the connection is gone, or
 * what came is none (ERROR_TEMPORARY); the session is of no more use then. */
bool smtp_command(struct smtp_session *session, const char *bytes, size_t length,
                  int64_t timeout_ms, struct smtp_reply *reply, struct error *error);

/* The same with a command, which is written here: "MAIL FROM:", "<presse@nordhav.example>". An
 * address that is no SMTP path is refused before it is said (reply 553). */
bool smtp_command_path(struct smtp_session *session, const char *command, const char *address,
                       int64_t timeout_ms, struct smtp_reply *reply, struct error *error);

#endif
