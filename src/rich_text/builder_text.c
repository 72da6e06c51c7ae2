/* SPDX-License-Identifier: MIT */
/* What readers meet in a paragraph. */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "picture/picture.h"

#include <string.h>

enum { PICTURES_MAXIMUM = 500 };

static void begin_where_none_is(struct builder *builder)
{
    static const struct builder_paragraph plain;
    if (!builder->context->is_open)
        builder_begin_paragraph(builder, &plain);
}

static bool is_white(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r\n\f", bytes[i]) || !bytes[i])
            return false;
    return true;
}

void builder_text(struct builder *builder, const char *bytes, size_t length, unsigned style)
{
    if (builder->is_too_large || !length)
        return;
    if (!builder->context->is_open && is_white(bytes, length))
        return;
    begin_where_none_is(builder);
    builder_append_words(builder, bytes, length, style);
}

void builder_break(struct builder *builder)
{
    if (builder->is_too_large || !builder->context->is_open)
        return;
    if (builder->context->paragraph.is_preformatted) {
        builder_append_words(builder, "\n", 1, 0);
        return;
    }
    builder->context->gap = false;
    builder_trim(builder->context);
    (void)builder_add_piece(builder, PIECE_BREAK);
}

void builder_tab(struct builder *builder)
{
    if (builder->is_too_large || !builder->context->is_open)
        return;
    if (builder->context->paragraph.is_preformatted)
        builder_append_words(builder, "\t", 1, 0);
    else
        builder->context->gap = true;
}

void builder_begin_link(struct builder *builder, const char *address)
{
    struct builder_context *context = builder->context;
    if (builder->is_too_large || context->link_depth++ > 0 || !address)
        return;
    struct builder_link *link = arena_allocate(builder->arena, sizeof *link);
    if (address[0] == '#' && address[1])
        link->anchor = arena_copy(builder->arena, address + 1);
    else if (body_target_is_allowed(address))
        link->target = arena_copy(builder->arena, address);
    if (link->anchor || link->target)
        context->link = link;
}

void builder_end_link(struct builder *builder)
{
    struct builder_context *context = builder->context;
    if (context->link_depth > 0 && --context->link_depth == 0)
        context->link = NULL;
}

void builder_anchor(struct builder *builder, const char *name)
{
    if (!name || !*name || builder->is_too_large || builder->anchor_count >= ANCHORS_MAXIMUM)
        return;
    builder->anchor_count++;
    struct builder_anchor_place *place = arena_allocate(builder->arena, sizeof *place);
    place->name = arena_copy(builder->arena, name);
    place->next = builder->anchors;
    builder->anchors = place;
    builder->has_waiting_anchor = true;
}

/* ---- pictures ---- */

static void leave_out(struct builder *builder, const char *file, const char *alternative)
{
    builder_finding(builder, RICH_TEXT_UNREADABLE, file);
    builder_finding_letters(builder, RICH_TEXT_UNREADABLE, alternative, strlen(alternative));
}

/* One of those bytes that was met before. */
static struct rich_text_picture *find(const struct builder *builder, const char *bytes,
                                      size_t length)
{
    struct rich_text_picture *picture = builder->pictures;
    while (picture && (picture->length != length ||
                       (picture->bytes != bytes && memcmp(picture->bytes, bytes, length) != 0)))
        picture = picture->next;
    return picture;
}

static struct rich_text_picture *picture_of(struct builder *builder, const char *bytes,
                                            size_t length, const char *alternative)
{
    struct rich_text_picture *picture = find(builder, bytes, length);
    if (!picture) {
        if (length > RICH_TEXT_PICTURES_MAXIMUM - builder->picture_bytes ||
            builder->picture_count >= PICTURES_MAXIMUM) {
            builder_fail(builder, "pictures");
            return NULL;
        }
        builder->picture_bytes += length;
        builder->picture_count++;
        picture = arena_allocate(builder->arena, sizeof *picture);
        *picture = (struct rich_text_picture){
            .bytes = bytes, .length = length, .alternative = alternative, .next = builder->pictures
        };
        builder->pictures = picture;
    } else if (!*picture->alternative)
        picture->alternative = alternative;
    return picture;
}

static struct piece *add_image(struct builder *builder)
{
    if (++builder->image_count > IMAGES_MAXIMUM)
        builder_fail(builder, "pictures");
    if (builder->is_too_large)
        return NULL;
    begin_where_none_is(builder);
    return builder_add_piece(builder, PIECE_IMAGE);
}

void builder_picture(struct builder *builder, const char *bytes, size_t length, const char *file,
                     const char *alternative)
{
    const char *words = alternative ? alternative : "";
    enum picture_format format = length ? picture_format_of(bytes, length) : PICTURE_UNKNOWN;
    if (builder->is_too_large)
        return;
    if (format == PICTURE_UNKNOWN) {
        leave_out(builder, file, words);
        return;
    }
    words = builder_line(builder, words, strlen(words));
    struct rich_text_picture *picture = picture_of(builder, bytes, length, words);
    struct piece *piece = picture ? add_image(builder) : NULL;
    if (!piece)
        return;
    piece->picture = picture;
    piece->alternative = words;
}

void builder_picture_file(struct builder *builder, const char *file, const char *alternative)
{
    const char *words = alternative ? alternative : "";
    if (builder->is_too_large)
        return;
    if (!body_target_is_file(file)) {
        leave_out(builder, file, words);
        return;
    }
    struct piece *piece = add_image(builder);
    if (!piece)
        return;
    piece->file = arena_copy(builder->arena, file);
    piece->alternative = builder_line(builder, words, strlen(words));
    ARRAY_GROW_IN(builder->arena, builder->files, builder->file_count, builder->file_capacity);
    builder->files[builder->file_count++] = piece->file;
}
