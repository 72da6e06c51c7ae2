/* SPDX-License-Identifier: MIT */
#ifndef NET_REFUSAL_PHRASE_H
#define NET_REFUSAL_PHRASE_H

#include "locale/mail_phrases.h"

#include <stdint.h>

/* Inside net/ only: the words of servers that refuse, PHRASE_GREYLISTED … of locale/mail_phrases.h;
 * refusal.c decides what they mean. A phrase goes with the meaning that it has in a refusal:
 * "access denied" alone says nothing, as it stands in texts about unknown addresses too. */

/* The meanings found in a text, a bit (1 << meaning) each. Addresses and host names in it say
 * nothing, unless they are those of a block list. Reads the first 4,000 bytes or so. */
uint32_t refusal_phrases_find(const struct mail_phrases *phrases, const char *text);

#endif
