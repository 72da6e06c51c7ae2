/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;

/* SMTP as the sender speaks it: replies, the mail transactions of one connection, and the
 * connection itself. */

/* ---- replies (RFC 5321 section 4.2) ---- */

/* All sizes are fixed, so a server cannot make us allocate. */
enum { SMTP_REPLY_TEXT_SIZE = 512, SMTP_REPLY_ENHANCED_SIZE = 12 };

struct smtp_reply {
    int code;                                /* 200 … 599; 0 where there was none */
    char enhanced[SMTP_REPLY_ENHANCED_SIZE]; /* "5.1.1" (RFC 3463, RFC 2034); "" for none */
    char text[SMTP_REPLY_TEXT_SIZE]; /* lines joined by a space, without codes, cut; clean UTF-8 */
};

/* Fills *reply as if a server had said so: for what is refused before it is asked, and for
 * failures without words of the server (code 0). text is cut and cleaned. */
void smtp_reply_set(struct smtp_reply *reply, int code, const char *enhanced, const char *text);

/* 2xx; 4xx; 5xx. */
bool smtp_reply_is_positive(const struct smtp_reply *reply);
bool smtp_reply_is_transient(const struct smtp_reply *reply);
bool smtp_reply_is_permanent(const struct smtp_reply *reply);

/* ---- transactions ---- */

/* The mail transactions of one connection (RFC 5321 section 3.3, RFC 2920), without any input or
 * output of its own: bytes of the relay go in, bytes for the relay and events come out. Greeting,
 * EHLO, STARTTLS and AUTH have already happened (struct smtp_session). */
struct smtp_transaction;

/* What the last EHLO offered. */
struct smtp_capabilities {
    bool pipelining;      /* RFC 2920 */
    bool eight_bit;       /* 8BITMIME, RFC 6152 */
    bool smtputf8;        /* RFC 6531 */
    bool dsn;             /* RFC 3461 */
    bool size;            /* RFC 1870 */
    bool starttls;        /* RFC 3207 */
    unsigned mechanisms;  /* of AUTH (RFC 4954), joined (net/smtp_login.h) */
    int64_t size_maximum; /* 0: it names none */
};

/* Takes one keyword line of an EHLO reply, without code and line end ("SIZE 10240000"). Unknown
 * keywords are passed over. */
void smtp_capabilities_add(struct smtp_capabilities *capabilities, const char *line, size_t length);

/* How much goes out in one write. Never more than the relay offers; an owner who met a relay that
 * cannot keep its word goes one level down. */
enum smtp_pipelining {
    SMTP_PIPELINING_NONE,     /* a round trip a command: 4 a message */
    SMTP_PIPELINING_ENVELOPE, /* MAIL, RCPT and DATA together: 2 */
    SMTP_PIPELINING_MESSAGES  /* and the next envelope behind the final dot: 1 */
};

/* The place in the dialogue that a reply or a failure belongs to. */
enum smtp_step {
    SMTP_STEP_CONNECT, /* TCP, greeting, EHLO, STARTTLS */
    SMTP_STEP_AUTH,
    SMTP_STEP_MAIL,
    SMTP_STEP_RCPT,
    SMTP_STEP_DATA,
    SMTP_STEP_DOT, /* message text and final dot */
    SMTP_STEP_RESET
};

/* "connect", "AUTH", "MAIL", … for a person. */
const char *smtp_step_name(enum smtp_step step);

/* One message to one recipient. All is borrowed until its result has come, as its text goes out
 * from where it is. */
struct smtp_message {
    const char *sender;      /* "" for the null reverse path */
    const char *recipient;   /* domain in ASCII (IDN is the caller's, RFC 5891) */
    const char *envelope_id; /* ENVID (RFC 3461 section 4.4), printable ASCII; NULL for none */
    const char *data;        /* dot-stuffed, CRLF line ends, without the final dot */
    size_t length;
    bool is_eight_bit;
    void *owner; /* handed back in the result */
};

enum smtp_result_kind {
    SMTP_RESULT_ACCEPTED,
    SMTP_RESULT_REFUSED,      /* reply and step say by what */
    SMTP_RESULT_UNSENT,       /* the session ended and the final dot had not left: nobody has it */
    SMTP_RESULT_INDETERMINATE /* the session ended between final dot and answer */
};

struct smtp_result {
    enum smtp_result_kind kind;
    enum smtp_step step;
    struct smtp_reply reply;
    void *owner;
};

enum smtp_event {
    SMTP_EVENT_NONE,   /* all bytes taken */
    SMTP_EVENT_READY,  /* the relay waits for message text: smtp_transaction_release() it */
    SMTP_EVENT_RESULT, /* a message is done, *result says how */
    SMTP_EVENT_BROKEN  /* the session is of no more use: abandon it and close */
};

/* capabilities are copied. maximum is the highest level to be used. Free with
 * smtp_transaction_free(), which takes NULL. */
struct smtp_transaction *smtp_transaction_new(const struct smtp_capabilities *capabilities,
                                              enum smtp_pipelining maximum);
void smtp_transaction_free(struct smtp_transaction *transaction);

/* The level in use. */
enum smtp_pipelining smtp_transaction_pipelining(const struct smtp_transaction *transaction);

/* Whether one more message may be added now. With SMTP_PIPELINING_MESSAGES two fit, and the second
 * is best added before the first is released, so that both share a write. */
bool smtp_transaction_wants_message(const struct smtp_transaction *transaction);

/* Takes a message into the dialogue. False, with *result filled (SMTP_RESULT_REFUSED), where it
 * cannot be sent over this session: an address that is no SMTP path (RFC 5321 section 4.1.2),
 * SMTPUTF8 needed and not offered, larger than SIZE. The session goes on. */
bool smtp_transaction_add(struct smtp_transaction *transaction, const struct smtp_message *message,
                          struct smtp_result *result);

/* The message added last, where nothing has been said of it yet; NULL where there is none. */
void *smtp_transaction_unsaid_owner(const struct smtp_transaction *transaction);

/* Takes that one out again: it has no result. */
void smtp_transaction_withdraw(struct smtp_transaction *transaction);

/* How many answers must come before those to a message that is added now, if need be in the place
 * of one that nothing has been said of; -1 where there is no place. */
int smtp_transaction_answers_ahead(const struct smtp_transaction *transaction);

/* The message that SMTP_EVENT_READY was about; NULL where none waits. */
void *smtp_transaction_ready_owner(const struct smtp_transaction *transaction);

/* Allows the final dot of that message to be sent: to be called only after the commit that marks
 * its row `sending`. The text goes out before that; the next message's envelope follows the dot. */
void smtp_transaction_release(struct smtp_transaction *transaction);

/* A part of what is written in one go: of a message's own text, or of commands. */
struct smtp_piece {
    const char *bytes;
    size_t length;
};

enum { SMTP_PIECES_MAXIMUM = 2 };

/* What is to be written now, one piece behind the other: how many, 0 where there is nothing. Valid
 * until the next call of another function. Tell by smtp_transaction_written() how many bytes were
 * written. */
size_t smtp_transaction_output(const struct smtp_transaction *transaction,
                               struct smtp_piece pieces[SMTP_PIECES_MAXIMUM]);
void smtp_transaction_written(struct smtp_transaction *transaction, size_t length);
/* How many of the unwritten bytes the TLS library already holds and may still send when it closes:
 * where a final dot is among them, the outcome is indeterminate. Holds until the next call. */
void smtp_transaction_held(struct smtp_transaction *transaction, size_t length);

/* Takes bytes of the relay until something happened; *used says how many. Call again with the rest
 * until it gives SMTP_EVENT_NONE. A reply that nobody asked for, that comes before its command has
 * left or cannot be an answer to it ends the session: SMTP_EVENT_BROKEN. */
enum smtp_event smtp_transaction_receive(struct smtp_transaction *transaction, const char *bytes,
                                         size_t length, size_t *used, struct smtp_result *result);

/* Why it is broken: the relay's 4xx or 5xx, or code 0 and a text where it broke the protocol. */
const struct smtp_reply *smtp_transaction_failure(const struct smtp_transaction *transaction);

/* After the session ended, however it did: the result of a message still in the dialogue; false
 * when there is none left. */
bool smtp_transaction_abandon(struct smtp_transaction *transaction, struct smtp_result *result);

/* The step that is being waited for, and how long that may take (RFC 5321 section 4.5.3.2) from the
 * last byte that moved; -1 where nothing is waited for. */
enum smtp_step smtp_transaction_step(const struct smtp_transaction *transaction);
int64_t smtp_transaction_timeout_ms(const struct smtp_transaction *transaction);

/* Whether no message is in the dialogue. */
bool smtp_transaction_is_idle(const struct smtp_transaction *transaction);

/* ---- the connection ---- */

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

/* ---- single commands ---- */

/* Says bytes to the relay of a ready session and waits for its reply: for a look at a relay, where
 * mailings have smtp_transaction. False: no reply within timeout_ms, the connection is gone, or
 * what came is none (ERROR_TEMPORARY); the session is of no more use then. */
bool smtp_command(struct smtp_session *session, const char *bytes, size_t length,
                  int64_t timeout_ms, struct smtp_reply *reply, struct error *error);

/* The same with a command, which is written here: "MAIL FROM:", "<presse@nordhav.example>". An
 * address that is no SMTP path is refused before it is said (reply 553). */
bool smtp_command_path(struct smtp_session *session, const char *command, const char *address,
                       int64_t timeout_ms, struct smtp_reply *reply, struct error *error);

/* ---- the greeting ---- */

/* The name that a relay is greeted with (RFC 5321 section 4.1.4). */

enum { SMTP_HELO_SIZE = 256 };

/* Whether it is a domain of letters, digits and hyphens, or an address literal: "[192.0.2.1]",
 * "[IPv6:2001:db8::1]". */
bool smtp_helo_is_valid(const char *name);

/* Whether it says where we are: an address literal, or a name with a dot that is no name of
 * everybody's own machine. */
bool smtp_helo_is_full(const char *name);

/* This host's full name, as it calls itself or as its name is resolved; where there is none, the
 * literal of the address that it is reached from outside by. Waits for names 3 s at most, once in a
 * process. */
void smtp_helo_default(char name[SMTP_HELO_SIZE]);

#endif
