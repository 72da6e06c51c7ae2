/* SPDX-License-Identifier: MIT */
#ifndef BASE_HTML_H
#define BASE_HTML_H

struct text;

/* Appends string with & < > " escaped and without what XML forbids: as element content and in
 * double-quoted attributes, of HTML and XML. A carriage return becomes a space or a line break. */
void html_append(struct text *text, const char *string);

/* The same between "<NAME>" and "</NAME>"; nothing for NULL. */
void html_append_element(struct text *text, const char *name, const char *string);

#endif
