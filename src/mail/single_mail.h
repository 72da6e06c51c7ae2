/* SPDX-License-Identifier: MIT */
#ifndef MAIL_SINGLE_MAIL_H
#define MAIL_SINGLE_MAIL_H

struct arena;
struct error;
struct feed;
struct mail_message;
struct mail_workshop;

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
 * reply in any case (Reply-To: svar+confirm-TOKEN@…, the token in the subject too). Slots To, Date,
 * Message-ID, confirm. */
struct mail_message *confirmation_mail_build(struct arena *arena,
                                             const struct mail_workshop *workshop,
                                             const struct confirmation_request *request,
                                             struct error *error);

#endif
