/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_SYMBOL_H
#define RICH_TEXT_DOCX_SYMBOL_H

#include <stdint.h>

#include "rich_text/docx_style.h"

/* Inside rich_text/ only: characters of fonts that hold none of Unicode: of Symbol letters and
 * marks, of Wingdings bullets, ticks, arrows. code: 0x20 … 0xFF, or the same above 0xF000. 0: it
 * means nothing in words. */
uint32_t docx_symbol(enum docx_font font, uint32_t code);

enum docx_font docx_font_named(const char *name);

#endif
