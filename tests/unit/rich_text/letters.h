/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_RICH_TEXT_LETTERS_H
#define TESTS_UNIT_RICH_TEXT_LETTERS_H

#include "release/body.h"
#include "rich_text/builder.h"
#include "rich_text/rich_text.h"

#include <assert.h>
#include <string.h>

/* Letters in = letters out, as rich_text.h promises it. */

static inline size_t letters_of_body(const struct body_node *node)
{
    size_t letters = node->text ? builder_letters(node->text, strlen(node->text)) : 0;
    for (const struct body_node *child = node->first_child; child; child = child->next)
        letters += letters_of_body(child);
    return letters;
}

static inline size_t letters_out(const struct rich_text *text)
{
    size_t letters = letters_of_body(text->body);
    for (const struct rich_text_finding *finding = text->findings; finding; finding = finding->next)
        letters += finding->letters;
    return letters;
}

static inline void assert_letters_are_kept(const struct rich_text *text)
{
    assert(text->letters == letters_out(text));
}

#endif
