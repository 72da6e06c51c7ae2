/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HTML_TEXT_H
#define INTAKE_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_builder;

/* Inside intake/ only: the words of HTML that stands within other text. */

/* What comes out where tags part words. */
enum {
    HTML_TEXT_BLOCK = '\n', /* a paragraph, a heading, an item begins or ends */
    HTML_TEXT_BREAK = '\v'  /* <br>, and the line ends of the source */
};

/* What is left out and has to be reported to whoever wrote the text. */
enum html_text_loss {
    HTML_TEXT_LINK,    /* the address of <a href> */
    HTML_TEXT_PICTURE, /* the address of <img src> */
    HTML_TEXT_HIDDEN,  /* the name of an element that went with all that is in it */
    HTML_TEXT_TAG      /* any other tag than <br>, or a comment */
};

/* The words that a browser would show of HTML that stands within other text: tags are removed, and
 * with <script>, <style> and the like all that is between them, where they end. No markup is ever
 * kept. */
struct html_text {
    /* Called for each loss; what is a string of its own. May be NULL. */
    void (*lose)(void *payload, enum html_text_loss loss, const char *what);
    void *payload;
    const char *rest; /* text behind what is appended, in which an element may end; may be NULL */
    size_t rest_length;
    char hidden[16];   /* name of the element whose content is being left out; "" for none */
    unsigned unclosed; /* elements, by bit, that are known not to end */
};

/* Forgets what was open; lose and payload stay. */
void html_text_reset(struct html_text *html);

/* Appends the text of bytes, which may end within a hidden element and go on in the next call.
 * Entities become characters. */
void html_text_append(struct html_text *html, struct string_builder *text, const char *bytes,
                      size_t length);

bool html_text_is_hidden(const struct html_text *html);

/* Appends the characters of the entity that bytes begin with: "&aring;", "&#229;", "&#xE5;".
 * Returns how many of the bytes it is; 0, and nothing appended, where it is none. */
size_t html_text_append_entity(struct string_builder *text, const char *bytes, size_t length);

/* The same for its first character alone. */
size_t html_text_entity(const char *bytes, size_t length, uint32_t *character);

#endif
