/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_HTML_H
#define PUBLISH_HTML_H

struct text;

/* Appends string with & < > " escaped: as element content and in double-quoted attributes, of HTML
 * and XML. */
void html_append(struct text *text, const char *string);

/* The same between "<NAME>" and "</NAME>"; nothing for NULL. */
void html_append_element(struct text *text, const char *name, const char *string);

#endif
