/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_TEXT_FILE_H
#define PUBLISH_TEXT_FILE_H

#include <stdbool.h>

struct error;
struct presentation;
struct site;
struct string_builder;

/* Inside publish/ only: a release as plain text in its own language, for who copies it, reads it
 * aloud or has no browser. Says all that its page says; lines as in a mail. An output of
 * release_output.h. */
bool text_applies(const struct presentation *shown);
bool text_write(struct site *site, const struct presentation *shown, struct string_builder *text,
                struct error *error);

#endif
