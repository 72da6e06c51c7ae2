/* SPDX-License-Identifier: MIT */
#ifndef MAIL_TRANSACTIONAL_MAIL_H
#define MAIL_TRANSACTIONAL_MAIL_H

struct arena;
struct error;
struct feed;
struct mail_message;
struct mail_resources;

/* What a confirmation asks for: the feeds of one request, in the words of the language. */
struct confirmation_feed {
    const char *title;
    struct confirmation_feed *next;
};

struct confirmation_request {
    const char *language; /* of the subscriber */
    const char *cadence;  /* "immediate", "daily", "weekly" */
    const struct confirmation_feed *feeds;
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

struct notice_feed {
    const char *title;
    const char *cadence; /* "immediate", "daily", "weekly" */
    struct notice_feed *next;
};

struct notice_request {
    enum notice_kind kind;
    const char *language;            /* of the subscriber */
    const struct notice_feed *feeds; /* NULL: none are listed */
};

/* One of them. Slots To, Date, Message-ID, preferences and unsubscribe; of the kinds that are about
 * one request (NOTICE_MY_DATA, NOTICE_ERASE, NOTICE_CONFIRM_HINT) confirm instead, with the token
 * of that link. Without an endpoint there is no link: NOTICE_UNSUBSCRIBE_LINK and
 * NOTICE_CONFIRM_HINT give an address to write to, and of the others only NOTICE_WELCOME and
 * NOTICE_ALREADY make sense.
 */
struct mail_message *notice_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct notice_request *request, struct error *error);

#endif
