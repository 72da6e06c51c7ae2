/* SPDX-License-Identifier: MIT */
#ifndef NET_REFUSAL_PHRASE_H
#define NET_REFUSAL_PHRASE_H

#include <stdint.h>

/* Inside net/ only: the words of servers that refuse, as data; refusal.c decides what they mean. */
enum refusal_phrase_meaning {
    PHRASE_GREYLISTED,
    PHRASE_MAILBOX_RATE, /* that one person gets more than his server lets in */
    PHRASE_RATE,
    PHRASE_QUOTA, /* a day's, ours */
    PHRASE_CONNECTIONS,
    PHRASE_SESSION, /* with the next: how many of these it takes */
    PHRASE_MESSAGES,
    PHRASE_FULL,
    PHRASE_SENDER,
    PHRASE_RELAYING,
    PHRASE_SPAM,
    PHRASE_BLOCKLIST,
    PHRASE_AUTHENTICATION,
    PHRASE_REVERSE_NAME,
    PHRASE_POLICY,
    PHRASE_SIZE,
    PHRASE_CONTENT,
    PHRASE_UNKNOWN_ADDRESS,
    PHRASE_NO_DOMAIN,
    PHRASE_DISABLED,
    PHRASE_TIMEOUT,
    PHRASE_LOOKUP_LATER, /* a name server did not answer: the domain may well exist */
    PHRASE_LOOP,
    PHRASE_ACCESS_DENIED,
    PHRASE_ADDRESS_REJECTED,
    PHRASE_MEANING_COUNT
};

/* By meaning: phrases in lower case with one space between words, apostrophes left out, three bytes
 * at the least, parted by bars; one that ends with an asterisk is met by every longer word too. No
 * phrase has two meanings. */
extern const char *const refusal_phrases[PHRASE_MEANING_COUNT];

/* The meanings found in a text, a bit (1 << meaning) each. Addresses and host names in it say
 * nothing, unless they are those of a block list. Reads the first 4,000 bytes or so. */
uint32_t refusal_phrases_find(const char *text);

#endif
