/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MAIL_H
#define MAIL_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct locale_context;
struct mail_message;
struct newsroom;
struct presentation;
struct string_builder;
struct strings;
struct template_set;
struct token_keys;

/* The mails that pressroom writes, each as a struct mail_message that mail/composition.h makes MIME
 * of; a forwarded mail alone is made whole. */

/* What every message of a newsroom has in common. Filled by config/ from newsroom.yaml's `mail`. */
struct mail_settings {
    const char *from_name;    /* NULL: none */
    const char *from_address; /* its domain also stands in Message-IDs */
    const char *replies;      /* base address of confirmation and unsubscribe replies */
    const char *delimiter;    /* between the base's local part and "confirm-TOKEN" */
    bool is_answered;         /* what comes to "answer-TOKEN" is read and sent on */
    const char *list_id;      /* kept for ever (newsroom_value_once), without angle brackets */
};

/* What mails are made with, for the whole of a run. Filled by cli/, borrowed. */
struct mail_resources {
    const struct newsroom *newsroom;
    const struct mail_settings *settings;
    const struct template_set *templates;
    struct strings *strings;
    struct locale_context *locale;
};

/* ---- Message-IDs ---- */

enum { MESSAGE_ID_DIGITS = 32 };

/* The left halves of our Message-IDs, functions of the row: the same for every try; nobody without
 * the keys can tell who it went to, nor make one. Lower-case hexadecimal digits. (A confirmation
 * mail's is a token: TOKEN_CONFIRM_MAIL.) */
void message_id_of_delivery(const struct token_keys *keys, int64_t announcement, int64_t subscriber,
                            char digits[MESSAGE_ID_DIGITS + 1]);
void message_id_of_transactional_mail(const struct token_keys *keys, int64_t row_id,
                                      char digits[MESSAGE_ID_DIGITS + 1]);

/* ---- releases ---- */

enum release_mail_kind {
    RELEASE_MAIL_RELEASE,
    RELEASE_MAIL_CORRECTION, /* "Rettelse: …", a reply to the first mail, says what was changed */
    RELEASE_MAIL_WITHDRAWAL  /* "Trukket tilbage: …", a reply as well; the notice instead of the
                                text */
};

/* Which mail. */
struct release_mail_request {
    enum release_mail_kind kind;
    const struct presentation *presentation; /* of a release whose page is public */
    const char *language; /* of the subscriber: for the words around the text, which is in the
                             version's own */
};

/* The mail of one version for the subscribers of one language, with the slots of
 * MAIL_CLASS_BULK. HTML over MAIL_HTML_MAXIMUM is cut behind a block, with a link to the whole, and
 * the text at the same block. ERROR_USAGE where a template is broken. */
struct mail_message *release_mail_build(struct arena *arena, const struct mail_resources *resources,
                                        const struct release_mail_request *request,
                                        struct error *error);

/* Subject of that mail: title with the kind's word before it. */
const char *release_mail_subject(struct arena *arena, const struct mail_resources *resources,
                                 enum release_mail_kind kind, const char *title,
                                 const char *language);

/* ---- digests ---- */

/* One release, correction or withdrawal in a digest. */
struct digest_mail_entry {
    enum release_mail_kind kind;
    const struct presentation *presentation; /* of the revision that is public */
    const struct digest_mail_entry *next;
};

struct digest_mail_request {
    const char *language; /* of the subscriber: for the words around the texts */
    int64_t at;           /* the digest's instant: its date stands below the title */
    const struct digest_mail_entry *entries; /* at least one */
};

/* What is new, in one mail, with the slots of MAIL_CLASS_BULK: releases first, the newest first,
 * then corrections and withdrawals, marked as such. Over MAIL_HTML_MAXIMUM the last of them are
 * only counted, with a link to the newsroom. ERROR_USAGE where a template is broken. */
struct mail_message *digest_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct digest_mail_request *request,
                                       struct error *error);

/* ---- transactional mails ---- */

/* What somebody follows, or asks to. */
struct mail_feed {
    const char *title;   /* in the language of the mail */
    const char *cadence; /* "immediate", "daily", "weekly" */
    struct mail_feed *next;
};

struct confirmation_request {
    const char *language; /* of the subscriber */
    const struct mail_feed *feeds;
};

/* "Confirm your subscription": a link to the page with the button where there is an endpoint, and a
 * reply in any case (Reply-To: svar+confirm-TOKEN@…; without an endpoint the address stands in the
 * text too, so that an answer that quotes it is known). Slots To, Date, Message-ID, confirm. */
struct mail_message *confirmation_mail_build(struct arena *arena,
                                             const struct mail_resources *resources,
                                             const struct confirmation_request *request,
                                             struct error *error);

/* The other transactional mails to a subscriber. What each may hold: */
enum notice_kind {
    NOTICE_WELCOME,          /* after the first confirmation; what was chosen, preferences link */
    NOTICE_ALREADY,          /* asked for what he has; the same */
    NOTICE_PREFERENCES,      /* a fresh preferences link, asked for by address */
    NOTICE_MY_DATA,          /* a link to his data, good for one hour */
    NOTICE_ERASE,            /* a link that erases him, the same */
    NOTICE_UNSUBSCRIBE_LINK, /* how to leave, to who wrote that he may want to */
    /* how to say yes, to who answered the confirmation mail with something else */
    NOTICE_CONFIRM_HINT,
    NOTICE_PROBE /* whether the address still receives; nothing to do; preferences link */
};

struct notice_request {
    enum notice_kind kind;
    const char *language;          /* of the subscriber */
    const struct mail_feed *feeds; /* NULL: none are listed */
};

/* One of them. Slots To, Date, Message-ID, preferences and unsubscribe; of the kinds that are about
 * one request (NOTICE_MY_DATA, NOTICE_ERASE, NOTICE_CONFIRM_HINT) confirm instead, with the token
 * of that link. Without an endpoint there is no link: NOTICE_UNSUBSCRIBE_LINK and
 * NOTICE_CONFIRM_HINT give an address to write to, and of the others only NOTICE_WELCOME and
 * NOTICE_ALREADY make sense.
 */
struct mail_message *notice_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct notice_request *request, struct error *error);

/* ---- what others wrote, sent on ---- */

/* A mark of every mail that sends something on: whatever bears it is sent on nowhere. */
#define FORWARD_MARK "X-Pressroom-Forward"

/* A mail that brings what somebody wrote to who is responsible: the message whole, as
 * message/rfc822, in a mail of our own. */
struct forward_request {
    const char *language; /* of who gets it */
    const char *to;
    const char *date;
    const char *message_id;
    const char *writer;  /* address of who wrote it: Reply-To */
    const char *title;   /* of the release that is answered; NULL: none in particular */
    const char *page;    /* its address; NULL */
    bool is_answer;      /* it answers what was mailed */
    const char *answers; /* Message-ID of the message, so that an answer finds its place; NULL */
    const char *bytes;   /* the message; where is_whole is false, what can be shown of it: "" for
                            nothing */
    size_t length;
    bool is_whole;
    bool
        wants_seven_bits; /* the relay may take no others: what has octets beyond ASCII is a file */
};

/* Appends it to *out, dot-stuffed. Of the message no octet is changed but line ends, which become
 * CRLF; one that SMTP cannot carry so (lines over 998 octets, NUL, bare CR) is a file instead,
 * in base64. *is_eight_bit: the relay must offer 8BITMIME. ERROR_USAGE where the template is
 * broken. */
bool forward_mail_build(struct arena *arena, const struct mail_resources *resources,
                        const struct forward_request *request, struct string_builder *out,
                        bool *is_eight_bit, struct error *error);

/* ---- receipts ---- */

/* One line of a list, in the order of the list. */
struct mail_line {
    const char *label; /* of a fact or a link; NULL: none */
    const char *text;  /* of a link, its address */
    struct mail_line *next;
};

struct mail_attachment {
    const char *name;       /* as it is to be called when saved */
    const char *media_type; /* with its charset, where it has one; "message/rfc822" is shown as a
                               mail */
    const char *bytes;
    size_t length;
    struct mail_attachment *next;
};

/* What a receipt says to a press officer, every word of it in his newsroom's language. Lists may be
 * NULL. */
struct receipt_words {
    const char *subject;
    const char *title;
    struct mail_line *paragraphs;
    struct mail_line *facts;
    const char *warnings_title; /* above the warnings */
    struct mail_line *warnings;
    struct mail_line *links;
    const char *reply; /* what an answer does; NULL: nobody reads one */
    struct mail_attachment *attachments;
};

struct receipt_mail_request {
    const char *language;
    const char *to; /* an address as the envelope has it, ASCII */
    const char *date;
    const char *message_id; /* with its angle brackets */
    const char *reply_to;   /* NULL: answers go to the sender */
    const char *answers;    /* Message-ID of the mail that it answers, with angle brackets; NULL */
    const char *why;        /* key of what the foot says of why somebody gets it */
    const struct receipt_words *words;
};

/* "svar+receipt-TOKEN@…", in arena; NULL and *error where mail.replies cannot carry it. */
const char *receipt_mail_reply_address(struct arena *arena, const struct mail_resources *resources,
                                       const char *token, struct error *error);

/* Appends the whole message to *out, in ASCII and dot-stuffed: multipart/mixed where it has
 * attachments, which are left out from the one on that makes it larger than
 * RECEIPT_MAIL_MAXIMUM; a last paragraph then says so. ERROR_USAGE where a template is broken. */
bool receipt_mail_build(struct arena *arena, const struct mail_resources *resources,
                        const struct receipt_mail_request *request, struct string_builder *out,
                        struct error *error);

/* Below what mail servers take that nobody has set (Postfix: 10,240,000). */
enum { RECEIPT_MAIL_MAXIMUM = 9 * 1024 * 1024 };

/* ---- tests ---- */

/* A mail that only wants to arrive, made as a release's is: the same fields in its header, so that
 * what a relay does to it, it does to those. Slots of MAIL_CLASS_BULK. */
struct mail_message *test_mail_build(struct arena *arena, const struct mail_resources *resources,
                                     const char *language, struct error *error);

#endif
