/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_READING_H
#define INBOUND_READING_H

#include <stdbool.h>
#include <stdint.h>

#include "address/token.h"
#include "address/verp.h"
#include "database/sql_macro.h"
#include "inbound/inbound.h"
#include "inbound/own_address.h"
#include "net/refusal.h"

struct arena;
struct error;
struct language_words;
struct mail_phrases;
struct mime_message;
struct string_builder;

/* What a message says to us, before anything is done about it: a function of the message alone. */
struct inbound_context {
    struct verp_base replies;
    struct verp_base bounces;
    const char *from_domain;       /* of mail.from, in A-labels; NULL: not known */
    const struct token_keys *keys; /* NULL: no token is ours */
    const struct language_words *words;
    const struct mail_phrases *phrases;
    struct own_addresses own;
};

/* ERROR_USAGE where an address is none. Strings live in arena. */
bool inbound_context_init(struct inbound_context *context, struct arena *arena,
                          const struct inbound_settings *settings, const struct token_keys *keys,
                          struct error *error);

/* What a message is, whoever it is about, with the word for it in JSON. */
#define INBOUND_KINDS(X)                                                                           \
    X(KIND_UNKNOWN, 0, "unknown") /* nothing to go by: a person should read it */                  \
    X(KIND_BOUNCE, 1, "bounce")                                                                    \
    X(KIND_DELAYED, 2, "delayed")                                                                  \
    X(KIND_DELIVERED, 3, "delivered")                                                              \
    X(KIND_COMPLAINT, 4, "complaint")                                                              \
    X(KIND_AUTOMATIC, 5, "automatic")                                                              \
    X(KIND_CHALLENGE, 6, "challenge")                                                              \
    X(KIND_HUMAN, 7, "human")                                                                      \
    X(KIND_REQUEST, 8, "request") /* yes, leaving, joining */                                      \
    X(KIND_DMARC, 9, "dmarc")

enum inbound_kind { INBOUND_KINDS(SQL_NAMED_ENUMERATOR) };

const char *inbound_kind_name(enum inbound_kind kind);

/* How a report was known to be about a mail of ours, the surest first, with the words for a person.
 * KNOWN_BY_TOKEN: by a return path (VERP) or envelope id (ENVID) of ours; KNOWN_BY_HEADER: by a
 * field of ours in the message returned; KNOWN_BY_REPORT: by the recipient named in a report as
 * RFC 3464 wants it; KNOWN_BY_FORM: by the recipient named in a server's own words. */
#define INBOUND_KNOWLEDGES(X)                                                                      \
    X(KNOWN_NOT, 0, "of no mail of ours") /* or nothing says so */                                 \
    X(KNOWN_BY_TOKEN, 1, "ours by its return path or envelope id")                                 \
    X(KNOWN_BY_HEADER, 2, "ours by the header returned")                                           \
    X(KNOWN_BY_REPORT, 3, "ours if the recipient is known")                                        \
    X(KNOWN_BY_FORM, 4, "ours if the recipient was mailed within a week")

enum inbound_knowledge { INBOUND_KNOWLEDGES(SQL_NAMED_ENUMERATOR) };

const char *inbound_knowledge_text(enum inbound_knowledge knowledge);

/* One whom a report is about. Of several actions in one report those of its kind alone are listed:
 * whom it failed for, else whom it is late for, else whom it reached. */
struct inbound_recipient {
    const char *address; /* as it was mailed, in UTF-8; "" where it was left out or redacted */
    const char *other; /* a second one of the same, where the report says that it was sent on; "" */
    enum refusal_kind kind; /* whom the trouble counts against */
    enum refusal_cause cause;
    bool is_certain;         /* KNOWN_BY_TOKEN, KNOWN_BY_HEADER */
    int code;                /* SMTP's; 0: none */
    const char *enhanced;    /* "5.1.1", that it was judged by; "" */
    const char *text;        /* the other side's words, one line; "" */
    const char *remote_host; /* that said no; "" */
    const char *action;      /* "failed", "delayed", "delivered", "relayed", "expanded" */
    struct inbound_recipient *next;
};

/* What says which request a yes is about. */
enum inbound_naming {
    NAMED_BY_ADDRESS, /* it came to confirm-TOKEN */
    /* The address was flattened: it counts only from the address that the request is for. */
    NAMED_BY_ANSWER,    /* the message answered is the mail that asked */
    NAMED_BY_QUOTATION, /* that mail's link or reply address is quoted */
    NAMED_BY_SUBJECT    /* its token stands in the subject, as older ones had it */
};

/* What a person's own words say of leaving. */
enum inbound_leaving { LEAVING_NOT, LEAVING_ALONE /* and nothing else */, LEAVING_AMONG_OTHERS };

struct answer_target;
struct dmarc_row;
struct receipt;

struct inbound_reading {
    enum inbound_effect effect;
    enum inbound_kind kind;
    const char *rule; /* a short name of what understood it: "report", "qmail" …; "" */
    /* Of a bounce, delay, delivery or complaint */
    enum inbound_knowledge known_by;
    const struct inbound_recipient *recipients; /* at most MIME_PARTS_MAXIMUM */
    const struct inbound_recipient *recipient;  /* the one that counts; NULL: none */
    bool is_for_machine; /* it came to an address that no person writes to, so it may be removed
                            also where it has no effect */
    /* BOUNCED, DELAYED, DELIVERED, COMPLAINED: whose mail (TOKEN_BOUNCE,
     * TOKEN_BOUNCE_TRANSACTIONAL, or TOKEN_UNSUBSCRIBE where the report shows only that); id 0
     * where known_by is KNOWN_BY_REPORT or KNOWN_BY_FORM: the recipients say it, each for itself
     * (report_match.h). CONFIRMED, UNSUBSCRIBED, STOPPED, APPROVED,
     * RECEIPT_WORDS, REASON: the token. token_text is the same as written. */
    struct token token;
    char token_text[TOKEN_SIZE];
    /* BOUNCED: of the recipient that counts */
    bool blames_address;  /* there is no such mailbox */
    int smtp_code;        /* 0: none */
    const char *enhanced; /* "5.1.1"; NULL */
    const char *report;   /* the reason in the other side's words; NULL */
    /* CONFIRMED, ASKED */
    enum inbound_naming named_by; /* CONFIRMED */
    const char *from;             /* NULL: none */
    const char *own_text;         /* what the person wrote, without what is quoted; "" */
    const char *unmarked; /* CONFIRMED: lines that are taken for quoted only by their place; the yes
                             counts where they stand in the mail that is answered; "" */
    /* HUMAN, LEAVE_HINT, and NOT_OURS until answer_resolve() has looked */
    enum inbound_leaving leaving;
    const char *const *answered; /* left halves of Message-IDs that may be ours, ended by NULL; NULL
                                    for none */
    int64_t quoted_subscriber;   /* whose link to leave is quoted; 0: nobody's */
    /* DMARC: of message->dmarc those of the newsroom's domains */
    const struct dmarc_row *dmarc_rows;
    /* Filled by answer_resolve() */
    const struct receipt *receipt; /* STOPPED, APPROVED, RECEIPT_WORDS, REASON: that is answered */
    const struct answer_target *target; /* who is to read it; NULL: whoever reads the mailbox */
    enum inbound_left left;             /* why it stays; LEFT_NOT: as its kind says */
    const char *unsent_why;             /* it cannot be sent on; NULL */
    bool stays; /* it has its effect, and a person is to read it where it lies as well */
};

/* The reading lives in arena, borrows from message. */
void inbound_read(const struct inbound_context *context, struct arena *arena,
                  const struct mime_message *message, struct inbound_reading *reading);

/* ---- what a collecting would understand (explain.c) ---- */

struct inbound_explanation {
    const char *name;
    const struct inbound_reading *reading; /* NULL: it cannot be read; unread says why */
    const struct error *unread;
};

/* Reads as a collecting does, and does nothing about it. Messages are added while there is room,
 * since several are read at once, and come out in their order:
 *
 *     for (;;) {
 *         while (there is more && inbound_explainer_has_room(explainer))
 *             inbound_explainer_add(explainer, name, &bytes);
 *         if (!inbound_explainer_next(explainer, &explanation, error))
 *             break;
 *         …
 *     }
 *     if (!inbound_explainer_free(explainer))
 *         return false; */
struct inbound_explainer;

struct inbound_explainer *inbound_explainer_new(const struct inbound_context *context);
bool inbound_explainer_has_room(struct inbound_explainer *explainer);

/* Both are copied. */
void inbound_explainer_add(struct inbound_explainer *explainer, const char *name,
                           const struct string_builder *bytes);

/* The explanation lives until the next call of any of these. False at the end and on failure. */
bool inbound_explainer_next(struct inbound_explainer *explainer,
                            struct inbound_explanation *explanation, struct error *error);

/* False where reading failed, with the error of inbound_explainer_next(). */
bool inbound_explainer_free(struct inbound_explainer *explainer)
    __attribute__((warn_unused_result));

#endif
