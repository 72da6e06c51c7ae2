/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_HTML_PAGE_H
#define RICH_TEXT_HTML_PAGE_H

#include <stddef.h>

#include "rich_text/rich_text.h"

/* Inside rich_text/ only: reads a page, in UTF-8, as it was saved from Word, a browser or a CMS, or
 * as a mail has it, into a text that is empty yet, or sets its fault.
 *
 * Pictures: data addresses are taken apart; relative addresses are files beside the text
 * ("page-filer/image001.jpg"), "cid:NAME" is the file NAME; all others are findings. */
void html_page_read(struct arena *arena, const struct html_reader *html, const char *bytes,
                    size_t length, struct rich_text *text);

/* Before the process is confined. */
void html_page_start(void);

#endif
