/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_PARTS_H
#define INTAKE_READING_PARTS_H

#include <stdbool.h>

struct arena;
struct body_node;
struct embargo_words;
struct intake_source;
struct intake_text;
struct mail_phrases;
struct packet;
struct string_builder;

/* Inside intake/ only: the parts of reading_packet.c, each with the function that writes it and the
 * one that reads it back. Reading always gives what is within bounds; the packet is marked bad
 * where something was not. */

/* How mail programs quote; NULL is NULL. Taken ones the caller frees (reading_phrases.c). */
void reading_put_phrases(struct string_builder *packet, const struct mail_phrases *phrases);
struct mail_phrases *reading_take_phrases(struct packet *packet, struct arena *arena);

/* A tree (reading_body.c). One that is too deep or too large, and whose release is refused for it,
 * is put as an empty one. */
void reading_put_body(struct string_builder *packet, const struct body_node *document);
struct body_node *reading_take_body(struct packet *packet, struct arena *arena);

/* All else of a release, the mentions of its files and the parts that are such files
 * (reading_release.c). */
void reading_put_release(struct string_builder *packet, const struct intake_source *source,
                         const struct intake_text *text);
void reading_take_release(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct intake_text *text);

/* What a text says of its embargo (reading_embargo.c). */
void reading_put_embargo(struct string_builder *packet, const struct embargo_words *words);
void reading_take_embargo(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct embargo_words *words);

#endif
