/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_BARE_ADDRESS_H
#define INTAKE_BARE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct body_node;

/* Inside intake/ only: addresses that stand in a text without any mark: "https://…", "http://…",
 * "www.…" and e-mail addresses. One rule for every format. An address ends before white space,
 * quotes, brackets that it did not open itself, "…", dashes that are no hyphen, and the marks
 * that end a sentence or an emphasis. All that is here takes time in proportion to the text. */

/* Appends a text to parent, its addresses as links: words as they stand; target with "https://"
 * before "www." and "mailto:" before an e-mail address. Not for what stands in a link or in code.
 */
void bare_address_append(struct arena *arena, struct body_node *parent, const char *bytes,
                         size_t length);

/* Length of the web address that begins at start ("http…" or "www."); 0 where there is none. With
 * is_markdown a backslash before punctuation and entities count as the character they stand for.
 */
size_t bare_address_web_length(const char *bytes, size_t length, size_t start, bool is_markdown);

#endif
