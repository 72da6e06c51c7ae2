/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_PARTS_H
#define INTAKE_READING_PARTS_H

#include <stdbool.h>

struct arena;
struct body_node;
struct embargo_words;
struct intake_mention;
struct intake_source;
struct packet;
struct release;
struct string_builder;

/* The parts of reading_packet.c. Taking gives what is within bounds in any case; the packet is bad
 * where something was not. */

/* A string, NULL where it is; characters that no reader lets through are mended away: a line has
 * none but single spaces between its words, a text tabs and line ends too. */
const char *reading_take_line(struct packet *packet, struct arena *arena);
const char *reading_take_lines(struct packet *packet, struct arena *arena);

/* Makes the packet bad. */
void reading_refuse(struct packet *packet);

/* The line of a file: 0, or one that the source can have. */
int reading_take_line_number(struct packet *packet, const struct intake_source *source);

/* Which of the source's two names it is, as itself: problems of one file are told by its name's
 * place in memory. */
void reading_put_file(struct string_builder *packet, const struct intake_source *source,
                      const char *file);
const char *reading_take_file(struct packet *packet, const struct intake_source *source);

/* A tree (reading_body.c). One that is too deep or too large, and whose release is refused for it,
 * is put as an empty one. */
void reading_put_body(struct string_builder *packet, const struct body_node *document);
struct body_node *reading_take_body(struct packet *packet, struct arena *arena);

/* All else of a release, and the mentions of its files (reading_release.c). */
void reading_put_release(struct string_builder *packet, const struct intake_source *source,
                         const struct release *release, const struct intake_mention *mentions);
struct release *reading_take_release(struct packet *packet, struct arena *arena,
                                     const struct intake_source *source,
                                     struct intake_mention **mentions);

/* What a text says of its embargo (reading_embargo.c). */
void reading_put_embargo(struct string_builder *packet, const struct embargo_words *words);
void reading_take_embargo(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct embargo_words *words);

#endif
