/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MARKDOWN_BUILDER_H
#define INTAKE_MARKDOWN_BUILDER_H

#include <md4c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "intake/html_text.h"
#include "intake/message.h"
#include "release/body.h"

struct intake_reading;

/* How md4c's calls become a body tree: shared by markdown.c (blocks, text) and markdown_span.c. */

/* Deeper nesting is refused, so that no writer recurses far. */
enum { STACK_MAXIMUM = 2 * BODY_DEPTH_MAXIMUM };

/* What md4c's callbacks build. */
struct markdown_builder {
    struct intake_reading *reading;
    const char *text; /* what md4c reads: within reading->text */
    size_t length;
    struct body_node *current;
    struct body_node *stack[STACK_MAXIMUM]; /* current node before each block or span entered */
    int depth;
    size_t nodes;
    int image_depth;         /* within so many pictures: text is alternative text */
    struct text buffer;      /* alternative text, code, or the HTML of a block */
    const char *image_file;  /* NULL: a picture that is left out */
    const char *image_title; /* its caption */
    bool in_html_block;
    struct html_text html; /* tags within a paragraph */
    const char *seen;      /* newest place within text, for lines of problems */
    const char *counted;   /* up to here, lines are counted in line */
    int line;
    bool html_told; /* of HTML in the text */
    bool is_too_large;
};

/* Line of the file that the parser is at. */
int markdown_line(struct markdown_builder *builder);

/* Advice on the present line. */
void markdown_advise(struct markdown_builder *builder, enum intake_message_id id, const char *a);

/* Remembers where we are; the node (NULL: none is made) becomes the current one. Both give what
 * md4c wants of its callbacks: 0 to go on. */
int markdown_enter(struct markdown_builder *builder, struct body_node *node);
int markdown_leave(struct markdown_builder *builder);

/* A node of kind below the current one, or NULL where it may not stand there: it is unwrapped. */
struct body_node *markdown_make(struct markdown_builder *builder, enum body_kind kind);

/* An address or title as one line, its entities as characters; in the release's arena. */
const char *markdown_attribute(struct markdown_builder *builder, const MD_ATTRIBUTE *attribute);

/* md4c's callbacks for spans; payload is the builder. */
int markdown_enter_span(MD_SPANTYPE type, void *detail, void *payload);
int markdown_leave_span(MD_SPANTYPE type, void *detail, void *payload);

#endif
