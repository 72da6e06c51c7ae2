/* SPDX-License-Identifier: MIT */
/* The text of a mail whose program made a page of it: read as pages are, without what the mail
 * quotes and what its sender puts below every mail. */
#include "intake/letter.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "intake/layout_parts.h"
#include "intake/reader.h"
#include "mime/mime.h"
#include "release/body.h"
#include "rich_text/rich_text.h"

#include <stdint.h>
#include <string.h>

struct rich_text *letter_page_read(struct intake_reading *reading, const struct mime_letter *letter)
{
    const struct intake_source *source = reading->source;
    const struct mime_leaf *shown = NULL;
    for (const struct mime_leaf *leaf = letter->leaves; leaf; leaf = leaf->next) {
        if (!leaf->text && !leaf->page)
            continue;
        if (shown)
            return NULL;
        shown = leaf;
    }
    if (!shown || !shown->page || !source->rich_text)
        return NULL;
    const struct rich_text *read = source->rich_text->read(
        reading->arena, RICH_TEXT_HTML, source->html, shown->page, strlen(shown->page));
    if (read->fault != RICH_TEXT_FAULT_NONE || !read->blocks)
        return NULL;
    struct rich_text *page = arena_allocate(reading->arena, sizeof *page);
    *page = *read;
    page->fields = NULL; /* of a mail's page nobody writes them */
    page->page_letters = 0;
    return page;
}

/* ---- lines ---- */

/* Lines of a block, and which block each is of. */
struct page_lines {
    struct string_builder words;
    const struct rich_text_block **blocks;
    size_t count;
    size_t capacity;
};

static void end_line(struct page_lines *lines, const struct rich_text_block *block)
{
    string_builder_append_character(&lines->words, '\n');
    if (lines->blocks && lines->count < lines->capacity)
        lines->blocks[lines->count] = block;
    lines->count++;
}

static void add_words(struct page_lines *lines, const struct rich_text_block *block,
                      const struct body_node *node, bool is_quoted)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    layout_append_words(&words, node, false);
    const char *line = words.data;
    for (bool has_more = words.length > 0; has_more;) {
        size_t length = strcspn(line, "\n");
        has_more = line[length] == '\n';
        string_builder_append(&lines->words, is_quoted ? "> " : "");
        string_builder_append_bytes(&lines->words, line, length);
        end_line(lines, block);
        line += length + has_more;
    }
    string_builder_release(&words);
}

static void add_node(struct page_lines *lines, const struct rich_text_block *block,
                     const struct body_node *node, bool is_quoted, int depth)
{
    bool has_blocks = false;
    is_quoted = is_quoted || node->kind == BODY_QUOTE;
    add_words(lines, block, node, is_quoted);
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (body_kind_is_block(child->kind) && depth < BODY_DEPTH_MAXIMUM) {
            add_node(lines, block, child, is_quoted, depth + 1);
            has_blocks = true;
        }
    if (depth == 0 && !has_blocks && !node->first_child)
        end_line(lines, block); /* a rule */
}

static void add_blocks(struct page_lines *lines, const struct rich_text *page)
{
    for (const struct rich_text_block *block = page->blocks; block; block = block->next) {
        add_node(lines, block, block->node, false, 0);
        end_line(lines, NULL);
    }
}

const char *letter_page_lines(struct intake_reading *reading, const struct rich_text *page)
{
    struct page_lines lines = { .blocks = NULL };
    string_builder_init(&lines.words, 0);
    add_blocks(&lines, page);
    const char *text = arena_copy_bytes(reading->arena, lines.words.data, lines.words.length);
    string_builder_release(&lines.words);
    return text;
}

/* ---- what is its sender's own ---- */

enum ownership { OWNERSHIP_NONE, OWNERSHIP_OWN, OWNERSHIP_OTHER, OWNERSHIP_BOTH };

static enum ownership ownership_of(const struct page_lines *lines, const bool *is_own,
                                   const struct rich_text_block *block)
{
    unsigned found = OWNERSHIP_NONE;
    for (size_t i = 0; i < lines->count; i++)
        if (lines->blocks[i] == block)
            found |= is_own[i] ? OWNERSHIP_OWN : OWNERSHIP_OTHER;
    return (enum ownership)found;
}

static bool is_parted(const struct page_lines *lines, const bool *is_own,
                      const struct rich_text *page)
{
    for (const struct rich_text_block *block = page->blocks; block; block = block->next)
        if (ownership_of(lines, is_own, block) == OWNERSHIP_BOTH)
            return true;
    return false;
}

/* Whether what stands below belongs to a signature, as a logo does. */
static bool is_closing(const struct intake_reading *reading, const struct rich_text_block *block)
{
    struct string_builder words;
    string_builder_init(&words, 0);
    layout_append_words(&words, block->node, false);
    const char *line = arena_copy_bytes(reading->arena, words.data, strcspn(words.data, "\n"));
    string_builder_release(&words);
    return letter_is_closing(reading, line);
}

/* A picture without words goes with what stands above it: below the text it is a logo, or quoted.
 */
static void drop_others(struct intake_reading *reading, struct rich_text *page,
                        const struct page_lines *lines, const bool *is_own)
{
    bool has_own = false;
    bool is_closed = false;
    for (struct rich_text_block **link = &page->blocks; *link;) {
        struct rich_text_block *block = *link;
        enum ownership ownership = ownership_of(lines, is_own, block);
        has_own = has_own || ownership == OWNERSHIP_OWN;
        is_closed = is_closed || (ownership == OWNERSHIP_OTHER && has_own) ||
                    is_closing(reading, block);
        if (ownership == OWNERSHIP_OTHER || (ownership == OWNERSHIP_NONE && is_closed)) {
            layout_node_unlink(block->node);
            *link = block->next;
        } else {
            link = &block->next;
        }
    }
}

bool letter_page_keep_own(struct intake_reading *reading, struct rich_text *page)
{
    size_t count = 0;
    const char *text = letter_page_lines(reading, page);
    const bool *is_own = letter_own_lines(reading, text, &count);
    struct page_lines lines = { .capacity = count };
    lines.blocks = arena_allocate_array(reading->arena, count + 1, sizeof *lines.blocks);
    string_builder_init(&lines.words, 0);
    add_blocks(&lines, page);
    string_builder_release(&lines.words);
    if (lines.count + 1 != count || is_parted(&lines, is_own, page))
        return false;
    drop_others(reading, page, &lines, is_own);
    return true;
}

void letter_page_begin(struct intake_reading *reading, struct rich_text *page, const char *words,
                       bool is_title)
{
    struct rich_text_block *block = arena_allocate(reading->arena, sizeof *block);
    struct body_node *body = body_new(reading->arena);
    struct body_node *paragraph = body_append(reading->arena, body, BODY_PARAGRAPH);
    body_append_text(reading->arena, paragraph, words, strlen(words));
    layout_node_adopt_all(body, page->body);
    *block = (struct rich_text_block){ .node = paragraph,
                                       .marks = is_title ? RICH_TEXT_TITLE : 0,
                                       .next = page->blocks };
    page->blocks = block;
    page->body = body;
}

/* ---- files ---- */

struct page_files {
    struct intake_reading *reading;
    const struct mime_letter *letter;
    const char *const *names;
    bool *taken;
};

/* The name that the file has in the release to which a picture's address leads; NULL: none. */
static const char *file_of(struct page_files *files, const char *content_id)
{
    size_t i = 0;
    for (const struct mime_leaf *leaf = files->letter->leaves; leaf; leaf = leaf->next, i++) {
        if (!files->names[i] || !*leaf->content_id || strcmp(leaf->content_id, content_id) != 0)
            continue;
        if (!files->taken[i] && !letter_take_file(files->reading, leaf, files->names[i]))
            return NULL;
        files->taken[i] = true;
        return files->names[i];
    }
    return NULL;
}

static void take_files(struct page_files *files, struct body_node *node, int depth)
{
    struct body_node *next;
    for (struct body_node *child = node->first_child; child; child = next) {
        next = child->next;
        if (depth < BODY_DEPTH_MAXIMUM)
            take_files(files, child, depth + 1);
        if (child->kind == BODY_LINK && child->target && body_target_is_file(child->target))
            child->target = NULL;
        if (child->kind != BODY_IMAGE)
            continue;
        const char *name = child->target ? file_of(files, child->target) : NULL;
        if (name)
            child->target = name;
        else
            layout_node_unlink(child);
    }
}

/* Whether nothing but figures without their pictures is left of the block. */
static bool is_empty(const struct body_node *node)
{
    return node->kind == BODY_FIGURE && !node->first_child;
}

void letter_page_take_files(struct intake_reading *reading, struct rich_text *page,
                            const struct mime_letter *letter, const char *const *names, bool *taken)
{
    struct page_files files = { reading, letter, names, taken };
    take_files(&files, page->body, 0);
    for (struct rich_text_block **link = &page->blocks; *link;) {
        struct rich_text_block *block = *link;
        if (!is_empty(block->node)) {
            link = &block->next;
            continue;
        }
        layout_node_unlink(block->node);
        *link = block->next;
    }
}
