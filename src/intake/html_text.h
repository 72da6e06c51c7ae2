/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HTML_TEXT_H
#define INTAKE_HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text;

/* What a reader would see of HTML that stands within other text: tags go, and with <script>,
 * <style> and the like all that is between them. No markup is ever kept. */
struct html_text {
    char hidden[16]; /* name of the element whose content is being left out; "" for none */
};

void html_text_init(struct html_text *html);

/* Appends the text of bytes, which may end within a hidden element and go on in the next call.
 * Entities become characters; a tag of a block becomes a line end. */
void html_text_append(struct html_text *html, struct text *text, const char *bytes, size_t length);

bool html_text_is_hidden(const struct html_text *html);

/* How many of the bytes are an entity, "&aring;", and the character it stands for; 0 for none. */
size_t html_text_entity(const char *bytes, size_t length, uint32_t *character);

/* Appends the character of "&aring;", "&#229;" or "&#xE5;"; what is no such entity as it stands. */
void html_text_append_entity(struct text *text, const char *bytes, size_t length);

#endif
