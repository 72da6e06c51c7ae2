/* SPDX-License-Identifier: MIT */
#ifndef NET_ENHANCED_STATUS_H
#define NET_ENHANCED_STATUS_H

#include <stddef.h>

/* Enhanced status codes (RFC 3463 section 2): "5.1.1". */

enum { ENHANCED_STATUS_SIZE = 12 /* octets of one as text: "5.999.999" */ };

/* class 0: none. */
struct enhanced_status {
    int class; /* 2, 4, 5 */
    int subject;
    int detail;
};

/* The code that bytes begin with: how long it is; 0 for none. What goes on with a letter or a
 * number is none: an address of a network, or a version. */
size_t enhanced_status_begins(const char *bytes, size_t length, struct enhanced_status *status);

/* The next 4.x.x or 5.x.x standing alone in words; 2.x.x are versions there. NULL: none. */
const char *enhanced_status_find(const char *text, struct enhanced_status *status, size_t *length);

/* As text; "" for none. */
void enhanced_status_write(const struct enhanced_status *status, char text[ENHANCED_STATUS_SIZE]);

#endif
