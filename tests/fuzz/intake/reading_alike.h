/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_READING_ALIKE_H
#define TESTS_FUZZ_READING_ALIKE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "intake/embargo.h"
#include "intake/embargo_phrase.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "intake/reading_packet.h"
#include "release/release.h"
#include "unit/notes.h"

#include <stdio.h>
#include <string.h>

/* What is read of a text in this process, and what comes of it over the way of a confined one. */

static inline void alike_describe_embargo(struct string_builder *text,
                                          const struct embargo_words *words)
{
    string_builder_append_format(text, "embargo %d %d\n", words->has_field, words->is_none);
    for (const struct embargo_phrase *phrase = words->phrases; phrase; phrase = phrase->next) {
        const struct written_date *date = &phrase->date;
        string_builder_append_format(text, "%s|%d %d %d %d %d|", phrase->quote, phrase->alone_in,
                                     phrase->has_limit, phrase->is_release, phrase->is_left_out,
                                     phrase->line);
        string_builder_append_format(
            text, "%zu %d%d%d%d %lld-%d-%d %d:%d:%d %d %d%d%d%d%d %d %d %d %s\n", date->length,
            date->has_day, date->has_year, date->has_short_year, date->has_time,
            (long long)date->year, date->month, date->day, date->hour, date->minute, date->second,
            date->weekday, date->is_swappable, date->is_half_day, date->is_midnight,
            date->has_second, date->is_impossible, date->zone, date->offset_minutes,
            date->summer_offset_minutes, date->zone_place ? date->zone_place : "");
    }
}

/* All that anybody may ask of it, as text. */
static inline void alike_describe(struct string_builder *text, struct arena *arena,
                                  const struct intake_source *source,
                                  const struct intake_text *read,
                                  const struct intake_problem_list *problems)
{
    struct error error;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        string_builder_append_format(
            text, "%d %d %d %s\n%s\n", problem->severity, problem->file == source->name,
            problem->line, problem_text(arena, "en", problem), problem_text(arena, "da", problem));
    string_builder_append_format(text, "%zu %zu %zu %zu %zu %zu %zu\n", problems->kept,
                                 problems->kept_decisive, problems->refused, problems->warnings,
                                 problems->notices, problems->advice, problems->letters_left_out);
    for (const struct intake_mention *mention = read->mentions; mention; mention = mention->next)
        string_builder_append_format(text, "mention %s %s %d %d\n", mention->asset, mention->file,
                                     mention->line, mention->is_optional);
    if (source->embargo)
        alike_describe_embargo(text, source->embargo);
    if (problems->refused == 0 && !release_write_document(text, read->release, &error))
        string_builder_append_format(text, "no document: %s\n", error.message);
}

/* Whether both ways give the same; tells on standard error what they give where they do not.
 * source: without words of its embargo, which are asked for here. */
static inline bool alike_both_ways(const struct intake_source *given)
{
    struct arena arena = { 0 };
    struct string_builder packet;
    struct string_builder here;
    struct string_builder there;
    struct embargo_words words = { .phrases = NULL };
    struct intake_source source = *given;
    struct intake_source sent = *given;
    struct intake_problem_list problems;
    struct intake_text read = { .release = NULL };
    bool has_embargo;
    string_builder_init(&packet, 0);
    string_builder_init(&here, 0);
    string_builder_init(&there, 0);
    source.embargo = &words;

    reading_put_source(&packet, &source);
    bool done = reading_take_source(packet.data, packet.length, &arena, &sent, &has_embargo);
    sent.embargo = has_embargo ? &words : NULL;
    intake_problem_list_init(&problems, &arena, sent.name);
    struct string_builder reply;
    string_builder_init(&reply, 0);
    if (done) {
        intake_read_source(&arena, &sent, &read, &problems);
        reading_put_text(&reply, &sent, &read, &problems);
    }

    intake_problem_list_init(&problems, &arena, source.name);
    intake_read_source(&arena, &source, &read, &problems);
    alike_describe(&here, &arena, &source, &read, &problems);

    intake_problem_list_init(&problems, &arena, source.name);
    done = done && reading_take_text(reply.data, reply.length, &arena, &source, &read, &problems);
    if (done)
        alike_describe(&there, &arena, &source, &read, &problems);
    bool are_alike = done && here.length == there.length &&
                     memcmp(here.data, there.data, here.length) == 0;
    if (!are_alike)
        (void)fprintf(stderr, "here:\n%s\nthere:%s\n%s\n", here.data, done ? "" : " refused",
                      there.length ? there.data : "");
    string_builder_release(&packet);
    string_builder_release(&reply);
    string_builder_release(&here);
    string_builder_release(&there);
    arena_release(&arena);
    return are_alike;
}

#endif
