/* SPDX-License-Identifier: MIT */
#ifndef NET_MAILBOX_CONNECTION_H
#define NET_MAILBOX_CONNECTION_H

#include "net/mailbox.h"

/* Inside net/ only: a connection to a mail server over TLS, by libcurl, which verifies chain and
 * host name. What comes over it is read elsewhere. */

/* What a URL names; freed by mailbox_url_release(). */
struct mailbox_url {
    char *host;
    char *port;
    char *user;
    char *folder; /* "INBOX" where there is none */
};

/* "imaps://user@host:port/folder". ERROR_USAGE. */
bool mailbox_url_parse(const char *url, const char *default_port, struct mailbox_url *server,
                       struct error *error);
void mailbox_url_release(struct mailbox_url *server);

struct mailbox_connection;

/* NULL: ERROR_TEMPORARY, or ERROR_USAGE where the certificate is not accepted. server lives as long
 * as the connection. */
struct mailbox_connection *mailbox_connection_open(const struct mailbox_settings *settings,
                                                   const struct mailbox_url *server,
                                                   struct error *error);

/* The next step of the session begins: so many octets may come in it, and it may take the time-out
 * some times over, however busily the server sends. False, ERROR_TEMPORARY: the whole session has
 * taken too long, and is_last is not said. */
bool mailbox_connection_begin(struct mailbox_connection *connection, size_t octets, bool is_last,
                              struct error *error);

/* Appends at least one octet, and at most so many. False, ERROR_TEMPORARY: silence, the end, or
 * more than is allowed. */
bool mailbox_connection_read(struct mailbox_connection *connection, struct string_builder *bytes,
                             size_t most, struct error *error);

/* The same, but silence is no failure: *bytes may be as it was where nothing came until so many
 * milliseconds have passed. The session's time begins anew behind it. */
bool mailbox_connection_wait(struct mailbox_connection *connection, struct string_builder *bytes,
                             size_t most, int64_t most_ms, struct error *error);

bool mailbox_connection_write(struct mailbox_connection *connection, const void *bytes,
                              size_t length, struct error *error);

/* Takes NULL. */
void mailbox_connection_close(struct mailbox_connection *connection);

#endif
