/* SPDX-License-Identifier: MIT */
#include "picture/gif_blocks.h"

enum {
    SCREEN_FLAGS = 10,
    SCREEN_SIZE = 13,
    IMAGE_FLAGS = 9,
    IMAGE_SIZE = 10,
    BLOCK_IMAGE = 0x2C,
    BLOCK_EXTENSION = 0x21,
    BLOCK_TRAILER = 0x3B
};

struct gif_block {
    uint8_t kind;
    struct span data; /* sub-blocks with their lengths, the last empty one too */
};

static size_t colour_table_size(uint8_t flags)
{
    return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Moves *at behind counted sub-blocks and the empty one that ends them. */
static bool pass_sub_blocks(struct span file, size_t *at)
{
    while (*at < file.length) {
        size_t length = file.bytes[*at];
        *at += 1 + length;
        if (length == 0)
            return true;
    }
    return false;
}

/* The block at *at, which moves behind it; begin with *at = 0, which passes the screen's header.
 * False where the file ends first. */
static bool next_block(struct span file, size_t *at, struct gif_block *block)
{
    if (*at == 0)
        *at = SCREEN_SIZE + colour_table_size(span_byte(file, SCREEN_FLAGS));
    if (*at >= file.length)
        return false;
    block->kind = file.bytes[*at];
    size_t start = *at;
    if (block->kind == BLOCK_IMAGE)
        start += IMAGE_SIZE + colour_table_size(span_byte(file, start + IMAGE_FLAGS)) + 1;
    else if (block->kind == BLOCK_EXTENSION)
        start += 2;
    else
        return true;
    *at = start;
    if (!pass_sub_blocks(file, at))
        return false;
    block->data = span_part(file, start, *at - start);
    return true;
}

enum picture_trouble gif_structure(struct span file, size_t *frames)
{
    struct gif_block block = { 0 };
    *frames = 0;
    if (!span_is_at(file, 0, "GIF8", 4))
        return PICTURE_NONE;
    for (size_t at = 0; next_block(file, &at, &block);) {
        if (block.kind == BLOCK_TRAILER)
            return *frames ? PICTURE_GOOD : PICTURE_DAMAGED;
        if (block.kind == BLOCK_IMAGE)
            ++*frames;
        else if (block.kind != BLOCK_EXTENSION)
            return PICTURE_DAMAGED;
    }
    return PICTURE_CUT;
}

void gif_parts(struct span file, struct picture_parts *parts)
{
    /* XMP stands there as it is, not in sub-blocks; 256 bytes behind it lead those who read it as
     * sub-blocks to their end, wherever they come from. */
    static const char name[] = "\x0BXMP DataXMP";

    enum { NAME_SIZE = sizeof name - 1, GUIDE_SIZE = 258 };

    struct gif_block block = { 0 };
    for (size_t at = 0; next_block(file, &at, &block);) {
        if (block.kind != BLOCK_EXTENSION && block.kind != BLOCK_IMAGE)
            return;
        if (block.kind == BLOCK_EXTENSION && span_is_at(block.data, 0, name, NAME_SIZE) &&
            block.data.length > NAME_SIZE + GUIDE_SIZE)
            parts->xmp = span_part(block.data, NAME_SIZE,
                                   block.data.length - NAME_SIZE - GUIDE_SIZE);
    }
}
