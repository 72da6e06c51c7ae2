/* SPDX-License-Identifier: MIT */
#ifndef QUEUE_INDETERMINATE_H
#define QUEUE_INDETERMINATE_H

#include "queue/queue.h"

/* Inside queue/ and digest/ only: which indeterminate rows may be sent again (unless mail.unknown
 * holds them), in the very words of the partial indexes that find them (schema.c). */

#define INDETERMINATE_DIGITS(number) INDETERMINATE_DIGITS_OF(number)
#define INDETERMINATE_DIGITS_OF(number) #number

#define TRANSACTIONAL_MAY_GO_AGAIN                                                                 \
    "state = @QUEUE_UNKNOWN@ AND indeterminate_count < " INDETERMINATE_DIGITS(                     \
        QUEUE_INDETERMINATE_MAXIMUM)
#define DELIVERY_MAY_GO_AGAIN TRANSACTIONAL_MAY_GO_AGAIN " AND is_cancelled = 0"

/* Whether that subscriber was sent a later mail about the same release, a correction or withdrawal:
 * it holds all that the indeterminate row would bring. */
#define IS_OVERTAKEN(announcement, subscriber)                                                     \
    "EXISTS (SELECT 1 FROM announcement own JOIN announcement later"                               \
    " ON later.release_number = own.release_number"                                                \
    " AND later.kind IN (@QUEUE_CORRECTION@, @QUEUE_WITHDRAWAL@)"                                  \
    " JOIN delivery told ON told.announcement = later.number AND told.subscriber = " subscriber    \
    " AND told.state = @QUEUE_SENT@ WHERE own.number = " announcement " AND later.number"          \
    " > own.number)"

/* Announcements of which something may still leave. */
#define OPEN_ANNOUNCEMENTS                                                                         \
    "(SELECT m.announcement FROM mailing m WHERE m.state IN (@QUEUE_MAILING_OPEN@)"                \
    " UNION SELECT u.announcement FROM delivery u WHERE " DELIVERY_MAY_GO_AGAIN ")"

/* Set aside: for a person to look at. */
#define IS_SET_ASIDE                                                                               \
    "state = @QUEUE_UNKNOWN@"                                                                      \
    " AND indeterminate_count >= " INDETERMINATE_DIGITS(QUEUE_INDETERMINATE_MAXIMUM)

#endif
