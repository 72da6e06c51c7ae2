/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_TEXT_FILE_H
#define PUBLISH_TEXT_FILE_H

struct presentation;
struct string_builder;

/* Inside publish/ only: a release as plain text in its own language, for who copies it, reads it
 * aloud or has no browser. Says all that its page says; lines as in a mail. */
void text_file_write(const struct presentation *shown, struct string_builder *text);

#endif
