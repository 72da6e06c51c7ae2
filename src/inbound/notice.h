/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_NOTICE_H
#define INBOUND_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/refusal.h"

struct arena;

/* Inside inbound/ only: the words of a server, and the phrases that are known in them. */

enum notice_meaning {
    NOTICE_LIST,      /* who it failed for begins the lines below */
    NOTICE_ANY_LIST,  /* the same, in words that not only reports have */
    NOTICE_NAMES,     /* below that line, without what stands behind the @ */
    NOTICE_SAME,      /* his address is what follows */
    NOTICE_BEFORE,    /* his address is what stands before */
    NOTICE_CUT,       /* at the start of a line: the message returned begins here */
    NOTICE_END,       /* no recipients below: a transcript, advice */
    NOTICE_FAILED,    /* it came back */
    NOTICE_FINAL,     /* for good, whatever is said of trying besides */
    NOTICE_DELAYED,   /* it is still being tried */
    NOTICE_DELIVERED, /* it arrived */
    NOTICE_SUBJECT,   /* in a subject: a report */
    NOTICE_LATE,      /* in a subject: a report of a delay */
    NOTICE_CHALLENGE, /* wants proof that a person sits here */
    NOTICE_MEANING_COUNT
};

/* Phrases of one rule, as fold() in notice.c has them, joined by "|". */
struct notice_row {
    enum notice_meaning meaning;
    const char *rule; /* whose words they are; "" where several say so */
    const char *words;
};

/* Each ends with a row whose words are NULL. */
extern const struct notice_row notice_recipient_rows[]; /* notice_recipients.c */
extern const struct notice_row notice_other_rows[];     /* notice_phrases.c */

struct notice_hit {
    const struct phrase *phrase; /* its meaning is an enum notice_meaning */
    size_t start;                /* in the text, as it stands */
    size_t end;
};

enum {
    NOTICE_TEXT_MAXIMUM = 32 * 1024, /* octets of a text that are looked at */
    NOTICE_HITS_MAXIMUM = 400
};

struct notice {
    const char *text;
    size_t length;           /* that is looked at */
    struct notice_hit *hits; /* in the order of the text */
    size_t hit_count;
    uint32_t meanings; /* bit by enum notice_meaning */
};

/* Looks at the first length octets of text, which lives as long as the notice: lower case, white
 * space as one space. Linear in it. */
void notice_read(struct arena *arena, const char *text, size_t length, struct notice *notice);

bool notice_says(const struct notice *notice, enum notice_meaning meaning);

#endif
