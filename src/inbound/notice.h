/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_NOTICE_H
#define INBOUND_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "locale/mail_phrases.h"

struct arena;

/* Inside inbound/ only: the words of a server, and the phrases that are known in them: NOTICE_LIST
 * to NOTICE_CHALLENGE of locale/mail_phrases.h. */

struct notice_hit {
    const struct phrase *phrase;
    size_t start; /* in the text, as it stands */
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
    uint32_t meanings; /* a bit by meaning, from NOTICE_LIST on */
};

/* Looks at the first length octets of text, which lives as long as the notice: lower case, white
 * space as one space. Linear in it. */
void notice_read(const struct mail_phrases *phrases, struct arena *arena, const char *text,
                 size_t length, struct notice *notice);

bool notice_says(const struct notice *notice, enum phrase_meaning meaning);

#endif
