/* SPDX-License-Identifier: MIT */
#include "inbound/reply.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "inbound/quotation.h"
#include "locale/mail_phrases.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { OWN_TEXT_MAXIMUM = 4000, LINE_MAXIMUM = 1000, ATTRIBUTION_LINES = 4 };

struct reply_lines {
    char **lines; /* without white space around them; "" for an empty one */
    size_t count;
    const struct language_words *words; /* that say no */
    const struct mail_phrases *phrases;
};

static char *trim(char *line)
{
    while (isspace((unsigned char)*line) || strncmp(line, "\xC2\xA0", 2) == 0)
        line += isspace((unsigned char)*line) ? 1 : 2;
    size_t length = strlen(line);
    while (length && isspace((unsigned char)line[length - 1]))
        line[--length] = '\0';
    return line;
}

static struct reply_lines split(struct arena *arena, const struct reply_language *known,
                                const char *text)
{
    struct reply_lines result = { .count = 1, .words = known->words, .phrases = known->phrases };
    for (const char *c = text; *c; c++)
        result.count += *c == '\n';
    result.lines = arena_allocate_array(arena, result.count, sizeof *result.lines);
    char *rest = arena_copy(arena, text);
    for (size_t i = 0; i < result.count; i++) {
        char *line = strsep(&rest, "\n");
        result.lines[i] = trim(line);
    }
    return result;
}

static bool has_digit(const char *line)
{
    return line[strcspn(line, "0123456789")] != '\0';
}

static bool begins_with_one(const struct reply_lines *lines, enum phrase_meaning meaning,
                            const char *text)
{
    return mail_phrases_begin(lines->phrases, meaning, NULL, text) != NULL;
}

/* Nothing but words that such a line is known to have: whatever else stands in it is somebody's. */
static bool is_made_of(struct arena *arena, const struct reply_lines *lines, const char *line,
                       enum phrase_meaning meaning)
{
    const struct reply_words found = reply_words(arena, line);
    for (size_t i = 0; i < found.count; i++)
        if (!has_digit(found.items[i].text) &&
            !mail_phrases_have(lines->phrases, meaning, found.items[i].text))
            return false;
    return true;
}

/* "Fra:", "*Fra:*", "De :". */
static bool is_field(const struct reply_lines *lines, enum phrase_meaning meaning, const char *line)
{
    const struct phrase *name = NULL;
    line += strspn(line, "*");
    while ((name = mail_phrases_begin(lines->phrases, meaning, name, line)) != NULL) {
        const char *behind = line + name->length;
        behind += strspn(behind, "* ");
        if (strncmp(behind, "\xC2\xA0", 2) == 0)
            behind += 2;
        if (*behind == ':')
            return true;
    }
    return false;
}

/* How many lines from at on are "Fra: …" with "Sendt: …" or the like close behind: where Outlook
 * begins to quote, without marks; 0: none. */
static size_t header_length(const struct reply_lines *lines, size_t at)
{
    size_t length = 0;
    if (!is_field(lines, QUOTATION_FROM, lines->lines[at]))
        return 0;
    for (size_t i = at + 1; i < lines->count && i <= at + ATTRIBUTION_LINES; i++)
        if (is_field(lines, QUOTATION_FIELD, lines->lines[i]))
            length = i + 1 - at;
    return length;
}

/* "-----Original Message-----", "Begin forwarded message:", a long line. */
static bool is_separator(const struct reply_lines *lines, const char *line)
{
    enum { DASHES_LEAST = 5, RULE_LEAST = 20 };

    size_t rule = strspn(line, "_");
    size_t dashes = strspn(line, "-");
    if (dashes >= DASHES_LEAST)
        return begins_with_one(lines, QUOTATION_DASHED, line + dashes + strspn(line + dashes, " "));
    return begins_with_one(lines, QUOTATION_PLAIN, line) ||
           (rule >= RULE_LEAST && line[rule] == '\0');
}

/* Where a program begins "Den 9. juni 2026 kl. 10.12 skrev …": a line of a person's own above it is
 * no part of it. */
static bool begins_attribution(const struct reply_lines *lines, const char *line)
{
    return has_digit(line) &&
           (begins_with_one(lines, QUOTATION_START, line) || isdigit((unsigned char)*line));
}

/* How many lines from at on are one "Den 9. juni 2026 kl. 10.12 skrev Region Nordhav <…>:", which
 * programs wrap as they please; 0: none. */
static size_t attribution_length(struct arena *arena, const struct reply_lines *lines, size_t at)
{
    const char *joined = "";
    for (size_t i = at; i < lines->count && i < at + ATTRIBUTION_LINES; i++) {
        const char *line = lines->lines[i];
        size_t length = strlen(line);
        if (!length || *line == '>')
            return 0;
        if (i > at &&
            (!begins_attribution(lines, lines->lines[at]) || begins_attribution(lines, line)))
            return 0;
        joined = *joined ? arena_format(arena, "%s %s", joined, line) : line;
        if (line[length - 1] != ':')
            continue;
        if (mail_phrases_hold(lines->phrases, QUOTATION_VERB, joined) &&
            (has_digit(joined) || strchr(joined, '@')))
            return reply_says_no(arena, lines->words, joined) ? 0 : i - at + 1;
    }
    return 0;
}

static bool is_signature(const char *line)
{
    return strcmp(line, "--") == 0;
}

/* What telephones and mail programs put below. */
static bool is_advertisement(struct arena *arena, const struct reply_lines *lines, const char *line)
{
    return begins_with_one(lines, DEVICE_START, line) &&
           is_made_of(arena, lines, line, DEVICE_WORD);
}

/* Whether marked lines follow an attribution: what follows them in turn may be the answer. *at
 * moves over empty lines. */
static bool is_marked(const struct reply_lines *lines, size_t *at)
{
    while (*at < lines->count && !*lines->lines[*at])
        (*at)++;
    return *at < lines->count && *lines->lines[*at] == '>';
}

/* From at on nothing is the person's own: what has no mark must be shown to be ours. */
static void take_unmarked(const struct reply_lines *lines, size_t at,
                          struct string_builder *unmarked)
{
    for (; at < lines->count; at++)
        if (*lines->lines[at] && *lines->lines[at] != '>')
            string_builder_append_format(unmarked, "%s\n", lines->lines[at]);
}

/* The line at begins what is not the person's own. *behind: the first line that must be shown to be
 * ours. */
static bool ends_own(struct arena *arena, const struct reply_lines *lines, size_t at,
                     size_t *behind)
{
    const char *line = lines->lines[at];
    size_t header = header_length(lines, at);
    *behind = at;
    for (size_t i = at; header && i < at + header; i++)
        if (reply_says_no(arena, lines->words, lines->lines[i]) ||
            (!is_field(lines, QUOTATION_FROM, lines->lines[i]) &&
             !is_field(lines, QUOTATION_FIELD, lines->lines[i])))
            return true;
    if (header)
        *behind = at + header;
    else if (is_separator(lines, line))
        *behind = is_made_of(arena, lines, line, QUOTATION_WORD) ? at + 1 : at;
    else if (is_signature(line))
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
    struct reply_lines lines = split(arena, known, text);
    string_builder_init(&own, OWN_TEXT_MAXIMUM);
    string_builder_init(&unmarked, 0);
    for (size_t at = 0; at < lines.count;) {
        const char *line = lines.lines[at];
        size_t behind = at;
        size_t attribution = *line ? attribution_length(arena, &lines, at) : 0;
        if (ends_own(arena, &lines, at, &behind)) {
            take_unmarked(&lines, behind, &unmarked);
            break;
        }
        at += attribution ? attribution : 1;
        if (attribution && !is_marked(&lines, &at)) {
            take_unmarked(&lines, at, &unmarked);
            break;
        }
        if (!attribution && *line && *line != '>' && !is_advertisement(arena, &lines, line))
            string_builder_append_format(&own, "%s%.*s", own.length ? "\n" : "", LINE_MAXIMUM,
                                         line);
    }
    *reply = (struct reply){ .own = arena_copy(arena, own.data),
                             .unmarked = arena_copy(arena, unmarked.data) };
    string_builder_release(&own);
    string_builder_release(&unmarked);
}

/* How many lines from at on begin what another message said; 0: none. */
static size_t beginning_length(struct arena *arena, const struct reply_lines *lines, size_t at)
{
    if (!*lines->lines[at])
        return 0;
    if (!is_separator(lines, lines->lines[at])) {
        size_t header = header_length(lines, at);
        return header ? header : attribution_length(arena, lines, at);
    }
    size_t next = at + 1;
    while (next < lines->count && !*lines->lines[next])
        next++;
    return next + (next < lines->count ? header_length(lines, next) : 0) - at;
}

/* What one message says: up to where it quotes another one. introduced false: it may begin with the
 * line that says whose it is, as Apple's programs quote that too. */
static void take_said(struct arena *arena, const struct reply_language *known, const char *text,
                      bool introduced, struct string_builder *said)
{
    const struct reply_lines lines = split(arena, known, text);
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
    const struct reply_lines lines = split(arena, known, text);
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
