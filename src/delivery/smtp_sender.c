/* SPDX-License-Identifier: MIT */
#include "delivery/sender.h"

#include "base/error.h"
#include "base/memory.h"
#include "delivery/smtp_connections.h"
#include "delivery/smtp_turn.h"
#include "locale/mail_phrases.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

static bool send_all(struct smtp_sender *smtp, struct error *error)
{
    bool is_over = false;
    while (!is_over) {
        if (!smtp_turn(smtp, &is_over, error))
            return false;
    }
    /* What SIGTERM cut short is no failure, and neither is a pause at whose end the caller comes
     * again. */
    if (!smtp->has_given_up || smtp->stopping_ms || (smtp->is_backing_off && smtp->settings->stays))
        return true;
    *error = smtp->failure;
    return false;
}

bool smtp_sender_run(struct sender *sender, struct error *error)
{
    int wanted = sender->settings->connections;
    /* Now, where nothing has left: with the first refusal a file that cannot be read would end the
     * program, and leave open what became of the messages under way. */
    if (!mail_phrases_open(sender->settings->phrases, error))
        return false;
    struct smtp_sender smtp = { .sender = sender,
                                .settings = sender->settings,
                                .epoll = epoll_create1(EPOLL_CLOEXEC),
                                .connection_count = wanted < 1 ? 1
                                                    : wanted > CONNECTIONS_MAXIMUM
                                                        ? CONNECTIONS_MAXIMUM
                                                        : wanted,
                                .level = SMTP_PIPELINING_MESSAGES,
                                .has_held_back = true }; /* of an earlier run, perhaps */
    if (smtp.epoll < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "epoll");
    smtp.connections = memory_allocate_array((size_t)smtp.connection_count,
                                             sizeof *smtp.connections);
    for (int i = 0; i < smtp.connection_count; i++)
        connection_init(&smtp.connections[i], smtp.epoll, sender->timer);
    sender->relay = (struct relay_share){ .database = sender->database,
                                          .clock = sender->clock,
                                          .timer = sender->timer,
                                          .url = sender->settings->smtp.url,
                                          .unit_ms = sender->settings->pause_ms };
    bool done = relay_share_open(&sender->relay, error) && send_all(&smtp, error);
    /* Also after a failure: each message in flight gets its outcome or goes back to the prefetch,
     * so that deliver_run() can write and release all of them. */
    smtp_turn_end_all(&smtp);
    free(smtp.connections);
    (void)close(smtp.epoll);
    return done;
}
