/* SPDX-License-Identifier: MIT */
/* A line's key, and the entry that it makes. */
#include "intake/header_reader.h"

#include "base/arena.h"
#include "intake/header_value.h"
#include "intake/reader.h"

#include <string.h>

enum { STRANGERS_MAXIMUM = 50 };

bool header_split_key(const struct header_reader *reader, const char *const *names,
                      const struct header_line *line, struct header_written_key *result)
{
    enum { KEY_MAXIMUM = 80 };
    const struct intake_reading *reading = reader->reading;
    for (size_t at = 0; at < line->length && at < KEY_MAXIMUM; at++) {
        if (line->text[at] != ':')
            continue;
        const char *value = line->text + at + 1;
        size_t length = line->length - at - 1;
        size_t space = header_space_before(value, length);
        size_t key_length = at - header_space_behind(line->text, at);
        const char *text = NULL;
        if (key_length &&
            header_unquote(reading->arena, line->text, key_length, true, &text) == HEADER_PLAIN)
            text = arena_copy_bytes(reading->arena, line->text, key_length);
        if (!text)
            return false;
        bool is_first = !memchr(line->text, ':', at);
        result->key = (struct header_key){ 0 };
        if (is_first || space > 0 || length == 0)
            result->key = header_key_find(reading, names, text, names == header_key_names(NULL));
        if (length && space == 0 && !result->key.name)
            continue;
        result->written = text;
        result->value = value + space;
        result->value_length = length - space;
        return true;
    }
    return false;
}

bool header_begins_field(const struct header_reader *reader, const char *const *names,
                         const struct header_line *line)
{
    struct header_written_key key;
    if (!names || (line->length && strchr("[{", line->text[0])) ||
        !header_split_key(reader, names, line, &key))
        return false;
    return key.key.name || key.key.is_ignored ||
           (!strchr(key.written, ' ') &&
            header_key_nearest(reader->reading, names, key.written, NULL));
}

static void add_stranger(struct header_reader *reader, const char *const *names,
                         const char *written, const struct header_key *key, int line)
{
    if (reader->unknown_key_count++ >= STRANGERS_MAXIMUM)
        return;
    struct header_unknown_key **place = &reader->unknown_keys;
    while (*place)
        place = &(*place)->next;
    *place = arena_allocate(reader->reading->arena, sizeof **place);
    **place = (struct header_unknown_key){
        .written = written, .line = line, .names = names, .key = *key
    };
}

struct header_node *header_append(struct header_reader *reader, struct header_node *parent,
                                  int line)
{
    struct header_node *node = arena_allocate(reader->reading->arena, sizeof *node);
    node->line = line;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

struct header_node *header_entry(struct header_reader *reader, struct header_node *mapping,
                                 const char *const *names, const char *written, int line)
{
    struct header_key key = header_key_find(reader->reading, names, written,
                                            names == header_key_names(NULL));
    if (key.is_ignored)
        return NULL;
    if (!key.name || key.is_other) {
        add_stranger(reader, names, written, &key, line);
        return NULL;
    }
    for (const struct header_node *entry = mapping->first; entry; entry = entry->next)
        if (strcmp(entry->key, key.name) == 0) {
            if (entry->key_line > 0)
                header_refuse(reader, line, INTAKE_MESSAGE_KEY_TWICE, written, entry->written,
                              arena_format(reader->reading->arena, "%d", entry->key_line));
            else /* in a table */
                header_refuse(reader, line, INTAKE_MESSAGE_KEY_TWICE_HERE, written, entry->written,
                              NULL);
            return NULL;
        }
    struct header_node *node = header_append(reader, mapping, line);
    node->key = key.name;
    node->written = written;
    node->key_line = line;
    return node;
}

/* ---- keys that are no fields ---- */

void header_refuse_keyless(struct header_reader *reader, const char *const *names,
                           const struct header_line *line)
{
    struct arena *arena = reader->reading->arena;
    const char *text = arena_copy_bytes(arena, line->text, line->length);
    size_t length = strcspn(text, " \t;=");
    const char *word = arena_copy_bytes(arena, text, length);
    const char *rest = text + length + strspn(text + length, " \t;=");
    if (!*rest || !header_key_find(reader->reading, names, word, false).name) {
        header_refuse_line(reader, line);
        return;
    }
    reader->reading->fields_unread = true;
    header_refuse(reader, line->number, INTAKE_MESSAGE_COLON_MISSING, text, word, rest);
}

/* The field above which the key stands within, had its line been indented: word processors lose
 * the spaces before a line. NULL: none. */
static const struct header_node *outer_of(const struct header_reader *reader,
                                          const struct header_unknown_key *unknown,
                                          const struct header_node *root)
{
    const struct header_node *outer = NULL;
    if (unknown->names != header_key_names(NULL))
        return NULL;
    for (const struct header_node *entry = root->first; entry; entry = entry->next) {
        const char *const *names = header_key_names(entry->key);
        if (names && entry->key_line < unknown->line &&
            header_key_find(reader->reading, names, unknown->written, false).name)
            outer = entry;
    }
    return outer;
}

static void report_unknown_key(struct header_reader *reader,
                               const struct header_unknown_key *unknown, const char *language)
{
    struct intake_reading *reading = reader->reading;
    if (unknown->key.is_other) {
        header_refuse(reader, unknown->line, INTAKE_MESSAGE_KEY_OTHER, unknown->written,
                      header_key_ours(reading, unknown->key.name, language), NULL);
        return;
    }
    const char *near = header_key_nearest(reading, unknown->names, unknown->written, language);
    header_refuse(reader, unknown->line,
                  near ? INTAKE_MESSAGE_KEY_NEAR : INTAKE_MESSAGE_KEY_UNKNOWN, unknown->written,
                  near, NULL);
}

/* Whether a key above had the list of possible keys shown behind it. */
static bool was_listed(const struct header_reader *reader, const struct header_unknown_key *unknown,
                       const struct header_node *root)
{
    const struct header_unknown_key *above = reader->unknown_keys;
    while (above != unknown && (above->names != unknown->names || outer_of(reader, above, root)))
        above = above->next;
    return above != unknown;
}

void header_report_unknown_keys(struct header_reader *reader, const struct header_node *root)
{
    const char *written[64];
    size_t count = 0;
    if (!reader->unknown_keys)
        return;
    for (const struct header_node *entry = root->first; entry && count < 64; entry = entry->next)
        written[count++] = entry->written;
    const char *language = header_key_language(reader->reading, written, count);
    for (const struct header_unknown_key *unknown = reader->unknown_keys; unknown;
         unknown = unknown->next) {
        const struct header_node *outer = outer_of(reader, unknown, root);
        if (outer) {
            header_refuse(reader, unknown->line, INTAKE_MESSAGE_KEY_INNER, unknown->written,
                          outer->written, NULL);
            continue;
        }
        report_unknown_key(reader, unknown, language);
        if (!was_listed(reader, unknown, root))
            header_refuse(reader, unknown->line, INTAKE_MESSAGE_KEYS_ARE, NULL,
                          header_key_list(reader->reading, unknown->names, language), NULL);
    }
}
