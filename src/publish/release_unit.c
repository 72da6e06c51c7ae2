/* SPDX-License-Identifier: MIT */
#include "publish/release_unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "database/database.h"
#include "publish/event.h"
#include "publish/output.h"
#include "publish/page.h"
#include "publish/picture.h"
#include "publish/site.h"
#include "publish/view.h"
#include "release/asset_path.h"
#include "release/release.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* ---- sizes ---- */

struct picture_size {
    struct hash hash;
    int width;
    int height;
    int64_t size_bytes;
    struct picture_size *next;
};

struct picture_sizes {
    struct arena *arena;
    struct database *database;
    struct picture_size *fresh;
};

struct picture_sizes *picture_sizes_new(struct arena *arena, struct database *database)
{
    struct picture_sizes *sizes = arena_allocate(arena, sizeof *sizes);
    sizes->arena = arena;
    sizes->database = database;
    return sizes;
}

static void size_add(struct picture_sizes *sizes, const struct hash *hash, int width, int height,
                     int64_t size_bytes)
{
    struct picture_size *size = arena_allocate(sizes->arena, sizeof *size);
    *size = (struct picture_size){ *hash, width, height, size_bytes, sizes->fresh };
    sizes->fresh = size;
}

bool picture_sizes_find(const struct picture_sizes *sizes, struct arena *arena,
                        struct view_asset *asset, bool *failed, struct error *error)
{
    *failed = false;
    for (const struct picture_size *size = sizes->fresh; size; size = size->next) {
        if (!hash_equal(&size->hash, &asset->asset->hash))
            continue;
        picture_measure(arena, asset, size->width, size->height, size->size_bytes);
        return true;
    }
    bool found = false;
    struct statement *statement = database_prepare(
        sizes->database,
        "SELECT width, height, size_bytes FROM publish_picture"
        " WHERE hash = $1 AND recipe = $2",
        error);
    statement_bind_bytes(statement, 1, asset->asset->hash.bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, PICTURE_RECIPE);
    *failed = !statement_find(statement, &found, error);
    if (found)
        picture_measure(arena, asset, (int)statement_integer(statement, 0),
                        (int)statement_integer(statement, 1), statement_integer(statement, 2));
    statement_reset(statement);
    return found;
}

bool picture_sizes_store(const struct picture_sizes *sizes, struct error *error)
{
    for (const struct picture_size *size = sizes->fresh; size; size = size->next) {
        struct statement *statement = database_prepare(
            sizes->database,
            "INSERT INTO publish_picture (hash, width, height, size_bytes, recipe)"
            " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO UPDATE SET width = excluded.width,"
            " height = excluded.height, size_bytes = excluded.size_bytes,"
            " recipe = excluded.recipe",
            error);
        statement_bind_bytes(statement, 1, size->hash.bytes, HASH_SIZE);
        statement_bind_integer(statement, 2, size->width);
        statement_bind_integer(statement, 3, size->height);
        statement_bind_integer(statement, 4, size->size_bytes);
        statement_bind_integer(statement, 5, PICTURE_RECIPE);
        if (!statement_run(statement, error))
            return false;
    }
    return true;
}

/* ---- assets ---- */

static const char *asset_source(const struct site *site, struct arena *arena,
                                const struct release_asset *asset)
{
    return arena_format(arena, "%s/%s", site->settings->state_path,
                        release_asset_path(arena, &asset->hash));
}

static bool document_write(const struct site *site, struct output *output, struct arena *arena,
                           const struct view_asset *asset, struct error *error)
{
    if (output_has(output, asset->path, &asset->asset->hash))
        return true;
    const char *source = asset_source(site, arena, asset->asset);
    int descriptor = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0)
        return error_set_errno(error, ERROR_INPUT, errno, "%s: its copy %s", asset->asset->file,
                               source);
    bool done = output_put_copy(output, asset->path, &asset->asset->hash, descriptor, error);
    (void)close(descriptor);
    return done;
}

/* width 0 is full size. */
static const char *rendition_path(const struct view_asset *asset, int width)
{
    if (width == PICTURE_SMALL)
        return asset->small.path;
    return width == PICTURE_WEB ? asset->web.path : asset->path;
}

/* Makes the picture in one width and hands it over; full size also tells how large it is. */
static bool rendition_write(struct output *output, const struct text *source,
                            const struct view_asset *asset, int width, struct picture_image *image,
                            struct error *error)
{
    const char *path = rendition_path(asset, width);
    const char *dot = strrchr(path, '.');
    struct hash hash;
    picture_rendition_hash(&asset->asset->hash, width, &hash);
    return picture_make(source->data, source->length, width, dot ? dot + 1 : "", image, error) &&
           output_put_binary(output, path, &hash, image->bytes, image->length, error);
}

static bool rendition_has(struct output *output, const struct view_asset *asset, int width)
{
    struct hash hash;
    const char *path = rendition_path(asset, width);
    picture_rendition_hash(&asset->asset->hash, width, &hash);
    return output_has(output, path, &hash);
}

static bool picture_write(struct output *output, const struct text *source,
                          struct picture_sizes *sizes, struct arena *arena,
                          struct view_asset *asset, struct error *error)
{
    struct picture_image full = { 0 };
    struct picture_image web = { 0 };
    struct picture_image small = { 0 };
    bool done = rendition_write(output, source, asset, 0, &full, error);
    if (done) {
        picture_measure(arena, asset, full.width, full.height, (int64_t)full.length);
        size_add(sizes, &asset->asset->hash, full.width, full.height, (int64_t)full.length);
    }
    if (done && asset->web.path != asset->full.path)
        done = rendition_write(output, source, asset, PICTURE_WEB, &web, error);
    if (done && asset->small.path != asset->web.path)
        done = rendition_write(output, source, asset, PICTURE_SMALL, &small, error);
    picture_image_release(&full);
    picture_image_release(&web);
    picture_image_release(&small);
    return done;
}

/* Whether all of a picture's renditions stand already. */
static bool picture_stands(struct output *output, const struct view_asset *asset)
{
    return rendition_has(output, asset, 0) &&
           (asset->web.path == asset->full.path || rendition_has(output, asset, PICTURE_WEB)) &&
           (asset->small.path == asset->web.path || rendition_has(output, asset, PICTURE_SMALL));
}

/* A picture that is none keeps no news from being published. */
static bool picture_publish(const struct site *site, struct output *output,
                            struct picture_sizes *sizes, struct arena *arena,
                            struct view_asset *asset, struct error *error)
{
    bool failed = false;
    if (picture_sizes_find(sizes, arena, asset, &failed, error) && picture_stands(output, asset))
        return true;
    if (failed)
        return false;
    struct text source;
    struct error reason = { .kind = ERROR_NONE };
    text_init(&source, PICTURE_BYTES_MAXIMUM);
    bool done = file_read(AT_FDCWD, asset_source(site, arena, asset->asset), &source, &reason) &&
                picture_write(output, &source, sizes, arena, asset, &reason);
    text_release(&source);
    if (done)
        return true;
    if (reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    asset->is_unreadable = true;
    log_line(LOG_WARNING, "%s: %s; published without it", asset->asset->file, reason.message);
    return true;
}

static bool assets_write(const struct site *site, struct output *output,
                         struct picture_sizes *sizes, struct arena *arena, struct view *view,
                         struct error *error)
{
    for (size_t i = 0; i < view->asset_count; i++) {
        struct view_asset *asset = &view->assets[i];
        bool done = asset->asset->kind == RELEASE_IMAGE
                        ? picture_publish(site, output, sizes, arena, asset, error)
                        : document_write(site, output, arena, asset, error);
        if (!done)
            return false;
    }
    return true;
}

/* ---- the unit ---- */

const char *release_unit_owner(struct arena *arena, int64_t number)
{
    return arena_format(arena, "release:%lld", (long long)number);
}

static bool texts_write(struct site *site, struct output *output, struct arena *arena,
                        const struct view *view, struct error *error)
{
    struct text text;
    text_init(&text, 0);
    bool done = page_write_release(site, arena, view, &text, error) &&
                output_put_text(output, arena_format(arena, "%sindex.html", view->folder),
                                OUTPUT_PAGE, text.data, text.length, error);
    text_clear(&text);
    done = done && page_write_release_data(site, arena, view, &text, error) &&
           output_put_text(output, arena_format(arena, "%srelease.json", view->folder), OUTPUT_PAGE,
                           text.data, text.length, error);
    if (done && !view->is_withdrawn && view->release->event) {
        text_clear(&text);
        event_write_calendar(site, view, &text);
        done = output_put_text(output, arena_format(arena, "%sevent.ics", view->folder),
                               OUTPUT_PAGE, text.data, text.length, error);
    }
    text_release(&text);
    return done;
}

bool release_unit_write(struct site *site, struct output *output, struct picture_sizes *sizes,
                        struct arena *arena, struct view *view, struct error *error)
{
    if (!output_begin_folder(output, release_unit_owner(arena, view->number), view->folder, error))
        return false;
    if (!view->is_withdrawn)
        view_name_assets(view, arena, site->settings);
    if (!assets_write(site, output, sizes, arena, view, error) ||
        !texts_write(site, output, arena, view, error)) {
        output_cancel(output);
        return error_prefix(error, "release %s", view->id);
    }
    output_end(output);
    return true;
}
