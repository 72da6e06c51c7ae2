/* SPDX-License-Identifier: MIT */
#include "proofreading/prose.h"

#include "base/array.h"
#include "base/utf8.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <string.h>

static void add(struct arena *arena, struct prose *prose, enum body_kind kind, int level,
                const char *text)
{
    if (!text || !*text)
        return;
    ARRAY_GROW_IN(arena, prose->blocks, prose->count, prose->capacity);
    prose->blocks[prose->count++] = (struct prose_block){ kind, level, text };
}

static bool holds_blocks(const struct body_node *node)
{
    for (const struct body_node *child = node->first_child; child; child = child->next)
        if (body_kind_is_block(child->kind))
            return true;
    return false;
}

static void read_node(struct arena *arena, struct prose *prose, const struct body_node *node)
{
    if (node->kind == BODY_PREFORMATTED)
        return;
    if (node->kind == BODY_HEADING || node->kind == BODY_CELL || node->kind == BODY_CAPTION ||
        (node->first_child && !holds_blocks(node))) {
        add(arena, prose, node->kind, node->level, body_plain_text(arena, node));
        return;
    }
    for (const struct body_node *child = node->first_child; child; child = child->next)
        read_node(arena, prose, child);
}

void prose_read(struct arena *arena, const struct release *release, struct prose *prose)
{
    *prose = (struct prose){ 0 };
    add(arena, prose, BODY_HEADING, 1, release->title);
    if (release->lead && !release_lead_is_first_paragraph(arena, release))
        add(arena, prose, BODY_PARAGRAPH, 0, release->lead);
    if (release->body)
        read_node(arena, prose, release->body);
}

/* Longer words are none; and the bound keeps a look at each word from being one at all that follow.
 */
enum { WORD_BYTES_MAXIMUM = 200 };

size_t prose_word(const char *text)
{
    size_t length = strnlen(text, WORD_BYTES_MAXIMUM);
    size_t end = 0;
    for (size_t next = 0; next < length; end = next) {
        uint32_t c;
        if (!utf8_next(text, length, &next, &c) || !unicode_is_alphanumeric(c))
            break;
    }
    return end;
}

size_t prose_step(const char *text)
{
    size_t next = 1;
    while ((text[next] & 0xC0) == 0x80)
        next++;
    return next;
}
