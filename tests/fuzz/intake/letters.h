/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_LETTERS_H
#define TESTS_FUZZ_LETTERS_H

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/entity.h"
#include "intake/problem.h"
#include "locale/unicode.h"
#include "release/body.h"
#include "release/release.h"
#include "unit/notes.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Holds I6. */
/* Letters in = letters out: what a reader makes of a text has every letter and digit of it, markup
 * aside, and what it told to have left out. Counted; and where nothing was told and the text has no
 * markup that holds letters, in the same order. */

enum { LETTERS_PLAIN = 0x3000, LETTERS_OTHERS = 4096, LETTERS_PROBLEM_LENGTH = 180 };

struct letters {
    uint32_t counts[LETTERS_PLAIN + LETTERS_OTHERS]; /* digits are counted as one */
    struct string_builder sequence;                  /* letters alone, in their order */
};

static inline void letters_add_character(struct letters *letters, uint32_t c)
{
    if (!unicode_is_alphanumeric(c))
        return;
    bool is_digit = c < 0x80 && isdigit((int)c);
    letters->counts[is_digit ? '0' : c < LETTERS_PLAIN ? c : LETTERS_PLAIN + c % LETTERS_OTHERS]++;
    if (!is_digit)
        utf8_append(&letters->sequence, c);
}

static inline void letters_add(struct letters *letters, const char *string)
{
    size_t length = string ? strlen(string) : 0;
    size_t offset = 0;
    uint32_t c;
    while (offset < length && utf8_next(string, length, &offset, &c))
        letters_add_character(letters, c);
}

static inline bool letters_are_equal(struct body_node *link, struct arena *arena)
{
    const char *target = strstr(link->target, ":") ? strstr(link->target, ":") + 1 : link->target;
    const char *words = body_plain_text(arena, link);
    return strcmp(words, link->target) == 0 || strcmp(words, target) == 0 ||
           (strncmp(target, "//", 2) == 0 && strcmp(words, target + 2) == 0);
}

/* has_targets: the text may say a link's address beside its words, though they are equal. */
static inline void letters_add_body(struct letters *letters, struct arena *arena,
                                    struct body_node *node, bool has_targets)
{
    int number = node->start_offset;
    if (node->kind == BODY_TEXT || node->kind == BODY_CODE || node->kind == BODY_IMAGE)
        letters_add(letters, node->text);
    for (struct body_node *child = node->first_child; child; child = child->next) {
        char digits[16];
        (void)snprintf(digits, sizeof digits, "%d", ++number);
        if (node->kind == BODY_LIST && node->is_ordered)
            letters_add(letters, digits);
        letters_add_body(letters, arena, child, has_targets);
    }
    if (node->target &&
        (node->kind == BODY_IMAGE || has_targets || !letters_are_equal(node, arena)))
        letters_add(letters, node->target);
}

static inline void letters_add_shown(struct letters *letters, const struct body_node *node)
{
    if (node->kind == BODY_TEXT || node->kind == BODY_CODE || node->kind == BODY_IMAGE)
        letters_add(letters, node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        letters_add_shown(letters, child);
}

/* ---- Markdown's markup that holds letters ---- */

/* How much of the bytes is an HTML tag or comment. */
static inline size_t letters_tag(const char *bytes, size_t length)
{
    const char *end = NULL;
    char quote = '\0';
    if (length < 3 || bytes[0] != '<' ||
        !(isalpha((unsigned char)bytes[1]) || strchr("/!?", bytes[1])))
        return 0;
    if (length > 4 && memcmp(bytes, "<!--", 4) == 0) {
        end = memmem(bytes, length, "-->", 3);
        return end ? (size_t)(end - bytes) + 3 : 0;
    }
    for (size_t i = 0; i < length && !end; i++) {
        if (quote ? bytes[i] == quote : bytes[i] == '"' || bytes[i] == '\'')
            quote = quote ? '\0' : bytes[i];
        else if (!quote && bytes[i] == '>')
            end = bytes + i;
    }
    if (!end)
        end = memchr(bytes, '>', length);
    return end ? (size_t)(end - bytes) + 1 : 0;
}

/* How much of them is a label: "[^label]", "][label]" or "[label]:", from its "[". */
static inline size_t letters_label(const char *bytes, size_t length, char before)
{
    size_t end = 1;
    if (bytes[0] != '[')
        return 0;
    while (end < length && bytes[end] != ']')
        end += bytes[end] == '\\' ? 2 : 1;
    if (end >= length || memmem(bytes, end, "\n<", 2)) /* HTML begins within: no label */
        return 0;
    bool is_label = before == ']' || bytes[1] == '^' || (end + 1 < length && bytes[end + 1] == ':');
    return is_label ? end + 1 : 0;
}

static inline bool letters_is_told(const struct intake_problem_list *problems, int line)
{
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        if (problem->line == line)
            return true;
    return false;
}

/* The letters of Markdown, but for lines of which something is told. */
static inline void letters_add_markdown(struct letters *letters, const char *bytes, size_t length,
                                        const struct intake_problem_list *problems, int line)
{
    bool is_reported = letters_is_told(problems, line);
    bool has_code = memchr(bytes, '`', length) || memmem(bytes, length, "~~~", 3) ||
                    memmem(bytes, length, "\\&", 2) ||
                    memchr(bytes, '<', length); /* where entities stay as they are */
    for (size_t i = 0; i < length;) {
        uint32_t c = 0;
        size_t skipped = letters_tag(bytes + i, length - i);
        if (!skipped)
            skipped = letters_label(bytes + i, length - i, i > 0 ? bytes[i - 1] : '\0');
        if (!skipped && bytes[i] == '%' && i + 2 < length &&
            isxdigit((unsigned char)bytes[i + 1]) && isxdigit((unsigned char)bytes[i + 2]))
            skipped = 3;
        if (!skipped && bytes[i] == '#' && i > 2 &&
            (memcmp(bytes + i - 2, "](", 2) == 0 || memcmp(bytes + i - 3, "](<", 3) == 0 ||
             memcmp(bytes + i - 2, "]:", 2) == 0 || memcmp(bytes + i - 3, "]: ", 3) == 0))
            while (i + skipped < length && !strchr(" )>\n", bytes[i + skipped]))
                skipped++; /* names a heading, which is there */
        if (skipped) {
            for (size_t end = i + skipped; i < end; i++)
                if (bytes[i] == '\n')
                    is_reported = letters_is_told(problems, ++line);
            continue;
        }
        size_t taken = entity_character(bytes + i, length - i, &c);
        size_t offset = i;
        if (has_code && !taken && bytes[i] == '&') { /* HTML knows some without their end */
            while (++i < length && isalnum((unsigned char)bytes[i]))
                ;
            continue;
        }
        if (!taken && !utf8_next(bytes, length, &offset, &c))
            offset = i + 1;
        i = taken ? i + taken : offset;
        if (c == '\n' && !taken)
            is_reported = letters_is_told(problems, ++line);
        else if (!is_reported && !(taken && has_code))
            letters_add_character(letters, c);
    }
}

/* ---- the comparison ---- */

/* Too much is told to follow it letter by letter, or the same of several places, which is told
 * once. */
static inline bool letters_are_told_at_length(const struct intake_problem_list *problems)
{
    size_t told = problems->refused + problems->warnings + problems->notices + problems->advice;
    struct arena arena = { 0 };
    bool is_long = false;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        const char *text = problem_text(&arena, "en", problem);
        is_long = is_long || strlen(text) > LETTERS_PROBLEM_LENGTH || strstr(text, "</");
        told -= told > 0;
    }
    arena_release(&arena);
    return is_long || told > 0 || problems->kept >= INTAKE_PROBLEM_MAXIMUM;
}

static inline void letters_fail(const struct letters *in, const struct letters *out, size_t which)
{
    (void)fprintf(stderr, "letters: U+%04zX: %u in, %u out\nin:  %s\nout: %s\n", which,
                  in->counts[which], out->counts[which], in->sequence.data ? in->sequence.data : "",
                  out->sequence.data ? out->sequence.data : "");
    abort();
}

static inline const char *letters_file_address(void *payload, const char *file)
{
    (void)payload;
    return file;
}

/* What the writers of pages and mails make of a tree has all its letters too: characters, code and
 * alternative texts. */
static inline void letters_check_writers(const struct release *release)
{
    struct body_writer_options options = { .file_address = letters_file_address };
    struct arena arena = { 0 };
    struct letters *tree = arena_allocate(&arena, sizeof *tree);
    struct letters *html_letters = arena_allocate(&arena, sizeof *html_letters);
    struct letters *text_letters = arena_allocate(&arena, sizeof *text_letters);
    struct string_builder html;
    struct string_builder text;
    string_builder_init(&html, 0);
    string_builder_init(&text, 0);
    string_builder_init(&tree->sequence, 0);
    string_builder_init(&html_letters->sequence, 0);
    string_builder_init(&text_letters->sequence, 0);
    body_write_html(&html, release->body, &options);
    body_write_text(&text, release->body, &options, 72);
    letters_add(html_letters, html.data);
    letters_add(text_letters, text.data);
    letters_add_shown(tree, release->body);
    for (size_t i = 0; i < LETTERS_PLAIN + LETTERS_OTHERS; i++) {
        if (tree->counts[i] > html_letters->counts[i])
            letters_fail(tree, html_letters, i);
        if (tree->counts[i] > text_letters->counts[i])
            letters_fail(tree, text_letters, i);
    }
    string_builder_release(&tree->sequence);
    string_builder_release(&html_letters->sequence);
    string_builder_release(&text_letters->sequence);
    string_builder_release(&html);
    string_builder_release(&text);
    arena_release(&arena);
}

/* Ends the program where the release lacks letters of the Markdown body (decoded, without its front
 * matter) that begins at that line of its file. */
static inline void letters_check_markdown(const char *bytes, size_t length, int first_line,
                                          const struct release *release,
                                          const struct intake_problem_list *problems)
{
    if (letters_are_told_at_length(problems))
        return;
    struct arena arena = { 0 };
    struct letters *in = arena_allocate(&arena, sizeof *in);
    struct letters *out = arena_allocate(&arena, sizeof *out);
    string_builder_init(&in->sequence, 0);
    string_builder_init(&out->sequence, 0);
    letters_add_markdown(in, bytes, length, problems, first_line);
    letters_add_body(out, &arena, release->body,
                     memmem(bytes, length, "](", 2) || memmem(bytes, length, "]:", 2));
    bool has_markup = memmem(bytes, length, release->title, strlen(release->title)) != NULL;
    for (size_t i = 0; i < length; i++)
        has_markup = has_markup || strchr("[]<&%", bytes[i]);
    if (!has_markup && !problems->first && in->sequence.length &&
        (!out->sequence.length || strcmp(in->sequence.data, out->sequence.data) != 0))
        letters_fail(in, out, 0);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        letters_add(out, problem_text(&arena, "en", problem));
    if (memmem(bytes, length, release->title, strlen(release->title)))
        letters_add(out, release->title); /* a heading that repeats it is not shown twice */
    for (size_t i = 0; i < LETTERS_PLAIN + LETTERS_OTHERS; i++)
        if (in->counts[i] > out->counts[i])
            letters_fail(in, out, i);
    string_builder_release(&in->sequence);
    string_builder_release(&out->sequence);
    arena_release(&arena);
}

#endif
