/* SPDX-License-Identifier: MIT */
#include "intake/embargo_body.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "intake/embargo_phrase.h"
#include "intake/embargo_removal.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "release/body.h"
#include "release/release.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many lines at the beginning and how many blocks at the end are searched. Among the last
 * TAIL_BLOCKS, the paragraph above a section's heading or a standard line for editors is searched
 * too. */
enum { FIRST_LINES = 3, LAST_BLOCKS = 3, TAIL_BLOCKS = 40 };

struct blocks {
    struct body_node **nodes; /* that hold words, in their order */
    size_t count;
    size_t capacity;
};

/* ---- blocks ---- */

static bool holds_words(const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (!body_kind_is_block(child->kind))
            return true;
    return node->kind == BODY_PREFORMATTED && node->text;
}

static void collect(struct arena *arena, struct blocks *blocks, struct body_node *node, int depth)
{
    if (depth > BODY_DEPTH_MAXIMUM)
        return;
    if (holds_words(node)) {
        ARRAY_GROW_IN(arena, blocks->nodes, blocks->count, blocks->capacity);
        blocks->nodes[blocks->count++] = node;
    }
    for (struct body_node *child = node->first_child; child; child = child->next)
        if (body_kind_is_block(child->kind))
            collect(arena, blocks, child, depth + 1);
}

/* The words of a block, its bold runs marked, a line feed for each line break. */
static void append_words(struct string_builder *text, const struct body_node *node, int depth)
{
    bool is_bold = node->kind == BODY_STRONG || node->kind == BODY_EMPHASIS;
    if (depth > BODY_DEPTH_MAXIMUM || node->kind == BODY_IMAGE)
        return;
    if (node->kind == BODY_BREAK)
        string_builder_append_character(text, '\n');
    if (is_bold)
        string_builder_append(text, EMBARGO_BOLD_BEGINS);
    if (node->text)
        string_builder_append(text, node->text);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (!body_kind_is_block(child->kind))
            append_words(text, child, depth + 1);
    if (is_bold)
        string_builder_append(text, EMBARGO_BOLD_ENDS);
}

static const char *words_of(struct arena *arena, const struct body_node *node)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    append_words(&text, node, 0);
    const char *words = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return words;
}

/* ---- removing what was found ---- */

static void unlink_node(struct body_node *node)
{
    struct body_node *parent = node->parent;
    struct body_node *before = NULL;
    for (struct body_node *child = parent->first_child; child != node; child = child->next)
        before = child;
    if (before)
        before->next = node->next;
    else
        parent->first_child = node->next;
    if (parent->last_child == node)
        parent->last_child = before;
}

/* Removes a block and every block that holds nothing but it. A cell of a table stays, empty, so
 * that the table keeps its columns. */
static void remove_block(struct body_node *block)
{
    while (block->parent && block->kind != BODY_DOCUMENT) {
        struct body_node *parent = block->parent;
        if (block->kind == BODY_CELL) {
            block->first_child = block->last_child = NULL;
            return;
        }
        unlink_node(block);
        if (parent->first_child)
            return;
        block = parent;
    }
}

/* A position between the lines of a block. */
struct line_cursor {
    struct body_node *first;  /* of the line that comes next; NULL: none */
    struct body_node *before; /* the last node that stays in front of it; NULL: none */
    bool has_removed;
};

/* Moves behind a line; with is_removed the line and the break behind it are removed. */
static void pass_line(struct body_node *block, struct line_cursor *cursor, bool is_removed)
{
    struct body_node *behind = cursor->first;
    struct body_node *last = NULL;
    while (behind && (!last || last->kind != BODY_BREAK)) {
        last = behind;
        behind = behind->next;
    }
    if (is_removed && cursor->before)
        cursor->before->next = behind;
    else if (is_removed)
        block->first_child = behind;
    else if (last)
        cursor->before = last;
    if (is_removed && !behind)
        block->last_child = cursor->before;
    cursor->has_removed = cursor->has_removed || is_removed;
    cursor->first = behind;
}

/* Removes the break before a removed last line, and a block without words. */
static void end_lines(struct body_node *block, const struct line_cursor *cursor)
{
    if (cursor->has_removed && block->last_child && block->last_child->kind == BODY_BREAK)
        unlink_node(block->last_child);
    if (cursor->has_removed && !block->first_child)
        remove_block(block);
}

/* Whether the node's own words are nothing but an embargo to be removed. */
static bool is_removable(struct intake_reading *reading, const struct body_node *node)
{
    const char *clean = embargo_line_clean(reading->words, reading->arena,
                                           words_of(reading->arena, node), false);
    const struct embargo_phrase *phrase = embargo_phrase_find(
        reading->words, intake_reading_language(reading), reading->arena, clean, NULL);
    return phrase && phrase->alone_in == EMBARGO_IN_LINE && embargo_may_go(reading, phrase);
}

/* Removes bold runs and brackets that hold nothing but an embargo. */
static void remove_runs(struct intake_reading *reading, struct body_node *node, int depth)
{
    struct body_node *next;
    for (struct body_node *child = node->first_child; child && depth < BODY_DEPTH_MAXIMUM;
         child = next) {
        next = child->next;
        bool is_bold = child->kind == BODY_STRONG || child->kind == BODY_EMPHASIS;
        if (is_bold && is_removable(reading, child)) {
            const char *words = words_of(reading->arena, child);
            left_out_as_mark(reading, words, strlen(words));
            unlink_node(child);
            continue;
        }
        if (child->kind == BODY_TEXT && child->text) {
            const char *cut = embargo_cut_bracket(reading, child->text);
            if (cut != child->text) {
                left_out_cut(reading, child->text, cut);
                child->text = cut;
                child->buffer = NULL;
                child->buffer_length = child->buffer_capacity = 0;
            }
        }
        if (!body_kind_is_block(child->kind))
            remove_runs(reading, child, depth + 1);
    }
}

/* Whether all line breaks are direct children of the block; nested ones cannot be cut at. */
static bool has_plain_lines(const struct body_node *block, int lines)
{
    int breaks = 0;
    for (const struct body_node *child = block->first_child; child; child = child->next)
        breaks += child->kind == BODY_BREAK;
    return breaks + 1 == lines && block->kind != BODY_PREFORMATTED;
}

/* ---- searching ---- */

struct search {
    struct intake_reading *reading;
    struct embargo_phrase *first;
    struct embargo_phrase **place;
};

struct found {
    bool line;
    bool run;
};

/* Notes the phrases of a line. can_remove: whether the line itself can be taken out. */
static struct found note_phrases(struct search *search, struct embargo_phrase *phrases,
                                 bool can_remove)
{
    struct found found = { false, false };
    *search->place = phrases;
    for (; phrases; phrases = phrases->next) {
        bool may_go = embargo_may_go(search->reading, phrases) &&
                      (can_remove || phrases->alone_in != EMBARGO_IN_LINE);
        phrases->is_left_out = may_go;
        found.line = found.line || (may_go && phrases->alone_in == EMBARGO_IN_LINE);
        found.run = found.run || (may_go && phrases->alone_in != EMBARGO_IN_LINE);
        search->place = &phrases->next;
    }
    return found;
}

static int count_lines(const char *words)
{
    int lines = 1;
    for (; *words; words++)
        lines += *words == '\n';
    return lines;
}

/* Searches the lines of a block and removes what may go. following: the block below. Returns the
 * number of lines. */
static int search_block(struct search *search, struct body_node *block,
                        const struct body_node *following)
{
    struct intake_reading *reading = search->reading;
    struct arena *arena = reading->arena;
    const char *language = intake_reading_language(reading);
    const char *words = words_of(arena, block);
    int lines = count_lines(words);
    bool has_runs = false;
    bool can_remove = lines == 1 || has_plain_lines(block, lines);
    struct line_cursor cursor = { .first = block->first_child };
    for (int number = 0; number < lines; number++) {
        size_t length = strcspn(words, "\n");
        const char *line = arena_copy_bytes(arena, words, length);
        words += length;
        const char *below = *words ? ++words : following ? words_of(arena, following) : NULL;
        struct found found = note_phrases(
            search,
            embargo_phrase_find(reading->words, language, arena,
                                embargo_line_clean(reading->words, arena, line, false), below),
            can_remove);
        has_runs = has_runs || (found.run && !found.line);
        if (found.line && can_remove)
            left_out_as_mark(reading, line, length);
        if (lines > 1)
            pass_line(block, &cursor, found.line && can_remove);
        else if (found.line)
            remove_block(block);
    }
    end_lines(block, &cursor);
    if (has_runs)
        remove_runs(reading, block, 0);
    return lines;
}

struct embargo_phrase *embargo_body_find(struct intake_reading *reading)
{
    struct search search = { .reading = reading };
    struct blocks blocks = { .count = 0 };
    search.place = &search.first;
    collect(reading->arena, &blocks, reading->release->body, 0);
    size_t at = 0;
    for (int lines = 0; at < blocks.count && lines < FIRST_LINES; at++)
        lines += search_block(&search, blocks.nodes[at],
                              at + 1 < blocks.count ? blocks.nodes[at + 1] : NULL);
    size_t tail = blocks.count > TAIL_BLOCKS ? blocks.count - TAIL_BLOCKS : 0;
    for (at = at < tail ? tail : at; at < blocks.count; at++) {
        struct body_node *next = at + 1 < blocks.count ? blocks.nodes[at + 1] : NULL;
        if (at + LAST_BLOCKS >= blocks.count ||
            (next && embargo_is_section(reading, body_plain_text(reading->arena, next))))
            (void)search_block(&search, blocks.nodes[at], next);
    }
    return search.first;
}

const char *embargo_body_take_title(struct intake_reading *reading)
{
    struct body_node *block = reading->release->body->first_child;
    if (!block || (block->kind != BODY_PARAGRAPH && block->kind != BODY_HEADING))
        return NULL;
    const char *title = body_plain_text(reading->arena, block);
    if (!*title || utf8_length(title) > RELEASE_TITLE_MAXIMUM)
        return NULL;
    unlink_node(block);
    return title;
}
