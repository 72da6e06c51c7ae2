/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_ODT_H
#define RICH_TEXT_ODT_H

struct arena;
struct package;
struct rich_text;

/* Inside rich_text/ only: texts of OpenDocument (ISO/IEC 26300), as LibreOffice, Word and others
 * write them: as they read once all tracked changes are accepted. */
void odt_read(struct arena *arena, struct package *package, struct rich_text *text);

#endif
