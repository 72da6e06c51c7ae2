/* SPDX-License-Identifier: MIT */
#ifndef BASE_HTML_H
#define BASE_HTML_H

struct string_builder;

/* Appends string with & < > " escaped and without what XML forbids: as element content and in
 * double-quoted attributes, of HTML and XML. A carriage return becomes a space or a line break. */
void html_append(struct string_builder *text, const char *string);

/* The same between "<NAME>" and "</NAME>"; nothing for NULL. */
void html_append_element(struct string_builder *text, const char *name, const char *string);

#endif
