/* SPDX-License-Identifier: MIT */
#include "presentation/presentation.h"

#include "base/arena.h"
#include "locale/locale.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

enum { NAME_MAXIMUM = 60, EXTENSION_MAXIMUM = 8 };

const int picture_widths[PICTURE_SIZES] = { 0, PICTURE_WEB, PICTURE_SMALL };

/* ---- names ---- */

enum picture_format picture_shown(const struct release_asset *asset)
{
    const char *type = asset->shown_type ? asset->shown_type : asset->media_type;
    /* What comes as PNG or GIF is drawn as a rule, and JPEG would blur its lines and letters. */
    bool is_png = type && (strcmp(type, "image/png") == 0 || strcmp(type, "image/gif") == 0);
    return is_png ? PICTURE_PNG : PICTURE_JPEG;
}

/* What stands behind the last dot of a file's name, as it may stand in an address; NULL. */
static const char *extension_of(struct arena *arena, const char *file)
{
    const char *dot = strrchr(file, '.');
    /* A long ending is no extension but part of the words, as in "tal.forste-halvaar". */
    if (!dot || strchr(dot, '/') || !dot[1] || strlen(dot + 1) > EXTENSION_MAXIMUM)
        return NULL;
    char *extension = arena_copy(arena, dot + 1);
    for (char *at = extension; *at; at++) {
        /* By hand and not by tolower(), because an address must not depend on the locale. */
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9')))
            return NULL;
    }
    return extension;
}

/* "a/b.jpg" → "a/b-640.jpg"; a JPEG of "a/b.png" → "a/b_640.jpg": an underscore stands in no other
 * name, so that "a/b.jpg" beside it keeps its own. */
static const char *rendition_path(struct arena *arena, const char *path, enum picture_size size,
                                  bool is_recoded)
{
    const char *dot = strrchr(path, '.');
    int stem = dot ? (int)(dot - path) : (int)strlen(path);
    return arena_format(arena, "%.*s%c%d%s", stem, path, is_recoded ? '_' : '-',
                        picture_widths[size],
                        is_recoded ? ".jpg"
                        : dot      ? dot
                                   : "");
}

/* Whether it ends as a rendition's does: NAME-640, NAME-1200. */
static bool is_rendition(struct arena *arena, const char *stem)
{
    size_t length = strlen(stem);
    for (enum picture_size size = PICTURE_SIZE_WEB; size < PICTURE_SIZES; size++) {
        const char *end = rendition_path(arena, "", size, false);
        size_t end_length = strlen(end);
        if (length >= end_length && strcmp(stem + length - end_length, end) == 0)
            return true;
    }
    return false;
}

/* Whether another picture or document has the name, or could get it as one of a picture's
 * renditions. */
static bool name_is_known(const struct presentation *shown, const char *name, const char *stem)
{
    if (is_rendition(shown->arena, stem))
        return true;
    for (size_t i = 0; i < shown->file_count; i++)
        if (strcmp(shown->files[i].full.path + strlen(shown->folder), name) == 0)
            return true;
    return false;
}

static void file_add(struct presentation *shown, const struct release_asset *asset,
                     bool (*is_taken)(const char *name))
{
    struct arena *arena = shown->arena;
    const char *slash = strrchr(asset->file, '/');
    const char *base = slash ? slash + 1 : asset->file;
    const char *dot = strrchr(base, '.');
    bool is_picture = asset->kind == RELEASE_IMAGE;
    const char *words = arena_copy_bytes(arena, base, dot ? (size_t)(dot - base) : strlen(base));
    /* Named after the file as the press officer called it, so that what a journalist downloads can
     * be told apart from the others. */
    const char *slug = locale_slug(shown->settings->locale, arena, words, shown->language,
                                   NAME_MAXIMUM, is_picture ? "picture" : "document");
    const char *extension = !is_picture                           ? extension_of(arena, base)
                            : picture_shown(asset) == PICTURE_PNG ? "png"
                                                                  : "jpg";
    if (!extension)
        extension = "bin";
    const char *stem = slug;
    const char *name = arena_format(arena, "%s.%s", stem, extension);
    /* In the order of the release's files, so that the same release gives the same names in every
     * run and in the mails. */
    for (int i = 2; is_taken(name) || name_is_known(shown, name, stem); i++) {
        stem = arena_format(arena, "%s-%d", slug, i);
        name = arena_format(arena, "%s.%s", stem, extension);
    }
    const char *path = arena_format(arena, "%s%s", shown->folder, name);
    const char *media_type = is_picture ? picture_media_type(picture_shown(asset))
                                        : asset->media_type;
    const struct presentation_rendition whole = {
        .path = path,
        .url = presentation_url(shown->settings, arena, path),
        .media_type = media_type ? media_type : "application/octet-stream",
        .size_bytes = asset->size_bytes,
    };
    shown->files[shown->file_count++] = (struct presentation_file){
        .asset = asset,
        .is_picture = is_picture,
        .is_in_text = is_picture && body_has_image(shown->release->body, asset->file),
        .full = whole,
        .web = whole,
        .small = whole,
    };
}

void presentation_name_files(struct presentation *shown, bool (*is_taken)(const char *name))
{
    const struct release_asset *first = shown->release->assets;
    size_t count = 0;
    for (const struct release_asset *asset = first; asset; asset = asset->next)
        count++;
    shown->files = arena_allocate_array(shown->arena, count, sizeof *shown->files);
    shown->file_count = 0;
    for (const struct release_asset *asset = first; asset; asset = asset->next)
        file_add(shown, asset, is_taken);
}

/* ---- sizes ---- */

void presentation_measure(const struct presentation *shown, struct presentation_file *file,
                          const struct picture_rendition *renditions)
{
    struct presentation_rendition *const sizes[PICTURE_SIZES] = { &file->full, &file->web,
                                                                  &file->small };
    for (enum picture_size size = 0; size < PICTURE_SIZES; size++) {
        const struct picture_rendition *made = &renditions[size];
        struct presentation_rendition *own = sizes[size];
        /* Every size has a path, so that writers need not ask which were made. */
        *own = *sizes[size ? size - 1 : size];
        if (size && !made->width)
            continue;
        if (size) {
            own->path = rendition_path(shown->arena, file->full.path, size, made->is_recoded);
            own->url = presentation_url(shown->settings, shown->arena, own->path);
        }
        own->media_type = made->is_recoded ? picture_media_type(PICTURE_JPEG)
                                           : file->full.media_type;
        own->width = made->width;
        own->height = made->height;
        own->size_bytes = made->size_bytes;
    }
}

const struct presentation_file *presentation_find_file(const struct presentation *shown,
                                                       const char *name)
{
    for (size_t i = 0; i < shown->file_count; i++)
        if (strcmp(shown->files[i].asset->file, name) == 0)
            /* NULL for a picture that cannot be read, so that every writer leaves it out as if the
             * release did not name it. */
            return shown->files[i].is_unreadable ? NULL : &shown->files[i];
    return NULL;
}

const struct presentation_file *presentation_first_picture(const struct presentation *shown)
{
    for (size_t i = 0; i < shown->file_count; i++)
        if (shown->files[i].is_picture && !shown->files[i].is_unreadable)
            return &shown->files[i];
    return NULL;
}

bool presentation_is_shown_smaller(const struct presentation_file *file)
{
    /* A size without a file of its own has the path of the next larger one. */
    return !file->is_unreadable && strcmp(file->web.path, file->full.path) != 0;
}

const char *presentation_srcset(const struct presentation_file *file, struct arena *arena)
{
    /* One candidate alone is no choice: the src says it already. */
    if (file->small.width >= file->web.width)
        return NULL;
    return arena_format(arena, "%s %dw, %s %dw", file->small.url, file->small.width, file->web.url,
                        file->web.width);
}
