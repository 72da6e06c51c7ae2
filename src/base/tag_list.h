/* SPDX-License-Identifier: MIT */
#ifndef BASE_TAG_LIST_H
#define BASE_TAG_LIST_H

#include <stdbool.h>

/* "v=DKIM1; k=rsa; …", as DKIM and DMARC write lists (RFC 6376 section 3.2, RFC 9989 section 4.8).
 */
struct tag {
    char *name;  /* both without spaces at their ends */
    char *value; /* "" where there is none */
    bool has_value;
};

/* The next of those between semicolons, cut out of *rest; names may be "". spaces: what counts as
 * such. False at the end, where *rest is NULL. */
bool tag_next(char **rest, const char *spaces, struct tag *tag);

/* text without spaces at its ends, cut in place. */
char *tag_trim(char *text, const char *spaces);

#endif
