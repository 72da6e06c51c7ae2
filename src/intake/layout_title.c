/* SPDX-License-Identifier: MIT */
/* The title of a text and what stands above it, and its lead. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/left_out.h"
#include "intake/publisher_name.h"
#include "intake/reader.h"
#include "intake/title.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <stdint.h>
#include <string.h>

/* Limits: blocks among which a title is looked for; columns of a title without a style of its own;
 * columns of a line that a sentence may have above it; columns from which a bold paragraph is a
 * lead, whatever its end; bytes and words of a place before a date. */
enum {
    BLOCKS_ABOVE = 12,
    TITLE_COLUMNS = 160,
    ABOVE_COLUMNS = 80,
    LEAD_COLUMNS = 80,
    PLACE_MAXIMUM = 40,
    PLACE_WORDS = 3
};

static struct text_line *line_of(const struct layout *layout, size_t index)
{
    return &layout->lines.lines[layout->blocks[index].first];
}

static enum text_role *role_of(const struct layout *layout, size_t index)
{
    return &layout->sections.roles[layout->blocks[index].first];
}

/* Whether the block is a paragraph, and all of it is text. */
static bool is_prose(const struct layout *layout, size_t index)
{
    const struct layout_block *block = &layout->blocks[index];
    if (block->node->kind != BODY_PARAGRAPH || block->count == 0)
        return false;
    for (size_t i = 0; i < block->count; i++)
        if (role_of(layout, index)[i] != TEXT_ROLE_TEXT)
            return false;
    return true;
}

static void set_role(const struct layout *layout, size_t index, enum text_role role)
{
    for (size_t i = 0; i < layout->blocks[index].count; i++)
        role_of(layout, index)[i] = role;
}

static const char *words_of(const struct layout *layout, size_t index)
{
    return body_plain_text(layout->reading->arena, layout->blocks[index].node);
}

/* ---- a place and a date ---- */

static bool is_name(const char *words, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        size_t offset = i;
        uint32_t c;
        if (words[i] == ' ' || (i > 0 && words[i - 1] != ' '))
            continue;
        if (++count > PLACE_WORDS || !utf8_next(words, length, &offset, &c) || !unicode_is_upper(c))
            return false;
    }
    return count > 0;
}

static bool is_date(const struct intake_reading *reading, const char *words)
{
    struct written_date date;
    written_date_read(reading->words, reading->language, reading->arena, words, &date);
    return date.has_day && !words[date.length + strspn(words + date.length, " .,:")];
}

/* "Lillesund, den 10. juni 2026": a line that says where and when a text was written, and nothing
 * else. */
static bool is_place_and_date(const struct intake_reading *reading, const char *line)
{
    size_t length = strcspn(line, ",");
    if (!line[length] || length > PLACE_MAXIMUM || !is_name(line, length))
        return false;
    const char *when = line + length + 1 + strspn(line + length + 1, " ");
    const char *behind = when + strcspn(when, " ");
    return is_date(reading, when) || (*behind && is_date(reading, behind + 1));
}

/* ---- what stands above ---- */

static enum title_line kind_of(const struct layout *layout, size_t index, const char **type)
{
    const struct intake_reading *reading = layout->reading;
    const char *line = line_of(layout, index)->text;
    enum title_line kind = title_line_of(reading, line, type);
    bool is_ours = reading->publisher && strlen(line) <= ABOVE_COLUMNS &&
                   publisher_name_is_near(reading->arena, line, reading->publisher);
    if (kind != TITLE_LINE_OTHER)
        return kind;
    return is_place_and_date(reading, line) ? TITLE_LINE_DATE
           : is_ours                        ? TITLE_LINE_NOTICE
                                            : TITLE_LINE_OTHER;
}

/* Words for editors above, or right below, the title; an embargo stays for who looks for it. */
static void take_line(const struct layout *layout, size_t index)
{
    struct intake_reading *reading = layout->reading;
    const char *type;
    enum title_line kind = kind_of(layout, index, &type);
    if (kind == TITLE_LINE_OTHER || layout->blocks[index].count > 1)
        return;
    if (kind != TITLE_LINE_EMBARGO)
        set_role(layout, index, TEXT_ROLE_FURNITURE);
    if (type && !(reading->fields & INTAKE_FIELD_TYPE))
        reading->release->type = arena_copy(reading->arena, type);
}

/* ---- which block it is ---- */

/* Whether a paragraph of a text stands there, above which no title stands any more. */
static bool is_body(const struct layout *layout, size_t index)
{
    const struct text_line *line = line_of(layout, index);
    return line->columns > ABOVE_COLUMNS && text_line_is_closed(line->text);
}

static bool may_be_title(const struct layout *layout, size_t index)
{
    const char *type;
    return is_prose(layout, index) && layout->blocks[index].count == 1 &&
           line_of(layout, index)->columns <= TITLE_COLUMNS &&
           kind_of(layout, index, &type) == TITLE_LINE_OTHER;
}

/* Whether the block is a title by that sign. */
static bool has_sign(const struct layout *layout, size_t index, unsigned mark, int outline)
{
    const struct layout_block *block = &layout->blocks[index];
    if (outline && block->outline == outline)
        return is_prose(layout, index);
    if (!(block->marks & mark))
        return false;
    if (mark == RICH_TEXT_TITLE)
        return is_prose(layout, index);
    return may_be_title(layout, index) &&
           (mark != RICH_TEXT_BOLD || !text_line_is_closed(line_of(layout, index)->text));
}

/* The first block with the sign, no paragraph of the text above it; count: none. */
static size_t find_sign(const struct layout *layout, unsigned mark, int outline)
{
    for (size_t i = 0; i < layout->count && i < BLOCKS_ABOVE; i++) {
        if (has_sign(layout, i, mark, outline))
            return i;
        if (layout->blocks[i].count && mark != RICH_TEXT_TITLE && is_body(layout, i))
            break;
    }
    return layout->count;
}

/* The first paragraph that can be one. */
static size_t find_first(const struct layout *layout)
{
    const char *type;
    for (size_t i = 0; i < layout->count; i++)
        if (is_prose(layout, i) && kind_of(layout, i, &type) == TITLE_LINE_OTHER)
            return i;
    return layout->count;
}

/* A first block that repeats the title of a field, or a page: pages show the title themselves. */
static size_t find_repeated(const struct layout *layout)
{
    const char *title = layout->reading->release->title;
    for (size_t i = 0; title && i < layout->count && i < BLOCKS_ABOVE; i++)
        if (is_prose(layout, i) && strcmp(words_of(layout, i), title) == 0)
            return i;
    return layout->count;
}

static size_t find_title(struct layout *layout)
{
    static const struct {
        unsigned mark;
        int outline;
    } signs[] = { { RICH_TEXT_TITLE, 0 }, { 0, 1 }, { RICH_TEXT_LARGE, 0 }, { RICH_TEXT_BOLD, 0 } };

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t found = find_sign(layout, signs[i].mark, signs[i].outline);
        if (found < layout->count)
            return found;
    }
    layout_page_title_take(layout);
    return layout->reading->release->title ? find_repeated(layout) : find_first(layout);
}

/* ---- taking it ---- */

void layout_title_take(struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    bool has_field = reading->fields & INTAKE_FIELD_TITLE;
    size_t title = has_field ? find_repeated(layout) : find_title(layout);
    layout->title = title;
    for (size_t i = 0; i < title && i < BLOCKS_ABOVE && i < layout->count; i++)
        if (is_prose(layout, i))
            take_line(layout, i);
        else if (title == layout->count)
            break;
    if (title == layout->count)
        return;
    if (reading->release->title)
        left_out_as_mark(reading, words_of(layout, title), strlen(words_of(layout, title)));
    else
        reading->release->title = words_of(layout, title);
    set_role(layout, title, TEXT_ROLE_TITLE);
}

/* ---- the lead ---- */

/* Whether nothing but words stands in the node: no link or picture would be lost with it. */
static bool is_plain(const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (child->kind == BODY_LINK || child->kind == BODY_IMAGE || child->kind == BODY_CODE ||
            !is_plain(child))
            return false;
    return true;
}

static bool is_lead(const struct layout *layout, size_t index)
{
    const struct layout_block *block = &layout->blocks[index];
    const struct text_line *line = line_of(layout, index);
    if (block->outline || !is_plain(block->node))
        return false;
    return (block->marks & RICH_TEXT_SUBTITLE) ||
           ((block->marks & RICH_TEXT_BOLD) &&
            (block->count > 1 || line->columns > LEAD_COLUMNS || text_line_is_closed(line->text)));
}

/* The first paragraph of text below the title, in bold or in the style of a subtitle. Dates and
 * words for editors may stand between. */
void layout_lead_take(struct layout *layout)
{
    struct release *release = layout->reading->release;
    size_t first = layout->title < layout->count ? layout->title + 1 : 0;
    for (size_t i = first; i < layout->count && i < first + BLOCKS_ABOVE; i++) {
        const char *type;
        const struct layout_block *block = &layout->blocks[i];
        if (block->count == 0 || *role_of(layout, i) == TEXT_ROLE_FURNITURE ||
            *role_of(layout, i) == TEXT_ROLE_HEADING)
            continue;
        if (!is_prose(layout, i))
            return;
        if (kind_of(layout, i, &type) != TITLE_LINE_OTHER) {
            take_line(layout, i);
            continue;
        }
        if (is_lead(layout, i) && !(layout->reading->fields & INTAKE_FIELD_LEAD)) {
            release->lead = words_of(layout, i);
            set_role(layout, i, TEXT_ROLE_TITLE);
        }
        return;
    }
}
