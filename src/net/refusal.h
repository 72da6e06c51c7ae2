/* SPDX-License-Identifier: MIT */
#ifndef NET_REFUSAL_H
#define NET_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mail_phrases;

/* ---- enhanced status codes (RFC 3463 section 2): "5.1.1" ---- */

enum { ENHANCED_STATUS_SIZE = 12 /* octets of one as text: "5.999.999" */ };

/* class 0: none. */
struct enhanced_status {
    int class; /* 2, 4, 5 */
    int subject;
    int detail;
};

/* The code that bytes begin with: how long it is; 0 for none. What goes on with a letter or a
 * number is none: an address of a network, or a version. */
size_t enhanced_status_begins(const char *bytes, size_t length, struct enhanced_status *status);

/* The next 4.x.x or 5.x.x standing alone in words; 2.x.x are versions there. NULL: none. */
const char *enhanced_status_find(const char *text, struct enhanced_status *status, size_t *length);

/* As text; "" for none. */
void enhanced_status_write(const struct enhanced_status *status, char text[ENHANCED_STATUS_SIZE]);

/* ---- refusals ---- */

/* What a server's refusal means, whether it came in the dialogue or in a bounce: the one table that
 * delivery and inbound share. The kind says against whom it counts; the cause why, as far as it is
 * known. */
enum refusal_kind {
    REFUSAL_ADDRESS, /* nobody is there: counts against the address, the only kind that does */
    REFUSAL_MAILBOX, /* this message, now: full, greylisted, the other side does not answer */
    REFUSAL_OURS     /* who sends, how, or what: the mailing, the relay or the receiving domain */
};

enum refusal_cause {
    REFUSAL_UNPLACED, /* not known; a permanent refusal of that cause counts as ours */
    REFUSAL_UNKNOWN_ADDRESS,
    REFUSAL_NO_DOMAIN, /* the address's domain is not there, or takes no mail */
    REFUSAL_DISABLED,
    REFUSAL_FULL,
    REFUSAL_GREYLISTED,
    REFUSAL_TIMEOUT,
    REFUSAL_RATE,
    REFUSAL_QUOTA, /* a day's */
    REFUSAL_CONNECTIONS,
    REFUSAL_POLICY,
    REFUSAL_SPAM,
    REFUSAL_BLOCKLIST,
    REFUSAL_AUTHENTICATION, /* SPF, DKIM, DMARC, or a login that is wanted */
    REFUSAL_REVERSE_NAME,
    REFUSAL_SENDER,
    REFUSAL_RELAYING,
    REFUSAL_SIZE,
    REFUSAL_CONTENT,
    REFUSAL_SYSTEM
};

/* As the server said it. */
struct refusal_words {
    int code;                           /* 550; 0: none */
    const char *enhanced;               /* "5.1.1" (RFC 3463); "": none */
    const char *text;                   /* "": none */
    const struct mail_phrases *phrases; /* what is known of servers' words; NULL: codes alone */
};

struct refusal {
    enum refusal_kind kind;
    enum refusal_cause cause;
};

/* Reads it, whatever the step of the dialogue: what is said at MAIL is about the sender, and
 * delivery/outcome.c sees to that. Words, or a 5.7.x, of spam, policy or relaying win over a 5.1.x
 * or 5.4.x beside them; where the code says nothing the words count; 4xx is never the address. */
void refusal_read(const struct refusal_words *words, struct refusal *refusal);

/* The same, and the enhanced code that it went by: the given one, or one in the text that tells
 * more; "" for none. */
void refusal_read_by(const struct refusal_words *words, struct refusal *refusal,
                     char enhanced[ENHANCED_STATUS_SIZE]);

/* Whether it speaks of how many messages there may be in a session, however that is put. */
bool refusal_is_of_session(const struct mail_phrases *phrases, const char *text);

/* "address", "mailbox", "ours". */
const char *refusal_kind_name(enum refusal_kind kind);

#endif
