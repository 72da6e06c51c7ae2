/* SPDX-License-Identifier: MIT */
#include "intake/bare_header.h"

#include "base/arena.h"
#include "intake/encoding.h"
#include "intake/header_reader.h"
#include "intake/header_value.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"

#include <string.h>

enum line_kind {
    LINE_END,     /* empty, or a "---" */
    LINE_FIELD,   /* a field of a release */
    LINE_UNKNOWN, /* looks like a field, but is none of ours */
    LINE_DEEPER,  /* indented: continues the line above */
    LINE_OTHER
};

static size_t line_length(const char *line)
{
    return strcspn(line, "\n");
}

bool bare_header_is_mark(const char *line)
{
    /* Word processors turn two hyphens into a dash and three into a longer one; people also draw
     * a line with what they know one from. */
    static const struct {
        const char *dash;
        int hyphens;
    } dashes[] = { { "-", 1 },      { "\u2013", 2 }, { "\u2014", 3 }, { "\u2015", 3 },
                   { "\u2500", 3 }, { "*", 1 },      { "_", 1 },      { "=", 1 } };

    size_t length = line_length(line);
    int hyphens = 0;
    length -= header_space_behind(line, length);
    for (size_t at = 0, size = 1; at < length; at += size) {
        size = 0;
        for (size_t i = 0; i < sizeof dashes / sizeof dashes[0] && size == 0; i++) {
            if (strncmp(line + at, dashes[i].dash, strlen(dashes[i].dash)) == 0) {
                size = strlen(dashes[i].dash);
                hyphens += dashes[i].hyphens;
            }
        }
        if (size == 0)
            return false;
    }
    return hyphens >= 3;
}

/* margin: how many bytes of white space stand before the header's first line. */
static enum line_kind kind_of(struct intake_reading *reading, const char *bytes, size_t margin,
                              struct header_written_key *key)
{
    const struct header_reader reader = { .reading = reading };
    size_t length = line_length(bytes);
    size_t space = header_space_before(bytes, length);
    struct header_line line = { .text = bytes + space, .length = length - space };
    line.length -= header_space_behind(line.text, line.length);
    if (line.length == 0 || bare_header_is_mark(bytes) ||
        (line.length == 3 && memcmp(line.text, "...", 3) == 0))
        return LINE_END;
    if (space > margin || header_item_mark(&line) || header_is_comment(&line))
        return LINE_DEEPER;
    if (!header_split_key(&reader, header_key_names(NULL), &line, key))
        return LINE_OTHER;
    return key->key.name ? LINE_FIELD : LINE_UNKNOWN;
}

static bool is_named(const struct header_written_key *key, const char *name)
{
    return key->key.name && strcmp(key->key.name, name) == 0;
}

/* Lines that can only be a field, because nobody begins a sentence so: "Titel: …", "Status:
 * kladde", "Sprog: engelsk", "Mail: nej". */
static bool is_certain(struct intake_reading *reading, const struct header_written_key *key)
{
    static const struct {
        const char *name;
        enum word_group group;
    } values[] = { { "status", WORD_GROUP_STATUS },
                   { "language", WORD_GROUP_LANGUAGE },
                   { "mail", WORD_GROUP_ANSWER },
                   { "changes", WORD_GROUP_ANSWER } };

    if (is_named(key, "title"))
        return true;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (is_named(key, values[i].name) &&
            language_words_find(
                reading->words, values[i].group, reading->language,
                unicode_fold(reading->arena,
                             encoding_one_line(reading->arena, key->value, key->value_length)),
                false))
            return true;
    return false;
}

/* Below an empty line the header goes on only with a field that no text begins with, because any
 * other line may be the text. */
static const char *next_part(struct intake_reading *reading, const char *line)
{
    struct header_written_key key;
    line += strspn(line, " \t\n");
    if (kind_of(reading, line, 0, &key) != LINE_FIELD)
        return NULL;
    return is_certain(reading, &key) || is_named(&key, "lead") || is_named(&key, "embargo") ? line
                                                                                            : NULL;
}

enum bare_header bare_header_find(struct intake_reading *reading, const char *start, size_t *length,
                                  int *broken_line, const char **broken)
{
    struct header_written_key key;
    bool certain = false;
    const char *line = start;
    size_t margin = header_space_before(start, line_length(start));
    *broken = NULL;
    if (kind_of(reading, line, margin, &key) != LINE_FIELD)
        return BARE_HEADER_NONE;
    for (int number = 0; number <= HEADER_LINES_MAXIMUM; number++) {
        enum line_kind kind = kind_of(reading, line, margin, &key);
        size_t size = line_length(line);
        if (kind == LINE_END) {
            bool is_empty = header_space_before(line, size) == size;
            const char *next = is_empty ? next_part(reading, line) : NULL;
            if (!next)
                break;
            for (; line < next; line++)
                number += *line == '\n';
            number--;
            continue;
        }
        certain = certain || (kind == LINE_FIELD && is_certain(reading, &key));
        if (kind == LINE_OTHER && !*broken) {
            *broken = arena_copy_bytes(reading->arena, line, size);
            *broken_line = number;
        }
        line += size + (line[size] == '\n');
        if (!*line)
            break;
    }
    *length = (size_t)(line - start);
    if (!certain)
        return BARE_HEADER_NONE;
    return *broken ? BARE_HEADER_BROKEN : BARE_HEADER_FOUND;
}

bool bare_header_follows(struct intake_reading *reading, const char *body)
{
    struct header_written_key key;
    bool has_mark = false;
    for (; *body; body += line_length(body), body += *body == '\n') {
        if (bare_header_is_mark(body))
            has_mark = true;
        else if (kind_of(reading, body, 0, &key) != LINE_END)
            break;
    }
    if (kind_of(reading, body, 0, &key) != LINE_FIELD)
        return false;
    /* A text may begin with a section of contacts, pictures or documents, so these alone prove no
     * header. */
    bool is_section = is_named(&key, "contacts") || is_named(&key, "images") ||
                      is_named(&key, "documents");
    if (has_mark)
        return !is_section;
    return is_certain(reading, &key) &&
           !(is_named(&key, "title") && (reading->fields & INTAKE_FIELD_TITLE));
}
