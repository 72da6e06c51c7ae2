/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_STREAM_H
#define NET_MAILBOX_STREAM_H

#include "net/mailbox.h"

#include <libetpan/mailstream.h>

/* Inside net/ only: a connection to a mail server for libetpan's IMAP and POP3, which verify
 * nothing themselves. libcurl connects and verifies chain and host name; libetpan reads and writes
 * through it. */

/* What a URL names; freed by mailbox_place_release(). */
struct mailbox_place {
    char *host;
    char *port;
    char *user;
    char *folder; /* "INBOX" where there is none */
};

/* "imaps://user@host:port/folder". ERROR_USAGE. */
bool mailbox_place_parse(const char *url, const char *default_port, struct mailbox_place *place,
                         struct error *error);
void mailbox_place_release(struct mailbox_place *place);

/* NULL: ERROR_TEMPORARY, or ERROR_USAGE where the certificate is not accepted. The stream belongs
 * to the session it is given to. */
mailstream *mailbox_stream_open(const struct mailbox_settings *settings,
                                const struct mailbox_place *place, struct error *error);

/* Allows the next answer so many octets more; a server that sends more is cut off. */
void mailbox_stream_allow(mailstream *stream, size_t octets);

#endif
