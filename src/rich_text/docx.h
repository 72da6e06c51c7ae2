/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_DOCX_H
#define RICH_TEXT_DOCX_H

struct arena;
struct package;
struct rich_text;

/* Inside rich_text/ only: Word documents (Office Open XML, ECMA-376), strict and transitional, as
 * they read once all tracked changes are accepted. */
void docx_read(struct arena *arena, struct package *package, struct rich_text *text);

#endif
