/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MIME_TREE_H
#define MAIL_MIME_TREE_H

#include <stdbool.h>

struct error;
struct string_builder;

/* Inside mail/ only: a body that is text alone, or text and HTML as alternatives. Both are
 * quoted-printable already. */
struct mime_bodies {
    const char *text;
    const char *html;     /* NULL: none */
    const char *boundary; /* in neither of them */
};

/* Appends MIME-Version, Content-Type and what belongs to it, the empty line and the bodies, as
 * libetpan writes them. The one place where its trees are made. ERROR_SYSTEM where it has no
 * memory.
 */
bool mime_tree_write(struct string_builder *out, const struct mime_bodies *bodies,
                     struct error *error);

#endif
