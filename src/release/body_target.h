/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_BODY_TARGET_H
#define RELEASE_BODY_TARGET_H

#include <stdbool.h>

struct body_node;
struct body_writer_options;
struct text;

/* What both writers do with the target of a link or an image: appends the address it stands for.
 * False, with nothing appended, where it has none: then the writer leaves the link's words. */
bool body_target_resolve(struct text *text, const struct body_node *node,
                         const struct body_writer_options *options);

/* Appends an address with every byte percent-encoded that may not stand there (RFC 3986 section 2);
 * what is encoded already stays, and the host is left as it is. */
void body_target_append(struct text *text, const char *address);

#endif
