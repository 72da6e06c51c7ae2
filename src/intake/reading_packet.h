/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_PACKET_H
#define INTAKE_READING_PACKET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct intake_problem_list;
struct intake_source;
struct intake_text;
struct string_builder;

/* Inside intake/ only: a text on its way to the process that reads it, and what was read of it on
 * its way back (confined/packet.h). */

/* Writes of a source only what differs from file to file; of its zone, words, locale, language and
 * publisher whether it has them, because the reading process has its own. */
void reading_put_source(struct string_builder *packet, const struct intake_source *source);

/* What reading_put_source() put: borrowed from bytes, and made in arena, but for the phrases, which
 * the caller frees. zone, words, locale,
 * language and publisher stay where they were asked for, else they become NULL. has_embargo: source
 * wants its words, to be judged later. False: it is none. */
bool reading_take_source(const void *bytes, size_t length, struct arena *arena,
                         struct intake_source *source, bool *has_embargo);

/* What intake_read_source() gave, and the words of its embargo where those were asked for. The list
 * kept what its messages are made of. */
void reading_put_text(struct string_builder *packet, const struct intake_source *source,
                      const struct intake_text *text, const struct intake_problem_list *problems);

/* Reads back what reading_put_text() wrote, made in arena; problems, an empty list, gets what was
 * reported, in messages of our own. Trusts nothing: what no reader may say of any file gives
 * false, and text and problems are to be thrown away. So a reader that was taken over can at worst
 * report a text that another file could have held: strings have only characters that a text may
 * hold, names those that a release may have, targets of links those that pages allow, lines are
 * lines of this file, and nothing is deeper, longer or more than a release may be. */
bool reading_take_text(const void *bytes, size_t length, struct arena *arena,
                       const struct intake_source *source, struct intake_text *text,
                       struct intake_problem_list *problems);

#endif
