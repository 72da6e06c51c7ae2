/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_TEXT_LETTERS_H
#define TESTS_FUZZ_TEXT_LETTERS_H

#include "base/arena.h"
#include "intake/bare_header.h"
#include "intake/encoding.h"
#include "intake/left_out.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "release/body.h"
#include "release/release.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Letters in = letters out, for texts without a format: what a release made of one holds, and what
 * its reader told to have left out or knows to stand for something else, is all that came in. */

static inline size_t text_letters_of(const char *string)
{
    return string ? left_out_count(string, strlen(string)) : 0;
}

static inline size_t text_letters_of_number(int number)
{
    char digits[16];
    return (size_t)snprintf(digits, sizeof digits, "%d", number);
}

static inline size_t text_letters_of_body(const struct body_node *node)
{
    size_t count = node->kind == BODY_TEXT ? text_letters_of(node->text) : 0;
    int number = node->start_offset;
    for (const struct body_node *child = node->first_child; child; child = child->next) {
        count += text_letters_of_body(child);
        if (node->kind == BODY_LIST && node->is_ordered)
            count += text_letters_of_number(++number);
    }
    return count;
}

static inline size_t text_letters_of_release(const struct release *release)
{
    size_t count = text_letters_of(release->title) + text_letters_of_body(release->body);
    for (const struct release_contact *contact = release->contacts; contact;
         contact = contact->next)
        count += text_letters_of(contact->name) + text_letters_of(contact->title) +
                 text_letters_of(contact->phone) + text_letters_of(contact->email);
    for (const struct release_asset *asset = release->assets; asset; asset = asset->next)
        count += text_letters_of(asset->file) + text_letters_of(asset->title) +
                 text_letters_of(asset->caption);
    return count;
}

/* Whether they add up for a release made of these bytes alone, without fields. True for what is no
 * text. */
static inline bool text_letters_add_up(const char *bytes, size_t length,
                                       const struct release *release,
                                       const struct intake_problem_list *problems)
{
    struct arena arena = { 0 };
    struct intake_problem_list ignored;
    const char *text;
    size_t in = 0;
    size_t out = text_letters_of_release(release) + problems->letters_left_out;
    intake_problem_list_init(&ignored, &arena, "x.txt");
    if (encoding_decode(&arena, bytes, length, &ignored, &text, &length))
        in = left_out_count(text, length);
    else
        in = out;
    arena_release(&arena);
    if (in != out)
        (void)fprintf(stderr, "letters: %zu in, %zu out, %zu of them told or marks\n", in, out,
                      problems->letters_left_out);
    return in == out;
}

/* Whether fields stand above the text, with or without "---": their names are in no release. */
static inline bool text_letters_has_fields(struct language_words *words, const char *bytes,
                                           size_t length)
{
    struct arena arena = { 0 };
    struct intake_problem_list ignored;
    const char *text;
    const char *broken;
    int line;
    intake_problem_list_init(&ignored, &arena, "x.txt");
    bool found = encoding_decode(&arena, bytes, length, &ignored, &text, &length);
    if (found) {
        struct intake_reading reading = { .arena = &arena, .words = words, .language = "da" };
        text += strspn(text, " \t\n");
        found = bare_header_is_mark(text) ||
                bare_header_find(&reading, text, &length, &line, &broken) != BARE_HEADER_NONE;
    }
    arena_release(&arena);
    return found;
}

#endif
