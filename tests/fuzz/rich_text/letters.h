/* SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_RICH_TEXT_LETTERS_H
#define TESTS_FUZZ_RICH_TEXT_LETTERS_H

#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "release/body.h"
#include "rich_text/builder.h"

/* What holds of every rich text, whatever file it was read from. */

static inline size_t letters_of_string(const char *string)
{
    assert(utf8_is_valid(string, strlen(string)));
    return builder_letters(string, strlen(string));
}

/* Of words and alternative texts; the tree is one that writers take. */
static inline size_t letters_of_body(const struct body_node *node, int depth)
{
    size_t letters = 0;
    assert(depth < BODY_DEPTH_MAXIMUM);
    if (node->text)
        letters += letters_of_string(node->text);
    if (node->kind == BODY_LINK)
        assert(body_target_is_allowed(node->target));
    if (node->kind == BODY_IMAGE)
        assert(body_target_is_file(node->target));
    if (node->kind != BODY_DOCUMENT && node->kind != BODY_CELL && node->kind != BODY_IMAGE &&
        node->kind != BODY_RULE && node->kind != BODY_BREAK)
        assert(node->first_child || (node->text && *node->text));
    for (const struct body_node *child = node->first_child; child; child = child->next) {
        assert(child->parent == node);
        assert(body_may_contain(node->kind, child->kind));
        assert(child->next || child == node->last_child);
        letters += letters_of_body(child, depth + 1);
    }
    return letters;
}

static inline size_t letters_in_findings(const struct rich_text *text)
{
    size_t letters = 0;
    for (const struct rich_text_finding *finding = text->findings; finding;
         finding = finding->next) {
        (void)letters_of_string(finding->words);
        assert(!strchr(finding->words, '\n'));
        letters += finding->letters;
    }
    return letters;
}

/* Each letter is in the body or told; blocks, pictures and fields are what they are said to be. */
static inline void letters_check(const struct rich_text *text)
{
    assert(text->detail && text->body);
    if (text->fault) {
        assert(!text->blocks && !text->fields && !text->pictures && !text->findings);
        return;
    }
    assert(letters_of_body(text->body, 0) + letters_in_findings(text) == text->letters);
    const struct rich_text_block *block = text->blocks;
    for (const struct body_node *node = text->body->first_child; node; node = node->next) {
        assert(block && block->node == node && node->kind != BODY_HEADING);
        assert(block->outline >= 0 && block->outline <= 9);
        block = block->next;
    }
    assert(!block);
    for (const struct rich_text_picture *picture = text->pictures; picture;
         picture = picture->next) {
        assert(body_target_is_file(picture->name) && picture->length && picture->alternative);
        for (const struct rich_text_picture *other = picture->next; other; other = other->next)
            assert(strcmp(other->name, picture->name) != 0);
    }
    for (const struct rich_text_field *field = text->fields; field; field = field->next)
        assert(*field->value && !strchr(field->value, '\n') &&
               letters_of_string(field->value) < 5000);
}

#endif
