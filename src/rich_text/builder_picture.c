/* SPDX-License-Identifier: MIT */
#include "rich_text/builder_parts.h"

#include "base/arena.h"
#include "picture/picture.h"

#include <string.h>
#include <strings.h>

static const char *ending_of(enum picture_format format)
{
    static const char *const endings[PICTURE_FORMATS] = {
        [PICTURE_JPEG] = "jpg",  [PICTURE_PNG] = "png",   [PICTURE_GIF] = "gif",
        [PICTURE_WEBP] = "webp", [PICTURE_TIFF] = "tiff", [PICTURE_HEIC] = "heic",
        [PICTURE_AVIF] = "avif",
    };
    return endings[format];
}

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
