/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_LINE_H
#define INTAKE_MARKDOWN_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct string_builder;

/* Inside intake/ only: what the beginning of a Markdown line tells, before the parser sees it:
 * for markdown_source.c. */

/* "[label]:" */
struct markdown_label {
    size_t start; /* behind "[" */
    size_t length;
    size_t behind; /* what follows the colon and white space */
    bool is_footnote;
    bool has_address; /* an address stands there, not words: "[1]: https://…", but not "[OBS]: husk"
                       */
};

bool markdown_line_is_blank(const char *line, size_t length);

/* Whether the line defines an address or a footnote, if need be in a quote or a list. */
bool markdown_line_defines(const char *line, size_t length, struct markdown_label *label);

/* Whether it begins a heading, list, quote, table, code or HTML: then it goes on with no paragraph.
 */
bool markdown_line_begins_block(const char *line, size_t length);

/* Appends indentation and "- " for a line that begins with a bullet, "• ", as text programs write
 * them. Returns how much of the line that stands for: 0 where it begins with none. */
size_t markdown_line_append_bullet(struct string_builder *text, const char *line, size_t length);

/* The fenced code block that the lines so far have opened; all zeros: none. */
struct markdown_fence {
    char mark;     /* '`' or '~'; NUL: none is open */
    size_t length; /* of the marks */
    bool in_quote;
    bool in_item;
};

/* Whether the next line stands in a fenced code block or is its fence. */
bool markdown_fence_next(struct markdown_fence *fence, const char *line, size_t length);

#endif
