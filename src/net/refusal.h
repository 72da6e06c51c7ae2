/* SPDX-License-Identifier: MIT */
#ifndef NET_REFUSAL_H
#define NET_REFUSAL_H

#include <stdbool.h>

/* What a server's final no means, said to our face or in a bounce. Whether it is about the
 * recipient's address itself, so that trying again helps nobody (RFC 3463 sections 3.2 and 3.3):
 * 5.1.x, but 7 and 8 the sender's; 5.2.1, a mailbox that takes nothing; and where the code says
 * nothing, words that mean the same. enhanced: "5.1.1", "" for none. */
bool refusal_blames_address(const char *enhanced, const char *text);

#endif
