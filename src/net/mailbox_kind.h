/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_KIND_H
#define NET_MAILBOX_KIND_H

#include "net/mailbox.h"

struct mailbox_url;

/* Inside net/ only: one kind of mailbox. The functions do what those of mailbox.h say; state is
 * what open returned. read appends at most MAILBOX_MESSAGE_MAXIMUM + 1 octets: one more tells that
 * the message is longer. A message's number is how many come before it. server is where the server
 * is, as long as state lives; of a file, nothing. close ends well what was done where commit is
 * true, and frees. */
struct mailbox_kind {
    void *(*open)(const struct mailbox_settings *settings, const struct mailbox_url *server,
                  struct error *error);
    bool (*next)(void *state, char key[MAILBOX_KEY_SIZE], bool *found, struct error *error);
    bool (*read)(void *state, struct string_builder *bytes, bool *found, struct error *error);
    bool (*done)(void *state, const size_t *numbers, size_t count, struct error *error);
    bool (*can_wait)(const void *state); /* NULL: always */
    bool (*wait)(void *state, int64_t most_ms, enum mailbox_news *news, struct error *error);
    bool (*close)(void *state, struct error *error);
    size_t (*passed_over)(const void *state); /* NULL: none ever */
};

extern const struct mailbox_kind mailbox_maildir; /* url: the path */
extern const struct mailbox_kind mailbox_mbox;    /* url: the path */
extern const struct mailbox_kind mailbox_imap;
extern const struct mailbox_kind mailbox_pop3;

/* A key that is printable, short and one of its own: name where it is that, else its hash. */
void mailbox_key_write(char key[MAILBOX_KEY_SIZE], const char *name);

#endif
