/* SPDX-License-Identifier: MIT */
#ifndef HTML_BOUND_H
#define HTML_BOUND_H

#include "html/html.h"

/* Inside html/ only: what the parser may be given of a document. */
struct bounded {
    const char *bytes; /* those that were given, or a copy in arena: the "<" of a tag or comment
                          that does not end is a word there, since it would swallow all behind it */
    size_t length;
    size_t read; /* how many of the given bytes they are */
    enum html_bound bound;
    const char *first; /* the name of its first start tag, first_length long; NULL: there is none */
    size_t first_length;
};

/* Reads tags and their nesting as a browser does, but for what scripts and drawings have of their
 * own: there it can be led astray, and then the number of tags, which is counted whatever they
 * stand in, still bounds what the parser can take. */
void bound_find(struct arena *arena, const char *bytes, size_t length, struct bounded *bounded);

/* The end of the tag or comment that begins at bytes, behind its ">"; NULL where none does or ends.
 * attributes: gets how many it has; may be NULL. */
const char *bound_tag_end(const char *bytes, const char *end, size_t *attributes);

/* How many of the bytes behind "<" or "</" are the tag's name. */
size_t bound_name_length(const char *bytes, const char *end);

#endif
