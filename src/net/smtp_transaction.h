/* SPDX-License-Identifier: MIT */
#ifndef NET_SMTP_TRANSACTION_H
#define NET_SMTP_TRANSACTION_H

#include "net/smtp_reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The mail transactions of one connection (RFC 5321 section 3.3, RFC 2920), without any input or
 * output of its own: bytes of the relay go in, bytes for the relay and events come out. Greeting,
 * EHLO, STARTTLS and AUTH have already happened (net/smtp_session.h). */
struct smtp_transaction;

/* What the last EHLO offered. */
struct smtp_capabilities {
    bool pipelining;      /* RFC 2920 */
    bool eight_bit;       /* 8BITMIME, RFC 6152 */
    bool smtputf8;        /* RFC 6531 */
    bool dsn;             /* RFC 3461 */
    bool size;            /* RFC 1870 */
    bool starttls;        /* RFC 3207 */
    unsigned mechanisms;  /* of AUTH (RFC 4954), joined: net/smtp_login.h */
    int64_t size_maximum; /* 0: no limit told */
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

#endif
