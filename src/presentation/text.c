/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "base/arena.h"
#include "locale/locale.h"
#include "release/body.h"

/* What the writers of a body ask for while they write. */
struct writing {
    const struct presentation *shown;
    const struct presentation_form *form;
    const char *language;
    struct arena arena;
};

static const char *file_address(void *payload, const char *name)
{
    const struct writing *writing = payload;
    const struct presentation_file *file = presentation_find_file(writing->shown, name);
    return file ? file->web.url : NULL;
}

static bool image_size(void *payload, const char *name, int *width, int *height)
{
    const struct writing *writing = payload;
    const struct presentation_file *file = presentation_find_file(writing->shown, name);
    if (!file || !file->web.width)
        return false;
    *width = file->web.width;
    *height = file->web.height;
    return true;
}

static const char *image_srcset(void *payload, const char *name)
{
    struct writing *writing = payload;
    const struct presentation_file *file = presentation_find_file(writing->shown, name);
    return file ? presentation_srcset(file, &writing->arena) : NULL;
}

static void image_words(void *payload, const char *name, struct body_image_words *words)
{
    struct writing *writing = payload;
    const struct presentation_file *file = presentation_find_file(writing->shown, name);
    if (!file)
        return;
    presentation_picture_words(writing->shown->settings, &writing->arena, file, writing->language,
                               words);
    /* Feeds and mails offer a picture for download only where that is more than they show; a text
     * file has all addresses below. */
    if (writing->form->medium == PRESENTATION_TEXT ||
        (words->is_original && writing->form->medium != PRESENTATION_PAGE))
        words->original_address = NULL;
}

static const char *translate(void *payload, const char *key)
{
    const struct writing *writing = payload;
    const struct strings *strings = writing->shown->settings->strings;
    /* A string that is not there would come as its key, which nobody may read. */
    return strings_has(strings, writing->language, key)
               ? strings_get(strings, writing->language, key)
               : NULL;
}

void presentation_write(const struct presentation *shown, const struct presentation_form *form,
                        const struct body_node *tree, struct string_builder *text)
{
    bool is_page = form->medium == PRESENTATION_PAGE;
    struct writing writing = { .shown = shown,
                               .form = form,
                               .language = form->language ? form->language : shown->language };
    const struct body_writer_options options = {
        .file_address = file_address,
        .image_size = image_size,
        .image_words = image_words,
        .image_srcset = is_page ? image_srcset : NULL,
        .image_sizes = PRESENTATION_PICTURE_SIZES,
        .payload = &writing,
        .page_address = form->medium == PRESENTATION_MAIL ? NULL : shown->url,
        /* Several entries stand in one document of a feed reader, where the same id would come
         * twice. */
        .has_anchors = is_page,
        .skip_first_paragraph = form->skip_first_paragraph,
        .is_mail = form->medium == PRESENTATION_MAIL,
        .translate = translate,
    };
    if (form->width)
        body_write_text(text, tree, &options, form->width);
    else
        body_write_html(text, tree, &options);
    arena_release(&writing.arena);
}
