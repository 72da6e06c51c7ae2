/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_VALUE_H
#define INTAKE_READING_VALUE_H

#include <stdbool.h>

struct arena;
struct intake_source;
struct packet;
struct string_builder;

/* Inside intake/ only: the single values that the parts of a packet are made of. Reading always
 * gives what is within bounds; the packet is marked bad where something was not. */

/* A string, or NULL. Reading one removes characters that no reader lets through: a line has none
 * but single spaces between its words, a text tabs and line ends too. */
const char *reading_take_line(struct packet *packet, struct arena *arena);
const char *reading_take_lines(struct packet *packet, struct arena *arena);

/* Marks the packet bad. */
void reading_refuse(struct packet *packet);

/* The line of a file: 0, or one that the source can have. */
int reading_take_line_number(struct packet *packet, const struct intake_source *source);

/* Which of the source's two names file is, and reads it back as that pointer: problems of one file
 * are recognised by the address of its name. */
void reading_put_file(struct string_builder *packet, const struct intake_source *source,
                      const char *file);
const char *reading_take_file(struct packet *packet, const struct intake_source *source);

#endif
