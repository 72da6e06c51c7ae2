/* SPDX-License-Identifier: MIT */
/* Fields in lines at the top of a text ("Titel: …"), as above a text without a format, and the
 * text's words as lines, in which an embargo is looked for. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"
#include "intake/front_matter.h"
#include "intake/header_reader.h"
#include "intake/reader.h"

#include <string.h>

/* A line of the text as front_matter_read() gets it. */
struct place {
    size_t offset;
    size_t block;
    size_t within; /* how many lines of its block stand above it */
};

struct lines {
    struct layout *layout;
    struct string_builder text;
    struct place *places;
    size_t count;
    size_t capacity;
    size_t block;
    size_t within;
    bool is_open; /* the last field has its values in the lines below */
};

/* Bytes of a line below a field that is one of its values, and of a word that is a field's name
 * with a slip in it. */
enum { VALUE_MAXIMUM = 120, NAME_MAXIMUM = 30 };

/* ---- lines as a header has them ---- */

/* Whether it is a field, also one whose name has a slip in it. */
static bool is_field_line(const struct lines *lines, const char *line,
                          struct header_written_key *key)
{
    const struct header_reader reader = { .reading = lines->layout->reading };
    struct header_line of = { .text = line, .length = strlen(line) };
    if (!header_split_key(&reader, header_key_names(NULL), &of, key))
        return false;
    return key->key.name ||
           (strlen(key->written) <= NAME_MAXIMUM &&
            header_key_nearest(lines->layout->reading, header_key_names(NULL), key->written, NULL));
}

/* What a line is among those of a header. */
enum line_kind {
    LINE_FIELD,
    LINE_ITEM,    /* of a list */
    LINE_GOES_ON, /* with the line above */
    LINE_MARK,    /* "---" */
    LINE_TEXT
};

/* Below the first line of its paragraph one that is no field goes on with it; so does what stands
 * below a name of several values. */
static enum line_kind kind_of(struct lines *lines, const char *line)
{
    struct header_written_key key;
    bool is_value = lines->is_open && strlen(line) <= VALUE_MAXIMUM;
    if (lines->layout->blocks[lines->block].node->kind == BODY_LIST)
        return LINE_ITEM;
    if (is_field_line(lines, line, &key)) {
        lines->is_open = key.value_length == 0 && key.key.name &&
                         header_key_is_nested(key.key.name);
        return LINE_FIELD;
    }
    if (lines->within > 0 || is_value)
        return LINE_GOES_ON;
    lines->is_open = false;
    return strcmp(line, "---") == 0 ? LINE_MARK : LINE_TEXT;
}

/* A paragraph that is no field begins the text: there is an empty line above it, whether somebody
 * left one or not. */
static void add_line(void *payload, const char *line)
{
    static const char *const margins[] = { [LINE_FIELD] = "",
                                           [LINE_ITEM] = "  - ",
                                           [LINE_GOES_ON] = "  ",
                                           [LINE_MARK] = "",
                                           [LINE_TEXT] = "" };
    struct lines *lines = payload;
    enum line_kind kind = kind_of(lines, line);
    if (lines->count && kind == LINE_TEXT)
        string_builder_append_character(&lines->text, '\n');
    ARRAY_GROW_IN(lines->layout->reading->arena, lines->places, lines->count, lines->capacity);
    lines->places[lines->count++] = (struct place){ lines->text.length, lines->block,
                                                    lines->within++ };
    string_builder_append_format(&lines->text, "%s%s\n", margins[kind], line);
}

static void add_blocks(struct lines *lines)
{
    const struct layout *layout = lines->layout;
    for (size_t i = 0; i < layout->count; i++) {
        lines->block = i;
        lines->within = 0;
        if (layout->blocks[i].node->kind != BODY_RULE)
            layout_each_line(layout, layout->blocks[i].node, false, add_line, lines);
        else if (lines->count)
            add_line(lines, "---");
    }
}

/* ---- taking them out ---- */

/* Takes the first lines off a paragraph; false: they are not its own. */
static bool cut_lines(struct body_node *node, size_t count)
{
    while (count && node->first_child) {
        struct body_node *first = node->first_child;
        count -= first->kind == BODY_BREAK;
        layout_node_unlink(first);
    }
    while (node->first_child && node->first_child->kind == BODY_BREAK)
        layout_node_unlink(node->first_child);
    return count == 0 && node->first_child;
}

/* Removes all that stands above the place. */
static bool remove_above(struct layout *layout, const struct place *place)
{
    for (size_t i = 0; i < place->block; i++)
        layout_remove_block(layout, 0);
    return place->within == 0 || cut_lines(layout->blocks[0].node, place->within);
}

static bool remove_header(struct lines *lines, size_t offset)
{
    struct layout *layout = lines->layout;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->places[i].offset >= offset)
            return remove_above(layout, &lines->places[i]);
    while (layout->count)
        layout_remove_block(layout, 0);
    return true;
}

/* ---- the text's words ---- */

static void add_words(void *payload, const char *line)
{
    string_builder_append_format(payload, "%s\n", line);
}

static void set_text(struct layout *layout, const char *header, size_t length)
{
    struct intake_reading *reading = layout->reading;
    struct string_builder text;
    string_builder_init(&text, 0);
    string_builder_append_bytes(&text, header, length);
    for (size_t i = 0; i < layout->count; i++)
        layout_each_line(layout, layout->blocks[i].node, true, add_words, &text);
    reading->text = arena_copy_bytes(reading->arena, text.length ? text.data : "", text.length);
    reading->length = text.length;
    reading->content = length ? reading->text + length : NULL;
    reading->content_line = 1;
    string_builder_release(&text);
}

bool layout_header_take(struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    struct lines lines = { .layout = layout };
    const char *body;
    int line;
    string_builder_init(&lines.text, 0);
    add_blocks(&lines);
    reading->text = arena_copy_bytes(reading->arena, lines.text.length ? lines.text.data : "",
                                     lines.text.length);
    string_builder_release(&lines.text);
    if (!front_matter_read(reading, &body, &line))
        return false;
    size_t length = (size_t)(body - reading->text);
    bool is_whole = length == 0 || remove_header(&lines, length);
    if (!is_whole) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_FIELDS_BROKEN,
                           arena_copy_bytes(reading->arena, body, strcspn(body, "\n")), NULL);
        reading->fields_unread = true;
        return false;
    }
    set_text(layout, reading->text, length);
    return true;
}
