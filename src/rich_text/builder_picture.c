/* SPDX-License-Identifier: MIT */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "base/array.h"
#include "picture/picture.h"

#include <string.h>
#include <strings.h>

enum { PICTURES_MAXIMUM = 500 };

static const char *ending_of(enum picture_format format)
{
    static const char *const endings[PICTURE_FORMATS] = {
        [PICTURE_JPEG] = "jpg",  [PICTURE_PNG] = "png",   [PICTURE_GIF] = "gif",
        [PICTURE_WEBP] = "webp", [PICTURE_TIFF] = "tiff", [PICTURE_HEIC] = "heic",
        [PICTURE_AVIF] = "avif",
    };
    return endings[format];
}

/* ---- meeting them ---- */

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
    static const struct builder_paragraph plain;
    struct builder_context *context = builder->context;
    if (++builder->image_count > IMAGES_MAXIMUM)
        builder_fail(builder, "pictures");
    if (builder->is_too_large)
        return NULL;
    if (!context->is_open)
        builder_begin_paragraph(builder, &plain);
    return builder_add_piece(builder, PIECE_IMAGE);
}

static void leave_out(struct builder *builder, const char *file, const char *alternative)
{
    builder_finding(builder, RICH_TEXT_UNREADABLE, file);
    builder_finding_letters(builder, RICH_TEXT_UNREADABLE, alternative, strlen(alternative));
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

/* ---- writing them ---- */

void builder_write_image(struct builder *builder, struct body_node *parent,
                         const struct piece *piece)
{
    struct body_node *node = builder_node(builder, parent, BODY_IMAGE);
    node->text = piece->alternative;
    node->target = piece->file; /* of a picture, once it has its name */
    if (!piece->picture)
        return;
    struct builder_image *image = arena_allocate(builder->arena, sizeof *image);
    image->node = node;
    image->picture = piece->picture;
    image->next = builder->images;
    builder->images = image;
}

void builder_set_caption(struct builder *builder, const struct body_node *figure,
                         const struct body_node *caption)
{
    const struct builder_image *image = builder->images;
    while (image && image->node != figure->first_child)
        image = image->next;
    if (image && !image->picture->caption)
        image->picture->caption = body_plain_text(builder->arena, caption);
}

/* ---- naming them ---- */

static bool is_taken(const struct builder *builder, const char *name)
{
    for (size_t i = 0; i < builder->file_count; i++)
        if (strcasecmp(builder->files[i], name) == 0)
            return true;
    return false;
}

struct naming {
    struct builder *builder;
    struct rich_text_picture **end;
    int number;
};

static void name_picture(struct naming *naming, struct rich_text_picture *picture)
{
    const char *ending = ending_of(picture_format_of(picture->bytes, picture->length));
    do
        picture->name = arena_format(naming->builder->arena, "picture-%d.%s", ++naming->number,
                                     ending);
    while (is_taken(naming->builder, picture->name));
    picture->next = NULL;
    *naming->end = picture;
    naming->end = &picture->next;
}

static void name_below(struct naming *naming, struct body_node *node)
{
    if (node->kind == BODY_IMAGE && !node->target) {
        const struct builder_image *image = naming->builder->images;
        while (image && image->node != node)
            image = image->next;
        if (image && !image->picture->name)
            name_picture(naming, image->picture);
        node->target = image ? image->picture->name : "";
    }
    for (struct body_node *child = node->first_child; child; child = child->next)
        name_below(naming, child);
}

void builder_name_pictures(struct builder *builder)
{
    struct naming naming = { .builder = builder, .end = &builder->text->pictures };
    name_below(&naming, builder->text->body);
}
