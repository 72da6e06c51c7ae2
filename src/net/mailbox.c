/* SPDX-License-Identifier: MIT */
#include "net/mailbox.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/mailbox_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mailbox {
    const struct mailbox_kind *kind;
    void *state;
};

static const struct {
    const char *prefix;
    bool is_path; /* the kind gets what stands behind the prefix */
    const struct mailbox_kind *kind;
} kinds[] = {
    { "maildir:", true, &mailbox_maildir },
    { "mbox:", true, &mailbox_mbox },
    { "imaps://", false, &mailbox_imap },
    { "pop3s://", false, &mailbox_pop3 },
};

void mailbox_key_write(char key[MAILBOX_KEY_SIZE], const char *name)
{
    struct hash hash;
    bool is_plain = *name && strlen(name) < MAILBOX_KEY_SIZE - 1 && name[0] != '#';
    for (const char *c = name; is_plain && *c; c++)
        is_plain = *c > ' ' && *c < 127;
    if (is_plain) {
        memcpy(key, name, strlen(name) + 1);
        return;
    }
    hash_bytes(name, strlen(name), &hash);
    key[0] = '#';
    hash_to_hex(&hash, key + 1);
}

struct mailbox *mailbox_open(const struct mailbox_settings *settings, struct error *error)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(kinds[i].prefix);
        if (strncmp(settings->url, kinds[i].prefix, length) != 0)
            continue;
        struct mailbox_settings own = *settings;
        if (kinds[i].is_path)
            own.url += length;
        void *state = kinds[i].kind->open(&own, error);
        if (!state)
            return NULL;
        struct mailbox *mailbox = calloc(1, sizeof *mailbox);
        if (!mailbox)
            abort();
        *mailbox = (struct mailbox){ kinds[i].kind, state };
        return mailbox;
    }
    (void)error_set(
        error, ERROR_USAGE,
        "mail.inbox: %.40s: no such kind of mailbox; write imaps://, pop3s://, maildir: "
        "or mbox:",
        settings->url);
    return NULL;
}

bool mailbox_next(struct mailbox *mailbox, char key[MAILBOX_KEY_SIZE], bool *found,
                  struct error *error)
{
    return mailbox->kind->next(mailbox->state, key, found, error);
}

bool mailbox_read(struct mailbox *mailbox, struct text *bytes, bool *is_cut, bool *found,
                  struct error *error)
{
    text_clear(bytes);
    if (!mailbox->kind->read(mailbox->state, bytes, found, error))
        return false;
    *is_cut = bytes->length > MAILBOX_MESSAGE_MAXIMUM;
    text_truncate(bytes, MAILBOX_MESSAGE_MAXIMUM);
    return true;
}

bool mailbox_done(struct mailbox *mailbox, struct error *error)
{
    return mailbox->kind->done(mailbox->state, error);
}

bool mailbox_close(struct mailbox *mailbox, struct error *error)
{
    if (!mailbox)
        return true;
    bool done = mailbox->kind->close(mailbox->state, error);
    free(mailbox);
    return done;
}
