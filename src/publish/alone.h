/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_ALONE_H
#define PUBLISH_ALONE_H

#include <stddef.h>

struct string_builder;

/* A picture as it is put into HTML that stands alone. All borrowed. */
struct publish_alone_picture {
    const char *url;        /* what the HTML calls it */
    const char *media_type; /* "image/jpeg" */
    const void *bytes;
    size_t length;
    const void *small_bytes; /* taken where there is no room for the others; NULL: none */
    size_t small_length;
    const struct publish_alone_picture *next;
};

/* What makes a page or a mail one that needs nothing else. All borrowed; NULL: none. */
struct publish_alone {
    const char *style; /* style sheet, put into the head */
    size_t style_length;
    const char *banner;   /* HTML put in front of what the body shows */
    const char *own_url;  /* links to what stands below it lead nowhere yet: words alone are left */
    const char *left_out; /* what stands in the place of a picture that there is no room for */
    const struct publish_alone_picture *pictures;
};

/* Appends html, a page or mail of ours, so that whoever opens it asks nobody for anything: pictures
 * become data: addresses; scripts, forms, frames, style sheets elsewhere and whatever else is
 * loaded go, whatever a newsroom's own templates have; links for people stay. Its head says the
 * same to browsers (Content-Security-Policy), and that nobody indexes it. Pictures leave room for
 * text within out's maximum, of which a quarter is theirs never. */
void publish_alone_write(const struct publish_alone *alone, const char *html,
                         struct string_builder *out);

#endif
