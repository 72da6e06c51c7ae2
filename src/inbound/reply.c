/* SPDX-License-Identifier: MIT */
#include "inbound/reply.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "locale/mail_quote.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { OWN_TEXT_MAXIMUM = 4000, LINE_MAXIMUM = 1000 };

/* Whether marked lines follow an attribution: what follows them in turn may be the answer. *at
 * moves over empty lines. */
static bool is_marked(const struct mail_lines *lines, size_t *at)
{
    while (*at < lines->count && !*lines->lines[*at])
        (*at)++;
    return *at < lines->count && *lines->lines[*at] == '>';
}

/* From at on nothing is the person's own: what has no mark must be shown to be ours. */
static void take_unmarked(const struct mail_lines *lines, size_t at,
                          struct string_builder *unmarked)
{
    for (; at < lines->count; at++)
        if (*lines->lines[at] && *lines->lines[at] != '>')
            string_builder_append_format(unmarked, "%s\n", lines->lines[at]);
}

/* The line at begins what is not the person's own. *behind: the first line that must be shown to be
 * ours. */
static bool ends_own(struct arena *arena, const struct mail_lines *lines, size_t at, size_t *behind)
{
    const char *line = lines->lines[at];
    size_t header = mail_header_length(lines, at);
    *behind = at;
    for (size_t i = at; header && i < at + header; i++)
        if (mail_says_no(arena, lines->words, lines->lines[i]) ||
            (!mail_line_is_field(lines, QUOTATION_FROM, lines->lines[i]) &&
             !mail_line_is_field(lines, QUOTATION_FIELD, lines->lines[i])))
            return true;
    if (header)
        *behind = at + header;
    else if (mail_line_is_separator(lines, line))
        *behind = mail_line_is_made_of(arena, lines, line, QUOTATION_WORD) ? at + 1 : at;
    else if (mail_line_is_signature(line))
        *behind = at + 1;
    else
        return false;
    return true;
}

void reply_read(struct arena *arena, const struct reply_language *known, const char *text,
                struct reply *reply)
{
    struct string_builder own;
    struct string_builder unmarked;
    struct mail_lines lines = mail_lines_split(arena, known->words, known->phrases, text);
    string_builder_init(&own, OWN_TEXT_MAXIMUM);
    string_builder_init(&unmarked, 0);
    for (size_t at = 0; at < lines.count;) {
        const char *line = lines.lines[at];
        size_t behind = at;
        size_t attribution = *line ? mail_attribution_length(arena, &lines, at) : 0;
        if (ends_own(arena, &lines, at, &behind)) {
            take_unmarked(&lines, behind, &unmarked);
            break;
        }
        at += attribution ? attribution : 1;
        if (attribution && !is_marked(&lines, &at)) {
            take_unmarked(&lines, at, &unmarked);
            break;
        }
        if (!attribution && *line && *line != '>' &&
            !mail_line_is_advertisement(arena, &lines, line))
            string_builder_append_format(&own, "%s%.*s", own.length ? "\n" : "", LINE_MAXIMUM,
                                         line);
    }
    *reply = (struct reply){ .own = arena_copy(arena, own.data),
                             .unmarked = arena_copy(arena, unmarked.data) };
    string_builder_release(&own);
    string_builder_release(&unmarked);
}

/* How many lines from at on begin what another message said; 0: none. */
static size_t beginning_length(struct arena *arena, const struct mail_lines *lines, size_t at)
{
    if (!*lines->lines[at])
        return 0;
    if (!mail_line_is_separator(lines, lines->lines[at])) {
        size_t header = mail_header_length(lines, at);
        return header ? header : mail_attribution_length(arena, lines, at);
    }
    size_t next = at + 1;
    while (next < lines->count && !*lines->lines[next])
        next++;
    return next + (next < lines->count ? mail_header_length(lines, next) : 0) - at;
}

/* What one message says: up to where it quotes another one. introduced false: it may begin with the
 * line that says whose it is, as Apple's programs quote that too. */
static void take_said(struct arena *arena, const struct reply_language *known, const char *text,
                      bool introduced, struct string_builder *said)
{
    const struct mail_lines lines = mail_lines_split(arena, known->words, known->phrases, text);
    for (size_t at = 0; at < lines.count;) {
        size_t beginning = beginning_length(arena, &lines, at);
        if (beginning && introduced)
            return;
        introduced = introduced || *lines.lines[at];
        if (!beginning && *lines.lines[at] != '>')
            string_builder_append_format(said, "%s\n", lines.lines[at]);
        at += beginning ? beginning : 1;
    }
}

const char *reply_answered(struct arena *arena, const struct reply_language *known,
                           const char *text)
{
    struct string_builder said;
    struct string_builder marked;
    struct string_builder unmarked;
    const struct mail_lines lines = mail_lines_split(arena, known->words, known->phrases, text);
    bool introduced = false;
    bool is_marked_now = true; /* what is quoted has marks, as far as it is known */
    string_builder_init(&said, 0);
    string_builder_init(&marked, 0);
    string_builder_init(&unmarked, 0);
    for (size_t at = 0; at < lines.count; at++) {
        const char *line = lines.lines[at];
        size_t beginning = is_marked_now ? beginning_length(arena, &lines, at) : 0;
        size_t behind = at + beginning;
        if (beginning) {
            introduced = true;
            is_marked_now = is_marked(&lines, &behind);
            at += beginning - 1;
        } else if (*line != '>') {
            string_builder_append_format(&unmarked, "%s\n", line);
        } else if (is_marked_now) {
            string_builder_append_format(&marked, "%s\n", line + 1);
        }
    }
    take_said(arena, known, marked.data, introduced, &said);
    take_said(arena, known, unmarked.data, true, &said);
    const char *answered = arena_copy(arena, said.data);
    string_builder_release(&said);
    string_builder_release(&marked);
    string_builder_release(&unmarked);
    return answered;
}
