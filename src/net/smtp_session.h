/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_SESSION_H
#define NET_SMTP_SESSION_H

#include "net/smtp_transaction.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* A connection to the relay: libcurl resolves, connects, secures and authenticates in a thread of
 * its own; then bytes go and come without blocking. net_initialize() comes first, once, while the
 * process has one thread. */
struct smtp_session;

enum smtp_tls {
    SMTP_TLS_REQUIRED,      /* STARTTLS or smtps://, certificate and name verified */
    SMTP_TLS_OPPORTUNISTIC, /* where offered, not verified; with a user as SMTP_TLS_REQUIRED */
    SMTP_TLS_NONE           /* for loopback; configuration refuses it elsewhere */
};

/* What sessions with one relay learn from each other; all zeros at first. */
struct smtp_memory {
    atomic_uint mechanism; /* of AUTH that the relay took last */
};

struct smtp_session_settings {
    const char *url; /* smtp://HOST[:PORT] or smtps://HOST[:PORT] */
    enum smtp_tls tls;
    const char *user;           /* NULL: no AUTH */
    const char *password;       /* never logged */
    const char *helo;           /* NULL: this host's full name, else its address ("[192.0.2.1]") */
    const char *ca_file;        /* NULL: the system's bundle */
    struct smtp_memory *memory; /* NULL: nothing is learnt */
    int64_t connect_timeout_ms; /* from resolving to AUTH; 0: a minute for the connection and five
                                   for each answer (RFC 5321 section 4.5.3.2.1), ten in all */
};

/* Starts connecting. Settings and their strings must outlive the session. NULL only where the
 * machine gives no thread or handle (ERROR_SYSTEM). */
struct smtp_session *smtp_session_start(const struct smtp_session_settings *settings,
                                        struct error *error);

/* Closes at once, without QUIT; a connecting thread is told to stop and waited for (about a second
 * at most). Takes NULL. */
void smtp_session_free(struct smtp_session *session);

/* Asks a connecting session to stop, without waiting, so that many can be asked before the first is
 * freed. */
void smtp_session_cancel(struct smtp_session *session);

/* What to poll: becomes readable when connecting has ended; the socket after
 * smtp_session_finish(). */
int smtp_session_descriptor(const struct smtp_session *session);

enum smtp_session_state { SMTP_SESSION_CONNECTING, SMTP_SESSION_READY, SMTP_SESSION_FAILED };

/* Ends the connecting phase once the descriptor is readable (waits for it where it is not). READY:
 * capabilities are known, and where there is a user the relay has said 235. FAILED: *error says why
 * (TEMPORARY; PERMANENT where somebody must mend something: the relay refuses user and password or
 * has no way to log in, cannot be verified, or the port is of the other kind, which is found out
 * within 8 s); the relay's reply, if it gave one, is in smtp_session_reply(), its place in
 * smtp_session_step(). */
enum smtp_session_state smtp_session_finish(struct smtp_session *session, struct error *error);

/* The relay's last words while connecting (greeting, EHLO, AUTH); code 0 for none. */
const struct smtp_reply *smtp_session_reply(const struct smtp_session *session);

/* Where connecting is, or ended: SMTP_STEP_CONNECT, or SMTP_STEP_AUTH. */
enum smtp_step smtp_session_step(const struct smtp_session *session);

/* The name that the relay was greeted with; once connecting has ended. */
const char *smtp_session_helo(const struct smtp_session *session);

const struct smtp_capabilities *smtp_session_capabilities(const struct smtp_session *session);

/* Writes of the pieces what goes without waiting, in one go; *sent may be 0. What was not sent
 * comes first at the next call. False: the connection is gone. Either way smtp_session_held() tells
 * how many bytes behind *sent TLS keeps as a record that the connection did not take yet, or not
 * whole: they may leave even if nothing is sent any more, as closing empties it. */
bool smtp_session_send(struct smtp_session *session, const struct smtp_piece *pieces, size_t count,
                       size_t *sent, struct error *error);
size_t smtp_session_held(const struct smtp_session *session);

/* Reads what is there; *received 0: nothing now. *is_all: poll before reading again; with TLS it is
 * false until nothing came. False: the relay closed or the connection is gone. */
bool smtp_session_receive(struct smtp_session *session, char *bytes, size_t size, size_t *received,
                          bool *is_all, struct error *error);

#endif
