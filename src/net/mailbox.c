/* SPDX-License-Identifier: MIT */
#include "net/mailbox.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "net/mailbox_connection.h"
#include "net/mailbox_kind.h"

#include <stdlib.h>
#include <string.h>

/* Servers may end an IDLE after 30 minutes, some do after 10, and a NAT between may drop a
 * connection that is silent for long. */
enum { WAIT_MAXIMUM_MS = 9 * 60 * 1000 };

struct mailbox {
    const struct mailbox_kind *kind;
    void *state;
    struct mailbox_url server;
    size_t passed; /* messages that mailbox_next() came to */
};

static const struct {
    const char *prefix;
    const char *port; /* NULL: a path, which stands behind the prefix */
    const struct mailbox_kind *kind;
} kinds[] = {
    { "maildir:", NULL, &mailbox_maildir },
    { "mbox:", NULL, &mailbox_mbox },
    { "imaps://", "993", &mailbox_imap },
    { "pop3s://", "995", &mailbox_pop3 },
};

static struct mailbox *open_kind(const struct mailbox_settings *settings, size_t kind,
                                 struct error *error)
{
    struct mailbox_settings own = *settings;
    struct mailbox *mailbox = memory_allocate(sizeof *mailbox);
    mailbox->kind = kinds[kind].kind;
    if (!kinds[kind].port)
        own.url += strlen(kinds[kind].prefix);
    if (!kinds[kind].port ||
        mailbox_url_parse(settings->url, kinds[kind].port, &mailbox->server, error))
        mailbox->state = mailbox->kind->open(&own, &mailbox->server, error);
    if (mailbox->state)
        return mailbox;
    mailbox_url_release(&mailbox->server);
    free(mailbox);
    return NULL;
}

struct mailbox *mailbox_open(const struct mailbox_settings *settings, struct error *error)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(settings->url, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
            return open_kind(settings, i, error);
    (void)error_set(error, ERROR_USAGE,
                    "mail.inbox: %.40s: no such kind of mailbox" ERROR_ADVICE
                    "write imaps://, pop3s://, maildir: "
                    "or mbox:",
                    settings->url);
    return NULL;
}

bool mailbox_next(struct mailbox *mailbox, char key[MAILBOX_KEY_SIZE], bool *found,
                  struct error *error)
{
    bool done = mailbox->kind->next(mailbox->state, key, found, error);
    mailbox->passed += done && *found;
    return done;
}

size_t mailbox_number(const struct mailbox *mailbox)
{
    return mailbox->passed - 1;
}

bool mailbox_read(struct mailbox *mailbox, struct string_builder *bytes, bool *is_cut, bool *found,
                  struct error *error)
{
    string_builder_clear(bytes);
    if (!mailbox->kind->read(mailbox->state, bytes, found, error))
        return false;
    *is_cut = bytes->length > MAILBOX_MESSAGE_MAXIMUM;
    string_builder_truncate(bytes, MAILBOX_MESSAGE_MAXIMUM);
    return true;
}

bool mailbox_done(struct mailbox *mailbox, const size_t *numbers, size_t count, struct error *error)
{
    return count == 0 || mailbox->kind->done(mailbox->state, numbers, count, error);
}

bool mailbox_can_wait(const struct mailbox *mailbox)
{
    return !mailbox->kind->can_wait || mailbox->kind->can_wait(mailbox->state);
}

bool mailbox_wait(struct mailbox *mailbox, int64_t most_ms, enum mailbox_news *news,
                  struct error *error)
{
    *news = MAILBOX_QUIET;
    if (most_ms > WAIT_MAXIMUM_MS)
        most_ms = WAIT_MAXIMUM_MS;
    if (!mailbox->kind->wait(mailbox->state, most_ms, news, error))
        return false;
    if (*news == MAILBOX_MORE)
        mailbox->passed = 0;
    return true;
}

size_t mailbox_passed_over(const struct mailbox *mailbox)
{
    return mailbox->kind->passed_over ? mailbox->kind->passed_over(mailbox->state) : 0;
}

bool mailbox_close(struct mailbox *mailbox, struct error *error)
{
    if (!mailbox)
        return true;
    bool done = mailbox->kind->close(mailbox->state, error);
    mailbox_url_release(&mailbox->server);
    free(mailbox);
    return done;
}
