/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_BOUNCE_H
#define INBOUND_BOUNCE_H

#include "inbound/reading.h"

struct arena;
struct mail_phrases;
struct mime_field;
struct mime_message;

/* Inside inbound/ only: what a report says, whoever's mail it is about. */
struct bounce {
    enum inbound_kind kind; /* BOUNCE, DELAYED, DELIVERED; UNKNOWN: it is no report */
    const char *rule;       /* "" */
    bool is_proper;         /* as RFC 3464 wants it; else in a server's own words */
    struct inbound_recipient *recipients;
    /* The header of the message returned, from its own part or from below the words; NULL */
    const struct mime_field *original;
};

void bounce_read(const struct mail_phrases *phrases, struct arena *arena,
                 const struct mime_message *message, struct bounce *bounce);

/* ---- recipients (bounce_recipient.c) ---- */

enum { BOUNCE_TEXT_MAXIMUM = 400 /* octets of a reason that are kept */ };

struct recipient_list {
    struct arena *arena;
    const struct mail_phrases *phrases;
    struct inbound_recipient *first;
    struct inbound_recipient **next;
    unsigned count;
};

void recipient_list_init(struct recipient_list *list, const struct mail_phrases *phrases,
                         struct arena *arena);

/* One more at the end, all strings ""; NULL where there are MIME_PARTS_MAXIMUM. */
struct inbound_recipient *recipient_list_add(struct recipient_list *list);

/* The one of that address, compared without case; NULL. */
struct inbound_recipient *recipient_list_find(const struct recipient_list *list,
                                              const char *address);

/* Fills code from the words where it is not known, then kind and cause, and enhanced with the code
 * that they were judged by. evidence: all that
 * is known of the reason; text is kept of it where the recipient has none. In the list's arena. */
void recipient_judge(const struct recipient_list *list, struct inbound_recipient *recipient,
                     const char *evidence, enum inbound_kind kind);

/* ---- codes in words ---- */

/* "550" standing alone; 0 for none. */
int words_code(const char *text);

/* White space runs as one space, at most BOUNCE_TEXT_MAXIMUM octets, no letter cut in two. */
const char *words_line(struct arena *arena, const char *text, size_t length);

/* ---- the kinds of report ---- */

/* message/delivery-status. */
bool bounce_read_statuses(const struct mail_phrases *phrases, struct arena *arena,
                          const struct mime_message *message, struct bounce *bounce);

/* JSON in a mail. */
bool bounce_read_json(const struct mail_phrases *phrases, struct arena *arena,
                      const struct mime_message *message, struct bounce *bounce);

/* A server's own words. */
bool bounce_read_words(const struct mail_phrases *phrases, struct arena *arena,
                       const struct mime_message *message, struct bounce *bounce);

#endif
