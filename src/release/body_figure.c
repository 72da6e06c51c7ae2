/* SPDX-License-Identifier: MIT */
#include "release/body_figure.h"

#include "base/arena.h"
#include "release/body.h"

#include <string.h>

const struct body_node *body_figure_caption(const struct body_node *figure)
{
    for (const struct body_node *child = figure->first_child; child; child = child->next)
        if (child->kind == BODY_CAPTION && child->first_child)
            return child;
    return NULL;
}

void body_image_describe(const struct body_writer_options *options, const struct body_node *image,
                         const struct body_node *own, struct body_image_words *words)
{
    *words = (struct body_image_words){ .caption = NULL };
    if (!options->image_words || !body_target_is_file(image->target))
        return;
    options->image_words(options->payload, image->target, words);
    if (own && words->caption) {
        struct arena arena = { 0 };
        if (strcmp(body_plain_text(&arena, own), words->caption) == 0)
            words->caption = NULL;
        arena_release(&arena);
    }
}

/* parent: what the writers would put the children into, which is not the node itself where that is
 * unwrapped. */
static bool has_image(const struct body_node *node, enum body_kind parent, const char *file)
{
    for (const struct body_node *child = node->first_child; child; child = child->next) {
        bool is_written = body_may_contain(parent, child->kind);
        if (is_written && child->kind == BODY_IMAGE && child->target &&
            strcmp(child->target, file) == 0)
            return true;
        if (has_image(child, is_written ? child->kind : parent, file))
            return true;
    }
    return false;
}

bool body_has_image(const struct body_node *document, const char *file)
{
    return document && has_image(document, document->kind, file);
}
