/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_STYLE_NAME_H
#define RICH_TEXT_DOCX_STYLE_NAME_H

#include "rich_text/docx_style.h"

/* Inside rich_text/ only: what a style is for by its name or id, as Word has them in English,
 * Danish, Swedish, Norwegian and German, in any case, spaces or none ("heading 1", "Overskrift1").
 * *level gets that of a heading. NULL is none. */
enum docx_role docx_style_role(const char *name, int *level);

#endif
